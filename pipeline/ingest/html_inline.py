"""The text between two block boundaries of a page, with how much of it is linked or bold."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from pipeline.ingest.characters import clean

_SPACE: Final = re.compile(r"[ \t\n\r\f]+")
_UNIT_END: Final = re.compile(r"\b(?:[kcm]?m|CO|H|10)$")


class Piece(NamedTuple):
    """One line of the text: ``gap`` counts the empty lines before it."""

    text: str
    gap: int
    links: float
    bold: bool


class Inline:
    """Collects text; ``pieces`` gives its lines and empties it."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._lines: list[tuple[str, int, int, int]] = []
        self._size = self._linked = self._strong = 0
        self._after_link = False
        self.links = 0
        self.bolds = 0
        self.pre = 0

    def __bool__(self) -> bool:
        return bool(self._parts or self._lines)

    def add(self, text: str) -> None:
        """Takes the content of a text node."""
        if self.pre and "\n" in text:
            first, *rest = text.split("\n")
            self._take(first)
            for line in rest:
                self.line_break()
                self._take(line)
            return
        self._take(_SPACE.sub(" ", text))

    def _take(self, text: str) -> None:
        if self._after_link and self.links:
            self._parts.append(" ")  # two links side by side are two items, not one word
        self._after_link = False
        self._parts.append(text)
        size = len(text.strip())
        self._size += size
        self._linked += size if self.links else 0
        self._strong += size if self.bolds else 0

    def sign(self, text: str) -> None:
        """Takes a quote sign that an element stands for."""
        self._parts.append(text)

    def line_break(self) -> None:
        """Ends the line."""
        self._lines.append(("".join(self._parts), self._size, self._linked, self._strong))
        self._parts.clear()
        self._size = self._linked = self._strong = 0

    def open_link(self) -> None:
        self.links += 1

    def close_link(self) -> None:
        self.links = max(0, self.links - 1)
        self._after_link = True

    def ends_in_unit(self) -> bool:
        """Whether a raised number would belong to a unit such as km2."""
        return bool(_UNIT_END.search("".join(self._parts[-2:])[-8:]))

    def pieces(self) -> list[Piece]:
        """The lines so far; the collection is empty afterwards."""
        self.line_break()
        self._after_link = False
        found: list[Piece] = []
        blank = 0
        for raw, size, linked, strong in self._lines:
            text = " ".join(clean(raw).split())
            if text:
                share = linked / size if size else 0.0
                found.append(Piece(text, min(blank, 2), share, 0 < size == strong))
                blank = 0
            else:
                blank += 1
        self._lines.clear()
        return found
