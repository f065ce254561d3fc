"""Runs: what is planned and why, what is found out about files, snapshots, watching."""

from __future__ import annotations

import json
import os
import shutil
import time

import pytest

from pipeline.errors import OutputError
from pipeline.extract import load
from pipeline.runs import command, disk, snapshot
from pipeline.runs.plan import plan_for
from pipeline.runs.quick import unchanged
from pipeline.runs.source import GoneError, read_source
from pipeline.runs.stages import Loaded
from pipeline.runs.watch import Watch
from pipeline.tables import read_rows, read_table
from tests.conftest import RULES
from tests.runs_help import fill, go, settings, tables, write


@pytest.fixture(scope="module")
def loaded():
    return load(RULES)


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(disk, "durable", False)


@pytest.fixture
def raw(tmp_path):
    return fill(tmp_path / "raw")


@pytest.fixture
def out(tmp_path):
    return tmp_path / "out"


def plan(raw, out, rules=RULES, **options):
    """doc_id → (by stage, why) of what isn't cached."""
    found = plan_for(settings(raw, out, **options), rules)
    return {step.doc_id: (step.stages, step.why) for step in found.steps}


ALL = ("changed", "changed", "changed")


def edited(rules, name, old, new):
    path = rules / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return rules


# -- the plan


def test_the_plan_of_files(loaded, raw, out):
    assert {stages[0] for stages, _ in plan(raw, out).values()} == {"new"}
    go(loaded, raw, out)
    assert plan(raw, out) == {}
    write(raw, "ministry/first.txt", "Ghana.")
    write(raw, "a.txt", "Oman.")
    (raw / "news/page.html").unlink()
    (raw / "news/third.md").rename(raw / "news/b.md")
    assert plan(raw, out) == {
        "a.txt": (("new",) * 3, "new in raw/"),
        "ministry/first.txt": (ALL, "content changed"),
        "news/b.md": (("new",) * 3, "moved from news/third.md"),
        "news/page.html": (("removed",) * 3, "removed from raw/"),
        "news/third.md": (("removed",) * 3, "removed from raw/"),
    }


def test_a_changed_sidecar_is_read_again(loaded, raw, out):
    go(loaded, raw, out)
    write(raw, "ministry/first.txt.meta.json", '{"source": "The Hill Paper"}')
    assert plan(raw, out) == {"ministry/first.txt": (ALL, ".meta.json changed")}
    (raw / "ministry/first.txt.meta.json").unlink()
    assert plan(raw, out) == {"ministry/first.txt": (ALL, ".meta.json changed")}


@pytest.mark.parametrize(
    ("name", "old", "new", "stages", "why"),
    [
        ("agreements.toml", 'id = "agreements/pact"', 'id = "agreements/pacts"',
         ("cached", "cached", "changed"), "records: rules/agreements.toml changed"),
        ("dates.toml", "\n[[rule]]", '\n[[rule]]\nid = "x"', ("cached", "changed", "changed"),
         "annotate: rules/dates.toml changed"),
        ("boilerplate.toml", "\n[[rule]]", '\n[[rule]]\nid = "x"', ALL,
         "ingest: rules/boilerplate.toml changed"),
        ("people.toml", "\n[[rule]]", '\n[[rule]]\nid = "x"', ("cached", "changed", "changed"),
         "annotate: rules/people.toml changed"),
    ],
)  # fmt: skip
def test_a_changed_rule_redoes_its_stage_and_later_ones(
    loaded, raw, out, rules_copy, name, old, new, stages, why
):
    go(loaded, raw, out)
    edited(rules_copy, name, old, new)
    found = plan(raw, out, rules_copy)
    assert set(found.values()) == {(stages, why)}
    assert len(found) == 5


def test_what_rules_say_to_people_changes_nothing(loaded, raw, out, rules_copy):
    go(loaded, raw, out)
    edited(rules_copy, "agreements.toml", "\nabout = ", "\n# a comment\nabout = ")
    edited(rules_copy, "agreements.toml", "\nexamples = [", '\nexamples = [\n  "Fiji spoke.",')
    assert plan(raw, out, rules_copy) == {}


