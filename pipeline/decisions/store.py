"""The files of the decisions: one JSON object a line, only ever appended to.

Lines of one file may come in any order, as a merge of two branches leaves them; what counts is the
time in each line.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import ClassVar

import msgspec

from pipeline.decisions.model import ACTIONS, Decision
from pipeline.errors import PactlineError
from pipeline.schema import BY_NAME

FOLDER = "decisions"


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

    Each is written by one call at the end of the file, so two writers don't mix their lines.
    """
    for decision in decisions:
        path = rules / FOLDER / f"{decision.table}.jsonl"
        line = msgspec.json.encode(decision) + b"\n"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
            try:
                _write(handle, _with_line_end(path) + line)
                os.fsync(handle)
            finally:
                os.close(handle)
        except OSError as error:
            raise DecisionError(
                f"the decision can't be written ({error.strerror})",
                where=str(path),
                fix="free some space or change the permissions; nothing was decided",
            ) from error


def _write(handle: int, data: bytes) -> None:
    written = os.write(handle, data)
    if written != len(data):
        os.ftruncate(handle, os.fstat(handle).st_size - written)
        raise OSError(28, "no space left on device")


def _with_line_end(path: Path) -> bytes:
    """The line end that an editor or a torn write left out."""
    size = path.stat().st_size
    if not size:
        return b""
    with path.open("rb") as file:
        file.seek(size - 1)
        return b"" if file.read(1) == b"\n" else b"\n"
