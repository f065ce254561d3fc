"""Near-duplicates: the same release on two sites, or a copy with an edited line.

A sketch holds, of the hashes of all runs of five words, the smallest of each of 128 bins (to find
candidates) and the 256 smallest of all (to measure the overlap). A pair counts when the estimated
Jaccard similarity is at least 0.8; texts of up to 260 words are compared exactly. One text being
*contained* in a longer one doesn't count: what was added may be the news.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt

from pipeline.model import Document

SHINGLE: Final = 5
BINS: Final = 128
BANDS: Final = 32
BOTTOM: Final = 256
THRESHOLD: Final = 0.8

_ROWS: Final = BINS // BANDS
_Hashes = npt.NDArray[np.uint64]
_Order = tuple[bool, dt.date, str]


class Sketch(msgspec.Struct, frozen=True, gc=False):
    """What is kept of a text: ``size`` is its number of different shingles."""

    size: int
    signature: bytes
    bottom: bytes


def body_text(document: Document) -> str:
    """The text without boilerplate, as sketches want it."""
    text = document.text
    return "\n".join(text[b.start : b.end] for b in document.blocks if b.boilerplate is None)


def sketch(text: str) -> Sketch:
    """The sketch of a text; case, punctuation and spacing don't count."""
    hashes = _shingles(text)
    if not hashes.size:
        return Sketch(0, b"", b"")
    return Sketch(hashes.size, _signature(hashes).tobytes(), hashes[:BOTTOM].tobytes())


def _powers() -> _Hashes:
    base = np.uint64(0x9E3779B97F4A7C15)
    return np.multiply.accumulate(np.full(64, base, dtype=np.uint64))


_POWERS: Final = _powers()
_IS_WORD: Final = np.array(
    [chr(c).isalnum() or c >= 128 for c in range(256)], dtype=np.bool_  # noqa: PLR2004 (ASCII)
)
# Quotes, dashes and bullets are the non-ASCII signs of English text; they part words as spaces do.
_SIGNS: Final = str.maketrans(dict.fromkeys("‘’“”–—…•«»„‚·", " "))


def _shingles(text: str) -> _Hashes:
    """The different hashes of all runs of five words (or of all words, in a shorter text)."""
    folded = text.casefold()
    if not folded.isascii():
        folded = folded.translate(_SIGNS)
    data = np.frombuffer(folded.encode("utf-8", "replace"), dtype=np.uint8)
    words = _word_hashes(data)
    if not words.size:
        return words
    width = min(SHINGLE, words.size)
    run = words[: words.size - width + 1].copy()
    for i in range(1, width):
        run *= np.uint64(0xC2B2AE3D27D4EB4F)
        run += words[i : words.size - width + 1 + i]
    return np.unique(_mix(run))


def _word_hashes(data: npt.NDArray[np.uint8]) -> _Hashes:
    inside = _IS_WORD[data]
    edges = np.flatnonzero(np.diff(np.concatenate(([False], inside, [False])).view(np.int8)))
    starts, ends = edges[::2], edges[1::2]
    if not starts.size:
        return np.empty(0, dtype=np.uint64)
    letters = data[inside].astype(np.uint64)
    lengths = ends - starts
    first = np.concatenate(([0], np.cumsum(lengths)[:-1]))
    place = np.arange(letters.size) - np.repeat(first, lengths)
    letters += np.uint64(1)
    letters *= _POWERS[np.minimum(place, _POWERS.size - 1)]
    return _mix(np.add.reduceat(letters, first))


def _mix(values: _Hashes) -> _Hashes:
    """Spreads close values over all bits (the finaliser of SplitMix64)."""
    values = values ^ (values >> np.uint64(30))
    values *= np.uint64(0xBF58476D1CE4E5B9)
    values ^= values >> np.uint64(27)
    values *= np.uint64(0x94D049BB133111EB)
    values ^= values >> np.uint64(31)
    return values


def _signature(hashes: _Hashes) -> npt.NDArray[np.uint32]:
    """The smallest hash of each bin; an empty bin borrows from the next one that has any."""
    shift = np.uint64(64 - BINS.bit_length() + 1)
    first = np.searchsorted(hashes >> shift, np.arange(BINS, dtype=np.uint64))
    bins = (hashes >> shift).astype(np.int64)
    filled = first < hashes.size
    filled[filled] = bins[first[filled]] == np.flatnonzero(filled)
    source = np.flatnonzero(filled)
    nearest = source[np.searchsorted(source, np.arange(BINS)) % source.size]
    distance = (nearest - np.arange(BINS)) % BINS
    values = _mix(hashes[first[nearest]] + distance.astype(np.uint64))
    return values.astype(np.uint32)


def similarity(one: Sketch, other: Sketch) -> float:
    """The Jaccard similarity of two texts: exact for short ones, estimated for long ones."""
    if not one.size or not other.size:
        return 0.0
    if min(one.size, other.size) < THRESHOLD * max(one.size, other.size):
        return min(one.size, other.size) / max(one.size, other.size)  # an upper bound, below it
    a = np.frombuffer(one.bottom, dtype=np.uint64)
    b = np.frombuffer(other.bottom, dtype=np.uint64)
    union = np.union1d(a, b)
    if max(one.size, other.size) > BOTTOM:
        union = union[:BOTTOM]
    common = np.intersect1d(a, b, assume_unique=True)
    return float(np.isin(union, common, assume_unique=True).sum() / union.size)


def find_duplicates(
    documents: Iterable[tuple[str, dt.date | None, Sketch]],
) -> dict[str, str]:
    """doc_id → the earliest document that it nearly repeats; only duplicates have an entry.

    Documents are taken by date (undated ones last), then by id. Each is compared with the earlier
    ones that are no duplicates themselves, so every entry was measured against the document that it
    names, and the order of the input doesn't matter.
    """
    ordered = sorted(documents, key=_order)
    originals: list[tuple[str, Sketch]] = []
    buckets: dict[tuple[int, bytes], list[int]] = defaultdict(list)
    found: dict[str, str] = {}
    for doc_id, _, one in ordered:
        if not one.size:
            continue
        keys = _band_keys(one)
        earlier = sorted({i for key in keys for i in buckets.get(key, ())})
        match = _first_match(one, earlier, originals)
        if match is not None:
            found[doc_id] = match
            continue
        for key in keys:
            buckets[key].append(len(originals))
        originals.append((doc_id, one))
    return found


def _order(item: tuple[str, dt.date | None, Sketch]) -> _Order:
    doc_id, published, _ = item
    return published is None, published or dt.date.min, doc_id


def _band_keys(one: Sketch) -> list[tuple[int, bytes]]:
    width = _ROWS * 4
    return [(i, one.signature[i * width : (i + 1) * width]) for i in range(BANDS)]


def _first_match(
    one: Sketch, earlier: Sequence[int], originals: Sequence[tuple[str, Sketch]]
) -> str | None:
    for i in earlier:
        doc_id, other = originals[i]
        if similarity(one, other) >= THRESHOLD:
            return doc_id
    return None
