"""The component that writes the calendar times of a document on its Doc."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.annotate.base import document_of, only_country, outside, rules_of
from pipeline.annotate.dates import find_dates
from pipeline.annotate.lookup import address_spans
from pipeline.model import CountryMention, DateMention, Document
from pipeline.rulebook.dates import DateRules

# A dateline stands within this many characters: "NEW DELHI, Aug 3 (Agency) - ".
_TOP = 400
_PLACE = re.compile(r"[A-Z][^\W\d_]+(?: [A-Z][^\W\d_]+)*, $")
_DASH = re.compile(r" ?(?:\([^()\n]{2,40}\) ?)?[-–—]")


class DateAnnotator:
    """Finds calendar times; 03/04/2012 is read by the habit of the publisher's country.

    That is the country of the source, else the only one that the document names. A dateline without a
    year anchors relative times, too, when the context tells its year.
    """

    def __init__(self, rules: DateRules) -> None:
        self._rules = rules

    def __call__(self, doc: Doc) -> Doc:
        doc._.dates = self.process(document_of(doc), doc._.countries)
        return doc

    def process(
        self, document: Document, countries: Sequence[CountryMention] = ()
    ) -> list[DateMention]:
        """The date mentions of a document, in order."""
        country = document.source_country or only_country(countries)
        mentions = self._find(document, document.published, country)
        if document.published is None and (anchor := _dateline(document.text, mentions)):
            mentions = self._find(document, anchor, country)
        return outside(mentions, address_spans(document.text))

    def _find(
        self, document: Document, published: dt.date | None, country: str | None
    ) -> list[DateMention]:
        return find_dates(
            document.text,
            document.blocks,
            published=published,
            day_first=country not in self._rules.month_first,
            rules=self._rules,
            country=country,
        )


def _dateline(text: str, mentions: Sequence[DateMention]) -> dt.date | None:
    """The day of a dateline that left out the year, once the context has given it."""
    for mention in mentions:
        if mention.start > _TOP:
            return None
        line = text[text.rfind("\n", 0, mention.start) + 1 : mention.start]
        is_day = mention.interval.granularity == "day"
        if is_day and _PLACE.match(line) and _DASH.match(text, mention.end):
            return mention.interval.first
    return None


@Language.factory("pactline_dates")
def create_date_annotator(nlp: Language, name: str) -> DateAnnotator:  # noqa: ARG001
    """The factory that spaCy calls."""
    return DateAnnotator(rules_of(nlp).dates)
