"""Projects that a document reports: centres, training, software … with the words that say so."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.records.page import Page
from pipeline.records.projects.chosen import Chooser
from pipeline.records.projects.draft import Draft
from pipeline.records.projects.layout import Layout, pieces
from pipeline.records.projects.lexicon import Lexicon
from pipeline.records.projects.lists import ListReader
from pipeline.records.projects.reading import Reading
from pipeline.records.projects.sentences import read_sentence
from pipeline.records.projects.sides import FOREIGN_BODY, Sides
from pipeline.records.projects.terms import Terms
from pipeline.records.projects.unite import report, unite
from pipeline.records.report import Report
from pipeline.rulebook.book import RuleBook


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
        terms = Terms(page, self._lexicon)
        if not terms.heads and not terms.verbs:
            return []
        sides = Sides(page, self._lexicon, Layout(page))
        titles = [(v.start, v.end) for a in agreements for v in a.values if v.field == "title"]
        chosen = Chooser(page, terms, self._lexicon, sides).sentences()
        drafts: list[Draft] = []
        listed: set[int] = set()
        for sentence in pieces(page.text, chosen):
            if sentence.start in listed:
                continue
            items = self._lists.read(page, sentence, sides, terms)
            listed |= {item.start for item in items}
            if not items:
                reading = Reading(page, sentence, self._lexicon, terms, titles)
                items = read_sentence(reading, sides)
            drafts += items
        return [report(d) for d in unite(page, drafts) if len(d.codes) > 1 or d.with_body]


def _names_two(page: Page) -> bool:
    """Whether a document names two countries at all."""
    sides = {c.code for c in page.countries}
    sides |= {i.country for i in page.institutions if i.country}
    return len(sides) > 1 or any(i.kind == FOREIGN_BODY for i in page.institutions)


__all__ = ["ProjectFinder"]
