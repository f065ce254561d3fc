"""The life of an agreement, a meeting or a project: its stages with dates and their evidence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from pipeline.edtf import parse
from pipeline.link.model import Item, Row

# What comes later in a life; a stage told of later doesn't take a record back.
_RANK = {
    "proposed": 0, "approved": 1, "signed": 2, "in_force": 3, "renewed": 4, "extended": 5, "expired": 6, "ended": 7,
    "planned": 0, "held": 1, "agreed": 1, "ongoing": 2, "operational": 3, "completed": 4,
}  # fmt: skip
# The status of the tables for each finer stage.
STATUS = {"in_force": "signed", "renewed": "signed", "extended": "signed", "expired": "ended"}
# Stages that a later one of a lower rank may follow: what has expired may be renewed.
_REVIVED = frozenset({"renewed", "extended"})


class Statement(NamedTuple):
    """A row of ``evidence`` that tells of a stage or of validity."""

    field: str
    value: str
    start: int
    end: int
    text: str
    detail: str | None
    rule: str


class _Dated(NamedTuple):
    edtf: str | None = None
    first: dt.date | None = None
    last: dt.date | None = None


class Stage(NamedTuple):
    """A stage that one document tells of; ``date`` is EDTF, ``first`` and ``last`` its days."""

    stage: str
    date: str | None
    first: dt.date | None
    last: dt.date | None
    item: Item
    start: int
    end: int
    text: str
    rule: str

    @property
    def by(self) -> dt.date | None:
        """The day by which it was reached."""
        return self.last or self.item.published


def history(items: Iterable[Item], statements: Mapping[str, Sequence[Statement]]) -> list[Stage]:
    """Every stage that the documents tell of, in the order of the days.

    An instrument that is only cited adds its signing if the text dates that.
    """
    found = [s for item in items for s in _stages(item, statements.get(item.report_id, ()))]
    return sorted(found, key=_order)


def _stages(item: Item, statements: Sequence[Statement]) -> Iterator[Stage]:
    row, stage = item.row, item.features.stage
    told = next((s for s in statements if s.field == "status"), None)
    if stage != "cited" or row["date"]:
        name = "signed" if stage == "cited" else stage
        yield _stage(name, _own(row), item, told)
    for said in statements:
        if said.field == "valid_until" and said.detail == "expired":
            yield _stage("expired", _stated(said.value), item, said)
        elif said.field == "in_force" and not (stage == "in_force" and row["date"] == said.value):
            yield _stage("in_force", _stated(said.value), item, said)
        elif said.field.startswith("valid") and said.detail == "extended":
            yield _stage("extended", _own(row) if stage == "renewed" else _Dated(), item, said)


def _stage(stage: str, when: _Dated, item: Item, told: Statement | None) -> Stage:
    row: Row = item.row
    if told is None:
        place = (row["start"], row["end"], row["text"], row["rule"])
    else:
        place = (told.start, told.end, told.text, told.rule)
    return Stage(stage, *when, item, *place)


def _own(row: Row) -> _Dated:
    return _Dated(row["date"], row["date_start"], row["date_end"])


def _stated(edtf: str) -> _Dated:
    interval = parse(edtf)
    return _Dated(edtf, interval.first, interval.last)


def _order(stage: Stage) -> tuple[dt.date, int, str, int, str]:
    by = stage.first or stage.by or dt.date.max
    return by, _RANK[stage.stage], stage.item.doc_id, stage.start, stage.item.report_id


def latest(stages: Sequence[Stage]) -> Stage | None:
    """The stage that a record has reached: the last by date that doesn't lead back.

    An approval after the signing changes nothing; a renewal after the end does.
    """
    reached: Stage | None = None
    for stage in stages:
        forward = reached is None or _RANK[stage.stage] >= _RANK[reached.stage]
        if forward or (stage.stage in _REVIVED and _is_later(stage, reached)):
            reached = stage
    return reached


def _is_later(stage: Stage, reached: Stage | None) -> bool:
    one, other = stage.by, reached.by if reached else None
    return one is not None and other is not None and one > other
