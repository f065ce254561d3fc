"""Linking: which reports are one thing, which are kept apart, and why."""

from __future__ import annotations

import pytest

from pipeline.link import link_words, resolve
from pipeline.link.model import Decision
from tests.linking import Ledger, as_tables


@pytest.fixture(scope="session")
def words(book):
    return link_words(book)


@pytest.fixture
def ledger():
    found = Ledger()
    for i, day in enumerate(("2015-01-10", "2015-03-02", "2015-09-01", "2019-05-05", "2022-02-02")):
        found.document(f"d{i}", day)
    return found


@pytest.fixture
def together(words):
    """Whether two reports are in one record."""

    def check(ledger, one, other, subject="agreement"):
        added = resolve(ledger.tables(), words).reports[f"{subject}_reports"]
        return added[one][f"{subject}_id"] == added[other][f"{subject}_id"]

    return check


def test_proposed_approved_signed_and_cited_are_one(ledger, words):
    ledger.agreement("d0", "MoU on digital skills", status="proposed")
    ledger.agreement(
        "d1", "Memorandum of Understanding on digital skills", "2015-03-02", "approved"
    )
    ledger.agreement("d3", "MoU on digital skills", "2019-05-05", place="Suva")
    ledger.agreement("d4", "MoU on digital skills", "2019", state="existing")
    found = resolve(ledger.tables(), words).rows
    (record,) = found["agreements"]
    assert (record["status"], record["date"], record["place"]) == ("signed", "2019-05-05", "Suva")
    assert record["doc_ids"] == ["d0", "d1", "d3", "d4"]
    assert [r["stage"] for r in found["status_history"]] == [
        "proposed",
        "approved",
        "signed",
        "signed",
    ]
    joined = [r for r in found["links"] if r["outcome"] == "joined"]
    assert len(joined) == 3
    assert all("digital skill" in r["reason"] or "says the same" in r["reason"] for r in joined)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"date": "2015-03-01"}, {"date": "2019-05-04"}),
        ({"title": "MoU on digital skills"}, {"title": "MoU on postal services"}),
        ({"parties": ["FJ", "KE"]}, {"parties": ["FJ", "UG"]}),
        ({"kind": "mou"}, {"kind": "declaration_of_intent"}),
        # What is proposed after the signing is another one.
        ({"date": "2015-03-01"}, {"status": "proposed"}),
        ({"status": "ended", "date": "2015-02-01"}, {"date": "2019-05-04"}),
    ],
)
def test_what_contradicts_keeps_two_apart(ledger, together, one, other):
    base = {"title": "MoU on digital skills"}
    first = ledger.agreement("d1", **(base | one))
    second = ledger.agreement("d3", **(base | other))
    assert not together(ledger, first, second)


def test_two_reports_of_one_document_are_two_unless_their_full_titles_are_one(ledger, together):
    one = ledger.agreement("d1", "MoU on schools", "2015-03-02")
    other = ledger.agreement("d1", "MoU on school meals", "2015-03-02")
    again = ledger.agreement("d1", "MoU on school meals", place="Suva")
    assert not together(ledger, one, other)
    assert together(ledger, other, again)


def test_texts_that_say_only_an_mou_are_not_joined(ledger, together):
    one = ledger.agreement("d1", "MoU", state="existing")
    other = ledger.agreement("d2", "MoU", state="existing")
    assert not together(ledger, one, other)


def test_the_day_and_being_the_only_one_join_untitled_texts(ledger, together):
    one = ledger.agreement("d1", "MoU", "2015-03-02")
    other = ledger.agreement("d2", "MoU on soil research", "2015-03-02")
    assert together(ledger, one, other)


def test_joint_statements_go_by_their_day(ledger, together):
    one = ledger.agreement(
        "d1", "Joint Statement: Waves of Trust", "2015-03-01", kind="joint_statement"
    )
    same = ledger.agreement("d2", "joint statement", "2015-03-01", kind="joint_statement")
    other = ledger.agreement(
        "d3", "Joint Statement: Waves of Trust", "2019-05-05", kind="joint_statement"
    )
    assert together(ledger, one, same)
    assert not together(ledger, one, other)


def test_a_successor_speaks_for_its_predecessor_and_another_ministry_does_not(ledger, together):
    base = {"parties": ["GB", "IN"]}
    one = ledger.agreement("d0", "MoU on electronics", institution_ids=["in-deity"], **base)
    same = ledger.agreement("d3", "MoU on electronics", institution_ids=["in-meity"], **base)
    other = ledger.agreement("d4", "MoU on electronics", institution_ids=["in-mea"], **base)
    assert together(ledger, one, same)
    assert not together(ledger, one, other)


