"""How far the name of a project reaches to both sides of its noun."""

from __future__ import annotations

import re
from typing import NamedTuple

from pipeline.records.projects.openings import is_numeral
from pipeline.records.projects.reading import HeadHit, Reading
from pipeline.records.projects.words import Word
from pipeline.rulebook.projects import Head

# No name has more words than this before its noun, or behind it.
_LONGEST = 14
# Behind "and" another project begins when its noun is so near.
_SECOND = 7
# The longest title with a mark: "Prof."
_TITLE = 4
_QUOTED = re.compile(r"\s*[“\"‘']([^“”\"]{3,150})[”\"]")


class NounPhrase(NamedTuple):
    """A project's name at ``words[first:end]``; its noun is ``words[head:last]``.

    ``outer`` is the first word with the determiners.
    """

    outer: int
    first: int
    head: int
    last: int
    end: int
    rule: Head


def noun_phrase(r: Reading, hit: HeadHit) -> NounPhrase:
    """The name around a noun."""
    outer = _left(r, hit.first)
    first = outer
    while first < hit.first and _is_prefix(r, first):
        first += 1
    outer = _owner(r, outer)
    determiners = r.lexicon.determiners - {"of", "that"}
    while outer > 0 and r.low(outer - 1) in determiners and outer - 1 not in r.verb_at:
        outer -= 1
    return NounPhrase(outer, first, hit.first, hit.last, _right(r, hit.last), hit.rule)


def _owner(r: Reading, outer: int) -> int:
    """The first word of the institution that owns it: “the Reef Office of Kenya’s programme”."""
    at = r.starts[outer]
    return next((r.at(m.start) for m in r.institutions if m.start < at < m.end), outer)


def _is_prefix(r: Reading, index: int) -> bool:
    """Whether a word before a name is a number, a determiner or the name's owner."""
    word = r.words[index]
    owner = word.is_possessive and index + 1 < len(r.words)
    return word.low in r.lexicon.fillers or word.text.isdigit() or owner


def _left(r: Reading, index: int) -> int:
    limit = max(0, index - _LONGEST)
    while index > limit:
        word = r.words[index - 1]
        if word.text == ")":
            opened = _bracket(r, index - 1)
            if opened is None:
                return index
            index = opened
        elif (
            (word.low in {"and", "&", "–", "-"} and _joins(r, index - 1))
            or _in_title(r, index - 1, word)
            or _in_long_title(r, index - 1, word)
            or _joins_nouns(r, index - 1, word)
            or _joins_adjectives(r, index - 1, word)
            or _abbreviates(r, index - 1, word)
            or _lists_adjectives(r, index - 1, word)
        ):
            index -= 2
        elif _bounds(r, index - 1, word):
            return index
        else:
            index -= 1
    return index


def _in_title(r: Reading, index: int, word: Word) -> bool:
    """Whether a preposition stands inside of a title: “Women in Tech Program”."""
    if word.low not in {"in", "for", "of", "on"} or not _joins(r, index):
        return False
    low = r.words[index - 1].low
    known = low in r.lexicon.boundaries or (low in r.lexicon.abstract and word.low == "of")
    return not known and index - 1 not in r.verb_at


def _in_long_title(r: Reading, index: int, word: Word) -> bool:
    """“Partnership for the Use of Tides Program”: the article stands inside of a title."""
    if word.low != "the" or r.low(index - 1) not in {"in", "for", "of", "on"} or index < _TITLE:
        return False
    left, right = r.words[index - 2], r.words[index + 1]
    known = left.low in r.lexicon.boundaries or index - 2 in r.verb_at
    return left.is_capital and right.is_capital and left.text[0].isalpha() and not known


def _joins_nouns(r: Reading, index: int, word: Word) -> bool:
    """“training and capacity building programme”: two nouns of projects share one name."""
    return word.low == "and" and any(h.last == index for h in r.heads)


def _joins_adjectives(r: Reading, index: int, word: Word) -> bool:
    """“a secure and sovereign cloud”: behind the article, or an act, the row belongs to one noun."""
    if word.low != "and" or (r.low(index - 2) not in {"a", "an"} and index - 2 not in r.verb_at):
        return False
    if any(h.first < index <= h.last for h in r.heads):
        return False
    return r.low(index - 1)[:1].isalpha() and index - 1 not in r.verb_at


def _lists_adjectives(r: Reading, index: int, word: Word) -> bool:
    """“high-speed, high-bandwidth links”."""
    if word.text == "-" and 0 < index < len(r.words) - 1:
        # “22,000-seat”: the number is a word of its own.
        return r.ends[index - 1] == r.starts[index] and r.ends[index] == r.starts[index + 1]
    return word.text == "," and "-" in r.low(index - 1) and "-" in r.low(index + 1)


def _abbreviates(r: Reading, index: int, word: Word) -> bool:
    """“Dr. Roy Chair”: the mark is part of a title before a name."""
    before = r.words[index - 1] if index > 0 else None
    short = before is not None and before.is_capital and len(before.text) <= _TITLE
    return word.text == "." and short and r.words[index + 1].is_capital


def _bounds(r: Reading, index: int, word: Word) -> bool:
    if word.low in r.lexicon.boundaries or not word.text[0].isalnum():
        return True
    return index in r.verb_at


