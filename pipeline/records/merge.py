"""Mentions of one instrument in a document become one record."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline.edtf import parse
from pipeline.model import CountryMention
from pipeline.records.frames import Frame
from pipeline.records.instruments import Instrument
from pipeline.records.report import Support
from pipeline.records.tokens import Token
from pipeline.rulebook.agreements import AgreementWords

_WORD = re.compile(r"[^\W_]+")
# How much of the shorter title's words the longer one must share.
_SAME = 0.6
# More mentions of one instrument say nothing new.
_MOST_FRAMES = 30
_REACH = 40
# A cue so near makes "the MoU" a report of its own when nothing was said of it before.
_BESIDE = 3
# "The joint statement" is read as that of the event, be it told of before or not.
_STATEMENTS = frozenset({"joint_statement"})
# The first side stands so many characters behind “with”.
_CLOSE = 6
# A dash behind the name that heads an item, and how far behind its start that name may stand.
_DASHES = frozenset("-–—‑")
_OPENING = 24
# A short form of a word has so many letters at least.
_SHORT = 4
# What a clause equates with an instrument stands at most so many characters behind it.
_EQUAL = 60
_MADE = frozenset({"signed", "launched", "approved", "finalised", "in_force", "renewed"})


@dataclass(eq=False)
class Draft:
    """A record being made of frames; the first names it.

    ``words`` tell its title from others, ``told`` are those of all its mentions, ``names`` are its acronyms, ``inherited`` the groups that
    it is a member of.
    """

    frames: list[Frame]
    words: frozenset[str]
    names: set[str] = field(default_factory=set)
    inherited: list[Frame] = field(default_factory=list)
    told: set[str] = field(default_factory=set)

    @property
    def first(self) -> Frame:
        return self.frames[0]

    @property
    def last(self) -> Instrument:
        """Its latest mention."""
        return self.frames[-1].instrument

    def codes(self) -> set[str]:
        """The sides of the noun phrases, else of the clauses."""
        phrase = set().union(*(f.codes("phrase") for f in self.frames))
        if len(phrase) > 1:
            return phrase
        return set().union(*(f.codes("phrase", "clause") for f in self.frames))

    @property
    def year(self) -> int | None:
        """The year of its first date."""
        dated = next((f.date for f in self.frames if f.date), None)
        return parse(str(dated.value)).first.year if dated else None

    def add(self, frame: Frame, words: frozenset[str]) -> None:
        """Adds a mention; the first content words stay."""
        if len(self.frames) < _MOST_FRAMES:
            self.frames.append(frame)
        self.words = self.words or words
        self.told |= words
        if frame.instrument.name:
            self.names.add(frame.instrument.name)


class Lead(NamedTuple):
    """The end of title and lead, the day of what they report, the end of the title alone."""

    end: int
    date: Support | None
    title: int = 0


class Merger:
    """Joins frames that tell of one instrument."""

    def __init__(self, fillers: frozenset[str], words: AgreementWords) -> None:
        self._fillers = fillers
        self._copulas = tuple(w + " " for w in words.copulas)
        self._under = tuple(words.under)

    def merge(self, text: str, frames: Sequence[Frame], lead: Lead) -> list[Draft]:
        """One draft for each instrument, in the order of their first mention.

        What title and lead name in brief is told in full below.
        """
        drafts: list[Draft] = []
        for frame in frames:
            words = self.content(text, frame)
            known = _within_reach(drafts)
            draft = self._equated(text, frame, known) or self._known(frame, words, known, lead)
            if draft:
                draft.add(frame, words)
            elif _may_open(frame) or self._is_presumed(frame):
                name = frame.instrument.name
                names = {name} if name else set()
                drafts.append(Draft([frame], words, names, told=set(words)))
        return drafts

    def content(self, text: str, frame: Frame) -> frozenset[str]:
        """The words of a title that tell one instrument from another."""
        if frame.title:
            words = _WORD.findall(text[slice(*frame.title)].lower())
        else:
            instrument = frame.instrument
            plain = [t for t in instrument.phrase if t.kind == "word" or _is_place(t)]
            acronym = (instrument.head[1], instrument.body)
            apart = [t for t in plain if t.end <= acronym[0] or t.start >= acronym[1]]
            words = [w for t in apart for w in _WORD.findall(t.low)]
        named = {w.rstrip("s") for w in words if w not in self._fillers and not w.isdigit()}
        return frozenset(w for w in named if len(w) > 1)

    def _known(
        self, frame: Frame, words: frozenset[str], drafts: Sequence[Draft], lead: Lead
    ) -> Draft | None:
        """The draft that a frame goes on about, the latest first."""
        if frame.follows:
            return next((d for d in reversed(drafts) if frame.follows in d.frames), None)
        if is_anaphor(frame):
            return _antecedent(frame, drafts, lead)
        same = (d for d in reversed(drafts) if self._is_same(frame, words, d, lead))
        return _closest(frame, same) or _renamed(frame, words, drafts, lead)

    def _equated(self, text: str, frame: Frame, drafts: Sequence[Draft]) -> Draft | None:
        """The draft that a clause says a frame to be: “The KFDA will be Kenya’s first Agreement”."""
        if not drafts or frame.instrument.is_group or frame.start > drafts[-1].last.end + _EQUAL:
            return None
        last = drafts[-1].last
        between = text[last.end : frame.start].lower().strip()
        same = last.sentence == frame.instrument.sentence and between.startswith(self._copulas)
        return drafts[-1] if same and drafts[-1].first.kind == frame.kind else None

    def _is_presumed(self, frame: Frame) -> bool:
        """Whether a sentence takes an instrument for known that nothing named: “under the MoU”."""
        instrument = frame.instrument
        before = [t.low for t in instrument.tokens[max(0, instrument.first - 2) : instrument.first]]
        plain = instrument.rule.needs == "nothing" and not instrument.rule.vague
        return plain and len(before) > 1 and before[0] in self._under and not instrument.is_group

    def _is_same(self, frame: Frame, words: frozenset[str], draft: Draft, lead: Lead) -> bool:
        if _told_apart(frame, words, draft):
            return False
        if frame.instrument.name and draft.names:
            return frame.instrument.name in draft.names
        if _is_retold(frame, draft, lead) or _is_spelled_out(frame, draft):
            return True
        agree = _same_noun(frame, draft) and _kinds_agree(frame, draft, lead)
        if not agree or _conflict(frame, draft, lead):
            return False
        if not words or not draft.words:
            return _bare_agrees(frame, words, draft, lead)
        return _shared(words, draft.words) / min(len(words), len(draft.words)) >= _SAME


def _closest(frame: Frame, drafts: Iterable[Draft]) -> Draft | None:
    """The first of several drafts, rather one of exactly the same sides."""
    found = list(drafts)
    codes = frame.codes("phrase")
    exact = (d for d in found if len(codes) > 1 and d.codes() == codes)
    return next(exact, None) or next(iter(found), None)


def _shared(one: frozenset[str], other: frozenset[str]) -> int:
    """How many words two titles share; “tech” is short for “technology”."""
    shared = one & other
    if not shared:
        return 0
    left, right = one - shared, other - shared
    short = [w for w in left if any(_is_short(w, v) or _is_short(v, w) for v in right)]
    return len(shared) + len(short)


def _is_short(word: str, long: str) -> bool:
    return len(word) >= _SHORT and long.startswith(word)


def _may_open(frame: Frame) -> bool:
    """Whether a mention that fits no draft begins one."""
    needs = frame.instrument.rule.needs
    if frame.follows or frame.joins or needs == "back" or (needs == "two" and is_anaphor(frame)):
        return False
    return not is_anaphor(frame) or _is_made(frame)


def _within_reach(drafts: Sequence[Draft]) -> Sequence[Draft]:
    """The drafts that a frame may go on about: the first and the latest; it bounds the work."""
    return drafts if len(drafts) <= 2 * _REACH else [*drafts[:_REACH], *drafts[-_REACH:]]


def _renamed(
    frame: Frame, words: frozenset[str], drafts: Sequence[Draft], lead: Lead
) -> Draft | None:
    """The one “deal” of the same sides that “the MoU between A and B” calls by its kind."""
    codes = frame.codes("phrase")
    if frame.instrument.article != "definite" or not codes or frame.item:
        return None
    known = [d for d in drafts if codes <= d.codes()]
    if len(known) != 1 or _told_apart(frame, words, known[0]):
        return None
    draft = known[0]
    vague = frame.instrument.rule.vague or draft.first.instrument.rule.vague
    whole = len(codes) > 1 and codes == draft.codes()
    renamed = vague and whole and bool(words & draft.told)
    again = frame.kind == draft.first.kind and not words and _has_only_sides(frame)
    return draft if (renamed or again) and not _conflict(frame, draft, lead) else None


def _has_only_sides(frame: Frame) -> bool:
    """Whether only sides stand behind a noun in the telling of its making: “signed the MoU with A”."""
    sides = [s for s in frame.sides if s.step == "phrase"]
    complement = [t for t in frame.instrument.phrase if t.start >= frame.instrument.body]
    cue = frame.cue
    made = cue is not None and cue.state in _MADE and cue.distance <= _BESIDE
    return made and bool(sides and complement) and sides[0].start - complement[0].end <= _CLOSE


def _is_retold(frame: Frame, draft: Draft, lead: Lead) -> bool:
    """Whether the lead tells in full what the title says in brief, be it by another name."""
    fresh = frame.instrument.article == "indefinite" or frame.instrument.restricted
    if draft.first.start >= lead.title or frame.start >= lead.end:
        return False
    if not (fresh or is_new(frame)):
        return False
    plain = all(f.start < lead.title or f.instrument.rule.vague for f in draft.frames)
    if not plain or frame.start < lead.title:
        return False
    vague = frame.instrument.rule.vague or draft.first.instrument.rule.vague
    if not vague and frame.kind != draft.first.kind:
        return False
    mine, theirs = frame.codes("phrase", "clause"), draft.codes()
    fits = mine <= theirs or theirs <= mine
    return fits and not _other_signers(frame, draft) and not _dates_differ(frame, draft, lead)


def _told_apart(frame: Frame, words: frozenset[str], draft: Draft) -> bool:
    """Whether the layout tells two instruments apart: groups, members, items of a list."""
    grouped = frame.instrument.is_group != draft.first.instrument.is_group or frame.group
    if grouped or frame.instrument.other:
        return True
    if frame.partner and draft.first.partner and frame.partner != draft.first.partner:
        return True
    if not (frame.item and draft.first.item) or frame.block == draft.first.block:
        return False
    if frame.instrument.name in draft.names:
        return False
    mine, theirs = frame.signers(), draft.first.signers()
    if mine and theirs and mine != theirs:
        return True
    return bool(words) and bool(draft.words) and words != draft.words


def _bare_agrees(frame: Frame, words: frozenset[str], draft: Draft, lead: Lead) -> bool:
    """A title without content is the instrument told of in the headline or the lead."""
    if frame.instrument.is_group:
        return frame.instrument.count == draft.first.instrument.count
    if _is_headed(frame, draft, lead):
        return True
    mine, theirs = frame.codes("phrase", "clause"), draft.codes()
    fits = not mine or not theirs or mine <= theirs or theirs <= mine
    if not words and frame.instrument.article == "definite":
        return fits
    if (frame.item and frame.start > lead.end) or frame.kind != draft.first.kind:
        return False
    introduced = frame.instrument.article == "indefinite" and frame.start > lead.end
    if introduced and frame.partner_ids and not draft.first.partner_ids:
        return False
    return fits and draft.first.start < lead.end and not _other_signers(frame, draft)


def _is_headed(frame: Frame, draft: Draft, lead: Lead) -> bool:
    """Whether a bare noun heads the text of an instrument, with its name below."""
    head = draft.first
    bare = head.item and not head.codes() and not draft.words and head.cue is None
    return bare and frame.item and frame.kind == head.kind and head.start < lead.title


def _is_spelled_out(frame: Frame, draft: Draft) -> bool:
    """Whether a proposal tells in full what heads its item: “MoU on reefs – … to sign an MoU …”."""
    head = draft.first.instrument
    if frame.instrument.article != "indefinite" or frame.kind != draft.first.kind:
        return False
    closed = head.last < len(head.tokens) and head.tokens[head.last].low in _DASHES
    ended = head.last + 1 == len(head.tokens)
    near = frame.block == draft.first.block + (1 if ended else 0)
    cue = draft.first.cue
    told = cue is not None and head.sentence.start < cue.start < head.start
    closed = closed and head.start - head.sentence.start <= _OPENING and not told
    return near and closed and not _conflicting_sides(frame, draft)


def _other_signers(frame: Frame, draft: Draft) -> bool:
    """Whether other institutions stand as sides."""
    mine = frame.signers()
    theirs = set().union(*(f.signers() for f in draft.frames))
    return bool(mine and theirs and not mine & theirs)


def is_anaphor(frame: Frame) -> bool:
    """Whether a frame only points back: “the MoU”, “this agreement”."""
    instrument = frame.instrument
    definite = instrument.article == "definite"
    named = instrument.modifiers or instrument.name or instrument.rule.worldwide
    bare = not named and not instrument.complement and not instrument.other
    past = instrument.restricted and frame.date is not None and not frame.is_today
    return definite and bare and not past and not frame.codes("phrase")


def _is_made(frame: Frame) -> bool:
    """Whether a clause tells of the making of an instrument that nothing named before."""
    cue = frame.cue
    if frame.instrument.is_group:
        return False
    stated = frame.kind in _STATEMENTS
    return stated or bool(cue and cue.state in _MADE and cue.distance <= _BESIDE)


def _antecedent(frame: Frame, drafts: Sequence[Draft], lead: Lead) -> Draft | None:
    """What “the MoU” means: one of its sentence, one new in its block, that of the lead, the latest."""
    fitting = [d for d in reversed(drafts) if _refers(frame, d, lead)]
    fitting = fitting or [d for d in reversed(drafts) if _refers(frame, d, lead, vaguely=True)]
    sentence = frame.instrument.sentence
    same = (d for d in fitting if any(f.instrument.sentence == sentence for f in d.frames))
    new = (d for d in fitting if d.first.block == frame.block and is_new(d.first))
    leading = (d for d in fitting if d.first.start < lead.end and is_new(d.first))
    return next(same, None) or next(new, None) or next(leading, None) or next(iter(fitting), None)


def is_new(frame: Frame) -> bool:
    """Whether a frame brings in an instrument and doesn't only mention it."""
    cue = frame.cue
    return frame.item or bool(cue and cue.distance <= _BESIDE and not frame.instrument.restricted)


