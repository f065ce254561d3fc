"""Tables against gold: the scores of the annotation guide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.annotate.pipeline import annotate_all, build_pipeline
from pipeline.errors import GoldError
from pipeline.evaluate.gold import GoldDocument, read_gold
from pipeline.evaluate.record_scoring import TASKS, RecordResult, score_records
from pipeline.evaluate.scoring import Predicted, Result, Score, score_document
from pipeline.ingest import find_inputs, read_file
from pipeline.model import Document, Rejected
from pipeline.records.build import record_builder
from pipeline.rows import MentionRows, ReportRows
from pipeline.rulebook.book import RuleBook, load_rulebook
from pipeline.schema import BY_NAME, MENTION_TABLES


@dataclass(frozen=True)
class Scored:
    """A gold document with what was predicted for it and the result of each task."""

    gold: GoldDocument
    predicted: Predicted
    results: dict[str, Result]
    records: dict[str, RecordResult]


@dataclass(frozen=True)
class Evaluation:
    """All scored documents."""

    documents: tuple[Scored, ...]

    def total(self, task: str) -> Score:
        """The micro score of a task over all documents."""
        return sum((d.results[task].score for d in self.documents), Score())

    def record_total(self, subject: str, measure: str) -> Score:
        """The micro score of a kind of record; ``measure`` is found, slots or exact."""
        return sum((getattr(d.records[subject], measure) for d in self.documents), Score())

    def field_total(self, subject: str, field: str) -> Score:
        """The micro score of one field of a kind of record."""
        return sum((d.records[subject].fields[field] for d in self.documents), Score())

    def as_dict(self) -> dict[str, Any]:
        """Scores by task and document, for JSON."""
        return {
            "total": {task: _figures(self.total(task)) for task in MENTION_TABLES},
            "records": {
                task.subject: {
                    measure: _figures(self.record_total(task.subject, measure))
                    for measure in ("found", "slots", "exact")
                }
                for task in TASKS
            },
            "documents": {
                d.gold.doc: {task: _figures(r.score) for task, r in d.results.items()}
                for d in self.documents
            },
        }


def _figures(score: Score) -> dict[str, float]:
    return {
        "precision": round(score.precision, 4),
        "recall": round(score.recall, 4),
        "f1": round(score.f1, 4),
        "annotated": score.annotated,
    }


def evaluate(gold: Path, raws: Sequence[Path], rules: Path) -> Evaluation:
    """Extracts the documents that ``gold`` annotates from the folders ``raws`` and scores them.

    Raises GoldError when a gold document is found in none of the folders.
    """
    wanted = {document.doc: document for document in read_gold(gold)}
    book = load_rulebook(rules)
    documents = dict(_find(wanted, raws, book))
    missing = sorted(wanted.keys() - documents.keys())
    if missing:
        raise GoldError(
            f"the annotated document {missing[0]!r} is in none of {', '.join(map(str, raws))}",
            where=str(gold),
            fix="name its folder with --raw",
        )
    keys = sorted(documents)
    predictions = predict(book, [documents[key] for key in keys])
    return Evaluation(
        tuple(
            Scored(
                wanted[key],
                predicted,
                score_document(wanted[key], predicted),
                _score_records(wanted[key], predicted),
            )
            for key, predicted in zip(keys, predictions, strict=True)
        )
    )


def _score_records(gold: GoldDocument, predicted: Predicted) -> dict[str, RecordResult]:
    return {
        task.subject: score_records(
            task, predicted.rows[f"{task.subject[:-1]}_reports"], getattr(gold, task.subject)
        )
        for task in TASKS
    }


def predict(book: RuleBook, documents: Sequence[Document]) -> Iterator[Predicted]:
    """The rows of the mention tables of each document."""
    mentions, reports, build = MentionRows(book), ReportRows(book), record_builder(book)
    for doc in annotate_all(build_pipeline(book), documents):
        document = doc._.document
        found = mentions.of(doc, document) | reports.of(build(doc), document)
        yield Predicted(
            document.doc_id,
            document.text,
            {
                table: [
                    dict(zip((c.name for c in BY_NAME[table].columns), row, strict=True))
                    for row in found[table]
                ]
                for table in found
            },
        )


def _find(
    wanted: dict[str, GoldDocument], raws: Sequence[Path], book: RuleBook
) -> Iterator[tuple[str, Document]]:
    """The annotated documents, by the ``doc`` of their gold: a doc_id or the end of one."""
    endings = {doc.partition("#")[0].rsplit("/", 1)[-1] for doc in wanted}
    for raw in raws:
        for path in find_inputs(raw):
            if isinstance(path, Rejected) or path.name not in endings:
                continue
            for item in read_file(path, raw, book.ingest):
                if isinstance(item, Document):
                    yield from ((doc, item) for doc in wanted if _is(item.doc_id, doc))


def _is(doc_id: str, doc: str) -> bool:
    return doc_id == doc or doc_id.endswith("/" + doc) or doc.endswith("/" + doc_id)
