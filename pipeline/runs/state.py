"""What earlier runs found, in SQLite: files, their items, and the outputs of the stages.

Everything here can be made again from ``raw/`` and ``rules/``: deleting it costs time only.
"""

from __future__ import annotations

import json
import sqlite3
import time
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final, NamedTuple, Self

import msgspec

from pipeline.ingest.find import Found, Stat
from pipeline.model import Rejected
from pipeline.runs import disk
from pipeline.runs.items import Extracted, Item, Likeness, Output
from pipeline.runs.keys import digest_of
from pipeline.runs.versions import ANNOTATE, INGEST, RECORDS, Version

FORMAT: Final = "2"
FILE: Final = "state.sqlite"
_COMMIT_EVERY = 1.0  # seconds of work that a kill may cost
_CUT = 256  # a shard of the tables holds so many items on average

_SCHEMA = """
CREATE TABLE meta(key TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;
CREATE TABLE versions(id INTEGER PRIMARY KEY, stage TEXT, key BLOB, inputs TEXT, UNIQUE(stage, key));
CREATE TABLE rules(version INTEGER, name TEXT, data BLOB, PRIMARY KEY(version, name)) WITHOUT ROWID;
CREATE TABLE files(
  id INTEGER PRIMARY KEY, doc_id TEXT NOT NULL, path BLOB NOT NULL UNIQUE, problem TEXT NOT NULL,
  stat BLOB, sidecar BLOB, settled INTEGER, raw BLOB, beside BLOB, key BLOB,
  ingest INTEGER, annotate INTEGER, records INTEGER, limits TEXT);
CREATE INDEX files_order ON files(doc_id, path);
CREATE TABLE items(
  file INTEGER, n INTEGER, cut INTEGER, doc_id TEXT, stage TEXT, code TEXT, detail TEXT,
  document BLOB, content BLOB, text BLOB, annotation BLOB, reports BLOB, duplicate_of TEXT,
  PRIMARY KEY(file, n)) WITHOUT ROWID;
CREATE TABLE likeness(
  file INTEGER, n INTEGER, published INTEGER, size INTEGER, buckets BLOB, PRIMARY KEY(file, n)
) WITHOUT ROWID;
CREATE TABLE stirred(buckets BLOB);
CREATE TABLE results(key BLOB PRIMARY KEY, value BLOB, run INTEGER) WITHOUT ROWID;
CREATE TABLE blobs(hash BLOB PRIMARY KEY, data BLOB);
"""


_COLUMNS = (
    "doc_id = ?, problem = ?, stat = ?, sidecar = ?, settled = ?, raw = ?, beside = ?, key = ?,"
    " ingest = ?, annotate = ?, records = ?, limits = ?"
)
_UPDATE = f"UPDATE files SET {_COLUMNS} WHERE path = ?"  # noqa: S608 - constants
_INSERT = (
    "INSERT INTO files(doc_id, problem, stat, sidecar, settled, raw, beside, key,"
    " ingest, annotate, records, limits, path) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)"
)


class StoppedError(KeyboardInterrupt):
    """The user asked to stop, between two steps."""


class _Text(msgspec.Struct):
    text: str


_TEXT = msgspec.msgpack.Decoder(_Text)


class DamagedError(Exception):
    """The cache doesn't hold what it says it holds; it has to be made again."""


class FileState(NamedTuple):
    """What is known of a file of ``raw/``."""

    id: int
    doc_id: str
    path: bytes
    problem: str
    stat: Stat
    sidecar: Stat | None
    settled: bool
    raw: bytes
    beside: bytes
    key: bytes
    ingest: int
    annotate: int
    records: int
    limits: str

    def same_stat(self, found: Found) -> bool:
        """Whether the file system says the same of the file as when it was read."""
        return (
            self.settled
            and self.stat == found.stat
            and self.sidecar == found.sidecar
            and self.problem == found.problem
        )


class StoredItem(NamedTuple):
    """An item in the order of the tables."""

    file: int
    n: int
    cut: bool
    item: Item
    raw: bytes
    beside: bytes
    duplicate_of: str | None


def connect(path: Path, *, write: bool) -> sqlite3.Connection:
    """A connection that survives a kill at any moment; readers don't wait for the writer."""
    if not write:
        uri = f"{path.resolve().as_uri()}?mode=ro"
        return sqlite3.connect(uri, uri=True, isolation_level=None)
    connection = sqlite3.connect(path, isolation_level=None, timeout=5)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute(f"PRAGMA synchronous={'NORMAL' if disk.durable else 'OFF'}")
    return connection


