"""A sentence as words and mentions: what is named stands as one token."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from pipeline.model import CountryMention, DateMention, InstitutionMention, PersonMention
from pipeline.records.page import Page

Mention = CountryMention | DateMention | InstitutionMention | PersonMention

# Making a named tuple without its keyword handling takes half the time.
_new = tuple.__new__
_TOKEN = re.compile(r"[’']s\b|\w+(?:[-'’/&.+]\w+)*|[^\w\s]")
_KINDS: dict[type, str] = {
    CountryMention: "country",
    DateMention: "date",
    InstitutionMention: "institution",
    PersonMention: "person",
}


class Token(NamedTuple):
    """A word, a mark or a mention at ``text[start:end]``; ``low`` is in lower case.

    ``kind`` is word, mark, owner (“’s”), country, date, institution or person; ``capital`` says
    that it begins with a capital letter.
    """

    start: int
    end: int
    kind: str
    low: str
    capital: bool
    mention: Mention | None = None

    @property
    def span(self) -> tuple[int, int]:
        return self.start, self.end


def tokens_of(page: Page, start: int, end: int) -> list[Token]:
    """The tokens of ``text[start:end]``; of overlapping mentions the first and longest counts.

    The page remembers them: several finders read the same sentences. Don't change the list.
    """
    tokens = page.tokens.get((start, end))
    if tokens is None:
        tokens = page.tokens[start, end] = _read(page, start, end)
    return tokens


def _read(page: Page, start: int, end: int) -> list[Token]:
    tokens: list[Token] = []
    position = start
    for mention in _mentions(page, start, end):
        if mention.start < position:
            continue
        if mention.start > position:
            tokens += _words(page.text, position, mention.start)
        surface = page.text[mention.start : mention.end]
        kind = _KINDS[type(mention)]
        capital = surface[:1].isupper()
        tokens.append(Token(mention.start, mention.end, kind, surface.lower(), capital, mention))
        position = mention.end
    tokens += _words(page.text, position, end)
    return tokens


def _mentions(page: Page, start: int, end: int) -> list[Mention]:
    found: list[Mention] = [
        *page.within(page.dates, start, end),
        *page.within(page.institutions, start, end),
        *page.within(page.people, start, end),
        *page.within(page.countries, start, end),
    ]
    if len(found) > 1:
        found.sort(key=lambda m: (m.start, -m.end, _KINDS[type(m)] != "institution"))
    return found


def _words(text: str, start: int, end: int) -> list[Token]:
    return [
        _new(Token, (*match.span(), *_kind_and_low(match[0]), None))
        for match in _TOKEN.finditer(text, start, end)
    ]


@lru_cache(maxsize=32_768)
def _kind_and_low(surface: str) -> tuple[str, str, bool]:
    kind = "word" if surface[0].isalnum() else "mark" if len(surface) == 1 else "owner"
    return kind, surface.lower(), surface[0].isupper()
