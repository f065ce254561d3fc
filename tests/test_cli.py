"""The command line: what it prints, where, and with which exit code."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

import pytest
from click.testing import CliRunner

from pipeline.cli import main
from tests.conftest import ROOT, RULES


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A working folder with one document."""
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.txt").write_text("India and Kenya signed it on 5 May 2012.")
    shutil.copytree(RULES, tmp_path / "rules")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def call(*args: str):
    return CliRunner().invoke(main, list(args), catch_exceptions=False)


def test_run_and_show(folder):
    result = call("run")
    assert result.exit_code == 0, result.output
    assert "1 documents" in result.stdout
    shown = call("show", "countries")
    assert "Kenya" in shown.stdout
    rows = [json.loads(line) for line in call("show", "dates", "--json").stdout.splitlines()]
    assert [(r["edtf"], r["date_start"]) for r in rows] == [("2012-05-05", "2012-05-05")]


def test_show_filters_and_limits(folder):
    (folder / "raw" / "b.txt").write_text("Chile, Peru and Fiji agreed.")
    call("run")
    assert "India" not in call("show", "countries", "--doc", "b.txt").stdout
    assert "more rows" in call("show", "countries", "--limit", "1").stdout
    assert "more rows" not in call("show", "countries", "--limit", "0").stdout


def test_run_with_rejected_documents_exits_with_3(folder):
    (folder / "raw" / "x.xyz").write_text("?")
    result = call("run")
    assert result.exit_code == 3
    assert "unsupported_type 1" in result.stderr


def test_run_prints_json(folder):
    summary = json.loads(call("run", "--json").stdout)
    assert summary["documents"] == 1
    assert summary["rows"]["countries"] == 2


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("run", "--raw", "nowhere"), "no such folder"),
        (("run", "--rules", "nowhere"), "no such rule folder"),
        (("show", "nonsense"), "no table"),
        (("show", "agreements"), "run `pactline run` first"),
        (("eval", "nowhere"), "no gold files"),
        (("init", "raw"), "not empty"),
    ],
)
def test_mistakes_are_one_clear_message(folder, args, told):
    result = call(*args)
    assert result.exit_code == 2
    assert told in result.stderr
    assert "fix:" in result.stderr
    assert "Traceback" not in result.output


def test_settings_file_environment_and_flag(folder, monkeypatch):
    (folder / "pipeline.toml").write_text('raw = "other"\n')
    assert "other" in call("run").stderr
    monkeypatch.setenv("PIPELINE_RAW", "third")
    assert "third" in call("run").stderr
    assert call("run", "--raw", "raw").exit_code == 0
    (folder / "pipeline.toml").write_text("nonsense = 1\n")
    result = call("run")
    assert result.exit_code == 2
    assert "pipeline.toml" in result.stderr


def test_eval_scores_and_lists_errors(folder):
    (folder / "gold").mkdir()
    gold = {
        "doc": "a.txt",
        "countries": ["IN", "PE"],
        "dates": [{"text": "x", "edtf": "2012-05-05"}],
    }
    (folder / "gold" / "a.json").write_text(json.dumps(gold))
    result = call("eval", "gold", "--errors")
    assert result.exit_code == 0
    assert "- PE" in result.stdout
    assert "+ KE" in result.stdout
    scores = json.loads(call("eval", "gold", "--json").stdout)
    assert scores["total"]["dates"]["f1"] == 1
    assert scores["total"]["countries"]["f1"] == 0.5


def test_eval_names_a_document_that_is_not_there(folder):
    (folder / "gold").mkdir()
    (folder / "gold" / "z.json").write_text('{"doc": "z.txt"}')
    result = call("eval", "gold")
    assert result.exit_code == 2
    assert "z.txt" in result.stderr


def test_rules_commands(folder):
    assert call("rules", "lint").exit_code == 0
    path = folder / "rules" / "places.csv"
    path.write_text(path.read_text() + "X,QQ,city,,,0\n")
    result = call("rules", "lint")
    assert result.exit_code == 2
    assert "rules/places.csv:" in result.stderr


def test_init_makes_a_folder_that_runs(tmp_path, monkeypatch):
    target = tmp_path / "new"
    assert call("init", str(target)).exit_code == 0
    monkeypatch.chdir(target)
    result = call("run")
    assert result.exit_code == 0, result.output
    assert "1 documents" in result.stdout
    assert "Kenya" in call("show", "countries").stdout


def test_help_needs_neither_spacy_nor_pyarrow():
    code = (
        "import sys; from pipeline.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "heavy = {'spacy', 'pyarrow', 'pandas', 'numpy', 'dateparser'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT, capture_output=True)


def test_the_module_runs_as_a_program():
    result = subprocess.run(
        [sys.executable, "-m", "pipeline.cli", "--version"],
        check=True, cwd=ROOT, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": "."},
    )  # fmt: skip
    assert "pactline" in result.stdout
