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
        found = match_duplicates(candidates, _Sketches(cache, places).of, before)
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
        content = self._cache.blob(self._places[doc_id][2])
        if content is None:
            raise DamagedError(f"the text of {doc_id} is missing")
        return sketch(body_text(read_document(content)))
