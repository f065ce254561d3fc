"""Names of institutions that no registry knows, told by the shape of the name."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from string import ascii_lowercase
from typing import NamedTuple

import ahocorasick_rs

from pipeline.annotate.cues import CueReader, Starts, matches
from pipeline.annotate.extents import STARTER, Extents
from pipeline.annotate.governments import government_id
from pipeline.annotate.page import WORD, Candidate, Complement, Linked, Page
from pipeline.annotate.words import CAPITALISED, Word
from pipeline.model import CountryMention, Document
from pipeline.rulebook.institutions import Shape, ShapeRules

# What stands behind a head may begin with one of these.
_OPENERS = (" of ", " for ", " on ", " (", "(")
# Longer words before a head get the full look.
_QUICK = 60
_INDEFINITE = re.compile(r"\b[Aa]n? $")


class _Name(NamedTuple):
    """A name that is being judged: the words before its head and what stands behind it."""

    shape: Shape
    left: list[Word]
    complement: Complement | None
    start: int
    end: int


class ShapeReader:
    """Reads the names around head words such as “Ministry”, “Authority”, “University”, “Ltd”."""

    def __init__(self, rules: ShapeRules, given_names: frozenset[str] = frozenset()) -> None:
        self._words = rules.words
        self._extents = Extents(rules, given_names)
        self._cues = CueReader(rules, self._extents)
        self._given_names = given_names
        self._scope = frozenset(rules.words.adjectives_of_scope)
        self._generic = frozenset(rules.words.generic_complements)
        self._national = frozenset(rules.words.national)
        governments = (r.heads for r in rules.rule if r.kind == "government" and r.needs_country)
        self._plain_government = self._national.union({"of", "the", "The", "s"}, *governments)
        self._not_followed = re.compile(rf" (?:{'|'.join(rules.words.not_followed_by)})\b")
        units = "|".join(map(re.escape, rules.words.unit_holders))
        self._unit = re.compile(rf"\b(?:{units}),? \(?$")
        heads = {head: rule for rule in rules.rule for head in rule.heads}
        self._structures = {r.id: r for r in rules.rule if r.position == "structure"}
        self._shapes = list(heads.values())
        self._triggers = [*heads, *rules.words.plural_heads, *self._cues.triggers]
        self._automaton = ahocorasick_rs.AhoCorasick(
            self._triggers, implementation=ahocorasick_rs.Implementation.DFA
        )
        particles = "|".join(rules.words.foreign_particles)
        self._foreign_run = re.compile(rf"(?: (?:(?:{particles}) )*{CAPITALISED})+")
        suffixes = "|".join(map(re.escape, rules.words.company_suffixes))
        self._suffixes = re.compile(
            rf"(?:[.,]{{0,2}} (?:{suffixes})(?!\w))*(?:\.(?= [a-z(])|\.(?=,))?"
        )
        mothers = "|".join(h for h, r in heads.items() if r.of_country)
        self._mother = re.compile(rf"\b(?:{mothers}) of (?:the )?$")
        plurals = "|".join(rules.words.plural_heads)
        self._plural = re.compile(rf"\b({plurals}) (?:of|for) (?:the )?(?=[A-Z])")

    def find(
        self,
        document: Document,
        countries: Sequence[CountryMention],
        linked: Sequence[Linked],
    ) -> list[Candidate]:
        """The candidates of a document; they may overlap each other and the linked ones."""
        page = Page(document, countries, linked)
        triggers = self._find_triggers(page.text)
        starts: dict[str, list[int]] = defaultdict(list)
        for index, start, _ in triggers:
            if index >= len(self._shapes):
                starts[self._triggers[index]].append(start)
        found = [
            *self._by_head(page, triggers),
            *self._by_plural_head(page, starts),
            *self._cues.find(page, starts),
        ]
        return [c for c in found if not page.is_barred(c.start)]

    def _find_triggers(self, text: str) -> list[tuple[int, int, int]]:
        """(index, start, end) of heads and of the words that the other ways begin with."""
        found = self._automaton.find_matches_as_indexes(text, overlapping=True)
        return sorted(found, key=lambda m: (m[1], -m[2]))

    def _by_head(self, page: Page, found: Sequence[tuple[int, int, int]]) -> Iterator[Candidate]:
        end_of_last = 0
        for index, start, end in found:
            if index >= len(self._shapes) or start < end_of_last:
                continue
            if _inside_word(page.text, start, end):
                continue
            end_of_last = end
            candidate = self._read(page, self._shapes[index], start, end)
            if candidate:
                yield candidate

    def _read(self, page: Page, shape: Shape, start: int, end: int) -> Candidate | None:
        if not _may_be_name(page.text, shape, start, end) or page.in_country_name(start, end):
            return None
        left = [] if shape.position in {"first", "run"} else self._extents.left(page, start)
        complement = self._behind(page, shape, end)
        if shape.id == "institutions/legal-form":
            end = self._suffixes.match(page.text, end).end()  # type: ignore[union-attr]
        if complement is None and left:
            complement = page.country_complement(end)
        left = self._without_adjective(page, shape, left, complement)
        left = self._from_country(page, left) if shape.needs_country else left
        begin = self._with_mother(page, left[-1].start) if left else start
        name = _Name(
            shape, left, complement, begin, self._name_end(page, shape, left, complement, end)
        )
        if not self._is_name(page, name):
            return None
        return self._identified(page, name, page.candidate(shape, begin, name.end))

    def _identified(self, page: Page, name: _Name, candidate: Candidate) -> Candidate:
        """A government with the id of its country's, if that is what the name says."""
        if not (name.shape.needs_country and name.shape.kind == "government"):
            return candidate
        named = page.countries_in(name.start, name.end)
        if len(named) != 1 or named[0].via not in {"name", "demonym"}:
            return candidate
        others = page.text[name.start : named[0].start] + page.text[named[0].end : name.end]
        if not self._plain_government.issuperset(re.findall(r"\w+", others)):
            return candidate
        return candidate._replace(identity=government_id(named[0].code))

    def _from_country(self, page: Page, left: list[Word]) -> list[Word]:
        """The words from the country on, with “Royal” and the like: “Opening U.S. Embassy”."""
        mention = page.country_ends.get(left[0].end) if left else None
        if mention is None:
            return left
        size = sum(word.start >= mention.start for word in left)
        while size < len(left) and left[size].text in self._national:
            size += 1
        return left[:size]

    def _with_mother(self, page: Page, begin: int) -> int:
        """Where a name begins that goes on a longer one: “University of Kandara Law School”."""
        mother = self._mother.search(page.text, max(0, begin - 40), begin)
        if not mother or page.is_linked_start(begin):
            return page.linked_around(begin)
        left = self._extents.left(page, mother.start())
        return page.linked_around(left[-1].start if left else mother.start())

    def _without_adjective(
        self, page: Page, shape: Shape, left: list[Word], complement: Complement | None
    ) -> list[Word]:
        """“Vietnamese Ministry of X” is called “Ministry of X”."""
        if shape.kind in {"ministry", "department"} and complement and not complement.is_country:
            mention = page.country_ends.get(left[-1].end) if left else None
            if mention and mention.via == "demonym":
                return left[:-1]
        return left

    def _behind(self, page: Page, shape: Shape, end: int) -> Complement | None:
        if shape.position == "run":
            run = self._foreign_run.match(page.text, end)
            return Complement(run.end(), is_country=False) if run else None
        return None if shape.position == "last" else self._complement(page, shape, end)

    def _complement(self, page: Page, shape: Shape, end: int) -> Complement | None:
        starter = STARTER.match(page.text, end)
        if not starter:
            return self._behind_acronym(page, shape, end)
        return self._behind_starter(page, shape, starter) if starter[1] in shape.starters else None

    def _behind_starter(
        self, page: Page, shape: Shape, starter: re.Match[str]
    ) -> Complement | None:
        position = starter.end()
        country = page.country_starts.get(position)
        if country and (country.via == "name" or (shape.needs_country and country.via == "place")):
            return Complement(country.end, is_country=True)
        if self._is_another_body(page, starter):
            return None
        first = self._extents.item(page, position)
        if not first or page.text[position:first] in self._generic:
            return None
        if country and country.end >= first:
            return Complement(first, is_country=country.via != "place")
        return Complement(self._extents.list_end(page, first), is_country=False)

    def _behind_acronym(self, page: Page, shape: Shape, end: int) -> Complement | None:
        """What stands behind a head and its acronym: “Committee (JTC) on Broadcasting”."""
        acronym = page.acronym_behind(end) if shape.kind == "committee" else None
        complement = self._complement(page, shape, acronym) if acronym else None
        return None if complement is None or complement.is_country else complement

    def _is_another_body(self, page: Page, starter: re.Match[str]) -> bool:
        """Whether an institution of its own begins behind “of”, or nothing that could be a name."""
        position = starter.end()
        word = WORD.match(page.text, position)
        if not word or page.is_linked_start(position) or self._extents.is_head(page, word):
            return True
        return starter[0].endswith("the ") and self._extents.heads_a_list(page, position)

    def _name_end(
        self, page: Page, shape: Shape, left: list[Word], complement: Complement | None, end: int
    ) -> int:
        """Where the name ends: “of Japan” is part of it behind a single word or before “(ABC)”."""
        if not complement:
            return end
        if complement.is_country and not shape.needs_country:
            specific = self._specific(left)
            if shape.of_country and not specific:
                return complement.end
            short = len(specific) == 1 and shape.kind not in {"ministry", "department"}
            if not short and not page.defines_acronym(complement.end):
                return end
        return complement.end

    def _specific(self, left: list[Word]) -> list[Word]:
        """The words before a head that tell one such institution from another."""
        return [w for w in left if w.text not in self._scope and w.text not in {"and", "&", "–"}]

    def _is_name(self, page: Page, name: _Name) -> bool:
        shape, complement = name.shape, name.complement
        if self._belongs_to_more(page, name):
            return False
        if shape.needs_country:
            beside = bool(name.left) and name.left[0].end in page.country_ends
            return beside or bool(complement and complement.is_country)
        if shape.alone and not name.left and not complement:
            return page.stands_alone(name.start, name.end)
        if not self._is_supported(page, name):
            return False
        if shape.of_country and complement and not self._specific(name.left):
            return True
        return bool(complement and not complement.is_country) or self._is_specific(page, name)

    def _belongs_to_more(self, page: Page, name: _Name) -> bool:
        """Whether the words around make it something else: “… Committee Meeting”."""
        if self._not_followed.match(page.text, name.end):
            return True
        if name.left and name.left[0].text in name.shape.not_modified_by:
            return True
        if self._is_person(page, name):
            return True
        if name.shape.may_be_unit and not name.complement and self._is_unit(page, name):
            return True
        if name.shape.definite and _INDEFINITE.search(
            page.text, max(0, name.start - 4), name.start
        ):
            return True
        too_short = len(name.left) < name.shape.min_words
        return not name.complement and (too_short or self._runs_on(page, name.end))

    def _is_person(self, page: Page, name: _Name) -> bool:
        """Whether the head is the surname behind a given name: “Ada Chambers”."""
        heads = self._words.surnames
        if not name.left or page.text[name.left[0].end + 1 : name.end] not in heads:
            return False
        return name.left[0].text in self._given_names

    def _is_unit(self, page: Page, name: _Name) -> bool:
        """Whether it is the unit of a person in a house: “Senior Director (Clusters Group)”."""
        return bool(self._unit.search(page.text, max(0, name.start - 40), name.start))

    def _is_specific(self, page: Page, name: _Name) -> bool:
        """Whether the words before the head tell this institution from others of its kind."""
        specific = self._specific(name.left)
        if not specific:
            return False
        only_country = all(w.end in page.country_ends for w in specific)
        if name.shape.only_country:
            return only_country or {w.text for w in specific} <= self._national
        return not (name.shape.weak and only_country) or bool(name.complement)

    def _runs_on(self, page: Page, end: int) -> bool:
        """Whether a capitalised word follows that makes the name part of a longer one."""
        word = WORD.match(page.text, end + 1) if page.text.startswith(" ", end) else None
        if not word or word[0] in self._extents.left_ends or word[0].isupper():
            return False
        return word.start() not in page.country_starts and not page.is_linked_start(word.start())

    def _is_supported(self, page: Page, name: _Name) -> bool:
        shape = name.shape
        codes = {c.code for c in page.countries_in(name.start, name.end)}
        if len(codes) > 1 and not shape.bilateral:
            return False
        described = bool(name.complement and not name.complement.is_country)
        if not shape.support or (described and not shape.definite):
            return True
        found = {
            "country": bool(codes)
            or bool(name.complement and name.complement.is_country)
            or page.country_before(name.start),
            "pair": len(codes) > 1,
            "acronym": page.defines_acronym(name.end),
            "article": page.text.endswith(("the ", "The "), 0, name.start)
            and (described or not shape.definite or len(self._specific(name.left)) > 1),
            "institution": bool(name.left) and page.is_linked_start(name.start),
            "national": bool(name.left) and name.left[-1].text in self._national,
        }
        return any(found[support] for support in shape.support)

    def _by_plural_head(self, page: Page, starts: Starts) -> Iterator[Candidate]:
        """“Ministries of A and B”, “Departments of A, B, and C”: one institution each."""
        for match in matches(self._plural, page.text, starts, self._words.plural_heads):
            singular, kind = self._words.plural_heads[match[1]]
            items = list(self._extents.items(page, match.end()))
            for start, end in items if len(items) > 1 else []:
                if start in page.country_starts:
                    continue
                name = f"{singular} of {page.text[start:end]}"
                confidence = self._structures["institutions/plural"].confidence
                yield Candidate(start, end, "institutions/plural", confidence, kind, name=name)


def _may_be_name(text: str, shape: Shape, start: int, end: int) -> bool:
    """Whether anything around a head could belong to a name; a quick look before the full one."""
    if shape.alone or shape.position == "run" or text.startswith(_OPENERS, end):
        return True
    if start == 0 or text[start - 1] != " ":
        return False
    word = text.rfind(" ", max(0, start - _QUICK), start - 1) + 1
    word = text.rfind("\n", word, start - 1) + 1 or word
    return text[word] not in ascii_lowercase


def _inside_word(text: str, start: int, end: int) -> bool:
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    return before.isalnum() or before in {"-", "’", "'"} or after.isalnum() or after == "-"
