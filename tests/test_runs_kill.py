"""Runs that are killed: the published tables stay whole, the next run ends as if nothing was."""

from __future__ import annotations

import ctypes
import mmap
import os
import random
import shutil
import signal

import pytest

from pipeline.extract import load
from pipeline.runs import disk
from pipeline.tables import read_table
from tests.conftest import RULES
from tests.runs_help import fill, go, in_child, tables, write

KILLS = 200


@pytest.fixture(scope="module")
def loaded():
    return load(RULES)


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(disk, "durable", False)


class Moments:
    """Counts the steps of a run over all its processes, and kills it at a chosen one."""

    def __init__(self, kill_at: int = 0) -> None:
        self.kill_at = kill_at
        self.main = os.getpid()
        self._count = ctypes.c_long.from_buffer(mmap.mmap(-1, 8))
        self.steps: set[str] = set()

    @property
    def count(self) -> int:
        return self._count.value

    def __call__(self, step, _path) -> None:
        self._count.value += 1
        self.steps.add(step)
        if self._count.value == self.kill_at:
            os.kill(self.main, signal.SIGKILL)


def changed(raw):
    """The folder after an analyst worked on it."""
    write(raw, "ministry/first.txt", "India and Ghana signed an agreement on ports in Accra.")
    write(raw, "news/fourth.txt", "Spain and Brazil held a seminar in Madrid in 2021.")
    (raw / "news/third.md").unlink()
    (raw / "news/page.html").rename(raw / "news/moved.html")
    return raw


@pytest.fixture(scope="module")
def story(loaded, tmp_path_factory):
    """(raw as it is now, outputs of a run before that, tables before, tables now)."""
    folder = tmp_path_factory.mktemp("kills")
    raw = fill(folder / "raw")
    go(loaded, raw, folder / "before")
    old = tables(folder / "before")
    changed(raw)
    go(loaded, raw, folder / "fresh")
    return raw, folder / "before", old, tables(folder / "fresh")


def copied(before, outputs):
    """A copy of outputs with the very files of the tables."""

    def copy(source, target):
        (os.link if source.endswith(".parquet") else shutil.copy2)(source, target)

    shutil.copytree(before, outputs, symlinks=True, copy_function=copy)
    return outputs


def killed(loaded, raw, outputs, jobs, moment):
    def work():
        disk.before = Moments(moment)
        go(loaded, raw, outputs, jobs)

    return in_child(work)


def check(loaded, raw, outputs, old, new):
    """The tables are whole now, and the next run brings them up to date."""
    shown = tables(outputs)
    assert shown in (old, new)
    for name in ("documents", "evidence"):
        read_table(outputs / "tables", name)
    go(loaded, raw, outputs)
    assert tables(outputs) == new
    assert not list((outputs / "runs").glob(".*"))


def test_a_run_is_killed_at_every_kind_of_moment(story, loaded, quick, tmp_path, monkeypatch):
    raw, before, old, new = story
    counted = Moments()
    monkeypatch.setattr(disk, "before", counted)
    go(loaded, raw, copied(before, tmp_path / "count"), 2)
    monkeypatch.setattr(disk, "before", disk._nothing)
    assert tables(tmp_path / "count") == new
    assert {"state", "commit", "write", "replace", "link", "point"} <= counted.steps
    rng = random.Random(5)
    for number in range(KILLS):
        outputs = copied(before, tmp_path / f"out{number}")
        moment = number + 1 if number < counted.count else rng.randint(1, counted.count)
        code = killed(loaded, raw, outputs, rng.choice((0, 2)), moment)
        assert code in (0, -signal.SIGKILL)
        check(loaded, raw, outputs, old, new)
        shutil.rmtree(outputs)


def test_a_first_run_is_killed(story, loaded, quick, tmp_path):
    raw, _, _, new = story
    for moment in range(1, 60, 7):
        outputs = tmp_path / f"out{moment}"
        killed(loaded, raw, outputs, 2, moment)
        if (outputs / "tables").exists():
            assert tables(outputs) == new
        go(loaded, raw, outputs)
        assert tables(outputs) == new


def test_a_run_is_killed_again_and_again_at_any_time(story, loaded, quick, tmp_path):
    """By the clock, so that it also hits between the steps and inside SQLite."""
    raw, before, old, new = story
    outputs = copied(before, tmp_path / "out")
    rng = random.Random(3)
    for _ in range(40):
        delay = rng.uniform(0.001, 0.15)

        def work(delay=delay):
            signal.setitimer(signal.ITIMER_REAL, delay)
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            go(loaded, raw, outputs, 2)

        assert in_child(work) in (0, -signal.SIGALRM)
        assert tables(outputs) in (old, new)
    check(loaded, raw, outputs, old, new)
