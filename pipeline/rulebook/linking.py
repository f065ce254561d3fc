"""How reports of several documents are compared: word lists, families of kinds, PLOVER codes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from pipeline.errors import RuleError
from pipeline.rulebook.source import RuleFile, item_lines, parse_toml
from pipeline.schema import AGREEMENT_KINDS, MEETING_KINDS, PLOVER_CODES, PROJECT_KINDS

_KINDS = {"agreement": AGREEMENT_KINDS, "meeting": MEETING_KINDS, "project": PROJECT_KINDS}
NEWER = frozenset({"before", "behind"})


class Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of body that meets, and the words that name it."""

    name: str
    words: tuple[str, ...]


class Family(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Kinds of a subject that are compared; ``together`` lists the pairs that may be one thing."""

    subject: str
    name: str
    kinds: tuple[str, ...]
    together: tuple[tuple[str, str], ...] = ()


class CueRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Phrases (in lower case) with one meaning; ``newer`` says where the new name stands."""

    id: str
    about: str
    cues: tuple[str, ...]
    newer: str = "before"


class PloverRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The PLOVER event code of reports of a subject in one of the stages ``when``."""

    subject: str
    when: tuple[str, ...]
    code: str
    context: str | None = None


class ModeRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The mode of a code for these kinds (empty: all) with at least so many parties."""

    code: str
    mode: str
    kinds: tuple[str, ...] = ()
    least_parties: int = 0


class LinkRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The content of ``linking.toml``; each list is explained in the file."""

    fillers: tuple[str, ...]
    meeting_fillers: tuple[str, ...]
    project_fillers: tuple[str, ...]
    own_text: tuple[str, ...]
    prefixes: tuple[str, ...]
    common_acronyms: tuple[str, ...]
    about: tuple[str, ...]
    about_ends: tuple[str, ...]
    body: tuple[Body, ...]
    family: tuple[Family, ...]
    stages: dict[str, str]
    tie: tuple[CueRule, ...]
    reissue: tuple[CueRule, ...]
    renaming: tuple[CueRule, ...]
    plover: tuple[PloverRule, ...]
    mode: tuple[ModeRule, ...]


def load_linking(root: Path) -> tuple[LinkRules, RuleFile]:
    """The rules of ``root/linking.toml``; raises RuleError with file and line."""
    file = RuleFile.read(root, "linking.toml")
    rules = parse_toml(file, LinkRules)
    for line, message, fix in _problems(rules, file):
        raise RuleError(message, where=file.where(line), fix=fix)
    return rules, file


def _problems(rules: LinkRules, file: RuleFile) -> Iterator[tuple[int, str, str]]:
    """(line, what is wrong, how to correct it) of each entry that can't be used."""
    for family, line in zip(rules.family, item_lines(file, "family"), strict=True):
        known = _KINDS.get(family.subject, ())
        unknown = {*family.kinds, *(k for pair in family.together for k in pair)} - {*known}
        if unknown:
            yield line, f"{min(unknown)!r} is no kind of {family.subject}", "see pipeline/schema.py"
    for entry, line in zip(rules.plover, item_lines(file, "plover"), strict=True):
        if entry.code not in PLOVER_CODES:
            yield line, f"unknown PLOVER code {entry.code!r}", f"use {', '.join(PLOVER_CODES)}"
    for cue, line in zip(rules.renaming, item_lines(file, "renaming"), strict=True):
        if cue.newer not in NEWER:
            yield line, f"newer is {cue.newer!r}", f"use {', '.join(sorted(NEWER))}"
