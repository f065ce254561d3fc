"""Plain text: wrapped or one paragraph a line, with bullets, ruled lines and tables by columns."""

from __future__ import annotations

import re
from typing import Final

from pipeline.ingest.characters import clean
from pipeline.ingest.content import Content
from pipeline.ingest.lines import Line
from pipeline.ingest.markers import BARE, SIGNS, split_marker

FORMAT: Final = "text"
SUFFIXES: Final = (".txt", ".text")

_RULE: Final = re.compile(r"([-=_*~–—─━+])(?: *\1){2,} *|(?:\* *){2,}")
_HASHES: Final = re.compile(r"(?:#{1,6} +)+(?=[^#\s])")
# Emphasis that a converter left behind; the asterisk of A*STAR or 5*3 stands between characters.
_STRAY: Final = re.compile(
    rf"(?<![^\s{SIGNS}])\*+(?=\S)|(?<=\S)\*+(?!\S)|(?<=[^\W\d])\s\*\s(?=[^\W\d])"
)
_COLUMNS: Final = re.compile(r"\S(?: {3,}| *\t[ \t]*)(?=\S)")
_SPLIT: Final = re.compile(r" {3,}| *\t[ \t]*")
_TAB: Final = 4


def parse(text: str) -> Content:
    """The lines of a plain text."""
    return Content(plain_lines(clean(text)))


def plain_lines(text: str) -> list[Line]:
    """The lines of cleaned text, with table rows and marked headings told apart."""
    lines: list[Line] = []
    blank = 0
    sign = ""
    wide = "\t" in text or "   " in text
    rows = _column_rows(text) if wide and _COLUMNS.search(text) else frozenset[int]()
    for number, raw in enumerate(text.split("\n")):
        body = raw.strip(" \t")
        line = _line(body, is_row=number in rows) if body else None
        if line is None or _RULE.fullmatch(line.text):
            blank = max(blank + 1, 2 if body else 0)
            continue
        if BARE.fullmatch(line.text) and not line.text[-1].isalnum():
            sign = sign or line.text + " "
            continue
        if sign:
            line = Line(sign + line.text)
            sign = ""
        line.gap = blank if lines else 0
        line.indent = _indent(raw) if raw[0] in " \t" else 0
        lines.append(line)
        blank = 0
    return lines


def _line(body: str, *, is_row: bool) -> Line | None:
    """The line of some text, with every sign of layout taken off."""
    if is_row:
        body = " | ".join(cell for cell in _SPLIT.split(body) if cell)
    first: Line | None = None
    while True:
        line = _pass(body)
        if line is None or line.text == body:
            break
        first = first if first is not None and first.kind else line
        body = line.text
    if line is not None and first is not None and first.kind:
        line.kind, line.depth = first.kind, first.depth
    return line


def _pass(body: str) -> Line | None:
    if "  " in body or "\t" in body:
        body = " ".join(body.split())
    if "*" in body and not _RULE.fullmatch(body):
        body = _without_stray(body)
    if "|" in body and (" | " in body or body[0] == "|"):
        return row_line(body)
    if body.startswith("#"):
        hashes = _HASHES.match(body)
        if hashes:
            depth = hashes[0].strip().count("#")
            return Line(body[hashes.end() :], kind="heading", depth=min(depth, 6))
    return Line(body) if body else None


def row_line(body: str) -> Line | None:
    """The line of a table row written with ``|``; None for a ruler or an empty row."""
    cells = [" ".join(cell.split()) for cell in body.strip("| ").split("|")]
    if all(not cell.strip("-:= ") for cell in cells):
        return None
    text = " ".join(" | ".join(cells).split())
    return Line(text, kind="table_row" if len(cells) > 1 else None)


def _without_stray(body: str) -> str:
    bullet = body[:2] if body.startswith("* ") else ""
    rest = _STRAY.sub(" ", body[len(bullet) :])
    return (bullet + " ".join(rest.split())).strip()


def _indent(raw: str) -> int:
    lead = raw[: len(raw) - len(raw.lstrip(" \t"))]
    return len(lead.expandtabs(_TAB))


def _column_rows(text: str) -> frozenset[int]:
    """The numbers of lines that are rows of a table set with tabs or runs of spaces."""
    cells: dict[int, int] = {}
    for number, raw in enumerate(text.split("\n")):
        body = raw.strip(" \t")
        if "   " not in body and "\t" not in body:
            continue
        marker, _, rest = split_marker(body)
        count = len(_SPLIT.split(rest if marker else body))
        if count > 1:
            cells[number] = count
    return frozenset(
        n for n, count in cells.items() if cells.get(n - 1) == count or cells.get(n + 1) == count
    )
