"""Tables in the terminal."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from pipeline.errors import OutputError
from pipeline.tables import read_table

_WIDEST = 48
_NARROWEST = 6
# Ids are told apart by their end.
_KEEP_END = {"doc_id", "rule", "url"}
# Never wanted in a terminal at their full length, and derivable.
_PLACES = {"start", "end", "date_start", "date_end", "rule"}
_CODES = {"plover_code", "plover_mode", "plover_context"}
_SPAN = {"doc_ids", "first_published", "last_published", "confidence"}
_HIDDEN = {
    "documents": {"text", "sha256"},
    "agreement_reports": {
        *_PLACES,
        *_CODES,
        "report_id",
        "agreement_id",
        "institution_ids",
        "text",
    },
    "meeting_reports": {*_PLACES, *_CODES, "report_id", "meeting_id", "agreement_id", "text"},
    "project_reports": {*_PLACES, *_CODES, "report_id", "project_id", "agreement_id", "text"},
    "agreements": {*_PLACES, *_SPAN, "institution_ids", "valid_until_granularity", "as_of"},
    "meetings": {*_PLACES, *_SPAN, "agreement_id", "series_id", "as_of"},
    "projects": {*_PLACES, *_SPAN, "agreement_id", "as_of"},
    "links": {"report_id", "joined_to"},
    "status_history": {*_PLACES, "report_id"},
    "conflicts": {*_PLACES, "report_id"},
    "series": {"series_id", "agreement_id"},
    "copies": {"rule"},
    "renamings": {*_PLACES},
}


def print_table(  # noqa: PLR0913 - the options of one command
    folder: Path,
    name: str,
    *,
    doc: str | None,
    limit: int,
    as_json: bool,
    echo: Callable[[str], object],
) -> None:
    """Prints rows of a table as aligned columns, or as JSON lines with every column."""
    table = read_table(folder, name)
    if doc is not None and "doc_id" not in table.column_names:
        raise OutputError(f"{name} has no column doc_id", fix="leave --doc out")
    rows = [r for r in table.to_pylist() if doc is None or doc in r["doc_id"]]
    shown = rows[:limit] if limit else rows
    if as_json:
        for row in shown:
            echo(json.dumps(row, ensure_ascii=False, default=_plain))
        return
    hidden = _HIDDEN.get(name, set())
    columns = [c for c in table.column_names if c not in hidden]
    for line in aligned(columns, shown, shutil.get_terminal_size((120, 24)).columns):
        echo(line)
    if len(shown) < len(rows):
        echo(f"… {len(rows) - len(shown):,} more rows (--limit 0 for all)")


def aligned(columns: list[str], rows: list[dict[str, Any]], width: int) -> Iterable[str]:
    """The rows as lines of at most ``width`` characters, wide columns cut."""
    cells = [[_cell(row[c]) for c in columns] for row in rows]
    widths = [min(_WIDEST, max(len(c), *(len(r[i]) for r in cells), 1)) if cells else len(c)
              for i, c in enumerate(columns)]  # fmt: skip
    while sum(widths) + 2 * len(widths) > width and max(widths) > _NARROWEST:
        widths[widths.index(max(widths))] -= 1
    for line in [columns, *cells]:
        fitted = (
            _cut(text, width, keep_end=column in _KEEP_END).ljust(width)
            for column, text, width in zip(columns, line, widths, strict=True)
        )
        yield "  ".join(fitted).rstrip()


def _cell(value: Any) -> str:
    if value is None:
        return "·"
    if isinstance(value, float):
        return f"{value:.4g}" if abs(value) < 1 else f"{value:,.10g}"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return " ".join(str(value).split())


def _cut(text: str, width: int, *, keep_end: bool) -> str:
    if len(text) <= width:
        return text
    return "…" + text[1 - width :] if keep_end else text[: width - 1] + "…"


def _plain(value: Any) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(type(value).__name__)
