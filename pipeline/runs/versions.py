"""What each stage depends on besides its documents: rule files, code, libraries.

This is the one place that says which rule file a stage reads. A result is kept while the version of
its stage stays the same; a version is decodable, so that a plan can say what changed.
"""

from __future__ import annotations

import csv
import fnmatch
import hashlib
import io
import json
import platform
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import version as library_version
from pathlib import Path
from typing import Final, NamedTuple

from pipeline import __version__
from pipeline.errors import RuleError
from pipeline.runs.keys import digest

INGEST, ANNOTATE, RECORDS, ROWS, LINK = "ingest", "annotate", "records", "rows", "link"
STAGES: Final = (INGEST, ANNOTATE, RECORDS, ROWS, LINK)


class RuleUse(NamedTuple):
    """A rule file (or several, by pattern) that a stage reads; ``columns`` if not all of a CSV."""

    pattern: str
    columns: tuple[str, ...] = ()


RULES_OF: Final[dict[str, tuple[RuleUse, ...]]] = {
    INGEST: (RuleUse("boilerplate.toml"), RuleUse("publishers.toml")),
    ANNOTATE: (
        RuleUse("countries.csv"),
        RuleUse("places.csv"),
        RuleUse("not_countries.csv"),
        RuleUse("ambiguous_names.toml"),
        RuleUse("places.toml"),
        RuleUse("institutions/*.csv"),
        RuleUse("institutions.toml"),
        RuleUse("dates.toml"),
        RuleUse("people.toml"),
        RuleUse("names.csv"),
        RuleUse("home.toml"),
        RuleUse("figures.toml"),
    ),
    RECORDS: (
        RuleUse("agreements.toml"),
        RuleUse("meetings.toml"),
        RuleUse("projects.toml"),
        RuleUse("status.toml"),
        RuleUse("validity.toml"),
        RuleUse("topics.toml"),
        RuleUse("people.toml"),
        RuleUse("countries.csv", ("code", "name")),
    ),
    ROWS: (RuleUse("confidence.csv"), RuleUse("countries.csv", ("code", "iso3", "name"))),
    LINK: (
        RuleUse("linking.toml"),
        RuleUse("agreements.toml"),
        RuleUse("institutions/*.csv"),
        RuleUse("countries.csv"),
    ),
}
# What people decided about rows; applied when the tables are written.
DECISIONS: Final = "decisions/*.jsonl"
# The modules (files or folders of the package) that a stage's results depend on.
CODE_OF: Final[dict[str, tuple[str, ...]]] = {
    INGEST: ("ingest/", "rulebook/", "model.py", "edtf.py", "schema.py", "runs/stages.py"),
    ANNOTATE: ("annotate/", "rulebook/", "model.py", "edtf.py", "schema.py", "runs/stages.py"),
    RECORDS: (
        "records/",
        "annotate/words.py",
        "rulebook/",
        "model.py",
        "edtf.py",
        "schema.py",
        "runs/stages.py",
    ),
    ROWS: (
        "rows.py",
        "tables.py",
        "schema.py",
        "edtf.py",
        "model.py",
        "records/report.py",
        "rulebook/",
        "decisions/",
        "runs/decided.py",
        "runs/pieces.py",
        "runs/splice.py",
        "runs/thrift.py",
        "runs/stages.py",
    ),
    LINK: ("link/", "ingest/duplicates.py", "rulebook/", "edtf.py", "schema.py", "tables.py"),
}
LIBRARIES_OF: Final[dict[str, tuple[str, ...]]] = {
    INGEST: ("msgspec", "numpy", "selectolax", "charset-normalizer", "dateparser", "pyyaml"),
    ANNOTATE: ("msgspec", "spacy", "ahocorasick-rs"),
    RECORDS: ("msgspec", "rapidfuzz", "ahocorasick-rs"),
    ROWS: ("msgspec", "pyarrow"),
    LINK: ("msgspec", "numpy", "pyarrow", "ahocorasick-rs"),
}
# What a TOML rule says for people and tests; it changes no result.
_MEANINGS = 500
_FOR_PEOPLE = frozenset({"about", "examples", "counter_examples"})


class Version(NamedTuple):
    """What a stage's results depend on: ``inputs`` by name, and a key of them all."""

    stage: str
    inputs: dict[str, str]

    @property
    def key(self) -> bytes:
        """The key of all inputs together."""
        return digest(self.stage, sorted(self.inputs.items()))

    def differs_from(self, other: Mapping[str, str]) -> list[str]:
        """The names of the inputs that are not the same in another version."""
        names = sorted(self.inputs.keys() | other.keys())
        return [name for name in names if self.inputs.get(name) != other.get(name)]


