"""`pactline diff`: which runs it compares, what it prints, how it ends."""

from __future__ import annotations

import json
import shutil

import pytest
from click.testing import CliRunner

from pipeline.cli import main
from tests.snapshots import country, document, evidence, report, write_run

A = document("a.txt", "India and Kenya signed the memorandum on ports.")
MADE = report(A, "India and Kenya signed", title="memorandum on ports", status="signed")


@pytest.fixture
def outputs(tmp_path, monkeypatch):
    """Three runs: one document, another one, a value changed."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "outputs"
    b = document("b.txt", "Peru spoke.")
    write_run(folder, "20240101T000000Z", documents=[A], countries=[country(A, "India", "IN")])
    write_run(folder, "20240102T000000Z", documents=[A, b],
              countries=[country(A, "India", "IN"), country(b, "Peru", "PE")])  # fmt: skip
    write_run(folder, "20240103T000000Z", documents=[A, b], agreement_reports=[MADE],
              evidence=[evidence(A, MADE, "status", "signed")],
              countries=[country(A, "India", "ID"), country(b, "Peru", "PE")])  # fmt: skip
    return folder


def call(*args):
    return CliRunner().invoke(main, list(args), catch_exceptions=False)


def test_the_last_run_is_compared_with_the_one_before(outputs):
    result = call("diff")
    assert result.exit_code == 0
    assert result.stdout.startswith("20240102T000000Z → 20240103T000000Z: 3 rows differ\n")
    assert "code: IN → ID" in result.stdout
    assert "1 rows of evidence and other details are counted only" in result.stdout


@pytest.mark.parametrize(
    ("args", "rows"),
    [
        (("20240101", "20240102"), 2),
        (("20240101",), 5),
        (("outputs/runs/20240101T000000Z", "outputs/runs/20240102T000000Z/tables"), 2),
        (("20240101", "--kind", "added"), 4),
        (("20240101", "--country", "PE"), 1),
        (("20240103", "20240103"), 0),
    ],
)
def test_sides_and_filters(outputs, args, rows):
    assert f"{rows} rows differ" in call("diff", "--stat", *args).stdout


def test_json_has_counts_and_changes(outputs):
    told = json.loads(call("diff", "--json", "--kind", "changed").stdout)
    assert told["summary"]["tables"] == {"countries": {"changed": 1}}
    assert told["summary"]["causes"][0].keys() == {"kind", "label", "rows", "tables"}
    (change,) = told["changes"]
    assert (change["table"], change["kind"], change["doc_id"]) == ("countries", "changed", "a.txt")
    assert [(f["name"], f["old"], f["new"]) for f in change["fields"] if f["name"] == "code"] == [
        ("code", "IN", "ID")
    ]
    assert change["quote"]["text"] == "India"
    assert json.loads(call("diff", "--json", "--stat").stdout)["changes"] == []


def test_exit_code_and_limit(outputs):
    assert call("diff", "--exit-code").exit_code == 1
    assert call("diff", "20240103", "20240103", "--exit-code").exit_code == 0
    assert "… 1 more changes (--limit 0 for all)" in call("diff", "--limit", "1").stdout
    assert call("diff", "--limit", "-1").exit_code == 2


def test_html_is_one_file(outputs, tmp_path):
    result = call("diff", "--html", str(tmp_path / "page.html"))
    assert result.stdout == ""
    assert "wrote" in result.stderr
    assert "memorandum on ports" in (tmp_path / "page.html").read_text()


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("nothing",), "there is no run"),
        (("2024",), "several runs begin"),
        (("--accepted",), "no state has been accepted"),
        (("20240101", "--accepted"), "names the older side itself"),
        (("--table", "x"), "there is no table"),
    ],
)
def test_what_can_not_be_compared_is_told(outputs, args, message):
    result = call("diff", *args)
    assert result.exit_code == 2
    assert message in result.stderr


def test_without_runs_or_without_two(outputs):
    for run in ("20240101T000000Z", "20240102T000000Z"):
        shutil.rmtree(outputs / "runs" / run)
    assert "no run before" in call("diff").stderr
    shutil.rmtree(outputs)
    assert "run `pactline run` first" in call("diff").stderr


def test_a_run_without_rules_or_a_table_is_compared_all_the_same(outputs):
    (outputs / "runs/20240103T000000Z/tables/countries.parquet").unlink()
    told = call("diff").stdout
    assert "a side doesn't tell its rules" in told
    assert "- countries" in told


def test_a_damaged_manifest_is_told(outputs):
    (outputs / "runs/20240103T000000Z/manifest.json").write_text("{")
    assert "manifest can't be read" in call("diff").stderr


def test_against_gold(outputs, tmp_path):
    gold = tmp_path / "gold"
    gold.mkdir()
    record = {"kind": "mou", "title": "memorandum on ports", "parties": ["IN", "KE"],
              "institutions": [], "status": "proposed", "date": None, "place": None, "topics": []}  # fmt: skip
    (gold / "a.json").write_text(json.dumps({"doc": "a.txt", "agreements": [record]}))
    told = call("diff", "--against-gold", str(gold)).stdout
    assert "status: proposed → signed" in told
    assert "gold annotation" in told
    (gold / "a.json").write_text(
        json.dumps({"doc": "a.txt", "agreements": [{**record, "status": "signed"}]})
    )
    assert "0 rows differ" in call("diff", "--against-gold", str(gold)).stdout
    (gold / "a.json").write_text(json.dumps({"doc": "other.txt"}))
    assert "none of the annotated documents" in call("diff", "--against-gold", str(gold)).stderr
