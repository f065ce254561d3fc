"""The rule book: what it holds, and how it tells a person what is wrong with a rule file."""

from __future__ import annotations

import pytest

from pipeline.errors import RuleError
from pipeline.evaluate.examples import check_rulebook
from pipeline.rulebook.book import load_rulebook
from pipeline.rulebook.examples import parse_markup
from pipeline.rulebook.source import RuleFile, parse_csv, toml_line
from pipeline.schema import MARKUP_ATTRIBUTES
from tests.conftest import RULES


def test_shipped_data_is_complete(book):
    geography, registry = book.geography, book.institutions.registry
    assert len(geography.countries) >= 249
    assert len(geography.places) >= 1500
    worldwide = [i for i in registry if i.country is None and i.kind == "intergovernmental"]
    assert len(worldwide) >= 60
    abroad = [i for i in registry if i.country not in {None, "IN"} and i.kind != "company"]
    assert len(abroad) >= 300
    assert len({i.country for i in abroad}) >= 25
    by_id = {i.id: i for i in registry}
    assert "in-deity" in by_id["in-meity"].predecessors


def test_every_example_holds():
    checked, problems = check_rulebook(RULES)
    assert checked > 200
    assert problems == []


def test_the_hash_follows_the_content(rules_copy):
    before = load_rulebook(rules_copy)
    assert load_rulebook(rules_copy).sha256 == before.sha256
    places = rules_copy / "places.csv"
    places.write_text(places.read_text() + "Kandara,KE,city,,,0\n")
    assert load_rulebook(rules_copy).sha256 != before.sha256


BROKEN = [
    ("countries.csv", lambda t: t + "KE,KEN,Kenya,,,,\n", "KE is used twice"),
    ("countries.csv", lambda t: t + "QQ,QQQ,Qland,,India,,\n", "'India' names both IN"),
    ("countries.csv", lambda t: t + "QQ,QQQ,Qland,,,,Nowhere\n", "is no name of this row"),
    ("countries.csv", lambda t: t.replace("code,", "kode,", 1), "the columns are kode"),
    ("countries.csv", lambda t: t + "QQ,QQQ\n", "2 fields instead of 7"),
    ("countries.csv", lambda t: t + 'QQ,"Q"QQ,,,,,\n', "not valid CSV"),
    ("places.csv", lambda t: t + "Nowhere,QQ,city,,,0\n", "is no country"),
    ("institutions/india.csv", lambda t: t + "in-meity,X,,,ministry,IN,,\n", "used twice"),
    ("institutions/india.csv", lambda t: t + "in-q,Q,,,palace,IN,,\n", "unknown kind 'palace'"),
    ("institutions/india.csv", lambda t: t + "in-q,Q,,,agency,QQ,,\n", "is no country"),
    ("institutions/india.csv", lambda t: t + "in-q,Q,,,agency,IN,in-zz,\n", "has no row"),
    ("institutions/india.csv", lambda t: t + "in-q,Q,,,agency,IN,,QQQ\n", "is no name"),
    ("not_countries.csv", lambda t: t + t.split("\n")[1] + "\n", "used twice"),
    ("institutions.toml", lambda t: t + "\nnonsense = 1\n", "unknown field"),
    ("institutions.toml", lambda t: t + "\n= 1\n", "not valid TOML"),
    ("ambiguous_names.toml", lambda t: t + "\n[[name]]\nid='x'\nalias='India'\ncode='IN'\nabout=''\n",
     "isn't ambiguous"),
    ("dates.toml", lambda t: t + "\nnonsense = 1\n", "unknown field"),
    ("people.toml", lambda t: t + "\nnonsense = 1\n", "unknown field"),
    ("figures.toml", lambda t: t + "\nnonsense = 1\n", "unknown field"),
    ("boilerplate.toml", lambda t: t + "\nnonsense = 1\n", "unknown field"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "damage", "message"), BROKEN)
def test_a_broken_file_is_named_with_its_line(rules_copy, name, damage, message):
    path = rules_copy / name
    path.write_text(damage(path.read_text()))
    with pytest.raises(RuleError) as caught:
        load_rulebook(rules_copy)
    assert message in caught.value.what
    assert caught.value.where.startswith(f"rules/{name}:")
    assert int(caught.value.where.rsplit(":", 1)[1]) > 0
    assert caught.value.fix


def test_a_missing_file_and_a_file_in_another_encoding(rules_copy):
    (rules_copy / "places.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(RuleError, match="UTF-8"):
        load_rulebook(rules_copy)
    (rules_copy / "places.csv").unlink()
    with pytest.raises(RuleError, match="can't be read"):
        load_rulebook(rules_copy)


def test_a_failing_example_is_reported(rules_copy):
    path = rules_copy / "institutions.toml"
    text = path.read_text()
    line = text[: text.index('id = "institutions/mission"')].count("\n")
    path.write_text(
        text.replace('counter_examples = ["The Embassy hosted it."]',
                     'counter_examples = ["The Kenyan Embassy hosted it."]')
    )  # fmt: skip
    _, problems = check_rulebook(rules_copy)
    assert [p.where for p in problems] == [f"rules/institutions.toml:{line}"]
    assert "Kenyan Embassy" in problems[0].message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<date>May 2012", "isn't closed"),
        ("May 2012</date>", "closes nothing"),
        ("<date><country>May</date></country>", "closes nothing"),
        ("<day>May</day>", "unknown tag"),
        ("<date when='2012'>May</date>", "no attribute when"),
        ("<date edtf=2012>May</date>", "malformed|closes nothing"),
    ],
)
def test_markup_that_cannot_be_read_is_an_error(text, message):
    with pytest.raises(RuleError, match=message):
        parse_markup(text, MARKUP_ATTRIBUTES, "here")


def test_markup_gives_plain_text_and_spans():
    text, marked = parse_markup(
        "In <date edtf='2012-05'>May 2012</date>, <country code=\"IN\">India</country> agreed.",
        MARKUP_ATTRIBUTES,
        "here",
    )
    assert text == "In May 2012, India agreed."
    assert [(m.tag, text[m.start : m.end], m.attributes) for m in marked] == [
        ("date", "May 2012", (("edtf", "2012-05"),)),
        ("country", "India", (("code", "IN"),)),
    ]


def test_the_line_of_a_nested_key_is_found():
    text = "[words]\na = 1\n\n[[rule]]\nid = 'x'\n\n[[rule]]\nid = 'y'\nheads = 3\n"
    assert toml_line(text, ".rule[1].heads") == 9


def test_csv_fields_may_span_lines():
    file = RuleFile("x.csv", 'a,b\n"one\ntwo",2\n3,4\n', "")
    assert [line for line, _ in parse_csv(file, ("a", "b"))] == [2, 4]
