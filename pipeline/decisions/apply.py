"""Decisions put onto the rows of a document: what was rejected stays out, what was set stays set."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.decisions.facts import QUOTED, derived, facts_of, fitting_context, same_thing
from pipeline.decisions.model import RULE_PREFIX, Decision, Facts, TextQuote, normalised
from pipeline.schema import BY_NAME, REPORT_TABLES

Row = Sequence[Any]
Record = dict[str, Any]
Rows = dict[str, list[Row]]
# ISO3 code and name by code.
Countries = Mapping[str, tuple[str, str]]

# These change tables; the others only say that somebody looked.
EFFECTIVE = frozenset({"reject", "set"})
_CERTAIN = 1.0
DECIDED = "decided"


@dataclass
class Applied:
    """What became of the decisions in one document: the ids of those that found their row."""

    doc_id: str
    rows: Rows
    ids: set[str] = field(default_factory=set)
    countries: Countries = field(default_factory=dict)


@dataclass
class _Decided:
    """A row that decisions may be about: as it was found, and as it is now (None: rejected)."""

    found: Record
    now: Record | None


class DecisionBook:
    """The decisions that change tables, found by the words that they quote.

    ``documents`` are the ids of all documents; ``countries`` gives the ISO3 code and the name of a
    code that somebody set.
    """

    def __init__(
        self,
        decisions: Iterable[Decision],
        documents: Container[str],
        countries: Countries | None = None,
    ) -> None:
        self._documents = documents
        self._countries = countries or {}
        self._by_words: dict[tuple[str, str], list[Decision]] = defaultdict(list)
        self._missing: list[Decision] = []
        self._tables: set[str] = set()
        for decision in decisions:
            if decision.action in EFFECTIVE and decision.table in QUOTED and decision.quote:
                self._tables.add(decision.table)
                if decision.action == "reject" and decision.after is None:
                    self._missing.append(decision)
                else:
                    key = decision.table, normalised(decision.quote.exact)
                    self._by_words[key].append(decision)

    def __bool__(self) -> bool:
        return bool(self._tables)

    def apply(self, doc_id: str, text: str, rows: Rows) -> Applied:
        """The rows of a document after the decisions on them, with evidence that says so."""
        copied = {name: list(found) for name, found in rows.items()}
        applied = Applied(doc_id, copied, countries=self._countries)
        for table in sorted(self._tables & rows.keys()):
            self._in_table(applied, table, doc_id, text)
        for decision in self._missing:
            if self._may_be_in(decision, doc_id) and decision.table in rows:
                _restore(applied, decision, doc_id, text)
        return applied

    def _may_be_in(self, decision: Decision, doc_id: str) -> bool:
        """Whether the document is the quoted one, or may be it under another name."""
        quote = decision.quote
        return quote is not None and (quote.doc == doc_id or quote.doc not in self._documents)

    def _in_table(self, applied: Applied, table: str, doc_id: str, text: str) -> None:
        names = [column.name for column in BY_NAME[table].columns]
        place = names.index("text")
        decisions: dict[str, Decision] = {}
        quoted: dict[int, _Decided] = {}
        for position, row in enumerate(applied.rows[table]):
            found = self._by_words.get((table, normalised(row[place])), ())
            fitting = [d for d in found if self._may_be_in(d, doc_id)]
            if fitting:
                record = dict(zip(names, row, strict=True))
                quoted[position] = _Decided(record, record)
                decisions |= {d.id: d for d in fitting}
        for decision in sorted(decisions.values(), key=lambda d: (d.when, d.id)):
            for one in _meant(decision, list(quoted.values()), text):
                applied.ids.add(decision.id)
                _decide(applied, one, decision)
        kept = (
            (quoted[i].now if i in quoted else row) for i, row in enumerate(applied.rows[table])
        )
        applied.rows[table] = [
            tuple(row[name] for name in names) if isinstance(row, dict) else row
            for row in kept
            if row is not None
        ]


def _meant(decision: Decision, rows: Sequence[_Decided], text: str) -> list[_Decided]:
    """The rows that a decision is about: those with the quoted words and the words around them.

    Where the words around were edited, it is the one row of the quoted document that is left.
    """
    quote = decision.quote
    if quote is None:
        return []
    fitting: dict[int, list[_Decided]] = defaultdict(list)
    for row in rows:
        place = row.found["start"], row.found["end"]
        if _is_about(decision, row) and normalised(text[slice(*place)]) == normalised(quote.exact):
            fitting[fitting_context(quote, text, *place)].append(row)
    if fitting[2] or not rows or quote.doc != rows[0].found["doc_id"]:
        return fitting[2]
    nearest = fitting[1] or fitting[0]
    return nearest if len(nearest) == 1 else []


def _decide(applied: Applied, row: _Decided, decision: Decision) -> None:
    """Changes a row as the decision says."""
    changes = _changes(decision)
    if row.now is None:
        return
    if changes is None:
        _drop_evidence(applied, row.found)
        row.now = None
    else:
        row.now = _with_values(applied, row.now, changes, decision)


def _is_about(decision: Decision, row: _Decided) -> bool:
    """Whether a row says what the decision saw, as it was found or after earlier decisions."""
    return any(_says(decision, record) for record in (row.found, row.now) if record is not None)


def _says(decision: Decision, record: Record) -> bool:
    facts, seen = facts_of(decision.table, record), decision.after or {}
    touched = [decision.field] if decision.action == "set" else _differing(decision)
    return same_thing(decision.table, seen, facts) and all(
        facts.get(name) == seen.get(name) for name in touched
    )


def _differing(decision: Decision) -> list[str]:
    before, after = decision.before or {}, decision.after or {}
    if decision.before is None:
        return []
    return [k for k in sorted(before.keys() | after.keys()) if before.get(k) != after.get(k)]


def _changes(decision: Decision) -> dict[str, Any] | None:
    """The values that a decision gives to fields; None when the row must go."""
    if decision.action == "set":
        return {decision.field: decision.value}
    if decision.before is None:
        return None
    return {name: decision.before.get(name) for name in _differing(decision)}


def _with_values(
    applied: Applied, row: Record, changes: Mapping[str, Any], decision: Decision
) -> Record:
    made = dict(row)
    # Without the mentions at hand the ids stay as they were.
    if (
        "institutions" in changes
        and {"institution_ids", "institutions"} <= row.keys()
        and ("institutions" in applied.rows)
    ):
        ids = _institution_ids(applied, changes["institutions"] or ())
        changes = {**changes, "institution_ids": ids}
    for name, value in changes.items():
        made[name] = _typed(decision.table, name, value)
        made |= derived(decision.table, name, value, applied.countries)
    if decision.table in REPORT_TABLES:
        _replace_evidence(applied, made, changes, decision)
    else:
        made["rule"], made["confidence"] = decision.rule, _CERTAIN
    return made


def _institution_ids(applied: Applied, names: Collection[str]) -> list[str]:
    """The ids of the institutions of the document that have one of the names."""
    columns = [column.name for column in BY_NAME["institutions"].columns]
    name, key = columns.index("name"), columns.index("institution_id")
    rows = applied.rows.get("institutions", ())
    return sorted({row[key] for row in rows if row[name] in names and row[key]})


def _typed(table: str, name: str, value: Any) -> Any:
    column = next(c for c in BY_NAME[table].columns if c.name == name)
    is_list = str(column.type).startswith("list")
    return (value or []) if is_list else value


def _drop_evidence(applied: Applied, report: Record) -> None:
    report_id = report.get("report_id")
    if report_id is not None and "evidence" in applied.rows:
        applied.rows["evidence"] = [r for r in applied.rows["evidence"] if r[0] != report_id]


def _replace_evidence(
    applied: Applied, report: Record, changes: Mapping[str, Any], decision: Decision
) -> None:
    """The evidence of the fields that were set: the decision, at the words that it quotes."""
    old = applied.rows.get("evidence", [])
    kept = [r for r in old if not (r[0] == report["report_id"] and r[2] in changes)]
    made = [
        _evidence(report, name, item, decision)
        for name, value in changes.items()
        for item in (value if isinstance(value, list) else [value])
        if item is not None
    ]
    last = max(
        (i for i, r in enumerate(kept) if r[0] == report["report_id"]), default=len(kept) - 1
    )
    applied.rows["evidence"] = [*kept[: last + 1], *made, *kept[last + 1 :]]


def _evidence(report: Record, name: str, value: Any, decision: Decision) -> Row:
    told = {
        "record_id": report["report_id"],
        "table": decision.table,
        "field": name,
        "value": str(value),
        "step": DECIDED,
        "detail": f"{decision.action} by {decision.who}",
        "rule": decision.rule,
        "confidence": _CERTAIN,
    } | {key: report[key] for key in ("doc_id", "start", "end", "text")}
    return tuple(told[column.name] for column in BY_NAME["evidence"].columns)


def _restore(applied: Applied, decision: Decision, doc_id: str, text: str) -> None:
    """Puts a row back that is not found any more, where its words still stand."""
    quote, facts = decision.quote, decision.before
    place = find_quote(quote, text, needs_context=quote.doc != doc_id) if quote else None
    if place is None or facts is None:
        return
    table = decision.table
    rows = applied.rows[table]
    names = [column.name for column in BY_NAME[table].columns]
    known = (dict(zip(names, row, strict=True)) for row in rows)
    here = (facts_of(table, r) for r in known if (r["start"], r["end"]) == place)
    applied.ids.add(decision.id)
    if any(same_thing(table, facts, found) for found in here):
        return
    record = _restored(applied, decision, facts, (doc_id, text, place))
    rows.append(tuple(record[name] for name in names))
    if table in REPORT_TABLES:
        _replace_evidence(applied, record, facts, decision)
    rows.sort(key=lambda row: _place_of(row, names))


def _place_of(row: Row, names: list[str]) -> tuple[int, int]:
    return row[names.index("start")], row[names.index("end")]


def _restored(
    applied: Applied, decision: Decision, facts: Facts, where: tuple[str, str, tuple[int, int]]
) -> Record:
    table, (doc_id, text, place) = decision.table, where
    record: Record = {
        c.name: _typed(table, c.name, facts.get(c.name)) for c in BY_NAME[table].columns
    }
    record |= {"doc_id": doc_id, "start": place[0], "end": place[1], "text": text[slice(*place)]}
    record |= {"rule": decision.rule, "confidence": _CERTAIN}
    for name in ("date", "edtf"):
        if facts.get(name):
            record |= derived(table, name, facts[name], applied.countries)
    if table in REPORT_TABLES:
        digest = hashlib.sha256(f"{doc_id}\0{decision.id}".encode()).hexdigest()
        record["report_id"] = f"{table[0]}-{digest[:16]}"
    return record


def find_quote(quote: TextQuote, text: str, *, needs_context: bool) -> tuple[int, int] | None:
    """Where the quoted words stand; of several places the one with the words around it."""
    places = list(_places(quote.exact, text))
    fitting = [p for p in places if fitting_context(quote, text, *p) == 2]
    if fitting:
        return fitting[0]
    return None if needs_context or len(places) != 1 else places[0]


def _places(exact: str, text: str) -> Iterator[tuple[int, int]]:
    """Every place of some words, however their lines are broken."""
    words = exact.split()
    if words and max(words, key=len) in text:
        pattern = re.compile(r"\s+".join(map(re.escape, words)))
        yield from (match.span() for match in pattern.finditer(text))


def is_decided(rule: str) -> bool:
    """Whether a row or a value was made by a decision."""
    return rule.startswith(RULE_PREFIX)
