"""The elements of HTML by what they do to the text."""

from __future__ import annotations

from typing import Final

# What they hold is not shown, or is no text.
SKIPPED: Final = frozenset((
    "script", "style", "noscript", "template", "svg", "math", "iframe", "object", "embed", "applet",
    "audio", "video", "canvas", "map", "head", "title", "select", "option", "datalist", "button",
    "input", "textarea", "progress", "meter", "-comment", "-doctype",
))  # fmt: skip
# They begin and end a paragraph.
BLOCKS: Final = frozenset((
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details",
    "dialog", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "header",
    "hgroup", "legend", "main", "nav", "p", "section", "summary", "table", "tbody", "thead",
    "tfoot", "html",
))  # fmt: skip
# They stand inside a sentence, so they are no zone of the page whatever their class says.
INLINE: Final = frozenset((
    "a", "abbr", "b", "big", "cite", "code", "em", "font", "i", "q", "s", "small", "span", "strong",
    "sub", "sup", "u",
))  # fmt: skip
# They are zones by themselves, without a class.
ZONES: Final = frozenset(("nav", "aside", "footer", "header", "main", "figcaption"))
HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
LISTS: Final = frozenset(("ul", "ol", "menu"))
CELLS: Final = frozenset(("td", "th"))
BOLD: Final = frozenset(("b", "strong"))
