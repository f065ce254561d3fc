"""Acronyms that a document gives to its bodies and events: “the Joint Reef Committee (JRC)”."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.records.meetings.phrase import Trigger
from pipeline.records.phrases import Found
from pipeline.rulebook.meetings import MeetingRule

_DEFINED = re.compile(r" ?\(“?\"?([A-Z][A-Z&]{2,9})”?\"?\)")
# Words of a name that stand between its head and its acronym are not read.
_LEAST_RANK = 4


def with_acronyms(text: str, triggers: Sequence[Trigger]) -> list[Trigger]:
    """The triggers, and the acronyms that stand for some of them elsewhere, in order."""
    known = _defined(text, triggers)
    if not known:
        return list(triggers)
    pattern = re.compile(rf"(?<![\w(])(?:{'|'.join(map(re.escape, sorted(known)))})(?![\w)])")
    taken = [(t.start, t.end) for t in triggers]
    found = [
        Found(m.start(), m.end(), (known[m[0]], False))
        for m in pattern.finditer(text)
        if not any(s <= m.start() < e for s, e in taken)
    ]
    return sorted([*triggers, *found], key=lambda t: (t.start, -t.end))


def _defined(text: str, triggers: Sequence[Trigger]) -> dict[str, MeetingRule]:
    """The rule of the noun that each acronym stands for: the highest of those side by side."""
    known: dict[str, MeetingRule] = {}
    best: MeetingRule | None = None
    end = -1
    for trigger in triggers:
        rule = trigger.item[0]
        best = max(best, rule, key=lambda r: r.rank) if best and trigger.start == end + 1 else rule
        end = trigger.end
        match = _DEFINED.match(text, end)
        if match and rule.form in {"event", "body"} and best.rank >= _LEAST_RANK:
            known.setdefault(match[1], best)
    return known
