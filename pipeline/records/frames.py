"""One mention of an instrument with what its own sentence says of it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from pipeline.model import CountryMention, DateMention
from pipeline.records.event import is_dateline
from pipeline.records.instruments import Instrument
from pipeline.records.page import Page
from pipeline.records.parties import Side, SideReader
from pipeline.records.phrases import Phrases
from pipeline.records.report import Support
from pipeline.records.status import StatusCue, StatusReader
from pipeline.records.tokens import tokens_of
from pipeline.rulebook.agreements import AgreementWords

# States that speak of a future event: their date isn't that of the record.
_FUTURE = frozenset({"planned", "conditional"})
# States that have no date of their own.
_UNDATED = frozenset({"announced", "in_creation"})
# A stage so many words away is no longer said of the instrument.
_FAR = 25
# A city so many characters behind the stage is where it took place.
_PLACE = 60
# A stage so many words behind a pronoun is said of it.
_PRONOUN = 4
# The length of a country's code; a bloc has a longer acronym.
_CODE = 2
# A pronoun is shorter.
_LONG_WORD = 12
_MADE = frozenset({"signed", "ended", "in_force", "approved", "renewed"})
# An instrument's own text names it among its first mentions.
_HEADS = 3
# The last word of a name before a year, and how far back to look for it.
_IN_NAME = re.compile(r"[\w,’'] [A-Z]\w+ $")
_NAME = 24
# A date so few characters behind a verb of telling is its own: "said on Monday".
_TOLD = 4
# A date that no verb ties to the instrument stands at most so many characters behind it.
_BESIDE = 12


@dataclass(eq=False)
class Frame:
    """An instrument with its status cue, sides, date and place, each from its own sentence.

    ``scope`` is the part of the sentence that belongs to it. ``item`` says that the block begins
    with it, as in a list or a table. ``title`` overrides the noun phrase; ``group`` is the group
    whose list names it; one that ``joins`` opens no record of its own.
    """

    instrument: Instrument
    scope: tuple[int, int]
    cue: StatusCue | None = None
    sides: list[Side] = field(default_factory=list)
    date: Support | None = None
    place: Support | None = None
    item: bool = False
    title: tuple[int, int] | None = None
    group: Frame | None = None
    partner: Side | None = None
    follows: Frame | None = None
    joins: bool = False

    @property
    def start(self) -> int:
        return self.instrument.start

    @property
    def kind(self) -> str:
        return self.instrument.rule.kind

    @property
    def block(self) -> int:
        return self.instrument.sentence.block

    def codes(self, *steps: str) -> set[str]:
        """The sides found at the given steps (all when none is given)."""
        return {s.code for s in self.sides if s.code and (not steps or s.step in steps)}

    @property
    def noun(self) -> str:
        """The noun of the instrument in lower case."""
        start, end = self.instrument.head
        return next((t.low for t in self.instrument.tokens if t.end == end), str(end - start))

    @property
    def is_today(self) -> bool:
        """Whether its date is told by a word such as “today”."""
        day = self.date is not None and len(str(self.date.value)) == len("2020-01-31")
        return day and self.date is not None and self.date.detail == "document_date"

    @property
    def is_complete(self) -> bool:
        """Whether the noun phrase names both sides, not only those behind “with”."""
        sides = [s for s in self.sides if s.step == "phrase" and s.code]
        return len({s.code for s in sides}) > 1 and not all(s.partner for s in sides)

    @property
    def is_of_bloc(self) -> bool:
        """Whether a partnership's name begins with a bloc, which is several sides."""
        codes = self.codes("phrase")
        named = self.instrument.modifiers or self.instrument.complement
        return (
            self.instrument.rule.needs == "sides" and named and any(len(c) > _CODE for c in codes)
        )

    @property
    def partner_ids(self) -> set[str]:
        """The institutions named as sides in the noun phrase."""
        return self.signers("phrase")

    def signers(self, *steps: str) -> set[str]:
        """The institutions that stand as sides, without governments: ministries sign for them."""
        return {
            s.institution.institution_id
            for s in self.sides
            if s.institution
            and s.institution.kind != "government"
            and (not steps or s.step in steps)
        }


