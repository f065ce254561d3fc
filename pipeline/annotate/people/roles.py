"""The extent of a role around its head: modifiers before it, its complement behind it."""

from __future__ import annotations

import re
from typing import NamedTuple

from pipeline.annotate.people.surroundings import Surroundings
from pipeline.annotate.people.titles import TitleHit
from pipeline.model import CountryMention
from pipeline.rulebook.people import PeopleRules

_WORD = re.compile(r"[^\W\d_](?:\w|[’'./&-](?=\w))*")
_BRACKETS = re.compile(r" ?\([^()\n]{1,40}\)")
# What joins the parts of a complement: "of the", ", and", ",", " ".
_OF = re.compile(
    r"(?:-in-charge| in charge)? (?:(?:of|for|to|in|on|at)(?: the)?|(?:OF|FOR|TO)(?: THE)?) "
    r"|-in-charge of "
)
_AND = re.compile(r",? (?:and|&|AND) (?:(?:the|THE) )?")
_COMMA = re.compile(r", (?:the )?")
_FROM = re.compile(r" from(?: the)? (?=[A-Z])|, ")
_COUNTRY_BEHIND = re.compile(r",? (?:of|from)(?: the)? ")
_LOWER_WORDS = re.compile(r"[a-z][a-z-]+(?: (?!and\b|or\b|of\b|to\b|in\b|on\b|for\b)[a-z-]+)?")
# What stands between an owner and a head: “Kenya’s Minister”.
_TAILS = ("", "’s", "'s", "’", "'")
_TAIL_ENDS = "s’'"
_MAX_MODIFIERS = 8
_MAX_PARTS = 16


class Role(NamedTuple):
    """A role at ``text[start:end]`` with the country and the institution that it names.

    ``open_ended`` when its last word is unknown: what follows may belong to it.
    """

    start: int
    end: int
    head: TitleHit
    country: str | None
    institution_id: str | None
    open_ended: bool = False


