"""`rules/dates.toml` as compiled patterns: the words of the calendar and the forms of dates.

A pattern is a regular expression in which a space stands for one to three blanks (or a line
break), ``{month}`` for the part of that name as a named group, ``{day2}`` for the same part under a
second name, and ``{_th}`` for a part without a group.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import ahocorasick_rs
import msgspec

from pipeline.errors import RuleError
from pipeline.rulebook.examples import Example
from pipeline.rulebook.source import RuleFile, compile_pattern, item_lines, parse_toml

Anchor = Literal["number", "month", "weekday", "word"]
Reader = Literal[
    "ago",
    "antecedent",
    "day",
    "day_list",
    "days",
    "decade",
    "fiscal",
    "half",
    "later",
    "month",
    "month_day",
    "numeric",
    "offset",
    "quarter",
    "season",
    "weekday",
    "weekend",
    "year",
    "years",
]
PrefixReader = Literal["ago", "fiscal", "half", "ordinal", "quarter", "season", "shift", "weekday"]
Target = Literal["year", "years", "month", "day", "weekday", "ago", "later"]
_PART = re.compile(r"\{(_?)([a-z][a-z_]*)(\d?)\}")
_NAMED = re.compile(r"\(\?P<\w+>")
_BLANK = r"\s{1,3}"
_BLANKS = re.compile(r"\[(?:\\.|[^\]])*\]| \?| ")
_MODIFIER = r"\b{modifier}(?: the)?(?:-| )\Z"


class _Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class _Entry(_Strict, frozen=True):
    id: str
    about: str
    examples: tuple[str | Example, ...] = ()
    counter_examples: tuple[str | Example, ...] = ()


class _Rule(_Entry, frozen=True, kw_only=True):
    begins: Anchor
    read: Reader
    pattern: str
    confidence: float


class _Prefix(_Entry, frozen=True, kw_only=True):
    of: tuple[Target, ...]
    read: PrefixReader
    pattern: str


class _Stop(_Entry, frozen=True, kw_only=True):
    of: tuple[str, ...]
    text: str = ""
    before: str = ""
    after: str = ""
    unless_before: str = ""
    unless_after: str = ""


class _Numeric(_Strict, frozen=True):
    month_first: frozenset[str]


class _Fiscal(_Strict, frozen=True):
    starts: int
    named_by: Literal["start", "end"]
    countries: tuple[str, ...]


class Words(_Strict, frozen=True):
    """The words of the calendar, in lower case, with what they stand for."""

    months: dict[str, int]
    weekdays: dict[str, int]
    seasons: dict[str, int]
    numbers: dict[str, int]
    ordinals: dict[str, int]
    shifts: dict[str, int]
    days: dict[str, int]
    units: dict[str, str]
    modifiers: dict[str, str]
    before: tuple[str, ...]
    after: tuple[str, ...]
    approx: tuple[str, ...]
    heads: tuple[str, ...]
    anchors: tuple[str, ...]


class _Tense(_Strict, frozen=True):
    past: str
    future: str


class _Join(_Entry, frozen=True, kw_only=True):
    pattern: str
    confidence: float


class _File(_Strict, frozen=True):
    words: Words
    parts: dict[str, str]
    tense: _Tense
    numeric: _Numeric
    fiscal_year: tuple[_Fiscal, ...]
    join: _Join
    same_day: _Join
    weekdays: _Join
    rule: tuple[_Rule, ...]
    prefix: tuple[_Prefix, ...]
    stop: tuple[_Stop, ...]


@dataclass(frozen=True)
class DatePattern:
    """A form of a date: what it begins with, how its groups are read, and how sure it is."""

    id: str
    read: Reader
    regex: re.Pattern[str]
    confidence: float


@dataclass(frozen=True)
class DatePrefix:
    """Words before a date that belong to it: "second half of", "FY", "Monday,", "last"."""

    id: str
    read: PrefixReader
    regex: re.Pattern[str]


@dataclass(frozen=True)
class DateStop:
    """What makes a date of certain patterns none: its words, those before it, those after it.

    All that are given must match, and none of the exceptions.
    """

    id: str
    text: re.Pattern[str] | None
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    unless_before: re.Pattern[str] | None
    unless_after: re.Pattern[str] | None

    def applies(self, text: str, span: tuple[int, int], left: int, right: int) -> bool:
        """Whether a match at a span, seen between two bounds, is no date."""
        start, end = span
        if self.text and not self.text.fullmatch(text, start, end):
            return False
        if self.before and not self.before.search(text, left, start):
            return False
        if self.after and not self.after.match(text, end, right):
            return False
        return not (
            (self.unless_before and self.unless_before.search(text, left, start))
            or (self.unless_after and self.unless_after.match(text, end, right))
        )


@dataclass(frozen=True)
class Dispatcher:
    """All patterns that begin alike as one expression: finds the first that matches in one go."""

    regex: re.Pattern[str]
    patterns: tuple[DatePattern, ...]

    def match(self, text: str, position: int, end: int) -> tuple[DatePattern, re.Match[str]] | None:
        """The first pattern that matches at a position, with its match."""
        found = self.regex.match(text, position, end)
        if not (found and found.lastindex):
            return None
        pattern = self.patterns[found.lastindex - 1]
        match = pattern.regex.match(text, position, end)
        return (pattern, match) if match else None


@dataclass(frozen=True)
class FiscalYear:
    """The first month of a country's fiscal year, and whether its name is its first year."""

    starts: int
    named_by_start: bool


