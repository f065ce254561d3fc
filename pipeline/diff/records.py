"""Which record is which when its id changed, and which were merged or split, by their reports."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass
class Lineage:
    """How the records of one subject went on.

    ``names`` maps an old id to the id that its record has now; ``merged`` a new id to the old ones
    that went into it, ``split`` an old id to the new ones that came out of it.
    """

    names: dict[str, str] = field(default_factory=dict)
    merged: dict[str, tuple[str, ...]] = field(default_factory=dict)
    split: dict[str, tuple[str, ...]] = field(default_factory=dict)


def trace_records(memberships: Iterable[tuple[str | None, str | None]]) -> Lineage:
    """The lineage from the (old id, new id) of every report that both sides have."""
    shared = Counter((a, b) for a, b in memberships if a and b)
    onward: dict[str, set[str]] = defaultdict(set)
    origins: dict[str, set[str]] = defaultdict(set)
    for old, new in shared:
        onward[old].add(new)
        origins[new].add(old)
    return Lineage(
        _names(shared, onward, origins),
        {new: tuple(sorted(olds)) for new, olds in origins.items() if len(olds) > 1},
        {old: tuple(sorted(news)) for old, news in onward.items() if len(news) > 1},
    )


def _names(
    shared: Counter[tuple[str, str]], onward: dict[str, set[str]], origins: dict[str, set[str]]
) -> dict[str, str]:
    """One new id for each old one, and no id twice: the id kept, else the most reports shared."""
    names = {old: old for old in onward if old in origins}
    taken = set(names.values())
    for (old, new), _ in sorted(shared.items(), key=lambda item: (-item[1], item[0])):
        if old not in names and new not in taken:
            names[old] = new
            taken.add(new)
    return names
