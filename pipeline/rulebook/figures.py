"""Currencies, measures, counted nouns and word lists by which figures are found."""

from __future__ import annotations

from pathlib import Path

import msgspec

from pipeline.errors import RuleError
from pipeline.rulebook.examples import Example
from pipeline.rulebook.source import RuleFile, item_lines, parse_toml

RULE_KINDS = frozenset({"currency", "measure", "noun", "structure"})


class FigureRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of unit.

    A ``currency`` has a ``unit`` (ISO 4217), the forms ``before`` and ``after`` the number, and the
    bare signs that mean it in texts published in its ``countries`` (``local``). A ``measure`` has a
    ``unit`` and the forms ``after`` the number. A ``noun`` lists plural nouns (``words``); with a
    ``unit``, that is their unit, else the noun is. A ``structure`` has none of these.
    """

    id: str
    about: str
    kind: str
    confidence: float
    unit: str | None = None
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    local: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    examples: tuple[str | Example, ...] = ()
    counter_examples: tuple[str | Example, ...] = ()


class FigureWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Word lists that the rules share; each is explained in the file."""

    persons: tuple[str, ...]
    irregular_plurals: tuple[str, ...]
    kept_modifiers: tuple[str, ...]
    never_counted: tuple[str, ...]
    counted_when_many: tuple[str, ...]
    phrase_ends: tuple[str, ...]
    labels: tuple[str, ...]
    definite: tuple[str, ...]
    sizes: tuple[str, ...]
    shares: tuple[str, ...]
    elided_after: tuple[str, ...]
    elided_verbs: tuple[str, ...]


class FigureRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The content of ``figures.toml``; each key is explained in the file."""

    many: int
    many_enumerated: int
    fewest: int
    scales: dict[str, float]
    money_scales: dict[str, float]
    numbers: dict[str, float]
    article_numbers: dict[str, float]
    words: FigureWords
    rule: tuple[FigureRule, ...]


def load_figures(root: Path) -> tuple[FigureRules, RuleFile]:
    """The rules of ``root/figures.toml``; raises RuleError with file and line."""
    file = RuleFile.read(root, "figures.toml")
    rules = parse_toml(file, FigureRules)
    seen: set[str] = set()
    for rule, line in zip(rules.rule, item_lines(file), strict=True):
        if rule.id in seen:
            raise RuleError(
                f"the id {rule.id} is used twice", where=file.where(line), fix="rename one"
            )
        seen.add(rule.id)
        _check_rule(rule, file.where(line))
    return rules, file


def _check_rule(rule: FigureRule, where: str) -> None:
    if rule.kind not in RULE_KINDS:
        raise RuleError(
            f"unknown kind {rule.kind!r}", where=where, fix=f"use {', '.join(sorted(RULE_KINDS))}"
        )
    if rule.kind in {"currency", "measure"} and not (rule.unit and (rule.before or rule.after)):
        raise RuleError(
            f"the {rule.kind} {rule.id} needs a unit and its forms",
            where=where,
            fix="set `unit`, and `after` or `before`",
        )
    if rule.kind == "noun" and not rule.words:
        raise RuleError(f"the rule {rule.id} lists no nouns", where=where, fix="set `words`")
