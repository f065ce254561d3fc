"""Explanations: the marked text, records with their evidence, what was not taken, safe output."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pipeline.annotate.pipeline import annotate
from pipeline.cli import main
from pipeline.evaluate.examples import example_document
from pipeline.explain import as_dict, page_of, terminal_lines
from pipeline.explain.build import Explainer
from pipeline.explain.model import KINDS, STEP_MEANINGS, Mark
from pipeline.explain.segments import segments, visible
from pipeline.model import Block, Document
from pipeline.records.page import Page
from pipeline.records.report import Report, Support
from pipeline.schema import STEPS

TEXT = (
    "On 5th to 7th September 2012 in Nairobi, Kenyan and Indian officials signed an MoU on posts "
    "with the Government of Peru. Talks had begun in 2009."
)


def support(field, quote, value=None, step="clause", detail=None):
    start = TEXT.index(quote)
    end = start + len(quote)
    return Support(field, value or quote, start, end, "agreements/mou", step, detail)


VALUES = (
    support("kind", "MoU", "mou", "phrase"),
    support("title", "MoU on posts"),
    support("parties", "Kenyan", "KE"),
    support("parties", "Indian", "IN"),
    support("date", "5th to 7th September 2012", "2012-09-05/2012-09-07"),
    support("place", "Nairobi"),
    support("status", "signed", "signed", detail="done: signed"),
)
REPORT = Report("agreement", 0, TEXT.index(" Talks"), "agreements/mou", VALUES)
OTHER = Report("project", 0, 5, "x/y", (support("host", "Peru", "PE"),))


@pytest.fixture
def explained(book, nlp):
    """Explains a text with hand-made reports."""
    explainer = Explainer(book)

    def _explained(text=TEXT, reports=(REPORT,), **options):
        doc = annotate(nlp, example_document(text))
        return explainer.explain(Page.of(doc), reports, **options)

    return _explained


def field(explanation, name, record=0):
    return next(f for f in explanation.records[record].fields if f.name == name)


# -- what an explanation holds


def test_every_mention_has_its_value_and_the_place_of_its_rule(explained):
    marks = {TEXT[m.start : m.end]: m for m in explained().marks}
    assert marks["Kenyan"].value == "KE"
    assert marks["Kenyan"].where.startswith("rules/countries.csv:")
    assert "demonym" in marks["Kenyan"].note
    assert marks["5th to 7th September 2012"].value == "2012-09-05/2012-09-07"
    assert marks["5th to 7th September 2012"].where.startswith("rules/dates.toml:")
    assert marks["Government of Peru"].kind == "institution"


def test_every_field_of_the_table_is_there_in_its_order(explained):
    names = [f.name for f in explained().records[0].fields]
    assert names == ["kind", "title", "parties", "institutions", "institution_ids", "status",
                     "date", "place", "topics"]  # fmt: skip


def test_a_value_is_quoted_in_its_context(explained):
    value = field(explained(), "place").values[0]
    assert value.text == "Nairobi"
    assert value.before.endswith("2012 in ")
    assert value.after.startswith(", Kenyan")
    assert (value.step, value.value) == ("clause", "Nairobi")
    assert 0 < value.confidence < 1


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("date", "“5th to 7th September 2012” → 2012-09-05/2012-09-07 (2012-09-05 to 2012-09-07)"),
        ("parties", "“Kenyan” → KE (the word for its people), by countries/KE (rules/countries"),
        ("place", "“Nairobi” → Nairobi (a place in KE), by places/KE-Nairobi (rules/places.csv"),
        ("kind", "“MoU” → mou, spacing and capitals aside"),
        ("title", "as it is written"),
    ],
)
def test_how_the_text_became_the_value(explained, name, told):
    assert field(explained(), name).values[0].normalised.startswith(told)


def test_a_year_from_the_context_is_told(book, nlp):
    text = "It met in May 2012. On 7 June they signed it."
    start = text.index("7 June")
    report = Report("agreement", 20, 45, "x/y",
                    (Support("date", "2012-06-07", start, start + 6, "x/y", "clause"),))  # fmt: skip
    doc = annotate(nlp, example_document(text))
    value = field(Explainer(book).explain(Page.of(doc), [report]), "date").values[0]
    assert "the year comes from the context" in value.normalised


def test_what_was_not_taken_and_why(explained):
    found = explained()
    parties = {c.value: c.reason for c in field(found, "parties").considered}
    assert set(parties) == {"PE"}
    assert "was taken" in parties["PE"]
    institutions = {c.value: c.reason for c in field(found, "institutions").considered}
    assert institutions == {"Government of Peru": "no rule ties it to this record"}
    assert field(found, "date").considered == ()


def test_a_mention_that_another_record_took(explained):
    found = explained(reports=(REPORT, OTHER))
    parties = {c.value: c.reason for c in field(found, "parties").considered}
    assert parties["PE"] == f"taken by {found.records[1].id}"


def test_a_mention_inside_another_value(explained):
    body = support("institutions", "Government of Peru")
    report = Report("agreement", 0, REPORT.end, "x/y", (*VALUES, body))
    parties = {c.value: c.reason for c in field(explained(reports=(report,)), "parties").considered}
    assert parties["PE"] == "part of the institutions 'Government of Peru'"


def test_what_stands_further_from_the_trigger(explained):
    others = tuple(v for v in VALUES if v.field != "parties")
    values = (*others, support("parties", "Indian", "IN"))
    report = Report("agreement", 0, REPORT.end, "x/y", values)
    parties = {c.value: c.reason for c in field(explained(reports=(report,)), "parties").considered}
    assert "further from the trigger" in parties["KE"]


def test_all_steps_have_a_meaning():
    assert set(STEP_MEANINGS) == set(STEPS)


def test_json_is_plain_data_and_quotes_the_text(explained):
    found = json.loads(json.dumps(as_dict(explained())))
    assert found["document"]["doc_id"] == "example"
    assert all(TEXT[m["start"] : m["end"]] == m["text"] for m in found["mentions"])
    values = [v for f in found["records"][0]["fields"] for v in f["values"]]
    assert all(TEXT[v["start"] : v["end"]] == v["text"] for v in values)
    asked = as_dict(explained(focus=[found["records"][0]["id"]]))
    assert "mentions" not in asked


# -- the terminal


def test_plain_markers_without_colours(explained):
    shown = "\n".join(terminal_lines(explained(), colours=False))
    assert "[5th to 7th September 2012](date 2012-09-05/2012-09-07)" in shown
    assert "[Government of [Peru](country PE)](institution Government of Peru)" in shown
    assert "not taken  Peru → PE:" in shown
    assert "not stated: institutions" in shown
    assert "\x1b" not in shown


def test_colours_leave_the_text_whole(explained):
    shown = "\n".join(terminal_lines(explained(), colours=True))
    assert "\x1b[32mKenyan\x1b[0m" in shown
    assert "Talks had begun in" in re.sub(r"\x1b\[[\d;]*m", "", shown)


def test_a_record_is_shown_without_the_whole_text(explained):
    ident = explained().records[0].id
    shown = "\n".join(terminal_lines(explained(focus=[ident]), colours=False))
    assert shown.strip().startswith(ident)
    assert "[2009](date 2009)" not in shown


# -- the page


class Reader(HTMLParser):
    """Collects tags, attributes and text; complains about tags that don't close."""

    VOID = frozenset({"meta", "input", "br"})

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.open, self.tags, self.attributes, self.text = [], [], [], []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.text.append(data)


