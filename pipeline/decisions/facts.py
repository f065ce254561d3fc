"""What a row says, apart from where it stands and who found it."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from pipeline.decisions.model import Facts, TextQuote, Value, normalised
from pipeline.edtf import parse
from pipeline.errors import SettingsError
from pipeline.schema import BY_NAME, MENTION_TABLES, REPORT_TABLES, Column

# The tables whose rows quote a document; decisions on them change the tables.
QUOTED = frozenset({*MENTION_TABLES, *REPORT_TABLES})
_ASIDE = frozenset(
    {
        "doc_id", "start", "end", "text", "rule", "confidence", "report_id", "agreement_id",
        "meeting_id", "project_id", "institution_ids", "date_start", "date_end",
        "plover_code", "plover_mode", "plover_context",
    }
)  # fmt: skip
# What tells a record from another one in the same sentence.
# A row without one of these says nothing.
# These follow from other columns.
_DERIVED = frozenset({"iso3", "linked", "granularity"})
_NEEDED = frozenset({"code", "edtf", "kind", "value", "unit"})
_COUNTRIES = frozenset({"code", "country", "host"})
_SIDES = frozenset({"parties", "countries"})
_IDENTITY = ("kind", "title", "name")
# So many words on each side tell a quote from another one with the same words …
_CONTEXT_WORDS = 6
# … sought in so many characters of its paragraph.
_WINDOW = 240
_PARAGRAPH = re.compile(r"\n\s*\n")


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
    return TextQuote(row["doc_id"], text[start:end], *surroundings(text, start, end))


def surroundings(text: str, start: int, end: int) -> tuple[str, str]:
    """The words of the paragraph just before and just behind ``text[start:end]``.

    Paragraphs put before or behind don't change them, nor does another breaking of the lines.
    """
    before = _PARAGRAPH.split(text[max(0, start - _WINDOW) : start])[-1].split()
    after = _PARAGRAPH.split(text[end : end + _WINDOW])[0].split()
    return " ".join(before[-_CONTEXT_WORDS:]), " ".join(after[:_CONTEXT_WORDS])


def fitting_context(quote: TextQuote, text: str, start: int, end: int) -> int:
    """On how many sides (0 to 2) of ``text[start:end]`` the words are those around the quote."""
    before, after = surroundings(text, start, end)
    return (before == normalised(quote.prefix)) + (after == normalised(quote.suffix))


def editable(table: str) -> dict[str, Column]:
    """The columns of a table whose value somebody may set."""
    if table not in QUOTED:
        return {}
    return {c.name: c for c in BY_NAME[table].columns if c.name not in _ASIDE | _DERIVED}


def checked_value(table: str, field: str, typed: str) -> Value:
    """What somebody typed as a value of the column; raises SettingsError naming what is allowed.

    An empty text is no value; items of a list are separated by commas.
    """
    column = editable(table).get(field)
    if column is None:
        allowed = ", ".join(editable(table)) or "none of this table"
        raise SettingsError(f"{field} can't be set in {table}", fix=f"the fields are {allowed}")
    value = normalised(typed)
    if pa.types.is_list(column.type):
        items = sorted({item.strip() for item in value.split(",") if item.strip()})
        _check_codes(field, items)
        return items
    if not value:
        _check_optional(table, field)
        return None
    if column.vocabulary and value not in column.vocabulary:
        raise SettingsError(
            f"{value!r} is no {field} of {table}", fix=f"use one of {', '.join(column.vocabulary)}"
        )
    if field in {"date", "edtf", "period"}:
        _check_date(value)
    _check_codes(field, [value])
    if pa.types.is_boolean(column.type):
        return _yes_or_no(field, value)
    is_number = pa.types.is_integer(column.type) or pa.types.is_floating(column.type)
    return _number(field, value, column.type) if is_number else value


def _check_optional(table: str, field: str) -> None:
    if field in _NEEDED:
        raise SettingsError(
            f"{field} of {table} can't be empty", fix="reject the row if it should not be there"
        )


def _check_codes(field: str, values: list[str]) -> None:
    pattern = "[A-Z]{2}" if field in _COUNTRIES else "[A-Z][A-Z0-9-]+" if field in _SIDES else ".*"
    for value in values:
        if not re.fullmatch(pattern, value):
            raise SettingsError(
                f"{value!r} is no country code", fix="write two capitals, ISO 3166-1 or EU: KE"
            )


def _yes_or_no(field: str, value: str) -> bool:
    if value.lower() not in {"true", "false"}:
        raise SettingsError(f"{value!r} is neither true nor false", fix=f"{field}: true or false")
    return value.lower() == "true"


def _check_date(value: str) -> None:
    try:
        parse(value)
    except ValueError as error:
        raise SettingsError(
            f"{value!r} is no date: {error}", fix="write 2024, 2024-05, 2024-05-07 or 2024/2026"
        ) from error


def _number(field: str, value: str, kind: pa.DataType) -> int | float:
    whole = pa.types.is_integer(kind)
    what = "whole number that fits" if whole else "number"
    try:
        number = int(value) if whole else float(value)
        fits = pa.scalar(number, kind).is_valid and math.isfinite(number)
    except (ValueError, OverflowError, pa.ArrowInvalid):
        fits = False
    if not fits:
        raise SettingsError(f"{value!r} is no {what}", fix=f"write {field} in digits")
    return number


def derived(
    table: str, field: str, value: Any, countries: Mapping[str, tuple[str, str]]
) -> dict[str, Any]:
    """The columns that follow from a date, or from a country (``countries``: code → ISO3, name)."""
    if table == "countries" and field == "code":
        return dict(zip(("iso3", "name"), countries.get(value, (None, value)), strict=True))
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
