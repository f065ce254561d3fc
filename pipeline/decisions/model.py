"""A decision: what somebody said of one change, bound to its content and to the words quoted."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

ACTIONS = ("accept", "reject", "set", "same", "not_same", "flag", "comment", "undo")
RULE_PREFIX = "decision/"

Facts = dict[str, Any]
Value = str | bool | int | float | list[str] | None


class TextQuote(msgspec.Struct, frozen=True):
    """Characters of a document with what stood around them; ``doc`` is where they stood then."""

    doc: str
    exact: str
    prefix: str = ""
    suffix: str = ""


class Decision(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of ``rules/decisions/<table>.jsonl``.

    ``change`` is the content id of the change decided on; ``before`` and ``after`` are the facts of
    its two rows (None: there was no such row). ``field`` and ``value`` belong to ``set``, ``other``
    is the second record of ``same`` and ``not_same`` (its facts and its quote), ``undoes`` the id of
    an earlier decision. ``when`` is ISO 8601 in UTC.
    """

    action: str
    table: str
    who: str
    when: str
    change: str = ""
    before: Facts | None = None
    after: Facts | None = None
    quote: TextQuote | None = None
    field: str = ""
    value: Value = None
    other: Facts | None = None
    other_quote: TextQuote | None = None
    undoes: str = ""
    why: str = ""

    @property
    def id(self) -> str:
        """The hash of everything that the decision says."""
        return hashlib.sha256(msgspec.json.encode(self, order="sorted")).hexdigest()[:16]

    @property
    def rule(self) -> str:
        """How evidence names the decision."""
        return f"{RULE_PREFIX}{self.id}"


def normalised(text: str) -> str:
    """A text without its line breaks and indents, so that re-flowed text is the same."""
    return " ".join(text.split())
