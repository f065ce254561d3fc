"""Decisions on their way into the tables: which documents each may touch, and what became of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

from pipeline.decisions.apply import EFFECTIVE, Countries, DecisionBook
from pipeline.decisions.model import Decision
from pipeline.decisions.standing import standing
from pipeline.decisions.store import read_decisions


def effective_decisions(rules: Path) -> list[Decision]:
    """The decisions of a rule folder that stand and change tables; raises DecisionError."""
    found = standing(read_decisions(rules)).decisions
    return [d for d in found if d.action in EFFECTIVE and d.quote is not None]


class Touched:
    """Finds the decisions that may touch some documents.

    A decision touches the document that it quotes; where that is gone, any document may be it under
    another name.
    """

    def __init__(self, decisions: Iterable[Decision], documents: Collection[str]) -> None:
        self._by_document: dict[str, list[Decision]] = defaultdict(list)
        self._homeless: list[Decision] = []
        for decision in decisions:
            if decision.quote and decision.quote.doc in documents:
                self._by_document[decision.quote.doc].append(decision)
            else:
                self._homeless.append(decision)

    def of(self, documents: Iterable[str]) -> list[Decision]:
        """The decisions that may touch one of these documents, the earliest first."""
        own = (d for doc_id in documents for d in self._by_document.get(doc_id, ()))
        return sorted([*own, *self._homeless], key=lambda d: (d.when, d.id))


def book_of(
    decisions: Collection[Decision], documents: Iterable[str], countries: Countries
) -> DecisionBook:
    """The decisions ready to be applied to these documents."""
    return DecisionBook(decisions, set(documents), countries)


def applied_rows(
    decisions: Iterable[Decision], ids: Collection[str], doc_id: str
) -> Iterator[tuple[Any, ...]]:
    """The rows of the table ``decisions`` for those that found their words in a document."""
    for decision in decisions:
        if decision.id in ids and decision.quote:
            value = decision.value
            told = ", ".join(value) if isinstance(value, list) else value
            yield (
                decision.id,
                decision.action,
                decision.table,
                doc_id,
                decision.quote.exact,
                decision.field or None,
                None if told is None else str(told),
                decision.who,
                decision.when,
                decision.why or None,
            )


def stale_decisions(decisions: Iterable[Decision], tables: Path) -> list[Decision]:
    """The decisions that found nothing to change in a folder of tables: their words are gone."""
    from pipeline.tables import read_table  # noqa: PLC0415 - pyarrow

    waiting = list(decisions)
    if not waiting or not (tables / "decisions.parquet").exists():
        return waiting
    found = set(read_table(tables, "decisions")["decision_id"].to_pylist())
    return [decision for decision in waiting if decision.id not in found]