@dataclass(frozen=True)
class DateExample:
    """A marked-up sentence of a rule and whether its marks must be found."""

    where: str
    rule: str
    example: str | Example
    counter: bool


@dataclass(frozen=True)
class DateRules:
    """The compiled rules of dates: frozen, shared by all documents."""

    numbers: re.Pattern[str]
    names: re.Pattern[str]
    anchors: re.Pattern[str]
    heads: ahocorasick_rs.AhoCorasick
    dispatchers: Mapping[str, Dispatcher]
    prefixes: Mapping[str, tuple[DatePrefix, ...]]
    stops: Mapping[str, tuple[DateStop, ...]]
    words: Words
    join: DatePattern
    same_day: DatePattern
    weekdays: DatePattern
    modifier: re.Pattern[str]
    before: re.Pattern[str]
    past: re.Pattern[str]
    future: re.Pattern[str]
    month_first: frozenset[str]
    fiscal_years: Mapping[str, FiscalYear]
    examples: tuple[DateExample, ...]


def load_dates(file: RuleFile) -> DateRules:
    """The rules of one file; raises RuleError with file and line for anything that can't be used.

    Patterns of the same beginning are tried in the order of the file; the first that matches wins.
    """
    data = parse_toml(file, _File)
    builder = _Builder(file, data)
    numbers, names, anchors = builder.anchors()
    return DateRules(
        numbers=numbers,
        names=names,
        anchors=anchors,
        heads=ahocorasick_rs.AhoCorasick(data.words.heads),
        dispatchers=builder.dispatchers(),
        prefixes=builder.prefixes(),
        stops=builder.stops(),
        words=data.words,
        join=builder.between("join", data.join),
        same_day=builder.between("same_day", data.same_day),
        weekdays=builder.between("weekdays", data.weekdays),
        modifier=builder.compile(_MODIFIER, "parts"),
        before=builder.before(),
        past=builder.compile(data.tense.past, "tense"),
        future=builder.compile(data.tense.future, "tense"),
        month_first=data.numeric.month_first,
        fiscal_years={
            country: FiscalYear(entry.starts, entry.named_by == "start")
            for entry in data.fiscal_year
            for country in entry.countries
        },
        examples=tuple(builder.examples()),
    )


