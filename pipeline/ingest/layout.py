"""Lines to canonical text and blocks, with the groups that share a context.

Groups: a blank line starts a new one; so does a heading, which belongs to what follows it. Bullets
of a loose list, where one blank line stands between all items and more between its parts, are
grouped by the larger gap. A paragraph that ends with a colon belongs to the list it opens. Long
paragraphs that follow each other without a blank line are groups of their own.
"""

from __future__ import annotations

import itertools
from typing import Final

from pipeline.ingest.lines import Line
from pipeline.ingest.markers import ordered
from pipeline.model import Block

MAX_GAP: Final = 2
_LONG: Final = 120


def assemble(lines: list[Line]) -> tuple[str, tuple[Block, ...]]:
    """The canonical text of classified lines and its blocks."""
    parts: list[str] = []
    blocks: list[Block] = []
    position = 0
    groups = _groups(lines)
    for i, (line, group) in enumerate(zip(lines, groups, strict=True)):
        if i:
            parts.append("\n" * (1 + min(line.gap, MAX_GAP)))
            position += len(parts[-1])
        if line.marker:
            parts.append(line.marker + " ")
            position += len(parts[-1])
        parts.append(line.text)
        end = position + len(line.text)
        kind = line.kind or "paragraph"
        blocks.append(Block(kind, position, end, line.depth, group, line.boilerplate))
        position = end
    return "".join(parts), tuple(blocks)


def space_structure(lines: list[Line]) -> None:
    """Puts a blank line around headings that the format itself marks."""
    for before, line in itertools.pairwise(lines):
        if not line.gap and (line.kind == "heading") != (before.kind == "heading"):
            line.gap = 1


def _groups(lines: list[Line]) -> list[int]:
    separator = _separator(lines)
    groups: list[int] = []
    group = 0
    for i, line in enumerate(lines):
        if i and _starts(lines[i - 1], line, separator):
            group += 1
        groups.append(group)
    return groups


def _separator(lines: list[Line]) -> int:
    """How many blank lines part two groups of bullets."""
    gaps = {
        min(line.gap, MAX_GAP)
        for before, line in itertools.pairwise(lines)
        if line.kind == before.kind == "bullet" and not ordered(line.marker)
    }
    return MAX_GAP if gaps == {1, MAX_GAP} else 1


def _starts(before: Line, line: Line, separator: int) -> bool:
    """Whether a line starts a group."""
    if (before.boilerplate is None) != (line.boilerplate is None):
        return True
    if line.kind == "heading":
        return before.kind != "heading" or line.gap > 0
    if before.kind == "heading":
        return line.gap >= MAX_GAP and before.gap >= MAX_GAP
    if line.kind == "paragraph" or before.kind == "paragraph":
        opened = before.text.endswith(":") and line.gap < MAX_GAP and line.kind != "paragraph"
        long = max(len(before.text), len(line.text) * (line.kind == "paragraph")) >= _LONG
        return not opened and (line.gap > 0 or long)
    if line.kind == before.kind == "bullet":
        return line.depth == 0 and line.gap >= (1 if ordered(line.marker) else separator)
    return line.gap > 0
