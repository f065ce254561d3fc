"""A plain tokenizer: the rules read characters, so tokens need no English exceptions."""

from __future__ import annotations

import re

from spacy.tokens import Doc
from spacy.vocab import Vocab

# A word, one sign, or one blank that follows a blank or a line break; then the space behind it.
# A vocabulary remembers every word it has seen; at this many it is full.
_FULL = 400_000
_TOKEN = re.compile(r"(\w+|[^\w\s]|\s)( ?)")


class PlainTokenizer:
    """Cuts a text into words, single signs and blanks; the tokens give the text back exactly.

    It is several times faster than the English tokenizer, whose exceptions and affix rules no
    component here needs. Replace ``nlp.tokenizer`` to add components that want them.
    """

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """The Doc of a text, in a new vocabulary once the old one is full."""
        if len(self.vocab.strings) > _FULL:
            self.vocab = Vocab()
        found = _TOKEN.findall(text)
        return Doc(
            self.vocab,
            words=[word for word, _ in found],
            spaces=[bool(space) for _, space in found],
        )
