"""Groups of instruments and their members: in the sentence, in a list, in the text that follows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise

from pipeline.model import DateMention
from pipeline.records.frames import Frame, date_support
from pipeline.records.merge import Draft
from pipeline.records.page import Page
from pipeline.records.parties import Side
from pipeline.records.phrases import Phrases
from pipeline.records.status import StatusReader
from pipeline.records.tokens import Token, tokens_of
from pipeline.records.topics import TopicReader
from pipeline.rulebook.agreements import AgreementWords

_LIST = frozenset({"bullet", "table_row"})
_LONGEST_ITEM = 160
# An instrument that opens a block stands at most so many characters behind its start.
_OPENING = 48
# A stage so many words before the colon of a lead-in is said of the items.
_STAGED = 8
# The members of a group stand among so many records before and behind it.
_REACH = 40


class GroupReader:
    """Tells groups apart where the document does."""

    def __init__(self, words: AgreementWords, topics: TopicReader) -> None:
        self._joins = frozenset({",", *words.and_})
        self._between = frozenset(words.between)
        self._topics = topics
        self._namely = Phrases((w, None) for w in words.namely)
        self._paired = Phrases((w, None) for w in words.paired)

    def split(self, page: Page, frames: Sequence[Frame]) -> list[Frame]:
        """The frames, a group that lists its members replaced by them."""
        found: list[Frame] = []
        for frame in frames:
            members = list(self._members(page, frame, frames)) if frame.instrument.is_group else []
            found += members or [frame]
        found.sort(key=lambda f: (f.start, f.instrument.end))
        self._pair_dates(page, found)
        self._hand_on(page, found)
        return found

    def _hand_on(self, page: Page, frames: Sequence[Frame]) -> None:
        """“the signing of several MoUs on 5 May, including one on reefs”: members share stage and day."""
        for group, member in pairwise(frames):
            if not group.instrument.is_group or member.cue or group.cue is None:
                continue
            if group.instrument.sentence != member.instrument.sentence:
                continue
            if self._namely.all(page.text, group.instrument.end, member.start):
                member.cue, member.date = group.cue, member.date or group.date

    def _pair_dates(self, page: Page, frames: Sequence[Frame]) -> None:
        """“A and B entered into force in 2008 and 2010 respectively”: each its own date."""
        for sentence, group in groupby(frames, key=lambda f: f.instrument.sentence):
            told = list(group)
            if len(told) < 2 or not self._paired.all(page.text, sentence.start, sentence.end):
                continue
            dates = page.within(page.dates, told[-1].instrument.end, sentence.end)
            if len(dates) == len(told):
                for frame, date in zip(told, dates, strict=True):
                    frame.date = date_support(date, "clause")

    def _members(self, page: Page, frame: Frame, frames: Sequence[Frame]) -> Iterator[Frame]:
        partners = _partners(frame)
        if len(partners) > 1 and not frame.instrument.generic:
            yield from self._by_partner(page, frame, partners)
            return
        subjects = self._subjects(frame)
        if self._tells_apart(page.text, frame, subjects):
            yield from (_subject(frame, *span) for span in subjects)
            return
        yield from _items(page, frame, frames)

    def _tells_apart(self, text: str, frame: Frame, subjects: list[tuple[int, int]]) -> bool:
        """Whether what stands behind a group are its members: as many, or each with a topic."""
        instrument = frame.instrument
        if len(subjects) < 2 or instrument.generic:
            return False
        if instrument.count is not None:
            return len(subjects) == instrument.count
        definite = instrument.article == "definite" and frame.codes("phrase") == set()
        return definite and all(any(self._topics.read(text, *s, "phrase")) for s in subjects)

    def _subjects(self, frame: Frame) -> list[tuple[int, int]]:
        """The subjects that a group lists: “three MoUs in A, B, and C”."""
        instrument = frame.instrument
        behind = [t for t in instrument.phrase if t.start >= instrument.body]
        if behind and behind[0].low in self._between:
            # Sides, as many as instruments: "two MoUs between A and B".
            return []
        parts: list[list[Token]] = [[]]
        for token in behind[1:]:
            if token.low in self._joins:
                parts.append([])
            else:
                parts[-1].append(token)
        return [(p[0].start, p[-1].end) for p in parts if p]

    def _by_partner(self, page: Page, frame: Frame, partners: list[Side]) -> Iterator[Frame]:
        """“MoUs with A and B in 2008 and 2010 respectively”: one with each partner."""
        sentence = frame.instrument.sentence
        dates = [
            d
            for d in page.within(page.dates, sentence.start, sentence.end)
            if d.start > partners[-1].end
        ]
        paired: list[DateMention | None] = [*dates] if len(dates) == len(partners) else []
        for i, partner in enumerate(partners):
            others = {p.code for p in partners if p is not partner}
            sides = [s for s in frame.sides if s.code not in others]
            instrument = replace(frame.instrument, count=1, complement=True)
            member = replace(frame, instrument=instrument, sides=sides, partner=partner)
            date = paired[i] if paired else None
            yield replace(member, date=date_support(date, "clause")) if date else member


def _partners(frame: Frame) -> list[Side]:
    """The countries behind “with” of a plural: one instrument with each, unless counted otherwise."""
    found: dict[str, Side] = {}
    for side in frame.sides:
        if side.step == "phrase" and side.partner and side.code and not side.institution:
            found.setdefault(side.code, side)
    return list(found.values()) if frame.instrument.count in {None, len(found)} else []


def _subject(frame: Frame, start: int, end: int) -> Frame:
    instrument = replace(frame.instrument, start=start, end=end, count=1, complement=True)
    return replace(frame, instrument=instrument, title=(start, end))


def _items(page: Page, frame: Frame, frames: Sequence[Frame]) -> Iterator[Frame]:
    """The bullets below a group that ends its block with a colon, when they name no instrument."""
    block = frame.block
    if not page.text_of(block).rstrip().endswith(":"):
        return
    for index in range(block + 1, len(page.blocks)):
        item = page.blocks[index]
        if item.kind not in _LIST or page.lead_in(index) != block:
            return
        text = page.text_of(index)
        named = any(item.start <= f.start < item.end for f in frames)
        if item.boilerplate is None and not named and len(text) < _LONGEST_ITEM:
            yield _item(page, frame, index)


def _item(page: Page, frame: Frame, index: int) -> Frame:
    block = page.blocks[index]
    sentence = page.sentence_at(block.start) or frame.instrument.sentence
    tokens = [t for t in tokens_of(page, block.start, block.end) if t.low not in {";", ",", "."}]
    end = tokens[-1].end if tokens else block.end
    instrument = replace(
        frame.instrument, start=block.start, end=end, sentence=sentence, tokens=tokens, first=0,
        last=len(tokens), count=1, complement=True, article="none",
    )  # fmt: skip
    return replace(frame, instrument=instrument, title=(block.start, end), item=True, group=frame)


def inherit(
    page: Page, drafts: Sequence[Draft], frames: Sequence[Frame], status: StatusReader
) -> list[Draft]:
    """The drafts without the groups whose members are told of; members take from their group."""
    carriers = [f for f in frames if f.instrument.is_group and f.cue and f.cue.status]
    dissolved: list[Draft] = []
    for index, draft in enumerate(drafts):
        if draft.first.instrument.is_group:
            around = drafts[max(0, index - _REACH) : index + _REACH]
            members = [d for d in around if _may_be_member(d, draft)]
            if 2 * len(members) >= (draft.first.instrument.count or 1):
                dissolved.append(draft)
                for member in members:
                    member.inherited += draft.frames
    openings = {f.block for f in frames if _opens(page, f)}
    for draft in drafts:
        lead_in = _lead_in(page, draft.first, openings)
        carrying = [f for f in carriers if f.block == lead_in]
        if not carrying and lead_in is not None and draft.first.cue is None:
            carrying = list(_staged(page, draft.first, lead_in, status))
        draft.inherited += carrying
    return [d for d in drafts if d not in dissolved]


def _lead_in(page: Page, first: Frame, openings: set[int]) -> int | None:
    """The block that introduces an item; items may be paragraphs below “… approved:”."""
    if page.blocks[first.block].kind in _LIST or not _opens(page, first):
        return page.lead_in(first.block)
    for index in range(first.block - 1, max(-1, first.block - _REACH), -1):
        if page.blocks[index].boilerplate is not None:
            continue
        if page.text_of(index).rstrip().endswith(":"):
            return index
        if index not in openings:
            return None
    return None


def _opens(page: Page, frame: Frame) -> bool:
    """Whether an instrument stands at the start of its block: “The extension of the MoU …”."""
    return frame.start - page.blocks[frame.block].start <= _OPENING


def _staged(page: Page, first: Frame, block: int, status: StatusReader) -> Iterator[Frame]:
    """The stage that a lead-in without an instrument tells: “The Cabinet decided to approve:”."""
    sentences = page.block_sentences(block)
    if not sentences:
        return
    opening = sentences[-1]
    cue = status.read(page.text, (opening.start, opening.end), (opening.end, opening.end))
    if cue and cue.status and cue.distance <= _STAGED:
        instrument = replace(first.instrument, sentence=opening, start=opening.end)
        yield replace(first, instrument=instrument, cue=cue, sides=[], date=None, place=None)


def _may_be_member(draft: Draft, group: Draft) -> bool:
    """Whether a record may be one of a group: of its kind and sides, not of another year."""
    first, head = draft.first.instrument, group.first.instrument
    if first.is_group or not (head.rule.vague or draft.first.kind == group.first.kind):
        return False
    if draft.year and group.year and draft.year != group.year:
        return False
    mine, theirs = draft.codes(), group.codes()
    if mine and theirs and not mine & theirs:
        return False
    past = draft.first.cue is None and first.article == "definite" and not draft.first.item
    return not past or draft.first.start > group.first.start
