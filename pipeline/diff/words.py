"""What differs between two texts, word by word."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import NamedTuple

_WORD = re.compile(r"\w+|\s+|[^\w\s]")
# Longer texts are marked as a whole; nobody reads the words of more.
_MOST_WORDS = 1_500


class Piece(NamedTuple):
    """A part of a text; ``differs`` says that the other text doesn't have it there."""

    text: str
    differs: bool


def mark_words(old: str, new: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts in pieces, which joined give the texts back."""
    if old == new:
        return _whole(old, differs=False), _whole(new, differs=False)
    one, two = _WORD.findall(old), _WORD.findall(new)
    if max(len(one), len(two)) > _MOST_WORDS:
        return _whole(old, differs=True), _whole(new, differs=True)
    before: list[Piece] = []
    after: list[Piece] = []
    for tag, i, j, k, m in SequenceMatcher(None, one, two, autojunk=False).get_opcodes():
        before += _whole("".join(one[i:j]), differs=tag != "equal")
        after += _whole("".join(two[k:m]), differs=tag != "equal")
    return before, after


def _whole(text: str, *, differs: bool) -> list[Piece]:
    return [Piece(text, differs)] if text else []
