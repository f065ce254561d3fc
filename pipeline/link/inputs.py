"""What `resolve` reads from the tables of a run."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.link.copies import Reissues, Text
from pipeline.link.items import DocFacts, ItemReader
from pipeline.link.life import Statement
from pipeline.link.model import SUBJECTS, Item, Row
from pipeline.link.words import LinkWords
from pipeline.schema import BY_NAME

Tables = Mapping[str, pa.Table]
# Columns of reports that linking fills.
_FILLED = frozenset(
    {"agreement_id", "meeting_id", "project_id", "plover_code", "plover_mode", "plover_context"}
)
# The fields whose evidence the life of a record is made of.
_TOLD = ("status", "valid_for", "valid_until", "in_force", "renewal")


def plain(table: pa.Table) -> pa.Table:
    """The table without dictionary encoding."""
    fields = [
        (f.with_type(f.type.value_type) if pa.types.is_dictionary(f.type) else f)
        for f in table.schema
    ]
    return table.cast(pa.schema(fields))


def table_of(tables: Tables, name: str) -> pa.Table:
    """A table without dictionary encoding; an empty one when it isn't there."""
    if name in tables:
        return plain(tables[name])
    return plain(BY_NAME[name].arrow.empty_table())


def doc_facts(documents: pa.Table) -> dict[str, DocFacts]:
    """What linking needs of each document."""
    ids = documents["doc_id"].to_pylist()
    copies = dict(zip(ids, documents["duplicate_of"].to_pylist(), strict=True))
    copied = {original for original in copies.values() if original}
    return {
        doc_id: DocFacts(day, copies[doc_id] or doc_id, bool(copies[doc_id]) or doc_id in copied)
        for doc_id, day in zip(ids, documents["published"].to_pylist(), strict=True)
    }


def statements(evidence: pa.Table) -> dict[str, list[Statement]]:
    """What the text of each report says of stages and validity."""
    mask = pc.is_in(evidence["field"], pa.array(_TOLD))
    columns = ("record_id", "field", "value", "start", "end", "text", "detail", "rule")
    kept = evidence.filter(mask).select(columns)
    found: dict[str, list[Statement]] = defaultdict(list)
    for batch in kept.to_batches():
        for report, *rest in zip(*(c.to_pylist() for c in batch.columns), strict=True):
            found[report].append(Statement(*rest))
    return dict(found)


def states(told: Mapping[str, list[Statement]]) -> dict[str, str]:
    """The finer state of each report's status; ``in_force=DATE`` where the text dates that."""
    found: dict[str, str] = {}
    for report, said in told.items():
        for s in said:
            if s.field == "status" and s.detail:
                found.setdefault(report, s.detail.partition(":")[0])
            elif s.field == "in_force":
                found[report] = f"in_force={s.value}"
    return found


def items_of(
    tables: Tables, words: LinkWords, docs: Mapping[str, DocFacts], fine: Mapping[str, str]
) -> dict[str, list[Item]]:
    """The items of each subject."""
    return {
        subject: ItemReader(words, subject, docs, fine).read(
            _rows(table_of(tables, f"{subject}_reports"))
        )
        for subject in SUBJECTS
    }


def _rows(table: pa.Table) -> list[Row]:
    """The rows with the columns that linking reads."""
    columns = [c for c in table.column_names if c not in _FILLED]
    rows: list[Row] = table.select(columns).to_pylist()
    return rows


def texts_of(documents: pa.Table, wanted: set[str] | None = None) -> Iterator[Text]:
    """The documents' texts, all or those wanted."""
    columns = ("doc_id", "text", "published", "duplicate_of", "sha256")
    table = documents.select(columns)
    if wanted is not None:
        table = table.filter(pc.is_in(table["doc_id"], pa.array(sorted(wanted), pa.string())))
    for batch in table.to_batches():
        for row in zip(*(c.to_pylist() for c in batch.columns), strict=True):
            yield Text(*row)


def reissues_of(documents: pa.Table, finder: Reissues) -> dict[str, str]:
    """The documents that say that they correct another, with the rule."""
    found = {}
    for text in texts_of(documents):
        rule = finder.rule(text.text)
        if rule:
            found[text.doc_id] = rule
    return found


def field_evidence(evidence: pa.Table, reports: set[str]) -> dict[tuple[str, str], list[Row]]:
    """The rows of evidence by report and field, for the reports that are asked for."""
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    if reports:
        mask = pc.is_in(evidence["record_id"], pa.array(sorted(reports)))
        for row in evidence.filter(mask).to_pylist():
            found[row["record_id"], row["field"]].append(row)
    return found


def day_of(docs: Mapping[str, DocFacts], doc_id: str) -> dt.date | None:
    """The publication of a document."""
    return docs[doc_id].published if doc_id in docs else None
