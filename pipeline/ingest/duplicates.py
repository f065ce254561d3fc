"""Near-duplicates: the same release on two sites, or a copy with an edited line.

A sketch holds, of the hashes of all runs of five words, the smallest of each of 128 bins (to find
candidates) and the 512 smallest of all (to measure the overlap). A pair counts when the
Jaccard similarity is at least 0.8, or at least 0.6 and nine tenths of the names and numbers of
the shorter text (by occurrence) stand in the longer one: an edited copy, and not the same form filled
in for another country. Texts of up to 516 words are compared exactly; for longer ones the estimate
is off by two hundredths as a rule, and `find_duplicates` asks for the exact figure where that could
decide, if it is told how to get it. One text being *contained* in a longer
one doesn't count: what was added may be the news.
"""

from __future__ import annotations

import datetime as dt
import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Final, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from pipeline.model import Document

SHINGLE: Final = 5
BINS: Final = 128
BANDS: Final = 32
BOTTOM: Final = 512
THRESHOLD: Final = 0.8
EDITED: Final = 0.6
# How many of the names and numbers of a text are kept, and the part that must agree.
FACTS: Final = 96
SAME_FACTS: Final = 0.9
# So far from a threshold an estimate may still be wrong (four standard errors).
DOUBT: Final = 0.08

_FACT = re.compile(r"[A-ZÀ-Þ0-9][\w.,]*")

_Hashes = npt.NDArray[np.uint64]


class Sketch(msgspec.Struct, frozen=True, gc=False):
    """What is kept of a text.

    ``size`` is its number of different shingles, ``facts`` the smallest hashes of its names and
    numbers with their counts.
    """

    size: int
    signature: bytes
    bottom: bytes
    facts: bytes = b""


def body_text(document: Document) -> str:
    """The text without boilerplate, as sketches want it."""
    text = document.text
    return "\n".join(text[b.start : b.end] for b in document.blocks if b.boilerplate is None)


def sketch(text: str) -> Sketch:
    """The sketch of a text; case, punctuation and spacing don't count."""
    hashes = _shingles(text)
    if not hashes.size:
        return Sketch(0, b"", b"")
    return Sketch(
        hashes.size, _signature(hashes).tobytes(), _smallest(hashes).tobytes(), _facts(text)
    )


def _smallest(hashes: _Hashes) -> npt.NDArray[np.uint32]:
    """The upper halves of the smallest hashes: enough to tell them apart."""
    return (hashes[:BOTTOM] >> np.uint64(32)).astype(np.uint32)


def _facts(text: str) -> bytes:
    """Pairs of a name's or number's hash and how often it stands in the text, by hash."""
    words = Counter(word.strip(".,").casefold() for word in _FACT.findall(text))
    pairs = sorted((zlib.crc32(word.encode()), count) for word, count in words.items())
    return np.array(pairs[:FACTS], dtype=np.uint32).tobytes()


_BLOCK: Final = 1 << 18  # bytes that are hashed at once
_BASE: Final = 0x9E3779B97F4A7C15


def _powers(base: int) -> _Hashes:
    powers = np.full(_BLOCK, base, dtype=np.uint64)
    powers[0] = 1
    return np.multiply.accumulate(powers)


_UP: Final = _powers(_BASE)
_DOWN: Final = _powers(pow(_BASE, -1, 1 << 64))
_IS_WORD: Final = np.array([chr(c).isalnum() or c >= 128 for c in range(256)])
_SIGN: Final = (0xE2, 0x80)  # quotes, dashes and dots of typography in UTF-8 part words too
_RUN: Final = np.array(
    [pow(0xC2B2AE3D27D4EB4F, i, 1 << 64) for i in range(SHINGLE)], dtype=np.uint64
)


def _shingles(text: str) -> _Hashes:
    """The different hashes of all runs of five words (or of all words, in a shorter text)."""
    data = text.encode("utf-8", "replace").lower()
    parts = [_word_hashes(piece) for piece in _pieces(data)]
    words = parts[0] if len(parts) == 1 else np.concatenate(parts)
    width = min(SHINGLE, words.size)
    if not width:
        return words
    size = words.size - width + 1
    run = words[:size] * _RUN[0]
    for i in range(1, width):
        run += words[i : size + i] * _RUN[i]
    run = _mix(run)
    run.sort()
    return run[np.concatenate(([True], run[1:] != run[:-1]))]


def _pieces(data: bytes) -> list[bytes]:
    """``data`` in blocks that end between two words."""
    pieces: list[bytes] = []
    start = 0
    while len(data) - start >= _BLOCK:
        end = data.rfind(b" ", start, start + _BLOCK - 1) + 1
        end = end if end > start else start + _BLOCK - 1
        pieces.append(data[start:end])
        start = end
    pieces.append(data[start:])
    return pieces


