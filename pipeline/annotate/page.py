"""A document's text with the spans that the names of institutions must respect."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

from pipeline.annotate.lookup import barred_spans, is_inside
from pipeline.annotate.words import CAPITALISED
from pipeline.model import CountryMention, Document
from pipeline.rulebook.institutions import Institution, Shape

WORD = re.compile(CAPITALISED)
OF = re.compile(r" of (?:the )?")
_POSSESSIVE = re.compile(r"(?:[’']s?)? $")
_DEFINES = re.compile(r" ?\([“\"]?[A-Z][\w&/-]{1,11}[”\"]?\)")


class Linked(Protocol):
    """What the shape rules need to know of an institution that the registry knows."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def institution(self) -> Institution | None: ...


class Candidate(NamedTuple):
    """A name at ``text[start:end]``; ``name`` where it differs from the text.

    ``identity`` is the id of an institution that has one by what it is: a country's government.
    """

    start: int
    end: int
    rule: str
    confidence: float
    kind: str
    country: str | None = None
    institution: Institution | None = None
    name: str | None = None
    identity: str | None = None


class Complement(NamedTuple):
    """What stands behind a head: its end, and whether it is nothing but a country."""

    end: int
    is_country: bool


class Page:
    """A document's text with the spans that the shape rules must respect."""

    def __init__(
        self,
        document: Document,
        countries: Sequence[CountryMention],
        linked: Sequence[Linked],
    ) -> None:
        self.text = document.text
        self.countries = countries
        self.country_starts = {c.start: c for c in countries}
        self.country_ends = {c.end: c for c in countries}
        self._starts = [c.start for c in countries]
        self._linked = {item.start: item for item in linked}
        self._linked_ends = {item.end for item in linked}
        self._linked_spans = [(item.start, item.end) for item in linked]
        self._barred = barred_spans(document)

    def is_barred(self, position: int) -> bool:
        """Whether ``position`` is inside boilerplate or an address."""
        return is_inside(position, self._barred)

    def is_linked_start(self, position: int) -> bool:
        return position in self._linked

    def is_linked_end(self, position: int) -> bool:
        return position in self._linked_ends

    def linked_around(self, position: int) -> int:
        """Where the linked institution around ``position`` starts, else the position itself."""
        index = bisect_left(self._linked_spans, (position + 1,)) - 1
        inside = index >= 0 and self._linked_spans[index][1] > position
        return self._linked_spans[index][0] if inside else position

    def in_country_name(self, start: int, end: int) -> bool:
        """Whether the span is part of the name of a country: “Russian Federation”."""
        index = bisect_left(self._starts, start + 1) - 1
        return index >= 0 and self.countries[index].end >= end

    def country_before(self, start: int) -> bool:
        """Whether a country stands directly before: “Mexico’s …”."""
        match = _POSSESSIVE.search(self.text, max(0, start - 4), start)
        return bool(match and match.start() in self.country_ends)

    def stands_alone(self, start: int, end: int) -> bool:
        """Whether no capitalised word touches the span: “Parliament”, not “Parliament House”."""
        following = WORD.match(self.text, end + 1) if self.text.startswith(" ", end) else None
        before = self.text[max(0, start - 4) : start]
        return following is None and before[-1:] in {" ", ""} and before != " of "

    def country_complement(self, end: int) -> Complement | None:
        """“of Japan”, “of the Republic of Korea” behind ``end``."""
        starter = OF.match(self.text, end)
        country = self.country_starts.get(starter.end()) if starter else None
        known = country and country.via == "name"
        return Complement(country.end, is_country=True) if country and known else None

    def line(self, position: int) -> str:
        start = self.text.rfind("\n", 0, position) + 1
        end = self.text.find("\n", position)
        return self.text[start : end if end >= 0 else len(self.text)]

    def defines_acronym(self, end: int) -> bool:
        return bool(_DEFINES.match(self.text, end))

    def acronym_behind(self, end: int) -> int | None:
        """Where an acronym in brackets behind ``end`` ends."""
        defined = _DEFINES.match(self.text, end)
        return defined.end() if defined else None

    def countries_in(self, start: int, end: int) -> list[CountryMention]:
        found = []
        for mention in self.countries[bisect_left(self._starts, start) :]:
            if mention.start >= end:
                break
            found.append(mention)
        return found

    def candidate(self, shape: Shape, start: int, end: int) -> Candidate:
        """The candidate over ``text[start:end]``, linked when it is a longer form of a known name."""
        codes = {c.code for c in self.countries_in(start, end)}
        return Candidate(
            start=start,
            end=end,
            rule=shape.id,
            confidence=shape.confidence,
            kind=shape.kind,
            country=codes.pop() if len(codes) == 1 else None,
            institution=self._linked_inside(start, end),
        )

    def company(self, start: int, end: int, rule: Shape) -> Iterator[Candidate]:
        """A company over ``text[start:end]`` unless that is a country or a known institution."""
        overlaps = any(s < end and start < e for s, e in self._linked_spans)
        if not overlaps and not self.countries_in(start, end):
            yield Candidate(start, end, rule.id, rule.confidence, rule.kind)

    def _linked_inside(self, start: int, end: int) -> Institution | None:
        """The known institution whose name, with a country before or behind, fills the span."""
        for item_start, item in self._linked.items():
            if item_start < start or item.end > end or (item_start, item.end) == (start, end):
                continue
            before, after = self.text[start:item_start].strip(), self.text[item.end : end].strip()
            named = item.institution
            if not after and named and self._is_country(start, before, named.country):
                return named
        return None

    def _is_country(self, start: int, surface: str, code: str | None) -> bool:
        mention = self.country_starts.get(start)
        return bool(mention and mention.code == code and self.text[start : mention.end] == surface)
