"""Groups and merged records as rows of the tables beside the record tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pyarrow as pa

from pipeline.link.group import Group
from pipeline.link.merge import Disagreement, Merged
from pipeline.link.model import Row
from pipeline.link.ties import Tie
from pipeline.schema import BY_NAME


def ordered(name: str, rows: Sequence[Row]) -> list[Row]:
    """The rows of a table by its key; empty values first."""
    key = BY_NAME[name].key

    def place(row: Row) -> tuple[tuple[bool, object], ...]:
        return tuple([(row[column] is not None, row[column]) for column in key])

    return sorted(rows, key=place)


def link_rows(subject: str, group: Group, name: str, ties: Mapping[str, Tie]) -> Iterator[Row]:
    """Why each report belongs to a record, what was refused, and which agreement it is tied to."""
    docs = {i.report_id: i.doc_id for i in group.items}
    head = {"table": f"{subject}s", "record_id": name}
    for join in group.joins:
        yield head | {
            "report_id": join.report,
            "doc_id": docs.get(join.report),
            "outcome": join.outcome,
            "joined_to": join.joined_to,
            "reason": join.reason,
            "score": join.score,
            "decided": join.decided,
        }
    for item in group.items:
        tie = ties.get(item.report_id)
        if tie:
            yield head | {
                "report_id": tie.report,
                "doc_id": item.doc_id,
                "outcome": "tied",
                "joined_to": tie.agreement_report,
                "reason": f"“{tie.phrase}” before the agreement",
                "score": None,
                "decided": None,
            }


def history_rows(record: Merged) -> Iterator[Row]:
    """The stages of a record."""
    for stage in record.stages:
        yield {
            "table": f"{record.subject}s",
            "record_id": record.row[f"{record.subject}_id"],
            "stage": stage.stage,
            "date": stage.date,
            "date_start": stage.first,
            "date_end": stage.last,
            "published": stage.item.published,
            "report_id": stage.item.report_id,
            "doc_id": stage.item.doc_id,
            "start": stage.start,
            "end": stage.end,
            "text": stage.text,
            "rule": stage.rule,
        }


def conflict_rows(
    record: Merged, evidence: Mapping[tuple[str, str], Sequence[Row]]
) -> Iterator[Row]:
    """Each value that documents disagree on, with the characters that say so."""
    for told in record.disagreements:
        support = _support(told, evidence)
        yield {
            "table": f"{record.subject}s",
            "record_id": record.row[f"{record.subject}_id"],
            "field": told.field,
            "value": told.value,
            "chosen": told.chosen,
            "report_id": told.item.report_id,
            "doc_id": told.item.doc_id,
            **{key: support[key] for key in ("start", "end", "text", "rule")},
        }


def _support(told: Disagreement, evidence: Mapping[tuple[str, str], Sequence[Row]]) -> Row:
    """The evidence of the value, else the sentence of the report."""
    rows = evidence.get((told.item.report_id, told.field), ())
    return next((r for r in rows if r["value"] == told.value), told.item.row)


def filled(table: pa.Table, added: Mapping[str, Row], name: str) -> pa.Table:
    """A report table with the columns that linking fills."""
    schema = BY_NAME[name].arrow
    ids = table["report_id"].to_pylist()
    columns = sorted({column for row in added.values() for column in row})
    for column in columns:
        values = [added[i].get(column) if i in added else None for i in ids]
        at = table.schema.get_field_index(column)
        kind = schema.field(column).type
        plain = pa.array(values, type=pa.string())
        array = (
            plain.cast(kind) if not pa.types.is_dictionary(kind) else _encoded(name, column, values)
        )
        table = table.set_column(at, schema.field(column), array)
    return table.cast(schema)


def _encoded(name: str, column: str, values: Sequence[str | None]) -> pa.Array:
    """Values of a vocabulary, in its order, as the writers encode them."""
    words = next(c.vocabulary for c in BY_NAME[name].columns if c.name == column)
    at = {word: index for index, word in enumerate(words)}
    indices = pa.array([None if v is None else at[v] for v in values], type=pa.int8())
    return pa.DictionaryArray.from_arrays(indices, pa.array(words))
