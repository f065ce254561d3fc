"""The words of ``rules/projects.toml``, ready to be found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple

from pipeline.records.phrases import Phrases
from pipeline.rulebook.inflection import plural
from pipeline.rulebook.projects import (
    AGREED,
    VERB_FORMS,
    Governor,
    Head,
    ProjectRules,
    ProjectWords,
    State,
    Verb,
)

NOUN = "noun"


class Role(StrEnum):
    """What a phrase may be in a sentence."""

    HEAD = "noun of a project"
    VERB = "verb"
    STATE = "state"
    AGREEMENT = "agreement"
    MONEY = "money"
    PEOPLE = "people"
    LISTED = "noun of a list"
    COMMON = "common to the parties"
    BOTH = "both sides"
    SIGN = "other sign of an act"


class Term(NamedTuple):
    """A phrase's role with the rule that it belongs to, if it has one."""

    role: Role
    item: Head | VerbForms | StateCue | None = None


class VerbForms(NamedTuple):
    """The forms (base, third, past, participle, ing) that a word may be, or noun for its noun."""

    rule: Verb
    forms: frozenset[str]


class StateCue(NamedTuple):
    """Words that stand behind or inside a project's name."""

    rule: State
    inside: bool


class Lexicon:
    """Phrase tables for nouns, verbs, governors and states, and sets of single words."""

    def __init__(self, rules: ProjectRules) -> None:
        words = rules.words
        self.words = words
        self.terms: Phrases[Term] = Phrases(_terms(rules))
        self.heads: Phrases[Head] = Phrases(_nouns(rules))
        self.governors: Phrases[Governor] = Phrases((c, g) for g in rules.governor for c in g.cues)
        self.people = frozenset(words.people)
        self.payers: Phrases[None] = Phrases((p, None) for p in words.payers)
        self.list_openers: Phrases[None] = Phrases((p, None) for p in words.list_openers)
        self.titled: Phrases[None] = Phrases((p, None) for p in words.titled)
        self._read_names(words)
        self._read_words(rules)
        self._read_structure(words)

    def _read_names(self, words: ProjectWords) -> None:
        """What names are made of and what pays for things."""
        self.other_starts = frozenset(words.boundaries) - {
            *words.places,
            *words.determiners,
            *words.complements,
        }
        self.abstract = frozenset({*words.abstract, *map(plural, words.abstract)})
        self.help: Phrases[None] = Phrases((w, None) for w in words.help)
        self.made_by = _hyphened(words.made_by)
        self.envoys: Phrases[None] = Phrases((w, None) for w in words.envoys)
        self.asking = frozenset(words.asking)
        self.reporting = frozenset(words.reporting)
        self.works = frozenset(words.works)
        self.after_nouns = frozenset(
            {*words.works, *words.boundaries, *words.closers, *words.complements, *words.adverbs}
        )

    def _read_words(self, rules: ProjectRules) -> None:
        """Sets of single words."""
        words = rules.words
        self.doing = frozenset(row[4] for verb in rules.verb for row in verb.forms)
        self.no_names = frozenset({*words.boundaries, *words.closers})
        self.determiners = frozenset(words.determiners)
        self.articles = frozenset({"a", "an", "the", *words.definite})
        self.definite = frozenset(words.definite)
        self.boundaries = frozenset(words.boundaries)
        self.adverbs = frozenset(words.adverbs)
        self.fillers = self.determiners | self.adverbs
        self.no_objects = self.no_names - self.fillers
        self.complements = frozenset(words.complements)
        self.hard_bounds = self.boundaries - self.fillers - self.complements - {"the"}
        self.closers = frozenset(words.closers)
        self.clause_ends = frozenset(words.clause_ends)
        self.generic = frozenset(words.generic)
        self.common = frozenset(words.common)
        self.noun_like = frozenset(words.noun_like)
        self.will = frozenset(words.will)
        self.unsure = frozenset(words.unsure)
        self.be = frozenset(words.be)
        self.be_now = frozenset(words.be_now)
        self.counts = frozenset(words.counts)
        self.have = frozenset(words.have)
        self.negations = frozenset(words.negations)
        self.finite = self.be | self.have | self.will | self.unsure
        self.places = frozenset(words.places)
        self.agents = frozenset(words.agents)
        self.served_by = frozenset(words.served_by)
        self.any_project = frozenset(words.any_project)
        self.research_lists = frozenset(words.research_lists)
        self.inline: Phrases[bool] = Phrases(_inline(rules))
        self.means = frozenset(words.means)
        self.figurative = frozenset(words.figurative)
        self.vague = frozenset(words.figurative_modifiers)
        self.improving = frozenset(words.improving)
        self.own = frozenset(words.own)
        self.tails = frozenset(words.tails)
        self.open_head = next(h for h in rules.head if h.open)
        self.agreed = next(g for g in rules.governor if g.id == AGREED)

    def _read_structure(self, words: ProjectWords) -> None:
        """The words that show how a clause is built."""
        self.provisions = frozenset(words.provisions)
        self.self_acting = frozenset(words.self_acting)
        self.objectless = frozenset(words.objectless)
        self.describing = frozenset(words.describing)
        self.after = frozenset(words.after)
        self.helps = frozenset(words.helps)
        self.fronted = frozenset(words.fronted)
        self.outcomes = frozenset(words.outcomes)
        self.pronouns = frozenset(words.pronouns)
        self.occasions = frozenset(words.occasions)
        self.subjects = frozenset(words.subjects)
        self.ending_kinds = frozenset(words.ending_kinds)


