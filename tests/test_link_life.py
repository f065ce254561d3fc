"""The life of records: stages, validity, series, ids, PLOVER codes, institutions, copies."""

from __future__ import annotations

import datetime as dt

import pytest

from pipeline.edtf import parse
from pipeline.link import link_words, resolve
from pipeline.link.registry import suggestions
from pipeline.link.validity import later
from tests.linking import Ledger, as_tables


@pytest.fixture(scope="session")
def words(book):
    return link_words(book)


@pytest.fixture
def ledger():
    found = Ledger()
    for i, day in enumerate(("2015-01-10", "2015-03-02", "2018-03-01", "2021-05-05", "2023-02-02")):
        found.document(f"d{i}", day)
    return found


def only(ledger, words, table="agreements"):
    (record,) = resolve(ledger.tables(), words).rows[table]
    return record


def test_status_is_the_latest_stage_and_as_of_says_when(ledger, words):
    ledger.agreement("d1", "MoU on ports", "2015-03-01")
    ledger.agreement("d2", "MoU on ports", "2018-02-28", state="in_force")
    ledger.agreement("d3", "MoU on ports", "2021-05-01", state="renewed")
    record = only(ledger, words)
    assert (record["status"], record["stage"], record["as_of"]) == (
        "signed",
        "renewed",
        dt.date(2021, 5, 1),
    )
    assert record["date"] == "2015-03-01"


def test_an_approval_after_the_signing_changes_nothing(ledger, words):
    ledger.agreement("d1", "MoU on ports", "2015-03-01")
    ledger.agreement("d2", "MoU on ports", "2015-05-01", "approved")
    assert only(ledger, words)["status"] == "signed"


def test_an_ended_instrument_is_ended(ledger, words):
    ledger.agreement("d1", "MoU on ports", "2015-03-01")
    ledger.agreement("d3", "MoU on ports", "2020-03-01", "ended")
    record = only(ledger, words)
    assert (record["status"], record["stage"]) == ("ended", "ended")


def test_what_is_only_cited_has_no_stage_of_its_own(ledger, words):
    ledger.agreement("d1", "MoU on ports", state="existing")
    found = resolve(ledger.tables(), words).rows
    assert found["status_history"] == []
    assert (found["agreements"][0]["status"], found["agreements"][0]["stage"]) == ("signed", None)


@pytest.mark.parametrize(
    ("said", "until", "granularity"),
    [
        ([("valid_for", "P3Y", "signed")], "2018-03-01", "day"),
        ([("valid_for", "P18M", None)], "2016-09-01", "day"),
        ([("valid_for", "P3Y", "in_force")], None, None),
        ([("valid_until", "2019-12", None)], "2019-12", "month"),
        ([("valid_for", "unlimited", None)], None, None),
        ([("valid_for", "P3Y", "signed"), ("valid_until", "2022-05", "extended")], "2022-05", "month"),
    ],
)  # fmt: skip
def test_valid_until(ledger, words, said, until, granularity):
    ledger.agreement("d1", "MoU on ports", "2015-03-01", said=said)
    record = only(ledger, words)
    assert (record["valid_until"], record["valid_until_granularity"]) == (until, granularity)


def test_an_extension_adds_to_the_first_period_and_is_a_stage(ledger, words):
    ledger.agreement("d1", "MoU on ports", "2015-03-01", said=[("valid_for", "P3Y", "signed")])
    ledger.agreement(
        "d2", "MoU on ports", "2018-02-28", state="renewed", said=[("valid_for", "P2Y", "extended")]
    )
    found = resolve(ledger.tables(), words).rows
    record = found["agreements"][0]
    assert (record["valid_for"], record["valid_until"], record["stage"]) == (
        "P3Y",
        "2020-03-01",
        "extended",
    )
    assert {r["stage"] for r in found["status_history"]} == {"signed", "renewed", "extended"}


def test_expiry_ends_it(ledger, words):
    ledger.agreement(
        "d3", "MoU on ports", "2020-03-01", "ended", said=[("valid_until", "2020-03-01", "expired")]
    )
    record = only(ledger, words)
    assert (record["status"], record["stage"], record["valid_until"]) == (
        "ended",
        "ended",
        "2020-03-01",
    )


@pytest.mark.parametrize(
    ("begin", "duration", "end"),
    [("2016-02-29", "P1Y", "2017-02-28"), ("2016-11", "P3M", "2017-02"), ("2016", "P5Y", "2021"),
     ("2016", "P18M", None), ("9999", "P1Y", None), ("2016-01-01", "nonsense", None)],
)  # fmt: skip
def test_dates_move_by_durations_as_precise_as_they_were(begin, duration, end):
    found = later(parse(begin), duration)
    assert (found.edtf if found else None) == end


