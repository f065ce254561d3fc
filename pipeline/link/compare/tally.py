"""Points with their reasons, and the small comparisons that all kinds of record share."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from pipeline.link.model import Features

# The share of the shorter title's words that the longer must have; below, they are two subjects.
_ALIKE = 0.6
_UNLIKE = 0.5


class Tally:
    """Adds points up and remembers what they were given for."""

    def __init__(self) -> None:
        self.score = 0.0
        self.reasons: list[str] = []

    def add(self, points: float, reason: str) -> None:
        """Counts ``points`` (negative ones speak against) for a reason."""
        self.score += points
        self.reasons.append(reason if points >= 0 else f"but {reason}")


def listed(words: AbstractSet[str]) -> str:
    """Words for a reason, sorted."""
    return " ".join(sorted(words))


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
        tally.add(4, f"same name ({listed(a.names & b.names).upper()})")
    elif shared and a.words == b.words:
        tally.add(4 if len(shared) > 1 else 3, f"same subject ({listed(shared)})")
    elif containment(a.words, b.words) >= _ALIKE:
        points = {1: 2.0, 2: 3.0}.get(len(shared), 3.5)
        tally.add(points, f"subjects share {listed(shared)}")


def parties_differ(a: Features, b: Features) -> bool:
    """Whether neither's sides are among the other's; more sides than a text names differ never."""
    if a.worldwide and b.worldwide:
        return False
    one, other = a.parties, b.parties
    return bool(one) and bool(other) and not (one <= other or other <= one)


def same_parties(a: Features, b: Features) -> bool:
    """Whether both name the same two or more sides."""
    return a.parties == b.parties and len(a.parties) > 1
