"""Scores and errors as lines for the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

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
