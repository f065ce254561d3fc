"""Scores and errors as lines for the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pipeline.evaluate.record_scoring import TASKS, Task
from pipeline.schema import MENTION_TABLES

if TYPE_CHECKING:
    from pipeline.evaluate import Evaluation, Scored

_CONTEXT = 45
_NAME = 46


def score_lines(evaluation: Evaluation) -> Iterator[str]:
    """F1 of each task by document, then precision, recall and F1 in total."""
    yield _line("document", *(task for task in MENTION_TABLES))
    for scored in evaluation.documents:
        cells = (
            f"{scored.results[task].score.f1:.2f}"
            if scored.results[task].score != type(scored.results[task].score)()
            else "·"
            for task in MENTION_TABLES
        )
        yield _line(scored.gold.doc, *cells)
    yield ""
    for measure in ("precision", "recall", "f1"):
        values = (getattr(evaluation.total(task), measure) for task in MENTION_TABLES)
        yield _line(measure, *(f"{value:.3f}" for value in values))
    yield _line("annotated", *(str(evaluation.total(task).annotated) for task in MENTION_TABLES))


def record_lines(evaluation: Evaluation) -> Iterator[str]:
    """For each kind of record: found, slots and exact in total, then F1 of every field."""
    for task in TASKS:
        scores = {m: evaluation.record_total(task.subject, m) for m in ("found", "slots", "exact")}
        cells = (
            f"{m} {s.f1:.3f} (p {s.precision:.2f} r {s.recall:.2f})" for m, s in scores.items()
        )
        yield f"\n{task.subject.ljust(12)}{'   '.join(cells)}   annotated {scores['found'].annotated}"
        fields = (
            f"{name} {evaluation.field_total(task.subject, name).f1:.2f}"
            for name in (*task.scalars, *task.lists)
        )
        yield " " * 12 + "  ".join(fields)


def record_error_lines(evaluation: Evaluation) -> Iterator[str]:
    """Every missed (-), false (+) and partly wrong (~) record."""
    for task in TASKS:
        yield f"\n{task.subject}"
        for scored in evaluation.documents:
            result = scored.records[task.subject]
            if result.missed or result.false or result.wrong:
                yield f"  {scored.gold.doc}"
            for record in result.missed:
                yield f"    - {_facts(task, record)}\n        {record.get('evidence', '')[:200]}"
            for row in result.false:
                yield f"    + {_facts(task, row)}  {row['rule']}\n        {row['text'][:200]!r}"
            for row, record, bad in result.wrong:
                yield f"    ~ {', '.join(bad)}: {_facts(task, row)}\n      gold {_facts(task, record)}"


def _facts(task: Task, record: dict[str, Any]) -> str:
    values = (record.get(name) for name in (*task.scalars, *task.lists))
    return " | ".join("·" if v in (None, []) else str(v) for v in values)


def _line(name: str, *cells: str) -> str:
    name = name if len(name) <= _NAME else "…" + name[1 - _NAME :]
    return name.ljust(_NAME) + "".join(cell.rjust(13) for cell in cells)


def error_lines(evaluation: Evaluation) -> Iterator[str]:
    """Every miss (-) and false alarm (+), the latter with its context and rule."""
    for task in MENTION_TABLES:
        yield f"\n{task}"
        for scored in evaluation.documents:
            result = scored.results[task]
            if result.missed or result.false:
                yield f"  {scored.gold.doc}"
            yield from (f"    - {item}{_where(scored, item)}" for item in result.missed)
            for item in result.false:
                yield f"    + {item}{_context(scored, task, item)}"


def _where(scored: Scored, item: str) -> str:
    """The text around the first occurrence of what was missed."""
    surface = item.split(" [", maxsplit=1)[0]
    for date in scored.gold.dates:
        if date.edtf == item:
            surface = date.text
    for figure in scored.gold.figures:
        if item.startswith(f"{figure.value:.10g} "):
            surface = figure.text
    start = scored.predicted.text.find(surface)
    return _around(scored.predicted.text, start, start + len(surface)) if start >= 0 else ""


def _context(scored: Scored, task: str, item: str) -> str:
    row = next((r for r in scored.predicted.rows[task] if _shows(task, r, item)), None)
    if row is None:
        return ""
    return f"{_around(scored.predicted.text, row['start'], row['end'])}  {row['rule']}"


def _shows(task: str, row: dict[str, Any], item: str) -> bool:
    key = {"countries": "code", "dates": "edtf", "institutions": "name", "people": "name"}.get(task)
    if key is None:
        return item.startswith(f"{row['value']:.10g} ")
    value = str(row[key])
    return item == value or item.startswith(value + " [")


def _around(text: str, start: int, end: int) -> str:
    before, after = text[max(0, start - _CONTEXT) : start], text[end : end + _CONTEXT]
    return "   …" + " ".join(f"{before}»{text[start:end]}«{after}…".split())
