"""Which documents an edit of the name tables can't have touched, so that they need no annotating.

The annotators read the rows of ``countries.csv``, ``places.csv``, ``not_countries.csv`` and
``institutions/*.csv`` in one way only: through the phrases that the phrase table finds in a text
(`pipeline.annotate.lookup`), and through the rows that these hits carry. So the mentions of a text
follow from its hits. Of a row, they read everything but the lists of names, which are in the phrases.
So a name is a phrase with the rest of its row. When some names were added, changed or removed and
all others stay in their order, a text in which no phrase of such a name, old or new, is found has
the same hits with equal rows before and after, and so the same mentions. The search is done by the
phrase table itself, made of those phrases alone: it can't differ from the real one in what counts
as a hit.
"""

from __future__ import annotations

import csv
import fnmatch
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple, cast

_TABLES: Final = ("countries.csv", "places.csv", "not_countries.csv", "institutions/*.csv")
_SINGLE: Final = ("name", "official", "acronym", "phrase")
_LISTS: Final = ("aliases", "demonyms")


class Name(NamedTuple):
    """A phrase of a row, and the rest of the row without its lists of names."""

    file: str
    column: str
    phrase: str
    row: tuple[str, ...]


def is_name_table(rule_file: str) -> bool:
    """Whether a file of the rules is read through the phrase table only."""
    return any(fnmatch.fnmatchcase(rule_file, pattern) for pattern in _TABLES)


class Edit:
    """What differs between two states of the name tables, as phrases to look for in a text."""

    def __init__(self, phrases: Iterable[str]) -> None:
        from pipeline.annotate.lookup import (  # noqa: PLC0415 - the rules' imports
            Entry,
            PhraseTable,
            spelling_variants,
        )

        found = sorted({v for phrase in phrases if phrase for v in spelling_variants(phrase)})
        # What a phrase stands for is not asked here.
        any_entry: Any = Entry("phrase", cast("Any", None), ambiguous=False)
        self._table = PhraseTable((variant, any_entry) for variant in found) if found else None

    def may_touch(self, text: str) -> bool:
        """Whether a changed row may have a say in what is found in a text."""
        return self._table is not None and bool(self._table.find(text))


def edit_between(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> Edit | None:
    """The edit that leads from one state of the name tables to another.

    None when names changed places (then the order of readings of one phrase may differ) or a file
    can't be read as a table.
    """
    try:
        before, after = list(_names(old)), list(_names(new))
    except (ValueError, csv.Error, StopIteration):
        return None
    changed = _difference(before, after)
    if [one for one in before if one not in changed] != [
        one for one in after if one not in changed
    ]:
        return None
    return Edit(name.phrase for name in changed)


def _difference(before: list[Name], after: list[Name]) -> set[Name]:
    """The names that one state has more often than the other."""
    ours, theirs = Counter(before), Counter(after)
    return set(ours - theirs) | set(theirs - ours)


def _names(tables: Mapping[str, bytes]) -> Iterator[Name]:
    for name in sorted(tables):
        if is_name_table(name):
            text = tables[name].decode("utf-8-sig").replace("\r\n", "\n")
            reader = csv.reader(io.StringIO(text), strict=True)
            columns = next(reader)
            for row in reader:
                if row:
                    fields = (field.strip() for field in row)
                    yield from _of_row(name, dict(zip(columns, fields, strict=True)))


def _of_row(file: str, row: dict[str, str]) -> Iterator[Name]:
    rest = tuple(value for column, value in row.items() if column not in _LISTS)
    for column in _SINGLE:
        if row.get(column):
            yield Name(file, column, row[column], rest)
    for column in _LISTS:
        for phrase in row.get(column, "").split("|"):
            if phrase.strip():
                yield Name(file, column, phrase.strip(), rest)
