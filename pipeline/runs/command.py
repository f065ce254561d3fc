"""What the commands of a run do, for the command line and for who calls it from Python."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import SettingsError
from pipeline.ingest.find import scan
from pipeline.runs.engine import Limits
from pipeline.runs.manifest import Summary
from pipeline.runs.plan import STAGES, Current, Options, Plan, make_plan
from pipeline.runs.run import Progress
from pipeline.runs.run import run as run_all
from pipeline.runs.settings import MEGABYTES, SECONDS, RunSettings, default_jobs
from pipeline.runs.state import State
from pipeline.runs.versions import ANNOTATE, INGEST, RECORDS, read_rules, source_hashes, versions_of
from pipeline.settings import Settings

_SHOWN = 20


def settings_of(  # noqa: PLR0913 - one argument an option
    settings: Settings,
    *,
    jobs: int | None = None,
    verify: bool = False,
    retry: bool = False,
    seconds: float | None = None,
    megabytes: int | None = None,
) -> RunSettings:
    """The settings of a run; what isn't given has its default."""
    return RunSettings(
        raw=settings.raw_dir,
        outputs=settings.outputs_dir,
        jobs=default_jobs() if jobs is None else jobs,
        limits=Limits(seconds or SECONDS, megabytes or MEGABYTES),
        options=Options(verify=verify, retry=retry),
    )


def run(settings: RunSettings, rules: Path, progress: Progress | None = None) -> Summary:
    """Brings the tables up to date; see `pipeline.runs.run.run` for the errors."""
    return run_all(settings, rules, None, progress)


def dry_run(settings: RunSettings, rules: Path) -> Plan:
    """What a run would do; nothing is written."""
    if not settings.raw.is_dir():
        raise SettingsError(
            "there is no such folder of raw texts",
            where=str(settings.raw),
            fix="name one with --raw",
        )
    versions = versions_of(read_rules(rules), source_hashes())
    state = State.read(settings.cache)
    try:
        numbers = {
            stage: state.version_id(versions[stage]) for stage in (INGEST, ANNOTATE, RECORDS)
        }
        current = Current(versions, numbers, str(settings.limits))
        return make_plan(scan(settings.raw), state, current, settings.raw, settings.options)
    finally:
        state.close()


def plan_lines(plan: Plan, *, as_json: bool) -> Iterator[str]:
    """A plan for people, or every step of it as a line of JSON."""
    if as_json:
        for step in plan.steps:
            by_stage = dict(zip(STAGES, step.stages, strict=True))
            found = {"doc_id": step.doc_id, **by_stage, "why": step.why}
            yield json.dumps(found, ensure_ascii=False)
        return
    yield "  ".join(f"{count:,} {action}" for action, count in plan.counts.items())
    for why, count in plan.reasons.items():
        yield f"  {count:>9,}  {why}"
    for step in plan.steps[:_SHOWN]:
        pairs = zip(STAGES, step.stages, strict=True)
        stages = " ".join(f"{stage}:{action}" for stage, action in pairs)
        yield f"{step.action:<8} {step.doc_id!r}  {stages}"
    if len(plan.steps) > _SHOWN:
        yield f"… {len(plan.steps) - _SHOWN:,} more (--json for all)"