def _word_hashes(data: bytes) -> _Hashes:
    """A hash of each word: its bytes as digits of a number, wherever it stands."""
    letters = np.frombuffer(data, dtype=np.uint8)
    inside = np.zeros(letters.size + 2, dtype=np.int8)
    inside[1:-1] = _IS_WORD[letters]
    if not data.isascii() and letters.size > 2:
        at = np.flatnonzero((letters[:-2] == _SIGN[0]) & (letters[1:-1] == _SIGN[1])) + 1
        inside[at] = inside[at + 1] = inside[at + 2] = 0
    edges = np.flatnonzero(inside[1:] != inside[:-1])
    starts, ends = edges[::2], edges[1::2]
    sums = np.zeros(letters.size + 1, dtype=np.uint64)
    np.cumsum(letters * _UP[: letters.size], out=sums[1:])
    return _mix((sums[ends] - sums[starts]) * _DOWN[starts])


def _mix(values: _Hashes) -> _Hashes:
    """Spreads close values over all bits (the finaliser of SplitMix64)."""
    values = values ^ (values >> np.uint64(30))
    values *= np.uint64(0xBF58476D1CE4E5B9)
    values ^= values >> np.uint64(27)
    values *= np.uint64(0x94D049BB133111EB)
    values ^= values >> np.uint64(31)
    return values


_ALL_BINS: Final = np.arange(BINS)
# The upper end of the last bin is the largest number itself; that one hash may be missed.
_EDGES: Final = np.array(
    [*(i << (65 - BINS.bit_length()) for i in range(BINS)), (1 << 64) - 1], dtype=np.uint64
)


def _signature(hashes: _Hashes) -> npt.NDArray[np.uint32]:
    """The smallest hash of each bin; an empty bin borrows from the next one that has any."""
    edges = np.searchsorted(hashes, _EDGES)
    filled = np.flatnonzero(edges[1:] > edges[:-1])
    if filled.size == BINS:
        return _mix(hashes[edges[:-1]]).astype(np.uint32)
    nearest = filled[np.searchsorted(filled, _ALL_BINS) % filled.size]
    distance = (nearest - _ALL_BINS) % BINS
    return _mix(hashes[edges[nearest]] + distance.astype(np.uint64)).astype(np.uint32)


def similarity(one: Sketch, other: Sketch) -> float:
    """The Jaccard similarity of two texts: exact for short ones, estimated for long ones."""
    if not one.size or not other.size:
        return 0.0
    if min(one.size, other.size) < EDITED * max(one.size, other.size):
        return min(one.size, other.size) / max(one.size, other.size)  # an upper bound, below it
    a = np.unique(np.frombuffer(one.bottom, dtype=np.uint32))
    b = np.unique(np.frombuffer(other.bottom, dtype=np.uint32))
    union = np.union1d(a, b)
    if max(one.size, other.size) > BOTTOM:
        union = union[:BOTTOM]
    common = np.intersect1d(a, b, assume_unique=True)
    return float(np.isin(union, common, assume_unique=True).sum() / union.size)


def exact_similarity(one: str, other: str) -> float:
    """The share of different runs of five words that two texts have in common (Jaccard)."""
    a, b = _shingles(one), _shingles(other)
    if not a.size or not b.size:
        return 0.0
    common = np.intersect1d(a, b, assume_unique=True).size
    return float(common / (a.size + b.size - common))


def is_duplicate(one: Sketch, other: Sketch, exact: Callable[[], float] | None = None) -> bool:
    """Whether two texts are the same release, but for edits.

    ``exact`` gives the similarity of the texts themselves; it is asked for only where the estimate of
    long texts leaves a doubt.
    """
    measured = similarity(one, other)
    if exact and max(one.size, other.size) > BOTTOM and _is_close(measured):
        measured = exact()
    return measured >= THRESHOLD or (measured >= EDITED and _same_facts(one, other))


def _is_close(measured: float) -> bool:
    return min(abs(measured - THRESHOLD), abs(measured - EDITED)) < DOUBT


def _same_facts(one: Sketch, other: Sketch) -> bool:
    """Whether nearly all that the shorter text names, by occurrence, is in the longer one."""
    short, long = sorted((one, other), key=lambda sketch: sketch.size)
    facts = np.frombuffer(short.facts, dtype=np.uint32).reshape(-1, 2)
    known = np.frombuffer(long.facts, dtype=np.uint32).reshape(-1, 2)[:, 0]
    if known.size == FACTS:
        facts = facts[facts[:, 0] <= known[-1]]
    counts = facts[:, 1]
    return bool(counts.size) and float(counts[np.isin(facts[:, 0], known)].sum()) >= (
        SAME_FACTS * float(counts.sum())
    )


class Candidate(NamedTuple):
    """What is known of a document before it is compared: the keys of the buckets it falls into."""

    doc_id: str
    published: dt.date | None
    size: int
    buckets: bytes


