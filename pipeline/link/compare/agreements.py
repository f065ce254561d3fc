"""Whether two reports tell of one instrument."""

from __future__ import annotations

from pipeline.link.compare.dates import agreement_dates
from pipeline.link.compare.tally import (
    Tally,
    parties_differ,
    same_parties,
    title_points,
    titles_differ,
)
from pipeline.link.model import Clash, Features
from pipeline.link.words import LinkWords

ENOUGH = 4.0
# Where sides are missing or not the same, more must agree.
ENOUGH_UNSURE = 5.5
# Texts of a summit are told apart by their day; their titles are free.
_STATEMENT = "statement"
_TWO_TEXTS = Clash("two texts, each the instrument itself")


def contradiction(words: LinkWords, a: Features, b: Features) -> Clash | None:
    """What keeps two instruments apart, or None."""
    if parties_differ(a, b):
        return Clash("parties", a.parties, b.parties)
    if not words.may_be_one("agreement", a.kind, b.kind):
        return Clash("kinds", a.kind, b.kind)
    if a.own_text and b.own_text and (a.origin is None or a.origin != b.origin):
        return _TWO_TEXTS
    if titles_differ(a, b) and not _same_day_statement(a, b):
        return Clash("subjects", a.words, b.words)
    return agreement_dates(a, b).contradiction


def points(words: LinkWords, a: Features, b: Features) -> Tally:
    """What speaks for two instruments being one."""
    tally = Tally()
    title_points(tally, a, b)
    dates = agreement_dates(a, b)
    if dates.reason:
        tally.add(dates.points, dates.reason, dates.value)
    if a.family == _STATEMENT and dates.points >= 3 and a.parties == b.parties:
        tally.add(1, "one statement a day")
    _institution_points(words, tally, a, b)
    _topic_points(tally, a, b)
    if a.place and a.place == b.place:
        tally.add(1, "both in", a.place.title())
    if a.sole and b.sole and same_parties(a, b) and a.kind == b.kind and dates.points >= 2:
        tally.add(1, "the only one of these parties in both documents")
    return tally


def enough(a: Features, b: Features) -> float:
    """The points that make two reports one instrument."""
    sure = same_parties(a, b) or (a.worldwide and b.worldwide)
    return ENOUGH if sure else ENOUGH_UNSURE


def _same_day_statement(a: Features, b: Features) -> bool:
    return a.family == _STATEMENT and agreement_dates(a, b).points >= 3


def _topic_points(tally: Tally, a: Features, b: Features) -> None:
    if a.topics & b.topics:
        tally.add(1, "topic", a.topics & b.topics)
    elif a.topics and b.topics and not a.words & b.words:
        tally.add(-1, "other topics")


def _institution_points(words: LinkWords, tally: Tally, a: Features, b: Features) -> None:
    shared = {x for x in a.bodies for y in b.bodies if _one_line(words, x, y)}
    if shared:
        tally.add(2 if len(shared) == 1 else 3, "signed by", frozenset(shared))
    elif _seats(a) & _seats(b):
        tally.add(-2, "other signing institutions")


def _one_line(words: LinkWords, one: str, other: str) -> bool:
    """Whether they are the same institution, or one succeeded the other."""
    return one == other or one in words.lines(other) or other in words.lines(one)


def _seats(features: Features) -> set[str]:
    """The countries of the institutions; ids begin with the country."""
    return {body.replace(":", "-").split("-")[0] for body in features.bodies}
