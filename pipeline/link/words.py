"""The words that the linking stage reads titles and names with, made from the rule book."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from pipeline.rulebook.book import RuleBook
from pipeline.rulebook.institutions import Institution
from pipeline.rulebook.linking import LinkRules

_WORD = re.compile(r"[^\W_]+")
_ACRONYM = re.compile(r"\(((?=[^)]*[A-Z][^)]*[A-Z])[A-Z][A-Za-z&-]{1,9})\)|\b([A-Z]{4,10})\b")
_SHORTEST_STEM = 4


@dataclass(frozen=True)
class LinkWords:
    """What `resolve` needs of the rule book.

    ``geographic`` are words of the names of countries and their people; ``fillers`` the words by
    subject that titles aren't told apart by; ``families`` (subject, kind) → name; ``together``
    pairs of kinds that may be one thing.
    """

    rules: LinkRules
    registry: Mapping[str, Institution]
    geographic: frozenset[str]
    country_names: frozenset[str]
    fillers: Mapping[str, frozenset[str]]
    families: Mapping[tuple[str, str], str]
    together: frozenset[tuple[str, str]]
    worldwide: frozenset[str]

    def content(self, subject: str, text: str, known: Iterable[str] = ()) -> frozenset[str]:
        """The stems of what a title or name is about, without names in ``known``."""
        for name in sorted(known, key=len, reverse=True):
            text = text.replace(name, " ")
        found = (w.casefold() for w in _WORD.findall(self._prefix.sub(r"\1", text)))
        skip = self.fillers[subject]
        return frozenset(
            stem(w) for w in found if len(w) > 1 and w not in skip and w not in self.geographic
        )

    def acronyms(self, text: str, parties: Iterable[str] = ()) -> frozenset[str]:
        """The acronyms that name this very instrument: “(SADEA)”; not those of institutions."""
        found = (a or b for a, b in _ACRONYM.findall(text))
        plain = {a.casefold() for a in found}
        sides = {p.casefold() for p in parties}
        return frozenset(plain - self._common - self.geographic - self._institutional - sides)

    def may_be_one(self, subject: str, one: str, other: str) -> bool:
        """Whether releases use the two kinds for one thing."""
        return one == other or (one, other) in self.together or subject == ""

    def lines(self, institution: str) -> frozenset[str]:
        """An institution with all its predecessors."""
        if institution not in self._lines:
            self._lines[institution] = frozenset(self._ancestors(institution))
        return self._lines[institution]

    def body(self, text: str) -> str | None:
        """The kind of body that a meeting's name tells."""
        low = f" {text.casefold()} "
        return next((b.name for b in self.rules.body for w in b.words if f" {w} " in low), None)

    def subject_of(self, name: str, sentence: str) -> str:
        """What stands behind a body's name in its sentence: “on cyber security”."""
        at = sentence.find(name)
        if at < 0:
            return ""
        rest = sentence[at + len(name) : at + len(name) + 120]
        found = self._about.match(rest)
        return found["what"] if found else ""

    @cached_property
    def _about(self) -> re.Pattern[str]:
        openers = "|".join(map(re.escape, sorted(self.rules.about, key=len, reverse=True)))
        ends = "|".join(map(re.escape, self.rules.about_ends))
        return re.compile(
            rf"\s(?:{openers})\s(?P<what>(?:(?!(?:{ends})\b)[\w&-]+\s?){{1,5}})", re.IGNORECASE
        )

    @cached_property
    def _prefix(self) -> re.Pattern[str]:
        """“e-government”, “co-operation”: what stands before the hyphen belongs to the word."""
        found = "|".join(map(re.escape, self.rules.prefixes))
        return re.compile(rf"\b({found})[-\u2010\u2011](?=[^\W\d_])", re.IGNORECASE)

    @cached_property
    def _institutional(self) -> frozenset[str]:
        return frozenset(i.acronym.casefold() for i in self.registry.values() if i.acronym)

    @cached_property
    def _common(self) -> frozenset[str]:
        return frozenset(self.rules.common_acronyms)

    @cached_property
    def _lines(self) -> dict[str, frozenset[str]]:
        return {}

    def _ancestors(self, institution: str) -> set[str]:
        found: set[str] = set()
        todo = [institution]
        while todo:
            one = todo.pop()
            if one not in found:
                found.add(one)
                todo += self.registry[one].predecessors if one in self.registry else ()
        return found


def link_words(book: RuleBook) -> LinkWords:
    """The words of a rule book."""
    rules = book.linking
    countries = book.geography.countries
    names = [n for c in countries for n in c.names]
    people = [n for c in countries for n in c.demonyms]
    geographic = {w.casefold() for n in (*names, *people) for w in _WORD.findall(n)}
    common = frozenset(rules.fillers)
    return LinkWords(
        rules=rules,
        registry={i.id: i for i in book.institutions.registry},
        geographic=frozenset(geographic),
        country_names=frozenset(n.casefold() for n in names),
        fillers={
            "agreement": common,
            "meeting": common | frozenset(rules.meeting_fillers),
            "project": common | frozenset(rules.project_fillers),
        },
        families={(f.subject, k): f.name for f in rules.family for k in f.kinds},
        together=frozenset(
            chain.from_iterable((p, p[::-1]) for f in rules.family for p in f.together)
        ),
        worldwide=frozenset(r.id for r in book.agreements.rule if r.worldwide),
    )


def stem(word: str) -> str:
    """The word without the endings of plurals and of -tion, -ing, -al; enough to compare titles."""
    for ending, instead in (("ies", "y"), ("ses", "s"), ("s", "")):
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM - 1:
            if ending == "s" and word.endswith(("ss", "us", "is")):
                break
            return word[: -len(ending)] + instead
    return word
