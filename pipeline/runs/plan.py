"""What a run would do and why, file by file and stage by stage."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from pipeline.ingest.find import SIDECAR, Found
from pipeline.runs.state import FileState, State
from pipeline.runs.versions import ANNOTATE, INGEST, RECORDS, Version

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


class Plan(NamedTuple):
    """Everything that a run would do: the steps of all files that aren't cached throughout."""

    steps: list[Step]
    touched: list[Touched]
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


Hasher = Callable[[Found], tuple[bytes, bytes] | None]


class Options(NamedTuple):
    """How closely to look: ``verify`` hashes every file, ``retry`` tries again what failed."""

    verify: bool = False
    retry: bool = False


def make_plan(
    found: Iterable[Found], state: State, current: Current, raw: Path, options: Options
) -> Plan:
    """Compares what is in ``raw/`` with what earlier runs know; nothing is written."""
    planner = _Planner(state, current, raw, options)
    steps, touched, cached = [], [], 0
    for here, known in _paired(found, state.files()):
        step, touch = planner.judge(here, known)
        if touch:
            touched.append(touch)
        if step.action == CACHED:
            cached += 1
        else:
            steps.append(step)
    return Plan(_with_moves(steps), touched, cached)


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