def _nouns(rules: ProjectRules) -> list[tuple[str, Head]]:
    """Each noun with the first rule that has it."""
    found: dict[str, Head] = {}
    for head in rules.head:
        for phrase in head.phrases:
            found.setdefault(phrase, head)
    return list(found.items())


def with_plurals(nouns: Iterable[str]) -> list[str]:
    """Nouns in the singular and the plural."""
    return [form for noun in nouns for form in (noun, plural(noun))]


def _terms(rules: ProjectRules) -> Iterator[tuple[str, Term]]:
    """Every phrase that is looked for in the whole page, with its role."""
    words = rules.words
    yield from ((noun, Term(Role.HEAD, head)) for noun, head in _nouns(rules))
    yield from ((word, Term(Role.VERB, verb)) for word, verb in _verb_forms(rules))
    yield from ((phrase, Term(Role.STATE, cue)) for phrase, cue in _states(rules))
    plain = {
        Role.AGREEMENT: words.agreements,
        Role.MONEY: with_plurals(words.money),
        Role.PEOPLE: words.people,
        Role.LISTED: words.list_nouns,
        Role.COMMON: words.common,
        Role.BOTH: words.both_sides,
        Role.SIGN: {*words.means, *words.after, *words.outcomes, *_hyphened(words.made_by)},
    }
    yield from ((phrase, Term(role)) for role, phrases in plain.items() for phrase in phrases)


def _verb_forms(rules: ProjectRules) -> list[tuple[str, VerbForms]]:
    """Each word that may be a verb with all its forms, under the first rule that has it."""
    found: dict[str, VerbForms] = {}
    for rule in rules.verb:
        pairs = [(w, f) for row in rule.forms for f, w in zip(VERB_FORMS, row, strict=True)]
        pairs += [(n if n.endswith(" for") else f"{n} of", NOUN) for n in rule.nouns]
        for word, form in pairs:
            known = found.get(word, VerbForms(rule, frozenset()))
            found[word] = known._replace(forms=known.forms | {form})
    return list(found.items())


def _states(rules: ProjectRules) -> list[tuple[str, StateCue]]:
    behind = [(phrase, StateCue(s, inside=False)) for s in rules.state for phrase in s.behind]
    return behind + [(phrase, StateCue(s, inside=True)) for s in rules.state for phrase in s.inside]


def _hyphened(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"-{word}" for word in words)


def _inline(rules: ProjectRules) -> list[tuple[str, bool]]:
    """The openers of lists within a sentence; True for those that need semicolons."""
    words = rules.words
    loose = [(opener, True) for opener in words.inline_openers_of_clauses]
    return [(opener, False) for opener in words.inline_openers] + loose
