"""Files to documents: what is found, what is refused, what is read."""

from __future__ import annotations

import datetime as dt
import json
import os
from pathlib import Path

import pytest

from pipeline.errors import DocumentError, RuleError
from pipeline.ingest import find_inputs, html, markdown, plain, read_file
from pipeline.ingest.decode import decode
from pipeline.ingest.full_dates import from_name, parse
from pipeline.ingest.language import guess, normal
from pipeline.ingest.read import MAX_BYTES
from pipeline.ingest.rejections import REASONS, STAGE
from pipeline.model import Document, Rejected
from pipeline.rulebook.boilerplate import check_examples, load_boilerplate

ROOT = Path(__file__).parent.parent / "rules"
RULES = load_boilerplate(ROOT)
BODY = "Aland and Borduria signed an agreement on the exchange of statistics in the capital today."


def read(raw: Path, name: str, content: str | bytes) -> list[Document | Rejected]:
    path = raw / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(read_file(path, raw, RULES))


def one(raw: Path, name: str, content: str | bytes) -> Document:
    (document,) = read(raw, name, content)
    assert isinstance(document, Document), document
    return document


def codes(rows: list[Document | Rejected]) -> list[str]:
    return [row.code for row in rows if isinstance(row, Rejected)]


def shape(document: Document) -> list[tuple[str, int, int, str]]:
    return [(b.kind, b.depth, b.group, document.text[b.start : b.end]) for b in document.blocks]


def marked(document: Document) -> dict[str, str]:
    return {document.text[b.start : b.end]: b.boilerplate for b in document.blocks if b.boilerplate}


# finding


def test_inputs_come_in_the_order_of_their_ids(tmp_path):
    for name in ("b/x.txt", "b.txt", "a.md", ".hidden.txt", ".git/x.txt", "a.md.meta.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    found = [path.relative_to(tmp_path).as_posix() for path in find_inputs(tmp_path)]
    assert found == ["a.md", "b.txt", "b/x.txt"]


def test_links_are_followed_only_inside_raw(tmp_path):
    raw = tmp_path / "raw"
    (raw / "sub").mkdir(parents=True)
    (tmp_path / "outside.txt").write_text("x")
    (raw / "a.txt").write_text("x")
    (raw / "inside.txt").symlink_to(raw / "a.txt")
    (raw / "leaves.txt").symlink_to(tmp_path / "outside.txt")
    (raw / "sub" / "loop").symlink_to(raw)
    (raw / "broken.txt").symlink_to(raw / "nowhere")
    (raw / "self.txt").symlink_to(raw / "self.txt")
    found = list(find_inputs(raw))
    assert [p.name for p in found if isinstance(p, Path)] == ["a.txt", "inside.txt"]
    rows = {row.doc_id: row.code for row in found if isinstance(row, Rejected)}
    assert rows == {
        "leaves.txt": "symlink_outside",
        "sub/loop": "symlink_loop",
        "broken.txt": "unreadable",
        "self.txt": "symlink_loop",
    }


def test_a_pipe_is_no_input(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    assert codes(list(find_inputs(tmp_path))) == ["not_a_file"]
    assert codes(list(read_file(tmp_path / "pipe.txt", tmp_path, RULES))) == ["not_a_file"]


def test_a_name_in_another_charset_is_escaped(tmp_path):
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt"))
    path.write_text(BODY)
    (found,) = find_inputs(tmp_path)
    (document,) = read_file(found, tmp_path, RULES)
    assert document.doc_id == "caf\\xe9.txt"


def test_a_sidecar_without_its_file_is_reported(tmp_path):
    (tmp_path / "gone.txt.meta.json").write_text("{}")
    assert codes(list(find_inputs(tmp_path))) == ["orphan_sidecar"]


# refusing


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.exe", b"MZ", "unsupported_type"),
        ("noext", b"text", "unsupported_type"),
        ("a.txt", b"", "empty"),
        ("a.txt", b" \n\t\r\n \xc2\xa0\xe2\x80\x8b", "empty"),
        ("a.html", b"<html><body><script>x()</script></body></html>", "empty"),
        ("a.md", b"---\ntitle: only\n---\n", "empty"),
        ("a.jsonl", b"\n\n", "empty"),
        ("a.txt", b"%PDF-1.7 ...", "binary"),
        ("a.txt", b"PK\x03\x04zip", "binary"),
        ("a.txt", b"text\x00with\x00nuls in it, more than a few of them", "binary"),
        ("a.txt", bytes(range(1, 9)) * 50, "binary"),
        ("a.txt", b"caf\xe9 \x81\x8d\x8f\x90 and more text of the usual kind", "encoding"),
        ("a.txt", b"\xff\xfea\x00\x00\xd8", "encoding"),
    ],
)
def test_what_cannot_be_read_is_a_row(tmp_path, name, content, code):
    (row,) = read(tmp_path, name, content)
    assert isinstance(row, Rejected)
    assert (row.doc_id, row.stage, row.code) == (name, STAGE, code)
    assert row.detail


