"""Hard-wrapped lines joined into paragraphs, items that stand one a line left alone.

A text that an editor wrapped at a width shows it: each line but the last could not have taken the
first word of the next one. Lists of names or paragraphs that fill a line each don't have that shape.
A joined paragraph gets a blank line around it, so that reading the result again joins nothing more.
"""

from __future__ import annotations

import itertools
import re
from typing import Final

from pipeline.ingest.lines import Line

_MIN_WIDTH: Final = 55
_MAX_WIDTH: Final = 100
# “… on May 5,” goes on with its year.
_DAY_AND_COMMA: Final = re.compile(r"[a-z.] [\d–-]{1,5},$")
_YEAR: Final = re.compile(r"(?:19|20)\d\d\b")
_SHORT: Final = 40  # a line below this length was broken on purpose
_RAGGED: Final = 2
_FINAL: Final = tuple('.!?:;…”"')
_OPEN_ENDED: Final = frozenset(
    [
        "a",
        "an",
        "and",
        "as",
        "at",
        "between",
        "by",
        "for",
        "from",
        "in",
        "into",
        "its",
        "of",
        "on",
        "or",
        "our",
        "s",
        "that",
        "the",
        "their",
        "this",
        "to",
        "under",
        "upon",
        "which",
        "with",
    ]
)


def join_wrapped(lines: list[Line]) -> list[Line]:
    """The lines with hard-wrapped ones joined; repeated until nothing changes."""
    joined = _join_once(lines)
    settled = len(joined) == len(lines) and not any(line.indent for line in lines)
    while not settled:
        lines = joined
        for line in lines:
            line.indent = 0
        joined = _join_once(lines)
        settled = len(joined) == len(lines)
    return joined


def _join_once(lines: list[Line]) -> list[Line]:
    out: list[Line] = []
    start = 0
    for end in range(1, len(lines) + 1):
        if end < len(lines) and _continues(lines[end]):
            continue
        if end - start == 1:
            out.append(lines[start])
        else:
            out.extend(_join_segment(lines[start:end]))
        start = end
    for before, after in itertools.pairwise(out):
        if before.joined and before.kind in (None, "bullet") and after.kind != "bullet":
            after.gap = max(after.gap, 1)
        if after.joined and after.kind is None:
            after.gap = max(after.gap, 1)
    return out


def _continues(line: Line) -> bool:
    """Whether a line may belong to the one before it."""
    return line.gap == 0 and line.kind is None and line.boilerplate is None


def _join_segment(segment: list[Line]) -> list[Line]:
    if segment[0].kind not in (None, "bullet"):
        return [segment[0], *_join_once_plain(segment[1:])]
    return _join_once_plain(segment)


def _join_once_plain(segment: list[Line]) -> list[Line]:
    breaks = _breaks(segment)
    out: list[Line] = []
    start = 0
    for end in [*breaks, len(segment)]:
        part = segment[start:end]
        start = end
        out.append(part[0] if len(part) == 1 else _joined(part))
    return out


def _joined(part: list[Line]) -> Line:
    first = part[0]
    total = sum(len(line.text) for line in part) or 1
    return Line(
        " ".join(line.text for line in part),
        gap=first.gap,
        kind=first.kind,
        depth=first.depth,
        marker=first.marker,
        bold=all(line.bold for line in part),
        joined=True,
        links=sum(line.links * len(line.text) for line in part) / total,
    )


def _breaks(segment: list[Line]) -> list[int]:
    """The positions before which a new paragraph starts."""
    widths = [line.indent + len(line.display) for line in segment]
    width = max(widths)
    wrapped = _MIN_WIDTH <= width <= _MAX_WIDTH
    breaks: list[int] = []
    full = 0
    for i in range(1, len(segment)):
        before, line = segment[i - 1], segment[i]
        if line.text == before.text:
            breaks.append(i)
        elif wrapped and widths[i - 1] + 1 + _first_word(line) > width - _RAGGED:
            full += 1
        elif not _dangles(before, line, widths[i - 1]):
            breaks.append(i)
            if not before.text.endswith(_FINAL):
                wrapped = False
    if full and (not wrapped or full < 2 - (len(segment) == 2 and _runs_on(segment))):
        return [
            i
            for i in range(1, len(segment))
            if not _dangles(segment[i - 1], segment[i], widths[i - 1])
        ]
    return breaks


def _first_word(line: Line) -> int:
    space = line.text.find(" ")
    return space if space >= 0 else len(line.text)


def _runs_on(pair: list[Line]) -> bool:
    """Whether two lines alone look like one sentence."""
    return not pair[0].text.endswith(_FINAL)


def _dangles(before: Line, line: Line, width: int) -> bool:
    """Whether a sentence is open at the end of a line, whatever its width."""
    if line.text == before.text:
        return False
    if line.indent > before.indent and before.marker and width >= _MIN_WIDTH:
        return True
    if width < _SHORT or before.text.endswith(_FINAL):
        return False
    if _DAY_AND_COMMA.search(before.text) and _YEAR.match(line.text):
        return True
    return line.text[0].islower() or before.text.rpartition(" ")[2] in _OPEN_ENDED
