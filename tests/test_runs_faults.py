"""What goes wrong around a run: full disks, broken caches, documents that break their reader."""

from __future__ import annotations

import errno
import faulthandler
import os
import resource
import signal
import sqlite3
import time

import pytest

from pipeline.errors import OutputError
from pipeline.extract import load
from pipeline.runs import disk, stages
from pipeline.runs.lock import LockedError, locked
from pipeline.runs.settings import Limits
from pipeline.runs.state import FILE
from pipeline.tables import read_rows
from tests.conftest import RULES
from tests.runs_help import fill, go, in_child, tables, write


@pytest.fixture(scope="module")
def loaded():
    return load(RULES)


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(disk, "durable", False)


@pytest.fixture(scope="module")
def fresh(loaded, tmp_path_factory):
    """The tables of the sample folder."""
    folder = tmp_path_factory.mktemp("fresh")
    go(loaded, fill(folder / "raw"), folder / "out")
    return tables(folder / "out")


@pytest.fixture
def raw(tmp_path):
    return fill(tmp_path / "raw")


class Fault:
    """Raises an error at one step of a run."""

    def __init__(self, code: int, at: int) -> None:
        self.code = code
        self.at = at
        self.count = 0

    def __call__(self, step, path) -> None:
        # A document that can't be read is another matter.
        self.count += step != "item"
        if self.count == self.at and step != "item":
            raise OSError(self.code, os.strerror(self.code), str(path))


def failure_of(work):
    """The OutputError that ``work`` ends with, None when it doesn't."""
    try:
        work()
    except OutputError as error:
        return error
    return None


@pytest.mark.parametrize(
    ("code", "jobs"), [(errno.ENOSPC, 0), (errno.EIO, 0), (errno.EACCES, 0), (errno.ENOSPC, 2)]
)
def test_a_write_that_fails_is_told_and_costs_nothing(
    loaded, raw, fresh, tmp_path, monkeypatch, code, jobs
):
    out = tmp_path / "out"
    first = write(raw, "only.txt", "Oman and Qatar met in 2011.")
    go(loaded, raw, out)
    first.unlink()
    old = tables(out)
    at = failed = 0
    while True:
        at += 1
        fault = Fault(code, at)
        monkeypatch.setattr(disk, "before", fault)
        error = failure_of(lambda: go(loaded, raw, out, jobs))
        monkeypatch.setattr(disk, "before", disk._nothing)
        failed += error is not None
        assert error is None or ("can't be written" in error.what and error.where and error.fix)
        assert tables(out) in (old, fresh)
        if tables(out) == fresh and fault.count < at:
            break
    assert failed > 10
    go(loaded, raw, out)
    assert tables(out) == fresh


def test_a_disk_that_takes_no_more_at_all(loaded, raw, fresh, tmp_path):
    """The system itself refuses writes: also those of SQLite."""
    out = tmp_path / "out"

    def work(limit: int):
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        with pytest.raises(OutputError):
            go(loaded, raw, out, 0)

    for limit in (0, 1_000, 10_000, 60_000):
        assert in_child(lambda limit=limit: work(limit)) == 0
        assert not (out / "tables").exists()
    go(loaded, raw, out)
    assert tables(out) == fresh


def damage_state(out):
    path = out / "cache" / FILE
    data = bytearray(path.read_bytes())
    data[100:4000] = os.urandom(3900)
    path.write_bytes(data)


def damage_blobs(out):
    db = sqlite3.connect(out / "cache" / FILE)
    db.execute("UPDATE blobs SET data = substr(data, 1, 20)")
    db.commit()
    db.close()


def other_format(out):
    db = sqlite3.connect(out / "cache" / FILE)
    db.execute("UPDATE meta SET value = 'other' WHERE key = 'format'")
    db.commit()
    db.close()


def damage_pieces(out):
    for path in (out / "cache" / "pieces").iterdir():
        data = bytearray(path.read_bytes())
        data[-3] ^= 255
        path.write_bytes(data)


