"""What rules do: hits, overlaps lost, never fired, and how often they are right."""

from __future__ import annotations

import json

import msgspec
import pytest
from click.testing import CliRunner

from pipeline.annotate.pipeline import annotate
from pipeline.cli import main
from pipeline.evaluate.catalog import BUILT_IN, catalog, entry_of
from pipeline.evaluate.confidence import Outcome
from pipeline.evaluate.examples import example_document
from pipeline.evaluate.rule_stats import RuleStats, stat_lines
from pipeline.records.report import Report, Support


@pytest.fixture
def stats(book, nlp):
    """Counts texts: stats("…") → RuleStats."""

    def _stats(*texts: str, reports=()):
        found = RuleStats(book)
        for number, text in enumerate(texts):
            document = msgspec.structs.replace(example_document(text), doc_id=f"{number}.txt")
            found.add(annotate(nlp, document), reports)
        return found

    return _stats


def test_the_catalog_knows_where_rules_stand_and_what_they_say(book):
    rules = catalog(book)
    assert rules["countries/KE"].where.startswith("rules/countries.csv:")
    assert rules["dates/year"].about
    assert rules["institutions/ministry"].file == "rules/institutions.toml"
    assert not rules["dates/money"].countable
    assert entry_of(rules, "nonsense/x").where == BUILT_IN


def test_every_rule_with_a_location_is_in_the_catalog(book):
    assert set(book.locations) <= set(catalog(book))


def test_hits_and_documents(stats):
    found = stats("India met Kenya. India left.", "India stayed.").counts
    assert (found["countries/IN"].mentions, len(found["countries/IN"].documents)) == (3, 2)
    assert found["countries/KE"].hits == 1
    assert found["countries/PE"].hits == 0


@pytest.mark.parametrize(
    ("text", "rule", "mentions", "lost"),
    [
        ("India met Kenya.", "countries/IN", 1, 0),
        ("Jordan Ahlgren won.", "countries/JO", 0, 1),
        ("The Republic of Korea met Japan.", "countries/KR", 1, 0),
        ("Guinea-Bissau voted.", "countries/GN", 0, 1),
        ("A team flew to Hyderabad.", "places/IN-Hyderabad", 0, 1),
    ],
)
def test_names_that_stand_there_but_lose(stats, text, rule, mentions, lost):
    one = stats(text).counts[rule]
    assert (one.mentions, one.lost) == (mentions, lost)


def test_what_cannot_be_countable_is_told_so(stats):
    assert stats("In May 2012.").counts["dates/month-year"].lost is None


def test_rules_that_write_no_row_are_counted_by_what_they_match(stats):
    found = stats("The Indian Ocean is warm.\n\nGeorgia Tech is in Atlanta, Georgia.").counts
    phrases = [c for c in found.values() if c.entry.id.startswith("not_country.") and c.guarded]
    assert phrases
    assert found["ambiguous_names/country.georgia"].guarded >= 1


def test_records_and_their_values(stats):
    values = (Support("kind", "mou", 0, 5, "agreements/mou", "phrase"),
              Support("status", "signed", 0, 5, "status/x", "clause"))  # fmt: skip
    found = stats("India.", reports=[Report("agreement", 0, 5, "agreements/mou", values)]).counts
    assert (found["agreements/mou"].records, found["agreements/mou"].values) == (1, 1)
    assert found["status/x"].values == 1


def test_gold_gives_the_precision(stats):
    found = stats("India.")
    found.judge([Outcome("a", "countries", "countries/IN", "phrase", right) for right in (1, 1, 0)])
    one = found.counts["countries/IN"]
    assert (one.right, one.found, one.precision) == (2, 3, pytest.approx(2 / 3))
    assert found.counts["countries/KE"].precision is None


def test_lines_are_sorted_and_end_with_what_never_fired(stats):
    found = stats("India met Kenya. India left in May 2012.")
    lines = list(stat_lines(found))
    assert lines[1].startswith("countries/IN")
    assert not any(line.startswith("countries/PE") for line in lines)
    assert any("rules/places.csv" in line for line in lines[-30:])
    assert any(line.startswith("countries/PE") for line in stat_lines(found, everything=True))


def test_the_command(tmp_path, monkeypatch, rules_copy):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "raw").mkdir()
    (tmp_path / "gold").mkdir()
    (tmp_path / "raw" / "a.txt").write_text("India and Kenya met in May 2012.")
    (tmp_path / "gold" / "a.json").write_text('{"doc": "a.txt", "countries": ["IN"]}')
    (rules_copy / "confidence.csv").write_text("rule,step,right,found\ndates/gone,phrase,1,2\n")
    result = CliRunner().invoke(
        main, ["rules", "stats", "--gold", "gold", "--json"], catch_exceptions=False
    )
    found = json.loads(result.stdout)
    rules = {one["rule"]: one for one in found["rules"]}
    assert found["documents"] == 1
    assert (rules["countries/IN"]["right"], rules["countries/KE"]["right"]) == (1, 0)
    assert rules["countries/PE"]["hits"] == 0
    assert found["stale"] == ["dates/gone"]
    shown = CliRunner().invoke(main, ["rules", "stats"], catch_exceptions=False).stdout
    assert "dates/month-year" in shown
    assert "dates/gone" in shown
    missing = CliRunner().invoke(main, ["rules", "stats", "--raw", "nowhere"])
    assert missing.exit_code == 2
    assert "no such folder" in missing.stderr
