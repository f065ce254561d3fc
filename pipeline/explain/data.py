"""An explanation as plain data."""

from __future__ import annotations

from typing import Any

import msgspec

from pipeline.explain.model import Explanation


def as_dict(explanation: Explanation) -> dict[str, Any]:
    """The document without its text, its mentions (unless records were asked for), its records."""
    document = explanation.document
    text = document.text
    found: dict[str, Any] = {
        "document": {
            name: msgspec.to_builtins(getattr(document, name))
            for name in (
                *("doc_id", "format", "title", "source", "source_kind", "published"),
                *("published_from", "language", "url", "sha256"),
            )
        }
    }
    if not explanation.focus:
        found["mentions"] = [
            mark._asdict() | {"text": text[mark.start : mark.end]} for mark in explanation.marks
        ]
    found["records"] = [msgspec.to_builtins(record) for record in explanation.shown]
    return found