class RoleReader:
    """Knows which words belong to a role."""

    def __init__(self, rules: PeopleRules) -> None:
        words = rules.words
        self._modifiers = frozenset({*words.modifiers, *(w.upper() for w in words.modifiers)})
        self._organisations = frozenset(words.organisations)
        self._portfolio = frozenset({*words.portfolio, *words.organisations})

    def read(self, around: Surroundings, hit: TitleHit, limits: tuple[int, int]) -> Role:
        """The role whose head is ``hit``, inside ``limits``."""
        start, before = self._start(around, hit, limits[0])
        end, after, institution = self._end(around, hit.end, limits[1])
        return Role(start, end, hit, before or after, institution, self._is_open(around, hit, end))

    def _is_open(self, around: Surroundings, hit: TitleHit, end: int) -> bool:
        """Whether the role ends in an unknown word, or is itself part of a body's name."""
        text = around.text
        if end == hit.end or text[end - 1] == ")" or end in around.titles_by_end:
            return False
        behind = _WORD.match(text, hit.end + 1)
        if text[hit.end] == " " and behind and behind[0] in self._organisations:
            return True
        last = text[max(hit.end, text.rfind(" ", hit.end, end) + 1) : end]
        return last[:1].isupper() and not self._is_known(last) and not self._is_mention(around, end)

    def _is_known(self, word: str) -> bool:
        return word in self._portfolio or (word.isupper() and word.title() in self._portfolio)

    @staticmethod
    def _is_mention(around: Surroundings, end: int) -> bool:
        return end in around.countries_by_end or end in around.institutions_by_end

    def title_behind_modifiers(
        self, around: Surroundings, position: int, limit: int
    ) -> TitleHit | None:
        """The title at ``position`` or behind a few modifiers: “Deputy Prime Minister”."""
        for _ in range(_MAX_MODIFIERS):
            hit = around.titles.get(position)
            if hit is not None:
                return hit
            word = _WORD.match(around.text, position, limit)
            if not word or word[0] not in self._modifiers:
                return None
            position = word.end() + 1
        return None

    def _start(self, around: Surroundings, hit: TitleHit, limit: int) -> tuple[int, str | None]:
        """Where the modifiers before the head begin, and the country among them."""
        start, country = hit.start, None
        for _ in range(_MAX_MODIFIERS):
            end = start - 1
            if end <= limit or around.text[end] not in " -":
                break
            begin, code = self._modifier(around, end, limit)
            if begin is None:
                break
            start, country = begin, country or code
        return start, country

    def _modifier(
        self, around: Surroundings, end: int, limit: int
    ) -> tuple[int | None, str | None]:
        """The start of the modifier that ends at ``end`` and its country."""
        for tail in _TAILS if around.text[end - 1] in _TAIL_ENDS else ("",):
            if not around.text.endswith(tail, limit, end):
                continue
            country = around.countries_by_end.get(end - len(tail))
            institution = around.institutions_by_end.get(end - len(tail))
            if institution is not None:
                return institution.start, country.code if country else institution.country
            if country is not None:
                return country.start, country.code
        begin = max(around.text.rfind(" ", limit, end), around.text.rfind("\n", limit, end)) + 1
        begin = max(begin, limit, around.text.rfind("-", limit, end) + 1)
        return (begin if around.text[begin:end] in self._modifiers else None), None

    def _end(
        self, around: Surroundings, end: int, limit: int
    ) -> tuple[int, str | None, str | None]:
        """Where the complement ends, its country and its institution."""
        country = institution = None
        for _ in range(_MAX_PARTS):
            brackets = _BRACKETS.match(around.text, end, limit)
            if brackets:
                end = brackets.end()
                continue
            part = self._part(around, end, limit)
            if part is None:
                break
            end, found = part
            if isinstance(found, CountryMention):
                country = country or found.code
            elif found is not None:
                institution, owner = institution or found[0], found[1]
                country = country or owner
        return end, country, institution

    def _part(
        self, around: Surroundings, end: int, limit: int
    ) -> tuple[int, CountryMention | tuple[str, str | None] | None] | None:
        """The next part of a complement: its end, and the country or institution that it is."""
        text = around.text
        of = _OF.match(text, end, limit)
        link = of or _AND.match(text, end, limit) or _COMMA.match(text, end, limit)
        start = link.end() if link else end + 1
        if link is None and text[end : end + 1] not in (" ", "-", "/"):
            return None
        named = self._named(around, start, of) if link else None
        return named or self._plain_part(around, (end, start, limit), link, of)

    def _plain_part(
        self,
        around: Surroundings,
        span: tuple[int, int, int],
        link: re.Match[str] | None,
        of: re.Match[str] | None,
    ) -> tuple[int, None] | None:
        """The next part when it is no country and no institution: another head, or words."""
        end, start, limit = span
        text = around.text
        head = self.title_behind_modifiers(around, start, limit)
        if head is not None and head.start == start and not head.is_role:
            return None
        if head is not None and head.is_role:
            joins = link is not None and "," not in text[end:start]
            return (head.end, None) if joins else None
        return self._words(text, start, limit, of)

    def _words(
        self, text: str, start: int, limit: int, of: re.Match[str] | None
    ) -> tuple[int, None] | None:
        """A word of a complement; behind “of” an unknown one counts, too."""
        word = _WORD.match(text, start, limit)
        if word is None:
            return None
        plain = word[0].rstrip(".")
        if self._is_known(plain):
            return start + len(plain), None
        if of and word[0][0].isupper():
            return word.end(), None
        lower = _LOWER_WORDS.match(text, start, limit) if of else None
        return (lower.end(), None) if lower else None

    @staticmethod
    def _named(
        around: Surroundings, start: int, of: re.Match[str] | None
    ) -> tuple[int, CountryMention | tuple[str, str | None]] | None:
        """The country or the institution at ``start``."""
        institution = around.institutions.get(start)
        country = around.countries.get(start)
        if institution and (country is None or institution.end >= country.end):
            return institution.end, (institution.institution_id, institution.country)
        return (country.end, country) if country and (of or country.via == "name") else None


def country_behind(around: Surroundings, end: int) -> str | None:
    """The country in “… of Singapore”, “… from Japan” directly behind ``end``."""
    match = _COUNTRY_BEHIND.match(around.text, end)
    country = around.countries.get(match.end()) if match else None
    return country.code if country else None
