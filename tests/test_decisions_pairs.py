"""What was decided about two reports reaches the linking, without any other change."""

from __future__ import annotations

import pytest

from pipeline.diff import Snapshot, compare
from pipeline.extract import extract, load
from pipeline.review.session import Request, Session
from pipeline.tables import read_rows

ONE = "LIMA, 9 July 2024 - Peru and Portugal signed an MoU on fisheries in Lima on 9 July 2024."
SAME = "The MoU on fisheries that Peru and Portugal signed in Lima on 9 July 2024 was welcomed."
OTHER = "LISBON, 2 May 2019 - Peru and Portugal signed an MoU on satellite data on 2 May 2019."


def records(out):
    return {
        row["doc_id"]: row["agreement_id"] for row in read_rows(out / "tables", "agreement_reports")
    }


def decide(tmp_path, rules, names, action):
    runs = sorted((tmp_path / "out" / "runs").iterdir())
    sides = Snapshot.of_run(runs[0]), Snapshot.of_run(runs[-1])
    session = Session.of(compare(*sides), sides, rules, "ann")
    cards = {c.doc_id: c.id for c in session.cards if c.table == "agreement_reports"}
    session.decide(Request(action, tuple(cards[name] for name in names)))


@pytest.mark.parametrize(
    ("texts", "action", "before", "after"),
    [((ONE, SAME), "not_same", 1, 2), ((ONE, OTHER), "same", 2, 1)],
)
def test_a_decision_on_a_pair_links_or_parts_it(tmp_path, rules_copy, texts, action, before, after):
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "x.txt").write_text("India and Fiji met.")
    extract(load(rules_copy), raw, tmp_path / "out")
    for name, text in zip("ab", texts, strict=True):
        (raw / f"{name}.txt").write_text(text)
    extract(load(rules_copy), raw, tmp_path / "out")
    assert len(set(records(tmp_path / "out").values())) == before
    decide(tmp_path, rules_copy, ("a.txt", "b.txt"), action)
    extract(load(rules_copy), raw, tmp_path / "out")
    assert len(set(records(tmp_path / "out").values())) == after
    extract(load(rules_copy), raw, tmp_path / "again")
    assert records(tmp_path / "again") == records(tmp_path / "out")
