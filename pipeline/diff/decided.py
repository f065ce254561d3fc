"""The decisions that only one side of a comparison has, as causes of rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from pipeline.decisions.model import RULE_PREFIX, normalised
from pipeline.diff.model import Cause, Record
from pipeline.diff.snapshot import Side


class NewDecisions:
    """The decisions that were applied to one side and not to the other one.

    A row that a decision set names it as its rule; one that was taken out or put back has the words
    that the decision quotes.
    """

    def __init__(self, side: Side, other: Side) -> None:
        known = _decisions(other)
        self._rows = {key: row for key, row in _decisions(side).items() if key not in known}
        self._by_words = {
            (row["table"], row["doc_id"], normalised(row["text"])): row
            for row in self._rows.values()
        }

    def __bool__(self) -> bool:
        return bool(self._rows)

    @property
    def people(self) -> set[str]:
        """Who decided: rows over all documents follow from the rows that were decided on."""
        return {str(row["who"]) for row in self._rows.values()}

    def of_row(
        self, table: str, doc_id: str | None, text: str | None, rules: Collection[str]
    ) -> Cause | None:
        """The decision on a row with these words, or that one of these rules is."""
        for rule in rules:
            if rule.startswith(RULE_PREFIX) and rule.removeprefix(RULE_PREFIX) in self._rows:
                return cause_of(self._rows[rule.removeprefix(RULE_PREFIX)])
        found = self._by_words.get((table, doc_id or "", normalised(text or "")))
        return cause_of(found) if found else None


def _decisions(side: Side) -> Mapping[str, Record]:
    rows: list[Record] = side.table("decisions").to_pylist()
    return {row["decision_id"]: row for row in rows}


def cause_of(row: Record) -> Cause:
    """The cause that a row of the table of decisions tells of."""
    return Cause(
        "decision", " ".join(filter(None, (row["action"], row["field"], "by", row["who"])))
    )
