"""The gate: no score falls below its floor, and the floors follow the gold. The gate is tested, too."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import pytest

from benchmarks.gold_sets import FLOORS, RULES, SETS, GoldSet
from pipeline.errors import GoldError
from pipeline.evaluate import evaluate
from pipeline.evaluate.floors import (
    Floor,
    below_floor,
    gold_hash,
    read_floors,
    renewed,
    write_floors,
)
from pipeline.evaluate.quality import scores
from tests.conftest import ROOT


@pytest.mark.parametrize("one", SETS, ids=lambda one: one.name)
def test_no_score_is_below_its_floor(one: GoldSet):
    if not one.is_here:
        pytest.skip(f"{one.name} is not beside this checkout")
    floors = read_floors(FLOORS)
    assert one.name in floors, "it has no floors: run `python benchmarks/floors.py`"
    measured = scores(evaluate(one.gold, [one.raw], RULES))
    assert below_floor(floors[one.name], measured, gold_hash(one.gold)) == []


def test_lowered_floors_say_why():
    for floor in read_floors(FLOORS).values():
        assert all(one.reason for one in floor.lowered)


# -- the gate itself

FLOOR = Floor("h", {"dates": 0.9, "agreements.found": 0.5})


@pytest.mark.parametrize(
    ("measured", "gold", "told"),
    [
        ({"dates": 0.9, "agreements.found": 0.5}, "h", None),
        ({"dates": 1.0, "agreements.found": 0.7}, "h", None),
        (
            {"dates": 0.8999, "agreements.found": 0.5},
            "h",
            "dates is 0.8999, below its floor 0.9000",
        ),
        ({"dates": 0.9}, "h", "agreements.found is no longer measured"),
        ({"dates": 0.9, "agreements.found": 0.5}, "other", "the gold files changed"),
        ({"dates": 0.9, "agreements.found": 0.5, "people": 0.1}, "h", "people have no floor"),
    ],
)
def test_what_breaks_a_floor(measured, gold, told):
    problems = below_floor(FLOOR, measured, gold)
    assert len(problems) == (told is not None)
    assert told is None or told in problems[0]


def test_floors_rise_without_a_word():
    new = renewed(FLOOR, {"dates": 0.95, "agreements.found": 0.5, "people": 0.3}, "h2", None)
    assert new.scores == {"agreements.found": 0.5, "dates": 0.95, "people": 0.3}
    assert (new.gold_sha256, new.lowered) == ("h2", ())


@pytest.mark.parametrize("reason", [None, "", "  "])
def test_floors_do_not_fall_without_a_reason(reason):
    with pytest.raises(GoldError, match=r"dates 0.9000 → 0.8000.*agreements.found 0.5000 → not"):
        renewed(FLOOR, {"dates": 0.8}, "h", reason)


def test_the_reason_of_a_lower_floor_is_kept():
    first = renewed(FLOOR, {"dates": 0.8, "agreements.found": 0.5}, "h", "the guide changed")
    second = renewed(first, {"dates": 0.7, "agreements.found": 0.6}, "h", "again")
    assert [(one.score, one.before, one.after, one.reason) for one in second.lowered] == [
        ("dates", 0.9, 0.8, "the guide changed"),
        ("dates", 0.8, 0.7, "again"),
    ]


def test_floors_are_written_at_once_and_read_back(tmp_path):
    path = tmp_path / "floors.json"
    assert read_floors(path) == {}
    write_floors(path, {"b": FLOOR, "a": FLOOR})
    assert list(json.loads(path.read_text())) == ["a", "b"]
    assert read_floors(path) == {"a": FLOOR, "b": FLOOR}
    assert [p.name for p in tmp_path.iterdir()] == ["floors.json"]
    path.write_text('{"a": {"scores": {}}}')
    with pytest.raises(GoldError, match="no floors"):
        read_floors(path)


def test_the_hash_follows_names_and_bytes(tmp_path):
    with pytest.raises(GoldError, match="no gold"):
        gold_hash(tmp_path)
    (tmp_path / "a.json").write_text("{}")
    first = gold_hash(tmp_path)
    assert gold_hash(tmp_path) == first
    (tmp_path / "notes.txt").write_text("aside")
    assert gold_hash(tmp_path) == first
    (tmp_path / "a.json").write_text("{ }")
    second = gold_hash(tmp_path)
    (tmp_path / "a.json").rename(tmp_path / "b.json")
    assert len({first, second, gold_hash(tmp_path)}) == 3


@pytest.fixture
def sets(tmp_path):
    """A gold set of one document, and one that isn't there."""
    (tmp_path / "raw").mkdir()
    (tmp_path / "gold").mkdir()
    (tmp_path / "raw" / "a.txt").write_text("India and Kenya met in May 2012.")
    (tmp_path / "gold" / "a.json").write_text('{"doc": "a.txt", "countries": ["IN", "KE"]}')
    absent = GoldSet("absent", tmp_path / "nowhere", tmp_path / "raw")
    return (GoldSet("own", tmp_path / "gold", tmp_path / "raw"), absent)


