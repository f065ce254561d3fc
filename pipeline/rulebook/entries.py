"""The entries of a rule folder as text, to tell which of them differ between two versions.

Nothing is checked or compiled here: an old version of the rules must be readable even when the code
of today would refuse it.
"""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_ID = re.compile(r"id\s*=\s*[\"']([^\"']+)[\"']")
# The columns that name a row of a CSV file without a column "id".
# What a TOML rule says for people and tests; it changes no result.
_FOR_PEOPLE = frozenset({"about", "examples", "counter_examples"})
_CSV_KEYS = {"countries.csv": ["code"], "places.csv": ["country", "name"]}


class Entry(NamedTuple):
    """An entry: its file and line below ``rules/`` and its text."""

    file: str
    line: int
    text: str

    @property
    def where(self) -> str:
        """``file:line`` as messages print it."""
        return f"rules/{self.file}:{self.line}"


def read_entries(root: Path) -> dict[str, Entry]:
    """Every entry of the rule folder by the id that tables use for it.

    What stands in a TOML file outside of the tables with an id is one entry a section, named
    ``file#section``.
    """
    found: dict[str, Entry] = {}
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.suffix not in {".toml", ".csv"} or name.startswith("decisions/"):
            continue
        text = path.read_bytes().decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
        entries = _of_toml(name, text) if path.suffix == ".toml" else _of_csv(name, text)
        for key, line, content in entries:
            # Two entries of one id count as one that holds both.
            before = found[key].text + "\n" if key in found else ""
            found[key] = Entry(name, found[key].line if key in found else line, before + content)
    return found


def changed_entries(old: dict[str, Entry], new: dict[str, Entry]) -> dict[str, Entry]:
    """The entries that were added, removed or edited, each as it is now or was last.

    Comments, order of keys and what an entry says for people only don't count.
    """
    return {
        key: new.get(key) or old[key]
        for key in sorted(old.keys() | new.keys())
        if key not in old or key not in new or not _same(old[key], new[key])
    }


def _same(one: Entry, other: Entry) -> bool:
    return one.text == other.text or (
        one.file.endswith(".toml") and _meaning(one.text) == _meaning(other.text)
    )


def _meaning(text: str) -> object:
    """What an entry of a TOML file says; its text where that is no TOML by itself."""
    try:
        return _without_people(tomllib.loads(text))
    except tomllib.TOMLDecodeError:
        return text


def _without_people(value: object) -> object:
    if isinstance(value, dict):
        return {k: _without_people(v) for k, v in value.items() if k not in _FOR_PEOPLE}
    return [_without_people(v) for v in value] if isinstance(value, list) else value


def _of_toml(name: str, text: str) -> Iterator[tuple[str, int, str]]:
    stem = name.removesuffix(".toml")
    lines = text.split("\n")
    starts = [i for i, line in enumerate(lines) if re.match(r"\[", line)]
    for start, end in zip([0, *starts], [*starts, len(lines)], strict=True):
        chunk = lines[start:end]
        content = "\n".join(line for line in chunk if line and not line.startswith("#"))
        if not content:
            continue
        found = next(
            ((m[1], start + n) for n, line in enumerate(chunk, 1) if (m := _ID.match(line))), None
        )
        if found:
            key, line = found
            yield key if "/" in key else f"{stem}/{key}", line, content
        else:
            yield f"{name}#{chunk[0].strip('[] ') if start in starts else ''}", start + 1, content


def _of_csv(name: str, text: str) -> Iterator[tuple[str, int, str]]:
    reader = csv.DictReader(io.StringIO(text))
    prefix = name.split("/", 1)[0].removesuffix(".csv")
    header = list(reader.fieldnames or ())
    columns = _CSV_KEYS.get(name, ["id"] if "id" in header else header[:2])
    for row in reader:
        key = "-".join((row.get(column) or "").strip() for column in columns)
        yield f"{prefix}/{key}", reader.line_num, repr(list(row.values()))
