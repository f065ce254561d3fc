"""Characters of a document with what stands around them, as cards show them."""

from __future__ import annotations

import msgspec

from pipeline.diff.offsets import common_length

_CONTEXT = 80
_LONGEST_QUOTE = 2_000
_LONGEST_EXCERPT = 1_200


class Quote(msgspec.Struct, frozen=True):
    """Characters of a document with what stands around them."""

    doc_id: str
    start: int
    end: int
    before: str
    text: str
    after: str


def quoted(doc_id: str, text: str, start: int, end: int) -> Quote:
    """The quote ``text[start:end]`` with whole words around it; "…" tells where there is more."""
    before, after = text[max(0, start - _CONTEXT) : start], text[end : end + _CONTEXT]
    if start > _CONTEXT:
        before = "…" + (before.partition(" ")[2] or before)
    if end + _CONTEXT < len(text):
        after = (after.rpartition(" ")[0] or after) + "…"
    said = text[start:end]
    if len(said) > _LONGEST_QUOTE:
        said = f"{said[: _LONGEST_QUOTE // 2]} … {said[-_LONGEST_QUOTE // 2 :]}"
    return Quote(doc_id, start, end, before, said, after)


def excerpts(old: str, new: str) -> tuple[str, str]:
    """The passages in which two texts differ, from the first to the last difference, at most."""
    head = common_length(old, new)
    tail = min(common_length(old[::-1], new[::-1]), min(len(old), len(new)) - head)
    begin = max(0, head - _CONTEXT)
    found = []
    for text in (old, new):
        end = min(len(text), len(text) - tail + _CONTEXT)
        part = text[begin:end]
        if len(part) > _LONGEST_EXCERPT:
            part, end = part[:_LONGEST_EXCERPT], 0
        dots = "…" if begin else "", "…" if end < len(text) else ""
        found.append(part.join(dots))
    return found[0], found[1]