def test_an_alias_touches_only_documents_that_have_it(loaded, raw, out, rules_copy):
    write(raw, "a.txt", "Oman and the Emerald Land signed an agreement in 2011.")
    go(loaded, raw, out)
    edited(rules_copy, "countries.csv", "Republic of Kenya,Kenyan", "Emerald Land,Kenyan")
    found = plan(raw, out, rules_copy)
    assert found == {
        "a.txt": (("cached", "changed", "changed"), "annotate: rules/countries.csv changed"),
    }
    fresh = Loaded(rules_copy)
    work = go(fresh, raw, out, rules=rules_copy).work
    assert (work["changed"], work["cached"]) == (1, 5)
    codes = [r["code"] for r in read_rows(out / "tables", "countries") if r["doc_id"] == "a.txt"]
    assert codes == ["OM", "KE"]
    go(fresh, raw, out.with_name("fresh"), rules=rules_copy)
    assert tables(out) == tables(out.with_name("fresh"))
    assert plan(raw, out, rules_copy) == {}


def test_a_row_that_is_removed_or_moved(loaded, raw, out, rules_copy):
    go(loaded, raw, out)
    path = rules_copy / "places.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    tokyo = next(line for line in lines if line.startswith("Tokyo,"))
    path.write_text("".join(line for line in lines if line != tokyo), encoding="utf-8")
    assert list(plan(raw, out, rules_copy)) == ["ministry/second.txt"]
    path.write_text("".join([*[x for x in lines if x != tokyo], tokyo]), encoding="utf-8")
    assert len(plan(raw, out, rules_copy)) == 5


def test_going_back_to_earlier_rules_costs_nothing(loaded, raw, out, rules_copy, monkeypatch):
    go(loaded, raw, out)
    before = tables(out)
    edited(rules_copy, "dates.toml", "\n[[rule]]", "\n# first\n[[rule]]")
    shutil.copytree(rules_copy, out.with_name("other"))
    edited(out.with_name("other"), "places.toml", "not_before = [", 'not_before = ["Zzz", ')
    go(Loaded(out.with_name("other")), raw, out, rules=out.with_name("other"))

    def fail(*_):
        raise AssertionError("annotated again")

    monkeypatch.setattr("pipeline.runs.stages.annotate", fail)
    go(loaded, raw, out)
    assert tables(out) == before


def test_a_moved_file_is_not_annotated_again(loaded, raw, out, monkeypatch):
    go(loaded, raw, out)
    (raw / "elsewhere").mkdir()
    (raw / "ministry/second.txt").rename(raw / "elsewhere/other.txt")

    def fail(*_):
        raise AssertionError("annotated again")

    monkeypatch.setattr("pipeline.runs.stages.annotate", fail)
    go(loaded, raw, out)
    ids = [r["doc_id"] for r in read_rows(out / "tables", "agreement_reports")]
    assert "ministry/second.txt" not in ids


# -- change detection


def test_nothing_to_do_is_told_without_the_rules(loaded, raw, out):
    go(loaded, raw, out)
    assert unchanged(settings(raw, out), RULES) is not None
    assert len(snapshot.snapshots(out)) == 1
    code = (
        "import sys; from pathlib import Path\n"
        "from pipeline.runs import command\n"
        "from pipeline.runs.settings import RunSettings, Limits\n"
        f"s = RunSettings(Path({str(raw)!r}), Path({str(out)!r}), 1, Limits(60, 3000))\n"
        f"assert not command.run(s, Path({str(RULES)!r})).published\n"
        "heavy = {'spacy', 'pyarrow', 'pandas', 'numpy', 'dateparser', 'multiprocessing'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    import subprocess
    import sys

    subprocess.run([sys.executable, "-c", code], check=True, cwd=RULES.parent)


def test_no_change_makes_no_snapshot(loaded, raw, out):
    first = go(loaded, raw, out)
    second = go(loaded, raw, out)
    assert not second.published
    assert second.id == first.id
    assert len(snapshot.snapshots(out)) == 1


def test_a_change_that_stat_does_not_show_is_found_by_verify(loaded, raw, out):
    path = raw / "ministry/first.txt"
    go(loaded, raw, out)
    about = path.stat()
    path.write_text(path.read_text().replace("Kenya", "Nepal"))
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))
    assert plan(raw, out) == {}
    assert plan(raw, out, verify=True) == {"ministry/first.txt": (ALL, "content changed")}
    go(loaded, raw, out, verify=True)
    codes = {r["code"] for r in read_rows(out / "tables", "countries")}
    assert "NP" in codes


