"""A run: tables, offsets, determinism, rejected rows, publishing."""

from __future__ import annotations

import json
import os
import random
import shutil

import pyarrow.parquet as pq
import pytest

from pipeline.errors import OutputError, SettingsError
from pipeline.extract import extract, load
from pipeline.schema import BY_NAME, MENTION_TABLES, WRITTEN
from pipeline.tables import read_rows, read_table
from tests.conftest import ROOT, RULES


@pytest.fixture(scope="module")
def loaded():
    return load(RULES)


@pytest.fixture(scope="module")
def outputs(loaded, tmp_path_factory):
    folder = tmp_path_factory.mktemp("outputs")
    extract(loaded, ROOT / "raw", folder)
    return folder


@pytest.fixture
def raw(tmp_path):
    folder = tmp_path / "raw"
    folder.mkdir()
    return folder


def test_every_written_table_has_its_schema(outputs):
    for name in WRITTEN:
        schema = pq.read_schema(outputs / "tables" / f"{name}.parquet")
        assert schema.names == [c.name for c in BY_NAME[name].columns]
        for column in BY_NAME[name].columns:
            field = schema.field(column.name)
            assert field.metadata[b"description"].decode() == column.described()
            assert field.type == column.field.type
        assert schema.metadata[b"pactline.schema"] == b"1"


def test_text_is_what_the_offsets_say(outputs):
    texts = {r["doc_id"]: r["text"] for r in read_rows(outputs / "tables", "documents")}
    count = 0
    for name in WRITTEN:
        if name in {"documents", "rejected"}:
            continue
        for row in read_rows(outputs / "tables", name):
            assert texts[row["doc_id"]][row["start"] : row["end"]] == row["text"], (name, row)
            assert row["text"].strip() == row["text"] != ""
            count += 1
    assert count > 500


@pytest.mark.parametrize("table", MENTION_TABLES)
def test_rows_are_ordered_and_mentions_of_a_kind_do_not_overlap(outputs, table):
    last = ("", 0)
    for row in read_rows(outputs / "tables", table):
        if row["doc_id"] == last[0]:
            assert row["start"] >= last[1] or row.get("via") == "institution"
        last = (row["doc_id"], row["end"])


def test_rules_named_in_the_tables_have_a_place(outputs, loaded):
    known = set(loaded.book.locations)
    for table in ("countries", "people", "figures", "dates"):
        for row in read_rows(outputs / "tables", table):
            assert row["rule"] in known, (table, row["rule"])


def _bytes(folder):
    return {p.name: p.read_bytes() for p in (folder / "tables").iterdir()}


def test_two_runs_give_the_same_bytes(outputs, loaded, tmp_path):
    extract(loaded, ROOT / "raw", tmp_path)
    assert _bytes(tmp_path) == _bytes(outputs)


def test_the_order_in_which_files_were_written_does_not_show(outputs, loaded, tmp_path):
    files = [p for p in (ROOT / "raw").rglob("*") if p.is_file()]
    random.Random(7).shuffle(files)
    for path in files:
        target = tmp_path / "raw" / path.relative_to(ROOT / "raw")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    extract(loaded, tmp_path / "raw", tmp_path / "out")
    assert _bytes(tmp_path / "out") == _bytes(outputs)


def test_the_syndicated_copy_is_marked(outputs):
    rows = {r["doc_id"]: r["duplicate_of"] for r in read_rows(outputs / "tables", "documents")}
    marked = {key: value for key, value in rows.items() if value}
    assert marked == {"news/georgia-customs-syndicated.txt": "news/georgia-customs.txt"}


def test_a_broken_document_leaves_a_row_and_the_rest_is_done(loaded, raw, tmp_path):
    (raw / "good.txt").write_text("India and Kenya met in May 2012.")
    (raw / "empty.txt").write_text(" \n")
    (raw / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    (raw / "lines.jsonl").write_text('{"id": "a", "text": "Chile spoke."}\nnot json\n{"id": "b"}\n')
    (raw / "bytes.txt").write_bytes(bytes(range(256)) * 8)
    summary = extract(loaded, raw, tmp_path / "out")
    rejected = [
        (r["doc_id"], r["code"]) for r in read_rows(tmp_path / "out" / "tables", "rejected")
    ]
    assert rejected == [
        ("bytes.txt", "binary"),
        ("empty.txt", "empty"),
        ("lines.jsonl#line-2", "bad_line"),
        ("lines.jsonl#b", "missing_text"),
        ("picture.png", "unsupported_type"),
    ]
    assert sum(summary.rejected.values()) == len(rejected)
    assert summary.documents == 2
    assert {r["doc_id"] for r in read_rows(tmp_path / "out" / "tables", "documents")} == {
        "good.txt",
        "lines.jsonl#a",
    }


def test_an_empty_folder_gives_empty_tables(loaded, raw, tmp_path):
    assert extract(loaded, raw, tmp_path / "out").documents == 0
    assert read_table(tmp_path / "out" / "tables", "countries").num_rows == 0


def test_the_manifest_counts_what_the_tables_hold(outputs):
    manifest = json.loads((outputs / "manifest.json").read_text())
    for name, count in manifest["rows"].items():
        assert read_table(outputs / "tables", name).num_rows == count


def test_a_second_run_replaces_the_tables_and_leaves_nothing_else(loaded, raw, tmp_path):
    out = tmp_path / "out"
    (raw / "a.txt").write_text("India and Kenya met.")
    extract(loaded, raw, out)
    (raw / "a.txt").write_text("Chile and Peru met.")
    extract(loaded, raw, out)
    assert {r["code"] for r in read_rows(out / "tables", "countries")} == {"CL", "PE"}
    assert len(list((out / "runs").iterdir())) == 2
    assert not list((out / "runs").glob(".*"))


def test_missing_raw_and_unwritable_outputs_are_told(loaded, tmp_path):
    with pytest.raises(SettingsError, match="no such folder"):
        extract(loaded, tmp_path / "nowhere", tmp_path / "out")
    (tmp_path / "raw").mkdir()
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError):
        extract(loaded, tmp_path / "raw", tmp_path / "file" / "out")


def test_a_failed_run_leaves_the_old_tables(loaded, raw, tmp_path, monkeypatch):
    out = tmp_path / "out"
    (raw / "a.txt").write_text("India and Kenya met.")
    extract(loaded, raw, out)
    before = _bytes(out)

    def fail(*_args, **_kwargs):
        raise OSError(28, os.strerror(28))

    (raw / "b.txt").write_text("Chile and Peru met.")
    monkeypatch.setattr("pipeline.runs.disk.before", fail)
    with pytest.raises(OutputError, match="space"):
        extract(loaded, raw, out)
    assert _bytes(out) == before
