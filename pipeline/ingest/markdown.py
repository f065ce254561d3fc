"""Markdown: headings, lists, tables and paragraphs, with front matter and HTML inside.

An own reader of lines rather than a parser of the whole grammar: releases mix Markdown with HTML and
with plain-text habits (numbers, bullets of other signs, one paragraph a line), and it costs a tenth.
"""

from __future__ import annotations

import re
from typing import Final

from pipeline.ingest import front_matter
from pipeline.ingest.characters import clean
from pipeline.ingest.content import Content
from pipeline.ingest.html import fragment_lines
from pipeline.ingest.lines import Line
from pipeline.ingest.markdown_inline import plain
from pipeline.ingest.markers import split_marker
from pipeline.ingest.plain import row_line

FORMAT: Final = "markdown"
SUFFIXES: Final = (".md", ".markdown")

_RULE: Final = re.compile(r"\\?([-=_*~])(?: *\\?\1){2,}(?:<br ?/?>)?")
_SETEXT: Final = re.compile(r"=+|-{2,}")
_HEADING: Final = re.compile(r"(#{1,6})(?:[ \t]+|(?=[^\s#\d]))")
_KRAMDOWN: Final = re.compile(r"\{:[^{}]*\}")
_FENCE: Final = re.compile(r"(?:```|~~~)")
_DEFINITION: Final = re.compile(r"\[[^\[\]^]{1,200}\]:[ \t]*\S+.{0,300}")
_NOTE: Final = re.compile(r"\[\^[^\]\s]{1,40}\]:[ \t]*")
_HTML: Final = re.compile(
    r"<(p|ol|ul|div|table|h[1-6]|section|article|blockquote|dl|figure|details|center|pre|header|footer|nav|aside|form)\b",
    re.IGNORECASE,
)
_BLOCK_TAG: Final = re.compile(
    r"<(/?)(?:p|ol|ul|div|table|section|article|blockquote|dl|figure|details|center|pre)\b",
    re.IGNORECASE,
)
_BREAK: Final = re.compile(r"(?:  |\\|<br ?/?>[ \t]*)$", re.IGNORECASE)
_BOLD: Final = re.compile(
    r"(?:\*\*|__|<strong>|<b>)(?:(?!\*\*|__|<strong|<b>).){1,400}(?:\*\*|__|</strong>|</b>)"
)
_ONLY_LINK: Final = re.compile(
    r"\[[^\[\]]{1,500}\]\([^()\n]{0,2000}(?:\([^()\n]{0,200}\)[^()\n]{0,500})?\)"
)
_SENTENCE_END: Final = tuple('.!?:;”")…')
_FULL_PARAGRAPH: Final = 110
_CODE_INDENT: Final = 4


def parse(text: str) -> Content:
    """The lines and the front matter of a Markdown text."""
    metadata, body, problem = front_matter.split(clean(text))
    problems = [("front_matter", problem)] if problem else []
    return Content(_Reader(_without_comments(body)).read(), metadata, problems)


def _without_comments(text: str) -> str:
    """``text`` without HTML comments; one that never ends is none."""
    parts: list[str] = []
    position = 0
    while (start := text.find("<!--", position)) >= 0:
        end = text.find("-->", start)
        if end < 0:
            break
        parts.append(text[position:start])
        position = end + 3
    parts.append(text[position:])
    return "".join(parts)