def test_the_page_is_self_contained_and_forbids_everything_else(explained):
    page = page_of(explained())
    reader = Reader(page)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert not {"script", "link", "img", "iframe", "object", "form", "base"} & set(reader.tags)
    names = {name for name, _ in reader.attributes}
    assert not {"src", "style", "action"} & names
    assert not [name for name in names if name.startswith("on")]
    assert all(value.startswith("#at-") for name, value in reader.attributes if name == "href")
    assert "prefers-color-scheme: dark" in page
    assert "url(" not in page


def test_the_hash_in_the_policy_is_that_of_the_style(explained):
    import base64
    import hashlib

    page = page_of(explained())
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in page


def test_the_page_shows_evidence_and_links_to_it(explained):
    page = page_of(explained())
    reader = Reader(page)
    ids = {value for name, value in reader.attributes if name == "id"}
    links = {value[1:] for name, value in reader.attributes if name == "href"}
    assert links
    assert links <= ids
    assert "not taken: “Peru” → PE" in page
    assert "2012-09-05/2012-09-07" in page


HOSTILE = [
    "<script>alert(1)</script> India & Kenya",
    '" onmouseover="x" India’s \'quote\' </pre></style>',
    "<!-- India --> ]]> &lt;India&gt; &amp;amp;",
    "India \x1b[31mred\x1b]0;title\x07 \x00 \x9b31m Kenya",
    "India \u202eayneK\u202c \u2066x\u2069 Kenya",
    "javascript:alert('India') http://example.org/India",
    "",
    "\n\n\n",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(explained, text):
    values = (Support("title", text or "x", 0, len(text), text or "r", "clause", text),)
    reports = [Report("agreement", 0, len(text), "<b>", values)]
    page = page_of(explained(text, reports))
    reader = Reader(page)
    assert "script" not in reader.tags
    assert visible(text).strip() in "".join(reader.text)
    shown = "\n".join(terminal_lines(explained(text, reports), colours=False))
    for output in (page, shown):
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", output)


any_text = st.text(st.characters(exclude_categories=()), max_size=200)


@pytest.fixture
def written(book):
    """The page and the terminal's lines of a text that was not annotated."""
    explainer = Explainer(book)

    def _written(text):
        values = (Support("title", "x", 0, len(text), "x/y", "clause", "x"),)
        page = Page(example_document(text), [(0, len(text))])
        report = Report("agreement", 0, len(text), "x/y", values)
        explanation = explainer.explain(page, [report])
        return page_of(explanation), "\n".join(terminal_lines(explanation, colours=True))

    return _written


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=any_text)
@example(text="\ud800 India </span> \ud800")
def test_any_text_gives_a_page_that_can_be_written(written, text):
    page, lines = written(text.replace("\r", " "))
    assert page.encode("utf-8")
    assert lines.encode("utf-8")
    Reader(page)
    assert written(text.replace("\r", " ")) == (page, lines)


