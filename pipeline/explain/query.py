"""From what a user typed to an explanation, read afresh with the rules as they are now."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from pipeline.annotate.pipeline import annotate, build_pipeline
from pipeline.explain.build import Explainer
from pipeline.explain.find import (
    NotFoundError,
    Place,
    documents_of,
    find_document,
    find_places,
    gone_record,
    input_paths,
    looks_like_record,
    several_records,
    unknown_record,
)
from pipeline.explain.model import Explanation
from pipeline.model import Document
from pipeline.records.build import record_builder
from pipeline.records.page import Page
from pipeline.records.report import Report
from pipeline.rulebook.book import RuleBook, load_rulebook


def explain(query: str, field: str | None, raw: Path, rules: Path, outputs: Path) -> Explanation:
    """Explains a document or a record.

    Raises NotFoundError, with the nearest ids, for a query that fits nothing or several things.
    """
    reader = _Reader(load_rulebook(rules), raw)
    if not looks_like_record(query):
        return _document(reader, query, field)
    places = find_places(query, outputs)
    if places:
        return _only(_record_at(reader, query, places), field)
    try:
        return _document(reader, query, field)
    except NotFoundError:
        return _only(_record_anywhere(reader, query, outputs), field)


class _Reader:
    """Reads and extracts single documents."""

    def __init__(self, book: RuleBook, raw: Path) -> None:
        self.book = book
        self.raw = raw
        self._nlp = build_pipeline(book)
        self._build = record_builder(book)
        self._explainer = Explainer(book)

    def reports(self, document: Document) -> tuple[Page, list[Report]]:
        """A document's page and reports."""
        doc = annotate(self._nlp, document)
        return Page.of(doc), self._build(doc)

    def explanation(self, document: Document, focus: Sequence[str] = ()) -> Explanation:
        """A document explained, or the records of it that ``focus`` names."""
        return self._explainer.explain(*self.reports(document), focus)

    def ids(self, document: Document) -> list[str]:
        """The ids of a document's records."""
        return [report.report_id(document.doc_id) for report in self.reports(document)[1]]


def _document(reader: _Reader, query: str, field: str | None) -> Explanation:
    document = find_document(query, reader.raw, reader.book.ingest)
    if field is not None:
        raise NotFoundError(
            f"{document.doc_id!r} is a document, so it has no field {field!r}",
            fix="name one of its records: `pactline explain DOC` lists them",
        )
    return reader.explanation(document)


def _record_at(reader: _Reader, query: str, places: Sequence[Place]) -> Explanation:
    """The record that the tables of the last run place in a document."""
    known = {place.report_id for place in places}
    # The reports of one resolved record stand in several documents: the first is explained.
    if len(known) > 1 and query not in known and not _is_one_record(places):
        raise several_records(query, known)
    place = min(places, key=lambda p: (p.report_id != query, p.doc_id))
    document = find_document(place.doc_id, reader.raw, reader.book.ingest)
    now = reader.ids(document)
    focus = [one for one in now if one in known]
    if not focus:
        raise gone_record(query, place, now)
    return reader.explanation(document, focus)


def _is_one_record(places: Sequence[Place]) -> bool:
    return len({place.record_id for place in places}) == 1 and places[0].record_id is not None


def _record_anywhere(reader: _Reader, query: str, outputs: Path) -> Explanation:
    """The record in whichever document of ``raw/`` makes it now."""
    found: list[tuple[Document, str]] = []
    seen: list[str] = []
    for document in documents_of(input_paths(reader.raw), reader.raw, reader.book.ingest):
        ids = reader.ids(document)
        seen += ids
        found += [(document, one) for one in ids if one.startswith(query)]
    if not found:
        raise unknown_record(query, outputs, seen)
    exact = [pair for pair in found if pair[1] == query]
    if len(found) > 1 and not exact:
        raise several_records(query, [one for _, one in found])
    document, ident = (exact or found)[0]
    return reader.explanation(document, [ident])


def _only(explanation: Explanation, field: str | None) -> Explanation:
    """The explanation with one field of the records asked for."""
    if field is None:
        return explanation
    known = list(dict.fromkeys(f.name for record in explanation.shown for f in record.fields))
    if field not in known:
        raise NotFoundError(f"the record has no field {field!r}", fix=f"use {', '.join(known)}")
    records = tuple(
        msgspec.structs.replace(r, fields=tuple(f for f in r.fields if f.name == field))
        for r in explanation.shown
    )
    return msgspec.structs.replace(explanation, records=records)
