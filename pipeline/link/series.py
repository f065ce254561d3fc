"""Sessions of one body are a series; its numbers are checked for gaps and repetitions."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from pipeline.link.ids import hashed
from pipeline.link.merge import Merged
from pipeline.link.model import Row

_Key = tuple[tuple[str, ...], str, tuple[str, ...]]
# A body without a number meets at least so often that it makes a series.
_LEAST = 2


def find_series(meetings: Sequence[Merged]) -> list[Row]:
    """The series of meeting records, whose rows get their ``series_id``.

    A series has its countries, a kind of body (working group, commission …) and what the body is
    about. A single session without a number makes none.
    """
    groups: dict[_Key, list[Merged]] = defaultdict(list)
    for meeting in meetings:
        key = _key(meeting)
        if key is not None:
            groups[key].append(meeting)
    rows = []
    for key in sorted(groups):
        sessions = groups[key]
        if len(sessions) >= _LEAST or any(s.row["ordinal"] for s in sessions):
            rows.append(_series(key, sessions))
    return sorted(rows, key=lambda r: str(r["series_id"]))


def _key(meeting: Merged) -> _Key | None:
    bodies = Counter(i.features.body for i in meeting.items if i.features.body)
    if not bodies or meeting.row["kind"] in {"visit", "ceremony"}:
        return None
    body = min(bodies, key=lambda b: (-bodies[b], b))
    abouts = Counter(tuple(sorted(i.features.words)) for i in meeting.items if i.features.words)
    about = min(abouts, key=lambda a: (-abouts[a], a)) if abouts else ()
    return tuple(meeting.row["countries"]), body, about


def _series(key: _Key, sessions: Sequence[Merged]) -> Row:
    series_id = hashed("series", list(key))
    for session in sessions:
        session.row["series_id"] = series_id
    dated = sorted(s.row["date_start"] for s in sessions if s.row["date_start"])
    counts = Counter(s.row["ordinal"] for s in sessions if s.row["ordinal"])
    numbers = sorted(counts)
    agreements = Counter(s.row["agreement_id"] for s in sessions if s.row["agreement_id"])
    return {
        "series_id": series_id,
        "name": _name(sessions),
        "countries": list(key[0]),
        "n_meetings": len(sessions),
        "first_date": dated[0] if dated else None,
        "last_date": dated[-1] if dated else None,
        "ordinals": numbers,
        "gaps": _gaps(numbers),
        "repeated": [n for n in numbers if counts[n] > 1],
        "disordered": _disordered(sessions),
        "agreement_id": min(agreements, key=lambda a: (-agreements[a], a)) if agreements else None,
    }


def _gaps(numbers: Sequence[int]) -> list[int]:
    """What is missing between the lowest and the highest number; a hundred at most."""
    if not numbers:
        return []
    known = set(numbers)
    return [n for n in range(numbers[0], numbers[-1]) if n not in known][:100]


def _disordered(sessions: Sequence[Merged]) -> list[int]:
    """Numbers of sessions that are dated wholly before one of a lower number."""
    dated = sorted(
        (s.row["ordinal"], s.row["date_start"], s.row["date_end"])
        for s in sessions
        if s.row["ordinal"] and s.row["date_start"]
    )
    found, latest = [], None
    for number, first, last in dated:
        if latest is not None and last < latest:
            found.append(number)
        latest = max(latest, first) if latest else first
    return sorted(set(found))


def _name(sessions: Sequence[Merged]) -> str | None:
    names = Counter(s.row["name"] for s in sessions if s.row["name"])
    return min(names, key=lambda n: (n[0].islower(), -names[n], len(n), n)) if names else None
