"""One pass over the elements of a page: lines, with the zone and the links that they stand in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pipeline.ingest.characters import clean
from pipeline.ingest.html_zones import Zone, zone_kind
from pipeline.ingest.lines import Line

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_SKIPPED: Final = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "math",
        "iframe",
        "object",
        "embed",
        "applet",
        "audio",
        "video",
        "canvas",
        "map",
        "head",
        "title",
        "select",
        "option",
        "datalist",
        "button",
        "input",
        "textarea",
        "progress",
        "meter",
        "-comment",
        "-doctype",
    ]
)
_BLOCKS: Final = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "header",
        "hgroup",
        "legend",
        "main",
        "menu",
        "nav",
        "p",
        "section",
        "summary",
        "table",
        "tbody",
        "thead",
        "tfoot",
        "html",
    ]
)
_INLINE: Final = frozenset(
    [
        "a",
        "abbr",
        "b",
        "big",
        "cite",
        "code",
        "em",
        "font",
        "i",
        "q",
        "s",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "u",
    ]
)
_HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
_BOLD: Final = frozenset(("b", "strong"))
_HIDDEN_STYLE: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_NOTE: Final = re.compile(r"\s*[\[(]?\d{1,3}[\])]?\s*")
_UNIT_END: Final = re.compile(r"\b(?:[kcm]?m|CO|H|10)$")
_SPACE: Final = re.compile(r"[ \t\n\r\f]+")
_MAX_CELL: Final = 1500
_ROMAN: Final = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")


class _List:
    """An open list: its markers and how many items it has had."""

    __slots__ = ("count", "style")

    def __init__(self, style: str, start: int) -> None:
        self.style = style
        self.count = start - 1

    def marker(self) -> str:
        """The sign of the next item."""
        self.count += 1
        n = self.count
        if self.style == "a" and 1 <= n <= 26:
            return f"{chr(96 + n)}."
        if self.style == "i" and 1 <= n < len(_ROMAN):
            return f"({_ROMAN[n]})"
        return "•" if self.style == "•" else f"{n}."


class _Row:
    """An open table row: where its lines start and, for each line, its cell."""

    __slots__ = ("cell", "cells", "start", "wide")

    def __init__(self, start: int) -> None:
        self.start = start
        self.cell = -1
        self.cells: list[int] = []
        self.wide = False


class Walker:
    """Turns elements into lines.

    ``lines`` and ``zone_of`` run in parallel; ``first_heading`` is the text of the first ``h1``.
    """

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.zone_of: list[Zone] = []
        self.zones: list[Zone] = [Zone(None, None)]
        self.first_heading: str | None = None
        self._zone = self.zones[0]
        self._parts: list[str] = []
        self._size = self._linked = self._strong = 0
        self._gap = 0
        self._lists: list[_List] = []
        self._rows: list[_Row] = []
        self._marker = ""
        self._heading = 0
        self._links = self._bolds = 0
        self._pre = 0

    def walk(self, root: LexborNode) -> None:
        """Visits ``root`` and all below it without recursion."""
        stop = root.mem_id
        node: LexborNode | None = root
        while node is not None:
            if self._enter(node):
                child = node.first_child
                if child is not None:
                    node = child
                    continue
                self._leave(node)
            node = self._climb(node, stop)
        self._flush()

    def _climb(self, node: LexborNode, stop: int) -> LexborNode | None:
        """The next element in the order of the page; leaves those that end before it."""
        at: LexborNode | None = node
        while at is not None and at.mem_id != stop:
            sibling = at.next
            if sibling is not None:
                return sibling
            at = at.parent
            if at is not None:
                self._leave(at)
        return None

    def _enter(self, node: LexborNode) -> bool:
        tag = node.tag or ""
        if tag == "-text":
            self._text(node.text_content or "")
            return False
        if tag in _SKIPPED or tag[:1] == "!":
            return False
        attributes = node.attributes
        if attributes and _hidden(attributes, node):
            return False
        if tag == "br":
            self._parts.append("\n")
        elif tag == "hr":
            self._break(2)
        elif tag == "sup":
            return not self._is_note(node)
        elif tag == "a":
            self._links += 1
        elif tag in _BOLD:
            self._bolds += 1
        elif tag == "q":
            self._parts.append("“")
        else:
            self._enter_block(tag, attributes)
        if attributes or tag in ("nav", "aside", "footer", "header", "main", "figcaption"):
            self._enter_zone(node, tag, attributes)
        return True

    def _enter_block(self, tag: str, attributes: dict[str, str | None]) -> None:
        if tag == "li":
            self._break(0)
            self._marker = self._lists[-1].marker() if self._lists else "•"
        elif tag in ("ul", "ol", "menu"):
            self._open_list(tag, attributes)
        elif tag == "tr":
            self._break(0)
            self._rows.append(_Row(len(self.lines)))
        elif tag in ("td", "th"):
            self._break(0)
            if self._rows:
                self._rows[-1].cell += 1
        elif tag in _HEADINGS:
            self._break(1)
            self._heading = _HEADINGS[tag]
        elif tag == "pre":
            self._break(1)
            self._pre += 1
        elif tag in _BLOCKS:
            self._break(0 if self._marker else 1)

    def _leave(self, node: LexborNode) -> None:
        tag = node.tag or ""
        if self._zone.owner == node.mem_id:
            self._flush()
            self._zone = self._zone.parent or self.zones[0]
        if tag == "a":
            self._links = max(0, self._links - 1)
        elif tag in _BOLD:
            self._bolds = max(0, self._bolds - 1)
        elif tag == "q":
            self._parts.append("”")
        elif tag == "li":
            self._break(0)
            self._marker = ""
        elif tag in ("ul", "ol", "menu"):
            self._close_list()
        elif tag == "tr":
            self._close_row()
        elif tag in ("td", "th"):
            self._flush()
        elif tag in _HEADINGS:
            self._break(1)
            self._heading = 0
        elif tag == "pre":
            self._break(1)
            self._pre = max(0, self._pre - 1)
        elif tag in _BLOCKS:
            self._break(1)

    def _enter_zone(self, node: LexborNode, tag: str, attributes: dict[str, str | None]) -> None:
        if tag in _INLINE:
            return
        kind = zone_kind(tag, attributes, self._zone)
        if kind is not None:
            self._flush()
            self._zone = Zone(kind, self._zone, node.mem_id)
            self.zones.append(self._zone)

    def _text(self, text: str) -> None:
        if not self._pre:
            text = _SPACE.sub(" ", text)
        self._parts.append(text)
        size = len(text)
        self._size += size
        if self._links:
            self._linked += size
        if self._bolds or text == " ":
            self._strong += size

    def _is_note(self, node: LexborNode) -> bool:
        """Whether a raised number refers to a note; units such as m2 keep theirs."""
        text = node.text(deep=True)
        if not _NOTE.fullmatch(text):
            return False
        return not _UNIT_END.search("".join(self._parts[-2:])[-8:])

    def _open_list(self, tag: str, attributes: dict[str, str | None]) -> None:
        nested = bool(self._lists)
        after_list = bool(self.lines) and self.lines[-1].kind == "bullet" and not self._parts
        self._break(0 if nested else 2 if after_list else 1)
        start = attributes.get("start") or "1"
        style = attributes.get("type") or ""
        if tag != "ol":
            style = "•"
        elif "roman" in (attributes.get("style") or ""):
            style = "i"
        elif "alpha" in (attributes.get("style") or ""):
            style = "a"
        self._lists.append(_List(style.lower(), int(start) if start.isdecimal() else 1))

    def _close_list(self) -> None:
        self._break(0)
        if self._lists:
            self._lists.pop()
        if not self._lists:
            self._break(1)

    def _close_row(self) -> None:
        self._flush()
        if not self._rows:
            return
        row = self._rows.pop()
        made = self.lines[row.start :]
        texts: dict[int, list[str]] = {}
        for cell, line in zip(row.cells, made, strict=False):
            texts.setdefault(cell, []).append(line.display)
        cells = [" ".join(part) for part in texts.values()]
        if row.wide or len(cells) < 2 or max(map(len, cells)) > _MAX_CELL:
            for outer in self._rows[-1:]:
                outer.cells.extend([outer.cell] * len(made))
                outer.wide = outer.wide or row.wide
            return
        size = sum(len(line.text) for line in made) or 1
        text = " | ".join(cell.replace(" | ", " ") for cell in cells)
        merged = Line(
            text,
            gap=made[0].gap,
            kind="table_row",
            links=sum(line.links * len(line.text) for line in made) / size,
        )
        del self.lines[row.start :], self.zone_of[row.start + 1 :]
        self.lines.append(merged)
        for outer in self._rows[-1:]:
            outer.cells.append(outer.cell)
            outer.wide = True

    def _break(self, gap: int) -> None:
        self._flush()
        self._gap = max(self._gap, gap)

    def _flush(self) -> None:
        """Ends the open line (or lines, when it holds line breaks)."""
        if not self._parts:
            return
        text = clean("".join(self._parts))
        size = self._size or 1
        links, bold = self._linked / size, self._strong >= self._size > 0
        self._parts.clear()
        self._size = self._linked = self._strong = 0
        blank = 0
        for raw in text.split("\n"):
            body = " ".join(raw.split())
            if not body:
                blank += 1
                continue
            self._emit(body, max(self._gap, min(blank, 2)) if self.lines else 0, links, bold)
            blank = 0

    def _emit(self, body: str, gap: int, links: float, bold: bool) -> None:  # noqa: FBT001
        line = Line(body, gap=gap, links=min(links, 1.0), bold=bold)
        if self._marker:
            line.marker, line.kind = self._marker, "bullet"
            line.depth = max(len(self._lists) - 1, 0)
            self._marker = ""
        elif self._heading:
            line.kind, line.depth = "heading", self._heading
            if self._heading == 1 and self.first_heading is None:
                self.first_heading = body
        self._gap = 0
        self.lines.append(line)
        self.zone_of.append(self._zone)
        self._zone.size += len(body)
        if self._rows:
            row = self._rows[-1]
            row.cells.append(row.cell)
            row.wide = row.wide or self._heading in (1, 2)


def _hidden(attributes: dict[str, str | None], node: LexborNode) -> bool:
    """Whether an element is not shown; a long text in one is a fold that a click opens."""
    style = attributes.get("style")
    hidden = "hidden" in attributes or bool(style and _HIDDEN_STYLE.search(style))
    return hidden and len(node.text(deep=True)) < 400
