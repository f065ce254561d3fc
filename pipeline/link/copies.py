"""Documents that repeat others: the same text, an edited copy, a corrected re-issue."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from pipeline.ingest.duplicates import exact_similarity
from pipeline.link.model import Item, Row
from pipeline.records.phrases import Phrases
from pipeline.rulebook.linking import LinkRules

# Where a release says that it corrects another: its head and its end.
_EDGE = 400
# A correction follows soon and keeps a part of the words.
_SOON = 60
_KEPT = 0.25


class Text(NamedTuple):
    """A document's text with what tells re-issues."""

    doc_id: str
    text: str
    published: dt.date | None
    duplicate_of: str | None
    sha256: str


class Reissues:
    """Finds the phrases by which a release says that it corrects an earlier one."""

    def __init__(self, rules: LinkRules) -> None:
        self._cues = Phrases((cue, rule.id) for rule in rules.reissue for cue in rule.cues)

    def rule(self, text: str) -> str | None:
        """The rule whose phrase stands at the head or the end of a text."""
        head, end = text[:_EDGE], text[_EDGE:][-_EDGE:]
        found = self._cues.all(head) or self._cues.all(end)
        return found[0].item if found else None


def find_copies(
    texts: Mapping[str, Text], groups: Iterable[Sequence[Item]], reissues: Mapping[str, str]
) -> list[Row]:
    """One row for each copy and each corrected re-issue, by document.

    ``reissues`` are documents that say so, with the rule; one corrects the latest earlier document
    that tells of the same record in part in the same words.
    """
    rows: dict[str, Row] = {}
    for doc_id, one in texts.items():
        original = texts.get(one.duplicate_of or "")
        if original:
            rows[doc_id] = _copy(one, original, reissues.get(doc_id))
    for doc_id, earlier in _earlier(texts, groups, reissues):
        if doc_id not in rows:
            rule = reissues[doc_id]
            best = max((exact_similarity(texts[doc_id].text, e.text), e.doc_id) for e in earlier)
            if best[0] >= _KEPT:
                rows[doc_id] = _row(doc_id, best[1], "reissue", best[0], rule)
    return [rows[doc_id] for doc_id in sorted(rows)]


def superseded(copies: Iterable[Row]) -> frozenset[str]:
    """The documents that a corrected re-issue replaces."""
    return frozenset(row["duplicate_of"] for row in copies if row["kind"] == "reissue")


def _copy(one: Text, original: Text, rule: str | None) -> Row:
    if one.text == original.text or one.sha256 == original.sha256:
        return _row(one.doc_id, original.doc_id, "identical", 1.0, None)
    kind = "reissue" if rule else "copy"
    similarity = exact_similarity(one.text, original.text)
    return _row(one.doc_id, original.doc_id, kind, similarity, rule)


def _row(doc_id: str, original: str, kind: str, similarity: float, rule: str | None) -> Row:
    return {
        "doc_id": doc_id,
        "duplicate_of": original,
        "kind": kind,
        "similarity": similarity,
        "rule": rule,
    }


def _earlier(
    texts: Mapping[str, Text], groups: Iterable[Sequence[Item]], reissues: Mapping[str, str]
) -> Iterator[tuple[str, list[Text]]]:
    """Each re-issue with the documents of its records that were published shortly before."""
    beside: dict[str, set[str]] = defaultdict(set)
    for items in groups:
        docs = {i.doc_id for i in items}
        for doc_id in docs & reissues.keys():
            beside[doc_id] |= docs - {doc_id}
    for doc_id in sorted(beside):
        told = texts[doc_id].published
        found = [texts[d] for d in sorted(beside[doc_id]) if d in texts and d not in reissues]
        near = [
            t for t in found if told and t.published and 0 <= (told - t.published).days <= _SOON
        ]
        if near:
            yield doc_id, near
