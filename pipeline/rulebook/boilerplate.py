"""Rules of ingest: ``boilerplate.toml`` (what is no part of a text) and ``publishers.toml``."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal

import msgspec

from pipeline.errors import RuleError
from pipeline.rulebook.source import RuleFile, compile_pattern, item_lines, parse_toml

_GROUP_NAME: Final = re.compile(r"\(\?P<\w+>")
KINDS: Final = frozenset(
    [
        "navigation",
        "breadcrumb",
        "counter",
        "copyright",
        "certificate",
        "caption",
        "credit",
        "share",
        "cookie",
        "related",
        "footer",
        "contact",
        "repeated",
        "end",
    ]
)
Position = Literal["any", "top", "bottom"]
SourceKind = Literal["ministry", "news", "embassy", "organisation"]


class _Rule(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    about: str
    kind: str
    pattern: str
    examples: list[str]
    position: Position = "any"
    max_length: int = 300
    section: bool = False
    needs: list[str] = []
    counter_examples: list[str] = []


class _RuleToml(msgspec.Struct, forbid_unknown_fields=True):
    rule: list[_Rule]
    not_titles: list[str] = []
    title_prefixes: list[str] = []


class _Publisher(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    kind: SourceKind
    country: str | None = None
    domains: list[str] = []
    aliases: list[str] = []
    bylines: list[str] = []
    folders: list[str] = []


class _Words(msgspec.Struct, forbid_unknown_fields=True):
    kind: SourceKind
    words: list[str]


class _Suffix(msgspec.Struct, forbid_unknown_fields=True):
    suffix: str
    country: str
    kind: SourceKind | None = None


class _Naming(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    about: str
    pattern: str
    examples: list[str]
    position: Position = "any"
    counter_examples: list[str] = []


class _PublisherToml(msgspec.Struct, forbid_unknown_fields=True):
    publisher: list[_Publisher]
    words: list[_Words]
    suffix: list[_Suffix]
    naming: list[_Naming]
    generic_domains: list[str] = []


@dataclass(frozen=True)
class BoilerplateRule:
    """A pattern for lines of one kind of boilerplate, matched from their start.

    ``position`` limits it to the first or last lines of a document, ``max_length`` to short lines;
    ``section`` extends it from a heading such as "Related news" to the short lines below. One of
    ``needs``, where there are any, stands in the line in lower case.
    """

    id: str
    kind: str
    pattern: re.Pattern[str]
    position: Position
    max_length: int
    section: bool
    needs: tuple[str, ...]
    examples: tuple[str, ...]
    counter_examples: tuple[str, ...]
    where: str


@dataclass(frozen=True)
class Publisher:
    """A known publisher; ``folders`` are names of folders below ``raw/`` that hold its releases."""

    name: str
    kind: str
    country: str | None
    where: str


@dataclass(frozen=True)
class NamingRule:
    """A pattern whose group ``source`` is the publisher that a line of the text names."""

    id: str
    pattern: re.Pattern[str]
    position: Position
    examples: tuple[str, ...]
    counter_examples: tuple[str, ...]
    where: str


@dataclass(frozen=True)
class IngestRules:
    """Everything that ingest takes from ``rules/``; ``files`` are what it was read from.

    ``begins_boilerplate`` and ``names_source`` match wherever one of the rules does, so that most
    lines need one look; ``boilerplate_words`` finds what the rules that look anywhere need.
    """

    boilerplate: tuple[BoilerplateRule, ...]
    begins_boilerplate: re.Pattern[str]
    boilerplate_words: re.Pattern[str]
    naming: tuple[NamingRule, ...]
    names_source: re.Pattern[str]
    by_domain: dict[str, Publisher]
    by_name: dict[str, Publisher]
    by_byline: dict[str, Publisher]
    by_folder: dict[str, Publisher]
    kind_words: tuple[tuple[str, re.Pattern[str]], ...]
    suffixes: tuple[tuple[str, str, str | None], ...]
    generic_domains: frozenset[str]
    not_titles: re.Pattern[str]
    title_prefixes: re.Pattern[str]
    files: tuple[RuleFile, ...]


def load_boilerplate(root: Path) -> IngestRules:
    """The rules of ingest below ``root``; raises RuleError with file and line."""
    file = RuleFile.read(root, "boilerplate.toml")
    data = parse_toml(file, _RuleToml)
    rules = tuple(
        _rule(item, file.where(line))
        for item, line in zip(data.rule, item_lines(file), strict=True)
    )
    _unique([(rule.id, rule.where) for rule in rules])
    found = _with_publishers(rules, file, RuleFile.read(root, "publishers.toml"))
    return replace(
        found,
        not_titles=_any_of(data.not_titles, file),
        title_prefixes=_any_of(data.title_prefixes, file),
    )


def _combined(patterns: list[re.Pattern[str]]) -> re.Pattern[str]:
    """A pattern that matches wherever one of several does."""
    flags = "".join({"(?i)" for one in patterns if one.flags & re.IGNORECASE})
    parts = (_GROUP_NAME.sub("(?:", one.pattern) for one in patterns)
    return re.compile(flags + "|".join(f"(?:{part})" for part in parts) if patterns else "(?!)")


def _any_of(patterns: list[str], file: RuleFile) -> re.Pattern[str]:
    return compile_pattern("|".join(patterns) or r"(?!)", file.where(1), re.IGNORECASE)


def _with_publishers(
    rules: tuple[BoilerplateRule, ...], boilerplate: RuleFile, file: RuleFile
) -> IngestRules:
    data = parse_toml(file, _PublisherToml)
    naming = tuple(
        _naming(item, file.where(line))
        for item, line in zip(data.naming, item_lines(file, "naming"), strict=True)
    )
    found = IngestRules(
        boilerplate=rules,
        begins_boilerplate=_combined([rule.pattern for rule in rules if not rule.needs]),
        boilerplate_words=re.compile(
            "|".join(re.escape(word) for rule in rules for word in rule.needs) or "(?!)"
        ),
        naming=naming,
        names_source=_combined([rule.pattern for rule in naming]),
        by_domain={},
        by_name={},
        by_byline={},
        by_folder={},
        kind_words=tuple(
            (item.kind, _words(item.words, file.where(line)))
            for item, line in zip(data.words, item_lines(file, "words"), strict=True)
        ),
        suffixes=tuple(
            (item.suffix.strip("."), item.country, item.kind)
            for item in sorted(data.suffix, key=lambda item: -len(item.suffix))
        ),
        generic_domains=frozenset(data.generic_domains),
        not_titles=re.compile(r"(?!)"),
        title_prefixes=re.compile(r"(?!)"),
        files=(boilerplate, file),
    )
    for item, line in zip(data.publisher, item_lines(file, "publisher"), strict=True):
        _index(found, item, file.where(line))
    _unique([(rule.id, rule.where) for rule in found.naming])
    return found


def _rule(item: _Rule, where: str) -> BoilerplateRule:
    if item.kind not in KINDS:
        raise RuleError(
            f"unknown kind {item.kind!r}", where=where, fix=f"use {', '.join(sorted(KINDS))}"
        )
    return BoilerplateRule(
        item.id,
        item.kind,
        compile_pattern(item.pattern, where, re.IGNORECASE),
        item.position,
        item.max_length,
        item.section,
        tuple(item.needs),
        tuple(item.examples),
        tuple(item.counter_examples),
        where,
    )


def _naming(item: _Naming, where: str) -> NamingRule:
    pattern = compile_pattern(item.pattern, where)
    if "source" not in pattern.groupindex:
        raise RuleError("no group `source`", where=where, fix="add (?P<source>…) to the pattern")
    return NamingRule(
        item.id,
        pattern,
        item.position,
        tuple(item.examples),
        tuple(item.counter_examples),
        where,
    )


def _words(words: list[str], where: str) -> re.Pattern[str]:
    parts = "|".join(map(re.escape, words))
    return compile_pattern(rf"\b(?:{parts})\b", where, re.IGNORECASE)


def _index(rules: IngestRules, item: _Publisher, where: str) -> None:
    publisher = Publisher(item.name, item.kind, item.country, where)
    for table, keys in (
        (rules.by_domain, [domain.lower() for domain in item.domains]),
        (rules.by_name, [name.casefold() for name in [item.name, *item.aliases]]),
        (rules.by_byline, item.bylines),
        (rules.by_folder, item.folders),
    ):
        for key in keys:
            if key in table:
                raise RuleError(
                    f"{key!r} belongs to two publishers",
                    where=where,
                    fix=f"remove it here or at {table[key].where}",
                )
            table[key] = publisher


def _unique(ids: list[tuple[str, str]]) -> None:
    seen: dict[str, str] = {}
    for name, where in ids:
        if name in seen:
            raise RuleError(
                f"the id {name!r} is taken", where=where, fix=f"choose another than {seen[name]}"
            )
        seen[name] = where


def check_examples(rules: IngestRules) -> list[str]:
    """One message for each example that doesn't match and each counter-example that does."""
    problems: list[str] = []
    everything: tuple[BoilerplateRule | NamingRule, ...] = (*rules.boilerplate, *rules.naming)
    for rule in everything:
        name = f"{rule.where}: {rule.id}"
        wrong = [text for text in rule.examples if not _matches(rule, text)]
        problems.extend(f"{name} doesn't match its example {text!r}" for text in wrong)
        wrong = [text for text in rule.counter_examples if _matches(rule, text)]
        problems.extend(f"{name} matches its counter-example {text!r}" for text in wrong)
        if not rule.examples:
            problems.append(f"{name} has no example")
    return problems


def _matches(rule: BoilerplateRule | NamingRule, text: str) -> bool:
    short = isinstance(rule, NamingRule) or len(text) <= rule.max_length
    return short and rule.pattern.match(text) is not None
