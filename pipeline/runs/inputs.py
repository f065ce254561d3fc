"""What a run read, one row an item: kept beside the tables, so that a later diff finds causes."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from pipeline.runs.items import PieceItem
from pipeline.schema import Column, Table

INPUTS_TABLE = Table(
    "inputs",
    "a document, or a row of rejected, with the hashes of what it was made of",
    "ingest",
    ("doc_id",),
    (
        Column("doc_id", pa.string(), "the document's id"),
        Column("file_sha256", pa.string(), "hash of the file that holds it"),
        Column("sidecar_sha256", pa.string(), "hash of the file's .meta.json"),
        Column("text_sha256", pa.string(), "hash of its text in UTF-8"),
        Column("annotation", pa.string(), "hash of its mentions"),
        Column("reports", pa.string(), "hash of its reports"),
        Column("rejected", pa.string(), "why it was rejected"),
    ),
)


def input_row(one: PieceItem) -> tuple[Any, ...]:
    """The row of an item; a hash that there is none of is null."""
    item = one.item
    hashes = (one.raw, one.beside, item.text, item.annotation, item.reports)
    doc_id = item.rejected.doc_id if item.rejected else item.doc_id
    code = item.rejected.code if item.rejected else None
    return (doc_id, *(value.hex() if value else None for value in hashes), code)
