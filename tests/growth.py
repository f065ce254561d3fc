"""How the work on a text grows with its length, told without a quiet machine.

Matching happens in C, so steps can't be counted; processor time is, which other processes don't
add to. The smallest of several measurements counts, and a text eight times as long may take three
times what linear growth gives: quadratic growth takes eight times as much.
"""

from __future__ import annotations

import time
from collections.abc import Callable

_TIMES = 8
_SLACK = 3
_FLOOR = 0.005
_TRIES = 4


def seconds(work: Callable[[], object]) -> float:
    """The processor time of one call, in seconds."""
    start = time.thread_time()
    work()
    return time.thread_time() - start


def is_linear(work: Callable[[str], object], unit: str, count: int) -> bool:
    """Whether ``work`` on ``unit`` repeated 8 · ``count`` times costs about eight times as much."""
    small, large = unit * count, unit * count * _TIMES
    few = min(seconds(lambda: work(small)) for _ in range(3))
    limit = _TIMES * _SLACK * max(few, _FLOOR)
    return any(seconds(lambda: work(large)) < limit for _ in range(_TRIES))
