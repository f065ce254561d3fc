"""Drafts to reports: fields from the frames first, then from group, list, lead, document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.records.context import Context
from pipeline.records.frames import Frame
from pipeline.records.merge import Draft, is_new
from pipeline.records.page import Page, Spanned
from pipeline.records.parties import Side
from pipeline.records.report import Report, Support
from pipeline.records.scope import ScopeReader
from pipeline.records.status import StatusCue
from pipeline.records.topics import OTHER, TopicReader
from pipeline.rulebook.agreements import AgreementWords

_PARTY_RULE = {
    "phrase": "agreements/parties-phrase",
    "clause": "agreements/parties-clause",
    "sentence": "agreements/parties-sentence",
    "publisher": "agreements/parties-publisher",
}
_CONTEXT_RULE = "agreements/parties-context"
# States of a record that the reported event itself brought about.
_NEWS = frozenset(
    {"signed", "approved", "launched", "announced", "proposed", "finalised", "renewed"}
)
_TOLD = _NEWS - {"announced"}
_BESIDE = 6
_CODE = 2
# Where more than two sides may be taken from.
_NEAR_STEPS = frozenset({"block", "list", "lead"})
_OFTEN = 2
# The first mentions of an instrument whose surroundings may name its sides.
_MOST = 4
# A longer title isn't a fuller one.
_LONG = 12
# Needs of nouns that name what one country may have alone.
_ALONE = frozenset({"stage", "name"})
_STATEMENTS = frozenset({"joint_statement", "joint_declaration"})


class Completer:
    """Makes reports of drafts, and drops those that aren't specific enough."""

    def __init__(self, words: AgreementWords, topics: TopicReader) -> None:
        self._topics = topics
        self._scopes = ScopeReader(words)

    def complete(
        self, context: Context, drafts: Sequence[Draft], *, released: str | None = None
    ) -> list[Report]:
        """The reports of the drafts that hold.

        ``released`` is the kind of instrument that the document itself is, if it is one.
        """
        leading = (d for d in drafts if d.first.start < context.lead_end)
        itself = next((d for d in leading if d.first.kind == released), None)
        told = [d for d in drafts if any(is_new(f) for f in d.frames)]
        only = told[0] if len(told) == 1 else None
        found = (
            self._report(context, draft, is_only=draft is only, is_itself=draft is itself)
            for draft in drafts
        )
        return [report for report in found if report]

    def main_topics(self, page: Page) -> list[Support]:
        """The main fields of a joint statement: told more than once, or at the head of an item."""
        found: dict[str, list[Support]] = {}
        for sentence in page.sentences:
            for support in self._read(page, sentence.start, sentence.end, "document"):
                found.setdefault(str(support.value), []).append(support)
        heads = {s.start for s in page.sentences} | {b.start for b in page.blocks}
        return [s[0] for s in found.values() if len(s) >= _OFTEN or _opens(s, heads)]

    def _read(self, page: Page, start: int, end: int, step: str) -> Iterator[Support]:
        barred: list[Spanned] = [*page.within(page.institutions, start, end)]
        barred += page.within(page.people, start, end)
        return self._topics.read(page.text, start, end, step, barred)

    def _report(
        self, context: Context, draft: Draft, *, is_only: bool, is_itself: bool
    ) -> Report | None:
        page = context.page
        sides = _sides(context, draft)
        worldwide = any(context.is_worldwide(f) for f in draft.frames)
        if not worldwide and not _is_foreign(page, draft, {s.code for s in sides if s.code}):
            return None
        if not _is_tied(context, draft) or not _is_substantial(draft, worldwide=worldwide):
            return None
        status = _status(draft, worldwide=worldwide)
        date = _date(context, draft, status)
        first = draft.first.instrument
        if is_itself and not date:
            date = context.release(*first.head)
        if first.is_group and not date:
            return None
        place = _place(context, draft, status, date)
        sentence = max(draft.frames, key=_strength).instrument.sentence
        values = [
            Support("kind", first.rule.kind, *first.head, first.rule.id, "phrase"),
            _title(page, draft),
            *_parties(sides),
            *_institutions(draft),
            status,
            *([date] if date else []),
            *([place] if place else []),
            *self._topics_of(context, draft, is_only=is_only),
        ]
        return Report("agreement", sentence.start, sentence.end, first.rule.id, tuple(values))

    def _topics_of(self, context: Context, draft: Draft, *, is_only: bool) -> Iterator[Support]:
        page, seen = context.page, set[str]()
        spans = list(self._scopes.spans(page, draft))
        if is_only:
            spans += self._scopes.main_spans(page)
            spans += _headline(context, draft)
        found = [s for start, end, step in spans for s in self._read(page, start, end, step)]
        heading = draft.first.block in context.lead[:2]
        leading = draft.first.start < context.lead_end and (is_only or heading)
        if draft.first.kind in _STATEMENTS and leading:
            found += self.main_topics(page)
        for support in found:
            if support.value not in seen:
                seen.add(str(support.value))
                yield support
        if not seen and draft.words and not draft.first.instrument.is_group:
            span = draft.first.title or draft.first.instrument.span
            yield Support("topics", OTHER, *span, "agreements/topics-other", "phrase")


