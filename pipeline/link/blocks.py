"""The index of blocks: which nodes a node is compared with."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence

from pipeline.link.keys import keys_of
from pipeline.link.model import Features, Node


class Blocks:
    """Nodes by their keys; nodes are named by their place in the sequence."""

    def __init__(self, nodes: Sequence[Node]) -> None:
        self._standing: dict[int, list[int]] = defaultdict(list)
        self._looks: list[array[int]] = []
        # Few nodes name a single side; where they look, and only there, all others stand, too.
        wanted = _single_looks(nodes)
        for index, node in enumerate(nodes):
            keys = keys_of(node.features)
            self._looks.append(array("q", keys.looks))
            for key in keys.stands:
                self._standing[key].append(index)
            for key in keys.seldom if wanted else ():
                if key in wanted:
                    self._standing[key].append(index)

    def beside(self, index: int) -> set[int]:
        """The nodes that a node is compared with, itself included."""
        return self._found(self._looks[index])

    def candidates(self, features: Features) -> set[int]:
        """The nodes that one with these features would be compared with."""
        return self._found(keys_of(features).looks)

    def _found(self, looks: Iterable[int]) -> set[int]:
        found: set[int] = set()
        for key in looks:
            found.update(self._standing.get(key, ()))
        return found


def _single_looks(nodes: Iterable[Node]) -> set[int]:
    single = (n for n in nodes if len(n.features.parties) == 1)
    return {key for node in single for key in keys_of(node.features).looks}
