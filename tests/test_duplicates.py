"""Near-duplicates: found for small edits, not for other texts, whatever the order."""

from __future__ import annotations

import datetime as dt
import random
import time

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.ingest.duplicates import (
    EDITED,
    THRESHOLD,
    body_text,
    exact_similarity,
    find_duplicates,
    similarity,
    sketch,
)
from pipeline.model import Block, Document

WORDS = [f"word{i}" for i in range(2000)]


def text_of(seed: int, size: int = 600) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=size))


def edited(text: str, share: float) -> str:
    words = text.split()
    for i in range(0, len(words), max(1, round(1 / share))):
        words[i] = "edited"
    return " ".join(words)


def exact(one: str, other: str) -> float:
    a, b = ({tuple(w[i : i + 5]) for i in range(len(w) - 4)} for w in (one.split(), other.split()))
    return len(a & b) / len(a | b)


@pytest.mark.parametrize("size", [20, 100, 400, 3000])
@pytest.mark.parametrize("share", [0.002, 0.01, 0.03, 0.1])
def test_the_similarity_is_close_to_the_exact_one(size, share):
    one = text_of(1, size)
    other = edited(one, share)
    true = exact(one, other)
    found = similarity(sketch(one), sketch(other))
    if true >= 0.8:
        assert found == pytest.approx(true, abs=0.08 if size > 516 else 1e-9)
    else:
        assert found < 0.85


def test_case_punctuation_and_spacing_do_not_count():
    one = sketch("The MoU, signed “today” – in Klow.")
    assert similarity(one, sketch("the mou  signed today in klow")) == 1


def test_the_earliest_document_is_the_original():
    text = text_of(2)
    items = [
        ("undated", None, sketch(text)),
        ("b", dt.date(2024, 1, 2), sketch(edited(text, 0.01))),
        ("z", dt.date(2024, 1, 1), sketch(text)),
        ("y", dt.date(2024, 1, 1), sketch(text)),
        ("other", dt.date(2020, 1, 1), sketch(text_of(3))),
    ]
    assert find_duplicates(items) == {"z": "y", "b": "y", "undated": "y"}


def test_the_order_of_the_input_does_not_matter():
    items = [
        (f"d{i}", None, sketch(edited(text_of(i % 7), 0.002 * (i % 3 + 1)))) for i in range(40)
    ]
    expected = find_duplicates(items)
    for seed in range(5):
        mixed = items[:]
        random.Random(seed).shuffle(mixed)
        assert find_duplicates(mixed) == expected
    assert len(expected) == 33


def test_a_longer_version_is_no_duplicate():
    text = text_of(4, 300)
    items = [("a", None, sketch(text)), ("b", None, sketch(text + " " + text_of(5, 300)))]
    assert find_duplicates(items) == {}


def test_empty_texts_are_no_duplicates():
    assert find_duplicates([("a", None, sketch("")), ("b", None, sketch(" … "))]) == {}


def test_short_texts_are_compared_as_a_whole():
    items = [
        ("a", None, sketch("Two words")),
        ("b", None, sketch("two words!")),
        ("c", None, sketch("two")),
    ]
    assert find_duplicates(items) == {"b": "a"}


def test_boilerplate_is_left_out():
    blocks = (Block("paragraph", 0, 4), Block("paragraph", 5, 9, boilerplate="footer"))
    assert body_text(Document("a", "text", "body foot", blocks, "")) == "body"


@given(st.text(max_size=200))
def test_any_text_has_a_sketch_that_equals_itself(text):
    one = sketch(text)
    assert one == sketch(text)
    assert similarity(one, one) == (1.0 if one.size else 0.0)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(one), type=type(one)) == one


def test_a_long_text_is_hashed_in_pieces():
    text = text_of(6, 200_000)
    assert similarity(sketch(text), sketch(text + " one more word")) > 0.99
    assert sketch("x" * 1_000_000).size >= 1


def test_twenty_thousand_documents_are_cheap():
    base = sketch(text_of(7))
    assert len(base.signature) + len(base.bottom) <= 3000
    sketches = [sketch(text_of(i, 60)) for i in range(3000)]
    items = [(f"d{i}", None, sketches[i % 3000]) for i in range(6000)]
    start = time.process_time()
    assert len(find_duplicates(items)) == 3000
    assert time.process_time() - start < 5


