"""Bytes to text: byte order mark, declared charset, UTF-8, a restricted guess, or a refusal."""

from __future__ import annotations

import codecs
import re
from typing import Final

from pipeline.errors import DocumentError

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC: Final = (
    b"%PDF-",
    b"PK\x03\x04",
    b"\x89PNG",
    b"GIF8",
    b"\xff\xd8\xff",
    b"{\\rtf",
    b"\x1f\x8b",
)
_DECLARED: Final = re.compile(
    rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']\s*([A-Za-z0-9_.:-]{1,40})"""
    rb"""|<meta[^>]{0,400}?charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{1,40})""",
    re.IGNORECASE,
)
_HEAD: Final = 4096  # browsers look for a declaration in the first 1,024 bytes; be more patient
_SAMPLE: Final = 65_536
# Labels that browsers read as Windows code pages, which hold the same letters and more.
_ALIASES: Final = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252",
                   "us-ascii": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030",
                   "iso-8859-9": "cp1254", "shift_jis": "cp932", "x-sjis": "cp932",
                   "ks_c_5601-1987": "cp949", "euc-kr": "cp949", "iso-8859-11": "cp874"}  # fmt: skip
_ASIAN: Final = ("gb18030", "big5", "cp932", "euc_jp", "cp949", "cp1251")
_ASCII: Final = bytes(range(128))
_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MAX_CONTROLS: Final = 0.002
_MIN_HIGH: Final = 12  # fewer bytes tell nothing of a charset
_MAX_HIGH: Final = 0.12  # Western text has few letters beyond ASCII


def decode(data: bytes, *, markup: bool = False) -> str:
    """The text of ``data``; ``markup`` looks for a charset that HTML or XML declares.

    Raises DocumentError ("binary" or "encoding") when no charset is plausible.
    """
    if data.startswith(_MAGIC):
        raise DocumentError("binary", "the content is that of another file format")
    for mark, name in _MARKS:
        if data.startswith(mark):
            text = _strict(data, name)
            if text is None:
                raise DocumentError("encoding", f"marked as {name}, but not valid {name}")
            return text.removeprefix("\ufeff")
    text = _declared(data) if markup else None
    if text is None:
        text = _strict(data, "utf-8")
    if text is None or "\x00" in text:
        text = _guess(data)
    if len(_CONTROL.findall(text[:_SAMPLE])) > max(2, _MAX_CONTROLS * min(len(text), _SAMPLE)):
        raise DocumentError("binary", "the text is full of control characters")
    return text


def _strict(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except (UnicodeDecodeError, LookupError, ValueError):
        return None


def _declared(data: bytes) -> str | None:
    found = _DECLARED.search(data[:_HEAD])
    if not found:
        return None
    label = (found[1] or found[2]).decode("ascii").lower()
    name = _ALIASES.get(label, label)
    if name.startswith(("utf-16", "utf-32")):  # it was readable as ASCII, so it is not that
        return None
    try:
        if not codecs.lookup(name)._is_text_encoding:
            return None
    except LookupError:
        return None
    # A page that says Latin-1 but is valid UTF-8 beyond ASCII was saved by a newer editor.
    utf8 = None if data.isascii() else _strict(data, "utf-8")
    return utf8 if utf8 is not None else _strict(data, name)


def _guess(data: bytes) -> str:
    if b"\x00" in data[:_SAMPLE]:
        return _guess_wide(data)
    sample = data[:_SAMPLE]
    high = len(sample.translate(None, _ASCII))
    few = high <= max(_MIN_HIGH, _MAX_HIGH * len(sample))
    text = _strict(data, "cp1252") if few else _guess_asian(data)
    if text is None:
        raise DocumentError("encoding", "neither UTF-8 nor another charset that fits")
    return text


def _guess_wide(data: bytes) -> str:
    even, odd = data[0:_SAMPLE:2].count(0), data[1:_SAMPLE:2].count(0)
    half = max(1, min(len(data), _SAMPLE) // 2)
    for zeros, others, name in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        if zeros > 0.4 * half and others < 0.02 * half:
            text = _strict(data, name)
            if text is not None:
                return text
    raise DocumentError("binary", "the content holds NUL bytes")


def _guess_asian(data: bytes) -> str | None:
    from charset_normalizer import from_bytes  # noqa: PLC0415 (slow to import, rarely needed)

    best = from_bytes(data[:_SAMPLE], cp_isolation=list(_ASIAN)).best()
    return _strict(data, best.encoding) if best else None