def test_a_file_beyond_the_limit_is_not_read(tmp_path):
    with (tmp_path / "a.txt").open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    assert codes(list(read_file(tmp_path / "a.txt", tmp_path, RULES))) == ["too_large"]


def test_a_file_that_is_gone_is_a_row(tmp_path):
    assert codes(list(read_file(tmp_path / "a.txt", tmp_path, RULES))) == ["unreadable"]


def test_each_reason_says_what_to_do():
    assert all(reason.about and reason.fix for reason in REASONS.values())


# bytes to text


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\xef\xbb\xbfcaf\xc3\xa9", "café"),
        ("café".encode("utf-16"), "café"),
        (b"\xfe\xff\x00a\x00b", "ab"),
        ("plain text, wide".encode("utf-16-le"), "plain text, wide"),
        ("the café’s “agreement”".encode("cp1252"), "the café’s “agreement”"),
        ("两国签署了关于经济合作的谅解备忘录，双方将加强合作。".encode("gb18030") * 5,
         "两国签署了关于经济合作的谅解备忘录，双方将加强合作。" * 5),
    ],
)  # fmt: skip
def test_charsets_are_found(data, text):
    assert decode(data) == text


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b'<meta charset="windows-1251"><p>\xc4\xe0', "Да"),
        (b'<?xml version="1.0" encoding="ISO-8859-1"?><p>caf\xe9', "café"),
        (b'<meta http-equiv=x content="text/html; charset=latin1">caf\xc3\xa9', "café"),
        (b'<meta charset="no-such-charset">caf\xc3\xa9', "café"),
        (b'<meta charset="utf-16">caf\xc3\xa9', "café"),
        (b'<meta charset="rot13">caf\xc3\xa9', "café"),
    ],
)
def test_markup_may_declare_its_charset(data, text):
    assert decode(data, markup=True).endswith(text)


def test_bytes_without_a_plausible_charset_are_refused():
    with pytest.raises(DocumentError):
        decode(bytes(range(128, 256)) * 20)


# containers and sidecars


def test_json_lines_hold_one_document_each(tmp_path):
    lines = [
        json.dumps({"id": "1", "text": BODY, "published": "2024-03-05", "source": "Example News"}),
        json.dumps({"id": 2, "html": f"<h1>A title</h1><p>{BODY}</p>", "language": "en-GB"}),
        "not json",
        json.dumps({"text": BODY}),
        json.dumps({"id": "1", "text": BODY}),
        json.dumps({"id": "5"}),
        json.dumps(["a", "list"]),
        json.dumps({"id": "7", "text": "  "}),
        '{"id": "8", "text": "lone \\ud800 surrogate"}',
    ]
    rows = read(tmp_path, "d/items.jsonl", "\r\n".join(lines) + "\n")
    documents = {row.doc_id: row for row in rows if isinstance(row, Document)}
    assert list(documents)[:2] == ["d/items.jsonl#1", "d/items.jsonl#2"]
    first = documents["d/items.jsonl#1"]
    assert (first.format, first.published, first.source) == (
        "json",
        dt.date(2024, 3, 5),
        "Example News",
    )
    assert first.source_kind == "news"
    assert documents["d/items.jsonl#2"].title == "A title"
    refused = {row.doc_id.partition("#")[2]: row.code for row in rows if isinstance(row, Rejected)}
    assert refused.items() >= {
        "line-3": "bad_line", "line-4": "missing_id", "1@line-5": "duplicate_id",
        "5": "missing_text", "line-7": "bad_line", "7": "empty",
    }.items()  # fmt: skip


