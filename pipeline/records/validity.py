"""How long an instrument holds, as the text says it: “valid for three years from signature”.

    add = ValidityFinder(book.validity)
    reports = add(page, reports)   # agreement reports with valid_for, valid_until, in_force, renewal

The values are Supports beside those of the report's own fields, so they are rows of ``evidence`` with
their characters and rule; ``detail`` is the stage that a length of time is counted from, or the
stage that the sentence tells of (extended).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from pipeline.records.page import Page, Sentence
from pipeline.records.phrases import Found, Phrases
from pipeline.records.report import Report, Support
from pipeline.rulebook.validity import ValidityRule, ValidityRules

# How far behind its phrase a date or an anchor may stand, and how far back “it” may point.
_DATE_REACH = 24
_ANCHOR_REACH = 60
_BACK = 700
_DATED = {"until": "valid_until", "since": "in_force"}


class _Statement(NamedTuple):
    """A value at ``text[start:end]`` and the rule that read it."""

    field: str
    value: str
    start: int
    end: int
    rule: ValidityRule
    detail: str | None


class ValidityFinder:
    """Adds to the agreement reports of a document what it says of their validity."""

    def __init__(self, rules: ValidityRules) -> None:
        self._rules = rules
        self._cues = Phrases((cue, rule) for rule in rules.rule for cue in rule.cues)
        self._subjects = Phrases((word, None) for word in rules.subjects)
        self._others = Phrases((word, None) for word in rules.not_subjects)
        self._anchors = Phrases(rules.anchors.items())
        self._length = _length_pattern(rules)

    def __call__(self, page: Page, reports: Sequence[Report]) -> list[Report]:
        """The reports, those of agreements with their validity."""
        agreements = [r for r in reports if r.subject == "agreement"]
        if not agreements:
            return list(reports)
        added: dict[int, list[Support]] = {}
        for sentence, statement in self._statements(page):
            report = _meant(agreements, sentence, statement)
            if report is not None:
                same = sentence.start <= report.end and sentence.end >= report.start
                step = "sentence" if same else "anaphora"
                added.setdefault(id(report), []).append(_support(statement, step))
        return [_with(report, added.get(id(report), [])) for report in reports]

    def _statements(self, page: Page) -> Iterator[tuple[Sentence, _Statement]]:
        for hit in self._cues.all(page.text):
            sentence = page.sentence_at(hit.start)
            if sentence is None or hit.end > sentence.end:
                continue
            if self._is_about_one(page.text, sentence, hit):
                found = self._read(page, sentence, hit)
                if found:
                    yield sentence, found

    def _is_about_one(self, text: str, sentence: Sentence, hit: Found[ValidityRule]) -> bool:
        """Whether an instrument stands before the phrase and nothing else that may hold."""
        if not self._subjects.all(text, sentence.start, hit.start):
            return False
        if self._others.all(text, sentence.start, hit.start):
            return False
        low = text[sentence.start : sentence.end].lower()
        words = set(re.findall(r"\w+", low))
        return not hit.item.needs or any(word in words for word in hit.item.needs)

    def _read(self, page: Page, sentence: Sentence, hit: Found[ValidityRule]) -> _Statement | None:
        rule = hit.item
        if rule.says == "renews":
            return _Statement("renewal", "automatic", hit.start, hit.end, rule, None)
        if rule.says == "unlimited":
            return _Statement("valid_for", "unlimited", hit.start, hit.end, rule, None)
        if rule.says in _DATED:
            return _date(page, sentence, hit)
        return self._for(page.text, sentence, hit)

    def _for(self, text: str, sentence: Sentence, hit: Found[ValidityRule]) -> _Statement | None:
        found = self._length.match(text, hit.end, sentence.end)
        if not found:
            return None
        word = found["number"].lower()
        number = int(word) if word.isdigit() else self._rules.numbers[word]
        value = f"P{number}{self._rules.units[found['unit'].lower()]}"
        end = min(sentence.end, found.end() + _ANCHOR_REACH)
        anchors = self._anchors.all(text, found.end(), end)
        stage = min(anchors, key=lambda a: a.start).item if anchors else None
        detail = hit.item.stage or stage
        return _Statement("valid_for", value, hit.start, found.end(), hit.item, detail)


def _length_pattern(rules: ValidityRules) -> re.Pattern[str]:
    """“a further period of five (5) years”: at most one of each filler, so it is linear."""
    numbers = "|".join(sorted(rules.numbers, key=len, reverse=True))
    units = "|".join(sorted(rules.units, key=len, reverse=True))
    return re.compile(
        r"\s{0,2}(?:(?:a|an|another|the)\s)?(?:(?:further|additional|initial|first|next)\s)?"
        rf"(?:(?:period|term|duration)\sof\s)?(?P<number>\d{{1,2}}|{numbers})(?:\s?\(\w{{1,9}}\))?"
        rf"[\s-](?:more\s|calendar\s)?(?P<unit>{units})\b",
        re.IGNORECASE,
    )


def _date(page: Page, sentence: Sentence, hit: Found[ValidityRule]) -> _Statement | None:
    dates = page.within(page.dates, hit.end, min(sentence.end, hit.end + 3 * _DATE_REACH))
    date = next((d for d in dates if d.start - hit.end <= _DATE_REACH), None)
    if date is None:
        return None
    value = str(date.interval)
    field = _DATED[hit.item.says]
    return _Statement(field, value, hit.start, date.end, hit.item, hit.item.stage)


def _meant(
    agreements: Sequence[Report], sentence: Sentence, statement: _Statement
) -> Report | None:
    """The agreement that a statement is about: the one named last before it, not too far back."""
    places = [
        (value.start, index)
        for index, report in enumerate(agreements)
        for value in report.values
        if value.field in {"title", "kind"} and value.start < statement.start
    ]
    places += [(r.start, i) for i, r in enumerate(agreements) if r.start < statement.start]
    within = [p for p in places if p[0] >= sentence.start]
    near = within or [p for p in places if p[0] >= statement.start - _BACK]
    if near:
        return agreements[max(near)[1]]
    return agreements[0] if len(agreements) == 1 else None


def _support(statement: _Statement, step: str) -> Support:
    return Support(
        statement.field, statement.value, statement.start, statement.end,
        statement.rule.id, step, statement.detail,
    )  # fmt: skip


def _with(report: Report, added: Sequence[Support]) -> Report:
    """The report with the first statement of each field."""
    if not added:
        return report
    firsts = {s.field: s for s in reversed(added)}
    return msgspec.structs.replace(report, values=(*report.values, *firsts.values()))
