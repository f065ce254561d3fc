"""Two dates that are one: a span, a day that is told twice, two days of a week."""

from __future__ import annotations

import msgspec

from pipeline.annotate.dates.parts import Part, Relative, Span
from pipeline.annotate.dates.read import Reading
from pipeline.rulebook.dates import DateRules

_DAY_WORDS = frozenset({"day", "weekday"})
_JOINED = frozenset({"day", "month", "year", "quarter", "season"})


def join(text: str, readings: list[Reading], rules: DateRules) -> list[Reading]:
    """The readings of one block with neighbours joined to spans; opening hours are dropped."""
    found: list[Reading] = []
    for reading in readings:
        last = found[-1] if found else None
        if last and (
            _same_day(text, last, reading, rules) or _two_days(text, last, reading, rules)
        ):
            continue
        if last and rules.join.regex.fullmatch(text, last.end, reading.start):
            if _weekdays(last, reading):
                found.pop()
                continue
            if _join(last, reading, rules):
                continue
        found.append(reading)
    return found


def _same_day(text: str, word: Reading, date: Reading, rules: DateRules) -> bool:
    """Takes "today, 5 May" for one date, which the day tells."""
    if not rules.same_day.regex.fullmatch(text, word.end, date.start):
        return False
    if not isinstance(word.what, Relative) or word.what.antecedent:
        return False
    if isinstance(date.what, Relative):
        return _weekday_of(word, date, rules)
    if word.what.unit not in _DAY_WORDS or date.what.kind != "day" or date.shared:
        return False
    if isinstance(date.what, Span):
        return False
    bracketed = "(" in text[word.end : date.start] and text.startswith(")", date.end)
    word.end = date.end + bracketed
    word.what, word.year, word.shift, word.same = date.what, date.year, date.shift, date.same
    word.rule, word.confidence = rules.same_day.id, rules.same_day.confidence
    return True


def _weekday_of(word: Reading, weekday: Reading, rules: DateRules) -> bool:
    """Takes "today, Monday" for one date."""
    if not (isinstance(word.what, Relative) and isinstance(weekday.what, Relative)):
        return False
    if word.what.unit != "day" or weekday.what.unit != "weekday" or weekday.what.steps is not None:
        return False
    word.end = weekday.end
    word.rule, word.confidence = rules.same_day.id, rules.same_day.confidence
    return True


def _two_days(text: str, begin: Reading, end: Reading, rules: DateRules) -> bool:
    """Takes "Thursday and Friday" for one date of two days."""
    first, second = begin.what, end.what
    if not (isinstance(first, Relative) and isinstance(second, Relative)):
        return False
    if first.unit != "weekday" or second.unit != "weekday" or second.steps is not None:
        return False
    if second.number != first.number + 1 or first.days > 1:
        return False
    if not rules.weekdays.regex.fullmatch(text, begin.end, end.start):
        return False
    begin.what = msgspec.structs.replace(first, days=2)
    begin.end = end.end
    begin.rule, begin.confidence = rules.weekdays.id, rules.weekdays.confidence
    return True


def _weekdays(begin: Reading, end: Reading) -> bool:
    return all(
        isinstance(one.what, Relative) and one.what.unit == "weekday" for one in (begin, end)
    )


def _join(begin: Reading, end: Reading, rules: DateRules) -> bool:
    """Makes the first reading the span of both; False when they don't fit together."""
    if not (isinstance(begin.what, Part) and isinstance(end.what, Part)):
        return False
    if begin.what.kind != end.what.kind or begin.what.kind not in _JOINED or begin.shared:
        return False
    ordered = (begin.what.number, begin.what.day) < (end.what.number, end.what.day)
    years = 0 if ordered else 1
    if begin.year is not None and end.year is not None:
        years = end.year - begin.year
        if years < 0 or (years == 0 and not ordered):
            return False
    elif begin.year is not None:
        if end.shift is not None:
            return False
        end.year = begin.year + years
    elif begin.shift is not None or (begin.what.kind == "year"):
        return False
    begin.what = Span(begin.what, end.what, years)
    begin.year, begin.shift, begin.same = end.year, end.shift, end.same
    begin.end = end.end
    begin.modifier = begin.modifier if begin.modifier not in ("after", "before") else None
    begin.rule, begin.confidence = rules.join.id, rules.join.confidence
    return True
