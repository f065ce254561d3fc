"""What a later resolution may reuse, and that it comes out as if everything were resolved at once."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.link import link_words, resolve
from tests.linking import Ledger, as_tables

TITLES = (
    "MoU on ports",
    "MoU on digital skills",
    "Memorandum on digital ports",
    "MoU",
    "MoU on skills",
)
DATES = (None, "2015", "2015-03", "2015-03-01", "2015-03-02", "2019-05-04", "2019")
# What a resolution says of its own history differs by nature.
HISTORY = "id_history"


@pytest.fixture(scope="session")
def words(book):
    return link_words(book)


reports = st.tuples(
    st.sampled_from(("agreement", "meeting", "project")),
    st.sampled_from(TITLES),
    st.sampled_from(DATES),
    st.integers(0, 3),
    st.sampled_from((("FJ", "KE"), ("FJ",), ("FJ", "UG"), ())),
)
documents = st.lists(
    st.tuples(
        st.sampled_from(("2015-03-01", "2016-01-01", "2019-05-05", None)),
        st.booleans(),
        st.lists(reports, max_size=3),
    ),
    min_size=1,
    max_size=9,
)


def add(ledger, number, document):
    published, copied, told = document
    original = f"d{number - 1}" if copied and number else None
    ledger.document(f"d{number}", published, duplicate_of=original)
    for i, (subject, title, date, choice, sides) in enumerate(told):
        name = f"{subject[0]}-{number:02}-{i}"
        if subject == "agreement":
            status = ("proposed", "approved", "signed", "signed")[choice]
            ledger.agreement(f"d{number}", title, date, status, parties=list(sides), report_id=name,
                             state="existing" if choice == 3 else None)  # fmt: skip
        elif subject == "meeting":
            ledger.meeting(f"d{number}", title, date, ("held", "planned")[choice % 2],
                           ordinal=choice or None, countries=list(sides), report_id=name)  # fmt: skip
        else:
            ledger.project(f"d{number}", title, date, countries=list(sides), report_id=name)


def tables_of(documents, numbers):
    ledger = Ledger()
    for number in numbers:
        add(ledger, number, documents[number])
    return ledger.tables()


def told(found):
    rows = {name: table for name, table in found.rows.items() if name != HISTORY}
    return rows, found.reports


@given(documents, st.permutations(range(9)))
@settings(max_examples=120, deadline=None)
def test_the_order_of_arrival_does_not_matter(words, documents, order):
    whole = resolve(tables_of(documents, range(len(documents))), words)
    shuffled = [number for number in order if number < len(documents)]
    assert told(resolve(tables_of(documents, shuffled), words)) == told(whole)


@given(documents, st.lists(st.sets(st.integers(0, 8), max_size=3), min_size=1, max_size=4))
@settings(max_examples=120, deadline=None)
def test_adding_and_removing_gives_what_a_full_resolution_gives(words, documents, steps):
    present: list[int] = []
    previous = None
    for step in steps:
        chosen = {number for number in step if number < len(documents)}
        present = sorted({*present} ^ chosen)
        tables = tables_of(documents, present)
        found = resolve(tables, words, previous=previous)
        assert told(found) == told(resolve(tables, words))
        previous = tables | as_tables(found.rows)


def test_only_the_blocks_of_what_is_new_are_compared(words):
    ledger = Ledger()
    chance = random.Random(1)
    for i in range(300):
        ledger.document(f"d{i}", "2019-01-01")
        sides = chance.sample(["FJ", "KE", "UG", "CL", "PE", "NO", "EE", "SG"], 2)
        ledger.agreement(f"d{i}", f"MoU on theme{i % 5}", f"201{i % 7}", parties=sorted(sides))
    tables = ledger.tables()
    first = resolve(tables, words)
    again = resolve(tables, words, previous=tables | as_tables(first.rows))
    assert again.compared == 0
    before = tables | as_tables(first.rows)
    ledger.document("new", "2019-01-02")
    ledger.agreement("new", "MoU on theme1", "2011", parties=["FJ", "KE"])
    later = resolve(ledger.tables(), words, previous=before)
    assert 0 < later.compared < first.compared / 10
    assert told(later) == told(resolve(ledger.tables(), words))


def test_changed_rules_are_not_mixed_with_earlier_groups(words):
    ledger = Ledger().document("a", "2019-01-01").document("b", "2019-01-02")
    ledger.agreement("a", "MoU on ports")
    ledger.agreement("b", "MoU on ports")
    tables = ledger.tables()
    before = tables | as_tables(resolve(tables, words).rows)
    assert resolve(tables, words, previous=before, reuse=False).compared > 0