def cut_pieces(out):
    for path in (out / "cache" / "pieces").iterdir():
        os.truncate(path, path.stat().st_size // 2)


def no_state(out):
    (out / "cache" / FILE).write_bytes(b"")


def text_as_state(out):
    (out / "cache" / FILE).write_text("this is no database, " * 100)


@pytest.mark.parametrize(
    "damage",
    [
        damage_state,
        damage_blobs,
        other_format,
        damage_pieces,
        cut_pieces,
        no_state,
        text_as_state,
    ],
)
def test_a_damaged_cache_costs_time_only(loaded, raw, tmp_path, damage):
    out = tmp_path / "out"
    go(loaded, raw, out)
    write(raw, "new.txt", "Oman and Qatar signed an agreement on fishing in Doha in 2011.")
    damage(out)
    go(loaded, raw, out)
    go(loaded, raw, tmp_path / "other")
    assert tables(out) == tables(tmp_path / "other")


def test_a_deleted_cache_gives_the_same_tables(loaded, raw, fresh, tmp_path):
    import shutil

    go(loaded, raw, tmp_path / "out")
    shutil.rmtree(tmp_path / "out" / "cache")
    go(loaded, raw, tmp_path / "out")
    assert tables(tmp_path / "out") == fresh


def test_tables_that_someone_overwrote_are_made_again(loaded, raw, fresh, tmp_path):
    out = tmp_path / "out"
    go(loaded, raw, out)
    path = (out / "tables" / "countries.parquet").resolve()
    path.unlink()
    path.write_bytes(b"mine")
    go(loaded, raw, out)
    assert tables(out) == fresh


def test_outputs_that_are_a_file(loaded, raw, tmp_path):
    (tmp_path / "out").write_text("in the way")
    with pytest.raises(OutputError):
        go(loaded, raw, tmp_path / "out")


# -- documents that break their reader


def rejected(out):
    return {
        r["doc_id"]: (r["stage"], r["code"], r["detail"])
        for r in read_rows(out / "tables", "rejected")
    }


BAD = "Peru and Chile: this text breaks its reader."


@pytest.fixture
def bad(loaded, raw, monkeypatch):
    """Documents that do something terrible when they are annotated."""
    write(raw, "bad.txt", BAD)
    lines = (raw / "wire.jsonl").read_text()
    write(
        raw,
        "wire.jsonl",
        lines + '{"id": "bad", "text": "' + BAD + '"}\n{"id": "z", "text": "Fiji."}\n',
    )
    annotate = stages.annotate

    def make(terrible):
        def breaking(loaded, document):
            if BAD in document.text:
                terrible()
            return annotate(loaded, document)

        monkeypatch.setattr(stages, "annotate", breaking)

    return make


def segfault():
    faulthandler.disable()
    os.kill(os.getpid(), signal.SIGSEGV)


@pytest.mark.parametrize(
    ("terrible", "code", "told"),
    [
        (lambda: os.kill(os.getpid(), signal.SIGKILL), "crashed", "SIGKILL"),
        (segfault, "crashed", "SIGSEGV"),
        (lambda: os._exit(7), "crashed", "code 7"),
        (lambda: time.sleep(60), "timeout", "1.5 s"),
        (lambda: bytearray(3 << 30), "memory", "--memory-limit"),
        (lambda: {}["x"], "failed", "KeyError"),
    ],
)
def test_a_document_that_breaks_its_worker_costs_only_itself(
    loaded, raw, tmp_path, bad, terrible, code, told
):
    out = tmp_path / "out"
    bad(terrible)
    summary = go(loaded, raw, out, 2, limits=Limits(1.5, 1000))
    found = rejected(out)
    assert found.pop("wire.jsonl#line-5")[1] == "bad_line"
    assert set(found) == {"bad.txt", "wire.jsonl#bad"}
    assert {(stage, c) for stage, c, _ in found.values()} == {("annotate", code)}
    assert all(told in detail for _, _, detail in found.values())
    assert summary.documents == 9
    ids = {r["doc_id"] for r in read_rows(out / "tables", "documents")}
    assert "wire.jsonl#z" in ids
    assert "bad.txt" not in ids


def test_what_failed_is_remembered_and_tried_again_on_demand(
    loaded, raw, tmp_path, bad, monkeypatch
):
    out = tmp_path / "out"
    bad(lambda: os._exit(7))
    go(loaded, raw, out, 1)
    monkeypatch.undo()
    assert go(loaded, raw, out, 1).work["cached"] == 6
    assert "bad.txt" in rejected(out)
    go(loaded, raw, out, 1, retry=True)
    assert set(rejected(out)) == {"wire.jsonl#line-5"}


# -- the lock and Ctrl-C


def test_a_second_writer_is_told_who_holds_the_lock(loaded, raw, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    with locked(out), pytest.raises(LockedError, match=f"process {os.getpid()} on .* since 2"):
        go(loaded, raw, out)
    go(loaded, raw, out)


def test_the_lock_of_a_killed_run_is_taken_over(tmp_path):
    def work():
        with locked(tmp_path):
            os.kill(os.getpid(), signal.SIGKILL)

    assert in_child(work) == -signal.SIGKILL
    with locked(tmp_path) as stale:
        assert stale is not None
        assert stale.pid != os.getpid()


@pytest.mark.parametrize("jobs", [0, 2])
def test_ctrl_c_keeps_what_was_finished(loaded, raw, fresh, tmp_path, monkeypatch, jobs):
    out = tmp_path / "out"
    seen = []

    def progress(done, total, doc_id):
        seen.append(doc_id)
        if len(seen) == 2:
            os.kill(os.getpid(), signal.SIGINT)

    from pipeline.runs.run import run
    from tests.runs_help import settings

    with pytest.raises(KeyboardInterrupt):
        run(settings(raw, out, jobs), RULES, loaded, progress)
    assert not (out / "tables").exists()
    assert len(seen) < 5
    work = go(loaded, raw, out, jobs).work
    assert work["cached"] >= 2
    assert tables(out) == fresh


def test_outputs_that_are_gone_are_made_again_file_by_file(loaded, raw, tmp_path, monkeypatch):
    out = tmp_path / "out"
    go(loaded, raw, out)
    write(raw, "ministry/first.txt", "Oman and Peru met in 2011.")
    go(loaded, raw, out)
    db = sqlite3.connect(out / "cache" / FILE)
    used = "SELECT document FROM items UNION SELECT annotation FROM items"
    used += " UNION SELECT reports FROM items"
    db.execute(f"DELETE FROM blobs WHERE hash NOT IN ({used})")  # noqa: S608 - a constant
    db.commit()
    db.close()
    fill(raw)
    go(loaded, raw, out)
    go(loaded, raw, tmp_path / "other")
    assert tables(out) == tables(tmp_path / "other")


def test_the_cache_does_not_grow_for_ever(loaded, raw, tmp_path):
    out = tmp_path / "out"
    sizes = []
    for number in range(40):
        write(raw, "ministry/first.txt", f"Oman and Peru met in 2011. It was meeting {number}.")
        go(loaded, raw, out, keep=2)
        db = sqlite3.connect(out / "cache" / FILE)
        sizes.append(db.execute("SELECT count(*) FROM blobs").fetchone()[0])
        db.close()
    assert max(sizes) < sizes[0] + 50  # each run adds two or more
    assert len(list((out / "cache" / "pieces").iterdir())) == 5
