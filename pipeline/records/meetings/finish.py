"""What a record takes over from the visit or the day that it belongs to, and its final kind."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from pipeline.edtf import parse
from pipeline.records.meetings.frame import Frame
from pipeline.records.meetings.lexicon import LEADER, MINISTER, Lexicon
from pipeline.records.meetings.same import intervals_apart
from pipeline.records.meetings.scene import Scene
from pipeline.records.meetings.sides import kind_by_rank
from pipeline.records.meetings.where import PlaceReader
from pipeline.records.report import Report, Support

_BOTH = 2
_NEAR = 2
_THREE = 3
_SIGNED_AT = frozenset({"ceremony", "bilateral_meeting", "ministerial", "summit"})
# A document about more visits than this is a chronicle; its meetings keep their own dates.
_VISITS = 25
_ALONE = frozenset({"conference", "exhibition", "seminar", "summit", "ministerial"})
_MANY_SIDED = frozenset({"conference", "summit", "ministerial"})


class Finisher:
    """Turns merged frames into reports."""

    def __init__(self, lexicon: Lexicon, places: PlaceReader) -> None:
        self._words = lexicon
        self._places = places

    def finish(
        self, scene: Scene, records: list[Frame], agreements: Sequence[Report] = ()
    ) -> list[Report]:
        """The reports of a document's records."""
        signed = _signing_day(agreements)
        for record in records:
            self._from_dateline(scene, record)
            if signed and record.date is None and self._is_signing(scene, record):
                record.date, record.interval = _stepped(signed, record), parse(str(signed.value))
        visits = [r for r in records if r.kind == "visit"]
        for visit in visits:
            visit.abroad = bool(visit.codes) and self._is_abroad(visit)
        visitors = {p: v for v in visits if v.target and len(v.codes) == _BOTH for p in v.persons}
        for record in records:
            self._visitor(record, visitors)
            self._from_visit(scene, record, visits)
        for record in records:
            self._third_side(record, records)
        for before, record in pairwise(records):
            self._from_record_before(scene, before, record)
        for visit in visits:
            self._under_way(scene, visit, records)
        for record in records:
            _spell_out(scene, record)
            self._kind(scene, record)
            self._to_come(scene, record)
        counted = [r for r in records if self._counts(scene, r)]
        return [_report(r) for r in counted if not _is_headline_of(r, counted)]

    def _is_signing(self, scene: Scene, record: Frame) -> bool:
        """Whether the sentence of a record says that something was signed at it."""
        told = self._words.signing.search(scene.text, record.sentence.start, record.sentence.end)
        planned = record.founded or record.distinguished or _is_planned(record)
        return bool(told) and record.kind in _SIGNED_AT and not planned

    def _third_side(self, record: Frame, records: list[Frame]) -> None:
        """“Another trilateral summit”: of the three sides of a meeting told of."""
        name = str(record.name.value) if record.name else ""
        if len(record.codes) == _THREE or not self._words.three.search(name):
            return
        for other in records:
            if len(other.codes) == _THREE and other is not record:
                record.countries = [_stepped(c, record) for c in other.countries]
                return

    def _from_dateline(self, scene: Scene, record: Frame) -> None:
        line = scene.day
        if (
            line is None
            or record.distinguished
            or record.apart
            or record.founded
            or _is_planned(record)
        ):
            return
        if record.interval == line.date.interval:
            self._place_of_dateline(scene, record)
        if record.date or not self._is_of_the_day(scene, record):
            return
        record.interval = line.date.interval
        value, rule = str(line.date.interval), record.rule.id
        record.date = Support("date", value, line.date.start, line.date.end, rule, "lead")
        self._place_of_dateline(scene, record)

    def _place_of_dateline(self, scene: Scene, record: Frame) -> None:
        place = scene.day.place if scene.day else None
        if place is None or record.city or (record.codes and place.code not in record.codes):
            return
        if record.place is None or record.place.detail == place.code:
            self._places.set(scene, record, place, "lead")

    def _is_of_the_day(self, scene: Scene, record: Frame) -> bool:
        """Whether the dateline's day is the record's: the news itself, not what it recalls."""
        if (
            record.title
            or record.told_by_title
            or self._words.today.search(scene.text, *record.clause)
        ):
            return True
        if record.sentence.start >= scene.lead_end:
            before = scene.text[record.sentence.start : record.span[0]]
            signed = record.kind == "ceremony" or self._words.signing.search(before)
            return bool(signed) and bool(self._words.same_day.search(before))
        return record.sentence.start < scene.first_end

    def _visitor(self, record: Frame, visits: dict[str, Frame]) -> None:
        """A person whose country only the visit tells takes part for it."""
        for actor in record.actors:
            visit = visits.get(actor.surname)
            if visit is None or actor.country or not actor.name:
                continue
            code = min(visit.codes - {visit.target}, default=None)
            if code:
                record.add_country(code, actor.start, actor.end, "anaphora")

    def _is_abroad(self, visit: Frame) -> bool:
        """Whether its name makes it a visit to another country: “a State Visit to Fiji”."""
        return visit.name is not None and bool(self._words.foreign.search(str(visit.name.value)))

    def _from_visit(self, scene: Scene, record: Frame, visits: list[Frame]) -> None:
        """A meeting held during a visit has its date and place, where it has none of its own."""
        visit = self._visit_of(scene, record, visits)
        if visit is None:
            return
        if record.date is None and visit.date is not None and record.kind != "exhibition":
            record.date, record.interval = _stepped(visit.date, record), visit.interval
        if record.place is None and visit.place is not None:
            self._place_of_visit(record, visit.place)
        for support in visit.countries if record.kind != "exhibition" else ():
            if len(record.codes) < _BOTH or record.kind in {"conference", "summit"}:
                record.add_country(str(support.value), support.start, support.end, "anaphora")
        record.status = record.status or visit.status
        record.abroad = visit.abroad

    def _visit_of(self, scene: Scene, record: Frame, visits: list[Frame]) -> Frame | None:
        if record.kind == "visit" or record.distinguished or record.founded:
            return None
        near = [
            v
            for v in visits[:_VISITS]
            if v.sentence.start <= record.sentence.start
            and not _conflicts(record, v)
            and _is_near(scene, record, v)
        ]
        return near[-1] if near else None

    def _place_of_visit(self, record: Frame, place: Support) -> None:
        """The city of the visit, or its country where it led to several cities."""
        record.place = _stepped(place, record)
        if " and " in str(place.value) and place.detail:
            name = self._places.name_of(place.detail)
            record.place = Support(
                "place", name, place.start, place.end, record.rule.id, "anaphora", place.detail
            )

    def _from_record_before(self, scene: Scene, before: Frame, record: Frame) -> None:
        """“In the afternoon, they met …”: on the same day, at the same place, of the same sides."""
        if record.sentence.block - before.sentence.block > _NEAR or record.kind == "visit":
            return
        opening = (record.sentence.start, record.span[0])
        follows = self._words.sequence.search(scene.text, *opening)
        if not follows or _conflicts(record, before):
            return
        for support in before.countries if len(record.codes) < _BOTH else ():
            record.add_country(str(support.value), support.start, support.end, "anaphora")
        if record.date is None and before.date is not None:
            record.date, record.interval = _stepped(before.date, record), before.interval
        if record.place is None and before.place is not None:
            record.place = _stepped(before.place, record)

    def _under_way(self, scene: Scene, visit: Frame, records: list[Frame]) -> None:
        """A visit that goes on has the date of what is told of its day."""
        if visit.date or not self._words.present.search(scene.text, *visit.clause):
            return
        for record in records:
            if record.date and record.kind != "visit" and len(record.codes & visit.codes) > 1:
                visit.date, visit.interval = _stepped(record.date, visit), record.interval
                return

    def _to_come(self, scene: Scene, record: Frame) -> None:
        """What has its date behind the day of the document is still to come."""
        published = scene.page.document.published
        if published is None or record.interval is None or record.date is None:
            return
        if record.interval.first > published and not _is_planned(record):
            date = record.date
            record.status = Support(
                "status",
                "planned",
                date.start,
                date.end,
                record.rule.id,
                date.step,
                "planned: later date",
            )

    def _kind(self, scene: Scene, record: Frame) -> None:
        level = record.rule.level
        if level in {"open", "signing"} and record.kind == "bilateral_meeting":
            record.kind = kind_by_rank(record.actors, record.codes)
            if record.kind == "bilateral_meeting" and self._is_of_many(record):
                record.kind = "conference"
        elif level == "leaders" and not self._is_of_leaders(record):
            record.kind = "conference"
        elif level == "council" and self._is_of_ministers(scene, record):
            record.kind = "ministerial"

    def _is_of_many(self, record: Frame) -> bool:
        """A numbered meeting whose name tells of more than two sides."""
        phrase, name = record.phrase, str(record.name.value) if record.name else ""
        named = phrase is not None and phrase.proper and bool(self._words.worldwide.search(name))
        return named and not any(c.step == "phrase" for c in record.countries)

    def _is_of_ministers(self, scene: Scene, record: Frame) -> bool:
        told = self._words.ministerial.search(
            scene.text, record.sentence.start, record.sentence.end
        )
        return bool(told) or sum(a.rank == MINISTER for a in record.actors) > 1

    def _is_of_leaders(self, record: Frame) -> bool:
        """Leaders take part, or the name pairs two states: “the Kenya-Fiji Summit”."""
        if any(a.rank == LEADER for a in record.actors):
            return True
        name = str(record.name.value) if record.name else ""
        paired = [c for c in record.countries if c.step == "phrase"]
        sides = len(paired) + bool(paired and self._words.worldwide.search(name))
        return (
            sides == _BOTH or (sides > _BOTH and "(" not in name)
        ) and not self._words.companies.search(name)

    def _counts(self, scene: Scene, record: Frame) -> bool:
        """Whether a record is one between countries."""
        if (record.title and not _is_news(record)) or _is_vague(record):
            return False
        if len(record.codes) > 1 or record.abroad or (record.codes and record.bloc):
            return True
        if record.kind not in _ALONE or not (record.phrase and record.phrase.proper):
            return False
        if record.name and self._words.worldwide.search(str(record.name.value)):
            return True
        return scene.home is not None and bool(record.codes - {scene.home})


