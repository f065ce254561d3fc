"""Countries, places and the fixed phrases that only look like them."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import msgspec

from pipeline.errors import RuleError
from pipeline.rulebook.examples import Example
from pipeline.rulebook.source import RuleFile, item_lines, parse_csv, parse_toml, split_list

COUNTRY_COLUMNS = ("code", "iso3", "name", "official", "aliases", "demonyms", "ambiguous")
PLACE_COLUMNS = ("name", "country", "kind", "aliases", "ambiguous", "rank")
PHRASE_COLUMNS = ("id", "phrase", "about")


class Country(msgspec.Struct, frozen=True):
    """A country or territory with everything it is called; ``line`` is its line in the file."""

    code: str
    iso3: str
    name: str
    names: tuple[str, ...]
    demonyms: tuple[str, ...]
    ambiguous: frozenset[str]
    line: int


class Place(msgspec.Struct, frozen=True):
    """A capital, city or region; ``rank`` is its population (0 where unknown)."""

    name: str
    country: str
    kind: str
    names: tuple[str, ...]
    ambiguous: bool
    rank: int
    line: int


class FixedPhrase(msgspec.Struct, frozen=True):
    """A phrase that holds a country's or place's name without meaning it."""

    id: str
    phrase: str
    line: int


class AmbiguousName(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the context decides whether ``alias`` means the country ``code``.

    ``accept`` and ``reject`` are sought anywhere in the document, the ``_before`` and ``_after``
    phrases directly beside the name. ``default`` says what happens when nothing decides.
    """

    id: str
    alias: str
    code: str
    about: str
    accept: tuple[str, ...] = ()
    accept_before: tuple[str, ...] = ()
    accept_after: tuple[str, ...] = ()
    reject: tuple[str, ...] = ()
    reject_before: tuple[str, ...] = ()
    reject_after: tuple[str, ...] = ()
    default: str = "leave_out"
    examples: tuple[str | Example, ...] = ()
    counter_examples: tuple[str | Example, ...] = ()


class _AmbiguousFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: tuple[AmbiguousName, ...]


class PlaceContext(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words beside a place's name that show that it stands for something else."""

    not_before: tuple[str, ...]
    not_after: tuple[str, ...]


class Geography(msgspec.Struct, frozen=True):
    """All that the rules know of countries and places."""

    countries: tuple[Country, ...]
    places: tuple[Place, ...]
    phrases: tuple[FixedPhrase, ...]
    ambiguous: tuple[AmbiguousName, ...]
    ambiguous_lines: tuple[int, ...]
    place_context: PlaceContext


def load_geography(root: Path) -> tuple[Geography, tuple[RuleFile, ...]]:
    """The geography of the rule folder ``root`` and the files it came from."""
    files = {
        name: RuleFile.read(root, name)
        for name in (
            "countries.csv",
            "places.csv",
            "not_countries.csv",
            "ambiguous_names.toml",
            "places.toml",
        )
    }
    countries = _read_countries(files["countries.csv"])
    ambiguous = parse_toml(files["ambiguous_names.toml"], _AmbiguousFile).name
    geography = Geography(
        countries=countries,
        places=_read_places(files["places.csv"], frozenset(c.code for c in countries)),
        phrases=_read_phrases(files["not_countries.csv"]),
        ambiguous=ambiguous,
        ambiguous_lines=tuple(item_lines(files["ambiguous_names.toml"], "name")),
        place_context=parse_toml(files["places.toml"], PlaceContext),
    )
    _check_ambiguous(geography, files["ambiguous_names.toml"])
    return geography, tuple(files.values())


def _read_countries(file: RuleFile) -> tuple[Country, ...]:
    countries: list[Country] = []
    owner: dict[str, Country] = {}
    codes: set[str] = set()
    for line, row in parse_csv(file, COUNTRY_COLUMNS):
        if row["code"] in codes:
            raise RuleError(
                f"the code {row['code']} is used twice",
                where=file.where(line),
                fix="merge the two rows",
            )
        codes.add(row["code"])
        names = (row["name"], row["official"], *split_list(row["aliases"]))
        country = Country(
            code=row["code"],
            iso3=row["iso3"],
            name=row["name"],
            names=tuple(dict.fromkeys(n for n in names if n)),
            demonyms=split_list(row["demonyms"]),
            ambiguous=frozenset(split_list(row["ambiguous"])),
            line=line,
        )
        _claim_names(country, owner, file)
        countries.append(country)
    return tuple(countries)


def _claim_names(country: Country, owner: dict[str, Country], file: RuleFile) -> None:
    """One alias for two countries is an error unless both rows call it ambiguous."""
    for name in {*country.names, *country.demonyms}:
        other = owner.setdefault(name, country)
        shared = name in country.ambiguous and name in other.ambiguous
        if other.code != country.code and not shared:
            raise RuleError(
                f"{name!r} names both {other.code} (line {other.line}) and {country.code}",
                where=file.where(country.line),
                fix="remove it from one row, or list it under `ambiguous` in both",
            )
    unknown = country.ambiguous - {*country.names, *country.demonyms}
    if unknown:
        raise RuleError(
            f"the ambiguous {min(unknown)!r} is no name of this row",
            where=file.where(country.line),
            fix="add it to aliases or demonyms, or remove it from ambiguous",
        )


def _read_places(file: RuleFile, codes: frozenset[str]) -> tuple[Place, ...]:
    places: list[Place] = []
    for line, row in parse_csv(file, PLACE_COLUMNS):
        if row["country"] not in codes:
            raise RuleError(
                f"{row['country']!r} is no country of countries.csv",
                where=file.where(line),
                fix="use the ISO 3166-1 alpha-2 code",
            )
        places.append(
            Place(
                name=row["name"],
                country=row["country"],
                kind=row["kind"],
                names=tuple(dict.fromkeys((row["name"], *split_list(row["aliases"])))),
                ambiguous=row["ambiguous"] == "yes",
                rank=int(row["rank"] or 0),
                line=line,
            )
        )
    return tuple(places)


def _read_phrases(file: RuleFile) -> tuple[FixedPhrase, ...]:
    rows = [(line, row) for line, row in parse_csv(file, PHRASE_COLUMNS)]
    seen: set[str] = set()
    for line, row in rows:
        if row["id"] in seen:
            raise RuleError(
                f"the id {row['id']} is used twice", where=file.where(line), fix="rename one"
            )
        seen.add(row["id"])
    return tuple(FixedPhrase(row["id"], row["phrase"], line) for line, row in rows)


def _check_ambiguous(geography: Geography, file: RuleFile) -> None:
    """Every ambiguous name has an entry for each country it may mean, and no other has one."""
    declared = {(name, c.code) for c in geography.countries for name in c.ambiguous}
    entries: dict[tuple[str, str], int] = defaultdict(int)
    for entry, line in zip(geography.ambiguous, geography.ambiguous_lines, strict=True):
        key = (entry.alias, entry.code)
        entries[key] += 1
        if key not in declared or entries[key] > 1:
            problem = "has two entries" if entries[key] > 1 else "isn't ambiguous in countries.csv"
            raise RuleError(
                f"{entry.alias!r} ({entry.code}) {problem}",
                where=file.where(line),
                fix="keep one entry for each name under `ambiguous` in countries.csv",
            )
    missing = declared - entries.keys()
    if missing:
        name, code = min(missing)
        raise RuleError(
            f"the ambiguous name {name!r} of {code} has no entry",
            where=file.where(1),
            fix="add a [[name]] table that says how the context decides",
        )
