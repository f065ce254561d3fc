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

_FINE = frozenset({"day", "month", "range"})
_ANY = _FINE | {"year", "quarter", "half"}
_ROLL = 9
_TALE = 3
_CLOSE = 40
_NEAR = 90
_FAR = 250
_DAYS = 10


@dataclass
class Resolver:
    """Resolves the readings of one document."""

    text: str
    blocks: Sequence[Block]
    published: dt.date | None
    country: str | None
    rules: DateRules
    readings: Sequence[Reading] = ()
    known: dict[int, Interval] = field(default_factory=dict)
    coming: list[int | None] = field(default_factory=list)
    last: int | None = None
    last_fine: int | None = None
    narrative: bool = False

    def resolve(self, readings: Sequence[Reading]) -> list[DateMention]:
        """The mentions of readings that the text, its context or its date completes."""
        self.readings = readings
        for index, reading in enumerate(readings):
            if reading.year is None or isinstance(reading.what, Relative):
                continue
            known = _at(reading.what, reading.year)
            if known is not None:
                self.known[index] = known
        self._prepare(readings)
        found = []
        for index, reading in enumerate(readings):
            interval, source = self._interval(index, readings)
            if interval is None:
                continue
            self.known.setdefault(index, interval)
            if interval.granularity in _ANY:
                self.last = index
            if interval.granularity in _FINE:
                self.last_fine = index
            found.append(_mention(reading, interval, source))
        return found

    def _prepare(self, readings: Sequence[Reading]) -> None:
        """Which date with a year comes next, and whether the document tells of other years."""
        after: int | None = None
        self.coming = [None] * len(readings)
        for index in range(len(readings) - 1, -1, -1):
            self.coming[index] = after
            if index in self.known and self.known[index].granularity in _ANY:
                after = index
        if self.published is not None:
            year = self.published.year
            fine = [one for one in self.known.values() if one.granularity in _FINE]
            away = sum(abs(one.first.year - year) > 1 for one in fine)
            self.narrative = away >= _TALE and away * 3 >= len(fine) * 2

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
        return what.on(self.published, future=future), "document_date"

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
            year = _shift_to(what, shift, self.published)
        return what.at(year), "document_date"

    def _antecedent(self, index: int, readings: Sequence[Reading], unit: str) -> Interval | None:
        """The date before in the same block, when it is fine enough for the unit."""
        for other in range(index - 1, -1, -1):
            if readings[other].block != readings[index].block:
                return None
            known = self.known.get(other)
            if known is None or known.granularity == "decade" or _is_now(readings[other]):
                continue
            if known.granularity in ("day", unit) or unit == "year":
                return known
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
        """A part of a year that the text leaves out."""
        narrative = self.published is None or self.narrative
        if narrative and (year := self._year_of_opening(what)) is not None:
            return what.at(year), "context"
        donor = self._in_sentence(index, readings, _ANY if narrative else _FINE)
        if donor is None and narrative:
            donor = self._around(index, readings)
        if donor is not None:
            return self._in_year_of(readings[index], what, donor), "context"
        if self.published is not None:
            return self._dated(readings[index], what, self.published), "document_date"
        return None, None

    def _in_year_of(
        self, reading: Reading, what: Part | Span, donor: tuple[Interval, bool]
    ) -> Interval:
        """The part in the year of another date, or before it where that one lies ahead."""
        interval, before = donor
        at = _near_donor(what, interval, before=before)
        if interval.granularity == "year" and not before and self._is_ahead(reading, interval):
            return what.at(interval.first.year - 1)
        return at

    def _is_ahead(self, reading: Reading, donor: Interval) -> bool:
        """Whether an undated text looks back on a date and forward to the donor's year."""
        if self.published is not None or self._tense(reading) != "past":
            return False
        index = next(i for i, known in self.known.items() if known is donor)
        return self._tense(self.readings[index]) == "future"

    def _year_of_opening(self, what: Part | Span) -> int | None:
        """The year of the first day that the document names, when ``what`` lies close to it.

        A report opens with its own date: what is a few days from it belongs to the same event, even
        where other years stand between.
        """
        fine = (i for i, one in self.known.items() if one.granularity in {"day", "range"})
        opening = min(fine, default=None)
        if what.kind != "day" or opening is None:
            return None
        first = self.known[opening].first
        at = _at(what, first.year)
        return first.year if at and at.gap(first) <= _DAYS else None

    def _in_sentence(
        self, index: int, readings: Sequence[Reading], fine: frozenset[str]
    ) -> tuple[Interval, bool] | None:
        """The date before or after in the same sentence, and whether it is the one before."""
        reading = readings[index]
        block = self.blocks[reading.block]
        start, end = sentence_of(self.text, block, reading.start, reading.end)
        for other, before in ((self.last, True), (self.coming[index], False)):
            if other is None or not start <= readings[other].start < end:
                continue
            known = self.known[other]
            if known.granularity in fine and self._lends(index, other, readings):
                return known, before
        return None

    def _lends(self, index: int, other: int, readings: Sequence[Reading]) -> bool:
        """Whether a date of the sentence lends its year although the document's date is known."""
        if self.published is None or self.narrative:
            return True
        if _is_long(self.known[other]):
            return False
        if other > index:
            return readings[other].start - readings[index].end <= _CLOSE
        past = self.known[other].last.year < self.published.year
        return not (past and self._tense(readings[index]) == "future")

    def _around(self, index: int, readings: Sequence[Reading]) -> tuple[Interval, bool] | None:
        """The nearest date: before in the block, after in it, else before it, else after it."""
        block = readings[index].block
        before, after, fine = self.last, self.coming[index], self.last_fine
        if before is not None and readings[before].block == block:
            return self.known[before], True
        if after is not None and readings[after].block == block:
            return self.known[after], False
        before = before if fine is None else fine
        if before is not None:
            return self.known[before], True
        return (self.known[after], False) if after is not None else None

    def _tense(self, reading: Reading) -> str:
        block = self.blocks[reading.block]
        return tense(self.text, block, reading.start, reading.end, self.rules)

    def _dated(self, reading: Reading, what: Part | Span, published: dt.date) -> Interval:
        """The part of the year that tense and nearness to the document's date suggest."""
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
        # Past tense often only reports ("the group said the rules apply on 3 May").
        exact = what.kind == "day" or time == "future"
        if exact and best.gap(published) > _FAR and nearest.gap(published) <= _NEAR:
            return nearest
        return best


