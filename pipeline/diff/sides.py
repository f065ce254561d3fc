"""Which two states of the tables are compared."""

from __future__ import annotations

from pathlib import Path

from pipeline.diff.snapshot import Snapshot
from pipeline.errors import OutputError, SettingsError
from pipeline.runs import snapshot as runs
from pipeline.runs.accepted import FILE, read_accepted


def choose_sides(
    outputs: Path, old: str | None, new: str | None, *, accepted: bool = False
) -> tuple[Snapshot, Snapshot]:
    """The two sides of a comparison: by default the published run and the one before it.

    A side is the id of a run (or its beginning) or a folder of tables. With ``accepted`` the older
    side is the state accepted last. Raises OutputError when a side isn't there.
    """
    if accepted and old:
        raise SettingsError("--accepted names the older side itself", fix="leave one of them out")
    newer = open_side(outputs, new) if new else published(outputs)
    if accepted:
        return _accepted(outputs), newer
    return open_side(outputs, old) if old else _before(outputs, newer), newer


def open_side(outputs: Path, name: str) -> Snapshot:
    """The run or folder of that name."""
    folder = Path(name)
    if (folder / "tables").is_dir():
        return Snapshot.of_run(folder)
    if (folder / "documents.parquet").is_file():
        return Snapshot(name, folder)
    return Snapshot.of_run(runs.find(outputs, name).folder)


def published(outputs: Path) -> Snapshot:
    """The published run; raises OutputError when there is none."""
    current = runs.current_id(outputs)
    if current is None:
        raise OutputError(
            "there are no tables yet", where=str(outputs), fix="run `pactline run` first"
        )
    return Snapshot.of_run(outputs / runs.RUNS / current)


def _before(outputs: Path, newer: Snapshot) -> Snapshot:
    earlier = [s for s in runs.snapshots(outputs) if s.id < newer.name]
    if not earlier:
        raise OutputError(
            "there is no run before this one to compare with",
            where=str(outputs / runs.RUNS),
            fix="run again when something changed, or name two sides",
        )
    return Snapshot.of_run(earlier[-1].folder)


def _accepted(outputs: Path) -> Snapshot:
    found = read_accepted(outputs)
    if found is None:
        raise OutputError(
            "no state has been accepted yet",
            where=str(outputs / FILE),
            fix="decide everything in `pactline review`, then run `pactline review --done`",
        )
    return Snapshot.of_run(runs.find(outputs, found.run).folder)
