"""Names of institutions without a head word, told by what stands around them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pipeline.annotate.extents import RUN, Extents
from pipeline.annotate.page import WORD, Candidate, Page
from pipeline.rulebook.institutions import Shape, ShapeRules

Starts = Mapping[str, Sequence[int]]

_BETWEEN = ("between ", "Between ")
_APPOSED = (", a ", ", an ", ", the ", ", one of ", " (a ", " (an ", " (the ")
_DATELINE = re.compile(
    rf"^[A-Z][^\W\d_]+(?: [A-Z][^\W\d_]+)?(?: \[[A-Z]\w+\])?"
    rf"(?:, [A-Z][a-z]{{2,8}}\.? \d{{1,2}})? "
    rf"\(({RUN.pattern})\)(?: ?[-–—:])",
    re.MULTILINE,
)
_POSSESSIVE = re.compile(r"(?:[’']s?)? $")
# Words of an apposition before its noun; a preposition would begin the noun of something else.
_WORD = r"[\w’'&/-]+"
_NOT_WITHIN = r"(?:of|at|for|from|in|to|by|with|who|on) "
# Datelines stand within the first characters of a document.
_HEAD = 2_000
_LONGEST_APPOSED = 4
_MAX_LISTED = 12


class CueReader:
    """Reads companies and other bodies beside appositions, introductions, agreements and lists."""

    def __init__(self, rules: ShapeRules, extents: Extents) -> None:
        words = rules.words
        self._extents = extents
        self._barred = extents.left_ends | (extents.head_words - extents.company_heads)
        units = (h for r in rules.rule if r.kind == "department" for h in r.heads)
        self._not_introduced = extents.left_ends.union(units)
        self._structures = {r.id: r for r in rules.rule if r.position == "structure"}
        self._agreement_words = words.agreement_words
        self._introducers = words.company_introducers
        self._chiefs = words.chiefs
        self._such_as = words.list_openers
        self.triggers = (
            *_BETWEEN,
            *_APPOSED,
            *words.company_introducers,
            *words.chiefs,
            *words.list_openers,
        )
        nouns = "|".join(words.company_context)
        holders = "|".join(words.company_people)
        self._apposition = re.compile(
            rf"(?:, | \()(?:a|an|the|one of(?: the)?) (?:(?!{_NOT_WITHIN}){_WORD} ){{0,6}}?"
            rf"(?:{nouns})\b(?![ -](?:{holders})\b)"
        )
        self._introduced = re.compile(
            rf"(?<!Vice[ -])\b(?:{'|'.join(self._introducers)}) ({RUN.pattern})"
        )
        self._between = re.compile(
            rf"\b[Bb]etween (?:the )?({RUN.pattern})(?: \(\w+\))?,? and (?:the )?({RUN.pattern})"
        )
        listed = "|".join(words.listed_bodies)
        self._plural = re.compile(rf"(?:{listed})$")
        self._listed = re.compile(rf"\b(?:{listed})\b[^.;:()\n,]{{0,30}},?$")

    def find(self, page: Page, starts: Starts) -> Iterator[Candidate]:
        """The candidates at the triggers, whose positions are ``starts``, and in the dateline."""
        yield from self._by_apposition(page, starts)
        yield from self._by_introduction(page, starts)
        yield from self._by_chief(page, starts)
        yield from self._by_list(page, starts)
        yield from self._by_agreement(page, starts)
        yield from self._by_dateline(page)

    def _by_apposition(self, page: Page, starts: Starts) -> Iterator[Candidate]:
        """“X, a leading incubator in …”."""
        rule = self._structures["institutions/apposition"]
        for match in matches(self._apposition, page.text, starts, _APPOSED):
            left = self._extents.left(page, match.start())
            if left and len(left) <= _LONGEST_APPOSED:
                yield from page.company(left[-1].start, match.start(), rule)

    def _by_introduction(self, page: Page, starts: Starts) -> Iterator[Candidate]:
        """“the accelerator X”, “chipmaker X”."""
        rule = self._structures["institutions/introduced"]
        for match in matches(self._introduced, page.text, starts, self._introducers):
            start = match.start(1)
            end = self._extents.item(page, start)
            if end and self._not_introduced.isdisjoint(page.text[start:end].split()):
                yield from page.company(start, end, rule)

    def _by_chief(self, page: Page, starts: Starts) -> Iterator[Candidate]:
        """“X’s CEO”, “X CEO Jane Roe”."""
        rule = self._structures["institutions/chief"]
        for start, chief in ((s, c) for c in self._chiefs for s in starts.get(c, ())):
            if page.text[start + len(chief) : start + len(chief) + 1].isalnum():
                continue
            behind = _POSSESSIVE.search(page.text, max(0, start - 3), start)
            if not behind:
                continue
            end = behind.start()
            left = self._extents.left(page, end)
            if not left or len(left) > _LONGEST_APPOSED:
                continue
            if self._is_party(page, left[-1].start, end):
                yield from page.company(left[-1].start, end, rule)

    def _by_list(self, page: Page, starts: Starts) -> Iterator[Candidate]:
        """“companies such as A, B and C”."""
        rule = self._structures["institutions/listed"]
        for opener in self._such_as:
            for start in starts.get(opener, ()):
                if self._listed.search(page.text[max(0, start - 60) : start]):
                    yield from self._series(page, start + len(opener), rule)

    def _series(self, page: Page, position: int, rule: Shape) -> Iterator[Candidate]:
        position += 4 * page.text.startswith("the ", position)
        for count, (start, end) in enumerate(self._extents.items(page, position)):
            if count == _MAX_LISTED:
                return
            generic = self._plural.search(page.text, start, end)
            if not generic and self._is_party(page, start, end):
                yield from page.company(start, end, rule)

    def _by_agreement(self, page: Page, starts: Starts) -> Iterator[Candidate]:
        """“signed between A and B”: parties that are no countries are institutions."""
        rule = self._structures["institutions/between"]
        for match in matches(self._between, page.text, starts, _BETWEEN):
            line = page.line(match.start())
            if not any(word in line for word in self._agreement_words):
                continue
            for group in (1, 2):
                start = match.start(group)
                end = self._extents.item(page, start)
                if end and self._is_party(page, start, end):
                    yield from page.company(start, end, rule)

    def _by_dateline(self, page: Page) -> Iterator[Candidate]:
        """“NEW DELHI, Aug 3 (X) - …” at the start of a block."""
        for match in _DATELINE.finditer(page.text, 0, _HEAD):
            yield from page.company(*match.span(1), self._structures["institutions/dateline"])

    def _is_party(self, page: Page, start: int, end: int) -> bool:
        words = page.text[start:end].split()
        following = WORD.match(page.text, end + 1)
        if re.split("[.’']", words[0])[0] in self._extents.left_ends or "." in words[0]:
            return False
        if following and following[0] in self._extents.right_ends:
            return False
        return not any(w in self._barred for w in words)


def matches(
    pattern: re.Pattern[str],
    text: str,
    starts: Starts,
    triggers: Iterable[str],
) -> Iterator[re.Match[str]]:
    """The matches of a pattern at those of the found triggers that it may begin with."""
    for start in (s for trigger in triggers for s in starts.get(trigger, ())):
        if match := pattern.match(text, start):
            yield match
