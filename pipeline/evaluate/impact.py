"""What an edit of the rules changes in the tables and in the scores, before it is committed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import RuleError
from pipeline.evaluate import evaluate, predict
from pipeline.evaluate.compare import IDS, MAKERS, PLACE, Change, Record, TableImpact, compare_all
from pipeline.evaluate.quality import scores
from pipeline.evaluate.revisions import OTHER_BASE, base_rules
from pipeline.evaluate.rule_stats import read_documents
from pipeline.evaluate.scoring import Predicted
from pipeline.rulebook.book import RuleBook, load_rulebook

__all__ = ["Impact", "base_rules", "impact_lines", "measure_impact"]


@dataclass(frozen=True)
class Impact:
    """What another rule book changes: ``files`` of the rules, rows by table, scores by gold set.

    ``texts`` counts the documents whose text itself differs, as rules of ingest can make it.
    """

    base: str
    files: tuple[str, ...]
    documents: int
    texts: int
    tables: dict[str, TableImpact]
    scores: dict[str, dict[str, tuple[float, float]]]

    def as_dict(self, examples: int) -> dict[str, Any]:
        """The changes for JSON, with at most ``examples`` rows of each kind and table."""
        return {
            "base": self.base,
            "files": list(self.files),
            "documents": self.documents,
            "texts_changed": self.texts,
            "tables": {
                name: {"rows": one.rows, "other_rule_or_confidence": one.makers}
                | {kind: len(one.of(kind)) for kind in ("added", "removed", "changed")}
                | {"examples": [_plain(c) for k in _KINDS for c in one.of(k)[:examples]]}
                for name, one in self.tables.items()
            },
            "scores": {
                gold: {key: {"before": a, "after": b} for key, (a, b) in found.items()}
                for gold, found in self.scores.items()
            },
        }


_KINDS = ("added", "removed", "changed")
_SIGNS = {"added": "+", "removed": "-", "changed": "~"}


def measure_impact(
    base: Path, rules: Path, raws: Sequence[Path], golds: Sequence[Path], *, name: str
) -> Impact:
    """What the rules of ``rules`` change against those of ``base`` on the documents of ``raws``."""
    old, new = _load_base(base, name), load_rulebook(rules)
    before, after = dict(_predicted(old, raws)), dict(_predicted(new, raws))
    return Impact(
        base=name,
        files=_changed_files(old, new),
        documents=len(after),
        texts=sum(k in before and before[k].text != p.text for k, p in after.items()),
        tables=compare_all(before, after),
        scores={str(gold): _both_scores(gold, raws, base, rules) for gold in golds},
    )


def _load_base(base: Path, name: str) -> RuleBook:
    try:
        return load_rulebook(base)
    except RuleError as error:
        raise RuleError(
            f"this version of the code can't read the rules of {name}: {error.what}",
            where=f"{name}: {error.where.replace(str(base), 'rules')}",
            fix=OTHER_BASE,
        ) from error


def _predicted(book: RuleBook, raws: Iterable[Path]) -> Iterator[tuple[str, Predicted]]:
    documents = list(read_documents(raws, book))
    return ((p.doc_id, p) for p in predict(book, documents))


def _changed_files(old: RuleBook, new: RuleBook) -> tuple[str, ...]:
    one = {file.name: file.sha256 for file in old.files}
    other = {file.name: file.sha256 for file in new.files}
    return tuple(n for n in sorted(one.keys() | other.keys()) if one.get(n) != other.get(n))


def _both_scores(
    gold: Path, raws: Sequence[Path], base: Path, rules: Path
) -> dict[str, tuple[float, float]]:
    before, after = (scores(evaluate(gold, raws, folder)) for folder in (base, rules))
    return {key: (before[key], after[key]) for key in after}


def impact_lines(impact: Impact, examples: int) -> Iterator[str]:
    """The summary first, then examples of each kind of change, then the scores."""
    files = ", ".join(f"rules/{name}" for name in impact.files) or "no file"
    yield f"rules against {impact.base}: {files} changed; {impact.documents:,} documents"
    if impact.texts:
        yield f"{impact.texts:,} documents have another text: their rows are compared without place"
    yield f"\n{'table':<22}{'rows':>9}{'added':>9}{'removed':>9}{'changed':>9}{'only rule':>11}"
    for name, one in impact.tables.items():
        counts = Counter(change.kind for change in one.changes)
        cells = "".join(f"{counts[kind]:>9,}" for kind in _KINDS)
        yield f"{name:<22}{one.rows:>9,}{cells}{one.makers:>11,}"
    for name, one in impact.tables.items():
        yield from _example_lines(name, one, examples)
    for gold, found in impact.scores.items():
        yield from _score_lines(gold, found)


def _example_lines(name: str, impact: TableImpact, examples: int) -> Iterator[str]:
    if impact.changes and examples:
        yield f"\n{name}"
    for kind in _KINDS:
        changes = impact.of(kind)
        yield from (f"  {_SIGNS[kind]} {_told(c)}" for c in changes[:examples])
        if examples and len(changes) > examples:
            yield f"    … {len(changes) - examples:,} more {kind} (--examples N)"


def _told(change: Change) -> str:
    row = change.after or change.before or {}
    where = f"{row['doc_id']}  {_short(row['text'])!r}  "
    if change.kind == "changed" and change.before and change.after:
        return where + "; ".join(
            f"{name}: {_value(change.before[name])} → {_value(change.after[name])}"
            for name in change.fields
            if name not in {"start", "end"}
        )
    hidden = IDS | PLACE | MAKERS | {"text", "date_start", "date_end"}
    values = (f"{k} {_value(v)}" for k, v in row.items() if k not in hidden and v not in (None, []))
    return where + ", ".join(values) + f"  {row['rule']}"


def _value(value: Any) -> str:
    return "·" if value in (None, []) else _short(str(value))


def _short(text: str, width: int = 60) -> str:
    line = " ".join(text.split())
    return line if len(line) <= width else line[: width - 1] + "…"


def _score_lines(gold: str, found: Mapping[str, tuple[float, float]]) -> Iterator[str]:
    yield f"\nscores on {gold}"
    moved = {key: both for key, both in found.items() if both[0] != both[1]}
    for key, (before, after) in moved.items():
        yield f"  {key:<24}{before:.4f} → {after:.4f}  {after - before:+.4f}"
    if len(moved) < len(found):
        yield f"  {len(found) - len(moved)} unchanged"


def _plain(change: Change) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "fields": list(change.fields),
        "before": _json_row(change.before),
        "after": _json_row(change.after),
    }


def _json_row(row: Record | None) -> Record | None:
    if row is None:
        return None
    return {k: v.isoformat() if hasattr(v, "isoformat") else v for k, v in row.items()}