def test_a_sidecar_fills_the_metadata(tmp_path):
    (tmp_path / "a.txt.meta.json").write_text(
        json.dumps(
            {
                "title": "T",
                "published": "2020-02-03",
                "url": "https://www.mea.gov.in/x",
                "language": "en",
            }
        )
    )
    document = one(tmp_path, "a.txt", BODY)
    assert (document.title, document.published, document.published_from) == (
        "T", dt.date(2020, 2, 3), "metadata",
    )  # fmt: skip
    assert (document.source, document.source_kind) == ("Ministry of External Affairs", "ministry")
    assert (document.source_country, document.url) == ("IN", "https://www.mea.gov.in/x")


@pytest.mark.parametrize("sidecar", ["{", '{"unknown": 1}', '{"title": 5}', "[]", "\xff"])
def test_a_bad_sidecar_is_a_row_and_the_file_is_read(tmp_path, sidecar):
    (tmp_path / "a.txt.meta.json").write_bytes(sidecar.encode("latin-1"))
    row, document = read(tmp_path, "a.txt", BODY)
    assert (row.doc_id, row.code) == ("a.txt.meta.json", "sidecar")
    assert isinstance(document, Document)


# front matter


@pytest.mark.parametrize(
    ("source", "title", "problems"),
    [
        ("---\ntitle: NO\ndate: 2021-02-03\n---\n", "NO", []),
        ("\ufeff---\r\ntitle: 'A: b'\r\ndate: 2021-02-03T00:00:00Z\r\n---\r\n", "A: b", []),
        ("---\ntitle: Long title\n  goes on\ndate: 3 February 2021\n---\n", "Long title goes on", []),
        ('+++\ntitle = "T"\ndate = 2021-02-03\n+++\n', "T", []),
        ("---\ntitle: T\ndate: 2021-02-03\n\n", "T", ["front_matter"]),
        ("---\ntitle: [unclosed\n---\n", None, ["front_matter"]),
        ("---\n- a\n- list\n---\n", None, ["front_matter"]),
        ("---\ntitle: {a: b}\n---\n", None, []),
        ("---\n---\n", None, []),
    ],
)  # fmt: skip
def test_front_matter_is_metadata_and_no_text(tmp_path, source, title, problems):
    rows = read(tmp_path, "a.md", source + BODY)
    assert codes(rows) == problems
    document = rows[-1]
    assert isinstance(document, Document)
    assert document.text == BODY
    assert document.title == title
    if title:
        assert document.published == dt.date(2021, 2, 3)


def test_a_ruler_at_the_top_is_no_front_matter(tmp_path):
    assert one(tmp_path, "a.md", f"---\n{BODY}\n").text == BODY


# layout


def test_bullets_have_depth_and_groups(tmp_path):
    document = one(
        tmp_path,
        "a.txt",
        "  • Green ICT was agreed upon\n    - A base station project\n\n\n  • Cyber security\n"
        "    1. First part\n      \u00a0 i. One\n      \u00a0 ii. Two\n    2. Second part\n",
    )
    assert [row[:3] for row in shape(document)] == [
        ("bullet", 0, 0), ("bullet", 1, 0), ("bullet", 0, 1), ("bullet", 1, 1),
        ("bullet", 2, 1), ("bullet", 2, 1), ("bullet", 1, 1),
    ]  # fmt: skip
    assert shape(document)[0][3] == "Green ICT was agreed upon"


@pytest.mark.parametrize(
    ("line", "marker", "rest"),
    [
        ("•Text", "•", "Text"), ("- text", "-", "text"), ("– text", "–", "text"), ("▪ text", "▪", "text"),
        ("o text", "o", "text"), ("1. Text", "1.", "Text"), ("12) text", "12)", "text"), ("(a) text", "(a)", "text"),
        ("a) text", "a)", "text"), ("b. Text", "b.", "Text"), ("iv. Text", "iv.", "Text"), ("(ii) text", "(ii)", "text"),
        ("06 A memorandum", "06", "A memorandum"), ("2.1 Scope", "2.1", "Scope"), ("1.Text", "1.", "Text"),
        ("06 May 2020", "", ""), ("2012. Later", "", ""), ("3.5 per cent", "", ""), ("J. Smith said", "", ""),
        ("-5 degrees", "", ""), ("*emphasis", "", ""), ("15 MoUs were signed", "", ""), ("Mr. A", "", ""),
    ],
)  # fmt: skip
def test_markers(line, marker, rest):
    from pipeline.ingest.markers import split_marker

    assert split_marker(line)[::2] == ((marker, rest) if marker else ("", line))


