"""Inline Markdown to plain text: emphasis, links, images, code, notes, escapes, entities, tags."""

from __future__ import annotations

import html
import re
from typing import Final

from pipeline.ingest.characters import clean

_MARKUP: Final = re.compile(r"[*_`\[\]<>\\&~{]|https?:")
_TAG: Final = re.compile(
    r"</?(?:a|abbr|b|big|br|center|cite|code|del|div|em|figure|font|hr|i|img|ins|kbd|label|mark|nobr|p|q|s|"
    r"small|span|strike|strong|sub|sup|tt|u|wbr|iframe|input|o:p|time)(?:\s[^<>]{0,2000})?/?>",
    re.IGNORECASE,
)
_NOTE_TAG: Final = re.compile(
    r"(?<!\bkm)(?<!\bcm)(?<!\bmm)(?<!\bm)(?<!\b10)<sup[^<>]{0,200}>(?:\s|<[^<>]{0,200}>){0,4}[\[(]?\d{1,3}[\])]?(?:\s|</[^<>]{0,20}>){0,4}</sup>",
    re.IGNORECASE,
)
_IMAGE: Final = re.compile(
    r"!\[[^\[\]]{0,1000}\](?:\([^()\n]{0,2000}(?:\([^()\n]{0,200}\)[^()\n]{0,500})?\)|\[[^\[\]]{0,200}\])"
)
_LINK: Final = re.compile(
    r"(?<!!)\[([^\[\]]{0,2000})\](?:\([^()\n]{0,2000}(?:\([^()\n]{0,200}\)[^()\n]{0,500})?\)|\[[^\[\]]{0,200}\])"
    r"(?:\{:[^{}]{0,200}\})?"
)
_FOOTNOTE: Final = re.compile(r"\[\^[^\]\s]{1,40}\]:?")
_AUTOLINK: Final = re.compile(r"<((?:https?://|mailto:)?[^\s<>]{1,500}[.@][^\s<>]{1,500})>")
_ATTRIBUTES: Final = re.compile(r"\{:[^{}\n]{0,200}\}")
_ESCAPE: Final = re.compile(r"\\([!-/:-@\[-`{-~])")
_CODE: Final = re.compile(r"(`{1,3})([^`]{1,2000})\1")
_STARS: Final = re.compile(r"\*{1,3}")
# An underscore inside a word (an address, a file name) is no emphasis.
_UNDERSCORES: Final = re.compile(r"(?<!\w)_{1,3}(?=\S)|(?<=\S)_{1,3}(?!\w)")
_HOLD: Final = "\ue100"  # stands for an escaped sign while the others are taken off
_HELD: Final = re.compile(_HOLD)


def plain(text: str) -> str:
    """``text`` without its inline markup; ``<br>`` becomes a line break."""
    if not _MARKUP.search(text):
        return text
    if "<" in text:
        text = _AUTOLINK.sub(r"\1", _TAG.sub(_tag, _NOTE_TAG.sub("", text)))
    if "\\" in text:
        text = text.replace(_HOLD, "")
        escaped = [found[1] for found in _ESCAPE.finditer(text)]
        kept = iter(escaped)
        text = _HELD.sub(lambda _: next(kept, ""), _marks(_ESCAPE.sub(_HOLD, text)))
    else:
        text = _marks(text)
    return clean(html.unescape(text)) if "&" in text else text


def _marks(text: str) -> str:
    """Text without the signs of links, code and emphasis."""
    if "[" in text:
        text = _links(text)
    if "{:" in text:
        text = _ATTRIBUTES.sub("", text)
    if "`" in text:
        text = _CODE.sub(r"\2", text)
    if "*" in text:
        text = _without_stars(text)
    if "_" in text:
        text = _UNDERSCORES.sub("", text)
    return text.replace("~~", "")


def _tag(found: re.Match[str]) -> str:
    name = found[0].strip("</>").split(None, 1)[0].rstrip("/").lower() if found[0] else ""
    return "\n" if name in ("br", "p", "div", "hr") else ""


def _links(text: str) -> str:
    text = _FOOTNOTE.sub("", _IMAGE.sub("", text))
    for _ in range(3):  # a link may hold brackets of its own
        text, changed = _LINK.subn(r"\1", text)
        if not changed:
            break
    return text


def _without_stars(text: str) -> str:
    """Stars that open or close emphasis go; those between letters (A*STAR) or digits stay."""
    out: list[str] = []
    position = 0
    for found in _STARS.finditer(text):
        before = text[found.start() - 1] if found.start() else " "
        after = text[found.end()] if found.end() < len(text) else " "
        inside = before.isalnum() and after.isalnum() and len(found[0]) == 1
        lone = before == " " and after == " " and out and len(found[0]) == 1
        if not (inside or lone):
            out.append(text[position : found.start()])
            position = found.end()
    out.append(text[position:])
    return "".join(out)
