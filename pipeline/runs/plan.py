"""What a run would do and why, file by file and stage by stage."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from pipeline.ingest.find import SIDECAR, Found, scan
from pipeline.runs.settings import Options, RunSettings
from pipeline.runs.state import DamagedError, FileState, State
from pipeline.runs.untouched import Edit, edit_between, is_name_table
from pipeline.runs.versions import (
    ANNOTATE,
    INGEST,
    RECORDS,
    RuleFiles,
    Version,
    read_rules,
    source_hashes,
    versions_of,
)

CACHED, NEW, CHANGED, REMOVED = "cached", "new", "changed", "removed"
STAGES: Final = (INGEST, ANNOTATE, RECORDS)


class Step(NamedTuple):
    """What happens to a file: ``stages`` maps each stage to cached, new, changed or removed.

    ``why`` says what made the first stage that isn't cached necessary. ``found`` is the file in
    ``raw/`` (None when it was removed), ``known`` what earlier runs know of it.
    """

    doc_id: str
    stages: tuple[str, str, str]
    why: str
    found: Found | None
    known: FileState | None

    @property
    def by_stage(self) -> dict[str, str]:
        """What happens in each stage."""
        return dict(zip(STAGES, self.stages, strict=True))

    @property
    def action(self) -> str:
        """The most that happens to the file."""
        for action in (REMOVED, NEW, CHANGED):
            if action in self.stages:
                return action
        return CACHED


class Touched(NamedTuple):
    """A file whose content is the same though its stat isn't."""

    file: FileState
    found: Found
    settled: bool


class Proven(NamedTuple):
    """A file with documents whose mentions an edit of the rules can't have changed.

    ``results`` are (content, annotation) of these documents. When they are all that the file holds
    and its reports stand, too, it is ``whole``: nothing has to be done for it.
    """

    file: FileState
    results: list[tuple[bytes, bytes]]
    whole: bool


class Plan(NamedTuple):
    """Everything that a run would do: the steps of all files that aren't cached throughout."""

    steps: list[Step]
    touched: list[Touched]
    proven: list[Proven]
    cached: int

    @property
    def counts(self) -> dict[str, int]:
        """Files by what happens to them."""
        found = Counter(step.action for step in self.steps)
        found[CACHED] += self.cached
        return {action: found[action] for action in (NEW, CHANGED, REMOVED, CACHED)}

    @property
    def reasons(self) -> dict[str, int]:
        """How many files each reason concerns, the most frequent first."""
        return dict(Counter(step.why for step in self.steps).most_common())


class Current(NamedTuple):
    """How the stages are now: their versions, the numbers of these, and how documents are limited.

    A version that the state doesn't know yet has the number None.
    """

    versions: Mapping[str, Version]
    numbers: Mapping[str, int | None]
    limits: str
    rules: Mapping[str, bytes]


Hasher = Callable[[Found], tuple[bytes, bytes] | None]


def plan_for(settings: RunSettings, rules: Path) -> Plan:
    """The plan of a run that doesn't take place."""
    files = read_rules(rules)
    versions = versions_of(files, source_hashes())
    state = State.read(settings.cache)
    try:
        current = current_of(versions, state, settings, files)
        return make_plan(scan(settings.raw), state, current, settings.raw, settings.options)
    except (sqlite3.DatabaseError, DamagedError):
        # A run would make a damaged cache afresh.
        empty = State.read(settings.cache / "none")
        current = current_of(versions, empty, settings, files)
        return make_plan(scan(settings.raw), empty, current, settings.raw, settings.options)
    finally:
        state.close()


def current_of(
    versions: Mapping[str, Version], state: State, settings: RunSettings, files: RuleFiles
) -> Current:
    """How the stages are now, seen from a state."""
    numbers = {stage: state.version_id(versions[stage]) for stage in STAGES}
    return Current(versions, numbers, str(settings.limits), files.data)


def make_plan(
    found: Iterable[Found], state: State, current: Current, raw: Path, options: Options
) -> Plan:
    """Compares what is in ``raw/`` with what earlier runs know; nothing is written."""
    planner = _Planner(state, current, raw, options)
    steps, touched, cached = [], [], 0
    for here, known in _paired(found, state.files()):
        step, touch = planner.judge(here, known)
        step = planner.proved(step)
        if touch:
            touched.append(touch)
        if step.action == CACHED:
            cached += 1
        else:
            steps.append(step)
    return Plan(_with_moves(steps), touched, planner.proven, cached)


def _paired(
    found: Iterable[Found], known: Iterable[FileState]
) -> Iterator[tuple[Found | None, FileState | None]]:
    """Both sides in the order of ids and paths, those of one path together."""
    left, right = iter(found), iter(known)
    here, there = next(left, None), next(right, None)
    while here or there:
        if there is None or (here and (here.doc_id, here.path) < (there.doc_id, there.path)):
            yield here, None
            here = next(left, None)
        elif here is None or (there.doc_id, there.path) < (here.doc_id, here.path):
            yield None, there
            there = next(right, None)
        else:
            yield here, there
            here, there = next(left, None), next(right, None)


