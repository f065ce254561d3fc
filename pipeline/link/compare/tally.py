"""Points with their reasons, and the small comparisons that all kinds of record share."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from pipeline.link.model import Features, Reason

# The share of the shorter title's words that the longer must have; below, they are two subjects.
_ALIKE = 0.6
_UNLIKE = 0.5


class Tally:
    """Adds points up and remembers what they were given for."""

    def __init__(self) -> None:
        self.score = 0.0
        self.reasons: list[Reason] = []

    def add(self, points: float, what: str, value: object = None) -> None:
        """Counts ``points`` (negative ones speak against) for what agrees, and in what value."""
        self.score += points
        self.reasons.append(Reason(what, value, points < 0))


def containment(one: AbstractSet[str], other: AbstractSet[str]) -> float:
    """The share of the smaller set that the larger one has; 0 when one is empty."""
    if not one or not other:
        return 0.0
    return len(one & other) / min(len(one), len(other))


def titles_differ(a: Features, b: Features) -> bool:
    """Whether two titles are about two things."""
    if not a.words or not b.words or a.names & b.names:
        return False
    return containment(a.words, b.words) < _UNLIKE


def title_points(tally: Tally, a: Features, b: Features) -> None:
    """Points for titles about one thing: the more words agree, the more."""
    shared = a.words & b.words
    if a.names & b.names:
        tally.add(4, "same name", a.names & b.names)
    elif shared and a.words == b.words:
        tally.add(4 if len(shared) > 1 else 3, "same subject", shared)
    elif containment(a.words, b.words) >= _ALIKE:
        points = {1: 2.0, 2: 3.0}.get(len(shared), 3.5)
        tally.add(points, "subjects share", shared)


def parties_differ(a: Features, b: Features) -> bool:
    """Whether neither's sides are among the other's; more sides than a text names differ never."""
    if a.worldwide and b.worldwide:
        return False
    one, other = a.parties, b.parties
    return bool(one) and bool(other) and not (one <= other or other <= one)


def same_parties(a: Features, b: Features) -> bool:
    """Whether both name the same two or more sides."""
    return a.parties == b.parties and len(a.parties) > 1