def _spell_out(scene: Scene, record: Frame) -> None:
    """The full name of a body whose record has only its acronym."""
    name = record.name
    if name is None or not str(name.value).isupper() or record.rule.form != "body":
        return
    for body in scene.page.institutions:
        if body.acronym == name.value and " " in body.name:
            rule = record.rule.id
            record.name = Support("name", body.name, body.start, body.end, rule, "document")
            return


def _signing_day(agreements: Sequence[Report]) -> Support | None:
    """The day on which everything that the document tells of was signed."""
    signed = [a for a in agreements if a.first("status") == "signed"]
    found = [v for a in signed for v in a.values if v.field == "date"]
    alike = len({v.value for v in found}) == 1 and len(found) == len(signed)
    return found[0] if alike and re.fullmatch(r"\d{4}-\d\d-\d\d", str(found[0].value)) else None


def _is_near(scene: Scene, record: Frame, visit: Frame) -> bool:
    """The visit that the document is about, or one told of beside the record."""
    if visit.sentence.start < scene.lead_end or visit.told_by_title:
        return True
    own = visit.sentence.block
    return record.sentence.block in {own, own + 1} or scene.lead_in(record.sentence.block) == own


def _is_headline_of(record: Frame, records: Sequence[Frame]) -> bool:
    """Whether a headline calls a meeting of the text by another name: of one day, place and sides."""
    if not record.title or record.date is None or record.ordinal is not None:
        return False
    return any(
        r.kind == record.kind
        and r.interval == record.interval
        and (record.codes <= r.codes or r.codes <= record.codes)
        and (not record.place or not r.place or record.place.value == r.place.value)
        for r in records
        if not r.title
    )