spans = st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda pair: tuple(sorted(pair)))


@given(st.lists(st.tuples(spans, st.sampled_from(KINDS)), max_size=12))
def test_segments_cover_the_text_whatever_overlaps(found):
    text = "x" * 30
    marks = [Mark(start, end, kind, "v", "", "r", "w", 1.0) for (start, end), kind in found]
    document = Document("d", "text", text, (Block("paragraph", 3, 9, boilerplate="footer"),), "")
    parts = list(segments(document, marks))
    assert "".join(text[p.start : p.end] for p in parts) == text
    for part in parts:
        assert part.start < part.end
        covering = [m for m in marks if m.start <= part.start and part.end <= m.end]
        assert sorted(part.marks) == sorted(covering)
        assert (part.boilerplate is not None) == (3 <= part.start < 9)


@given(any_text)
def test_visible_text_keeps_its_length(text):
    assert len(visible(text)) == len(text)
    assert visible(visible(text)) == visible(text)


# -- the command


@pytest.fixture
def folder(tmp_path, rules_copy, monkeypatch):
    """A working folder with three documents and a finder that finds one record in each."""
    monkeypatch.chdir(tmp_path)
    for name, text in (
        ("news/alpha.txt", TEXT),
        ("news/beta.txt", TEXT),
        ("ministry/gamma.txt", "Peru."),
    ):
        path = tmp_path / "raw" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    line = json.dumps({"id": "item-7", "title": "Posts", "text": "Chile and Fiji agreed."})
    (tmp_path / "raw" / "wire.jsonl").write_text(line + "\n")

    def builder(rules):
        return lambda doc: [REPORT] if doc.text == TEXT else []

    monkeypatch.setattr("pipeline.explain.query.record_builder", builder)
    pages = lambda _: lambda page: [REPORT] if page.text == TEXT else []  # noqa: E731
    monkeypatch.setattr("pipeline.records.build.page_builder", pages)
    return tmp_path


