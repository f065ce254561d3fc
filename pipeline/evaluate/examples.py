"""The examples in the rule files, run: what must match and what must not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.annotate.dates.check import check_examples as check_dates
from pipeline.annotate.home import says
from pipeline.annotate.pipeline import annotate, build_pipeline
from pipeline.model import Block, Document
from pipeline.records.build import record_builder
from pipeline.records.report import Report
from pipeline.rows import MentionRows, ReportRows
from pipeline.rulebook.boilerplate import check_examples as check_ingest
from pipeline.rulebook.book import RuleBook, load_rulebook
from pipeline.rulebook.examples import Example, Marked, as_example, parse_markup
from pipeline.rulebook.home import LineRule, PhraseRule
from pipeline.rulebook.source import item_lines
from pipeline.schema import BY_NAME, MARKUP_ATTRIBUTES

_TABLE = {
    "country": "countries",
    "date": "dates",
    "institution": "institutions",
    "person": "people",
    "figure": "figures",
}
# Tags of records; their attributes are columns of the report tables.
_RECORDS = ("agreement", "meeting", "project")


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


@dataclass(frozen=True)
class Reader:
    """Annotates examples: mentions as rows, records as reports with their rows."""

    nlp: Language
    rows: MentionRows
    report_rows: ReportRows
    build: Callable[[Doc], list[Report]]


def check_rulebook(rules: Path) -> tuple[int, list[Problem]]:
    """How many examples the rule book holds, and those that fail."""
    book = load_rulebook(rules)
    reader = Reader(build_pipeline(book), MentionRows(book), ReportRows(book), record_builder(book))
    checked = 0
    problems: list[Problem] = []
    for item in collect_examples(book):
        records = item.tag in _RECORDS
        for example in map(as_example, item.examples):
            problems += (_check_record if records else _check)(reader, item, example)
        for example in map(as_example, item.counter_examples):
            problems += (_counter_record if records else _check_counter)(reader, item, example)
        checked += len(item.examples) + len(item.counter_examples)
    problems += [Problem(where, message) for where, message in check_dates(book.dates)]
    problems += [Problem(*line.split(": ", 1)) for line in check_ingest(book.ingest)]
    for rule in book.ingest.boilerplate:
        checked += len(rule.examples) + len(rule.counter_examples)
    for naming in book.ingest.naming:
        checked += len(naming.examples) + len(naming.counter_examples)
    checked += sum(len(r.examples) + len(r.counter_examples) for r in book.validity.rule)
    problems += _check_validity(book, reader)
    for phrase in (one for group in book.home.phrases.values() for one in group):
        problems += _check_phrase(reader, phrase)
        checked += len(phrase.examples) + len(phrase.counter_examples)
    for line in book.home.lines:
        problems += _check_line(line)
        checked += len(line.examples) + len(line.counter_examples)
    return checked + len(book.dates.examples), problems


def _check_line(line: LineRule) -> Iterator[Problem]:
    for expected, texts in ((True, line.examples), (False, line.counter_examples)):
        for text in texts:
            if bool(line.pattern.search(text)) != expected:
                yield Problem(line.where, f"{line.id}: {text!r}")


def _check_phrase(reader: Reader, phrase: PhraseRule) -> Iterator[Problem]:
    """The examples in which a phrase of home isn't found, and counter-examples in which it is."""
    for expected, texts in ((True, phrase.examples), (False, phrase.counter_examples)):
        for text in texts:
            doc = annotate(reader.nlp, example_document(text, None))
            if any(says(phrase, text, mention) for mention in doc._.countries) != expected:
                yield Problem(phrase.where, f"{phrase.id}: {text!r}")


def _check_validity(book: RuleBook, reader: Reader) -> Iterator[Problem]:
    """Each example gives its value by its rule, and no counter-example gives any by that rule."""
    for rule, where in zip(book.validity.rule, _places(book, "validity.toml"), strict=True):
        for example in rule.examples:
            if example.valid not in _validity(reader, rule.id, example.text):
                yield Problem(where, f"{rule.id} doesn't read {example.valid} in {example.text!r}")
        for text in rule.counter_examples:
            for value in _validity(reader, rule.id, text):
                yield Problem(where, f"{rule.id} reads {value} in {text!r}")


def _validity(reader: Reader, rule: str, text: str) -> list[str]:
    """What a rule of validity reads in a text: field=value."""
    reports = reader.build(annotate(reader.nlp, example_document(text)))
    return [f"{v.field}={v.value}" for r in reports for v in r.values if v.rule == rule]


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

    yield from _record_examples(book)


def _record_examples(book: RuleBook) -> Iterator[RuleExamples]:
    """The examples of the rules that make records."""
    for name, tag, rules in (
        ("agreements.toml", "agreement", book.agreements),
        ("meetings.toml", "meeting", book.meetings),
        ("projects.toml", "project", book.projects),
        ("topics.toml", "agreement", book.topics),
        ("status.toml", None, book.status),
    ):
        file = book.file(name)
        for table in rules.__struct_fields__:
            items = getattr(rules, table)
            if not isinstance(items, tuple) or not hasattr(next(iter(items), None), "examples"):
                continue
            for rule, line in zip(items, item_lines(file, table), strict=True):
                subject = tag or rule.subjects[0]
                where = file.where(line)
                yield RuleExamples(where, subject, rule.id, rule.examples, rule.counter_examples)


