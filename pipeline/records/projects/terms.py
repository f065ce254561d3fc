"""What the rules find in a page: one pass over its text, for all its sentences."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

from pipeline.records.page import Page
from pipeline.records.phrases import Found
from pipeline.records.projects.lexicon import Lexicon, Role, StateCue, Term, VerbForms
from pipeline.rulebook.projects import Head

_DEFINED = re.compile(r" \(([A-Z][A-Za-z&-]{1,8}[A-Z])\)")
# Making a named tuple without its keyword handling takes half the time.
_new = tuple.__new__


class Terms:
    """The phrases of a page by their role, in order."""

    def __init__(self, page: Page, lexicon: Lexicon) -> None:
        self._page = page
        self._found = _by_role(lexicon.terms.all(page.text))
        self._starts = {role: [hit[0] for hit in hits] for role, hits in self._found.items()}
        self.heads: Sequence[Found[Head]] = self._found[Role.HEAD]
        self.verbs: Sequence[Found[VerbForms]] = self._found[Role.VERB]

    def within(self, role: Role, start: int, end: int) -> list[Found[Any]]:
        """The phrases of a role that begin in ``text[start:end]``."""
        starts = self._starts[role]
        return self._found[role][bisect_left(starts, start) : bisect_left(starts, end)]

    def heads_in(self, start: int, end: int) -> list[Found[Head]]:
        """The nouns of projects."""
        return self.within(Role.HEAD, start, end)

    def verbs_in(self, start: int, end: int) -> list[Found[VerbForms]]:
        """The verbs that tell of projects."""
        return self.within(Role.VERB, start, end)

    def states_in(self, start: int, end: int) -> list[Found[StateCue]]:
        """The states of projects."""
        return self.within(Role.STATE, start, end)

    def has(self, role: Role, start: int, end: int) -> bool:
        """Whether a phrase of a role begins in ``text[start:end]``."""
        starts = self._starts[role]
        index = bisect_left(starts, start)
        return index < len(starts) and starts[index] < end

    def has_sign(self, start: int, end: int) -> bool:
        """Whether an agreement or money in ``text[start:end]`` may be for a project."""
        return self.has(Role.AGREEMENT, start, end) or self.has(Role.MONEY, start, end)

    @cached_property
    def acronyms(self) -> dict[str, Head]:
        """The acronyms that the document defines behind nouns: "Training Program (TCTP)"."""
        ends = {hit.end: hit.item for hit in self.heads}
        found: dict[str, Head] = {}
        for end, acronym in self._defined:
            if end in ends:
                found.setdefault(acronym, ends[end])
        return found

    @cached_property
    def pacts(self) -> frozenset[str]:
        """The acronyms that the document defines behind agreements: "Reef Deal (RD)"."""
        ends = {hit.end for hit in self._found[Role.AGREEMENT]}
        return frozenset(acronym for end, acronym in self._defined if end in ends)

    @cached_property
    def _defined(self) -> list[tuple[int, str]]:
        """What stands in capitals between brackets, with the place before it."""
        return [(m.start(), m[1]) for m in _DEFINED.finditer(self._page.text)]


def _by_role(hits: Iterable[Found[Term]]) -> dict[Role, list[Found[Any]]]:
    """The leftmost longest hits of each role; those of one phrase all stay."""
    kept: dict[Role, list[Found[Any]]] = {role: [] for role in Role}
    for start, end, (role, item) in hits:
        row = kept[role]
        if not row or start >= row[-1][1] or row[-1][:2] == (start, end):
            row.append(_new(Found, (start, end, item)))
    return kept
