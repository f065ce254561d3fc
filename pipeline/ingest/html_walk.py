"""One pass over the elements of a page: lines, with the zone and the links that they stand in."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from pipeline.ingest.html_inline import Inline, Piece
from pipeline.ingest.html_tags import BLOCKS, BOLD, CELLS, HEADINGS, INLINE, LISTS, SKIPPED, ZONES
from pipeline.ingest.html_zones import Zone, zone_kind
from pipeline.ingest.lines import Line

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_Attributes = dict[str, str | None]
_HIDDEN_STYLE: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_NOTE: Final = re.compile(r"\s*[\[(]?\d{1,3}[\])]?\s*")
_MAX_CELL: Final = 1500
_FOLD: Final = 400  # a hidden text of this length is one that a click unfolds
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
    """An open table row: where its lines start and, for each line, its cell.

    A ``wide`` row lays out the page: it holds a heading or another table.
    """

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
        self._inline = Inline()
        self._gap = 0
        self._lists: list[_List] = []
        self._rows: list[_Row] = []
        self._marker = ""
        self._heading = 0

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
        """Whether what is inside of a node is to be visited."""
        tag = node.tag or ""
        if tag == "-text":
            self._inline.add(node.text_content or "")
            return False
        if tag in SKIPPED or tag[:1] == "!":
            return False
        attributes = node.attributes
        if attributes and _hidden(attributes, node):
            return False
        if tag == "sup" and _NOTE.fullmatch(node.text(deep=True)):
            return self._inline.ends_in_unit()
        action = _ENTER.get(tag)
        if action is not None:
            action(self, tag, attributes)
        if tag not in INLINE and (attributes or tag in ZONES):
            self._enter_zone(node, tag, attributes)
        return True

    def _leave(self, node: LexborNode) -> None:
        if self._zone.owner == node.mem_id:
            self._flush()
            self._zone = self._zone.parent or self.zones[0]
        action = _LEAVE.get(node.tag or "")
        if action is not None:
            action(self)

    def _enter_zone(self, node: LexborNode, tag: str, attributes: _Attributes) -> None:
        kind = zone_kind(tag, attributes, self._zone)
        if kind is not None:
            self._flush()
            self._zone = Zone(kind, self._zone, node.mem_id)
            self.zones.append(self._zone)

    def _open_break(self, _tag: str, _attributes: _Attributes) -> None:
        self._inline.line_break()

    def _open_ruler(self, _tag: str, _attributes: _Attributes) -> None:
        self._break(2)

    def _open_link(self, _tag: str, _attributes: _Attributes) -> None:
        self._inline.open_link()

    def _open_bold(self, _tag: str, _attributes: _Attributes) -> None:
        self._inline.bolds += 1

    def _open_quote(self, _tag: str, _attributes: _Attributes) -> None:
        self._inline.sign("“")

    def _open_item(self, _tag: str, _attributes: _Attributes) -> None:
        self._break(0)
        self._marker = self._lists[-1].marker() if self._lists else "•"

    def _open_list(self, tag: str, attributes: _Attributes) -> None:
        after_list = bool(self.lines) and self.lines[-1].kind == "bullet" and not self._inline
        self._break(0 if self._lists else 2 if after_list else 1)
        start = attributes.get("start") or ""
        style = "•" if tag != "ol" else _style(attributes)
        self._lists.append(_List(style, int(start) if start.isdecimal() else 1))

    def _open_row(self, _tag: str, _attributes: _Attributes) -> None:
        self._break(0)
        self._rows.append(_Row(len(self.lines)))

    def _open_cell(self, _tag: str, _attributes: _Attributes) -> None:
        self._break(0)
        if self._rows:
            self._rows[-1].cell += 1

    def _open_heading(self, tag: str, _attributes: _Attributes) -> None:
        self._break(1)
        self._heading = HEADINGS[tag]

    def _open_pre(self, _tag: str, _attributes: _Attributes) -> None:
        self._break(1)
        self._inline.pre += 1

    def _open_block(self, _tag: str, _attributes: _Attributes) -> None:
        self._break(0 if self._marker else 1)

    def _close_link(self) -> None:
        self._inline.close_link()

    def _close_bold(self) -> None:
        self._inline.bolds = max(0, self._inline.bolds - 1)

    def _close_quote(self) -> None:
        self._inline.sign("”")

    def _close_item(self) -> None:
        self._break(0)
        self._marker = ""

    def _close_list(self) -> None:
        self._break(0)
        if self._lists:
            self._lists.pop()
        if not self._lists:
            self._break(1)

    def _close_heading(self) -> None:
        self._break(1)
        self._heading = 0

    def _close_pre(self) -> None:
        self._break(1)
        self._inline.pre = max(0, self._inline.pre - 1)

    def _close_block(self) -> None:
        self._break(1)

    def _close_row(self) -> None:
        self._flush()
        if not self._rows:
            return
        row = self._rows.pop()
        made = self.lines[row.start :]
        cells = _cells(row, made)
        if row.wide or len(cells) < 2 or max(map(len, cells)) > _MAX_CELL:
            self._tell_outer([row.cell] * len(made), wide=row.wide)
            return
        size = sum(len(line.text) for line in made) or 1
        links = sum(line.links * len(line.text) for line in made) / size
        text = " | ".join(cell.replace(" | ", " ") for cell in cells)
        del self.lines[row.start :], self.zone_of[row.start + 1 :]
        self.lines.append(Line(text, gap=made[0].gap, kind="table_row", links=links))
        self._tell_outer([row.cell], wide=True)

    def _tell_outer(self, cells: list[int], *, wide: bool) -> None:
        for outer in self._rows[-1:]:
            outer.cells.extend([outer.cell] * len(cells))
            outer.wide = outer.wide or wide

    def _break(self, gap: int) -> None:
        self._flush()
        self._gap = max(self._gap, gap)

    def _flush(self) -> None:
        """Ends the open line (or lines, when it holds line breaks)."""
        if self._inline:
            for piece in self._inline.pieces():
                self._emit(piece)

    def _emit(self, piece: Piece) -> None:
        gap = max(self._gap, piece.gap) if self.lines else 0
        line = Line(piece.text, gap=gap, links=piece.links, bold=piece.bold)
        if self._marker:
            line.marker, line.kind = self._marker, "bullet"
            line.depth = max(len(self._lists) - 1, 0)
            self._marker = ""
        elif self._heading:
            line.kind, line.depth = "heading", self._heading
            if self._heading == 1 and self.first_heading is None:
                self.first_heading = piece.text
        self._gap = 0
        self.lines.append(line)
        self.zone_of.append(self._zone)
        self._zone.size += len(piece.text)
        if self._rows:
            row = self._rows[-1]
            row.cells.append(row.cell)
            row.wide = row.wide or self._heading in (1, 2)


def _cells(row: _Row, made: list[Line]) -> list[str]:
    """The texts of the cells that have any."""
    texts: dict[int, list[str]] = {}
    for cell, line in zip(row.cells, made, strict=False):
        texts.setdefault(cell, []).append(line.display)
    return [" ".join(part) for part in texts.values()]


def _style(attributes: _Attributes) -> str:
    """How the items of an ordered list are counted."""
    style = attributes.get("style") or ""
    if "roman" in style:
        return "i"
    return "a" if "alpha" in style else (attributes.get("type") or "").lower()


def _hidden(attributes: _Attributes, node: LexborNode) -> bool:
    """Whether an element is not shown; a long text in one is a fold that a click opens."""
    style = attributes.get("style")
    hidden = "hidden" in attributes or bool(style and _HIDDEN_STYLE.search(style))
    return hidden and len(node.text(deep=True)) < _FOLD


_ENTER: Final[dict[str, Callable[[Walker, str, _Attributes], None]]] = {
    **dict.fromkeys(BLOCKS, Walker._open_block),
    **dict.fromkeys(HEADINGS, Walker._open_heading),
    **dict.fromkeys(LISTS, Walker._open_list),
    **dict.fromkeys(CELLS, Walker._open_cell),
    **dict.fromkeys(BOLD, Walker._open_bold),
    "br": Walker._open_break,
    "hr": Walker._open_ruler,
    "a": Walker._open_link,
    "q": Walker._open_quote,
    "li": Walker._open_item,
    "tr": Walker._open_row,
    "pre": Walker._open_pre,
}
_LEAVE: Final[dict[str, Callable[[Walker], None]]] = {
    **dict.fromkeys(BLOCKS, Walker._close_block),
    **dict.fromkeys(HEADINGS, Walker._close_heading),
    **dict.fromkeys(LISTS, Walker._close_list),
    **dict.fromkeys(CELLS, Walker._flush),
    **dict.fromkeys(BOLD, Walker._close_bold),
    "a": Walker._close_link,
    "q": Walker._close_quote,
    "li": Walker._close_item,
    "tr": Walker._close_row,
    "pre": Walker._close_pre,
}