def test_a_join_that_would_bring_contradictions_together_is_refused(ledger, words):
    ledger.agreement("d1", "MoU on digital skills", "2015-03-01")
    ledger.agreement("d3", "MoU on digital skills", "2019-05-04")
    ledger.agreement("d4", "MoU on digital skills", state="existing")
    found = resolve(ledger.tables(), words).rows
    assert sorted(r["n_reports"] for r in found["agreements"]) == [1, 2]
    (refused,) = [r for r in found["links"] if r["outcome"] == "refused"]
    assert "signed" in refused["reason"]


def test_a_treaty_of_many_states_is_one_whoever_is_named(ledger, together):
    base = {"kind": "agreement", "rule": "agreements/known-treaty"}
    one = ledger.agreement("d1", "Suva Reef Convention", **base)
    other = ledger.agreement("d3", "Suva Reef Convention", parties=["CL", "PE"], **base)
    bilateral = ledger.agreement(
        "d4", "Suva Reef Convention", parties=["CL", "PE"], kind="agreement"
    )
    assert together(ledger, one, other)
    assert not together(ledger, one, bilateral)


def test_sessions_go_by_number_and_body(ledger, together):
    name = "Fiji-Kenya Joint Working Group on ICT"
    one = ledger.meeting("d1", name, "2015-03-01", ordinal=2)
    cited = ledger.meeting("d3", name, "2015-03", ordinal=2)
    third = ledger.meeting("d4", name, "2015-03", ordinal=3)
    other = ledger.meeting("d2", "Joint Committee on Postal Matters", "2015-03", ordinal=2)
    assert together(ledger, one, cited, "meeting")
    assert not together(ledger, one, third, "meeting")
    assert not together(ledger, one, other, "meeting")


def test_a_planned_session_that_was_held_later_is_one_with_a_conflict(ledger, words):
    ledger.meeting("d1", "Joint Working Group on ICT", "2015-04", "planned", ordinal=2)
    ledger.meeting("d2", "Joint Working Group on ICT", "2015-08-30", ordinal=2)
    found = resolve(ledger.tables(), words).rows
    (record,) = found["meetings"]
    assert (record["status"], record["date"], record["conflicts"]) == (
        "held",
        "2015-08-30",
        ["date"],
    )
    assert {(r["value"], r["chosen"]) for r in found["conflicts"]} == {
        ("2015-04", False), ("2015-08-30", True),
    }  # fmt: skip


def test_what_a_sentence_says_a_body_is_about_tells_it_apart(ledger, together):
    base = {"ordinal": 2, "countries": ["FJ", "KE"]}
    name = "Joint Working Group"
    one = ledger.meeting("d1", name, "2015", text=f"The {name} on ports met in 2015.", **base)
    other = ledger.meeting("d2", name, "2015", text=f"The {name} on schools met in 2015.", **base)
    assert not together(ledger, one, other, "meeting")


def test_visits_overlap_and_undated_ones_go_by_the_news(ledger, together):
    one = ledger.meeting(
        "d0", "State visit", "2015-03-01/2015-03-03", "planned", kind="visit", place="Suva"
    )
    other = ledger.meeting("d1", None, kind="visit", place="Suva")
    late = ledger.meeting("d2", None, kind="visit")
    assert together(ledger, one, other, "meeting")
    assert not together(ledger, one, late, "meeting")


def test_projects_go_by_names_of_their_own(ledger, together):
    one = ledger.project("d0", "Reef Data Centre in Nakuru")
    same = ledger.project("d3", "Reef Data Centre", "2019-05-01", "operational")
    abroad = ledger.project("d2", "Reef Data Centre", host="FJ")
    vague = ledger.project("d1", "joint projects")
    vague_too = ledger.project("d2", "joint projects")
    assert together(ledger, one, same, "project")
    assert not together(ledger, one, abroad, "project")
    assert not together(ledger, vague, vague_too, "project")


def test_copies_join_what_they_tell_of(words):
    ledger = Ledger().document("a", "2015-01-01").document("b", "2015-01-02", duplicate_of="a")
    one = ledger.project("a", "joint projects")
    other = ledger.project("b", "joint projects")
    added = resolve(ledger.tables(), words).reports["project_reports"]
    assert added[one]["project_id"] == added[other]["project_id"]


def test_copies_count_once_and_the_original_is_believed(words):
    ledger = Ledger().document("a", "2015-01-01")
    ledger.agreement("a", "MoU on digital skills", "2015-01-01")
    for i in range(3):
        ledger.document(f"b{i}", "2015-01-02", duplicate_of="a")
        ledger.agreement(f"b{i}", "MoU on digital skills", "2015-01-02")
    (record,) = resolve(ledger.tables(), words).rows["agreements"]
    assert (record["date"], record["conflicts"]) == ("2015-01-01", [])


