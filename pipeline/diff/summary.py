"""How much changed: by table and kind, and by cause."""

from __future__ import annotations

from collections import Counter

import msgspec
import numpy as np

from pipeline.diff.compare import Diff
from pipeline.diff.model import KINDS, Cause, TableDiff


class CauseCount(msgspec.Struct, frozen=True):
    """A cause, how many rows it changed, and in which tables."""

    kind: str
    label: str
    rows: int
    tables: dict[str, int]


class Summary(msgspec.Struct, frozen=True):
    """The counts of a diff: rows by table and kind, changed cells by table, rows by cause."""

    old: str
    new: str
    rows: int
    tables: dict[str, dict[str, int]]
    cells: dict[str, int]
    causes: tuple[CauseCount, ...]


def summarise(diff: Diff) -> Summary:
    """The counts of a diff, the causes with most rows first."""
    tables = [table for table in diff.ranked() if len(table)]
    causes: Counter[Cause] = Counter()
    by_table: dict[Cause, dict[str, int]] = {}
    for table in tables:
        for index, count in enumerate(np.bincount(table.causes, minlength=0).tolist()):
            if count:
                cause = table.cause_list[index]
                causes[cause] += count
                by_table.setdefault(cause, {})[table.name] = count
    ordered = sorted(causes.items(), key=lambda item: (-item[1], item[0]))
    return Summary(
        diff.old,
        diff.new,
        len(diff),
        {t.name: _kinds(t) for t in tables},
        {t.name: t.cells for t in tables},
        tuple(CauseCount(c.kind, c.label, n, by_table[c]) for c, n in ordered),
    )


def _kinds(table: TableDiff) -> dict[str, int]:
    counts = np.bincount(table.kinds, minlength=len(KINDS)).tolist()
    return {kind: count for kind, count in zip(KINDS, counts, strict=True) if count}
