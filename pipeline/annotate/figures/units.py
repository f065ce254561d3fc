"""The unit beside a number: money, a measure, or a counted noun."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from pipeline.annotate.figures.numbers import Number
from pipeline.model import CountryMention
from pipeline.rulebook.figures import FigureRule, FigureRules

_WORD = re.compile(r"(?:[A-Z]\.){2,}|[^\W\d_](?:[\w&]|[’'/.-](?=\w))*|&")
_GAP = re.compile(r"(?: ?\+| ?plus)? ?-? ?")
_NOT_PLURAL = ("ss", "us", "is", "’s", "'s", "ous")
_JOINED = re.compile(r"(?:,? and |, )")
_OF = " of"
_SPACE = re.compile(r" ")
_AND = re.compile(r" and (?![a-z]+s\b)(?=(?:[A-Za-z-]+ ){1,2}[a-z]+s\b)")
_COMMA = re.compile(r",(?: and)? ")
_MAX_PHRASE = 6
_LONGEST_SIGN = 8
_MIN_WORD = 3


class Unit(NamedTuple):
    """A unit with the extent of the figure and the phrase that says what is counted."""

    name: str
    start: int
    end: int
    rule: FigureRule
    phrase: tuple[int, int] | None = None


class UnitReader:
    """Knows the signs of currencies and measures and the nouns that are counted."""

    def __init__(self, rules: FigureRules) -> None:
        words = rules.words
        self._many, self._many_enumerated = rules.many, rules.many_enumerated
        self._fewest = rules.fewest
        self._before, self._before_forms = _table(rules, "before")
        self._after, self._after_forms = _table(rules, "after")
        self._local = {
            (sign, country): rule
            for rule in rules.rule
            for sign in rule.local
            for country in rule.countries
        }
        self._nouns = {w.casefold(): r for r in rules.rule if r.kind == "noun" for w in r.words}
        self._persons = frozenset(words.persons)
        self._irregular = frozenset(words.irregular_plurals)
        self._kept = frozenset(words.kept_modifiers)
        self._never = frozenset(words.never_counted)
        self._enumerated = frozenset(w.casefold() for w in words.counted_when_many)
        self._ends = frozenset(words.phrase_ends)
        by_id = {r.id: r for r in rules.rule}
        self._population = by_id["figures/population"]
        self._large = by_id["figures/many"]

    def money_before(self, text: str, number: Number, country: str | None) -> Unit | None:
        """The currency whose sign stands directly before the number."""
        window = max(0, number.start - _LONGEST_SIGN)
        match = self._before.search(text, window, number.start)
        if not match or (match.start() and _continues(text, match.start())):
            return None
        sign = match[1]
        rule = self._local.get((sign, country or "")) or self._before_forms[sign]
        return Unit(rule.unit or "", match.start(), number.end, rule)

    def sign_after(self, text: str, number: Number, country: str | None) -> Unit | None:
        """The currency or measure directly behind the number."""
        match = self._after.match(text, number.end)
        if not match:
            return None
        form = match[1]
        rule = self._local.get((form, country or "")) or self._after_forms[form]
        end = match.end() - (len(_OF) if form.endswith(_OF) else 0)
        return Unit(rule.unit or "", number.start, end, rule)

    def counted(
        self, text: str, number: Number, limit: int, countries: Mapping[int, CountryMention]
    ) -> Unit | None:
        """The plural noun that the number counts, if it is one that makes a figure."""
        phrase = self._phrase(text, number.end, limit, countries)
        if phrase is None:
            return None
        words, head = phrase
        return self._classify(text, number, words, head, countries)

    def is_free(self, text: str, end: int) -> bool:
        """Whether no noun follows: the text ends, punctuation or a small word does."""
        word = _WORD.match(text, end + 1) if text[end : end + 1] == " " else None
        if word is None:
            return text[end : end + 1] in ("", ".", ",", ";", ")", "\n")
        return word[0].lower() in self._ends

    def is_plural(self, word: str) -> bool:
        """Whether a word looks like a plural noun."""
        if word.lower() in self._irregular:
            return True
        if len(word) >= _MIN_WORD and word.endswith("s"):
            return not word.endswith(_NOT_PLURAL)
        return word.endswith("smen")

    def noun_phrase(
        self, text: str, position: int, limit: int, countries: Mapping[int, CountryMention]
    ) -> tuple[list[re.Match[str]], int] | None:
        """The words from ``position`` to the plural noun that heads them."""
        return self._phrase(text, position - 1, limit, countries)

    def last_noun(self, text: str, start: int, end: int) -> tuple[list[re.Match[str]], int] | None:
        """The last counted noun between ``start`` and ``end``."""
        words = [w for w in _WORD.finditer(text, start, end) if w[0].casefold() in self._nouns]
        return (words[-1:], 0) if words else None

    def unit_name(self, words: list[re.Match[str]], head: int) -> str:
        """The head with the modifier without which it says nothing."""
        noun = words[head][0]
        noun = noun if noun[:-1].isupper() or noun[:2].isupper() else noun.lower()
        modifier = words[head - 1][0].lower() if head else ""
        both = f"{modifier} {noun}"
        if both.casefold() in self._nouns and modifier in self._kept:
            return both
        return noun

    def _phrase(
        self, text: str, end: int, limit: int, countries: Mapping[int, CountryMention]
    ) -> tuple[list[re.Match[str]], int] | None:
        gap = _GAP.match(text, end)
        position = gap.end() if gap else end
        if position == end:
            return None
        first = position
        words: list[re.Match[str]] = []
        head: int | None = None
        while len(words) < _MAX_PHRASE:
            word = _WORD.match(text, position, limit)
            if word is None or word[0].lower() in self._ends:
                break
            if head is not None and not self._continues(words[-1][0], word[0]):
                break
            mention = countries.get(word.start())
            words.append(word)
            if self.is_plural(word[0]) and (mention is None or mention.via == "demonym"):
                head = len(words) - 1
            position = mention.end if mention and mention.end > word.end() else word.end()
            gap = _adjective_gap(text, position, mention) if head is None else None
            gap = gap or _SPACE.match(text, position)
            if gap is None:
                break
            position = gap.end()
        if head is None or (head and "-" in text[end:first]):
            # A “40-seater electric bus” is one bus.
            return None
        return words[: head + 1], head

    def _continues(self, noun: str, word: str) -> bool:
        """Whether a plural behind a plural is the head: “women entrepreneurs”."""
        both = f"{noun} {word}".casefold()
        return self.is_plural(word) and (word.casefold() in self._nouns or both in self._nouns)

    def _classify(
        self,
        text: str,
        number: Number,
        words: list[re.Match[str]],
        head: int,
        countries: Mapping[int, CountryMention],
    ) -> Unit | None:
        noun = words[head][0]
        span = (words[0].start(), words[head].end())
        demonym = countries.get(words[head].start())
        end = words[head].end()
        if demonym is not None:
            return Unit("people", number.start, end, self._population, span)
        if noun.lower() in self._never or _is_name(text, words, head):
            return None
        name = self.unit_name(words, head)
        rule = self._rule(number, noun, name)
        if rule is None:
            return None
        joined = self._joined_persons(text, end) if noun.lower() in self._persons else end
        if joined != end:
            return Unit("people", number.start, joined, rule, (span[0], joined))
        return Unit(rule.unit or name, number.start, end, rule, span)

    def _rule(self, number: Number, noun: str, name: str) -> FigureRule | None:
        if number.value < self._fewest:
            return None
        rule = self._nouns.get(name.casefold())
        if rule is None and noun.casefold() in self._enumerated:
            return self._large if number.value >= self._many_enumerated else None
        if rule is None and number.value >= self._many:
            return self._large
        return rule

    def _joined_persons(self, text: str, end: int) -> int:
        """The end of “civilians, and dependents” behind a noun for persons."""
        while True:
            link = _JOINED.match(text, end)
            word = _WORD.match(text, link.end()) if link else None
            if word is None or word[0].lower() not in self._persons:
                return end
            end = word.end()


def _adjective_gap(
    text: str, position: int, mention: CountryMention | None
) -> re.Match[str] | None:
    """What joins two adjectives: “safe and effective doses”, “Fijian, Indian and Thai students”."""
    joined = _AND.match(text, position)
    if joined is None and mention is not None and mention.via == "demonym":
        joined = _COMMA.match(text, position)
    return joined


def _table(rules: FigureRules, side: str) -> tuple[re.Pattern[str], dict[str, FigureRule]]:
    forms: dict[str, FigureRule] = {}
    for rule in rules.rule:
        for form in rule.before if side == "before" else rule.after:
            forms.setdefault(form, rule)
    alternatives = _alternatives(forms)
    if side == "before":
        return re.compile(rf"({alternatives}) ?$"), forms
    return re.compile(rf"[ -]?({alternatives})(?![^\W_])"), forms


def _alternatives(forms: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, forms), key=len, reverse=True))


def _continues(text: str, start: int) -> bool:
    """Whether a sign made of letters is only the end of a longer word."""
    return text[start].isalpha() and text[start - 1].isalpha()


def _is_name(text: str, words: list[re.Match[str]], head: int) -> bool:
    """Whether a capitalised noun before another capitalised word is a name, not a count."""
    noun = words[head][0]
    after = text[words[head].end() : words[head].end() + 2]
    return noun[0].isupper() and not noun[:2].isupper() and after[:1] == " " and after[1:].isupper()
