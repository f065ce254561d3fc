"""What the words of a date say before their year is known: parts of a year and relative times."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections.abc import Callable

import msgspec

from pipeline.edtf import Interval

_WEEK = 7
_WORKDAYS = 5


class Part(msgspec.Struct, frozen=True, gc=False):
    """A part of some year: the year itself, a half, quarter, season, month or day of it.

    ``number`` is the number of the half or quarter, the EDTF code of the season, the month, or, for
    the kind ``years``, how many years later the span ends. ``weekday`` helps to find the year.
    """

    kind: str
    number: int = 0
    day: int = 0
    weekday: int | None = None

    def at(self, year: int) -> Interval:
        """The interval in a year; raises EdtfError when the year has no such day."""
        return _PARTS[self.kind](self, year)


class Span(msgspec.Struct, frozen=True, gc=False):
    """From one part of a year to another, ``years`` later."""

    begin: Part
    end: Part
    years: int = 0

    @property
    def kind(self) -> str:
        """The kind of its ends."""
        return self.end.kind

    @property
    def number(self) -> int:
        """The month of its end, which its year is that of."""
        return self.end.number

    @property
    def day(self) -> int:
        """The day of its end."""
        return self.end.day

    @property
    def weekday(self) -> int | None:
        """The weekday of its end, where the text gives it."""
        return self.end.weekday

    def at(self, year: int) -> Interval:
        """The interval that ends in a year; raises EdtfError when there is none."""
        return Interval.span(self.begin.at(year - self.years), self.end.at(year))


class Relative(msgspec.Struct, frozen=True, gc=False):
    """A time that another day anchors: ``unit`` and how many of it from there.

    The units week, month, quarter, year and day step whole units; ``monthday`` is the nearest day
    of that number, ``weekday`` the day ``number`` of a week, with those after it where
    ``days`` is more than one, and ``weekend`` its end. ``steps`` is
    None where the tense decides.
    """

    unit: str
    steps: int | None = 0
    number: int = 0
    antecedent: bool = False
    days: int = 1

    def on(self, day: dt.date, *, future: bool = False) -> Interval:
        """The interval as seen from a day."""
        if self.unit in _DAYS_OF_WEEK:
            return _DAYS_OF_WEEK[self.unit](self, day, future=future)
        return _UNITS[self.unit](self, day)


_PARTS: dict[str, Callable[[Part, int], Interval]] = {
    "day": lambda part, year: Interval.day(year, part.number, part.day),
    "month": lambda part, year: Interval.month(year, part.number),
    "quarter": lambda part, year: Interval.quarter(year, part.number),
    "half": lambda part, year: Interval.half(year, part.number),
    "season": lambda part, year: Interval.season(year, part.number),
    "year": lambda _part, year: Interval.year(year),
    "years": lambda part, year: Interval.span(
        Interval.year(year), Interval.year(year + part.number)
    ),
    "decade": lambda _part, year: Interval.decade(year),
}


def _day(what: Relative, day: dt.date) -> Interval:
    return Interval.of(day + dt.timedelta(days=what.steps or 0))


def _week(what: Relative, day: dt.date) -> Interval:
    monday = day + dt.timedelta(days=_WEEK * (what.steps or 0) - day.weekday())
    return Interval.days(monday, monday + dt.timedelta(days=_WEEK - 1))


def _month(what: Relative, day: dt.date) -> Interval:
    return Interval.month(*_month_step(day, what.steps or 0))


def _quarter(what: Relative, day: dt.date) -> Interval:
    year, month = _month_step(day, 3 * (what.steps or 0))
    return Interval.quarter(year, (month + 2) // 3)


def _year(what: Relative, day: dt.date) -> Interval:
    return Interval.year(day.year + (what.steps or 0))


def _monthday(what: Relative, day: dt.date) -> Interval:
    """The nearest day of a number, in the month before, this one or the next."""
    candidates = []
    for steps in (-1, 0, 1):
        year, month = _month_step(day, steps)
        if what.number <= monthrange(year, month)[1]:
            candidates.append(dt.date(year, month, what.number))
    return Interval.of(min(candidates, key=lambda found: abs((found - day).days)))


def _weekend(what: Relative, day: dt.date, *, future: bool) -> Interval:
    steps = what.steps
    if steps is None:
        steps = 0 if future or day.weekday() >= _WORKDAYS else -1
    saturday = day + dt.timedelta(days=_WEEK * steps + _WORKDAYS - day.weekday())
    return Interval.days(saturday, saturday + dt.timedelta(days=1))


def _weekday(what: Relative, day: dt.date, *, future: bool) -> Interval:
    ahead = (what.number - day.weekday()) % _WEEK
    if what.steps is None:
        ahead -= 0 if future or not ahead else _WEEK
    elif what.steps == 0:
        ahead = what.number - day.weekday()
    elif what.steps < 0:
        ahead -= _WEEK
    else:
        ahead = ahead or _WEEK
    first = day + dt.timedelta(days=ahead)
    return Interval.days(first, first + dt.timedelta(days=what.days - 1))


def _month_step(day: dt.date, steps: int) -> tuple[int, int]:
    months = day.year * 12 + day.month - 1 + steps
    return months // 12, months % 12 + 1


_UNITS: dict[str, Callable[[Relative, dt.date], Interval]] = {
    "day": _day,
    "week": _week,
    "month": _month,
    "monthday": _monthday,
    "quarter": _quarter,
    "year": _year,
}
_DAYS_OF_WEEK = {"weekday": _weekday, "weekend": _weekend}
