"""Reports of all documents → one record for each real thing, with every reason.

    found = resolve(tables, words)
    found.rows["agreements"]       # dicts by column, in the order of the table's key
    found.reports["agreement_reports"]["agreement_id"]   # report id → what is added to its row

Pure: tables in, rows out; the same tables give the same rows, in whatever order their documents came.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from pipeline.link import inputs
from pipeline.link.compare import Comparer
from pipeline.link.copies import Reissues, Text, find_copies, superseded
from pipeline.link.group import Before, Group, Join, group
from pipeline.link.ids import assign_ids, id_changes
from pipeline.link.inputs import Tables
from pipeline.link.life import Statement
from pipeline.link.merge import Merged, merge
from pipeline.link.model import SUBJECTS, Decision, Item, Row
from pipeline.link.output import conflict_rows, history_rows, link_rows, ordered
from pipeline.link.plover import plover
from pipeline.link.registry import find_renamings, registry
from pipeline.link.series import find_series
from pipeline.link.ties import Tie, find_ties, tied_record
from pipeline.link.words import LinkWords


@dataclass
class RecordTables:
    """What linking makes of the report tables.

    ``rows`` holds the rows (dicts) of each table of the stage link; ``reports`` what is added to the
    rows of the report tables: table → report id → column → value. ``compared`` counts the pairs of
    reports that were compared.
    """

    rows: dict[str, list[Row]]
    reports: dict[str, dict[str, Row]]
    compared: int = 0
    unused: list[Decision] = field(default_factory=list)


def resolve(
    tables: Tables,
    words: LinkWords,
    decisions: Sequence[Decision] = (),
    previous: Tables | None = None,
    *,
    reuse: bool = True,
) -> RecordTables:
    """The record tables of report tables.

    ``tables`` are Arrow tables by name: documents, institutions, evidence and the three report
    tables (what is missing counts as empty). ``decisions`` name reports, or records of
    ``previous``. With ``previous`` (the same tables of an earlier run, with its links and id_history)
    ids that are gone are listed, and only what changed since is compared again; ``reuse`` must be False
    when the rules have changed since.
    """
    with _collector_paused():
        return _Resolution(tables, words, previous, reuse=reuse).run(decisions)


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Nothing here makes cycles, and the collector would look at millions of rows again and again."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


class _Resolution:
    def __init__(
        self, tables: Tables, words: LinkWords, previous: Tables | None, *, reuse: bool
    ) -> None:
        self._reuse = reuse
        self._tables = tables
        self._words = words
        self._previous = previous
        self._documents = inputs.table_of(tables, "documents")
        self._evidence = inputs.table_of(tables, "evidence")
        self._docs = inputs.doc_facts(self._documents)
        self._told: Mapping[str, Sequence[Statement]] = {}

    def run(self, decisions: Sequence[Decision]) -> RecordTables:
        told = inputs.statements(self._evidence)
        self._told = told
        items = inputs.items_of(self._tables, self._words, self._docs, inputs.states(told))
        used, unused = self._by_report(decisions, items)
        groups, compared = self._groups(items, used)
        copies = self._copies(groups)
        records, ids = self._records(groups, superseded(copies))
        found = RecordTables({}, {}, compared, unused)
        ties = self._tie(items, groups, records, ids)
        self._fill(found, groups, records, ids, ties)
        self._add_institutions(found)
        found.rows["copies"] = copies
        found.rows["id_history"] = self._id_history(groups, ids)
        found.reports = self._report_columns(items, groups, ids, ties)
        found.rows = {name: ordered(name, rows) for name, rows in found.rows.items()}
        return found

    def _by_report(
        self, decisions: Sequence[Decision], items: Mapping[str, Sequence[Item]]
    ) -> tuple[list[Decision], list[Decision]]:
        """Decisions on records as decisions on their reports, and those that name nothing known."""
        reports = {i.report_id for found in items.values() for i in found}
        members: dict[str, list[str]] = {}
        for row in self._earlier_links():
            members.setdefault(row["record_id"], []).append(row["report_id"])
        used, unused = [], []
        for decision in decisions:
            pairs = _report_pairs(decision, reports, members)
            used += pairs
            if not pairs:
                unused.append(decision)
        return used, unused

    def _earlier_links(self) -> list[Row]:
        if self._previous is None:
            return []
        rows: list[Row] = inputs.table_of(self._previous, "links").to_pylist()
        return [r for r in rows if r["outcome"] in {"first", "joined"}]

    def _groups(
        self, items: Mapping[str, list[Item]], decisions: Sequence[Decision]
    ) -> tuple[dict[str, list[Group]], int]:
        comparer = Comparer(self._words)
        # Decisions may have changed since; then everything is resolved afresh.
        before = self._before() if self._reuse and not decisions else {}
        found, compared = {}, 0
        for subject in SUBJECTS:
            grouping = group(items[subject], comparer, decisions, before.get(subject))
            found[subject] = grouping.groups
            compared += grouping.compared
        return found, compared

    def _before(self) -> dict[str, Before]:
        """The earlier resolution, if all of it is there and no decision is in it."""
        if self._previous is None:
            return {}
        previous = self._previous
        links = inputs.table_of(previous, "links").to_pylist()
        if any(row["decided"] for row in links):
            return {}
        docs = inputs.doc_facts(inputs.table_of(previous, "documents"))
        told = inputs.statements(inputs.table_of(previous, "evidence"))
        items = inputs.items_of(previous, self._words, docs, inputs.states(told))
        by_table: dict[str, dict[str, list[Row]]] = {}
        for row in links:
            by_table.setdefault(row["table"], {}).setdefault(row["record_id"], []).append(row)
        return {
            subject: Before(
                {i.report_id: i for i in items[subject]},
                [_earlier_group(rows) for rows in by_table.get(f"{subject}s", {}).values()],
            )
            for subject in SUBJECTS
        }

    def _copies(self, groups: Mapping[str, Sequence[Group]]) -> list[Row]:
        reissues = inputs.reissues_of(self._documents, Reissues(self._words.rules))
        wanted = set(reissues)
        wanted |= {d for d, facts in self._docs.items() if facts.copied}
        beside = [g.items for found in groups.values() for g in found
                  if any(i.doc_id in reissues for i in g.items)]  # fmt: skip
        wanted |= {i.doc_id for items in beside for i in items}
        texts = {t.doc_id: t for t in inputs.texts_of(self._documents, wanted)}
        return find_copies(texts, beside, reissues)

    def _records(
        self, groups: Mapping[str, Sequence[Group]], replaced: frozenset[str]
    ) -> tuple[dict[str, list[Merged]], dict[str, list[str]]]:
        records, ids = {}, {}
        for subject, found in groups.items():
            ids[subject] = assign_ids([g.items for g in found])
            records[subject] = [merge(subject, g.items, self._told, replaced) for g in found]
            for record, name in zip(records[subject], ids[subject], strict=True):
                record.row[f"{subject}_id"] = name
        return records, ids

    def _tie(
        self,
        items: Mapping[str, Sequence[Item]],
        groups: Mapping[str, Sequence[Group]],
        records: Mapping[str, Sequence[Merged]],
        ids: Mapping[str, Sequence[str]],
    ) -> dict[str, Tie]:
        """Fills agreement_id of meetings and projects; the ties by report."""
        record_of = _record_of(groups["agreement"], ids["agreement"])
        ties: dict[str, Tie] = {}
        for subject in ("meeting", "project"):
            found = find_ties(items["agreement"], items[subject], self._words)
            ties |= {tie.report: tie for tie in found}
            for record in records[subject]:
                reports = [i.report_id for i in record.items]
                record.row["agreement_id"] = tied_record(reports, ties, record_of)
        return ties

    def _fill(
        self,
        found: RecordTables,
        groups: Mapping[str, Sequence[Group]],
        records: Mapping[str, Sequence[Merged]],
        ids: Mapping[str, Sequence[str]],
        ties: Mapping[str, Tie],
    ) -> None:
        found.rows["series"] = find_series(records["meeting"])
        merged = [r for subject in SUBJECTS for r in records[subject]]
        for subject in SUBJECTS:
            found.rows[f"{subject}s"] = [r.row for r in records[subject]]
        found.rows["links"] = [
            row
            for subject in SUBJECTS
            for one, name in zip(groups[subject], ids[subject], strict=True)
            for row in link_rows(subject, one, name, ties)
        ]
        found.rows["status_history"] = [row for r in merged for row in history_rows(r)]
        doubtful = {d.item.report_id for r in merged for d in r.disagreements}
        evidence = inputs.field_evidence(self._evidence, doubtful)
        found.rows["conflicts"] = [row for r in merged for row in conflict_rows(r, evidence)]

    def _add_institutions(self, found: RecordTables) -> None:
        mentions = inputs.table_of(self._tables, "institutions")
        texts: dict[str, Text] = {}
        if mentions.num_rows:
            texts = {t.doc_id: t for t in inputs.texts_of(self._documents)}
        renamings = list(find_renamings(mentions, texts, self._words))
        published = {d: f.published for d, f in self._docs.items()}
        found.rows["renamings"] = renamings
        found.rows["institution_registry"] = registry(mentions, published, self._words, renamings)

    def _id_history(
        self, groups: Mapping[str, Sequence[Group]], ids: Mapping[str, Sequence[str]]
    ) -> list[Row]:
        if self._previous is None:
            return []
        earlier: dict[str, dict[str, str]] = {}
        for row in self._earlier_links():
            earlier.setdefault(row["table"], {})[row["report_id"]] = row["record_id"]
        known = inputs.table_of(self._previous, "id_history").to_pylist()
        return [
            row
            for subject in SUBJECTS
            for row in id_changes(
                f"{subject}s",
                earlier.get(f"{subject}s", {}),
                _record_of(groups[subject], ids[subject]),
                known,
            )
        ]

    def _report_columns(
        self,
        items: Mapping[str, Sequence[Item]],
        groups: Mapping[str, Sequence[Group]],
        ids: Mapping[str, Sequence[str]],
        ties: Mapping[str, Tie],
    ) -> dict[str, dict[str, Row]]:
        agreement_of = _record_of(groups["agreement"], ids["agreement"])
        found: dict[str, dict[str, Row]] = {}
        for subject in SUBJECTS:
            record_of = _record_of(groups[subject], ids[subject])
            rows = found[f"{subject}_reports"] = {}
            for item in items[subject]:
                code = plover(item.features, self._words.rules)
                row: Row = {f"{subject}_id": record_of[item.report_id]}
                if subject != "agreement":
                    tie = ties.get(item.report_id)
                    row["agreement_id"] = agreement_of[tie.agreement_report] if tie else None
                row |= {f"plover_{k}": v for k, v in code._asdict().items()}
                rows[item.report_id] = row
        return found


def _report_pairs(
    decision: Decision, reports: set[str], members: Mapping[str, Sequence[str]]
) -> list[Decision]:
    """A decision between reports or records as decisions between reports.

    To join two records, each report is joined to the first; to part them, every pair is parted.
    """
    sides = [
        [name] if name in reports else [r for r in members.get(name, ()) if r in reports]
        for name in (decision.one, decision.other)
    ]
    pairs = [Decision(a, b, decision.same) for a in sides[0] for b in sides[1] if a != b]
    if not decision.same or not pairs:
        return pairs
    first, *others = dict.fromkeys(sides[0] + sides[1])
    return [Decision(first, other, same=True) for other in others]


def _record_of(groups: Iterable[Group], ids: Iterable[str]) -> dict[str, str]:
    return {
        item.report_id: name for one, name in zip(groups, ids, strict=True) for item in one.items
    }


def _earlier_group(rows: Sequence[Row]) -> tuple[tuple[str, ...], tuple[Join, ...]]:
    joined = [r for r in rows if r["outcome"] in {"first", "joined"}]
    joins = tuple(
        Join(r["outcome"], r["report_id"], r["joined_to"], r["reason"], r["score"], r["decided"])
        for r in rows
        if r["outcome"] != "tied"
    )
    first = [r["report_id"] for r in joined if r["outcome"] == "first"]
    others = sorted(r["report_id"] for r in joined if r["outcome"] == "joined")
    return (*first, *others), joins


def as_tuples(rows: Iterable[Row], columns: Sequence[str]) -> list[tuple[Any, ...]]:
    """Rows as the writers of tables take them."""
    return [tuple(row.get(column) for column in columns) for row in rows]
