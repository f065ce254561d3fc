"""A run from beginning to end: plan, extract what changed, put the tables together, publish."""

from __future__ import annotations

import datetime as dt
import filecmp
import sqlite3
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import Final

import msgspec

from pipeline import __version__
from pipeline.errors import OutputError, SettingsError
from pipeline.ingest.find import Found, scan
from pipeline.runs import disk, snapshot
from pipeline.runs.decided import Touched, effective_decisions, stale_decisions
from pipeline.runs.engine import AnyTask, Pool, run_here
from pipeline.runs.items import Extracted, Output, Task
from pipeline.runs.keys import digest
from pipeline.runs.lock import locked
from pipeline.runs.manifest import Summary, TableEntry, read_manifest, write_manifest
from pipeline.runs.pairs import pair_decisions, pairs_in
from pipeline.runs.pieces import GROUPS, SUFFIX, Piece, read_piece
from pipeline.runs.plan import CACHED, STAGES, Plan, Proven, Step, current_of, make_plan
from pipeline.runs.quick import FILES, STAMP, stat_of, token, whole_tables
from pipeline.runs.settings import RunSettings
from pipeline.runs.shards import PieceKey, piece_tasks, shards
from pipeline.runs.stages import Loaded
from pipeline.runs.state import DamagedError, State, discard
from pipeline.runs.stopping import Stopping
from pipeline.runs.tables_of import Pieced, pieced_tables, write_table
from pipeline.runs.untouched import is_name_table
from pipeline.runs.versions import (
    ANNOTATE,
    LINK,
    ROWS,
    Meanings,
    read_rules,
    source_hashes,
    versions_of,
)
from pipeline.runs.worker import Keys, Message, Worker

_ATTEMPTS: Final = 3
Progress = Callable[[int, int, str], None]


def run(
    settings: RunSettings,
    rules: Path,
    loaded: Loaded | None = None,
    progress: Progress | None = None,
) -> Summary:
    """Brings the tables up to date with ``raw/`` and the rules.

    Raises SettingsError, RuleError, LockedError and OutputError; what an earlier run published
    stays as it is then.
    """
    if not settings.raw.is_dir():
        raise SettingsError(
            "there is no such folder of raw texts",
            where=str(settings.raw),
            fix="name one with --raw, or run `pactline init DIR` for a fresh folder",
        )
    disk.make_folder(settings.outputs)
    with locked(settings.outputs):
        for _ in range(_ATTEMPTS):
            try:
                return _Run(settings, rules, loaded, progress).go()
            except ChangedRulesError:
                continue
            except sqlite3.OperationalError as error:
                raise _state_failure(error, settings.cache) from error
            except (DamagedError, sqlite3.DatabaseError):
                forget(settings)
            except OSError as error:
                raise disk.failure(error, settings.outputs) from error
    raise OutputError(
        "the rules or the cache change all the time",
        where=str(settings.outputs),
        fix="run again when nobody edits them",
    )


class ChangedRulesError(Exception):
    """Someone saved a rule file between the plan and the loading of the rules."""


def _state_failure(error: sqlite3.OperationalError, where: Path) -> OutputError:
    return OutputError(
        f"the cache can't be written ({error})",
        where=str(where),
        fix="free some space or check the permissions, then run again",
    )


def forget(settings: RunSettings) -> None:
    """Deletes the cache."""
    discard(settings.cache)
    disk.remove(settings.pieces)


