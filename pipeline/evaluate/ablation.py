"""What the scores of records are without a component: a context step, a family of rules."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pipeline.evaluate.quality import MEASURES
from pipeline.evaluate.record_scoring import TASKS, Task, score_records
from pipeline.evaluate.scoring import Predicted, Score

Drop = Callable[[Mapping[str, Any]], bool]


@dataclass(frozen=True)
class Ablation:
    """A component to switch off: the values that ``drops`` names are taken out afterwards.

    Another step that could have filled the gap isn't asked again, so the figures tell what a
    component contributes as things are, and at most what would be lost without it.
    ``instead`` "commonest" puts the commonest value of the field in the place of what was dropped.
    """

    name: str
    about: str
    drops: Drop
    instead: Literal["nothing", "commonest"] = "nothing"


def without_step(step: str) -> Ablation:
    """Without the values that were found at a context step."""
    return Ablation(f"step:{step}", f"values found at the step {step}", lambda e: e["step"] == step)


def without_rules(family: str) -> Ablation:
    """Without the values that rules of a family (``topics``, ``status`` …) made."""
    return Ablation(
        f"rules:{family}",
        f"values that the rules {family}/… made",
        lambda e: e["rule"].partition("/")[0] == family,
    )


def without_field(field: str) -> Ablation:
    """Without the values of a field."""
    return Ablation(f"field:{field}", f"values of {field}", lambda e: e["field"] == field)


def with_commonest(field: str) -> Ablation:
    """With the commonest value of a field everywhere, as if nothing in the text decided it."""
    return Ablation(
        f"commonest:{field}",
        f"every record has the commonest {field}",
        lambda e: e["field"] == field,
        "commonest",
    )


def ablated(documents: Sequence[Predicted], ablation: Ablation) -> list[Predicted]:
    """The predictions without what an ablation drops; a record without its kind goes as a whole."""
    return [_ablated(one, ablation, _commonest(documents)) for one in documents]


def _commonest(documents: Iterable[Predicted]) -> dict[tuple[str, str], str]:
    """The commonest value by table and field."""
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for predicted in documents:
        for row in predicted.rows.get("evidence", ()):
            counts[row["table"], row["field"]][row["value"]] += 1
    return {key: min(c, key=lambda v: (-c[v], v)) for key, c in counts.items()}


def _ablated(
    predicted: Predicted, ablation: Ablation, commonest: Mapping[tuple[str, str], str]
) -> Predicted:
    rows = dict(predicted.rows)
    evidence: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows.get("evidence", ()):
        evidence[row["record_id"]].append(row)
    for task in TASKS:
        table = f"{task.subject[:-1]}_reports"
        fill = {f: v for (t, f), v in commonest.items() if t == table}
        if ablation.instead == "nothing":
            fill = {}
        reduced = (
            _reduced(task, row, evidence[row["report_id"]], ablation.drops, fill)
            for row in rows.get(table, ())
        )
        rows[table] = [row for row in reduced if row is not None]
    return Predicted(predicted.doc_id, predicted.text, rows)


def _reduced(
    task: Task,
    report: dict[str, Any],
    evidence: Sequence[dict[str, Any]],
    drops: Drop,
    fill: Mapping[str, str],
) -> dict[str, Any] | None:
    """A report with the values that are left; None when its kind is gone."""
    kept: dict[str, list[str]] = defaultdict(list)
    for row in evidence:
        kept[row["field"]] += [] if drops(row) else [row["value"]]
    left = dict(report)
    for name, values in kept.items():
        if len(values) == sum(row["field"] == name for row in evidence):
            continue
        remaining = values or ([fill[name]] if name in fill else [])
        left[name] = sorted(set(remaining)) if name in task.lists else next(iter(remaining), None)
    return left if left["kind"] is not None else None


def record_scores(pairs: Iterable[tuple[Any, Predicted]]) -> dict[str, Score]:
    """The record scores of (gold document, prediction) pairs, by ``subject.measure``."""
    totals: dict[str, Score] = defaultdict(Score)
    for gold, predicted in pairs:
        for task in TASKS:
            rows = predicted.rows[f"{task.subject[:-1]}_reports"]
            result = score_records(task, rows, getattr(gold, task.subject))
            for measure in MEASURES:
                totals[f"{task.subject}.{measure}"] += getattr(result, measure)
    return dict(totals)
