"""Two snapshots → the rows that differ, table by table, each with its kind and cause."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.decisions.facts import QUOTED
from pipeline.diff.causes import Causes, Documents, compare_documents
from pipeline.diff.codes import column_codes
from pipeline.diff.match import Identity, Matched, match_rows
from pipeline.diff.model import KINDS, NO_ROW, Cause, Change, Indices, TableDiff, fact_fields
from pipeline.diff.offsets import OffsetMap, map_offsets
from pipeline.diff.records import Lineage, trace_records
from pipeline.diff.snapshot import Side
from pipeline.schema import BY_NAME, REPORT_TABLES, TABLES

_CODE = {kind: index for index, kind in enumerate(KINDS)}
# What a reader asks for first; the rest follows from it.
_FIRST = (
    "agreements", "meetings", "projects", "agreement_reports", "meeting_reports", "project_reports",
    "documents",
)  # fmt: skip
_RECORD_TABLES = {f"{s}s": f"{s}_reports" for s in ("agreement", "meeting", "project")}


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
        self.documents = (
            Documents() if old.same_file(new, "documents") else compare_documents(*documents)
        )
        self.causes = Causes(old, new, self.documents)
        places = _places(documents, self.documents)
        self.identity = Identity(self.documents.names, {}, places)
        self.lineages: dict[str, Lineage] = {}
        self.report_causes: dict[str, list[Cause]] = defaultdict(list)

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
        self._tell_causes(diff)
        if name in _RECORD_TABLES:
            self._mark_lineage(diff)
        return diff

    def _learn_ids(self, name: str, old: pa.Table, new: pa.Table, matched: Matched) -> None:
        """Takes over the ids that reports and their records have now."""
        one = np.concatenate([matched.same_old, matched.old])
        other = np.concatenate([matched.same_new, matched.new])
        subject = name.removesuffix("_reports")
        for column in ("report_id", f"{subject}_id"):
            pairs = list(zip(_values(old, column, one), _values(new, column, other), strict=True))
            if column == "report_id":
                names = {str(a): str(b) for a, b in pairs if a != b}
            else:
                self.lineages[f"{subject}s"] = trace_records(pairs)
                names = {a: b for a, b in self.lineages[f"{subject}s"].names.items() if a != b}
            records = {**self.identity.records, **names}
            self.identity = Identity(self.identity.documents, records, self.identity.places)

    def _tell_causes(self, diff: TableDiff) -> None:
        if diff.name in _RECORD_TABLES:
            causes = self._causes_of_records(diff)
        elif diff.name == "evidence":
            causes = self._causes_of_evidence(diff)
        else:
            causes = self._causes_of_rows(diff)
        index: dict[Cause, int] = {}
        diff.causes = np.array([index.setdefault(c, len(index)) for c in causes], np.int64)
        diff.cause_list = list(index)

    def _causes_of_rows(self, diff: TableDiff) -> list[Cause]:
        sides = (diff.old, diff.old_rows), (diff.new, diff.new_rows)
        documents = [_values(table, "doc_id", rows) for table, rows in sides]
        rules = [_values(table, "rule", rows) for table, rows in sides]
        more: Sequence[tuple[str, ...]] = [()] * len(diff)
        if diff.name in REPORT_TABLES and self.causes.rules:
            more = self._evidence_rules(diff)
        stage = BY_NAME[diff.name].stage
        causes = [
            self.causes.of_row(stage, before, after, (new, old, *others))
            for before, after, old, new, others in zip(*documents, *rules, more, strict=True)
        ]
        if diff.name == "decisions":
            return [self.causes.of_decision_row(diff.change(i).row) for i in range(len(diff))]
        if self.causes.may_be_decided and diff.name in QUOTED:
            causes = self._with_decisions(diff, causes)
        if diff.name in REPORT_TABLES:
            self._remember(diff, causes)
        return causes

    def _with_decisions(self, diff: TableDiff, causes: list[Cause]) -> list[Cause]:
        """Where a decision was made on the words of a row, it is the cause."""
        found = []
        for i, cause in enumerate(causes):
            sides = (diff.new, int(diff.new_rows[i])), (diff.old, int(diff.old_rows[i]))
            table, row = next(side for side in sides if side[1] != NO_ROW)
            doc_id, text = table["doc_id"][row].as_py(), table["text"][row].as_py()
            found.append(self.causes.of_decision(diff.name, doc_id, text) or cause)
        return found

    def _remember(self, diff: TableDiff, causes: Sequence[Cause]) -> None:
        """Keeps the causes of reports for their records and their evidence."""
        for column in ("report_id", f"{diff.name.removesuffix('_reports')}_id"):
            for table, rows in ((diff.old, diff.old_rows), (diff.new, diff.new_rows)):
                for key, cause in zip(_values(table, column, rows), causes, strict=True):
                    if key:
                        self.report_causes[key].append(cause)

    def _causes_of_evidence(self, diff: TableDiff) -> list[Cause]:
        """What changed a report changed its evidence."""
        own = self._causes_of_rows(diff)
        before = _values(diff.old, "record_id", diff.old_rows)
        after = _values(diff.new, "record_id", diff.new_rows)
        return [
            next(iter(self.report_causes.get(new or old or "", ())), cause)
            for old, new, cause in zip(before, after, own, strict=True)
        ]

    def _evidence_rules(self, diff: TableDiff) -> list[tuple[str, ...]]:
        """The rules behind the values of each report that differs, those of both sides."""
        found: list[tuple[str, ...]] = [()] * len(diff)
        for side, table, rows in (
            (self.new, diff.new, diff.new_rows),
            (self.old, diff.old, diff.old_rows),
        ):
            ids = _values(table, "report_id", rows)
            rules = _rules_by_record(side.table("evidence"), {i for i in ids if i})
            found = [(*more, *rules.get(i or "", ())) for more, i in zip(found, ids, strict=True)]
        return found

    def _causes_of_records(self, diff: TableDiff) -> list[Cause]:
        column = f"{diff.name.removesuffix('s')}_id"
        found = []
        for position in range(len(diff)):
            change = diff.change(position)
            ids = {(row or {}).get(column) for row in (change.before, change.after)}
            reports = [c for i in sorted(filter(None, ids)) for c in self.report_causes.get(i, ())]
            found.append(self.causes.of_record(change.before, change.after, reports))
        return found

    def _mark_lineage(self, diff: TableDiff) -> None:
        """Names the records that were merged or split."""
        lineage = self.lineages.get(diff.name, Lineage())
        column = f"{diff.name.removesuffix('s')}_id"
        into = {old: new for new, olds in lineage.merged.items() for old in olds}
        out_of = {new: old for old, news in lineage.split.items() for new in news}
        before = _values(diff.old, column, diff.old_rows)
        after = _values(diff.new, column, diff.new_rows)
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
    """Both tables with the columns of the newer one: a column that one lacks is null there."""
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
    return TableDiff(name, old, new, old_rows, new_rows, differs, kinds, causes, [], {})


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


def _values(table: pa.Table, column: str, rows: Indices) -> list[str | None]:
    """The values of a column at some rows; None where there is no such row or column."""
    if column not in table.column_names:
        return [None] * len(rows)
    indices = pa.array(rows, mask=rows == NO_ROW)
    found: list[str | None] = table[column].take(indices).to_pylist()
    return found


def _rules_by_record(evidence: pa.Table, ids: set[str]) -> dict[str, tuple[str, ...]]:
    part = evidence.filter(pc.is_in(evidence["record_id"], pa.array(sorted(ids), pa.string())))
    rules: dict[str, dict[str, None]] = defaultdict(dict)
    columns = (part[c].to_pylist() for c in ("record_id", "rule"))
    for record, rule in zip(*columns, strict=True):
        rules[record][rule] = None
    return {record: tuple(found) for record, found in rules.items()}
