"""What the dates of two reports say: the same event, two events, or an order of stages."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from pipeline.link.model import Clash, Features, Span

# Releases of one signing may be this many days apart: time zones, datelines.
NEAR = 3
_ORDER = {"proposed": 0, "approved": 1, "cited": 2, "signed": 2, "in_force": 3, "renewed": 4, "ended": 5}  # fmt: skip
# An instrument has one date for each of these; it may be proposed or renewed several times.
_ONCE = frozenset({"signed", "cited", "in_force", "ended"})
# Something is still called proposed, or cited as valid, shortly after it was signed or ended.
_LATE = 31
# A cabinet may approve what ministers have signed before.
_AFTERWARDS = 730
_POINTS = {"day": 3.0, "range": 3.0, "month": 2.0, "quarter": 1.0, "half": 1.0, "year": 1.0, "decade": 0.0}  # fmt: skip


class DateVerdict(NamedTuple):
    """Points and reason, or what contradicts."""

    points: float = 0.0
    reason: str | None = None
    value: object = None
    contradiction: Clash | None = None


_NOTHING = DateVerdict()
_EVENTS = (*_ORDER, "completed", "operational", "dated")
_SAME_DAY = {event: DateVerdict(3.0, f"{event} the same day") for event in _EVENTS}
_WITHIN = {event: f"{event} within" for event in _EVENTS}


def agreement_dates(a: Features, b: Features) -> DateVerdict:
    """Compares the stages of two agreements with their dates."""
    mine, theirs = _ORDER.get(a.stage, 2), _ORDER.get(b.stage, 2)
    if mine == theirs:
        return _same_stage(a, b)
    return _in_order(a, b) if mine < theirs else _in_order(b, a)


def _same_stage(a: Features, b: Features) -> DateVerdict:
    if a.date is None or b.date is None:
        return _undated(a, b)
    if a.stage not in _ONCE and a.date.gap(b.date):
        return _NOTHING
    return event_dates(a.date, b.date, a.stage)


def event_dates(one: Span, other: Span, what: str) -> DateVerdict:
    """Compares two dates of one event."""
    gap = one.gap(other)
    if gap > NEAR:
        return DateVerdict(contradiction=Clash(what, one, other))
    if gap:
        return DateVerdict(1.0, f"{what} some days apart:", gap)
    coarser = one if one.last - one.first >= other.last - other.first else other
    if coarser.granularity == "range" and one[:2] != other[:2]:
        return DateVerdict(2.0, _WITHIN[what], coarser)
    if coarser.granularity == "day":
        return _SAME_DAY[what]
    return DateVerdict(_POINTS[coarser.granularity], _WITHIN[what], coarser)


def _undated(a: Features, b: Features) -> DateVerdict:
    """What was signed can't be signed after a text told of it; a mere mention proves less."""
    for undated, dated in ((a, b), (b, a)):
        told = undated.known_by if undated.stage == "signed" else None
        if undated.date is None and dated.date and told and (dated.date.first - told).days > _LATE:
            return DateVerdict(
                contradiction=Clash("told of before it was signed:", told, dated.date)
            )
    return _NOTHING


def _in_order(early: Features, late: Features) -> DateVerdict:
    """An earlier stage must not be dated after a later one."""
    begin, end = _begin(early), _end(late)
    if begin is None or end is None:
        return _NOTHING
    slack = _AFTERWARDS if early.stage == "approved" else _LATE
    if late.stage == "ended":
        slack = 0
    if (begin - end).days > slack:
        return DateVerdict(contradiction=Clash(f"{early.stage} after {late.stage}:", begin, end))
    points = 1.0 if late.date else 0.5
    if begin > end:
        return DateVerdict(points, f"{early.stage} soon after {late.stage}")
    return DateVerdict(points, f"{early.stage}, then {late.stage}")


def _begin(features: Features) -> dt.date | None:
    """The earliest day of a stage; one proposed without a date is so on the day of the text."""
    if features.date:
        return features.date.first
    return features.known_by if features.stage in {"proposed", "approved"} else None


def _end(features: Features) -> dt.date | None:
    """The latest day of a stage: its date, or the day by which a text tells of it."""
    return features.date.last if features.date else features.known_by
