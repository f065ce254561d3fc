"""An annotated document as the records stage reads it: sentences, layout and what they mention."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

from pipeline.model import (
    Block,
    CountryMention,
    DateMention,
    Document,
    FigureMention,
    InstitutionMention,
    PersonMention,
)

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from pipeline.records.tokens import Token


class Spanned(Protocol):
    """Anything with a place in the text."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


S = TypeVar("S", bound=Spanned)


class Sentence(NamedTuple):
    """A sentence (a bullet or a table row without full stop is one, too) of block ``block``."""

    start: int
    end: int
    block: int


class Page:
    """The mentions, sentences and layout of one document, with look-ups by span.

    Boilerplate blocks have no sentences here.
    """

    def __init__(  # noqa: PLR0913 - one argument a kind of mention
        self,
        document: Document,
        sentences: Sequence[tuple[int, int]],
        *,
        countries: Sequence[CountryMention] = (),
        dates: Sequence[DateMention] = (),
        institutions: Sequence[InstitutionMention] = (),
        people: Sequence[PersonMention] = (),
        figures: Sequence[FigureMention] = (),
    ) -> None:
        self.document = document
        self.text = document.text
        self.blocks: Sequence[Block] = document.blocks
        self.countries = list(countries)
        self.dates = list(dates)
        self.institutions = list(institutions)
        self.people = list(people)
        self.figures = list(figures)
        self.sentences = self._sentences(sentences)
        self._by_block: dict[int, list[Sentence]] = defaultdict(list)
        for sentence in self.sentences:
            self._by_block[sentence.block].append(sentence)
        self._groups: dict[int, list[int]] = defaultdict(list)
        for index, block in enumerate(self.blocks):
            if block.boilerplate is None:
                self._groups[block.group].append(index)
        self._sentence_starts = [s.start for s in self.sentences]
        self._starts = {id(m): [mention.start for mention in m] for m in self._all()}
        self.tokens: dict[tuple[int, int], list[Token]] = {}

    @classmethod
    def of(cls, doc: Doc) -> Page:
        """The page of an annotated Doc."""
        return cls(
            doc._.document,
            doc._.sentences,
            countries=doc._.countries,
            dates=doc._.dates,
            institutions=doc._.institutions,
            people=doc._.people,
            figures=doc._.figures,
        )

    def within(self, mentions: Sequence[S], start: int, end: int) -> list[S]:
        """Those of one of this page's mention lists that lie inside ``text[start:end]``."""
        starts = self._starts[id(mentions)]
        first, last = bisect_left(starts, start), bisect_left(starts, end)
        if first == last:
            return []
        return [m for m in mentions[first:last] if m.end <= end]

    def sentence_at(self, position: int) -> Sentence | None:
        """The sentence that holds a position."""
        index = bisect_right(self._sentence_starts, position) - 1
        if index < 0 or position > self.sentences[index].end:
            return None
        return self.sentences[index]

    def block_sentences(self, block: int) -> list[Sentence]:
        """The sentences of a block."""
        return self._by_block.get(block, [])

    def group(self, block: int) -> list[int]:
        """The blocks between the same two blank lines as ``block``, itself included."""
        return self._groups[self.blocks[block].group]

    def heading_above(self, block: int) -> int | None:
        """The nearest heading above a block, at a level above its own."""
        own = self.blocks[block]
        depth = own.depth if own.kind == "heading" else 99
        for index in range(block - 1, -1, -1):
            other = self.blocks[index]
            if other.kind == "heading" and other.boilerplate is None and other.depth < depth:
                return index
        return None

    def lead_in(self, block: int) -> int | None:
        """The block that introduces the list or table that ``block`` is an item of.

        That is the nearest block above of a smaller bullet depth (or no bullet) which ends in a
        colon, or the paragraph directly above the list.
        """
        own = self.blocks[block]
        if own.kind not in {"bullet", "table_row"}:
            return None
        for index in range(block - 1, -1, -1):
            other = self.blocks[index]
            if other.boilerplate is not None:
                continue
            if other.kind == own.kind and other.depth >= own.depth:
                continue
            return index
        return None

    def text_of(self, block: int) -> str:
        """The text of a block."""
        return self.text[self.blocks[block].start : self.blocks[block].end]

    def _sentences(self, spans: Sequence[tuple[int, int]]) -> list[Sentence]:
        starts = [b.start for b in self.blocks]
        found = []
        for start, end in spans:
            block = bisect_right(starts, start) - 1
            if block >= 0 and self.blocks[block].boilerplate is None:
                found.append(Sentence(start, end, block))
        return found

    def _all(self) -> list[Sequence[Spanned]]:
        return [self.countries, self.dates, self.institutions, self.people, self.figures]
