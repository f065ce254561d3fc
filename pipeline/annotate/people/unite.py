"""One name for all mentions of a person, and the mentions without a title."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from functools import cached_property

from pipeline.annotate.lookup import find_words
from pipeline.annotate.people.find import Candidate
from pipeline.annotate.people.names import NameReader
from pipeline.annotate.people.surroundings import Surroundings

_SIMILAR = 0.8
# A shorter word with another letter is another name.
_MIN_VARIANT = 4
# A role of this length says enough; of longer ones the first counts.
_ENOUGH = 25
_MIN_SURNAME = 3
# So many persons with a word in common are compared.
_MOST = 30
# So many mentions of a person are looked at.
_COMPARED = 20
_MARKS = str.maketrans(dict.fromkeys(".’'‘`,", " "))
_CAPITALISED_AFTER = re.compile(r" [^\W\d_a-z]|-")


class Person:
    """All candidates that mean the same person."""

    def __init__(self, candidate: Candidate, name: str) -> None:
        self.name = name
        self.words = name_key(name)
        self.candidates = [candidate]

    def take_longer(self, name: str) -> None:
        """Takes a name that writes out what this one shortens: “Zachary” for “Zach”."""
        words = name_key(name)
        pairs = zip(words, self.words, strict=False)
        if len(words) == len(self.words) and all(a.startswith(b) for a, b in pairs):
            self.name, self.words = name, words

    @cached_property
    def best(self) -> Candidate:
        """The candidate that says most of the person's role."""
        with_role = [c for c in self.candidates if c.role is not None]
        if not with_role:
            return self.candidates[0]
        return max(
            with_role, key=lambda c: min(c.role.end - c.role.start, _ENOUGH) if c.role else 0
        )

    @cached_property
    def country(self) -> str | None:
        """The country that the first candidate with one gives."""
        return next((c for c in map(country_of, self.candidates) if c), None)


def name_key(name: str) -> tuple[str, ...]:
    """The words of a name for comparison, without case, accents and dots."""
    plain = name.casefold()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain)
        plain = "".join(c for c in plain if not unicodedata.combining(c))
    return tuple(plain.translate(_MARKS).split())


def unite(text: str, candidates: Iterable[Candidate]) -> list[Person]:
    """The persons that the candidates mean; the fullest name is the person's."""
    people: list[Person] = []
    by_word: dict[str, list[Person]] = defaultdict(list)
    longest_first = sorted(candidates, key=lambda c: (-len(c.name.words), c.name.start))
    for candidate in longest_first:
        name = text[candidate.name.start : candidate.name.end]
        person = _same(candidate, name_key(name), by_word)
        if person is not None:
            person.candidates.append(candidate)
            person.take_longer(name)
            continue
        person = Person(candidate, name)
        people.append(person)
        for word in dict.fromkeys(person.words):
            by_word[word].append(person)
    for person in people:
        person.candidates.sort(key=lambda c: c.name.start)
    return people


def _same(
    candidate: Candidate, words: tuple[str, ...], by_word: dict[str, list[Person]]
) -> Person | None:
    """The person whom ``words`` name, the one named closest if there are several."""
    known = list({id(p): p for w in words for p in by_word.get(w, ())[-_MOST:]}.values())
    matching = [
        p
        for p in known
        if (_is_part(words, p.words) or _is_variant(words, p.words))
        and not _is_namesake(candidate, p)
    ]
    if not matching:
        return None
    surname = [p for p in matching if words[-1] == p.words[-1]]
    return min(surname or matching, key=lambda p: _distance(p, candidate.name.start))


def _is_namesake(candidate: Candidate, person: Person) -> bool:
    """Whether “President Roe” stands before the first “Ms Ada Roe”, who has another role or none."""
    role = candidate.role
    if role is None or len(candidate.name.words) > 1 or len(person.words) == 1:
        return False
    if person.candidates[0].name.start < candidate.name.start:
        return False
    return all(
        c.role is None or c.role.head.rule is not role.head.rule
        for c in person.candidates[:_COMPARED]
        if len(c.name.words) > 1
    )


