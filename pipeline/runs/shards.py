"""Where the tables are divided: by the ids of the documents, so that neighbours stay together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from pipeline.decisions.model import Decision
from pipeline.runs.decided import Touched
from pipeline.runs.items import PieceItem, PieceTask
from pipeline.runs.keys import digest
from pipeline.runs.pieces import DECIDED, SUFFIX
from pipeline.runs.snapshot import INPUTS
from pipeline.runs.state import StoredItem

_LONGEST: Final = 1024  # items of a shard where no id happens to end one


class PieceKey(NamedTuple):
    """A piece by what it is made of."""

    group: str
    key: str

    def path(self, folder: Path) -> Path:
        """Where the piece lies."""
        return folder / f"{self.group}-{self.key}{SUFFIX}"


class Shard(NamedTuple):
    """Neighbouring items with the key of the piece of each group of tables."""

    items: list[PieceItem]
    keys: dict[str, PieceKey]
    decisions: list[Decision]


def shards(items: Iterable[StoredItem], version: bytes, touched: Touched) -> Iterator[Shard]:
    """The shards of all items, which come in the order of the tables; at least one."""
    collected: list[PieceItem] = []
    empty = True
    for stored in items:
        collected.append(PieceItem(stored.item, stored.raw, stored.beside, stored.duplicate_of))
        if stored.cut or len(collected) == _LONGEST:
            yield _shard(collected, version, touched)
            collected, empty = [], False
    if collected or empty:
        yield _shard(collected, version, touched)


def _shard(items: list[PieceItem], version: bytes, touched: Touched) -> Shard:
    decisions = touched.of(one.item.doc_id for one in items if not one.item.rejected)
    decided = [(decision.id,) for decision in decisions]
    documents: list[tuple[object, ...]] = [
        (one.item.rejected, one.item.document, one.duplicate_of) for one in items
    ]
    made_of: dict[str, list[tuple[object, ...]]] = {
        "documents": documents,
        INPUTS: [_input_key(one) for one in items],
        "mentions": [*((one.item.document, one.item.annotation) for one in items), *decided],
        "reports": [*((one.item.document, one.item.reports) for one in items), *decided],
        DECIDED: [
            *(
                (one.item.document, one.item.annotation, one.item.reports)
                for one in items
                if decided
            ),
            *decided,
        ],
    }
    keys = {
        group: PieceKey(group, digest(group, version, parts).hex())
        for group, parts in made_of.items()
    }
    return Shard(items, keys, decisions)


def _input_key(one: PieceItem) -> tuple[object, ...]:
    item = one.item
    hashes = (item.text, item.annotation, item.reports, one.raw, one.beside)
    return (item.rejected, item.doc_id, *hashes)


def piece_tasks(shard: Shard, folder: Path, known: set[str]) -> Iterator[PieceTask]:
    """What has to be encoded of a shard, given the names of the pieces that are there."""
    for group, key in shard.keys.items():
        path = key.path(folder)
        if path.name not in known:
            yield PieceTask(group, str(path), shard.items, shard.decisions)
