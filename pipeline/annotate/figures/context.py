"""What a figure is about: a phrase, a country and a time from the words around it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Protocol, TypeVar

from pipeline.model import Block, CountryMention, DateMention

_PHRASE_END = re.compile(
    r"(?<![A-Z])\.(?=\s|$)|[;:()\n]|, | (?:by|on|since|until|which|who|that|while|after|before|and) "
)
_OF = re.compile(r" (?:of|in|for|on|to|from|worth of|a year of) ")
_COMPLEMENT = re.compile(r" (?:of|in|for|from|to|with|on|at|under|across|connected|supported) ")
_ARTICLE = re.compile(r"^(?:the|a|an|its|their|our|his|her|federal) ", re.IGNORECASE)
_LONGEST = 70
_CLAUSE = 160


class _Spanned(Protocol):
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


S = TypeVar("S", bound=_Spanned)


class FigureContext:
    """The countries, dates and sentences of a text, by position.

    ``home`` is the publisher's country: of figures without another one, and for bare signs.
    """

    def __init__(
        self,
        text: str,
        blocks: Sequence[Block],
        countries: Sequence[CountryMention],
        dates: Sequence[DateMention],
    ) -> None:
        self.text = text
        self.blocks = sorted((b for b in blocks if not b.boilerplate), key=lambda b: b.start)
        self._block_starts = [b.start for b in self.blocks]
        self.countries = sorted(countries, key=lambda c: c.start)
        self.by_start = {c.start: c for c in self.countries}
        self.country_ends = {c.end for c in self.countries}
        self._country_starts = [c.start for c in self.countries]
        self.dates = sorted(dates, key=lambda d: d.start)
        self._date_starts = [d.start for d in self.dates]
        self.sentences: list[tuple[int, int]] = []
        self.home: str | None = None

    def block(self, position: int) -> Block | None:
        """The block around ``position``."""
        index = bisect_right(self._block_starts, position) - 1
        if index < 0 or position >= self.blocks[index].end:
            return None
        return self.blocks[index]

    def sentence(self, position: int, block: Block) -> tuple[int, int]:
        """The sentence around ``position``, or the block."""
        index = bisect_right(self.sentences, (position, len(self.text))) - 1
        if index < 0 or self.sentences[index][1] <= position:
            return block.start, block.end
        start, end = self.sentences[index]
        return max(start, block.start), min(end, block.end)

    def is_date(self, start: int, end: int) -> bool:
        """Whether a date overlaps ``text[start:end]``."""
        index = bisect_left(self._date_starts, end) - 1
        return index >= 0 and self.dates[index].end > start

    def what(self, phrase: tuple[int, int] | None, start: int, end: int, first: int) -> str | None:
        """A short description: the counted phrase, what follows “of” or “in”, or the subject."""
        if phrase is not None:
            goes_on = _COMPLEMENT.match(self.text, phrase[1])
            return self._up_to_boundary(phrase[0], phrase[1]) if goes_on else self._plain(*phrase)
        link = _OF.match(self.text, end)
        if link:
            return self._up_to_boundary(link.end(), link.end()) or None
        return self._subject(start, first)

    def _up_to_boundary(self, start: int, least: int) -> str:
        boundary = _PHRASE_END.search(self.text, least, least + _LONGEST)
        stop = boundary.start() if boundary else self.text.rfind(" ", least, least + _LONGEST)
        return self._plain(start, max(stop, least))

    def _plain(self, start: int, end: int) -> str:
        return _ARTICLE.sub("", self.text[start:end].strip())

    def _subject(self, start: int, first: int) -> str | None:
        """The words before the figure, back to the start of the clause."""
        before = self.text[max(first, start - _LONGEST) : start]
        clause = re.split(r", |[;:()]|\b(?:and|while|which|that)\b", before.rstrip(" :,"))[-1]
        return _ARTICLE.sub("", clause.strip()) or None

    def country(self, start: int, end: int, span: tuple[int, int], block: Block) -> str | None:
        """The country of the figure's own words, else the nearest around, else home."""
        nearest = _nearest(self.countries, self._country_starts, start, end, span)
        if nearest is None:
            nearest = _last_before(self.countries, self._country_starts, span[0], block.start)
        return nearest.code if nearest else self.home

    def period(self, start: int, end: int, span: tuple[int, int], block: Block) -> str | None:
        """The date in the sentence, else the last one that the paragraph sets before."""
        nearest = _nearest(self.dates, self._date_starts, start, end, span)
        if nearest is None:
            nearest = _last_before(self.dates, self._date_starts, span[0], block.start)
        return str(nearest.interval) if nearest else None


def _nearest(
    mentions: Sequence[S], starts: Sequence[int], start: int, end: int, span: tuple[int, int]
) -> S | None:
    """The mention inside ``span`` that is closest to ``start`` … ``end``."""
    index = bisect_left(starts, start)
    around = [m for m in mentions[max(0, index - 1) : index + 2] if m.start >= span[0]]
    around = [m for m in around if m.end <= span[1]]
    return min(around, key=lambda m: max(start - m.end, m.start - end, 0), default=None)


def _last_before(
    mentions: Sequence[S], starts: Sequence[int], position: int, limit: int
) -> S | None:
    index = bisect_left(starts, position) - 1
    return mentions[index] if index >= 0 and mentions[index].start >= limit else None
