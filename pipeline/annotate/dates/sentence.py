"""The sentence around a date, roughly, and its tense."""

from __future__ import annotations

import re

from pipeline.model import Block
from pipeline.rulebook.dates import DateRules

_REACH = 400
# A point after a short capitalised word ("Mr.", "Sen.") ends no sentence.
_END = re.compile(
    r"(?<!\b[A-Z])(?<!\b[A-Z][a-z])(?<!\b[A-Z][a-z]{2})[.!?;][”\"’')]{0,3}\s{1,4}"
    r"(?=[“\"‘'(]{0,2}[A-Z0-9])"
)


def sentence_of(text: str, block: Block, start: int, end: int) -> tuple[int, int]:
    """The bounds of the sentence that holds a span, at most some hundred characters away."""
    left, right = max(block.start, start - _REACH), min(block.end, end + _REACH)
    begin = left
    for found in _END.finditer(text, left, start):
        begin = found.end()
    after = _END.search(text, end, right)
    return begin, after.start() if after else right


def tense(text: str, block: Block, start: int, end: int, rules: DateRules) -> str:
    """Past, future or "" by the nearest verb before a date, else by the first one after it."""
    begin, stop = sentence_of(text, block, start, end)
    past = _last(rules.past, text, begin, start)
    future = _last(rules.future, text, begin, start)
    if past >= 0 or future >= 0:
        return "past" if past > future else "future"
    ahead = rules.future.search(text, end, stop)
    behind = rules.past.search(text, end, stop)
    if ahead and (not behind or ahead.start() <= behind.start()):
        return "future"
    return "past" if behind else ""


def _last(pattern: re.Pattern[str], text: str, start: int, end: int) -> int:
    last = -1
    for found in pattern.finditer(text, start, end):
        last = found.start()
    return last
