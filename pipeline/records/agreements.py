"""Agreements that a document reports."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.records.page import Page
from pipeline.records.report import Report
from pipeline.rulebook.book import RuleBook


class AgreementFinder:
    """Finds the agreements of a document."""

    def __init__(self, rules: RuleBook) -> None:
        self._rules = rules

    def find(self, page: Page, agreements: Sequence[Report] = ()) -> list[Report]:
        """The reports of a page, merged: one for each agreement that the document tells of."""
        return []
