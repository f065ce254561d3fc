"""Every change has a cause: documents, rules, code, decisions."""

from __future__ import annotations

import pytest

from pipeline.diff import compare
from pipeline.diff.model import CAUSES, Cause
from pipeline.rulebook.entries import changed_entries, read_entries
from tests.conftest import RULES
from tests.snapshots import country, document, evidence, report, side

A = document("a.txt", "India and Kenya met.", title="A")
INDIA = country(A, "India", "IN")
STAGES = {name: {"code 1": "x"} for name in ("ingest", "annotate", "records", "rows")}


def changed(old, new, table="countries"):
    """The labels of the causes of a table's changes."""
    found = compare(old, new)
    return sorted({c.cause.label for c in found.tables[table].changes()})


def run(name="new", stages=None, rules=None, **tables):
    made = side(name, documents=tables.pop("documents", [A]), **tables)
    made.manifest = {"stages": STAGES if stages is None else stages}
    made.rules_dir = rules
    return made


def test_a_new_document():
    new = run(
        documents=[A, document("b.txt", "India.")], countries=[INDIA, {**INDIA, "doc_id": "b.txt"}]
    )
    assert changed(run("old", countries=[INDIA]), new) == ["new document b.txt"]


def test_a_removed_document():
    new = run(documents=[], countries=[])
    assert changed(run("old", countries=[INDIA]), new) == ["document removed a.txt"]


def test_an_edited_document():
    edited = document("a.txt", "Kenya met.", title="A")
    new = run(documents=[edited], countries=[])
    assert changed(run("old", countries=[INDIA]), new) == ["document edited a.txt"]


def test_a_sidecar_that_was_edited():
    new = run(documents=[{**A, "published": None, "title": "Another"}], countries=[])
    old = run("old", countries=[INDIA])
    assert changed(old, new) == changed(old, new, "documents") == ["document edited a.txt"]


def test_a_document_that_is_read_in_another_way_was_not_edited():
    stages = {**STAGES, "ingest": {"rules/boilerplate.toml": "y"}}
    new = run(documents=[{**A, "title": "Another"}], stages=stages, countries=[])
    found = changed(
        run("old", stages={**STAGES, "ingest": {"rules/boilerplate.toml": "x"}}), new, "documents"
    )
    assert found == ["rule changed rules/boilerplate.toml"]


def test_a_copy_changes_with_the_document_that_it_copies():
    copy = {**A, "doc_id": "b.txt"}
    old = run("old", documents=[copy])
    new = run(documents=[A, {**copy, "duplicate_of": "a.txt"}])
    assert changed(old, new, "documents") == ["new document a.txt"]
    assert changed(new, old, "documents") == ["document removed a.txt"]


def _rules(tmp_path, text):
    folder = tmp_path / str(abs(hash(text)))
    folder.mkdir()
    (folder / "dates.toml").write_text(text)
    return folder


RULE = '[[rule]]\nid = "today"\nabout = "x"\npattern = "{}"\n# a remark\nexamples = ["x"]\n'


def test_a_rule_that_the_row_names(tmp_path):
    old = run(
        "old",
        rules=_rules(tmp_path, RULE.format("a")),
        countries=[{**INDIA, "rule": "dates/today"}],
    )
    new = run(rules=_rules(tmp_path, RULE.format("b")), countries=[])
    assert changed(old, new) == ["rule changed rules/dates.toml:2 [dates/today]"]


def test_a_rule_that_the_evidence_of_a_report_names(tmp_path):
    sides = []
    for name, status in (("a", "proposed"), ("b", "signed")):
        made = report(A, "India and Kenya met", status=status)
        support = evidence(A, made, "status", "met", rule="dates/today")
        rules = _rules(tmp_path, RULE.format(name))
        sides.append(run(name, rules=rules, agreement_reports=[made], evidence=[support]))
    label = "rule changed rules/dates.toml:2 [dates/today]"
    assert changed(*sides, table="agreement_reports") == [label]
    assert changed(*sides, table="evidence") == [label]


def test_words_for_people_change_no_rule(tmp_path):
    one = read_entries(_rules(tmp_path, RULE.format("a")))
    edited = RULE.format("a").replace('"x"', '"y"').replace("remark", "word")
    assert changed_entries(one, read_entries(_rules(tmp_path, edited))) == {}
    assert list(changed_entries(one, read_entries(_rules(tmp_path, RULE.format("c"))))) == [
        "dates/today"
    ]


def test_a_file_of_rules_that_no_row_names(tmp_path):
    stages = {**STAGES, "annotate": {"rules/not_countries.csv": "y", "code 1": "x"}}
    old = run("old", stages={**STAGES, "annotate": {"rules/not_countries.csv": "x", "code 1": "x"}})
    assert changed(old, run(stages=stages, countries=[INDIA])) == [
        "rule changed rules/not_countries.csv"
    ]


