"""All reports of one subject → groups that each tell of one thing.

A full resolution compares every pair of every block. With `Before`, only components that hold
something new, or that held something now gone, are resolved again; the others keep their
groups. Both give the same groups, for a verdict depends on its two reports alone and a component on
its own edges alone.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from pipeline.link.blocks import Blocks
from pipeline.link.cluster import Cluster, Edge, Refusal, cluster, components
from pipeline.link.compare import Comparer
from pipeline.link.model import Clash, Decision, Item, Node, Reason
from pipeline.link.nodes import make_nodes

_DECIDED = (Reason("decided: the same"),)


class Join(NamedTuple):
    """Why a report belongs to its group, or was kept out of another: rows of ``links``."""

    outcome: str
    report: str
    joined_to: str | None
    reason: str
    score: float | None
    decided: str | None = None


class Group(NamedTuple):
    """The reports of one record, by id, and how they came together."""

    items: tuple[Item, ...]
    joins: tuple[Join, ...]


class Before(NamedTuple):
    """An earlier resolution: its items by report id, and its groups as (report ids, joins)."""

    items: Mapping[str, Item]
    groups: Sequence[tuple[tuple[str, ...], tuple[Join, ...]]]


class Grouping(NamedTuple):
    """The groups, and how many pairs were compared for them."""

    groups: list[Group]
    compared: int


def group(
    items: Sequence[Item],
    comparer: Comparer,
    decisions: Sequence[Decision] = (),
    before: Before | None = None,
) -> Grouping:
    """The groups of the items of one subject, by their smallest report id.

    ``decisions`` name reports; ``before`` must come from the same rules and decisions.
    """
    decided = {name for d in decisions for name in (d.one, d.other)}
    nodes = make_nodes(items, comparer.agrees, decided)
    work = _Work(nodes, comparer, decisions)
    again = None if before is None else work.touched(items, before)
    found = list(work.groups(again))
    if before is not None and again is not None:
        found += _kept(before, items, {i.report_id for n in again for i in nodes[n].items})
    return Grouping(sorted(found, key=lambda g: g.items[0].report_id), work.compared)


class _Work:
    """The nodes of a subject, their blocks and the edges found so far."""

    def __init__(
        self, nodes: Sequence[Node], comparer: Comparer, decisions: Sequence[Decision]
    ) -> None:
        self.nodes = nodes
        self.compared = 0
        self._comparer = comparer
        self._blocks = Blocks(nodes)
        self._place = {i.report_id: n for n, node in enumerate(nodes) for i in node.items}
        self._musts, self._apart = self._decided(decisions)
        self._linked: dict[int, list[Edge]] = defaultdict(list)
        for edge in self._musts:
            self._linked[edge.one].append(edge)
            self._linked[edge.other].append(edge)

    def _decided(self, decisions: Sequence[Decision]) -> tuple[list[Edge], set[tuple[int, int]]]:
        """Edges and bans by decision; the last word on a pair counts, unknown reports none."""
        last: dict[tuple[int, int], bool] = {}
        for decision in decisions:
            places = [self._place.get(name) for name in (decision.one, decision.other)]
            if None not in places and places[0] != places[1]:
                low, high = sorted(p for p in places if p is not None)
                last[low, high] = decision.same
        musts = [Edge(a, b, 0.0, _DECIDED, decided=True)
                 for (a, b), same in last.items() if same]  # fmt: skip
        return musts, {pair for pair, same in last.items() if not same}

    def groups(self, only: set[int] | None) -> Iterator[Group]:
        """The groups of all nodes, or of those of whole components in ``only``."""
        edges = list(self._edges(only))
        joined = {n for e in edges for n in (e.one, e.other)}
        for found in components(edges):
            for one in cluster(self.nodes, found, self._against, self._apart):
                yield self._group(one)
        for index in range(len(self.nodes)) if only is None else sorted(only):
            if index not in joined:
                yield self._group(Cluster([(index,)]))

    def touched(self, items: Sequence[Item], before: Before) -> set[int]:
        """The nodes of every component that may have changed since ``before``."""
        now = {item.report_id: item for item in items}
        changed = {i for i, item in now.items() if _differs(item, before.items.get(i))}
        todo = {self._place[i] for i in changed}
        for report_id, item in before.items.items():
            if report_id not in now or report_id in changed:
                todo |= self._blocks.candidates(item.features)
        return self._closure(todo)

    def _closure(self, todo: set[int]) -> set[int]:
        """All nodes that an edge path leads to."""
        found = set(todo)
        while todo:
            index = todo.pop()
            for edge in self._edges_of(index):
                other = edge.other if edge.one == index else edge.one
                if other not in found:
                    found.add(other)
                    todo.add(other)
        return found

    def _edges(self, only: set[int] | None) -> Iterator[Edge]:
        places: Iterable[int] = range(len(self.nodes)) if only is None else sorted(only)
        for index in places:
            yield from self._edges_of(index, later=True)

    def _edges_of(self, index: int, *, later: bool = False) -> Iterator[Edge]:
        """The edges of a node; ``later`` only those to nodes behind it, so that each comes once."""
        node = self.nodes[index]
        for edge in self._linked.get(index, ()):
            if not later or index == min(edge.one, edge.other):
                yield edge
        for other in self._blocks.beside(index):
            if other > index or (other < index and not later):
                self.compared += 1
                verdict = self._comparer.compare(node, self.nodes[other])
                if verdict.is_same:
                    low, high = min(index, other), max(index, other)
                    yield Edge(low, high, verdict.score, verdict.reasons)

    def _against(self, a: int, b: int) -> Clash | None:
        return self._comparer.contradiction(self.nodes[a], self.nodes[b])

    def _group(self, found: Cluster) -> Group:
        nodes = [self.nodes[n] for n in found.members]
        items = tuple(sorted((i for n in nodes for i in n.items), key=seed_order))
        return Group(items, tuple(sorted(self._joins(found, items[0]), key=_join_order)))

    def _joins(self, found: Cluster, first: Item) -> Iterator[Join]:
        """One row for each report: the edge that brought it in, or the equal report beside it."""
        yield Join("first", first.report_id, None, "the first of its record", None)
        for node in (self.nodes[n] for n in found.members):
            anchor = first if first in node.items else node.items[0]
            for item in node.items:
                if item is not anchor:
                    yield Join("joined", item.report_id, anchor.report_id, "says the same", None)
        for report, edge in self._outward(found, first):
            decided = "same" if edge.decided else None
            ends = {self.nodes[edge.one].key, self.nodes[edge.other].key}
            other = min(ends - {report})
            yield Join("joined", report, other, _told(edge), edge.score, decided)
        for refusal in found.refused:
            yield self._refused(refusal)

    def _outward(self, found: Cluster, first: Item) -> Iterator[tuple[str, Edge]]:
        """The spanning edges with the report that each brings in, from the first outward."""
        beside: dict[int, list[Edge]] = defaultdict(list)
        for edge in found.edges:
            beside[edge.one].append(edge)
            beside[edge.other].append(edge)
        start = self._place[first.report_id]
        seen, todo = {start}, [start]
        while todo:
            index = todo.pop()
            for edge in beside[index]:
                other = edge.other if edge.one == index else edge.one
                if other not in seen:
                    seen.add(other)
                    todo.append(other)
                    yield self.nodes[other].key, edge

    def _refused(self, refusal: Refusal) -> Join:
        one, other = sorted((self.nodes[refusal.edge.one].key, self.nodes[refusal.edge.other].key))
        decided = "different" if refusal.why.what.startswith("decided") else None
        return Join("refused", one, other, refusal.why.told(), refusal.edge.score, decided)


def seed_order(item: Item) -> tuple[bool, dt.date, str, int, str]:
    """The earliest publication first; undated ones last."""
    published = item.published or dt.date.max
    return item.published is None, published, item.doc_id, item.row["start"], item.report_id


def _join_order(join: Join) -> tuple[str, str, str]:
    return join.outcome, join.report, join.joined_to or ""


def _told(edge: Edge) -> str:
    return "; ".join(reason.told() for reason in edge.reasons)


def _differs(item: Item, earlier: Item | None) -> bool:
    return earlier is None or (item.features, item.nth, item.doc_id) != (
        earlier.features, earlier.nth, earlier.doc_id,
    )  # fmt: skip


def _kept(before: Before, items: Sequence[Item], again: set[str]) -> Iterator[Group]:
    """The earlier groups that nothing touched."""
    now = {item.report_id: item for item in items}
    for reports, joins in before.groups:
        if reports[0] in now and reports[0] not in again:
            yield Group(tuple(now[r] for r in reports), joins)