class _Planner:
    def __init__(self, state: State, current: Current, raw: Path, options: Options) -> None:
        self._state = state
        self._current = current
        self._raw = raw
        self._options = options
        self._reasons: dict[tuple[str, int], str] = {}
        self._edits: dict[int, Edit | None] = {}
        self.proven: list[Proven] = []

    def judge(self, found: Found | None, known: FileState | None) -> tuple[Step, Touched | None]:
        """The step of a file, and a note when only its stat changed."""
        if found is None:
            if known is None:
                raise ValueError("neither in raw/ nor known")
            return Step(known.doc_id, (REMOVED,) * 3, "removed from raw/", None, known), None
        if known is None:
            return Step(found.doc_id, (NEW,) * 3, "new in raw/", found, None), None
        changed, touch = self._content(found, known)
        if changed:
            return Step(found.doc_id, (CHANGED,) * 3, changed, found, known), touch
        return self._by_version(found, known), touch

    def _content(self, found: Found, known: FileState) -> tuple[str, Touched | None]:
        """What changed in a file, empty when nothing did."""
        if found.problem != known.problem:
            return f"is now {found.problem or 'a readable file'}", None
        if known.same_stat(found) and not self._options.verify:
            return "", None
        if found.problem:
            return "", None if known.same_stat(found) else Touched(known, found, settled=True)
        changed = self._compared(found, known)
        return changed, None if changed else Touched(known, found, settled=_is_settled(found))

    def _compared(self, found: Found, known: FileState) -> str:
        """What changed in the bytes of a file and of its sidecar, empty when nothing did."""
        if not known.raw:
            return "could not be read before"
        hashes = self._hashes(found)
        if hashes is None:
            return "can't be read as before"
        if hashes[0] != known.raw:
            return "content changed"
        return f"{SIDECAR} changed" if hashes[1] != known.beside else ""

    def _hashes(self, found: Found) -> tuple[bytes, bytes] | None:
        path = self._raw / os.fsdecode(found.path)
        try:
            raw = hash_file(path)
            beside = hash_file(path.with_name(path.name + SIDECAR)) if found.sidecar else b""
        except OSError:
            return None
        return raw, beside

    def _by_version(self, found: Found, known: FileState) -> Step:
        numbers = (known.ingest, known.annotate, known.records)
        stages, why = [], ""
        failed = known.limits and (self._options.retry or known.limits != self._current.limits)
        for stage, number in zip(STAGES, numbers, strict=True):
            same = number == self._current.numbers[stage]
            if not same and not why:
                why = self._reason(stage, number)
            stages.append(CACHED if same and not why else CHANGED)
        if failed and not why:
            stages, why = [CHANGED] * 3, "it failed before"
        return Step(found.doc_id, (stages[0], stages[1], stages[2]), why, found, known)

    def proved(self, step: Step) -> Step:
        """The step of a file that has to be annotated again, or less if that changes nothing."""
        file = step.known
        if file is None or step.stages != (CACHED, CHANGED, CHANGED) or file.limits:
            return step
        edit = self._edit(file.annotate)
        if edit is None or not self._state.is_complete(file.id):
            return step
        kept, touched = [], False
        for document, content, annotation, _ in self._state.documents_of(file.id):
            if edit.may_touch(self._state.text(document)):
                touched = True
            else:
                kept.append((content, annotation))
        same_records = file.records == self._current.numbers[RECORDS]
        whole = same_records and not touched
        self.proven.append(Proven(file, kept, whole))
        if touched:
            return step
        if whole:
            return step._replace(stages=(CACHED, CACHED, CACHED), why="")
        return step._replace(
            stages=(CACHED, CACHED, CHANGED), why=self._reason(RECORDS, file.records)
        )

    def _edit(self, number: int) -> Edit | None:
        """What changed in the name tables since a version, if nothing else did."""
        if number not in self._edits:
            version = self._current.versions[ANNOTATE]
            names = version.differs_from(self._state.version_inputs(number))
            tables = all(is_name_table(name.removeprefix("rules/")) for name in names)
            rules = self._state.version_rules(number)
            self._edits[number] = (
                edit_between(rules, self._current.rules) if names and tables and rules else None
            )
        return self._edits[number]

    def _reason(self, stage: str, number: int) -> str:
        """What differs between the version of a result and the current one."""
        if (stage, number) not in self._reasons:
            inputs = self._state.version_inputs(number)
            names = self._current.versions[stage].differs_from(inputs)
            self._reasons[stage, number] = f"{stage}: {', '.join(names)} changed"
        return self._reasons[stage, number]


def _is_settled(found: Found) -> bool:
    from pipeline.runs.source import is_settled  # noqa: PLC0415

    return is_settled(found.stat) and (found.sidecar is None or is_settled(found.sidecar))


def hash_file(path: Path) -> bytes:
    """The hash of a file's content, read in blocks."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").digest()


def _with_moves(steps: list[Step]) -> list[Step]:
    """The same, new files that were there under another name told as moved."""
    gone = {
        step.known.stat: step.doc_id
        for step in steps
        if step.found is None and step.known and step.known.stat[2]
    }
    if not gone:
        return steps
    return [
        step._replace(why=f"moved from {gone[step.found.stat]}")
        if step.known is None and step.found and step.found.stat in gone
        else step
        for step in steps
    ]
