"""Until when an instrument holds, from what the documents say of it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pipeline.edtf import Interval, parse
from pipeline.link.life import Stage, Statement
from pipeline.link.model import Item

_DURATION = re.compile(r"P(\d+)([YM])")
_UNLIMITED = "unlimited"
_COUNTABLE = {"day": 3, "month": 2, "year": 1}


class Validity(NamedTuple):
    """The length, the end with its precision, and how it is prolonged; each None when unknown."""

    valid_for: str | None = None
    valid_until: str | None = None
    granularity: str | None = None
    renewal: str | None = None


class _Said(NamedTuple):
    item: Item
    statement: Statement


def validity(
    items: Sequence[Item],
    stages: Sequence[Stage],
    statements: Mapping[str, Sequence[Statement]],
) -> Validity:
    """The validity by the latest statements: a stated end, else a length counted from its stage.

    ``items`` stand in the order of publication, so the last statement of each field is the latest.
    """
    said = [_Said(i, s) for i in items for s in statements.get(i.report_id, ())]
    lengths = [s for s in said if s.statement.field == "valid_for"]
    first = next((s for s in lengths if s.statement.detail != "extended"), None)
    renewal = next((s.statement.value for s in said if s.statement.field == "renewal"), None)
    until = _end(said, first, stages)
    return Validity(
        first.statement.value if first else None,
        until.edtf if until else None,
        until.granularity if until else None,
        renewal,
    )


def stated_ends(
    items: Sequence[Item], statements: Mapping[str, Sequence[Statement]]
) -> list[tuple[Item, Statement]]:
    """The ends that documents state of the first period: they must agree."""
    return [
        (item, s)
        for item in items
        for s in statements.get(item.report_id, ())
        if s.field == "valid_until" and s.detail is None
    ]


def _end(said: Sequence[_Said], first: _Said | None, stages: Sequence[Stage]) -> Interval | None:
    ends = [s.statement.value for s in said if s.statement.field == "valid_until"]
    if ends:
        return max(map(parse, ends), key=lambda i: (i.last, -i.length))
    if first is None or first.statement.value == _UNLIMITED:
        return None
    begin = _begin(stages, first.statement.detail)
    end = later(begin, first.statement.value) if begin else None
    longer = [
        s for s in said if s.statement.field == "valid_for" and s.statement.detail == "extended"
    ]
    return later(end, longer[-1].statement.value) if end and longer else end


def _begin(stages: Sequence[Stage], anchor: str | None) -> Interval | None:
    """The most precise date of the stage that the length is counted from."""
    wanted = anchor or "signed"
    dated = [parse(s.date) for s in stages if s.stage == wanted and s.date]
    usable = [i for i in dated if i.granularity in _COUNTABLE]
    return max(usable, key=lambda i: (_COUNTABLE[i.granularity], i.edtf), default=None)


def later(begin: Interval, duration: str) -> Interval | None:
    """A date moved by an ISO 8601 duration in years or months, as precise as it was."""
    found = _DURATION.fullmatch(duration)
    if not found:
        return None
    months = int(found[1]) * (12 if found[2] == "Y" else 1)
    if begin.granularity == "year" and months % 12:
        return None
    years, month = divmod(begin.first.month - 1 + months, 12)
    year, month = begin.first.year + years, month + 1
    if year > dt.MAXYEAR:
        return None
    if begin.granularity == "year":
        return Interval.year(year)
    if begin.granularity == "month":
        return Interval.month(year, month)
    return Interval.day(year, month, min(begin.first.day, Interval.month(year, month).last.day))
