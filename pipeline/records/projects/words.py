"""A sentence cut into words and marks, with the place of each."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

# One group, so that a text split at it has gaps and words by turns.
_WORD = re.compile(
    r"(\d+(?:[,.]\d+)+|(?:[A-Z]\.){2,}(?:[-–][\w-]+)?|\w(?:[\w.'’&/+-]*\w)?|[^\w\s])"
)
_POSSESSIVE = ("'s", "’s", "s'", "s’")


class Word(NamedTuple):
    """A word or mark.

    ``low`` is its lower-case form; an acronym stays, for “IT” is no “it”. ``is_capital`` says that it
    begins with a capital or a digit, or holds an acronym (“e-ABC”), ``is_possessive`` that it ends
    in ’s or s’.
    """

    text: str
    low: str
    is_capital: bool
    is_possessive: bool


class Words(NamedTuple):
    """The words of a stretch of text, and where each starts and ends in the text."""

    words: list[Word]
    starts: list[int]
    ends: list[int]


def words_of(text: str, start: int, end: int) -> Words:
    """The words of ``text[start:end]``.

    The gaps and words between them fill the stretch, so their lengths add up to the places.
    """
    pieces = _WORD.split(text[start:end])
    places = list(accumulate(map(len, pieces), initial=start))
    return Words(list(map(_word, pieces[1::2])), places[1:-1:2], places[2::2])


@lru_cache(maxsize=32_768)
def _word(text: str) -> Word:
    low = text if len(text) > 1 and text.isupper() else text.lower()
    capital = text[0].isupper() or text[0].isdigit() or text[-2:].isupper()
    return Word(text, low, capital, low.endswith(_POSSESSIVE))
