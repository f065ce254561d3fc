"""Blocking: only reports that share a key are compared.

A key is made of one report alone, so a new document touches the blocks of its own keys and no
others. Reports of two sides and more meet by each pair of sides; a report that names one side
only is compared with all of that side.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Iterator
from itertools import combinations
from typing import NamedTuple

from pipeline.link.model import Features, Span

Key = tuple[Hashable, ...]
# More sides than this are compared by being many, not by each pair of them.
_MOST_SIDES = 4
# A visit may be told of on the days around it.
_SLACK = dt.timedelta(days=3)
_FINE = frozenset({"day", "month", "range"})


class Keys(NamedTuple):
    """The blocks of a report.

    ``member`` are those it stands in. ``loose`` are keys of one side each: one-sided reports are
    members of them, others are only looked up there.
    """

    member: tuple[Key, ...]
    loose: tuple[Key, ...]


def keys_of(features: Features) -> Keys:
    """The blocks of a report with these features."""
    head = (features.subject, features.family)
    marks = tuple(dict.fromkeys(_marks(features)))
    member = [(*head, *side, *mark) for side in _sides(features.parties) for mark in marks]
    loose = [(*head, party, *mark) for party in sorted(features.parties) for mark in marks]
    if features.origin is not None:
        member.append((*head, "origin", features.origin))
    if features.worldwide and features.words:
        member.append((*head, "worldwide", features.words))
    return Keys(tuple(member), tuple(loose))


def _sides(parties: frozenset[str]) -> Iterator[tuple[str, ...]]:
    if len(parties) > _MOST_SIDES:
        yield ("many",)
    else:
        yield from combinations(sorted(parties), 2)


def _marks(features: Features) -> Iterator[tuple[Hashable, ...]]:
    """What two reports of one thing share besides the sides."""
    for word in features.words | features.names:
        yield "word", word
    if features.subject == "agreement":
        for body in features.bodies:
            yield "body", body
    if features.subject == "project":
        return
    if features.ordinal is not None:
        yield "ordinal", features.ordinal
    if features.date and features.date.granularity in _FINE:
        yield from _months(features.date)
    elif features.subject == "meeting" and features.known_by:
        yield from _months(Span(features.known_by, features.known_by, "day"))


def _months(span: Span) -> Iterator[tuple[Hashable, ...]]:
    """The months of the first and the last day, with some slack."""
    days = (span.first - _SLACK, span.first, span.last, span.last + _SLACK)
    for year, month in dict.fromkeys((d.year, d.month) for d in days):
        yield "month", year, month
