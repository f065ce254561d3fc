"""Projects that a document reports: centres, training, software … with the words that say so."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence

from pipeline.records.page import Page, Sentence
from pipeline.records.projects.draft import Draft
from pipeline.records.projects.layout import Layout, pieces
from pipeline.records.projects.lexicon import Lexicon
from pipeline.records.projects.lists import ListReader
from pipeline.records.projects.reading import Reading
from pipeline.records.projects.sentences import read_sentence
from pipeline.records.projects.sides import FOREIGN_BODY, Sides
from pipeline.records.projects.unite import report, unite
from pipeline.records.report import Report
from pipeline.rulebook.book import RuleBook
from pipeline.rulebook.projects import Head

# A noun before the acronym of its name is no longer than this.
_NAME = 60
_DEFINED = re.compile(r" \(([A-Z][A-Za-z&-]{1,8}[A-Z])\)")


class ProjectFinder:
    """Finds the projects of a document.

    A noun of ``projects.toml`` with a verb or state that says how far it got opens a draft; drafts
    of one project are merged, and one without two countries is none.
    """

    def __init__(self, rules: RuleBook) -> None:
        self._lexicon = Lexicon(rules.projects)
        self._lists = ListReader(self._lexicon)

    def find(self, page: Page, agreements: Sequence[Report] = ()) -> list[Report]:
        """The reports of a page, merged: one for each project that the document tells of.

        What is named like one of the ``agreements`` is that agreement, unless it is built.
        """
        if not _names_two(page):
            return []
        acronyms = self._acronyms(page)
        sentences = self._sentences(page, acronyms)
        if not sentences:
            return []
        layout = Layout(page)
        sides = Sides(page, self._lexicon, layout)
        if not sides.pair:
            told = _told_blocks(page, layout)
            sentences = [s for s in sentences if s.block in told]
        titles = [(v.start, v.end) for a in agreements for v in a.values if v.field == "title"]
        drafts: list[Draft] = []
        listed: set[int] = set()
        for sentence in pieces(page.text, sentences):
            if sentence.start in listed:
                continue
            items = self._lists.read(page, sentence, sides)
            listed |= {item.start for item in items}
            reading = Reading(page, sentence, self._lexicon, acronyms, titles)
            drafts += items or read_sentence(reading, sides)
        return [report(d) for d in unite(page, drafts) if len(d.codes) > 1 or d.with_body]

    def _acronyms(self, page: Page) -> dict[str, Head]:
        """The acronyms that the document defines behind nouns: "Training Program (TCTP)"."""
        found: dict[str, Head] = {}
        for defined in _DEFINED.finditer(page.text):
            start = max(0, defined.start() - _NAME)
            hits = self._lexicon.heads.longest(page.text, start, defined.start())
            if hits and hits[-1].end == defined.start():
                found.setdefault(defined[1], hits[-1].item)
        return found

    def _sentences(self, page: Page, acronyms: Iterable[str]) -> list[Sentence]:
        """The sentences outside headings that hold a trigger, once each."""
        starts = [hit.start for hit in self._lexicon.triggers.all(page.text)]
        if acronyms:
            short = re.compile(rf"\b(?:{'|'.join(map(re.escape, acronyms))})\b")
            starts += [m.start() for m in short.finditer(page.text)]
        found: list[Sentence] = []
        for start in sorted(starts):
            if found and start < found[-1].end:
                continue
            sentence = page.sentence_at(start)
            if sentence is not None and page.blocks[sentence.block].kind != "heading":
                found.append(sentence)
        return found


def _told_blocks(page: Page, layout: Layout) -> set[int]:
    """The blocks that name a country, or whose group or heading does: no other has a project."""
    starts = [b.start for b in page.blocks]
    named = {bisect_right(starts, c.start) - 1 for c in page.countries}
    named |= {bisect_right(starts, i.start) - 1 for i in page.institutions if i.country}
    groups = {page.blocks[index].group for index in named if index >= 0}
    return {
        index
        for index, block in enumerate(page.blocks)
        if block.group in groups or layout.headings[index] in named
    }


def _names_two(page: Page) -> bool:
    """Whether a document names two countries at all."""
    sides = {c.code for c in page.countries}
    sides |= {i.country for i in page.institutions if i.country}
    return len(sides) > 1 or any(i.kind == FOREIGN_BODY for i in page.institutions)


__all__ = ["ProjectFinder"]
