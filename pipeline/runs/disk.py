"""Every write below ``outputs/``: made durable, and told clearly when it fails.

`before` is called ahead of each step with its name and path. Tests put in what raises an error or
ends the process there.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import OutputError

_FIXES = {
    "ENOSPC": "free some space (`pactline runs prune` removes old snapshots), then run again",
    "EACCES": "name another folder with --outputs, or change its permissions",
    "EROFS": "name another folder with --outputs: this one is on a read-only disk",
}


def _nothing(_step: str, _path: Path) -> None:
    """What happens ahead of a step outside of tests."""


before: Callable[[str, Path], None] = _nothing
# Whether to wait until the disk has what was written; only a power cut shows the difference.
durable = True


@contextmanager
def writing(step: str, path: Path) -> Iterator[None]:
    """Announces a step and turns an OSError into an OutputError that names ``path``."""
    try:
        before(step, path)
        yield
    except OSError as error:
        raise failure(error, path) from error


def failure(error: OSError, path: Path) -> OutputError:
    """What to tell of a failed write."""
    name = errno_name(error)
    return OutputError(
        f"can't be written ({error.strerror or error})",
        where=str(path),
        fix=_FIXES.get(name, "check the disk and the folder's permissions, then run again"),
    )


def errno_name(error: OSError) -> str:
    """The name of its number, as ENOSPC or EIO."""
    import errno  # noqa: PLC0415 - only when something failed

    return errno.errorcode.get(error.errno or 0, "")


def make_folder(path: Path) -> Path:
    """The folder, made with its parents if it isn't there."""
    with writing("folder", path):
        path.mkdir(parents=True, exist_ok=True)
    return path


def write_file(path: Path, chunks: Iterable[bytes], *, sync: bool = True) -> int:
    """Writes a file in one go and returns its size; with ``sync`` it is on the disk afterwards."""
    size = 0
    with writing("write", path), path.open("wb") as handle:
        for chunk in chunks:
            before("write", path)
            size += handle.write(chunk)
        handle.flush()
        if sync and durable:
            before("sync", path)
            os.fsync(handle.fileno())
    return size


def replace(source: Path, target: Path) -> None:
    """Puts ``source`` in the place of ``target`` in one step."""
    with writing("replace", target):
        source.replace(target)


def link(source: Path, target: Path) -> None:
    """A second name for a file, or a copy where the file system has no such links."""
    with writing("link", target):
        try:
            target.hardlink_to(source)
        except (OSError, NotImplementedError):
            shutil.copyfile(source, target)


def point(link: Path, target: str) -> None:
    """Makes ``link`` a symbolic link to ``target`` in one step, whatever it was before."""
    fresh = link.with_name(f".{link.name}.new")
    with writing("point", link):
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(target)
    replace(fresh, link)
    sync_folder(link.parent)


def sync_folder(path: Path) -> None:
    """Makes renamed and new names in a folder durable."""
    if not durable:
        return
    with writing("sync", path):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def remove(path: Path) -> None:
    """Removes a file or a folder with its content; what isn't there is fine."""
    with writing("remove", path):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
