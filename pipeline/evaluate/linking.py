"""Records against gold: whether the reports that tell of one thing come together, and only those.

A folder of linking gold holds ``raw/`` (the documents) and ``gold.jsonl``: one object a document, its
agreements, meetings and projects as in other gold, each with the name of its ``record``. Two figures
are given: of the resolution alone (gold reports in), and from text to records (what the pipeline
finds, aligned with gold reports; those that have no counterpart are counted and left out).

B-cubed: for each report, the part of its record's reports that belong there (precision), and
the part of those that belong there that are in it (recall); the mean over all reports.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa

from pipeline.annotate.pipeline import annotate_all, build_pipeline
from pipeline.edtf import parse
from pipeline.errors import GoldError
from pipeline.evaluate.record_scoring import TASKS, align
from pipeline.ingest import find_inputs, read_file
from pipeline.ingest.duplicates import body_text, find_duplicates, sketch
from pipeline.link import link_words, resolve
from pipeline.model import Document, Rejected
from pipeline.records.build import record_builder
from pipeline.rows import MentionRows, ReportRows, document_row
from pipeline.rulebook.book import RuleBook, load_rulebook
from pipeline.schema import BY_NAME, REPORT_TABLES
from pipeline.tables import as_table

Rows = dict[str, list[Any]]


class LinkedDocument(msgspec.Struct, frozen=True):
    """The gold of one document: records with the name of the real thing in ``record``."""

    doc: str
    agreements: tuple[dict[str, Any], ...] = ()
    meetings: tuple[dict[str, Any], ...] = ()
    projects: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True)
class TableScore:
    """B-cubed of one record table with what was joined or split wrongly.

    ``missed`` gold reports were not found in the text, ``extra`` predicted ones have no counterpart.
    """

    table: str
    reports: int
    records: int
    precision: float
    recall: float
    merges: tuple[tuple[str, ...], ...]
    splits: tuple[tuple[str, tuple[str, ...]], ...]
    missed: int = 0
    extra: int = 0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(frozen=True)
class LinkingEvaluation:
    """The scores by table: of the resolution alone, and from text to records."""

    resolution: tuple[TableScore, ...]
    end_to_end: tuple[TableScore, ...]

    def as_dict(self) -> dict[str, Any]:
        """Everything for JSON."""
        return {
            name: {s.table: {**msgspec.to_builtins(s), "f1": s.f1} for s in scores}
            for name, scores in (("resolution", self.resolution), ("end_to_end", self.end_to_end))
        }


def evaluate_linking(folder: Path, rules: Path) -> LinkingEvaluation:
    """Scores linking against a folder of gold; raises GoldError naming what it can't read."""
    book = load_rulebook(rules)
    gold = read_linking_gold(folder / "gold.jsonl")
    documents = list(_documents(folder / "raw", book))
    known = {d.doc_id for d in documents}
    absent = [g.doc for g in gold if g.doc not in known]
    if absent:
        raise GoldError(f"no document {absent[0]!r}", where=str(folder / "raw"), fix="add it there")
    table = _document_table(documents)
    words = link_words(book)
    alone = resolve({**gold_tables(gold, book), "documents": table}, words)
    found = predicted_tables(documents, book)
    whole = resolve({**found, "documents": table}, words)
    return LinkingEvaluation(
        tuple(_score_gold(gold, alone.reports, task.subject) for task in TASKS),
        tuple(_score_text(gold, found, whole.reports, task.subject) for task in TASKS),
    )


def read_linking_gold(path: Path) -> list[LinkedDocument]:
    """The gold of a file with one object a line."""
    try:
        lines = path.read_bytes().splitlines()
        return [msgspec.json.decode(line, type=LinkedDocument) for line in lines if line.strip()]
    except (OSError, msgspec.DecodeError) as error:
        raise GoldError(
            f"no gold for linking: {error}", where=str(path), fix="see docs/linking.md"
        ) from error


def _documents(raw: Path, book: RuleBook) -> Iterator[Document]:
    for path in find_inputs(raw):
        if not isinstance(path, Rejected):
            items = read_file(path, raw, book.ingest)
            yield from (item for item in items if not isinstance(item, Rejected))


def _document_table(documents: Sequence[Document]) -> pa.Table:
    copies = find_duplicates((d.doc_id, d.published, sketch(body_text(d))) for d in documents)
    rows = [(*document_row(d)[:-1], copies.get(d.doc_id)) for d in documents]
    return as_table(BY_NAME["documents"], rows)


def predicted_tables(documents: Iterable[Document], book: RuleBook) -> dict[str, pa.Table]:
    """The report tables, evidence and institutions that the pipeline finds."""
    nlp, build = build_pipeline(book), record_builder(book)
    mentions, reports = MentionRows(book), ReportRows(book)
    rows: Rows = defaultdict(list)
    for doc in annotate_all(nlp, documents):
        found = reports.of(build(doc), doc._.document)
        found["institutions"] = mentions.of(doc, doc._.document)["institutions"]
        for name, new in found.items():
            rows[name] += new
    names = (*REPORT_TABLES, "evidence", "institutions")
    return {name: as_table(BY_NAME[name], rows[name]) for name in names}


