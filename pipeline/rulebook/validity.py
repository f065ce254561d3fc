"""Phrases that tell how long an instrument holds."""

from __future__ import annotations

from pathlib import Path

import msgspec

from pipeline.errors import RuleError
from pipeline.rulebook.source import RuleFile, item_lines, parse_toml
from pipeline.schema import STAGES

SAYS = frozenset({"for", "until", "since", "renews", "unlimited"})


class ValidityExample(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text and the field with its value that comes out: ``valid_for=P3Y``."""

    text: str
    valid: str


class ValidityRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Phrases that a length of time (``for``) or a date (``until``, ``since``) stands behind, or that say it alone.

    One of ``needs`` must stand in the sentence, too; ``stage`` is what happened to the instrument.
    """

    id: str
    about: str
    says: str
    cues: tuple[str, ...]
    needs: tuple[str, ...] = ()
    stage: str | None = None
    examples: tuple[ValidityExample, ...] = ()
    counter_examples: tuple[str, ...] = ()


class ValidityRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The content of ``validity.toml``; its lists are explained in the file."""

    subjects: tuple[str, ...]
    not_subjects: tuple[str, ...]
    anchors: dict[str, str]
    numbers: dict[str, int]
    units: dict[str, str]
    rule: tuple[ValidityRule, ...]


def load_validity(root: Path) -> tuple[ValidityRules, RuleFile]:
    """The rules of ``root/validity.toml``; raises RuleError with file and line."""
    file = RuleFile.read(root, "validity.toml")
    rules = parse_toml(file, ValidityRules)
    seen: set[str] = set()
    for rule, line in zip(rules.rule, item_lines(file), strict=True):
        problem = _problem(rule, seen)
        if problem:
            raise RuleError(problem[0], where=file.where(line), fix=problem[1])
        seen.add(rule.id)
    return rules, file


def _problem(rule: ValidityRule, seen: set[str]) -> tuple[str, str] | None:
    """What is wrong with a rule, and how to correct it."""
    if rule.id in seen:
        return f"the id {rule.id} is used twice", "rename one"
    if rule.says not in SAYS:
        return f"says is {rule.says!r}", f"use {', '.join(sorted(SAYS))}"
    if rule.stage is not None and rule.stage not in STAGES:
        return f"unknown stage {rule.stage!r}", f"use {', '.join(STAGES)}"
    if any(cue != cue.lower() or not cue.strip() for cue in rule.cues):
        return "a cue is empty or not in lower case", "write it in lower case"
    return None