def _headline(context: Context, draft: Draft) -> list[tuple[int, int, str]]:
    """The headline that names the one instrument: “Kenya signs telecoms deal with Fiji”."""
    titled = any(f.start < context.title_end for f in draft.frames)
    return [(0, context.title_end, "heading")] if titled else []


def _opens(supports: Sequence[Support], heads: set[int]) -> bool:
    """Whether one of the words of a topic opens a sentence or an item."""
    return any(s.start in heads for s in supports)


def _title(page: Page, draft: Draft) -> Support:
    """The noun phrase that heads an item, else the fullest, of those equally full the first."""
    frame = max(draft.frames, key=lambda f: (*_fullness(f), -f.start))
    if draft.first.item and draft.first.instrument.complement:
        frame = draft.first
    start, end = frame.title or frame.instrument.span
    return Support("title", page.text[start:end], start, end, "agreements/title", "phrase")


def _fullness(frame: Frame) -> tuple[int, int]:
    instrument = frame.instrument
    parts = bool(frame.title) + instrument.complement + (instrument.modifiers or instrument.long)
    return parts, min(len(instrument.phrase), _LONG)


def _sides(context: Context, draft: Draft) -> list[Side]:
    """The sides, step by step until there are two."""
    found: dict[str, Side] = {}
    signers = {i for f in draft.frames for s in f.sides if (i := _signer(s))}
    for step in ("phrase", "clause", "sentence"):
        for frame in draft.frames:
            for side in frame.sides:
                if side.code and side.step == step:
                    found.setdefault(side.code, side)
        only_partners = all(s.partner for s in found.values())
        if not only_partners and (len(found) > 1 or len(signers) > 1):
            return list(found.values())
    if found and all(len(code) > _CODE for code in found) and draft.first.is_of_bloc:
        return list(found.values())
    return _from_context(context, draft, found)


def _signer(side: Side) -> str | None:
    """The institution that a noun phrase names as a side."""
    named = side.institution if side.step == "phrase" and side.code else None
    return named.institution_id if named else None


def _from_context(context: Context, draft: Draft, found: dict[str, Side]) -> list[Side]:
    """The missing sides from the group, the surroundings, the publisher."""
    for side in (s for f in draft.inherited for s in f.sides):
        if side.code and len(found) < 2:
            found.setdefault(side.code, side._replace(step="list"))
    home = context.page.document.source_country
    partners = bool(found) and all(s.partner for s in found.values())
    if partners and home and home not in found and context.speaks_as_home(draft.first):
        found[home] = Side(*draft.first.instrument.head, home, "publisher")
    if len(found) > 1:
        return list(found.values())
    if partners and (own := context.protagonist(set(found))):
        return [*found.values(), own]
    if around := _around(context, draft, found):
        return around
    if len(found) == 1 and home and home not in found and context.speaks_as_home(draft.first):
        found[home] = Side(*draft.first.instrument.head, home, "publisher")
    return list(found.values())


def _around(context: Context, draft: Draft, found: dict[str, Side]) -> list[Side]:
    """The sides named so far with those of the nearest surroundings that make them two."""
    if not found and context.is_worldwide(draft.first):
        bloc = None if draft.first.instrument.rule.worldwide else context.bloc_before(draft.first)
        if bloc:
            return [bloc]
    for around in (sides for f in draft.frames[:_MOST] for sides in context.sides(f)):
        if not found and len(around) > 1 and around[0].step in _NEAR_STEPS:
            return around
        if len({s.code for s in around} | found.keys()) == 2:
            return [*found.values(), *(s for s in around if s.code not in found)]
    return []


