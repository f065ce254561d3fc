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

from pipeline.decisions.apply import Applied
from pipeline.model import Document
from pipeline.runs import disk
from pipeline.runs.decided import applied_rows, book_of
from pipeline.runs.items import Item, PieceTask
from pipeline.runs.keys import digest_of
from pipeline.runs.snapshot import INPUTS
from pipeline.runs.splice import Part
from pipeline.runs.state import Cache, DamagedError

_MAGIC: Final = b"PLP1"
_HEAD: Final = struct.Struct("<4sII")
SUFFIX: Final = ".piece"
DECIDED: Final = "decisions"
# Tables that are made from the same outputs and so change together.
GROUPS: Final = {
    "documents": ("documents", "rejected"),
    INPUTS: (INPUTS,),
    "mentions": ("countries", "dates", "institutions", "people", "figures"),
    "reports": ("agreement_reports", "meeting_reports", "project_reports", "evidence"),
    DECIDED: (DECIDED,),
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
    for rows in _ROWS[task.group](task, book, cache):
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


def _document_rows(task: PieceTask, _book: Any, cache: Cache) -> Rows:
    from pipeline.rows import document_row, rejected_row  # noqa: PLC0415
    from pipeline.runs.stages import read_document  # noqa: PLC0415

    for one in task.items:
        if one.item.rejected:
            yield {"rejected": [rejected_row(one.item.rejected)]}
        else:
            document = read_document(_blob(cache, one.item.document))
            yield {"documents": [(*document_row(document)[:-1], one.duplicate_of)]}


def _input_rows(task: PieceTask, _book: Any, _cache: Cache) -> Rows:
    from pipeline.runs.inputs import input_row  # noqa: PLC0415

    yield {INPUTS: [input_row(one) for one in task.items]}


class _Made:
    """The rows of the documents of a task, decisions applied."""

    def __init__(self, task: PieceTask, book: Any, cache: Cache) -> None:
        from pipeline.rows import MentionRows, ReportRows  # noqa: PLC0415

        self._items = [one.item for one in task.items if not one.item.rejected]
        self._cache = cache
        self._mentions, self._reports = MentionRows(book), ReportRows(book)
        countries = {c.code: (c.iso3, c.name) for c in book.geography.countries}
        documents = (item.doc_id for item in self._items)
        self._decisions = book_of(task.decisions, documents, countries)

    def mentions(self) -> Iterator[Applied]:
        """The rows of the mention tables of each document."""
        from pipeline.runs.stages import read_annotation  # noqa: PLC0415

        for item in self._items:
            document = self._document(item)
            found = read_annotation(_blob(self._cache, item.annotation))
            yield self._decided(document, self._mentions.of_annotation(found, document))

    def reports(self) -> Iterator[Applied]:
        """The rows of the report tables and of evidence of each document that has some."""
        from pipeline.runs.stages import read_reports  # noqa: PLC0415

        for item in self._items:
            found = read_reports(_blob(self._cache, item.reports))
            if found or self._decisions:
                document = self._document(item)
                yield self._decided(document, self._reports.of(found, document))

    def _document(self, item: Item) -> Document:
        from pipeline.runs.stages import read_document  # noqa: PLC0415

        return read_document(_blob(self._cache, item.document))

    def _decided(self, document: Document, rows: dict[str, list[Any]]) -> Applied:
        if not self._decisions:
            return Applied(document.doc_id, rows)
        return self._decisions.apply(document.doc_id, document.text, rows)


def _mention_rows(task: PieceTask, book: Any, cache: Cache) -> Rows:
    return (applied.rows for applied in _Made(task, book, cache).mentions())


def _report_rows(task: PieceTask, book: Any, cache: Cache) -> Rows:
    return (applied.rows for applied in _Made(task, book, cache).reports())


def _decision_rows(task: PieceTask, book: Any, cache: Cache) -> Rows:
    if task.decisions:
        made = _Made(task, book, cache)
        for applied in (*made.mentions(), *made.reports()):
            yield {DECIDED: list(applied_rows(task.decisions, applied.ids, applied.doc_id))}


_ROWS: Final[dict[str, Callable[[PieceTask, Any, Cache], Rows]]] = {
    "documents": _document_rows,
    INPUTS: _input_rows,
    "mentions": _mention_rows,
    "reports": _report_rows,
    DECIDED: _decision_rows,
}


def _blob(cache: Cache, hashed: bytes) -> bytes:
    content = cache.blob(hashed)
    if content is None:
        raise DamagedError("an output of a stage is missing")
    return content
