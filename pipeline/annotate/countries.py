"""Countries by name, demonym and place; ambiguous names are decided by context or left out."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.annotate.base import document_of, rules_of
from pipeline.annotate.lookup import Entry, Hit, longest
from pipeline.model import CountryMention
from pipeline.rulebook.book import RuleBook
from pipeline.rulebook.geography import AmbiguousName, Country, Place

_GEOGRAPHIC = frozenset({"name", "demonym", "place", "phrase"})
# How far before and after a name its neighbours are read; the longest of them is shorter.
_NEIGHBOURS = 40
_WORD_BEFORE = re.compile(r"([\w’'.-]+) $")
_CAPITAL_AFTER = re.compile(r" [^\W\d_a-z]")
_WORD_AFTER = re.compile(r"^ ([\w’'-]+)")


class CountryAnnotator:
    """Finds countries among the hits of the phrase tables.

    An ambiguous name counts when its neighbours or the document decide for exactly one country; an
    ambiguous place when exactly one of its countries is named otherwise.
    """

    def __init__(self, rules: RuleBook) -> None:
        self._rules = rules
        self._entries: dict[tuple[str, str], AmbiguousName] = {
            (entry.alias, entry.code): entry for entry in rules.geography.ambiguous
        }
        context = rules.geography.place_context
        self._not_before = frozenset(context.not_before)
        self._not_after = frozenset(context.not_after)

    def __call__(self, doc: Doc) -> Doc:
        document = document_of(doc)
        doc._.countries = self.process(document.text, doc._.hits, document.source_country)
        return doc

    def process(
        self, text: str, hits: Iterable[Hit], source_country: str | None = None
    ) -> list[CountryMention]:
        """The country mentions of a text, in order; a publisher's country counts as named."""
        candidates = longest(_geographic(hits))
        named = _named_codes(candidates)
        if source_country:
            named[source_country] += 1
        found = (self._decide(text, hit, named) for hit in candidates)
        return [mention for mention in found if mention]

    def _decide(self, text: str, hit: Hit, named: dict[str, int]) -> CountryMention | None:
        if any(entry.table == "phrase" for entry in hit.entries):
            return None
        certain = [e for e in hit.entries if not e.ambiguous]
        countries = [e for e in certain if isinstance(e.item, Country)]
        entry = _single(countries) if countries else None
        if entry is None:
            entry = self._by_context(text, hit, named)
        if entry is None:
            entry = self._place(text, hit, certain, named)
        return _mention(hit, entry) if entry else None

    def _by_context(self, text: str, hit: Hit, named: dict[str, int]) -> Entry | None:
        """The country of an ambiguous name for which the context speaks most, if it is one."""
        scores: dict[int, list[Entry]] = defaultdict(list)
        for entry in hit.entries:
            if isinstance(entry.item, Country) and entry.ambiguous:
                scores[self._score(text, hit, entry.item, named)].append(entry)
        best = max(scores, default=0)
        return _single(scores[best]) if best > 0 else None

    def _score(self, text: str, hit: Hit, country: Country, named: dict[str, int]) -> int:
        """3 decided by a neighbour, 2 by the document, 1 by default, 0 for another reading."""
        surface = text[hit.start : hit.end]
        rule = self._entries.get((surface, country.code)) or self._entries.get(
            (surface.title(), country.code)
        )
        if rule is None:
            return 0
        before = text[max(0, hit.start - _NEIGHBOURS) : hit.start]
        after = text[hit.end : hit.end + _NEIGHBOURS]
        if _ends_with(before, rule.reject_before) or _starts_with(after, rule.reject_after):
            return 0
        if _ends_with(before, rule.accept_before) or _starts_with(after, rule.accept_after):
            return 3
        speaks_for = country.code in named or _elsewhere(text, rule.accept, hit)
        speaks_against = _elsewhere(text, rule.reject, hit)
        if speaks_for != speaks_against:
            return 2 if speaks_for else 0
        # A capitalised word behind the name makes it a given name: nothing decides against that.
        alone = not _CAPITAL_AFTER.match(after)
        return 1 if rule.default == "accept" and alone else 0

    def _place(
        self, text: str, hit: Hit, certain: list[Entry], named: dict[str, int]
    ) -> Entry | None:
        places = [e for e in hit.entries if isinstance(e.item, Place)]
        if not places or self._is_part_of_a_name(text, hit):
            return None
        sure = [e for e in certain if e in places]
        if len({e.item.country for e in sure if isinstance(e.item, Place)}) == 1:
            return sure[0]
        if self._beside_capitalised(text, hit):
            return None
        supported = [e for e in places if isinstance(e.item, Place) and e.item.country in named]
        return _single(supported)

    def _is_part_of_a_name(self, text: str, hit: Hit) -> bool:
        """Whether the words beside a place make it a treaty, a street or a person."""
        before = _WORD_BEFORE.search(text[max(0, hit.start - _NEIGHBOURS) : hit.start])
        after = _WORD_AFTER.search(text[hit.end : hit.end + _NEIGHBOURS])
        return bool(
            (before and before[1] in self._not_before) or (after and after[1] in self._not_after)
        )

    @staticmethod
    def _beside_capitalised(text: str, hit: Hit) -> bool:
        before = _WORD_BEFORE.search(text[max(0, hit.start - _NEIGHBOURS) : hit.start])
        after = _WORD_AFTER.search(text[hit.end : hit.end + _NEIGHBOURS])
        return bool((before and before[1][0].isupper()) or (after and after[1][0].isupper()))


