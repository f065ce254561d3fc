"""Confidence: counted on gold, smoothed, written to the rule book, read by the tables."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.errors import RuleError
from pipeline.evaluate import Evaluation, Scored
from pipeline.evaluate.confidence import (
    Outcome,
    brier,
    confidence_csv,
    count,
    held_out,
    outcomes,
    reliability,
)
from pipeline.evaluate.gold import GoldDate, GoldDocument, GoldFigure, GoldInstitution, GoldPerson
from pipeline.evaluate.record_scoring import TASKS, score_records
from pipeline.evaluate.scoring import Predicted, score_document
from pipeline.records.report import Report, Support
from pipeline.rows import MentionRows, ReportRows
from pipeline.rulebook.book import load_rulebook
from pipeline.rulebook.confidence import Confidence, counted_as, load_confidence
from pipeline.schema import MENTION_TABLES, REPORT_TABLES


def scored(gold: GoldDocument, **rows) -> Scored:
    """A document with hand-made rows."""
    empty = {key: [] for key in (*MENTION_TABLES, *REPORT_TABLES, "evidence")}
    predicted = Predicted(gold.doc, "", {**empty, **rows})
    records = {
        task.subject: score_records(
            task, predicted.rows[f"{task.subject[:-1]}_reports"], getattr(gold, task.subject)
        )
        for task in TASKS
    }
    return Scored(gold, predicted, score_document(gold, predicted), records)


def of(found, rule):
    return [o.right for o in found if o.rule == rule]


def mention(rule, **fields):
    return {"start": 0, "end": 1, "text": "x", "rule": rule, **fields}


# -- the smoothing


def test_without_counts_everything_is_unknown():
    assert Confidence({}).of("dates/year", "phrase") == 0.5


def test_what_a_rule_declares_counts_until_its_family_is_measured():
    assert Confidence({}).of("dates/year", "phrase", 0.9) == 0.9
    measured = Confidence({("dates/month", "phrase"): (50, 100)})
    assert 0.45 < measured.of("dates/year", "phrase", 0.99) < 0.55


def test_many_counts_speak_for_themselves_and_few_follow_the_family():
    book = Confidence({("d/a", "phrase"): (0, 400), ("d/b", "phrase"): (400, 400)})
    assert book.of("d/a", "phrase") < 0.05
    assert book.of("d/b", "phrase") > 0.95
    few = Confidence({("d/a", "phrase"): (0, 1), ("d/b", "phrase"): (399, 399)})
    assert few.of("d/a", "phrase") > 0.9


def test_a_family_follows_its_step_and_a_step_all():
    book = Confidence({("m/x", "clause"): (90, 100), ("m/x", "document"): (10, 100)})
    assert book.of("new/rule", "clause") > 0.75
    assert book.of("new/rule", "document") < 0.25
    assert 0.4 < book.of("new/rule", "heading") < 0.6


@pytest.mark.parametrize("right", [0, 1, 5, 10])
def test_confidence_is_a_probability_and_rises_with_what_was_right(right):
    low = Confidence({("d/a", "phrase"): (right, 10)}).of("d/a", "phrase")
    assert 0 < low < 1
    if right < 10:
        assert low < Confidence({("d/a", "phrase"): (right + 1, 10)}).of("d/a", "phrase")


@pytest.mark.parametrize(
    ("rule", "location", "counted"),
    [
        ("countries/IN", "rules/countries.csv:3", "countries"),
        ("institutions/in-meity", "rules/institutions/india.csv:7", "institutions"),
        ("places/VN-Hanoi", "rules/places.csv:1", "places"),
        ("institutions/ministry", "rules/institutions.toml:9", "institutions/ministry"),
        ("dates/year", None, "dates/year"),
    ],
)
def test_the_rows_of_a_registry_are_counted_together(rule, location, counted):
    assert counted_as(rule, location) == counted


# -- the file


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("d/a,phrase,2,1\n", "no counts"),
        ("d/a,phrase,x,1\n", "no counts"),
        ("d/a,phrase,0,0\n", "no counts"),
        ("d/a,phrase,-1,2\n", "no counts"),
        ("d/a,phrase,1,2\nd/a,phrase,1,3\n", "counted twice"),
        ("d/a,phrase,1\n", "3 fields"),
    ],
)
def test_a_broken_file_is_named_with_its_line(tmp_path, rows, told):
    (tmp_path / "confidence.csv").write_text("rule,step,right,found\n" + rows)
    with pytest.raises(RuleError, match=told) as caught:
        load_confidence(tmp_path)
    assert caught.value.where.startswith("rules/confidence.csv:")


def test_the_file_is_sorted_and_read_back(tmp_path):
    counts = {("b/x", "phrase"): (1, 2), ("a/y,z", "clause"): (3, 3)}
    text = confidence_csv(counts)
    assert text.splitlines()[1] == '"a/y,z",clause,3,3'
    (tmp_path / "confidence.csv").write_text(text)
    confidence, _ = load_confidence(tmp_path)
    assert confidence.rules == {"b/x", "a/y,z"}


def test_the_shipped_file_can_be_read_and_is_measured(book):
    assert "countries" in book.confidence.rules
    assert book.confidence.of("countries", "phrase") > 0.9


# -- what is right


def test_mentions_are_right_when_their_value_is_annotated():
    gold = GoldDocument(
        doc="a.txt",
        countries=("IN",),
        dates=(GoldDate("May 2012", "2012-05"), GoldDate("5/2012", "2012-05")),
        institutions=(GoldInstitution("Ministry of Posts", "MoP", "KE"),),
        people=(GoldPerson("Amina Otieno"),),
        figures=(GoldFigure("5 per cent", 5, "%"),),
    )
    institution = {"acronym": None, "country": "KE", "institution_id": "ke:m"}
    found = outcomes(
        Evaluation(
            (
                scored(
                    gold,
                    countries=[mention("c/1", code="IN"), mention("c/2", code="PE")],
                    dates=[
                        mention("d/other", edtf="2012-05") | {"text": "spring"},
                        mention("d/same", edtf="2012-05") | {"text": "May 2012"},
                        mention("d/third", edtf="2012-05") | {"text": "5/2012"},
                    ],
                    institutions=[
                        mention("i/1", name="Ministry of Posts", **institution),
                        mention("i/2", name="Ministry of Posts", **institution),
                        mention("i/3", name="Radio Club", **institution | {"institution_id": "r"}),
                    ],
                    people=[mention("p/1", name="A. Otieno"), mention("p/2", name="Amina Otieno")],
                    figures=[
                        mention("f/1", value=5.0, unit="%"),
                        mention("f/2", value=6.0, unit="%"),
                    ],
                ),
            )
        )
    )
    right = {o.rule: o.right for o in found}
    assert right == {
        "c/1": True, "c/2": False,
        "d/other": False, "d/same": True, "d/third": True,
        "i/1": True, "i/2": True, "i/3": False,
        "p/1": False, "p/2": True,
        "f/1": True, "f/2": False,
    }  # fmt: skip
    assert {o.step for o in found} == {"phrase"}


AGREEMENT = {
    "kind": "mou", "title": "MoU on posts", "parties": ["IN", "KE"], "institutions": [],
    "status": "signed", "date": "2012-05", "place": "Nairobi", "topics": ["postal"],
}  # fmt: skip


def agreement(ident="a-1", **changed):
    return {**AGREEMENT, "report_id": ident, "rule": "agreements/mou", "text": "", **changed}


def evidence(field, value, step="clause", rule="agreements/x", ident="a-1"):
    return {"record_id": ident, "table": "agreement_reports", "field": field, "value": value,
            "step": step, "rule": rule}  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value", "right"),
    [
        ("kind", "mou", True),
        ("kind", "agreement", False),
        ("parties", "KE", True),
        ("parties", "PE", False),
        ("status", "signed", True),
        ("status", "proposed", False),
        ("date", "2012-05", True),
        ("date", "2012-06", False),
        ("date", "2019", False),
        ("place", "Nairobi", True),
        ("place", "Delhi", False),
        ("topics", "postal", True),
        ("topics", "space", False),
        ("title", "the MoU on posts", True),
        ("title", "Treaty of fisheries", False),
    ],
)
def test_a_value_is_right_when_the_aligned_record_has_it(field, value, right):
    gold = GoldDocument(doc="a.txt", agreements=(AGREEMENT,))
    one = scored(gold, agreement_reports=[agreement()], evidence=[evidence(field, value)])
    found = outcomes(Evaluation((one,)))
    assert of(found, "agreements/mou") == [True]
    assert of(found, "agreements/x") == [right]


def test_a_record_that_is_not_annotated_and_all_its_values_are_wrong():
    gold = GoldDocument(doc="a.txt", agreements=(AGREEMENT,))
    other = agreement("a-2", kind="action_plan", title="Plan", date="1990", parties=["PE"])
    one = scored(
        gold,
        agreement_reports=[agreement(), other],
        evidence=[evidence("status", "signed", ident="a-2"), evidence("place", "Nairobi")],
    )
    found = [o for o in outcomes(Evaluation((one,))) if o.task == "agreements"]
    assert [(o.step, o.right) for o in found] == [
        ("record", True), ("clause", True), ("record", False), ("clause", False),
    ]  # fmt: skip


def test_fields_that_gold_does_not_have_are_not_counted():
    gold = GoldDocument(doc="a.txt", agreements=(AGREEMENT,))
    one = scored(
        gold, agreement_reports=[agreement()], evidence=[evidence("institution_ids", "in-x")]
    )
    assert of(outcomes(Evaluation((one,))), "agreements/x") == []


def test_counts_agree_with_the_scores_on_the_sample(sample_evaluation):
    found = outcomes(sample_evaluation)
    score = sample_evaluation.total("dates")
    own = [o for o in found if o.task == "dates"]
    assert (sum(o.right for o in own), len(own)) == (score.matched, score.predicted)
    for table in MENTION_TABLES:
        wrong = {(o.doc, o.rule) for o in found if o.task == table and not o.right}
        false = sum(len(d.results[table].false) for d in sample_evaluation.documents)
        assert bool(wrong) == bool(false)
    for subject in ("agreements", "meetings", "projects"):
        score = sample_evaluation.record_total(subject, "found")
        own = [o for o in found if o.task == subject and o.step == "record"]
        assert (sum(o.right for o in own), len(own)) == (score.matched, score.predicted)


@pytest.fixture(scope="module")
def sample_evaluation():
    from pipeline.evaluate import evaluate
    from tests.conftest import ROOT, RULES

    return evaluate(ROOT / "tests" / "gold" / "sample", [ROOT / "raw"], RULES)


# -- held out, reliability


def outcome(doc, right, rule="d/a"):
    return Outcome(doc, "dates", rule, "phrase", right)


def test_no_document_vouches_for_itself():
    found = [outcome("a", right=True)] * 50 + [outcome("b", right=False)] * 50
    confidence = {o.doc: c for o, c in held_out(found, {})}
    assert confidence["a"] < 0.1
    assert confidence["b"] > 0.9


def test_registries_are_counted_together_when_held_out():
    where = {"countries/IN": "rules/countries.csv:1", "countries/KE": "rules/countries.csv:2"}
    found = [outcome("a", right=True, rule="countries/IN")] * 90
    found += [outcome("b", right=True, rule="countries/KE")]
    assert count(found, where) == {("countries", "phrase"): (91, 91)}
    assert {o.doc: c for o, c in held_out(found, where)}["b"] > 0.9


def test_reliability_bins_and_brier():
    pairs = [(outcome("a", right=True), 1.0), (outcome("a", right=False), 0.97),
             (outcome("a", right=True), 0.2)]  # fmt: skip
    bins = reliability(pairs)
    assert [(b.found, b.right, b.precision) for b in bins] == [(1, 1, 1.0), (2, 1, 0.5)]
    assert bins[1].predicted == pytest.approx(0.985)
    assert brier(pairs) == pytest.approx((0 + 0.97**2 + 0.8**2) / 3)
    assert brier([]) == 0


# -- the tables


def test_the_tables_show_what_was_measured(rules_copy, read):
    path = rules_copy / "confidence.csv"
    path.write_text("rule,step,right,found\ncountries,phrase,1,4000\nagreements/t,record,1,4000\n")
    book = load_rulebook(rules_copy)
    doc = read("India signed it in May 2012.")
    rows = MentionRows(book).of(doc, doc._.document)
    assert rows["countries"][0][-1] < 0.01
    declared = doc._.dates[0].confidence
    assert rows["dates"][0][-1] == pytest.approx(declared, abs=0.001)
    report = Report(
        "agreement", 0, 5, "agreements/t", (Support("kind", "mou", 0, 5, "x/y", "clause"),)
    )
    found = ReportRows(book).of([report], doc._.document)
    assert found["agreement_reports"][0][-1] < 0.01


def test_an_empty_file_leaves_what_the_rules_declare(rules_copy, read):
    (rules_copy / "confidence.csv").write_text("rule,step,right,found\n")
    doc = read("India signed it in May 2012.")
    rows = MentionRows(load_rulebook(rules_copy)).of(doc, doc._.document)
    assert rows["dates"][0][-1] == round(doc._.dates[0].confidence, 3)


# -- the command


def test_eval_writes_the_counts_of_several_gold_folders(tmp_path, rules_copy):
    (tmp_path / "raw").mkdir()
    for name in "ab":
        (tmp_path / "raw" / f"{name}.txt").write_text("India and Kenya met in May 2012.")
        (tmp_path / name).mkdir()
        gold = {
            "doc": f"{name}.txt",
            "countries": ["IN"],
            "dates": [{"text": "May 2012", "edtf": "2012-05"}],
        }
        (tmp_path / name / "g.json").write_text(json.dumps(gold))
    call = ["eval", str(tmp_path / "a"), str(tmp_path / "b"), "--raw", str(tmp_path / "raw"),
            "--rules", str(rules_copy), "--json"]  # fmt: skip
    before = (rules_copy / "confidence.csv").read_bytes()
    result = CliRunner().invoke(main, call, catch_exceptions=False)
    assert len(json.loads(result.stdout)["documents"]) == 2
    assert (rules_copy / "confidence.csv").read_bytes() == before
    result = CliRunner().invoke(main, [*call, "--write-confidence"], catch_exceptions=False)
    assert "confidence.csv" in result.stderr
    lines = (rules_copy / "confidence.csv").read_text().splitlines()
    assert "countries,phrase,2,4" in lines
    assert "dates/month-year,phrase,2,2" in lines
    assert load_rulebook(rules_copy).confidence.of("dates/month-year", "phrase") > 0.5
    again = (rules_copy / "confidence.csv").read_bytes()
    CliRunner().invoke(main, [*call, "--write-confidence"], catch_exceptions=False)
    assert (rules_copy / "confidence.csv").read_bytes() == again