def _places(book: RuleBook, name: str) -> list[str]:
    """``file:line`` of each rule of a file."""
    file = book.file(name)
    return [file.where(line) for line in item_lines(file)]


def _check(reader: Reader, item: RuleExamples, example: Example) -> Iterator[Problem]:
    text, marked = parse_markup(example.text, MARKUP_ATTRIBUTES, item.where)
    if not any(mark.tag == item.tag for mark in marked):
        yield Problem(item.where, f"no <{item.tag}> in the example {example.text!r}")
        return
    found = _mentions(reader, text, example)
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


def _check_counter(reader: Reader, item: RuleExamples, example: Example) -> Iterator[Problem]:
    text, _ = parse_markup(example.text, MARKUP_ATTRIBUTES, item.where)
    for row in _mentions(reader, text, example)[_TABLE[item.tag]]:
        if item.rule in {None, row["rule"]} and item.code in {None, row.get("code")}:
            yield Problem(item.where, f"{row['text']!r} was found in {text!r}")


def _check_record(reader: Reader, item: RuleExamples, example: Example) -> Iterator[Problem]:
    """Every marked span must support a report with the attributes, one of them made by the rule."""
    text, marked = parse_markup(example.text, MARKUP_ATTRIBUTES, item.where)
    marks = [mark for mark in marked if mark.tag in _RECORDS]
    if not marks:
        yield Problem(item.where, f"no <{item.tag}> in the example {example.text!r}")
        return
    found = _reports(reader, text, example)
    for mark in marks:
        rows = [row for report, row in found if _is_told(report, mark)]
        yield from _compare_record(item, text, mark, rows)
    made = [r for r, _ in found if item.rule in _rules(r) and any(_is_told(r, m) for m in marks)]
    # A project is told by a noun, a verb and a stage together; its evidence names some of them.
    if item.rule and item.tag != "project" and not made:
        yield Problem(item.where, f"{item.rule} made nothing marked in {text!r}")


def _compare_record(
    item: RuleExamples, text: str, mark: Marked, rows: list[dict[str, Any]]
) -> Iterator[Problem]:
    """One of the reports of a span must have all of its attributes."""
    wanted = [(key, value) for key, value in mark.attributes]
    if any(all(as_text(row[key]) == value for key, value in wanted) for row in rows):
        return
    surface = text[mark.start : mark.end]
    if not rows:
        yield Problem(item.where, f"no {mark.tag} was found in {surface!r}")
    for row in rows[:1]:
        wrong = (f"{k} {as_text(row[k])!r}, not {v!r}" for k, v in wanted if as_text(row[k]) != v)
        yield Problem(item.where, f"the {mark.tag} in {surface!r} has {'; '.join(wrong)}")


def _counter_record(reader: Reader, item: RuleExamples, example: Example) -> Iterator[Problem]:
    """A counter-example gives no record by the rule; a marked one tells which it gives instead."""
    text, marked = parse_markup(example.text, MARKUP_ATTRIBUTES, item.where)
    if marked:
        yield from _check_record(reader, replace(item, rule=None), example)
        return
    for report, _ in _reports(reader, text, example):
        if report.subject == item.tag and item.rule in _rules(report):
            yield Problem(item.where, f"{item.rule} made a {item.tag} of {text!r}")


def _reports(reader: Reader, text: str, example: Example) -> list[tuple[Report, dict[str, Any]]]:
    """The reports of an example, each with its row."""
    document = example_document(text, example)
    found = []
    for report in reader.build(annotate(reader.nlp, document)):
        table = BY_NAME[f"{report.subject}_reports"]
        row = reader.report_rows.of([report], document)[table.name][0]
        found.append((report, dict(zip((c.name for c in table.columns), row, strict=True))))
    return found


def _is_told(report: Report, mark: Marked) -> bool:
    """Whether a report of the tag's subject has its sentence or its name in the marked span."""
    spans = [(report.start, report.end)]
    spans += [(v.start, v.end) for v in report.values if v.field in {"title", "name"}]
    overlaps = any(start < mark.end and end > mark.start for start, end in spans)
    return report.subject == mark.tag and overlaps


def _rules(report: Report) -> set[str]:
    return {report.rule, *(value.rule for value in report.values)}


def _mentions(reader: Reader, text: str, example: Example) -> dict[str, list[dict[str, Any]]]:
    document = example_document(text, example)
    found = reader.rows.of(annotate(reader.nlp, document), document)
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
    """A cell as mark-up attributes write it: no needless fraction, lists with spaces."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, list | tuple):
        return " ".join(str(item) for item in value)
    return "" if value is None else str(value)