def _is_news(record: Frame) -> bool:
    """A headline alone tells of a meeting where it dates, counts or names it after its sides."""
    paired = [c for c in record.countries if c.step == "phrase"]
    return bool(record.date or record.ordinal) or (len(paired) == _BOTH and record.kind in _ALONE)


def _is_vague(record: Frame) -> bool:
    """Plans in the plural without a date: “will undertake consultations”."""
    phrase = record.phrase
    plural = phrase is not None and (phrase.plural or phrase.rule.needs == "held")
    named = record.rule.level != "open"
    return plural and not named and _is_planned(record) and record.date is None


def _is_planned(record: Frame) -> bool:
    return record.status is not None and record.status.value == "planned"


def _conflicts(record: Frame, visit: Frame) -> bool:
    """Whether a record can't be a part of a visit."""
    if record.codes and visit.codes and not (record.codes & visit.codes):
        return True
    if intervals_apart(record.interval, visit.interval):
        return True
    if record.place and visit.place and record.place.detail != visit.place.detail:
        return True
    foreign = record.codes - visit.codes
    return (
        bool(foreign) and len(record.codes & visit.codes) < _BOTH and record.kind not in _MANY_SIDED
    )


def _stepped(support: Support, record: Frame) -> Support:
    """A value that a record takes over."""
    return Support(
        support.field,
        support.value,
        support.start,
        support.end,
        record.rule.id,
        "anaphora",
        support.detail,
    )


def _report(record: Frame) -> Report:
    rule, (start, end) = record.rule.id, record.span
    values = [Support("kind", record.kind, start, end, rule, "phrase")]
    status = record.status or Support("status", "held", start, end, rule, "phrase")
    optional = (record.name, record.ordinal, record.date, record.place)
    values += [s for s in optional if s is not None]
    values += [*record.countries, *record.institutions, status]
    return Report("meeting", record.sentence.start, record.sentence.end, rule, tuple(values))
