"""What a reader hands over: lines, metadata, and what it could not read."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.ingest.lines import Line


@dataclass(frozen=True)
class Metadata:
    """What a document says of itself outside its text; dates and languages are still as written."""

    title: str | None = None
    published: str | None = None
    url: str | None = None
    source: str | None = None
    language: str | None = None

    def over(self, other: Metadata) -> Metadata:
        """The same with gaps filled from ``other``."""
        return Metadata(
            self.title or other.title,
            self.published or other.published,
            self.url or other.url,
            self.source or other.source,
            self.language or other.language,
        )


@dataclass
class Content:
    """The lines of one document; ``problems`` are (code, detail) of what could not be read."""

    lines: list[Line]
    metadata: Metadata = field(default_factory=Metadata)
    problems: list[tuple[str, str]] = field(default_factory=list)