def gold_tables(gold: Iterable[LinkedDocument], book: RuleBook) -> dict[str, pa.Table]:
    """Gold reports as report tables; the id of a report is its document with its record."""
    rows: Rows = defaultdict(list)
    ids = {(n.casefold(), i.country): i.id for i in book.institutions.registry for n in i.names}
    for document in gold:
        for subject in ("agreement", "meeting", "project"):
            for record in getattr(document, f"{subject}s"):
                report_id = _gold_id(document.doc, record)
                table = BY_NAME[f"{subject}_reports"]
                row = _gold_row(record, report_id, document.doc, ids)
                rows[table.name].append(tuple(row.get(c.name) for c in table.columns))
                rows["evidence"].append(_gold_status(record, report_id, document.doc, table.name))
    names = (*REPORT_TABLES, "evidence")
    return {name: as_table(BY_NAME[name], rows[name]) for name in names}


def _gold_id(doc: str, record: Mapping[str, Any]) -> str:
    return f"{doc} {record['record']}"


def _gold_row(
    record: Mapping[str, Any], report_id: str, doc: str, ids: Mapping[tuple[str, str | None], str]
) -> dict[str, Any]:
    date = parse(record["date"]) if record.get("date") else None
    sides = record.get("parties") or record.get("countries") or ()
    signing = {
        ids[name.casefold(), side]
        for name in record.get("institutions", ())
        for side in sides
        if (name.casefold(), side) in ids
    }
    return {
        "institutions": [], "topics": [],
        **record,
        "report_id": report_id, "doc_id": doc, "start": 0, "end": 0, "text": "",
        "institution_ids": sorted(signing), "rule": "gold", "confidence": 1.0,
        "date_start": date.first if date else None, "date_end": date.last if date else None,
    }  # fmt: skip


def _gold_status(
    record: Mapping[str, Any], report_id: str, doc: str, table: str
) -> tuple[Any, ...]:
    stage = record.get("stage", record["status"])
    return (report_id, table, "status", record["status"], doc, 0, 0, "", None, stage, "gold", 1.0)


def _score_gold(
    gold: Iterable[LinkedDocument], reports: Mapping[str, Mapping[str, Any]], table: str
) -> TableScore:
    added = reports[f"{table[:-1]}_reports"]
    truth = {
        _gold_id(d.doc, record): record["record"] for d in gold for record in getattr(d, table)
    }
    return score_clusters(table, truth, {i: added[i][f"{table[:-1]}_id"] for i in truth})


def _score_text(
    gold: Iterable[LinkedDocument],
    tables: Mapping[str, pa.Table],
    reports: Mapping[str, Mapping[str, Any]],
    table: str,
) -> TableScore:
    """Aligns what was found in each document with its gold; scores what has a counterpart."""
    task = next(t for t in TASKS if t.subject == table)
    name = f"{table[:-1]}_reports"
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in tables[name].to_pylist():
        rows[row["doc_id"]].append(row)
    truth, found, missed, extra = {}, {}, 0, 0
    for document in gold:
        wanted, told = getattr(document, table), rows[document.doc]
        pairs = align(task, told, wanted)
        missed, extra = missed + len(wanted) - len(pairs), extra + len(told) - len(pairs)
        for i, j in pairs:
            report = told[i]["report_id"]
            truth[report] = wanted[j]["record"]
            found[report] = reports[name][report][f"{table[:-1]}_id"]
    return score_clusters(table, truth, found, missed, extra)


def score_clusters(
    table: str, truth: Mapping[str, str], found: Mapping[str, str], missed: int = 0, extra: int = 0
) -> TableScore:
    """B-cubed of two assignments of the same reports to records, and where they differ."""
    true, predicted = _members(truth), _members(found)
    precision = recall = 0.0
    for report, name in truth.items():
        common = len(true[name] & predicted[found[report]])
        precision += common / len(predicted[found[report]])
        recall += common / len(true[name])
    count = max(1, len(truth))
    merges = [tuple(sorted({truth[r] for r in members})) for members in predicted.values()]
    splits = [(name, tuple(sorted({found[r] for r in true[name]}))) for name in sorted(true)]
    return TableScore(
        table, len(truth), len(true), precision / count, recall / count,
        tuple(sorted(m for m in merges if len(m) > 1)),
        tuple(s for s in splits if len(s[1]) > 1),
        missed, extra,
    )  # fmt: skip


def _members(assigned: Mapping[str, str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for report, name in assigned.items():
        found[name].add(report)
    return found


def linking_lines(evaluation: LinkingEvaluation) -> Iterator[str]:
    """The scores for the terminal, with every wrong merge and split."""
    for title, scores in (
        ("gold reports → records", evaluation.resolution),
        ("text → records", evaluation.end_to_end),
    ):
        yield f"{title:<24}{'reports':>8}{'records':>8}{'prec':>8}{'recall':>8}{'b3 f1':>8}"
        for s in scores:
            line = f"  {s.table:<22}{s.reports:>8}{s.records:>8}{s.precision:>8.3f}{s.recall:>8.3f}{s.f1:>8.3f}"
            missing = f"  {s.missed} not found, {s.extra} without counterpart"
            yield line + (missing if s.missed or s.extra else "")
        for s in scores:
            yield from (f"  wrong merge in {s.table}: {', '.join(m)}" for m in s.merges)
            yield from (f"  wrong split in {s.table}: {n} into {len(i)}" for n, i in s.splits)
