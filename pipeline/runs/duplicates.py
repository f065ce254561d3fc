"""Near-duplicates over all documents of the state."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import closing
from functools import lru_cache

from pipeline.ingest.duplicates import (
    Candidate,
    Earlier,
    Sketch,
    body_text,
    exact_similarity,
    match_duplicates,
    sketch,
)
from pipeline.runs.stages import read_document
from pipeline.runs.state import Cache, DamagedError, State

_KEPT = 16_384  # sketches of some 3 KB each


def changed_marks(state: State, stirred: list[bytes]) -> Iterator[tuple[str | None, int, int]]:
    """(original, file, n) of every document whose mark isn't what it has to be."""
    places: dict[str, tuple[int, int, bytes]] = {}
    candidates = []
    for file, n, doc_id, document, likeness in state.likenesses():
        places[doc_id] = (file, n, document)
        day = likeness.published
        published = dt.date.fromordinal(day) if day is not None else None
        candidates.append(Candidate(doc_id, published, likeness.size, likeness.buckets))
    marked = state.duplicates()
    with closing(Cache(state.path)) as cache:
        names = {(file, n): doc_id for doc_id, (file, n, _) in places.items()}
        before = Earlier({names[place]: kept for place, kept in marked.items()}, stirred)
        sketches = _Sketches(cache, places)
        found = match_duplicates(candidates, sketches.of, sketches.exact, before)
    for doc_id, (file, n, _) in places.items():
        if marked.get((file, n)) != found.get(doc_id):
            yield found.get(doc_id), file, n


class _Sketches:
    """Sketches of documents, made again from their texts when they are asked for."""

    def __init__(self, cache: Cache, places: dict[str, tuple[int, int, bytes]]) -> None:
        self._cache = cache
        self._places = places
        # Each is asked for several times in a row; memory must not grow with the documents.
        self.of = lru_cache(maxsize=_KEPT)(self._of)

    def _of(self, doc_id: str) -> Sketch:
        """The sketch of a document."""
        return sketch(self._text(doc_id))

    def exact(self, one: str, other: str) -> float:
        """The similarity of the texts of two documents."""
        return exact_similarity(self._text(one), self._text(other))

    def _text(self, doc_id: str) -> str:
        content = self._cache.blob(self._places[doc_id][2])
        if content is None:
            raise DamagedError(f"the text of {doc_id} is missing")
        return body_text(read_document(content))
