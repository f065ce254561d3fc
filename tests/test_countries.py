"""Countries by name, demonym and place; ambiguous names by context."""

from __future__ import annotations

import pytest

FOUND = [
    ("Officials of Lao PDR and Viet Nam met.", {"LA", "VN"}),
    ("The Republic of Korea joined Türkiye and Turkey's ministers.", {"KR", "TR"}),
    ("The Kingdom of Bahrain hosted an Emirati team.", {"BH", "AE"}),
    ("A Singaporean firm opened in Hanoi.", {"SG", "VN"}),
    ("The US and the U.K. agreed with the EU.", {"US", "GB", "EU"}),
    ("U.S.-Japan and India–Kenya talks went on.", {"US", "JP", "IN", "KE"}),
    ("INDIA AND MONGOLIA SIGN AN AGREEMENT", {"IN", "MN"}),
    ("Burma and Ceylon were named so.", {"MM", "LK"}),
    ("The Czech Republic, Eswatini and Côte d’Ivoire voted.", {"CZ", "SZ", "CI"}),
    ("Guinea-Bissau and Equatorial Guinea joined Papua New Guinea.", {"GW", "GQ", "PG"}),
    ("Niger and Nigeria share a border.", {"NE", "NG"}),
    ("The Democratic Republic of the Congo and the Republic of the Congo agreed.", {"CD", "CG"}),
    ("North Korea and South Korea hold talks.", {"KP", "KR"}),
    ("The Prime Minister of Jordan met the King in Amman.", {"JO"}),
    ("Ministers from Georgia and Armenia met in Tbilisi.", {"GE", "AM"}),
    ("Mongolia's capital Ulaan Baatar has a new centre.", {"MN"}),
    ("Teams from Bengaluru, Colombo and Tallinn took part.", {"IN", "LK", "EE"}),
]
NOT_FOUND = [
    "The Indian Ocean is warm.",
    "It crossed the South China Sea towards Latin America.",
    "A turkey farm and a jordan almond.",
    "They cost US$ 5 million.",
    "Jordan Ahlgren and Chad Whitfield won.",
    "The Paris Agreement and the Kyoto Protocol hold.",
    "the us and them of it",
    "Malify the Omanized Peruse",
]


@pytest.mark.parametrize(("text", "codes"), FOUND)
def test_finds_exactly_these_countries(read, text, codes):
    assert {c.code for c in read(text)._.countries} == codes


@pytest.mark.parametrize("text", NOT_FOUND)
def test_finds_no_country(read, text):
    assert read(text)._.countries == []


def test_georgia_in_america_is_not_the_country(read):
    codes = {c.code for c in read("Georgia Tech is in Atlanta, Georgia.")._.countries}
    assert codes <= {"US"}


def test_congo_alone_is_left_out(read):
    assert read("The minister of Congo spoke.")._.countries == []


def test_a_shared_city_follows_the_country_that_is_named(read):
    assert {c.code for c in read("A team from Pakistan flew to Hyderabad.")._.countries} == {"PK"}
    assert {c.code for c in read("A team from India flew to Hyderabad.")._.countries} == {"IN"}
    assert read("A team flew to Hyderabad.")._.countries == []


def test_a_country_inside_a_company_counts(read):
    assert {c.code for c in read("A branch of the Bank of China opened.")._.countries} == {"CN"}


def test_a_place_inside_a_worldwide_body_does_not_count(read):
    assert read("The Shanghai Cooperation Organisation met.")._.countries == []


def test_rule_ids_have_a_location(read, book):
    for mention in read("Kenya and Hanoi")._.countries:
        assert mention.rule in book.locations


def test_spans_quote_the_text(read):
    doc = read("Kenya’s minister went to New Delhi, the Indian capital.")
    quoted = [doc.text[c.start : c.end] for c in doc._.countries]
    assert quoted == ["Kenya", "New Delhi", "Indian"]
