"""One file of ``raw/`` to documents: a pure function of its bytes, its sidecar and the rules."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple

from pipeline.errors import DocumentError
from pipeline.ingest import boilerplate as marking
from pipeline.ingest import html, jsonl, language, markdown, plain, publishers
from pipeline.ingest.content import Content, Metadata
from pipeline.ingest.decode import decode
from pipeline.ingest.find import SIDECAR, doc_id_of
from pipeline.ingest.headings import guess_headings
from pipeline.ingest.layout import assemble, space_structure
from pipeline.ingest.lines import Line
from pipeline.ingest.markers import mark_bullets
from pipeline.ingest.published import published
from pipeline.ingest.rejections import rejected
from pipeline.ingest.sidecar import read_sidecar
from pipeline.ingest.titles import title_of
from pipeline.ingest.wrap import join_wrapped
from pipeline.model import Document, Rejected
from pipeline.rulebook.boilerplate import IngestRules

MAX_BYTES: Final = 50_000_000  # no release is this long, and a worker must hold it several times
_PARSERS: Final[dict[str, tuple[str, Callable[[str], Content]]]] = {
    suffix: (module.FORMAT, module.parse)
    for module in (plain, markdown, html)
    for suffix in module.SUFFIXES
}
SUFFIXES: Final = frozenset((*_PARSERS, *jsonl.SUFFIXES))


def read_file(path: Path, raw: Path, rules: IngestRules) -> Iterator[Document | Rejected]:
    """The documents of a file, and a row for everything in it that can't be read.

    A container yields one document an item, with the doc_id ``path#key``.
    """
    doc_id = doc_id_of(path, raw)
    try:
        check_suffix(doc_id)
        data = _read_bytes(path)
    except DocumentError as error:
        yield rejected(doc_id, error.reason, error.what)
        return
    yield from read_bytes(data, doc_id, *read_sidecar(path), rules)


def check_suffix(doc_id: str) -> str:
    """The suffix of a file's id; raises DocumentError when no reader is for it."""
    name = doc_id.rpartition("/")[2]
    suffix = PurePosixPath(name).suffix.lower()
    if suffix not in SUFFIXES:
        raise DocumentError("unsupported_type", f"no reader for {suffix or 'no suffix'}")
    return suffix


def check_size(size: int) -> None:
    """Raises DocumentError for a file that is larger than the limit."""
    if size > MAX_BYTES:
        raise DocumentError("too_large", f"{size:,} bytes; the limit is {MAX_BYTES:,}")


def read_bytes(
    data: bytes, doc_id: str, beside: Metadata, problem: str | None, rules: IngestRules
) -> Iterator[Document | Rejected]:
    """The documents of a file's bytes; ``problem`` is what was wrong with its sidecar."""
    suffix = check_suffix(doc_id)
    if problem:
        yield rejected(doc_id + SIDECAR, "sidecar", problem)
    if suffix in jsonl.SUFFIXES:
        yield from _read_items(data, doc_id, beside, rules)
    else:
        yield from _read_single(data, doc_id, suffix, beside, rules)


def _read_bytes(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise DocumentError("not_a_file" if path.exists() else "unreadable", "it is no file")
        check_size(path.stat().st_size)
        return path.read_bytes()
    except OSError as error:
        raise DocumentError("unreadable", str(error.strerror)) from error


def _read_single(
    data: bytes, doc_id: str, suffix: str, beside: Metadata, rules: IngestRules
) -> Iterator[Document | Rejected]:
    name, parse = _PARSERS[suffix]
    try:
        content = parse(decode(data, markup=parse is html.parse))
    except DocumentError as error:
        yield rejected(doc_id, error.reason, error.what)
        return
    for code, detail in content.problems:
        yield rejected(doc_id, code, detail)
    yield build(Origin(doc_id, name, _digest(data)), content, beside, rules)


def _read_items(
    data: bytes, doc_id: str, beside: Metadata, rules: IngestRules
) -> Iterator[Document | Rejected]:
    empty = True
    for entry in jsonl.entries(data):
        empty = False
        item = f"{doc_id}#{entry.key}"
        if entry.content is None:
            yield rejected(item, entry.code, entry.detail)
        else:
            origin = Origin(item, jsonl.FORMAT, _digest(entry.data))
            yield build(origin, entry.content, beside, rules)
    if empty:
        yield rejected(doc_id, "empty")


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class Origin(NamedTuple):
    """What is known of a document before it is read."""

    doc_id: str
    format: str
    sha256: str


def build(
    origin: Origin, content: Content, beside: Metadata, rules: IngestRules
) -> Document | Rejected:
    """The document of some lines: layout, boilerplate, metadata."""
    doc_id = origin.doc_id
    given = beside.over(content.metadata)
    lines = lay_out(content.lines, rules, titled=bool(given.title))
    if not lines:
        return rejected(doc_id, "empty")
    text, blocks = assemble(lines)
    day, found_in = published(lines, given.published, doc_id.rpartition("/")[2])
    source = given.source or publishers.source_in_text(lines, rules)
    publisher = publishers.known(source, given.url, doc_id, rules)
    country, kind = publishers.of_address(given.url, rules)
    told_by = "address" if country else None
    if publisher:
        source = source or publisher.name
        country, kind = publisher.country or country, publisher.kind
        told_by = "source" if publisher.country else told_by
    return Document(
        doc_id=doc_id,
        format=origin.format,
        text=text,
        blocks=blocks,
        sha256=origin.sha256,
        title=_title(given, lines, rules),
        source=source,
        source_kind=kind or publishers.kind_of(source, rules) or _kind_of_path(doc_id, rules),
        source_country=country,
        source_country_from=told_by,
        published=day,
        published_from=found_in,
        language=language.normal(given.language) or language.guess(text),
        url=given.url if given.url and given.url.startswith(("http://", "https://")) else None,
    )


def lay_out(lines: list[Line], rules: IngestRules, *, titled: bool = False) -> list[Line]:
    """Classified lines: bullets, joined paragraphs, boilerplate, headings."""
    mark_bullets(lines)
    lines = join_wrapped(lines)
    space_structure(lines)
    marking.mark(lines, rules)
    guess_headings(lines, titled=titled)
    return lines


def canonical_text(text: str, rules: IngestRules) -> str:
    """The canonical text of a plain text; applied to its own result it changes nothing."""
    return assemble(lay_out(plain.parse(text).lines, rules))[0]


def _title(given: Metadata, lines: list[Line], rules: IngestRules) -> str | None:
    if given.title:
        return given.title.strip().removesuffix("…").rstrip(" .") or None
    return title_of(lines, rules)


def _kind_of_path(doc_id: str, rules: IngestRules) -> str:
    """A folder named after a kind, as in ``raw/news/``, says it for its files."""
    kinds = {kind for kind, _ in rules.kind_words}
    return next((part for part in doc_id.split("/")[:-1] if part in kinds), "unknown")
