"""Whether two reports tell of one meeting."""

from __future__ import annotations

from pipeline.link.compare.dates import NEAR, DateVerdict, event_dates
from pipeline.link.compare.tally import (
    Tally,
    containment,
    parties_differ,
    same_parties,
    titles_differ,
)
from pipeline.link.model import Clash, Features
from pipeline.link.words import LinkWords

ENOUGH = 4.0
ENOUGH_UNSURE = 6.0
# What a visit is full of needs more than a day and a place when it has no name or number.
_BARE = {"bilateral_meeting": 4.5, "ceremony": 6.0}
_TRAVEL = 2
# News of a meeting comes within this time.
_NEWS = 4
# A planned session is held within this time, or it is another one.
_POSTPONED = 550


def contradiction(words: LinkWords, a: Features, b: Features) -> Clash | None:
    """What keeps two meetings apart, or None."""
    if not words.may_be_one("meeting", a.kind, b.kind):
        return Clash("kinds", a.kind, b.kind)
    if parties_differ(a, b) and len(a.parties & b.parties) < 3:
        return Clash("countries", a.parties, b.parties)
    if a.ordinal and b.ordinal and a.ordinal != b.ordinal:
        return Clash("numbers", a.ordinal, b.ordinal)
    if titles_differ(a, b):
        return Clash("subjects", a.words, b.words)
    if a.place and b.place and a.place != b.place and not _moved(a, b):
        return Clash("places", a.place, b.place)
    return meeting_dates(a, b).contradiction


def points(a: Features, b: Features) -> Tally:
    """What speaks for two meetings being one."""
    tally = Tally()
    dates = meeting_dates(a, b)
    if dates.reason:
        tally.add(dates.points, dates.reason, dates.value)
    if a.ordinal and a.ordinal == b.ordinal:
        tally.add(2, "number", a.ordinal)
    _name_points(tally, a, b)
    if a.kind == b.kind:
        tally.add(1, "kind", a.kind)
    if a.place and a.place == b.place:
        tally.add(1, "both in", a.place.title())
    if a.bodies & b.bodies:
        tally.add(1, "both with", a.bodies & b.bodies)
    if a.sole and b.sole and dates.points >= 2:
        tally.add(0.5, "the only one of these countries in both documents")
    return tally


def enough(a: Features, b: Features, tally: Tally) -> float:
    """The points that make two reports one meeting; without a date or a number none are."""
    dates = meeting_dates(a, b)
    numbered = a.ordinal is not None and a.ordinal == b.ordinal
    if not numbered and dates.points < 1:
        return tally.score + 1
    if not same_parties(a, b):
        return ENOUGH_UNSURE
    if numbered or (a.words & b.words):
        return ENOUGH
    return max(_BARE.get(a.kind, ENOUGH), _BARE.get(b.kind, ENOUGH))


def meeting_dates(a: Features, b: Features) -> DateVerdict:
    """Compares the dates of two meetings."""
    if a.date and b.date:
        if a.family == "visit" and a.date.gap(b.date) <= _TRAVEL:
            gap = a.date.gap(b.date)
            return DateVerdict(
                3 - gap / 2, "visit on the same days" if not gap else "visit a day or two apart"
            )
        if a.date.gap(b.date) > NEAR and _is_postponed(a, b):
            return DateVerdict(1, "planned for another time")
        return event_dates(a.date, b.date, "dated")
    return _by_publication(a, b)


def _by_publication(a: Features, b: Features) -> DateVerdict:
    """An undated meeting that was held is told of on its days or soon after, never before."""
    for undated, dated in ((a, b), (b, a)):
        if undated.date or dated.date is None or undated.stage != "held" or not undated.known_by:
            continue
        told = undated.known_by
        if (dated.date.first - told).days > 1:
            return DateVerdict(contradiction=Clash("told of before it was held:", told, dated.date))
        fine = dated.date.granularity in {"day", "range"}
        if fine and dated.date.first <= told and (told - dated.date.last).days <= _NEWS:
            return DateVerdict(2, "told of on its days")
    return DateVerdict()


def _is_postponed(a: Features, b: Features) -> bool:
    """Whether one is the plan and the other the session of the same number, held at another time."""
    if a.date is None or b.date is None or {a.stage, b.stage} != {"planned", "held"}:
        return False
    numbered = a.ordinal is not None and a.ordinal == b.ordinal
    return numbered and a.date.gap(b.date) <= _POSTPONED


def _moved(a: Features, b: Features) -> bool:
    """A planned session may be held elsewhere."""
    numbered = a.ordinal is not None and a.ordinal == b.ordinal
    return {a.stage, b.stage} == {"planned", "held"} and numbered


def _name_points(tally: Tally, a: Features, b: Features) -> None:
    shared = a.words & b.words
    if a.names & b.names:
        tally.add(2, "same name", a.names & b.names)
    elif shared and containment(a.words, b.words) >= 0.6:
        tally.add(2, "subject", shared)
    if a.body and a.body == b.body:
        tally.add(1, "body", a.body.replace("_", " "))
    elif a.body and b.body:
        tally.add(-2, "other bodies")
