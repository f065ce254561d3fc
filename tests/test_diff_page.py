"""A diff as a page and in the terminal: whole, marked word by word, safe with any text."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.diff import compare
from pipeline.diff.cards import CardMaker
from pipeline.diff.page import MOST_CARDS, page_of
from pipeline.diff.quotes import excerpts, quoted
from pipeline.diff.summary import summarise
from pipeline.diff.terminal import card_lines, summary_lines
from pipeline.diff.words import mark_words
from pipeline.errors import OutputError
from tests.snapshots import country, document, report, side

HOSTILE = "</script><script>alert(1)</script> <!-- \u202egnp.exe\u202c \x1b[31m & \"' \u2028 end"


def hostile_sides():
    doc = document(f"{HOSTILE}.txt", f"{HOSTILE} India", title=HOSTILE)
    made = report(doc, HOSTILE, title=HOSTILE, place=HOSTILE)
    return (
        side(HOSTILE, documents=[doc]),
        side(
            HOSTILE,
            documents=[doc],
            countries=[country(doc, "India", "IN")],
            agreement_reports=[made],
        ),
    )


def page_and_cards(old, new, limit=0):
    diff = compare(old, new)
    cards = CardMaker(diff, old, new).cards(limit)
    return page_of(summarise(diff), cards), cards


def data_of(page):
    text = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)[
        1
    ]
    return json.loads(text)


def test_text_of_documents_can_not_leave_its_place():
    page, cards = page_and_cards(*hostile_sides())
    assert page.count("<script") == page.count("</script>") == 2
    assert "alert(1)</script>" not in page
    assert "<!-- " not in page
    labels = {card["label"] for card in data_of(page)["cards"]}
    assert any("</script><script>alert(1)" in label for label in labels)
    assert len(data_of(page)["cards"]) == len(cards)


def test_the_policy_allows_the_two_resources_and_nothing_else():
    page, _ = page_and_cards(*hostile_sides())
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)[1]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert not re.search(r"(src|href)=", page.split("<body>")[1].split("<script")[0])
    assert "http" not in policy


def test_the_terminal_is_told_nothing_that_commands_it():
    old, new = hostile_sides()
    diff = compare(old, new)
    lines = [
        *summary_lines(summarise(diff)),
        *card_lines(CardMaker(diff, old, new).cards(), colours=False),
    ]
    assert not any("\x1b" in line or "\u202e" in line or "\n" in line for line in lines)


def test_a_page_holds_so_many_cards_and_counts_the_rest():
    text = "".join(f"India {n}. " for n in range(MOST_CARDS + 20))
    doc = document("a.txt", text)
    rows = [
        {**country(doc, "India", "IN"), "start": m.start(), "end": m.end()}
        for m in re.finditer("India", text)
    ]
    new = side(documents=[doc], countries=rows)
    diff = compare(side("old", documents=[doc]), new)
    page = page_of(summarise(diff), CardMaker(diff, side("old"), new).cards(MOST_CARDS))
    assert (len(data_of(page)["cards"]), data_of(page)["left_out"]) == (MOST_CARDS, 20)


def test_both_quotes_of_a_changed_field_are_on_the_card():
    doc = document("a.txt", "India and Kenya met in Lima. They signed in Quito.")
    one = report(doc, "India and Kenya met in Lima.", place="Lima")
    other = {**one, "place": "Quito", "report_id": "a-2"}
    support = [
        [{"record_id": r["report_id"], "table": "agreement_reports", "field": "place", "value": w,
          "doc_id": "a.txt", "start": doc["text"].index(w), "end": doc["text"].index(w) + len(w),
          "text": w, "rule": "r/place"}]
        for r, w in ((one, "Lima"), (other, "Quito"))
    ]  # fmt: skip
    old = side("old", documents=[doc], agreement_reports=[one], evidence=support[0])
    new = side(documents=[doc], agreement_reports=[other], evidence=support[1])
    page, cards = page_and_cards(old, new)
    (field,) = next(c.fields for c in cards if c.table == "agreement_reports")
    assert (field.old, field.old_quote.text) == ("Lima", "Lima")
    assert (field.new, field.new_quote.text, field.rule) == ("Quito", "Quito", "r/place")
    told = next(c for c in data_of(page)["cards"] if c["table"] == "agreement_reports")["fields"][0]
    assert told["old"] == [["Lima", True]]


def test_an_edited_document_shows_what_was_edited():
    before = document("a.txt", "One. " * 60 + "India met Kenya." + " Two." * 60)
    after = document("a.txt", "One. " * 60 + "India met Peru." + " Two." * 60)
    _, cards = page_and_cards(side("old", documents=[before]), side(documents=[after]))
    field = cards[0].fields[0]
    assert field.name == "text"
    assert "met Kenya" in field.old
    assert "met Peru" in field.new
    assert field.new.startswith("…")
    assert len(field.new) < 300


@given(st.text(max_size=80), st.text(max_size=80))
def test_excerpts_are_parts_of_their_texts(old, new):
    for text, excerpt in zip((old, new), excerpts(old, new), strict=True):
        assert excerpt.removeprefix("…").removesuffix("…") in text or excerpt == text


@given(st.text(max_size=300), st.integers(0, 300), st.integers(0, 300))
def test_a_quote_stands_in_its_text(text, one, other):
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    found = quoted("a", text, start, end)
    assert found.text == text[start:end]
    before, after = found.before.removeprefix("…"), found.after.removesuffix("…")
    assert text[:start].endswith(before)
    assert text[end:].startswith(after)


def test_a_very_long_quote_is_shortened():
    assert len(quoted("a", "x" * 1_000_000, 0, 1_000_000).text) < 2_100


@given(st.text(max_size=60), st.text(max_size=60))
def test_marked_words_give_both_texts_back(old, new):
    before, after = mark_words(old, new)
    assert ("".join(p.text for p in before), "".join(p.text for p in after)) == (old, new)
    assert any(p.differs for p in (*before, *after)) == (old != new)


def test_a_page_that_can_not_be_written_is_told(tmp_path):
    from pipeline.diff.page import write_page

    with pytest.raises(OutputError, match="can't be written"):
        write_page(summarise(compare(side(), side())), [], tmp_path / "no" / "page.html")
