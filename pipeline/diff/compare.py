"""Two snapshots → the rows that differ, table by table, each with its kind and cause."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.diff.causes import Causes, Documents, compare_documents
from pipeline.diff.codes import column_codes
from pipeline.diff.match import Identity, Matched, match_rows
from pipeline.diff.model import (
    KINDS,
    NO_ROW,
    RECORD_TABLES,
    Cause,
    Change,
    Indices,
    TableDiff,
    fact_fields,
    values_at,
)
from pipeline.diff.offsets import OffsetMap, map_offsets
from pipeline.diff.records import Lineage, trace_records
from pipeline.diff.snapshot import Side
from pipeline.diff.telling import Telling
from pipeline.schema import REPORT_TABLES, TABLES

_CODE = {kind: index for index, kind in enumerate(KINDS)}
# What a reader asks for first; the rest follows from it.
_FIRST = (
    "agreements", "meetings", "projects", "agreement_reports", "meeting_reports", "project_reports",
    "documents",
)  # fmt: skip


@dataclass
class Diff:
    """All differences between two sides, by table; ``rules`` are the changed rules with their place."""

    old: str
    new: str
    tables: dict[str, TableDiff] = field(default_factory=dict)
    rules: dict[str, str] = field(default_factory=dict)

    def ranked(self) -> list[TableDiff]:
        """The tables, those that a reader asks for first."""
        return sorted(self.tables.values(), key=lambda t: (_rank(t.name), t.name))

    def changes(self) -> Iterator[Change]:
        """Every change, table by table; those that only move evidence come last."""
        ranked = self.ranked()
        for table in ranked:
            if table.name != "evidence":
                yield from table.changes(evidence=False)
        for table in ranked:
            yield from table.changes(evidence=None if table.name == "evidence" else True)

    def __len__(self) -> int:
        return sum(map(len, self.tables.values()))


def compare(old: Side, new: Side) -> Diff:
    """What differs between two sides, over all tables that either has."""
    return _Comparison(old, new).run()


class _Comparison:
    """The state of one comparison: tables are compared in the order in which ids depend on them."""

    def __init__(self, old: Side, new: Side) -> None:
        self.old, self.new = old, new
        documents = old.table("documents"), new.table("documents")
        read = ((side.stages or {}).get("ingest") for side in (old, new))
        self.documents = (
            Documents()
            if old.same_file(new, "documents")
            else compare_documents(*documents, same_reading=_same(*read))
        )
        self.causes = Causes(old, new, self.documents)
        self.telling = Telling(old, new, self.causes)
        places = _places(documents, self.documents)
        self.identity = Identity(self.documents.names, {}, places)
        self.lineages: dict[str, Lineage] = {}

    def run(self) -> Diff:
        found = Diff(self.old.name, self.new.name)
        found.rules = {rule: entry.where for rule, entry in self.causes.rules.items()}
        for table in sorted(TABLES, key=lambda t: _order(t.name)):
            if not self.old.same_file(self.new, table.name):
                found.tables[table.name] = self._compare(table.name)
        found.tables = {t.name: found.tables[t.name] for t in TABLES if t.name in found.tables}
        return found

    def _compare(self, name: str) -> TableDiff:
        old, new = _aligned(self.old.table(name), self.new.table(name))
        matched = match_rows(old, new, name, self.identity)
        if name in REPORT_TABLES:
            self._learn_ids(name, old, new, matched)
        diff = _table_diff(name, old, new, matched)
        self.telling.tell(diff)
        if name in RECORD_TABLES:
            self._mark_lineage(diff)
        return diff

    def _learn_ids(self, name: str, old: pa.Table, new: pa.Table, matched: Matched) -> None:
        """Takes over the ids that reports and their records have now."""
        one = np.concatenate([matched.same_old, matched.old])
        other = np.concatenate([matched.same_new, matched.new])
        subject = name.removesuffix("_reports")
        for column in ("report_id", f"{subject}_id"):
            pairs = list(
                zip(values_at(old, column, one), values_at(new, column, other), strict=True)
            )
            if column == "report_id":
                names = {str(a): str(b) for a, b in pairs if a != b}
            else:
                self.lineages[f"{subject}s"] = trace_records(pairs)
                names = {a: b for a, b in self.lineages[f"{subject}s"].names.items() if a != b}
            records = {**self.identity.records, **names}
            self.identity = Identity(self.identity.documents, records, self.identity.places)

    def _mark_lineage(self, diff: TableDiff) -> None:
        """Names the records that were merged or split."""
        lineage = self.lineages.get(diff.name, Lineage())
        column = f"{diff.name.removesuffix('s')}_id"
        into = {old: new for new, olds in lineage.merged.items() for old in olds}
        out_of = {new: old for old, news in lineage.split.items() for new in news}
        before = values_at(diff.old, column, diff.old_rows)
        after = values_at(diff.new, column, diff.new_rows)
        for i, (old, new) in enumerate(zip(before, after, strict=True)):
            if new in lineage.merged:
                kind, others = "merged", lineage.merged[new]
            elif new is None and old in into:
                kind, others = "merged", (into[old],)
            elif old in lineage.split:
                kind, others = "split", lineage.split[old]
            elif old is None and new in out_of:
                kind, others = "split", (out_of[new],)
            else:
                continue
            diff.kinds[i] = _CODE[kind]
            diff.others[i] = others


def _same(one: object, other: object) -> bool:
    return one is not None and one == other


def _rank(name: str) -> int:
    return _FIRST.index(name) if name in _FIRST else len(_FIRST)


def _order(name: str) -> int:
    """Reports first, for the ids that the other tables name."""
    return 0 if name in REPORT_TABLES else 1


def _places(tables: tuple[pa.Table, pa.Table], documents: Documents) -> dict[str, OffsetMap]:
    if not documents.edited:
        return {}
    texts = []
    for side, table in enumerate(tables):
        wanted = pa.array([pair[side] for pair in documents.edited], pa.string())
        part = table.filter(pc.is_in(table["doc_id"], wanted))
        texts.append(dict(zip(part["doc_id"].to_pylist(), part["text"].to_pylist(), strict=True)))
    return {old: map_offsets(texts[0][old], texts[1][new]) for old, new in documents.edited}


def _aligned(old: pa.Table, new: pa.Table) -> tuple[pa.Table, pa.Table]:
    """Both tables with the columns of the newer one (gold files tell only some)."""
    names = new.column_names
    for name in names:
        if name not in old.column_names:
            old = old.append_column(name, pa.nulls(old.num_rows, new.schema.field(name).type))
    return old.select(names), new


def _table_diff(name: str, old: pa.Table, new: pa.Table, matched: Matched) -> TableDiff:
    none = np.full(len(matched.added), NO_ROW, np.int64)
    old_rows = np.concatenate([matched.old, matched.gone, none])
    new_rows = np.concatenate(
        [matched.new, np.full(len(matched.gone), NO_ROW, np.int64), matched.added]
    )
    # In the order of the new table, what is gone where it stood in the old one.
    order = np.lexsort((old_rows, np.where(new_rows == NO_ROW, old_rows, new_rows)))
    old_rows, new_rows = old_rows[order], new_rows[order]
    differs = _differs(old, new, old_rows, new_rows)
    kinds = _kinds(name, old_rows, new_rows, differs)
    causes = np.zeros(len(old_rows), np.int64)
    return TableDiff(
        name, old, new, old_rows, new_rows, differs, kinds, causes, [Cause("unknown")], {}
    )


def _differs(
    old: pa.Table, new: pa.Table, old_rows: Indices, new_rows: Indices
) -> dict[str, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    both = (old_rows != NO_ROW) & (new_rows != NO_ROW)
    parts = old.take(pa.array(old_rows[both])), new.take(pa.array(new_rows[both]))
    found = {}
    for column in new.column_names:
        codes = column_codes(parts[0][column], parts[1][column])
        mask = np.zeros(len(old_rows), np.bool_)
        mask[both] = codes[0] != codes[1]
        found[column] = mask
    return found


def _kinds(
    name: str,
    old_rows: Indices,
    new_rows: Indices,
    differs: Mapping[str, np.ndarray[tuple[int], np.dtype[np.bool_]]],
) -> Indices:
    kinds = np.full(len(old_rows), _CODE["evidence"], np.int64)
    for column in fact_fields(name) & differs.keys():
        kinds[differs[column]] = _CODE["changed"]
    kinds[old_rows == NO_ROW] = _CODE["added"]
    kinds[new_rows == NO_ROW] = _CODE["removed"]
    return kinds
