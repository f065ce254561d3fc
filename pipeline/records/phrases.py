"""Phrases found at word boundaries, in any case."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar

import ahocorasick_rs

T = TypeVar("T")

# Making a named tuple without its keyword handling takes half the time.
_new = tuple.__new__


class Found(NamedTuple, Generic[T]):
    """A phrase at ``text[start:end]`` and what it stands for."""

    start: int
    end: int
    item: T


class Phrases(Generic[T]):
    """Finds phrases (in lower case) in a text of any case; each may stand for several items."""

    def __init__(self, phrases: Iterable[tuple[str, T]]) -> None:
        items: dict[str, list[T]] = {}
        for phrase, item in phrases:
            items.setdefault(phrase, []).append(item)
        self._items = list(items.values())
        self._automaton = ahocorasick_rs.AhoCorasick(
            list(items), implementation=ahocorasick_rs.Implementation.ContiguousNFA
        )

    def all(self, text: str, start: int = 0, end: int | None = None) -> list[Found[T]]:
        """Every hit in ``text[start:end]``, overlapping ones included, the longer first."""
        low = lower(text)[start:end]
        matches = self._automaton.find_matches_as_indexes(low, overlapping=True)
        if not matches:
            return []
        # Neither end of a hit may cut a word.
        size = len(low)
        found = [
            _new(Found, (start + first, start + last, item))
            for index, first, last in matches
            if (first == 0 or not (low[first].isalnum() and low[first - 1].isalnum()))
            and (last == size or not (low[last - 1].isalnum() and low[last].isalnum()))
            for item in self._items[index]
        ]
        if len(found) > 1:
            found.sort(key=lambda hit: (hit[0], -hit[1]))
        return found

    def longest(self, text: str, start: int = 0, end: int | None = None) -> list[Found[T]]:
        """The leftmost longest hits; those of one phrase with several items all stay."""
        hits = self.all(text, start, end)
        if len(hits) < 2:
            return hits
        kept = hits[:1]
        for hit in hits[1:]:
            if hit[0] >= kept[-1][1] or hit[:2] == kept[-1][:2]:
                kept.append(hit)
        return kept


@lru_cache(maxsize=4)
def lower(text: str) -> str:
    """The text in lower case at the same length: “İ” has a longer lower-case form.

    The last texts are remembered, for many phrase lists are looked up in one document.
    """
    low = text.lower()
    if len(low) != len(text):
        low = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return low