def _refers(frame: Frame, draft: Draft, lead: Lead, *, vaguely: bool = False) -> bool:
    """Whether “the MoU” may mean this draft; a vague noun may mean any, or be meant (``vaguely``)."""
    if frame.instrument.is_group != draft.first.instrument.is_group:
        return False
    same = any(frame.kind == f.kind for f in draft.frames)
    vague = frame.instrument.rule.vague or (vaguely and draft.first.instrument.rule.vague)
    return (same or vague) and not _dates_differ(frame, draft, lead)


def _kinds_agree(frame: Frame, draft: Draft, lead: Lead) -> bool:
    """Whether two nouns may mean one instrument; “a deal” far below brings in another."""
    kinds = {f.kind for f in draft.frames}
    introduced = frame.instrument.article == "indefinite" and frame.start > lead.end
    vague = frame.instrument.rule.vague and not frame.instrument.capital and not introduced
    first = draft.first.instrument
    return frame.kind in kinds or vague or (first.rule.vague and not first.capital)


def _conflicting_sides(frame: Frame, draft: Draft) -> bool:
    mine, theirs = frame.codes("phrase"), draft.codes()
    if len(mine) > 1 and len(theirs) > 1 and not (mine <= theirs or theirs <= mine):
        return True
    return bool(mine and theirs and not mine & theirs)


