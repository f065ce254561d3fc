"""The rows of a table before and after: what was added, removed and changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.evaluate.scoring import Predicted
from pipeline.schema import MENTION_TABLES, REPORT_TABLES

Record = dict[str, Any]

# What an id is made of is compared, not the id; who made a row is compared apart.
IDS = frozenset({"report_id", "record_id", "agreement_id", "meeting_id", "project_id"})
MAKERS = frozenset({"rule", "confidence"})
PLACE = frozenset({"doc_id", "start", "end"})
# More pairs than this aren't tried: the rows are told as added and removed.
_MOST_PAIRS = 250_000


@dataclass(frozen=True)
class Change:
    """A row that differs: ``before`` is None for an added one, ``after`` for a removed one."""

    before: Record | None
    after: Record | None

    @property
    def kind(self) -> str:
        """added, removed or changed."""
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "changed"

    @property
    def fields(self) -> tuple[str, ...]:
        """The columns that differ."""
        before, after = self.before or {}, self.after or {}
        return tuple(k for k in before if k in after and _differs(k, before[k], after[k]))


@dataclass
class TableImpact:
    """The changes of one table; ``makers`` rows only have another rule or confidence."""

    changes: list[Change] = field(default_factory=list)
    rows: int = 0
    makers: int = 0

    def of(self, kind: str) -> list[Change]:
        """The changes of a kind."""
        return [change for change in self.changes if change.kind == kind]


def compare_all(
    before: Mapping[str, Predicted], after: Mapping[str, Predicted]
) -> dict[str, TableImpact]:
    """The changes of each table over all documents."""
    tables = {name: TableImpact() for name in (*MENTION_TABLES, *REPORT_TABLES)}
    for doc_id in sorted(before.keys() | after.keys()):
        one, other = before.get(doc_id), after.get(doc_id)
        same_text = bool(one and other and one.text == other.text)
        for name, impact in tables.items():
            rows = one.rows[name] if one else []
            new = other.rows[name] if other else []
            impact.rows += len(new)
            changes, makers = compare_rows(rows, new, same_text=same_text)
            impact.changes += changes
            impact.makers += makers
    return tables


def compare_rows(
    before: Sequence[Record], after: Sequence[Record], *, same_text: bool
) -> tuple[list[Change], int]:
    """The changes of one table of one document, and how many rows only have another maker.

    Rows that say the same at the same place are the same. Of the others, those that overlap or
    share most of their values are one changed row. Where the text itself differs, places aren't
    compared.
    """
    ignored = IDS | MAKERS | (frozenset() if same_text else PLACE)
    same, gone, new = _split(before, after, ignored)
    makers = sum(_makers(one) != _makers(other) for one, other in same)
    pairs = _pair(gone, new, same_text=same_text)
    used = {i for i, _ in pairs}, {j for _, j in pairs}
    changes = [Change(gone[i], new[j]) for i, j in pairs]
    changes += [Change(row, None) for i, row in enumerate(gone) if i not in used[0]]
    changes += [Change(None, row) for j, row in enumerate(new) if j not in used[1]]
    return changes, makers


def _split(
    before: Sequence[Record], after: Sequence[Record], ignored: frozenset[str]
) -> tuple[list[tuple[Record, Record]], list[Record], list[Record]]:
    """The rows that both have, in pairs, and those that only one has."""
    waiting: dict[str, list[Record]] = {}
    for row in before:
        waiting.setdefault(_key(row, ignored), []).append(row)
    same, new = [], []
    for row in after:
        equal = waiting.get(_key(row, ignored))
        if equal:
            same.append((equal.pop(0), row))
        else:
            new.append(row)
    return same, [row for rows in waiting.values() for row in rows], new


def _key(row: Record, ignored: frozenset[str]) -> str:
    return repr([(k, v) for k, v in row.items() if k not in ignored])


def _makers(row: Record) -> tuple[Any, ...]:
    return tuple(row.get(name) for name in sorted(MAKERS))


def _pair(
    gone: Sequence[Record], new: Sequence[Record], *, same_text: bool
) -> list[tuple[int, int]]:
    """One-to-one pairs of rows that tell of one thing, the most alike first."""
    if len(gone) * len(new) > _MOST_PAIRS:
        return []
    scored = [
        (_likeness(one, other, same_text=same_text), i, j)
        for i, one in enumerate(gone)
        for j, other in enumerate(new)
    ]
    pairs: list[tuple[int, int]] = []
    rows: tuple[set[int], set[int]] = (set(), set())
    for likeness, i, j in sorted(scored, key=lambda s: (-s[0], s[1], s[2])):
        if likeness > 0 and i not in rows[0] and j not in rows[1]:
            pairs.append((i, j))
            rows[0].add(i)
            rows[1].add(j)
    return sorted(pairs)


def _likeness(one: Record, other: Record, *, same_text: bool) -> int:
    """How many values two rows share; 0 when they can't be the same thing."""
    overlap = same_text and bool(one["start"] < other["end"] and other["start"] < one["end"])
    apart = IDS | MAKERS | PLACE | {"text"}
    shared: int = sum(
        v not in (None, []) and other.get(k) == v for k, v in one.items() if k not in apart
    )
    told: int = sum(v not in (None, []) for k, v in one.items() if k not in apart)
    if overlap or one["text"] == other["text"]:
        return shared + 1
    # A report may be quoted from another sentence; a mention elsewhere is another one.
    is_report = "report_id" in one
    return shared if is_report and shared * 2 > told else 0


def _differs(column: str, before: Any, after: Any) -> bool:
    return column not in IDS | MAKERS and bool(before != after)
