"""Whatever the text: no exception, spans inside the text, the same result again."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.annotate.pipeline import annotate
from pipeline.evaluate.examples import example_document
from pipeline.rows import MentionRows
from tests.growth import is_linear

_WORDS = st.sampled_from(
    [
        "India",
        "Indian",
        "Kenya",
        "Georgia",
        "Korea",
        "Hanoi",
        "MIC",
        "MEA",
        "(",
        ")",
        ",",
        ".",
        "-",
        "–",
        "’s",
        "and",
        "of",
        "the",
        "for",
        "on",
        "Ministry",
        "Authority",
        "Bank",
        "Ltd",
        "Committee",
        "Joint",
        "Working",
        "Group",
        "Mr",
        "Dr.",
        "Minister",
        "President",
        "5",
        "May",
        "2012",
        "2016-17",
        "US$",
        "10",
        "million",
        "per",
        "cent",
        "crore",
        "students",
        "yesterday",
        "last",
        "Tuesday",
        "Q3",
        "FY",
        "between",
        "signed",
        "MoU",
        "•",
        "&",
        "https://example.gov.in/India",
        "X@y.com",
        "U.S.",
        "U.S.-Japan",
        "European",
        "Union",
        "Government",
    ]
)
_TEXTS = st.lists(_WORDS, max_size=40).map(" ".join) | st.text(max_size=200)


@given(text=_TEXTS)
@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_text_is_annotated_within_its_bounds(nlp, book, text):
    document = example_document(text)
    rows = MentionRows(book)
    first = rows.of(annotate(nlp, document), document)
    assert first == rows.of(annotate(nlp, document), document)
    for table in first.values():
        for row in table:
            start, end, quote = row[1:4]
            assert 0 <= start < end <= len(text)
            assert text[start:end] == quote


@pytest.mark.parametrize(
    "unit", ["India ", "Ministry of ", "A. ", "(MIC) ", "1-", "May 5 ", "Mr. ", "a, "]
)
def test_hostile_lengths_stay_linear(nlp, unit):
    assert is_linear(lambda text: annotate(nlp, example_document(text)), unit, 2_000)
