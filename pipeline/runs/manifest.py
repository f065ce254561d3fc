"""What a run did: ``manifest.json`` beside the tables of its snapshot."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec

from pipeline.runs import disk

FILE: Final = "manifest.json"


class TableEntry(msgspec.Struct, frozen=True):
    """A table file of a snapshot; ``content`` is a hash of its rows and how they are encoded."""

    rows: int
    bytes: int
    content: str


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """What a run read, did and wrote, and with what.

    ``rules`` maps each rule file to the hash of its bytes, ``stages`` each stage to everything that
    its results depend on besides the documents; ``inputs.parquet`` beside it has the hashes of each
    document. ``decisions`` counts the decisions that were applied and those that are stale, ``pairs`` is a key of those on pairs. ``work`` counts files by what was done with them, ``durations`` are seconds.
    """

    id: str
    previous: str | None
    version: str
    schema: str
    rules_sha256: str
    raw: str
    started: str
    seconds: float
    rows: dict[str, int]
    rejected: dict[str, int]
    documents: int
    duplicates: int
    work: dict[str, int]
    durations: dict[str, float]
    settings: dict[str, str | int | float]
    rules: dict[str, str]
    stages: dict[str, dict[str, str]]
    tables: dict[str, TableEntry]
    decisions: dict[str, int] = {}
    pairs: str = ""
    published: bool = True


def write_manifest(summary: Summary, folder: Path) -> None:
    """Writes the manifest of a snapshot."""
    text = msgspec.json.format(msgspec.json.encode(summary)) + b"\n"
    disk.write_file(folder / FILE, [text])


def read_manifest(folder: Path) -> Summary | None:
    """The manifest of a snapshot, None where there is none that can be read."""
    try:
        return msgspec.json.decode((folder / FILE).read_bytes(), type=Summary)
    except (OSError, msgspec.DecodeError):
        return None
