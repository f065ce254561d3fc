"""One writer at a time: a lock on ``outputs/`` that says who holds it since when."""

from __future__ import annotations

import datetime as dt
import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import ClassVar, Final

import msgspec

from pipeline.errors import PactlineError, SettingsError
from pipeline.runs import disk

FILE: Final = ".lock"
# How long the workers of a killed run may take to notice.
_GRACE = 3.0


class LockedError(PactlineError):
    """Another run is writing to the same outputs."""

    code: ClassVar[str] = "locked"


class Holder(msgspec.Struct, frozen=True):
    """Who holds the lock."""

    pid: int
    host: str
    since: str
    command: str

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host} since {self.since} ({self.command})"


@contextmanager
def locked(outputs: Path) -> Iterator[Holder | None]:
    """Holds the lock; gives the holder of a stale one, who ended without letting go.

    The system lets go of the lock when its process ends, however it ends. Raises LockedError.
    """
    try:
        import fcntl  # noqa: PLC0415 - not on every system
    except ImportError as error:
        raise SettingsError(
            "runs need file locks and symbolic links as Linux and macOS have them",
            fix="on Windows, run it in WSL",
        ) from error
    path = outputs / FILE
    with disk.writing("lock", path):
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        _acquire(fcntl, handle, path)
        stale = _read(path)
        with disk.writing("lock", path):
            _note(handle)
        yield stale
        os.ftruncate(handle, 0)
    finally:
        os.close(handle)


def _acquire(fcntl: object, handle: int, path: Path) -> None:
    until = time.monotonic() + _GRACE
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)  # type: ignore[attr-defined]
        except BlockingIOError:
            holder = _read(path)
            if holder and _is_dead(holder) and time.monotonic() < until:
                time.sleep(0.05)
                continue
            raise LockedError(
                f"another run is writing here: {holder or 'it is just starting'}",
                where=str(path.parent),
                fix="wait until it is done, or name another folder with --outputs",
            ) from None
        return


def _note(handle: int) -> None:
    holder = Holder(
        os.getpid(),
        socket.gethostname(),
        dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        " ".join([Path(sys.argv[0]).name, *sys.argv[1:]])[:200],
    )
    os.ftruncate(handle, 0)
    os.pwrite(handle, msgspec.json.encode(holder), 0)


def _read(path: Path) -> Holder | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Holder)
    except (OSError, msgspec.DecodeError):
        return None


def _is_dead(holder: Holder) -> bool:
    if holder.host != socket.gethostname():
        return False
    with suppress(PermissionError):
        try:
            os.kill(holder.pid, 0)
        except ProcessLookupError:
            return True
    return False
