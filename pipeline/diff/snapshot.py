"""One side of a comparison: a folder of tables and what its run recorded of itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import msgspec
import pyarrow as pa

from pipeline.diff.model import Cause
from pipeline.errors import OutputError
from pipeline.rulebook.entries import Entry, read_entries
from pipeline.schema import BY_NAME
from pipeline.tables import read_table


class Side(Protocol):
    """What a comparison asks of a side."""

    name: str
    cause: Cause | None

    def table(self, name: str) -> pa.Table: ...
    def same_file(self, other: Any, name: str) -> bool: ...
    @property
    def rules(self) -> dict[str, Entry] | None: ...
    @property
    def stages(self) -> dict[str, dict[str, str]] | None: ...


@dataclass
class Snapshot:
    """The tables in ``folder``; ``rules`` and ``stages`` are None where nobody recorded them.

    ``cause`` is the cause of everything that differs from this side, where one is known beforehand;
    ``preset`` are tables given instead of files (the others have no rows).
    """

    name: str
    folder: Path
    rules_dir: Path | None = None
    manifest: dict[str, Any] = field(default_factory=dict)
    cause: Cause | None = None
    preset: dict[str, pa.Table] | None = field(default=None, repr=False)
    _read: dict[str, pa.Table] = field(default_factory=dict, repr=False)

    @classmethod
    def of_run(cls, folder: Path) -> Snapshot:
        """The snapshot that a run left in ``folder`` (tables/, manifest.json, rules/).

        Raises OutputError when there are no tables.
        """
        tables = folder / "tables"
        if not (tables / "documents.parquet").exists():
            raise OutputError(
                "there are no tables", where=str(tables), fix="see `pactline runs list`"
            )
        rules = folder / "rules"
        return cls(folder.name, tables, rules if rules.is_dir() else None, _manifest(folder))

    def table(self, name: str) -> pa.Table:
        """The table, with no rows where this side didn't write it; it is read once."""
        if self.preset is not None:
            return self.preset.get(name, BY_NAME[name].arrow.empty_table())
        if name not in self._read:
            there = (self.folder / f"{name}.parquet").exists()
            empty = BY_NAME[name].arrow.empty_table
            self._read[name] = _conformed(read_table(self.folder, name), name) if there else empty()
        return self._read[name]

    def same_file(self, other: Snapshot, name: str) -> bool:
        """Whether both sides share one file of the table, or hold the same bytes."""
        if self.preset is not None or other.preset is not None:
            return False
        one, two = (side.folder / f"{name}.parquet" for side in (self, other))
        if not (one.exists() and two.exists()):
            return one.exists() == two.exists()
        if one.samefile(two):
            return True
        return one.stat().st_size == two.stat().st_size and one.read_bytes() == two.read_bytes()

    @cached_property
    def rules(self) -> dict[str, Entry] | None:
        """The entries of the rule book that the run used, by id."""
        return read_entries(self.rules_dir) if self.rules_dir else None

    @property
    def stages(self) -> dict[str, dict[str, str]] | None:
        """What each stage depended on besides the documents, by name and hash."""
        return self.manifest.get("stages")


def _conformed(table: pa.Table, name: str) -> pa.Table:
    """The table with the columns and types of today's schema, whatever version wrote it.

    A column that it lacks is null, one that is no longer known is left out. Raises OutputError where
    values don't fit the type of today.
    """
    arrays = []
    for wanted in BY_NAME[name].arrow:
        if wanted.name not in table.column_names:
            arrays.append(pa.nulls(table.num_rows, _plain(wanted.type)))
            continue
        column = table[wanted.name]
        try:
            arrays.append(column if column.type == wanted.type else _plain_column(column, wanted))
        except pa.ArrowInvalid as error:
            raise OutputError(
                f"the column {wanted.name} of {name} can't be read as {wanted.type}: {error}",
                fix="compare another run, or run again",
            ) from error
    return pa.table(arrays, names=[field.name for field in BY_NAME[name].arrow])


def _plain_column(column: pa.ChunkedArray, field: pa.Field) -> pa.ChunkedArray:
    return column.cast(_plain(column.type)).cast(_plain(field.type))


def _plain(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / "manifest.json"
    if not path.exists():
        return {}
    try:
        found = msgspec.json.decode(path.read_bytes())
    except (msgspec.DecodeError, OSError) as error:
        raise OutputError(
            f"the manifest can't be read: {error}", where=str(path), fix="compare another run"
        ) from error
    return found if isinstance(found, dict) else {}
