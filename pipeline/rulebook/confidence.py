"""How far each rule can be trusted: its measured precision on annotated documents, smoothed."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from pipeline.rulebook.source import RuleFile, parse_csv

COLUMNS = ("rule", "step", "right", "found")
# Weight of what is known of the rule's family (or of all) against a rule's own counts.
_PRIOR_WEIGHT = 4.0


class Confidence:
    """Precision by rule and step: own counts, drawn to those of the family, drawn to all."""

    def __init__(self, counts: dict[tuple[str, str], tuple[int, int]]) -> None:
        self._counts = counts
        self._families: dict[tuple[str, str], tuple[int, int]] = defaultdict(lambda: (0, 0))
        self._all = (0, 0)
        for (rule, step), (right, found) in counts.items():
            key = (_family(rule), step)
            one = self._families[key]
            self._families[key] = (one[0] + right, one[1] + found)
            self._all = (self._all[0] + right, self._all[1] + found)

    def of(self, rule: str, step: str) -> float:
        """The probability that a value which ``rule`` found at ``step`` is right."""
        overall = _smoothed(self._all, 0.5)
        family = _smoothed(self._families.get((_family(rule), step), (0, 0)), overall)
        return round(_smoothed(self._counts.get((rule, step), (0, 0)), family), 3)


def _family(rule: str) -> str:
    return rule.partition("/")[0]


def _smoothed(counts: tuple[int, int], prior: float) -> float:
    right, found = counts
    return (right + _PRIOR_WEIGHT * prior) / (found + _PRIOR_WEIGHT)


def load_confidence(root: Path) -> tuple[Confidence, RuleFile]:
    """The measured counts of ``root/confidence.csv``."""
    file = RuleFile.read(root, "confidence.csv")
    counts = {
        (row["rule"], row["step"]): (int(row["right"]), int(row["found"]))
        for _, row in parse_csv(file, COLUMNS)
    }
    return Confidence(counts), file
