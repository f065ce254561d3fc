"""The record that all readers produce: one line of a document before it becomes a block."""

from __future__ import annotations

import msgspec


class Line(msgspec.Struct, gc=False):
    """One line of text with what its format says of it.

    ``text`` has single spaces and no bullet sign; ``marker`` is that sign. ``gap`` counts the blank
    lines before it (2 stands for more). ``kind`` is None while only the layout can tell it.
    ``links`` is the share of the text that stands in links. ``joined`` lines were put together.
    """

    text: str
    gap: int = 0
    kind: str | None = None
    depth: int = 0
    marker: str = ""
    indent: int = 0
    bold: bool = False
    joined: bool = False
    links: float = 0.0
    boilerplate: str | None = None

    @property
    def display(self) -> str:
        """The line as it stands in the canonical text."""
        return f"{self.marker} {self.text}" if self.marker else self.text
