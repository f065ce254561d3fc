"""Phrases that tell how long an instrument holds."""

from __future__ import annotations

from pathlib import Path

import msgspec

from pipeline.rulebook.source import RuleFile, check_items, parse_toml
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
    check_items(file, rules.rule, _problem)
    return rules, file


def _problem(rule: ValidityRule, seen: set[str]) -> tuple[str, str] | None:
    """What is wrong with a rule, and how to correct it."""
    if rule.id in seen:
        return f"the id {rule.id} is used twice", "rename one"
    seen.add(rule.id)
    if rule.says not in SAYS:
        return f"says is {rule.says!r}", f"use {', '.join(sorted(SAYS))}"
    if rule.stage is not None and rule.stage not in STAGES:
        return f"unknown stage {rule.stage!r}", f"use {', '.join(STAGES)}"
    if any(cue != cue.lower() or not cue.strip() for cue in rule.cues):
        return "a cue is empty or not in lower case", "write it in lower case"
    return None
