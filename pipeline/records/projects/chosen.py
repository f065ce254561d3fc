"""Which sentences of a document are read: those with a noun, an act upon it, and two sides.

All of it is asked of the phrases found in the page, before a sentence is cut into words; so each
question here is one that every reading of the sentence would answer with no.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipeline.records.page import Page, Sentence
from pipeline.records.phrases import Found
from pipeline.records.projects.layout import LEADS
from pipeline.records.projects.lexicon import Lexicon, Role, VerbForms
from pipeline.records.projects.sides import Sides
from pipeline.records.projects.terms import Terms
from pipeline.rulebook.projects import Head

# What may be the subject of any verb.
_ACTOR = "body"
# So far from an act a name begins; so long is a name; so near a verb's helper stands.
_NEAR = 48
_SLACK = 4
# No predicate stands further behind its subject.
_PREDICATE = 300
_NAME_LENGTH = 160
_HELPER = 32
# Two capitals, a coined word or a price: what may be the name of an object.
_NAME = re.compile(
    r"[A-Z][\w’'&-]*,? (?:(?:and|of|for|in|the) ){0,2}[A-Z]|[a-z][A-Z]|[A-Z]{3}|[$€£¥₹]"
)
_DEFINITE = re.compile(r"\b(?:th(?:e|is|at|ese|ose|eir)|its|said) ", re.IGNORECASE)
_WE = re.compile(r"\bwe\b", re.IGNORECASE)
_RELATIVE = re.compile(r"\b(?:which|that)\b", re.IGNORECASE)
_OFFERED = frozenset({"for", "of", "on", "in", "about", "against", "and"})
_PAST = frozenset({"past", "participle"})
_WORD = re.compile(r"\W*([\w’'-]*)")


class NameBefore(NamedTuple):
    """The words before a noun that may belong to its name, behind the word ``stop``.

    They begin at the character ``start`` or little behind it.
    """

    start: int
    words: list[str]
    stop: str


class Chooser:
    """Chooses the sentences of one page that may tell of a project."""

    def __init__(self, page: Page, terms: Terms, lexicon: Lexicon, sides: Sides) -> None:
        self._page, self._terms, self._lexicon, self._sides = page, terms, lexicon, sides

    def sentences(self) -> list[Sentence]:
        """The sentences that hold a trigger, tell of an act and may have two sides, in order."""
        found: list[Sentence] = []
        done = denied = -1
        sure = {hit.start for hit in self._terms.verbs if self._needs_no_noun(hit)}
        for start in sorted(sure.union(self._nouns())):
            if start < done or (start < denied and start not in sure):
                continue
            sentence = self._page.sentence_at(start)
            if sentence is None:
                continue
            if start not in sure and not self._has_act(sentence):
                denied = sentence.end
                continue
            done = sentence.end
            if self._sides.may_have(sentence, self._terms) or (
                found and self._may_point_back(sentence)
            ):
                found.append(sentence)
        return found

    def _nouns(self) -> Iterator[int]:
        """Where nouns, nouns of lists, and acronyms of the document for its projects stand."""
        text = self._page.text
        yield from (hit.start for hit in self._terms.heads)
        yield from (hit.start for hit in self._terms.within(Role.LISTED, 0, len(text)))
        for acronym in self._terms.acronyms:
            at = text.find(acronym)
            while at >= 0:
                yield at
                at = text.find(acronym, at + 1)

    def _needs_no_noun(self, hit: Found[VerbForms]) -> bool:
        """Whether an act makes a project of its people, or of an object with a name."""
        rule = hit.item.rule
        return rule.people or (rule.opens and self._may_open(hit))

    def _may_open(self, hit: Found[VerbForms]) -> bool:
        """Whether what stands beside an act may be a name, or is common to the parties."""
        text, (start, end, verb) = self._page.text, hit
        behind = min(len(text), end + _NEAR)
        word = _WORD.match(text, end)
        object_may = word is None or word[1].lower() not in self._lexicon.no_objects
        if object_may and (
            _NAME.search(text, end, behind) or self._terms.has(Role.COMMON, end, behind)
        ):
            return True
        if "participle" not in verb.forms:
            return False
        helped = self._lexicon.be & set(text[max(0, start - _HELPER) : start].lower().split())
        return bool(helped) and _NAME.search(text, max(0, start - _NEAR), start) is not None

    def _has_act(self, sentence: Sentence) -> bool:
        """Whether an act or another sign may tell of a noun of the sentence."""
        start, end, _ = sentence
        terms = self._terms
        if terms.has(Role.LISTED, start, end):
            return True
        verbs = terms.verbs_in(start, end)
        bare = terms.has(Role.STATE, start, end) or self._is_listed(sentence)
        if (verbs or bare or terms.has_sign(start, end)) and self._has_acronym(start, end):
            return True
        return any(
            self._is_told(hit, name, sentence, verbs, bare=bare)
            for hit in terms.heads_in(start, end)
            if self._may_be_one(hit, name := self._name_before(hit, start), sentence)
        )

    def _has_acronym(self, start: int, end: int) -> bool:
        text = self._page.text
        return any(text.find(acronym, start, end) >= 0 for acronym in self._terms.acronyms)

    def _name_before(self, hit: Found[Head], start: int) -> NameBefore:
        """The words before a noun, back to one that no name goes across."""
        first = max(start, hit.start - _NAME_LENGTH)
        words = self._page.text[first : hit.start].split()
        hard, at = self._lexicon.hard_bounds, len(words)
        while at and words[at - 1].lower() not in hard and not _ends(words[at - 1]):
            at -= 1
        length = sum(map(len, words[at:])) + len(words) - at
        return NameBefore(hit.start - length - _SLACK, words[at:], words[at - 1] if at else "")

    def _is_listed(self, sentence: Sentence) -> bool:
        """Whether a sentence opens an item of a list that a lead governs: “They agreed on:”."""
        block = self._page.blocks[sentence.block]
        lead = self._sides.layout.leads[sentence.block] if block.kind == "bullet" else None
        return lead is not None and self._page.text_of(lead).rstrip().endswith(LEADS)

    def _is_told(
        self,
        hit: Found[Head],
        name: NameBefore,
        sentence: Sentence,
        verbs: Sequence[Found[VerbForms]],
        *,
        bare: bool,
    ) -> bool:
        """Whether a verb that a noun takes, or what needs none, stands where it may tell of it."""
        rule, terms, start = hit.item, self._terms, sentence.start
        if any(self._may_tell(verb, hit, name) for verb in verbs):
            return True
        near = max(start, hit.start - _NAME_LENGTH)
        if rule.verbs:
            if rule.kind == _ACTOR and _has_article(name):
                return True
            return terms.has(Role.MONEY, start, hit.start) or terms.has(Role.SIGN, near, hit.end)
        signs = terms.has_sign(start, hit.start) or terms.has(Role.SIGN, near, hit.end)
        return bare or signs

    def _may_tell(self, verb: Found[VerbForms], hit: Found[Head], name: NameBefore) -> bool:
        """Whether a noun may be the object of a verb before it, or the subject of one behind."""
        rule = verb.item.rule
        if hit.item.verbs and rule.id not in hit.item.verbs:
            return False
        if verb.start > hit.start:
            return verb.start - hit.end < _PREDICATE and self._may_be_predicate(verb, hit.end)
        if verb.end >= name.start or name.stop == "as":
            return True
        offered = rule.reach > 0 and name.start - verb.end < _PREDICATE
        return offered and (name.stop == "with" or not _OFFERED.isdisjoint(name.words))

    def _may_be_predicate(self, verb: Found[VerbForms], end: int) -> bool:
        """Whether a verb may say what became of a noun before it, that ends at ``end``."""
        text, (start, behind, (_, forms)) = self._page.text, verb
        if text[start:behind].lower() in self._lexicon.self_acting:
            return True
        if forms.isdisjoint(_PAST):
            return False
        words = text[max(end, start - _HELPER) : start].lower().split()
        if not self._lexicon.be.isdisjoint(words) or _RELATIVE.search(text, end, start):
            return True
        word = _WORD.match(text, behind)
        return words[-1:] == ["and"] or (
            word is not None and word[1].lower() in self._lexicon.describing
        )

    def _may_be_one(self, hit: Found[Head], name: NameBefore, sentence: Sentence) -> bool:
        """Whether a weak noun may mean one thing, by its name, an article or its people."""
        text, terms, rule = self._page.text, self._terms, hit.item
        if not rule.weak or text[hit.start].isupper() or self._points_back(name):
            return True
        if any(word[0].isupper() for word in name.words):
            return True
        first, last = name.start, min(sentence.end, hit.end + _NAME_LENGTH)
        if any(terms.has(role, first, last) for role in (Role.COMMON, Role.PEOPLE)):
            return True
        if rule.runs and (_has_article(name) or self._is_by_both(sentence)):
            return True
        return "-" in text[first : hit.start] or text.find("between", hit.end, last) >= 0

    def _is_by_both(self, sentence: Sentence) -> bool:
        """Whether both sides, or “we”, may act in a sentence."""
        start, end, _ = sentence
        if self._terms.has(Role.BOTH, start, end) or _WE.search(self._page.text, start, end):
            return True
        return len(self._page.within(self._page.countries, start, end)) > 1

    def _points_back(self, name: NameBefore) -> bool:
        """Whether only vague words stand between a noun and “the”."""
        for word in reversed(name.words):
            if word.lower() in self._lexicon.definite:
                return True
            if word not in self._lexicon.generic and word.lower() not in self._lexicon.generic:
                return False
        return False

    def _may_point_back(self, sentence: Sentence) -> bool:
        """Whether a noun may mean a project told of before: “the new centre”."""
        text, (start, end, _) = self._page.text, sentence
        return any(
            _DEFINITE.search(text, max(start, hit.start - _NEAR), hit.start)
            for hit in self._terms.heads_in(start, end)
        )


def _ends(word: str) -> bool:
    """Whether a mark ends what stands before a name; “high-speed,” may be within one."""
    return word[-1] in ",;:" and "-" not in word


def _has_article(name: NameBefore) -> bool:
    return any(word in {"a", "an", "A", "An"} for word in name.words)
