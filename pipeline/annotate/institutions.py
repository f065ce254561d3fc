"""Institutions: the registry, acronyms defined in the document, and shapes of unknown names."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.annotate.base import document_of, rules_of
from pipeline.annotate.governments import GovernmentReader
from pipeline.annotate.lookup import Hit, barred_spans, find_words, is_inside
from pipeline.annotate.page import Candidate
from pipeline.annotate.shapes import ShapeReader
from pipeline.model import CountryMention, Document, InstitutionMention
from pipeline.rulebook.book import RuleBook
from pipeline.rulebook.institutions import Institution, Shape

_ACRONYM = re.compile(
    r"\s?\(\s?(?:the |hereinafter |hereafter )?[“\"‘']?((?:[A-Z]\.){2,6}|[A-Z][\w&*/+-]{1,11})[”\"’']?\s?\)"
)
# One that stands between a head and what the body is for belongs to the whole name.
_INNER_ACRONYM = re.compile(r"\s\(([A-Z][\w&*/+-]{1,11})\) (?:on|for|of) ")
_MIN_ACRONYM_CAPITALS = 2
_PUBLIC = frozenset({"government", "ministry", "department", "agency"})
_MARK = re.compile(r"[^\w\s]")
_NO_SLUG = re.compile(r"[^a-z0-9]+")
_WORD_BEFORE = re.compile(r"[\w-]")
_ARTICLE = re.compile(r"^(?:The|the) ")


class Draft(NamedTuple):
    """An institution found at a place of the text before the document's names are united."""

    start: int
    end: int
    rule: str
    confidence: float
    kind: str
    country: str | None
    institution: Institution | None
    name: str
    is_acronym: bool = False
    identity: str | None = None


class InstitutionAnnotator:
    """Finds institutions and gives each one id and its fullest name within the document.

    Names of the registry that several institutions share are decided by a country beside them, by
    the countries that the document names, or left unlinked.
    """

    def __init__(self, rules: RuleBook) -> None:
        given = (r.words for r in rules.people.rule if r.kind == "given_name")
        names = frozenset(name for words in given for name in words)
        self._shapes = ShapeReader(rules.institutions.shapes, names)
        structures = {r.id: r for r in rules.institutions.shapes.rule if not r.heads}
        self._governments = GovernmentReader(structures["institutions/governments"])
        words = rules.institutions.shapes.words
        self._not_followed = re.compile(rf" (?:{'|'.join(words.linked_not_followed_by)})\b")
        self._not_behind = tuple(f"{word} " for word in words.linked_not_behind)
        self._acronym = structures["institutions/defined-acronym"]
        self._namesake = structures["institutions/namesake"]

    def __call__(self, doc: Doc) -> Doc:
        doc._.institutions = self.process(document_of(doc), doc._.hits, doc._.countries)
        return doc

    def process(
        self, document: Document, hits: Sequence[Hit], countries: Sequence[CountryMention]
    ) -> list[InstitutionMention]:
        """The institution mentions of a document, in order, without overlaps."""
        context = _Context(document, countries, self._namesake, hits)
        linked = [
            draft
            for hit in _registry_hits(hits, countries)
            if self._stands_for_itself(document.text, hit) and (draft := context.link(hit))
        ]
        linked = _without_redefined(linked, document.text)
        candidates = [
            *self._shapes.find(document, countries, linked),
            *self._governments.find(document.text, countries),
        ]
        shaped = [context.draft(c) for c in candidates]
        drafts = _longest([*linked, *shaped])
        drafts = _with_acronyms(drafts, document, self._acronym)
        return _unite(drafts, document.text)

    def _stands_for_itself(self, text: str, hit: Hit) -> bool:
        """Whether a known name is no part of the name of something else."""
        if self._not_followed.match(text, hit.end):
            return False
        return not text.endswith(self._not_behind, max(0, hit.start - 20), hit.start)


