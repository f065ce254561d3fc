"""What the linking stage compares: reports with what tells them apart, and verdicts on pairs."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, NamedTuple

SUBJECTS = ("agreement", "meeting", "project")
# The field that holds the countries, and the one that names the record.
PARTIES = {"agreement": "parties", "meeting": "countries", "project": "countries"}
NAMES = {"agreement": "title", "meeting": "name", "project": "name"}

Row = dict[str, Any]


class Span(NamedTuple):
    """The first and the last day of a date, with the name of its precision."""

    first: dt.date
    last: dt.date
    granularity: str

    def gap(self, other: Span) -> int:
        """The days between two dates; 0 when they overlap."""
        return max((other.first - self.last).days, (self.first - other.last).days, 0)


def moved(day: dt.date, days: int) -> dt.date:
    """A day so many days later or earlier; the calendar's first or last day where it ends before."""
    return dt.date.fromordinal(min(max(day.toordinal() + days, 1), dt.date.max.toordinal()))


class Features(NamedTuple):
    """All of a report that comparisons look at; equal features compare equally.

    ``words`` are what its title or name is about, ``names`` the acronyms of its own, ``bodies`` the
    institutions (with ``lines``, their predecessors included, and ``seats``, body and country),
    ``stage`` how far it got, ``known_by`` the publication that bounds an undated stage, ``sole``
    whether its document has no other report of these parties and family. ``worldwide`` instruments
    have more parties than a text names; ``proper`` names hold a capitalised word of their own; an
    ``own_text`` is a document that is the instrument itself.
    """

    subject: str
    family: str
    kind: str
    parties: frozenset[str]
    words: frozenset[str]
    names: frozenset[str]
    bodies: frozenset[str]
    stage: str
    date: Span | None
    known_by: dt.date | None
    ordinal: int | None
    body: str | None
    place: str | None
    host: str | None
    topics: frozenset[str]
    origin: str | None
    sole: bool
    worldwide: bool
    proper: bool
    own_text: bool


@dataclass(frozen=True, eq=False)
class Item:
    """A report: its row, its features and how many equal ones stand before it in its document.

    ``origin`` is the document that its own repeats, or its own.
    """

    report_id: str
    doc_id: str
    origin: str
    published: dt.date | None
    row: Row
    features: Features
    nth: int


@dataclass(frozen=True, eq=False)
class Node:
    """Reports of several documents with equal features; ``key`` is the smallest report id."""

    key: str
    features: Features
    items: tuple[Item, ...]
    docs: frozenset[str]


class Clash(NamedTuple):
    """What keeps two reports apart: the two values of what can't be both."""

    what: str
    one: object = ""
    other: object = ""

    def told(self) -> str:
        """In words, for a row of ``links``."""
        if not self.one and not self.other:
            return self.what
        return f"{self.what} {_told(self.one)} and {_told(self.other)}"


def _told(value: object) -> str:
    if isinstance(value, Span):
        if value.granularity == "year":
            return f"{value.first.year}"
        days = (value.first, value.last) if value.granularity != "day" else (value.first,)
        return "/".join(d.isoformat() for d in days)
    return " ".join(sorted(value)) if isinstance(value, frozenset) else str(value)


class Reason(NamedTuple):
    """What points were given for; put into words only where a row of ``links`` needs it."""

    what: str
    value: object = None
    against: bool = False

    def told(self) -> str:
        """In words: “same subject digital skill”."""
        value = "" if self.value is None else f" {_told(self.value)}"
        return f"{'but ' if self.against else ''}{self.what}{value}"


class Verdict(NamedTuple):
    """What a comparison found: points and reasons, or what contradicts.

    ``score`` is in points; the threshold that it must reach is part of the comparison (`is_same`).
    """

    score: float
    reasons: tuple[Reason, ...]
    contradiction: Clash | None = None
    is_same: bool = False


class Decision(NamedTuple):
    """A person's word on two reports or records: the same or not; later ones outweigh earlier."""

    one: str
    other: str
    same: bool
