"""Thrift's compact protocol, as far as the footers of Parquet files use it.

A struct is a list of fields ``(id, type, value)``, a list ``(type, values)``; the other values are
int, bool, float and bytes. What is read can be written again byte for byte.
"""

from __future__ import annotations

import struct
from typing import Any, Final, NamedTuple

TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET, MAP, STRUCT = range(1, 13)
_INTEGERS: Final = (I16, I32, I64)
_LONG = 15  # a list of so many or more items has its length behind the header


class Field(NamedTuple):
    """A field of a struct."""

    id: int
    type: int
    value: Any


class Shifted(NamedTuple):
    """An integer that is known only when the struct gets its place in a file."""

    value: int


class Reader:
    """Reads values from bytes, one after the other."""

    def __init__(self, data: bytes, position: int = 0) -> None:
        self._data = data
        self.position = position

    def struct(self) -> list[Field]:
        """The fields of the struct that starts here."""
        fields: list[Field] = []
        last = 0
        while header := self._byte():
            kind = header & 15
            last = last + (header >> 4) if header >> 4 else self._signed()
            value = kind == TRUE if kind in {TRUE, FALSE} else self._value(kind)
            fields.append(Field(last, kind, value))
        return fields

    def _value(self, kind: int) -> Any:
        if kind in _INTEGERS:
            return self._signed()
        if kind == BINARY:
            return self._bytes(self._unsigned())
        if kind == STRUCT:
            return self.struct()
        if kind in {LIST, SET}:
            return self._list()
        if kind == DOUBLE:
            return struct.unpack("<d", self._bytes(8))[0]
        if kind in {TRUE, FALSE, BYTE}:
            return self._byte()
        raise ValueError(f"unexpected type {kind} in a footer")

    def _list(self) -> tuple[int, list[Any]]:
        header = self._byte()
        size = header >> 4 if header >> 4 < _LONG else self._unsigned()
        return header & 15, [self._value(header & 15) for _ in range(size)]

    def _byte(self) -> int:
        self.position += 1
        return self._data[self.position - 1]

    def _bytes(self, size: int) -> bytes:
        self.position += size
        return self._data[self.position - size : self.position]

    def _unsigned(self) -> int:
        value = shift = 0
        while True:
            byte = self._byte()
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7

    def _signed(self) -> int:
        value = self._unsigned()
        return (value >> 1) ^ -(value & 1)


class Writer:
    """Writes values; a `Shifted` one is left out and kept between the pieces of bytes."""

    def __init__(self) -> None:
        self._parts: list[bytes | int] = []
        self._bytes = bytearray()

    @property
    def parts(self) -> list[bytes | int]:
        """The bytes with the value of each `Shifted` between them."""
        return [*self._parts, bytes(self._bytes)]

    def struct(self, fields: list[Field]) -> Writer:
        """Writes a struct with its end."""
        self.fields(fields)
        self._bytes.append(0)
        return self

    def fields(self, fields: list[Field], last: int = 0) -> Writer:
        """Writes fields that follow the field with the id ``last``."""
        for field in fields:
            step = field.id - last
            self._bytes.append((step << 4 | field.type) if 0 < step < 16 else field.type)
            if not 0 < step < 16:
                self._bytes += zigzag(field.id)
            last = field.id
            if field.type not in {TRUE, FALSE}:
                self._value(field.type, field.value)
        return self

    def _value(self, kind: int, value: Any) -> None:
        if isinstance(value, Shifted):
            self._parts += [bytes(self._bytes), value.value]
            self._bytes.clear()
        elif kind in _INTEGERS:
            self._bytes += zigzag(value)
        elif kind == BINARY:
            self._bytes += varint(len(value)) + value
        elif kind == STRUCT:
            self.struct(value)
        elif kind in {LIST, SET}:
            self._list(*value)
        elif kind == DOUBLE:
            self._bytes += struct.pack("<d", value)
        else:
            self._bytes.append(value)

    def _list(self, kind: int, values: list[Any]) -> None:
        self._bytes += list_header(kind, len(values))
        for value in values:
            self._value(kind, value)


def list_header(kind: int, size: int) -> bytes:
    """What stands before the items of a list."""
    return bytes([size << 4 | kind]) if size < _LONG else bytes([_LONG << 4 | kind]) + varint(size)


def zigzag(value: int) -> bytes:
    """A signed integer."""
    return varint(value << 1 if value >= 0 else (-value << 1) - 1)


def varint(value: int) -> bytes:
    """An unsigned integer, seven bits a byte, the lowest first."""
    found = bytearray()
    while value > 127:
        found.append(value & 127 | 128)
        value >>= 7
    found.append(value)
    return bytes(found)
