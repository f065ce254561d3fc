"""Reading a matched span: which part of which year its words name."""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec

from pipeline.annotate.dates.parts import Part, Relative, Span
from pipeline.rulebook.dates import DatePattern, DateRules, plain

_PIVOT = 69
_NUMBER = re.compile(r"\d+")
_ARTICLE = re.compile(r"the\s+", re.IGNORECASE)
_DAY_OF_LIST = re.compile(r"(\d+)[a-z]*(?:\s*[-–—‑−]\s*(\d+)[a-z]*)?", re.IGNORECASE)


class Reading(msgspec.Struct, gc=False):
    """A span and what it says: a part of a year, which may be known, or a relative time.

    ``year`` is a year, or None; ``shift`` steps from the document's year instead, or, where
    ``same`` is set, from the year of the date before. ``fiscal`` marks a fiscal year,
    ``bare`` a month or season whose step counts from the nearest one ("last June"), ``shared`` a
    day of a list that has its month from another.
    """

    start: int
    end: int
    rule: str
    confidence: float
    what: Part | Span | Relative
    year: int | None = None
    shift: int | None = None
    same: bool = False
    fiscal: bool = False
    modifier: str | None = None
    block: int = 0
    shared: bool = False
    bare: bool = False


class _Match:
    """A match with its groups looked up as words of the rules."""

    def __init__(
        self, match: re.Match[str], pattern: DatePattern, rules: DateRules, *, day_first: bool
    ) -> None:
        self.match = match
        self.groups = match.groupdict()
        self.pattern = pattern
        self.words = rules.words
        self.day_first = day_first

    def number(self, group: str) -> int:
        return int(self.groups[group])

    def word(self, group: str, words: dict[str, int]) -> int:
        return words[plain(self.groups[group])]

    def reading(self, what: Part | Span | Relative) -> Reading:
        """The reading of the whole match, with its year as far as the text says it."""
        start, end = self.match.span()
        article = _ARTICLE.match(self.match[0])
        if article:
            start += article.end()
        reading = Reading(start, end, self.pattern.id, self.pattern.confidence, what)
        groups = self.groups
        if groups.get("year"):
            reading.year = full_year(groups["year"])
        elif groups.get("short_year"):
            reading.year = full_year(groups["short_year"])
        elif groups.get("shift"):
            reading.shift = self.word("shift", self.words.shifts)
        elif groups.get("same"):
            reading.shift, reading.same = same_step(groups["same"]), True
        return reading

    def day(self, day: str = "day") -> Part:
        return Part("day", self.word("month", self.words.months), self.number(day))


def full_year(digits: str) -> int:
    """A year of two figures lies between 1969 and 2068."""
    year = int(digits)
    if len(digits) > 2:
        return year
    return year + (1900 if year >= _PIVOT else 2000)


def same_step(word: str) -> int:
    """How many units "the same", "the following" or "the previous" one is away."""
    return {
        "following": 1,
        "next": 1,
        "after": 1,
        "previous": -1,
        "preceding": -1,
        "before": -1,
    }.get(word.lower(), 0)


def _read_day(match: _Match) -> list[Reading]:
    month = match.groups["month"]
    part = Part("day", int(month), match.number("day")) if month.isdigit() else match.day()
    return [match.reading(part)]


def _read_numeric(match: _Match) -> list[Reading]:
    groups = match.groups
    short = groups.get("c") is not None
    first, second = (match.number(group) for group in ("cd" if short else "ab"))
    day, month = (
        (first, second) if (match.day_first and second <= 12) or first > 12 else (second, first)
    )
    reading = match.reading(Part("day", month, day))
    if short:
        reading.year = full_year(groups["y"])
    return [reading] if 1 <= month <= 12 and day else []


def _read_days(match: _Match) -> list[Reading]:
    begin, end = match.day(), match.day("day2")
    if begin.day >= end.day:
        return []
    return [match.reading(Span(begin, end))]


def _read_day_list(match: _Match) -> list[Reading]:
    """Each day of a list, with the month and year of the one that has them."""
    last = match.day()
    whole = match.reading(last)
    offset = match.match.start("list")
    month_first = match.match.start("day") < offset
    row = _days_in_a_row(match)
    if row is not None:
        return [match.reading(row)]
    found = []
    for item in _DAY_OF_LIST.finditer(match.groups["list"]):
        begin = Part("day", last.number, int(item[1]))
        what = Span(begin, Part("day", last.number, int(item[2]))) if item[2] else begin
        start, end = offset + item.start(), offset + item.end()
        found.append(msgspec.structs.replace(whole, start=start, end=end, what=what, shared=True))
    if month_first:
        whole.end = match.match.end("day")
        return [whole, *found]
    whole.start = match.match.start("day")
    return [*found, whole]


def _days_in_a_row(match: _Match) -> Span | None:
    """The span of a list of days that follow each other: “May 12, 13 and 14”."""
    days = [int(match.groups["day"])]
    for item in _DAY_OF_LIST.finditer(match.groups["list"]):
        if item[2]:
            return None
        days.append(int(item[1]))
    days.sort()
    if days != list(range(days[0], days[0] + len(days))):
        return None
    month = match.day().number
    return Span(Part("day", month, days[0]), Part("day", month, days[-1]))


