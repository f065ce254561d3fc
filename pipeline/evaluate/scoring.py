"""Predicted against annotated mentions of one document, as the annotation guide says."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from rapidfuzz import fuzz

from pipeline.evaluate.gold import GoldDocument, GoldInstitution, GoldPerson

P = TypeVar("P")
G = TypeVar("G")

# Two names are the same from this similarity on (0 to 100, tokens sorted).
_SAME = 90
_TASKS = ("countries", "dates", "institutions", "people", "figures")


@dataclass(frozen=True)
class Score:
    """Counts of one task on some documents; scores add up."""

    matched: int = 0
    predicted: int = 0
    annotated: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(
            self.matched + other.matched,
            self.predicted + other.predicted,
            self.annotated + other.annotated,
        )

    @property
    def precision(self) -> float:
        """The part of the predictions that is right."""
        return self.matched / self.predicted if self.predicted else 1.0

    @property
    def recall(self) -> float:
        """The part of the annotations that is found."""
        return self.matched / self.annotated if self.annotated else 1.0

    @property
    def f1(self) -> float:
        """Their harmonic mean, 1 where there was nothing to find and nothing was found."""
        total = self.predicted + self.annotated
        return 2 * self.matched / total if total else 1.0


@dataclass(frozen=True)
class Result:
    """A task on one document: its score, what was missed and what is a false alarm."""

    score: Score
    missed: tuple[str, ...] = ()
    false: tuple[str, ...] = ()


@dataclass(frozen=True)
class Predicted:
    """The rows of the mention tables of one document."""

    doc_id: str
    text: str
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


def score_document(gold: GoldDocument, predicted: Predicted) -> dict[str, Result]:
    """The result of each task on a document."""
    return {task: _SCORERS[task](gold, predicted.rows[task]) for task in _TASKS}


def normalise(text: str, honorifics: frozenset[str] = frozenset()) -> str:
    """Text for comparison: NFKC, folded case, “and” for “&”, no punctuation, no honorifics."""
    text = unicodedata.normalize("NFKC", text).casefold().replace("&", " and ")
    words = re.sub(r"[^\w\s]", " ", text).split()
    return " ".join(w for w in words if w not in honorifics)


def _score_countries(gold: GoldDocument, rows: list[dict[str, Any]]) -> Result:
    found, wanted = {r["code"] for r in rows}, set(gold.countries)
    return _result(Counter(found), Counter(wanted))


def _score_dates(gold: GoldDocument, rows: list[dict[str, Any]]) -> Result:
    found = Counter(r["edtf"] for r in rows)
    return _result(found, Counter(d.edtf for d in gold.dates))


def _score_figures(gold: GoldDocument, rows: list[dict[str, Any]]) -> Result:
    found = {_figure_key(r["value"], r["unit"]) for r in rows}
    wanted = {_figure_key(f.value, f.unit) for f in gold.figures}
    return _result(Counter(found), Counter(wanted))


def _figure_key(value: float, unit: str) -> str:
    return f"{value:.10g} {normalise(unit) or unit}"


def _result(found: Counter[str], wanted: Counter[str]) -> Result:
    both = found & wanted
    return Result(
        Score(both.total(), found.total(), wanted.total()),
        tuple(sorted((wanted - both).elements())),
        tuple(sorted((found - both).elements())),
    )


def _score_institutions(gold: GoldDocument, rows: list[dict[str, Any]]) -> Result:
    distinct = list({r["institution_id"]: r for r in rows}.values())
    return _aligned(
        distinct,
        gold.institutions,
        (_same_name, _same_acronym, _similar_institution),
        lambda r: f"{r['name']} [{r['acronym'] or ''} {r['country'] or ''}]",
        lambda g: f"{g.name} [{g.acronym or ''} {g.country or ''}]",
    )


def _score_people(gold: GoldDocument, rows: list[dict[str, Any]]) -> Result:
    distinct = list({normalise(r["name"]): r for r in rows}.values())
    return _aligned(
        distinct,
        gold.people,
        (_same_person, _similar_person),
        lambda r: str(r["name"]),
        lambda g: g.name,
    )


def _same_name(row: dict[str, Any], gold: GoldInstitution) -> bool:
    return normalise(row["name"]) == normalise(gold.name)


def _same_acronym(row: dict[str, Any], gold: GoldInstitution) -> bool:
    return bool(
        gold.acronym and row["acronym"] and normalise(row["acronym"]) == normalise(gold.acronym)
    )


def _similar_institution(row: dict[str, Any], gold: GoldInstitution) -> bool:
    same_country = row["country"] == gold.country or not (row["country"] and gold.country)
    return same_country and _similarity(row["name"], gold.name) >= _SAME


def _same_person(row: dict[str, Any], gold: GoldPerson) -> bool:
    return normalise(row["name"]) == normalise(gold.name)


def _similar_person(row: dict[str, Any], gold: GoldPerson) -> bool:
    one, other = normalise(row["name"]), normalise(gold.name)
    inside = f" {one} " in f" {other} " or f" {other} " in f" {one} "
    return inside or _similarity(one, other) >= _SAME


def _similarity(one: str, other: str) -> float:
    return fuzz.token_sort_ratio(normalise(one), normalise(other))


def _aligned(
    rows: Sequence[P],
    gold: Sequence[G],
    tests: Sequence[Callable[[P, G], bool]],
    show_row: Callable[[P], str],
    show_gold: Callable[[G], str],
) -> Result:
    """One-to-one pairs, by the strictest test first."""
    free_rows, free_gold = list(rows), list(gold)
    matched = 0
    for test in tests:
        for wanted in list(free_gold):
            row = next((r for r in free_rows if test(r, wanted)), None)
            if row is not None:
                free_rows.remove(row)
                free_gold.remove(wanted)
                matched += 1
    return Result(
        Score(matched, len(rows), len(gold)),
        tuple(map(show_gold, free_gold)),
        tuple(map(show_row, free_rows)),
    )


_SCORERS: dict[str, Callable[[GoldDocument, list[dict[str, Any]]], Result]] = {
    "countries": _score_countries,
    "dates": _score_dates,
    "institutions": _score_institutions,
    "people": _score_people,
    "figures": _score_figures,
}