class FrameReader:
    """Reads frames: the sentence around each instrument."""

    def __init__(self, words: AgreementWords, sides: SideReader, status: StatusReader) -> None:
        self._sides = sides
        self._status = status
        self._city_states = frozenset(words.city_states)
        self._pronouns = frozenset(words.it)
        self._openings = tuple(words.it)
        self._unbounded = frozenset(words.unbounded)
        loose = (*words.and_, *words.definite, *words.indefinite, *words.numbers, ",")
        self._loose = frozenset(loose)
        self._not_dates_after = frozenset(words.not_dates_after)
        self._at = frozenset(words.at)
        self._subscriptions = Phrases((w, None) for w in words.subscriptions)
        self._reporting = frozenset(words.reporting)
        self._imperatives = frozenset(words.imperatives)

    def read(self, page: Page, instruments: Sequence[Instrument]) -> list[Frame]:
        """The frames of a page's instruments, in their order."""
        frames = []
        starts = [i.start for i in instruments]
        for i, instrument in enumerate(instruments):
            around = instruments[max(0, i - 6) : i + 7]
            sentence = instrument.sentence
            others = [o for o in around if o.sentence == sentence and o is not instrument]
            frame = self._frame(page, instrument, others)
            frames += [frame, *self._continued(page, frame, starts)]
        return [*frames, *self._subscribed(page, frames[:_HEADS])]

    def _subscribed(self, page: Page, heads: Sequence[Frame]) -> Iterator[Frame]:
        """The line that ends the text of an instrument: “Signed at Suva on 5 May 2014.”."""
        own = next((f for f in heads if f.item and f.cue is None and f.codes("phrase")), None)
        if own is None:
            return
        for hit in self._subscriptions.longest(page.text, own.instrument.end):
            sentence = page.sentence_at(hit.start)
            if sentence is None or sentence.start != hit.start:
                continue
            tokens = tokens_of(page, sentence.start, sentence.end)
            instrument = replace(
                own.instrument, start=hit.start, end=hit.start, head=(hit.start, hit.start),
                body=hit.start, article="definite", modifiers=False, complement=False, name=None,
                sentence=sentence, tokens=tokens, first=0, last=0, restricted=False,
            )  # fmt: skip
            frame = self._frame(page, instrument, [])
            frame.sides, frame.follows = [], own
            yield frame
            return

    def _continued(self, page: Page, frame: Frame, starts: Sequence[int]) -> Iterator[Frame]:
        """What the next sentence says of the instrument as “it”: “It was signed by …”."""
        sentence = frame.instrument.sentence
        following = page.sentence_at(sentence.end + 1) or page.sentence_at(sentence.end + 2)
        if following is None or following == sentence or following.block != sentence.block:
            return
        opening = page.text[following.start : following.start + _LONG_WORD].lower()
        if not opening.startswith(self._openings):
            return
        tokens = tokens_of(page, following.start, following.end)
        named = bisect_left(starts, following.start) < bisect_left(starts, following.end)
        if named or not tokens or tokens[0].low not in self._pronouns:
            return
        pronoun = tokens[0].span
        instrument = replace(
            frame.instrument, start=pronoun[0], end=pronoun[1], head=pronoun, body=pronoun[1],
            article="definite", modifiers=False, complement=False, name=None, sentence=following,
            tokens=tokens, first=0, last=1, restricted=False,
        )  # fmt: skip
        again = self._frame(page, instrument, [])
        if again.cue and again.cue.distance <= _PRONOUN and again.cue.state in _MADE:
            again.sides = [s for s in again.sides if s.step == "clause"]
            again.follows = frame
            yield again

    def _frame(self, page: Page, instrument: Instrument, others: list[Instrument]) -> Frame:
        sentence = instrument.sentence
        before = [o.end for o in others if o.end <= instrument.start]
        after = [o.start for o in others if o.start >= instrument.end]
        scope = (max(before, default=sentence.start), min(after, default=sentence.end))
        tokens = instrument.tokens
        whole = (max(sentence.start, tokens[0].start), min(sentence.end, tokens[-1].end))
        apart_from = [o for o in others if not self._coordinated(page.text, instrument, o)]
        apart = [o.span for o in apart_from]
        title = (instrument.body, instrument.end)
        cue = self._status.read(page.text, whole, instrument.span, apart, title)
        cue = self._demanded(page, cue, sentence.start) if cue and cue.distance <= _FAR else None
        frame = Frame(instrument, scope, cue)
        frame.item = _is_item(page, instrument)
        if _is_empty(frame):
            return frame
        frame.sides = self._sides.phrase(instrument)
        if page.blocks[sentence.block].kind == "table_row":
            frame.sides += self._sides.cells(instrument)
        frame.sides += self._sides.clause(instrument, sentence.start, scope[1])
        if len(frame.codes()) < 2 or not frame.is_complete:
            frame.sides += self._sides.sentence(instrument, others)
        frame.date = self._date(page, frame, others, apart_from)
        frame.place = self._place(page, frame)
        return frame

    def _demanded(self, page: Page, cue: StatusCue, start: int) -> StatusCue:
        """The cue, planned where it is the imperative of a bullet: “Sign an MoU on …”."""
        verb = page.text[cue.start : cue.end].lower()
        if cue.start != start or verb not in self._imperatives:
            return cue
        return cue._replace(state="planned", status="proposed")

    def _coordinated(self, text: str, one: Instrument, other: Instrument) -> bool:
        """Whether only “and”, articles and commas stand between two instruments."""
        first, second = sorted((one, other), key=lambda i: i.start)
        between = text[first.end : second.start].lower().replace(",", " , ").split()
        return all(word in self._loose for word in between)

    def _date(
        self, page: Page, frame: Frame, others: list[Instrument], apart: list[Instrument]
    ) -> Support | None:
        """The date of the stage: the nearest of the sentence that no other instrument is nearer to."""
        instrument = frame.instrument
        around = page.within(page.dates, instrument.tokens[0].start, instrument.tokens[-1].end)
        if not around:
            return None
        inside = [t.mention for t in instrument.phrase if isinstance(t.mention, DateMention)]
        head = instrument.head
        for mention in inside:
            if _is_term(mention) or _is_named(page.text, mention):
                continue
            if mention.end <= head[0] and mention.interval.granularity != "range":
                return date_support(mention, "phrase")
        planned = frame.cue is not None and frame.cue.state in _FUTURE
        today = page.document.published
        if planned and today is None:
            return None
        anchor = (frame.cue.start, frame.cue.end) if frame.cue else instrument.span
        dates = [
            d
            for d in around
            if not _is_term(d)
            and d not in inside
            and not self._is_other_time(page, d)
            and not _is_in(d, others)
        ]
        if instrument.restricted:
            dates = [d for d in dates if d.start >= instrument.end]
        row = page.blocks[instrument.sentence.block].kind == "table_row"
        near = [d for d in dates if not _nearer_to_others(d, anchor, apart)]
        near = [d for d in near if planned or not self._is_to_come(page, frame, d)]
        if planned:
            near = [d for d in near if d.interval.first == d.interval.last == today]
        near = [d for d in near if not self._is_reported(instrument, anchor, d)]
        near = [d for d in near if not self._is_of_other_stage(page, frame, d)]
        opening = page.blocks[instrument.sentence.block].start
        near = [d for d in near if row or not is_dateline(page.text, opening, d)]
        passing = frame.cue is None or frame.cue.state in _UNDATED or _is_passing(frame)
        if passing and not row:
            near = [d for d in near if 0 <= d.start - instrument.end <= _BESIDE]
        best = min(near, key=lambda d: (_distance(d, anchor), d.start), default=None)
        return date_support(best, "clause") if best else None

    def _city(self, low: str, mention: CountryMention) -> str | None:
        """The city that a mention names, a city state included."""
        if mention.via == "place":
            return mention.place
        return low.title() if low in self._city_states else None

    def _is_to_come(self, page: Page, frame: Frame, date: DateMention) -> bool:
        """Whether a date stands behind a stage that lies in the future: “may be signed in 2020”."""
        if frame.cue is None or frame.cue.status != "proposed":
            return False
        sentence = frame.instrument.sentence
        tokens = frame.instrument.tokens
        scope = (max(sentence.start, tokens[0].start), min(sentence.end, tokens[-1].end))
        cues = self._status.all(page.text, scope, frame.instrument.span)
        before = [c for c in cues if c.end <= date.start]
        last = max(before, key=lambda c: c.end, default=None)
        return last is not None and last.state in _FUTURE

    def _is_of_other_stage(self, page: Page, frame: Frame, date: DateMention) -> bool:
        """Whether another stage stands between: “On 5 May A approved the MoU signed by B”."""
        cue = frame.cue
        if cue is None or date.end > cue.start:
            return False
        cues = self._status.all(page.text, (date.end, cue.start), (cue.start, cue.start))
        return any(c.state != cue.state and c.state in _MADE for c in cues)

    def _is_reported(
        self, instrument: Instrument, anchor: tuple[int, int], date: DateMention
    ) -> bool:
        """Whether a date says when it was told: “A and B signed it, the agency said on Monday”."""
        start, end = (anchor[1], date.start) if date.start >= anchor[1] else (date.end, anchor[0])
        told = [t for t in instrument.tokens if t.kind == "word" and t.low in self._reporting]
        beside = any(0 <= date.start - t.end <= _TOLD for t in told)
        return beside or any(t.start >= start and t.end <= end for t in told)

    def _is_other_time(self, page: Page, date: DateMention) -> bool:
        """Whether the word before a date makes it a bound: “since 2010”, “by 2030”."""
        words = page.text[max(0, date.start - 40) : date.start].lower().split()
        if any(word in self._unbounded for word in words[-4:]) or _is_named(page.text, date):
            return True
        return bool(words) and words[-1] in self._not_dates_after

    def _place(self, page: Page, frame: Frame) -> Support | None:
        """The city behind “in” or “at” in the clause of the signing."""
        cue = frame.cue
        if cue is None or cue.status != "signed":
            return None
        start, end = frame.scope
        if not page.within(page.countries, start, end):
            return None
        tokens = frame.instrument.tokens
        for before, token in pairwise(tokens):
            mention = token.mention
            if not isinstance(mention, CountryMention) or not start <= token.start < end:
                continue
            near = token.start - max(cue.end, frame.instrument.end) <= _PLACE
            if before.low in self._at and near and token.start >= min(cue.start, frame.start):
                name = self._city(token.low, mention)
                if name:
                    return Support(
                        "place", name, token.start, token.end, "agreements/place", "clause"
                    )
        return None


