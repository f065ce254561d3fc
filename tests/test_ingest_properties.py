"""Properties of canonical text that hold for any input."""

from __future__ import annotations

import re
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pipeline.ingest import html, markdown, plain
from pipeline.ingest.content import Content
from pipeline.ingest.read import Origin, build, canonical_text
from pipeline.model import Document
from pipeline.rulebook.boilerplate import load_boilerplate

RULES = load_boilerplate(Path(__file__).parent.parent / "rules")
PARSERS = {"text": plain.parse, "markdown": markdown.parse, "html": html.parse}

_PIECES = st.sampled_from(
    ["MoU", "the", "Ministry of Examples", "signed", "in", "May 2008", ".", ":", "\n", "\n\n", "\n\n\n\n",
     "- ", "* ", "• ", "1. ", "a) ", "(ii) ", "06 ", "  ", "\t", "#", "## ", "**", "*", "_", "|", " | ", "---",
     "\\", "`", "[x](y)", "<p>", "</p>", "<br>", "<b>", "</b>", "<ul><li>", "</ul>", "<table><tr><td>", "</td>",
     "<td>", "</tr>", "&nbsp;", "&amp;", "<!--", "-->", "\r\n", "\u00ad", "\u200b", "\ufeff", "e\u0301",
     "\u00a0", "\u2028", "\x92", "A", "o ", "long " * 14, "words here and " * 5, "…", "A. ", '{:start="2"}']
)  # fmt: skip
ANY_TEXT = st.one_of(st.text(max_size=300), st.lists(_PIECES, max_size=40).map("".join))
_INVISIBLE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u00a0\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
SLOW = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def make(content: Content) -> Document | None:
    made = build(Origin("a.txt", "text", "0" * 64), content, content.metadata, RULES)
    return made if isinstance(made, Document) else None


@pytest.mark.parametrize("name", PARSERS)
@given(source=ANY_TEXT)
@example(source="x " * 40 + "\n" + "y " * 40)
@SLOW
def test_any_input_gives_clean_text_that_its_blocks_cover(name: str, source: str) -> None:
    document = make(PARSERS[name](source))
    if document is None:
        return
    text = document.text
    assert unicodedata.is_normalized("NFC", text)
    assert not _INVISIBLE.search(text)
    assert "  " not in text
    assert not re.search(r" \n|\n |\n\n\n\n", text)
    assert text == text.strip()
    position = 0
    for block in document.blocks:
        between = text[position : block.start].split()
        assert len(between) <= (block.kind == "bullet"), "only a bullet sign stands between blocks"
        assert position <= block.start < block.end
        position = block.end
    assert position == len(text)
    groups = [block.group for block in document.blocks]
    assert groups == sorted(groups)


@pytest.mark.parametrize("name", PARSERS)
@given(source=ANY_TEXT)
@example(source="·*0")
@SLOW
def test_canonical_text_stays_as_it_is(name: str, source: str) -> None:
    document = make(PARSERS[name](source))
    if document is not None and name == "text":
        assert canonical_text(document.text, RULES) == document.text


HOSTILE = {
    "one_line": "word " * 200_000,
    "one_word": "x" * 1_000_000,
    "blank_lines": "a" + "\n" * 100_000 + "b",
    "less_than": "<" * 1_000_000,
    "open_tags": "<a " * 200_000,
    "divs": "<div>" * 50_000 + "x" + "</div>" * 50_000,
    "open_divs": "<div>" * 50_000 + "x",
    "lists": "<ul><li>" * 20_000 + "x",
    "tables": "<table><tr><td>" * 10_000 + "x",
    "brackets": "[" * 500_000,
    "links": "[a](" * 200_000,
    "images": "![" * 300_000,
    "stars": "*" * 500_000,
    "spaced_stars": "* " * 300_000,
    "bold": "**a" * 200_000,
    "underscores": "_a_" * 200_000,
    "backticks": "`" * 500_000,
    "escapes": "\\*" * 300_000,
    "entities": "&nbsp;" * 150_000,
    "quotes": "> " * 200_000,
    "pipes": "|" * 500_000,
    "spaces": "a" + " " * 500_000 + "b",
    "tabs": ("a\tb\n") * 50_000,
    "dashes": "-" * 500_000 + "x",
    "bullets": "- a\n" * 60_000,
    "nested_bullets": "".join(" " * (i % 60) + "- a\n" for i in range(40_000)),
    "marks": "a" + "\u0301\u0316" * 100_000,
    "comments": "<!--" * 100_000,
    "front_matter": "---\n" + "a: b\n" * 50_000,
    "digits": "1." * 300_000,
    "dates": "1 May " * 100_000,
    "headings": "# a\n" * 60_000,
    "wrapped": ("wrapped words " * 5 + "\n") * 10_000,
    "sups": "<sup>1" * 50_000,
    "classes": '<div class="menu">x' * 20_000,
    "hidden": '<div style="display:none">' * 3_000 + "x",
}


@pytest.mark.parametrize("name", PARSERS)
@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_input_costs_no_more_than_its_size(name: str, case: str) -> None:
    start = time.process_time()
    make(PARSERS[name](HOSTILE[case]))
    assert time.process_time() - start < 4
