"""Headings that nothing but the layout marks: short lines over longer text."""

from __future__ import annotations

import re
from typing import Final

from pipeline.ingest.full_dates import DATE
from pipeline.ingest.lines import Line

_MAX_LENGTH: Final = 150
_MAX_WORDS: Final = 22
_MAX_PLAIN_WORDS: Final = 12  # more words with small letters are a sentence without its end
_LONG: Final = 150
_MAX_RUN: Final = 2
_SMALL: Final = frozenset(
    [
        "a",
        "an",
        "and",
        "as",
        "at",
        "but",
        "by",
        "for",
        "from",
        "in",
        "into",
        "nor",
        "of",
        "on",
        "onto",
        "or",
        "over",
        "per",
        "the",
        "to",
        "under",
        "via",
        "vs",
        "with",
    ]
)
_CLOSED: Final = tuple('.,;!?…”"')
_SENTENCE_END: Final = tuple('.!?:;”")…*')
_WORD: Final = re.compile(r"[^\W\d_][\w'’.-]*")


def guess_headings(lines: list[Line], *, titled: bool = False) -> None:
    """Marks headings among the lines without a kind; the rest become paragraphs.

    ``titled`` says that the title is known, so that the first line is a line as any other.
    """
    last = max((i for i, line in enumerate(lines) if _is_body(line)), default=-1)
    first = next((i for i, line in enumerate(lines) if line.boilerplate is None), -1)
    title = -1 if titled else first
    found = [
        line.kind is None and i < last and line.boilerplate is None and _looks(lines, i, title)
        for i, line in enumerate(lines)
    ]
    _drop_runs(lines, found, title)
    for i, (line, heading) in enumerate(zip(lines, found, strict=True)):
        if line.kind is None:
            line.kind = "heading" if heading else "paragraph"
            line.depth = (1 if i == title else 2 + (not line.bold)) if heading else 0


def _drop_runs(lines: list[Line], found: list[bool], title: int) -> None:
    """Short lines one after the other are an address or a greeting, not headings over nothing."""
    start = 0
    while start < len(found):
        end = start
        while end < len(found) and found[end]:
            end += 1
        if end - start > _MAX_RUN:
            for i in range(start, end):
                found[i] = i == title or lines[i].bold
        start = end + 1


def _is_body(line: Line) -> bool:
    """Text that a heading may stand over: not a short signature."""
    if line.boilerplate is not None:
        return False
    return line.kind in ("bullet", "table_row") or len(line.text) > 60 or line.text.endswith(".")


def _looks(lines: list[Line], i: int, title: int) -> bool:
    """Whether a line is short for a reason: it has the shape of a heading and stands like one."""
    line, after = lines[i], lines[i + 1]
    if not _shaped(line, is_title=i == title):
        return False
    dated = len(after.text) <= 40 and bool(DATE.search(after.text))
    if dated and i != title:
        return False  # a signature over its date
    shouted = line.text.isupper() and len(after.text) >= 60 and line.text[-1] != ":"
    return line.bold or dated or shouted or _stands(line, lines[i - 1] if i else None, after)


def _stands(line: Line, before: Line | None, after: Line) -> bool:
    """Whether what is above a line is finished and what is below belongs to it."""
    apart = line.gap > 0 or before is None
    if not apart and before is not None and not _closes(before):
        return False
    if after.gap:
        return True
    if after.kind == "bullet":
        return line.text[-1] != ":" or len(line.text) < 40
    above = apart or before is None or len(before.text) >= _LONG
    return above and len(after.text) >= _LONG and _titled(line.text)


def _shaped(line: Line, *, is_title: bool) -> bool:
    text = line.text
    if len(text) > _MAX_LENGTH + 50 * is_title or text.endswith(_CLOSED) or line.links > 0.5:
        return False
    words = _WORD.findall(text)
    if not words or not (text[0].isupper() or text[0].isdigit() or text[0] in "“\"'‘(["):
        return False
    if text[-1] == ":" and not line.bold and len(words) > 4:
        return False  # it opens a list
    if len(words) > _MAX_WORDS + 8 * is_title or words[-1].lower() in _SMALL or DATE.search(text):
        return False
    return line.bold or is_title or len(words) <= _MAX_PLAIN_WORDS or _titled(text)


def _closes(line: Line) -> bool:
    """Whether a line is the end of a body block."""
    size = len(line.text)
    ended = size >= _LONG or (size >= 40 and line.text.endswith(_SENTENCE_END))
    return line.kind is not None or ended


def _titled(text: str) -> bool:
    """Whether most words that may have a capital have one."""
    words = [word for word in _WORD.findall(text) if word.lower() not in _SMALL]
    capital = sum(word[0].isupper() for word in words)
    return bool(words) and capital >= 0.7 * len(words)
