"""Files to documents: canonical text with layout, metadata and marked boilerplate."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.ingest.find import find_inputs
from pipeline.model import Document, Rejected

if TYPE_CHECKING:
    from pipeline.rulebook.boilerplate import IngestRules

__all__ = ["find_inputs", "read_file"]


def read_file(path: Path, raw: Path, rules: IngestRules) -> Iterator[Document | Rejected]:
    """The documents of a file below ``raw``, and a row for everything that can't be read."""
    # The readers take a moment to import; who only looks for files doesn't wait for them.
    from pipeline.ingest import read  # noqa: PLC0415

    return read.read_file(path, raw, rules)
