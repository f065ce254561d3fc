"""Whether there is anything to do at all, told without loading rules, spaCy or the plan.

The token of a finished run is a hash of everything that could make the next one differ: the stat of
every file below ``raw/``, the bytes of the rules and of the program, the versions of libraries.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Final

import msgspec

from pipeline.ingest.find import Found, scan
from pipeline.runs import snapshot
from pipeline.runs.keys import digest, digest_of
from pipeline.runs.manifest import Summary, read_manifest
from pipeline.runs.settings import RunSettings
from pipeline.runs.state import FILE, connect
from pipeline.runs.versions import RuleFiles, environment, read_rules, source_hashes

STAMP: Final = "stamp"
FILES: Final = "files of the tables"


def token(settings: RunSettings, found: list[Found], rules: RuleFiles) -> bytes:
    """The hash of everything that the tables depend on, as the disk tells it now."""
    stats = digest_of(msgspec.msgpack.encode(found))
    hashes = (
        sorted(rules.hashes.items()),
        sorted(source_hashes().items()),
        sorted(rules.decisions.items()),
    )
    return digest(stats, hashes, environment(), str(settings.limits))


def unchanged(settings: RunSettings, rules: Path) -> Summary | None:
    """The manifest of the published run if nothing has changed since, else None."""
    if settings.options.verify or settings.options.retry or not settings.raw.is_dir():
        return None
    name = snapshot.current_id(settings.outputs)
    if name is None or not snapshot.is_shown(settings.outputs):
        return None
    kept = _kept(settings.cache / FILE)
    summary = read_manifest(settings.outputs / snapshot.RUNS / name)
    if not kept or not summary:
        return None
    now = token(settings, scan(settings.raw), read_rules(rules))
    if kept[STAMP] != digest(name, now):
        return None
    whole = whole_tables(settings.outputs, name, kept[FILES])
    return summary if whole >= summary.tables.keys() else None


def _kept(path: Path) -> dict[str, bytes] | None:
    try:
        db = connect(path, write=False)
        try:
            keys = (STAMP, FILES)
            rows = dict(db.execute("SELECT key, value FROM meta WHERE key IN (?, ?)", keys))
        finally:
            db.close()
    except sqlite3.Error:
        return None
    return rows if rows.keys() == {STAMP, FILES} else None


def whole_tables(outputs: Path, name: str, stats: bytes) -> set[str]:
    """The tables of a snapshot whose files are as they were written."""
    known = msgspec.json.decode(stats, type=dict[str, tuple[int, int, int]]) if stats else {}
    folder = outputs / snapshot.RUNS / name
    return {t for t, stat in known.items() if stat_of(snapshot.table_path(folder, t)) == stat}


def stat_of(path: Path) -> tuple[int, int, int] | None:
    """Size, time of modification and inode of a file, None when it isn't there."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns, found.st_ino
