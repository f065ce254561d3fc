"""Sentences: the blocks of a document, cut where a sentence ends."""

from __future__ import annotations

import re
from collections.abc import Sequence

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.annotate.base import document_of
from pipeline.model import Block

_END = re.compile(r"[.!?][”’\"')\]]*\s+(?=[“‘\"'(\[]?[A-Z0-9À-Þ])")
# Words whose full stop ends no sentence, besides single initials and numbers of a list.
_ABBREVIATION = re.compile(
    r"(?:\b(?:[A-Z]|Mr|Mrs|Ms|Dr|Prof|St|Smt|Hon|Gen|Lt|Col|Sr|Jr|No|Nos|Art|Ltd|Co|Inc|vs|etc|"
    r"Rs|Fig|approx|cf|al|Govt|Dept|Retd|Sen|Rep|Gov|Rev|Ven|Engr|Jan|Feb|Mar|Apr|Jun|Jul|Aug|"
    r"Sept?|Oct|Nov|Dec|i\.e|e\.g|[A-Z]\.[A-Z])|(?:^|\n)\(?\w{1,3})\.$"
)
_LONGEST_ABBREVIATION = 12
# Initials that end a clause belong to the name before them: “in Washington. D.C. on Monday”.
_TAIL = re.compile(
    r"(?:[A-Z]\.){2}(?=[,;:)]|\s*$| (?:on|in|at|and|for|to|where|from|by|with)\b)", re.MULTILINE
)


class SentenceAnnotator:
    """Sets ``doc._.sentences`` to the character spans of the sentences."""

    def __call__(self, doc: Doc) -> Doc:
        document = document_of(doc)
        doc._.sentences = self.process(document.text, document.blocks)
        return doc

    def process(self, text: str, blocks: Sequence[Block]) -> list[tuple[int, int]]:
        """(start, end) of each sentence; together they cover the blocks."""
        spans: list[tuple[int, int]] = []
        for block in blocks:
            start = block.start
            for match in _END.finditer(text, block.start, block.end):
                before = text[
                    max(block.start, match.start() - _LONGEST_ABBREVIATION) : match.start() + 1
                ]
                if not _ABBREVIATION.search(before) and not _TAIL.match(text, match.end()):
                    spans.append((start, match.start() + len(match[0].rstrip())))
                    start = match.end()
            if start < block.end:
                spans.append((start, block.end))
        return spans


@Language.factory("pactline_sentences")
def create_sentence_annotator(nlp: Language, name: str) -> SentenceAnnotator:  # noqa: ARG001
    """The factory that spaCy calls."""
    return SentenceAnnotator()
