"""Metadata that lies beside a file: ``release.html.meta.json``."""

from __future__ import annotations

from pathlib import Path

import msgspec

from pipeline.ingest.content import Metadata
from pipeline.ingest.find import SIDECAR


class _Sidecar(msgspec.Struct, forbid_unknown_fields=True):
    title: str | None = None
    published: str | None = None
    url: str | None = None
    source: str | None = None
    language: str | None = None


def read_sidecar(path: Path) -> tuple[Metadata, str | None]:
    """(metadata, what was wrong or None) of the sidecar of ``path``."""
    try:
        data = path.with_name(path.name + SIDECAR).read_bytes()
    except FileNotFoundError:
        return Metadata(), None
    except OSError as error:
        return Metadata(), f"it can't be read ({error.strerror})"
    return parse_sidecar(data)


def parse_sidecar(data: bytes) -> tuple[Metadata, str | None]:
    """(metadata, what was wrong or None) of the bytes of a sidecar."""
    try:
        found = msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"), type=_Sidecar)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return Metadata(), str(error)
    return Metadata(**msgspec.structs.asdict(found)), None