def test_hard_wrapped_lines_are_joined(tmp_path):
    wrapped = (
        "The Ministry of Trade of Aland and the Ministry of Commerce of\n"
        "Borduria signed a Memorandum of Understanding on customs on the\n"
        "margins of the conference. The first meeting is to be held next\n"
        "year.\n\nBoth sides agreed to this."
    )
    document = one(tmp_path, "a.txt", wrapped)
    assert "Ministry of Commerce of Borduria signed" in document.text
    assert [row[0] for row in shape(document)] == ["paragraph", "paragraph"]


def test_items_that_stand_one_a_line_are_not_joined(tmp_path):
    lines = [
        "Mr A Example, Minister",
        "Ms B Sample, Permanent Secretary of the Ministry",
        "Dr C",
        BODY,
    ]
    document = one(tmp_path, "a.txt", "\n".join(lines))
    assert document.text.split("\n") == lines


def test_a_sentence_broken_in_the_middle_is_joined(tmp_path):
    document = one(
        tmp_path,
        "a.md",
        "1. On this day both ministers signed the&nbsp;  \nAland-Borduria Agreement today.  \n",
    )
    assert (
        shape(document)[0][3]
        == "On this day both ministers signed the Aland-Borduria Agreement today."
    )


def test_headings_of_plain_text(tmp_path):
    document = one(
        tmp_path,
        "a.txt",
        f"Two Countries Sign an Agreement\n\nOctober 8, 2020, Klow\n\n{BODY}\n\nNext Steps\n\n{BODY}\n\n"
        "Ministry of Examples\n8 October 2020",
    )
    assert [(kind, text) for kind, _, _, text in shape(document) if kind == "heading"] == [
        ("heading", "Two Countries Sign an Agreement"),
        ("heading", "Next Steps"),
    ]
    assert document.title == "Two Countries Sign an Agreement"
    assert (document.published, document.published_from) == (dt.date(2020, 10, 8), "dateline")
    assert (document.source, document.source_kind) == ("Ministry of Examples", "ministry")


def test_greetings_are_no_headings(tmp_path):
    lines = ["Mr Chairman", "Distinguished Guests", "Ladies and Gentlemen", BODY]
    kinds = [row[0] for row in shape(one(tmp_path, "a.md", "\n\n".join(lines)))]
    assert kinds[1:] == ["paragraph"] * 3


def test_an_introduction_belongs_to_its_list(tmp_path):
    document = one(
        tmp_path,
        "a.txt",
        "The following was agreed upon by both:\n\n• a thing\n• another\n\nThen:\n",
    )
    assert [row[2] for row in shape(document)] == [0, 0, 0, 1]


def test_loose_lists_are_grouped_by_the_larger_gap(tmp_path):
    document = one(tmp_path, "a.txt", "• a\n\n• b\n\n\n• c\n\n• d\n")
    assert [row[2] for row in shape(document)] == [0, 0, 1, 1]
    assert document.text == "• a\n\n• b\n\n\n• c\n\n• d"


