"""Cues that tell how far something got: signed, planned, negated."""

from __future__ import annotations

from pathlib import Path

import msgspec

from pipeline.rulebook.examples import Example
from pipeline.rulebook.source import RuleFile, check_items, parse_toml

ROLES = frozenset({"stage", "modifier"})
SIDES = frozenset({"before", "after", "any"})


class StatusRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Cues of one state.

    ``subjects`` are the kinds of record it applies to (agreement, meeting, project). ``state`` is
    the finer state, ``status`` the value of the tables (None: the record is not one, as for
    "no agreement was signed"). ``cues`` are phrases in lower case.

    A ``stage`` says what happened to the thing ("signed"); ``side`` says where it stands seen from
    the thing: before, after or any; ``reach`` is how many words may stand between (-1: any number).
    A ``modifier`` changes the stage behind it ("will be signed"), at most ``reach`` words away, to
    its own state; ``turns`` lists the states that it changes (empty: all). A ``direct`` modifier
    works on a thing without a stage, too ("no agreement"); one that works ``across`` may have the
    thing between itself and the stage ("if the MoU is signed"). A ``passive`` stage that stands behind
    the thing at a distance needs one of the file's ``links`` between: "the MoU on labels was issued",
    not "the MoU on labels issued by".

    The cue of the highest ``precedence`` within its scope wins, the nearest where several are
    equal; scope ends at the file's ``terminators``.
    """

    id: str
    about: str
    subjects: tuple[str, ...]
    state: str
    cues: tuple[str, ...]
    status: str | None = None
    role: str = "stage"
    side: str = "any"
    reach: int = -1
    turns: tuple[str, ...] = ()
    direct: bool = False
    passive: bool = False
    across: bool = False
    precedence: int = 0
    examples: tuple[str | Example, ...] = ()
    counter_examples: tuple[str | Example, ...] = ()


class StatusRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The content of ``status.toml``: the rules and the words that bound their scope.

    ``terminators`` end the scope of every cue; ``resets`` end the reach of a modifier ("will meet
    those who have signed").
    """

    terminators: tuple[str, ...]
    links: tuple[str, ...]
    resets: tuple[str, ...]
    rule: tuple[StatusRule, ...]


def load_status(root: Path) -> tuple[StatusRules, RuleFile]:
    """The rules of ``root/status.toml``; raises RuleError with file and line."""
    file = RuleFile.read(root, "status.toml")
    rules = parse_toml(file, StatusRules)
    check_items(file, rules.rule, _problem)
    return rules, file


def _problem(rule: StatusRule, seen: set[str]) -> tuple[str, str] | None:
    """What is wrong with a rule, and how to correct it."""
    if rule.id in seen:
        return f"the id {rule.id} is used twice", "rename one"
    seen.add(rule.id)
    if rule.role not in ROLES:
        return f"unknown role {rule.role!r}", f"use {', '.join(sorted(ROLES))}"
    if rule.side not in SIDES:
        return f"unknown side {rule.side!r}", f"use {', '.join(sorted(SIDES))}"
    if any(cue != cue.lower() or not cue.strip() for cue in rule.cues):
        return "a cue is empty or not in lower case", "write it in lower case"
    return None
