"""Discovered institutions as lines for the rules: ``pactline rules suggest``."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pipeline.link.registry import suggestions
from pipeline.rulebook.institutions import COLUMNS
from pipeline.tables import read_rows


def suggested(folder: Path, least: int, limit: int) -> list[dict[str, Any]]:
    """The suggestions of a folder of tables, the most frequent first; ``limit`` 0 gives all."""
    found = suggestions(read_rows(folder, "institution_registry"), least)
    return found[:limit] if limit else found


def csv_lines(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    """The rows in the columns of ``rules/institutions/*.csv``, without a header."""
    for row in rows:
        buffer = io.StringIO()
        csv.writer(buffer, lineterminator="").writerow([row[column] for column in COLUMNS])
        yield buffer.getvalue()