def test_a_file_written_just_now_is_looked_at_again(loaded, raw, out):
    """Two writes within one tick of the file system's clock have the same stat."""
    path = write(raw, "now.txt", "Oman spoke.", age=0)
    about = path.stat()
    go(loaded, raw, out)
    path.write_text("Peru spoke.")
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))
    assert plan(raw, out) == {"now.txt": (ALL, "content changed")}


def test_touched_and_copied_files_are_not_read_again(loaded, raw, out, tmp_path):
    go(loaded, raw, out)
    before = tables(out)
    for path in raw.rglob("*.txt"):
        os.utime(path)
    summary = go(loaded, raw, out)
    assert (summary.published, summary.work["cached"]) == (False, 5)
    shutil.copytree(raw, tmp_path / "drive")
    summary = go(loaded, tmp_path / "drive", out)
    assert summary.work["cached"] == 5
    assert tables(out) == before


def test_a_file_that_changes_while_it_is_read(tmp_path, monkeypatch):
    path = write(tmp_path, "a.txt", "Oman.")
    from pipeline.errors import DocumentError
    from pipeline.runs import source

    stat = source._stat
    grown = []

    def grow(path):
        if len(grown) < limit:
            grown.append(1)
            with path.open("a") as file:
                file.write(" Peru.")
        return stat(path)

    monkeypatch.setattr(source, "_stat", grow)
    limit = 2
    assert read_source(path, sidecar=False, limit=1000).data == b"Oman. Peru. Peru."
    limit = 99
    with pytest.raises(DocumentError) as error:
        read_source(path, sidecar=False, limit=1000)
    assert error.value.reason == "changing"
    path.unlink()
    with pytest.raises(GoneError):
        read_source(path, sidecar=False, limit=1000)


def test_a_file_that_vanishes_during_the_run_is_as_one_that_never_was(
    loaded, raw, out, monkeypatch
):
    fresh = out.with_name("fresh")
    go(loaded, raw, fresh)
    path = write(raw, "a.txt", "Oman.")

    def vanish(step, _path):
        path.unlink(missing_ok=True)

    monkeypatch.setattr(disk, "before", vanish)
    go(loaded, raw, out)
    assert tables(out) == tables(fresh)


def test_an_unreadable_file_is_rejected_and_tried_again(loaded, raw, out):
    path = write(raw, "a.txt", "Oman and Peru met.")
    (raw / "b.txt").symlink_to(raw / "nowhere.txt")
    path.chmod(0)
    if os.access(path, os.R_OK):
        # A superuser reads everything; a link to nothing is as unreadable.
        path.unlink()
        path.symlink_to(raw / "nothing.txt")
    go(loaded, raw, out)
    codes = {r["doc_id"]: r["code"] for r in read_rows(out / "tables", "rejected")}
    assert codes["a.txt"] == codes["b.txt"] == "unreadable"
    path.unlink()
    write(raw, "a.txt", "Oman and Peru met.")
    go(loaded, raw, out)
    assert {"a.txt"} <= {r["doc_id"] for r in read_rows(out / "tables", "documents")}


NAMES = [
    "with space.txt",
    "quo'te\".txt",
    "emoji \U0001f600.txt",
    "line\nbreak.txt",
    "percent%20#hash.txt",
    "-rf.txt",
    "ünïcödé/dèep/ñ.txt",
    b"not\xffutf8.txt",
]


def test_names_of_every_kind(loaded, raw, out):
    for name in NAMES:
        path = raw / os.fsdecode(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"Oman and Peru met in 2011.")
    (raw / "loop").symlink_to(raw)
    (raw / "away.txt").symlink_to("/etc/hostname")
    (raw / "up").symlink_to(raw.parent)
    go(loaded, raw, out, 2)
    ids = {r["doc_id"] for r in read_rows(out / "tables", "documents")}
    assert {n for n in NAMES if isinstance(n, str)} | {"not\\xffutf8.txt"} <= ids
    codes = {r["doc_id"]: r["code"] for r in read_rows(out / "tables", "rejected")}
    assert codes["loop"] == "symlink_loop"
    assert codes["away.txt"] == codes["up"] == "symlink_outside"
    assert go(loaded, raw, out).work["new"] == 0


