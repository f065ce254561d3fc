"""The tables described for people: ``docs/tables.md`` and the data dictionary beside the tables."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from pipeline.schema import LINKED, SCHEMA_VERSION, TABLES, WRITTEN, Table

_HEAD = f"""# The tables

Schema version {SCHEMA_VERSION}. One Parquet file a table. `start` and `end` are character offsets into
`documents.text`, so `text == documents.text[start:end]` holds for every row. Columns with a
vocabulary are dictionary-encoded. This page is generated from `pipeline/schema.py`.
"""


def tables_page() -> str:
    """All declared tables, for ``docs/tables.md``."""
    return "\n".join([_HEAD, *(line for table in TABLES for line in _section(table))])


def data_dictionary() -> str:
    """The tables that a run writes, for the file beside them."""
    written = (table for table in TABLES if table.name in {*WRITTEN, *LINKED})
    return "\n".join([_HEAD, *(line for table in written for line in _section(table))])


def _section(table: Table) -> Iterator[str]:
    yield f"## {table.name}\n"
    yield f"One row: {table.row}. Ordered by {', '.join(table.key)}.\n"
    yield "| column | type | meaning |"
    yield "|---|---|---|"
    for column in table.columns:
        yield f"| {column.name} | {_type_name(column.type)} | {column.described()} |"
    yield ""


def _type_name(kind: pa.DataType) -> str:
    return str(kind).replace("list<item: string>", "list of string").replace("[day]", "")
