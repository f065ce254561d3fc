"""Which files of ``raw/`` are inputs, in the order of their ids."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pipeline.ingest.rejections import rejected
from pipeline.model import Rejected

SIDECAR: Final = ".meta.json"


def doc_id_of(path: Path, raw: Path) -> str:
    r"""The path below ``raw`` with ``/``; bytes that aren't UTF-8 are written as ``\\xff``."""
    name = path.relative_to(raw).as_posix()
    try:
        name.encode()
    except UnicodeEncodeError:
        name = os.fsencode(name).decode("utf-8", "backslashreplace")
    return name


def find_inputs(raw: Path) -> Iterator[Path | Rejected]:
    """The files below ``raw`` sorted by doc_id, and a row for each entry that can't be one.

    Hidden files and folders and ``*.meta.json`` sidecars are no inputs. Links are followed while
    they stay inside ``raw``.
    """
    found: list[tuple[str, Path | Rejected]] = []
    for path, problem in _walk(raw):
        doc_id = doc_id_of(path, raw)
        found.append((doc_id, rejected(doc_id, problem) if problem else path))
    found.sort(key=lambda pair: pair[0])
    previous = None
    for doc_id, item in found:
        yield rejected(doc_id, "duplicate_name") if doc_id == previous else item
        previous = doc_id


def _walk(raw: Path) -> Iterator[tuple[Path, str]]:
    home = os.path.realpath(raw)
    waiting: list[tuple[str, frozenset[str]]] = [(str(raw), frozenset([home]))]
    while waiting:
        folder, chain = waiting.pop()
        try:
            entries = [entry for entry in os.scandir(folder) if not entry.name.startswith(".")]
        except OSError:
            yield Path(folder), "unreadable"
            continue
        names = {entry.name for entry in entries}
        for entry in entries:
            problem, below = _judge(entry, home, chain, names)
            if below:
                waiting.append((entry.path, below))
            elif problem is not None:
                yield Path(entry.path), problem


def _judge(
    entry: os.DirEntry[str], home: str, chain: frozenset[str], names: set[str]
) -> tuple[str | None, frozenset[str]]:
    """(problem, ancestors of a folder to walk); the problem is "" for an input, None for none."""
    nothing: frozenset[str] = frozenset()
    try:
        mode = entry.stat().st_mode
        link = entry.is_symlink()
    except OSError as error:
        return ("symlink_loop" if error.errno == errno.ELOOP else "unreadable"), nothing
    real = os.path.realpath(entry.path) if link else ""
    if link and os.path.commonpath([home, real]) != home:
        return "symlink_outside", nothing
    if stat.S_ISDIR(mode):
        real = real or os.path.realpath(entry.path)
        return ("symlink_loop", nothing) if real in chain else (None, chain | {real})
    if not stat.S_ISREG(mode):
        return "not_a_file", nothing
    if entry.name.endswith(SIDECAR):
        orphan = entry.name.removesuffix(SIDECAR) not in names
        return ("orphan_sidecar" if orphan else None), nothing
    return "", nothing