class Cache:
    """Outputs of the stages by key; reading only, safe in many processes at once."""

    def __init__(self, path: Path) -> None:
        self._db = connect(path, write=False)

    def result(self, key: bytes) -> bytes | None:
        """The hash of the output that was made of a key's inputs."""
        row = self._db.execute("SELECT value FROM results WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    def blob(self, hashed: bytes) -> bytes | None:
        """The content of that hash; None where it is not there or is not what was put in."""
        row = self._db.execute("SELECT data FROM blobs WHERE hash = ?", (hashed,)).fetchone()
        return unpack(row[0], hashed) if row else None

    def close(self) -> None:
        self._db.close()


def pack(content: bytes) -> bytes:
    """Content as it is stored."""
    return zlib.compress(content, 1)


def unpack(data: bytes, hashed: bytes) -> bytes | None:
    """Stored content; None if it was damaged."""
    try:
        content = zlib.decompress(data)
    except zlib.error:
        return None
    return content if digest_of(content) == hashed else None


class State:
    """The writer's view; one at a time. Changes are committed every second and on `commit`."""

    def __init__(self, folder: Path, db: sqlite3.Connection) -> None:
        self.folder = folder
        self.path = folder / FILE
        self._db = db
        self._last = time.monotonic()
        self.run = int(self.meta("run") or 0) + 1

    @classmethod
    def open(cls, folder: Path) -> Self:
        """The state in ``folder``; one that is of another format or damaged is made afresh."""
        path = folder / FILE
        disk.make_folder(folder)
        with disk.writing("state", path):
            pass
        try:
            return cls(folder, _opened(path))
        except sqlite3.OperationalError as error:
            raise disk.failure(OSError(None, str(error)), path) from error
        except (sqlite3.DatabaseError, DamagedError):
            discard(folder)
            return cls(folder, _opened(path))

    @classmethod
    def read(cls, folder: Path) -> Self:
        """The state for reading only; an empty one where there is none that can be read."""
        try:
            db = connect(folder / FILE, write=False)
            row = db.execute("SELECT value FROM meta WHERE key = 'format'").fetchone()
            if row == (FORMAT,):
                return cls(folder, db)
            db.close()
        except sqlite3.DatabaseError:
            pass
        db = sqlite3.connect(":memory:", isolation_level=None)
        db.executescript(_SCHEMA)
        return cls(folder, db)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Commits, after an error only what was complete before it; closes."""
        try:
            if kind is None or issubclass(kind, StoppedError):
                self.commit()
            elif self._db.in_transaction:
                self._db.execute("ROLLBACK")
        finally:
            self._db.close()

    def close(self) -> None:
        """Closes without a last commit."""
        self._db.close()

    def commit(self) -> None:
        """Makes everything so far last."""
        if self._db.in_transaction:
            with disk.writing("commit", self.path):
                self._db.execute("COMMIT")
        self._last = time.monotonic()

    def _write(self, statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
        if not self._db.in_transaction:
            self._db.execute("BEGIN IMMEDIATE")
        self._db.executemany(statement, rows)

    def _commit_now_and_then(self) -> None:
        if time.monotonic() - self._last > _COMMIT_EVERY:
            self.commit()

    # ── small values ──

    def meta(self, key: str) -> Any:
        """A value that was kept under a name, else None."""
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    def set_meta(self, key: str, value: Any) -> None:
        """Keeps a value under a name."""
        self._write("INSERT OR REPLACE INTO meta VALUES (?, ?)", [(key, value)])

    # ── versions ──

    def version_id(self, version: Version) -> int | None:
        """The number under which a version is known."""
        row = self._db.execute(
            "SELECT id FROM versions WHERE stage = ? AND key = ?", (version.stage, version.key)
        ).fetchone()
        return row[0] if row else None

    def add_version(self, version: Version, rules: dict[str, bytes]) -> int:
        """The number of a version, which is kept with its rule files if it is new."""
        known = self.version_id(version)
        if known is not None:
            return known
        inputs = json.dumps(version.inputs)
        self._write(
            "INSERT INTO versions(stage, key, inputs) VALUES (?, ?, ?)",
            [(version.stage, version.key, inputs)],
        )
        number = self.version_id(version)
        if number is None:
            raise DamagedError("a version that was added is not there")
        kept = ((number, name, pack(data)) for name, data in rules.items())
        self._write("INSERT OR REPLACE INTO rules VALUES (?, ?, ?)", kept)
        return number

    def version_inputs(self, number: int) -> dict[str, str]:
        """What a version was made of."""
        row = self._db.execute("SELECT inputs FROM versions WHERE id = ?", (number,)).fetchone()
        found: dict[str, str] = json.loads(row[0]) if row else {}
        return found

    def version_rules(self, number: int) -> dict[str, bytes]:
        """The rule files of a version."""
        rows = self._db.execute("SELECT name, data FROM rules WHERE version = ?", (number,))
        return {name: zlib.decompress(data) for name, data in rows}

    # ── files and items ──

    def files(self) -> Iterator[FileState]:
        """All files in the order of the tables."""
        rows = self._db.execute("SELECT * FROM files ORDER BY doc_id, path")
        for number, doc_id, path, problem, stat, sidecar, settled, *rest in rows:
            stats = _stat(stat) or (0, 0, 0), _stat(sidecar)
            yield FileState(number, doc_id, path, problem, *stats, bool(settled), *rest)

    def items(self) -> Iterator[StoredItem]:
        """All items in the order of the tables."""
        rows = self._db.execute(
            "SELECT i.file, i.n, i.cut, i.doc_id, i.stage, i.code, i.detail, i.document, i.content,"
            " i.text, i.annotation, i.reports, f.raw, f.beside, i.duplicate_of FROM files f"
            " JOIN items i ON i.file = f.id ORDER BY f.doc_id, f.path, i.n"
        )
        for row in rows:
            yield _stored(row)

    def documents_of(self, file: int) -> list[tuple[bytes, bytes, bytes, bytes]]:
        """(document, content, annotation, reports) of each document of a file."""
        return self._db.execute(
            "SELECT document, content, annotation, reports FROM items"
            " WHERE file = ? AND code IS NULL ORDER BY n",
            (file,),
        ).fetchall()

    def is_complete(self, file: int) -> bool:
        """Whether no document of a file was given up after it was read."""
        query = "SELECT count(*) FROM items WHERE file = ? AND stage = ?"
        return not self._db.execute(query, (file, ANNOTATE)).fetchone()[0]

    def text(self, document: bytes) -> str:
        """The text of a document by its hash; raises DamagedError when it isn't there."""
        row = self._db.execute("SELECT data FROM blobs WHERE hash = ?", (document,)).fetchone()
        content = unpack(row[0], document) if row else None
        if content is None:
            raise DamagedError("the text of a document is missing")
        return _TEXT.decode(content).text

    def remove(self, files: Iterable[int]) -> None:
        """Forgets files with their items."""
        for file in files:
            self._stir(file)
            self._write("DELETE FROM items WHERE file = ?", [(file,)])
            self._write("DELETE FROM files WHERE id = ?", [(file,)])

    def restat(self, touched: Iterable[tuple[int, Found, bool]]) -> None:
        """Notes what the file system says now of files whose content is the same."""
        rows = [
            (_pack_stat(f.stat), _pack_stat(f.sidecar), settled, number)
            for number, f, settled in touched
        ]
        self._write("UPDATE files SET stat = ?, sidecar = ?, settled = ? WHERE id = ?", rows)

    def restamp(self, stage: str, version: int, files: Iterable[int]) -> None:
        """Notes that the results of files hold for another version of a stage."""
        column = {INGEST: INGEST, ANNOTATE: ANNOTATE, RECORDS: RECORDS}[stage]
        self._write(
            f"UPDATE files SET {column} = ? WHERE id = ?",  # noqa: S608 - one of three names
            ((version, number) for number in files),
        )

    def add_output(self, output: Output) -> None:
        """Keeps results of stages."""
        self._write(
            "INSERT OR REPLACE INTO results VALUES (?, ?, ?)",
            ((key, value, self.run) for key, value in output.results),
        )
        self._write("INSERT OR REPLACE INTO blobs VALUES (?, ?)", output.blobs)
        self._commit_now_and_then()

    def store(self, found: Found, done: Extracted, versions: dict[str, int], limits: str) -> None:
        """Keeps what was extracted from a file, in the place of what was known of it."""
        row = (
            found.doc_id,
            found.problem,
            _pack_stat(done.stat),
            _pack_stat(done.sidecar),
            done.settled,
            done.raw,
            done.beside,
            done.key,
            *(versions[stage] for stage in (INGEST, ANNOTATE, RECORDS)),
            limits,
            found.path,
        )
        number = self._number(found.path)
        statement = _UPDATE if number is not None else _INSERT
        self._write(statement, [row])
        if number is None:
            number = self._number(found.path)
        if number is None:
            raise DamagedError("a file that was added is not there")
        self._store_items(number, done.items)
        self.add_output(done.output)

    def _number(self, path: bytes) -> int | None:
        row = self._db.execute("SELECT id FROM files WHERE path = ?", (path,)).fetchone()
        return row[0] if row else None

    def _store_items(self, number: int, items: Sequence[Item]) -> None:
        """The items of a file; as long as its documents are the same, so are their likenesses."""
        query = "SELECT document, duplicate_of FROM items WHERE file = ? ORDER BY n"
        before = self._db.execute(query, (number,)).fetchall()
        same = [row[0] for row in before] == [item.document for item in items]
        marks = [row[1] for row in before] if same else [None] * len(items)
        self._write("DELETE FROM items WHERE file = ?", [(number,)])
        rows = zip(items, marks, strict=True)
        self._write(
            "INSERT INTO items VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
            ((*_item_row(number, n, item), mark) for n, (item, mark) in enumerate(rows)),
        )
        if not same:
            self._stir(number)
            alike = [(n, i.likeness) for n, i in enumerate(items) if i.likeness and not i.rejected]
            self._write(
                "INSERT INTO likeness VALUES (?,?,?,?,?)",
                ((number, n, one.published, one.size, one.buckets) for n, one in alike),
            )
            self._write("INSERT INTO stirred VALUES (?)", ((one.buckets,) for _, one in alike))

    def _stir(self, number: int) -> None:
        """Notes that the documents of a file are gone from their buckets."""
        self._write("INSERT INTO stirred SELECT buckets FROM likeness WHERE file = ?", [(number,)])
        self._write("DELETE FROM likeness WHERE file = ?", [(number,)])

    def forget(self, path: bytes) -> None:
        """Forgets a file."""
        number = self._number(path)
        if number is not None:
            self.remove([number])

    # ── near-duplicates ──

    def likenesses(self) -> Iterator[tuple[int, int, str, bytes, Likeness]]:
        """(file, n, doc_id, document, likeness) of every document."""
        rows = self._db.execute(
            "SELECT l.file, l.n, i.doc_id, i.document, l.published, l.size, l.buckets"
            " FROM likeness l JOIN items i ON i.file = l.file AND i.n = l.n"
        )
        for file, n, doc_id, document, *likeness in rows:
            yield file, n, doc_id, document, Likeness(*likeness)

    def stirred(self) -> list[bytes]:
        """The buckets of documents that came, went or changed since marks were last set."""
        return [row[0] for row in self._db.execute("SELECT DISTINCT buckets FROM stirred")]

    def duplicates(self) -> dict[tuple[int, int], str]:
        """The documents that are marked as near-duplicates, by file and number."""
        rows = self._db.execute(
            "SELECT file, n, duplicate_of FROM items WHERE duplicate_of IS NOT NULL"
        )
        return {(file, n): original for file, n, original in rows}

    def unsettled(self) -> int:
        """How many files have to be looked into again, whatever their stat says."""
        query = "SELECT count(*) FROM files WHERE NOT settled"
        return int(self._db.execute(query).fetchone()[0])

    def rejected_counts(self) -> dict[str, int]:
        """How many items were rejected, by code."""
        rows = self._db.execute(
            "SELECT code, count(*) FROM items WHERE code IS NOT NULL GROUP BY code ORDER BY code"
        )
        return dict(rows.fetchall())

    def mark_duplicates(self, rows: Iterable[tuple[str | None, int, int]]) -> None:
        """Sets ``duplicate_of`` of (original, file, n); then all marks are as they have to be."""
        self._write("UPDATE items SET duplicate_of = ? WHERE file = ? AND n = ?", rows)
        self._write("DELETE FROM stirred", [()])


def _opened(path: Path) -> sqlite3.Connection:
    db = connect(path, write=True)
    tables = db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if not tables:
        db.executescript(_SCHEMA)
        db.execute("INSERT INTO meta VALUES ('format', ?)", (FORMAT,))
        return db
    try:
        row = db.execute("SELECT value FROM meta WHERE key = 'format'").fetchone()
    except sqlite3.OperationalError as error:
        db.close()
        raise DamagedError(str(error)) from error
    if row != (FORMAT,):
        db.close()
        raise DamagedError("the cache is of another version")
    return db


def discard(folder: Path) -> None:
    """Removes the state, so that everything is made again."""
    for name in (FILE, f"{FILE}-wal", f"{FILE}-shm"):
        disk.remove(folder / name)


def _item_row(file: int, n: int, item: Item) -> tuple[Any, ...]:
    rejected = item.rejected
    why = (rejected.stage, rejected.code, rejected.detail) if rejected else (None, None, None)
    doc_id = rejected.doc_id if rejected else item.doc_id
    cut = digest_of(doc_id.encode())[0] % _CUT == 0
    kept = (item.document, item.content, item.text, item.annotation, item.reports)
    return (file, n, cut, doc_id, *why, *kept)


def _stored(row: tuple[Any, ...]) -> StoredItem:
    file, n, cut, doc_id, stage, code, detail, *keys, raw, beside, duplicate_of = row
    document, content, text, annotation, reports = keys
    rejected = Rejected(doc_id, stage, code, detail) if code is not None else None
    item = Item(doc_id, rejected, document, content, text, None, annotation, reports)
    return StoredItem(file, n, bool(cut), item, raw, beside, duplicate_of)


def _pack_stat(stat: Stat | None) -> bytes | None:
    return msgspec.msgpack.encode(stat) if stat else None


def _stat(data: bytes | None) -> Stat | None:
    return tuple(msgspec.msgpack.decode(data)) if data else None
