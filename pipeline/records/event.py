"""The event that a release reports: its day and its city, from the lead."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import cached_property

from pipeline.model import CountryMention, DateMention
from pipeline.records.page import Page
from pipeline.records.phrases import Phrases
from pipeline.records.report import Support
from pipeline.rulebook.agreements import AgreementWords

# A dateline stands within so many characters of the start of a block.
_DATELINE = 60
_SHORT_BLOCK = 90
# A verb of telling stands at most so many characters before its date.
_TELLING = 24
# The dash that ends a dateline stands at most so many characters behind its date.
_BEHIND = 24


class EventWords:
    """The words that events are read by."""

    def __init__(self, words: AgreementWords) -> None:
        self.states = frozenset(words.city_states)
        self.at = frozenset(words.at)
        self.reporting = frozenset(words.reporting)
        self.here = Phrases((w, None) for w in words.here)
        self.remote = Phrases((w, None) for w in words.remote)


class Event:
    """What title and lead say of when and where."""

    def __init__(self, page: Page, words: EventWords, lead: Sequence[int]) -> None:
        self._page = page
        self._lead = [page.blocks[i] for i in lead]
        self._words = words

    def today(self, start: int, end: int) -> Support | None:
        """The day of the document where a span says “this morning”."""
        published = self._page.document.published
        hits = self._words.here.longest(self._page.text, start, end)
        if not hits or published is None:
            return None
        return _day(published, hits[0].start, hits[0].end)

    def is_here(self, start: int, end: int) -> bool:
        """Whether a span says that something happened at the place of the dateline."""
        return bool(self._words.here.all(self._page.text, start, end))

    def is_remote(self, start: int, end: int) -> bool:
        """Whether a span says that the sides weren't in one place."""
        return bool(self._words.remote.all(self._page.text, start, end))

    def venue(self, start: int, end: int) -> Support | None:
        """The city behind “in” or “at” in a span."""
        for city in self._page.within(self._page.countries, start, end):
            if self._is_at(city):
                return _city(self._page.text, city)
        return None

    @cached_property
    def date(self) -> Support | None:
        """The day that title and lead report."""
        days = [d for b in self._lead for d in self._days(b.start, b.end)]
        today = next((d for d in days if d.resolved_from == "document_date"), None)
        dated = today or next((d for d in days if self._opens(d)), None) or next(iter(days), None)
        if dated:
            rule = "agreements/date-context"
            return Support("date", str(dated.interval), dated.start, dated.end, rule, "lead")
        for block in self._lead:
            if found := self.today(block.start, block.end):
                return found
        return None

    def _days(self, start: int, end: int) -> list[DateMention]:
        dates = self._page.within(self._page.dates, start, end)
        days = [d for d in dates if d.interval.granularity == "day"]
        return [d for d in days if not self._is_told(d)]

    def _is_told(self, date: DateMention) -> bool:
        """Whether a date is that of the telling: “the agency reported on Monday”."""
        before = self._page.text[max(0, date.start - _TELLING) : date.start].lower().split()
        return any(word in self._words.reporting for word in before[-2:])

    def _opens(self, date: DateMention) -> bool:
        """Whether a date stands near the start of a block."""
        return any(b.start <= date.start < min(b.end, b.start + _DATELINE) for b in self._lead)

    @cached_property
    def place(self) -> Support | None:
        """The city that title and lead report from."""
        for block in self._lead:
            cities = self._page.within(self._page.countries, block.start, block.end)
            for city in cities:
                if self._is_dateline(city, block.start, block.end) or self._is_venue(city):
                    return _city(self._page.text, city)
        return None

    def _is_dateline(self, city: CountryMention, start: int, end: int) -> bool:
        """A city at the start of a block with a date or a dash behind it, or beside a bare date."""
        text = self._page.text
        if city.via == "demonym" or (end - start < _SHORT_BLOCK and not self._days(start, end)):
            return False
        short = end - start < _SHORT_BLOCK and bool(self._days(start, end))
        behind = text[city.end : city.end + 32]
        dashed = city.start == start and any(mark in behind for mark in _DASHES)
        return (city.via == "place" or text[city.start : city.end].isupper() or dashed) and (
            dashed or (short and _is_bare(text[start:end]))
        )

    def _is_venue(self, city: CountryMention) -> bool:
        """“in Hanoi”, “at Hanoi”."""
        if not self._is_at(city):
            return False
        sentence = self._page.sentence_at(city.start)
        if sentence is None:
            return False
        days = {d.start for d in self._days(sentence.start, sentence.end)}
        dated = self.date is not None and self.date.start in days
        return dated or self.is_here(sentence.start, sentence.end)

    def _is_at(self, city: CountryMention) -> bool:
        before = self._page.text[max(0, city.start - 8) : city.start].split()
        named = (
            city.via == "place"
            or self._page.text[city.start : city.end].lower() in self._words.states
        )
        return named and bool(before) and before[-1].lower() in self._words.at


def is_dateline(text: str, start: int, date: DateMention) -> bool:
    """Whether a date is that of a dateline at the start of a block: “SUVA, May 5 (News) -- …”."""
    if date.start - start > _DATELINE:
        return False
    behind = text[date.end : date.end + _BEHIND]
    return any(mark in behind.partition("\n")[0] for mark in _DASHES)


_DASHES = (" - ", "–", "—", ": ", "--")


def _is_bare(text: str) -> bool:
    """Whether a line is only a place and a date."""
    return len(text) < 40


def _day(day: dt.date, start: int, end: int) -> Support:
    rule = "agreements/date-context"
    return Support("date", day.isoformat(), start, end, rule, "document", "published")


def _city(text: str, city: CountryMention) -> Support:
    name = city.place or text[city.start : city.end].title()
    return Support("place", name, city.start, city.end, "agreements/place-context", "lead")
