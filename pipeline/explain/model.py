"""What an explanation holds; the terminal, the page and the JSON show the same."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from pipeline.model import Document

# The kinds of mention in the order of their legend.
KINDS = ("country", "date", "institution", "person", "figure")
# What the steps of the evidence mean, seen from the trigger of the record.
STEP_MEANINGS = {
    "phrase": "in the phrase itself",
    "clause": "in the same clause",
    "sentence": "in the same sentence",
    "block": "in the same paragraph or bullet",
    "list": "in the same list",
    "heading": "in the heading above",
    "lead": "in the text that introduces the list",
    "anaphora": "through a word that refers back to it",
    "document": "elsewhere in the document",
    "publisher": "from who published the document",
    "decided": "from what somebody decided in a review",
}


class Mark(NamedTuple):
    """A mention at ``text[start:end]``: its kind, its value, and the rule that found it."""

    start: int
    end: int
    kind: str
    value: str
    note: str
    rule: str
    where: str
    confidence: float

    @property
    def label(self) -> str:
        """Kind and value in one line."""
        return f"{self.kind} {self.value}"


class Considered(msgspec.Struct, frozen=True):
    """A mention beside the evidence of a field that is no value of it, and why, as far as told."""

    start: int
    end: int
    text: str
    value: str
    reason: str


class Value(msgspec.Struct, frozen=True):
    """One value of a field with the characters that say so.

    ``before`` and ``after`` are the text around the quote, ``normalised`` how the text became the
    value, ``about`` what the rule says of itself.
    """

    value: str
    start: int
    end: int
    text: str
    before: str
    after: str
    rule: str
    where: str
    about: str
    step: str
    confidence: float
    detail: str | None = None
    normalised: str | None = None


class Field(msgspec.Struct, frozen=True):
    """A field of a record: its values, and what stands beside their evidence and wasn't taken."""

    name: str
    values: tuple[Value, ...]
    considered: tuple[Considered, ...] = ()


class Record(msgspec.Struct, frozen=True):
    """A report of a document with all its fields, the empty ones included."""

    id: str
    subject: str
    start: int
    end: int
    text: str
    rule: str
    where: str
    about: str
    confidence: float
    fields: tuple[Field, ...]

    @property
    def summary(self) -> str:
        """Subject and title in one line."""
        told = {field.name: field.values for field in self.fields}
        named = next((told[n][0].value for n in ("title", "name", "kind") if told.get(n)), "")
        return f"{self.subject} “{' '.join(named.split())}”" if named else self.subject


class Explanation(msgspec.Struct, frozen=True):
    """A document with its mentions and records; ``focus`` are the ids asked for (else empty)."""

    document: Document
    marks: tuple[Mark, ...]
    records: tuple[Record, ...]
    focus: tuple[str, ...] = ()

    @property
    def shown(self) -> tuple[Record, ...]:
        """The records asked for, or all."""
        return tuple(r for r in self.records if not self.focus or r.id in self.focus)