class _Context:
    """What a document says of countries, for deciding between namesakes."""

    def __init__(
        self,
        document: Document,
        countries: Sequence[CountryMention],
        namesake: Shape,
        hits: Sequence[Hit],
    ) -> None:
        self.namesake = namesake
        self.text = document.text
        self.source_country = document.source_country
        self.counts = Counter(c.code for c in countries)
        self._hits = hits
        self.by_start = {c.start: c for c in countries}
        self.by_end = {c.end: c for c in countries}
        self.countries = countries

    @cached_property
    def speaking(self) -> frozenset[str]:
        """The countries whose public bodies are named by names that no other institution has."""
        return _speaking(self._hits)

    def country_after(self, end: int) -> CountryMention | None:
        """The country named directly behind ``end``: “… of Vietnam”, “…, Japan”."""
        match = _BEHIND.match(self.text, end)
        return self.by_start.get(match.end()) if match else None

    def country_before(self, start: int) -> CountryMention | None:
        """The country directly before ``start``: “Singapore’s …”, “U.S. …”."""
        match = _BEFORE.search(self.text[max(0, start - 6) : start])
        return self.by_end.get(start - len(match[0])) if match else None

    def beside(self, start: int, end: int) -> str | None:
        mention = self.country_after(end) or self.country_before(start)
        return mention.code if mention else None

    def link(self, hit: Hit) -> Draft | None:
        """The registry's institution at a hit, if the context decides for exactly one."""
        candidates = [e for e in hit.entries if isinstance(e.item, Institution)]
        institution: Institution | None
        if len(candidates) == 1 and not candidates[0].ambiguous:
            institution = candidates[0].item  # type: ignore[assignment]
        else:
            institution = self._choose(
                [e.item for e in candidates if isinstance(e.item, Institution)],
                ambiguous=any(e.ambiguous for e in candidates),
                beside=self.beside(hit.start, hit.end),
            )
        surface = self.text[hit.start : hit.end]
        if institution is None:
            return self._unknown_namesake(hit, surface)
        return Draft(
            start=hit.start,
            end=hit.end,
            rule=f"institutions/{institution.id}",
            confidence=0.95,
            kind=institution.kind,
            country=institution.country,
            institution=institution,
            name=surface,
            is_acronym=surface == institution.acronym or " " not in surface,
        )

    def _unknown_namesake(self, hit: Hit, surface: str) -> Draft | None:
        """“NIST of Japan”: a known acronym that the text gives to another country."""
        country = self.country_after(hit.end)
        given = country and self.text.startswith((" of ", " (of "), hit.end)
        if not (country and given and surface.isupper()):
            return None
        return Draft(
            start=hit.start,
            end=hit.end,
            rule=self.namesake.id,
            confidence=self.namesake.confidence,
            kind=self.namesake.kind,
            country=country.code,
            institution=None,
            name=surface,
            is_acronym=True,
        )

    def _choose(
        self, items: list[Institution], *, ambiguous: bool, beside: str | None
    ) -> Institution | None:
        if beside:
            same = [i for i in items if i.country == beside]
            if same or ambiguous or len(items) > 1:
                return same[0] if len(same) == 1 else None
        if not ambiguous and len(items) == 1:
            return items[0]
        items = [i for i in items if i.kind != "company"]
        named = [i for i in items if i.country in self.counts]
        if len(named) > 1 and self.source_country in {i.country for i in named}:
            named = [i for i in named if i.country == self.source_country]
        if not named and self.source_country:
            named = [i for i in items if i.country == self.source_country]
        if not named:
            named = [i for i in items if i.country in self.speaking]
        return named[0] if len(named) == 1 else None

    def draft(self, candidate: Candidate) -> Draft:
        """A candidate of the shape rules with its country."""
        country = candidate.country or self.beside(candidate.start, candidate.end)
        return Draft(
            start=candidate.start,
            end=candidate.end,
            rule=candidate.rule,
            confidence=candidate.confidence,
            kind=candidate.kind,
            country=country,
            institution=candidate.institution,
            name=candidate.name or self.text[candidate.start : candidate.end],
            identity=candidate.identity,
        )


_BEHIND = re.compile(
    r"(?: \([^()\n]{1,15}\))?(?:,? (?:of|for)(?: the)?(?: (?:Royal )?Government of)?(?: the)? |, | \()?"
)
_BEFORE = re.compile(r"(?:[’']s?)? (?:the )?$|-$")


