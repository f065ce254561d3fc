"""Rule files as text: reading, hashing, and finding the line of an entry for error messages."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import msgspec

from pipeline.errors import RuleError

T = TypeVar("T")


@dataclass(frozen=True)
class RuleFile:
    """One file of the rule book: its path below ``rules/``, its text and the hash of its bytes."""

    name: str
    text: str
    sha256: str

    @classmethod
    def read(cls, root: Path, name: str) -> RuleFile:
        """Reads ``root/name``; raises RuleError when it is missing or isn't UTF-8."""
        path = root / name
        try:
            data = path.read_bytes()
        except OSError as error:
            raise RuleError(
                f"the rule file can't be read ({error.strerror})",
                where=str(path),
                fix="run `pactline init` in an empty folder for a fresh set of rules",
            ) from error
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise RuleError(
                f"byte {error.start} is not UTF-8", where=str(path), fix="save the file as UTF-8"
            ) from error
        return cls(name, text.replace("\r\n", "\n"), hashlib.sha256(data).hexdigest())

    def where(self, line: int) -> str:
        """``file:line`` as error messages and ``explain`` print it."""
        return f"rules/{self.name}:{line}"


def parse_toml(file: RuleFile, kind: type[T]) -> T:
    """The file's content as ``kind`` (a msgspec Struct); raises RuleError with file and line.

    Unknown keys, missing keys and wrong types are errors.
    """
    try:
        data = tomllib.loads(file.text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        line = int(found[1]) if found else file.text.count("\n") + 1
        raise RuleError(
            f"not valid TOML: {error}", where=file.where(line), fix="correct the syntax there"
        ) from error
    try:
        return msgspec.convert(data, kind)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `$")
        raise RuleError(
            message,
            where=file.where(toml_line(file.text, path.rstrip("`"), message)),
            fix="see docs/rules.md for the keys of this file",
        ) from error


def toml_line(text: str, path: str, message: str = "") -> int:
    """The line of a msgspec path such as ``.rule[3].pattern`` in a TOML text (1 if not found)."""
    lines = text.split("\n")
    line = 0
    for key, index in re.findall(r"\.(\w+)(?:\[(\d+)\])?|\[\.\.\.\]", path):
        if index:
            headers = [i for i, s in enumerate(lines) if s.strip() == f"[[{key}]]"]
            if int(index) < len(headers):
                line = headers[int(index)]
        elif key:
            pattern = re.compile(rf"\s*(?:\[+{key}\]+|{key}\s*=)")
            line = next((i for i in range(line, len(lines)) if pattern.match(lines[i])), line)
    unknown = re.search(r"unknown field `(\w+)`", message)
    if unknown:
        pattern = re.compile(rf"\s*(?:\[+{unknown[1]}\]+|{unknown[1]}\s*=)")
        line = next((i for i in range(line, len(lines)) if pattern.match(lines[i])), line)
    return line + 1


def item_lines(file: RuleFile, key: str = "rule") -> list[int]:
    """The line of each ``[[key]]`` table of a TOML file, in order."""
    return [i for i, line in enumerate(file.text.split("\n"), 1) if line.strip() == f"[[{key}]]"]


def check_items(
    file: RuleFile,
    items: Iterable[T],
    problem_of: Callable[[T, set[str]], tuple[str, str] | None],
) -> None:
    """Raises RuleError at the first ``[[rule]]`` with a problem (what is wrong, how to fix it).

    ``problem_of`` is given each item with the ids of those before it, which it adds its own to.
    """
    seen: set[str] = set()
    for item, line in zip(items, item_lines(file), strict=True):
        problem = problem_of(item, seen)
        if problem:
            raise RuleError(problem[0], where=file.where(line), fix=problem[1])


def item_ids(file: RuleFile) -> Iterator[tuple[str, int]]:
    """(id, line) of every table of a TOML file that has an id."""
    for number, line in enumerate(file.text.split("\n"), 1):
        if match := re.match(r"id\s*=\s*[\"']([^\"']+)[\"']", line.strip()):
            yield match[1], number


def parse_csv(file: RuleFile, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """(line, row) of each row; raises RuleError for wrong columns or a row of another length."""
    reader = csv.reader(io.StringIO(file.text), strict=True)
    try:
        header = tuple(next(reader, ()))
        if header != columns:
            raise RuleError(
                f"the columns are {', '.join(header) or 'missing'}",
                where=file.where(1),
                fix=f"the first line must be {','.join(columns)}",
            )
        line = reader.line_num
        for row in reader:
            line, first = reader.line_num, line + 1
            if not row:
                continue
            if len(row) != len(columns):
                raise RuleError(
                    f"{len(row)} fields instead of {len(columns)}",
                    where=file.where(first),
                    fix="quote a field that holds a comma",
                )
            yield first, {key: value.strip() for key, value in zip(columns, row, strict=True)}
    except csv.Error as error:
        raise RuleError(
            f"not valid CSV: {error}", where=file.where(reader.line_num), fix="check the quotes"
        ) from error


def split_list(field: str) -> tuple[str, ...]:
    """The items of a ``|`` separated field, without empty ones."""
    return tuple(item.strip() for item in field.split("|") if item.strip())


def compile_pattern(pattern: str, where: str, flags: int = 0) -> re.Pattern[str]:
    """The compiled regular expression; raises RuleError naming ``where``."""
    try:
        return re.compile(pattern, flags)
    except re.error as error:
        raise RuleError(
            f"bad regular expression: {error}", where=where, fix="correct the pattern"
        ) from error
