"""The examples of `rules/dates.toml`, tried against its own patterns."""

from __future__ import annotations

import datetime as dt

from pipeline.annotate.dates import find_dates
from pipeline.model import Block, DateMention
from pipeline.rulebook.dates import DateExample, DateRules
from pipeline.rulebook.examples import Marked, as_example, parse_markup

_TAGS = {"date": frozenset({"edtf", "modifier", "resolved_from"})}


def check_examples(rules: DateRules) -> list[tuple[str, str]]:
    """(``file:line``, what is wrong) for each example that doesn't come out as it is marked up.

    An example marks all dates of its sentence; a counter-example is a sentence without any.
    """
    problems: list[tuple[str, str]] = []
    for example in rules.examples:
        problems.extend((example.where, message) for message in _problems(example, rules))
    return problems


def _problems(entry: DateExample, rules: DateRules) -> list[str]:
    example = as_example(entry.example)
    text, marked = parse_markup(example.text, _TAGS, entry.where)
    found = find_dates(
        text,
        [Block("paragraph", 0, len(text))],
        published=dt.date.fromisoformat(example.published) if example.published else None,
        day_first=True,
        rules=rules,
        country=example.source_country,
    )
    problems = [] if entry.counter or marked else [f"{entry.rule}: nothing is marked: {text!r}"]
    spans = {(mention.start, mention.end): mention for mention in found}
    for mark in marked:
        mention = spans.pop((mark.start, mark.end), None)
        quote = text[mark.start : mark.end]
        if mention is None:
            problems.append(f"{entry.rule}: {quote!r} isn't found in {text!r}")
        else:
            problems.extend(f"{entry.rule}: {quote!r} {wrong}" for wrong in _wrong(mention, mark))
    problems.extend(
        f"{entry.rule}: {text[start:end]!r} is taken for {mention.interval} in {text!r}"
        for (start, end), mention in spans.items()
    )
    return problems


def _wrong(mention: DateMention, mark: Marked) -> list[str]:
    values = {
        "edtf": str(mention.interval),
        "modifier": str(mention.modifier),
        "resolved_from": str(mention.resolved_from),
    }
    return [
        f"has {key} {values[key]}, not {value}"
        for key, value in mark.attributes
        if values[key] != value
    ]
