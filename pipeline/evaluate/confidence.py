"""How often each rule is right on annotated documents: the counts behind every confidence.

A mention is right when its normalised value is annotated for its document, a value of a record
when the aligned annotated record has it, a record when it is aligned.
"""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.errors import OutputError
from pipeline.evaluate.record_scoring import TASKS, Task, align, score_records
from pipeline.evaluate.scoring import normalise
from pipeline.rulebook.book import RuleBook
from pipeline.rulebook.confidence import (
    COLUMNS,
    FILE,
    MENTION_STEP,
    RECORD_STEP,
    Confidence,
    Counts,
    counted_as,
)
from pipeline.schema import MENTION_TABLES

if TYPE_CHECKING:
    from pipeline.evaluate import Evaluation, Scored

# The bins of the reliability table: predicted confidence from … to below.
BINS = ((0.0, 0.5), (0.5, 0.7), (0.7, 0.8), (0.8, 0.9), (0.9, 0.95), (0.95, 1.01))


class Outcome(NamedTuple):
    """One thing that a rule found in a document, and whether gold has it.

    ``task`` is the mention table or the subject (agreements …), ``rule`` the id in the tables.
    """

    doc: str
    task: str
    rule: str
    step: str
    right: bool


@dataclass(frozen=True)
class Bin:
    """The outcomes whose predicted confidence lies in [``low``, ``high``)."""

    low: float
    high: float
    found: int
    right: int
    predicted: float

    @property
    def precision(self) -> float:
        """The measured part that is right."""
        return self.right / self.found if self.found else 0.0


def outcomes(evaluation: Evaluation) -> list[Outcome]:
    """Every mention, every record and every value of one, in the order of the documents."""
    found: list[Outcome] = []
    for scored in evaluation.documents:
        found += mention_outcomes(scored)
        found += record_outcomes(scored)
    return found


def mention_outcomes(scored: Scored) -> Iterator[Outcome]:
    """The outcome of each mention of a document."""
    doc = scored.predicted.doc_id
    for table in MENTION_TABLES:
        for row, right in judge_mentions(scored, table):
            yield Outcome(doc, table, row["rule"], MENTION_STEP, right)


def judge_mentions(scored: Scored, table: str) -> list[tuple[dict[str, Any], bool]]:
    """The rows of a mention table, each with whether its value is annotated."""
    rows = scored.predicted.rows[table]
    false = Counter(scored.results[table].false)
    values = _values(table, rows)
    if table == "dates":
        surfaces = frozenset(date.text for date in scored.gold.dates)
        return _judge_each(rows, values, false, surfaces)
    return [(row, value not in false) for row, value in zip(rows, values, strict=True)]


def _judge_each(
    rows: Sequence[dict[str, Any]],
    values: Sequence[str],
    false: Counter[str],
    surfaces: frozenset[str],
) -> list[tuple[dict[str, Any], bool]]:
    """Each occurrence counts: of too many equal values those with another text are the wrong ones."""
    left = Counter(false)
    wrong: set[int] = set()
    for index in sorted(range(len(rows)), key=lambda i: (rows[i]["text"] in surfaces, -i)):
        if left[values[index]] > 0:
            left[values[index]] -= 1
            wrong.add(index)
    return [(row, index not in wrong) for index, row in enumerate(rows)]


def _values(table: str, rows: Sequence[dict[str, Any]]) -> list[str]:
    """The value of each row as the scoring lists it; mentions of one entity share one."""
    if table == "countries":
        return [row["code"] for row in rows]
    if table == "dates":
        return [row["edtf"] for row in rows]
    if table == "figures":
        return [f"{r['value']:.10g} {normalise(r['unit']) or r['unit']}" for r in rows]
    if table == "people":
        keys = [normalise(row["name"]) for row in rows]
        shown = {key: str(row["name"]) for key, row in zip(keys, rows, strict=True)}
    else:
        keys = [row["institution_id"] for row in rows]
        shown = {
            key: f"{r['name']} [{r['acronym'] or ''} {r['country'] or ''}]"
            for key, r in zip(keys, rows, strict=True)
        }
    return [shown[key] for key in keys]


