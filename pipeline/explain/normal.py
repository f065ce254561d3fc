"""How the characters of a text became the value of a field."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pipeline.model import CountryMention, DateMention, InstitutionMention
from pipeline.records.page import Page
from pipeline.records.report import Support

# No mention is longer.
_LONGEST = 400
Where = Callable[[str], str]
_VIA = {
    "name": "the country's name",
    "demonym": "the word for its people",
    "place": "a place in it",
    "institution": "a body of its state",
}
_SOURCES = {
    "context": "the year comes from the context",
    "document_date": "counted from the date of the document",
    "fiscal_year": "counted in the fiscal year of the publisher's country",
}


def normalisation(page: Page, support: Support, where: Where) -> str | None:
    """“5th to 7th September 2012” → 2012-09-05/2012-09-07, and by what; None if nothing tells."""
    mention = next(_mentions_of(page, support), None)
    if mention is not None:
        surface = _quoted(page.text[mention.start : mention.end])
        told = f"{surface} → {support.value}{_notes(mention, str(support.value))}"
        return f"{told}, by {mention.rule} ({where(mention.rule)})"
    surface = page.text[support.start : support.end]
    value = str(support.value)
    if surface == value:
        return "as it is written"
    if surface and " ".join(surface.split()).casefold() == value.casefold():
        return f"{_quoted(surface)} → {value}, spacing and capitals aside"
    return None


Mention = CountryMention | DateMention | InstitutionMention


def _mentions_of(page: Page, support: Support) -> Iterator[Mention]:
    """The mentions in or around the quote whose value the support has, the exact one first."""
    first, last = support.start - _LONGEST, support.end + _LONGEST
    near: list[Mention] = [
        *page.within(page.dates, first, last),
        *page.within(page.countries, first, last),
        *page.within(page.institutions, first, last),
    ]
    touching = [
        m
        for m in near
        if m.start < support.end and support.start < m.end and _is(m, str(support.value))
    ]
    yield from sorted(
        touching, key=lambda m: (abs(m.start - support.start) + abs(m.end - support.end), m.start)
    )


def _is(mention: Mention, value: str) -> bool:
    if isinstance(mention, DateMention):
        return str(mention.interval) == value
    if isinstance(mention, CountryMention):
        return value in {mention.code, mention.place}
    return value in {mention.name, mention.acronym, mention.institution_id}


def _notes(mention: Mention, value: str) -> str:
    if isinstance(mention, DateMention):
        interval = mention.interval
        days = f" ({interval.first} to {interval.last})" if interval.length > 1 else ""
        source = _SOURCES.get(mention.resolved_from or "", mention.resolved_from)
        return days + (f"; {source}" if source else "")
    if isinstance(mention, CountryMention):
        place = f"a place in {mention.code}"
        return f" ({place if value == mention.place else _VIA.get(mention.via, mention.via)})"
    return f" ({mention.institution_id if value != mention.institution_id else mention.name})"


def _quoted(text: str) -> str:
    return f"“{' '.join(text.split())}”"
