"""A limit to the nesting of elements, since parsers take quadratic time on very deep pages."""

from __future__ import annotations

import re
from typing import Final

MAX_DEPTH: Final = 400
_NESTING: Final = re.compile(
    r"<(/?)(div|span|ul|ol|dl|table|section|article|blockquote|center|font|form|fieldset|main|nav|"
    r"header|footer|aside|figure|details|a|b|i|u|em|strong|small|big|tt|s|strike|code|nobr|sub|sup)"
    r"(?=[\s/>])",
    re.IGNORECASE,
)


def limit_depth(text: str) -> str:
    """``text`` without the tags that would nest deeper than any real page does."""
    depth = 0
    cuts: list[int] = []
    for tag in _NESTING.finditer(text):
        if tag[1]:
            if depth > MAX_DEPTH:
                cuts.append(tag.start())
            depth = max(0, depth - 1)
        else:
            depth += 1
            if depth > MAX_DEPTH:
                cuts.append(tag.start())
    return _without(text, cuts) if cuts else text


def _without(text: str, cuts: list[int]) -> str:
    parts: list[str] = []
    position = 0
    for cut in cuts:
        if cut < position:
            continue
        parts.append(text[position:cut])
        end = text.find(">", cut)
        position = len(text) if end < 0 else end + 1
    parts.append(text[position:])
    return "".join(parts)
