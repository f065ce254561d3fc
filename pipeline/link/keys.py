"""Blocking: only reports that meet under a key are compared.

A report stands under some keys and looks under some; two are compared when one looks where the
other stands, and then the other looks where the first stands. Keys are made of one report alone, so
a new document touches the blocks of its own keys and no others.

Reports of two sides and more meet by each pair of sides, one that names a single side with all of
that side. What has a date meets what shares a word in the same year; what has none, in any.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from pipeline.link.model import Features, Span, moved

Key = tuple[Hashable, ...]
# More sides than this are compared by being many, not by each pair of them.
_MOST_SIDES = 4
# Dates may be some days apart, a visit may be told of on the days around it.
_SLACK = 3
_FINE = frozenset({"day", "month", "range"})
# Words of a title that make keys; the longest tell most.
_MOST_WORDS = 6
# What is dated over more years may be of any.
_MOST_YEARS = 3
# Stages that an instrument reaches on one date, which keeps it apart from others.
_DATED = frozenset({"signed", "cited", "held"})


class Keys(NamedTuple):
    """Where a report stands and where it looks, as hashes of keys.

    It stands under ``seldom``, too, where only reports that name a single side look.
    """

    stands: tuple[int, ...]
    looks: tuple[int, ...]
    seldom: tuple[int, ...]


def keys_of(features: Features) -> Keys:
    """The keys of a report with these features.

    Hashes may meet by chance: then two reports are compared once too often, which changes nothing.
    """
    stands, looks = _marks(features)
    head = (features.subject, features.family)
    single = len(features.parties) == 1
    sides: list[Key] = [(*head, *pair) for pair in _sides(features.parties)]
    ones: list[Key] = [(*head, "one", party) for party in sorted(features.parties)]
    manys: list[Key] = [(*head, "many", party) for party in sorted(features.parties)]
    whole = _whole(features, head)
    return Keys(
        (*_under(ones if single else sides, stands), *whole),
        (*_under(sides + ones, looks), *(_under(manys, looks) if single else ()), *whole),
        () if single else tuple(_under(manys, stands)),
    )


def _under(heads: Sequence[Key], marks: Sequence[Key]) -> Iterator[int]:
    return (hash((*head, *mark)) for head in heads for mark in marks)


def _whole(features: Features, head: Key) -> list[int]:
    """Keys that don't depend on the sides: copies of one text, instruments of many states."""
    found: list[Key] = []
    if features.origin is not None:
        found.append((*head, "origin", features.origin))
    if features.worldwide and features.words:
        found.append((*head, "worldwide", features.words))
    return [hash(key) for key in found]


def _sides(parties: frozenset[str]) -> Iterator[tuple[str, ...]]:
    if len(parties) > _MOST_SIDES:
        yield ("several",)
    else:
        yield from combinations(sorted(parties), 2)


def _marks(features: Features) -> tuple[list[Key], list[Key]]:
    """What two reports of one thing share besides the sides: where to stand and where to look."""
    years = _years(features)
    stands, looks = _word_marks(features)
    shared = [*_named(features), *_months(features)]
    return (
        [*_standing(stands, years), *shared],
        [*_looking(looks, years), *shared],
    )


def _word_marks(features: Features) -> tuple[list[Key], list[Key]]:
    """Titles of one word meet all with that word; longer ones must share two with one another."""
    words = sorted(features.words, key=_longest)[:_MOST_WORDS]
    numbers: list[Key] = [] if features.ordinal is None else [("ordinal", features.ordinal)]
    if len(words) > 1:
        stands: list[Key] = [("long", word) for word in words]
        looks: list[Key] = [("short", word) for word in words]
    else:
        stands = [("short", word) for word in words]
        looks = [*stands, *(("long", word) for word in words)]
    return stands + numbers, looks + numbers


def _longest(word: str) -> tuple[int, str]:
    return -len(word), word


def _named(features: Features) -> Iterator[Key]:
    """Marks that few reports of two sides share, whenever they were made."""
    words = sorted(sorted(features.words, key=_longest)[:_MOST_WORDS])
    for pair in combinations(words, 2):
        yield "pair", *pair
    for name in features.names:
        yield "name", name
    if features.subject == "agreement":
        for body in features.bodies:
            yield "body", body


def _standing(marks: Sequence[Key], years: range | None) -> Iterator[Key]:
    for mark in marks:
        if years is None:
            yield *mark, "open"
        else:
            yield *mark, "dated"
            for year in years:
                yield *mark, year


def _looking(marks: Sequence[Key], years: range | None) -> Iterator[Key]:
    """What is dated looks in its years and at what is open; the open looks everywhere."""
    for mark in marks:
        yield *mark, "open"
        if years is None:
            yield *mark, "dated"
        else:
            for year in years:
                yield *mark, year


def _years(features: Features) -> range | None:
    """The years of what has one date; a planned session may be held in the year after."""
    date = features.date
    planned = features.stage == "planned"
    if date is None or features.worldwide or not (planned or features.stage in _DATED):
        return None
    first, last = moved(date.first, -_SLACK).year, moved(date.last, _SLACK).year + planned
    return range(first, last + 1) if last - first < _MOST_YEARS else None


def _months(features: Features) -> Iterator[Key]:
    """The months of a date with some slack; an undated meeting is sought when it was told of."""
    if features.subject == "project":
        return
    date = features.date
    if date is not None and date.granularity not in _FINE:
        return
    if date is None:
        if features.subject != "meeting" or not features.known_by:
            return
        date = Span(features.known_by, features.known_by, "day")
    days = (moved(date.first, -_SLACK), date.first, date.last, moved(date.last, _SLACK))
    for year, month in dict.fromkeys((d.year, d.month) for d in days):
        yield "month", year, month
