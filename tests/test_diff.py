"""What differs between two snapshots: kinds, places that moved, lineage, filters, properties."""

from __future__ import annotations

from collections import Counter

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.diff import Snapshot, compare
from pipeline.diff.apply import apply_changes
from pipeline.diff.cards import CardMaker
from pipeline.diff.model import KINDS
from pipeline.diff.select import Filter, select
from pipeline.diff.summary import summarise
from pipeline.errors import OutputError, SettingsError
from pipeline.schema import TABLES
from tests.snapshots import country, document, evidence, mention, report, side, table, write_run

A = document("a.txt", "India and Kenya met. India and Chile did not.")
INDIA, KENYA = country(A, "India", "IN"), country(A, "Kenya", "KE")


def told(old, new, name="countries"):
    """(kind, old code, new code) of every change of a table."""
    changes = compare(old, new).tables[name].changes()
    return [(c.kind, (c.before or {}).get("code"), (c.after or {}).get("code")) for c in changes]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([], [INDIA], [("added", None, "IN")]),
        ([INDIA], [], [("removed", "IN", None)]),
        ([INDIA, KENYA], [INDIA], [("removed", "KE", None)]),
        ([INDIA], [{**INDIA, "code": "PE"}], [("changed", "IN", "PE")]),
        ([INDIA], [{**INDIA, "confidence": 0.9}], [("evidence", "IN", "IN")]),
        ([INDIA], [{**INDIA, "rule": "r/2"}], [("evidence", "IN", "IN")]),
        ([INDIA], [INDIA, INDIA], [("added", None, "IN")]),
        ([INDIA, KENYA], [KENYA, INDIA], []),
        ([INDIA], [{**INDIA, "end": 9, "text": "India and"}], [("changed", "IN", "IN")]),
    ],
)
def test_kinds_of_changes(before, after, expected):
    old = side("old", documents=[A], countries=before)
    assert told(old, side(documents=[A], countries=after)) == expected


def test_two_mentions_of_one_country_are_told_apart():
    other = country(A, "India", "IN", nth=1)
    old = side("old", documents=[A], countries=[INDIA, other])
    new = side(documents=[A], countries=[INDIA, {**other, "code": "ID"}])
    change = next(compare(old, new).changes())
    assert (change.before["start"], change.after["code"]) == (other["start"], "ID")


def test_a_value_keeps_its_place_when_paragraphs_are_added_and_lines_flow_anew():
    before = document("a.txt", "Kenya met Peru in Lima.\n\nChile saw Fiji.")
    after = document(
        "a.txt", "A new beginning.\n\nKenya met Peru\nin Lima.\n\nMore.\n\nChile saw Fiji."
    )
    names = [("Kenya", "KE"), ("Peru", "PE"), ("Chile", "CL"), ("Fiji", "FJ")]
    sides = [
        side(doc["sha256"], documents=[doc], countries=[country(doc, *n) for n in names])
        for doc in (before, after)
    ]
    kinds = Counter(kind for kind, *_ in told(*sides))
    assert kinds == {"evidence": 4}


def test_a_moved_document_only_moves_its_rows():
    moved = {**A, "doc_id": "b/a.txt"}
    old = side("old", documents=[A], countries=[INDIA, KENYA])
    new = side(documents=[moved], countries=[{**r, "doc_id": "b/a.txt"} for r in (INDIA, KENYA)])
    diff = compare(old, new)
    assert {c.kind for c in diff.tables["countries"].changes()} == {"evidence"}
    assert {c.cause.label for c in diff.changes()} == {"document moved b/a.txt"}


def test_copies_of_one_text_are_moved_in_the_order_of_their_paths():
    old = side("old", documents=[{**A, "doc_id": d} for d in ("a1", "a2", "stays")])
    new = side(documents=[{**A, "doc_id": d} for d in ("b1", "b2", "stays")])
    moved = {(c.cause.kind, c.cause.what) for c in compare(old, new).changes()}
    assert moved == {("document_moved", "b1"), ("document_moved", "b2")}


def test_a_report_with_another_id_is_the_same_report():
    one = report(A, "India and Kenya met", status="proposed")
    other = report(A, "India and Kenya met", status="signed")
    diff = compare(
        side("old", documents=[A], agreement_reports=[one]),
        side(documents=[A], agreement_reports=[other]),
    )
    (change,) = diff.tables["agreement_reports"].changes()
    assert (change.kind, {"status"} <= set(change.fields)) == ("changed", True)


