"""Projects that a sentence announces as a list: bullets below it, or items behind "such as"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.records.page import Page, Sentence
from pipeline.records.phrases import Found
from pipeline.records.projects.dates import date_of
from pipeline.records.projects.draft import Draft
from pipeline.records.projects.hosts import is_owner
from pipeline.records.projects.lexicon import Lexicon, Role
from pipeline.records.projects.reading import Reading
from pipeline.records.projects.sides import Sides
from pipeline.records.projects.stages import Cue
from pipeline.records.projects.terms import Terms
from pipeline.records.report import Support
from pipeline.rulebook.projects import AGREED, Governor, Head

# An item is a name, no sentence.
_MOST_WORDS = 16
_ITEM = re.compile(r"\s*(?:;(?:\s+and\b)?|,\s+and\b|,)\s*")
# An item that is an act may stand far behind "projects": “…, such as reducing noise”.
_DOING = re.compile(r"\s*[a-z]+ing\b")
# What stands behind these is no part of the name of an item.
_BEHIND = re.compile(r" (?:at|in|for|on|of|to) ")
_LEADING = re.compile(r"(?:and|the|as well as)\s+", re.IGNORECASE)
_LIST = "projects/listed"


class ListReader:
    """Reads the drafts of the lists of a document."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._plurals = (*lexicon.words.list_nouns, "etc")
        self._tails = tuple(f" {tail}" for tail in lexicon.words.any_project)

    def read(self, page: Page, sentence: Sentence, sides: Sides, terms: Terms) -> list[Draft]:
        """The projects of the list that a sentence opens, if it opens one."""
        if not terms.has(Role.LISTED, sentence.start, sentence.end):
            return []
        return self.bullets(page, sentence, sides, terms) or self.inline(
            page, sentence, sides, terms
        )

    def bullets(self, page: Page, sentence: Sentence, sides: Sides, terms: Terms) -> list[Draft]:
        """The bullets below "the following five projects"."""
        openers = self._lexicon.list_openers.all(page.text, sentence.start, sentence.end)
        ends = page.text[sentence.start : sentence.end].rstrip().endswith((":", "."))
        nouns = terms.within(Role.LISTED, sentence.start, sentence.end)
        if not (openers and nouns and ends):
            return []
        items = list(_leaves(page, sentence.block))
        governor = self._governor(page, sentence.start, nouns[-1].end)
        if not items or governor is None:
            return []
        lead = Reading(page, sentence, self._lexicon, terms)
        noun = page.text[nouns[-1].start : nouns[-1].end].lower()
        found = []
        for index in items:
            block = page.blocks[index]
            if len(page.text_of(index).split()) <= _MOST_WORDS:
                item = Sentence(block.start, block.end, index)
                found.append(self._draft(lead, item, governor, noun, sides))
        return [d for d in found if d is not None]

    def inline(self, page: Page, sentence: Sentence, sides: Sides, terms: Terms) -> list[Draft]:
        """The items behind "projects such as"."""
        text = page.text
        nouns = terms.within(Role.LISTED, sentence.start, sentence.end)
        opener = self._opener(page, sentence, nouns[0].end) if nouns else None
        if opener is None or not self._speaks_of_projects(page, sentence, sides):
            return []
        governor = self._governor_near(page, sentence, sides)
        if governor is None and opener.item and _DOING.match(text, opener.end, sentence.end):
            governor = Found(nouns[0].start, opener.end, self._lexicon.agreed)
        if governor is None:
            return []
        lead = Reading(page, sentence, self._lexicon, terms)
        noun = text[nouns[0].start : nouns[0].end].lower()
        items = list(_split(text, opener.end, sentence.end))
        firsts = [(text[a:b].lower().split() or [""])[0] for a, b in items]
        if any(
            first in self._lexicon.boundaries - {"the", "a", "an", "and", "up"} for first in firsts
        ):
            return []
        found = [
            self._draft(lead, Sentence(start, end, sentence.block), governor, noun, sides)
            for start, end in items
        ]
        return [d for d in found if d is not None]

    def _opener(self, page: Page, sentence: Sentence, end: int) -> Found[bool] | None:
        """What opens a list behind its noun: "such as", or "include" with semicolons."""
        clauses = ";" in page.text[sentence.start : sentence.end]
        for hit in self._lexicon.inline.longest(page.text, end, sentence.end):
            near = len(page.text[end : hit.start].split()) <= 1
            if near and (clauses or not hit.item):
                return hit
            if (near or not hit.item) and _DOING.match(page.text, hit.end, sentence.end):
                return hit
        return None

    def _speaks_of_projects(self, page: Page, sentence: Sentence, sides: Sides) -> bool:
        start = _before(sentence, sides)
        nouns = self._lexicon.any_project
        return any(noun in page.text[start : sentence.end].lower() for noun in nouns)

    def _governor(self, page: Page, start: int, end: int) -> Found[Governor] | None:
        hits = self._lexicon.governors.longest(page.text, start, end)
        told = [h for h in hits if h.item.status in {"agreed", "proposed", "none"}]
        return told[-1] if told and told[-1].item.status != "none" else None

    def _governor_near(
        self, page: Page, sentence: Sentence, sides: Sides
    ) -> Found[Governor] | None:
        start = _before(sentence, sides)
        found = self._governor(page, start, sentence.end)
        if found is None:
            return self._will(page, start, sentence.end)
        return found

    def _will(self, page: Page, start: int, end: int) -> Found[Governor] | None:
        """“Key projects will include …”: what will happen has been agreed."""
        words = "|".join(self._lexicon.words.will)
        verb = re.compile(rf"\b(?:{words})\b").search(page.text, start, end)
        if verb is None:
            return None
        hopes = self._lexicon.governors.longest(page.text, start, verb.end())
        if any(h.item.status == "none" for h in hopes):
            return None
        return Found(*verb.span(), self._lexicon.agreed)

    def _draft(
        self, lead: Reading, item: Sentence, governor: Found[Governor], noun: str, sides: Sides
    ) -> Draft | None:
        page, cue = lead.page, _cue(lead, governor)
        countries = sides.of(lead, cue)
        start, end = _name(page.text, item.start, item.end, self._tails)
        words = page.text[start:end].lower().split()
        several = page.text[item.start : item.end].rstrip(" .;").lower().endswith(self._plurals)
        if not countries or not words or several:
            return None
        head = self._head(page.text, start, end)
        kind = (
            head.kind if head else ("research" if noun in self._lexicon.research_lists else "other")
        )
        rule = head.id if head else AGREED
        at = governor.start, governor.end
        return Draft(
            start=item.start,
            end=item.end,
            rule=rule,
            block=item.block,
            head=noun,
            thing=head.thing if head else False,
            points_back=False,
            general=False,
            kind=Support("kind", kind, start, end, rule, "list"),
            status=Support("status", governor.item.status, *at, governor.item.id, "list", _LIST),
            name=Support("name", page.text[start:end], start, end, rule, "list"),
            date=date_of(lead, cue, sides.layout),
            host=_host(page, item, _before(lead.sentence, sides)),
            countries=countries,
        )

    def _head(self, text: str, start: int, end: int) -> Head | None:
        """The last noun of an item that says more than "project"."""
        if text[start:end].split(" ", 1)[0].lower() in self._lexicon.improving:
            return None
        hits = self._lexicon.heads.longest(text, start, end)
        if hits:
            behind = _BEHIND.search(text, hits[0].end, end)
            hits = [h for h in hits if behind is None or h.start < behind.start()]
        usable = [h.item for h in hits if not h.item.weak or h.item.listed]
        return usable[-1] if usable else None


