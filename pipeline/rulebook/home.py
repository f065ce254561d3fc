"""Rules that tell the publisher's country from the text: ``home.toml``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import msgspec

from pipeline.errors import RuleError
from pipeline.rulebook.source import RuleFile, compile_pattern, item_lines, parse_toml


class _Bodies(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    about: str
    kinds: list[str]
    reach: int
    before: str
    after: str


class _Prominent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    about: str
    mentions: int
    times: int
    points: int


class _Officers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    about: str
    points: int
    heads: list[str]
    offices: list[str]
    mentions: int
    share: float


class _Phrase(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    about: str
    cue: str
    before: str
    points: int
    examples: list[str]
    counter_examples: list[str] = []
    after: str = ""


class _Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    about: str
    pattern: str
    country: str
    points: int
    examples: list[str]
    counter_examples: list[str] = []


class _HomeToml(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    enough: int
    clear: int
    bodies: _Bodies
    prominent: _Prominent
    officers: _Officers
    phrase: list[_Phrase]
    line: list[_Line]


@dataclass(frozen=True)
class BodyRule:
    """Which public bodies speak for a country, and how a country beside their name is written."""

    id: str
    kinds: frozenset[str]
    reach: int
    before: re.Pattern[str]
    after: re.Pattern[str]


@dataclass(frozen=True)
class ProminentRule:
    """When a country is named far more often than any other: so many times, so many times more."""

    id: str
    mentions: int
    times: int
    points: int


@dataclass(frozen=True)
class OfficerRule:
    """How offices are written with their country, and heads of state and government without.

    ``head`` finds a head with a name behind, ``behind`` an office behind a country, ``ahead`` one
    that ends before it ("the President of"). ``share`` is how often the home must be named, as a
    part of the most frequent country's mentions.
    """

    id: str
    points: int
    head: re.Pattern[str]
    behind: re.Pattern[str]
    ahead: re.Pattern[str]
    mentions: int
    share: float


@dataclass(frozen=True)
class PhraseRule:
    """Words before and behind a country that only a speaker at home says."""

    id: str
    cue: str
    before: re.Pattern[str]
    after: re.Pattern[str]
    points: int
    examples: tuple[str, ...]
    counter_examples: tuple[str, ...]
    where: str


@dataclass(frozen=True)
class LineRule:
    """A whole line near the top that only the offices of one country write."""

    id: str
    pattern: re.Pattern[str]
    country: str
    points: int
    examples: tuple[str, ...]
    counter_examples: tuple[str, ...]
    where: str


@dataclass(frozen=True)
class HomeRules:
    """The content of ``home.toml``; ``phrases`` are grouped by their cue in lower case."""

    enough: int
    clear: int
    bodies: BodyRule
    prominent: ProminentRule
    officers: OfficerRule
    phrases: dict[str, tuple[PhraseRule, ...]]
    lines: tuple[LineRule, ...]


def load_home(root: Path) -> tuple[HomeRules, RuleFile]:
    """The rules of ``root/home.toml``; raises RuleError with file and line."""
    file = RuleFile.read(root, "home.toml")
    data = parse_toml(file, _HomeToml)
    rules = HomeRules(
        enough=data.enough,
        clear=data.clear,
        bodies=_bodies(data.bodies, file),
        prominent=ProminentRule(
            f"home/{data.prominent.id}",
            data.prominent.mentions,
            data.prominent.times,
            data.prominent.points,
        ),
        officers=_officers(data.officers, file),
        phrases=_by_cue(data.phrase, file),
        lines=tuple(
            _line(item, file.where(line))
            for item, line in zip(data.line, item_lines(file, "line"), strict=True)
        ),
    )
    return rules, file


def _bodies(item: _Bodies, file: RuleFile) -> BodyRule:
    where = file.where(1)
    return BodyRule(
        f"home/{item.id}",
        frozenset(item.kinds),
        item.reach,
        compile_pattern(item.before, where),
        compile_pattern(item.after, where),
    )


def _officers(item: _Officers, file: RuleFile) -> OfficerRule:
    where = file.where(1)
    heads = "|".join(map(re.escape, item.heads))
    offices = "|".join(map(re.escape, item.offices))
    names = r"(?: [A-Z][\w.’'-]*){0,5}"
    return OfficerRule(
        f"home/{item.id}",
        item.points,
        compile_pattern(rf"(?<!Vice )\b(?:{heads})(?= [A-Z])", where),
        compile_pattern(rf"(?:[’']s?)?(?: [\w-]+){{0,2}} (?:{offices})\b", where),
        compile_pattern(rf"\b(?:{offices}){names},? (?:of|from)(?: the)? \Z", where),
        item.mentions,
        item.share,
    )


def _by_cue(items: list[_Phrase], file: RuleFile) -> dict[str, tuple[PhraseRule, ...]]:
    found: dict[str, tuple[PhraseRule, ...]] = {}
    seen: set[str] = set()
    for item, line in zip(items, item_lines(file, "phrase"), strict=True):
        where = file.where(line)
        if item.id in seen:
            raise RuleError(f"the id {item.id} is used twice", where=where, fix="rename one")
        seen.add(item.id)
        found[item.cue] = (*found.get(item.cue, ()), _phrase(item, where))
    return found


def _phrase(item: _Phrase, where: str) -> PhraseRule:
    return PhraseRule(
        f"home/{item.id}",
        item.cue,
        compile_pattern(rf"(?:{item.before})(?: [Tt]he)?[ \n]?\Z", where),
        compile_pattern(item.after, where),
        item.points,
        tuple(item.examples),
        tuple(item.counter_examples),
        where,
    )


def _line(item: _Line, where: str) -> LineRule:
    return LineRule(
        f"home/{item.id}",
        compile_pattern(rf"^(?:{item.pattern})$", where, re.MULTILINE),
        item.country,
        item.points,
        tuple(item.examples),
        tuple(item.counter_examples),
        where,
    )
