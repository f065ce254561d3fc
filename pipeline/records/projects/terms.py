"""The nouns and verbs of the rules in a page, found once for all its sentences."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property
from typing import Generic, TypeVar

from pipeline.records.page import Page
from pipeline.records.phrases import Found
from pipeline.records.projects.lexicon import Lexicon, VerbForm
from pipeline.rulebook.projects import Head

T = TypeVar("T")
_DEFINED = re.compile(r" \(([A-Z][A-Za-z&-]{1,8}[A-Z])\)")


class Hits(Generic[T]):
    """The phrases found in a page, by place."""

    def __init__(self, found: Sequence[Found[T]]) -> None:
        self.found = found
        self._starts = [hit[0] for hit in found]

    def within(self, start: int, end: int) -> Sequence[Found[T]]:
        """Those that begin in ``text[start:end]``."""
        return self.found[bisect_left(self._starts, start) : bisect_left(self._starts, end)]


class Terms:
    """The nouns, verbs and acronyms of a page."""

    def __init__(self, page: Page, lexicon: Lexicon) -> None:
        self._page, self._lexicon = page, lexicon
        self.heads: Hits[Head] = Hits(lexicon.heads.longest(page.text))

    @cached_property
    def verbs(self) -> Hits[VerbForm]:
        """The verbs of the rules."""
        return Hits(self._lexicon.verbs.longest(self._page.text))

    @cached_property
    def acronyms(self) -> dict[str, Head]:
        """The acronyms that the document defines behind nouns: "Training Program (TCTP)"."""
        ends = {hit.end: hit.item for hit in self.heads.found}
        found: dict[str, Head] = {}
        for defined in _DEFINED.finditer(self._page.text):
            if defined.start() in ends:
                found.setdefault(defined[1], ends[defined.start()])
        return found
