"""Completing what a text leaves out: years from the context, relative times from the document."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.annotate.dates.parts import Part, Relative, Span
from pipeline.annotate.dates.read import Reading
from pipeline.annotate.dates.sentence import sentence_of, tense
from pipeline.edtf import EdtfError, Interval
from pipeline.model import Block, DateMention
from pipeline.rulebook.dates import DateRules

_DONORS = frozenset({"day", "month", "range"})
_NEAR = 31
_FAR = 300


@dataclass
class Resolver:
    """Resolves the readings of one document."""

    text: str
    blocks: Sequence[Block]
    published: dt.date | None
    country: str | None
    rules: DateRules
    known: dict[int, Interval] = field(default_factory=dict)

    def resolve(self, readings: Sequence[Reading]) -> list[DateMention]:
        """The mentions of readings that the text, its context or its date completes."""
        for index, reading in enumerate(readings):
            if reading.year is not None and not isinstance(reading.what, Relative):
                self._know(index, reading, reading.year)
        found = []
        for index, reading in enumerate(readings):
            interval, source = self._interval(index, readings)
            if interval is not None:
                self.known.setdefault(index, interval)
                found.append(_mention(reading, interval, source))
        return found

    def _know(self, index: int, reading: Reading, year: int) -> None:
        assert not isinstance(reading.what, Relative)
        try:
            self.known[index] = reading.what.at(year)
        except EdtfError:
            return

    def _interval(
        self, index: int, readings: Sequence[Reading]
    ) -> tuple[Interval | None, str | None]:
        reading = readings[index]
        try:
            if isinstance(reading.what, Relative):
                return self._relative(index, readings, reading.what)
            if reading.fiscal:
                return self._fiscal(reading), "fiscal_year"
            if reading.year is not None:
                return self.known.get(index), "context" if reading.shared else None
            if reading.shift is not None:
                return self._shifted(index, readings, reading.what, reading.shift)
            return self._partial(index, readings, reading.what)
        except EdtfError:
            return None, None

    def _relative(
        self, index: int, readings: Sequence[Reading], what: Relative
    ) -> tuple[Interval | None, str | None]:
        if what.antecedent:
            last = self._antecedent(index, readings, what.unit)
            return (what.on(last.first), "context") if last else (None, None)
        if self.published is None:
            return None, None
        future = what.steps is None and self._tense(readings[index]) == "future"
        return what.on(self.published, future), "document_date"

    def _shifted(
        self, index: int, readings: Sequence[Reading], what: Part | Span, shift: int
    ) -> tuple[Interval | None, str | None]:
        """A part of this, last, next year, or of the same, following, previous one."""
        if readings[index].same:
            last = self._antecedent(index, readings, "year")
            return (what.at(last.first.year + shift), "context") if last else (None, None)
        if self.published is None:
            return None, None
        year = self.published.year + shift
        if what.kind in ("month", "season") and readings[index].bare:
            year = self._shift_to(what, shift)
        return what.at(year), "document_date"

    def _shift_to(self, what: Part | Span, shift: int) -> int:
        """The year of "last May" (the nearest one past) or "next May" (the nearest to come)."""
        assert self.published is not None
        year = self.published.year
        if shift < 0:
            return year if what.at(year).last < self.published else year - 1
        if shift > 0:
            return year if what.at(year).first > self.published else year + 1
        inside = what.at(year - 1)
        return year - 1 if inside.contains(self.published) else year

    def _antecedent(self, index: int, readings: Sequence[Reading], unit: str) -> Interval | None:
        """The date before in the same block, when it is fine enough for the unit."""
        for other in range(index - 1, -1, -1):
            if readings[other].block != readings[index].block:
                return None
            known = self.known.get(other)
            if known and (known.granularity == "day" or unit == known.granularity or unit == "year"):
                return known if known.granularity != "decade" else None
        return None

    def _fiscal(self, reading: Reading) -> Interval | None:
        fiscal = self.rules.fiscal_years.get(self.country or "")
        year = reading.year
        if year is None:
            if self.published is None or fiscal is None or reading.shift is None:
                return None
            begin = self.published.year - (self.published.month < fiscal.starts) + reading.shift
        elif fiscal is None:
            return Interval.year(year)
        else:
            begin = year if fiscal.named_by_start or fiscal.starts == 1 else year - 1
        if fiscal.starts == 1:
            return Interval.year(begin)
        return Interval.span(Interval.year(begin), Interval.year(begin + 1))

    def _partial(
        self, index: int, readings: Sequence[Reading], what: Part | Span
    ) -> tuple[Interval | None, str | None]:
        donor = self._donor(index, readings)
        if donor is not None:
            return _near_donor(what, donor), "context"
        if self.published is not None:
            return self._dated(readings[index], what), "document_date"
        donor = self._any_donor(index, readings)
        return (_near_donor(what, donor), "context") if donor else (None, None)

    def _donor(self, index: int, readings: Sequence[Reading]) -> Interval | None:
        """A date of the same sentence that lends its year."""
        reading = readings[index]
        block = self.blocks[reading.block]
        start, end = sentence_of(self.text, block, reading.start, reading.end)
        best: tuple[int, int] | None = None
        for other, known in self._near(index, readings):
            one = readings[other]
            if one.start < start or one.end > end or known.granularity not in _DONORS:
                continue
            gap = max(one.start - reading.end, reading.start - one.end)
            if best is None or gap < best[0]:
                best = (gap, other)
        return self.known[best[1]] if best else None

    def _near(
        self, index: int, readings: Sequence[Reading]
    ) -> list[tuple[int, Interval]]:
        found = []
        for other in range(max(0, index - 6), min(len(readings), index + 7)):
            known = self.known.get(other)
            if other != index and known and readings[other].block == readings[index].block:
                found.append((other, known))
        return found

    def _any_donor(self, index: int, readings: Sequence[Reading]) -> Interval | None:
        """The nearest date of the document with a year, first within the block."""
        here = readings[index]
        return min(
            (
                (one.block != here.block, abs(one.start - here.start), self.known[other])
                for other, one in enumerate(readings)
                if other in self.known
            ),
            default=(0, 0, None),
            key=lambda item: item[:2],
        )[2]

    def _tense(self, reading: Reading) -> str:
        block = self.blocks[reading.block]
        return tense(self.text, block, reading.start, reading.end, self.rules)

    def _dated(self, reading: Reading, what: Part | Span) -> Interval:
        """The part of the year that tense and nearness to the document's date suggest."""
        assert self.published is not None
        published = self.published
        candidates = [at for year in (-1, 0, 1) if (at := _at(what, published.year + year))]
        if not candidates:
            raise EdtfError("no year has such a day")
        if what.weekday is not None:
            fitting = [one for one in candidates if one.last.weekday() == what.weekday]
            candidates = fitting or candidates
        nearest = min(candidates, key=lambda one: one.gap(published))
        time = self._tense(reading)
        agreeing = [one for one in candidates if _agrees(one, published, time)]
        best = min(agreeing, key=lambda one: one.gap(published), default=nearest)
        if best.gap(published) > _FAR and nearest.gap(published) <= _NEAR:
            return nearest
        return best


def _agrees(one: Interval, published: dt.date, time: str) -> bool:
    if time == "past":
        return one.first <= published
    if time == "future":
        return one.last >= published
    return True


def _at(what: Part | Span, year: int) -> Interval | None:
    try:
        return what.at(year)
    except EdtfError:
        return None


def _near_donor(what: Part | Span, donor: Interval) -> Interval:
    """The part in the donor's year, or in the next one when it is December's January."""
    year = donor.first.year
    if what.kind in ("day", "month") and donor.first.month - what.number >= 9:
        year += 1
    return what.at(year)


def _mention(reading: Reading, interval: Interval, source: str | None) -> DateMention:
    return DateMention(
        reading.start,
        reading.end,
        reading.rule,
        reading.confidence,
        interval,
        reading.modifier,
        source,
    )
