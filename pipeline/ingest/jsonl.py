"""JSON Lines: one object a line, each a document of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import msgspec

from pipeline.ingest import html, plain
from pipeline.ingest.content import Content, Metadata

FORMAT: Final = "json"
SUFFIXES: Final = (".jsonl", ".ndjson")


class _Item(msgspec.Struct):
    id: str | int | None = None
    text: str | None = None
    html: str | None = None
    title: str | None = None
    published: str | None = None
    url: str | None = None
    source: str | None = None
    language: str | None = None


class Entry(NamedTuple):
    """One line: its key, its content or the code of what was wrong, a detail, and its bytes."""

    key: str
    content: Content | None
    code: str
    detail: str
    data: bytes


_DECODER: Final = msgspec.json.Decoder(_Item)


def entries(data: bytes) -> Iterator[Entry]:
    """The entries of a file; a bad line is keyed ``line-N`` and doesn't stop the rest."""
    seen: set[str] = set()
    for number, raw in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        line = raw.strip()
        if line:
            yield _entry(line, number, seen)


def _entry(line: bytes, number: int, seen: set[str]) -> Entry:
    fallback = f"line-{number}"
    try:
        item = _DECODER.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return Entry(fallback, None, "bad_line", f"line {number}: {error}", line)
    key = "" if item.id is None else str(item.id).strip()
    if not key:
        return Entry(fallback, None, "missing_id", f"line {number} has no id", line)
    key = key.encode("utf-8", "backslashreplace").decode()
    if key in seen:
        return Entry(
            f"{key}@{fallback}", None, "duplicate_id", f"line {number} repeats {key}", line
        )
    seen.add(key)
    if not (item.text or item.html):
        return Entry(key, None, "missing_text", f"line {number} has neither text nor html", line)
    content = plain.parse(item.text) if item.text else html.parse(item.html or "")
    own = Metadata(item.title, item.published, item.url, item.source, item.language)
    content.metadata = own.over(content.metadata)
    return Entry(key, content, "", "", line)