def test_a_report_that_quotes_another_sentence_is_found_by_what_it_says():
    one = report(A, "India and Kenya met", title="MoU on ports")
    other = report(A, "India and Chile did not", title="MoU on ports")
    diff = compare(
        side("old", documents=[A], agreement_reports=[one]),
        side(documents=[A], agreement_reports=[other]),
    )
    assert [c.kind for c in diff.changes()] == ["evidence"]


def _linked(*pairs):
    """Tables in which report i belongs to the agreement named by the pairs."""
    docs = [document(f"{i}.txt", f"India and Kenya signed paper {i}.") for i, _ in pairs]
    reports = [
        {**report(doc, "India and Kenya signed"), "report_id": f"r{i}", "agreement_id": key}
        for doc, (i, key) in zip(docs, pairs, strict=True)
    ]
    members = {key: [d["doc_id"] for d, (_, k) in zip(docs, pairs, strict=True) if k == key]
               for _, key in pairs}  # fmt: skip
    records = [
        {"agreement_id": key, "kind": "mou", "doc_ids": found, "n_reports": len(found)}
        for key, found in members.items()
    ]
    return {"documents": docs, "agreement_reports": reports, "agreements": records}


def test_records_that_became_one_are_told_as_merged():
    old, new = _linked((1, "x"), (2, "y")), _linked((1, "x"), (2, "x"))
    changes = list(compare(side("old", **old), side(**new)).tables["agreements"].changes())
    assert {(c.kind, c.others) for c in changes} == {("merged", ("x", "y")), ("merged", ("x",))}


def test_a_record_that_became_two_is_told_as_split():
    old, new = _linked((1, "x"), (2, "x")), _linked((1, "x"), (2, "y"))
    changes = list(compare(side("old", **old), side(**new)).tables["agreements"].changes())
    assert {(c.kind, c.others) for c in changes} == {("split", ("x", "y")), ("split", ("x",))}


def test_a_record_with_another_id_is_not_new():
    old, new = _linked((1, "x"), (2, "x")), _linked((1, "z"), (2, "z"))
    changes = list(compare(side("old", **old), side(**new)).tables["agreements"].changes())
    assert [c.kind for c in changes] == ["evidence"]


def test_summary_counts_rows_cells_and_causes():
    old = side("old", documents=[A], countries=[INDIA, KENYA])
    new = side(documents=[A], countries=[{**INDIA, "code": "PE", "iso3": "PER"}])
    summary = summarise(compare(old, new))
    assert summary.tables == {"countries": {"changed": 1, "removed": 1}}
    assert summary.cells == {"countries": 2}
    assert sum(cause.rows for cause in summary.causes) == summary.rows == 2


# ── versions of the tables ──


def test_tables_of_another_version_are_read_as_those_of_today(tmp_path):
    run = write_run(tmp_path, "1", documents=[A], countries=[INDIA, KENYA])
    path = run / "tables" / "countries.parquet"
    found = pq.read_table(path).drop_columns(["confidence", "via"])
    found = found.append_column("shade", pa.array(["red", "blue"]))
    found = found.set_column(1, "start", found["start"].cast(pa.int64()))
    pq.write_table(found, path)
    (run / "tables" / "figures.parquet").unlink()
    old = Snapshot.of_run(run)
    new = Snapshot.of_run(write_run(tmp_path, "2", documents=[A], countries=[INDIA, KENYA]))
    assert old.table("countries").schema.names == new.table("countries").schema.names
    assert {(c.kind, c.fields) for c in compare(old, new).changes()} == {
        ("changed", ("via", "confidence"))
    }


def test_evidence_of_another_version_still_finds_its_report(tmp_path):
    one = report(A, "India and Kenya met", status="proposed")
    other = report(A, "India and Kenya met", status="signed")
    runs = [
        write_run(tmp_path, name, documents=[A], agreement_reports=[r],
                  evidence=[evidence(A, r, "status", "met")])
        for name, r in (("1", one), ("2", other))
    ]  # fmt: skip
    path = runs[0] / "tables" / "evidence.parquet"
    found = pq.read_table(path).drop_columns(["detail", "step"])
    pq.write_table(found.append_column("score", pa.array([1])), path)
    old, new = map(Snapshot.of_run, runs)
    diff = compare(old, new)
    card = CardMaker(diff, old, new).cards()[0]
    (field,) = card.fields
    assert (field.old, field.new, field.old_quote.text) == ("proposed", "signed", "met")


