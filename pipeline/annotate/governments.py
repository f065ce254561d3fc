"""Governments named together: “the governments of A and B”, “the A and B governments”."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from pipeline.annotate.page import Candidate
from pipeline.model import CountryMention
from pipeline.rulebook.institutions import Shape

_AND_BEHIND = re.compile(r"(?:,? (?:and|&) |, )(?:the )?")
_AND_BEFORE = re.compile(r"(?:,? (?:and|&)|,) $")
_OF = re.compile(r"\s(?:of|for)\s(?:the )?")
_NATIONAL = frozenset({"name", "demonym"})
# The longest link between two countries of a series.
_LINK = 6


class GovernmentReader:
    """Reads a series of countries behind or before a government in the plural."""

    def __init__(self, rule: Shape) -> None:
        self._rule = rule
        self._plural = re.compile(rf"\b(?:{'|'.join(rule.plurals)})\b")

    def find(self, text: str, countries: Sequence[CountryMention]) -> Iterator[Candidate]:
        """One candidate for each country, over the country's name."""
        # Most texts have no such word, and a search for plain strings is the cheapest.
        if not any(plural in text for plural in self._rule.plurals):
            return
        starts = {c.start: c for c in countries if c.via in _NATIONAL}
        ends = {c.end: c for c in starts.values()}
        for plural in self._plural.finditer(text):
            yield from self._behind(text, plural.end(), starts)
            yield from self._before(text, plural.start(), ends)

    def _behind(
        self, text: str, position: int, starts: Mapping[int, CountryMention]
    ) -> Iterator[Candidate]:
        """“governments of Kenya, Fiji and the Maldives”."""
        step = _OF.match(text, position)
        while step and (country := starts.get(step.end())):
            article = "the " if step[0].endswith("the ") else ""
            named = text[country.start : country.end]
            yield self._candidate(country, f"{self._rule.singulars[0]} {article}{named}")
            step = _AND_BEHIND.match(text, country.end)

    def _before(
        self, text: str, position: int, ends: Mapping[int, CountryMention]
    ) -> Iterator[Candidate]:
        """“the Kenyan, Fijian and U.S. governments”."""
        country = ends.get(position - 1)
        while country:
            yield self._candidate(
                country, f"{text[country.start : country.end]} {self._rule.singulars[1]}"
            )
            step = _AND_BEFORE.search(text, max(0, country.start - _LINK), country.start)
            country = ends.get(step.start()) if step else None

    def _candidate(self, country: CountryMention, name: str) -> Candidate:
        return Candidate(
            country.start,
            country.end,
            self._rule.id,
            self._rule.confidence,
            self._rule.kind,
            country=country.code,
            name=name,
            identity=government_id(country.code),
        )


def government_id(country: str) -> str:
    """The id of a country's government, the same as in the registry."""
    return f"{country.lower()}-govt"
