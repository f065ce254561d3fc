"""Floors: the least that each score on a gold set may be, pinned with the hash of the gold."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import msgspec

from pipeline.errors import GoldError


class Lowered(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A floor that was lowered on purpose."""

    score: str
    before: float
    after: float | None
    reason: str


class Floor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The floors of one gold set: ``gold_sha256`` is the hash of the files they were measured on."""

    gold_sha256: str
    scores: dict[str, float]
    lowered: tuple[Lowered, ...] = ()


def gold_hash(folder: Path) -> str:
    """The hash of the names and bytes of the gold files of a folder."""
    paths = sorted(folder.glob("*.json"))
    if not paths:
        raise GoldError(
            "there are no gold files here", where=str(folder), fix="name another folder"
        )
    digest = hashlib.sha256()
    for path in paths:
        data = path.read_bytes()
        digest.update(f"{path.name}\0{len(data)}\0".encode() + data)
    return digest.hexdigest()


def read_floors(path: Path) -> dict[str, Floor]:
    """The floors by gold set; raises GoldError when the file can't be used."""
    if not path.exists():
        return {}
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, Floor])
    except (msgspec.DecodeError, OSError) as error:
        raise GoldError(
            f"these are no floors: {error}",
            where=str(path),
            fix="run `python benchmarks/floors.py`",
        ) from error


def write_floors(path: Path, floors: Mapping[str, Floor]) -> None:
    """Writes the floors, at once or not at all."""
    data = msgspec.json.format(msgspec.json.encode(dict(sorted(floors.items()))), indent=2)
    beside = path.with_name(f".{path.name}.new")
    beside.write_bytes(data + b"\n")
    beside.replace(path)


def below_floor(floor: Floor, measured: Mapping[str, float], gold_sha256: str) -> list[str]:
    """What breaks the floors, one sentence each; nothing when all holds."""
    problems = []
    if gold_sha256 != floor.gold_sha256:
        problems.append("the gold files changed: run `python benchmarks/floors.py`")
    for key, least in floor.scores.items():
        value = measured.get(key)
        if value is None:
            problems.append(f"{key} is no longer measured; its floor is {least:.4f}")
        elif value < least:
            problems.append(f"{key} is {value:.4f}, below its floor {least:.4f}")
    unpinned = sorted(measured.keys() - floor.scores.keys())
    if unpinned:
        problems.append(f"{', '.join(unpinned)} have no floor: run `python benchmarks/floors.py`")
    return problems


def renewed(
    floor: Floor | None, measured: Mapping[str, float], gold_sha256: str, reason: str | None
) -> Floor:
    """The floors raised to what is measured; lowering one needs a ``reason``, which is kept.

    Raises GoldError naming the scores that would fall.
    """
    old = floor.scores if floor else {}
    fallen = {key: least for key, least in old.items() if measured.get(key, -1.0) < least}
    if fallen and not (reason and reason.strip()):
        told = ", ".join(f"{k} {v:.4f} → {_told(measured.get(k))}" for k, v in fallen.items())
        raise GoldError(f"floors would fall: {told}", fix="mend it, or give --lower REASON")
    lowered = tuple(
        Lowered(key, least, measured.get(key), (reason or "").strip())
        for key, least in fallen.items()
    )
    before = floor.lowered if floor else ()
    return Floor(gold_sha256, dict(sorted(measured.items())), (*before, *lowered))


def _told(value: float | None) -> str:
    return "not measured" if value is None else f"{value:.4f}"