def _shift_to(what: Part | Span, shift: int, published: dt.date) -> int:
    """The year of "last May" (the nearest one past) or "next May" (the nearest to come)."""
    year = published.year
    if shift < 0:
        return year if what.at(year).last < published else year - 1
    if shift > 0:
        return year if what.at(year).first > published else year + 1
    # Only a winter began in the year before.
    return year - 1 if what.at(year - 1).contains(published) else year


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


def _near_donor(what: Part | Span, donor: Interval, *, before: bool) -> Interval:
    """The part in the donor's year, or in the next one when a tale went past New Year."""
    if not before:
        return what.at(donor.first.year)
    # A term of years (2016-2020) is agreed at its beginning.
    if _is_long(donor):
        return what.at(donor.first.year)
    year = donor.last.year
    if what.kind in ("day", "month") and donor.granularity != "year":
        year += donor.last.month - what.number >= _ROLL
    return what.at(year)


def _is_now(reading: Reading) -> bool:
    """Whether a reading is “today”, which no “that day” points back to."""
    what = reading.what
    return isinstance(what, Relative) and what.unit == "day" and what.steps == 0


def _is_long(interval: Interval) -> bool:
    """Whether an interval is a span of years, in which a day may have any of them."""
    return interval.granularity == "range" and interval.last.year - interval.first.year > 1


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
