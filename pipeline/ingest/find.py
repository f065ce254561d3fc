"""Which files of ``raw/`` are inputs, in the order of their ids."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from pipeline.ingest.rejections import rejected
from pipeline.model import Rejected

SIDECAR: Final = ".meta.json"
_SIDECAR: Final = SIDECAR.encode()

Stat = tuple[int, int, int]


class Found(NamedTuple):
    """An entry below ``raw/``: an input, or something that can't be one.

    ``path`` is as the system names it, ``problem`` empty for an input. ``stat`` and ``sidecar``
    (None without one) are size, time of modification in ns, and inode.
    """

    doc_id: str
    path: bytes
    problem: str
    stat: Stat
    sidecar: Stat | None


def doc_id_of(path: Path, raw: Path) -> str:
    r"""The path below ``raw`` with ``/``; bytes that aren't UTF-8 are written as ``\\xff``."""
    return _doc_id(os.fsencode(path.relative_to(raw).as_posix()))


def _doc_id(path: bytes) -> str:
    try:
        return path.decode()
    except UnicodeDecodeError:
        return path.decode("utf-8", "backslashreplace")


def find_inputs(raw: Path) -> Iterator[Path | Rejected]:
    """The files below ``raw`` sorted by doc_id, and a row for each entry that can't be one.

    Hidden files and folders and ``*.meta.json`` sidecars are no inputs. Links are followed while
    they stay inside ``raw``.
    """
    for found in scan(raw):
        if found.problem:
            yield rejected(found.doc_id, found.problem)
        else:
            yield raw / os.fsdecode(found.path)


def scan(raw: Path) -> list[Found]:
    """Everything below ``raw`` by doc_id; of two entries with one id, the later is a problem."""
    found = sorted(_walk(os.fsencode(raw)))
    for index in range(1, len(found)):
        if found[index].doc_id == found[index - 1].doc_id:
            found[index] = found[index]._replace(problem="duplicate_name")
    return found


def _walk(raw: bytes) -> Iterator[Found]:
    home = os.path.realpath(raw)
    waiting: list[tuple[bytes, bytes, frozenset[bytes]]] = [(raw, b"", frozenset([home]))]
    while waiting:
        folder, prefix, chain = waiting.pop()
        try:
            entries = [e for e in os.scandir(folder) if not e.name.startswith(b".")]
        except OSError:
            yield Found(_doc_id(prefix[:-1] or b"."), prefix[:-1], "unreadable", (0, 0, 0), None)
            continue
        files = []
        for entry in entries:
            # Nearly all entries are plain files; for them two system calls would be one too many.
            if entry.is_file(follow_symlinks=False):
                files.append(_plain_file(entry))
                continue
            problem, about, below = _judge(entry, home, chain)
            if below:
                waiting.append((entry.path, prefix + entry.name + b"/", below))
            else:
                files.append((entry.name, problem, about))
        yield from _files(prefix, files)


def _plain_file(entry: os.DirEntry[bytes]) -> tuple[bytes, str, Stat]:
    try:
        found = entry.stat(follow_symlinks=False)
    except OSError:
        return entry.name, "unreadable", (0, 0, 0)
    return entry.name, "", (found.st_size, found.st_mtime_ns, found.st_ino)


def _files(prefix: bytes, files: list[tuple[bytes, str, Stat]]) -> list[Found]:
    """The files of one folder, each with its sidecar."""
    start = _doc_id(prefix)
    sidecars = {
        name: about for name, problem, about in files if name.endswith(_SIDECAR) and not problem
    }
    if not sidecars:
        return [
            Found(start + _doc_id(name), prefix + name, problem, about, None)
            for name, problem, about in files
        ]
    names = {name for name, _, _ in files}
    found = []
    for name, problem, about in files:
        orphan = name in sidecars
        if orphan and name.removesuffix(_SIDECAR) in names:
            continue
        told = "orphan_sidecar" if orphan else problem
        beside = None if orphan else sidecars.get(name + _SIDECAR)
        found.append(Found(start + _doc_id(name), prefix + name, told, about, beside))
    return found


def _judge(
    entry: os.DirEntry[bytes], home: bytes, chain: frozenset[bytes]
) -> tuple[str, Stat, frozenset[bytes]]:
    """(problem, size and times, ancestors of a folder to walk); no problem with an input."""
    nothing: frozenset[bytes] = frozenset()
    try:
        found = entry.stat()
        link = entry.is_symlink()
    except OSError as error:
        loop = error.errno == errno.ELOOP
        return ("symlink_loop" if loop else "unreadable"), (0, 0, 0), nothing
    about = (found.st_size, found.st_mtime_ns, found.st_ino)
    real = os.path.realpath(entry.path) if link else b""
    if link and os.path.commonpath([home, real]) != home:
        return "symlink_outside", about, nothing
    if stat.S_ISDIR(found.st_mode):
        real = real or os.path.realpath(entry.path)
        if real in chain:
            return "symlink_loop", about, nothing
        return "", about, chain | {real}
    return ("" if stat.S_ISREG(found.st_mode) else "not_a_file"), about, nothing