def _geographic(hits: Iterable[Hit]) -> Iterable[Hit]:
    for hit in hits:
        entries = hit.entries
        if len(entries) == 1:
            if entries[0].table != "institution":
                yield hit
        elif any(e.table in _GEOGRAPHIC for e in entries):
            yield Hit(hit.start, hit.end, tuple(e for e in entries if e.table != "institution"))


def _named_codes(candidates: Iterable[Hit]) -> dict[str, int]:
    """How often each country is named without doubt."""
    named: dict[str, int] = defaultdict(int)
    for hit in candidates:
        codes = {_code(e) for e in hit.entries if e.table != "phrase" and not e.ambiguous}
        if len(codes) == 1:
            named[codes.pop()] += 1
    return named


def _code(entry: Entry) -> str:
    item = entry.item
    return item.code if isinstance(item, Country) else getattr(item, "country", "")


def _single(entries: list[Entry]) -> Entry | None:
    """The only entry, or None when there are several countries to choose from."""
    return entries[0] if entries and len({_code(e) for e in entries}) == 1 else None


def _ends_with(before: str, phrases: tuple[str, ...]) -> bool:
    return any(before.endswith((phrase + " ", phrase)) for phrase in phrases)


def _starts_with(after: str, phrases: tuple[str, ...]) -> bool:
    return any(after.startswith((" " + phrase, phrase)) for phrase in phrases)


def _elsewhere(text: str, phrases: tuple[str, ...], hit: Hit) -> bool:
    """Whether one of the phrases stands in the text at a place that isn't the hit's own."""
    for phrase in phrases:
        position = text.find(phrase)
        while position >= 0:
            end = position + len(phrase)
            if (end <= hit.start or position >= hit.end) and _is_word(text, position, end):
                return True
            position = text.find(phrase, position + 1)
    return False


def _is_word(text: str, start: int, end: int) -> bool:
    """Whether no letter or digit touches the span."""
    return not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum())


def _mention(hit: Hit, entry: Entry) -> CountryMention:
    item = entry.item
    place = item.name if isinstance(item, Place) else None
    rule = (
        f"places/{item.country}-{item.name}"
        if isinstance(item, Place)
        else f"countries/{_code(entry)}"
    )
    return CountryMention(
        start=hit.start,
        end=hit.end,
        rule=rule,
        confidence=0.9 if entry.ambiguous else 1.0,
        code=_code(entry),
        via=entry.table,
        place=place,
    )


@Language.factory("pactline_countries")
def create_country_annotator(nlp: Language, name: str) -> CountryAnnotator:  # noqa: ARG001
    """The factory that spaCy calls."""
    return CountryAnnotator(rules_of(nlp))
