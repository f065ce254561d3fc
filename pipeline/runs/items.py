"""The small records that the parts of a run hand to each other."""

from __future__ import annotations

import msgspec

from pipeline.decisions.model import Decision
from pipeline.ingest.find import Stat
from pipeline.model import Rejected


class Likeness(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What finds near-duplicates: day of publication (ordinal), size and buckets of the text."""

    published: int | None
    size: int
    buckets: bytes


class Item(msgspec.Struct, frozen=True, array_like=True):
    """One document of a file, or one row for ``rejected``, with the keys of what is known of it.

    ``document``, ``annotation`` and ``reports`` are hashes of outputs, ``content`` is that of what
    later stages see of the document, ``text`` of its text.
    """

    doc_id: str
    rejected: Rejected | None = None
    document: bytes = b""
    content: bytes = b""
    text: bytes = b""
    likeness: Likeness | None = None
    annotation: bytes = b""
    reports: bytes = b""


class Task(msgspec.Struct, frozen=True, array_like=True):
    """A file to extract.

    ``known`` is the key of its items when its bytes need not be read again. ``skip`` maps the
    number of an item (-1: the file itself) to why it is given up.
    """

    path: bytes
    doc_id: str
    problem: str
    stat: Stat
    sidecar: Stat | None
    known: bytes = b""
    skip: dict[int, Rejected] = {}


class Output(msgspec.Struct, array_like=True):
    """What a worker adds to the cache: results by key, and their compressed content by hash."""

    results: list[tuple[bytes, bytes]]
    blobs: list[tuple[bytes, bytes]]


class Extracted(msgspec.Struct, array_like=True):
    """A file that was extracted; ``settled`` tells whether its stat can vouch for its content."""

    path: bytes
    stat: Stat
    sidecar: Stat | None
    settled: bool
    raw: bytes
    beside: bytes
    key: bytes
    items: list[Item]
    output: Output
    gone: bool = False


class PieceItem(msgspec.Struct, frozen=True, array_like=True):
    """An item as it goes into the tables: with what only all documents together tell."""

    item: Item
    raw: bytes
    beside: bytes
    duplicate_of: str | None


class PieceTask(msgspec.Struct, frozen=True, array_like=True):
    """Rows of neighbouring items to be encoded into the file ``path``, and decisions on them."""

    group: str
    path: str
    items: list[PieceItem]
    decisions: list[Decision] = []
