"""A change as somebody reads it: what, from what to what, the quotes, the rule and the cause."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.decisions.facts import quote_of
from pipeline.decisions.model import TextQuote, normalised
from pipeline.diff.compare import Diff
from pipeline.diff.model import EVIDENCE_FIELDS, Change, Record
from pipeline.diff.quotes import Quote, excerpts, quoted
from pipeline.diff.select import iterate
from pipeline.diff.snapshot import Side
from pipeline.schema import BY_NAME

# Derived from another column of the same row, or told by the card itself.
_HIDDEN = frozenset({"date_start", "date_end", "institution_ids", "iso3", "text", "url", "sha256"})
_NAMES = ("title", "name", "edtf", "code", "institution_id", "text")
_LONGEST_LABEL = 120


class FieldChange(msgspec.Struct, frozen=True):
    """A field: its old and new value as text (None: no value), and the quotes that say so."""

    name: str
    old: str | None
    new: str | None
    old_quote: Quote | None = None
    new_quote: Quote | None = None
    rule: str = ""
    where: str = ""


class Card(msgspec.Struct, frozen=True):
    """One change to read, and to decide on.

    ``id`` is made of what changed and of the words quoted, not of a run or an offset. ``record`` is
    the id of the row, ``others`` the ids it was merged from or split into, ``anchor`` the quoted
    words with those around them, by which a decision finds them again, ``side`` where the row is.
    """

    id: str
    table: str
    kind: str
    label: str
    record: str
    doc_id: str
    cause: str
    cause_kind: str
    fields: tuple[FieldChange, ...]
    quote: Quote | None
    rule: str
    where: str
    countries: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    anchor: TextQuote | None = None
    side: str = "new"


class CardMaker:
    """Makes the cards of a diff; texts and evidence of the rows shown are read once."""

    def __init__(self, diff: Diff, old: Side, new: Side) -> None:
        self._diff = diff
        self._sides = (old, new)
        self._where = {k: e.where for side in self._sides for k, e in (side.rules or {}).items()}
        self._texts: tuple[dict[str, str], dict[str, str]] = ({}, {})
        self._evidence: tuple[dict[str, list[Record]], ...] = ({}, {})

    def cards(self, limit: int = 0) -> list[Card]:
        """The cards of the first ``limit`` changes (0: all)."""
        changes = list(iterate(self._diff, limit))
        rows = [[c.before for c in changes if c.before], [c.after for c in changes if c.after]]
        ids = [{r["report_id"] for r in side if "report_id" in r} for side in rows]
        self._evidence = tuple(
            _evidence(side, found) for side, found in zip(self._sides, ids, strict=True)
        )
        wanted = [_documents(side) for side in rows]
        self._texts = (
            _texts(self._sides[0], wanted[0]),
            _texts(self._sides[1], wanted[1]),
        )
        seen: Counter[str] = Counter()
        return [_numbered(self._card(change), seen) for change in changes]

    def _card(self, change: Change) -> Card:
        fields = tuple(self._fields(change))
        row = change.row
        side = 1 if change.after else 0
        quote = self._quote(row, side)
        anchor = self._anchor(row, side)
        rule = str(row.get("rule") or "")
        return Card(
            id=_card_id(change, fields, anchor),
            table=change.table,
            kind=change.kind,
            label=label_of(row),
            record=_record_id(change.table, row),
            doc_id=str(row.get("doc_id") or ", ".join(row.get("doc_ids") or ())),
            cause=change.cause.label,
            cause_kind=change.cause.kind,
            fields=fields,
            quote=quote,
            rule=rule,
            where=self._where.get(rule, ""),
            countries=_countries(row),
            others=change.others,
            anchor=anchor,
            side=("old", "new")[side],
        )

    def _fields(self, change: Change) -> Iterator[FieldChange]:
        before, after = change.before or {}, change.after or {}
        if change.table == "documents" and before and after and "text" in change.fields:
            yield FieldChange("text", *excerpts(before["text"] or "", after["text"] or ""))
        names = change.fields if change.before and change.after else tuple(change.row)
        shown = [
            n
            for n in names
            if n not in _HIDDEN and (change.kind == "evidence" or n not in EVIDENCE_FIELDS)
        ]
        for name in shown:
            old, new = told(before.get(name)), told(after.get(name))
            if old is None and new is None:
                continue
            if not (change.before and change.after):
                yield FieldChange(name, old, new)
                continue
            supports = [self._support(row, name, side) for side, row in enumerate((before, after))]
            rule = str((supports[1] or supports[0] or {}).get("rule") or "")
            one, other = (self._quote(s, side) if s else None for side, s in enumerate(supports))
            yield FieldChange(name, old, new, one, other, rule, self._where.get(rule, ""))

    def _support(self, row: Record, name: str, side: int) -> Record | None:
        found = self._evidence[side].get(row.get("report_id", ""), ())
        return next((e for e in found if e["field"] == name), None)

    def _quote(self, row: Record, side: int) -> Quote | None:
        text = self._text(row, side)
        return None if text is None else quoted(row["doc_id"], text, row["start"], row["end"])

    def _anchor(self, row: Record, side: int) -> TextQuote | None:
        text = self._text(row, side)
        return None if text is None else quote_of(row, text)

    def _text(self, row: Record, side: int) -> str | None:
        """The text that a row quotes, if it quotes one."""
        return self._texts[side].get(row.get("doc_id", "")) if row.get("end", -1) > 0 else None


def _numbered(card: Card, seen: Counter[str]) -> Card:
    """The card with an id of its own where an equal text has the same change."""
    seen[card.id] += 1
    number = seen[card.id]
    if number == 1:
        return card
    digest = hashlib.sha256(f"{card.id}#{number}".encode()).hexdigest()
    return msgspec.structs.replace(card, id=digest[:16])


def label_of(row: Record) -> str:
    """What a row is called: its title or name, else its kind, or what it quotes."""
    named = next((str(row[n]) for n in _NAMES if row.get(n)), "")
    if "sha256" in row:
        named = str(row["title"] or row["doc_id"])
    kind = str(row.get("kind") or "") if "report_id" in row or "n_reports" in row else ""
    label = " ".join(f"{kind} {named}".split())
    return label if len(label) <= _LONGEST_LABEL else label[: _LONGEST_LABEL - 1] + "…"


def told(value: Any) -> str | None:
    """A value as text; None where there is none."""
    if value is None or value == []:
        return None
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _record_id(table: str, row: Record) -> str:
    if "report_id" in row:
        return str(row["report_id"])
    return " ".join(str(row.get(column)) for column in BY_NAME[table].key)


def _countries(row: Record) -> tuple[str, ...]:
    for name in ("parties", "countries", "code", "country"):
        if row.get(name):
            return tuple(row[name]) if isinstance(row[name], list) else (str(row[name]),)
    return ()


def _card_id(change: Change, fields: Sequence[FieldChange], anchor: TextQuote | None) -> str:
    """The content of a change: its facts, the words quoted for each and the words around them."""
    facts = [(f.name, f.old, f.new) for f in fields if f.name not in EVIDENCE_FIELDS]
    quotes = [q and normalised(q.text) for f in fields for q in (f.old_quote, f.new_quote)]
    around = anchor and [normalised(anchor.exact), anchor.prefix, anchor.suffix]
    told = [
        change.table,
        change.kind,
        facts,
        quotes,
        around or _record_id(change.table, change.row),
    ]
    return hashlib.sha256(msgspec.json.encode(told)).hexdigest()[:16]


def _documents(rows: Iterable[Record]) -> set[str]:
    return {row["doc_id"] for row in rows if row.get("doc_id") and "start" in row}


def _texts(side: Side, documents: set[str]) -> dict[str, str]:
    if not documents:
        return {}
    part = _where_in(side.table("documents").select(["doc_id", "text"]), "doc_id", documents)
    return dict(zip(part["doc_id"].to_pylist(), part["text"].to_pylist(), strict=True))


def _evidence(side: Side, reports: set[str]) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = defaultdict(list)
    if reports:
        for row in _where_in(side.table("evidence"), "record_id", reports).to_pylist():
            found[row["record_id"]].append(row)
    return found


def _where_in(table: pa.Table, column: str, values: set[str]) -> pa.Table:
    return table.filter(pc.is_in(table[column], pa.array(sorted(values), pa.string())))