def _before(sentence: Sentence, sides: Sides) -> int:
    """Where the sentence before begins: in the same block, else the one that its block follows."""
    earlier = sides.layout.sentence_before(sentence)
    return earlier.start if earlier is not None else sentence.start


def _host(page: Page, item: Sentence, start: int) -> Support | None:
    """The country whose own things are listed: "strengthening Kenya’s academy"."""
    own = [m for m in page.within(page.countries, start, item.end) if is_owner(page.text, m)]
    if len({m.code for m in own}) != 1:
        return None
    m = own[-1]
    return Support("host", m.code, m.start, m.end, m.rule, "phrase")


def _cue(r: Reading, governor: Found[Governor]) -> Cue:
    first, last = r.at(governor.start), r.at(governor.end - 1) + 1
    return Cue(governor.item.status, first, last, governor.item.id, "list")


def _name(text: str, start: int, end: int, tails: tuple[str, ...]) -> tuple[int, int]:
    """An item without the word "project" at its end, marks and a leading "and"."""
    while end > start and text[end - 1] in " .;:,":
        end -= 1
    while start < end and text[start].isspace():
        start += 1
    leading = _LEADING.match(text, start, end)
    if leading:
        start = leading.end()
    for tail in tails:
        if text[start:end].lower().endswith(tail) and " " in text[start : end - len(tail)]:
            return start, end - len(tail)
    return start, end


def _split(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The items of an enumeration; semicolons separate them where there are any."""
    marks = list(_ITEM.finditer(text, start, end))
    if any(";" in m[0] for m in marks):
        marks = [m for m in marks if ";" in m[0]]
    position = start
    for mark in marks:
        yield position, mark.start()
        position = mark.end()
    yield position, end


def _leaves(page: Page, lead: int) -> Iterator[int]:
    """The bullets below a block that have no bullets below them."""
    run = []
    for index in range(lead + 1, len(page.blocks)):
        block = page.blocks[index]
        if block.boilerplate is not None:
            continue
        if block.kind != "bullet":
            break
        run.append(index)
    deepest = max((page.blocks[i].depth for i in run), default=0)
    yield from (i for i in run if page.blocks[i].depth == deepest)
