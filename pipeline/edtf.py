"""Calendar intervals: an EDTF string with its first day, its last day and its granularity.

The subset of the Extended Date/Time Format (ISO 8601-2) that the tables use::

    2012-03-30  2012-03  2012  199X          a day, a month, a year, a decade
    2021-21 … 2021-24                        spring, summer, autumn, winter
    2021-33 … 2021-36   2021-40  2021-41     the quarters, the two halves
    2012-09-05/2012-09-07   1999/2000        a span between two days, months, years …

Seasons are those of the northern meteorological year: spring is March to May, and the winter of
2021 runs from December 2021 to February 2022, so that a season belongs to the year it begins in.
"""

from __future__ import annotations

import datetime as dt
import re

import msgspec

from pipeline.errors import PactlineError

SPRING, SUMMER, AUTUMN, WINTER = 21, 22, 23, 24
_FIRST_QUARTER = 33
_FIRST_HALF = 40
_POINT = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_DECADE = re.compile(r"(\d{3})X")
_MONTHS = 12


class EdtfError(PactlineError, ValueError):
    """A string is not of the EDTF subset that the tables use, or names no day of the calendar."""

    code = "edtf"


class Interval(msgspec.Struct, frozen=True, order=True, gc=False):
    """A calendar interval, ordered by its first day, then by its last.

    >>> str(Interval.quarter(2021, 3)), Interval.quarter(2021, 3).last
    ('2021-35', datetime.date(2021, 9, 30))

    Use the constructors or `parse`: they keep the four fields consistent.
    ``granularity`` is day, month, quarter (a season counts as one), half, year, decade or range.
    """

    first: dt.date
    last: dt.date
    granularity: str
    edtf: str

    @classmethod
    def day(cls, year: int, month: int, day: int) -> Interval:
        """One day; raises EdtfError when the calendar has no such day."""
        return cls.of(_date(year, month, day))

    @classmethod
    def of(cls, day: dt.date) -> Interval:
        """The interval of one `datetime.date`."""
        return cls(day, day, "day", day.isoformat())

    @classmethod
    def month(cls, year: int, month: int) -> Interval:
        """A calendar month."""
        return cls._months(year, month, 1, "month", f"{year:04}-{month:02}")

    @classmethod
    def quarter(cls, year: int, number: int) -> Interval:
        """A quarter of the calendar year, 1 to 4."""
        _check(1 <= number <= 4, f"there is no quarter {number}")
        edtf = f"{year:04}-{_FIRST_QUARTER + number - 1}"
        return cls._months(year, 3 * number - 2, 3, "quarter", edtf)

    @classmethod
    def half(cls, year: int, number: int) -> Interval:
        """A half of the calendar year, 1 or 2."""
        _check(1 <= number <= 2, f"there is no half {number}")
        edtf = f"{year:04}-{_FIRST_HALF + number - 1}"
        return cls._months(year, 6 * number - 5, 6, "half", edtf)

    @classmethod
    def season(cls, year: int, code: int) -> Interval:
        """A season by its EDTF code, 21 (spring) to 24 (winter, which ends in the next year)."""
        _check(SPRING <= code <= WINTER, f"there is no season {code}")
        return cls._months(year, 3 * (code - SPRING + 1), 3, "quarter", f"{year:04}-{code}")

    @classmethod
    def year(cls, year: int) -> Interval:
        """A calendar year."""
        return cls._months(year, 1, _MONTHS, "year", f"{year:04}")

    @classmethod
    def decade(cls, year: int) -> Interval:
        """The decade that holds a year: 1994 gives ``199X``."""
        begin = year - year % 10
        _check(begin > 0, f"there is no decade {begin}")
        last = _date(begin + 9, _MONTHS, 31)
        return cls(_date(begin, 1, 1), last, "decade", f"{begin // 10:03}X")

    @classmethod
    def span(cls, begin: Interval, end: Interval) -> Interval:
        """From the first day of one interval to the last day of another: ``begin/end``.

        Raises EdtfError when the end lies before the beginning or when one is a span itself.
        """
        nested = "range" in (begin.granularity, end.granularity)
        _check(not nested, f"{begin} to {end} nests spans")
        ordered = begin.first <= end.first and begin.last <= end.last
        _check(ordered, f"{end} doesn't come after {begin}")
        return cls(begin.first, end.last, "range", f"{begin.edtf}/{end.edtf}")

    @classmethod
    def days(cls, first: dt.date, last: dt.date) -> Interval:
        """The span of two days, or the one day when they are the same."""
        return cls.of(first) if first == last else cls.span(cls.of(first), cls.of(last))

    @classmethod
    def _months(cls, year: int, month: int, count: int, granularity: str, edtf: str) -> Interval:
        years, end = divmod(month + count - 2, _MONTHS)
        last = _date(year + years, end + 1, _month_length(year + years, end + 1))
        return cls(_date(year, month, 1), last, granularity, edtf)

    def __str__(self) -> str:
        return self.edtf

    def contains(self, other: Interval | dt.date) -> bool:
        """Whether each day of the other one is a day of this one."""
        first, last = _ends(other)
        return self.first <= first and last <= self.last

    def overlaps(self, other: Interval | dt.date) -> bool:
        """Whether they have a day in common."""
        first, last = _ends(other)
        return self.first <= last and first <= self.last

    def intersection(self, other: Interval) -> Interval | None:
        """The days that both have: the finer of the two where one lies in the other, else a span.

        None when they have no day in common.
        """
        if not self.overlaps(other):
            return None
        if self.contains(other) or other.contains(self):
            return min(self, other, key=lambda one: (one.length, len(one.edtf), one.edtf))
        return Interval.days(max(self.first, other.first), min(self.last, other.last))

    def gap(self, other: Interval | dt.date) -> int:
        """The number of days from the end of the earlier to the start of the later, 0 if none."""
        first, last = _ends(other)
        return max((first - self.last).days, (self.first - last).days, 0)

    @property
    def length(self) -> int:
        """The number of days."""
        return (self.last - self.first).days + 1


