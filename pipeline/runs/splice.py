"""Parquet files put together from row groups that were written before.

The pages of a row group hold no positions, only the footer does. So the row groups of many small
files can stand one behind the other in one file, copied as bytes, under a footer whose positions
are shifted. That costs as much as copying, and the bytes depend on the row groups alone.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from pipeline.runs.thrift import (
    I64,
    LIST,
    STRUCT,
    Field,
    Reader,
    Shifted,
    Writer,
    list_header,
    zigzag,
)

MAGIC: Final = b"PAR1"
# Field ids of parquet.thrift.
_NUM_ROWS, _ROW_GROUPS = 3, 4
_COLUMNS, _GROUP_ROWS, _GROUP_OFFSET, _ORDINAL = 1, 3, 5, 7
_CHUNK_OFFSET, _META_DATA = 2, 3
_PAGE_OFFSETS = frozenset({9, 10, 11})
# Where the number of the row group within the file comes in.
_NUMBER: Final = -1


class Part(msgspec.Struct, frozen=True, array_like=True):
    """The row groups of one small Parquet file: how to write its part of a footer.

    ``head`` and ``tail`` are the footer before and behind the row groups, the same for all parts
    of a table. A row group is bytes with positions (from the start of the pages) between them.
    """

    rows: int
    head: bytes
    tail: bytes
    groups: list[list[bytes | int]]


def take_apart(file: bytes) -> tuple[Part, bytes]:
    """The part of a whole Parquet file, and the bytes of its pages."""
    size = struct.unpack("<I", file[-8:-4])[0]
    end = len(file) - 8 - size
    fields = Reader(file, end).struct()
    before = [f for f in fields if f.id < _NUM_ROWS]
    behind = [f for f in fields if f.id > _ROW_GROUPS]
    known = {f.id: f.value for f in fields}
    part = Part(
        rows=known[_NUM_ROWS],
        head=_only(Writer().fields(before)),
        tail=_only(Writer().struct([]) if not behind else _behind(behind)),
        groups=[Writer().struct(_group(group)).parts for group in known[_ROW_GROUPS][1]],
    )
    return part, file[len(MAGIC) : end]


def _only(writer: Writer) -> bytes:
    (part,) = writer.parts
    if isinstance(part, int):
        raise TypeError("a footer without row groups has no positions")
    return part


def _behind(fields: list[Field]) -> Writer:
    writer = Writer().fields(fields, _ROW_GROUPS)
    writer.struct([])
    return writer


def _group(fields: list[Field]) -> list[Field]:
    found = []
    for field in fields:
        value = field.value
        if field.id == _COLUMNS:
            value = (value[0], [_chunk(chunk) for chunk in value[1]])
        elif field.id == _GROUP_OFFSET:
            value = _shifted(value)
        elif field.id == _ORDINAL:
            value = Shifted(_NUMBER)
        found.append(field._replace(value=value))
    return found


def _chunk(fields: list[Field]) -> list[Field]:
    found = []
    for field in fields:
        value = field.value
        if field.id == _CHUNK_OFFSET:
            value = _shifted(value)
        elif field.id == _META_DATA:
            value = [
                f._replace(value=_shifted(f.value)) if f.id in _PAGE_OFFSETS else f for f in value
            ]
        found.append(field._replace(value=value))
    return found


def _shifted(position: int) -> int | Shifted:
    """A position from the start of the pages; 0 stands for none."""
    return Shifted(position - len(MAGIC)) if position else 0


def footer(parts: Sequence[tuple[Part, int]]) -> bytes:
    """The end of a file that holds the pages of ``parts`` in order, each with their size."""
    groups: list[bytes] = []
    position = len(MAGIC)
    for part, size in parts:
        for group in part.groups:
            groups.append(_placed(group, position, len(groups)))
        position += size
    first = parts[0][0]
    rows = sum(part.rows for part, _ in parts)
    body = b"".join(
        [
            first.head,
            bytes([1 << 4 | I64]) + zigzag(rows),
            bytes([1 << 4 | LIST]) + list_header(STRUCT, len(groups)),
            *groups,
            first.tail,
        ]
    )
    return body + struct.pack("<I", len(body)) + MAGIC


def _placed(group: Iterable[bytes | int], position: int, number: int) -> bytes:
    found = bytearray()
    for part in group:
        if isinstance(part, bytes):
            found += part
        else:
            found += zigzag(number if part == _NUMBER else part + position)
    return bytes(found)
