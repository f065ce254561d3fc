"""Which row of the new table is which row of the old one.

Rows that are equal in every column are set aside first, as whole numbers and not as objects; only
the rest is matched, by keys from strict to loose and at last by likeness. Places in an edited
document are moved to where the same words stand now, renamed documents have their new name, so that
what only moved is matched with itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.diff.codes import Codes, column_codes, equal_values, fold_both, pair_equal, runs
from pipeline.diff.likeness import pair_alike
from pipeline.diff.offsets import GONE, OffsetMap
from pipeline.schema import BY_NAME, MENTION_TABLES, REPORT_TABLES, Table


@dataclass(frozen=True)
class Identity:
    """What has another name now: documents by id, records by id, and places by document."""

    documents: Mapping[str, str]
    records: Mapping[str, str]
    places: Mapping[str, OffsetMap]


@dataclass(frozen=True)
class Matched:
    """Row indices: pairs that differ, rows that only one side has, and pairs that are equal."""

    old: Codes
    new: Codes
    gone: Codes
    added: Codes
    same_old: Codes
    same_new: Codes


def _keys(table: Table) -> list[tuple[str, ...]]:
    """The keys by which rows are matched, from strict to loose."""
    if table.name in MENTION_TABLES:
        return [("doc_id", "start", "end"), ("doc_id", "start"), ("doc_id", "end")]
    if table.name in REPORT_TABLES:
        return [
            ("report_id",),
            ("doc_id", "start", "end", "kind"),
            ("doc_id", "start", "end"),
        ]
    if table.name == "evidence":
        whole = ("record_id", "table", "field", "value")
        return [(*whole, "start", "end"), whole, whole[:3]]
    return [table.key]


def match_rows(old: pa.Table, new: pa.Table, name: str, identity: Identity) -> Matched:
    """The rows of two versions of a table as pairs; equal rows are told apart."""
    same = _equal_by_document(old, new)
    rest = _others(old.num_rows, same[0]), _others(new.num_rows, same[1])
    more = _equal_anywhere(old.take(pa.array(rest[0])), new.take(pa.array(rest[1])))
    same = [np.concatenate([s, r[m]]) for s, r, m in zip(same, rest, more, strict=True)]
    rest = _others(old.num_rows, same[0]), _others(new.num_rows, same[1])
    parts = old.take(pa.array(rest[0])), new.take(pa.array(rest[1]))
    pairs = np.array(_match_rest(renamed(parts[0], identity), parts[1], BY_NAME[name]), np.int64)
    one, other = pairs.reshape(-1, 2).T
    return Matched(
        rest[0][one],
        rest[1][other],
        rest[0][_others(len(rest[0]), one)],
        rest[1][_others(len(rest[1]), other)],
        *same,
    )


def _others(size: int, taken: Codes) -> Codes:
    """The positions below ``size`` that aren't taken, in order."""
    free = np.ones(size, np.bool_)
    free[taken] = False
    return np.flatnonzero(free)


def _equal_by_document(old: pa.Table, new: pa.Table) -> list[Codes]:
    """Rows that are equal at the same position among those of their document.

    It finds most of what is equal without looking at more than two rows at a time; a document with
    another number of rows is left to ``_equal_anywhere``.
    """
    none = np.empty(0, np.int64)
    if "doc_id" not in old.column_names or not old.num_rows or not new.num_rows:
        return [none, none]
    codes = column_codes(old["doc_id"], new["doc_id"])
    frames = [pd.DataFrame(dict(zip(("code", "at", "rows"), runs(c), strict=True))) for c in codes]
    frames = [frame.drop_duplicates("code", keep=False) for frame in frames]
    both = frames[0].merge(frames[1], on=["code", "rows"], suffixes=("_old", "_new"))
    lengths = both["rows"].to_numpy()
    steps = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    places = [np.repeat(both[side].to_numpy(), lengths) + steps for side in ("at_old", "at_new")]
    same = np.ones(len(steps), np.bool_)
    parts = [_taken(t, p) for t, p in zip((old, new), places, strict=True)]
    for column in old.column_names:
        same &= equal_values(parts[0][column], parts[1][column])
    return [place[same] for place in places]


def _taken(table: pa.Table, rows: Codes) -> pa.Table:
    whole = len(rows) == table.num_rows and bool((np.diff(rows) == 1).all())
    return table if whole else table.take(pa.array(rows))


def _equal_anywhere(old: pa.Table, new: pa.Table) -> tuple[Codes, Codes]:
    """Rows that are equal in every column."""
    codes = [column_codes(old[c], new[c]) for c in old.column_names]
    sizes = (old.num_rows, new.num_rows)
    return pair_equal(*fold_both([c[0] for c in codes], [c[1] for c in codes], sizes))


def _match_rest(old: pa.Table, new: pa.Table, table: Table) -> list[tuple[int, int]]:
    """Pairs of the rows that are not equal."""
    left = [np.arange(old.num_rows), np.arange(new.num_rows)]
    pairs: list[tuple[int, int]] = []
    for key in _keys(table):
        if not len(left[0]) or not len(left[1]):
            return pairs
        parts = old.take(pa.array(left[0])), new.take(pa.array(left[1]))
        columns = [column_codes(parts[0][c], parts[1][c]) for c in key]
        codes = fold_both(
            [c[0] for c in columns], [c[1] for c in columns], (len(left[0]), len(left[1]))
        )
        found = pair_equal(*codes)
        pairs += zip(left[0][found[0]].tolist(), left[1][found[1]].tolist(), strict=True)
        left = [np.delete(one, at) for one, at in zip(left, found, strict=True)]
    if table.name in REPORT_TABLES:
        parts = old.take(pa.array(left[0])), new.take(pa.array(left[1]))
        alike = pair_alike(parts[0].to_pylist(), parts[1].to_pylist())
        pairs += [(int(left[0][i]), int(left[1][j])) for i, j in alike]
    return sorted(pairs)


def renamed(old: pa.Table, identity: Identity) -> pa.Table:
    """Old rows with the names and places that their documents and records have now."""
    table = old
    if "start" in table.column_names:
        table = _moved(table, identity.places)
    for column, names in _renamings(identity):
        if column in table.column_names and names:
            values = [names.get(v, v) for v in table[column].to_pylist()]
            position = table.schema.get_field_index(column)
            table = table.set_column(position, column, pa.array(values, pa.string()))
    return table


def _renamings(identity: Identity) -> Sequence[tuple[str, Mapping[str, str]]]:
    ids = ("record_id", "report_id", "agreement_id", "meeting_id", "project_id")
    return [("doc_id", identity.documents), *((column, identity.records) for column in ids)]


def _moved(table: pa.Table, places: Mapping[str, OffsetMap]) -> pa.Table:
    """The table with ``start`` and ``end`` in the new texts of the documents that were edited.

    Places in rewritten passages become negative, each another, so that they match nothing.
    """
    edited = pc.is_in(table["doc_id"], pa.array(list(places), pa.string()))
    rows = np.flatnonzero(edited.to_numpy())
    if not len(rows):
        return table
    starts, ends = (table[c].to_numpy().copy() for c in ("start", "end"))
    documents = table["doc_id"].take(pa.array(rows)).to_pylist()
    for row, doc_id in zip(rows.tolist(), documents, strict=True):
        start, end = places[doc_id].span(int(starts[row]), int(ends[row]))
        starts[row], ends[row] = (start, end) if start != GONE else (-2 - row, -2 - row)
    for column, values in (("start", starts), ("end", ends)):
        position = table.schema.get_field_index(column)
        table = table.set_column(position, column, pa.array(values, pa.int32()))
    return table
