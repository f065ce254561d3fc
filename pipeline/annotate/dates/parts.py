"""What the words of a date say before their year is known: parts of a year and relative times."""

from __future__ import annotations

import datetime as dt

import msgspec

from pipeline.edtf import Interval

_WEEK = 7
_WEEKDAYS = 5


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
        match self.kind:
            case "day":
                return Interval.day(year, self.number, self.day)
            case "month":
                return Interval.month(year, self.number)
            case "year":
                return Interval.year(year)
            case "quarter":
                return Interval.quarter(year, self.number)
            case "half":
                return Interval.half(year, self.number)
            case "season":
                return Interval.season(year, self.number)
            case "decade":
                return Interval.decade(year)
            case _:
                return Interval.span(Interval.year(year), Interval.year(year + self.number))


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
    of that number, ``weekday`` the day ``number`` of a week and ``weekend`` its end. ``steps`` is
    None where the tense decides.
    """

    unit: str
    steps: int | None = 0
    number: int = 0
    antecedent: bool = False

    def on(self, day: dt.date, future: bool = False) -> Interval:
        """The interval as seen from a day."""
        match self.unit:
            case "day":
                return Interval.of(day + dt.timedelta(days=self.steps or 0))
            case "week":
                return _week(day, self.steps or 0)
            case "month":
                return Interval.month(*_month_step(day, self.steps or 0))
            case "quarter":
                year, month = _month_step(day, 3 * (self.steps or 0))
                return Interval.quarter(year, (month + 2) // 3)
            case "year":
                return Interval.year(day.year + (self.steps or 0))
            case "monthday":
                return _nearest_monthday(day, self.number)
            case "weekend":
                return _weekend(day, self.steps, future)
            case _:
                return Interval.of(_weekday(day, self.number, self.steps, future))


def _week(day: dt.date, steps: int) -> Interval:
    monday = day + dt.timedelta(days=_WEEK * steps - day.weekday())
    return Interval.days(monday, monday + dt.timedelta(days=_WEEK - 1))


def _weekend(day: dt.date, steps: int | None, future: bool) -> Interval:
    saturday = day + dt.timedelta(days=_WEEKDAYS - day.weekday())
    if steps is None:
        steps = 0 if future or day.weekday() >= _WEEKDAYS else -1
    elif steps < 0 and day.weekday() > _WEEKDAYS:
        steps = -1
    saturday += dt.timedelta(days=_WEEK * steps)
    return Interval.days(saturday, saturday + dt.timedelta(days=1))


def _weekday(day: dt.date, weekday: int, steps: int | None, future: bool) -> dt.date:
    ahead = (weekday - day.weekday()) % _WEEK
    if steps is None:
        ahead -= 0 if future or not ahead else _WEEK
    elif steps == 0:
        ahead = weekday - day.weekday()
    elif steps < 0:
        ahead -= _WEEK
    else:
        ahead = ahead or _WEEK
    return day + dt.timedelta(days=ahead)


def _month_step(day: dt.date, steps: int) -> tuple[int, int]:
    months = day.year * 12 + day.month - 1 + steps
    return months // 12, months % 12 + 1


def _nearest_monthday(day: dt.date, number: int) -> Interval:
    candidates = []
    for steps in (-1, 0, 1):
        year, month = _month_step(day, steps)
        try:
            candidates.append(dt.date(year, month, number))
        except ValueError:
            continue
    return Interval.of(min(candidates, key=lambda found: abs((found - day).days)))
