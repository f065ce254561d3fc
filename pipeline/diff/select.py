"""Which of the changes somebody wants to see."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.diff.compare import Diff
from pipeline.diff.model import CAUSES, KINDS, Cause, Change, TableDiff
from pipeline.errors import SettingsError
from pipeline.schema import BY_NAME

Mask = npt.NDArray[np.bool_]
# Where the countries of a row stand.
_COUNTRY_COLUMNS = ("code", "country", "host", "parties", "countries")


@dataclass(frozen=True)
class Filter:
    """What is asked for; an empty field asks for everything.

    ``cause`` is a kind of cause or a part of its text, ``doc`` a part of a document's id.
    """

    tables: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    docs: tuple[str, ...] = ()

    def check(self) -> None:
        """Raises SettingsError for a table, field or kind that doesn't exist."""
        fields = {column.name for table in BY_NAME.values() for column in table.columns}
        for given, known, what in (
            (self.tables, BY_NAME.keys(), "table"),
            (self.kinds, set(KINDS), "kind of change"),
            (self.fields, fields, "field"),
        ):
            for name in given:
                if name not in known:
                    raise SettingsError(
                        f"there is no {what} {name!r}", fix=f"use one of {', '.join(sorted(known))}"
                    )


def select(diff: Diff, wanted: Filter) -> Diff:
    """The diff with only the changes that are asked for."""
    tables = {
        name: _part(table, _mask(table, wanted))
        for name, table in diff.tables.items()
        if not wanted.tables or name in wanted.tables
    }
    return Diff(diff.old, diff.new, tables, diff.rules)


def without(diff: Diff, tables: Container[str]) -> Diff:
    """The diff without some tables."""
    kept = {name: found for name, found in diff.tables.items() if name not in tables}
    return Diff(diff.old, diff.new, kept, diff.rules)


def iterate(diff: Diff, limit: int) -> Iterator[Change]:
    """The first ``limit`` changes (0: all)."""
    for number, change in enumerate(diff.changes(), 1):
        if limit and number > limit:
            return
        yield change


def _mask(table: TableDiff, wanted: Filter) -> Mask:
    mask: Mask = np.ones(len(table), np.bool_)
    if wanted.kinds:
        mask &= np.isin(table.kinds, [KINDS.index(kind) for kind in wanted.kinds])
    if wanted.causes:
        fitting = [i for i, cause in enumerate(table.cause_list) if _fits(cause, wanted.causes)]
        mask &= np.isin(table.causes, fitting)
    if wanted.fields:
        differs = [table.differs[f] for f in wanted.fields if f in table.differs]
        mask &= np.logical_or.reduce(differs) if differs else False
    if wanted.docs:
        mask &= _either(table, lambda part: _has_document(part, wanted.docs))
    if wanted.countries:
        mask &= _either(table, lambda part: _has_country(part, wanted.countries))
    return mask


def _fits(cause: Cause, wanted: tuple[str, ...]) -> bool:
    return any(cause.kind == w if w in CAUSES else w.lower() in cause.label.lower() for w in wanted)


def _either(table: TableDiff, test: Callable[[pa.Table], Mask]) -> Mask:
    """Where a test of rows holds for the old or the new row of a change."""
    found: Mask = np.zeros(len(table), np.bool_)
    for side, rows in ((table.old, table.old_rows), (table.new, table.new_rows)):
        there = np.flatnonzero(rows >= 0)
        if len(there):
            found[there] |= test(side.take(pa.array(rows[there])))
    return found


def _has_document(part: pa.Table, docs: tuple[str, ...]) -> Mask:
    found: Mask = np.zeros(part.num_rows, np.bool_)
    for name in ("doc_id", "doc_ids"):
        if name in part.column_names:
            column = part[name]
            texts = pc.binary_join(column, "\n") if pa.types.is_list(column.type) else column
            for doc in docs:
                found |= pc.fill_null(pc.match_substring(texts, doc), False).to_numpy()
    return found


def _has_country(part: pa.Table, countries: tuple[str, ...]) -> Mask:
    wanted = {code.upper() for code in countries}
    found: Mask = np.zeros(part.num_rows, np.bool_)
    for name in _COUNTRY_COLUMNS:
        if name in part.column_names:
            values = part[name].to_pylist()
            found |= np.array(
                [bool(wanted & ({*v} if isinstance(v, list) else {v})) for v in values], np.bool_
            )
    return found


def _part(table: TableDiff, mask: Mask) -> TableDiff:
    kept = np.flatnonzero(mask)
    places = {int(old): new for new, old in enumerate(kept)}
    return TableDiff(
        table.name,
        table.old,
        table.new,
        table.old_rows[kept],
        table.new_rows[kept],
        {name: column[kept] for name, column in table.differs.items()},
        table.kinds[kept],
        table.causes[kept],
        table.cause_list,
        {places[i]: others for i, others in table.others.items() if i in places},
    )
