"""Runs apply decisions: what was decided holds, is replayed byte for byte, and nothing is dropped."""

from __future__ import annotations

import pytest

from pipeline.decisions.store import DecisionError
from pipeline.diff import Snapshot, compare
from pipeline.extract import extract, load
from pipeline.review.session import Request, Session
from pipeline.tables import read_rows
from tests.conftest import RULES

TEXT = (
    "LIMA, 9 July 2024 - Peru and Portugal signed an Agreement on Fisheries. Kenya was told of it."
)


@pytest.fixture(scope="module")
def loaded():
    return load(RULES)


@pytest.fixture
def decided(loaded, tmp_path, rules_copy):
    """A folder in which one mention was rejected and values of a mention and a report were set."""
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "b.txt").write_text("India and Fiji met.")
    extract(load(rules_copy), raw, tmp_path / "out")
    (raw / "a.txt").write_text(TEXT)
    extract(load(rules_copy), raw, tmp_path / "out")
    runs = sorted((tmp_path / "out" / "runs").iterdir())
    sides = Snapshot.of_run(runs[0]), Snapshot.of_run(runs[1])
    session = Session.of(compare(*sides), sides, rules_copy, "ann")
    cards = {
        (c.table, c.quote.text): c for c in session.cards if c.quote and c.table == "countries"
    }
    report = next(c for c in session.cards if c.table == "agreement_reports")
    session.decide(Request("reject", (cards["countries", "Portugal"].id,)))
    session.decide(Request("set", (cards["countries", "Kenya"].id,), field="code", value="UG"))
    session.decide(Request("set", (report.id,), field="date", value="2024-07-08"))
    extract(load(rules_copy), raw, tmp_path / "out")
    return tmp_path


def rows(folder, table):
    return [r for r in read_rows(folder / "tables", table) if r["doc_id"] != "b.txt"]


def test_a_run_applies_what_was_decided(decided):
    countries = {r["text"]: r for r in rows(decided / "out", "countries")}
    assert "Portugal" not in countries
    assert (countries["Kenya"]["code"], countries["Kenya"]["iso3"], countries["Kenya"]["name"]) == (
        "UG",
        "UGA",
        "Uganda",
    )
    (report,) = rows(decided / "out", "agreement_reports")
    assert (report["date"], str(report["date_start"])) == ("2024-07-08", "2024-07-08")
    support = [e for e in rows(decided / "out", "evidence") if e["field"] == "date"]
    assert [(e["value"], e["step"]) for e in support] == [("2024-07-08", "decided")]
    assert len(rows(decided / "out", "decisions")) == 3


def test_decisions_replayed_give_the_same_bytes(decided):
    extract(load(decided / "rules"), decided / "raw", decided / "again")
    found = [
        {p.name: p.read_bytes() for p in (decided / out / "tables").glob("*.parquet")}
        for out in ("out", "again")
    ]
    assert found[0].keys() == found[1].keys()
    # How records got their ids is told from the run before, which a fresh folder doesn't have.
    assert {n for n in found[0] if found[0][n] != found[1][n]} <= {"id_history.parquet"}


def test_the_effects_of_decisions_have_their_cause(decided):
    runs = sorted((decided / "out" / "runs").iterdir())
    diff = compare(Snapshot.of_run(runs[1]), Snapshot.of_run(runs[2]))
    own = ("countries", "agreement_reports", "decisions")
    causes = {c.cause.label for name in own for c in diff.tables[name].changes()}
    assert causes == {
        "decision reject by ann",
        "decision set code by ann",
        "decision set date by ann",
    }


def test_decisions_go_along_with_a_renamed_and_reflowed_document(decided):
    (decided / "raw" / "a.txt").rename(decided / "raw" / "c.txt")
    text = "What came later.\n\n" + TEXT.replace("Kenya was", "Kenya\nwas") + "\n\nAnd more."
    (decided / "raw" / "c.txt").write_text(text)
    extract(load(decided / "rules"), decided / "raw", decided / "out")
    assert {r["code"] for r in rows(decided / "out", "countries")} == {"PE", "UG"}
    assert len(rows(decided / "out", "decisions")) == 3


def test_marks_of_a_conflict_stop_a_run_and_the_tables_stay(decided):
    path = decided / "rules" / "decisions" / "countries.jsonl"
    path.write_text("<<<<<<< HEAD\n" + path.read_text())
    before = (decided / "out" / "latest").readlink()
    with pytest.raises(DecisionError, match="conflict"):
        extract(load(decided / "rules"), decided / "raw", decided / "out")
    assert (decided / "out" / "latest").readlink() == before


def test_rows_that_follow_from_decisions_alone_have_no_unknown_cause(decided):
    runs = sorted((decided / "out" / "runs").iterdir())
    diff = compare(Snapshot.of_run(runs[1]), Snapshot.of_run(runs[2]))
    causes = {change.cause.kind for change in diff.changes()}
    assert len(diff) > 3
    assert causes == {"decision"}
