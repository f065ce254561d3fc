"""The stages as functions between bytes that a cache can keep: ingest, annotate, records."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Callable, Collection, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from pipeline.model import Annotation, Document, Rejected
from pipeline.records.report import Report
from pipeline.rulebook.book import RuleBook, load_rulebook
from pipeline.runs.items import Item, Likeness
from pipeline.runs.keys import digest_of

if TYPE_CHECKING:
    from spacy.language import Language

    from pipeline.records.page import Page
    from pipeline.runs.source import Source

_DOCUMENT = msgspec.msgpack.Decoder(Document)
_ANNOTATION = msgspec.msgpack.Decoder(Annotation)
_REPORTS = msgspec.msgpack.Decoder(list[Report])
_ITEMS = msgspec.msgpack.Decoder(list[Item])


class Loaded:
    """The rule book and what is built from it, each part when it is first needed."""

    def __init__(self, rules: Path) -> None:
        self.book: RuleBook = load_rulebook(rules)

    @cached_property
    def nlp(self) -> Language:
        """The spaCy pipeline with all annotators."""
        from pipeline.annotate.pipeline import build_pipeline  # noqa: PLC0415 - takes a second

        return build_pipeline(self.book)

    @cached_property
    def pages(self) -> Callable[[Page], list[Report]]:
        """From a page to its reports."""
        from pipeline.records.build import page_builder  # noqa: PLC0415

        return page_builder(self.book)

    def prepare(self, stages: Collection[str]) -> None:
        """Builds what the stages need, so that processes made after this share it."""
        _ = self.nlp if "annotate" in stages else None
        _ = self.pages if "records" in stages else None
        # What is loaded stays as long as the process; the collector need not look at it again.
        gc.freeze()


class Ingested(NamedTuple):
    """A document with its item and its content as the cache keeps it."""

    item: Item
    document: Document | None
    packed: bytes


def ingest(doc_id: str, source: Source, book: RuleBook) -> Iterator[Ingested]:
    """The documents of a file, and a row for each part of it that can't be read."""
    from pipeline.ingest.content import Metadata  # noqa: PLC0415 - the readers' imports
    from pipeline.ingest.read import read_bytes  # noqa: PLC0415
    from pipeline.ingest.sidecar import parse_sidecar  # noqa: PLC0415

    given = parse_sidecar(source.beside) if source.beside is not None else (Metadata(), None)
    for found in read_bytes(source.data, doc_id, *given, book.ingest):
        if isinstance(found, Rejected):
            yield Ingested(Item(found.doc_id, found), None, b"")
        else:
            yield _ingested(found)


def _ingested(document: Document) -> Ingested:
    from pipeline.ingest.duplicates import body_text, buckets_of, sketch  # noqa: PLC0415

    packed = msgspec.msgpack.encode(document)
    # What the later stages see: they know neither the document's name nor its raw bytes.
    content = msgspec.structs.replace(document, doc_id="", sha256="")
    found = sketch(body_text(document))
    likeness = Likeness(
        document.published.toordinal() if document.published else None,
        found.size,
        buckets_of(found),
    )
    item = Item(
        document.doc_id,
        document=digest_of(packed),
        content=digest_of(msgspec.msgpack.encode(content)),
        text=hashlib.sha256(document.text.encode()).digest(),
        likeness=likeness,
    )
    return Ingested(item, document, packed)


def annotate(loaded: Loaded, document: Document) -> bytes:
    """The mentions of a document."""
    from pipeline.annotate.base import annotation_of  # noqa: PLC0415 - spaCy takes a second
    from pipeline.annotate.pipeline import annotate as find_mentions  # noqa: PLC0415

    anonymous = msgspec.structs.replace(document, doc_id="", sha256="")
    return msgspec.msgpack.encode(annotation_of(find_mentions(loaded.nlp, anonymous)))


def find_reports(loaded: Loaded, document: Document, annotation: Annotation) -> bytes:
    """What a document says of agreements, meetings and projects."""
    from pipeline.records.page import Page  # noqa: PLC0415

    anonymous = msgspec.structs.replace(
        document,
        doc_id="",
        sha256="",
        source_country=annotation.source_country,
        source_country_from=annotation.source_country_from,
    )
    page = Page(
        anonymous,
        annotation.sentences,
        countries=annotation.countries,
        dates=annotation.dates,
        institutions=annotation.institutions,
        people=annotation.people,
        figures=annotation.figures,
    )
    return msgspec.msgpack.encode(loaded.pages(page))


def read_document(packed: bytes) -> Document:
    """A document as it was kept."""
    return _DOCUMENT.decode(packed)


def read_annotation(packed: bytes) -> Annotation:
    """Mentions as they were kept."""
    return _ANNOTATION.decode(packed)


def read_reports(packed: bytes) -> list[Report]:
    """Reports as they were kept."""
    return _REPORTS.decode(packed)


def pack_items(items: list[Item]) -> bytes:
    """The items of a file as they come from ingest."""
    return msgspec.msgpack.encode(items)


def read_items(packed: bytes) -> list[Item]:
    """Items as they were kept."""
    return _ITEMS.decode(packed)