def test_a_sidecar_that_leads_out_of_raw_is_not_read(loaded, raw, out, tmp_path):
    (tmp_path / "secret.json").write_text('{"title": "secret"}')
    (raw / "ministry/second.txt.meta.json").symlink_to(tmp_path / "secret.json")
    go(loaded, raw, out)
    titles = {r["title"] for r in read_rows(out / "tables", "documents")}
    assert "secret" not in titles
    codes = {r["doc_id"]: r["code"] for r in read_rows(out / "tables", "rejected")}
    assert codes["ministry/second.txt.meta.json"] == "symlink_outside"


def test_many_files_in_one_folder(loaded, tmp_path, out, monkeypatch):
    """Ten thousand files, with annotators that find nothing, to save time."""
    from pipeline.model import Annotation
    from pipeline.runs import stages

    nothing = stages.msgspec.msgpack.encode(Annotation((), (), (), (), (), ()))
    monkeypatch.setattr(stages, "annotate", lambda *_: nothing)
    raw = tmp_path / "many"
    raw.mkdir()
    # What is of no interest here costs nothing.
    monkeypatch.setattr(stages, "find_reports", lambda *_: stages.msgspec.msgpack.encode([]))
    for number in range(10_000):
        (raw / f"{number}.md").write_text(f"Oman {number}")
    summary = go(loaded, raw, out)
    assert summary.documents == 10_000
    rows = read_table(out / "tables", "documents")
    ids = rows.column("doc_id").to_pylist()
    assert ids == sorted(ids)
    (raw / "77.md").unlink()
    assert go(loaded, raw, out).documents == 9_999


# -- results don't depend on how the work was done


@pytest.mark.parametrize("jobs", [1, 2, 4])
def test_the_number_of_workers_does_not_show(loaded, raw, out, jobs):
    go(loaded, raw, out, 0)
    go(loaded, raw, out.with_name("other"), jobs)
    assert tables(out) == tables(out.with_name("other"))
    inputs = [o / "latest" / "inputs.parquet" for o in (out, out.with_name("other"))]
    assert inputs[0].read_bytes() == inputs[1].read_bytes()


# -- snapshots


def test_unchanged_tables_are_shared(loaded, raw, out):
    first = go(loaded, raw, out)
    write(raw, "z.txt", "Nothing is said here.")
    second = go(loaded, raw, out)
    assert second.previous == first.id
    folders = [out / "runs" / s.id / "tables" for s in (first, second)]
    same = [(f / "rejected.parquet").stat().st_ino for f in folders]
    other = [(f / "documents.parquet").stat().st_ino for f in folders]
    assert same[0] == same[1]
    assert other[0] != other[1]


def test_readers_keep_the_old_tables(loaded, raw, out):
    go(loaded, raw, out)
    with (out / "tables" / "documents.parquet").open("rb") as before:
        size = len((out / "tables" / "documents.parquet").read_bytes())
        write(raw, "z.txt", "Oman and Peru met.")
        go(loaded, raw, out, keep=1)
        assert len(before.read()) == size


def test_restore_and_prune(loaded, raw, out):
    first = go(loaded, raw, out)
    before = tables(out)
    for number in range(3):
        write(raw, f"z{number}.txt", f"Oman and Peru met in 200{number}.")
        last = go(loaded, raw, out)
    assert command.restore(out, first.id) == first.id
    assert tables(out) == before
    assert command.run_details(out, None).id == first.id
    assert len(command.prune(out, 2)) == 2
    left = [s.id for s in snapshot.snapshots(out)]
    assert left == [first.id, last.id]
    now = go(loaded, raw, out)
    assert now.documents == last.documents
    assert tables(out) != before
    with pytest.raises(OutputError, match="no run"):
        command.restore(out, "1999")


def test_old_snapshots_go_by_themselves(loaded, raw, out):
    for number in range(4):
        write(raw, "z.txt", f"Oman and Peru met in 200{number}.")
        go(loaded, raw, out, keep=2)
    assert len(snapshot.snapshots(out)) == 2


