"""Where a place of an old text is in the new one."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from difflib import SequenceMatcher

GONE = -1
_WORD = re.compile(r"\w+|\s|[^\w\s]")
# Above this many lines the comparison of lines gives way to the common beginning and end.
_MOST_LINES = 20_000


@dataclass(frozen=True)
class OffsetMap:
    """The parts that two texts share: ``starts`` in the old one, each with its end and its shift."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    shifts: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The place of ``old[start:end]`` in the new text, or (-1, -1) where it was rewritten."""
        index = bisect_right(self.starts, start) - 1
        if index < 0 or end > self.ends[index]:
            return GONE, GONE
        return start + self.shifts[index], end + self.shifts[index]


def map_offsets(old: str, new: str) -> OffsetMap:
    """The map from the characters of ``old`` to those of ``new``: by lines, then inside of lines."""
    pieces: list[tuple[int, int, int]] = []
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    if max(len(before), len(after)) > _MOST_LINES:
        before, after = [old], [new]
    starts, others = _offsets(before), _offsets(after)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            pieces.append((starts[i], starts[j], others[k] - starts[i]))
        elif tag == "replace":
            pieces += _inside(old, new, (starts[i], starts[j]), (others[k], others[m]))
    kept = _joined(pieces)
    return OffsetMap(*(tuple(p[n] for p in kept) for n in range(3)))


def _offsets(lines: list[str]) -> list[int]:
    places = [0]
    for line in lines:
        places.append(places[-1] + len(line))
    return places


def _inside(
    old: str, new: str, span: tuple[int, int], other: tuple[int, int]
) -> list[tuple[int, int, int]]:
    """The common words of a rewritten passage; only its beginning and end where it is long."""
    one, two = old[slice(*span)], new[slice(*other)]
    if len(one) * len(two) > 4_000_000:
        return _ends(one, two, span, other)
    words, others = _words(one), _words(two)
    places, targets = _offsets(words), _offsets(others)
    matcher = SequenceMatcher(None, words, others, autojunk=False)
    return [
        (span[0] + places[a], span[0] + places[a + n], other[0] + targets[b] - span[0] - places[a])
        for a, b, n in matcher.get_matching_blocks()
        if n
    ]


def _ends(
    one: str, two: str, span: tuple[int, int], other: tuple[int, int]
) -> list[tuple[int, int, int]]:
    head = common_length(one, two)
    tail = min(common_length(one[::-1], two[::-1]), min(len(one), len(two)) - head)
    return [
        (span[0], span[0] + head, other[0] - span[0]),
        (span[1] - tail, span[1], other[1] - span[1]),
    ]


def common_length(one: str, two: str) -> int:
    """The length of the common beginning."""
    low, high = 0, min(len(one), len(two))
    while low < high:
        middle = (low + high + 1) // 2
        if one[:middle] == two[:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _words(text: str) -> list[str]:
    """The words, signs and blanks of a text, which give the text back."""
    return _WORD.findall(text)


def _joined(pieces: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Neighbouring pieces with the same shift as one, so that a span may cross their border."""
    kept: list[tuple[int, int, int]] = []
    for start, end, shift in pieces:
        if kept and kept[-1][1] == start and kept[-1][2] == shift:
            kept[-1] = (kept[-1][0], end, shift)
        elif end > start:
            kept.append((start, end, shift))
    return kept
