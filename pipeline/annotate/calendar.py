"""The component that writes the calendar times of a document on its Doc."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.annotate.base import document_of, outside, rules_of
from pipeline.annotate.dates import find_dates
from pipeline.annotate.lookup import address_spans
from pipeline.model import DateMention, Document
from pipeline.rulebook.dates import DateRules


class DateAnnotator:
    """Finds calendar times; 03/04/2012 is read by the habit of the publisher's country."""

    def __init__(self, rules: DateRules) -> None:
        self._rules = rules

    def __call__(self, doc: Doc) -> Doc:
        doc._.dates = self.process(document_of(doc))
        return doc

    def process(self, document: Document) -> list[DateMention]:
        """The date mentions of a document, in order."""
        mentions = find_dates(
            document.text,
            document.blocks,
            published=document.published,
            day_first=True,
            rules=self._rules,
            country=document.source_country,
        )
        return outside(mentions, address_spans(document.text))


@Language.factory("pactline_dates")
def create_date_annotator(nlp: Language, name: str) -> DateAnnotator:  # noqa: ARG001
    """The factory that spaCy calls."""
    return DateAnnotator(rules_of(nlp).dates)