def test_a_decision_joins_what_contradicts(ledger, words):
    one = ledger.agreement("d1", "MoU on ports", "2015-03-01")
    other = ledger.agreement("d3", "MoU on harbours", "2019-05-04")
    found = resolve(ledger.tables(), words, [Decision(one, other, same=True)])
    assert len(found.rows["agreements"]) == 1
    assert [r["decided"] for r in found.rows["links"] if r["outcome"] == "joined"] == ["same"]


def test_what_agrees_with_one_of_those_decided_to_be_one_joins_them(ledger, words):
    one = ledger.agreement("d1", "MoU on ports", "2015-03-01")
    ledger.agreement("d2", "MoU on ports", "2015-03-01")
    other = ledger.agreement("d3", "MoU on harbours", "2019-05-04")
    found = resolve(ledger.tables(), words, [Decision(one, other, same=True)])
    assert [r["n_reports"] for r in found.rows["agreements"]] == [3]


def test_a_decision_parts_what_agrees(ledger, words):
    one = ledger.agreement("d1", "MoU on ports", "2015-03-01")
    other = ledger.agreement("d2", "MoU on ports", "2015-03-01")
    found = resolve(ledger.tables(), words, [Decision(one, other, same=False)])
    assert len(found.rows["agreements"]) == 2
    refused = [r for r in found.rows["links"] if r["outcome"] == "refused"]
    assert [r["decided"] for r in refused] == ["different"]


def test_the_last_decision_on_a_pair_counts_and_unknown_names_are_told(ledger, words):
    one = ledger.agreement("d1", "MoU on ports", "2015-03-01")
    other = ledger.agreement("d3", "MoU on harbours", "2019-05-04")
    stale = Decision("a-nothing", one, same=True)
    decisions = [Decision(one, other, same=True), Decision(one, other, same=False), stale]
    found = resolve(ledger.tables(), words, decisions)
    assert len(found.rows["agreements"]) == 2
    assert found.unused == [stale]


def test_decisions_may_name_records_of_the_tables_before(ledger, words):
    one = ledger.agreement("d1", "MoU on ports", "2015-03-01")
    ledger.agreement("d2", "MoU on ports", "2015-03-01")
    other = ledger.agreement("d3", "MoU on harbours", "2019-05-04")
    first = resolve(ledger.tables(), words)
    names = {r: row["agreement_id"] for r, row in first.reports["agreement_reports"].items()}
    before = ledger.tables() | as_tables(first.rows)
    decided = [Decision(names[one], names[other], same=True)]
    assert len(resolve(ledger.tables(), words, decided, before).rows["agreements"]) == 1


def test_reports_of_one_id_are_one(ledger, words):
    one = ledger.agreement("d1", "MoU on ports", report_id="a-1")
    ledger.agreement("d1", "MoU on ports", report_id="a-1")
    found = resolve(ledger.tables(), words)
    assert [r["n_reports"] for r in found.rows["agreements"]] == [1]
    assert found.reports["agreement_reports"][one]["agreement_id"]


def test_no_tables_give_no_records(words):
    found = resolve({}, words)
    assert not any(found.rows.values())


@pytest.mark.parametrize("date", ["9999-12-31", "0001-01-01", "9999", "0001", "9998/9999", "999X"])
def test_the_ends_of_the_calendar_are_no_trouble(words, date):
    ledger = Ledger().document("a", "9999-12-31").document("b", "0001-01-01")
    for doc in ("a", "b"):
        ledger.agreement(doc, "MoU on ports", date)
        ledger.agreement(doc, "MoU on ports", None, "approved", kind="protocol")
        ledger.meeting(doc, "Joint Working Group on ports", date, "planned", ordinal=1)
        ledger.meeting(doc, None, kind="visit")
    assert resolve(ledger.tables(), words).rows["agreements"]


def test_two_documents_that_are_statements_themselves_are_two_though_of_one_day(ledger, together):
    base = {"kind": "joint_statement", "rule": "agreements/joint-text"}
    one = ledger.agreement("d1", None, "2015-03-01", **base)
    other = ledger.agreement("d2", None, "2015-03-01", **base)
    told = ledger.agreement("d3", "joint statement", "2015-03-01", kind="joint_statement")
    assert not together(ledger, one, other)
    assert together(ledger, told, one) or together(ledger, told, other)


def test_an_institutions_acronym_names_no_instrument(ledger, together):
    one = ledger.project("d1", "ASEAN Reef Programme", kind="other")
    other = ledger.project("d2", "ASEAN Harbour Programme", kind="other")
    assert not together(ledger, one, other, "project")
