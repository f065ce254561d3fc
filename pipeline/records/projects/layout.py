"""The layout of a page, prepared once: what is above a block, and which blocks belong together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property

from pipeline.records.page import Page, Sentence

# What a block that introduces a list ends with.
LEADS = (":", ",", "to")
_LISTED = frozenset({"bullet", "table_row"})
# Longer sentences are read in pieces, so that no input takes more than linear time.
_LONGEST = 3000


class Layout:
    """Answers of ``Page`` for all blocks at once; asking it block by block is quadratic."""

    def __init__(self, page: Page) -> None:
        self._page = page

    @cached_property
    def headings(self) -> list[int | None]:
        """The nearest heading above each block."""
        above: int | None = None
        found: list[int | None] = []
        for index, block in enumerate(self._page.blocks):
            found.append(above)
            if block.kind == "heading" and block.boilerplate is None:
                above = index
        return found

    @cached_property
    def leads(self) -> list[int | None]:
        """The block that introduces the list or table of each block, as ``Page.lead_in``."""
        found: list[int | None] = []
        last: int | None = None
        for index, block in enumerate(self._page.blocks):
            above = last if block.kind in _LISTED else None
            while above is not None and self._is_beside(index, above):
                above = found[above]
            found.append(above)
            if block.boilerplate is None:
                last = index
        return found

    @cached_property
    def groups(self) -> dict[int, list[int]]:
        """The blocks between the same two blank lines, by the number of the group."""
        found: dict[int, list[int]] = defaultdict(list)
        for index, block in enumerate(self._page.blocks):
            if block.boilerplate is None:
                found[block.group].append(index)
        return found

    def group(self, block: int) -> list[int]:
        """The blocks around a block, itself included."""
        return self.groups[self._page.blocks[block].group]

    @cached_property
    def _before(self) -> dict[int, Sentence]:
        pairs = zip(self._page.sentences, self._page.sentences[1:], strict=False)
        return {two.start: one for one, two in pairs if one.block == two.block}

    def sentence_before(self, sentence: Sentence) -> Sentence | None:
        """The sentence before in the same block."""
        return self._before.get(sentence.start)

    def _is_beside(self, index: int, above: int) -> bool:
        """Whether a block above is an item of the same list, or of one below it."""
        own, other = self._page.blocks[index], self._page.blocks[above]
        return other.kind == own.kind and other.depth >= own.depth


def pieces(text: str, sentences: Iterable[Sentence]) -> Iterator[Sentence]:
    """The sentences, the longest ones in pieces that end at white space."""
    for sentence in sentences:
        start = sentence.start
        while sentence.end - start > _LONGEST:
            cut = text.rfind(" ", start + 1, start + _LONGEST)
            end = cut if cut > start else start + _LONGEST
            yield Sentence(start, end, sentence.block)
            start = end
        yield Sentence(start, sentence.end, sentence.block)
