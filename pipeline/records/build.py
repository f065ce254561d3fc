"""All reports of an annotated document."""

from __future__ import annotations

from collections.abc import Callable

from spacy.tokens import Doc

from pipeline.records.agreements import AgreementFinder
from pipeline.records.meetings import MeetingFinder
from pipeline.records.page import Page
from pipeline.records.projects import ProjectFinder
from pipeline.records.report import Report
from pipeline.rulebook.book import RuleBook


def record_builder(rules: RuleBook) -> Callable[[Doc], list[Report]]:
    """A function from an annotated Doc to its reports, in the order of their place in the text."""
    agreements = AgreementFinder(rules)
    meetings = MeetingFinder(rules)
    projects = ProjectFinder(rules)

    def build(doc: Doc) -> list[Report]:
        page = Page.of(doc)
        signed = agreements.find(page)
        held = meetings.find(page, signed)
        built = projects.find(page, signed)
        return sorted([*signed, *held, *built], key=lambda r: (r.start, r.end, r.subject))

    return build
