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


def _looks(lines: list[Line], i: int, first: int) -> bool:
    line = lines[i]
    if not _shaped(line, is_first=i == first):
        return False
    before = lines[i - 1] if i else None
    after = lines[i + 1]
    if i != first and len(after.text) <= 40 and DATE.search(after.text):
        return False  # a signature over its date
    if line.bold:
        return True
    if line.text.isupper() and len(after.text) >= 60 and line.text[-1] != ":":
        return True
    if before is not None and not line.gap and not _closes(before):
        return False
    if after.gap:
        return bool(line.gap) or before is None or _closes(before)
    if after.kind == "bullet":
        return not line.text.endswith(":") or len(line.text) < 40
    above = line.gap > 0 or before is None or len(before.text) >= _LONG
    return above and len(after.text) >= _LONG and _titled(line.text)


def _shaped(line: Line, *, is_first: bool) -> bool:
    text = line.text
    if line.links > 0.5:
        return False
    if len(text) > (_MAX_LENGTH + 50 if is_first else _MAX_LENGTH) or text.endswith(_CLOSED):
        return False
    if not (text[0].isupper() or text[0].isdigit() or text[0] in "“\"'‘(["):
        return False
    words = _WORD.findall(text)
    if text[-1] == ":" and not line.bold and len(words) > 4:
        return False
    if not words or len(words) > _MAX_WORDS + 8 * is_first or DATE.search(text):
        return False
    if words[-1].lower() in _SMALL or ("(" in text and text.endswith(".)")):
        return False
    return line.bold or is_first or len(words) <= _MAX_PLAIN_WORDS or _titled(text)


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
