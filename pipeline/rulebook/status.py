"""Cues that tell how far something got: signed, planned, negated …"""

from __future__ import annotations

from pathlib import Path

import msgspec

from pipeline.rulebook.examples import Example
from pipeline.rulebook.source import RuleFile, item_lines, parse_toml


class StatusRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Cues of one state.

    ``subjects`` are the kinds of record it applies to (agreement, meeting, project). ``state`` is
    the finer state, ``status`` the value of the tables (None: the record is not one, as for
    "no agreement was signed"). ``cues`` are phrases in lower case; ``side`` says where they stand
    seen from the thing: before, after or any. The cue of the highest ``precedence`` within its
    scope wins, the nearest where several are equal; scope ends at the file's ``terminators``.
    """

    id: str
    about: str
    subjects: tuple[str, ...]
    state: str
    cues: tuple[str, ...]
    status: str | None = None
    side: str = "any"
    precedence: int = 0
    examples: tuple[str | Example, ...] = ()
    counter_examples: tuple[str | Example, ...] = ()


class StatusRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The content of ``status.toml``."""

    terminators: tuple[str, ...]
    rule: tuple[StatusRule, ...]


def load_status(root: Path) -> tuple[StatusRules, RuleFile, list[int]]:
    """The rules of ``root/status.toml``, the file, and the line of each rule."""
    file = RuleFile.read(root, "status.toml")
    return parse_toml(file, StatusRules), file, item_lines(file)