def _speaking(hits: Iterable[Hit]) -> frozenset[str]:
    alone = (hit.entries[0] for hit in hits if len(hit.entries) == 1)
    return frozenset(
        entry.item.country
        for entry in alone
        if isinstance(entry.item, Institution)
        and entry.item.country
        and not entry.ambiguous
        and entry.item.kind in _PUBLIC
    )


def _registry_hits(hits: Iterable[Hit], countries: Sequence[CountryMention]) -> list[Hit]:
    """The longest hits of the registry that are no part of a country's name."""
    names = {c.end: c for c in countries}
    kept: list[Hit] = []
    end = 0
    for hit in hits:
        if hit.start < end or not _is_institution(hit):
            continue
        name = names.get(hit.end)
        if name is None or name.start > hit.start or (name.start, name.end) == (hit.start, hit.end):
            kept.append(hit)
            end = hit.end
    return kept


def _is_institution(hit: Hit) -> bool:
    entries = hit.entries
    if len(entries) == 1:
        return entries[0].table == "institution"
    return any(entry.table == "institution" for entry in entries)


def _without_redefined(linked: list[Draft], text: str) -> list[Draft]:
    """Drops acronyms that the document defines as short for something else: “Middle East (ME)”."""
    ends = {draft.end for draft in linked}
    redefined = {
        draft.name
        for draft in linked
        if draft.is_acronym
        and text[draft.start - 2 : draft.start] == " ("
        and draft.start - 2 not in ends
        and _spells(text[max(0, draft.start - 80) : draft.start - 2], draft.name)
    }
    acronyms = {draft.name for draft in linked if draft.is_acronym}
    redefined |= {name for name in acronyms if _several(name, text)}
    return [draft for draft in linked if draft.name not in redefined]


def _several(acronym: str, text: str) -> bool:
    """Whether the document defines an acronym as one of several: “Non-State Actors (NSAs)”."""
    at = text.find(f" ({acronym}s)")
    return at >= 0 and _spells(text[max(0, at - 80) : at], acronym)


def _spells(before: str, acronym: str) -> bool:
    """Whether the last capitalised words before an acronym have its letters as initials."""
    initials = [w[0] for w in re.findall(r"\w+", before) if w[0].isupper()]
    letters = [c for c in acronym if c.isupper()]
    return len(letters) > 1 and initials[-len(letters) :] == letters


def _longest(drafts: Iterable[Draft]) -> list[Draft]:
    """The drafts without overlaps: the longer wins, the linked one where they are equally long."""
    kept: list[Draft] = []
    for draft in sorted(drafts, key=lambda d: (d.start, -d.end, d.institution is None)):
        if kept and draft.start < kept[-1].end:
            if draft.end - draft.start > kept[-1].end - kept[-1].start:
                kept[-1] = draft
            continue
        kept.append(draft)
    return kept


def _with_acronyms(drafts: list[Draft], document: Document, rule: Shape) -> list[Draft]:
    """Adds every occurrence of an acronym that the document defines behind a name."""
    text = document.text
    owners: dict[str, Draft] = {}
    for draft in drafts:
        defined = _defined(text, draft)
        if defined and not draft.is_acronym:
            owners.setdefault(defined, draft)
    if not owners:
        return drafts
    barred = barred_spans(document)
    found = [
        Draft(
            start=start,
            end=end,
            rule=rule.id,
            confidence=rule.confidence,
            kind=owner.kind,
            country=owner.country,
            institution=owner.institution,
            name=owner.name,
            is_acronym=True,
        )
        for start, end, owner in _occurrences(owners, text)
        if not is_inside(start, barred)
    ]
    covered = {(d.start, d.end) for d in found}
    others = [d for d in drafts if (d.start, d.end) not in covered]
    return _longest([*others, *found])


def _defined(text: str, draft: Draft) -> str | None:
    """The acronym that stands in brackets behind a name or inside it."""
    defined = _ACRONYM.match(text, draft.end)
    if defined is None and not draft.is_acronym:
        defined = _INNER_ACRONYM.search(text, draft.start, draft.end)
        if defined and not _spells(text[draft.start : defined.start()], defined[1]):
            return None
    return defined[1] if defined and _is_acronym(defined[1]) else None


