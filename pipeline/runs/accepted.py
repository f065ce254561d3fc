"""The state that somebody accepted last: what a review compares with, and what pruning keeps."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Final

import msgspec

from pipeline.runs import disk

FILE: Final = "accepted.json"


class Accepted(msgspec.Struct, frozen=True):
    """The run that was accepted, by whom and when (UTC)."""

    run: str
    who: str
    when: str


def read_accepted(outputs: Path) -> Accepted | None:
    """The state accepted last, None where there is none that can be read."""
    try:
        return msgspec.json.decode((outputs / FILE).read_bytes(), type=Accepted)
    except (OSError, msgspec.DecodeError):
        return None


def write_accepted(outputs: Path, run: str, who: str, when: dt.datetime) -> None:
    """Remembers the run as accepted; raises OutputError."""
    told = Accepted(run, who, when.astimezone(dt.UTC).isoformat(timespec="seconds"))
    fresh = outputs / f".{FILE}.new"
    disk.write_file(fresh, [msgspec.json.encode(told) + b"\n"])
    disk.replace(fresh, outputs / FILE)