def _joins(r: Reading, index: int) -> bool:
    """Whether "and" or a dash stands between two capitalised words of one name."""
    if index < 1 or index + 1 >= len(r.words):
        return False
    left, right = r.words[index - 1], r.words[index + 1]
    return left.is_capital and right.is_capital and left.text[0].isalpha()


def _bracket(r: Reading, index: int) -> int | None:
    """The index of the bracket that opens an acronym: "Computing (HPC) Centre"."""
    if index >= 2 and r.words[index - 2].text == "(" and r.words[index - 1].is_capital:
        return index - 2
    return None


def _right(r: Reading, index: int) -> int:
    """The end of the complement behind a noun: "Centre of Excellence in Maps (CEM)"."""
    while r.low(index) in r.lexicon.tails | r.lexicon.works or _is_edition(r, index):
        index += 1
    index = _acronym(r, index)
    if r.low(index) == "between":
        return _trimmed(r, index, _complement(r, index + 1, both=True))
    while r.low(index) in r.lexicon.complements - {"and"} and not _is_place(r, index):
        end = _trimmed(r, index + 1, _complement(r, index + 1))
        if end == index + 1 or index + 1 in r.date_at:
            return index
        index = _acronym(r, end)
    return index


def _is_edition(r: Reading, index: int) -> bool:
    """“Reef Programme II”."""
    return (
        index < len(r.words) and r.words[index - 1].is_capital and is_numeral(r.words[index].text)
    )


def _trimmed(r: Reading, first: int, end: int) -> int:
    """The end without function words that lead to what follows."""
    while end > first and r.words[end - 1].low in r.lexicon.boundaries:
        end -= 1
    return end


def _complement(r: Reading, index: int, *, both: bool = False) -> int:
    """The end of a complement; of those between whom something is, ``both`` belong to it."""
    limit = min(len(r.words), index + _LONGEST)
    start = index
    while index < limit:
        word = r.words[index]
        if word.low in r.lexicon.closers or (index in r.verb_at and index > start):
            return index
        if (
            word.low == "and"
            and not both
            and not _joins(r, index)
            and any(0 < h.first - index < _SECOND for h in r.heads)
        ):
            return index
        listed = both and word.text in {",", "(", ")"}
        if not word.text[0].isalnum() and word.text not in {"-", "–", "&"} and not listed:
            return index
        if listed and not _names_side(r, index + 1) and word.text == ",":
            return index
        opens = index > start and word.low in r.lexicon.complements
        if opens and (_is_place(r, index) or index + 1 in r.date_at):
            return index
        index += 1
    return index


def _names_side(r: Reading, index: int) -> bool:
    """Whether a country stands behind a comma, or the “and” before the last one."""
    index += r.low(index) in {"and", "the"}
    index += r.low(index) == "the"
    return index < len(r.words) and r.is_country(index) is not None


def _acronym(r: Reading, index: int) -> int:
    if r.low(index) == "(" and r.low(index + 2) == ")" and r.words[index + 1].is_capital:
        return index + 3
    return index


def _is_place(r: Reading, index: int) -> bool:
    """Whether a preposition opens the place where something is: "in Hanoi"."""
    if r.low(index) not in r.lexicon.places:
        return False
    at = index + 2 if r.low(index + 1) == "the" else index + 1
    return r.is_country(at) is not None


def name_span(r: Reading, np: NounPhrase) -> tuple[int, int]:
    """The characters of a name; a title in quotes behind it is the name."""
    page = r.page
    for hit in r.lexicon.titled.longest(page.text, r.ends[np.last - 1], r.sentence.end):
        quoted = _QUOTED.match(page.text, hit.end, r.sentence.end)
        if quoted:
            return quoted.span(1)
    return r.starts[np.first], r.ends[np.end - 1]


def is_named(r: Reading, np: NounPhrase) -> bool:
    """Whether capitals make the noun phrase a proper name."""
    own = [w for w in r.words[np.first : np.last] if w.text[0].isalpha()]
    capitals = [w for w in own if w.is_capital]
    return len(capitals) >= 2 and r.words[np.last - 1].is_capital


def has_proper_name(r: Reading, np: NounPhrase) -> bool:
    """Whether a capital word before its noun, other than a country, names one project."""
    return any(
        w.text[0].isupper() and _may_name(r, i) and w.low not in r.lexicon.generic
        for i, w in enumerate(r.words[np.first : np.head], np.first)
        if i > 0
    )


def _may_name(r: Reading, index: int) -> bool:
    """Whether a word is no country; a place may name what stands there: “the Larnaca bridge”."""
    mention = r.is_country(index)
    return mention is None or mention.via == "place"


def is_generic(r: Reading, np: NounPhrase) -> bool:
    """Whether nothing but the noun itself is said: "the centre", "this IT centre"."""
    heads = {h.first for h in r.heads}
    modifiers = [
        w.low for i, w in enumerate(r.words[np.first : np.head], np.first) if i not in heads
    ]
    modifiers = [m for m in modifiers if m != "and"]
    return np.end <= np.last and all(m in r.lexicon.generic for m in modifiers)