def test_tables_of_plain_text(tmp_path):
    document = one(
        tmp_path, "a.txt", "Country\tMoU\nAland\tCustoms\n\nA     B     C\nd     e     f\n"
    )
    assert [row[3] for row in shape(document)] == [
        "Country | MoU",
        "Aland | Customs",
        "A | B | C",
        "d | e | f",
    ]
    assert {row[0] for row in shape(document)} == {"table_row"}


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("**Bold** and _slanted_ and ~~gone~~ `code`", "Bold and slanted and gone code"),
        ("A*STAR and snake_case_name and 5*3", "A*STAR and snake_case_name and 5*3"),
        ("A [link](http://e.org/a_(b)) and ![image](x.png) here", "A link and here"),
        ("[Annex A: List]() follows", "Annex A: List follows"),
        ("Text[^1] with notes\n\n[^1]: The note", "Text with notes\n\nThe note"),
        ("Escaped \\* star and \\_ line", "Escaped * star and _ line"),
        ("Fish &amp; chips&nbsp;today", "Fish & chips today"),
        ("<b>M</b>emorandum<sup>2</sup> of 5 km<sup>2</sup>", "Memorandum of 5 km2"),
        ('{:start="3"}\n3. Text', "3. Text"),
        ("Before <!-- a\ncomment --> after", "Before after"),
        ("> Quoted text", "Quoted text"),
        ("one line\ngoes on here", "one line goes on here"),
        ("one line<br>\nanother", "one line\nanother"),
        ("* item\n* other", "• item\n• other"),
        ("| a | b |\n|---|:-:|\n| c | d |", "a | b\nc | d"),
        ("see https://e.org/a_b_c here", "see https://e.org/a_b_c here"),
    ],
)  # fmt: skip
def test_inline_markdown_is_removed(tmp_path, source, text):
    assert one(tmp_path, "a.md", source).text == text


def test_structure_of_markdown(tmp_path):
    document = one(
        tmp_path,
        "a.md",
        f'# Title\n\n**Bold line**\n\n{BODY}\n\nUnder\n-----\n\n<ol start="2"><li>Two<ul><li>in</li></ul></li></ol>\n\n'
        f"3. Three\n\n{BODY}\n",
    )
    assert [row[:2] for row in shape(document)] == [
        ("heading", 1), ("heading", 2), ("paragraph", 0), ("heading", 2), ("bullet", 0), ("bullet", 1),
        ("bullet", 0), ("paragraph", 0),
    ]  # fmt: skip


# pages

PAGE = f"""<!DOCTYPE html><html lang="en-GB"><head><title>Deal - Site</title>
<meta property="og:site_name" content="Ministry of Examples"><meta name="dcterms.issued" content="2024-01-12">
<link rel="canonical" href="https://www.example.gov.sg/news/1"></head><body class="has-nav menu-open">
<div id="cookie-banner"><p>We use cookies.</p></div><nav><ul><li><a href="/">Start</a></li></ul></nav>
<div class="breadcrumbs"><a>Start</a> » <a>News</a></div>
<main><header><h1>Aland and Borduria sign a deal</h1></header>
<p><b>M</b>emorandum&nbsp;of Under\u00adstanding<sup>1</sup> between the two. {BODY}</p>
<!-- <p>comment</p> --><script>var a = "<p>script</p>";</script><p style="display: none">hidden</p>
<h2>Agreements</h2><ul><li>First<ul><li>inner</li></ul></li><li>Second</li></ul><ul><li>Third</li></ul>
<table><tr><th>No</th><th>Name</th></tr><tr><td>1</td><td><p>MoU on</p><p>rail</p></td></tr></table>
<p>First line<br>Second line</p><pre>pre one
pre two</pre></main>
<div class="social-share"><a>Facebook</a><a>Twitter</a></div><aside><h3>More</h3><p>Another story</p></aside>
<footer><p>Imprint</p></footer></body></html>"""


def test_a_page_is_read_by_its_structure(tmp_path):
    document = one(tmp_path, "a.html", PAGE)
    body = [row for row in shape(document) if row[3] not in marked(document)]
    assert [row[:2] for row in body] == [
        ("heading", 1), ("paragraph", 0), ("heading", 2), ("bullet", 0), ("bullet", 1), ("bullet", 0),
        ("bullet", 0), ("table_row", 0), ("table_row", 0), ("paragraph", 0), ("paragraph", 0),
        ("paragraph", 0), ("paragraph", 0),
    ]  # fmt: skip
    assert body[1][3].startswith("Memorandum of Understanding between the two.")
    assert [row[3] for row in body[7:9]] == ["No | Name", "1 | MoU on rail"]
    assert body[5][2] != body[6][2], "a list of its own is a group of its own"
    assert set(marked(document).values()) == {
        "cookie", "navigation", "breadcrumb", "share", "related", "footer",
    }  # fmt: skip
    assert "script" not in document.text
    assert "hidden" not in document.text


