"""Objects that no noun of the rules names: what is built or launched and has a name of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.records.projects.reading import Reading, VerbHit

_QUOTES = frozenset('“”"')
# No such name has more words before its last.
_LONGEST = 12
# So far before it its price may begin.
_AMOUNT = 3
# An acronym, or a word with capitals inside: “TradeTrust”.
_COINED = re.compile(r"[A-Z][\w-]*[A-Z0-9][\w-]*$")
_NUMERAL = re.compile(r"(?:[IVX]+|\d{1,2}(?:\.\d+)?)$")


def is_numeral(word: str) -> bool:
    """Whether a word counts editions: “Reef Programme II”."""
    return bool(_NUMERAL.match(word))


def open_spans(r: Reading) -> Iterator[tuple[int, int]]:
    """The words of objects and subjects of acts that have a name and no noun of the rules."""
    for verb in r.verbs:
        if not verb.rule.opens:
            continue
        for first, last in (_behind(r, verb), _before(r, verb)):
            if last > first and not _is_known(r, first, last) and _is_apart(r, first, last):
                yield first, last


def _behind(r: Reading, verb: VerbHit) -> tuple[int, int]:
    """The noun phrase behind an act, without determiners."""
    first = verb.last
    while first < len(r.words) and r.words[first].low in r.lexicon.fillers:
        first += 1
    if first < len(r.words) and r.words[first].text in _QUOTES:
        return _quoted(r, first + 1)
    last = first
    while last < min(len(r.words), first + _LONGEST) and _is_content(r, last):
        last += 1
        if (
            r.low(last) == "("
            and r.low(last + 2) == ")"
            and _is_content(r, min(last + 3, len(r.words) - 1))
        ):
            last += 3
    return first, last


def _quoted(r: Reading, first: int) -> tuple[int, int]:
    """A title in quotes."""
    for last in range(first, min(len(r.words), first + _LONGEST)):
        if r.words[last].text in _QUOTES:
            return first, last
    return 0, 0


def _before(r: Reading, verb: VerbHit) -> tuple[int, int]:
    """The noun phrase before "was launched"."""
    last = r.before(verb.first)
    if "participle" not in verb.forms or last < 0 or r.low(last) not in r.lexicon.be:
        return 0, 0
    while last > 0 and r.low(last - 1) in r.lexicon.finite:
        last -= 1
    first = last
    while first > max(0, last - _LONGEST) and _is_content(r, first - 1):
        first -= 1
    return first, last


def _is_content(r: Reading, index: int) -> bool:
    word = r.words[index]
    if not word.text[0].isalnum() or word.low in r.lexicon.no_names:
        return False
    return index not in r.verb_at and index not in r.date_at and not word.low.endswith("ly")


def _is_known(r: Reading, first: int, last: int) -> bool:
    """Whether a noun of the rules stands in it, or its last word names nothing that is made."""
    if any(first <= hit.first < last for hit in r.heads) or _goes_on(r, last):
        return True
    low = r.low(last - 1)
    return low in r.lexicon.abstract or low in r.lexicon.people


def _goes_on(r: Reading, last: int) -> bool:
    """Whether a name goes on behind “and”: “Tides and Reefs Working Group”."""
    if r.low(last) not in {"and", "&"}:
        return False
    end = last + 1
    while end < len(r.words) and _is_content(r, end) and r.words[end].is_capital:
        end += 1
    return any(last < hit.first < end for hit in r.heads)


def _is_apart(r: Reading, first: int, last: int) -> bool:
    """Whether it has a name or is common to the parties, and is nobody who acts."""
    start, end = r.starts[first], r.ends[last - 1]
    actors = [(i.start, i.end) for i in r.institutions if i.linked]
    actors += [(p.start, p.end) for p in r.persons]
    if any(first <= start < last or first < end <= last for first, last in actors):
        return False
    if any(r.words[i].low in r.lexicon.common for i in range(first, last)):
        return last - first > 1
    return _has_name(r, first, last) or r.has_amount(max(0, first - _AMOUNT), last)


def _has_name(r: Reading, first: int, last: int) -> bool:
    """Two capitals that are no country's, a coined word, or an acronym behind."""
    own = [i for i in range(first, last) if r.words[i].is_capital and r.is_country(i) is None]
    words = [r.words[i].text for i in own if not r.words[i].text[0].isdigit()]
    if any(_COINED.match(word) for word in words[-1:]) and len(words[-1]) > 3:
        return True
    return len(words) > 1 and r.words[last - 1].is_capital
