"""Rows as whole numbers: equal rows of two tables have the same number, whatever their types."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

Codes = npt.NDArray[np.int64]

# Between the items of a list; it can't stand in a text, where control characters are removed.
_SEPARATOR = "\x1f"
_NULL = -1
# Codes are renumbered before they would leave 64 bits.
_MOST_CODES = 2**62


def column_codes(old: pa.ChunkedArray, new: pa.ChunkedArray) -> tuple[Codes, Codes]:
    """The codes of two columns: equal values have equal codes, null has -1."""
    both = pa.chunked_array([*_plain(old).chunks, *_plain(new).chunks], type=_plain(old).type)
    if not len(both):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    encoded = pc.dictionary_encode(both.combine_chunks())
    codes = encoded.indices.fill_null(_NULL).to_numpy(zero_copy_only=False).astype(np.int64)
    return codes[: len(old)], codes[len(old) :]


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_dictionary(column.type):
        return column.cast(column.type.value_type)
    if pa.types.is_list(column.type):
        sizes = pc.list_value_length(column).cast(pa.string())
        joined = pc.binary_join(column.cast(pa.list_(pa.string())), _SEPARATOR)
        return pc.binary_join_element_wise(sizes, joined, _SEPARATOR)
    return column


def equal_values(old: pa.ChunkedArray, new: pa.ChunkedArray) -> npt.NDArray[np.bool_]:
    """Where two columns of the same length hold the same; two nulls are the same."""
    one, other = _plain(old), _plain(new)
    same = pc.fill_null(pc.equal(one, other), pa.scalar(0).cast(pa.bool_()))
    both_null = pc.and_(one.is_null(), other.is_null())
    found: npt.NDArray[np.bool_] = pc.or_(same, both_null).to_numpy()
    return found


def runs(codes: Codes) -> tuple[Codes, Codes, Codes]:
    """The runs of equal neighbours: their code, first position and length."""
    if not len(codes):
        return codes, codes, codes
    starts = np.concatenate([[0], np.flatnonzero(np.diff(codes)) + 1])
    return codes[starts], starts, np.diff(np.concatenate([starts, [len(codes)]]))


def fold(columns: Sequence[Codes], size: int) -> Codes:
    """One code for the values of several code columns of ``size`` rows together, without collisions."""
    folded, width = np.zeros(size, np.int64), 1
    for codes in columns:
        values = int(codes.max(initial=0)) + 2
        if width * values > _MOST_CODES:
            folded = pd.factorize(folded)[0].astype(np.int64)
            width = size + 1
        folded = folded * values + codes + 1
        width *= values
    return folded


def fold_both(
    old: Sequence[Codes], new: Sequence[Codes], sizes: tuple[int, int]
) -> tuple[Codes, Codes]:
    """Like ``fold`` over the rows of two tables, so that equal rows have equal codes."""
    both = [np.concatenate(pair) for pair in zip(old, new, strict=True)]
    folded = fold(both, sum(sizes))
    return folded[: sizes[0]], folded[sizes[0] :]


def pair_equal(old: Codes, new: Codes) -> tuple[Codes, Codes]:
    """Positions in ``old`` and ``new`` with the same code, one to one, in order of occurrence."""
    frames = [
        pd.DataFrame({"code": codes, "n": _occurrence(codes), "at": np.arange(len(codes))})
        for codes in (old, new)
    ]
    merged = frames[0].merge(frames[1], on=["code", "n"], suffixes=("_old", "_new"))
    return merged["at_old"].to_numpy(np.int64), merged["at_new"].to_numpy(np.int64)


def _occurrence(codes: Codes) -> Codes:
    counted: Codes = pd.Series(codes).groupby(codes).cumcount().to_numpy(np.int64)
    return counted