def test_the_metadata_of_a_page(tmp_path):
    document = one(tmp_path, "a.html", PAGE)
    assert document.title == "Aland and Borduria sign a deal"
    assert (document.published, document.published_from) == (dt.date(2024, 1, 12), "metadata")
    assert (document.source, document.source_kind, document.source_country) == (
        "Ministry of Examples", "ministry", "SG",
    )  # fmt: skip
    assert (document.language, document.url) == ("en", "https://www.example.gov.sg/news/1")


def test_a_page_without_h1_is_called_by_its_first_heading(tmp_path):
    page = f"<title>Press Office</title><h2>Two countries sign a deal</h2><h3>In Klow</h3><p>{BODY}</p>"
    assert one(tmp_path, "a.html", page).title == "Two countries sign a deal"
    assert (
        one(tmp_path, "b.html", f"<title>A deal | Press Office</title><p>{BODY}</p>").title
        == "A deal"
    )


def test_old_pages_laid_out_with_tables_keep_their_text(tmp_path):
    page = (
        "<table><tr><td><a>Home</a></td><td><a>News</a></td></tr></table><table><tr><td><a>One</a><br>"
        f"<a>Two</a><br><a>Three</a></td><td><h2>Visit</h2>{BODY} {BODY}<br><br>2. Signed:<br>(i) MoU on trade;<br>"
        "(ii) MoU on space.<table><tr><td>Aland<td>Customs</table></td></tr></table>"
    )
    document = one(tmp_path, "a.htm", page)
    body = [row[3] for row in shape(document) if row[3] not in marked(document)]
    assert body == [
        "Visit",
        f"{BODY} {BODY}",
        "Signed:",
        "MoU on trade;",
        "MoU on space.",
        "Aland | Customs",
    ]


def test_a_list_of_links_is_content_where_there_is_nothing_else(tmp_path):
    items = "".join(f"<li><a href=x>MoU {n} on trade</a></li>" for n in range(5))
    assert not marked(one(tmp_path, "a.html", f"<body><h1>Agreements</h1><ul>{items}</ul></body>"))


def test_a_class_never_hides_most_of_a_page(tmp_path):
    page = f'<div class="menu related"><p>{BODY}</p><p>{BODY}</p></div><p>Short end.</p>'
    assert not marked(one(tmp_path, "a.html", page))


# boilerplate


def test_the_examples_of_the_rules_hold():
    assert check_examples(RULES) == []


def test_a_cut_title_that_is_repeated_is_boilerplate(tmp_path):
    document = one(
        tmp_path, "a.txt", f"Two Countries Sign an…\n\nTwo Countries Sign an Agreement\n\n{BODY}"
    )
    assert marked(document) == {"Two Countries Sign an…": "repeated"}
    assert document.title == "Two Countries Sign an Agreement"


@pytest.mark.parametrize(
    "line",
    [
        "Example Foundation, December 11, 2014",
        "Press release issued by Ministry of Examples",
        "Annex A: List of MoUs signed at the meeting",
        "Contact points were named by both sides",
        "18 Apr 2006 Posted in Announcements",
    ],
)
def test_what_the_document_says_stays(tmp_path, line):
    assert not marked(one(tmp_path, "a.txt", f"{BODY}\n\n{line}\n"))


@pytest.mark.parametrize(
    ("toml", "where", "what"),
    [
        ("[[rule]]\nid = 1\n", "rules/boilerplate.toml:2", "int"),
        (
            '[[rule]]\nid="a"\nabout="a"\nkind="x"\npattern="a"\nexamples=["a"]\n',
            ":1",
            "unknown kind",
        ),
        (
            '[[rule]]\nid="a"\nabout="a"\nkind="footer"\npattern="("\nexamples=["a"]\n',
            ":1",
            "regular",
        ),
        ("x = \n", "rules/boilerplate.toml:1", "TOML"),
    ],
)
def test_a_bad_rule_is_named_with_its_line(tmp_path, toml, where, what):
    (tmp_path / "boilerplate.toml").write_text(toml)
    (tmp_path / "publishers.toml").write_text((ROOT / "publishers.toml").read_text())
    with pytest.raises(RuleError, match=what) as error:
        load_boilerplate(tmp_path)
    assert where in error.value.where


