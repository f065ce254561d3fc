"""Small snapshots made by hand, for tests of what differs between two."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa

from pipeline.diff import Snapshot
from pipeline.schema import BY_NAME, WRITTEN
from pipeline.tables import TableWriter

Record = dict[str, Any]


def table(name: str, rows: Iterable[Record]) -> pa.Table:
    """Rows as a table; columns that they don't tell are null."""
    rows = list(rows)
    schema = BY_NAME[name].arrow
    return pa.table([pa.array([r.get(f.name) for r in rows], f.type) for f in schema], schema)


def side(name: str = "new", /, **tables: Iterable[Record]) -> Snapshot:
    """A snapshot with these tables and no others."""
    made = Snapshot(name, Path("nowhere"))
    made.preset = {key: table(key, rows) for key, rows in tables.items()}
    return made


def document(doc_id: str, text: str, **more: Any) -> Record:
    """A row of documents."""
    sha = hashlib.sha256(text.encode()).hexdigest()
    return {"doc_id": doc_id, "text": text, "sha256": sha, "format": "text", **more}


def mention(doc: Record, words: str, nth: int = 0, **values: Any) -> Record:
    """A row that quotes some words of a document, the nth of that kind."""
    start = [m.start() for m in re.finditer(re.escape(words), doc["text"])][nth]
    place = {"doc_id": doc["doc_id"], "start": start, "end": start + len(words), "text": words}
    return {"confidence": 0.5, "rule": "r/1", **place, **values}


def country(doc: Record, words: str, code: str, nth: int = 0, **values: Any) -> Record:
    """A mention of a country."""
    more = {"iso3": code + "X", "name": words, "via": "name", "rule": f"countries/{code}"}
    return mention(doc, words, nth, code=code, **{**more, **values})


def report(doc: Record, words: str, **values: Any) -> Record:
    """A row of agreement_reports."""
    told = {"kind": "mou", "title": words, "parties": ["IN", "KE"], "institutions": []}
    more = {"institution_ids": [], "topics": [], "rule": "agreements/mou", **told, **values}
    made = mention(doc, words, **more)
    facts = repr(sorted((k, str(v)) for k, v in made.items()))
    return {"report_id": "a-" + hashlib.sha256(facts.encode()).hexdigest()[:12], **made}


def evidence(doc: Record, of: Record, field: str, words: str, **values: Any) -> Record:
    """A row of evidence of a report."""
    more = {"record_id": of["report_id"], "table": "agreement_reports", "field": field}
    return mention(doc, words, **{**more, "value": str(of.get(field)), "step": "clause", **values})


def write_run(
    outputs: Path, run: str, rules: Path | None = None, **tables: Iterable[Record]
) -> Path:
    """A run on the disk as `pactline run` leaves it, and publishes it."""
    folder = outputs / "runs" / run
    (folder / "tables").mkdir(parents=True)
    for name in WRITTEN:
        with TableWriter(folder / "tables" / f"{name}.parquet", BY_NAME[name]) as writer:
            columns = [c.name for c in BY_NAME[name].columns]
            writer.write(tuple(row.get(c) for c in columns) for row in tables.get(name, ()))
    (folder / "manifest.json").write_bytes(msgspec.json.encode({"id": run, "stages": {}}))
    if rules:
        import shutil

        shutil.copytree(rules, folder / "rules")
    link = outputs / "latest"
    link.unlink(missing_ok=True)
    link.symlink_to(f"runs/{run}")
    return folder
