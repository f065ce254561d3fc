"""A sentence as words, with the nouns, verbs, governors and states of the rules in it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from pipeline.model import CountryMention, DateMention
from pipeline.records.page import Page, Sentence
from pipeline.records.phrases import Found
from pipeline.records.projects.lexicon import NOUN, Lexicon, Role, StateCue, VerbForms
from pipeline.records.projects.openings import open_spans
from pipeline.records.projects.terms import Terms
from pipeline.records.projects.words import words_of
from pipeline.rulebook.projects import Governor, Head, Verb

_MARKS = frozenset('$€£¥₹“”"')


class HeadHit(NamedTuple):
    """A noun of the rules at ``words[first:last]``."""

    first: int
    last: int
    rule: Head


class VerbHit(NamedTuple):
    """A verb at ``words[first:last]`` with the forms that it may be."""

    first: int
    last: int
    rule: Verb
    forms: frozenset[str]

    @property
    def is_noun(self) -> bool:
        """Whether it is a noun with "of"."""
        return self.forms == {NOUN}


class Hit(NamedTuple):
    """A governor at ``words[first:last]``."""

    first: int
    last: int
    rule: Governor


class StateHit(NamedTuple):
    """A state at ``words[first:last]``."""

    first: int
    last: int
    rule: StateCue


class Reading:
    """The words of a sentence and what the rules find among them; positions are word indices."""

    def __init__(
        self,
        page: Page,
        sentence: Sentence,
        lexicon: Lexicon,
        terms: Terms,
        titles: Sequence[tuple[int, int]] = (),
    ) -> None:
        self.page, self.sentence, self.lexicon = page, sentence, lexicon
        self.words, self.starts, self.ends = words_of(page.text, sentence.start, sentence.end)
        span = (sentence.start, sentence.end)
        self.countries = page.within(page.countries, *span)
        self.institutions = page.within(page.institutions, *span)
        self.country_at = {self.at(c.start): c for c in self.countries}
        self._span = span
        self._dates = dates = page.within(page.dates, *span)
        self._terms = terms
        self.heads = [self._head(h) for h in terms.heads_in(*span)]
        self.acronyms = terms.acronyms
        if self.acronyms:
            self.heads = sorted([*self.heads, *self._short()], key=lambda h: h.first)
        self.date_at = {self.at(d.start) for d in dates}
        self.verbs = self._verbs(terms.verbs_in(*span))
        self.verb_at = {i for v in self.verbs for i in range(v.first, v.last)}
        self.persons = page.within(page.people, *span)
        self.titles = [t for t in titles if t[0] < sentence.end and sentence.start < t[1]]
        named = {HeadHit(last - 1, last, lexicon.open_head) for _, last in open_spans(self)}
        if named:
            self.heads = sorted([*self.heads, *named], key=lambda h: h.first)

    @cached_property
    def governors(self) -> list[Hit]:
        """What decides over verbs."""
        hits = self.lexicon.governors.longest(self.page.text, *self._span)
        return [Hit(*self._place(h), h.item) for h in hits if not _dated(h, self._dates)]

    @cached_property
    def states(self) -> list[StateHit]:
        """The states told without a verb."""
        hits = self._terms.states_in(*self._span)
        return [StateHit(*self._place(h), h.item) for h in hits]

    @cached_property
    def agreements(self) -> list[tuple[int, int]]:
        """Where agreements are named."""
        named = self._places(Role.AGREEMENT)
        if self._terms.pacts:
            words = enumerate(self.words)
            named += [(i, i + 1) for i, word in words if word.text in self._terms.pacts]
            named = sorted(set(named))
        return named

    @cached_property
    def money(self) -> list[tuple[int, int]]:
        """Where money is named that pays for something."""
        return self._places(Role.MONEY)

    @cached_property
    def people(self) -> list[tuple[int, int]]:
        """Where people are named by what they are."""
        return self._places(Role.PEOPLE)

    def has(self, role: Role, end: int | None = None) -> bool:
        """Whether a phrase of a role begins in the sentence, or before the character ``end``."""
        start, last = self._span
        return self._terms.has(role, start, last if end is None else end)

    def at(self, position: int) -> int:
        """The index of the word at or before a character position."""
        return max(0, bisect_right(self.starts, position) - 1)

    def low(self, index: int) -> str:
        """The word at an index in lower case, empty beyond the ends."""
        return self.words[index].low if 0 <= index < len(self.words) else ""

    def is_country(self, index: int) -> CountryMention | None:
        """The country named at a word."""
        return self.country_at.get(index)

    def before(self, index: int) -> int:
        """The nearest word before ``index`` that is no adverb."""
        index -= 1
        while index >= 0 and self.words[index].low in self.lexicon.adverbs:
            index -= 1
        return index

    def clause_start(self, index: int) -> int:
        """The first word of the clause that holds ``index``."""
        while index > 0 and self.words[index - 1].low not in self.lexicon.clause_ends:
            index -= 1
        return index

    def is_titled(self, first: int, last: int) -> bool:
        """Whether the name of an agreement begins in a noun phrase and goes on to its end."""
        start, end = self.starts[first], self.ends[last - 1]
        return any(
            start <= opened <= self.starts[last - 1] for opened, _ in self.titles if end <= _
        )

    def has_amount(self, first: int, last: int) -> bool:
        """Whether a sum of money stands among words: “a 300,000 euro workshop”."""
        start, end = self.starts[first], self.ends[last - 1]
        return any(f.unit.isupper() for f in self.page.within(self.page.figures, start, end))

    def only_fillers(self, first: int, last: int) -> bool:
        """Whether nothing but determiners, adverbs, numbers and quotation marks stands in between."""
        return all(
            w.low in self.lexicon.fillers or w.text[0].isdigit() or w.text in _MARKS
            for w in self.words[first:last]
        )

    def _head(self, hit: Found[Head]) -> HeadHit:
        """A noun; a preposition at its end ("network for") is no part of it."""
        first, last = self._place(hit)
        if last - first > 1 and self.words[last - 1].low in self.lexicon.complements:
            last -= 1
        return HeadHit(first, last, hit.item)

    def _short(self) -> Iterator[HeadHit]:
        """The acronyms of projects: "TCTP", where the document defines it."""
        for index, word in enumerate(self.words):
            head = self.acronyms.get(word.text)
            if head is not None and self.low(index - 1) != "(":
                yield HeadHit(index, index + 1, head)

    def _place(self, hit: Found[Any]) -> tuple[int, int]:
        return self.at(hit.start), self.at(hit.end - 1) + 1

    def _places(self, role: Role) -> list[tuple[int, int]]:
        return [self._place(hit) for hit in self._terms.within(role, *self._span)]

    def _verbs(self, hits: Iterable[Found[VerbForms]]) -> list[VerbHit]:
        found = []
        for hit in hits:
            first, last = self._place(hit)
            # "start-up" is no "start".
            whole = self.starts[first] == hit.start and self.ends[last - 1] == hit.end
            verb = VerbHit(first, last, *hit.item)
            if whole and self._is_verb(verb):
                found.append(verb)
        return found

    def _is_verb(self, hit: VerbHit) -> bool:
        """Whether a form that may be a noun or an adjective is used as a verb here."""
        if hit.is_noun:
            return True
        before = self.before(hit.first)
        if self._is_noun(hit, before) or self._in_title(hit):
            return False
        if self.words[hit.first].low not in self.lexicon.noun_like and not self._noun_like(hit):
            return True
        if self.low(before) == "to" or self.low(before) in self.lexicon.finite:
            return True
        return self.low(hit.last) in self.lexicon.determiners - {"of"}

    def _is_noun(self, hit: VerbHit, before: int) -> bool:
        """Whether the word before makes a form a noun: “the building”, “trade financing”."""
        if self.low(before) in self.lexicon.determiners - {"both", "that", "all"}:
            return True
        return hit.forms == {"ing"} and self._is_content(before)

    def _in_title(self, hit: VerbHit) -> bool:
        """Whether a capital form is part of a name: “the Advanced Tide Laboratory”."""
        if hit.first == 0 or not self.words[hit.first].text[0].isupper():
            return False
        before = self.words[hit.first - 1]
        behind = hit.last < len(self.words) and self.words[hit.last].is_capital
        if hit.forms & {"past", "participle"}:
            return behind and before.text[0].isalnum()
        capital = (
            before.is_capital and hit.first > 1 and not self._is_side(self.ends[hit.first - 1])
        )
        return capital or (behind and before.text[0].isalnum() and "third" not in hit.forms)

    def _is_side(self, end: int) -> bool:
        """Whether a country or an institution ends at a position: “Kenya Launches …”."""
        ends = {c.end for c in self.countries} | {i.end for i in self.institutions}
        return end in ends

    def _noun_like(self, hit: VerbHit) -> bool:
        phrase = " ".join(w.low for w in self.words[hit.first : hit.last])
        return phrase in self.lexicon.noun_like

    def _is_content(self, index: int) -> bool:
        """Whether a word is neither function word, verb's helper nor mark: “trade financing”."""
        low, lex = self.low(index), self.lexicon
        if not low[:1].isalpha() or low in lex.boundaries or low in lex.finite:
            return False
        if index in self.date_at or low[0] != self.words[index].text[0]:
            return False
        if low in lex.adverbs or low.endswith(("ed", "ly")):
            return False
        return not lex.governors.all(low)


def _dated(hit: Found[Governor], dates: Iterable[DateMention]) -> bool:
    """Whether a word belongs to a date: “May” is a month."""
    return any(d.start <= hit.start and hit.end <= d.end for d in dates)