# publication


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"SINGAPORE, 25 November 2022 – {BODY}", ("2022-11-25", "dateline")),
        (f"Klow, March 5, 2024: {BODY}", ("2024-03-05", "dateline")),
        (f"**02 Nov 2017**\n\n{BODY}", ("2017-11-02", "dateline")),
        (f"Posted On: 12 JAN 2024 4:05PM by PIB Delhi\n\n{BODY}", ("2024-01-12", "text")),
        (f"{BODY}\n\nExample Foundation, December 11, 2014", ("2014-12-11", "text")),
        (f"On 5 May 2020 the ministers met. {BODY}", ("2019-01-02", "metadata")),
        (f"The agreement was signed on 5 May 2020 - {BODY}", ("2019-01-02", "metadata")),
        (f"{BODY}\n\nLast updated on 23 Nov 2012", ("2019-01-02", "metadata")),
        (f"{BODY} It was signed on 5 May 2020.", ("2019-01-02", "metadata")),
        (f"Published: Wed 25 Jul 2007 04:16 AM\n\n{BODY}", ("2007-07-25", "text")),
        # The clock of a page says when it was copied.
        (
            f"Friday April 19, 2024\n\nTwo countries sign\n\nPublished : 12 Jan 2019, 01:06\n\n{BODY}",
            ("2019-01-12", "text"),
        ),
        (
            f"December 3, 2020 Results of the Fourth Meeting\n\n{BODY}\n\n1. Date\n\nDecember 1, 2020",
            ("2020-12-03", "dateline"),
        ),
    ],
)
def test_the_date_of_publication_in_order_of_trust(tmp_path, text, expected):
    document = one(tmp_path, "2018-01-01-a.md", f"---\ndate: 2019-01-02\n---\n{text}")
    assert (document.published.isoformat(), document.published_from) == expected


def test_the_file_name_is_the_last_resort_and_nothing_is_invented(tmp_path):
    named = one(tmp_path, "2018-01-01-a.txt", BODY)
    assert (named.published, named.published_from) == (dt.date(2018, 1, 1), "filename")
    without = one(tmp_path, "a.txt", BODY)
    assert (without.published, without.published_from) == (None, None)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-03-05", "2024-03-05"), ("2024-03-05T10:00:00Z", "2024-03-05"), ("5 March 2024", "2024-03-05"),
        ("March 5th, 2024", "2024-03-05"), ("25/12/2024", "2024-12-25"), ("12/25/2024", "2024-12-25"),
        ("03.04.2024", "2024-04-03"), ("03/04/2024", None), ("2024-13-05", None), ("31 June 2024", None),
        ("March 2024", None), ("2024", None), ("5 March 2024 to 6 March 2024", None), ("", None),
    ],
)  # fmt: skip
def test_only_full_dates_count(text, day):
    assert parse(text) == (dt.date.fromisoformat(day) if day else None)


@pytest.mark.parametrize(
    ("name", "day"),
    [("2024-10-09-visit.md", "2024-10-09"), ("v_20241009.txt", "2024-10-09"), ("a-2024-1.txt", None),
     ("release-120241009.txt", None), ("20249999.txt", None)],
)  # fmt: skip
def test_dates_of_file_names(name, day):
    assert from_name(name) == (dt.date.fromisoformat(day) if day else None)


@pytest.mark.parametrize(
    ("text", "source", "kind", "country"),
    [
        (f"Joint Press Release by Ministry of One and Two Authority\n\n{BODY}",
         "Ministry of One and Two Authority", "ministry", None),
        (f"{BODY} (PTI)", "Press Trust of India", "news", "IN"),
        (f"{BODY}\n\nSource: Example Daily", "Example Daily", "news", None),
        (f"{BODY}\n\nContent owned & provided by Embassy of Aland", "Embassy of Aland", "embassy", None),
        (BODY, None, "unknown", None),
    ],
)  # fmt: skip
def test_the_publisher_that_a_text_names(tmp_path, text, source, kind, country):
    document = one(tmp_path, "a.txt", text)
    assert (document.source, document.source_kind, document.source_country) == (
        source,
        kind,
        country,
    )


