"""Linking on gold of our own: nothing joined wrongly, little split."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.errors import GoldError
from pipeline.evaluate.linking import (
    evaluate_linking,
    linking_lines,
    read_linking_gold,
    score_clusters,
)
from tests.conftest import ROOT, RULES

GOLD = ROOT / "tests" / "gold" / "linking"


@pytest.fixture(scope="module")
def evaluation():
    return evaluate_linking(GOLD, RULES)


def test_the_gold_is_as_large_as_it_should_be():
    gold = read_linking_gold(GOLD / "gold.jsonl")
    assert len(gold) >= 60
    for table, least in (("agreements", 25), ("meetings", 20), ("projects", 10)):
        names = [r["record"] for d in gold for r in getattr(d, table)]
        assert len(set(names)) >= least
        # Nearly all are told of by several releases.
        assert len(names) >= 2 * len(set(names))


def test_no_two_things_are_joined_and_few_are_split(evaluation):
    for scores in (evaluation.resolution, evaluation.end_to_end):
        for score in scores:
            assert score.merges == (), score.table
            assert score.f1 >= 0.95, score.table


def test_every_wrong_merge_and_split_is_named():
    truth = {"r1": "a", "r2": "a", "r3": "b"}
    score = score_clusters("agreements", truth, {"r1": "x", "r2": "y", "r3": "y"})
    assert score.merges == (("a", "b"),)
    assert score.splits == (("a", ("x", "y")),)
    assert score.precision == pytest.approx(2 / 3)
    assert score.recall == pytest.approx(2 / 3)
    assert score.f1 == pytest.approx(2 / 3)


def test_the_command_prints_both_figures(evaluation):
    result = CliRunner().invoke(main, ["eval", "--linking", str(GOLD), "--rules", str(RULES)])
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == list(linking_lines(evaluation))
    assert "gold reports → records" in result.stdout


def test_a_folder_without_gold_is_told(tmp_path):
    with pytest.raises(GoldError, match="no gold for linking"):
        evaluate_linking(tmp_path, RULES)
    result = CliRunner().invoke(main, ["eval"])
    assert result.exit_code == 2
