"""Whether two frames tell of one meeting."""

from __future__ import annotations

import datetime as dt
import re

from rapidfuzz import fuzz

from pipeline.edtf import Interval
from pipeline.records.meetings.frame import Frame
from pipeline.records.meetings.lexicon import Lexicon

_FAMILIES = (
    frozenset({"working_group", "ministerial", "bilateral_meeting", "summit", "dialogue"}),
    frozenset(
        {"conference", "seminar", "roundtable", "exhibition", "summit", "dialogue", "ministerial"}
    ),
    frozenset({"ceremony"}),
    frozenset({"visit"}),
)
_SAME_NAME = 88
_SIMILAR_NAME = 75
_IDENTICAL = 92
# A visit may be told of on the days around it: of departure, of return.
_TRAVEL_DAYS = 2


class Sameness:
    """Compares a record with a frame that doesn't refer back."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._words = lexicon

    def holds(self, record: Frame, frame: Frame) -> bool:
        """Whether the frame tells of the record's meeting."""
        if not any({record.kind, frame.kind} <= family for family in _FAMILIES):
            return False
        if both_proper(record, frame) and record.sentence == frame.sentence:
            return _nested(record, frame)
        if dates_conflict(record, frame) or _numbers_conflict(record, frame):
            return False
        if _same_proper_name(record, frame) or _same_number(record, frame):
            return True
        if not countries_agree(record, frame):
            return False
        signed_here = record.kind == "ceremony" and record.sentence == frame.sentence
        return signed_here or (
            not _places_conflict(record, frame) and self._same_of_kind(record, frame)
        )

    def _same_of_kind(self, record: Frame, frame: Frame) -> bool:
        kinds = {record.kind, frame.kind}
        if "visit" in kinds:
            return _same_visit(record, frame)
        if "ceremony" in kinds:
            return self._same_ceremony(record, frame)
        if "open" in {frame.rule.level, record.rule.level}:
            return self._same_encounter(record, frame)
        return _names_agree(record, frame)

    def _same_ceremony(self, record: Frame, frame: Frame) -> bool:
        """Signings told of side by side are one; other ceremonies go by their names."""
        if frame.title or record.title or record.sentence == frame.sentence:
            return True
        if record.name and frame.name:
            return _names_agree(record, frame)
        near = abs(record.sentence.block - frame.sentence.block) <= 1
        nameless = not record.name and not frame.name and record.rule is frame.rule
        return near and (nameless or (self._is_signing(record) and self._is_signing(frame)))

    def _is_signing(self, frame: Frame) -> bool:
        signed = any(word in head for word in self._words.signed_words for head in frame.heads)
        return frame.rule.form == "signing" or signed

    def _same_encounter(self, record: Frame, frame: Frame) -> bool:
        akin = record.rule.level == frame.rule.level or not (record.phrase and frame.phrase)
        if record.sentence == frame.sentence:
            return akin and record.beside == frame.beside
        return self._same_further_on(record, frame, akin=akin)

    def _same_further_on(self, record: Frame, frame: Frame, *, akin: bool) -> bool:
        """The same of two sentences."""
        one, other = record.persons, frame.persons
        if _is_plural(record) or _is_plural(frame):
            return False
        if frame.title or record.title:
            sides = bool(record.codes and frame.codes)
            return akin and sides and (not one or not other or bool(one & other))
        if record.rule.level != frame.rule.level:
            bodies = "body" in {record.rule.form, frame.rule.form}
            return not bodies and _same_day(record, frame) and bool(one & other)
        if frame.phrase and record.phrase and frame.phrase.lead in self._words.indefinite:
            return False
        return bool(one and other) and (one <= other or other <= one)


def dates_conflict(record: Frame, frame: Frame) -> bool:
    """Whether the dates of two frames lie apart."""
    days = _TRAVEL_DAYS if frame.kind == "visit" else 0
    return intervals_apart(record.interval, frame.interval, days)


def intervals_apart(one: Interval | None, other: Interval | None, days: int = 0) -> bool:
    """Whether two intervals lie apart, by more than ``days``."""
    if one is None or other is None:
        return False
    slack = dt.timedelta(days=days)
    return one.last + slack < other.first or other.last + slack < one.first


