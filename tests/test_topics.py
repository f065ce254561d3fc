"""Topics: the words that tell them, and the words that don't."""

from __future__ import annotations

import pytest

from pipeline.records.agreements import AgreementFinder
from pipeline.records.page import Page
from pipeline.records.topics import TopicReader

TOLD = [
    ("e-governance and information security", {"e_governance", "cyber_security"}),
    ("cyber crime", {"law_enforcement"}),
    ("telemedicine", {"health"}),
    ("High-Performance Computing", {"supercomputing"}),
    ("AI, 5G and data protection", {"emerging_technologies", "telecom", "data_protection"}),
    ("digital trade", {"e_commerce", "trade_investment"}),
    ("postal services", {"postal"}),
    ("the film industry", {"media"}),
    ("smart cities and start-ups", {"smart_cities", "startups"}),
    ("space weather", {"space"}),
    ("a Digital Economy Agreement", set()),
    ("the Ministry of Tides", set()),
    ("aid, paint and Airlie", set()),
]
TIED = [
    # document, topics of its one agreement
    (
        "Kenya and Fiji signed an MoU on fisheries in 2014. It covers e-learning and AI.",
        ["agriculture", "digital_education", "emerging_technologies"],
    ),
    (
        "Kenya and Fiji signed an MoU on fisheries in 2014. The guests then saw a film on health.",
        ["agriculture"],
    ),
    ("Kenya and Fiji signed an MoU on mango chutney in 2014.", ["other"]),
    ("Kenya and Fiji signed an MoU in 2014.", []),
    (
        "The Ministry of Health of Kenya and Fiji signed an MoU on railways in 2014.",
        ["transport"],
    ),
]


@pytest.fixture(scope="module")
def reader(book):
    return TopicReader(book.topics)


@pytest.mark.parametrize(("text", "topics"), TOLD)
def test_topics(reader, text, topics):
    assert {s.value for s in reader.read(text, 0, len(text), "phrase")} == topics


def test_evidence_is_the_word(reader):
    text = "an MoU on start-ups"
    (found,) = reader.read(text, 0, len(text), "phrase")
    assert text[found.start : found.end] == "start-ups"
    assert found.rule == "topics/startups"


@pytest.mark.parametrize(("text", "topics"), TIED)
def test_topics_are_tied_to_their_instrument(read, book, text, topics):
    (report,) = AgreementFinder(book).find(Page.of(read(text)))
    assert report.all("topics") == topics
