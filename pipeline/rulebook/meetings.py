"""The words of meetings: what opens one, and how its phrase, parties and dates are read."""

from __future__ import annotations

from pathlib import Path

import msgspec

from pipeline.errors import RuleError
from pipeline.rulebook.examples import Example
from pipeline.rulebook.source import RuleFile, item_lines, parse_toml
from pipeline.schema import MEETING_KINDS

FORMS = frozenset({"event", "body", "travel", "encounter", "act", "signing", "none", "transcript"})
LEVELS = frozenset({"", "open", "leaders", "signing", "council"})
NEEDS = frozenset({"", "held", "behind", "owner", "body", "host", "with", "guest", "named", "to"})


class MeetingRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words that open a meeting of one kind; the keys are explained at the head of the file."""

    id: str
    about: str
    form: str
    kind: str
    rank: int
    words: tuple[str, ...]
    plurals: tuple[str, ...] = ()
    level: str = ""
    needs: str = ""
    examples: tuple[str | Example, ...] = ()
    counter_examples: tuple[str | Example, ...] = ()


class MeetingWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Word lists that the rules share; each is explained in the file."""

    definite: tuple[str, ...]
    indefinite: tuple[str, ...]
    possessive: tuple[str, ...]
    generic: tuple[str, ...]
    collective: tuple[str, ...]
    temporal: tuple[str, ...]
    distinguishing: tuple[str, ...]
    modifiers: tuple[str, ...]
    not_names: tuple[str, ...]
    complements: tuple[str, ...]
    complement_ends: tuple[str, ...]
    ordinals: tuple[str, ...]
    first: tuple[str, ...]
    days: tuple[str, ...]
    ends_stay: tuple[str, ...]
    begins_stay: tuple[str, ...]
    leaders: tuple[str, ...]
    ministers: tuple[str, ...]
    lesser: tuple[str, ...]
    officials: tuple[str, ...]
    heads_of_bodies: tuple[str, ...]
    groups: tuple[str, ...]
    both: tuple[str, ...]
    counterparts: tuple[str, ...]
    three: tuple[str, ...]
    delegations: tuple[str, ...]
    foreign_cues: tuple[str, ...]
    attendance: tuple[str, ...]
    purposes: tuple[str, ...]
    clause_breaks: tuple[str, ...]
    strong_before: tuple[str, ...]
    weak_before: tuple[str, ...]
    holds: tuple[str, ...]
    tours: tuple[str, ...]
    took_place: tuple[str, ...]
    meets: tuple[str, ...]
    calls: tuple[str, ...]
    attends: tuple[str, ...]
    happens_after: tuple[str, ...]
    repeated: tuple[str, ...]
    not_after_verb: tuple[str, ...]
    not_before_noun: tuple[str, ...]
    signing: tuple[str, ...]
    beside: tuple[str, ...]
    apart: tuple[str, ...]
    occasion: tuple[str, ...]
    place_prepositions: tuple[str, ...]
    date_prepositions: tuple[str, ...]
    not_date_prepositions: tuple[str, ...]
    other_verbs: tuple[str, ...]
    gerunds: tuple[str, ...]
    same_day: tuple[str, ...]
    sequence: tuple[str, ...]
    companies: tuple[str, ...]
    seats: tuple[str, ...]
    future: tuple[str, ...]
    present: tuple[str, ...]
    presence: tuple[str, ...]
    today: tuple[str, ...]
    buildings: tuple[str, ...]
    worldwide: tuple[str, ...]
    auxiliaries: tuple[str, ...]
    passives: tuple[str, ...]
    pronouns: tuple[str, ...]
    hosting: tuple[str, ...]
    calling: tuple[str, ...]
    bare_verbs: tuple[str, ...]
    visits: tuple[str, ...]
    calls_on: tuple[str, ...]
    chairing: tuple[str, ...]
    titled: tuple[str, ...]
    adverbs: tuple[str, ...]
    session_heads: tuple[str, ...]
    meeting_heads: tuple[str, ...]
    series_heads: tuple[str, ...]
    visit_heads: tuple[str, ...]
    blocs: tuple[str, ...]
    ministerial: tuple[str, ...]
    signed_words: tuple[str, ...]


class MeetingRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The content of ``meetings.toml``."""

    words: MeetingWords
    rule: tuple[MeetingRule, ...]

    @property
    def transcript(self) -> MeetingRule:
        """The rule of what is read from the speakers of a transcript."""
        return next(rule for rule in self.rule if rule.form == "transcript")


def load_meetings(root: Path) -> tuple[MeetingRules, RuleFile]:
    """The rules of ``root/meetings.toml``; raises RuleError with file and line."""
    file = RuleFile.read(root, "meetings.toml")
    rules = parse_toml(file, MeetingRules)
    seen: set[str] = set()
    for rule, line in zip(rules.rule, item_lines(file), strict=True):
        _check(rule, seen, file.where(line))
        seen.add(rule.id)
    return rules, file


def _check(rule: MeetingRule, seen: set[str], where: str) -> None:
    """The id is new, form, kind and level are known."""
    if rule.id in seen:
        raise RuleError(f"the id {rule.id} is used twice", where=where, fix="rename one")
    for name, value, known in (
        ("form", rule.form, FORMS),
        ("kind", rule.kind, frozenset(MEETING_KINDS)),
        ("level", rule.level, LEVELS),
        ("needs", rule.needs, NEEDS),
    ):
        if value not in known:
            raise RuleError(
                f"unknown {name} {value!r}",
                where=where,
                fix=f"use {', '.join(repr(k) for k in sorted(known))}",
            )