class RuleFiles(NamedTuple):
    """The rule files as they are on the disk, by name below the rule folder, and decisions."""

    data: dict[str, bytes]
    decisions: dict[str, bytes]

    @property
    def hashes(self) -> dict[str, str]:
        """The hash of each file."""
        return {name: hashlib.sha256(data).hexdigest() for name, data in self.data.items()}


def read_rules(root: Path) -> RuleFiles:
    """The bytes of all files that a stage may read; raises RuleError when there is no folder."""
    if not root.is_dir():
        raise RuleError(
            "there is no such rule folder",
            where=str(root),
            fix="run `pactline init DIR` for a fresh folder, or name one with --rules",
        )
    patterns = {use.pattern for uses in RULES_OF.values() for use in uses}
    paths = sorted({path for pattern in patterns for path in root.glob(pattern)})
    try:
        decisions = {p.name: p.read_bytes() for p in sorted(root.glob(DECISIONS))}
        data = {p.relative_to(root).as_posix(): p.read_bytes() for p in paths}
        return RuleFiles(data, decisions)
    except OSError as error:
        raise RuleError(
            f"a rule file can't be read ({error.strerror})",
            where=str(error.filename),
            fix="check its permissions",
        ) from error


class Meanings:
    """The hashes of what rule files say, kept by the hash of their bytes: parsing takes a while."""

    def __init__(self, kept: bytes | None = None) -> None:
        self._known: dict[str, str] = json.loads(kept) if kept else {}

    def of(self, name: str, data: bytes, columns: tuple[str, ...]) -> str:
        """As `meaning`."""
        key = f"{name}[{','.join(columns)}] {hashlib.sha256(data).hexdigest()}"
        if key not in self._known:
            self._known[key] = meaning(name, data, columns)
        return self._known[key]

    def packed(self) -> bytes:
        """All that is known, the latest last; as much as some hundred edits leave."""
        return json.dumps(dict(list(self._known.items())[-_MEANINGS:])).encode()


def versions_of(
    rules: RuleFiles, code: Mapping[str, str], meanings: Meanings | None = None
) -> dict[str, Version]:
    """The version of each stage."""
    known = meanings or Meanings()
    return {stage: Version(stage, dict(_inputs(stage, rules, code, known))) for stage in STAGES}


def _inputs(
    stage: str, rules: RuleFiles, code: Mapping[str, str], meanings: Meanings
) -> Iterator[tuple[str, str]]:
    for use in RULES_OF[stage]:
        for name, data in rules.data.items():
            if fnmatch.fnmatchcase(name, use.pattern):
                columns = f"[{','.join(use.columns)}]" if use.columns else ""
                yield f"rules/{name}{columns}", meanings.of(name, data, use.columns)
    files = [f"{path}:{sha}" for path, sha in code.items() if path.startswith(CODE_OF[stage])]
    yield f"code {__version__}", digest(sorted(files)).hex()
    found = environment()
    yield "python", found["python"]
    for library in LIBRARIES_OF[stage]:
        yield library, found[library]


def meaning(name: str, data: bytes, columns: tuple[str, ...] = ()) -> str:
    """The hash of what a rule file says, without what it says to people only.

    A file that can't be read counts by its bytes; loading it tells what is wrong.
    """
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
        if name.endswith(".toml"):
            said: object = _rule_content(tomllib.loads(text))
        else:
            said = _columns(text, columns)
    except (ValueError, csv.Error):
        said = hashlib.sha256(data).hexdigest()
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:24]


def _rule_content(value: object) -> object:
    if isinstance(value, dict):
        return {k: _rule_content(v) for k, v in value.items() if k not in _FOR_PEOPLE}
    if isinstance(value, list):
        return [_rule_content(v) for v in value]
    return value if isinstance(value, str | int | float | bool) else str(value)


def _columns(text: str, columns: tuple[str, ...]) -> object:
    rows = [[field.strip() for field in row] for row in csv.reader(io.StringIO(text)) if row]
    if not columns or not rows:
        return rows
    places = [rows[0].index(column) for column in columns if column in rows[0]]
    return [[row[i] for i in places if i < len(row)] for row in rows]


@cache
def environment() -> dict[str, str]:
    """The versions of Python and of the libraries that results depend on."""
    names = sorted({name for names in LIBRARIES_OF.values() for name in names})
    versions = {name: library_version(name) for name in names}
    return {
        "python": f"{platform.python_version()} Unicode {unicodedata.unidata_version}"
    } | versions


def source_hashes(package: Path | None = None) -> dict[str, str]:
    """The hash of every module of the package, by path below it."""
    root = package or Path(__file__).parent.parent
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*.py"))
    }
