"""Titles, roles, cues and word lists by which named persons are found."""

from __future__ import annotations

from pathlib import Path

import msgspec

from pipeline.errors import RuleError
from pipeline.rulebook.examples import Example
from pipeline.rulebook.source import RuleFile, item_lines, parse_csv, parse_toml

NAME_COLUMNS = ("name", "use")
# Kinds of rules whose words are the names of names.csv with that use.
NAME_USES = {"given_name": "given", "surname": "surname"}

RULE_KINDS = frozenset(
    {
        "honorific",
        "role",
        "weak_role",
        "plural_role",
        "cue_before",
        "cue_after",
        *NAME_USES,
        "structure",
    }
)


class PeopleRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One way to find persons.

    ``words`` are honorifics, heads of roles or cue phrases, by ``kind``. A ``weak_role`` needs a
    name of two words; a ``plural_role`` opens a list of names; a ``cue_before`` stands before a
    name without title, a ``cue_after`` behind it. A ``given_name`` begins a name and a ``surname``
    ends one; their words stand in ``names.csv``. A ``structure`` has no words: it gives a name to
    what the code finds by layout or repetition.
    """

    id: str
    about: str
    kind: str
    confidence: float
    words: tuple[str, ...] = ()
    examples: tuple[str | Example, ...] = ()
    counter_examples: tuple[str | Example, ...] = ()


class PeopleWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Word lists that the rules share; each is explained in the file."""

    particles: tuple[str, ...]
    leading_particles: tuple[str, ...]
    post_nominals: tuple[str, ...]
    modifiers: tuple[str, ...]
    portfolio: tuple[str, ...]
    organisations: tuple[str, ...]
    not_names: tuple[str, ...]
    sometimes_names: tuple[str, ...]
    verbs: tuple[str, ...]
    not_before: tuple[str, ...]
    named_after: tuple[str, ...]
    credits: tuple[str, ...]
    not_home: tuple[str, ...]


class PeopleRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The content of ``people.toml``."""

    words: PeopleWords
    rule: tuple[PeopleRule, ...]


def load_people(root: Path) -> tuple[PeopleRules, tuple[RuleFile, ...]]:
    """The rules of ``root/people.toml`` and ``names.csv``; raises RuleError with file and line."""
    file = RuleFile.read(root, "people.toml")
    rules = parse_toml(file, PeopleRules)
    _check_rules(rules, file)
    _check_words(rules, file)
    names_file = RuleFile.read(root, "names.csv")
    names = _read_names(names_file)
    filled = [
        msgspec.structs.replace(r, words=names[NAME_USES[r.kind]]) if r.kind in NAME_USES else r
        for r in rules.rule
    ]
    return PeopleRules(rules.words, tuple(filled)), (file, names_file)


def _read_names(file: RuleFile) -> dict[str, tuple[str, ...]]:
    """The names of the file by their use."""
    names: dict[str, list[str]] = {use: [] for use in NAME_USES.values()}
    for line, row in parse_csv(file, NAME_COLUMNS):
        if row["use"] not in names:
            raise RuleError(
                f"unknown use {row['use']!r} of the name {row['name']}",
                where=file.where(line),
                fix=f"use {' or '.join(names)}",
            )
        names[row["use"]].append(row["name"])
    return {use: tuple(found) for use, found in names.items()}


def _check_words(rules: PeopleRules, file: RuleFile) -> None:
    for rule, line in zip(rules.rule, item_lines(file), strict=True):
        if bool(rule.words) == (rule.kind == "structure" or rule.kind in NAME_USES):
            needs = "takes no words" if rule.words else "needs words"
            raise RuleError(
                f"the {rule.kind} rule {rule.id} {needs}",
                where=file.where(line),
                fix="a structure has no `words`, names stand in names.csv, other kinds have some",
            )


def _check_rules(rules: PeopleRules, file: RuleFile) -> None:
    """Every id is used once and every kind is known."""
    seen: set[str] = set()
    for rule, line in zip(rules.rule, item_lines(file), strict=True):
        if rule.id in seen:
            raise RuleError(
                f"the id {rule.id} is used twice", where=file.where(line), fix="rename one"
            )
        seen.add(rule.id)
        if rule.kind not in RULE_KINDS:
            raise RuleError(
                f"unknown kind {rule.kind!r}",
                where=file.where(line),
                fix=f"use {', '.join(sorted(RULE_KINDS))}",
            )
