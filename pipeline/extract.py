"""The run: raw texts in, tables out."""

from __future__ import annotations

import datetime as dt
import gc
import os
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import msgspec
from spacy.language import Language
from spacy.tokens import Doc

from pipeline import __version__
from pipeline.annotate.pipeline import annotate_all, build_pipeline
from pipeline.dictionary import data_dictionary
from pipeline.errors import OutputError, SettingsError
from pipeline.ingest import find_inputs, read_file
from pipeline.ingest.duplicates import Sketch, body_text, find_duplicates, sketch
from pipeline.link import link_folder, link_words
from pipeline.model import Document, Rejected
from pipeline.records.build import record_builder
from pipeline.records.report import Report
from pipeline.rows import MentionRows, ReportRows, document_row, rejected_row
from pipeline.rulebook.book import RuleBook, load_rulebook
from pipeline.schema import BY_NAME, SCHEMA_VERSION, WRITTEN
from pipeline.tables import Row, TableWriter, add_column

Progress = Callable[[int, str], None]


class Summary(msgspec.Struct, frozen=True):
    """What a run did; it is also the manifest beside the tables."""

    version: str
    schema: str
    rules_sha256: str
    raw: str
    started: str
    seconds: float
    rows: dict[str, int]
    rejected: dict[str, int]
    documents: int
    duplicates: int


class _Sink:
    """Takes documents and rejections in, writes rows, remembers what the end of the run needs."""

    def __init__(self, writers: dict[str, TableWriter]) -> None:
        self.writers = writers
        self.sketches: list[tuple[str, dt.date | None, Sketch]] = []
        self.rejected: Counter[str] = Counter()

    def reject(self, rejected: Rejected) -> None:
        self.rejected[rejected.code] += 1
        self.writers["rejected"].write([rejected_row(rejected)])

    def document(self, document: Document) -> None:
        self.sketches.append((document.doc_id, document.published, sketch(body_text(document))))
        self.writers["documents"].write([document_row(document)])

    def rows(self, rows: dict[str, list[Row]]) -> None:
        for table, found in rows.items():
            self.writers[table].write(found)


@dataclass(frozen=True)
class Loaded:
    """What every run needs and what takes a moment to load."""

    book: RuleBook
    nlp: Language
    build: Callable[[Doc], list[Report]]


def load(rules: Path) -> Loaded:
    """The rule book of a folder and the pipeline built from it; raises RuleError."""
    book = load_rulebook(rules)
    loaded = Loaded(book, build_pipeline(book), record_builder(book))
    # The rules stay as long as the process; the collector need not look at them again.
    gc.freeze()
    return loaded


def extract(loaded: Loaded, raw: Path, outputs: Path, progress: Progress | None = None) -> Summary:
    """Extracts all documents below ``raw`` and publishes the tables in ``outputs/tables``.

    Raises SettingsError when ``raw`` is no folder and OutputError when ``outputs`` can't be
    written. A document that can't be read becomes a row in ``rejected``.
    """
    started, clock = dt.datetime.now(dt.UTC), time.perf_counter()
    if not raw.is_dir():
        raise SettingsError(
            "there is no such folder of raw texts",
            where=str(raw),
            fix="name one with --raw, or run `pactline init DIR` for a fresh folder",
        )
    folder = _working_folder(outputs)
    try:
        counts, rejected, duplicates = _write_tables(raw, loaded, folder, progress)
        counts |= link_folder(
            folder,
            link_words(loaded.book),
            previous=outputs / "tables",
            reuse=_same_rules(outputs, loaded.book),
        )
        (folder / "data_dictionary.md").write_text(data_dictionary(), encoding="utf-8")
        _publish(folder, outputs)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    summary = Summary(
        version=__version__,
        schema=SCHEMA_VERSION,
        rules_sha256=loaded.book.sha256,
        raw=str(raw),
        started=started.isoformat(timespec="seconds"),
        seconds=round(time.perf_counter() - clock, 3),
        rows=counts,
        rejected=rejected,
        documents=counts["documents"],
        duplicates=duplicates,
    )
    manifest = msgspec.json.format(msgspec.json.encode(summary))
    (outputs / "manifest.json").write_bytes(manifest + b"\n")
    return summary


def _same_rules(outputs: Path, book: RuleBook) -> bool:
    """Whether the tables published before were made by the same code and rules."""
    try:
        last = msgspec.json.decode((outputs / "manifest.json").read_bytes(), type=Summary)
    except (OSError, msgspec.DecodeError):
        return False
    return (last.version, last.schema, last.rules_sha256) == (
        __version__, SCHEMA_VERSION, book.sha256,
    )  # fmt: skip


def _working_folder(outputs: Path) -> Path:
    try:
        outputs.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=".tables-", dir=outputs))
    except OSError as error:
        raise OutputError(
            f"the folder can't be written ({error.strerror})",
            where=str(outputs),
            fix="name another with --outputs, or change its permissions",
        ) from error


def _write_tables(
    raw: Path, loaded: Loaded, folder: Path, progress: Progress | None
) -> tuple[dict[str, int], dict[str, int], int]:
    mention_rows, report_rows = MentionRows(loaded.book), ReportRows(loaded.book)
    spool = folder / "documents.spool"
    with ExitStack() as stack:
        writers = {
            name: stack.enter_context(TableWriter(_path(folder, name), BY_NAME[name]))
            for name in WRITTEN
            if name != "documents"
        }
        writers["documents"] = stack.enter_context(
            TableWriter(spool, BY_NAME["documents"], compression="none")
        )
        sink = _Sink(writers)
        documents = _documents(raw, loaded.book, sink, progress)
        for doc in annotate_all(loaded.nlp, documents):
            sink.rows(mention_rows.of(doc, doc._.document))
            sink.rows(report_rows.of(loaded.build(doc), doc._.document))
    duplicates = find_duplicates(sink.sketches)
    add_column(spool, _path(folder, "documents"), BY_NAME["documents"], duplicates)
    spool.unlink()
    counts = {name: writers[name].count for name in WRITTEN}
    return counts, dict(sorted(sink.rejected.items())), len(duplicates)


def _documents(
    raw: Path, book: RuleBook, sink: _Sink, progress: Progress | None
) -> Iterator[Document]:
    done = 0
    for path in find_inputs(raw):
        if isinstance(path, Rejected):
            sink.reject(path)
            continue
        for item in read_file(path, raw, book.ingest):
            if isinstance(item, Rejected):
                sink.reject(item)
                continue
            sink.document(item)
            done += 1
            if progress:
                progress(done, item.doc_id)
            yield item


def _path(folder: Path, name: str) -> Path:
    return folder / f"{name}.parquet"


def _publish(folder: Path, outputs: Path) -> None:
    """Puts the finished folder in the place of ``outputs/tables``."""
    target, old = outputs / "tables", outputs / ".tables-old"
    for file in folder.iterdir():
        with file.open("rb") as handle:
            os.fsync(handle.fileno())
    folder.chmod(0o755)
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    folder.rename(target)
    shutil.rmtree(old, ignore_errors=True)
