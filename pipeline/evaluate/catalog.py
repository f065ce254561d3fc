"""Every rule of a rule book: its id, where it stands, and what it says of itself."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from pipeline.rulebook.book import RuleBook
from pipeline.rulebook.source import RuleFile

BUILT_IN = "built in"
# The tables of rule files whose rules leave no trace that could be counted.
_TRACELESS = frozenset({("dates", "stop"), ("publishers", "naming")})


class RuleEntry(NamedTuple):
    """A rule of the rule book: where it stands and what it says of itself.

    One that is not ``countable`` leaves no trace in a document: it only keeps others from firing.
    """

    id: str
    where: str
    about: str = ""
    countable: bool = True

    @property
    def file(self) -> str:
        """The file it stands in."""
        return self.where.partition(":")[0]


def catalog(book: RuleBook) -> dict[str, RuleEntry]:
    """Every rule of the rule book by its id, as the tables write it."""
    told = {key: rest for file in book.files for key, *rest in _told(file)}
    found = {
        key: RuleEntry(key, where, *told.get(key, ())) for key, where in book.locations.items()
    }
    for phrase in book.geography.phrases:
        where = f"rules/not_countries.csv:{phrase.line}"
        found[phrase.id] = RuleEntry(phrase.id, where, phrase.phrase)
    return found


def _told(file: RuleFile) -> Iterator[tuple[str, str, bool]]:
    """(id as in ``locations``, about, countable) of the tables of a TOML file that have an id."""
    if not file.name.endswith(".toml"):
        return
    stem = file.name.removesuffix(".toml")
    for section, table in _tables("", tomllib.loads(file.text)):
        key = table.get("id")
        if isinstance(key, str):
            about = str(table.get("about", ""))
            full = key if "/" in key else f"{stem}/{key}"
            yield full, about, (stem, section) not in _TRACELESS


def _tables(section: str, value: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every table below a TOML value with the key that it stands under."""
    if isinstance(value, dict):
        yield section, value
        for key, inner in value.items():
            yield from _tables(key, inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _tables(section, inner)


def entry_of(rules: Mapping[str, RuleEntry], rule: str) -> RuleEntry:
    """The rule with that id; one that no file holds is part of the mechanism."""
    return rules.get(rule) or RuleEntry(rule, BUILT_IN)