def test_a_column_that_can_not_be_read_is_told(tmp_path):
    run = write_run(tmp_path, "1", documents=[A], countries=[INDIA])
    path = run / "tables" / "countries.parquet"
    found = pq.read_table(path)
    pq.write_table(found.set_column(1, "start", pa.array(["first"])), path)
    with pytest.raises(OutputError, match="column start of countries"):
        Snapshot.of_run(run).table("countries")


# ── filters ──

FILTERED = (
    side("old", documents=[A], countries=[INDIA]),
    side(
        documents=[A, document("b/peru.txt", "Peru spoke.")],
        countries=[{**INDIA, "code": "ID"}, KENYA],
        agreement_reports=[report(A, "India and Kenya met", parties=["IN", "KE"])],
    ),
)


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        ({}, 4),
        ({"tables": ("countries",)}, 2),
        ({"kinds": ("changed",)}, 1),
        ({"fields": ("code",)}, 1),
        ({"fields": ("via",)}, 0),
        ({"causes": ("document_added",)}, 1),
        ({"causes": ("PERU",)}, 1),
        ({"countries": ("ke",)}, 2),
        ({"countries": ("IN",)}, 2),
        ({"docs": ("peru",)}, 1),
        ({"docs": ("a.txt",), "kinds": ("added",)}, 2),
        ({"tables": ("dates",)}, 0),
    ],
)
def test_filters(wanted, count):
    found = select(compare(*FILTERED), Filter(**wanted))
    assert len(found) == len(list(found.changes())) == summarise(found).rows == count


@pytest.mark.parametrize("wanted", [{"tables": ("x",)}, {"kinds": ("new",)}, {"fields": ("y",)}])
def test_a_filter_that_can_not_be_is_refused(wanted):
    with pytest.raises(SettingsError, match="there is no"):
        Filter(**wanted).check()


# ── properties ──

_TEXT = "India, Kenya and Chile met. India and Peru will meet."
_CODES = st.sampled_from(["IN", "KE", "CL"])


@st.composite
def _snapshots(draw, name="new"):
    docs = [
        document(
            f"{i}.txt",
            draw(st.sampled_from([_TEXT, "Fiji. " + _TEXT, _TEXT.replace(" and", "\nand")])),
        )
        for i in draw(st.lists(st.integers(0, 3), max_size=3, unique=True))
    ]
    rows = [
        mention(
            doc, word, rule=draw(st.sampled_from(["r/1", "r/2"])), code=draw(_CODES), via="name"
        )
        for doc in docs
        for word in draw(st.lists(st.sampled_from(["India", "Kenya", "Chile", "met"]), max_size=4))
    ]
    reports = [
        report(doc, "Chile met", status=draw(st.sampled_from([None, "signed", "proposed"])),
               parties=draw(st.lists(_CODES, max_size=2, unique=True)))
        for doc in docs if draw(st.booleans())
    ]  # fmt: skip
    support = [
        evidence(next(d for d in docs if d["doc_id"] == r["doc_id"]), r, "status", "met")
        for r in reports
    ]
    return side(name, documents=docs, countries=rows, agreement_reports=reports, evidence=support)


def _multiset(rows):
    return Counter(msgspec.json.encode(row, order="sorted") for row in rows)


@settings(max_examples=60, deadline=None)
@given(_snapshots())
def test_nothing_differs_from_itself(one):
    assert len(compare(one, one)) == 0


@settings(max_examples=100, deadline=None)
@given(_snapshots("old"), _snapshots())
def test_a_diff_put_onto_the_old_tables_gives_the_new_ones(one, other):
    diff = compare(one, other)
    for name in (t.name for t in TABLES):
        changes = diff.tables[name].changes() if name in diff.tables else ()
        made = apply_changes(changes, one.table(name).to_pylist())
        assert _multiset(made) == _multiset(other.table(name).to_pylist()), name


@settings(max_examples=60, deadline=None)
@given(_snapshots("old"), _snapshots())
def test_every_change_has_a_kind_a_cause_and_a_card_of_its_own(one, other):
    diff = compare(one, other)
    cards = CardMaker(diff, one, other).cards()
    assert len({card.id for card in cards}) == len(cards) == len(diff)
    assert {card.kind for card in cards} <= set(KINDS)
    assert summarise(diff).rows == len(cards)


def test_applying_a_change_to_other_rows_is_an_error():
    diff = compare(side("old", countries=[INDIA]), side(countries=[]))
    with pytest.raises(ValueError, match="aren't in the table"):
        apply_changes(diff.changes(), table("countries", [KENYA]).to_pylist())
