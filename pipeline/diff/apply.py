"""A diff put onto the old tables gives the new ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import msgspec

from pipeline.diff.model import Change, Record


def apply_changes(changes: Iterable[Change], rows: Iterable[Record]) -> list[Record]:
    """The rows of one table after its changes, those that stay first, then what came.

    Raises ValueError when a row that a change removes isn't there.
    """
    changes = list(changes)
    gone = Counter(_key(c.before) for c in changes if c.before is not None)
    kept = []
    for row in rows:
        key = _key(row)
        if gone[key]:
            gone[key] -= 1
        else:
            kept.append(row)
    if +gone:
        raise ValueError(f"{sum(gone.values())} rows that should change aren't in the table")
    return [*kept, *(c.after for c in changes if c.after is not None)]


def _key(row: Record) -> bytes:
    return msgspec.json.encode(row, order="sorted")
