"""What is done with one file, and with one piece of the tables: plain records in and out."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import DocumentError
from pipeline.ingest.rejections import rejected
from pipeline.model import Document, Rejected
from pipeline.runs import disk, stages
from pipeline.runs.items import Extracted, Item, Output, PieceTask, Task
from pipeline.runs.keys import digest, digest_of
from pipeline.runs.source import GoneError, Source, read_source
from pipeline.runs.state import Cache, DamagedError, pack

_FLUSH = 1 << 20  # bytes of output that a worker keeps to itself
FILE = -1
# Told the number of the item that is worked on, `FILE` while the file is read.
Note = Callable[[int], None]
Message = Extracted | Output | str


class Keys(NamedTuple):
    """The keys of the stages' versions."""

    ingest: bytes
    annotate: bytes
    records: bytes


class Worker:
    """Extracts files: looks each result up in the cache and makes what is not there."""

    def __init__(self, loaded: stages.Loaded, raw: Path, state: Path, keys: Keys) -> None:
        self.loaded = loaded
        self._raw = raw
        self._state = state
        self._keys = keys
        self._opened: Cache | None = None

    @property
    def cache(self) -> Cache:
        """The cache, opened in the process that uses it."""
        if self._opened is None:
            self._opened = Cache(self._state)
        return self._opened

    def close(self) -> None:
        """Closes the cache."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def work(self, task: Task | PieceTask, note: Note) -> Iterator[Message]:
        """The messages that a task leads to; the last one ends it."""
        if isinstance(task, PieceTask):
            from pipeline.runs.pieces import write_piece  # noqa: PLC0415 - pyarrow

            write_piece(task, self.loaded.book, self.cache)
            yield task.path
        else:
            yield from _File(self, task, note).extract()

    def look_up(self, key: bytes) -> bytes | None:
        """The content that was made of a key's inputs, if it is there and whole."""
        hashed = self.cache.result(key)
        return self.cache.blob(hashed) if hashed else None

    def path_of(self, task: Task) -> Path:
        """Where the file of a task lies."""
        return self._raw / os.fsdecode(task.path)

    @property
    def keys(self) -> Keys:
        return self._keys


