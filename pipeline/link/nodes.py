"""Reports with equal features are one node, so that what is cited often is compared once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable

from pipeline.link.model import Features, Item, Node


def make_nodes(
    items: Iterable[Item], agrees: Callable[[Features], bool], apart: Collection[str] = ()
) -> list[Node]:
    """The nodes of the items, by key.

    Reports share a node when their equal features are enough to make them one (``agrees``: two
    texts that say “an MoU” needn't mean the same) and they stand in different documents. Those in
    ``apart``, which were decided on, stay alone.
    """
    groups: dict[tuple[Features, int, str], list[Item]] = defaultdict(list)
    known: dict[Features, bool] = {}
    for item in items:
        if item.features not in known:
            known[item.features] = agrees(item.features)
        alone = item.report_id in apart or not known[item.features]
        groups[item.features, item.nth, item.report_id if alone else ""].append(item)
    nodes = [_node(features, group) for (features, _, _), group in groups.items()]
    return sorted(nodes, key=lambda n: n.key)


def _node(features: Features, items: list[Item]) -> Node:
    ordered = tuple(sorted(items, key=lambda i: i.report_id))
    return Node(ordered[0].report_id, features, ordered, frozenset(i.doc_id for i in items))
