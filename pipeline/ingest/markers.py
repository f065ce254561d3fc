"""Bullet signs and numbers at the start of a line, and how deep they stand."""

from __future__ import annotations

import re
from typing import Final

from pipeline.ingest.lines import Line

SIGNS = "•◦‣⁃∙●○■□▪▫◾◽➢➤►▶✓✔❖◆◇★☆·※"
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"

# No alternative may match across a long run, so the whole costs the same on any line.
_MARKER: Final = re.compile(
    rf"(?P<sign>[{SIGNS}])[ \t]*"
    r"|(?P<dash>[-*+–—§])[ \t]+"
    r"|(?P<letter_o>o)[ \t]+(?=\w)"
    r"|(?P<decimal>\(?\d{1,3}(?:\.\d{1,2}){0,3}\)|\d{1,3}(?:\.\d{1,2}){0,3}\.)(?:[ \t]+|(?=[A-Z][a-z]))"
    r"|(?P<nested>\d{1,2}(?:\.\d{1,2}){1,3})[ \t]+(?=[A-Z])"
    rf"|(?P<padded>0\d)[ \t]+(?=[A-Z])(?!(?i:{_MONTHS}))"
    r"|(?P<roman>\(?[ivx]{2,5}\)|[ivx]{2,5}\.)(?:[ \t]+|(?=[A-Z]))"
    r"|(?P<alpha>\([a-z]\)|[a-z]\)|\([A-Z]\)|[A-Z]\))[ \t]*"
    r"|(?P<alpha_dot>[a-z]\.)[ \t]+"
)
BARE: Final = re.compile(rf"[{SIGNS}]|\(?(?:\d{{1,3}}|[a-z]|[ivx]{{2,5}})[.)]|[-*+–—]")
_MAX_DEPTH: Final = 9


def split_marker(text: str) -> tuple[str, str, str]:
    """(marker, its class, the rest) of a line; the marker is empty for a line without one."""
    found = _MARKER.match(text)
    if not found or found.end() == len(text):
        return "", "", text
    style = found.lastgroup or ""
    return text[: found.end()].rstrip(), _FAMILY.get(style, style), text[found.end() :].lstrip()


_FAMILY: Final = {"alpha_dot": "alpha", "letter_o": "circle", "padded": "decimal"}


def ordered(marker: str) -> bool:
    """Whether a marker counts (``1.``, ``(a)``) rather than being a mere sign."""
    return any(c.isalnum() for c in marker) and marker != "o"


class Outline:
    """Gives each bullet its depth, from its indentation and, where that is equal, its class.

    A list whose class was not seen at the same indentation is a list inside the last item:
    ``1.`` then ``a)`` then ``•``. A class seen before returns to its own depth.
    """

    def __init__(self) -> None:
        self._open: list[tuple[int, str]] = []

    def reset(self) -> None:
        """Text between lists ends all of them."""
        self._open.clear()

    def inside(self, depth: int) -> None:
        """The format itself told a bullet of this depth; those in plain text come below it."""
        self._open = [(-1, "")] * (depth + 1)

    def leave(self) -> None:
        """A number after a blank line goes on where the list of the format ended."""
        if self._open and self._open[0][0] < 0:
            self._open.clear()

    def depth(self, indent: int, style: str, marker: str = "") -> int:
        """The depth of the next bullet; 0 is the outermost."""
        stack = self._open
        while stack and stack[-1][0] > indent:
            stack.pop()
        if style == "alpha" and self._counts_roman(indent, marker.strip("().")):
            style = "roman"
        level = next((i for i, item in enumerate(stack) if item == (indent, style)), None)
        if level is not None:
            del stack[level + 1 :]
        else:
            stack.append((indent, style))
        return min(len(stack) - 1, _MAX_DEPTH)

    def _counts_roman(self, indent: int, letter: str) -> bool:
        """Whether ``i``, ``v`` or ``x`` is a number: it opens a list or goes on in a Roman one."""
        if (indent, "roman") in self._open:
            return letter in "ivx"
        return letter == "i" and (indent, "alpha") not in self._open


def mark_bullets(lines: list[Line]) -> None:
    """Finds the bullets among the lines whose kind is open; sets marker, kind, depth and text."""
    outline = Outline()
    for line in lines:
        if line.kind == "heading" or (
            line.kind is None and line.gap and not _MARKER.match(line.text)
        ):
            outline.reset()
        if line.kind == "bullet":
            outline.inside(line.depth)
        if line.kind is not None:
            continue
        marker, style, rest = split_marker(line.text)
        if marker:
            if line.gap and style == "decimal":
                outline.leave()
            line.marker, line.text, line.kind = marker, rest, "bullet"
            line.depth = outline.depth(line.indent, style, marker)