def _conflict(frame: Frame, draft: Draft, lead: Lead) -> bool:
    if _conflicting_sides(frame, draft):
        return True
    known = set().union(*(f.partner_ids for f in draft.frames))
    if frame.partner_ids and known and not frame.partner_ids & known:
        return True
    return _dates_differ(frame, draft, lead)


def _dates_differ(frame: Frame, draft: Draft, lead: Lead) -> bool:
    """Whether they are of two days; one reported in the lead is of the day of the event."""
    dates = [f.date for f in draft.frames if f.date]
    if not dates and lead.date and draft.first.start < lead.end and frame.instrument.restricted:
        dates = [lead.date]
    if not frame.date or not dates:
        return False
    mine, theirs = parse(str(frame.date.value)), parse(str(dates[0].value))
    if frame.instrument.restricted != draft.first.instrument.restricted:
        return not mine.overlaps(theirs)
    return mine.first.year != theirs.first.year


def _same_noun(frame: Frame, draft: Draft) -> bool:
    """Whether two names end in the same noun: an initiative is no partnership."""
    return frame.instrument.rule.needs != "sides" or any(frame.noun == f.noun for f in draft.frames)


def _is_place(token: Token) -> bool:
    """A city in a title tells instruments apart: “Paris Agreement”."""
    return isinstance(token.mention, CountryMention) and token.mention.via == "place"
