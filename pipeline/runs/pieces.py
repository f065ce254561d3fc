"""Pieces of tables: the rows of some neighbouring documents, encoded once and used while they last.

A table is the pieces of its shards, one behind the other. Where a shard ends depends on the ids of
the documents alone, so a new document changes the pieces of its own shard and no others.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

from pipeline.runs import disk
from pipeline.runs.items import PieceItem, PieceTask
from pipeline.runs.keys import digest_of
from pipeline.runs.snapshot import INPUTS
from pipeline.runs.splice import Part
from pipeline.runs.state import Cache, DamagedError

_MAGIC: Final = b"PLP1"
_HEAD: Final = struct.Struct("<4sII")
SUFFIX: Final = ".piece"
# Tables that are made from the same outputs and so change together.
GROUPS: Final = {
    "documents": ("documents", "rejected"),
    INPUTS: (INPUTS,),
    "mentions": ("countries", "dates", "institutions", "people", "figures"),
    "reports": ("agreement_reports", "meeting_reports", "project_reports", "evidence"),
}


class TablePart(msgspec.Struct, frozen=True, array_like=True):
    """The part of one table in a piece: where its pages lie in the file, and their hash."""

    part: Part
    start: int
    size: int
    check: int
    digest: bytes


class Piece(NamedTuple):
    """A piece on the disk."""

    path: Path
    parts: dict[str, TablePart]
    body: int

    def pages(self, table: str) -> bytes:
        """The pages of one table; raises DamagedError when they are not what was written."""
        part = self.parts[table]
        try:
            with self.path.open("rb") as handle:
                handle.seek(self.body + part.start)
                data = handle.read(part.size)
        except OSError as error:
            raise DamagedError(f"{self.path.name}: {error.strerror}") from error
        if len(data) != part.size or zlib.crc32(data) != part.check:
            raise DamagedError(f"{self.path.name} was damaged")
        return data


_PARTS = msgspec.msgpack.Decoder(dict[str, TablePart])


def read_piece(path: Path) -> Piece | None:
    """The piece in a file, or None when there is none that is whole."""
    try:
        with path.open("rb") as handle:
            magic, size, check = _HEAD.unpack(handle.read(_HEAD.size))
            head = handle.read(size)
            length = handle.seek(0, io.SEEK_END)
    except (OSError, struct.error):
        return None
    if magic != _MAGIC or zlib.crc32(head) != check:
        return None
    parts = _PARTS.decode(head)
    body = _HEAD.size + size
    end = max((part.start + part.size for part in parts.values()), default=0)
    return Piece(path, parts, body) if length == body + end else None


def write_piece(task: PieceTask, book: Any, cache: Cache) -> None:
    """Encodes the rows of a task into its file."""
    tables = _Encoder(task.group)
    for rows in _ROWS[task.group](task.items, book, cache):
        tables.add(rows)
    path = Path(task.path)
    fresh = path.with_suffix(".new")
    disk.write_file(fresh, tables.content(), sync=False)
    disk.replace(fresh, path)


class _Encoder:
    """The writers of a group of tables into memory."""

    def __init__(self, group: str) -> None:
        from pipeline.runs.inputs import INPUTS_TABLE  # noqa: PLC0415 - pyarrow
        from pipeline.schema import BY_NAME  # noqa: PLC0415
        from pipeline.tables import TableWriter  # noqa: PLC0415

        self._buffers = {name: io.BytesIO() for name in GROUPS[group]}
        self._writers = {
            name: TableWriter(buffer, INPUTS_TABLE if name == INPUTS else BY_NAME[name])
            for name, buffer in self._buffers.items()
        }

    def add(self, rows: dict[str, list[Any]]) -> None:
        """Adds the rows of one item."""
        for table, found in rows.items():
            self._writers[table].write(found)

    def content(self) -> list[bytes]:
        """The file: a head, its check, then the pages of each table."""
        from pipeline.runs.splice import take_apart  # noqa: PLC0415

        parts: dict[str, TablePart] = {}
        bodies: list[bytes] = []
        start = 0
        for name, writer in self._writers.items():
            writer.close()
            part, pages = take_apart(self._buffers[name].getvalue())
            checks = zlib.crc32(pages), digest_of(msgspec.msgpack.encode((part, digest_of(pages))))
            parts[name] = TablePart(part, start, len(pages), *checks)
            bodies.append(pages)
            start += len(pages)
        head = msgspec.msgpack.encode(parts)
        return [_HEAD.pack(_MAGIC, len(head), zlib.crc32(head)), head, *bodies]


Rows = Iterator[dict[str, list[Any]]]


def _document_rows(items: list[PieceItem], _book: Any, cache: Cache) -> Rows:
    from pipeline.rows import document_row, rejected_row  # noqa: PLC0415
    from pipeline.runs.stages import read_document  # noqa: PLC0415

    for one in items:
        if one.item.rejected:
            yield {"rejected": [rejected_row(one.item.rejected)]}
        else:
            document = read_document(_blob(cache, one.item.document))
            yield {"documents": [(*document_row(document)[:-1], one.duplicate_of)]}


def _input_rows(items: list[PieceItem], _book: Any, _cache: Cache) -> Rows:
    from pipeline.runs.inputs import input_row  # noqa: PLC0415

    yield {INPUTS: [input_row(one) for one in items]}


def _mention_rows(items: list[PieceItem], book: Any, cache: Cache) -> Rows:
    from pipeline.rows import MentionRows  # noqa: PLC0415
    from pipeline.runs.stages import read_annotation, read_document  # noqa: PLC0415

    rows = MentionRows(book)
    for one in items:
        if not one.item.rejected:
            document = read_document(_blob(cache, one.item.document))
            yield rows.of_annotation(read_annotation(_blob(cache, one.item.annotation)), document)


def _report_rows(items: list[PieceItem], book: Any, cache: Cache) -> Rows:
    from pipeline.rows import ReportRows  # noqa: PLC0415
    from pipeline.runs.stages import read_document, read_reports  # noqa: PLC0415

    rows = ReportRows(book)
    for one in items:
        reports = [] if one.item.rejected else read_reports(_blob(cache, one.item.reports))
        if reports:
            document = read_document(_blob(cache, one.item.document))
            yield rows.of(reports, document)


_ROWS: Final[dict[str, Callable[[list[PieceItem], Any, Cache], Rows]]] = {
    "documents": _document_rows,
    INPUTS: _input_rows,
    "mentions": _mention_rows,
    "reports": _report_rows,
}


def _blob(cache: Cache, hashed: bytes) -> bytes:
    content = cache.blob(hashed)
    if content is None:
        raise DamagedError("an output of a stage is missing")
    return content
