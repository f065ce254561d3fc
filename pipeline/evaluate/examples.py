"""The examples in the rule files, run: what must match and what must not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spacy.language import Language

from pipeline.annotate.dates.check import check_examples as check_dates
from pipeline.annotate.pipeline import annotate, build_pipeline
from pipeline.model import Block, Document
from pipeline.rows import MentionRows
from pipeline.rulebook.boilerplate import check_examples as check_ingest
from pipeline.rulebook.book import RuleBook, load_rulebook
from pipeline.rulebook.examples import Example, Marked, as_example, parse_markup
from pipeline.rulebook.source import item_lines
from pipeline.schema import BY_NAME, MARKUP_ATTRIBUTES

_TABLE = {
    "country": "countries",
    "date": "dates",
    "institution": "institutions",
    "person": "people",
    "figure": "figures",
}


@dataclass(frozen=True)
class Problem:
    """An example that doesn't hold, with file and line of its rule."""

    where: str
    message: str


@dataclass(frozen=True)
class RuleExamples:
    """The examples of one rule.

    ``rule`` must have made at least one of the marked mentions (None: any rule may have), and none
    in a counter-example; ``code`` restricts that to one country. An institution that the registry
    knows, too, may stand in an example of a shape.
    """

    where: str
    tag: str
    rule: str | None
    examples: tuple[str | Example, ...]
    counter_examples: tuple[str | Example, ...]
    code: str | None = None


def check_rulebook(rules: Path) -> tuple[int, list[Problem]]:
    """How many examples the rule book holds, and those that fail."""
    book = load_rulebook(rules)
    nlp, rows = build_pipeline(book), MentionRows(book)
    checked = 0
    problems: list[Problem] = []
    for item in collect_examples(book):
        for example in item.examples:
            problems += _check(nlp, rows, item, as_example(example))
        for example in item.counter_examples:
            problems += _check_counter(nlp, rows, item, as_example(example))
        checked += len(item.examples) + len(item.counter_examples)
    problems += [Problem(where, message) for where, message in check_dates(book.dates)]
    problems += [Problem(*line.split(": ", 1)) for line in check_ingest(book.ingest)]
    for rule in book.ingest.boilerplate:
        checked += len(rule.examples) + len(rule.counter_examples)
    for naming in book.ingest.naming:
        checked += len(naming.examples) + len(naming.counter_examples)
    return checked + len(book.dates.examples), problems


def collect_examples(book: RuleBook) -> Iterator[RuleExamples]:
    """The examples of all rules that make mentions."""
    geography = book.geography
    for name, line in zip(geography.ambiguous, geography.ambiguous_lines, strict=True):
        where = f"rules/ambiguous_names.toml:{line}"
        yield RuleExamples(where, "country", None, name.examples, name.counter_examples, name.code)
    shapes = book.institutions
    for shape, line in zip(shapes.shapes.rule, shapes.shape_lines, strict=True):
        where = f"rules/institutions.toml:{line}"
        yield RuleExamples(where, "institution", shape.id, shape.examples, shape.counter_examples)
    for person, where in zip(book.people.rule, _places(book, "people.toml"), strict=True):
        yield RuleExamples(where, "person", person.id, person.examples, person.counter_examples)
    for figure, where in zip(book.figures.rule, _places(book, "figures.toml"), strict=True):
        yield RuleExamples(where, "figure", figure.id, figure.examples, figure.counter_examples)


def _places(book: RuleBook, name: str) -> list[str]:
    """``file:line`` of each rule of a file."""
    file = book.file(name)
    return [file.where(line) for line in item_lines(file)]


def _check(
    nlp: Language, rows: MentionRows, item: RuleExamples, example: Example
) -> Iterator[Problem]:
    text, marked = parse_markup(example.text, MARKUP_ATTRIBUTES, item.where)
    if not any(mark.tag == item.tag for mark in marked):
        yield Problem(item.where, f"no <{item.tag}> in the example {example.text!r}")
        return
    found = _mentions(nlp, rows, text, example)
    for mark in marked:
        yield from _compare(item, text, mark, found[_TABLE[mark.tag]])
    own = [r for r in found[_TABLE[item.tag]] if item.rule in {None, r["rule"]}]
    spans = {(mark.start, mark.end) for mark in marked}
    linked = any(r.get("linked") for r in found[_TABLE[item.tag]])
    if item.rule and not linked and not any((r["start"], r["end"]) in spans for r in own):
        yield Problem(item.where, f"{item.rule} found nothing marked in {text!r}")
    for row in own if item.rule else ():
        if (row["start"], row["end"]) not in spans:
            yield Problem(item.where, f"unmarked {row['text']!r} was found in {text!r}")


def _compare(
    item: RuleExamples, text: str, mark: Marked, rows: Iterable[dict[str, Any]]
) -> Iterator[Problem]:
    row = next((r for r in rows if (r["start"], r["end"]) == (mark.start, mark.end)), None)
    surface = text[mark.start : mark.end]
    if row is None:
        yield Problem(item.where, f"{surface!r} was not found in {text!r}")
        return
    for key, value in mark.attributes:
        if as_text(row[key]) != value:
            yield Problem(item.where, f"{surface!r} has {key} {as_text(row[key])!r}, not {value!r}")


def _check_counter(
    nlp: Language, rows: MentionRows, item: RuleExamples, example: Example
) -> Iterator[Problem]:
    text, _ = parse_markup(example.text, MARKUP_ATTRIBUTES, item.where)
    for row in _mentions(nlp, rows, text, example)[_TABLE[item.tag]]:
        if item.rule in {None, row["rule"]} and item.code in {None, row.get("code")}:
            yield Problem(item.where, f"{row['text']!r} was found in {text!r}")


def _mentions(
    nlp: Language, rows: MentionRows, text: str, example: Example
) -> dict[str, list[dict[str, Any]]]:
    document = example_document(text, example)
    found = rows.of(annotate(nlp, document), document)
    return {
        table: [
            dict(zip((c.name for c in BY_NAME[table].columns), row, strict=True)) for row in values
        ]
        for table, values in found.items()
    }


def example_document(text: str, example: Example | None = None) -> Document:
    """A document of one paragraph a line."""
    blocks, position = [], 0
    for line in text.split("\n"):
        if line.strip():
            blocks.append(Block("paragraph", position, position + len(line)))
        position += len(line) + 1
    published = example.published if example else None
    return Document(
        doc_id="example",
        format="text",
        text=text,
        blocks=tuple(blocks),
        sha256="",
        published=dt.date.fromisoformat(published) if published else None,
        source_country=example.source_country if example else None,
    )


def as_text(value: Any) -> str:
    """A cell as mark-up attributes write it: whole numbers without a fraction, true and false."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.10g}"
    return "" if value is None else str(value)
