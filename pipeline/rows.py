"""Mentions and documents as rows of the tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from pipeline.edtf import parse
from pipeline.model import (
    Annotation,
    CountryMention,
    DateMention,
    Document,
    FigureMention,
    InstitutionMention,
    PersonMention,
    Rejected,
)
from pipeline.records.report import Report, Support
from pipeline.rulebook.book import RuleBook
from pipeline.rulebook.confidence import MENTION_STEP, RECORD_STEP, counted_as
from pipeline.schema import BY_NAME, REPORT_TABLES, Column, Table
from pipeline.tables import Row

if TYPE_CHECKING:
    from spacy.tokens import Doc


def document_row(document: Document) -> Row:
    """The row of a document; ``duplicate_of`` is known only when all documents are."""
    return (
        document.doc_id,
        document.format,
        document.source,
        document.source_kind,
        document.title,
        document.published,
        document.published_from,
        document.language,
        document.url,
        document.text,
        document.sha256,
        None,
    )


def rejected_row(rejected: Rejected) -> Row:
    """The row of a rejected file, document or field."""
    return (rejected.doc_id, rejected.stage, rejected.code, rejected.detail)


class Trust:
    """How far a rule can be trusted at a step, by the measured precisions of the rule book."""

    def __init__(self, rules: RuleBook) -> None:
        self._confidence = rules.confidence
        self._locations = rules.locations
        self._known: dict[tuple[str, str, float | None], float] = {}

    def of(self, rule: str, step: str, declared: float | None = None) -> float:
        """The confidence of what ``rule`` found at ``step``."""
        key = (rule, step, declared)
        if key not in self._known:
            counted = counted_as(rule, self._locations.get(rule))
            self._known[key] = self._confidence.of(counted, step, declared)
        return self._known[key]


class MentionRows:
    """Turns the mentions of a Doc into rows, a list a table.

    ``confidence`` is the measured precision of the rule; what the rule declares of itself counts
    until its family has been measured.
    """

    def __init__(self, rules: RuleBook) -> None:
        self._countries = {c.code: (c.iso3, c.name) for c in rules.geography.countries}
        self._trust = Trust(rules)

    def of(self, doc: Doc, document: Document) -> dict[str, list[Row]]:
        """The rows of each mention table for an annotated Doc."""
        return self._tables(doc._, document)

    def of_annotation(self, found: Annotation, document: Document) -> dict[str, list[Row]]:
        """The rows of each mention table for one document."""
        return self._tables(found, document)

    def _tables(self, found: Any, document: Document) -> dict[str, list[Row]]:
        return {
            "countries": list(self._rows(document, found.countries, self._country)),
            "dates": list(self._rows(document, found.dates, _date)),
            "institutions": list(self._rows(document, found.institutions, _institution)),
            "people": list(self._rows(document, found.people, _person)),
            "figures": list(self._rows(document, found.figures, _figure)),
        }

    def _country(self, mention: CountryMention) -> Row:
        iso3, name = self._countries[mention.code]
        return (mention.code, iso3, name, mention.via, mention.place)

    def _rows(
        self, document: Document, mentions: Iterable[Any], fields: Callable[[Any], Row]
    ) -> Iterator[Row]:
        for m in mentions:
            text = document.text[m.start : m.end]
            confidence = self._trust.of(m.rule, MENTION_STEP, m.confidence)
            yield (document.doc_id, m.start, m.end, text, *fields(m), m.rule, confidence)


def _date(mention: DateMention) -> Row:
    interval = mention.interval
    return (
        str(interval),
        interval.first,
        interval.last,
        interval.granularity,
        mention.modifier,
        mention.resolved_from,
    )


def _institution(mention: InstitutionMention) -> Row:
    return (
        mention.institution_id,
        mention.name,
        mention.acronym,
        mention.kind,
        mention.country,
        mention.linked,
    )


def _person(mention: PersonMention) -> Row:
    return (
        mention.name,
        mention.honorific,
        mention.role,
        mention.institution_id,
        mention.country,
    )


def _figure(mention: FigureMention) -> Row:
    return (mention.value, mention.unit, mention.what, mention.country, mention.period)


class ReportRows:
    """Turns reports into rows of the report tables and of ``evidence``.

    ``confidence`` is looked up by rule and step in the measured precisions of the rule book.
    """

    def __init__(self, rules: RuleBook) -> None:
        self._trust = Trust(rules)

    def of(self, reports: Iterable[Report], document: Document) -> dict[str, list[Row]]:
        """The rows of the report tables and of evidence for one document."""
        rows: dict[str, list[Row]] = {name: [] for name in (*REPORT_TABLES, "evidence")}
        for report in reports:
            table = f"{report.subject}_reports"
            record_id = report.report_id(document.doc_id)
            rows[table].append(self._report(report, record_id, document, BY_NAME[table]))
            rows["evidence"] += [
                self._evidence(support, record_id, table, document) for support in report.values
            ]
        return rows

    def _report(self, report: Report, record_id: str, document: Document, table: Table) -> Row:
        date = report.first("date")
        interval = parse(str(date)) if date else None
        fixed = {
            "report_id": record_id,
            "doc_id": document.doc_id,
            "start": report.start,
            "end": report.end,
            "text": document.text[report.start : report.end],
            "rule": report.rule,
            "confidence": self._trust.of(report.rule, RECORD_STEP),
            "date_start": interval.first if interval else None,
            "date_end": interval.last if interval else None,
        }
        return tuple(
            fixed[column.name] if column.name in fixed else _field(report, column)
            for column in table.columns
        )

    def _evidence(self, support: Support, record_id: str, table: str, document: Document) -> Row:
        return (
            record_id,
            table,
            support.field,
            str(support.value),
            document.doc_id,
            support.start,
            support.end,
            document.text[support.start : support.end],
            support.step,
            support.detail,
            support.rule,
            self._trust.of(support.rule, support.step),
        )


def _field(report: Report, column: Column) -> Any:
    is_list = pa.types.is_list(column.type)
    return report.all(column.name) if is_list else report.first(column.name)