def record_outcomes(scored: Scored) -> Iterator[Outcome]:
    """The outcome of each record of a document and of each value that supports it."""
    doc = scored.predicted.doc_id
    evidence: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in scored.predicted.rows.get("evidence", ()):
        evidence[row["record_id"]].append(row)
    for task in TASKS:
        for report, gold in aligned_reports(scored, task):
            yield Outcome(doc, task.subject, report["rule"], RECORD_STEP, gold is not None)
            for support in evidence[report["report_id"]]:
                if support["field"] in (*task.scalars, *task.lists):
                    right = gold is not None and value_is_right(task, report, gold, support)
                    yield Outcome(doc, task.subject, support["rule"], support["step"], right)


def aligned_reports(
    scored: Scored, task: Task
) -> list[tuple[dict[str, Any], dict[str, Any] | None]]:
    """The reports of a subject, each with the annotated record it is aligned with, or None."""
    rows = scored.predicted.rows[f"{task.subject[:-1]}_reports"]
    gold = getattr(scored.gold, task.subject)
    pairs = dict(align(task, rows, gold))
    return [(row, gold[pairs[i]] if i in pairs else None) for i, row in enumerate(rows)]


def value_is_right(
    task: Task, report: dict[str, Any], gold: dict[str, Any], support: dict[str, Any]
) -> bool:
    """Whether the annotated record has the value that ``support``, a row of evidence, gives."""
    field, value = support["field"], support["value"]
    alone = report | {field: [value] if field in task.lists else value}
    return score_records(task, [alone], [gold]).fields[field].matched > 0


def count(found: Iterable[Outcome], locations: Mapping[str, str]) -> Counts:
    """(right, found) by rule and step; the rules of a registry are counted together."""
    counts: dict[tuple[str, str], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for outcome in found:
        key = (counted_as(outcome.rule, locations.get(outcome.rule)), outcome.step)
        right, total = counts[key]
        counts[key] = (right + outcome.right, total + 1)
    return dict(counts)


def confidence_csv(counts: Counts) -> str:
    """The content of ``rules/confidence.csv``."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows((*key, right, found) for key, (right, found) in sorted(counts.items()))
    return out.getvalue()


def write_confidence(evaluation: Evaluation, book: RuleBook, rules: Path) -> tuple[Path, int]:
    """Writes the counts of an evaluation into a rule folder, at once or not at all.

    The path and the number of rows. Raises OutputError when it can't be written.
    """
    counts = count(outcomes(evaluation), book.locations)
    path = rules / FILE
    beside = path.with_name(f".{FILE}.new")
    try:
        beside.write_text(confidence_csv(counts), encoding="utf-8", newline="")
        beside.replace(path)
    except OSError as error:
        raise OutputError(
            f"can't be written ({error.strerror})", where=str(path), fix="check its permissions"
        ) from error
    return path, len(counts)


def held_out(
    found: Sequence[Outcome], locations: Mapping[str, str]
) -> Iterator[tuple[Outcome, float]]:
    """Each outcome with the confidence that the counts of all other documents give it."""
    totals = count(found, locations)
    by_doc: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in found:
        by_doc[outcome.doc].append(outcome)
    for own in by_doc.values():
        others = Confidence(_without(totals, count(own, locations)))
        for outcome in own:
            rule = counted_as(outcome.rule, locations.get(outcome.rule))
            yield outcome, others.of(rule, outcome.step)


def _without(totals: Counts, own: Counts) -> Counts:
    left = {}
    for key, (right, found) in totals.items():
        minus = own.get(key, (0, 0))
        if found > minus[1]:
            left[key] = (right - minus[0], found - minus[1])
    return left


def reliability(pairs: Iterable[tuple[Outcome, float]]) -> list[Bin]:
    """Predicted confidence against measured precision, by bin; bins without an outcome are left out."""
    grouped: dict[tuple[float, float], list[tuple[bool, float]]] = {bounds: [] for bounds in BINS}
    for outcome, confidence in pairs:
        bounds = next(b for b in BINS if b[0] <= confidence < b[1])
        grouped[bounds].append((outcome.right, confidence))
    return [
        Bin(low, high, len(g), sum(r for r, _ in g), sum(c for _, c in g) / len(g))
        for (low, high), g in grouped.items()
        if g
    ]


def brier(pairs: Sequence[tuple[Outcome, float]]) -> float:
    """The mean squared distance between confidence and truth; less is better."""
    return sum((c - o.right) ** 2 for o, c in pairs) / len(pairs) if pairs else 0.0