def call(*arguments):
    return CliRunner().invoke(main, ["explain", *arguments], catch_exceptions=False)


def ident(doc):
    return REPORT.report_id(doc)


@pytest.mark.parametrize(
    ("query", "doc"),
    [
        ("news/alpha.txt", "news/alpha.txt"),
        ("alpha", "news/alpha.txt"),
        ("gamma", "ministry/gamma.txt"),
        ("wire", "wire.jsonl#item-7"),
        ("item-7", "wire.jsonl#item-7"),
        ("wire.jsonl#item-7", "wire.jsonl#item-7"),
    ],
)
def test_a_document_is_found_by_its_id_or_a_part_of_it(folder, query, doc):
    result = call(query)
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[0] == doc


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("alpah",), "did you mean news/alpha.txt"),
        (("news",), "2 documents have 'news' in their id"),
        (("zzzz",), "no document below raw"),
        (("alpha", "date"), "is a document"),
        (("a-ffffffff",), "no record has the id"),
        (("alpha", "--raw", "nowhere"), "no such folder"),
        (("alpha", "--rules", "nowhere"), "no such rule folder"),
        (("alpha", "--html", "no/where.html"), "can't be written"),
    ],
)
def test_mistakes_are_one_clear_message(folder, arguments, told):
    result = call(*arguments)
    assert result.exit_code == 2
    assert told in result.stderr
    assert "fix:" in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize("with_tables", [False, True])
def test_a_record_is_found_with_and_without_tables(folder, with_tables):
    if with_tables:
        CliRunner().invoke(main, ["run", "--quiet"], catch_exceptions=False)
    for query in (ident("news/alpha.txt"), ident("news/alpha.txt")[:12]):
        result = call(query)
        assert result.exit_code == 0, result.output
        assert "news/alpha.txt:0-" in result.stdout
    result = call("a-")
    assert result.exit_code == 2
    one = call(ident("news/beta.txt"), "date").stdout
    assert "2012-09-07" in one
    assert "Nairobi →" not in one
    unknown = call(ident("news/beta.txt"), "nonsense")
    assert "use kind, title, parties" in unknown.stderr


def test_the_nearest_records_are_named(folder):
    right = ident("news/alpha.txt")
    wrong = right[:-2] + ("00" if right[-2:] != "00" else "11")
    assert right in call(wrong).stderr


def test_a_record_that_the_rules_no_longer_make(folder, monkeypatch):
    CliRunner().invoke(main, ["run", "--quiet"], catch_exceptions=False)
    monkeypatch.setattr("pipeline.explain.query.record_builder", lambda _: lambda _: [])
    result = call(ident("news/alpha.txt"))
    assert result.exit_code == 2
    assert "don't make it" in result.stderr
    assert "pactline explain news/alpha.txt" in result.stderr


def test_html_and_json(folder):
    result = call("alpha", "--html", "out.html")
    assert (result.exit_code, result.stdout) == (0, "")
    Reader((folder / "out.html").read_text(encoding="utf-8"))
    found = json.loads(call("alpha", "--json").stdout)
    assert found["document"]["doc_id"] == "news/alpha.txt"
    assert found["records"][0]["id"] == ident("news/alpha.txt")
    record = json.loads(call(ident("news/alpha.txt"), "date", "--json").stdout)["records"][0]
    assert [f["name"] for f in record["fields"]] == ["date"]


def test_nothing_is_coloured_when_it_is_not_a_terminal(folder):
    assert "\x1b" not in call("alpha").stdout


@pytest.mark.parametrize(("no_color", "coloured"), [(None, True), ("1", False), ("", True)])
def test_no_color_is_respected(monkeypatch, no_color, coloured):
    from pipeline import console

    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    if no_color is not None:
        monkeypatch.setenv("NO_COLOR", no_color)
    assert console.wants_colours() is coloured
