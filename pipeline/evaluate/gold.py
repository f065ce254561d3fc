"""Gold documents: reading the annotation files and finding the texts they annotate."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from pipeline.errors import GoldError


class GoldDate(msgspec.Struct, frozen=True):
    """A calendar expression."""

    text: str
    edtf: str


class GoldInstitution(msgspec.Struct, frozen=True):
    """A distinct institution of a document."""

    name: str
    acronym: str | None = None
    country: str | None = None
    kind: str | None = None


class GoldPerson(msgspec.Struct, frozen=True):
    """A distinct person of a document."""

    name: str
    role: str | None = None
    country: str | None = None


class GoldFigure(msgspec.Struct, frozen=True):
    """A number with a unit."""

    text: str
    value: float
    unit: str
    what: str | None = None
    country: str | None = None
    period: str | None = None


class GoldDocument(msgspec.Struct, frozen=True):
    """What an annotator wrote down of one document; ``doc`` is its file name or doc_id."""

    doc: str
    title: str | None = None
    published: str | None = None
    source: str | None = None
    countries: tuple[str, ...] = ()
    dates: tuple[GoldDate, ...] = ()
    institutions: tuple[GoldInstitution, ...] = ()
    people: tuple[GoldPerson, ...] = ()
    figures: tuple[GoldFigure, ...] = ()
    agreements: tuple[dict[str, Any], ...] = ()
    meetings: tuple[dict[str, Any], ...] = ()
    projects: tuple[dict[str, Any], ...] = ()


def read_gold(folder: Path) -> Iterator[GoldDocument]:
    """The gold documents of a folder, by file name; raises GoldError naming a file it can't read."""
    paths = sorted(folder.glob("*.json"))
    if not paths:
        raise GoldError(
            "there are no gold files here",
            where=str(folder),
            fix="name a folder with one JSON file a document (see docs/annotation.md)",
        )
    for path in paths:
        try:
            yield msgspec.json.decode(path.read_bytes(), type=GoldDocument)
        except (msgspec.DecodeError, OSError) as error:
            raise GoldError(
                f"not a gold document: {error}",
                where=str(path),
                fix="correct the file (see docs/annotation.md)",
            ) from error