def test_renewing_keeps_absent_sets_and_refuses_to_lower(tmp_path, sets, capsys):
    from benchmarks.floors import renew

    path = tmp_path / "floors.json"
    write_floors(path, {"absent": FLOOR})
    renew(path, sets, None)
    assert read_floors(path)["absent"] == FLOOR
    assert read_floors(path)["own"].scores["countries"] == 1
    assert "absent: not here" in capsys.readouterr().out
    (tmp_path / "gold" / "a.json").write_text('{"doc": "a.txt", "countries": ["IN"]}')
    before = path.read_bytes()
    with pytest.raises(GoldError, match=r"countries 1\.0000"):
        renew(path, sets, None)
    assert path.read_bytes() == before
    renew(path, sets, "Kenya isn't meant")
    assert read_floors(path)["own"].lowered[0].reason == "Kenya isn't meant"


def test_the_script_tells_how_to_use_it():
    shown = subprocess.run(
        [sys.executable, "benchmarks/floors.py", "--help"],
        check=True, cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert "--lower REASON" in shown.stdout
    assert shutil.which("python") or True


# -- the page


def test_the_page_has_its_markers():
    from pipeline.evaluate.quality import filled

    page = (ROOT / "docs" / "quality.md").read_text(encoding="utf-8")
    for block in (*(f"scores {one.name}" for one in SETS), "reliability", "ablation"):
        assert "| new |" in filled(page, block, ["| new |"])
    with pytest.raises(GoldError, match="no markers"):
        filled(page, "nonsense", [])


# -- ablation


def _record(ident="a-1"):
    from tests.test_confidence import agreement, evidence

    return agreement(ident), [
        evidence("kind", "mou", "phrase", ident=ident),
        evidence("parties", "IN", "clause", ident=ident),
        evidence("parties", "KE", "document", ident=ident),
        evidence("status", "signed", "clause", "status/signed", ident=ident),
        evidence("date", "2012-05", "heading", ident=ident),
    ]


def _ablated(ablation):
    from pipeline.evaluate.ablation import ablated
    from pipeline.evaluate.scoring import Predicted

    report, rows = _record()
    predicted = Predicted("a.txt", "", {"agreement_reports": [report], "evidence": rows})
    found = ablated([predicted], ablation)[0].rows["agreement_reports"]
    assert report["parties"] == ["IN", "KE"], "the prediction itself must not change"
    return found[0] if found else None


def test_a_step_is_switched_off():
    from pipeline.evaluate.ablation import without_step

    assert _ablated(without_step("document"))["parties"] == ["IN"]
    assert _ablated(without_step("heading"))["date"] is None
    left = _ablated(without_step("clause"))
    assert (left["parties"], left["status"], left["kind"]) == (["KE"], None, "mou")
    assert _ablated(without_step("list")) == _record()[0]


def test_a_record_without_its_kind_goes():
    from pipeline.evaluate.ablation import without_step

    assert _ablated(without_step("phrase")) is None


def test_rules_are_switched_off_or_replaced_by_the_commonest_value():
    from pipeline.evaluate.ablation import with_commonest, without_field, without_rules

    assert _ablated(without_rules("status"))["status"] is None
    assert _ablated(without_rules("nonsense"))["status"] == "signed"
    assert _ablated(without_field("date"))["date"] is None
    assert _ablated(with_commonest("status"))["status"] == "signed"
