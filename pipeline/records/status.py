"""How far a thing got: cues with direction, reach, scope and precedence, as ConText reads them.

    reader = StatusReader(book.status, "meeting")
    cue = reader.read(text, (sentence.start, sentence.end), (thing.start, thing.end))
    cue.status   # the value of the tables; None: the text says that there is no such record
    cue.state    # the finer state; with the words text[cue.start:cue.end] it makes Support.detail

``read`` gives None when the scope holds no cue. Things told of in the same sentence go into
``others``: a cue beside one of them, and nearer to it, says nothing of this one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pipeline.records.phrases import Found, Phrases
from pipeline.rulebook.status import StatusRule, StatusRules

Span = tuple[int, int]
# A cue with at most so many words between stands beside a thing: "signed a new bilateral MoU".
_BESIDE = 2


class StatusCue(NamedTuple):
    """The state of a thing, the words at ``start:end`` that say so, and the rule that reads them.

    ``distance`` is the number of words between the cue and the thing.
    """

    state: str
    status: str | None
    start: int
    end: int
    rule: str
    precedence: int
    distance: int

    def detail(self, text: str) -> str:
        """The state with its words, as evidence keeps them."""
        return f"{self.state}: {text[self.start : self.end]}"


class StatusReader:
    """Reads the state of things of one kind: agreement, meeting or project."""

    def __init__(self, rules: StatusRules, subject: str) -> None:
        own = [rule for rule in rules.rule if subject in rule.subjects]
        self._cues = Phrases((cue, rule) for rule in own for cue in rule.cues)
        self._terminators = Phrases((t, None) for t in rules.terminators)
        self._links = Phrases((link, None) for link in rules.links)
        self._resets = Phrases((r, None) for r in rules.resets)

    def read(
        self,
        text: str,
        scope: Span,
        span: Span,
        others: Sequence[Span] = (),
        title: Span | None = None,
    ) -> StatusCue | None:
        """The state that ``text[scope]`` gives to the thing at ``span``, or None.

        Words inside ``title``, the part of the thing that says what it is about, are no cues.
        """
        found = self.all(text, scope, span)
        if title:
            found = [c for c in found if c.end <= title[0] or c.start >= title[1]]
        own = [cue for cue in found if not _belongs_to(text, cue, others)]
        return max(own, key=lambda c: (c.precedence, -c.distance, -c.start), default=None)

    def all(self, text: str, scope: Span, span: Span) -> list[StatusCue]:
        """Every state that the scope gives to the thing, in the order of the text."""
        start, end = self._clause(text, scope, span)
        hits = self._cues.longest(text, start, end)
        stages = [h for h in hits if h.item.role == "stage" and _applies(text, h, span)]
        stages = [h for h in stages if self._is_tied(text, h, span)]
        stages = [h for h in stages if not _governs(text, h, stages)]
        modifiers = [h for h in hits if h.item.role == "modifier"]
        found = [_cue(text, self._turned(text, s, modifiers, span), s, span) for s in stages]
        if not found:
            found = [_cue(text, h, h, span) for h in modifiers if _works_on(text, h, span)]
        return found

    def _is_tied(self, text: str, stage: Found[StatusRule], span: Span) -> bool:
        """Whether a passive stage behind the thing is said of it."""
        between = (span[1], stage.start)
        if not stage.item.passive or stage.start < span[1] or _words(text, between) <= 1:
            return True
        beside = text[max(span[1], stage.start - 24) : stage.start].rstrip()
        return "," in beside[-9:] or bool(self._links.all(text, *between))

    def _clause(self, text: str, scope: Span, span: Span) -> Span:
        """The scope, cut at the terminators nearest to the thing."""
        start, end = scope
        for hit in self._terminators.all(text, *scope):
            if hit.end <= span[0]:
                start = max(start, hit.end)
            elif hit.start >= span[1]:
                end = min(end, hit.start)
        return start, end

    def _turned(
        self,
        text: str,
        stage: Found[StatusRule],
        modifiers: Iterable[Found[StatusRule]],
        span: Span,
    ) -> Found[StatusRule]:
        """The modifier that changes a stage, the strongest of those in reach, else the stage."""
        working = [m for m in modifiers if self._reaches(text, m, stage, span)]
        return max(working, key=lambda m: (m.item.precedence, m.start), default=stage)

    def _reaches(
        self, text: str, modifier: Found[StatusRule], stage: Found[StatusRule], span: Span
    ) -> bool:
        rule = modifier.item
        if rule.turns and stage.item.state not in rule.turns:
            return False
        # "no agreement has been signed": a modifier on the thing holds for the stage behind it.
        if rule.direct and _works_on(text, modifier, span) and stage.start >= span[1]:
            return True
        between = (modifier.end, stage.start)
        if between[0] <= span[0] and span[1] <= between[1] and not rule.across:
            return False
        if between[0] > between[1] or not _within(text, between, rule.reach):
            return False
        return not self._resets.all(text, *between)


def _applies(text: str, stage: Found[StatusRule], span: Span) -> bool:
    """Whether a stage stands on its side of the thing and within its reach."""
    if stage.start < span[1] and stage.end > span[0]:
        return stage.start >= span[0] and stage.end <= span[1] and stage.item.side != "after"
    side = "before" if stage.end <= span[0] else "after"
    if stage.item.side not in {"any", side}:
        return False
    return _within(text, _gap(stage, span), stage.item.reach)


def _governs(text: str, stage: Found[StatusRule], stages: Sequence[Found[StatusRule]]) -> bool:
    """Whether a stage is said of the doing behind it: “consensus was reached to sign”."""
    if stage.item.reach < 0:
        return False
    return any(
        other.start > stage.end and text[stage.end : other.start].strip() == "to"
        for other in stages
    )


def _works_on(text: str, modifier: Found[StatusRule], span: Span) -> bool:
    """Whether a modifier stands directly before the thing and may work without a stage."""
    between = (modifier.end, span[0])
    return modifier.item.direct and between[0] <= between[1] and _words(text, between) <= 1


def _cue(text: str, rule: Found[StatusRule], stage: Found[StatusRule], span: Span) -> StatusCue:
    """The cue of a stage under the rule that decides its state."""
    start, end = min(rule.start, stage.start), max(rule.end, stage.end)
    item = rule.item
    distance = _words(text, _gap(stage, span))
    return StatusCue(item.state, item.status, start, end, item.id, item.precedence, distance)


def _belongs_to(text: str, cue: StatusCue, others: Sequence[Span]) -> bool:
    """Whether a cue stands beside another thing and nearer to it than to this one."""
    distances = (_words(text, _gap(cue, other)) for other in others)
    nearest = min(distances, default=cue.distance)
    return nearest <= _BESIDE and nearest < cue.distance


def _gap(cue: Found[StatusRule] | StatusCue, span: Span) -> Span:
    """What stands between a cue and a thing; empty where they overlap."""
    if cue.end <= span[0]:
        return cue.end, span[0]
    return (span[1], cue.start) if cue.start >= span[1] else (cue.start, cue.start)


def _within(text: str, between: Span, reach: int) -> bool:
    return reach < 0 or _words(text, between) <= reach


def _words(text: str, between: Span) -> int:
    return len(text[between[0] : between[1]].split())