def find_duplicates(
    documents: Iterable[tuple[str, dt.date | None, Sketch]],
    exact: Callable[[str, str], float] | None = None,
) -> dict[str, str]:
    """doc_id → the earliest document that it nearly repeats; only duplicates have an entry.

    ``exact`` is as for `match_duplicates`.
    """
    sketches = {doc_id: (published, one) for doc_id, published, one in documents}
    candidates = [
        Candidate(doc_id, published, one.size, buckets_of(one))
        for doc_id, (published, one) in sketches.items()
    ]
    return match_duplicates(candidates, lambda doc_id: sketches[doc_id][1], exact)


class Earlier(NamedTuple):
    """What was found before: the marks, and the keys of all buckets that something happened in.

    A document that was added, changed or removed stirs the buckets that it is or was in.
    """

    marks: Mapping[str, str]
    stirred: Iterable[bytes]


def match_duplicates(
    candidates: Iterable[Candidate],
    sketch_of: Callable[[str], Sketch],
    exact: Callable[[str, str], float] | None = None,
    before: Earlier | None = None,
) -> dict[str, str]:
    """As `find_duplicates`; ``sketch_of`` is asked only for documents that share a bucket.

    Documents are taken by date (undated ones last), then by length, then by id. Each is compared with the earlier
    ones that are no duplicates themselves, so every entry was measured against the document that it
    names, and the order of the input doesn't matter. ``exact`` gives the similarity of two documents
    by their ids (`exact_similarity` of their texts), for long texts whose estimate leaves a doubt.
    With ``before``, a document is compared again only if one of its buckets was stirred or has
    another original now: else it meets the same ones.
    """

    def matches(one: Sketch, doc_id: str, other: str) -> bool:
        measure = partial(exact, doc_id, other) if exact else None
        return is_duplicate(one, sketch_of(other), measure)

    ordered = sorted((one for one in candidates if one.size), key=_order)
    shared = _shared_buckets([one.buckets for one in ordered], before.stirred if before else ())
    originals: dict[int, list[int]] = defaultdict(list)
    found: dict[str, str] = {}
    stirred = shared.stirred
    for i, buckets in shared.of.items():
        name = ordered[i].doc_id
        was = before.marks.get(name) if before else None
        match = was
        if before is None or not stirred.isdisjoint(buckets):
            earlier = sorted({j for bucket in buckets for j in originals[bucket]})
            match = _first_alike(name, [ordered[j].doc_id for j in earlier], sketch_of, matches)
            if match != was:
                stirred.update(buckets)
        if match is not None:
            found[name] = match
            continue
        for bucket in buckets:
            originals[bucket].append(i)
    return found


def _first_alike(
    name: str,
    earlier: Sequence[str],
    sketch_of: Callable[[str], Sketch],
    matches: Callable[[Sketch, str, str], bool],
) -> str | None:
    if not earlier:
        return None
    one = sketch_of(name)
    return next((other for other in earlier if matches(one, name, other)), None)


def _order(one: Candidate) -> tuple[bool, dt.date, int, str]:
    """The earliest first; of one day the longest, for copies leave out rather than add."""
    return one.published is None, one.published or dt.date.min, -one.size, one.doc_id


def buckets_of(one: Sketch) -> bytes:
    """A key a band of the signature; texts that are alike share at least one."""
    if not one.size:
        return b""
    rows = np.frombuffer(one.signature, dtype=np.uint64).reshape(BANDS, -1)
    return (_mix(rows[:, 0]) + rows[:, 1]).tobytes()


class _Shared(NamedTuple):
    """The numbers of the buckets of each text that shares one, and of the stirred ones."""

    of: dict[int, list[int]]
    stirred: set[int]


def _shared_buckets(texts: Sequence[bytes], stirred: Iterable[bytes]) -> _Shared:
    """The buckets of each text that shares one with another; most share none and cost nothing."""
    found: dict[int, list[int]] = {}
    moved: set[int] = set()
    if not texts:
        return _Shared(found, moved)
    matrix = _matrix(texts)
    changes = _matrix([one for one in stirred if one])
    buckets = 0
    for band in range(BANDS):
        keys, bucket_of, sizes = np.unique(
            np.ascontiguousarray(matrix[:, band]), return_inverse=True, return_counts=True
        )
        for i in np.flatnonzero(sizes[bucket_of] > 1).tolist():
            found.setdefault(i, []).append(buckets + int(bucket_of[i]))
        places = np.minimum(np.searchsorted(keys, changes[:, band]), keys.size - 1)
        moved.update((places[keys[places] == changes[:, band]] + buckets).tolist())
        buckets += sizes.size
    return _Shared(dict(sorted(found.items())), moved)


def _matrix(buckets: Sequence[bytes]) -> _Hashes:
    return np.frombuffer(b"".join(buckets), dtype=np.uint64).reshape(-1, BANDS)
