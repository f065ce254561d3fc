"""The bytes of a file of ``raw/`` and of its sidecar, read so that they belong together."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path
from typing import Final, NamedTuple

from pipeline.errors import DocumentError
from pipeline.ingest.find import SIDECAR, Stat

_TRIES: Final = 3
# A file written to so short a time ago may be written to again within the same tick of the
# file system's clock, so that its stat would not tell (FAT counts in steps of two seconds).
_TICK_NS: Final = 2_000_000_000


class GoneError(Exception):
    """The file is not there any more."""


class Source(NamedTuple):
    """A file as it was read; ``settled`` tells whether its stat can vouch for these bytes."""

    data: bytes
    beside: bytes | None
    stat: Stat
    sidecar: Stat | None
    settled: bool

    @property
    def hashes(self) -> tuple[bytes, bytes]:
        """The hashes of the file and of its sidecar (empty without one)."""
        beside = hashlib.sha256(self.beside).digest() if self.beside is not None else b""
        return hashlib.sha256(self.data).digest(), beside


def read_source(path: Path, *, sidecar: bool, limit: int) -> Source:
    """The bytes of ``path`` and of its sidecar, of one moment.

    Raises GoneError when it isn't there, and DocumentError when it can't be read, is larger than
    ``limit`` bytes, or changes each time that it is read.
    """
    for _ in range(_TRIES):
        data, about = _read(path, limit)
        beside = _read_sidecar(path, limit) if sidecar else None
        if _stat(path) == about:
            settled = is_settled(about) and (beside is None or is_settled(beside[1]))
            extra = beside or (None, None)
            return Source(data, extra[0], about, extra[1], settled)
    raise DocumentError("changing", "it changed each time that it was read")


def is_settled(stat: Stat) -> bool:
    """Whether a later write would show in the time of modification."""
    return time.time_ns() - stat[1] > _TICK_NS


def _read(path: Path, limit: int) -> tuple[bytes, Stat]:
    try:
        with path.open("rb") as handle:
            found = os.fstat(handle.fileno())
            if found.st_size > limit:
                raise DocumentError("too_large", f"{found.st_size:,} bytes; the limit is {limit:,}")
            data = handle.read(limit + 1)
    except FileNotFoundError as error:
        raise GoneError(str(path)) from error
    except OSError as error:
        raise DocumentError("unreadable", str(error.strerror)) from error
    about = (found.st_size, found.st_mtime_ns, found.st_ino)
    # A length that isn't the one of the stat shows below as a file that changed.
    return data, about if len(data) == found.st_size else (-1, 0, 0)


def _read_sidecar(path: Path, limit: int) -> tuple[bytes, Stat] | None:
    try:
        return _read(path.with_name(path.name + SIDECAR), limit)
    except GoneError:
        return None


def _stat(path: Path) -> Stat | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns, found.st_ino
