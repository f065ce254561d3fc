"""How a run is done: what the command line and the tests choose."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final, NamedTuple

SECONDS: Final = 120.0
MEGABYTES: Final = 3000
KEEP: Final = 20


class Limits(NamedTuple):
    """What one document may cost: seconds, and megabytes on top of what a worker needs itself."""

    seconds: float
    megabytes: int

    def __str__(self) -> str:
        return f"{self.seconds:g} s, {self.megabytes} MB"


class Options(NamedTuple):
    """How closely to look: ``verify`` hashes every file, ``retry`` tries again what failed."""

    verify: bool = False
    retry: bool = False


class RunSettings(NamedTuple):
    """``jobs`` processes (0: this one, without limits), ``keep`` snapshots."""

    raw: Path
    outputs: Path
    jobs: int
    limits: Limits = Limits(SECONDS, MEGABYTES)
    options: Options = Options()
    keep: int = KEEP

    @property
    def cache(self) -> Path:
        """The folder of what may be deleted at any time."""
        return self.outputs / "cache"

    @property
    def pieces(self) -> Path:
        """The folder of encoded pieces of tables."""
        return self.cache / "pieces"


def default_jobs() -> int:
    """The cores that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1
