"""Marked-up sentences: the examples in rule files and in tests.

``The MoU was signed in <date edtf="2012-05">May 2012</date>.`` holds one expected mention. Tags are
names of mention kinds, attributes are columns of their tables.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import msgspec

from pipeline.errors import RuleError

_TAG = re.compile(r"<(/?)([a-z_]+)((?:\s+[a-z_0-9]+=(?:\"[^\"]*\"|'[^']*'))*)\s*>")
_ATTRIBUTE = re.compile(r"([a-z_0-9]+)=(?:\"([^\"]*)\"|'([^']*)')")
_LOOSE = re.compile(r"</?[a-z_]+")


class Example(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A marked-up sentence with what its document would say besides it."""

    text: str
    published: str | None = None
    source_country: str | None = None


@dataclass(frozen=True)
class Marked:
    """An expected mention: ``tag`` over ``text[start:end]`` with the attributes that must hold."""

    tag: str
    start: int
    end: int
    attributes: tuple[tuple[str, str], ...]


def as_example(example: str | Example) -> Example:
    """An example written as a plain string has no context."""
    return Example(example) if isinstance(example, str) else example


def parse_markup(
    marked: str, attributes: dict[str, frozenset[str]], where: str
) -> tuple[str, tuple[Marked, ...]]:
    """The plain text and the expected mentions of a marked-up sentence.

    ``attributes`` maps each known tag to the attributes that it may have. Raises RuleError naming
    ``where`` for an unknown tag or attribute, an unclosed or wrongly nested tag.
    """
    plain: list[str] = []
    length = position = 0
    opened: list[tuple[str, int, tuple[tuple[str, str], ...]]] = []
    found: list[Marked] = []
    for tag in _TAG.finditer(marked):
        plain.append(marked[position : tag.start()])
        length += tag.start() - position
        position = tag.end()
        closing, name, body = tag.groups()
        if name not in attributes:
            raise RuleError(f"unknown tag <{name}>", where=where, fix=_known(attributes))
        if closing:
            if not opened or opened[-1][0] != name:
                raise RuleError(f"</{name}> closes nothing", where=where, fix="check the tags")
            _, start, values = opened.pop()
            found.append(Marked(name, start, length, values))
            continue
        values = tuple((key, a or b) for key, a, b in _ATTRIBUTE.findall(body))
        unknown = [key for key, _ in values if key not in attributes[name]]
        if unknown:
            raise RuleError(
                f"<{name}> has no attribute {unknown[0]}",
                where=where,
                fix=f"use {', '.join(sorted(attributes[name]))}",
            )
        opened.append((name, length, values))
    plain.append(marked[position:])
    text = "".join(plain)
    if opened:
        raise RuleError(f"<{opened[-1][0]}> isn't closed", where=where, fix="close the tag")
    if _LOOSE.search(text):
        raise RuleError("a tag is malformed", where=where, fix="quote its attribute values")
    return text, tuple(sorted(found, key=lambda m: (m.start, m.end, m.tag)))


def _known(attributes: dict[str, frozenset[str]]) -> str:
    return f"use {', '.join(f'<{tag}>' for tag in sorted(attributes))}"