def countries_agree(record: Frame, frame: Frame) -> bool:
    """Whether one set of countries holds the other, or they share two."""
    one, other = record.codes, frame.codes
    return not one or not other or one <= other or other <= one or len(one & other) > 1


def both_proper(record: Frame, frame: Frame) -> bool:
    """Whether both have names of their own."""
    return _is_proper(record) and _is_proper(frame)


def _is_proper(frame: Frame) -> bool:
    return frame.name is not None and frame.phrase is not None and frame.phrase.proper


def _is_plural(frame: Frame) -> bool:
    """“A series of meetings” is another record than each meeting that has one of its own."""
    return frame.phrase is not None and frame.phrase.plural


def _nested(record: Frame, frame: Frame) -> bool:
    """Whether one name stands inside the other: “a seminar on the Kenya-Fiji Seminar”."""
    one, other = _name(record), _name(frame)
    return one in other or other in one


def _numbers_conflict(record: Frame, frame: Frame) -> bool:
    """The second and the third session, this one and the next one are two."""
    if record.ordinal and frame.ordinal:
        return record.ordinal.value != frame.ordinal.value
    return record.distinguished != frame.distinguished


def _same_proper_name(record: Frame, frame: Frame) -> bool:
    """Whether both frames give one event the same name of its own."""
    if not both_proper(record, frame):
        return False
    one, other = _plain(_name(record)), _plain(_name(frame))
    return len(one.split()) > 1 and fuzz.ratio(one, other) >= _IDENTICAL


def _same_number(record: Frame, frame: Frame) -> bool:
    """The first summit of three countries is the first summit of these three."""
    numbers = record.ordinal and frame.ordinal and record.ordinal.value == frame.ordinal.value
    if numbers and _acronyms(_name(record)) & _acronyms(_name(frame)):
        return True
    alike = record.codes == frame.codes and len(record.codes) > 1 and record.kind == frame.kind
    return bool(numbers) and alike and record.kind != "visit"


def _places_conflict(record: Frame, frame: Frame) -> bool:
    """Whether they were held in different countries."""
    both = record.place is not None and frame.place is not None
    return both and record.place.detail != frame.place.detail  # type: ignore[union-attr]


def _same_visit(record: Frame, frame: Frame) -> bool:
    if record.target and frame.target and record.target != frame.target:
        return False
    return not record.persons or not frame.persons or bool(record.persons & frame.persons)


def _same_day(record: Frame, frame: Frame) -> bool:
    """Whether both are dated to one time and placed in one place."""
    if not (record.interval and frame.interval and record.place and frame.place):
        return False
    return record.interval == frame.interval and record.place.value == frame.place.value


def _names_agree(record: Frame, frame: Frame) -> bool:
    """Whether the names of two frames may name one event."""
    if not record.name or not frame.name:
        return record.kind == frame.kind
    if _acronyms(_name(record)) & _acronyms(_name(frame)):
        return True
    one, other = record.core or _name(record), frame.core or _name(frame)
    if _distinctive(one, other) and _distinctive(other, one):
        return fuzz.token_sort_ratio(_plain(one), _plain(other)) >= _SAME_NAME
    cores = fuzz.token_set_ratio(_plain(one), _plain(other))
    names = fuzz.token_set_ratio(_plain(_name(record)), _plain(_name(frame)))
    return max(cores, names) >= _SIMILAR_NAME


def _name(frame: Frame) -> str:
    return str(frame.name.value) if frame.name else ""


def _distinctive(one: str, other: str) -> set[str]:
    """The capitalised words of a name that the other doesn't have."""
    words = {w.lower() for w in re.findall(r"\w+", other)}
    return {w for w in re.findall(r"\b[A-Z]\w+", one) if w.lower() not in words}


def _plain(name: str) -> str:
    return re.sub(r"[^\w ]+", " ", name).lower()


def _acronyms(name: str) -> set[str]:
    """The acronym of a name: in brackets, as its last word, or its initials."""
    found = set(re.findall(r"\(([A-Z]{2,})\)", name))
    found |= set(re.findall(r"\b([A-Z]{2,})(?: [Mm]eeting)?$", name))
    initials = "".join(w[0] for w in re.findall(r"\b[A-Z][a-z]+", re.sub(r"\(.*?\)", "", name)))
    return {a for a in (*found, initials) if len(a) > 2}
