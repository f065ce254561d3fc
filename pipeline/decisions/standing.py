"""Which decisions stand: those that nobody undid, and which of them say opposite things."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import msgspec

from pipeline.decisions.model import Decision, TextQuote, normalised

# What somebody says of a change: the last of these counts, but values of several fields add up.
_VERDICTS = frozenset({"accept", "reject", "set"})
_PAIRS = frozenset({"same", "not_same"})


@dataclass(frozen=True)
class Standing:
    """The decisions that stand, in the order of their time; ``opposed`` are groups that disagree.

    Of a group that disagrees the latest counts. ``given`` are all that nobody undid, those that were
    replaced by a later one included.
    """

    decisions: tuple[Decision, ...]
    opposed: tuple[tuple[Decision, ...], ...]
    given: tuple[Decision, ...] = ()


def standing(decisions: Iterable[Decision]) -> Standing:
    """The decisions without those that were undone or replaced by a later one on the same change."""
    ordered = sorted(decisions, key=lambda d: (d.when, d.id))
    given = _without_undone(ordered)
    groups: dict[bytes, list[Decision]] = defaultdict(list)
    for decision in given:
        if decision.action in _VERDICTS | _PAIRS:
            groups[_topic(decision)].append(decision)
    counting = {d.id for group in groups.values() for d in _stance(group)}
    kept = [d for d in given if d.action not in _VERDICTS | _PAIRS or d.id in counting]
    opposed = filter(None, map(_opposed, groups.values()))
    return Standing(tuple(kept), tuple(opposed), tuple(given))


def _without_undone(ordered: Sequence[Decision]) -> list[Decision]:
    undone: set[str] = set()
    # From the last to the first: an undone undo undoes nothing.
    for decision in reversed(ordered):
        if decision.action == "undo" and decision.id not in undone:
            undone.add(decision.undoes)
    return [d for d in ordered if d.id not in undone and d.action != "undo"]


def _topic(decision: Decision) -> bytes:
    """What a decision is about; those with one topic replace or oppose each other."""
    quotes = [_words(decision.quote), _words(decision.other_quote)]
    about: list[Any] = [decision.change or [quotes[0], decision.before, decision.after]]
    is_pair = decision.action in _PAIRS
    told = [is_pair, decision.table, sorted(quotes) if is_pair else about]
    return msgspec.json.encode(told, order="sorted")


def _words(quote: TextQuote | None) -> list[str]:
    return [normalised(quote.exact), quote.prefix, quote.suffix] if quote else []


def _stance(decisions: Iterable[Decision]) -> list[Decision]:
    """What is left of some decisions on one topic when each replaces what it contradicts."""
    left: list[Decision] = []
    for decision in decisions:
        left = [d for d in left if not _contradicts(d, decision)]
        left = [d for d in left if d.action == "set" and d.field != decision.field] + [decision]
    return left


def _contradicts(one: Decision, other: Decision) -> bool:
    """Whether two decisions on one topic can't both hold."""
    if one.action == other.action == "set":
        return one.field == other.field and one.value != other.value
    return one.action != other.action


def _opposed(group: Sequence[Decision]) -> tuple[Decision, ...]:
    """What different people say in the end, when it can't all hold."""
    by_person: dict[str, list[Decision]] = defaultdict(list)
    for decision in group:
        by_person[decision.who].append(decision)
    stances = [_stance(said) for said in by_person.values()]
    disagree = any(
        _contradicts(a, b) for one, two in combinations(stances, 2) for a in one for b in two
    )
    found = sorted((d for stance in stances for d in stance), key=lambda d: (d.when, d.id))
    return tuple(found) if disagree else ()
