"""The plain records that the stages hand to each other.

``start`` and ``end`` are character offsets into ``Document.text``; no stage changes that text.
"""

from __future__ import annotations

import datetime as dt

import msgspec

from pipeline.edtf import Interval


class Block(msgspec.Struct, frozen=True, gc=False):
    """A piece of layout: ``text[start:end]`` without its bullet sign and the line break.

    ``kind`` is heading, bullet, paragraph or table_row. ``depth`` is the level of a heading (1 is
    the title) or of a bullet (0 is the outermost). Blocks between two blank lines share ``group``.
    ``boilerplate`` names the kind of boilerplate (navigation, footer, caption …) or is None.
    """

    kind: str
    start: int
    end: int
    depth: int = 0
    group: int = 0
    boilerplate: str | None = None


class Document(msgspec.Struct, frozen=True):
    """A document as canonical text with its layout and its metadata.

    ``source_country`` is the ISO code of the publisher's country where the source, the address or
    the text tells it, and ``source_country_from`` says what did: source, address or a rule.
    ``published`` anchors relative dates.
    """

    doc_id: str
    format: str
    text: str
    blocks: tuple[Block, ...]
    sha256: str
    title: str | None = None
    source: str | None = None
    source_kind: str = "unknown"
    source_country: str | None = None
    source_country_from: str | None = None
    published: dt.date | None = None
    published_from: str | None = None
    language: str | None = None
    url: str | None = None


class Rejected(msgspec.Struct, frozen=True):
    """A document, an item of one, or a file that could not be read: nothing is lost silently."""

    doc_id: str
    stage: str
    code: str
    detail: str


class CountryMention(msgspec.Struct, frozen=True, gc=False):
    """A country named by name, demonym, place or institution."""

    start: int
    end: int
    rule: str
    confidence: float
    code: str
    via: str
    place: str | None = None


class DateMention(msgspec.Struct, frozen=True, gc=False):
    """A calendar time. ``modifier`` and ``resolved_from`` are as in the table ``dates``."""

    start: int
    end: int
    rule: str
    confidence: float
    interval: Interval
    modifier: str | None = None
    resolved_from: str | None = None


class InstitutionMention(msgspec.Struct, frozen=True, gc=False):
    """A named organisation, linked to the rules or discovered in the text."""

    start: int
    end: int
    rule: str
    confidence: float
    institution_id: str
    name: str
    kind: str
    acronym: str | None = None
    country: str | None = None
    linked: bool = False


class PersonMention(msgspec.Struct, frozen=True, gc=False):
    """A named person; ``name`` is the fullest name of the document, without honorific and role."""

    start: int
    end: int
    rule: str
    confidence: float
    name: str
    honorific: str | None = None
    role: str | None = None
    institution_id: str | None = None
    country: str | None = None


class FigureMention(msgspec.Struct, frozen=True, gc=False):
    """A number with a unit: ``value`` written out in full, ``period`` in EDTF."""

    start: int
    end: int
    rule: str
    confidence: float
    value: float
    unit: str
    what: str | None = None
    country: str | None = None
    period: str | None = None


class Annotation(msgspec.Struct, frozen=True):
    """What the annotators found in a document, as plain records: sentences and mentions.

    ``source_country`` is the publisher's country, where the document doesn't say it the one that its
    text speaks from; ``source_country_from`` says what told it.
    """

    sentences: tuple[tuple[int, int], ...]
    countries: tuple[CountryMention, ...]
    dates: tuple[DateMention, ...]
    institutions: tuple[InstitutionMention, ...]
    people: tuple[PersonMention, ...]
    figures: tuple[FigureMention, ...]
    source_country: str | None = None
    source_country_from: str | None = None