def test_documents_that_disagree_are_listed_with_both_evidences(ledger, words):
    ledger.agreement("d1", "MoU on ports", "2015-03-01", place="Suva")
    ledger.agreement("d2", "MoU on ports", "2015-03-02", place="Nadi")
    found = resolve(ledger.tables(), words).rows
    assert found["agreements"][0]["conflicts"] == ["date", "place"]
    assert {(r["field"], r["value"]) for r in found["conflicts"]} == {
        ("date", "2015-03-01"), ("date", "2015-03-02"), ("place", "Suva"), ("place", "Nadi"),
    }  # fmt: skip
    assert sum(r["chosen"] for r in found["conflicts"]) == 2


def test_a_more_precise_date_is_no_conflict_and_wins(ledger, words):
    ledger.agreement("d1", "MoU on ports", "2015")
    ledger.agreement("d2", "MoU on ports", "2015-02-11")
    record = only(ledger, words)
    assert (record["date"], record["conflicts"]) == ("2015-02-11", [])


def test_a_corrected_re_issue_replaces_what_it_corrects(words):
    body = "Kenya and Fiji signed the MoU on ports in Suva, and the ministers spoke of cranes, tugs, pilots and fees. "
    ledger = Ledger().document("a", "2015-03-02", body + "It was signed on 1 March.")
    ledger.document("b", "2015-03-04", "Corrected version: " + body + "It was signed on 2 March.")
    ledger.agreement("a", "MoU on ports", "2015-03-01")
    ledger.agreement("b", "MoU on ports", "2015-03-02")
    found = resolve(ledger.tables(), words).rows
    (copy,) = found["copies"]
    assert (copy["doc_id"], copy["duplicate_of"], copy["kind"]) == ("b", "a", "reissue")
    (record,) = found["agreements"]
    assert (record["date"], record["conflicts"], record["n_reports"]) == ("2015-03-02", [], 2)


def test_series_with_gaps_repetitions_and_their_agreement(ledger, words):
    name = "Fiji-Kenya Joint Working Group on ports"
    ledger.agreement("d1", "MoU on ports", "2015-03-01")
    text = "The Fiji-Kenya Joint Working Group on ports met under the MoU on ports signed in March 2015."
    for doc, date, number in (("d1", "2015-03-02", 1), ("d2", "2018-02-28", 3), ("d3", "2021-05-01", 3),
                              ("d4", "2016-01-01", 4)):  # fmt: skip
        ledger.meeting(doc, name, date, ordinal=number, text=text if number == 1 else "text")
    found = resolve(ledger.tables(), words).rows
    (series,) = found["series"]
    assert (series["ordinals"], series["gaps"], series["repeated"]) == ([1, 3, 4], [2], [3])
    assert series["disordered"] == [4]
    assert series["n_meetings"] == 4
    assert series["agreement_id"] == found["agreements"][0]["agreement_id"]
    assert {r["series_id"] for r in found["meetings"]} == {series["series_id"]}
    assert [r["reason"] for r in found["links"] if r["outcome"] == "tied"] == [
        "“under” before the agreement"
    ]


def test_ids_stay_when_documents_are_added_dates_refined_and_stages_reached(words):
    def ids(*reports):
        ledger = Ledger().document("a", "2015-03-02").document("b", "2016-01-01")
        for doc, title, date, status in reports:
            ledger.agreement(doc, title, date, status)
        return [r["agreement_id"] for r in resolve(ledger.tables(), words).rows["agreements"]]

    first = ids(("a", "MoU on ports", None, "proposed"))
    assert ids(("a", "MoU on ports", "2015", "proposed")) == first
    assert (
        ids(("a", "MoU on ports", None, "proposed"), ("b", "MoU on ports", "2015-12-31", "signed"))
        == first
    )
    both = ids(
        ("a", "MoU on ports", "2015-01-01", "signed"), ("b", "MoU on ports", "2015-12-31", "signed")
    )
    assert len(both) == 2
    assert first[0] in both


def test_a_renamed_id_is_told_and_stays_known(words):
    late = Ledger().document("b", "2016-01-01")
    late.agreement("b", "MoU on sea ports", topics=["transport"])
    old = resolve(late.tables(), words)
    before = late.tables() | as_tables(old.rows)
    late.document("a", "2015-01-01")
    late.agreement("a", "MoU on deep sea ports", "2014-01-01", topics=["transport"])
    now = resolve(late.tables(), words, previous=before)
    (row,) = now.rows["id_history"]
    assert row["change"] == "renamed"
    assert row["old_id"] == old.rows["agreements"][0]["agreement_id"]
    assert row["new_id"] == now.rows["agreements"][0]["agreement_id"]
    again = resolve(late.tables(), words, previous=late.tables() | as_tables(now.rows))
    assert again.rows["id_history"] == [row]


