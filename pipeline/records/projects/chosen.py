"""Which sentences of a document are read: those with a noun or a named object, and two sides."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from pipeline.records.page import Page, Sentence
from pipeline.records.phrases import Found
from pipeline.records.projects.layout import Layout
from pipeline.records.projects.lexicon import Role, VerbForms
from pipeline.records.projects.sides import FOREIGN_BODY, Sides
from pipeline.records.projects.terms import Terms

_ITEMS = frozenset({"bullet", "table_row"})
# What may be the subject of any verb.
_ACTOR = "body"
# So far from an act its object begins.
_NEAR = 48
_DEFINITE = re.compile(r"\b(?:th(?:e|is|at|ese|ose|eir)|its|said) ", re.IGNORECASE)
# Two capitals, a coined word or a price: what may be the name of an object.
_NAME = re.compile(
    r"[A-Z][\w’'&-]*,? (?:(?:and|of|for|in|the) ){0,2}[A-Z]|[a-z][A-Z]|[A-Z]{3}|[$€£¥₹]"
)


def chosen(page: Page, terms: Terms, sides: Sides) -> list[Sentence]:
    """The sentences that hold a trigger and may have two sides, in order."""
    found: list[Sentence] = []
    told = _told_blocks(page, sides)
    for start in sorted(_triggers(page.text, terms)):
        if found and start < found[-1].end:
            continue
        sentence = page.sentence_at(start)
        if sentence is None or sentence.block not in told:
            continue
        if not _has_act(page, terms, sentence):
            continue
        if sides.may_have(sentence, terms) or (found and _may_point_back(page, terms, sentence)):
            found.append(sentence)
    return found


def _may_point_back(page: Page, terms: Terms, sentence: Sentence) -> bool:
    """Whether a noun may mean a project told of before: “the new centre”."""
    text, (start, end, _) = page.text, sentence
    return any(
        _DEFINITE.search(text, max(start, hit.start - _NEAR), hit.start)
        for hit in terms.heads_in(start, end)
    )


def _has_act(page: Page, terms: Terms, sentence: Sentence) -> bool:
    """Whether a verb, or a word that stands for one, may tell of a thing; items need none."""
    start, end, block = sentence
    if page.blocks[block].kind in _ITEMS or terms.has(Role.VERB, start, end):
        return True
    if any(hit.item.kind == _ACTOR for hit in terms.heads_in(start, end)):
        return True
    return terms.has_sign(start, end)


def _triggers(text: str, terms: Terms) -> Iterator[int]:
    """Where nouns, acronyms, openers of lists, and acts with a named object stand."""
    yield from (hit.start for hit in terms.heads)
    yield from (hit.start for hit in terms.within(Role.LISTED, 0, len(text)))
    for hit in terms.verbs:
        rule = hit.item.rule
        if rule.kind or (rule.opens and _may_open(text, hit, terms)):
            yield hit.start
    if terms.acronyms:
        short = re.compile(rf"\b(?:{'|'.join(map(re.escape, terms.acronyms))})\b")
        yield from (m.start() for m in short.finditer(text))


def _may_open(text: str, hit: Found[VerbForms], terms: Terms) -> bool:
    """Whether what stands beside an act may be a name, or is common to the parties."""
    before, behind = max(0, hit.start - _NEAR), min(len(text), hit.end + _NEAR)
    if _NAME.search(text, hit.end, behind) or terms.has(Role.COMMON, hit.end, behind):
        return True
    passive = "participle" in hit.item.forms
    return passive and _NAME.search(text, before, hit.start) is not None


def _told_blocks(page: Page, sides: Sides) -> set[int]:
    """The blocks in which two sides may be meant; no other has a project."""
    named = _codes(page)
    groups: dict[int, set[str]] = {}
    for index, codes in named.items():
        groups.setdefault(page.blocks[index].group, set()).update(codes)
    return {
        index
        for index, block in enumerate(page.blocks)
        if _is_told(groups.get(block.group, set()), _heading(named, sides.layout, index), sides)
    }


def _is_told(codes: set[str], heading: set[str], sides: Sides) -> bool:
    """Whether the codes of a group and of its heading, with what the document says, make two."""
    if sides.pair:
        return True
    if FOREIGN_BODY in codes:
        return True
    both = codes | heading
    return len(both) > 1 or (bool(both) and sides.home is not None)


def _heading(named: dict[int, set[str]], layout: Layout, index: int) -> set[str]:
    above = layout.headings[index]
    return named.get(above, set()) if above is not None else set()


def _codes(page: Page) -> dict[int, set[str]]:
    """The countries and worldwide bodies of each block that has any."""
    starts = [b.start for b in page.blocks]
    found: dict[int, set[str]] = {}
    for mention in page.countries:
        found.setdefault(bisect_right(starts, mention.start) - 1, set()).add(mention.code)
    for body in page.institutions:
        code = FOREIGN_BODY if body.kind == FOREIGN_BODY else body.country
        if code:
            found.setdefault(bisect_right(starts, body.start) - 1, set()).add(code)
    return found
