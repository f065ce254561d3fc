"""How far each rule can be trusted: its measured precision on annotated documents, smoothed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from pipeline.errors import RuleError
from pipeline.rulebook.source import RuleFile, parse_csv

FILE = "confidence.csv"
COLUMNS = ("rule", "step", "right", "found")
# The step under which mentions are counted, and the one under which whole records are.
MENTION_STEP = "phrase"
RECORD_STEP = "record"
Counts = Mapping[tuple[str, str], tuple[int, int]]
# How many outcomes what is known beforehand counts for: of a rule what its family's precision says,
# of a family what its step's says, of a step what that of all says. Precision differs little
# between the rules of a family, so a rule needs many outcomes of its own to speak for itself
# (chosen by the likelihood of the outcomes of one document given the others').
_RULE_WEIGHT = 16.0
_FAMILY_WEIGHT = 8.0
# What is believed where nothing was measured.
_UNKNOWN = 0.5


class Confidence:
    """Precision by rule and step: own counts, drawn to the family's, to the step's, to all.

        >>> Confidence({("dates/year", "phrase"): (19, 20)}).of("dates/year", "phrase")
        0.944

    A rule that was never seen has the precision of its family at that step; one of a family that
    was never seen what its author declared, or else the precision of the step over all rules.
    """

    def __init__(self, counts: Counts) -> None:
        self._counts = dict(counts)
        families: dict[tuple[str, str], tuple[int, int]] = defaultdict(lambda: (0, 0))
        steps: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
        total = (0, 0)
        for (rule, step), one in counts.items():
            key = (_family(rule), step)
            families[key] = _plus(families[key], one)
            steps[step] = _plus(steps[step], one)
            total = _plus(total, one)
        self._families, self._steps, self._all = dict(families), dict(steps), total

    @property
    def rules(self) -> frozenset[str]:
        """The ids that were measured."""
        return frozenset(rule for rule, _ in self._counts)

    def of(self, rule: str, step: str, declared: float | None = None) -> float:
        """The probability that a value which ``rule`` found at ``step`` is right.

        ``declared`` is what the rule says of itself: it counts until its family is measured.
        """
        belief = self._of_step(step) if declared is None else declared
        belief = _smoothed(self._families.get((_family(rule), step)), belief, _FAMILY_WEIGHT)
        return round(_smoothed(self._counts.get((rule, step)), belief, _RULE_WEIGHT), 3)

    def _of_step(self, step: str) -> float:
        belief = _smoothed(self._all, _UNKNOWN, _FAMILY_WEIGHT)
        return _smoothed(self._steps.get(step), belief, _FAMILY_WEIGHT)


def counted_as(rule: str, location: str | None) -> str:
    """The id that a rule's counts go under.

    The rows of a registry (``countries/IN`` of a CSV file) share those of their family: one name
    is found like the other, and each too seldom for a precision of its own.
    """
    return _family(rule) if location and ".csv:" in location else rule


def _family(rule: str) -> str:
    return rule.partition("/")[0]


def _plus(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    return one[0] + other[0], one[1] + other[1]


def _smoothed(counts: tuple[int, int] | None, belief: float, weight: float) -> float:
    right, found = counts or (0, 0)
    return (right + weight * belief) / (found + weight)


def load_confidence(root: Path) -> tuple[Confidence, RuleFile]:
    """The measured counts of ``root/confidence.csv``; raises RuleError with file and line."""
    file = RuleFile.read(root, FILE)
    counts: dict[tuple[str, str], tuple[int, int]] = {}
    for line, row in parse_csv(file, COLUMNS):
        key = (row["rule"], row["step"])
        if key in counts:
            raise RuleError(
                f"{key[0]} at {key[1]} is counted twice",
                where=file.where(line),
                fix="write the file again with `pactline eval GOLD --write-confidence`",
            )
        counts[key] = _read_counts(row, file.where(line))
    return Confidence(counts), file


def _read_counts(row: dict[str, str], where: str) -> tuple[int, int]:
    if row["right"].isascii() and row["right"].isdigit() and row["found"].isascii():
        right, found = int(row["right"]), int(row["found"] if row["found"].isdigit() else 0)
        if found > 0 and right <= found:
            return right, found
    raise RuleError(
        f"right {row['right']!r} of found {row['found']!r} are no counts",
        where=where,
        fix="whole numbers, right not above found, found above 0",
    )
