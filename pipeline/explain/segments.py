"""A text cut where marks begin and end, so that marks may overlap in any way."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from pipeline.explain.model import Mark
from pipeline.model import Document

# Control characters, direction overrides and half surrogates: a terminal or a page would obey them.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_PICTURES = 0x2400
_LAST_PICTURED = 0x1F
_DELETE, _DELETE_PICTURE = 0x7F, "\u2421"


class Segment(NamedTuple):
    """``text[start:end]`` with the marks that cover it, the longest first."""

    start: int
    end: int
    marks: tuple[Mark, ...]
    boilerplate: str | None = None


def segments(document: Document, marks: Sequence[Mark]) -> Iterator[Segment]:
    """The segments of the whole text, in order and without gaps."""
    size = len(document.text)
    aside = [(b.start, b.end, b.boilerplate) for b in document.blocks if b.boilerplate]
    opening: dict[int, list[Mark]] = defaultdict(list)
    for mark in marks:
        opening[mark.start].append(mark)
    cuts = {0, size, *(m.start for m in marks), *(m.end for m in marks)}
    cuts |= {place for start, end, _ in aside for place in (start, end)}
    edges = sorted(cut for cut in cuts if 0 <= cut <= size)
    active: list[Mark] = []
    index = 0
    for start, end in pairwise(edges):
        active = [m for m in active if m.end > start]
        active += [m for m in opening[start] if m.end > start]
        active.sort(key=lambda m: (m.start - m.end, m.start, m.kind))
        while index < len(aside) and aside[index][1] <= start:
            index += 1
        inside = index < len(aside) and aside[index][0] <= start
        yield Segment(start, end, tuple(active), aside[index][2] if inside else None)


def visible(text: str) -> str:
    """Text of the same length in which no character commands a terminal or a page."""
    return _UNSAFE.sub(_picture, text)


def _picture(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code <= _LAST_PICTURED:
        return chr(_PICTURES + code)
    return _DELETE_PICTURE if code == _DELETE else "\ufffd"
