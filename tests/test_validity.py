"""How long an instrument holds, as texts say it."""

from __future__ import annotations

import pytest

from pipeline.records.build import record_builder


@pytest.fixture(scope="module")
def build(book):
    return record_builder(book)


@pytest.fixture
def told(read, build):
    """The validity that a text tells: (title of the agreement, field, value, detail, words)."""

    def _told(text, **context):
        found = []
        for report in build(read(text, **context)):
            for value in report.values:
                if value.rule.startswith("validity/"):
                    words = text[value.start : value.end]
                    found.append(
                        (report.first("title"), value.field, value.value, value.detail, words)
                    )
        return found

    return _told


SIGNED = "Kenya and Fiji signed an MoU on postal services in Suva on 3 May 2014. "


@pytest.mark.parametrize(
    ("text", "field", "value", "detail"),
    [
        ("The MoU will remain in force for five years from the date of signing.", "valid_for", "P5Y", "signed"),
        ("It shall be valid for an initial period of three (3) years.", "valid_for", "P3Y", None),
        ("The MoU is valid for 18 months after its entry into force.", "valid_for", "P18M", "in_force"),
        ("The MoU, which runs until December 2019, covers stamps.", "valid_until", "2019-12", None),
        ("The MoU was extended until 3 May 2022.", "valid_until", "2022-05-03", "extended"),
        ("The MoU has been in force since 1 July 2015.", "in_force", "2015-07-01", "in_force"),
        ("It is automatically renewed unless a side objects.", "renewal", "automatic", None),
        ("The MoU was concluded for an unlimited period.", "valid_for", "unlimited", None),
    ],
)  # fmt: skip
def test_validity_is_read_with_its_words(told, text, field, value, detail):
    found = [(f, v, d) for _, f, v, d, words in told(SIGNED + text) if words in text]
    assert (field, value, detail) in found


@pytest.mark.parametrize(
    "text",
    [
        "Visas under the MoU are valid for two years.",
        "Officials will be exchanged under the MoU for a period of two years.",
        "The exhibition is open until 31 May 2015.",
        "The contest was extended until 31 May 2015.",
        "The MoU names three persons.",
    ],
)
def test_what_is_valid_otherwise_is_left_alone(told, text):
    assert told(SIGNED + text) == []


def test_a_statement_is_about_the_instrument_named_last(told):
    text = (
        "Kenya and Fiji signed an MoU on postal services and an Agreement on tax data. The Agreement on tax data "
        "shall remain in force for ten years."
    )
    (found,) = told(text)
    assert "tax data" in found[0]
    assert found[1:3] == ("valid_for", "P10Y")


def test_long_runs_of_words_cost_no_more_than_their_length(told):
    assert told(SIGNED + "The MoU is valid for a " + "further period of " * 5000) == []
