"""The reports of one record as one row: each value chosen, never averaged; disagreement is listed."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from pipeline.link.life import STATUS, Stage, Statement, history, latest
from pipeline.link.model import NAMES, PARTIES, Item, Row
from pipeline.link.validity import stated_ends, validity

_FINE = {"day": 0, "range": 0, "month": 1, "quarter": 2, "half": 2, "year": 3, "decade": 4}
# An instrument was signed once, so two days of that are a disagreement; it may be proposed often.
_ONCE = frozenset({"signed", "in_force", "ended", "held", "completed"})


class Disagreement(NamedTuple):
    """A value that one report gives to a field on which reports disagree."""

    field: str
    value: str
    chosen: bool
    item: Item


class Merged(NamedTuple):
    """The record as a row without its id, its stages and what is disagreed on."""

    subject: str
    items: tuple[Item, ...]
    row: Row
    stages: list[Stage]
    disagreements: list[Disagreement]


def merge(
    subject: str,
    items: tuple[Item, ...],
    statements: Mapping[str, Sequence[Statement]],
    superseded: Collection[str] = (),
) -> Merged:
    """One record of its reports, which stand in the order of publication.

    Documents in ``superseded`` have a corrected re-issue: their values count only where there are
    no others.
    """
    counted = _counted(items, superseded)
    stages = history(counted, statements)
    reached = latest(stages)
    row = _common(subject, items, counted)
    row |= _status(reached, counted)
    row |= _when(counted, row["status"])
    if subject == "agreement":
        row |= _agreement(counted, stages, statements)
        row["stage"] = reached.stage if reached else None
    elif subject == "meeting":
        row |= {"ordinal": _voted(counted, "ordinal"), "place": _place(counted)}
        row |= {"agreement_id": None, "series_id": None}
    else:
        row |= {"host": _voted(counted, "host"), "agreement_id": None}
    found = list(_disagreements(row, counted, statements))
    row["conflicts"] = sorted({d.field for d in found})
    told = stages if counted is items else history(items, statements)
    return Merged(subject, items, row, told, found)


def _counted(items: tuple[Item, ...], superseded: Collection[str]) -> tuple[Item, ...]:
    if not any(i.doc_id in superseded for i in items):
        return items
    return tuple(i for i in items if i.doc_id not in superseded) or items


def _common(subject: str, items: Sequence[Item], counted: Sequence[Item]) -> Row:
    published = [i.published for i in items if i.published]
    return {
        "kind": _voted(counted, "kind"),
        NAMES[subject]: _title(counted, NAMES[subject]),
        PARTIES[subject]: _parties(counted),
        "institutions": _union(i.row["institutions"] for i in counted),
        "doc_ids": sorted({i.doc_id for i in items}),
        "n_reports": len(items),
        "first_published": min(published, default=None),
        "last_published": max(published, default=None),
        "confidence": max(i.row["confidence"] or 0.0 for i in items),
    }


def _agreement(
    items: Sequence[Item], stages: Sequence[Stage], statements: Mapping[str, Sequence[Statement]]
) -> Row:
    topics = _union(i.row["topics"] for i in items)
    told = validity(items, stages, statements)
    return {
        "institution_ids": _union(i.row["institution_ids"] for i in items),
        "place": _place(items),
        "topics": [t for t in topics if t != "other"] or topics,
        "valid_for": told.valid_for,
        "valid_until": told.valid_until,
        "valid_until_granularity": told.granularity,
        "renewal": told.renewal,
    }


def _status(reached: Stage | None, items: Sequence[Item]) -> Row:
    if reached is None:
        # Only mentions without a date: the thing is treated as existing.
        return {"status": _voted(items, "status"), "as_of": _last(items)}
    return {"status": STATUS.get(reached.stage, reached.stage), "as_of": reached.by}


def _last(items: Sequence[Item]) -> dt.date | None:
    return max((i.published for i in items if i.published), default=None)


def _when(items: Sequence[Item], status: str | None) -> Row:
    """The date of the status, else that of the signing, else of any stage: the most precise one."""
    dated = [i for i in items if i.row["date"]]
    signed = [i for i in dated if i.row["status"] == "signed" and _is_first(i)]
    own = [i for i in dated if i.row["status"] == status and _is_first(i)]
    chosen = own or signed or dated
    if not chosen:
        return {"date": None, "date_start": None, "date_end": None}
    finest = min(_fineness(i) for i in chosen)
    best = [i for i in chosen if _fineness(i) == finest]
    edtf = _voted(best, "date")
    row = next(i.row for i in best if i.row["date"] == edtf)
    return {key: row[key] for key in ("date", "date_start", "date_end")}


def _is_first(item: Item) -> bool:
    """Whether a date is that of the signing itself and not of what came of it."""
    return item.features.stage not in {"in_force", "renewed"}


def _fineness(item: Item) -> int:
    span = item.features.date
    return _FINE[span.granularity] if span else max(_FINE.values()) + 1


def _voted(items: Sequence[Item], field: str) -> Any:
    """The value of most independent documents; of equals the latest published, then the smallest."""
    return _most(items, lambda i: i.row[field], lambda _: 0)


def _most(items: Sequence[Item], value: Callable[[Item], Any], worth: Callable[[Item], Any]) -> Any:
    """The value of most texts, copies counting once; those of more worth come first."""
    if len(items) == 1:
        return value(items[0])
    votes: Counter[Hashable] = Counter()
    last: dict[Hashable, dt.date] = {}
    best: dict[Hashable, Any] = {}
    for item in _originals([i for i in items if value(i) is not None]):
        found = value(item)
        votes[found] += 1
        last[found] = max(last.get(found, dt.date.min), item.published or dt.date.min)
        best[found] = max(best.get(found, worth(item)), worth(item))
    if not votes:
        return None
    ranked = sorted(votes, key=str)
    return max(ranked, key=lambda v: (best[v], votes[v], last[v]))


def _originals(items: Sequence[Item]) -> list[Item]:
    """One item of each text: that of the original where it is among them, else the earliest."""
    first: dict[str, Item] = {}
    for item in items:
        if item.origin not in first or item.doc_id == item.origin != first[item.origin].doc_id:
            first[item.origin] = item
    return list(first.values())


def _title(items: Sequence[Item], field: str) -> str | None:
    """The name that most use, of those that say what it is about."""
    found = _most(items, lambda i: i.row[field], lambda i: min(2, len(i.features.words)))
    return str(found) if found is not None else None


def _place(items: Sequence[Item]) -> str | None:
    """A city rather than a country."""
    found = _most(items, lambda i: i.row["place"], lambda i: i.features.place is not None)
    return str(found) if found is not None else None


def _parties(items: Sequence[Item]) -> list[str]:
    """The largest set of sides; of an instrument of many states all that texts name."""
    if any(i.features.worldwide for i in items):
        return sorted(frozenset().union(*(i.features.parties for i in items)))
    sides = _most(items, lambda i: i.features.parties, lambda i: len(i.features.parties))
    return sorted(sides or ())


def _union(lists: Iterable[Sequence[str] | None]) -> list[str]:
    return sorted({value for values in lists for value in values or ()})


def _disagreements(
    row: Row, items: Sequence[Item], statements: Mapping[str, Sequence[Statement]]
) -> Iterator[Disagreement]:
    """The values of each field on which documents that aren't copies disagree."""
    if len(items) == 1:
        return
    originals = _originals(items)
    for field in ("kind", "place", "host", "ordinal"):
        if field in row:
            yield from _differing(row, originals, field)
    yield from _dates(row, originals)
    if "valid_until" in row:
        ends = stated_ends(items, statements)
        if len({s.value for _, s in ends}) > 1:
            for item, said in ends:
                yield Disagreement(
                    "valid_until", said.value, said.value == row["valid_until"], item
                )


def _differing(row: Row, items: Sequence[Item], field: str) -> Iterator[Disagreement]:
    told = [i for i in items if i.row[field] is not None]
    if field == "place":
        told = [i for i in told if i.features.place is not None]
    if len({str(i.row[field]).casefold() for i in told}) > 1:
        for item in told:
            value = item.row[field]
            yield Disagreement(field, str(value), value == row[field], item)


def _dates(row: Row, items: Sequence[Item]) -> Iterator[Disagreement]:
    """Dates of one stage that have no day in common; a plan and its outcome, too."""
    by_stage: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        stage = {"cited": "signed", "planned": "held"}.get(item.features.stage, item.features.stage)
        if item.features.date and stage in _ONCE:
            by_stage[stage].append(item)
    for told in by_stage.values():
        spans = [i.features.date for i in told if i.features.date]
        begin, end = max(s.first for s in spans), min(s.last for s in spans)
        for item in told:
            span = item.features.date
            if span and (span.first > end or span.last < begin):
                value = item.row["date"]
                yield Disagreement("date", value, value == row["date"], item)
