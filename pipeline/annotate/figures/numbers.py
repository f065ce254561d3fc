"""Numbers in digits and words, with their scale: “1,25,000”, “2.5 lakh crore”, “two hundred”."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

import ahocorasick_rs

from pipeline.rulebook.figures import FigureRules

_DIGITS = re.compile(r"\d[\d,.]*")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d+)?|\d+(?:\.\d+)?")
_JOIN = re.compile(r"(?: and | |-)")
# No real number has more digits; a longer run is an identifier.
_MAX_DIGITS = 15
_MAX_SCALES = 2
_MAX_WORDS = 6


class Number(NamedTuple):
    """A number at ``text[start:end]``; ``scaled`` when a word such as million is part of it."""

    start: int
    end: int
    value: float
    scaled: bool
    in_words: bool


class NumberReader:
    """Finds numbers and reads their values."""

    def __init__(self, rules: FigureRules) -> None:
        forms = {f: v for word, v in rules.numbers.items() for f in _cases(word)}
        for word, value in rules.article_numbers.items():
            forms |= {f"{a} {word}": value for a in ("a", "A")}
            forms |= {f"{a} a {word}": value / 2 for a in ("half", "Half")}
        self._values = forms
        self._words = ahocorasick_rs.AhoCorasick(
            list(forms), matchkind=ahocorasick_rs.MatchKind.LeftmostLongest
        )
        self._word_list = list(forms)
        scales = "|".join(sorted(map(re.escape, rules.scales), key=len, reverse=True))
        self._scale = re.compile(rf"\+?[ -]?({scales})(?![^\W_])", re.IGNORECASE)
        self._scales = rules.scales
        self._money_scales = rules.money_scales

    def find(self, text: str) -> list[Number]:
        """All numbers in order; no two overlap."""
        found: list[Number] = []
        for number in sorted([*self._in_digits(text), *self._in_words(text)]):
            if not found or number.start >= found[-1].end:
                found.append(number)
        return found

    def _in_digits(self, text: str) -> Iterator[Number]:
        for match in _DIGITS.finditer(text):
            raw = match[0].rstrip(",.")
            start, end = match.start(), match.start() + len(raw)
            if start and (text[start - 1].isalpha() and not _is_currency(text, start)):
                continue
            if len(raw) > _MAX_DIGITS + 5 or not _GROUPED.fullmatch(raw):
                continue
            yield self._scaled(text, start, end, Decimal(raw.replace(",", "")), in_words=False)

    def _in_words(self, text: str) -> Iterator[Number]:
        """Runs of number words: “twenty-five”, “two hundred and ten”."""
        run: list[tuple[int, int, float]] = []
        for index, start, end in self._words.find_matches_as_indexes(text):
            if _inside_word(text, start, end):
                continue
            word = (start, end, self._values[self._word_list[index]])
            if run and len(run) < _MAX_WORDS and _JOIN.fullmatch(text, run[-1][1], start):
                run.append(word)
                continue
            if run:
                yield self._of_words(text, run)
            run = [word]
        if run:
            yield self._of_words(text, run)

    def _of_words(self, text: str, run: list[tuple[int, int, float]]) -> Number:
        value = _sum_words([v for _, _, v in run])
        return self._scaled(text, run[0][0], run[-1][1], Decimal(value), in_words=True)

    def _scaled(self, text: str, start: int, end: int, value: Decimal, *, in_words: bool) -> Number:
        scaled = False
        letter = text[end : end + 1].lower()
        if letter in self._money_scales and _is_amount(text, start, end):
            value = value * Decimal(self._money_scales[letter])
            return Number(start, end + 1, float(value), scaled=True, in_words=in_words)
        for _ in range(_MAX_SCALES):
            scale = self._scale.match(text, end)
            if not scale:
                break
            value *= Decimal(self._scales[scale[1].lower()])
            end, scaled = scale.end(), True
        return Number(start, end, float(value), scaled, in_words)


def _cases(word: str) -> tuple[str, ...]:
    return word, word.capitalize()


def _is_currency(text: str, start: int) -> bool:
    """Whether a letter directly before a digit can end a currency: “RM5”, “USD5”, “Rs5”."""
    before = text[max(0, start - 4) : start]
    letters = before[len(before.rstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZsp")) :]
    return len(letters) > 1


def _is_amount(text: str, start: int, end: int) -> bool:
    """Whether a sign of money stands before a number with a single letter behind it: “$739m”."""
    if text[end + 1 : end + 2].isalnum():
        return False
    before = text[max(0, start - 2) : start].rstrip()
    return bool(before) and unicodedata.category(before[-1]) == "Sc"


def _inside_word(text: str, start: int, end: int) -> bool:
    if start > 0 and (text[start - 1].isalnum() or text[start - 1] == "_"):
        return True
    return end < len(text) and text[end].isalnum()


def _sum_words(values: list[float]) -> float:
    """Two, hundred, ten → 210."""
    total = current = 0.0
    for value in values:
        if value in (100, 1000):
            current = max(current, 1) * value
            if value == 1000:
                total, current = total + current, 0.0
        else:
            current += value
    return total + current