def _is_foreign(page: Page, draft: Draft, codes: set[str]) -> bool:
    """Whether an instrument has a foreign side, or one country's sides speak of another."""
    if len(codes) != 1:
        return bool(codes)
    if all(len(code) != _CODE for code in codes):
        return True
    sentence = draft.first.instrument.sentence
    countries = page.within(page.countries, sentence.start, sentence.end)
    return any(c.code not in codes for c in countries)


def _is_tied(context: Context, draft: Draft) -> bool:
    """Whether sides are said of a plan, protocol or convention, which a country may have alone."""
    if draft.first.instrument.rule.needs not in _ALONE or draft.inherited:
        return True
    if context.is_worldwide(draft.first):
        return True
    return any(
        f.codes() or f.group or context.names_both(f) or context.is_means(f)
        or context.speaks_together(f)
        for f in draft.frames
    )  # fmt: skip


def _is_substantial(draft: Draft, *, worldwide: bool) -> bool:
    """Whether anything is said of an instrument: its name, its sides or that it was made."""
    if draft.inherited or worldwide or not draft.first.instrument.rule.vague:
        return True
    return any(_says_something(f) for f in draft.frames)


def _says_something(frame: Frame) -> bool:
    instrument, cue = frame.instrument, frame.cue
    named = instrument.capital and (instrument.modifiers or instrument.complement)
    staged = cue is not None and cue.distance <= _BESIDE
    told = bool(frame.codes("phrase", "clause")) or staged or frame.item
    return bool(named or told or frame.group or frame.title or instrument.name)


def _status(draft: Draft, *, worldwide: bool) -> Support:
    """The furthest stage of the draft's own cues, else of its group's.

    What lies in the future for an instrument of many states is one state's joining it.
    """
    for frames, step in ((draft.frames, "clause"), (draft.inherited, "list")):
        cues = [(f.cue, f) for f in frames if f.cue and f.cue.status]
        cues = [c for c in cues if not (worldwide and c[0].status == "proposed")]
        if cues and not _awaits(draft, cues):
            cue, frame = max(cues, key=lambda c: (c[0].precedence, -c[1].start))
            where = step if frame in (draft.first, *draft.inherited) else "anaphora"
            return Support(
                "status", str(cue.status), cue.start, cue.end, cue.rule, where, cue.state
            )
    head = draft.first.instrument.head
    return Support("status", "signed", *head, "agreements/status-existing", "phrase", "existing")


def _awaits(draft: Draft, cues: Sequence[tuple[StatusCue, Frame]]) -> bool:
    """Whether an item only proposes what its list says to be approved."""
    approved = [f.cue for f in draft.inherited if f.cue and f.cue.status == "approved"]
    best = max(cue.precedence for cue, _ in cues)
    return any(cue.precedence > best for cue in approved)


def _date(context: Context, draft: Draft, status: Support) -> Support | None:
    """The date of the stage: own clause, other clauses, group, event."""
    own = [f for f in draft.frames if f.date]
    named = [f for f in own if f.date and f.date.step == "phrase"]
    same = [*named, *(f for f in own if f.cue and f.cue.rule == status.rule)]
    for frame in (*same, *own, *draft.inherited):
        if frame.date and not context.is_later(frame.date, status):
            step = "list" if frame in draft.inherited else frame.date.step
            return _at_step(frame.date, step)
    return _event_date(context, draft, status)


def _event_date(context: Context, draft: Draft, status: Support) -> Support | None:
    if status.detail not in _NEWS and draft.first.kind not in _STATEMENTS:
        return None
    if status.detail != "approved" and any(_is_approved(f) for f in draft.frames):
        # The release reports the approval of what was signed at another time.
        return None
    for frame in draft.frames:
        if _is_told(context, frame) and (date := context.date_before(frame)):
            return date
    for frame in draft.frames:
        sentence = frame.instrument.sentence
        if _is_news(context, frame) and (day := context.event.today(sentence.start, sentence.end)):
            return day
    if _is_presupposed(draft):
        return None
    told = (*draft.frames, *draft.inherited)
    news = any(_is_news(context, f) or _is_done(context, f) for f in told)
    return _reported_day(context, status) if news else None


def _reported_day(context: Context, status: Support) -> Support | None:
    """The day of the event; a decision without one is of the day that tells of it."""
    day = context.event.date
    if day and not context.is_later(day, status):
        return day
    return context.release(status.start, status.end) if status.detail == "approved" else None


