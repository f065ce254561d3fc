"""Reports that tell of one thing although neither their id nor their place is the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from rapidfuzz import fuzz

Record = dict[str, Any]

# More pairs than this in one document aren't tried: its rows are told as added and removed.
_MOST_PAIRS = 250_000
_NAMES = ("title", "name")
# Who made a row and where it stands says nothing of what it tells.
_ASIDE = frozenset(
    {
        "doc_id", "start", "end", "text", "rule", "confidence", "report_id", "date_start",
        "date_end", "institution_ids", "agreement_id", "meeting_id", "project_id", *_NAMES,
    }
)  # fmt: skip
_LEAST = 0.5


def pair_alike(old: Sequence[Record], new: Sequence[Record]) -> list[tuple[int, int]]:
    """One-to-one pairs of positions of the reports of one document that are most alike."""
    by_document: dict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for side, rows in enumerate((old, new)):
        for position, row in enumerate(rows):
            by_document[row["doc_id"]][side].append(position)
    pairs: list[tuple[int, int]] = []
    for gone, added in by_document.values():
        if gone and added and len(gone) * len(added) <= _MOST_PAIRS:
            pairs += _in_document(old, new, gone, added)
    return pairs


def _in_document(
    old: Sequence[Record], new: Sequence[Record], gone: list[int], added: list[int]
) -> list[tuple[int, int]]:
    scored = [(likeness(old[i], new[j]), i, j) for i in gone for j in added]
    pairs: list[tuple[int, int]] = []
    used: tuple[set[int], set[int]] = (set(), set())
    for score, i, j in sorted(scored, key=lambda s: (-s[0], s[1], s[2])):
        if score >= _LEAST and i not in used[0] and j not in used[1]:
            pairs.append((i, j))
            used[0].add(i)
            used[1].add(j)
    return pairs


def likeness(one: Record, other: Record) -> float:
    """The share of told values that two reports have in common, their quoted sentence included."""
    told = [k for k in one if k not in _ASIDE and (_told(one[k]) or _told(other.get(k)))]
    shared = sum(_shared(one[k], other.get(k)) for k in told)
    names = [(one[k], other[k]) for k in _NAMES if k in one and one[k] and other.get(k)]
    named = sum(fuzz.token_set_ratio(a, b) / 100 for a, b in names)
    overlap = one["start"] < other["end"] and other["start"] < one["end"]
    quoted = overlap or one["text"] == other["text"]
    return float(shared + named + quoted) / (len(told) + len(names) + 1)


def _told(value: Any) -> bool:
    return value not in (None, [])


def _shared(one: Any, other: Any) -> float:
    if isinstance(one, list) and isinstance(other, list):
        union = {*one, *other}
        return len({*one} & {*other}) / len(union) if union else 0.0
    return float(one == other)
