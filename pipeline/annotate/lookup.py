"""All phrase tables in one pass over the text: names, demonyms, places, institutions."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

import ahocorasick_rs

from pipeline.model import Block
from pipeline.rulebook.book import RuleBook
from pipeline.rulebook.geography import Country, FixedPhrase, Place
from pipeline.rulebook.institutions import Institution

Item = Country | Place | FixedPhrase | Institution

# An upper-case form is only told from an acronym when it is long enough.
_MIN_UPPER = 4
# The part by which an address is recognised; it is then widened to the white space around it.
_ADDRESS = re.compile(r"://|\bwww\.|@\w|\.(?:com|org|net|gov|edu|int|co|html?|pdf|aspx?)\b")
_SPACE = re.compile(r"\s")


class Entry(NamedTuple):
    """What a phrase may stand for: ``table`` is name, demonym, place, phrase or institution."""

    table: str
    item: Item
    ambiguous: bool


class Hit(NamedTuple):
    """A phrase of the tables at ``text[start:end]`` with everything it may stand for."""

    start: int
    end: int
    entries: tuple[Entry, ...]


class PhraseTable:
    """Finds every phrase of many tables at word boundaries, overlapping ones included."""

    def __init__(self, phrases: Iterable[tuple[str, Entry]]) -> None:
        entries: dict[str, dict[tuple[str, int], Entry]] = defaultdict(dict)
        for phrase, entry in phrases:
            entries[phrase].setdefault((entry.table, id(entry.item)), entry)
        self._phrases = list(entries)
        self._entries = [tuple(found.values()) for found in entries.values()]
        self._automaton = ahocorasick_rs.AhoCorasick(
            self._phrases, implementation=ahocorasick_rs.Implementation.ContiguousNFA
        )

    def find(self, text: str) -> list[Hit]:
        """All hits in the order of their start, the longer before the shorter."""
        entries, hits = self._entries, []
        for index, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            if start and text[start - 1].isalnum() and text[start].isalnum():
                continue
            if end < len(text) and text[end].isalnum() and text[end - 1].isalnum():
                continue
            hits.append(Hit(start, end, entries[index]))
        hits.sort(key=lambda hit: (hit.start, -hit.end))
        return hits


def build_phrase_table(rules: RuleBook) -> PhraseTable:
    """The phrase table of a rule book with the spelling variants of its names."""
    return PhraseTable([*_geography_phrases(rules), *_institution_phrases(rules)])


def _geography_phrases(rules: RuleBook) -> Iterable[tuple[str, Entry]]:
    for country in rules.geography.countries:
        for table, names in (("name", country.names), ("demonym", country.demonyms)):
            for name in names:
                entry = Entry(table, country, name in country.ambiguous)
                yield from ((variant, entry) for variant in spelling_variants(name))
    for place in rules.geography.places:
        for name in place.names:
            entry = Entry("place", place, place.ambiguous)
            yield from ((variant, entry) for variant in spelling_variants(name))
    for phrase in rules.geography.phrases:
        entry = Entry("phrase", phrase, ambiguous=False)
        yield from ((variant, entry) for variant in spelling_variants(phrase.phrase))


def _institution_phrases(rules: RuleBook) -> Iterable[tuple[str, Entry]]:
    for institution in rules.institutions.registry:
        for name in institution.names:
            entry = Entry("institution", institution, name in institution.ambiguous)
            yield from ((variant, entry) for variant in spelling_variants(name))


def spelling_variants(name: str) -> set[str]:
    """The ways in which a name is written: and/&, apostrophes, Title Case, capitals."""
    variants = {name}
    for old, new in ((" and ", " & "), (" & ", " and "), ("'", "’"), ("’", "'")):
        variants |= {v.replace(old, new) for v in variants}
    if " " in name:
        variants |= {re.sub(r" (of|and|for) ", lambda m: m[0].title(), v) for v in variants}
    if len(name) >= _MIN_UPPER and not name.isupper():
        variants |= {v.upper() for v in variants}
    return variants


@lru_cache(maxsize=2)
def address_spans(text: str) -> list[tuple[int, int]]:
    """The web and mail addresses of a text; the words in them are no mentions.

    Several components ask for those of the same document.
    """
    spans: list[tuple[int, int]] = []
    for match in _ADDRESS.finditer(text):
        if spans and match.start() < spans[-1][1]:
            continue
        space = _SPACE.search(text, match.end())
        end = space.start() if space else len(text)
        start = match.start()
        while start and not text[start - 1].isspace():
            start -= 1
        spans.append((start, end))
    return spans


def content_hits(hits: Sequence[Hit], text: str, blocks: Sequence[Block]) -> list[Hit]:
    """The hits outside of boilerplate blocks and addresses."""
    barred = [(b.start, b.end) for b in blocks if b.boilerplate] + address_spans(text)
    if not barred:
        return list(hits)
    barred.sort()
    kept, index = [], 0
    for hit in hits:
        while index < len(barred) and barred[index][1] <= hit.start:
            index += 1
        if index == len(barred) or hit.end <= barred[index][0]:
            kept.append(hit)
    return kept


def longest(hits: Iterable[Hit]) -> list[Hit]:
    """The leftmost hits that don't overlap, the longest of those that start together."""
    kept: list[Hit] = []
    end = 0
    for hit in hits:
        if hit.start >= end:
            kept.append(hit)
            end = hit.end
    return kept