class _Builder:
    """Expands and compiles the patterns of one file, knowing the line of each."""

    def __init__(self, file: RuleFile, data: _File) -> None:
        self.file = file
        self.data = data
        self.lines = {key: item_lines(file, key) for key in ("rule", "prefix", "stop")}
        words = data.words
        self.parts = {
            "month": _alternatives(words.months),
            "weekday": _alternatives(words.weekdays),
            "season": _alternatives(words.seasons),
            "number": _alternatives(words.numbers),
            "ordinal": _alternatives(words.ordinals),
            "shift": _alternatives(words.shifts),
            "day_word": _alternatives(words.days),
            "unit": _alternatives(words.units),
            "modifier": _alternatives(words.modifiers),
            **data.parts,
        }
        self._unique_ids()

    def where(self, key: str, index: int) -> str:
        lines = self.lines[key]
        return self.file.where(lines[index] if index < len(lines) else 1)

    def compile(self, pattern: str, where: str) -> re.Pattern[str]:
        if not where.startswith("rules/"):
            where = self.file.where(self._line_of(where))
        compiled = compile_pattern(self.expand(pattern, where), where)
        if compiled.groups != len(compiled.groupindex):
            raise RuleError(
                "a group without a name",
                where=where,
                fix="write (?:…) for a group that only groups",
            )
        return compiled

    def expand(self, pattern: str, where: str, depth: int = 0) -> str:
        """The pattern with its parts and blanks written out."""
        if depth > 8:
            raise RuleError("parts that contain each other", where=where, fix="untangle [parts]")

        def part(found: re.Match[str]) -> str:
            bare, name, number = found.groups()
            if name not in self.parts:
                known = ", ".join(sorted(self.parts))
                raise RuleError(f"unknown part {found[0]}", where=where, fix=f"known are {known}")
            inner = self.expand(self.parts[name], where, depth + 1)
            return f"(?:{inner})" if bare else f"(?P<{name}{number}>{inner})"

        return _PART.sub(part, _BLANKS.sub(_blanks, pattern))

    def optional(self, pattern: str, where: str, end: str = "") -> re.Pattern[str] | None:
        return self.compile(f"(?:{pattern}){end}", where) if pattern else None

    def dispatchers(self) -> dict[str, Dispatcher]:
        patterns: dict[str, list[DatePattern]] = {}
        for index, rule in enumerate(self.data.rule):
            where = self.where("rule", index)
            regex = self.compile(rule.pattern, where)
            if regex.match(""):
                raise RuleError(
                    f"{rule.id} matches nothing at all", where=where, fix="make it match a word"
                )
            pattern = DatePattern(f"dates/{rule.id}", rule.read, regex, rule.confidence)
            patterns.setdefault(rule.begins, []).append(pattern)
        return {begins: _dispatcher(tuple(found)) for begins, found in patterns.items()}

    def anchors(self) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
        """What dates begin with: figures, the names of months and weekdays, other words.

        The first two begin with a character class, which makes them cheap to search for.
        """
        where = self.file.where(self._line_of("parts"))
        months, weekdays = self._titles("months"), self._titles("weekdays")
        names = rf"(?:(?P<month>{_behind_first(months)})|(?P<weekday>{_behind_first(weekdays)}))"
        initials = "".join(sorted({name[0] for name in (*months, *weekdays)}))
        words = "|".join(
            re.escape(form)
            for word in self.data.words.anchors
            for form in (word, word.capitalize(), word.upper())
        )
        return (
            compile_pattern(self.expand(self.data.parts["anchor_number"], where), where),
            compile_pattern(rf"[{initials}](?<!\w[{initials}]){names}", where),
            compile_pattern(rf"\b(?:{words})(?![A-Za-z])", where),
        )

    def _titles(self, key: str) -> list[str]:
        starts = {word[:3] for word in getattr(self.data.words, key)}
        return [form for start in starts for form in (start.title(), start.upper())]

    def prefixes(self) -> dict[str, tuple[DatePrefix, ...]]:
        found: dict[str, list[DatePrefix]] = {}
        for index, rule in enumerate(self.data.prefix):
            regex = self.compile(rule.pattern + r"\Z", self.where("prefix", index))
            for target in rule.of:
                found.setdefault(target, []).append(
                    DatePrefix(f"dates/{rule.id}", rule.read, regex)
                )
        return {target: tuple(rules) for target, rules in found.items()}

    def stops(self) -> dict[str, tuple[DateStop, ...]]:
        found: dict[str, list[DateStop]] = {}
        for index, rule in enumerate(self.data.stop):
            where = self.where("stop", index)
            stop = DateStop(
                rule.id,
                self.optional(rule.text, where),
                self.optional(rule.before, where, r"\Z"),
                self.optional(rule.after, where),
                self.optional(rule.unless_before, where, r"\Z"),
                self.optional(rule.unless_after, where),
            )
            for target in rule.of:
                self._known_rule(target, where)
                found.setdefault(f"dates/{target}", []).append(stop)
        return {target: tuple(rules) for target, rules in found.items()}

    def between(self, key: str, rule: _Join) -> DatePattern:
        """What stands between two dates that become one."""
        regex = self.compile(rule.pattern, key)
        return DatePattern(f"dates/{rule.id}", "days", regex, rule.confidence)

    def before(self) -> re.Pattern[str]:
        """The prepositions that give a modifier without belonging to the date."""
        words = self.data.words
        groups = {"before": words.before, "after": words.after, "approx": words.approx}
        inner = "|".join(
            rf"(?P<{name}>{'|'.join(re.escape(w).replace(chr(92) + ' ', _BLANK) for w in found)})"
            for name, found in groups.items()
        )
        return compile_pattern(
            rf"(?i:\b(?:{inner})(?:\s(?:the|the\syear))?\s{{1,3}})\Z", self.file.where(1)
        )

    def examples(self) -> Iterator[DateExample]:
        for where, entry in self.entries():
            for example in entry.examples:
                yield DateExample(where, entry.id, example, counter=False)
            for example in entry.counter_examples:
                yield DateExample(where, entry.id, example, counter=True)

    def entries(self) -> Iterator[tuple[str, _Entry]]:
        """Every entry of the file that has examples, with its place."""
        for key in ("join", "same_day", "weekdays"):
            yield self.file.where(self._line_of(key)), getattr(self.data, key)
        tables: dict[str, tuple[_Entry, ...]] = {
            "rule": self.data.rule,
            "prefix": self.data.prefix,
            "stop": self.data.stop,
        }
        for key, entries in tables.items():
            for index, entry in enumerate(entries):
                yield self.where(key, index), entry

    def _known_rule(self, target: str, where: str) -> None:
        if target not in {rule.id for rule in self.data.rule}:
            raise RuleError(f"no rule is called {target}", where=where, fix="use the id of a rule")

    def _line_of(self, table: str) -> int:
        lines = self.file.text.split("\n")
        return next((i for i, line in enumerate(lines, 1) if line.strip() == f"[{table}]"), 1)

    def _unique_ids(self) -> None:
        seen: set[str] = set()
        for where, entry in self.entries():
            if entry.id in seen:
                raise RuleError(f"the id {entry.id} is taken", where=where, fix="rename one")
            seen.add(entry.id)