class _Reader:
    """Reads the lines of one text; ``out`` holds those that are done."""

    def __init__(self, text: str) -> None:
        self._raw = text.split("\n")
        self.out: list[Line] = []
        self._blank = 0
        self._open = False  # the last line may take the next one
        self._fenced = False

    def read(self) -> list[Line]:
        """All lines."""
        number = 0
        while number < len(self._raw):
            number = self._step(number)
        return self.out

    def _step(self, number: int) -> int:
        raw = self._raw[number]
        body = raw.strip(" \t")
        if _FENCE.match(body):
            self._fenced = not self._fenced
            self._end()
        elif not body or body.casefold() in ("<br>", "<br/>", "<br />", "&nbsp;"):
            self._blank += 1
            self._open = False
        elif self._fenced:
            self._add(Line(" ".join(body.split())))
        elif body[0] == "<" and _HTML.match(body):
            return self._html(number)
        else:
            self._markdown(raw, body)
        return number + 1

    def _end(self, gap: int = 1) -> None:
        self._open = False
        self._blank = max(self._blank, gap)

    def _markdown(self, raw: str, body: str) -> None:
        if self._structure(body):
            return
        linked = bool(_ONLY_LINK.fullmatch(body))
        hard = linked or bool(_BREAK.search(raw))
        indent = len(raw) - len(raw.lstrip(" \t"))
        body = self._quoted(body)
        marker, _, rest = split_marker(body)
        bold = bool(_BOLD.fullmatch(_trimmed(rest if marker else body)))
        for i, piece in enumerate(plain(rest if marker else body).split("\n")):
            words = " ".join(piece.split())
            if words:
                line = Line(words, indent=indent, bold=bold, links=float(linked))
                self._piece(line, "" if i else marker, goes_on=i == 0)
                self._open = True
        self._open = self._open and not hard

    def _piece(self, line: Line, marker: str, *, goes_on: bool) -> None:
        if marker:
            line.text = f"{'•' if marker in '*+-' else marker} {line.text}"
            line.bold = False
            self._add(line)
        elif goes_on and self._joins(line):
            last = self.out[-1]
            last.text = f"{last.text} {line.text}"
            last.joined = True
        else:
            line.indent = line.indent if self._blank else 0
            self._add(line)

    def _joins(self, line: Line) -> bool:
        """Whether a line goes on from the last one, as Markdown says, or both are paragraphs."""
        if not self._open or not self.out or line.bold or line.links:
            return False
        last = self.out[-1]
        if last.kind is not None or last.bold:
            return False
        ended = last.text.endswith(_SENTENCE_END) and len(last.text) >= _FULL_PARAGRAPH
        return not ended or line.text[0].islower()

    def _structure(self, body: str) -> bool:
        """Handles lines that are no text: rulers, attributes, headings, table rows."""
        if self._open and self.out and _SETEXT.fullmatch(body) and self.out[-1].kind is None:
            self.out[-1].kind, self.out[-1].depth = "heading", 1 if body[0] == "=" else 2
            self._end()
            return True
        if _RULE.fullmatch(body):
            self._end(2)
            return True
        if _KRAMDOWN.fullmatch(body) or _DEFINITION.fullmatch(body):
            return True
        heading = _HEADING.match(body)
        if heading:
            text = " ".join(plain(body[heading.end() :].rstrip("# \t")).split())
            if text:
                self._end()
                self._add(Line(text, kind="heading", depth=len(heading[1])))
                self._end()
            return bool(text)
        if body[0] == "|" or (" | " in body and self.out and self.out[-1].kind == "table_row"):
            row = row_line(plain(body).replace("\n", " "))
            if row is not None:
                self._add(row)
            return True
        return False

    def _quoted(self, body: str) -> str:
        if body[0] == ">":
            body = body.lstrip("> ")
        return _NOTE.sub("", body)

    def _add(self, line: Line) -> None:
        line.gap = min(self._blank, 2) if self.out else 0
        self._blank = 0
        self._open = False
        self.out.append(line)

    def _html(self, number: int) -> int:
        """Reads the HTML that starts at a line and ends where its tags are closed."""
        end = self._html_end(number)
        while end < len(self._raw) and _HTML.match(self._raw[end].lstrip(" \t")):
            end = self._html_end(end)
        source = "\n".join(self._raw[number:end])
        self._end()
        for i, line in enumerate(fragment_lines(source)):
            line.text = " ".join(plain(line.text).split())
            if line.text:
                gap = max(line.gap, self._blank if i == 0 else 0)
                self._blank = gap
                self._add(line)
        self._end()
        return end

    def _html_end(self, number: int) -> int:
        depth = 0
        blank = None
        for at in range(number, len(self._raw)):
            raw = self._raw[at]
            if not raw.strip() and blank is None:
                blank = at
            for tag in _BLOCK_TAG.finditer(raw):
                depth += -1 if tag[1] else 1
            if depth <= 0:
                return at + 1
        # Never closed: as in Markdown, the first blank line ends it.
        return len(self._raw) if blank is None else max(blank, number + 1)


def _trimmed(body: str) -> str:
    for tail in ("<br>", "<br/>", "<br />", "\\", "&nbsp;"):
        body = body.removesuffix(tail)
    return body.strip()
