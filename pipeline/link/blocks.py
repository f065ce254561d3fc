"""The index of blocks: which nodes a node is compared with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from pipeline.link.keys import Key, keys_of
from pipeline.link.model import Features, Node


class Blocks:
    """Nodes by their keys; nodes are named by their place in the sequence."""

    def __init__(self, nodes: Sequence[Node]) -> None:
        self._nodes = nodes
        self._member: dict[Key, list[int]] = defaultdict(list)
        self._single: dict[Key, list[int]] = defaultdict(list)
        self._any: dict[Key, list[int]] = defaultdict(list)
        for index, node in enumerate(nodes):
            keys = keys_of(node.features)
            for key in keys.member:
                self._member[key].append(index)
            if _is_single(node.features):
                for key in keys.loose:
                    self._single[key].append(index)
        if self._single:
            self._index_others()

    def _index_others(self) -> None:
        """Nodes of several sides stand in the loose blocks that a one-sided node looks into."""
        for index, node in enumerate(self._nodes):
            if not _is_single(node.features):
                for key in keys_of(node.features).loose:
                    if key in self._single:
                        self._any[key].append(index)

    def candidates(self, features: Features) -> set[int]:
        """The nodes that a node with these features is compared with, itself included."""
        keys = keys_of(features)
        found: set[int] = set()
        for key in keys.member:
            found.update(self._member.get(key, ()))
        for key in keys.loose:
            found.update(self._single.get(key, ()))
            if _is_single(features):
                found.update(self._any.get(key, ()))
        return found

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Every pair of nodes that share a block, once, the smaller first."""
        for index, node in enumerate(self._nodes):
            for other in self.candidates(node.features):
                if other > index:
                    yield index, other


def _is_single(features: Features) -> bool:
    return len(features.parties) == 1
