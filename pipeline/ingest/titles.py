"""The title of a document that doesn't declare one: the first line above the text that reads as one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from pipeline.ingest.lines import Line
from pipeline.rulebook.boilerplate import IngestRules

# A title stands within so many lines, has so many words, and isn't longer than a headline.
_TOP: Final = 8
_FEWEST_WORDS: Final = 4
_LONGEST: Final = 240
_BODY_WORDS: Final = 9
_SENTENCE: Final = re.compile(r"[.;:,]$")
_CAPITALISED: Final = re.compile(r"(?:[A-Z&(]|of\b|and\b|the\b|for\b)")


def title_of(lines: Sequence[Line], rules: IngestRules) -> str | None:
    """The title, or None when the text begins without one.

    A heading of the first level is one. In a release without headings it is the first line of some
    words above the text; the name of the body that publishes it and a date line stand above it.
    """
    body = [line for line in lines if line.boilerplate is None]
    for line in body[:3]:
        if line.kind == "heading" and line.depth == 1 and not _names_body(line.text, rules):
            return line.text
    return next(
        (
            line.text
            for line in _above_the_text(body)
            if len(line.text.split()) >= _FEWEST_WORDS and not _names_body(line.text, rules)
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


def _names_body(text: str, rules: IngestRules) -> bool:
    """Whether a line is nothing but the name of a ministry or another publisher."""
    words = text.split()
    if len(words) > _BODY_WORDS or not all(_CAPITALISED.match(word) for word in words):
        return False
    return any(pattern.search(text) for _, pattern in rules.kind_words)