def _is_item(page: Page, instrument: Instrument) -> bool:
    """Whether a block begins with an instrument."""
    start = page.blocks[instrument.sentence.block].start
    if instrument.sentence.start != start:
        return False
    return not page.text[start : instrument.start].strip(_OPENINGS)


def _is_empty(frame: Frame) -> bool:
    """Whether a frame can make no record, so that nothing else need be read: no stage for a plain noun."""
    instrument = frame.instrument
    if instrument.is_group:
        return False
    if instrument.generic:
        return True
    needs, plain = instrument.rule.needs, frame.cue is None and not instrument.capital
    return plain and (needs == "made" or (needs == "stage" and instrument.article != "definite"))


# What may stand before the instrument that opens an item: numbers, quotes, cells.
_OPENINGS = " “\"'–-•0123456789.)|"


def _is_passing(frame: Frame) -> bool:
    """Whether a treaty of many states is only mentioned: no stage stands beside it."""
    cue = frame.cue
    made = cue is not None and cue.state in _MADE and cue.distance <= 1
    return frame.instrument.rule.worldwide and not made


def _distance(mention: DateMention, anchor: tuple[int, int]) -> int:
    """Characters between; what stands behind the stage is nearer than what stands before."""
    if mention.start >= anchor[1]:
        return mention.start - anchor[1]
    return 10 + 3 * max(0, anchor[0] - mention.end)


def _is_named(text: str, date: DateMention) -> bool:
    """Whether a year ends a name: “the Reef Conference 2018”."""
    if date.interval.granularity != "year":
        return False
    return _IN_NAME.search(text[max(0, date.start - _NAME) : date.start]) is not None


def _is_term(date: DateMention) -> bool:
    """Whether a date is a term of years, as of a plan, and no day of signing."""
    interval = date.interval
    return interval.granularity == "range" and interval.last.year > interval.first.year


def _is_in(date: DateMention, others: Iterable[Instrument]) -> bool:
    """Whether a date belongs to the name of another instrument."""
    return any(o.start <= date.start and date.end <= o.end for o in others)


def _nearer_to_others(
    date: DateMention, anchor: tuple[int, int], others: Iterable[Instrument]
) -> bool:
    """Whether another instrument stands between the date and the stage."""
    return any(
        (anchor[1] <= other.start and other.end <= date.start)
        or (date.end <= other.start and other.end <= anchor[0])
        for other in others
    )


def date_support(mention: DateMention, step: str) -> Support:
    """The support of a record's date by a date of the text."""
    detail = mention.resolved_from
    return Support(
        "date", str(mention.interval), mention.start, mention.end, "agreements/date", step, detail
    )
