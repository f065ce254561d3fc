"""Two dates with a dash or "to" between them are one span."""

from __future__ import annotations

from pipeline.annotate.dates.parts import Part, Relative, Span
from pipeline.annotate.dates.read import Reading
from pipeline.rulebook.dates import DateRules

_JOINED = frozenset({"day", "month", "year", "quarter", "season"})


def join(text: str, readings: list[Reading], rules: DateRules) -> list[Reading]:
    """The readings of one block with neighbours joined to spans; opening hours are dropped."""
    found: list[Reading] = []
    for reading in readings:
        last = found[-1] if found else None
        if last and rules.join.regex.fullmatch(text, last.end, reading.start):
            if _weekdays(last, reading):
                found.pop()
                continue
            if _join(last, reading, rules):
                continue
        found.append(reading)
    return found


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
