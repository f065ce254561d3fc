"""The words of ``rules/projects.toml``, ready to be found."""

from __future__ import annotations

from collections.abc import Iterable
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


class VerbForm(NamedTuple):
    """A form of a verb (base, third, past, participle, ing) or the noun of it."""

    rule: Verb
    form: str


class StateCue(NamedTuple):
    """Words that stand behind or inside a project's name."""

    rule: State
    inside: bool


class Lexicon:
    """Phrase tables for nouns, verbs, governors and states, and sets of single words."""

    def __init__(self, rules: ProjectRules) -> None:
        words = rules.words
        self.words = words
        self.heads: Phrases[Head] = Phrases(_nouns(rules))
        self.verbs: Phrases[VerbForm] = Phrases(_verb_forms(rules))
        self.governors: Phrases[Governor] = Phrases((c, g) for g in rules.governor for c in g.cues)
        self.states: Phrases[StateCue] = Phrases(_states(rules))
        self.agreements: Phrases[None] = Phrases((a, None) for a in words.agreements)
        self.people: Phrases[None] = Phrases((p, None) for p in words.people)
        self.both_sides: Phrases[None] = Phrases((p, None) for p in words.both_sides)
        self.payers: Phrases[None] = Phrases((p, None) for p in words.payers)
        self.list_nouns: Phrases[None] = Phrases((p, None) for p in words.list_nouns)
        self.list_openers: Phrases[None] = Phrases((p, None) for p in words.list_openers)
        self.titled: Phrases[None] = Phrases((p, None) for p in words.titled)
        self.signals: Phrases[None] = Phrases((w, None) for w in _signals(rules))
        self._read_names(words)
        self._read_words(rules)
        self._read_structure(words)

    def _read_names(self, words: ProjectWords) -> None:
        """What names are made of and what pays for things."""
        self.common_words: Phrases[None] = Phrases((w, None) for w in words.common)
        self.other_starts = frozenset(words.boundaries) - {
            *words.places,
            *words.determiners,
            *words.complements,
        }
        self.abstract = frozenset({*words.abstract, *map(plural, words.abstract)})
        self.money: Phrases[None] = Phrases((w, None) for w in with_plurals(words.money))
        self.help: Phrases[None] = Phrases((w, None) for w in words.help)
        self.made_by = tuple(f"-{word}" for word in words.made_by)
        self.envoys: Phrases[None] = Phrases((w, None) for w in words.envoys)
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
        self.complements = frozenset(words.complements)
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


def _verb_forms(rules: ProjectRules) -> list[tuple[str, VerbForm]]:
    found = []
    for rule in rules.verb:
        for row in rule.forms:
            for form, word in zip(VERB_FORMS, row, strict=True):
                found.append((word, VerbForm(rule, form)))
        for noun in rule.nouns:
            phrase = noun if noun.endswith(" for") else f"{noun} of"
            found.append((phrase, VerbForm(rule, NOUN)))
    return found


def _states(rules: ProjectRules) -> list[tuple[str, StateCue]]:
    behind = [(phrase, StateCue(s, inside=False)) for s in rules.state for phrase in s.behind]
    return behind + [(phrase, StateCue(s, inside=True)) for s in rules.state for phrase in s.inside]


def _signals(rules: ProjectRules) -> set[str]:
    """What tells of a project without a verb."""
    words = rules.words
    states = {w for state in rules.state for w in (*state.behind, *state.inside)}
    single = {*words.agreements, *words.means, *words.after, *words.outcomes, *words.list_nouns}
    return states | single | set(with_plurals(words.money)) | {f"-{w}" for w in words.made_by}


def _inline(rules: ProjectRules) -> list[tuple[str, bool]]:
    """The openers of lists within a sentence; True for those that need semicolons."""
    words = rules.words
    loose = [(opener, True) for opener in words.inline_openers_of_clauses]
    return [(opener, False) for opener in words.inline_openers] + loose
