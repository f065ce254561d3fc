"""The registry of institutions and the shapes of the names of unknown ones."""

from __future__ import annotations

from pathlib import Path

import msgspec

from pipeline.errors import RuleError
from pipeline.rulebook.examples import Example
from pipeline.rulebook.source import RuleFile, item_lines, parse_csv, parse_toml, split_list

COLUMNS = ("id", "name", "acronym", "aliases", "kind", "country", "predecessors", "ambiguous")


class Institution(msgspec.Struct, frozen=True):
    """An institution of the registry. ``ambiguous`` names may mean another one."""

    id: str
    name: str
    acronym: str | None
    aliases: tuple[str, ...]
    kind: str
    country: str | None
    predecessors: tuple[str, ...]
    ambiguous: frozenset[str]
    file: str
    line: int

    @property
    def names(self) -> tuple[str, ...]:
        """Everything that this institution is called."""
        acronym = (self.acronym,) if self.acronym else ()
        return tuple(dict.fromkeys((self.name, *acronym, *self.aliases)))


class Shape(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A form that the names of institutions have, told by its head word.

    ``position`` is first ("Ministry of …"), last ("… Authority"), both, or run: the name goes on
    behind the head without a preposition ("Universidad Nacional de …"). A structure has no heads:
    it gives a name to what the code finds by layout. ``starters`` are the
    prepositions that may open what stands behind a head. ``kind`` is the kind of
    such an institution. A ``weak`` head needs more than a country before it; one that
    ``needs_country`` is no name without ("Indian Embassy", "Government of Kenya"). ``support``
    lists what a name needs besides, one of: country (in the name or behind it), acronym (defined
    behind it), pair (it names two countries), institution (the name begins with a known one), national (the name begins with that word), article ("the" before it). ``only_country`` allows nothing else
    before the head, ``min_words`` is how many words must stand there; ``alone`` lets the head stand by itself ("Parliament");
    one ``of_country`` is named by its country alone ("Chamber of Commerce of Peru"). A
    ``definite`` name is none behind "a" or "an" ("a Centre for Reefs"); one that ``may_be_unit`` is none behind one of
    the ``unit_holders`` ("Manager, Marketing Group"). ``plurals`` are the words that several are
    called together, ``singulars`` what one is called before and behind its country.
    """

    id: str
    about: str
    heads: tuple[str, ...]
    kind: str
    position: str
    confidence: float
    weak: bool = False
    needs_country: bool = False
    only_country: bool = False
    min_words: int = 0
    alone: bool = False
    bilateral: bool = False
    of_country: bool = False
    definite: bool = False
    may_be_unit: bool = False
    starters: tuple[str, ...] = ("of", "for")
    support: tuple[str, ...] = ()
    not_modified_by: tuple[str, ...] = ()
    plurals: tuple[str, ...] = ()
    singulars: tuple[str, ...] = ()
    examples: tuple[str | Example, ...] = ()
    counter_examples: tuple[str | Example, ...] = ()


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Word lists that the shape rules use; each is explained in the file."""

    connectors: tuple[str, ...]
    foreign_particles: tuple[str, ...]
    not_first: tuple[str, ...]
    not_names: tuple[str, ...]
    calendar_words: tuple[str, ...]
    stop_words: tuple[str, ...]
    adjectives_of_scope: tuple[str, ...]
    company_suffixes: tuple[str, ...]
    company_context: tuple[str, ...]
    company_people: tuple[str, ...]
    company_introducers: tuple[str, ...]
    chiefs: tuple[str, ...]
    list_openers: tuple[str, ...]
    listed_bodies: tuple[str, ...]
    possessives_in_names: tuple[str, ...]
    generic_complements: tuple[str, ...]
    agreement_words: tuple[str, ...]
    not_followed_by: tuple[str, ...]
    national: tuple[str, ...]
    before_heads: tuple[str, ...]
    compound_ends: tuple[str, ...]
    unit_holders: tuple[str, ...]
    linked_not_followed_by: tuple[str, ...]
    linked_not_behind: tuple[str, ...]
    surnames: tuple[str, ...]
    plural_heads: dict[str, tuple[str, str]]


class ShapeRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The content of ``institutions.toml``."""

    words: Words
    rule: tuple[Shape, ...]


class InstitutionRules(msgspec.Struct, frozen=True):
    """Registry and shapes."""

    registry: tuple[Institution, ...]
    shapes: ShapeRules
    shape_lines: tuple[int, ...]


def load_institutions(
    root: Path, kinds: frozenset[str], countries: frozenset[str]
) -> tuple[InstitutionRules, tuple[RuleFile, ...]]:
    """The institutions of ``root/institutions/*.csv`` with the shapes of ``institutions.toml``.

    Raises RuleError with file and line for duplicate ids, unknown kinds, countries or predecessors.
    """
    names = sorted(p.name for p in (root / "institutions").glob("*.csv"))
    files = [RuleFile.read(root, f"institutions/{name}") for name in names]
    registry: list[Institution] = []
    by_id: dict[str, Institution] = {}
    for file in files:
        for line, row in parse_csv(file, COLUMNS):
            institution = _read_row(file, line, row)
            _check_row(institution, by_id, kinds, countries)
            by_id[institution.id] = institution
            registry.append(institution)
    _check_predecessors(registry, by_id)
    shape_file = RuleFile.read(root, "institutions.toml")
    rules = InstitutionRules(
        tuple(registry), parse_toml(shape_file, ShapeRules), tuple(item_lines(shape_file))
    )
    return rules, (*files, shape_file)


def _read_row(file: RuleFile, line: int, row: dict[str, str]) -> Institution:
    return Institution(
        id=row["id"],
        name=row["name"],
        acronym=row["acronym"] or None,
        aliases=split_list(row["aliases"]),
        kind=row["kind"],
        country=row["country"] or None,
        predecessors=split_list(row["predecessors"]),
        ambiguous=frozenset(split_list(row["ambiguous"])),
        file=file.name,
        line=line,
    )


def _check_row(
    institution: Institution,
    by_id: dict[str, Institution],
    kinds: frozenset[str],
    countries: frozenset[str],
) -> None:
    where = f"rules/{institution.file}:{institution.line}"
    if institution.id in by_id:
        other = by_id[institution.id]
        raise RuleError(
            f"the id {institution.id} is used twice",
            where=where,
            fix=f"rename it or merge it with rules/{other.file}:{other.line}",
        )
    if institution.kind not in kinds:
        raise RuleError(
            f"unknown kind {institution.kind!r}", where=where, fix=f"use {', '.join(sorted(kinds))}"
        )
    if institution.country and institution.country not in countries:
        raise RuleError(
            f"{institution.country!r} is no country of countries.csv",
            where=where,
            fix="use the ISO 3166-1 alpha-2 code",
        )
    unknown = institution.ambiguous - set(institution.names)
    if unknown:
        raise RuleError(
            f"the ambiguous {min(unknown)!r} is no name of this row",
            where=where,
            fix="add it to aliases, or remove it from ambiguous",
        )


def _check_predecessors(registry: list[Institution], by_id: dict[str, Institution]) -> None:
    for institution in registry:
        for predecessor in institution.predecessors:
            if predecessor not in by_id:
                raise RuleError(
                    f"the predecessor {predecessor!r} has no row",
                    where=f"rules/{institution.file}:{institution.line}",
                    fix="add a row for it or correct the id",
                )