def parse(text: str) -> Interval:
    """The interval of an EDTF string; raises EdtfError for anything outside the subset."""
    begin, slash, end = text.partition("/")
    if slash:
        return Interval.span(_parse_point(begin, text), _parse_point(end, text))
    return _parse_point(text, text)


def _parse_point(text: str, whole: str) -> Interval:
    decade = _DECADE.fullmatch(text)
    if decade and decade[1].isascii():
        return Interval.decade(int(decade[1]) * 10)
    point = _POINT.fullmatch(text)
    if not (point and text.isascii()):
        raise EdtfError(
            f"{whole!r} is no EDTF date",
            fix="write 2012-03-30, 2012-03, 2012, 2012-33 (a quarter), 199X or two with / between",
        )
    year, second, day = (int(part or -1) for part in point.groups())
    if second < 0:
        return Interval.year(year)
    return _parse_part(year, second) if day < 0 else Interval.day(year, second, day)


def _parse_part(year: int, code: int) -> Interval:
    if code in range(_FIRST_QUARTER, _FIRST_QUARTER + 4):
        return Interval.quarter(year, code - _FIRST_QUARTER + 1)
    if code in range(_FIRST_HALF, _FIRST_HALF + 2):
        return Interval.half(year, code - _FIRST_HALF + 1)
    if code in range(SPRING, WINTER + 1):
        return Interval.season(year, code)
    return Interval.month(year, code)


def _ends(other: Interval | dt.date) -> tuple[dt.date, dt.date]:
    return (other, other) if isinstance(other, dt.date) else (other.first, other.last)


def _month_length(year: int, month: int) -> int:
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def _date(year: int, month: int, day: int) -> dt.date:
    try:
        return dt.date(year, month, day)
    except (ValueError, OverflowError) as error:
        raise EdtfError(f"the calendar has no {year:04}-{month:02}-{day:02}") from error


def _check(condition: object, message: str) -> None:
    if not condition:
        raise EdtfError(message)