def test_a_folder_may_say_the_kind(tmp_path):
    assert one(tmp_path, "news/x/a.txt", BODY).source_kind == "news"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (BODY * 2, "en"),
        (
            "Les deux pays ont signé un accord sur la coopération dans le domaine de la science et des arts.",
            "fr",
        ),
        (
            "Die beiden Länder haben ein Abkommen über die Zusammenarbeit in der Forschung unterzeichnet und",
            "de",
        ),
        ("両国はデジタル分野における協力に関する覚書に署名しました。", "ja"),
        ("12 345 678", None),
        ("Aland Borduria", None),
    ],
)
def test_languages(text, code):
    assert guess(text) == code


def test_language_tags_are_shortened():
    assert [normal(tag) for tag in ("en-GB", "FR", "english", None, "")] == [
        "en",
        "fr",
        None,
        None,
        None,
    ]


# characters


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Co\u00adop\u200beration\ufeff", "Cooperation"),
        ("e\u0301", "é"),
        ("a\u00a0b\u2003c\td", "a b c d"),
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("Hon\x92ble", "Hon’ble"),
        ("\uf0b7 item", "• item"),
        ("a\n\n\n\n\n\nb", "a\n\n\nb"),
        ("a\n----------\nb", "a\n\n\nb"),
    ],
)
def test_canonical_characters(tmp_path, source, text):
    assert one(tmp_path, "a.txt", source).text == text


@pytest.mark.parametrize("parse_text", [plain.parse, markdown.parse, html.parse])
def test_nothing_gives_no_lines(parse_text):
    assert parse_text("").lines == []


def test_the_clock_of_a_page_is_navigation(tmp_path):
    text = f"Friday April 19, 2024\n\nTwo countries sign\n\nPublished: 12 Jan 2019\n\n{BODY}"
    first, *others = one(tmp_path, "a.txt", text).blocks
    assert first.boilerplate == "navigation"
    assert all(block.boilerplate is None for block in others)


def test_a_menu_copied_as_a_list_is_navigation(tmp_path):
    text = f"• Home\n• News of May FY2024\n• Two countries sign\n\nTwo countries sign\n\n{BODY}"
    kinds = [block.boilerplate for block in one(tmp_path, "a.txt", text).blocks]
    assert kinds[:3] == ["navigation", "navigation", "repeated"]
    assert set(kinds[3:]) == {None}


def test_a_list_of_content_is_no_menu(tmp_path):
    text = f"• Home loans in Fiji\n• News\n\n{BODY}"
    assert not any(block.boilerplate for block in one(tmp_path, "a.txt", text).blocks)


@pytest.mark.parametrize(
    ("top", "title"),
    [
        ("Press Release\n\n5 May 2020\n\nTwo Islands Sign a Treaty", "Two Islands Sign a Treaty"),
        ("No: 12 Dated: 5 May 2020\n\nTwo Islands Sign a Treaty", "Two Islands Sign a Treaty"),
        ("Press release: Two Islands Sign a Treaty", "Two Islands Sign a Treaty"),
        ("December 3, 2020 Results of the Fourth Meeting", "Results of the Fourth Meeting"),
        ("Two islands sign a treaty of peace and friendship\n" * 2,
         "Two islands sign a treaty of peace and friendship"),
    ],
)  # fmt: skip
def test_what_stands_above_a_title_is_no_part_of_it(tmp_path, top, title):
    assert one(tmp_path, "a.txt", f"{top}\n\n{BODY}").title == title


@pytest.mark.parametrize(
    ("line", "source"),
    [("MINISTRY OF REEFS", "MINISTRY OF REEFS"), ("Reef Department, Suva", None),
     ("The ministry of reefs says so", None)],
)  # fmt: skip
def test_a_letterhead_names_the_publisher(tmp_path, line, source):
    text = f"{line}\n\nTwo Islands Sign a Treaty\n\n{BODY}"
    assert one(tmp_path, "a.txt", text).source == source


def test_a_year_on_the_next_line_belongs_to_its_day(tmp_path):
    text = f"They met in the capital of Borduria on the river from May 22-23,\n2007. {BODY}\n"
    assert "May 22-23, 2007. " in one(tmp_path, "a.txt", text).text
