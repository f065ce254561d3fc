"""From what a user typed to a document of ``raw/`` and the records in it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import ClassVar, NamedTuple

from pipeline.errors import PactlineError, SettingsError
from pipeline.ingest import find_inputs, read_file
from pipeline.ingest.find import doc_id_of
from pipeline.model import Document
from pipeline.rulebook.boilerplate import IngestRules
from pipeline.schema import REPORT_TABLES
from pipeline.tables import read_table

_RECORD = re.compile(r"[a-z]{1,4}-[0-9a-f]{2,40}\Z")
_NEAREST = 3
_LISTED = 5
_CUTOFF = 0.3


class NotFoundError(PactlineError):
    """No document or record has that id, or several have."""

    code: ClassVar[str] = "not_found"


class Place(NamedTuple):
    """Where a record stands according to the tables of the last run."""

    report_id: str
    doc_id: str
    record_id: str | None = None


def looks_like_record(query: str) -> bool:
    """Whether a query has the form of a record's id: ``a-3f2c…``."""
    return bool(_RECORD.match(query))


def find_document(query: str, raw: Path, rules: IngestRules) -> Document:
    """The document whose id is ``query``, or the only one whose id holds it.

    Raises NotFoundError with the nearest ids, and when several hold it.
    """
    paths = input_paths(raw)
    found = list(_holding(query, paths, raw, rules))
    exact = [document for document in found if document.doc_id == query]
    if len(found) == 1 or exact:
        return (exact or found)[0]
    if found:
        raise NotFoundError(
            f"{len(found)} documents have {query!r} in their id",
            fix=f"name one of {_listed([d.doc_id for d in found])}",
        )
    ids = [doc_id_of(path, raw) for path in paths]
    raise NotFoundError(
        f"no document below {raw} has {query!r} in its id",
        fix=_nearest(query, ids) or "put it into the folder, or name another with --raw",
    )


def input_paths(raw: Path) -> list[Path]:
    """The input files below ``raw``; raises SettingsError when there is no such folder."""
    if not raw.is_dir():
        raise SettingsError(
            "there is no such folder of raw texts", where=str(raw), fix="name one with --raw"
        )
    return [path for path in find_inputs(raw) if isinstance(path, Path)]


def documents_of(paths: Iterable[Path], raw: Path, rules: IngestRules) -> Iterator[Document]:
    """The documents of some files."""
    for path in paths:
        for item in read_file(path, raw, rules):
            if isinstance(item, Document):
                yield item


def _holding(
    query: str, paths: Sequence[Path], raw: Path, rules: IngestRules
) -> Iterator[Document]:
    """The documents with ``query`` in their id; only the files that can hold one are read."""
    name, _, key = query.partition("#")
    files = [path for path in paths if name in doc_id_of(path, raw)]
    # A key may be all that was typed; only containers have keys.
    containers = [] if key or files else [p for p in paths if p.suffix.lower() == ".jsonl"]
    for document in documents_of([*files, *containers], raw, rules):
        if query in document.doc_id:
            yield document


def find_places(query: str, outputs: Path) -> list[Place]:
    """The reports in the tables of the last run whose id, or whose record's id, begins so."""
    return [
        place
        for place in _known(outputs)
        if place.report_id.startswith(query) or (place.record_id or "").startswith(query)
    ]


def _known(outputs: Path) -> Iterator[Place]:
    """Every report in the tables."""
    for table in REPORT_TABLES:
        if (outputs / "tables" / f"{table}.parquet").exists():
            record = f"{table.removesuffix('_reports')}_id"
            rows = read_table(outputs / "tables", table).select(["report_id", "doc_id", record])
            columns = (column.to_pylist() for column in rows.columns)
            yield from (Place(*row) for row in zip(*columns, strict=True))


def unknown_record(query: str, outputs: Path, seen: Iterable[str] = ()) -> NotFoundError:
    """The error for a record that nothing has, with the nearest ids."""
    ids = {place.report_id for place in _known(outputs)} | set(seen)
    fix = (
        _nearest(query, sorted(ids)) or "run `pactline run`, then `pactline show agreement_reports`"
    )
    return NotFoundError(f"no record has the id {query!r}", fix=fix)


def several_records(query: str, ids: Iterable[str]) -> NotFoundError:
    """The error for the beginning of several ids."""
    return NotFoundError(
        f"several records begin with {query!r}", fix=f"name one of {_listed(sorted(ids))}"
    )


def gone_record(query: str, place: Place, now: Sequence[str]) -> NotFoundError:
    """The error for a record of the last run that the rules of today don't make."""
    left = f"; its records are now {_listed(now)}" if now else "; it has no records now"
    return NotFoundError(
        f"the last run had {query!r}, but the rules as they are now don't make it",
        where=place.doc_id,
        fix=f"run `pactline explain {place.doc_id}`{left}",
    )


def _nearest(query: str, ids: Sequence[str]) -> str:
    """“did you mean …”, or nothing where no id is like the query."""
    folded = {one.casefold(): one for one in ids}
    near = difflib.get_close_matches(query.casefold(), folded, _NEAREST, _CUTOFF)
    if not near:
        ends = {one.rpartition("/")[2].casefold(): one for one in ids}
        near = difflib.get_close_matches(query.casefold(), ends, _NEAREST, _CUTOFF)
        folded = ends
    return f"did you mean {_listed([folded[one] for one in near])}?" if near else ""


def _listed(ids: Sequence[str]) -> str:
    more = f" … ({len(ids) - _LISTED} more)" if len(ids) > _LISTED else ""
    return ", ".join(ids[:_LISTED]) + more
