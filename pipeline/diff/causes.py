"""Why rows differ: what happened to their documents, the rules, the code, or a decision."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.diff.model import Cause, Record
from pipeline.diff.snapshot import Side
from pipeline.rulebook.entries import Entry, changed_entries


@dataclass
class Documents:
    """What happened to the documents that are not the same: a Cause by old and by new id.

    ``names`` maps the old id of a moved document to its new one.
    """

    old: dict[str, Cause] = field(default_factory=dict)
    new: dict[str, Cause] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    edited: list[tuple[str, str]] = field(default_factory=list)


def compare_documents(old: pa.Table, new: pa.Table) -> Documents:
    """What happened to each document: added, removed, edited (other bytes), or moved (other path)."""
    before, after = (_hashes(table) for table in (old, new))
    gone = {k: v for k, v in before.items() if k not in after}
    fresh = {k: v for k, v in after.items() if k not in before}
    found = Documents(names=_moves(gone, fresh))
    for doc_id in gone:
        target = found.names.get(doc_id)
        kind = "document_moved" if target else "document_removed"
        found.old[doc_id] = Cause(kind, target or doc_id)
    came = {new: old for old, new in found.names.items()}
    for doc_id in fresh:
        kind = "document_moved" if doc_id in came else "document_added"
        found.new[doc_id] = Cause(kind, doc_id)
    for doc_id in before.keys() & after.keys():
        if before[doc_id] != after[doc_id]:
            found.old[doc_id] = found.new[doc_id] = Cause("document_edited", doc_id)
    found.edited = sorted(_other_texts(old, new, found.names))
    return found


def _hashes(table: pa.Table) -> dict[str, str]:
    return dict(zip(table["doc_id"].to_pylist(), table["sha256"].to_pylist(), strict=True))


def _moves(gone: Mapping[str, str], fresh: Mapping[str, str]) -> dict[str, str]:
    """Old and new id of the documents that only have another path; the same bytes once on each side."""
    counts = Counter(gone.values()), Counter(fresh.values())
    targets = {sha: doc_id for doc_id, sha in fresh.items()}
    return {
        doc_id: targets[sha]
        for doc_id, sha in gone.items()
        if counts[0][sha] == 1 and counts[1][sha] == 1
    }


def _other_texts(
    old: pa.Table, new: pa.Table, names: Mapping[str, str]
) -> Iterable[tuple[str, str]]:
    """(old id, new id) of the documents whose text differs, for whatever reason."""
    texts = pc.dictionary_encode(
        pa.chunked_array([*old["text"].chunks, *new["text"].chunks], pa.string()).combine_chunks()
    ).indices.to_pylist()
    ids = old["doc_id"].to_pylist()
    before = dict(zip(ids, texts, strict=False))
    after = dict(zip(new["doc_id"].to_pylist(), texts[len(ids) :], strict=True))
    for doc_id, text in before.items():
        target = names.get(doc_id, doc_id)
        if target in after and after[target] != text:
            yield doc_id, target


# The stages in their order; a table is made by its own stage and those before it.
_STAGES = ("ingest", "annotate", "records", "rows")


class Causes:
    """Names the cause of rows; documents come first, then decisions, rules and code."""

    def __init__(self, old: Side, new: Side, documents: Documents) -> None:
        self._documents = documents
        known = old.rules is not None and new.rules is not None
        self.rules: dict[str, Entry] = (
            changed_entries(old.rules or {}, new.rules or {}) if known else {}
        )
        self._inputs = _changed_inputs(old, new)
        self._known = known
        self._given = old.cause
        self._decided = _new_decisions(old, new)
        self._rest = {stage: self._without_rule(stage) for stage in (*_STAGES, "link")}
        self._recalled: dict[str, Cause] = {}

    def _without_rule(self, stage: str) -> Cause:
        """The cause of a row of an unchanged document that no changed rule is named in."""
        if self._given:
            return self._given
        until = _STAGES.index(stage) + 1 if stage in _STAGES else len(_STAGES)
        stages = {*_STAGES[:until], "rows"}
        names = {name for made_in, name in self._inputs if made_in in stages}
        files = sorted({n.partition("[")[0] for n in names if n.startswith("rules/")})
        files = files or sorted(
            {f"rules/{e.file}" for e in self.rules.values()} if not names else ()
        )
        code = sorted(names - {n for n in names if n.startswith("rules/")})
        if files:
            return Cause("rule", ", ".join(files))
        if code:
            return Cause("code", ", ".join(code))
        return Cause("unknown", "" if self._known else "a side doesn't tell its rules")

    @property
    def may_be_decided(self) -> bool:
        """Whether a side has decisions that the other one doesn't have."""
        return bool(self._decided)

    def of_decision(self, table: str, doc_id: str | None, text: str | None) -> Cause | None:
        """The decision that only one side has on a row with these words."""
        found = self._decided.get((table, doc_id or "", " ".join((text or "").split())))
        return Cause("decision", found) if found else None

    def of_decision_row(self, row: Record) -> Cause:
        """The cause of a row of the table of decisions: that somebody decided."""
        return Cause("decision", _told(row))

    def of_row(
        self, stage: str, before: str | None, after: str | None, rules: Iterable[str | None]
    ) -> Cause:
        """The cause of a row of document ``before`` → ``after`` that ``rules`` made."""
        found = self._documents.new.get(after or "") or self._documents.old.get(before or "")
        return found or self.of_rules(stage, rules)

    def of_rules(self, stage: str, rules: Iterable[str | None]) -> Cause:
        """The first changed rule of some rules, else what else changed."""
        named = [rule for rule in rules if rule]
        for rule in named:
            if rule in self.rules:
                return self._rule(rule)
        return self._rest[stage]

    def _rule(self, rule: str) -> Cause:
        if rule not in self._recalled:
            self._recalled[rule] = Cause("rule", self.rules[rule].where, rule)
        return self._recalled[rule]

    def of_record(
        self, before: Record | None, after: Record | None, reports: Sequence[Cause]
    ) -> Cause:
        """The cause of a row over all documents: its documents', then that of its reports."""
        old, new = (set((row or {}).get("doc_ids") or ()) for row in (before, after))
        for doc_id in sorted(new - old):
            if doc_id in self._documents.new:
                return self._documents.new[doc_id]
        for doc_id in sorted(old - new):
            if doc_id in self._documents.old:
                return self._documents.old[doc_id]
        for doc_id in sorted(old | new):
            if doc_id in self._documents.new:
                return self._documents.new[doc_id]
        return min(reports) if reports else self.of_rules("link", ())


def _changed_inputs(old: Side, new: Side) -> set[tuple[str, str]]:
    """(stage, name) of everything that a stage depends on and that isn't the same on both sides."""
    before, after = old.stages or {}, new.stages or {}
    if not before or not after:
        return set()
    return {
        (stage, name)
        for stage in before.keys() | after.keys()
        for name in before.get(stage, {}).keys() | after.get(stage, {}).keys()
        if before.get(stage, {}).get(name) != after.get(stage, {}).get(name)
    }


def _new_decisions(old: Side, new: Side) -> dict[tuple[str, str, str], str]:
    """(table, document, words) → who decided what, of the decisions that only one side has."""
    sides = [_decisions(side) for side in (old, new)]
    return {
        (row["table"], row["doc_id"], " ".join(row["text"].split())): _told(row)
        for one, other in (sides, sides[::-1])
        for key, row in one.items()
        if key not in other
    }


def _decisions(side: Side) -> dict[tuple[str, str], Record]:
    rows: list[Record] = side.table("decisions").to_pylist()
    return {(row["decision_id"], row["doc_id"]): row for row in rows}


def _told(row: Record) -> str:
    return " ".join(filter(None, (row["action"], row["field"], "by", row["who"])))
