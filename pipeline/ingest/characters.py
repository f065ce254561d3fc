"""Characters of the canonical text: composed, visible, with one kind of space and line break."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000"
# Everything that has no width on screen: controls, zero-width and bidi signs, soft hyphen, fillers,
# variation selectors, tags, lone surrogates (JSON may hold them) and non-characters.
_INVISIBLE = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x81\x8d\x8f\x90\x9d\u00ad\u034f\u061c\u070f\u115f\u1160"
    "\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufdd0-\ufdef"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\ud800-\udfff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# Bullets of symbol fonts that word processors leave in the private use area.
_SYMBOL_BULLETS = "\uf0b7\uf0a7\uf0d8\uf0fc\uf0a8\uf076\uf06e"

_SUSPECT: Final = re.compile(f"[{_SPACES}{_INVISIBLE}{_SYMBOL_BULLETS}\x80-\x9f\u2028\u2029]")
_SPACE: Final = re.compile(f"[{_SPACES}]")
_BREAKS: Final = "\x0b\x0c\u2028\u2029"
# Longer runs of combining marks are an attack on the quadratic sort inside normalisation.
_MARKS: Final = re.compile(
    "([\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff"
    "\u20d0-\u20ff\u302a-\u302f\ufe20-\ufe2f]{30})"
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff"
    "\u20d0-\u20ff\u302a-\u302f\ufe20-\ufe2f]+"
)


def clean(text: str) -> str:
    r"""``text`` in NFC with ``\\n`` line ends, plain spaces and no invisible characters.

    Tabs stay, they tell columns. Windows quotes that were decoded as controls are restored.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    # Most texts have none of these: looking through each character once is faster than replacing.
    if _SUSPECT.search("".join(set(text))):
        text = _SUSPECT.sub(_replacement, text)
    if not (text.isascii() or unicodedata.is_normalized("NFC", text)):
        text = unicodedata.normalize("NFC", _MARKS.sub(r"\1", text))
    return text


def _replacement(match: re.Match[str]) -> str:
    char = match[0]
    if char == "\xa0" or _SPACE.match(char):
        return " "
    if char in _BREAKS:
        return "\n"
    if char in _SYMBOL_BULLETS:
        return "•"
    # Between \x80 and \x9f stand Windows quotes and dashes that were decoded as controls.
    return char.encode("latin-1").decode("cp1252", "ignore") if "\x80" <= char <= "\x9f" else ""
