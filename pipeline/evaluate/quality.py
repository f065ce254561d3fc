"""Scores as numbers with a name, and the tables of them in ``docs/quality.md``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from pipeline.errors import GoldError
from pipeline.evaluate.record_scoring import TASKS
from pipeline.evaluate.scoring import Score
from pipeline.schema import MENTION_TABLES

if TYPE_CHECKING:
    from pipeline.evaluate import Evaluation

MEASURES = ("found", "slots", "exact")
_DIGITS = 4


def scores(evaluation: Evaluation) -> dict[str, float]:
    """F1 of each mention table, and of found, slots and exact of each kind of record."""
    found = {table: evaluation.total(table).f1 for table in MENTION_TABLES}
    for task in TASKS:
        for measure in MEASURES:
            found[f"{task.subject}.{measure}"] = evaluation.record_total(task.subject, measure).f1
    return {key: round(value, _DIGITS) for key, value in found.items()}


def filled(page: str, block: str, lines: Iterable[str]) -> str:
    """The page with what stands between the markers of ``block`` replaced; raises GoldError."""
    begin, end = f"<!-- begin {block} -->", f"<!-- end {block} -->"
    before, found, rest = page.partition(begin)
    _, ended, after = rest.partition(end)
    if not found or not ended:
        raise GoldError(f"the page has no markers {begin} … {end}", fix="put them back")
    return "\n".join([before + begin, *lines, end + after])


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """A table in Markdown: the first column to the left, numbers to the right."""
    yield f"| {' | '.join(head)} |"
    yield f"|---|{'---:|' * (len(head) - 1)}"
    for row in rows:
        yield f"| {' | '.join(map(str, row))} |"


def score_table(evaluation: Evaluation) -> Iterator[str]:
    """Precision, recall and F1 of mentions; found, slots and exact of records; F1 of each field."""
    rows = [(table, *_cells(evaluation.total(table))) for table in MENTION_TABLES]
    yield from markdown_table(("mentions", "precision", "recall", "F1", "annotated"), rows)
    yield ""
    rows = [
        (f"{task.subject}: {measure}", *_cells(evaluation.record_total(task.subject, measure)))
        for task in TASKS
        for measure in MEASURES
    ]
    yield from markdown_table(("records", "precision", "recall", "F1", "annotated"), rows)
    yield ""
    for task in TASKS:
        fields = (
            f"{name} {evaluation.field_total(task.subject, name).f1:.2f}"
            for name in (*task.scalars, *task.lists)
        )
        yield f"F1 of the fields of {task.subject}: {' · '.join(fields)}\n"


def _cells(score: Score) -> tuple[str, str, str, str]:
    return (
        f"{score.precision:.3f}",
        f"{score.recall:.3f}",
        f"{score.f1:.3f}",
        f"{score.annotated:,}",
    )
