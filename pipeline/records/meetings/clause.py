"""Which part of a sentence speaks of a trigger."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.records.meetings.lexicon import Lexicon

Span = tuple[int, int]

# No statement reaches further than this.
_LONGEST = 700
_RANGE = re.compile(r"\d\s?[–—-]\s?\d")
_AND_VERB = re.compile(r",? and (?:also |then |subsequently |later |thereafter |jointly )?$")


def clause_of(lexicon: Lexicon, text: str, sentence: Span, span: Span) -> Span:
    """The statement around ``span``: the sentence cut at the nearest clause breaks."""
    start, end = max(sentence[0], span[0] - _LONGEST), min(sentence[1], span[1] + _LONGEST)
    for match in lexicon.breaks.finditer(text, start, end):
        if _RANGE.match(text, match.start() - 1):
            continue
        if match.end() <= span[0]:
            start = max(start, match.end())
        elif match.start() >= span[1]:
            end = match.start()
            break
    return start, end


def before_next_verb(text: str, clause: Span, span: Span, verbs: Sequence[Span]) -> Span:
    """The clause cut before “and met …”, the next verb of the same subject."""
    for start, _ in verbs:
        if start <= span[1] or start >= clause[1]:
            continue
        match = _AND_VERB.search(text, span[1], start)
        if match:
            return clause[0], match.start()
    return clause


def own_start(text: str, clause: Span, span: Span) -> int:
    """Where the words of a coordinated verb begin: after the “and” directly before it."""
    match = _AND_VERB.search(text, clause[0], span[0])
    return match.end() if match else clause[0]
