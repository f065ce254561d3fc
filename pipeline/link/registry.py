"""One registry of institutions over all documents: names, renamings, when they are spoken of."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.link.copies import Text
from pipeline.link.model import Row
from pipeline.link.words import LinkWords
from pipeline.records.phrases import lower

# What may stand between a new name and the former one.
_REACH = 48


class _Seen(NamedTuple):
    mentions: int
    documents: int
    first: dt.date | None
    last: dt.date | None


def registry(
    mentions: pa.Table, published: Mapping[str, dt.date | None], words: LinkWords,
    renamings: Sequence[Row] = (),
) -> list[Row]:  # fmt: skip
    """One row for each institution that is mentioned, by id."""
    seen = _seen(mentions, published)
    told = _names(mentions)
    before = _predecessors(words, renamings)
    rows = []
    for key in sorted(told):
        known = words.registry.get(key)
        names = told[key]
        row = _known(known) if known else _discovered(names)
        others = {n for n in (*names["name"], *names["acronym"]) if n} | set(row.pop("also"))
        row["aliases"] = sorted(others - {row["name"], row["acronym"]})
        row |= _times(key, seen, before.get(key, ()))
        rows.append({"institution_id": key, **row, "linked": known is not None})
    return rows


def _known(institution: Any) -> Row:
    return {
        "name": institution.name,
        "acronym": institution.acronym,
        "also": institution.aliases,
        "kind": institution.kind,
        "country": institution.country,
    }


def _discovered(names: Mapping[str, Mapping[str, int]]) -> Row:
    """The most frequent value of each column."""
    return {c: _commonest(names[c]) for c in ("name", "acronym", "kind", "country")} | {"also": ()}


def _commonest(counts: Mapping[str, int]) -> str | None:
    return min(counts, key=lambda v: (-counts[v], v)) if counts else None


def _times(key: str, seen: Mapping[str, _Seen], before: Sequence[str]) -> Row:
    own = seen[key]
    last = [seen[p].last for p in before if p in seen]
    return {
        "successor_of": "|".join(before) or None,
        "n_mentions": own.mentions,
        "n_documents": own.documents,
        "first_seen": own.first,
        "last_seen": own.last,
        "renamed_after": max((day for day in last if day), default=None),
    }


def _predecessors(words: LinkWords, renamings: Sequence[Row]) -> dict[str, tuple[str, ...]]:
    """The predecessors by the rules, then by what documents say."""
    found = {k: list(i.predecessors) for k, i in words.registry.items() if i.predecessors}
    for row in renamings:
        known = found.setdefault(row["institution_id"], [])
        if row["predecessor_id"] not in known and row["institution_id"] not in words.registry:
            known.append(row["predecessor_id"])
    return {key: tuple(value) for key, value in found.items()}


def _names(mentions: pa.Table) -> dict[str, dict[str, dict[str, int]]]:
    """How often each value of each column stands for an institution."""
    found: dict[str, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    for column in ("name", "acronym", "kind", "country"):
        counts = mentions.group_by(["institution_id", column]).aggregate([("doc_id", "count")])
        for row in counts.to_pylist():
            values = found[row["institution_id"]][column]
            if row[column] is not None:
                values[row[column]] = row["doc_id_count"]
    return found


def _seen(mentions: pa.Table, published: Mapping[str, dt.date | None]) -> dict[str, _Seen]:
    docs = mentions.group_by(["institution_id", "doc_id"]).aggregate([("start", "count")])
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    days: dict[str, list[dt.date]] = defaultdict(list)
    for row in docs.to_pylist():
        own = counts[row["institution_id"]]
        own[0] += row["start_count"]
        own[1] += 1
        day = published.get(row["doc_id"])
        if day:
            days[row["institution_id"]].append(day)
    return {
        key: _Seen(n[0], n[1], min(days[key], default=None), max(days[key], default=None))
        for key, n in counts.items()
    }


def find_renamings(
    mentions: pa.Table, texts: Mapping[str, Text], words: LinkWords
) -> Iterator[Row]:
    """What texts say of former names: “the Ministry of A, formerly the Ministry of B”."""
    for one, other, gap in _neighbours(mentions, texts):
        rule = next((r for r in words.rules.renaming if gap in r.cues), None)
        same = one["institution_id"] == other["institution_id"]
        countries = {one["country"], other["country"]} - {None}
        if rule and not same and len(countries) < 2 and one["kind"] == other["kind"]:
            new, old = (one, other) if rule.newer == "before" else (other, one)
            text = texts[one["doc_id"]]
            yield {
                "institution_id": new["institution_id"],
                "predecessor_id": old["institution_id"],
                "doc_id": one["doc_id"],
                "start": one["start"],
                "end": other["end"],
                "text": text.text[one["start"] : other["end"]],
                "published": text.published,
                "rule": rule.id,
            }


def _neighbours(mentions: pa.Table, texts: Mapping[str, Text]) -> Iterator[tuple[Row, Row, str]]:
    """Mentions that follow one another closely, with the words between, without brackets."""
    for index in _close(mentions):
        one, other = mentions.slice(index, 2).to_pylist()
        if one["doc_id"] in texts:
            gap = lower(texts[one["doc_id"]].text[one["end"] : other["start"]])
            yield one, other, gap.strip(" ,()\n").removesuffix(" the").strip()


def _close(mentions: pa.Table) -> list[int]:
    if mentions.num_rows < 2:
        return []
    docs = np.asarray(pc.dictionary_encode(mentions["doc_id"]).combine_chunks().indices)
    starts, ends = np.asarray(mentions["start"]), np.asarray(mentions["end"])
    gaps = starts[1:] - ends[:-1]
    close = (docs[1:] == docs[:-1]) & (gaps > 2) & (gaps <= _REACH)
    return [int(i) for i in np.flatnonzero(close)]


def suggestions(rows: Iterable[Row], least: int = 1) -> list[Row]:
    """Discovered institutions as rows of ``rules/institutions/*.csv``, the most frequent first.

    Those of one country with one acronym, or with names that differ in case and signs only, become
    one row with aliases.
    """
    groups: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        if not row["linked"]:
            groups[_identity(row)].append(row)
    found = [_suggestion(group) for group in groups.values()]
    wanted = [row for row in found if row["n_documents"] >= least]
    return sorted(wanted, key=lambda r: (-r["n_documents"], r["id"]))


def _identity(row: Row) -> tuple[str, ...]:
    acronym = row["acronym"] or ""
    if len(acronym) > 2 and row["country"]:
        return row["country"], "acronym", acronym.casefold()
    plain = "".join(c for c in row["name"].casefold().replace("&", "and") if c.isalnum())
    return row["country"] or "", "name", plain


def _suggestion(group: Sequence[Row]) -> Row:
    ordered = sorted(group, key=lambda r: (-r["n_documents"], r["institution_id"]))
    first = ordered[0]
    names = {n for r in ordered for n in (r["name"], *r["aliases"])}
    names -= {first["name"], first["acronym"]}
    return {
        "id": first["institution_id"].replace(":", "-"),
        "name": first["name"],
        "acronym": first["acronym"] or "",
        "aliases": "|".join(sorted(names)),
        "kind": first["kind"],
        "country": first["country"] or "",
        "predecessors": (first["successor_of"] or "").replace(":", "-"),
        "ambiguous": "",
        "n_documents": sum(r["n_documents"] for r in ordered),
    }
