"""Why rows differ: what happened to their documents, the rules, the code, or a decision."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.diff.decided import NewDecisions
from pipeline.diff.model import Cause, Record
from pipeline.diff.snapshot import Side
from pipeline.rulebook.entries import Entry, changed_entries
from pipeline.schema import BY_NAME


@dataclass
class Documents:
    """What happened to the documents that are not the same: a Cause by old and by new id.

    ``names`` maps the old id of a moved document to its new one.
    """

    old: dict[str, Cause] = field(default_factory=dict)
    new: dict[str, Cause] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    edited: list[tuple[str, str]] = field(default_factory=list)


# What a sidecar may say of a document.
_METADATA = ("title", "published", "source", "source_kind", "language", "url")


def compare_documents(old: pa.Table, new: pa.Table, *, same_reading: bool = False) -> Documents:
    """What happened to each document: added, removed, edited (other bytes), or moved (other path).

    With ``same_reading`` (both sides read files in the same way) a document whose metadata differ
    counts as edited too: its sidecar was.
    """
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
    if same_reading:
        for doc_id in _other_metadata(old, new) - found.old.keys():
            found.old[doc_id] = found.new[doc_id] = Cause("document_edited", doc_id)
    found.edited = sorted(_other_texts(old, new, found.names))
    return found


def _other_metadata(old: pa.Table, new: pa.Table) -> set[str]:
    """The documents of both sides that have another title, date or source."""
    told = []
    for table in (old, new):
        columns = [table[name].to_pylist() for name in _METADATA]
        told.append(dict(zip(table["doc_id"].to_pylist(), zip(*columns, strict=True), strict=True)))
    return {doc_id for doc_id, said in told[0].items() if told[1].get(doc_id, said) != said}


def _hashes(table: pa.Table) -> dict[str, str]:
    return dict(zip(table["doc_id"].to_pylist(), table["sha256"].to_pylist(), strict=True))


def _moves(gone: Mapping[str, str], fresh: Mapping[str, str]) -> dict[str, str]:
    """Old and new id of the documents that only have another path.

    Copies of one text are paired in the order of their paths.
    """
    targets: dict[str, list[str]] = defaultdict(list)
    for doc_id in sorted(fresh, reverse=True):
        targets[fresh[doc_id]].append(doc_id)
    return {d: targets[gone[d]].pop() for d in sorted(gone) if targets[gone[d]]}


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


Rules = Collection[str]
# The stages in their order; a table is made by its own stage and those before it.
_STAGES = ("ingest", "annotate", "records", "rows", "link")
# So many inputs of a stage are named.
_MOST_NAMED = 4


class Place(NamedTuple):
    """Where a row stands: the document's old and new id (None: no such row), and its words."""

    old: str | None
    new: str | None
    text: str | None


class Causes:
    """Names the cause of rows: decisions, documents, rules, code, in this order."""

    def __init__(self, old: Side, new: Side, documents: Documents) -> None:
        self._documents = documents
        known = old.rules is not None and new.rules is not None
        self.rules: dict[str, Entry] = (
            changed_entries(old.rules or {}, new.rules or {}) if known else {}
        )
        self._inputs = _changed_inputs(old, new)
        self._known = known
        self._told = bool(old.stages and new.stages)
        self._given = old.cause
        self._given_by = NewDecisions(new, old)
        self._taken_back = NewDecisions(old, new)
        self._rest = {stage: self._without_rule(stage) for stage in _STAGES}
        self._recalled: dict[str, Cause] = {}

    def _without_rule(self, stage: str) -> Cause:
        """The cause of a row of an unchanged document that no changed rule is named in."""
        if self._given:
            return self._given
        stages = {*_STAGES[: _STAGES.index(stage) + 1], "rows"}
        names = {name for made_in, name in self._inputs if made_in in stages}
        files = sorted({n.partition("[")[0] for n in names if n.startswith("rules/")})
        code = sorted(n for n in names if not n.startswith("rules/"))
        if not names and not self._told:
            files = sorted({f"rules/{e.file}" for e in self.rules.values()})
        if code:
            return Cause("code", _listed([*code, *files]))
        if files:
            return Cause("rule", _listed(files))
        decided = self._given_by.people | self._taken_back.people
        if decided:
            return Cause("decision", f"by {', '.join(sorted(decided))}")
        return Cause("unknown", "" if self._known else "a side doesn't tell its rules")

    def of_row(self, table: str, place: Place, rules: tuple[Rules, Rules]) -> Cause:
        """The cause of a row of that place that (old, new) rules made.

        A decision that holds now comes first; one that no longer holds may have lost its words, so
        what happened to the document comes before it.
        """
        return (
            self._given_by.of_row(table, place.new or place.old, place.text, rules[1])
            or self.of_document(place.old, place.new)
            or self._taken_back.of_row(table, place.old or place.new, place.text, rules[0])
            or self.of_rules(BY_NAME[table].stage, (*rules[1], *rules[0]))
        )

    def of_document(self, before: str | None, after: str | None) -> Cause | None:
        """What happened to a document, None where it is the same."""
        return self._documents.new.get(after or "") or self._documents.old.get(before or "")

    def of_rules(self, stage: str, rules: Iterable[str]) -> Cause:
        """The first changed rule of some rules, else what else changed."""
        for rule in rules:
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


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _MOST_NAMED
    told = ", ".join(names[:_MOST_NAMED])
    return f"{told} and {more} more" if more > 0 else told


def _changed_inputs(old: Side, new: Side) -> set[tuple[str, str]]:
    """(stage, name) of everything that a stage depends on and that isn't the same on both sides."""
    before, after = old.stages or {}, new.stages or {}
    if not before or not after:
        return set()
    alone = {(stage, f"stage {stage}") for stage in before.keys() ^ after.keys()}
    return alone | {
        (stage, name)
        for stage in before.keys() & after.keys()
        for name in before.get(stage, {}).keys() | after.get(stage, {}).keys()
        if before.get(stage, {}).get(name) != after.get(stage, {}).get(name)
    }
