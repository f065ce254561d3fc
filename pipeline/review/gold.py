"""Reviewed documents as gold files, so that a review makes the tests better."""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.decisions.apply import DecisionBook, Rows
from pipeline.decisions.facts import QUOTED
from pipeline.diff.snapshot import Side
from pipeline.errors import OutputError
from pipeline.review.session import Session
from pipeline.review.states import UNDECIDED, CardState
from pipeline.schema import BY_NAME, MENTION_TABLES, REPORT_TABLES

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


def export(session: Session, directory: Path) -> tuple[int, int]:
    """Writes a gold file for each document whose changes are all decided.

    Returns how many were written and how many documents still have undecided changes. The rows are
    those of the newer side with the decisions on them. Raises OutputError.
    """
    side = session.sides[1]
    states = session.states()
    by_document: dict[str, list[bool]] = defaultdict(list)
    for card in session.cards:
        if card.table in QUOTED:
            state = states.get(card.id, CardState())
            by_document[card.doc_id].append(state.state != UNDECIDED)
    texts = _texts(side, {doc for doc, marks in by_document.items() if all(marks)})
    book = DecisionBook(session.standing().decisions, set(_ids(side)), _countries(side))
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for doc_id, text in sorted(texts.items()):
            told = json.dumps(
                gold_of(side, book, doc_id, text), ensure_ascii=False, indent=1, default=str
            )
            (directory / _file_name(doc_id)).write_text(told + "\n", encoding="utf-8")
    except OSError as error:
        raise OutputError(
            f"can't be written ({error.strerror})", where=str(directory), fix="name another folder"
        ) from error
    return len(texts), sum(not all(marks) for marks in by_document.values())


def _file_name(doc_id: str) -> str:
    """A name that no other document has, and that every disk takes."""
    plain = re.sub(r"[^\w.-]+", "_", doc_id)[:150]
    if plain == doc_id:
        return f"{plain}.json"
    return f"{plain}-{hashlib.sha256(doc_id.encode()).hexdigest()[:6]}.json"


def _ids(side: Side) -> list[str]:
    found: list[str] = side.table("documents")["doc_id"].to_pylist()
    return found


def _texts(side: Side, documents: set[str]) -> dict[str, str]:
    table = side.table("documents")
    part = table.filter(pc.is_in(table["doc_id"], pa.array(sorted(documents), pa.string())))
    return dict(zip(part["doc_id"].to_pylist(), part["text"].to_pylist(), strict=True))


def _countries(side: Side) -> dict[str, tuple[str, str]]:
    """ISO3 code and name of the codes that the tables know."""
    table = (
        side.table("countries").select(["code", "iso3", "name"]).group_by(["code", "iso3", "name"])
    )
    return {row["code"]: (row["iso3"], row["name"]) for row in table.aggregate([]).to_pylist()}


def gold_of(side: Side, book: DecisionBook, doc_id: str, text: str) -> dict[str, Any]:
    """The content of a document's gold file, made from its rows and the decisions on them."""
    names = (*MENTION_TABLES, *REPORT_TABLES, "evidence")
    rows: Rows = {
        name: [tuple(r.values()) for r in _rows(side.table(name), doc_id)] for name in names
    }
    decided = book.apply(doc_id, text, rows).rows
    (document,) = _rows(side.table("documents"), doc_id)
    told: dict[str, Any] = {
        "doc": doc_id,
        "title": document["title"],
        "published": str(document["published"]) if document["published"] else None,
        "source": document["source"],
        "countries": sorted({row["code"] for row in _named("countries", decided)}),
    }
    for table, columns in {**_MENTIONS, **_REPORTS}.items():
        found = [{c: row[c] for c in columns} for row in _named(table, decided)]
        every = table in _REPORTS or table == "dates"
        told[table.replace("_reports", "s")] = found if every else list(_distinct(found))
    return told


def _named(table: str, rows: Mapping[str, Any]) -> list[dict[str, Any]]:
    columns = [column.name for column in BY_NAME[table].columns]
    return [dict(zip(columns, row, strict=True)) for row in rows[table]]


def _rows(table: pa.Table, doc_id: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = table.filter(pc.equal(table["doc_id"], doc_id)).to_pylist()
    return found


def _distinct(rows: Iterable[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    seen = {json.dumps(row, sort_keys=True, default=str): row for row in rows}
    return seen.values()
