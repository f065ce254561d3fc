"""Marks the lines that are no part of the document: by the rules, and titles that are repeated.

A mark removes a line from extraction, so every test is narrow: short lines, anchored patterns.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Final

from pipeline.ingest.lines import Line
from pipeline.ingest.published import date_line
from pipeline.rulebook.boilerplate import BoilerplateRule, IngestRules

_TOP: Final = 8
_BOTTOM: Final = 12
_ELLIPSIS: Final = ("…", "...")
_SECTION_LINE: Final = 160
_SECTION_LENGTH: Final = 40
_MENU: Final = 16
_MENU_ITEM: Final = 100
_MENU_KINDS: Final = frozenset({"navigation", "breadcrumb"})


def mark(lines: list[Line], rules: IngestRules) -> None:
    """Sets ``boilerplate`` on the lines that a rule or a repetition gives away."""
    _mark_repeated(lines)
    _mark_clock(lines)
    longest = max((rule.max_length for rule in rules.boilerplate), default=0)
    for i, line in enumerate(lines):
        if line.boilerplate is not None or len(line.text) > longest:
            continue
        if not _may_match(line.text, rules):
            continue
        rule = _matching(line, i, len(lines), rules)
        if rule is not None:
            line.boilerplate = rule.kind
            if rule.section:
                _mark_section(lines, i, rule.kind)
    _mark_menu(lines)


def _mark_clock(lines: Sequence[Line]) -> None:
    """A bare date above a posting line with another date: the day on which the page was copied."""
    top = lines[:_TOP]
    days = [(line, date_line(line.text)) for line in top]
    posted = next((found for _, found in days if found and found.posted), None)
    for line, found in days:
        if posted and found == posted:
            return
        if posted and found and found.day != posted.day and line.boilerplate is None:
            line.boilerplate = "navigation"


def _mark_menu(lines: Sequence[Line]) -> None:
    """A list of short items at the top of a page that holds one entry of a menu."""
    run: list[Line] = []
    for line in [*lines[:_MENU], None]:
        if line is not None and line.marker and len(line.text) <= _MENU_ITEM:
            run.append(line)
            continue
        if len(run) > 1 and any(item.boilerplate in _MENU_KINDS for item in run):
            for item in run:
                item.boilerplate = item.boilerplate or "navigation"
        run = []


def _may_match(text: str, rules: IngestRules) -> bool:
    if rules.begins_boilerplate.match(text):
        return True
    return rules.boilerplate_words.search(text.lower()) is not None


def _matching(line: Line, i: int, count: int, rules: IngestRules) -> BoilerplateRule | None:
    size, lower = len(line.text), line.text.lower()
    for rule in rules.boilerplate:
        if size > rule.max_length or (rule.needs and not any(w in lower for w in rule.needs)):
            continue
        if (rule.position == "top" and i >= _TOP) or (
            rule.position == "bottom" and i < count - _BOTTOM
        ):
            continue
        if rule.pattern.match(line.text):
            return rule
    return None


def _mark_section(lines: list[Line], start: int, kind: str) -> None:
    """The short lines below a heading such as "Related news", up to a heading or a sentence."""
    for line in lines[start + 1 : start + 1 + _SECTION_LENGTH]:
        ended = line.text.endswith((".", ":")) or len(line.text) > _SECTION_LINE
        if ended or line.kind == "heading" or line.boilerplate is not None:
            return
        line.boilerplate = kind


def _mark_repeated(lines: list[Line]) -> None:
    """A first line that the next one repeats, whole or cut off with an ellipsis."""
    top = [line for line in lines[:_TOP] if line.boilerplate is None]
    for first, second in itertools.pairwise(top):
        start = first.text
        for sign in _ELLIPSIS:
            start = start.removesuffix(sign).rstrip()
        cut = start != first.text and len(start) > 15 and second.text.startswith(start)
        same = (
            first.text.casefold() == second.text.casefold()
            and len(start) > 15
            and not start.endswith(".")
        )
        if cut or same:
            first.boilerplate = "repeated"