class _Run:
    """One run, under the lock."""

    def __init__(
        self,
        settings: RunSettings,
        rules: Path,
        loaded: Loaded | None,
        progress: Progress | None,
    ) -> None:
        self.settings = settings
        self.rules = rules
        self.progress = progress
        self.started = dt.datetime.now(dt.UTC)
        self.clock = time.perf_counter()
        self.durations: dict[str, float] = {}
        self._loaded = loaded

    def go(self) -> Summary:
        """Plan, extract, publish."""
        snapshot.clean(self.settings.outputs)
        self.files = read_rules(self.rules)
        self.found = scan(self.settings.raw)
        self.token = token(self.settings, self.found, self.files)
        with Stopping() as self.stopping, State.open(self.settings.cache) as self.state:
            meanings = Meanings(self.state.meta("meanings"))
            self.versions = versions_of(self.files, source_hashes(), meanings)
            self.state.set_meta("meanings", meanings.packed())
            plan = self._plan()
            if plan.steps or plan.touched or plan.proven:
                self._extract(plan)
            self._lap("extract")
            self._mark_duplicates()
            self._lap("duplicates")
            pieces = self._pieces()
            self._lap("tables")
            summary = self._publish(plan, pieces)
            self._settle(summary)
            return summary

    def _settle(self, summary: Summary) -> None:
        """Lets the next run see at once that nothing changed, unless it has to look closer."""
        if self.state.unsettled() == 0:
            self.state.set_meta(STAMP, digest(summary.id, self.token))
        self.state.commit()

    # ── plan and extract ──

    def _plan(self) -> Plan:
        current = current_of(self.versions, self.state, self.settings, self.files)
        plan = make_plan(self.found, self.state, current, self.settings.raw, self.settings.options)
        self._lap("plan")
        return plan

    def _extract(self, plan: Plan) -> None:
        numbers = {
            stage: self.state.add_version(self.versions[stage], self._rules_of(stage))
            for stage in STAGES
        }
        self.state.set_meta("run", self.state.run)
        self.state.set_meta(STAMP, b"")
        self.state.restat((t.file.id, t.found, t.settled) for t in plan.touched)
        self._accept(plan.proven, numbers[ANNOTATE])
        self.state.remove(s.known.id for s in plan.steps if s.found is None and s.known)
        self.state.commit()
        todo = {s.found.path: s for s in plan.steps if s.found is not None}
        done = 0
        needed = {
            stage
            for step in todo.values()
            for stage, action in step.by_stage.items()
            if action != CACHED
        }
        tasks = (_task(step, step.found) for step in todo.values() if step.found)
        for message in self._work(tasks, needed):
            if isinstance(message, Output):
                self.state.add_output(message)
            elif isinstance(message, Extracted):
                self._keep(todo[message.path].found, message, numbers)
                done += 1
                if self.progress:
                    self.progress(done, len(todo), todo[message.path].doc_id)
        self.state.commit()

    def _accept(self, proven: Iterable[Proven], annotate: int) -> None:
        """Notes that mentions hold for the current version of the rules, too."""
        key = self.versions[ANNOTATE].key
        whole = []
        for one in proven:
            results = [(digest("annotation", content, key), kept) for content, kept in one.results]
            self.state.add_output(Output(results, []))
            if one.whole:
                whole.append(one.file.id)
        self.state.restamp(ANNOTATE, annotate, whole)

    def _rules_of(self, stage: str) -> dict[str, bytes]:
        """The files of which a later run wants to know what changed in them."""
        tables = self.files.data.items() if stage == ANNOTATE else ()
        return {name: data for name, data in tables if is_name_table(name)}

    def _keep(self, found: Found | None, done: Extracted, numbers: dict[str, int]) -> None:
        if found is None or done.gone:
            self.state.forget(done.path)
            return
        failed = any(
            item.rejected and item.rejected.code in {"crashed", "timeout", "memory"}
            for item in done.items
        )
        self.state.store(found, done, numbers, str(self.settings.limits) if failed else "")

    def _work(self, tasks: Iterator[AnyTask], stages: Collection[str] = ()) -> Iterator[Message]:
        """Does tasks, which need those stages, in this process or in others."""
        first = next(tasks, None)
        if first is None:
            return
        messages = self._answers(_chain(first, tasks), stages)
        for message in messages:
            yield message
            self.stopping.check()

    def _answers(self, every: Iterator[AnyTask], stages: Collection[str]) -> Iterator[Message]:
        keys = Keys(*(self.versions[stage].key for stage in STAGES))
        loaded = self._load()
        loaded.prepare(stages)
        worker = Worker(loaded, self.settings.raw, self.state.path, keys)
        if not self.settings.jobs:
            yield from run_here(worker, every)
            return
        pool = Pool(worker, self.settings.jobs, self.settings.limits)
        try:
            yield from pool.run(every)
        finally:
            pool.close()

    def _load(self) -> Loaded:
        """What the rules say; raises ChangedRulesError when they aren't those of the plan."""
        if self._loaded is None or not self._is_planned(self._loaded):
            self._loaded = Loaded(self.rules)
        if not self._is_planned(self._loaded):
            raise ChangedRulesError
        return self._loaded

    def _is_planned(self, loaded: Loaded) -> bool:
        hashes = self.files.hashes
        return all(hashes.get(file.name) == file.sha256 for file in loaded.book.files)

    # ── across documents ──

    def _mark_duplicates(self) -> None:
        stirred = self.state.stirred()
        if not stirred:
            return
        from pipeline.runs.duplicates import changed_marks  # noqa: PLC0415 - numpy

        self.state.commit()
        self.state.mark_duplicates(changed_marks(self.state, stirred))
        self.state.commit()

    # ── tables ──

    def _pieces(self) -> list[Pieced]:
        """The tables in pieces, those pieces encoded that were not there."""
        folder = disk.make_folder(self.settings.pieces)
        kept = {path.name: read_piece(path) for path in folder.glob(f"*{SUFFIX}")}
        known = {name for name, piece in kept.items() if piece}
        order: dict[str, list[PieceKey]] = {group: [] for group in GROUPS}

        def missing() -> Iterator[AnyTask]:
            for shard in shards(self.state.items(), self.versions[ROWS].key, self._touched()):
                for group, key in shard.keys.items():
                    order[group].append(key)
                yield from piece_tasks(shard, folder, known)

        for _ in self._work(missing()):
            pass
        pieces: dict[str, list[Piece]] = {}
        for group, keys in order.items():
            paths = [key.path(folder) for key in keys]
            found = [kept.get(path.name) or read_piece(path) for path in paths]
            pieces[group] = [piece for piece in found if piece]
            if len(pieces[group]) != len(keys):
                raise DamagedError("a piece that was written is not there")
        self._wanted = {key.path(folder).name for keys in order.values() for key in keys}
        return pieced_tables(pieces)

    def _touched(self) -> Touched:
        """The decisions by the documents that they may touch."""
        decisions = effective_decisions(self.rules)
        documents = {i.item.doc_id for i in self.state.items()} if decisions else set[str]()
        return Touched(decisions, documents)

    # ── publish ──

    def _publish(self, plan: Plan, tables: list[Pieced]) -> Summary:
        outputs = self.settings.outputs
        current = snapshot.current_id(outputs)
        before = read_manifest(outputs / snapshot.RUNS / current) if current else None
        if before and self._is_published(before, tables):
            return self._unchanged(before, plan)
        name = snapshot.new_id(outputs, self.started)
        folder = snapshot.working_folder(outputs, name)
        entries = {t.name: self._file(t, folder, before) for t in tables}
        from pipeline.dictionary import data_dictionary  # noqa: PLC0415 - pyarrow

        page = data_dictionary().encode()
        disk.write_file(folder / snapshot.TABLES / "data_dictionary.md", [page])
        self._copy_rules(folder, before)
        self._lap("files")
        linked = self._link(folder, before)
        self._lap("link")
        summary = self._summary(name, before.id if before else None, plan, entries)
        summary = msgspec.structs.replace(summary, rows=summary.rows | linked)
        summary = msgspec.structs.replace(
            summary, decisions=self._decisions(folder), pairs=self._pairs()
        )
        write_manifest(summary, folder)
        snapshot.publish(folder, outputs)
        self._remember(name, entries)
        self._tidy()
        return summary

    def _is_published(self, before: Summary, tables: list[Pieced]) -> bool:
        if before.pairs != self._pairs():
            return False
        same = {t.name: t.content for t in tables} == {
            name: entry.content for name, entry in before.tables.items()
        }
        stages = {s: v.inputs for s, v in self.versions.items()} == before.stages
        whole = self._whole(before.id)
        links = snapshot.is_shown(self.settings.outputs)
        return same and stages and links and all(name in whole for name in before.tables)

    def _pairs(self) -> str:
        """What was decided about pairs of reports, as a key."""
        return digest(sorted(d.id for d in pair_decisions(self.rules))).hex()

    def _link(self, folder: Path, before: Summary | None) -> dict[str, int]:
        """Records over all documents: the rows of each table. They fill the ids of the reports, too."""
        from pipeline.link import link_folder, link_words  # noqa: PLC0415 - pyarrow

        previous = (
            self.settings.outputs / snapshot.RUNS / before.id / snapshot.TABLES if before else None
        )
        same = before is not None and before.stages.get(LINK) == self.versions[LINK].inputs
        words = link_words(self._load().book)
        tables = folder / snapshot.TABLES
        decisions = list(pairs_in(pair_decisions(self.rules), tables))
        rows = link_folder(tables, words, decisions, previous=previous, reuse=same)
        if previous:
            _share(tables, previous, rows)
        return rows

    def _whole(self, name: str) -> set[str]:
        """The tables of a snapshot whose files are as they were written."""
        return whole_tables(self.settings.outputs, name, self.state.meta(FILES) or b"")

    def _file(self, table: Pieced, folder: Path, before: Summary | None) -> TableEntry:
        """The file of a table: the one of the last snapshot where nothing changed."""
        target = snapshot.table_path(folder, table.name)
        entry = before.tables.get(table.name) if before else None
        if (
            before
            and entry
            and entry.content == table.content
            and table.name in self._whole(before.id)
        ):
            disk.link(
                snapshot.table_path(self.settings.outputs / snapshot.RUNS / before.id, table.name),
                target,
            )
            return entry
        return write_table(table, target)

    def _decisions(self, folder: Path) -> dict[str, int]:
        """How many decisions changed these tables, and how many found nothing to change."""
        decisions = effective_decisions(self.rules)
        stale = stale_decisions(decisions, folder / snapshot.TABLES)
        return {"applied": len(decisions) - len(stale), "stale": len(stale)}

    def _copy_rules(self, folder: Path, before: Summary | None) -> None:
        """Keeps the rules beside the tables that they made; a file that didn't change is shared."""
        for name, data in self.files.data.items():
            target = folder / snapshot.RULES / name
            disk.make_folder(target.parent)
            if before and before.rules.get(name) == self.files.hashes[name]:
                kept = self.settings.outputs / snapshot.RUNS / before.id / snapshot.RULES / name
                if kept.is_file():
                    disk.link(kept, target)
                    continue
            disk.write_file(target, [data], sync=False)

    def _remember(self, name: str, entries: dict[str, TableEntry]) -> None:
        folder = self.settings.outputs / snapshot.RUNS / name
        stats = {table: stat_of(snapshot.table_path(folder, table)) for table in entries}
        self.state.set_meta(FILES, msgspec.json.encode(stats))
        self.state.commit()

    def _tidy(self) -> None:
        """Removes pieces and snapshots that nobody needs."""
        for path in self.settings.pieces.iterdir():
            if path.name not in self._wanted:
                disk.remove(path)
        snapshot.prune(self.settings.outputs, self.settings.keep)
        self.state.tidy()

    def _unchanged(self, before: Summary, plan: Plan) -> Summary:
        return msgspec.structs.replace(
            before,
            published=False,
            work=plan.counts,
            seconds=round(time.perf_counter() - self.clock, 3),
            durations=self.durations,
        )

    def _summary(
        self, name: str, previous: str | None, plan: Plan, entries: dict[str, TableEntry]
    ) -> Summary:
        from pipeline.schema import SCHEMA_VERSION, WRITTEN  # noqa: PLC0415 - pyarrow

        return Summary(
            id=name,
            previous=previous,
            version=__version__,
            schema=SCHEMA_VERSION,
            rules_sha256=digest(sorted(self.files.hashes.items())).hex(),
            raw=str(self.settings.raw),
            started=self.started.isoformat(timespec="seconds"),
            seconds=round(time.perf_counter() - self.clock, 3),
            rows={table: entries[table].rows for table in WRITTEN},
            rejected=self.state.rejected_counts(),
            documents=entries["documents"].rows,
            duplicates=len(self.state.duplicates()),
            work=plan.counts,
            durations=self.durations,
            settings={"jobs": self.settings.jobs, "limits": str(self.settings.limits)},
            rules=self.files.hashes,
            stages={stage: version.inputs for stage, version in self.versions.items()},
            tables=entries,
        )

    def _lap(self, name: str) -> None:
        spent = time.perf_counter() - self.clock - sum(self.durations.values())
        self.durations[name] = round(spent, 3)


def _share(tables: Path, previous: Path, names: Iterable[str]) -> None:
    """Makes files that are as before second names of those before."""
    for name in names:
        one, other = (folder / f"{name}.parquet" for folder in (tables, previous))
        if other.exists() and filecmp.cmp(one, other, shallow=False):
            disk.remove(one)
            disk.link(other, one)


def _task(step: Step, found: Found) -> Task:
    known = step.known.key if step.known and step.stages[0] == CACHED else b""
    return Task(found.path, found.doc_id, found.problem, found.stat, found.sidecar, known)


def _chain(first: AnyTask, rest: Iterable[AnyTask]) -> Iterator[AnyTask]:
    yield first
    yield from rest
