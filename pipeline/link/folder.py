"""Linking on a folder of Parquet tables: the one call that a run makes when its reports are complete."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.link.model import Decision
from pipeline.link.output import filled
from pipeline.link.resolve import RecordTables, as_tuples, resolve
from pipeline.link.words import LinkWords
from pipeline.schema import BY_NAME, LINKED, REPORT_TABLES
from pipeline.tables import TableWriter

_READ = ("documents", "institutions", "evidence", *REPORT_TABLES)


def link_folder(
    folder: Path,
    words: LinkWords,
    decisions: Sequence[Decision] = (),
    previous: Path | None = None,
    *,
    reuse: bool = True,
) -> dict[str, int]:
    """Adds the record tables to ``folder`` and fills the ids in its report tables; rows by table.

    ``previous`` is the folder of the tables published before. It is used where it is whole: one of
    an earlier schema counts as none. ``reuse`` must be False when the rules have changed since.
    """
    earlier = _read(previous, (*_READ, "links", "id_history")) if previous else None
    found = resolve(_read_all(folder, _READ), words, decisions, earlier, reuse=reuse)
    write_records(folder, found)
    return {name: len(found.rows[name]) for name in LINKED}


def write_records(folder: Path, found: RecordTables) -> None:
    """Writes the record tables and rewrites the report tables with their ids."""
    for name in LINKED:
        table = BY_NAME[name]
        columns = [c.name for c in table.columns]
        with TableWriter(folder / f"{name}.parquet", table) as writer:
            writer.write(as_tuples(found.rows[name], columns))
    for name in REPORT_TABLES:
        path = folder / f"{name}.parquet"
        table = filled(pq.read_table(path), found.reports[name], name)
        # The file may be shared with an earlier snapshot, so a new one takes its place.
        fresh = path.with_suffix(".new")
        pq.write_table(table, fresh, compression="zstd")
        fresh.replace(path)
    _sync(folder, (*LINKED, *REPORT_TABLES))


def _sync(folder: Path, names: Sequence[str]) -> None:
    for name in names:
        with (folder / f"{name}.parquet").open("rb") as handle:
            os.fsync(handle.fileno())


def _read_all(folder: Path, names: Sequence[str]) -> dict[str, pa.Table]:
    return {name: pq.read_table(folder / f"{name}.parquet") for name in names}


def _read(folder: Path, names: Sequence[str]) -> dict[str, pa.Table] | None:
    """Tables of an earlier run, or None when one is missing or of another schema."""
    paths = {name: folder / f"{name}.parquet" for name in names}
    if not all(path.exists() for path in paths.values()):
        return None
    tables = {name: pq.read_table(path) for name, path in paths.items()}
    current = all(t.schema.names == BY_NAME[n].arrow.names for n, t in tables.items())
    return tables if current else None
