"""Decisions that two reports are (not) the same record, as the ids that the reports have now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pipeline.decisions.facts import facts_of, same_thing
from pipeline.decisions.model import Decision, Facts, TextQuote, normalised
from pipeline.decisions.standing import standing
from pipeline.decisions.store import read_decisions
from pipeline.link.model import Decision as Pair

_ACTIONS = {"same": True, "not_same": False}
Record = dict[str, Any]


def pair_decisions(rules: Path) -> list[Decision]:
    """The standing decisions on pairs of reports; raises DecisionError."""
    return [d for d in standing(read_decisions(rules)).decisions if d.action in _ACTIONS]


def pairs_in(decisions: Iterable[Decision], tables: Path) -> Iterator[Pair]:
    """The pairs whose two reports are in a folder of tables, by their words and facts."""
    from pipeline.tables import read_table  # noqa: PLC0415 - pyarrow

    known: dict[str, dict[str, list[Record]]] = {}
    for decision in decisions:
        if decision.table not in known:
            known[decision.table] = _by_words(read_table(tables, decision.table).to_pylist())
        rows = known[decision.table]
        one = _report(decision.table, decision.quote, decision.after or decision.before, rows)
        other = _report(decision.table, decision.other_quote, decision.other, rows)
        if one and other and one != other:
            yield Pair(one, other, _ACTIONS[decision.action])


def _by_words(rows: Iterable[Record]) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = {}
    for row in rows:
        found.setdefault(normalised(row["text"]), []).append(row)
    return found


def _report(
    table: str, quote: TextQuote | None, facts: Facts | None, rows: dict[str, list[Record]]
) -> str | None:
    """The id of the report with these words and facts; in the quoted document where it has one."""
    if quote is None or facts is None:
        return None
    fitting = [
        row
        for row in rows.get(normalised(quote.exact), ())
        if same_thing(table, facts, facts_of(table, row))
    ]
    at_home = [row for row in fitting if row["doc_id"] == quote.doc]
    chosen = at_home or (fitting if len(fitting) == 1 else [])
    return str(chosen[0]["report_id"]) if chosen else None
