"""What the components share: the extensions on a Doc, and how a component gets its rules."""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from typing import TypeVar

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.model import Annotation, CountryMention, Document
from pipeline.rulebook.book import RuleBook

T = TypeVar("T")

_RULES: weakref.WeakKeyDictionary[Language, RuleBook] = weakref.WeakKeyDictionary()

EXTENSIONS = (
    "document",
    "sentences",
    "hits",
    "countries",
    "dates",
    "institutions",
    "people",
    "figures",
)

for _name in EXTENSIONS:
    Doc.set_extension(_name, default=None, force=True)


def bind_rules(nlp: Language, rules: RuleBook) -> None:
    """Lets the components of ``nlp`` find their rule book (a spaCy config holds only JSON)."""
    _RULES[nlp] = rules


def rules_of(nlp: Language) -> RuleBook:
    """The rule book bound to ``nlp``."""
    return _RULES[nlp]


def document_of(doc: Doc) -> Document:
    """The document that a Doc was made of."""
    document: Document = doc._.document
    return document


def annotation_of(doc: Doc) -> Annotation:
    """The sentences and mentions of an annotated Doc, without the Doc."""
    found = doc._
    return Annotation(
        sentences=tuple((start, end) for start, end in found.sentences),
        countries=tuple(found.countries),
        dates=tuple(found.dates),
        institutions=tuple(found.institutions),
        people=tuple(found.people),
        figures=tuple(found.figures),
        source_country=found.document.source_country,
        source_country_from=found.document.source_country_from,
    )


def only_country(countries: Sequence[CountryMention]) -> str | None:
    """The country of a document that names just one."""
    codes = {mention.code for mention in countries}
    return codes.pop() if len(codes) == 1 else None


def outside(mentions: list[T], spans: list[tuple[int, int]]) -> list[T]:
    """The mentions (with ``start`` and ``end``) that touch none of the sorted spans."""
    kept, index = [], 0
    for mention in sorted(mentions, key=lambda m: m.start):  # type: ignore[attr-defined]
        while index < len(spans) and spans[index][1] <= mention.start:  # type: ignore[attr-defined]
            index += 1
        if index == len(spans) or mention.end <= spans[index][0]:  # type: ignore[attr-defined]
            kept.append(mention)
    return kept
