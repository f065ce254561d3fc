"""All reports of an annotated document."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from pipeline.records.agreements import AgreementFinder
from pipeline.records.meetings import MeetingFinder
from pipeline.records.page import Page
from pipeline.records.projects import ProjectFinder
from pipeline.records.report import Report
from pipeline.records.validity import ValidityFinder
from pipeline.rulebook.book import RuleBook

if TYPE_CHECKING:
    from spacy.tokens import Doc


def record_builder(rules: RuleBook) -> Callable[[Doc], list[Report]]:
    """A function from an annotated Doc to its reports, in the order of their place in the text."""
    build = page_builder(rules)
    return lambda doc: build(Page.of(doc))


def page_builder(rules: RuleBook) -> Callable[[Page], list[Report]]:
    """A function from a page to its reports; it needs nothing of spaCy."""
    agreements = AgreementFinder(rules)
    meetings = MeetingFinder(rules)
    projects = ProjectFinder(rules)
    add_validity = ValidityFinder(rules.validity)

    def build(page: Page) -> list[Report]:
        if not _names_two_sides(page):
            return meetings.journey(page) if page.countries else []
        signed = agreements.find(page)
        held = meetings.find(page, signed)
        built = projects.find(page, signed)
        signed = add_validity(page, signed)
        return sorted([*signed, *held, *built], key=lambda r: (r.start, r.end, r.subject))

    return build


def _names_two_sides(page: Page) -> bool:
    """Whether a document names two countries or worldwide bodies, its publisher's included.

    Cooperation has two sides: most domestic texts are told from others by this alone.
    """
    sides = {mention.code for mention in page.countries}
    sides |= {body.institution_id for body in page.institutions if body.kind == "intergovernmental"}
    return len((sides | {page.document.source_country}) - {None}) > 1
