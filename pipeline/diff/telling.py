"""Tells the cause of every row of a comparison, table by table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import repeat, starmap

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.decisions.facts import QUOTED
from pipeline.diff.causes import Causes, Place
from pipeline.diff.decided import cause_of
from pipeline.diff.model import RECORD_TABLES, Cause, TableDiff, values_at
from pipeline.diff.snapshot import Side
from pipeline.schema import REPORT_TABLES


class Telling:
    """The causes of rows; those of reports are remembered for their records and their evidence.

    Report tables must be told of first.
    """

    def __init__(self, old: Side, new: Side, causes: Causes) -> None:
        self._sides = (old, new)
        self._causes = causes
        self._of_report: dict[str, list[Cause]] = defaultdict(list)

    def tell(self, diff: TableDiff) -> None:
        """Fills in the causes of a table's rows."""
        if diff.name in RECORD_TABLES:
            causes = self._of_records(diff)
        elif diff.name == "evidence":
            causes = self._of_evidence(diff)
        else:
            causes = self._of_rows(diff)
        index: dict[Cause, int] = {}
        diff.causes = np.array([index.setdefault(c, len(index)) for c in causes], np.int64)
        diff.cause_list = list(index)

    def _of_rows(self, diff: TableDiff) -> list[Cause]:
        if diff.name == "decisions":
            return [cause_of(change.row) for change in diff.changes()]
        made = zip(*(self._rules(diff, side) for side in (0, 1)), strict=True)
        causes = [
            self._causes.of_row(diff.name, place, rules)
            for place, rules in zip(_places(diff), made, strict=True)
        ]
        if diff.name == "documents":
            causes = [self._of_duplicate(diff, i, cause) for i, cause in enumerate(causes)]
        if diff.name in REPORT_TABLES:
            self._remember(diff, causes)
        return causes

    def _rules(self, diff: TableDiff, side: int) -> Sequence[tuple[str, ...]]:
        """The rules that made the rows of a side; for reports those behind their values too."""
        table, rows = ((diff.old, diff.old_rows), (diff.new, diff.new_rows))[side]
        own = [(rule,) if rule else () for rule in values_at(table, "rule", rows)]
        if diff.name not in REPORT_TABLES:
            return own
        ids = values_at(table, "report_id", rows)
        behind = _rules_by_record(self._sides[side].table("evidence"), {i for i in ids if i})
        return [(*one, *behind.get(i or "", ())) for one, i in zip(own, ids, strict=True)]

    def _of_duplicate(self, diff: TableDiff, position: int, cause: Cause) -> Cause:
        """A document that is a copy of another one now, or no longer, changed with that one."""
        if cause.kind.startswith("document_") or not diff.differs["duplicate_of"][position]:
            return cause
        change = diff.change(position)
        one, other = ((row or {}).get("duplicate_of") for row in (change.before, change.after))
        return self._causes.of_document(one, other) or cause

    def _remember(self, diff: TableDiff, causes: Sequence[Cause]) -> None:
        for column in ("report_id", f"{diff.name.removesuffix('_reports')}_id"):
            for table, rows in ((diff.old, diff.old_rows), (diff.new, diff.new_rows)):
                for key, cause in zip(values_at(table, column, rows), causes, strict=True):
                    if key:
                        self._of_report[key].append(cause)

    def _of_evidence(self, diff: TableDiff) -> list[Cause]:
        """What changed a report changed its evidence."""
        own = self._of_rows(diff)
        before = values_at(diff.old, "record_id", diff.old_rows)
        after = values_at(diff.new, "record_id", diff.new_rows)
        return [
            next(iter(self._of_report.get(new or old or "", ())), cause)
            for old, new, cause in zip(before, after, own, strict=True)
        ]

    def _of_records(self, diff: TableDiff) -> list[Cause]:
        column = f"{diff.name.removesuffix('s')}_id"
        found = []
        for change in diff.changes():
            ids = {(row or {}).get(column) for row in (change.before, change.after)}
            reports = [c for i in sorted(filter(None, ids)) for c in self._of_report.get(i, ())]
            found.append(self._causes.of_record(change.before, change.after, reports))
        return found


def _places(diff: TableDiff) -> Iterator[Place]:
    before = values_at(diff.old, "doc_id", diff.old_rows)
    after = values_at(diff.new, "doc_id", diff.new_rows)
    if diff.name not in QUOTED:
        return map(Place, before, after, repeat(None))
    said = values_at(diff.old, "text", diff.old_rows), values_at(diff.new, "text", diff.new_rows)
    words = (new or old for old, new in zip(*said, strict=True))
    return starmap(Place, zip(before, after, words, strict=True))


def _rules_by_record(evidence: pa.Table, ids: set[str]) -> dict[str, tuple[str, ...]]:
    part = evidence.filter(pc.is_in(evidence["record_id"], pa.array(sorted(ids), pa.string())))
    rules: dict[str, dict[str, None]] = defaultdict(dict)
    columns = (part[c].to_pylist() for c in ("record_id", "rule"))
    for record, rule in zip(*columns, strict=True):
        rules[record][rule] = None
    return {record: tuple(found) for record, found in rules.items()}