def test_tables_from_before_snapshots_are_moved_aside(loaded, raw, out):
    (out / "tables").mkdir(parents=True)
    (out / "tables" / "mine.txt").write_text("mine")
    (out / "manifest.json").write_text("{}")
    go(loaded, raw, out)
    assert (out / "tables" / "documents.parquet").exists()
    assert (out / "tables.before-snapshots" / "mine.txt").exists()
    assert json.loads((out / "manifest.json").read_text())["documents"] == 8


def test_the_manifest_says_what_the_tables_were_made_of(loaded, raw, out):
    summary = go(loaded, raw, out)
    assert summary.rules["countries.csv"] == loaded.book.file("countries.csv").sha256
    assert "rules/agreements.toml" in summary.stages["records"]
    assert any(name.startswith("code ") for name in summary.stages["annotate"])
    assert "spacy" in summary.stages["annotate"]
    import hashlib

    import pyarrow.parquet as pq

    rows = {r["doc_id"]: r for r in pq.read_table(out / "latest" / "inputs.parquet").to_pylist()}
    documents = {r["doc_id"]: r for r in read_rows(out / "tables", "documents")}
    first = rows["ministry/first.txt"]
    data = (raw / "ministry/first.txt").read_bytes()
    assert first["file_sha256"] == hashlib.sha256(data).hexdigest()
    text = documents["ministry/first.txt"]["text"]
    assert first["text_sha256"] == hashlib.sha256(text.encode()).hexdigest()
    assert rows["wire.jsonl#line-5"]["rejected"] == "bad_line"


# -- watching


def test_watch_waits_until_files_are_written(raw, out):
    told = []
    watch = Watch(settings(raw, out), RULES, told.append)
    assert [watch.look(), watch.look(), watch.look()] == [False, True, False]
    path = raw / "slow.txt"
    for part in ("Oman and ", "Peru ", "met."):
        with path.open("a") as file:
            file.write(part)
        assert not watch.look()
    assert watch.look()
    texts = {r["doc_id"]: r["text"] for r in read_rows(out / "tables", "documents")}
    assert texts["slow.txt"] == "Oman and Peru met."
    assert [s.documents for s in told] == [8, 9]


def test_watch_does_not_wait_for_ever_and_survives_bad_rules(raw, out, rules_copy):
    told = []
    watch = Watch(settings(raw, out), rules_copy, told.append)
    looks = []
    for number in range(12):
        write(raw, "busy.txt", f"Oman {number} " * (number + 1))
        looks.append(watch.look())
    assert looks.count(True) == 1
    path = rules_copy / "agreements.toml"
    good = path.read_text()
    path.write_text("[[rule")
    watch.look(), watch.look(), watch.look()
    assert "TOML" in str(told[-1])
    path.write_text(good)
    assert [watch.look(), watch.look()] == [False, True]


def test_watch_and_ctrl_c(raw, out):
    import signal

    from tests.runs_help import in_child

    def work():
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.setitimer(signal.ITIMER_REAL, 1.5)
        signal.signal(signal.SIGALRM, lambda *_: os.kill(os.getpid(), signal.SIGINT))
        told = []
        started = time.monotonic()
        with pytest.raises(KeyboardInterrupt):
            command.watch(settings(raw, out), RULES, told.append, 0.05)
        assert time.monotonic() - started < 30

    assert in_child(work) == 0


def test_pruning_keeps_the_accepted_state(tmp_path):
    import datetime as dt

    from pipeline.runs import snapshot
    from pipeline.runs.accepted import write_accepted

    for name in ("20260101T000000Z", "20260102T000000Z", "20260103T000000Z", "20260104T000000Z"):
        (tmp_path / "runs" / name / "tables").mkdir(parents=True)
    snapshot.show(tmp_path, "20260104T000000Z")
    write_accepted(tmp_path, "20260101T000000Z", "ana", dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    assert snapshot.prune(tmp_path, 2) == ["20260102T000000Z"]
    assert {s.id for s in snapshot.snapshots(tmp_path)} == {
        "20260101T000000Z",
        "20260103T000000Z",
        "20260104T000000Z",
    }
