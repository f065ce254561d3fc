"""Status cues: which state a sentence gives to an agreement."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.records.status import StatusReader

STATES = [
    # text, thing, state, status
    ("Kenya and Fiji signed an MoU.", "MoU", "signed", "signed"),
    ("An MoU was signed.", "MoU", "signed", "signed"),
    ("The signing of the MoU took place.", "MoU", "signed", "signed"),
    ("Both sides inked the pact.", "pact", "signed", "signed"),
    ("They entered into an agreement.", "agreement", "signed", "signed"),
    ("They exchanged letters of intent.", "letters of intent", "signed", "signed"),
    ("They adopted the Joint Declaration.", "Joint Declaration", "signed", "signed"),
    ("Kenya and Fiji sign MoU", "MoU", "signed", "signed"),
    ("Kenya and Fiji exchange MoU", "MoU", "signed", "signed"),
    ("They plan to sign an MoU.", "MoU", "planned", "proposed"),
    ("Kenya to sign MoU", "MoU", "planned", "proposed"),
    ("An MoU will soon be signed.", "MoU", "planned", "proposed"),
    ("An MoU is expected to be signed.", "MoU", "planned", "proposed"),
    ("The MoU has not yet been signed.", "MoU", "planned", "proposed"),
    ("The MoU is yet to be signed.", "MoU", "planned", "proposed"),
    ("Once signed, the MoU helps.", "MoU", "conditional", "proposed"),
    ("If the MoU is signed, trade grows.", "MoU", "conditional", "proposed"),
    ("The Cabinet approved the MoU.", "MoU", "approved", "approved"),
    ("The Cabinet approved the signing of an MoU.", "MoU", "approved", "approved"),
    ("The Cabinet approved the MoU signed in May.", "MoU", "signed", "signed"),
    (
        "The Cabinet gave its approval to the MoU to be signed by both.",
        "MoU",
        "approved",
        "approved",
    ),
    ("They discussed a draft MoU.", "MoU", "proposed", "proposed"),
    ("The MoU is under negotiation.", "MoU", "under_negotiation", "proposed"),
    ("They concluded negotiations on an agreement.", "agreement", "proposed", "proposed"),
    ("The memorandum has been finalised.", "memorandum", "finalised", "proposed"),
    ("The ministries finalized a memorandum.", "memorandum", "finalised", "signed"),
    ("The MoU expired in 2014.", "MoU", "ended", "ended"),
    ("The MoU was renewed.", "MoU", "renewed", "signed"),
    ("The agreement entered into force.", "agreement", "in_force", "signed"),
    ("No MoU was signed.", "MoU", "negated", None),
    ("They did not sign the MoU.", "MoU", "negated", None),
    ("They parted without signing the MoU.", "MoU", "negated", None),
]
NO_CUE = [
    ("The MoU on coastal radar is thick.", "MoU"),
    ("The MoU provides for an exchange of experts.", "MoU"),
    ("The MoU is old; the treaty was signed today.", "MoU"),
]


@pytest.fixture(scope="module")
def reader(book):
    return StatusReader(book.status, "agreement")


def span(text, thing):
    start = text.index(thing)
    return start, start + len(thing)


@pytest.mark.parametrize(("text", "thing", "state", "status"), STATES)
def test_states(reader, text, thing, state, status):
    cue = reader.read(text, (0, len(text)), span(text, thing))
    assert cue is not None
    assert (cue.state, cue.status) == (state, status)
    assert text[cue.start : cue.end].strip()
    assert cue.detail(text).startswith(f"{state}: ")


@pytest.mark.parametrize(("text", "thing"), NO_CUE)
def test_words_that_are_no_cue(reader, text, thing):
    assert reader.read(text, (0, len(text)), span(text, thing)) is None


def test_a_cue_beside_another_thing_is_not_ours(reader):
    text = "Under the MoU signed in 2016, both sides will adopt a Work Plan."
    cue = reader.read(text, (0, len(text)), span(text, "Work Plan"), [span(text, "MoU")])
    assert cue.status == "proposed"


def test_words_of_the_title_are_no_cues(reader):
    text = "An MoU to establish a lab was signed."
    title = span(text, " to establish a lab")
    assert reader.read(text, (0, len(text)), (3, title[1]), title=title).status == "signed"


def test_cues_of_other_subjects_are_not_read(book):
    meetings = StatusReader(book.status, "meeting")
    text = "The MoU was signed."
    cue = meetings.read(text, (0, len(text)), span(text, "MoU"))
    assert cue is None or not cue.rule.startswith("status/agreement")


@given(st.text(max_size=80), st.integers(0, 80), st.integers(0, 20))
def test_any_text_is_read(book, text, start, length):
    start = min(start, len(text))
    end = min(start + length, len(text))
    reader = StatusReader(book.status, "agreement")
    cue = reader.read(text, (0, len(text)), (start, end))
    assert cue is None or 0 <= cue.start < cue.end <= len(text)
    assert cue == reader.read(text, (0, len(text)), (start, end))
