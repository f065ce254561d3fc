"""Nodes that tell of one thing are joined, the best pair first, never across a contradiction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline.link.model import Clash, Node, Reason


class Edge(NamedTuple):
    """Two nodes (by place) that are the same by comparison or by decision."""

    one: int
    other: int
    score: float
    reasons: tuple[Reason, ...]
    decided: bool = False


class Refusal(NamedTuple):
    """An edge that was not followed, with what contradicts."""

    edge: Edge
    why: Clash


@dataclass(eq=False)
class Cluster:
    """The nodes of one record; ``edges`` are those that joined them, ``refused`` those that could not.

    ``parts`` are nodes that a person declared to be one, most of them a node alone.
    """

    parts: list[tuple[int, ...]]
    edges: list[Edge] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)

    @property
    def members(self) -> list[int]:
        """All nodes."""
        return [node for part in self.parts for node in part]


Against = Callable[[int, int], Clash | None]
_DECIDED = Clash("decided: not the same")


def components(edges: Iterable[Edge]) -> list[list[Edge]]:
    """The edges by connected component."""
    parent: dict[int, int] = {}

    def root(x: int) -> int:
        while parent.setdefault(x, x) != x:
            parent[x] = parent[parent[x]]
            x = parent[x]
        return x

    kept = list(edges)
    for edge in kept:
        parent[root(edge.one)] = root(edge.other)
    groups: dict[int, list[Edge]] = defaultdict(list)
    for edge in kept:
        groups[root(edge.one)].append(edge)
    return list(groups.values())


def cluster(
    nodes: Sequence[Node],
    edges: Sequence[Edge],
    against: Against,
    apart: Collection[tuple[int, int]] = (),
) -> list[Cluster]:
    """The clusters of one component.

    Edges are followed from the highest score down (decided ones first); one is refused when any
    pair across contradicts, or was decided to be apart. Ties are broken by the nodes' keys, so the
    result doesn't depend on the order of arrival.
    """
    home: dict[int, Cluster] = {}
    # What was compared to make an edge needs no second look.
    known: dict[tuple[int, int], Clash | None] = {(e.one, e.other): None for e in edges}

    def between(a: int, b: int) -> Clash | None:
        pair = (a, b) if a < b else (b, a)
        if pair not in known:
            known[pair] = against(*pair)
        return known[pair]

    ordered = sorted(edges, key=lambda e: _order(nodes, e))
    for edge in ordered:
        for index in (edge.one, edge.other):
            home.setdefault(index, Cluster([(index,)]))
    for edge in ordered:
        one, other = home[edge.one], home[edge.other]
        if one is other:
            continue
        why = _why_not(one, other, edge, between, apart)
        if why:
            one.refused.append(Refusal(edge, why))
        else:
            _join(home, one, other, edge)
    return list({id(c): c for c in home.values()}.values())


def _order(nodes: Sequence[Node], edge: Edge) -> tuple[bool, float, str, str]:
    keys = sorted((nodes[edge.one].key, nodes[edge.other].key))
    return (not edge.decided, -edge.score, keys[0], keys[1])


def _why_not(
    one: Cluster, other: Cluster, edge: Edge, against: Against, apart: Collection[tuple[int, int]]
) -> Clash | None:
    """What keeps two clusters apart; a decision to join outweighs contradictions, not decisions.

    Nodes that were decided to be one are taken together: who agrees with one of them may join.
    """
    if apart and any(
        (a, b) in apart or (b, a) in apart for a in one.members for b in other.members
    ):
        return _DECIDED
    if edge.decided:
        return None
    for mine in one.parts:
        for theirs in other.parts:
            clashes = [against(a, b) for a in mine for b in theirs]
            if None not in clashes:
                return clashes[0]
    return None


def _join(home: dict[int, Cluster], one: Cluster, other: Cluster, edge: Edge) -> None:
    if len(one.parts) < len(other.parts):
        one, other = other, one
    moved = other.members
    if edge.decided:
        one.parts = [tuple(sorted([*one.members, *moved]))]
    else:
        one.parts += other.parts
    one.edges += [*other.edges, edge]
    one.refused += other.refused
    for index in moved:
        home[index] = one
