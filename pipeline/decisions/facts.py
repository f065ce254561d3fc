"""What a row says, apart from where it stands and who found it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from pipeline.decisions.model import Facts, TextQuote, normalised
from pipeline.edtf import parse
from pipeline.errors import SettingsError
from pipeline.schema import BY_NAME, MENTION_TABLES, REPORT_TABLES, Column

# The tables whose rows quote a document; decisions on them change the tables.
QUOTED = frozenset({*MENTION_TABLES, *REPORT_TABLES})
_ASIDE = frozenset(
    {
        "doc_id", "start", "end", "text", "rule", "confidence", "report_id", "agreement_id",
        "meeting_id", "project_id", "institution_ids", "date_start", "date_end",
    }
)  # fmt: skip
# What tells a record from another one in the same sentence.
_IDENTITY = ("kind", "title", "name")
_CONTEXT = 60


def facts_of(table: str, row: Mapping[str, Any]) -> Facts:
    """The facts of a row, those that are not told left out."""
    return {
        column.name: plain(row[column.name])
        for column in BY_NAME[table].columns
        if column.name not in _ASIDE and row.get(column.name) not in (None, [])
    }


def plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, dt.date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def same_thing(table: str, one: Facts, other: Facts) -> bool:
    """Whether two rows that quote the same words tell of the same thing."""
    if table not in REPORT_TABLES:
        return one == other
    return all(one.get(name) == other.get(name) for name in _IDENTITY)


def quote_of(row: Mapping[str, Any], text: str) -> TextQuote:
    """The quote of a row of the document with this text."""
    start, end = int(row["start"]), int(row["end"])
    return TextQuote(
        row["doc_id"],
        text[start:end],
        text[max(0, start - _CONTEXT) : start],
        text[end : end + _CONTEXT],
    )


def fits_context(quote: TextQuote, text: str, start: int, end: int) -> bool:
    """Whether the words around ``text[start:end]`` are those around the quote."""
    room = 2 * _CONTEXT
    before = normalised(text[max(0, start - room) : start])
    after = normalised(text[end : end + room])
    return before.endswith(normalised(quote.prefix)) and after.startswith(normalised(quote.suffix))


def editable(table: str) -> dict[str, Column]:
    """The columns of a table whose value somebody may set."""
    if table not in QUOTED:
        return {}
    return {c.name: c for c in BY_NAME[table].columns if c.name not in _ASIDE}


def checked_value(table: str, field: str, typed: str) -> str | int | list[str] | None:
    """What somebody typed as a value of the column; raises SettingsError naming what is allowed.

    An empty text is no value; items of a list are separated by commas.
    """
    column = editable(table).get(field)
    if column is None:
        allowed = ", ".join(editable(table)) or "none of this table"
        raise SettingsError(f"{field} can't be set in {table}", fix=f"the fields are {allowed}")
    value = typed.strip()
    if pa.types.is_list(column.type):
        return sorted({item.strip() for item in value.split(",") if item.strip()})
    if not value:
        return None
    if column.vocabulary and value not in column.vocabulary:
        raise SettingsError(
            f"{value!r} is no {field} of {table}", fix=f"use one of {', '.join(column.vocabulary)}"
        )
    if field in {"date", "edtf", "period"}:
        _check_date(value)
    if pa.types.is_integer(column.type) or pa.types.is_floating(column.type):
        return _number(field, value)
    return value


def _check_date(value: str) -> None:
    try:
        parse(value)
    except ValueError as error:
        raise SettingsError(
            f"{value!r} is no date: {error}", fix="write 2024, 2024-05, 2024-05-07 or 2024/2026"
        ) from error


def _number(field: str, value: str) -> int:
    try:
        return int(value)
    except ValueError as error:
        raise SettingsError(
            f"{value!r} is no whole number", fix=f"write {field} in digits"
        ) from error


def derived(table: str, field: str, value: Any) -> dict[str, Any]:
    """The columns that follow from a date."""
    if field not in {"date", "edtf"}:
        return {}
    names = {column.name for column in BY_NAME[table].columns}
    interval = parse(str(value)) if value else None
    found = {
        "date_start": interval.first if interval else None,
        "date_end": interval.last if interval else None,
        "granularity": interval.granularity if interval else None,
    }
    return {name: made for name, made in found.items() if name in names}
