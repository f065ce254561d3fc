"""What an edit of the rules changes, told before it is committed."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.errors import SettingsError
from pipeline.evaluate.compare import compare_rows
from pipeline.evaluate.revisions import rules_at


def row(start, text, rule="r", **values):
    end = start + len(text)
    return {"doc_id": "a", "start": start, "end": end, "text": text, **values, "rule": rule, "confidence": 0.5}  # fmt: skip


def kinds(before, after, *, same_text=True):
    changes, makers = compare_rows(before, after, same_text=same_text)
    return sorted(change.kind for change in changes), makers


INDIA, KENYA = row(0, "India", code="IN"), row(10, "Kenya", code="KE")


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ([], [], []),
        ([INDIA, KENYA], [INDIA, KENYA], []),
        ([INDIA], [INDIA, KENYA], ["added"]),
        ([INDIA, KENYA], [KENYA], ["removed"]),
        ([INDIA], [row(0, "India", code="PE")], ["changed"]),
        ([INDIA], [row(0, "India today", code="IN")], ["changed"]),
        ([INDIA], [KENYA], ["added", "removed"]),
        ([INDIA, INDIA], [INDIA], ["removed"]),
        ([row(0, "x" * 9, code="IN")], [row(0, "xx", code="IN"), row(5, "xx", code="KE")],
         ["added", "changed"]),
    ],
)  # fmt: skip
def test_changes_of_mentions(before, after, told):
    assert kinds(before, after) == (told, 0)


def test_another_rule_for_the_same_value_is_told_apart():
    assert kinds([INDIA], [row(0, "India", "other", code="IN")]) == ([], 1)


def test_places_are_not_compared_where_the_text_differs():
    moved = row(3, "India", code="IN")
    assert kinds([INDIA], [moved], same_text=False) == ([], 0)
    assert kinds([INDIA], [moved]) == (["changed"], 0)


def report(ident, start, text, **values):
    base = {
        "report_id": ident,
        "kind": "mou",
        "parties": ["IN", "KE"],
        "status": "signed",
        "date": None,
    }
    return row(start, text, **base | values)


def test_a_report_with_one_other_value_is_a_change_and_not_another_report():
    before = report("a-1", 0, "They signed it.", date="2012")
    after = report("a-2", 40, "It was signed.", date="2012-05")
    changes, _ = compare_rows([before], [after], same_text=True)
    assert [c.kind for c in changes] == ["changed"]
    assert "date" in changes[0].fields
    assert "report_id" not in changes[0].fields


def test_the_id_of_a_report_is_not_compared():
    assert kinds([report("a-1", 0, "x")], [report("a-2", 0, "x")]) == ([], 0)


def test_reports_with_little_in_common_are_two():
    other = report("a-2", 40, "Talks.", kind="protocol", parties=["PE"], status="proposed")
    assert kinds([report("a-1", 0, "Signed.")], [other]) == (["added", "removed"], 0)


# -- git


@pytest.fixture
def checkout(tmp_path, rules_copy, monkeypatch):
    """A git repository with rules/ and raw/, one commit."""
    monkeypatch.chdir(tmp_path)
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.txt").write_text("India and Kandara met in May 2012.")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "rules")
    git(tmp_path, "-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-qm", "x")
    return tmp_path


def git(folder, *arguments):
    subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True)


def edit(folder):
    path = folder / "rules" / "places.csv"
    path.write_text(path.read_text() + "Kandara,KE,city,,,0\n")


def call(*arguments):
    return CliRunner().invoke(main, ["rules", "impact", *arguments], catch_exceptions=False)


def test_an_edit_of_the_working_copy_against_head(checkout):
    assert "no file changed" in call().stdout
    edit(checkout)
    shown = call().stdout
    assert "rules/places.csv changed" in shown
    assert "Kandara" in shown
    found = json.loads(call("--json").stdout)
    assert found["base"] == "HEAD"
    assert (found["tables"]["countries"]["added"], found["tables"]["dates"]["added"]) == (1, 0)
    assert found["tables"]["countries"]["examples"][0]["after"]["code"] == "KE"


def test_scores_move_with_the_rules(checkout):
    (checkout / "gold").mkdir()
    (checkout / "gold" / "a.json").write_text('{"doc": "a.txt", "countries": ["IN", "KE"]}')
    edit(checkout)
    scores = json.loads(call("--gold", "gold", "--json").stdout)["scores"]["gold"]
    assert scores["countries"] == {"before": pytest.approx(0.6667), "after": 1.0}
    shown = call("--gold", "gold", "--examples", "0").stdout
    assert "0.6667 → 1.0000  +0.3333" in shown
    assert "Kandara" not in shown


def test_two_folders(checkout):
    shutil.copytree("rules", "other")
    edit(checkout)
    found = json.loads(call("--base", "other", "--json").stdout)
    assert (found["base"], found["files"]) == ("other", ["places.csv"])


def test_a_rule_of_ingest_that_changes_the_text(checkout):
    path = checkout / "rules" / "boilerplate.toml"
    path.write_text(
        path.read_text()
        + "\n[[rule]]\nid = 'kandara'\nabout = 'x'\nkind = 'footer'\npattern = '^India and'\n"
        "examples = ['India and']\n"
    )
    found = json.loads(call("--json").stdout)
    assert found["tables"]["countries"]["removed"] == 1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--git", "nonsense"), "no revision 'nonsense'"),
        (("--git=--output=x",), "no revision"),
        (("--git", ""), "no file changed"),
        (("--base", "nowhere"), "no such rule folder"),
        (("--raw", "nowhere"), "no such folder"),
        (("--rules", "nowhere"), "no such rule folder"),
    ],
)
def test_mistakes_are_one_clear_message(checkout, arguments, told):
    result = call(*arguments)
    assert told in result.output
    assert "Traceback" not in result.output
    assert not (checkout / "x").exists()


def test_both_bases_are_too_many(checkout):
    assert call("--git", "HEAD", "--base", "rules").exit_code == 2


def test_outside_git(tmp_path, rules_copy, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with (
        pytest.raises(SettingsError, match="no git repository") as caught,
        rules_at(rules_copy, "HEAD"),
    ):
        pass
    assert "--base" in caught.value.fix


def test_rules_that_the_revision_does_not_have(checkout):
    shutil.copytree("rules", "new")
    with (
        pytest.raises(SettingsError, match="isn't in the revision"),
        rules_at(checkout / "new", "HEAD"),
    ):
        pass


def test_the_folder_is_the_one_of_the_revision_and_goes_away(checkout):
    edit(checkout)
    with rules_at(checkout / "rules", "HEAD") as folder:
        assert "Kandara" not in (folder / "places.csv").read_text()
        assert (folder / "institutions" / "india.csv").exists()
    assert not folder.exists()


def test_old_rules_that_the_code_cannot_read(checkout):
    shutil.copytree("rules", "old")
    (checkout / "old" / "dates.toml").unlink()
    result = call("--base", "old")
    assert result.exit_code == 2
    assert "can't read the rules of old" in result.stderr