_FORM = (
    "The Cabinet chaired by the Prime Minister has today approved the signing of a memorandum of "
    "understanding between India and {0} on cooperation in the field of digital skills. The two "
    "sides will hold yearly meetings of a joint working group. Officials of {0} will be trained at "
    "institutes in India, and experts will be exchanged for periods of up to six months. The "
    "memorandum will stay in force for five years and renew itself unless either side ends it."
)


def test_an_edited_copy_is_a_duplicate_and_a_form_for_another_country_is_not():
    original = _FORM.format("Kenya")
    copy = original.replace("has today approved", "on Tuesday cleared").replace(
        "The two sides will hold", "They are going to hold"
    ).replace("yearly meetings", "meetings every year")  # fmt: skip
    other = _FORM.format("Fiji")
    found = find_duplicates(
        [
            ("a", dt.date(2020, 1, 1), sketch(original)),
            ("b", dt.date(2020, 1, 2), sketch(copy)),
            ("c", dt.date(2020, 1, 3), sketch(other)),
        ]
    )
    assert EDITED <= similarity(sketch(original), sketch(copy)) < THRESHOLD
    assert found == {"b": "a"}


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_marks_after_an_edit_are_those_of_all_documents(data):
    """Documents come, go and change; only stirred buckets are looked into again."""
    from pipeline.ingest.duplicates import Candidate, Earlier, buckets_of, match_duplicates

    line = "the ministry of trade of peru signed an agreement on seeds with chile in lima"
    base = line.split()
    words = st.sampled_from(["kenya", "2012", "ports", "ghana", "rice"])

    def text(edits):
        found = list(base)
        for place, word in edits:
            found[place] = word
        return " ".join(found)

    texts = st.lists(st.tuples(st.integers(0, len(base) - 1), words), max_size=6).map(text)
    folders = st.dictionaries(st.sampled_from("abcdefgh"), texts, max_size=8)
    before, after = data.draw(folders), data.draw(folders)

    def candidates(folder):
        sketches = {name: sketch(text) for name, text in folder.items()}
        return sketches, [
            Candidate(name, None, one.size, buckets_of(one)) for name, one in sketches.items()
        ]

    old, known = candidates(before)
    new, now = candidates(after)
    marks = match_duplicates(known, old.__getitem__)
    changed = {n for n in before.keys() | after.keys() if before.get(n) != after.get(n)}
    stirred = [buckets_of(s[n]) for s in (old, new) for n in sorted(changed) if n in s]
    asked = []

    def ask(name):
        asked.append(name)
        return new[name]

    found = match_duplicates(now, ask, before=Earlier(marks, stirred))
    assert found == match_duplicates(now, new.__getitem__)
    if not changed:
        assert not asked


def test_doubtful_estimates_of_long_texts_are_settled_exactly():
    one = text_of(8, 3000)
    asked = []

    def exact(a, b):
        asked.append({a, b})
        return exact_similarity(texts[a], texts[b])

    for share, expected in ((0.018, True), (0.026, False)):
        texts = {"a": one, "b": edited(one, share)}
        # Without names and numbers nothing but the threshold decides.
        items = [
            (name, None, msgspec.structs.replace(sketch(text), facts=b""))
            for name, text in texts.items()
        ]
        assert (exact_similarity(one, texts["b"]) >= THRESHOLD) is expected
        assert bool(find_duplicates(items, exact)) is expected
    assert asked == [{"a", "b"}, {"a", "b"}]


def test_clear_cases_need_no_second_look():
    texts = {"a": text_of(9, 3000), "b": text_of(10, 3000)}
    texts["c"] = texts["a"] + " end"
    items = [(name, None, sketch(text)) for name, text in texts.items()]
    assert find_duplicates(items, lambda *_: 1 / 0) == {"a": "c"}


def test_the_exact_similarity_is_that_of_the_runs_of_five_words():
    one = text_of(11, 900)
    other = edited(one, 0.01)
    assert exact_similarity(one, other) == pytest.approx(exact(one, other))
    assert exact_similarity("", other) == 0
