"""Predicted against annotated agreements, meetings and projects, as the annotation guide says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz

from pipeline.edtf import parse
from pipeline.evaluate.scoring import Score, normalise

_SAME = 90
# A title is a free choice of words: this much in common makes it the same.
_SAME_TITLE = 70


@dataclass(frozen=True)
class Task:
    """Which fields of a kind of record are compared, and which make its core."""

    subject: str
    parties: str
    scalars: tuple[str, ...]
    lists: tuple[str, ...]
    core: tuple[str, ...]
    neighbours: tuple[frozenset[str], ...]


TASKS = (
    Task(
        "agreements",
        "parties",
        ("kind", "title", "status", "date", "place"),
        ("parties", "institutions", "topics"),
        ("kind", "parties", "status", "date"),
        (
            frozenset({"mou", "moc", "agreement", "protocol", "contract", "framework"}),
            frozenset({"agreement", "trade_agreement", "framework"}),
            frozenset({"joint_statement", "joint_declaration", "declaration_of_intent"}),
            frozenset({"declaration_of_intent", "mou", "moc"}),
            frozenset({"framework", "action_plan", "joint_declaration", "joint_statement"}),
        ),
    ),
    Task(
        "meetings",
        "countries",
        ("kind", "name", "ordinal", "status", "date", "place"),
        ("countries",),
        ("kind", "countries", "status", "date"),
        (
            frozenset({"working_group", "dialogue", "bilateral_meeting", "ministerial"}),
            frozenset({"summit", "ministerial", "bilateral_meeting", "conference"}),
            frozenset({"conference", "seminar", "roundtable", "exhibition", "dialogue"}),
            frozenset({"visit", "bilateral_meeting"}),
            frozenset({"ceremony", "conference"}),
            frozenset({"ceremony", "bilateral_meeting"}),
        ),
    ),
    Task(
        "projects",
        "countries",
        ("kind", "name", "host", "status", "date"),
        ("countries", "institutions"),
        ("kind", "host", "status", "date"),
        (
            frozenset({"centre", "data_centre", "facility", "body"}),
            frozenset({"software", "network", "data_centre", "pilot"}),
            frozenset({"training", "research", "study", "pilot", "other"}),
            frozenset({"facility", "network", "software", "other"}),
        ),
    ),
)


@dataclass(frozen=True)
class RecordResult:
    """One kind of record on one document: three scores, one for each field, and what went wrong."""

    found: Score
    slots: Score
    exact: Score
    fields: dict[str, Score]
    missed: tuple[dict[str, Any], ...]
    false: tuple[dict[str, Any], ...]
    wrong: tuple[tuple[dict[str, Any], dict[str, Any], tuple[str, ...]], ...]


def score_records(
    task: Task, predicted: Sequence[dict[str, Any]], gold: Sequence[dict[str, Any]]
) -> RecordResult:
    """The result of one kind of record on one document."""
    pairs = align(task, predicted, gold)
    matched_rows = {i for i, _ in pairs}
    matched_gold = {j for _, j in pairs}
    fields = {name: Score() for name in (*task.scalars, *task.lists)}
    exact, wrong = 0, []
    for i, j in pairs:
        for name in fields:
            fields[name] += _field_score(name, predicted[i], gold[j])
        bad = tuple(n for n in task.core if not _same(n, predicted[i], gold[j]))
        exact += not bad
        if bad:
            wrong.append((predicted[i], gold[j], bad))
    for i, row in enumerate(predicted):
        if i not in matched_rows:
            for name in fields:
                fields[name] += Score(0, len(_values(row, name)), 0)
    for j, record in enumerate(gold):
        if j not in matched_gold:
            for name in fields:
                fields[name] += Score(0, 0, len(_values(record, name)))
    return RecordResult(
        found=Score(len(pairs), len(predicted), len(gold)),
        slots=sum(fields.values(), Score()),
        exact=Score(exact, len(predicted), len(gold)),
        fields=fields,
        missed=tuple(g for j, g in enumerate(gold) if j not in matched_gold),
        false=tuple(r for i, r in enumerate(predicted) if i not in matched_rows),
        wrong=tuple(wrong),
    )


def align(
    task: Task, predicted: Sequence[dict[str, Any]], gold: Sequence[dict[str, Any]]
) -> list[tuple[int, int]]:
    """One-to-one pairs of indices, the most similar pair first."""
    scored = [
        (similarity(task, row, record), i, j)
        for i, row in enumerate(predicted)
        for j, record in enumerate(gold)
        if may_pair(task, row, record)
    ]
    pairs: list[tuple[int, int]] = []
    rows: set[int] = set()
    records: set[int] = set()
    for _, i, j in sorted(scored, key=lambda s: (-s[0], s[1], s[2])):
        if i not in rows and j not in records:
            pairs.append((i, j))
            rows.add(i)
            records.add(j)
    return sorted(pairs)


def may_pair(task: Task, row: dict[str, Any], record: dict[str, Any]) -> bool:
    """Same or neighbouring kind, a common party where both have any, no conflicting year."""
    one, other = row["kind"], record["kind"]
    if one != other and not any({one, other} <= family for family in task.neighbours):
        return False
    parties, wanted = _values(row, task.parties), _values(record, task.parties)
    if parties and wanted and not parties & wanted:
        return False
    return not _years_conflict(row.get("date"), record.get("date"))


def similarity(task: Task, row: dict[str, Any], record: dict[str, Any]) -> float:
    """The sum over the fields of how far two records agree."""
    total = 0.0
    for name in (*task.scalars, *task.lists):
        one, other = _values(row, name), _values(record, name)
        if name in {"title", "name"}:
            total += 2 * _title_similarity(row.get(name), record.get(name)) / 100
        elif one or other:
            score = _field_score(name, row, record)
            total += score.f1
    return total


def _title_similarity(one: str | None, other: str | None) -> float:
    if not one or not other:
        return 50.0 if not one and not other else 0.0
    return float(fuzz.token_set_ratio(normalise(one), normalise(other)))


def _years_conflict(one: str | None, other: str | None) -> bool:
    if not one or not other:
        return False
    first, second = parse(one), parse(other)
    return first.first.year > second.last.year or second.first.year > first.last.year


def _values(record: dict[str, Any], name: str) -> set[str]:
    value = record.get(name)
    if value is None:
        return set()
    return {str(v) for v in value} if isinstance(value, list | tuple) else {str(value)}


def _same(name: str, row: dict[str, Any], record: dict[str, Any]) -> bool:
    score = _field_score(name, row, record)
    return score.matched == score.predicted == score.annotated


def _field_score(name: str, row: dict[str, Any], record: dict[str, Any]) -> Score:
    one, other = _values(row, name), _values(record, name)
    if name in {"title", "name"}:
        both = bool(one and other)
        same = both and _title_similarity(row[name], record[name]) >= _SAME_TITLE
        return Score(int(same), len(one), len(other))
    if name in {"institutions", "place"}:
        return Score(_fuzzy_matches(one, other), len(one), len(other))
    return Score((Counter(one) & Counter(other)).total(), len(one), len(other))


def _fuzzy_matches(one: Iterable[str], other: Iterable[str]) -> int:
    free = list(other)
    matched = 0
    for value in sorted(one):
        hit = next(
            (f for f in free if fuzz.token_sort_ratio(normalise(value), normalise(f)) >= _SAME),
            None,
        )
        if hit is not None:
            free.remove(hit)
            matched += 1
    return matched