def _distance(person: Person, position: int) -> int:
    return min(abs(c.name.start - position) for c in person.candidates[:_COMPARED])


def _is_part(words: tuple[str, ...], full: tuple[str, ...]) -> bool:
    """Whether ``words`` stand in ``full`` in this order; an initial stands for its word."""
    rest = iter(full)
    return all(any(_fits(word, other) for other in rest) for word in words)


def _fits(word: str, other: str) -> bool:
    return word == other or (len(word) == 1 and other.startswith(word))


def _is_variant(words: tuple[str, ...], full: tuple[str, ...]) -> bool:
    """Whether two names differ in the spelling of one of several words: “Zach”, “Zachary”."""
    if len(words) != len(full) or len(words) == 1:
        return False
    pairs = [(a, b) for a, b in zip(words, full, strict=True) if a != b]
    if len(pairs) != 1:
        return False
    one, other = pairs[0]
    if words[-1] == full[-1] and _is_short_form(one, other):
        return True
    if abs(len(one) - len(other)) > 1:
        return False
    if one[0] != other[0] or min(len(one), len(other)) < _MIN_VARIANT:
        return False
    return SequenceMatcher(None, one, other).ratio() >= _SIMILAR


def _is_short_form(one: str, other: str) -> bool:
    """Whether one given name shortens the other: “Zach”, “Zachary”."""
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) >= _MIN_SURNAME and longer.startswith(shorter)


def repeated(
    around: Surroundings, people: Sequence[Person], reader: NameReader, taken: set[int]
) -> list[tuple[int, int, Person]]:
    """Where the names of known persons stand without a title: in full, or the surname alone."""
    forms: dict[str, Person] = {}
    for person in people:
        forms.setdefault(person.name, person)
        for surname in _surnames(around.text, person, reader):
            forms.setdefault(surname, person)
    if not forms:
        return []
    owners = list(forms.values())
    return [
        (start, end, owners[index])
        for index, start, end in find_words(list(forms), around.text)
        if _stands_alone(around, start, end, reader) and not _overlaps(start, end, taken)
    ]


def _surnames(text: str, person: Person, reader: NameReader) -> Iterable[str]:
    """The forms of one word by which the document calls a person, and the last word."""
    used = {text[c.name.start : c.name.end] for c in person.candidates if len(c.name.words) == 1}
    last = person.name.split()[-1]
    if len(person.words) > 1 and not person.name.endswith("."):
        used.add(last)
    return sorted(w for w in used if len(w) >= _MIN_SURNAME and reader.is_plain_name(w))


def _overlaps(start: int, end: int, taken: set[int]) -> bool:
    return any(position in taken for position in range(start, end))


def _stands_alone(around: Surroundings, start: int, end: int, reader: NameReader) -> bool:
    text = around.text
    if start and (text[start - 1].isalnum() or text[start - 1] in "-.@/_"):
        return False
    if end < len(text) and (text[end].isalnum() or text[end] in "@_"):
        return False
    if around.block_index(start) is None or around.institution_over(start) is not None:
        return False
    if " " not in text[start:end] and (
        _CAPITALISED_AFTER.match(text, end) or _name_before(text, start, reader)
    ):
        return False
    return not reader.is_followed_by_noun(text, end)


def _name_before(text: str, start: int, reader: NameReader) -> bool:
    """Whether the word before may belong to the same name."""
    word = text[max(0, start - 30) : start].rstrip(" ").rpartition(" ")[2]
    if text[start - 1 : start] != " " or not word[:1].isupper() or not word[-1:].isalnum():
        return False
    return not word.isupper() and reader.is_plain_name(word)


def country_of(candidate: Candidate) -> str | None:
    """The country in the candidate's role or beside its name."""
    return (candidate.role.country if candidate.role else None) or candidate.country
