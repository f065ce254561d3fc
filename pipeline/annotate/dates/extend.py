"""The words before a date that belong to it: "second half of", "Monday,", "early", "two years"."""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec

from pipeline.annotate.dates.parts import Part, Relative, Span
from pipeline.annotate.dates.read import Reading
from pipeline.model import Block
from pipeline.rulebook.dates import DateRules, Words, plain

LOOK_BACK = 48
_MODIFIED = frozenset({"year", "years", "month", "quarter", "half", "season", "decade"})
_OPEN = frozenset({"ago", "later"})
_LAST = {"half": 2, "quarter": 4}


def extend(text: str, reading: Reading, block: Block, rules: DateRules) -> bool:
    """Takes in what stands before a date; False when the date is none without such words."""
    left = max(block.start, reading.start - LOOK_BACK)
    target = _target(reading)
    complete = target not in _OPEN
    for prefix in rules.prefixes.get(target, ()):
        match = prefix.regex.search(text, left, reading.start)
        if match:
            _PREFIXES[prefix.read](reading, match, rules.words)
            reading.start = match.start()
            reading.rule = prefix.id
            complete = True
            break
    if complete:
        _modify(text, reading, left, rules)
    return complete


def _target(reading: Reading) -> str:
    what = reading.what
    if isinstance(what, Relative):
        return what.unit
    return what.kind


def _modify(text: str, reading: Reading, left: int, rules: DateRules) -> None:
    what = reading.what
    if _modifiable(what) and reading.modifier is None:
        match = rules.modifier.search(text, left, reading.start)
        if match:
            reading.start = match.start()
            reading.modifier = rules.words.modifiers[plain(match["modifier"])]
    if reading.modifier is None and not isinstance(what, Span):
        match = rules.before.search(text, left, reading.start)
        reading.modifier = match.lastgroup if match else None


def _modifiable(what: Part | Span | Relative) -> bool:
    if isinstance(what, Relative):
        return what.unit in _MODIFIED
    return what.kind in _MODIFIED


def _weekday(reading: Reading, match: re.Match[str], words: Words) -> None:
    weekday = words.weekdays[match["weekday"].lower()]
    if isinstance(reading.what, Part):
        reading.what = msgspec.structs.replace(reading.what, weekday=weekday)


def _shift(reading: Reading, match: re.Match[str], words: Words) -> None:
    steps = words.shifts[plain(match["shift"])]
    if isinstance(reading.what, Relative):
        reading.what = msgspec.structs.replace(reading.what, steps=steps)
    elif reading.year is None and reading.shift is None:
        reading.shift, reading.bare = steps, True


def _part_of_year(kind: str) -> Callable[[Reading, re.Match[str], Words], None]:
    def apply(reading: Reading, match: re.Match[str], words: Words) -> None:
        groups = match.groupdict()
        nth = groups.get("nth")
        if nth:
            number = words.ordinals.get(nth.lower()) or (
                int(nth[0]) if nth[0].isdigit() else _LAST[kind]
            )
        else:
            number = int(groups[kind])
        reading.what = Part(kind, number)

    return apply


def _season(reading: Reading, match: re.Match[str], words: Words) -> None:
    """A season; that of "winter 2022/23" belongs to the year it begins in."""
    what = reading.what
    if isinstance(what, Part) and (what.kind == "year" or what.number == 1):
        reading.what = Part("season", words.seasons[plain(match["season"])])


def _fiscal(reading: Reading, _match: re.Match[str], _words: Words) -> None:
    reading.fiscal = isinstance(reading.what, Part) and reading.what.kind == "year"


def _ordinal(reading: Reading, match: re.Match[str], words: Words) -> None:
    if isinstance(reading.what, Part):
        day = words.ordinals[plain(match["ordinal"])]
        reading.what = Part("day", reading.what.number, day)


def _ago(reading: Reading, match: re.Match[str], words: Words) -> None:
    number = match["number"] or match["count"]
    count = int(number) if number.isdigit() else words.numbers[plain(number)]
    what = reading.what
    if isinstance(what, Relative):
        steps = count * (what.steps if what.antecedent and what.steps else -1)
        unit = words.units[plain(match["unit"])]
        reading.what = Relative(unit, steps, antecedent=what.antecedent)


_PREFIXES: dict[str, Callable[[Reading, re.Match[str], Words], None]] = {
    "ago": _ago,
    "fiscal": _fiscal,
    "half": _part_of_year("half"),
    "ordinal": _ordinal,
    "quarter": _part_of_year("quarter"),
    "season": _season,
    "shift": _shift,
    "weekday": _weekday,
}
