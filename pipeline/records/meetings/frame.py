"""A frame: one trigger's account of a meeting, before the accounts of a document are merged."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.edtf import Interval
from pipeline.records.meetings.phrase import Phrase
from pipeline.records.page import Sentence
from pipeline.records.report import Support
from pipeline.rulebook.meetings import MeetingRule


@dataclass(frozen=True)
class Actor:
    """Who takes part: a person or group of ``rank`` leader, minister or official."""

    name: str | None
    country: str | None
    rank: str
    start: int
    end: int
    plural: bool = False

    @property
    def surname(self) -> str:
        """The last word of the name, in lower case."""
        return self.name.split()[-1].lower() if self.name else ""


@dataclass
class Frame:
    """What one clause says of a meeting.

    ``span`` is the trigger with its phrase, ``clause`` the statement around it,
    ``purpose`` where the words begin that say what the meeting is for. ``anaphoric``
    tells that it refers back ("the meeting"); ``inside`` that it was held during a visit that the
    sentence names; ``weak`` that it makes a record only where no other record is meant. ``introduces`` is False for what adds to a record but makes none.
    """

    rule: MeetingRule
    sentence: Sentence
    span: tuple[int, int]
    clause: tuple[int, int]
    purpose: int
    phrase: Phrase | None = None
    kind: str = ""
    heads: set[str] = field(default_factory=set)
    anaphoric: bool = False
    inside: bool = False
    weak: bool = False
    introduces: bool = True
    title: bool = False
    founded: bool = False
    hosted: bool = False
    beside: bool = False
    apart: bool = False
    distinguished: bool = False
    countries: list[Support] = field(default_factory=list)
    actors: list[Actor] = field(default_factory=list)
    institutions: list[Support] = field(default_factory=list)
    name: Support | None = None
    core: str = ""
    ordinal: Support | None = None
    status: Support | None = None
    date: Support | None = None
    interval: Interval | None = None
    place: Support | None = None
    target: str | None = None
    city: bool = False
    abroad: bool = False
    bloc: bool = False
    told_by_title: bool = False

    @property
    def codes(self) -> set[str]:
        """The countries that take part."""
        return {s.value for s in self.countries}  # type: ignore[misc]

    @property
    def persons(self) -> set[str]:
        """The surnames of those who take part."""
        return {a.surname for a in self.actors if a.name}

    def add_country(self, code: str, start: int, end: int, step: str) -> None:
        """Adds a country that isn't there yet."""
        if all(known.value != code for known in self.countries):
            self.countries.append(Support("countries", code, start, end, self.rule.id, step))
