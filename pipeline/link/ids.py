"""Ids made of what a record is, not of when or in which order its documents arrived.

An id is the hash of the earliest report's subject, family of kinds, sides and title words (a
text without a title adds its year): none of them changes when later documents are added, a date is
refined or a status advances. Records that share all of that are told apart by year, month, day
and at last by their first report; the one published first keeps the plain id.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from pipeline.link.group import seed_order
from pipeline.link.model import Features, Item, Row

_PREFIX = {"agreement": "A", "meeting": "M", "project": "P", "series": "S"}


def assign_ids(groups: Sequence[tuple[Item, ...]]) -> list[str]:
    """The id of each group of reports; a group's first item is its earliest."""
    order = sorted(range(len(groups)), key=lambda i: seed_order(groups[i][0]))
    taken: set[str] = set()
    found = [""] * len(groups)
    for index in order:
        seed = groups[index][0]
        found[index] = next(i for i in _choices(seed) if i not in taken)
        taken.add(found[index])
    return found


def _choices(seed: Item) -> Iterator[str]:
    features = seed.features
    base = _base(features)
    yield hashed(features.subject, base)
    day = features.date.first.isoformat() if features.date else ""
    for length in (4, 7, 10):
        if day:
            yield hashed(features.subject, [*base, day[:length]])
    yield hashed(features.subject, [*base, seed.report_id])


def _base(features: Features) -> list[object]:
    about = sorted(features.words | features.names)
    year = features.date.first.year if features.date else None
    distinct = [features.ordinal, features.body] if features.subject == "meeting" else []
    untitled = [] if about and features.subject != "meeting" else [year]
    return [
        features.subject,
        features.family,
        sorted(features.parties),
        about,
        *distinct,
        *untitled,
    ]


def hashed(subject: str, content: object) -> str:
    """An id of a subject: its letter and 64 bits of the content's hash."""
    digest = hashlib.sha256(msgspec.json.encode(content)).hexdigest()
    return f"{_PREFIX[subject]}-{digest[:16]}"


def id_changes(
    table: str,
    earlier: Mapping[str, str],
    now: Mapping[str, str],
    known: Iterable[Row] = (),
) -> list[Row]:
    """Ids that are no more, each with the record that has most of its reports now.

    ``earlier`` and ``now`` map report ids to record ids; ``known`` are the changes told before,
    which are carried on to where their records are now.
    """
    ids = set(now.values())
    shares: dict[str, Counter[str]] = defaultdict(Counter)
    heirs: dict[str, set[str]] = defaultdict(set)
    for report, old in earlier.items():
        shares[old][now.get(report, "")] += 1
    for old, counts in shares.items():
        if old not in ids:
            for new in counts:
                heirs[new].add(old)
    gone = {old: _heir(counts) for old, counts in shares.items() if old not in ids}
    rows = {old: _change(table, old, new, shares[old], heirs) for old, new in gone.items()}
    for row in known:
        if row["table"] == table and row["old_id"] not in ids:
            heir = gone.get(row["new_id"], row["new_id"])
            change = row["change"] if heir else "gone"
            rows.setdefault(row["old_id"], {**row, "new_id": heir, "change": change})
    return [rows[old] for old in sorted(rows)]


def _heir(counts: Counter[str]) -> str | None:
    present = {new: n for new, n in counts.items() if new}
    return min(present, key=lambda new: (-present[new], new)) if present else None


def _change(
    table: str, old: str, new: str | None, counts: Counter[str], heirs: Mapping[str, set[str]]
) -> Row:
    if new is None:
        change = "gone"
    elif len([n for n in counts if n]) > 1:
        change = "split"
    else:
        change = "merged" if len(heirs[new]) > 1 else "renamed"
    return {"table": table, "old_id": old, "new_id": new, "change": change}