def _is_approved(frame: Frame) -> bool:
    return frame.cue is not None and frame.cue.state == "approved"


def _is_presupposed(draft: Draft) -> bool:
    """Whether the document takes an instrument for known: “was apprised of the MoU with …”."""
    first = draft.first
    staged = first.cue is not None and first.cue.state in _NEWS
    return first.instrument.article == "definite" and not staged and first.kind not in _STATEMENTS


def _is_told(context: Context, frame: Frame) -> bool:
    """Whether a clause tells of the making: “signed an MoU”, no “has signed”, “the MoU signed in”."""
    cue, instrument = frame.cue, frame.instrument
    if cue is None or cue.state not in _TOLD or cue.distance > _BESIDE or instrument.restricted:
        return False
    if cue.start == instrument.sentence.start:
        # "Concluding an agreement" heads an item of a list, it tells of no event.
        return False
    direct = cue.end <= instrument.start and cue.distance <= 2
    return (direct or instrument.article != "definite") and not context.is_perfect(cue.start)


def _is_done(context: Context, frame: Frame) -> bool:
    """Whether a sentence without a date tells of a signing right before the name: “signed the …”."""
    cue = frame.cue
    told = cue is not None and cue.state == "signed" and _is_told(context, frame)
    told = told and frame.instrument.article == "definite"
    sentence = frame.instrument.sentence
    dated = context.page.within(context.page.dates, sentence.start, sentence.end)
    return told and frame.instrument.capital and not dated


def _is_news(context: Context, frame: Frame) -> bool:
    """Whether a frame tells of what the release reports: a stage beside it in title or lead."""
    cue = frame.cue
    near = bool(cue and cue.state in _NEWS and (cue.distance <= _BESIDE or _is_approved(frame)))
    near = near and not frame.instrument.restricted
    sentence = frame.instrument.sentence
    here = context.is_of_event(sentence.start, sentence.end)
    if frame.kind in _STATEMENTS and frame.block in context.lead[:2]:
        return True
    return near and (frame.start < context.lead_end or here)


def _place(context: Context, draft: Draft, status: Support, date: Support | None) -> Support | None:
    """The city of the signing: own clause, else of the event when it is the event's day."""
    place = next((f.place for f in (*draft.frames, *draft.inherited) if f.place), None)
    if place or status.value != "signed":
        return place
    if date is not None and date.step == "block":
        return context.place_in(date.start)
    event = context.event
    if date is None or event.date is None or date.value != event.date.value:
        return None
    sentences = [f.instrument.sentence for f in (*draft.frames, *draft.inherited)]
    return None if any(event.is_remote(s.start, s.end) for s in sentences) else event.place


def _at_step(support: Support, step: str) -> Support:
    return Support(
        support.field, support.value, support.start, support.end, support.rule, step, support.detail
    )


def _strength(frame: Frame) -> tuple[int, int]:
    return (frame.cue.precedence if frame.cue else 0, -frame.start)


def _parties(sides: Sequence[Side]) -> Iterator[Support]:
    for side in sides:
        rule = _PARTY_RULE.get(side.step, _CONTEXT_RULE)
        yield Support("parties", str(side.code), side.start, side.end, rule, side.step)


def _institutions(draft: Draft) -> Iterator[Support]:
    """The institutions that stand as sides: of the noun phrase, else of the clause, else the group.

    A government that a ministry signs for is none.
    """
    rule = "agreements/institutions"
    seen: set[str] = set()
    through = {i.country for f in draft.frames for s in f.sides if (i := s.institution)
               and s.step == "phrase" and i.kind == "ministry"}  # fmt: skip
    for step, frames in (
        ("phrase", draft.frames),
        ("clause", draft.frames),
        ("list", draft.inherited),
    ):
        for frame in frames:
            for side in frame.sides:
                mention = side.institution
                wanted = step in {side.step, "list"} and side.step != "sentence"
                if not wanted or mention is None or mention.institution_id in seen:
                    continue
                if mention.kind == "government" and mention.country in through:
                    continue
                seen.add(mention.institution_id)
                span = (side.start, side.end)
                yield Support("institutions", mention.name, *span, rule, step)
                yield Support("institution_ids", mention.institution_id, *span, rule, step)
        if seen:
            return
