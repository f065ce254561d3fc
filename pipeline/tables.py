"""Rows ⇄ Parquet: streaming writers with bounded memory, and readers for the other stages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.errors import OutputError
from pipeline.schema import BY_NAME, Column, Table

# Rows of a row group: what is held in memory before it is written. Texts are large.
_GROUP = {"documents": 256}
_DEFAULT_GROUP = 32_768

Row = Sequence[Any]


class TableWriter:
    """Writes the rows of one table to a Parquet file; the same rows give the same bytes.

    A row has its values in the order of the table's columns. Use as a context manager.
    """

    def __init__(self, path: Path | IO[bytes], table: Table) -> None:
        self._table = table
        self._schema = table.arrow
        self._group = _GROUP.get(table.name, _DEFAULT_GROUP)
        self._rows: list[Row] = []
        self._writer = pq.ParquetWriter(path, self._schema, compression="zstd")
        self.count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def write(self, rows: Iterable[Row]) -> None:
        """Adds rows; full row groups go to the file."""
        self._rows.extend(rows)
        while len(self._rows) >= self._group:
            self._flush(self._rows[: self._group])
            del self._rows[: self._group]

    def close(self) -> None:
        """Writes what is left and closes the file."""
        if self._rows:
            self._flush(self._rows)
            self._rows = []
        self._writer.close()

    def _flush(self, rows: list[Row]) -> None:
        columns = zip(*rows, strict=True)
        arrays = [
            _array(column, values)
            for column, values in zip(self._table.columns, columns, strict=True)
        ]
        self._writer.write_batch(pa.record_batch(arrays, schema=self._schema))
        self.count += len(rows)


def as_table(table: Table, rows: Sequence[Row]) -> pa.Table:
    """Rows in memory as the writer would store them."""
    columns = list(zip(*rows, strict=True)) or [()] * len(table.columns)
    arrays = [_array(c, values) for c, values in zip(table.columns, columns, strict=True)]
    return pa.Table.from_arrays(arrays, schema=table.arrow)


def _array(column: Column, values: Sequence[Any]) -> pa.Array:
    if not column.vocabulary:
        return pa.array(values, type=column.type)
    positions = {value: index for index, value in enumerate(column.vocabulary)}
    unknown = {v for v in values if v is not None and v not in positions}
    if unknown:
        raise OutputError(
            f"{min(unknown)!r} is not in the vocabulary of {column.name}",
            fix="correct the rule that writes it, or extend pipeline/schema.py",
        )
    indices = pa.array([None if v is None else positions[v] for v in values], type=pa.int8())
    return pa.DictionaryArray.from_arrays(indices, pa.array(column.vocabulary))


def read_table(folder: Path, name: str) -> pa.Table:
    """The table ``name`` of a folder of tables; raises OutputError when it isn't there."""
    path = folder / f"{name}.parquet"
    if name not in BY_NAME:
        raise OutputError(f"there is no table {name!r}", fix=f"use one of {', '.join(BY_NAME)}")
    if not path.exists():
        raise OutputError("the table is not there", where=str(path), fix="run `pactline run` first")
    try:
        return pq.read_table(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise OutputError(
            f"the table can't be read: {error}", where=str(path), fix="run `pactline run` again"
        ) from error


def read_rows(folder: Path, name: str) -> Iterator[dict[str, Any]]:
    """The rows of a table as dicts."""
    for batch in read_table(folder, name).to_batches():
        yield from batch.to_pylist()
