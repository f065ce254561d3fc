"""A document with all its mentions, in pieces for the page."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.diff.snapshot import Side
from pipeline.schema import MENTION_TABLES

# What a mention is called in the page, and the column that says what it stands for.
_VALUES = {
    "countries": "code",
    "dates": "edtf",
    "institutions": "name",
    "people": "name",
    "figures": "value",
}


def marked_document(
    side: Side, doc_id: str, quoted: tuple[int, int] = (0, 0)
) -> dict[str, Any] | None:
    """Title and text of a document, the text cut where mentions and the quote begin and end.

    Each piece is its text, whether it is quoted, and the (table, value) of every mention that
    covers it. None when there is no such document.
    """
    found = _of_document(side.table("documents"), doc_id).to_pylist()
    if not found:
        return None
    marks = [mark for table in MENTION_TABLES for mark in _marks(side, table, doc_id)]
    return {
        "doc_id": doc_id,
        "title": found[0]["title"] or doc_id,
        "source": found[0]["source"],
        "published": str(found[0]["published"] or ""),
        "pieces": _cut(found[0]["text"], marks, quoted),
    }


def _marks(side: Side, table: str, doc_id: str) -> list[tuple[int, int, str, str]]:
    rows = _of_document(side.table(table), doc_id).to_pylist()
    return [(r["start"], r["end"], table, str(r[_VALUES[table]])) for r in rows]


def _of_document(table: pa.Table, doc_id: str) -> pa.Table:
    return table.filter(pc.equal(table["doc_id"], doc_id))


def _cut(
    text: str, marks: list[tuple[int, int, str, str]], quoted: tuple[int, int]
) -> list[tuple[str, bool, list[list[str]]]]:
    """The pieces of the text, without gaps."""
    size = len(text)
    cuts = {0, size, *quoted, *(m[0] for m in marks), *(m[1] for m in marks)}
    opening = sorted(marks)
    active: list[tuple[int, int, str, str]] = []
    pieces, at = [], 0
    for start, end in pairwise(sorted(cut for cut in cuts if cut <= size)):
        while at < len(opening) and opening[at][0] <= start:
            active.append(opening[at])
            at += 1
        active = [m for m in active if m[1] > start]
        is_quoted = quoted[0] <= start and end <= quoted[1]
        pieces.append((text[start:end], is_quoted, [[m[2], m[3]] for m in active]))
    return pieces