@pytest.mark.parametrize("name", ["code 1", "spacy", "python"])
def test_code_or_a_library(name):
    stages = {**STAGES, "annotate": {name: "other"}}
    old = run("old", stages={**STAGES, "annotate": {name: "one"}})
    assert changed(old, run(stages=stages, countries=[INDIA])) == [
        f"code or version changed {name}"
    ]


def test_code_and_rules_together_are_both_told():
    old = run("old", stages={**STAGES, "annotate": {"spacy": "1", "rules/dates.toml": "1"}})
    new = run(
        stages={**STAGES, "annotate": {"spacy": "2", "rules/dates.toml": "2"}}, countries=[INDIA]
    )
    assert changed(old, new) == ["code or version changed spacy, rules/dates.toml"]


def test_a_stage_that_one_version_does_not_have():
    old = run("old", stages={k: v for k, v in STAGES.items() if k != "rows"})
    assert changed(old, run(countries=[INDIA])) == ["code or version changed stage rows"]


def test_many_inputs_are_told_in_few_words():
    stages = {**STAGES, "annotate": {f"lib{n}": "1" for n in range(9)}}
    old = run("old", stages={**STAGES, "annotate": {}})
    told = ["code or version changed lib0, lib1, lib2, lib3 and 5 more"]
    assert changed(old, run(stages=stages, countries=[INDIA])) == told


def test_a_later_stage_changes_no_earlier_table():
    stages = {**STAGES, "records": {"rules/status.toml": "y"}, "annotate": {"spacy": "2"}}
    old = run(
        "old", stages={**STAGES, "records": {"rules/status.toml": "x"}, "annotate": {"spacy": "1"}}
    )
    assert changed(old, run(stages=stages, countries=[INDIA])) == ["code or version changed spacy"]


def test_sides_that_tell_nothing():
    old, new = side("old", documents=[A]), side(documents=[A], countries=[INDIA])
    assert changed(old, new) == ["cause unknown a side doesn't tell its rules"]


def _decided(action="reject", **more):
    told = {"decision_id": "d1", "action": action, "table": "countries", "doc_id": "a.txt"}
    return {**told, "text": "India", "who": "ann", **more}


def test_a_decision_that_took_a_row_out_and_one_that_was_taken_back():
    with_row = run("old", countries=[INDIA])
    without = run(countries=[], decisions=[_decided()])
    assert changed(with_row, without) == ["decision reject by ann"]
    assert changed(with_row, without, "decisions") == ["decision reject by ann"]
    assert changed(without, with_row) == ["decision reject by ann"]


def test_a_decision_that_set_a_value_in_a_report():
    one = report(A, "India and Kenya met", status="proposed")
    other = {**one, "status": "signed"}
    told = _decided("set", table="agreement_reports", field="status", text=one["text"])
    support = evidence(A, other, "status", "India and Kenya met", rule="decision/d1")
    old = run("old", agreement_reports=[one])
    new = run(agreement_reports=[other], evidence=[support], decisions=[told])
    assert changed(old, new, "agreement_reports") == ["decision set status by ann"]


def test_a_decision_that_holds_on_both_sides_is_no_cause(tmp_path):
    row = {**INDIA, "rule": "decision/d1"}
    old = run("old", countries=[row], decisions=[_decided("set")])
    edited = document("a.txt", "Later India and Kenya met.", title="A")
    moved = {**row, "start": 6, "end": 11, "code": "ID"}
    new = run(documents=[edited], countries=[moved], decisions=[_decided("set")])
    assert changed(old, new) == ["document edited a.txt"]


def test_a_decision_that_an_edit_made_stale_is_not_the_cause():
    old = run("old", countries=[{**INDIA, "rule": "decision/d1"}], decisions=[_decided("set")])
    new = run(documents=[document("a.txt", "Kenya met.", title="A")], countries=[], decisions=[])
    assert changed(old, new) == ["document edited a.txt"]


def test_records_change_with_the_documents_that_tell_of_them():
    record = {"agreement_id": "x", "kind": "mou", "doc_ids": ["a.txt"], "n_reports": 1}
    more = {**record, "doc_ids": ["a.txt", "b.txt"], "n_reports": 2}
    new = run(documents=[A, document("b.txt", "India.")], agreements=[more])
    assert changed(run("old", agreements=[record]), new, "agreements") == ["new document b.txt"]


def test_every_kind_of_cause_has_words():
    assert all(Cause(kind, "x").label.startswith(told) for kind, told in CAUSES.items())


def test_entries_have_the_ids_and_the_places_of_the_rule_book(book):
    entries = read_entries(RULES)
    wrong = {k: v for k, v in book.locations.items() if k not in entries or entries[k].where != v}
    assert wrong == {}
