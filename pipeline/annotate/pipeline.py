"""The spaCy pipeline: one tokenisation, then one component a kind of mention."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.annotate import (  # noqa: F401 - importing registers the factories
    calendar,
    countries,
    figures,
    home,
    institutions,
    people,
    reconcile,
    sentences,
)
from pipeline.annotate.base import bind_rules, document_of, rules_of
from pipeline.annotate.lookup import build_phrase_table, content_hits
from pipeline.annotate.tokens import PlainTokenizer
from pipeline.model import Document
from pipeline.rulebook.book import RuleBook

COMPONENTS = (
    "pactline_sentences",
    "pactline_lookup",
    "pactline_countries",
    "pactline_institutions",
    "pactline_home",
    "pactline_dates",
    "pactline_people",
    "pactline_figures",
    "pactline_reconcile",
)


class LookupAnnotator:
    """Sets ``doc._.hits`` to the phrases of all tables outside boilerplate."""

    def __init__(self, rules: RuleBook) -> None:
        self._table = build_phrase_table(rules)

    def __call__(self, doc: Doc) -> Doc:
        document = document_of(doc)
        hits = self._table.find(document.text)
        doc._.hits = content_hits(hits, document)
        return doc


@Language.factory("pactline_lookup")
def create_lookup_annotator(nlp: Language, name: str) -> LookupAnnotator:  # noqa: ARG001
    """The factory that spaCy calls."""
    return LookupAnnotator(rules_of(nlp))


def build_pipeline(rules: RuleBook) -> Language:
    """``spacy.blank("en")`` with a plain tokenizer and the components of this package."""
    nlp = spacy.blank("en")
    nlp.tokenizer = PlainTokenizer(nlp.vocab)
    nlp.max_length = 10**9
    bind_rules(nlp, rules)
    for component in COMPONENTS:
        nlp.add_pipe(component)
    return nlp


def annotate(nlp: Language, document: Document) -> Doc:
    """The Doc of one document, with all its mentions in its extensions."""
    doc = nlp.make_doc(document.text)
    doc._.document = document
    for _, component in nlp.pipeline:
        doc = component(doc)
    return doc


def annotate_all(nlp: Language, documents: Iterable[Document]) -> Iterator[Doc]:
    """The Docs of many documents, in memory that doesn't grow with their number."""
    for document in documents:
        yield annotate(nlp, document)
