"""All phrase tables in one pass over the text: names, demonyms, places, institutions."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import ahocorasick_rs

from pipeline.model import Document
from pipeline.rulebook.book import RuleBook
from pipeline.rulebook.geography import Country, FixedPhrase, Place
from pipeline.rulebook.institutions import Institution

Item = Country | Place | FixedPhrase | Institution

# An upper-case form is only told from an acronym when it is long enough.
_MIN_UPPER = 4
# So many words of a document are found faster one by one.
_FEW = 16
# The parts by which an address is recognised; it is then widened to the white space around it.
_ADDRESS = (
    "://",
    "www.",
    "@",
    ".com",
    ".org",
    ".net",
    ".gov",
    ".edu",
    ".int",
    ".co.",
    ".htm",
    ".pdf",
    ".asp",
)
_ADDRESSES = ahocorasick_rs.AhoCorasick(
    _ADDRESS, implementation=ahocorasick_rs.Implementation.ContiguousNFA
)
_OPEN = (".htm", ".asp")
_SMALL_WORD = re.compile(r" (of|and|for) ")
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
        if old in name or len(variants) > 1:
            variants |= {v.replace(old, new) for v in variants}
    if any(word in name for word in (" of ", " and ", " for ", " & ")):
        variants |= {_SMALL_WORD.sub(lambda m: m[0].title(), v) for v in variants}
    if len(name) >= _MIN_UPPER and not name.isupper():
        variants |= {v.upper() for v in variants}
    return variants


@lru_cache(maxsize=2)
def address_spans(text: str) -> list[tuple[int, int]]:
    """The web and mail addresses of a text; the words in them are no mentions.

    Several components ask for those of the same document.
    """
    spans = set()
    for index, start, end in _ADDRESSES.find_matches_as_indexes(text):
        part = _ADDRESS[index]
        # "www.x" and "x@y" go on; ".com" and its like end a word (".html", ".aspx" may not).
        if not part[-1].isalpha() or part in _OPEN or not text[end : end + 1].isalnum():
            spans.add(_widened(text, start, end))
    return sorted(spans)


def _widened(text: str, start: int, end: int) -> tuple[int, int]:
    space = _SPACE.search(text, end)
    while start and not text[start - 1].isspace():
        start -= 1
    return start, space.start() if space else len(text)


def find_words(words: Sequence[str], text: str) -> list[tuple[int, int, int]]:
    """(index, start, end) of the words of one document, the longest of those that start together.

    For a few words, plain searches cost less than an automaton that serves one text only.
    """
    if len(words) > _FEW:
        automaton = ahocorasick_rs.AhoCorasick(
            words, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest
        )
        return automaton.find_matches_as_indexes(text)
    found = [
        (start, -len(word), index)
        for index, word in enumerate(words)
        for start in _starts(word, text)
    ]
    kept, end = [], 0
    for start, size, index in sorted(found):
        if start >= end:
            end = start - size
            kept.append((index, start, end))
    return kept


def _starts(word: str, text: str) -> Iterator[int]:
    start = text.find(word)
    while start >= 0:
        yield start
        start = text.find(word, start + 1)


def barred_spans(document: Document) -> list[tuple[int, int]]:
    """The sorted spans that nothing is extracted from: boilerplate and addresses."""
    boilerplate = [(b.start, b.end) for b in document.blocks if b.boilerplate]
    return sorted([*boilerplate, *address_spans(document.text)])


def is_inside(position: int, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether a position lies in one of the sorted spans."""
    index = bisect_left(spans, (position + 1,)) - 1
    return index >= 0 and spans[index][1] > position


def content_hits(hits: Sequence[Hit], document: Document) -> list[Hit]:
    """The hits outside of boilerplate blocks and addresses."""
    barred = barred_spans(document)
    return [hit for hit in hits if not is_inside(hit.start, barred)] if barred else list(hits)


def longest(hits: Iterable[Hit]) -> list[Hit]:
    """The leftmost hits that don't overlap, the longest of those that start together."""
    kept: list[Hit] = []
    end = 0
    for hit in hits:
        if hit.start >= end:
            kept.append(hit)
            end = hit.end
    return kept