def _blanks(found: re.Match[str]) -> str:
    """A space of a pattern written out; in a character class it is one blank."""
    if found[0].startswith("["):
        return found[0].replace(" ", r"\s")
    return _BLANK if found[0] == " " else r"\s{0,3}"


def plain(word: str) -> str:
    """A word as the rules write it: in lower case, with single blanks."""
    return " ".join(word.lower().split())


def _alternatives(words: Mapping[str, object]) -> str:
    """The words as one case-insensitive group, longest first; a blank in a word is any blank."""
    ordered = sorted(words, key=lambda word: (-len(word), word))
    escaped = (re.escape(word).replace("\\ ", _BLANK) for word in ordered)
    return rf"(?i:{'|'.join(escaped)})"


def _behind_first(words: list[str]) -> str:
    """The words without their first letter, which has been read, looking back at it."""
    letters: dict[str, list[str]] = {}
    for word in sorted(set(words)):
        letters.setdefault(word[0], []).append(word[1:])
    return "|".join(f"(?<={first})(?:{'|'.join(tails)})" for first, tails in letters.items())


def _dispatcher(patterns: tuple[DatePattern, ...]) -> Dispatcher:
    combined = "|".join(f"(?:{_NAMED.sub('(?:', rule.regex.pattern)})()" for rule in patterns)
    return Dispatcher(re.compile(combined), patterns)
