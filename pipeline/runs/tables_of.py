"""Tables from pieces: which ones changed, and the files of those that did."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from pipeline.runs import disk
from pipeline.runs.keys import digest
from pipeline.runs.manifest import TableEntry
from pipeline.runs.pieces import GROUPS, Piece, TablePart
from pipeline.runs.splice import MAGIC, footer


class Pieced(NamedTuple):
    """A table as the pieces that it is made of."""

    name: str
    pieces: list[Piece]
    content: str
    rows: int

    @property
    def parts(self) -> list[TablePart]:
        """The part of the table in each piece."""
        return [piece.parts[self.name] for piece in self.pieces]


def pieced_tables(pieces: Mapping[str, Sequence[Piece]]) -> list[Pieced]:
    """All tables, given the pieces of each group in order."""
    return [_pieced(name, list(pieces[group])) for group, names in GROUPS.items() for name in names]


def _pieced(name: str, pieces: list[Piece]) -> Pieced:
    # A part without rows leaves no trace in the file; one is needed for the schema.
    filled = [piece for piece in pieces if piece.parts[name].part.rows] or pieces[:1]
    parts = [piece.parts[name] for piece in filled]
    content = digest(name, [part.digest for part in parts]).hex()
    return Pieced(name, filled, content, sum(part.part.rows for part in parts))


def write_table(table: Pieced, path: Path) -> TableEntry:
    """Writes a table's file from its pieces; raises DamagedError when one is not whole."""
    size = disk.write_file(path, _chunks(table))
    path.chmod(0o444)
    return TableEntry(table.rows, size, table.content)


def _chunks(table: Pieced) -> Iterator[bytes]:
    yield MAGIC
    for piece in table.pieces:
        yield piece.pages(table.name)
    yield footer([(part.part, part.size) for part in table.parts])


def total_rows(tables: Iterable[Pieced]) -> dict[str, int]:
    """The number of rows of each table."""
    return {table.name: table.rows for table in tables}