def test_an_id_whose_documents_are_gone_is_told(words):
    ledger = Ledger().document("b", "2016-01-01")
    ledger.agreement("b", "MoU on ports")
    before = ledger.tables() | as_tables(resolve(ledger.tables(), words).rows)
    (row,) = resolve({}, words, previous=before).rows["id_history"]
    assert (row["new_id"], row["change"]) == (None, "gone")


def test_plover_codes(ledger, words):
    ids = [
        ledger.agreement("d0", "MoU on ports", status="proposed"),
        ledger.agreement("d1", "MoU on ports", "2015-03-01"),
        ledger.agreement("d2", "MoU on ports", state="existing"),
        ledger.meeting("d1", "talks", kind="visit"),
        ledger.meeting("d2", "talks", "2019", "planned"),
        ledger.meeting("d3", "talks", countries=["CL", "FJ", "KE"]),
        ledger.project("d1", "Reef Data Centre"),
        ledger.project("d3", "Reef Data Centre", status="operational"),
        ledger.agreement("d4", "MoU on tugs", status="ended"),
    ]
    reports = resolve(ledger.tables(), words).reports
    rows = {i: row for table in reports.values() for i, row in table.items()}
    codes = [tuple(rows[i][f"plover_{k}"] for k in ("code", "mode", "context")) for i in ids]
    assert codes == [
        ("AGREE", None, None),
        ("SUPPORT", None, None),
        ("SUPPORT", None, "historical"),
        ("CONSULT", "visit", None),
        ("AGREE", None, "future"),
        ("CONSULT", "multilateral", None),
        ("AGREE", None, None),
        ("COOPERATE", "economic", None),
        (None, None, None),
    ]


def test_the_registry_counts_names_and_tells_renamings(words):
    text = "The Ministry of Reefs, formerly the Ministry of Corals, met. The Ministry of Reefs thanked."
    ledger = (
        Ledger()
        .document("a", "2019-01-01", text)
        .document("b", "2012-01-01", "The Ministry of Corals met.")
    )
    ledger.institution("a", "Ministry of Reefs", text.index("Ministry of Reefs"))
    ledger.institution("a", "Ministry of Corals", text.index("Ministry of Corals"))
    ledger.institution("a", "Ministry of Reefs", text.rindex("Ministry of Reefs"), acronym="MoR")
    ledger.institution("b", "Ministry of Corals", 4)
    found = resolve(ledger.tables(), words).rows
    rows = {r["institution_id"]: r for r in found["institution_registry"]}
    reefs, corals = rows["ke:ministry-of-reefs"], rows["ke:ministry-of-corals"]
    assert (reefs["n_mentions"], reefs["n_documents"], reefs["acronym"]) == (2, 1, "MoR")
    assert (reefs["successor_of"], reefs["renamed_after"]) == (
        "ke:ministry-of-corals",
        dt.date(2019, 1, 1),
    )
    assert (corals["first_seen"], corals["last_seen"]) == (dt.date(2012, 1, 1), dt.date(2019, 1, 1))
    (renaming,) = found["renamings"]
    assert renaming["text"] == "Ministry of Reefs, formerly the Ministry of Corals"


def test_suggestions_are_ready_lines_the_most_frequent_first():
    base = {
        "kind": "ministry",
        "country": "KE",
        "linked": False,
        "successor_of": None,
        "aliases": [],
    }
    rows = [
        base | {"institution_id": "ke:ministry-of-tugs", "name": "Ministry of Tugs", "acronym": None, "n_documents": 1},
        base | {"institution_id": "ke:ministry-of-reefs", "name": "Ministry of Reefs", "acronym": "MRF", "n_documents": 3},
        base | {"institution_id": "ke:reefs-ministry", "name": "Reefs Ministry", "acronym": "MRF", "n_documents": 2},
        base | {"institution_id": "in-meity", "name": "Known", "acronym": None, "n_documents": 9, "linked": True},
    ]  # fmt: skip
    found = suggestions(rows)
    assert [(r["id"], r["aliases"], r["n_documents"]) for r in found] == [
        ("ke-ministry-of-reefs", "Reefs Ministry", 5),
        ("ke-ministry-of-tugs", "", 1),
    ]
    assert suggestions(rows, least=2) == found[:1]
