"""Which decisions stand: those that nobody undid, and which of them say opposite things."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec

from pipeline.decisions.model import Decision, normalised

# What an action says of; decisions about the same thing replace or oppose each other.
_TOPICS = {
    "accept": "change",
    "reject": "change",
    "set": "field",
    "same": "pair",
    "not_same": "pair",
}


@dataclass(frozen=True)
class Standing:
    """The decisions that stand, in the order of their time; ``opposed`` are groups that disagree.

    Of a group that disagrees the latest counts.
    """

    decisions: tuple[Decision, ...]
    opposed: tuple[tuple[Decision, ...], ...]


def standing(decisions: Iterable[Decision]) -> Standing:
    """The decisions without those that were undone or replaced by their own author."""
    ordered = sorted(decisions, key=lambda d: (d.when, d.id))
    undone: set[str] = set()
    # From the last to the first: an undone undo undoes nothing.
    for decision in reversed(ordered):
        if decision.action == "undo" and decision.id not in undone:
            undone.add(decision.undoes)
    left = [d for d in ordered if d.id not in undone and d.action != "undo"]
    groups: dict[bytes, list[Decision]] = defaultdict(list)
    for decision in left:
        if decision.action in _TOPICS:
            groups[_topic(decision)].append(decision)
    last = {id(group[-1]) for group in groups.values()}
    kept = [d for d in left if d.action not in _TOPICS or id(d) in last]
    return Standing(tuple(kept), tuple(filter(None, map(_opposed, groups.values()))))


def _topic(decision: Decision) -> bytes:
    quote = normalised(decision.quote.exact) if decision.quote else ""
    other = normalised(decision.other_quote.exact) if decision.other_quote else ""
    topic = _TOPICS[decision.action]
    about = {
        "change": [decision.change],
        "field": [decision.field, quote, decision.after],
        "pair": [sorted((quote, other))],
    }[topic]
    return msgspec.json.encode([topic, decision.table, about], order="sorted")


def _opposed(group: Sequence[Decision]) -> tuple[Decision, ...]:
    """The group when different people left it with different answers."""
    by_person = {d.who: d for d in group}
    answers = {msgspec.json.encode([d.action, d.value]) for d in by_person.values()}
    return tuple(by_person.values()) if len(answers) > 1 else ()
