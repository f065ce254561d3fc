"""The title of a document that doesn't declare one: the first line above the text that reads as one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from pipeline.ingest.full_dates import DATE
from pipeline.ingest.lines import Line
from pipeline.ingest.published import date_line
from pipeline.ingest.publishers import names_body
from pipeline.rulebook.boilerplate import IngestRules

# A title stands within so many lines, has so many words, and isn't longer than a headline.
_TOP: Final = 8
_FEWEST_WORDS: Final = 4
_LONGEST: Final = 240
_FEW_BESIDE_DATE: Final = 2
_SENTENCE: Final = re.compile(r"[.;:,]$")


def title_of(lines: Sequence[Line], rules: IngestRules) -> str | None:
    """The title, or None when the text begins without one.

    A heading of the first level is one. In a release without headings it is the first line of some
    words above the text; the name of the body that publishes it and a date line stand above it.
    """
    body = [line for line in lines if line.boilerplate is None]
    for line in body[:3]:
        if line.kind == "heading" and line.depth == 1 and _is_title(line.text, rules):
            return _without_prefix(line.text, rules)
    return next(
        (
            _without_prefix(line.text, rules)
            for line in _above_the_text(body)
            if len(line.text.split()) >= _FEWEST_WORDS and _is_title(line.text, rules)
        ),
        None,
    )


def _above_the_text(body: Sequence[Line]) -> Iterator[Line]:
    for line in body[:_TOP]:
        if line.marker or line.joined or line.kind == "table_row":
            return
        if len(line.text) > _LONGEST or _SENTENCE.search(line.text):
            return
        yield line


def _is_title(text: str, rules: IngestRules) -> bool:
    if rules.not_titles.fullmatch(text) or names_body(text, rules) or date_line(text):
        return False
    dates = list(DATE.finditer(text))
    # A line with little besides a date is a date line.
    rest = text[: dates[0].start()] + text[dates[0].end() :] if len(dates) == 1 else text
    return len(rest.split()) > _FEW_BESIDE_DATE


def _without_prefix(text: str, rules: IngestRules) -> str:
    """The title without "Press release:" and without the date that stands before it."""
    dated = DATE.match(text)
    if dated and len(text[dated.end() :].split()) >= _FEWEST_WORDS:
        text = text[dated.end() :].lstrip(" ,:–-|")
    prefix = rules.title_prefixes.match(text)
    return text[prefix.end() :] if prefix else text
