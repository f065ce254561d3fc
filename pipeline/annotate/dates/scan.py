"""Finding the spans of dates: a cheap look for what a date begins with, then its exact form."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from pipeline.annotate.dates.extend import LOOK_BACK, extend
from pipeline.annotate.dates.join import join
from pipeline.annotate.dates.read import Reading, read
from pipeline.model import Block
from pipeline.rulebook.dates import DatePattern, DateRules

_LONGEST_TOKEN = 200
_HEAD_REACH = 32
_HEAD = 12
_OPEN = frozenset(" \n\t\u00a0([“\"‘'–—,;:")
_CLOSED = frozenset(" \n\t\u00a0)]”\"’',;:–—!?")
_ADDRESS = re.compile(r"://|www\.|@|%20|\\|_", re.IGNORECASE)
_PATH = re.compile(r"[A-Za-z][\w.-]*/\Z")
_FILE = re.compile(
    r"[\w./-]*(?:@|%20|_|\.(?:pdf|docx?|xlsx?|pptx?|html?|aspx?|php|jpe?g|png|csv)\b)",
    re.IGNORECASE,
)


def scan(text: str, blocks: Sequence[Block], rules: DateRules, *, day_first: bool) -> list[Reading]:
    """The readings of all blocks that aren't boilerplate, in order, without overlaps."""
    anchors = _anchors(text, rules)
    starts = [start for start, _ in anchors]
    found: list[Reading] = []
    for index, block in enumerate(blocks):
        first = bisect_left(starts, block.start)
        last = bisect_left(starts, block.end, first)
        if first < last and block.boilerplate is None:
            here = _scan_block(text, block, anchors[first:last], rules, day_first=day_first)
            for reading in here:
                reading.block = index
            found += here
    return found


def _anchors(text: str, rules: DateRules) -> list[tuple[int, str]]:
    """Where a date may begin, and what it would begin with."""
    found = [(match.start(), "number") for match in rules.numbers.finditer(text)]
    found += [(match.start(), str(match.lastgroup)) for match in rules.names.finditer(text)]
    done = 0
    for head in _heads(text, rules):
        end = head + _HEAD
        for match in rules.anchors.finditer(text, max(done, head - _HEAD_REACH), end):
            found.append((match.start(), "word"))
            done = match.end()
    found.sort()
    return found


def _heads(text: str, rules: DateRules) -> list[int]:
    """The places of some words; one automaton beats any regular expression at this."""
    found = rules.heads.find_matches_as_indexes(text, overlapping=True)
    return sorted(start for _, start, _ in found)


def _scan_block(
    text: str,
    block: Block,
    anchors: Sequence[tuple[int, str]],
    rules: DateRules,
    *,
    day_first: bool,
) -> list[Reading]:
    found: list[Reading] = []
    position = block.start
    for start, begins in anchors:
        if start < position:
            continue
        hit = rules.dispatchers[begins].match(text, start, block.end)
        if hit is None:
            continue
        if _stopped(text, *hit, block, rules) or _in_address(text, block, hit[1]):
            # The rest of a rejected number is none either; words may begin another date.
            position = hit[1].end() if begins == "number" else start + 1
            continue
        for reading in read(*hit, rules, day_first=day_first):
            position = hit[1].end()
            if extend(text, reading, block, rules):
                _add(found, reading)
    return join(text, found, rules) if len(found) > 1 else found


def _add(found: list[Reading], reading: Reading) -> None:
    """Appends a reading; it replaces those that its first words now cover."""
    while found and found[-1].start >= reading.start:
        found.pop()
    if not found or found[-1].end <= reading.start:
        found.append(reading)


def _stopped(
    text: str, pattern: DatePattern, match: re.Match[str], block: Block, rules: DateRules
) -> bool:
    """Whether the words around a match say that it is no date."""
    left = max(block.start, match.start() - LOOK_BACK)
    stops = rules.stops.get(pattern.id, ())
    return any(stop.applies(text, match.span(), left, block.end) for stop in stops)


def _in_address(text: str, block: Block, match: re.Match[str]) -> bool:
    """Whether the match is a piece of a web address, an e-mail address or a file name."""
    start, end = match.span()
    opens = start == block.start or text[start - 1] in _OPEN
    if opens and (end >= block.end or text[end] in _CLOSED):
        return False
    left = text[max(block.start, start - _LONGEST_TOKEN) : start]
    right = text[end : min(block.end, end + _LONGEST_TOKEN)]
    head = left.split()[-1] if left[-1:].strip() else ""
    if _ADDRESS.search(head) or _FILE.match(right):
        return True
    return text[start].isdigit() and _PATH.search(head) is not None
