"""What the commands of a run do, for the command line and for who calls it from Python."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from pipeline.errors import PactlineError, SettingsError
from pipeline.runs import snapshot
from pipeline.runs.lock import locked
from pipeline.runs.manifest import Summary
from pipeline.runs.quick import unchanged
from pipeline.runs.settings import (
    KEEP,
    MEGABYTES,
    SECONDS,
    Limits,
    Options,
    RunSettings,
    default_jobs,
)
from pipeline.settings import Settings

if TYPE_CHECKING:
    from pipeline.runs.plan import Plan

_SHOWN = 20
Progress = Callable[[int, int, str], None]


def settings_of(  # noqa: PLR0913 - one argument an option
    settings: Settings,
    *,
    jobs: int | None = None,
    verify: bool = False,
    retry: bool = False,
    seconds: float | None = None,
    megabytes: int | None = None,
    keep: int | None = None,
) -> RunSettings:
    """The settings of a run; what isn't given has its default."""
    return RunSettings(
        raw=settings.raw_dir,
        outputs=settings.outputs_dir,
        jobs=default_jobs() if jobs is None else jobs,
        limits=Limits(seconds or SECONDS, megabytes or MEGABYTES),
        options=Options(verify=verify, retry=retry),
        keep=keep or KEEP,
    )


def run(settings: RunSettings, rules: Path, progress: Progress | None = None) -> Summary:
    """Brings the tables up to date; see `pipeline.runs.run.run` for the errors."""
    before = unchanged(settings, rules)
    if before is not None:
        work = {"cached": sum(before.work.values()) - before.work.get("removed", 0)}
        return msgspec.structs.replace(before, published=False, work=work, seconds=0.0)
    from pipeline.runs.run import run as run_all  # noqa: PLC0415 - pyarrow, and more

    return run_all(settings, rules, None, progress)


def watch(
    settings: RunSettings,
    rules: Path,
    told: Callable[[Summary | PactlineError], None],
    seconds: float,
) -> None:
    """Runs whenever files or rules change, until KeyboardInterrupt; tells each result."""
    from pipeline.runs.watch import Watch  # noqa: PLC0415 - pyarrow, and more

    Watch(settings, rules, told).forever(seconds)


def dry_run(settings: RunSettings, rules: Path) -> Plan:
    """What a run would do; nothing is written."""
    if not settings.raw.is_dir():
        raise SettingsError(
            "there is no such folder of raw texts",
            where=str(settings.raw),
            fix="name one with --raw",
        )
    from pipeline.runs.plan import plan_for  # noqa: PLC0415 - the database

    return plan_for(settings, rules)


def plan_lines(plan: Plan, *, as_json: bool) -> Iterator[str]:
    """A plan for people, or every step of it as a line of JSON."""
    if as_json:
        for step in plan.steps:
            found = {"doc_id": step.doc_id, **step.by_stage, "why": step.why}
            yield json.dumps(found, ensure_ascii=False)
        return
    yield "  ".join(f"{count:,} {action}" for action, count in plan.counts.items())
    for why, count in plan.reasons.items():
        yield f"  {count:>9,}  {why}"
    for step in plan.steps[:_SHOWN]:
        stages = " ".join(f"{stage}:{action}" for stage, action in step.by_stage.items())
        yield f"{step.action:<8} {step.doc_id!r}  {stages}"
    if len(plan.steps) > _SHOWN:
        yield f"… {len(plan.steps) - _SHOWN:,} more (--json for all)"


def run_lines(outputs: Path) -> Iterator[str]:
    """The snapshots, the oldest first, the published one marked."""
    published = snapshot.current_id(outputs)
    for found in snapshot.snapshots(outputs):
        mark = "*" if found.id == published else " "
        summary = found.summary
        if summary is None:
            yield f"{mark} {found.id:<22} its manifest can't be read"
            continue
        work = ", ".join(f"{n:,} {what}" for what, n in summary.work.items() if n)
        rejected = sum(summary.rejected.values())
        yield (
            f"{mark} {found.id:<22} {summary.documents:>9,} documents  {rejected:>6,} rejected  "
            f"{summary.seconds:>8.1f} s  {work}"
        )


def run_details(outputs: Path, name: str | None) -> Summary:
    """The manifest of a snapshot, of the published one without a name; raises OutputError."""
    found = snapshot.find(outputs, name or snapshot.current_id(outputs) or "")
    if found.summary is None:
        raise snapshot.unreadable(found)
    return found.summary


def prune(outputs: Path, keep: int) -> list[str]:
    """Removes all but the newest ``keep`` snapshots; the published one stays."""
    with locked(outputs):
        snapshot.clean(outputs)
        return snapshot.prune(outputs, keep)


def restore(outputs: Path, name: str) -> str:
    """Publishes an earlier snapshot again; the id of it."""
    with locked(outputs):
        found = snapshot.find(outputs, name)
        snapshot.show(outputs, found.id)
        return found.id
