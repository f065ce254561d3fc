"""What a comparison of two snapshots holds: pairs of rows, what differs in them, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from pipeline.schema import BY_NAME

Indices = npt.NDArray[np.int64]
Record = dict[str, Any]

# Their rows belong to a report or a record and are told with it; by themselves when asked for.
DETAIL_TABLES = frozenset(
    {"evidence", "decisions", "links", "status_history", "conflicts", "id_history"}
)
RECORD_TABLES = ("agreements", "meetings", "projects")
KINDS = ("added", "removed", "changed", "merged", "split", "evidence")
# Where a fact stands, how far it is trusted and which record it went to, not what it is.
EVIDENCE_FIELDS = frozenset(
    {
        "doc_id", "start", "end", "rule", "confidence", "step", "detail", "report_id", "record_id",
        "agreement_id", "meeting_id", "project_id", "doc_ids", "n_reports", "n_mentions",
        "n_documents", "first_published", "last_published",
    }
)  # fmt: skip
# The quoted sentence of a report is evidence; the text of a mention follows its place.
QUOTE_FIELDS = frozenset({"text"})
NO_ROW = -1
# Rows are made into dicts so many at a time.
_BATCH = 2_000


@dataclass(frozen=True, order=True)
class Cause:
    """Why a row differs: ``kind`` is one of ``CAUSES``, ``what`` a document, file or version.

    ``rule`` is the id of the changed rule where one is known to have made the row.
    """

    kind: str
    what: str = ""
    rule: str = ""

    @property
    def label(self) -> str:
        """The cause in one line."""
        told = CAUSES[self.kind]
        parts = [told, self.what, f"[{self.rule}]" if self.rule else ""]
        return " ".join(part for part in parts if part)


CAUSES = {
    "document_added": "new document",
    "document_edited": "document edited",
    "document_removed": "document removed",
    "document_moved": "document moved",
    "rule": "rule changed",
    "code": "code or version changed",
    "decision": "decision",
    "linking": "linked records changed",
    "gold": "gold annotation",
    "unknown": "cause unknown",
}


@dataclass(frozen=True)
class Change:
    """One row that differs; ``before`` is None for an added row, ``after`` for a removed one.

    ``fields`` are the columns that differ. ``others`` are the ids that a record was merged from or
    split into.
    """

    table: str
    kind: str
    before: Record | None
    after: Record | None
    fields: tuple[str, ...]
    cause: Cause
    others: tuple[str, ...] = ()

    @property
    def row(self) -> Record:
        """The row as it is now, or as it was last."""
        return self.after or self.before or {}

    @property
    def cells(self) -> Iterator[tuple[str, Any, Any]]:
        """(field, old, new) of each field that differs."""
        before, after = self.before or {}, self.after or {}
        return ((name, before.get(name), after.get(name)) for name in self.fields)


@dataclass
class TableDiff:
    """The rows of one table that differ, as indices into the two tables (-1: no such row).

    ``differs`` has a boolean array a column, true where the two rows of a pair differ in it;
    ``kinds`` indexes ``KINDS`` and ``causes`` the list ``cause_list``.
    """

    name: str
    old: pa.Table
    new: pa.Table
    old_rows: Indices
    new_rows: Indices
    differs: dict[str, npt.NDArray[np.bool_]]
    kinds: Indices
    causes: Indices
    cause_list: list[Cause]
    others: dict[int, tuple[str, ...]]

    def __len__(self) -> int:
        return len(self.old_rows)

    @cached_property
    def cells(self) -> int:
        """How many cells differ in rows that both sides have."""
        return int(sum(int(mask.sum()) for mask in self.differs.values()))

    def change(self, position: int) -> Change:
        """The change at a position, with both rows as dicts."""
        return next(self._batch(np.array([position])))

    def changes(self, *, evidence: bool | None = None) -> Iterator[Change]:
        """All changes in the order of the table, or only (not) those of the kind evidence."""
        wanted = np.arange(len(self))
        if evidence is not None:
            wanted = np.flatnonzero((self.kinds == KINDS.index("evidence")) == evidence)
        for start in range(0, len(wanted), _BATCH):
            yield from self._batch(wanted[start : start + _BATCH])

    def _batch(self, positions: Indices) -> Iterator[Change]:
        before = _rows(self.old, self.old_rows[positions])
        after = _rows(self.new, self.new_rows[positions])
        for position, old, new in zip(positions.tolist(), before, after, strict=True):
            yield Change(
                self.name,
                KINDS[int(self.kinds[position])],
                old,
                new,
                tuple(name for name, mask in self.differs.items() if mask[position]),
                self.cause_list[int(self.causes[position])],
                self.others.get(position, ()),
            )


def _rows(table: pa.Table, indices: Indices) -> list[Record | None]:
    there = indices != NO_ROW
    found = iter(table.take(pa.array(indices[there])).to_pylist())
    return [next(found) if is_there else None for is_there in there.tolist()]


def fact_fields(table: str) -> frozenset[str]:
    """The columns of a table that state facts; the others say where they stand and who found them."""
    names = {column.name for column in BY_NAME[table].columns}
    aside = EVIDENCE_FIELDS if table != "documents" else frozenset({"sha256"})
    quotes = QUOTE_FIELDS if table.endswith("_reports") or table == "evidence" else frozenset()
    return frozenset(names - aside - quotes)


def values_at(table: pa.Table, column: str, rows: Indices) -> list[str | None]:
    """The values of a column at some rows; None where there is no such row or column."""
    if column not in table.column_names:
        return [None] * len(rows)
    indices = pa.array(rows, mask=rows == NO_ROW)
    found: list[str | None] = table[column].take(indices).to_pylist()
    return found
