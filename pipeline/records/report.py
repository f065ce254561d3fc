"""What one document says of one agreement, meeting or project, each value with its evidence."""

from __future__ import annotations

import hashlib

import msgspec

Value = str | int


class Support(msgspec.Struct, frozen=True):
    """One value of one field and the characters that say so.

    ``rule`` made it, ``step`` (one of ``schema.STEPS``) says where, seen from the trigger, ``detail`` keeps what
    the vocabulary of the tables is too coarse for (a finer state, the cue).
    """

    field: str
    value: Value
    start: int
    end: int
    rule: str
    step: str
    detail: str | None = None


class Report(msgspec.Struct, frozen=True):
    """A record as one document tells it; ``subject`` is agreement, meeting or project.

    ``start`` and ``end`` are the sentence or bullet that supports it best; ``values`` hold a Support
    for each value of each field, several for a list field. A field without one is null.
    """

    subject: str
    start: int
    end: int
    rule: str
    values: tuple[Support, ...]

    def first(self, field: str) -> Value | None:
        """The value of a scalar field."""
        return next((v.value for v in self.values if v.field == field), None)

    def all(self, field: str) -> list[str]:
        """The distinct values of a list field, sorted."""
        return sorted({str(v.value) for v in self.values if v.field == field})

    def report_id(self, doc_id: str) -> str:
        """An id made of the document and of what the report says, not of where it says it."""
        facts = sorted((v.field, str(v.value)) for v in self.values)
        digest = hashlib.sha256(msgspec.json.encode([doc_id, self.subject, facts])).hexdigest()
        return f"{self.subject[0]}-{digest[:16]}"
