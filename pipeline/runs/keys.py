"""Keys of the cache: short hashes of what a result was made of."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

_SIZE = 16


def digest(*parts: Any) -> bytes:
    """A key of typed parts: 1 and "1", or ("a", "bc") and ("ab", "c"), give different ones."""
    return hashlib.blake2b(msgspec.msgpack.encode(parts), digest_size=_SIZE).digest()


def digest_of(data: bytes) -> bytes:
    """The key of some bytes."""
    return hashlib.blake2b(data, digest_size=_SIZE).digest()
