"""Decisions on rows: found by the words that they quote, applied, carried forward, stale."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.decisions.apply import DecisionBook, is_decided
from pipeline.decisions.facts import checked_value, facts_of, quote_of, surroundings
from pipeline.decisions.model import Decision
from pipeline.errors import SettingsError
from pipeline.schema import BY_NAME
from tests.snapshots import country, document, evidence, mention, report

TEXT = (
    "India and Kenya signed a memorandum on ports in Lima.\n\n"
    "Officials of India and of Kenya will meet again. Kenya will be the host."
)
A = document("a.txt", TEXT)
NAMES = {"KE": ("KEN", "Kenya"), "UG": ("UGA", "Uganda")}


def rows_of(doc, **tables):
    """Rows as a run hands them over: tuples in the order of the columns."""
    every = {
        **dict.fromkeys(("countries", "agreement_reports", "evidence", "institutions"), ()),
        **tables,
    }
    return {
        name: [tuple(row.get(c.name) for c in BY_NAME[name].columns) for row in found]
        for name, found in every.items()
    }


def decide(action, table, row, doc=A, /, *, before=None, **more):
    """A decision on an added row, or on one that was ``before`` else."""
    told = {
        "who": "ann",
        "when": "2024-05-01T10:00:00+00:00",
        "change": f"c-{row['text']}-{row['start']}",
    }
    facts = {"before": before and facts_of(table, before), "after": facts_of(table, row)}
    return Decision(action, table, **{**told, **facts, "quote": quote_of(row, doc["text"]), **more})


def apply(decisions, doc=A, documents=None, **tables):
    book = DecisionBook(decisions, documents or {doc["doc_id"]}, NAMES)
    return book.apply(doc["doc_id"], doc["text"], rows_of(doc, **tables))


def named(found, table):
    columns = [c.name for c in BY_NAME[table].columns]
    return [dict(zip(columns, row, strict=True)) for row in found.rows[table]]


KENYAS = [country(A, "Kenya", "KE", nth=n) for n in range(3)]


def test_a_rejected_mention_stays_out_and_others_with_the_same_words_stay_in():
    decision = decide("reject", "countries", KENYAS[1])
    found = apply([decision], countries=KENYAS)
    assert [r["start"] for r in named(found, "countries")] == [
        KENYAS[0]["start"],
        KENYAS[2]["start"],
    ]
    assert found.ids == {decision.id}


def test_no_decision_leaves_rows_as_they_are():
    rows = rows_of(A, countries=KENYAS)
    assert apply([], countries=KENYAS).rows == rows
    assert not DecisionBook([], set())
    assert not DecisionBook([decide("accept", "countries", KENYAS[0])], set())


def test_a_set_value_stays_in_and_says_who_set_it():
    decision = decide("set", "countries", KENYAS[0], field="code", value="UG")
    first = named(apply([decision], countries=KENYAS), "countries")[0]
    assert (first["code"], first["iso3"], first["name"]) == ("UG", "UGA", "Uganda")
    assert is_decided(first["rule"])
    assert first["confidence"] == 1


MADE = report(A, "India and Kenya signed a memorandum on ports in Lima.", title="memorandum on ports",
              date="2024", place="Lima")  # fmt: skip
SUPPORT = [evidence(A, MADE, "date", "Lima", value="2024"), evidence(A, MADE, "place", "Lima")]


def test_a_value_set_in_a_report_has_evidence_that_it_was_decided():
    decision = decide("set", "agreement_reports", MADE, field="date", value="2023-05")
    found = apply([decision], agreement_reports=[MADE], evidence=SUPPORT)
    (made,) = named(found, "agreement_reports")
    assert (made["date"], made["date_start"]) == ("2023-05", dt.date(2023, 5, 1))
    support = {e["field"]: e for e in named(found, "evidence")}
    assert (support["date"]["value"], support["date"]["step"]) == ("2023-05", "decided")
    assert (support["date"]["rule"], support["date"]["detail"]) == (decision.rule, "set by ann")
    assert TEXT[support["date"]["start"] : support["date"]["end"]] == support["date"]["text"]
    assert support["place"]["value"] == "Lima"


def test_institutions_that_are_set_bring_their_ids():
    one = mention(A, "Officials", institution_id="x-1", name="Officials", linked=True)
    decision = decide("set", "agreement_reports", MADE, field="institutions", value=["Officials"])
    found = apply([decision], agreement_reports=[MADE], evidence=SUPPORT, institutions=[one])
    assert named(found, "agreement_reports")[0]["institution_ids"] == ["x-1"]
    told = {(e["field"], e["value"]) for e in named(found, "evidence")}
    assert {("institutions", "Officials"), ("institution_ids", "x-1")} <= told


def test_a_value_set_to_nothing_has_no_evidence():
    decision = decide("set", "agreement_reports", MADE, field="date", value=None)
    found = apply([decision], agreement_reports=[MADE], evidence=SUPPORT)
    assert named(found, "agreement_reports")[0]["date_start"] is None
    assert [e["field"] for e in named(found, "evidence")] == ["place"]


def test_a_rejected_report_takes_its_evidence_along():
    found = apply(
        [decide("reject", "agreement_reports", MADE)], agreement_reports=[MADE], evidence=SUPPORT
    )
    assert found.rows["agreement_reports"] == found.rows["evidence"] == []


def test_a_rejected_change_gives_the_old_value_back():
    before = {**MADE, "place": "Quito"}
    decision = decide("reject", "agreement_reports", MADE, before=before)
    (made,) = named(
        apply([decision], agreement_reports=[MADE], evidence=SUPPORT), "agreement_reports"
    )
    assert (made["place"], made["date"]) == ("Quito", "2024")


def test_a_rejected_removal_puts_the_row_back_in_its_place():
    decision = decide("reject", "agreement_reports", MADE)
    decision = Decision(**{**{f: getattr(decision, f) for f in decision.__struct_fields__},
                           "before": decision.after, "after": None})  # fmt: skip
    found = apply([decision])
    (made,) = named(found, "agreement_reports")
    assert (made["title"], made["text"], made["date_start"]) == (
        MADE["title"],
        MADE["text"],
        dt.date(2024, 1, 1),
    )
    assert {e["record_id"] for e in named(found, "evidence")} == {made["report_id"]}
    again = apply([decision], agreement_reports=[MADE])
    assert len(again.rows["agreement_reports"]) == 1
    assert again.ids == {decision.id}


def test_a_mention_put_back_stands_in_the_order_of_the_text():
    decision = decide("reject", "countries", KENYAS[1])
    fields = {f: getattr(decision, f) for f in decision.__struct_fields__}
    back = Decision(**{**fields, "before": decision.after, "after": None})
    found = named(apply([back], countries=[KENYAS[0], KENYAS[2]]), "countries")
    assert [r["start"] for r in found] == [r["start"] for r in KENYAS]
    assert [is_decided(r["rule"]) for r in found] == [False, True, False]


@pytest.mark.parametrize(
    "text",
    [
        "A paragraph before.\n\n" + TEXT + "\n\nOne behind.",
        TEXT.replace("\n\n", "\n\nOne between, on India and Kenya.\n\n"),
        TEXT.replace(" of Kenya", "\nof Kenya").replace("will meet", "will\n   meet"),
        TEXT.replace("Officials of India and of", "All officials of India and those of"),
        "Of Kenya too. " + TEXT.replace("in Lima", "in Quito"),
    ],
)
def test_decisions_survive_edits_of_the_text(text):
    decision = decide("reject", "countries", KENYAS[1])
    doc = document("a.txt", text)
    rows = [country(doc, "Kenya", "KE", nth=n) for n in range(text.count("Kenya"))]
    found = named(apply([decision], doc, countries=rows), "countries")
    (gone,) = {r["start"] for r in rows} - {r["start"] for r in found}
    assert " ".join(text[gone:].split()).startswith("Kenya will meet again")


def test_decisions_survive_another_name_of_the_file():
    decision = decide("reject", "countries", KENYAS[1])
    moved = {**A, "doc_id": "archive/2024/b.txt"}
    rows = [{**r, "doc_id": moved["doc_id"]} for r in KENYAS]
    assert len(apply([decision], moved, countries=rows).rows["countries"]) == 2


def test_a_decision_on_a_document_that_is_there_touches_no_other():
    decision = decide("reject", "countries", KENYAS[1])
    copy = {**A, "doc_id": "copy.txt"}
    rows = [{**r, "doc_id": "copy.txt"} for r in KENYAS]
    found = apply([decision], copy, documents={"a.txt", "copy.txt"}, countries=rows)
    assert (len(found.rows["countries"]), found.ids) == (3, set())


def test_another_document_with_the_same_words_elsewhere_is_not_touched():
    decision = decide("reject", "countries", KENYAS[1])
    other = document("other.txt", "Chile and Kenya met.")
    found = apply([decision], other, countries=[country(other, "Kenya", "KE")])
    assert len(found.rows["countries"]) == 1


@pytest.mark.parametrize(
    ("action", "row", "more"),
    [
        ("reject", {**KENYAS[1], "code": "TZ"}, {}),
        ("set", {**KENYAS[1], "via": "place"}, {"field": "code", "value": "UG"}),
    ],
)
def test_a_decision_on_what_is_said_no_longer_is_stale(action, row, more):
    decision = decide(action, "countries", KENYAS[1], **more)
    found = apply([decision], countries=[KENYAS[0], row, KENYAS[2]])
    assert (found.ids, found.rows) == (set(), rows_of(A, countries=[KENYAS[0], row, KENYAS[2]]))


def test_a_set_that_the_rules_found_by_themselves_is_stale():
    decision = decide("set", "agreement_reports", MADE, field="place", value="Quito")
    assert apply([decision], agreement_reports=[{**MADE, "place": "Callao"}]).ids == set()


def test_decisions_on_one_row_follow_each_other():
    first = decide("set", "agreement_reports", MADE, field="place", value="Quito")
    second = decide("set", "agreement_reports", {**MADE, "place": "Quito"}, field="place", value="Callao",
                    when="2024-05-02T10:00:00+00:00", change="c-2")  # fmt: skip
    third = decide(
        "set",
        "agreement_reports",
        MADE,
        field="title",
        value="pact",
        when="2024-05-03T10:00:00+00:00",
    )
    last = decide(
        "reject", "agreement_reports", MADE, when="2024-05-04T10:00:00+00:00", change="c-4"
    )
    found = apply([third, second, first], agreement_reports=[MADE], evidence=SUPPORT)
    (made,) = named(found, "agreement_reports")
    assert (made["place"], made["title"]) == ("Callao", "pact")
    assert found.ids == {first.id, second.id, third.id}
    found = apply([first, second, third, last], agreement_reports=[MADE], evidence=SUPPORT)
    assert found.rows["agreement_reports"] == found.rows["evidence"] == []


def test_a_hundred_decisions_on_one_row():
    many = [
        decide("set", "agreement_reports", {**MADE, "place": f"p{n}" if n else "Lima"}, field="place",
               value=f"p{n + 1}", when=f"2024-05-01T10:{n // 60:02}:{n % 60:02}+00:00", change=f"c{n}")
        for n in range(100)
    ]  # fmt: skip
    (made,) = named(apply(many, agreement_reports=[MADE], evidence=SUPPORT), "agreement_reports")
    assert made["place"] == "p100"


_DECISIONS = st.lists(
    st.one_of(
        st.builds(lambda n: decide("reject", "countries", KENYAS[n]), st.integers(0, 2)),
        st.builds(lambda n, v: decide("set", "countries", KENYAS[n], field="code", value=v),
                  st.integers(0, 2), st.sampled_from(["UG", "TZ"])),
        st.builds(lambda f, v: decide("set", "agreement_reports", MADE, field=f, value=v),
                  st.sampled_from(["place", "title", "date"]), st.sampled_from(["2024", None])),
        st.just(decide("reject", "agreement_reports", MADE)),
    ),
    max_size=6,
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(_DECISIONS, st.randoms())
def test_the_same_decisions_in_any_order_give_the_same_rows(decisions, random):
    tables = {"countries": KENYAS, "agreement_reports": [MADE], "evidence": SUPPORT}
    found = apply(decisions, **tables)
    shuffled = list(decisions)
    random.shuffle(shuffled)
    assert apply(shuffled, **tables).rows == found.rows
    records = {r["report_id"] for r in named(found, "agreement_reports")}
    assert {e["record_id"] for e in named(found, "evidence")} <= records


@given(st.text("ab \n.", max_size=60), st.integers(0, 60), st.integers(0, 60))
def test_surroundings_do_not_depend_on_lines_or_paragraphs_around(text, one, other):
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    found = surroundings(text, start, end)
    before, after = "Far away.\n\n", "\n\nFar away."
    assert surroundings(before + text + after, start + len(before), end + len(before)) == found


@pytest.mark.parametrize(
    ("table", "field", "typed", "value"),
    [
        ("agreement_reports", "status", "signed", "signed"),
        ("agreement_reports", "status", " ", None),
        ("agreement_reports", "date", "2024-05", "2024-05"),
        ("agreement_reports", "parties", "KE, IN,", ["IN", "KE"]),
        ("agreement_reports", "parties", "ASEAN, IN", ["ASEAN", "IN"]),
        ("agreement_reports", "title", "a\n b", "a b"),
        ("meeting_reports", "ordinal", "3", 3),
        ("figures", "value", "2.5", 2.5),
        ("countries", "code", "UG", "UG"),
    ],
)
def test_values_are_checked_by_the_schema(table, field, typed, value):
    assert checked_value(table, field, typed) == value


@pytest.mark.parametrize(
    ("table", "field", "typed"),
    [
        ("agreement_reports", "status", "maybe"),
        ("agreement_reports", "kind", ""),
        ("agreement_reports", "date", "last May"),
        ("agreement_reports", "parties", "Kenya"),
        ("agreement_reports", "report_id", "x"),
        ("agreement_reports", "text", "x"),
        ("meeting_reports", "ordinal", "third"),
        ("meeting_reports", "ordinal", "99999"),
        ("figures", "value", "nan"),
        ("countries", "code", "Uganda"),
        ("countries", "iso3", "UGA"),
        ("agreements", "title", "x"),
        ("documents", "title", "x"),
    ],
)
def test_values_that_the_schema_does_not_allow_are_refused(table, field, typed):
    with pytest.raises(SettingsError):
        checked_value(table, field, typed)
