"""Reviewed documents as gold files, so that a review makes the tests better."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.diff.snapshot import Side
from pipeline.errors import OutputError
from pipeline.review.session import Session
from pipeline.schema import MENTION_TABLES, REPORT_TABLES

_DECIDED = frozenset({"accepted", "rejected", "set"})
# The fields of a gold file that each table gives, by the column that holds them.
_MENTIONS: Mapping[str, tuple[str, ...]] = {
    "dates": ("text", "edtf"),
    "institutions": ("name", "acronym", "country", "kind"),
    "people": ("name", "role", "country"),
    "figures": ("text", "value", "unit", "what", "country", "period"),
}
_REPORTS: Mapping[str, tuple[str, ...]] = {
    "agreement_reports": (
        "kind", "title", "parties", "institutions", "status", "date", "place", "topics",
    ),
    "meeting_reports": ("kind", "name", "ordinal", "countries", "status", "date", "place"),
    "project_reports": ("kind", "name", "countries", "host", "institutions", "status", "date"),
}  # fmt: skip


def export(session: Session, side: Side, directory: Path) -> tuple[int, int]:
    """Writes a gold file for each document whose changes are all decided.

    Returns how many were written and how many documents still have undecided changes. The rows are
    those of the side after its decisions: run again after deciding. Raises OutputError.
    """
    states = session.states()
    by_document: dict[str, list[bool]] = defaultdict(list)
    for card in session.cards:
        if card.table in {*MENTION_TABLES, *REPORT_TABLES}:
            state = states.get(card.id)
            by_document[card.doc_id].append(state is not None and state.state in _DECIDED)
    decided = sorted(doc for doc, marks in by_document.items() if all(marks))
    known = set(side.table("documents")["doc_id"].to_pylist())
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for doc_id in known & set(decided):
            text = json.dumps(gold_of(side, doc_id), ensure_ascii=False, indent=1, default=str)
            name = doc_id.rsplit("/", 1)[-1].rsplit(".", 1)[0].replace("#", "_")
            (directory / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise OutputError(
            f"can't be written ({error.strerror})", where=str(directory), fix="name another folder"
        ) from error
    return len(known & set(decided)), len(by_document) - len(decided)


def gold_of(side: Side, doc_id: str) -> dict[str, Any]:
    """The content of a document's gold file, made from its rows."""
    (document,) = _rows(side.table("documents"), doc_id)
    told: dict[str, Any] = {
        "doc": doc_id,
        "title": document["title"],
        "published": str(document["published"]) if document["published"] else None,
        "source": document["source"],
        "countries": sorted({row["code"] for row in _rows(side.table("countries"), doc_id)}),
    }
    for table, columns in {**_MENTIONS, **_REPORTS}.items():
        found = [{c: row[c] for c in columns} for row in _rows(side.table(table), doc_id)]
        every = table in _REPORTS or table == "dates"
        told[table.removesuffix("_reports") + ("s" if table in _REPORTS else "")] = (
            found if every else list(_distinct(found))
        )
    return told


def _rows(table: pa.Table, doc_id: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = table.filter(pc.equal(table["doc_id"], doc_id)).to_pylist()
    return found


def _distinct(rows: Iterable[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    seen = {json.dumps(row, sort_keys=True, default=str): row for row in rows}
    return seen.values()
