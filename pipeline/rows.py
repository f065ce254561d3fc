"""Mentions and documents as rows of the tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from spacy.tokens import Doc

from pipeline.model import (
    CountryMention,
    DateMention,
    Document,
    FigureMention,
    InstitutionMention,
    PersonMention,
    Rejected,
)
from pipeline.rulebook.book import RuleBook
from pipeline.tables import Row


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


class MentionRows:
    """Turns the mentions of a Doc into rows, a list a table."""

    def __init__(self, rules: RuleBook) -> None:
        self._countries = {c.code: (c.iso3, c.name) for c in rules.geography.countries}

    def of(self, doc: Doc, document: Document) -> dict[str, list[Row]]:
        """The rows of each mention table for one document."""
        return {
            "countries": list(_rows(document, doc._.countries, self._country)),
            "dates": list(_rows(document, doc._.dates, _date)),
            "institutions": list(_rows(document, doc._.institutions, _institution)),
            "people": list(_rows(document, doc._.people, _person)),
            "figures": list(_rows(document, doc._.figures, _figure)),
        }

    def _country(self, mention: CountryMention) -> Row:
        iso3, name = self._countries[mention.code]
        return (mention.code, iso3, name, mention.via, mention.place)


def _rows(
    document: Document, mentions: Iterable[Any], fields: Callable[[Any], Row]
) -> Iterator[Row]:
    for m in mentions:
        text = document.text[m.start : m.end]
        yield (document.doc_id, m.start, m.end, text, *fields(m), m.rule, m.confidence)


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
