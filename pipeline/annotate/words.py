"""Reading capitalised words to the left and to the right of a position in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

INITIALS = r"(?:[A-Z]\.){1,4}(?:[A-Z]\b)?"
WORD = r"[^\W\d_](?:[\w]|[’'./+\-–&*](?=\w))*"
CAPITALISED = rf"(?:{INITIALS}|(?=[^\W\d_a-zß-öø-ÿ]){WORD})"

_INITIALS_ONLY = re.compile(rf"{INITIALS}$")
_IN_BRACKETS = re.compile(r"\([A-Z][\w&/-]*\)$")
_POSSESSIVE = ("’s", "'s", "s’", "s'")
_ABBREVIATED = frozenset(
    {"Co.", "Ltd.", "Pvt.", "Pte.", "Inc.", "Corp.", "Bhd.", "Govt.", "St.", "Sdn."}
)


class Word(NamedTuple):
    """A word at ``text[start:end]``."""

    text: str
    start: int
    end: int

    @property
    def is_possessive(self) -> bool:
        """Whether the word ends in ’s or s’."""
        return self.text.endswith(_POSSESSIVE)


def words_before(text: str, position: int, limit: int) -> Iterator[Word]:
    """The words to the left of ``position``, nearest first, as far as single spaces join them.

    Ends at ``limit``, at a line break and before a word that closes a clause.
    """
    end = position - text.endswith(" ", 0, position)
    while end > limit:
        start = max(text.rfind(" ", limit, end) + 1, limit)
        # The search for the line break is over the word alone.
        start = max(text.rfind("\n", start, end) + 1, start)
        word = text[start:end]
        if not word.endswith(")"):
            word = word.lstrip("“\"'‘([")
        if not word or _closes(word):
            return
        yield Word(word, end - len(word), end)
        if len(word) != end - start or not text.endswith(" ", 0, start):
            return
        end = start - 1


def _closes(word: str) -> bool:
    """Whether punctuation at the end of ``word`` separates it from what follows."""
    if (
        word[-1].isalnum()
        or word.endswith(("s’", "s'"))
        or word in _ABBREVIATED
        or _INITIALS_ONLY.match(word)
    ):
        return False
    return word not in {"&", "-", "–", "+"} and not _IN_BRACKETS.match(word)