class _File:
    """One file on its way through the stages."""

    def __init__(self, worker: Worker, task: Task, note: Note) -> None:
        self.worker = worker
        self.task = task
        self.note = note
        self.output = Output([], [])
        self.size = 0
        self.source: Source | None = None
        self.settled = True

    def extract(self) -> Iterator[Message]:
        """Outputs as they come, then the file with all its items."""
        self.note(FILE)
        key, items = self.task.known, list[Item]()
        try:
            key, found = self._listed()
            for n, one in enumerate(found):
                items.append(self._item(n, one))
                if self.size > _FLUSH:
                    yield self._flush()
        except GoneError:
            yield self._done(b"", [], gone=True)
            return
        except DocumentError as error:
            # What the name and the size tell stays so until they change.
            self.settled = error.reason in {"too_large", "unsupported_type"}
            items = [_given_up(rejected(self.task.doc_id, error.reason, error.what))]
        yield self._done(key, items)

    def _done(self, key: bytes, items: list[Item], *, gone: bool = False) -> Extracted:
        source = self.source
        raw, beside = source.hashes if source else (b"", b"")
        return Extracted(
            path=self.task.path,
            stat=source.stat if source else self.task.stat,
            sidecar=source.sidecar if source else self.task.sidecar,
            settled=self.settled and (source is None or source.settled),
            raw=raw,
            beside=beside,
            key=key,
            items=items,
            output=self._flush(),
            gone=gone,
        )

    def _flush(self) -> Output:
        output, self.output, self.size = self.output, Output([], []), 0
        return output

    def _listed(self) -> tuple[bytes, Iterator[stages.Ingested]]:
        """The key of the file's items, and the items, from the cache or made now."""
        task = self.task
        problem = task.skip.get(FILE) or (
            rejected(task.doc_id, task.problem) if task.problem else None
        )
        if problem:
            return b"", iter([stages.Ingested(_given_up(problem), None, b"")])
        if task.known and (packed := self.worker.look_up(task.known)):
            return task.known, _kept(packed)
        self.source = source = self._read()
        key = digest("items", task.doc_id, *source.hashes, self.worker.keys.ingest)
        packed = self.worker.look_up(key)
        return key, _kept(packed) if packed else self._made(key, source)

    def _read(self) -> Source:
        from pipeline.ingest.read import MAX_BYTES, check_suffix  # noqa: PLC0415

        check_suffix(self.task.doc_id)
        path = self.worker.path_of(self.task)
        return read_source(path, sidecar=self.task.sidecar is not None, limit=MAX_BYTES)

    def _made(self, key: bytes, source: Source) -> Iterator[stages.Ingested]:
        items = []
        for one in stages.ingest(self.task.doc_id, source, self.worker.loaded.book):
            if one.document is not None:
                self._keep(one.packed)
            items.append(one.item)
            yield one
            self.note(FILE)
        self._result(key, stages.pack_items(items))

    def _keep(self, content: bytes) -> bytes:
        hashed, data = digest_of(content), pack(content)
        self.output.blobs.append((hashed, data))
        self.size += len(data)
        return hashed

    def _result(self, key: bytes, content: bytes) -> bytes:
        hashed = self._keep(content)
        self.output.results.append((key, hashed))
        return hashed

    def _item(self, n: int, one: stages.Ingested) -> Item:
        if one.item.rejected:
            return one.item
        if n in self.task.skip:
            why = self.task.skip[n]
            return _given_up(Rejected(one.item.doc_id, why.stage, why.code, why.detail))
        self.note(n)
        disk.before("item", self.worker.path_of(self.task))
        try:
            return self._extracted(one)
        except DamagedError:
            raise
        except MemoryError:
            detail = "it needs more memory than --memory-limit allows"
            return _given_up(Rejected(one.item.doc_id, "annotate", "memory", detail))
        except Exception as error:  # noqa: BLE001 - a bug must not cost the other documents
            return _given_up(Rejected(one.item.doc_id, "annotate", "failed", _told(error)))

    def _extracted(self, one: stages.Ingested) -> Item:
        item, worker = one.item, self.worker
        document = one.document
        key = digest("annotation", item.content, worker.keys.annotate)
        annotation, packed = worker.cache.result(key), b""
        if annotation is None:
            document = document or self._document(item)
            packed = stages.annotate(worker.loaded, document)
            annotation = self._result(key, packed)
        key = digest("reports", item.content, annotation, worker.keys.records)
        reports = worker.cache.result(key)
        if reports is None:
            document = document or self._document(item)
            found = stages.read_annotation(packed or self._blob(annotation))
            reports = self._result(key, stages.find_reports(worker.loaded, document, found))
        return _with(item, annotation, reports)

    def _document(self, item: Item) -> Document:
        return stages.read_document(self._blob(item.document))

    def _blob(self, hashed: bytes) -> bytes:
        content = self.worker.cache.blob(hashed)
        if content is None:
            raise DamagedError(f"an output of {self.task.doc_id} is missing")
        return content


def _kept(packed: bytes) -> Iterator[stages.Ingested]:
    for item in stages.read_items(packed):
        yield stages.Ingested(item, None, b"")


def _given_up(why: Rejected) -> Item:
    return Item(why.doc_id, why)


def _with(item: Item, annotation: bytes, reports: bytes) -> Item:
    return Item(
        item.doc_id,
        None,
        item.document,
        item.content,
        item.text,
        item.likeness,
        annotation,
        reports,
    )


def _told(error: Exception) -> str:
    """The kind of an error and the place in the package where it happened."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [f for f in frames if f"{os.sep}pipeline{os.sep}" in f.filename]
    place = f" ({Path(own[-1].filename).name}:{own[-1].lineno})" if own else ""
    return f"{type(error).__name__}: {error}{place}"
