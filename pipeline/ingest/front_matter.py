"""Front matter: YAML between ``---`` or TOML between ``+++`` before a Markdown text."""

from __future__ import annotations

import re
import tomllib
from typing import Any, Final

from pipeline.ingest.content import Metadata

_MAX: Final = 65_536
_OPEN: Final = re.compile(r"\s{0,20}(---|\+\+\+)[ \t]*\n")
_LINE: Final = re.compile(r"(?:[A-Za-z_][\w-]*[ \t]*[:=]|[ \t]+\S|#|- |[ \t]*$)")
_KEYS: Final = {
    "title": ("title",),
    "published": ("date", "published", "pubdate", "publish_date", "published_at"),
    "url": ("url", "link", "canonical_url", "source_url"),
    "source": ("source", "publisher", "site_name", "agency", "organisation", "organization"),
    "language": ("language", "lang", "locale"),
}


def split(text: str) -> tuple[Metadata, str, str | None]:
    """(metadata, the text after it, what was wrong or None) of a Markdown file."""
    opened = _OPEN.match(text)
    if not opened:
        return Metadata(), text, None
    fence = re.compile(rf"^{re.escape(opened[1])}[ \t]*$|^\.\.\.[ \t]*$", re.MULTILINE)
    closed = fence.search(text, opened.end(), opened.end() + _MAX)
    if closed is None:
        return _unclosed(text, opened)
    body = text[closed.end() :].removeprefix("\n")
    values, problem = _load(text[opened.end() : closed.start()], opened[1])
    return _metadata(values), body, problem


def _unclosed(text: str, opened: re.Match[str]) -> tuple[Metadata, str, str | None]:
    """A fence without its end: a ruler over a text, or metadata up to the first other line."""
    end = opened.end()
    while end < len(text):
        stop = text.find("\n", end)
        stop = len(text) if stop < 0 else stop
        line = text[end:stop]
        if not line.strip() or not _LINE.match(line):
            break
        end = min(stop + 1, len(text))
    if end == opened.end():
        return Metadata(), text, None
    values, _ = _load(text[opened.end() : end], opened[1])
    return _metadata(values), text[end:], f"the closing {opened[1]} is missing"


def _load(source: str, fence: str) -> tuple[dict[str, Any], str | None]:
    if not source.strip():
        return {}, None
    try:
        values = tomllib.loads(source) if fence == "+++" else _load_yaml(source)
    except (ValueError, RecursionError) as error:
        return {}, " ".join(str(error).split())[:300]
    if not isinstance(values, dict):
        return {}, "the front matter is no list of keys and values"
    return values, None


def _load_yaml(source: str) -> Any:
    import yaml  # noqa: PLC0415 (most files have no front matter)

    # The base loader keeps every scalar as the string that was written: no dates, no `NO` as false.
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        return yaml.load(source, Loader=loader)  # noqa: S506 (builds strings, lists and dicts only)
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error


def _metadata(values: dict[str, Any]) -> Metadata:
    lower = {str(key).lower(): value for key, value in values.items()}
    return Metadata(**{field: _value(lower, keys) for field, keys in _KEYS.items()})


def _value(values: dict[str, Any], keys: tuple[str, ...]) -> str | None:
    for key in keys:
        value = values.get(key)
        if value is not None and not isinstance(value, (dict, list)):
            text = " ".join(str(value).split())
            if text:
                return text[:1000]
    return None
