"""Snapshots: each run's tables in a folder of their own, published in one step.

``outputs/latest`` is a symbolic link to ``runs/<id>``; ``outputs/tables`` and
``outputs/manifest.json`` lead through it. Replacing that one link publishes a run. Who has the
old files open keeps them.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from pipeline.errors import OutputError
from pipeline.runs import disk
from pipeline.runs.accepted import read_accepted
from pipeline.runs.manifest import FILE, Summary, read_manifest

RUNS: Final = "runs"
LATEST: Final = "latest"
TABLES: Final = "tables"
INPUTS: Final = "inputs"
RULES: Final = "rules"
_LINKS: Final = {TABLES: f"{LATEST}/{TABLES}", FILE: f"{LATEST}/{FILE}"}


class Snapshot(NamedTuple):
    """A snapshot on the disk."""

    id: str
    folder: Path
    summary: Summary | None


def table_path(folder: Path, table: str) -> Path:
    """Where a table of a snapshot lies; the hashes of the inputs are beside the tables."""
    return folder / (f"{table}.parquet" if table == INPUTS else f"{TABLES}/{table}.parquet")


def new_id(outputs: Path, now: dt.datetime) -> str:
    """An id that sorts by time and that no snapshot has yet."""
    stem = now.strftime("%Y%m%dT%H%M%SZ")
    taken = {s.id for s in snapshots(outputs)}
    ids = (stem if n == 0 else f"{stem}-{n:02d}" for n in range(10_000))
    return next(one for one in ids if one not in taken)


def snapshots(outputs: Path) -> list[Snapshot]:
    """All complete snapshots, the oldest first."""
    return [Snapshot(path.name, path, read_manifest(path)) for path in _folders(outputs)]


def _folders(outputs: Path) -> Iterator[Path]:
    try:
        names = sorted(path.name for path in (outputs / RUNS).iterdir())
    except FileNotFoundError:
        return
    for name in names:
        path = outputs / RUNS / name
        if not name.startswith(".") and path.is_dir():
            yield path


def current_id(outputs: Path) -> str | None:
    """The id of the published snapshot."""
    try:
        target = (outputs / LATEST).readlink()
    except OSError:
        return None
    return target.name if (outputs / RUNS / target.name).is_dir() else None


def find(outputs: Path, name: str) -> Snapshot:
    """The snapshot whose id is ``name`` or the only one that begins so; raises OutputError."""
    found = [s for s in snapshots(outputs) if s.id.startswith(name)]
    exact = [s for s in found if s.id == name]
    if len(found) == 1 or exact:
        return (exact or found)[0]
    what = f"several runs begin with {name!r}" if found else f"there is no run {name!r}"
    raise OutputError(what, where=str(outputs / RUNS), fix="see `pactline runs list`")


def unreadable(found: Snapshot) -> OutputError:
    """The error for a snapshot without a manifest."""
    return OutputError(
        "the manifest can't be read",
        where=str(found.folder / FILE),
        fix="remove the folder of the run, or publish another with `pactline runs restore`",
    )


def working_folder(outputs: Path, name: str) -> Path:
    """An empty folder in which the snapshot ``name`` is put together."""
    runs = disk.make_folder(outputs / RUNS)
    folder = runs / f".{name}"
    disk.remove(folder)
    return disk.make_folder(folder / TABLES).parent


def clean(outputs: Path) -> None:
    """Removes what an interrupted run left."""
    for path in [*(outputs / RUNS).glob(".*"), *outputs.glob(".*.new")]:
        disk.remove(path)


def publish(folder: Path, outputs: Path) -> None:
    """Makes a finished working folder the published snapshot."""
    name = folder.name.removeprefix(".")
    disk.sync_folder(folder / TABLES)
    disk.sync_folder(folder)
    disk.replace(folder, outputs / RUNS / name)
    disk.sync_folder(outputs / RUNS)
    show(outputs, name)


def is_shown(outputs: Path) -> bool:
    """Whether the names that lead through the published snapshot are there."""
    return all(_target(outputs / link) == target for link, target in _LINKS.items())


def _target(link: Path) -> str | None:
    return str(link.readlink()) if link.is_symlink() else None


def show(outputs: Path, name: str) -> None:
    """Makes ``outputs/tables`` lead to the tables of a snapshot."""
    disk.point(outputs / LATEST, f"{RUNS}/{name}")
    for link, target in _LINKS.items():
        path = outputs / link
        if _target(path) != target:
            _make_way(path)
            disk.point(path, target)


def _make_way(path: Path) -> None:
    """Moves aside a folder of tables from before there were snapshots."""
    if path.is_dir() and not path.is_symlink():
        aside = path.with_name(f"{path.name}.before-snapshots")
        disk.remove(aside)
        disk.replace(path, aside)


def prune(outputs: Path, keep: int) -> list[str]:
    """Removes all but the newest ``keep`` snapshots, the published and the accepted one.

    Returns the ids removed.
    """
    accepted = read_accepted(outputs)
    kept = {current_id(outputs), accepted.run if accepted else None}
    found = [s for s in snapshots(outputs) if s.id not in kept]
    gone = found[: max(0, len(found) - max(0, keep - 1))]
    for snapshot in gone:
        # Under another name first: a half removed snapshot is none.
        aside = snapshot.folder.with_name(f".{snapshot.id}")
        disk.replace(snapshot.folder, aside)
        disk.remove(aside)
    return [snapshot.id for snapshot in gone]


def free_bytes(outputs: Path) -> int:
    """How much room the disk has."""
    return shutil.disk_usage(outputs).free
