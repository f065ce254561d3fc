"""The other mentions of a text, by position."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property
from itertools import groupby

from pipeline.annotate.people.titles import TitleHit
from pipeline.model import Block, CountryMention, InstitutionMention

# A line is in title case when at least this share of its words is capitalised.
_TITLE_CASE = 0.6
_MIN_TITLE_WORDS = 4
_LONGEST_HEADING = 160
_SIGNS = ("", ",", ".", ";")


class Surroundings:
    """What stands at a position: titles, countries, institutions and the block."""

    def __init__(
        self,
        text: str,
        blocks: Sequence[Block],
        titles: Sequence[TitleHit],
        countries: Sequence[CountryMention],
        institutions: Sequence[InstitutionMention],
    ) -> None:
        self.text = text
        self.titles = {t.start: t for t in titles if t.is_role or t.is_honorific}
        self.titles_by_end = {t.end: t for t in self.titles.values()}
        self.countries = {c.start: c for c in countries}
        self.countries_by_end = {c.end: c for c in countries}
        self.institutions = {i.start: i for i in institutions}
        self.institutions_by_end = {i.end: i for i in institutions}
        self._institutions = sorted(institutions, key=lambda i: i.start)
        self._institution_starts = [i.start for i in self._institutions]
        self.blocks = sorted((b for b in blocks if not b.boilerplate), key=lambda b: b.start)
        self._block_starts = [b.start for b in self.blocks]
        self._headings: dict[int, bool] = {}

    def block_index(self, position: int) -> int | None:
        """The index in ``blocks`` of the block around ``position``."""
        index = bisect_right(self._block_starts, position) - 1
        return index if index >= 0 and position < self.blocks[index].end else None

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(self.text.split())

    @property
    def lists(self) -> list[list[Block]]:
        """The runs of bullets that follow each other."""
        runs = groupby(self.blocks, key=lambda block: block.kind == "bullet")
        return [list(items) for is_bullet, items in runs if is_bullet]

    def writes_small(self, word: str) -> bool:
        """Whether the text has the word in lower case, too."""
        small = word.lower()
        return any(small + sign in self._words for sign in _SIGNS)

    def is_heading(self, index: int) -> bool:
        """Whether the block is a heading or capitalises its words like one."""
        if index not in self._headings:
            self._headings[index] = self._looks_like_heading(index)
        return self._headings[index]

    def _looks_like_heading(self, index: int) -> bool:
        block = self.blocks[index]
        if block.kind == "heading":
            return True
        if block.end - block.start > _LONGEST_HEADING or self.text[block.end - 1] in ".;:,":
            return False
        words = self.text[block.start : block.end].split()
        capitalised = sum(w[0].isupper() for w in words)
        return len(words) >= _MIN_TITLE_WORDS and capitalised > _TITLE_CASE * len(words)

    def institution_over(self, position: int) -> InstitutionMention | None:
        """The institution that covers ``position``."""
        index = bisect_right(self._institution_starts, position) - 1
        if index < 0 or self._institutions[index].end <= position:
            return None
        return self._institutions[index]