def _read_month(match: _Match) -> list[Reading]:
    month = match.groups["month"]
    number = int(month) if month.isdigit() else match.word("month", match.words.months)
    reading = match.reading(Part("month", number))
    return [reading]


def _read_quarter(match: _Match) -> list[Reading]:
    nth = match.groups.get("nth")
    number = match.words.ordinals[nth.lower()] if nth else match.number("quarter")
    return [match.reading(Part("quarter", number))]


def _read_half(match: _Match) -> list[Reading]:
    return [match.reading(Part("half", match.number("half")))]


def _read_years(match: _Match) -> list[Reading]:
    begin, last = match.number("year"), match.groups["year2"]
    end = int(last) if len(last) > 2 else begin - begin % 100 + int(last)
    if len(last) == 2 and end < begin and int(last) == 0:
        end += 100
    if end > begin:
        return [match.reading(Part("years", end - begin))]
    if len(last) == 2 and 1 <= int(last) <= 12 and match.match[0][4] == "-":
        return [match.reading(Part("month", int(last)))]
    return []


def _read_year(match: _Match) -> list[Reading]:
    return [match.reading(Part("year"))]


def _read_decade(match: _Match) -> list[Reading]:
    reading = match.reading(Part("decade"))
    if match.groups.get("short_year"):
        reading.year = 1900 + match.number("short_year")
    elif reading.year is not None and reading.year % 100 == 0 and reading.year != 2000:
        return []
    return [reading]


def _read_weekday(match: _Match) -> list[Reading]:
    reading = match.reading(Relative("weekday"))
    steps, reading.shift = reading.shift, None
    reading.what = Relative("weekday", steps, match.word("weekday", match.words.weekdays))
    return [reading]


def _read_month_day(match: _Match) -> list[Reading]:
    reading = match.reading(Relative("monthday", 0, match.number("day")))
    if "quote" in match.groups:
        reading.start, reading.end = match.match.span("quote")
    return [reading]


def _read_offset(match: _Match) -> list[Reading]:
    groups = match.groups
    reading = match.reading(Relative("year"))
    if groups.get("day_word"):
        reading.what = Relative("day", match.word("day_word", match.words.days))
    else:
        unit = match.words.units[plain(groups["unit"])] if groups.get("unit") else "year"
        reading.what = Relative(unit, reading.shift or 0)
    modifier = groups.get("modifier") or groups.get("modifier2")
    if modifier:
        reading.modifier = match.words.modifiers[plain(modifier)]
    if reading.what.unit == "year":
        reading.what, reading.shift = Part("year"), reading.shift or 0
    else:
        reading.shift = None
    return [reading]


def _read_antecedent(match: _Match) -> list[Reading]:
    groups = match.groups
    reading = match.reading(Relative("day"))
    if groups.get("same2"):
        reading.shift = 1
    unit = match.words.units[plain(groups["unit"] or groups["unit2"])]
    reading.what = Relative(unit, reading.shift, antecedent=True)
    reading.shift = None
    return [reading]


def _read_weekend(match: _Match) -> list[Reading]:
    reading = match.reading(Relative("weekend"))
    reading.what, reading.shift = Relative("weekend", reading.shift), None
    return [reading]


def _read_season(match: _Match) -> list[Reading]:
    reading = match.reading(Part("season", match.word("season", match.words.seasons)))
    reading.bare = True
    return [reading]


def _read_fiscal(match: _Match) -> list[Reading]:
    reading = match.reading(Part("year"))
    last = match.groups.get("year2")
    if last and reading.year is not None:
        reading.what = Part("years", (int(last) - reading.year) % 100)
    else:
        reading.fiscal = True
    return [reading]


def _read_later(match: _Match) -> list[Reading]:
    steps = 1 if match.groups["direction"].lower() == "later" else -1
    return [match.reading(Relative("later", steps, antecedent=True))]


def _read_ago(match: _Match) -> list[Reading]:
    return [match.reading(Relative("ago"))]


_READERS: dict[str, Callable[[_Match], list[Reading]]] = {
    "ago": _read_ago,
    "antecedent": _read_antecedent,
    "day": _read_day,
    "day_list": _read_day_list,
    "days": _read_days,
    "decade": _read_decade,
    "fiscal": _read_fiscal,
    "half": _read_half,
    "later": _read_later,
    "month": _read_month,
    "month_day": _read_month_day,
    "numeric": _read_numeric,
    "offset": _read_offset,
    "quarter": _read_quarter,
    "season": _read_season,
    "weekday": _read_weekday,
    "weekend": _read_weekend,
    "year": _read_year,
    "years": _read_years,
}


def read(
    pattern: DatePattern, match: re.Match[str], rules: DateRules, *, day_first: bool
) -> list[Reading]:
    """What a match of a pattern says, in the order of the text; empty when it makes no sense."""
    return _READERS[pattern.read](_Match(match, pattern, rules, day_first=day_first))
