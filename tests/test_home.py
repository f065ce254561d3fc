"""The country that a document speaks from."""

from __future__ import annotations

import pytest

from pipeline.annotate.home import HomeFinder


def home(read, text):
    document = read(text)._.document
    return document.source_country, document.source_country_from


def test_bodies_without_a_country_are_at_home(read):
    text = (
        "The Ministry of Electronics and Information Technology met the Ministry of ICT of Fiji. "
        "MeitY drafted a plan for Fiji. MeitY will report."
    )
    assert home(read, text) == ("IN", "home/bodies")


def test_bodies_with_their_country_are_not(read):
    text = (
        "India’s Ministry of Electronics and Information Technology and the Department of "
        "Telecommunications of India met the Ministry of ICT of Fiji."
    )
    assert home(read, text) == (None, None)


def test_bodies_of_two_countries_decide_nothing(read):
    text = (
        "MeitY and the Department of Telecommunications met IMDA and the Cyber Security Agency. "
        "MeitY thanked IMDA."
    )
    assert home(read, text) == (None, None)


def test_one_famous_body_decides_nothing(read):
    assert home(read, "The minister of Fiji visited the White House.") == (None, None)


def test_the_side_whose_president_needs_no_country(read):
    text = (
        "President Ana Doe received the Ambassador of Fiji to Chile. The Ambassador invited "
        "President Doe to Fiji. Chile sends engineers to Fiji."
    )
    assert home(read, text) == ("CL", "home/officers")


def test_no_side_when_every_president_has_a_country(read):
    text = (
        "The Chilean President Ana Doe received the Ambassador of Fiji. Peru and Chile wrote to "
        "Fiji. Peru will host the talks."
    )
    assert home(read, text) == (None, None)


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("I, ANA DOE, President of Fiji, by virtue of the authority vested in me", "FJ"),
        ("East Hall\n2:15 P.M. EDT\nGood evening. Fiji is far.", "US"),
        ("Good evening, my fellow Fijians.", "FJ"),
        ("In Fiji, we build. Reefs matter. In Fiji, our children learn to swim.", "FJ"),
        ("In Fiji, we build. In Kenya, we will build, too. It is good here in Fiji.", None),
    ],
)
def test_phrases_of_a_speaker_at_home(read, text, country):
    assert home(read, text)[0] == country


def test_a_known_source_is_not_overruled(read):
    doc = read("My fellow Fijians, good evening.", source_country="KE")
    assert doc._.document.source_country == "KE"


def test_an_empty_text_has_no_home(book):
    assert HomeFinder(book.home).find("", [], []) == (None, None)
