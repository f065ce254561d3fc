"""The nouns that name instruments of cooperation, and the words around them."""

from __future__ import annotations

from pathlib import Path

import msgspec

from pipeline.errors import RuleError
from pipeline.rulebook.examples import Example
from pipeline.rulebook.source import RuleFile, item_lines, parse_toml

NEEDS = frozenset({"nothing", "stage", "name", "sides", "worldwide", "made", "back", "two"})


class InstrumentRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Nouns of one kind of instrument.

    ``heads`` and ``plurals`` are phrases in lower case. ``needs`` says what makes a mention one of
    an instrument: nothing, a ``stage`` ("a protocol was signed"), a ``name`` in capitals ("Paris
    Agreement") or ``sides`` besides a name ("U.S.-Kenya Reef Initiative"), a name
    of many states (``worldwide``), that it was signed or launched (``made``), or that it was told of
    before (``back``: "the document"), or two sides of its own (``two``). A ``vague`` noun may
    refer back to an instrument of any kind ("the deal"). A ``worldwide`` instrument has more parties
    than the text names, so it may stand without any. A head between ``not_after`` and
    ``not_before`` words is something else ("protocol officer"); ``not_with`` are words that its
    name may not have ("quarantine protocol"); a name that holds nothing but ``labels`` is a label for
    relations ("strategic partnership").
    """

    id: str
    about: str
    kind: str
    heads: tuple[str, ...] = ()
    plurals: tuple[str, ...] = ()
    needs: str = "nothing"
    vague: bool = False
    worldwide: bool = False
    not_after: tuple[str, ...] = ()
    not_before: tuple[str, ...] = ()
    not_with: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    examples: tuple[str | Example, ...] = ()
    counter_examples: tuple[str | Example, ...] = ()


class FieldRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A way to fill a field; the code knows it by its id."""

    id: str
    about: str
    examples: tuple[str | Example, ...] = ()
    counter_examples: tuple[str | Example, ...] = ()


class AgreementWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Word lists that the code uses; each is explained in the file."""

    definite: tuple[str, ...]
    indefinite: tuple[str, ...]
    generic: tuple[str, ...]
    numbers: dict[str, int]
    modifiers: tuple[str, ...]
    complements: tuple[str, ...]
    ends: tuple[str, ...]
    between: tuple[str, ...]
    with_: tuple[str, ...] = msgspec.field(name="with")
    by: tuple[str, ...]
    and_: tuple[str, ...] = msgspec.field(name="and")
    joins: tuple[str, ...]
    not_sides_after: tuple[str, ...]
    signers: tuple[str, ...]
    both: tuple[str, ...]
    home: tuple[str, ...]
    at: tuple[str, ...]
    city_states: tuple[str, ...]
    remote: tuple[str, ...]
    not_dates_after: tuple[str, ...]
    here: tuple[str, ...]
    same_event: tuple[str, ...]
    areas: tuple[str, ...]
    pronouns: tuple[str, ...]
    filler: tuple[str, ...]
    means: tuple[str, ...]
    not_blocs: tuple[str, ...]
    voice: tuple[str, ...]
    single_voice: tuple[str, ...]
    it: tuple[str, ...]
    perfect: tuple[str, ...]
    asides: tuple[str, ...]
    relatives: tuple[str, ...]
    participles: tuple[str, ...]
    unbounded: tuple[str, ...]
    worldwide: tuple[str, ...]
    reporting: tuple[str, ...]
    others: tuple[str, ...]
    articles: tuple[str, ...]
    subscriptions: tuple[str, ...]
    imperatives: tuple[str, ...]
    not_statements: tuple[str, ...]
    paired: tuple[str, ...]
    copulas: tuple[str, ...]
    under: tuple[str, ...]
    namely: tuple[str, ...]
    together: tuple[str, ...]


class AgreementRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The content of ``agreements.toml``."""

    words: AgreementWords
    rule: tuple[InstrumentRule, ...]
    field: tuple[FieldRule, ...]


def load_agreements(root: Path, kinds: frozenset[str]) -> tuple[AgreementRules, RuleFile]:
    """The rules of ``root/agreements.toml``; raises RuleError with file and line."""
    file = RuleFile.read(root, "agreements.toml")
    rules = parse_toml(file, AgreementRules)
    seen: set[str] = set()
    for rule, line in zip(rules.rule, item_lines(file), strict=True):
        problem = _problem(rule, seen, kinds)
        if problem:
            raise RuleError(problem[0], where=file.where(line), fix=problem[1])
        seen.add(rule.id)
    return rules, file


def _problem(rule: InstrumentRule, seen: set[str], kinds: frozenset[str]) -> tuple[str, str] | None:
    """What is wrong with a rule, and how to correct it."""
    if rule.id in seen:
        return f"the id {rule.id} is used twice", "rename one"
    if rule.kind not in kinds:
        return f"unknown kind {rule.kind!r}", f"use {', '.join(sorted(kinds))}"
    if rule.needs not in NEEDS:
        return f"unknown need {rule.needs!r}", f"use {', '.join(sorted(NEEDS))}"
    if any(word != word.lower() for word in (*rule.heads, *rule.plurals)):
        return "a head is not in lower case", "write it in lower case; it matches any case"
    return None
