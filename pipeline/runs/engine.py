"""Who does the work: this process, or a pool of processes that may die without harm.

A worker takes tasks one after the other and answers each with messages, the last of which ends it.
It notes in shared memory what it is working on and since when. One that dies or takes too long
costs the document that it was working on: a death is tried once more, then the document is given
up; the other tasks go to the next worker.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import pickle
import signal
import time
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from typing import Any, Final

import msgspec

from pipeline.errors import OutputError
from pipeline.model import Rejected
from pipeline.runs.items import Extracted, Output, PieceTask, Task
from pipeline.runs.settings import Limits
from pipeline.runs.worker import FILE, Message, Worker

_AHEAD: Final = 4  # tasks that wait at a worker
_SMALL: Final = 8192  # bytes of a task that always fit into a pipe
_TICK: Final = 0.5  # seconds between two looks at the clock
_IDLE: Final = -2
_ATTEMPTS: Final = 2
AnyTask = Task | PieceTask


class WorkerError(Exception):
    """Something failed in a worker that has nothing to do with one document."""


def run_here(worker: Worker, tasks: Iterable[AnyTask]) -> Iterator[Message]:
    """Does all tasks in this process: no limits, and a crash is one of the whole run."""
    try:
        for task in tasks:
            yield from worker.work(task, lambda _n: None)
    finally:
        worker.close()


class _Hand:
    """A worker process with the tasks that were given to it."""

    def __init__(self, pool: Pool, slot: int) -> None:
        self.slot = slot
        self.tasks: deque[AnyTask] = deque()
        self.connection, there = multiprocessing.Pipe()
        self.process: BaseProcess = pool.context.Process(  # type: ignore[attr-defined]
            target=_serve,
            args=(pool, slot, there, self.connection),
            daemon=True,
        )
        self.process.start()
        there.close()

    def give(self, task: AnyTask, packed: bytes) -> None:
        self.tasks.append(task)
        # A worker that died is noticed when its answers are read.
        with suppress(BrokenPipeError, ConnectionResetError):
            self.connection.send_bytes(packed)

    def stop(self) -> None:
        self.process.kill()
        self.process.join()
        self.connection.close()


class Pool:
    """Processes that share what was loaded before they were made."""

    def __init__(self, worker: Worker, jobs: int, limits: Limits) -> None:
        self.worker = worker
        self.limits = limits
        self.context: BaseContext = multiprocessing.get_context("fork")
        self.hands: list[_Hand | None] = [None] * jobs
        # For each worker: the item that it works on, and since when (monotonic).
        self.board: Any = self.context.RawArray(ctypes.c_double, 2 * jobs)
        self._failures: Counter[tuple[bytes, int]] = Counter()

    def run(self, tasks: Iterable[AnyTask]) -> Iterator[Message]:
        """The messages of all tasks, in the order in which they come in."""
        waiting = _Queue(tasks)
        while True:
            self._feed(waiting)
            busy = {h.connection: h for h in self.hands if h is not None and h.tasks}
            if not busy:
                return
            for connection in wait(list(busy), timeout=_TICK):
                hand = busy[connection]  # type: ignore[index]
                try:
                    message = hand.connection.recv()
                except (EOFError, OSError, pickle.UnpicklingError):
                    yield from self._bury(hand, waiting)
                    continue
                yield from self._take(hand, message)
            for hand in busy.values():
                if self._overdue(hand):
                    yield from self._time_out(hand, waiting)

    def close(self) -> None:
        """Ends all workers."""
        for hand in self.hands:
            if hand is not None:
                hand.stop()
        self.hands = [None] * len(self.hands)

    def _feed(self, waiting: _Queue) -> None:
        for slot in range(len(self.hands)):
            hand = self.hands[slot]
            while (hand is None or len(hand.tasks) < _AHEAD) and waiting:
                task, packed = waiting.next()
                # What doesn't fit into the pipe waits until the worker listens.
                if hand is not None and hand.tasks and len(packed) > _SMALL:
                    waiting.back(task)
                    break
                if hand is None:
                    self.board[2 * slot] = _IDLE
                    hand = self.hands[slot] = _Hand(self, slot)
                hand.give(task, packed)

    def _take(self, hand: _Hand, message: Message | Exception) -> Iterator[Message]:
        if isinstance(message, Exception):
            raise message
        if not isinstance(message, Output):
            hand.tasks.popleft()
        yield message

    def _overdue(self, hand: _Hand) -> bool:
        item, since = self.board[2 * hand.slot], self.board[2 * hand.slot + 1]
        working = hand.tasks and item != _IDLE and isinstance(hand.tasks[0], Task)
        return bool(working) and time.monotonic() - since > self.limits.seconds

    def _time_out(self, hand: _Hand, waiting: _Queue) -> Iterator[Message]:
        detail = f"not done after {self.limits.seconds:g} s"
        yield from self._bury(hand, waiting, ("timeout", detail))

    def _bury(
        self, hand: _Hand, waiting: _Queue, why: tuple[str, str] | None = None
    ) -> Iterator[Message]:
        """Ends a worker that died or took too long, and decides what becomes of its tasks."""
        item = int(self.board[2 * hand.slot])
        for message in _left(hand):
            yield from self._take(hand, message)
        hand.process.join(None if why is None else 0)
        hand.stop()
        self.hands[hand.slot] = None
        tasks = list(hand.tasks)
        hand.tasks.clear()
        for task in reversed(tasks[1:]):
            waiting.back(task)
        if tasks:
            waiting.back(self._again(tasks[0], item, why or _death(hand.process)))

    def _again(self, task: AnyTask, item: int, why: tuple[str, str]) -> AnyTask:
        key = task.path.encode() if isinstance(task, PieceTask) else task.path
        self._failures[key, item] += 1
        failures = self._failures[key, item]
        if isinstance(task, PieceTask):
            if failures > _ATTEMPTS:
                raise WorkerError(f"a worker died while it wrote tables: {why[1]}")
            return task
        if why[0] != "timeout" and failures < _ATTEMPTS:
            return task
        item = max(item, FILE)
        stage = "ingest" if item == FILE else "annotate"
        given_up = Rejected(task.doc_id, stage, *why)
        return msgspec.structs.replace(task, skip={**task.skip, item: given_up})


class _Queue:
    """Tasks to be given out, those that came back first."""

    def __init__(self, tasks: Iterable[AnyTask]) -> None:
        self._tasks = iter(tasks)
        self._back: deque[AnyTask] = deque()
        self._ended = False

    def __bool__(self) -> bool:
        if not self._back and not self._ended:
            task = next(self._tasks, None)
            self._ended = task is None
            if task is not None:
                self._back.append(task)
        return bool(self._back)

    def next(self) -> tuple[AnyTask, bytes]:
        """The next task, and as it goes through the pipe."""
        task = self._back.popleft()
        return task, pickle.dumps(task)

    def back(self, task: AnyTask) -> None:
        self._back.appendleft(task)


def _left(hand: _Hand) -> Iterator[Message | Exception]:
    """What a worker sent before it ended."""
    with suppress(EOFError, OSError, pickle.UnpicklingError):
        while hand.connection.poll():
            yield hand.connection.recv()


def _death(process: BaseProcess) -> tuple[str, str]:
    code = process.exitcode or 0
    if code < 0:
        with suppress(ValueError):
            return "crashed", f"the process that read it ended by {signal.Signals(-code).name}"
    return "crashed", f"the process that read it ended with code {code}"


def _serve(pool: Pool, slot: int, connection: Connection, ours: Connection) -> None:
    """The life of a worker process; ``pool`` is a copy of the parent's."""
    # The ends of the other workers must be open in the parent only, or they outlive it.
    for other in [ours, *(hand.connection for hand in pool.hands if hand is not None)]:
        other.close()
    worker, board = pool.worker, pool.board
    _die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _limit_memory(pool.limits.megabytes)

    def note(item: int) -> None:
        board[2 * slot + 1] = time.monotonic()
        board[2 * slot] = item

    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            task = pickle.loads(connection.recv_bytes())  # noqa: S301 - from our own parent
            try:
                for message in worker.work(task, note):
                    if isinstance(message, Extracted):
                        board[2 * slot] = _IDLE
                    connection.send(message)
            except (BrokenPipeError, ConnectionResetError):
                raise
            except Exception as error:  # noqa: BLE001 - told by the parent
                connection.send(_sendable(error))
            board[2 * slot] = _IDLE
    os._exit(0)


def _sendable(error: Exception) -> Exception:
    if isinstance(error, OutputError):
        return WorkerOutputError(error.what, error.where, error.fix)
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    except Exception:  # noqa: BLE001 - any failure means the same
        return WorkerError(f"{type(error).__name__}: {error}")
    return error


class WorkerOutputError(OutputError):
    """An OutputError that can be sent from one process to another."""

    def __init__(self, what: str, where: str, fix: str) -> None:
        super().__init__(what, where=where, fix=fix)
        self.args = (what, where, fix)


def _die_with_parent() -> None:
    """A worker whose parent was killed ends, too (Linux; elsewhere it ends at its next task)."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    if os.getppid() == 1:
        os._exit(0)


def _limit_memory(megabytes: int) -> None:
    import resource  # noqa: PLC0415 - not on every system

    with suppress(OSError, ValueError):
        with open("/proc/self/statm") as file:  # noqa: PTH123 - no file of ours
            used = int(file.read().split()[0]) * resource.getpagesize()
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (used + (megabytes << 20), hard))