def _occurrences(owners: Mapping[str, Draft], text: str) -> Iterator[tuple[int, int, Draft]]:
    """Where the acronyms stand as words of their own."""
    words = list(owners)
    for index, start, end in find_words(words, text):
        if not (_WORD_BEFORE.match(text, start - 1) if start else None):
            following = text[end : end + 1]
            if not (following.isalnum() or following == "_"):
                yield start, end, owners[words[index]]


def _is_acronym(word: str) -> bool:
    return sum(c.isupper() for c in word) >= _MIN_ACRONYM_CAPITALS


def _unite(drafts: list[Draft], text: str) -> list[InstitutionMention]:
    """One id, fullest name and acronym for the drafts that mean the same institution."""
    groups: dict[str, list[Draft]] = defaultdict(list)
    keys = _keys(drafts)
    for draft, key in zip(drafts, keys, strict=True):
        groups[key].append(draft)
    mentions = [mention for key, group in groups.items() for mention in _mentions(key, group, text)]
    return sorted(mentions, key=lambda m: m.start)


def _keys(drafts: Sequence[Draft]) -> list[str]:
    """The institution id of each draft; a shorter form of a longer name joins it."""
    ids = [d.institution.id if d.institution else _discovered_id(d) for d in drafts]
    names = {i: normalise(d.name) for i, d in zip(ids, drafts, strict=True) if not d.is_acronym}
    countries = {i: d.country for i, d in zip(ids, drafts, strict=True)}
    kinds = {i: d.kind for i, d in zip(ids, drafts, strict=True)}
    joined: dict[str, str] = {}
    for short, name in names.items():
        if ":" not in short:
            continue
        longer = [
            other
            for other, full in names.items()
            if other != short
            and len(full) > len(name)
            and (full.endswith(" " + name) or full.startswith(name + " "))
            and _compatible(countries[short], countries[other])
        ]
        if len(longer) == 1 and (" " in name or kinds[short] == "government"):
            joined[short] = longer[0]
    return [joined.get(i, i) for i in ids]


def _compatible(one: str | None, other: str | None) -> bool:
    return one is None or other is None or one == other


def _discovered_id(draft: Draft) -> str:
    if draft.identity:
        return draft.identity
    slug = _NO_SLUG.sub("-", normalise(draft.name)).strip("-")
    return f"{(draft.country or 'xx').lower()}:{slug}"


def normalise(name: str) -> str:
    """A name for comparison: lower case, “and” for “&”, without article and punctuation."""
    name = name.casefold().replace("&", " and ")
    return " ".join(w for w in _MARK.sub(" ", name).split() if w != "the")


def _mentions(key: str, group: list[Draft], text: str) -> Iterable[InstitutionMention]:
    full = [d for d in group if not d.is_acronym]
    short = [text[d.start : d.end] for d in group if d.is_acronym]
    registered = next((d.institution for d in group if d.institution), None)
    defined = next((found for d in full if (found := _defined(text, d))), None)
    acronym = defined or _used_acronym(short, registered)
    name = max((d.name for d in full), key=len, default=None) or max(short, key=len)
    name = _ARTICLE.sub("", name)
    country = next((d.country for d in group if d.country), None)
    for draft in group:
        yield InstitutionMention(
            start=draft.start,
            end=draft.end,
            rule=draft.rule,
            confidence=draft.confidence,
            institution_id=key,
            name=name,
            kind=registered.kind if registered else group[0].kind,
            acronym=acronym,
            country=country,
            linked=registered is not None,
        )


def _used_acronym(short: list[str], registered: Institution | None) -> str | None:
    for surface in short:
        if registered and surface == registered.acronym:
            return surface
    return next((s for s in short if _is_acronym(s) and " " not in s), None)


@Language.factory("pactline_institutions")
def create_institution_annotator(nlp: Language, name: str) -> InstitutionAnnotator:  # noqa: ARG001
    """The factory that spaCy calls."""
    return InstitutionAnnotator(rules_of(nlp))
