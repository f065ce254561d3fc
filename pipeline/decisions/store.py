"""The files of the decisions: one JSON object a line, only ever appended to.

Lines of one file may come in any order, as a merge of two branches leaves them; what counts is the
time in each line.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from io import FileIO
from pathlib import Path
from typing import ClassVar

import msgspec

from pipeline.decisions.model import ACTIONS, Decision
from pipeline.errors import PactlineError
from pipeline.schema import BY_NAME

FOLDER = "decisions"
_CONFLICT = re.compile(rb"<{7}|={7}|>{7}|\|{7}")


class DecisionError(PactlineError):
    """A decision can't be read or written; ``where`` is ``file:line``."""

    code: ClassVar[str] = "decision"


def decision_files(rules: Path) -> list[Path]:
    """The decision files of a rule folder, in the order of their names."""
    return sorted((rules / FOLDER).glob("*.jsonl"))


def read_decisions(rules: Path) -> list[Decision]:
    """All decisions of a rule folder, each once, the earliest first; raises DecisionError."""
    found: dict[str, Decision] = {}
    for path in decision_files(rules):
        for decision in _read(path):
            found[decision.id] = decision
    return sorted(found.values(), key=lambda d: (d.when, d.id))


def _read(path: Path) -> Iterator[Decision]:
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise DecisionError(
            f"the file can't be read ({error.strerror})",
            where=str(path),
            fix="change its permissions",
        ) from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _decision(line, f"{path}:{number}", path.stem)


def _decision(line: bytes, where: str, table: str) -> Decision:
    if _CONFLICT.match(line):
        raise DecisionError(
            "git left a conflict here",
            where=where,
            fix="keep the lines of both sides and delete the three marks; with the line"
            " `rules/decisions/*.jsonl merge=union` in .gitattributes git does that itself",
        )
    try:
        decision = msgspec.json.decode(line, type=Decision)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise DecisionError(
            f"no decision: {error}",
            where=where,
            fix="restore the line from git, or delete it: every line is one decision",
        ) from error
    if decision.action not in ACTIONS:
        raise DecisionError(
            f"unknown action {decision.action!r}",
            where=where,
            fix=f"use one of {', '.join(ACTIONS)}",
        )
    if decision.table != table or table not in BY_NAME:
        raise DecisionError(
            f"a decision on {decision.table!r} stands in {table}.jsonl",
            where=where,
            fix="put it into the file of its table",
        )
    return decision


def append_decisions(rules: Path, decisions: Iterable[Decision]) -> None:
    """Appends decisions to the files of their tables; raises DecisionError when that fails.

    Those on one table are written together, under a lock that other writers respect, or not at all.
    """
    lines: dict[str, bytes] = defaultdict(bytes)
    for decision in decisions:
        lines[decision.table] += msgspec.json.encode(decision) + b"\n"
    for table, data in sorted(lines.items()):
        path = rules / FOLDER / f"{table}.jsonl"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("ab+", buffering=0) as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                _append(file, data)
        except OSError as error:
            raise DecisionError(
                f"the decision can't be written ({error.strerror})",
                where=str(path),
                fix="free some space or change the permissions; nothing was decided",
            ) from error


def _append(file: FileIO, data: bytes) -> None:
    """Writes at the end of a file, which keeps its length when that fails."""
    size = file.seek(0, os.SEEK_END)
    try:
        rest = _line_end(file, size) + data
        while rest:
            rest = rest[file.write(rest) or 0 :]
        os.fsync(file.fileno())
    except OSError:
        os.ftruncate(file.fileno(), size)
        raise


def _line_end(file: FileIO, size: int) -> bytes:
    """The line end that an editor left out."""
    if not size:
        return b""
    file.seek(size - 1)
    return b"" if file.read(1) == b"\n" else b"\n"
