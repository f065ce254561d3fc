"""Near-duplicates over all documents of the state."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from pipeline.ingest.duplicates import (
    Candidate,
    Sketch,
    body_text,
    exact_similarity,
    match_duplicates,
    sketch,
)
from pipeline.runs.stages import read_document
from pipeline.runs.state import Cache, DamagedError, State


def changed_marks(state: State) -> Iterator[tuple[str | None, int, int]]:
    """(original, file, n) of every document whose mark isn't what it has to be."""
    places: dict[str, tuple[int, int, bytes]] = {}
    candidates = []
    for file, n, doc_id, document, likeness in state.likenesses():
        places[doc_id] = (file, n, document)
        day = likeness.published
        published = dt.date.fromordinal(day) if day is not None else None
        candidates.append(Candidate(doc_id, published, likeness.size, likeness.buckets))
    sketches = _Sketches(Cache(state.path), places)
    found = match_duplicates(candidates, sketches.of, sketches.exact)
    marked = state.duplicates()
    for doc_id, (file, n, _) in places.items():
        if marked.get((file, n)) != found.get(doc_id):
            yield found.get(doc_id), file, n


class _Sketches:
    """Sketches of documents, made again from their texts when they are asked for."""

    def __init__(self, cache: Cache, places: dict[str, tuple[int, int, bytes]]) -> None:
        self._cache = cache
        self._places = places
        self._known: dict[str, Sketch] = {}

    def of(self, doc_id: str) -> Sketch:
        """The sketch of a document."""
        if doc_id not in self._known:
            self._known[doc_id] = sketch(self._text(doc_id))
        return self._known[doc_id]

    def exact(self, one: str, other: str) -> float:
        """The similarity of the texts of two documents."""
        return exact_similarity(self._text(one), self._text(other))

    def _text(self, doc_id: str) -> str:
        content = self._cache.blob(self._places[doc_id][2])
        if content is None:
            raise DamagedError(f"the text of {doc_id} is missing")
        return body_text(read_document(content))
