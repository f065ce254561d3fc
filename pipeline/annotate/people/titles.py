"""Honorifics, heads of roles and cues in one pass over the text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import ahocorasick_rs

from pipeline.rulebook.people import PeopleRule, PeopleRules

_ROLES = frozenset({"role", "weak_role", "plural_role"})
# Shorter words are not sought in capitals: they would be acronyms.
_MIN_UPPER = 4


class TitleHit(NamedTuple):
    """A title or cue at ``text[start:end]``; ``lower`` when it is written in lower case."""

    start: int
    end: int
    rule: PeopleRule
    lower: bool

    @property
    def is_honorific(self) -> bool:
        """Whether this is a form of address."""
        return self.rule.kind == "honorific"

    @property
    def is_role(self) -> bool:
        """Whether this is the head of a role."""
        return self.rule.kind in _ROLES


class TitleTable:
    """Finds all words of the rules at word boundaries, the longest where several start."""

    def __init__(self, rules: PeopleRules) -> None:
        entries: dict[str, tuple[PeopleRule, bool]] = {}
        for rule in rules.rule:
            for word in rule.words:
                for form, lower in _forms(word, rule):
                    entries.setdefault(form, (rule, lower))
        self._entries = list(entries.values())
        self._automaton = ahocorasick_rs.AhoCorasick(
            list(entries),
            matchkind=ahocorasick_rs.MatchKind.LeftmostLongest,
            implementation=ahocorasick_rs.Implementation.DFA,
        )

    def find(self, text: str) -> list[TitleHit]:
        """The hits in order, without overlaps."""
        return list(self._hits(text))

    def _hits(self, text: str) -> Iterator[TitleHit]:
        size = len(text)
        for index, start, end in self._automaton.find_matches_as_indexes(text):
            if start and _joins(text[start - 1]):
                continue
            if end < size and text[end].isalnum() and text[end - 1] != ".":
                continue
            rule, lower = self._entries[index]
            yield TitleHit(start, end, rule, lower)


def _joins(character: str) -> bool:
    return character.isalnum() or character == "_"


def _forms(word: str, rule: PeopleRule) -> Iterator[tuple[str, bool]]:
    """The word as it is written, in capitals, and for a role in lower case."""
    yield word, word.islower() and rule.kind in _ROLES
    if len(word) >= _MIN_UPPER and rule.kind in {*_ROLES, "honorific"}:
        yield word.upper(), False
    if rule.kind in _ROLES and not word.isupper():
        yield word.lower(), True
