"""Gold files as a side of a comparison: what an annotator wrote against what a run found."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.diff.model import Cause
from pipeline.diff.snapshot import Snapshot
from pipeline.errors import GoldError
from pipeline.evaluate.gold import GoldDocument, read_gold
from pipeline.schema import BY_NAME, REPORT_TABLES

_PLACE = ("report_id", "doc_id", "start", "end", "text")
# What gold files say of a report, by table.
_FIELDS = {
    "agreement_reports": (
        "kind", "title", "parties", "institutions", "status", "date", "place", "topics",
    ),
    "meeting_reports": ("kind", "name", "ordinal", "countries", "status", "date", "place"),
    "project_reports": ("kind", "name", "countries", "host", "institutions", "status", "date"),
}  # fmt: skip


def gold_side(folder: Path, side: Snapshot) -> Snapshot:
    """The annotated reports of the documents that ``side`` has; raises GoldError when it has none."""
    documents = _annotated(folder, side)
    made = Snapshot(f"gold {folder}", folder, cause=Cause("gold", str(folder)))
    made.preset = {"documents": _kept(side.table("documents"), documents)} | {
        table: _gold_table(table, documents) for table in REPORT_TABLES
    }
    return made


def only_documents(side: Snapshot, folder: Path) -> Snapshot:
    """The reports of the annotated documents, with the columns that gold files have."""
    documents = _annotated(folder, side)
    made = Snapshot(side.name, side.folder, side.rules_dir, side.manifest)
    made.preset = {"documents": _kept(side.table("documents"), documents)} | {
        table: _kept(side.table(table), documents).select([*_PLACE, *_FIELDS[table]])
        for table in REPORT_TABLES
    }
    made.preset["evidence"] = side.table("evidence")
    return made


def _annotated(folder: Path, side: Snapshot) -> dict[str, GoldDocument]:
    """The gold documents by the id that the side has for them."""
    ids: list[str] = side.table("documents")["doc_id"].to_pylist()
    by_name = {i.rsplit("/", 1)[-1]: i for i in ids}
    found = {
        doc_id: gold
        for gold in read_gold(folder)
        if (doc_id := gold.doc if gold.doc in ids else by_name.get(gold.doc.rsplit("/", 1)[-1]))
    }
    if not found:
        raise GoldError(
            "the tables hold none of the annotated documents",
            where=str(folder),
            fix="run on the folder that was annotated",
        )
    return found


def _kept(table: pa.Table, documents: dict[str, GoldDocument]) -> pa.Table:
    return table.filter(pc.is_in(table["doc_id"], pa.array(sorted(documents), pa.string())))


def _gold_table(table: str, documents: dict[str, GoldDocument]) -> pa.Table:
    subject = table.removesuffix("_reports")
    columns = {c.name: c for c in BY_NAME[table].columns}
    schema = pa.schema([columns[name].field for name in (*_PLACE, *_FIELDS[table])])
    rows = [
        _row(doc_id, record, table)
        for doc_id, gold in sorted(documents.items())
        for record in getattr(gold, f"{subject}s")
    ]
    arrays = [
        pa.array([row[field.name] for row in rows], _plain(field.type)).cast(field.type)
        for field in schema
    ]
    return pa.Table.from_arrays(arrays, schema=schema)


def _plain(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _row(doc_id: str, record: dict[str, Any], table: str) -> dict[str, Any]:
    digest = hashlib.sha256(msgspec.json.encode([doc_id, record], order="sorted")).hexdigest()
    row: dict[str, Any] = {name: record.get(name) for name in _FIELDS[table]}
    for column in BY_NAME[table].columns:
        if column.name in row and pa.types.is_list(column.type):
            row[column.name] = sorted(row[column.name] or [])
    # A gold file says nothing of places.
    place = {"report_id": f"gold-{digest[:12]}", "start": -1, "end": -1, "text": ""}
    return {**row, **place, "doc_id": doc_id}
