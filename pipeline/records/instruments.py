"""Noun phrases that name an instrument: where they begin and end, how many they mean."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from pipeline.model import CountryMention, DateMention, InstitutionMention
from pipeline.records.page import Page, Sentence
from pipeline.records.phrases import Found, Phrases
from pipeline.records.tokens import Token, tokens_of
from pipeline.rulebook.agreements import AgreementRules, InstrumentRule
from pipeline.rulebook.status import StatusRules

Span = tuple[int, int]
# The longest noun phrase, in tokens; "between" two ministries with a subject takes about 50.
_LONGEST = 70
_LONGEST_MODIFIERS = 14
# So many plain words may stand between the sides of a name and its noun.
_ADJECTIVES = 4
# So many tokens on either side may say something of an instrument: it bounds the work.
_AROUND = 150
# An instrument behind a comma begins at most so many tokens from it.
_BESIDE = 3
# Needs of nouns that must stand in capitals.
_NAMED = frozenset({"name", "sides", "worldwide"})
# Needs of nouns in lower case that a stage makes an instrument.
_MADE = frozenset({"stage", "made"})
_NAME = re.compile(r"\b[A-Z][\w&+/-]{2,}\b")
_DASHES = frozenset("-–—‑/")
# Marks that end no title.
_LOOSE = frozenset(",(-–")
_STOPS = frozenset(".;:!?")
_CELLS = frozenset("|\t")
_QUOTES = frozenset("“”\"'‘’«»")


@dataclass(frozen=True)
class Head:
    """What a noun stands for: the rule that lists it, and whether it is a plural."""

    rule: InstrumentRule
    plural: bool
    name: str | None = None


@dataclass(frozen=True, eq=False)
class Instrument:
    """An instrument named at ``text[start:end]``, its noun at ``head``.

    ``article`` is definite, indefinite or none; ``count`` is a number for "two MoUs", 1 for the
    singular, None for a plural without number. ``generic`` marks "such MoUs". ``capital`` says that
    it stands in capitals, ``modifiers`` that capitalised words stand before the noun, ``name`` is
    the acronym defined behind it. ``body`` is the end of noun and acronym, where the complement
    begins. ``tokens`` are those around it, ``first`` and ``last`` its own among them. ``restricted`` says that a
    participle follows: “the MoU signed in …”, ``other`` one more than those before: “the other MoU”.
    """

    start: int
    end: int
    head: Span
    rule: InstrumentRule
    article: str
    count: int | None
    generic: bool
    capital: bool
    modifiers: bool
    complement: bool
    name: str | None
    body: int
    sentence: Sentence
    tokens: Sequence[Token]
    first: int
    last: int
    restricted: bool
    other: bool = False

    @property
    def span(self) -> Span:
        return self.start, self.end

    @property
    def long(self) -> bool:
        """Whether two capitalised words or more stand before the noun, or an acronym behind it."""
        before = [t for t in self.phrase if t.end <= self.head[0] and t.capital]
        return len(before) > 1 or self.name is not None

    @property
    def is_group(self) -> bool:
        return self.count != 1

    @property
    def phrase(self) -> Sequence[Token]:
        return self.tokens[self.first : self.last]


class InstrumentReader:
    """Finds the noun phrases of instruments in a page."""

    def __init__(self, rules: AgreementRules, status: StatusRules) -> None:
        self._heads = Phrases(_head_phrases(rules))
        self._words = _Words(rules, status)
        own = [r for r in status.rule if "agreement" in r.subjects and r.status == "signed"]
        self._stages = Phrases((cue, None) for r in own for cue in r.cues)

    def find(self, page: Page) -> list[Instrument]:
        """All instruments of a page, in the order of the text."""
        sentences: dict[Sentence, list[Token]] = {}
        found = self._read(page, self._heads.longest(page.text), sentences)
        names = {i.name: i for i in found if i.name}
        if not names:
            return found
        again = self._read(page, list(_named_again(page.text, names, found)), sentences)
        return sorted([*found, *again], key=lambda i: (i.start, i.end))

    def _read(
        self, page: Page, hits: list[Found[Head]], sentences: dict[Sentence, list[Token]]
    ) -> list[Instrument]:
        found: list[Instrument] = []
        by_sentence = groupby(hits, key=lambda hit: page.sentence_at(hit.start))
        for sentence, group in by_sentence:
            fitting = [hit for hit in group if self._may_name(page.text, hit)]
            if sentence is None or not fitting or not self._may_be_made(page, sentence, fitting):
                continue
            if sentence not in sentences:
                sentences[sentence] = tokens_of(page, sentence.start, sentence.end)
            found += self._in_sentence(page, sentence, fitting, sentences[sentence])
        return found

    def _may_be_made(self, page: Page, sentence: Sentence, hits: list[Found[Head]]) -> bool:
        """Whether a stage stands before nouns that only one behind “signed” makes an instrument.

        It spares most sentences with “partnership” or “framework” the reading of their words.
        """
        if any(h.item.rule.needs != "made" or page.text[h.start].isupper() for h in hits):
            return True
        return bool(self._stages.all(page.text, sentence.start, hits[-1].start))

    def _in_sentence(
        self, page: Page, sentence: Sentence, hits: list[Found[Head]], tokens: list[Token]
    ) -> Iterator[Instrument]:
        walker = _Walker(page.text, tokens, self._words)
        starts = [t.start for t in tokens]
        heads = [h for h in hits if _is_word(tokens, starts, h)]
        heads = [h for h in heads if not self._excluded(h, walker, starts)]
        heads = [h for h in heads if not _is_doubled(page.text, h, heads)]
        positions = [bisect_left(starts, h.start) for h in heads]
        limit = 0
        for i, hit in enumerate(heads):
            if hit.start < limit:
                continue
            found = walker.read(hit, positions[i], positions, sentence)
            if found is None:
                continue
            limit = found.body if found.rule.needs == "nothing" else found.end
            yield found

    def _excluded(self, hit: Found[Head], walker: _Walker, starts: list[int]) -> bool:
        """Whether the words before a noun make it something else."""
        barred = self._words.not_after[hit.item.rule.id]
        if not barred:
            return False
        before = "".join(" " + t.low for t in walker.before(bisect_left(starts, hit.start)))
        return before.endswith(barred)

    def _may_name(self, text: str, hit: Found[Head]) -> bool:
        """Whether a noun that needs a name stands in capitals, with no word behind that bars it."""
        if hit.item.rule.needs in _NAMED and not text[hit.start].isupper():
            return False
        barred = self._words.not_before[hit.item.rule.id]
        after = text[hit.end : hit.end + 30].lower().lstrip() if barred else ""
        return not after.startswith(barred) and after not in hit.item.rule.not_before


class _Words:
    """The word lists as sets."""

    def __init__(self, rules: AgreementRules, status: StatusRules) -> None:
        words = rules.words
        self.acronyms = frozenset(w for r in rules.rule for w in (*r.heads, *r.plurals))
        self.not_after = {r.id: tuple(" " + w for w in r.not_after) for r in rules.rule}
        self.not_before = {
            r.id: tuple(w + mark for w in r.not_before for mark in " .,;:\n") for r in rules.rule
        }
        # "… Agreement (XYZ)" is what the acronym stands for.
        self.known = {h: r for r in rules.rule if r.worldwide for h in r.heads if " " not in h}
        self.definite = frozenset(words.definite)
        self.indefinite = frozenset(words.indefinite)
        self.generic = frozenset(words.generic)
        self.others = frozenset(words.others)
        self.articles = frozenset(words.articles)
        self.numbers = words.numbers
        self.modifiers = frozenset(words.modifiers)
        self.complements = frozenset(words.complements)
        self.sides = frozenset((*words.between, *words.with_))
        cues = {cue for r in status.rule for cue in r.cues if "agreement" in r.subjects}
        # Participles and headline verbs end a noun phrase: "MoU signed in …".
        self.stages = frozenset(c for c in cues if c.endswith(("ed", "sign", "signs", "ing")))
        self.participles = frozenset(c for c in cues if c.endswith("ed")) | {*words.participles}
        self.ends = frozenset(words.ends) | self.stages
        self.and_ = frozenset(words.and_)
        self.going_on = self.and_ | self.complements
        self.asides = tuple(w + mark for w in words.asides for mark in " ,.;:")
        self.verbs = frozenset(words.signers)


class _Walker:
    """Walks from a noun to the ends of its noun phrase."""

    def __init__(self, text: str, tokens: list[Token], words: _Words) -> None:
        self.text = text
        self.tokens = tokens
        self.words = words

    def before(self, index: int) -> list[Token]:
        return self.tokens[max(0, index - 3) : index]

    def read(
        self, hit: Found[Head], index: int, later: Sequence[int], sentence: Sentence
    ) -> Instrument | None:
        """The instrument whose noun is the tokens from ``index`` on."""
        first, article, count, generic = self._left(index, plural=hit.item.plural)
        behind = index
        while behind < len(self.tokens) and self.tokens[behind].start < hit.end:
            behind += 1
        behind, name = self._acronym(behind)
        rule = self.words.known.get((name or "").lower(), hit.item.rule)
        name = hit.item.name or (name if self._is_own(name) else self._known_name(hit))
        last = self._right(behind, rule, later)
        if last > behind and name is None:
            last, name = self._acronym(last)
        inside = [t for t in self.tokens[first:index] if t.capital]
        if any(t.low in rule.not_with for t in self.tokens[first:behind]):
            return None
        if rule.labels and self._is_label(first, index, rule):
            return None
        begin = max(0, first - _AROUND)
        return Instrument(
            start=self.tokens[first].start,
            end=self.tokens[last - 1].end,
            head=(hit.start, hit.end),
            rule=rule,
            article=article,
            count=count if hit.item.plural or (count or 1) > 1 else 1,
            generic=generic,
            capital=self.text[hit.start].isupper(),
            modifiers=bool(inside),
            complement=last > behind,
            name=name,
            body=self.tokens[behind - 1].end,
            sentence=sentence,
            tokens=self.tokens[begin : last + _AROUND],
            first=first - begin,
            last=last - begin,
            restricted=last < len(self.tokens) and self.tokens[last].low in self.words.participles,
            other=not hit.item.plural and self._is_other(first),
        )

    def _known_name(self, hit: Found[Head]) -> str | None:
        """The acronym that a known instrument is called by: “the RCEP”."""
        surface = self.text[hit.start : hit.end]
        return surface if surface.isupper() and surface.lower() in self.words.known else None

    def _is_own(self, name: str | None) -> bool:
        known = name is not None and name.lower() in self.words.known
        return known or is_own_name(name, self.words.acronyms)

    def _is_label(self, first: int, head: int, rule: InstrumentRule) -> bool:
        """Whether the words before a noun only praise relations: “Strategic Partnership”."""
        words = [t.low for t in self.tokens[first:head] if t.kind == "word" and t.capital]
        return any(w in rule.labels for w in words) and all(
            w in rule.labels or w in self.words.and_ for w in words
        )

    def _left(self, index: int, *, plural: bool) -> tuple[int, str, int | None, bool]:
        """The first token of the phrase, its article, its number, whether it is generic."""
        first = index
        lowest = max(0, index - _LONGEST_MODIFIERS)
        while first > lowest and (step := self._modifier(first - 1, first, index)):
            first -= step
        first -= self._adjectives(first)
        while first > lowest and (step := self._modifier(first - 1, first, index)):
            first -= step
        article, count, generic = "none", None, False
        for token in reversed(self.tokens[max(0, first - 4) : first]):
            low = token.low
            if low in self.words.numbers or _is_count(low):
                count = self.words.numbers.get(low) or int(low)
            elif low in self.words.definite:
                article = "definite"
            elif low in self.words.indefinite:
                article = article if article == "definite" else "indefinite"
                count = count if plural else 1
                if low in self.words.articles:
                    break
            elif low in self.words.generic and token.kind == "word":
                generic = True
            elif low in self.words.others:
                continue
            else:
                break
        return first, article, count, generic and article == "none"

    def _adjectives(self, first: int) -> int:
        """How many plain words stand between two sides and a phrase: “US-Fiji civil nuclear …”."""
        for back in range(1, min(_ADJECTIVES, first - 2) + 1):
            token = self.tokens[first - back]
            if token.kind == "country":
                paired = self.tokens[first - back - 1].low in _DASHES
                return back - 1 if paired and self.tokens[first - back - 2].kind == "country" else 0
            barred = token.low in self.words.ends or token.low in self.words.going_on
            if barred or token.kind != "word":
                return 0
        return 0

    def _is_other(self, first: int) -> bool:
        """Whether the word before a phrase tells it from those before: “the other MoU”."""
        return first > 0 and self.tokens[first - 1].low in self.words.others

    def _modifier(self, index: int, first: int, head: int) -> int:
        """How many tokens that end at ``index`` belong before the noun."""
        token = self.tokens[index]
        if token.kind == "country":
            return 1
        if token.kind == "institution":
            return int(self._is_modifying(token, first))
        if token.kind == "date":
            return int(self._is_dated(index, first))
        if token.kind == "mark":
            return self._mark(index, first)
        if token.kind != "word":
            return 0
        return self._word(index, token, first, head)

    def _is_dated(self, index: int, first: int) -> bool:
        """A date that belongs to the name: “the 2020 Agreement”, “the July 2022 Joint Statement”."""
        if not self.tokens[first].capital:
            return False
        before = self.tokens[index - 1].low if index else ""
        opened = before in self.words.definite or before in self.words.indefinite
        mention = self.tokens[index].mention
        span = isinstance(mention, DateMention) and mention.interval.granularity == "range"
        return opened or span or self.tokens[index].low.isdigit()

    def _word(self, index: int, token: Token, first: int, head: int) -> int:
        words = self.words
        if token.low in words.modifiers:
            return 1
        if token.low in words.and_ and first < head:
            left = self.tokens[index - 1] if index else token
            joins = left.kind == "word" and left.low not in words.ends
            return 2 * (
                joins and index > 1 and self._is_capital_word(left) and self._is_name(first)
            )
        barred = token.low in words.ends or token.low in words.definite
        barred = barred or token.low in words.indefinite or token.low in words.numbers
        barred = barred or token.low in words.generic
        return int(not barred and self._is_capital_word(token))

    def _is_name(self, index: int) -> bool:
        token = self.tokens[index]
        return token.kind == "word" and token.capital

    def _is_capital_word(self, token: Token) -> bool:
        return token.kind == "word" and token.capital

    def _is_modifying(self, token: Token, first: int) -> bool:
        mention = token.mention
        if not isinstance(mention, InstitutionMention):
            return False
        return self.tokens[first].low in _DASHES or mention.kind == "intergovernmental"

    def _mark(self, index: int, first: int) -> int:
        """Marks inside a name: “India-Japan”, “(Shenzhen)”."""
        token = self.tokens[index]
        if token.low in _DASHES and index:
            left = self.tokens[index - 1]
            beside = left.end == token.start and self.tokens[first].start == token.end
            sides = {left.kind, self.tokens[first].kind} <= {"country", "institution"}
            if left.low == ")" and self.tokens[first].kind == "country":
                # A dash may stand behind the code of a side: “the United Kingdom (UK) – …”.
                return 1 + self._mark(index - 1, index)
            return 2 if beside or sides else 0
        if token.low == ")" and index > 1 and self.tokens[index - 2].low == "(":
            return 3 if self.tokens[index - 1].kind in {"country", "institution"} else 0
        return 0

    def _acronym(self, behind: int) -> tuple[int, str | None]:
        """The token behind “(MoU)”, and the acronym in the brackets."""
        tokens = self.tokens
        if behind >= len(tokens) or tokens[behind].low != "(":
            return behind, None
        for end in range(behind + 1, min(behind + 7, len(tokens))):
            if tokens[end].low == ")":
                inside = [t for t in tokens[behind + 1 : end] if t.low not in _QUOTES]
                name = self.text[inside[-1].start : inside[-1].end] if inside else None
                short = name if name and len(inside) <= 2 and name[-1:].isalnum() else None
                return end + 1, short
        return behind, None

    def _right(self, behind: int, rule: InstrumentRule, later: Sequence[int]) -> int:
        """The index behind the last token of the phrase."""
        last = behind
        named_only = rule.needs in _NAMED or rule.worldwide
        index, sides = behind, False
        while index < min(len(self.tokens), behind + _LONGEST):
            token = self.tokens[index]
            if index == behind or (token.kind == "word" and token.low in self.words.complements):
                opens = index == behind or named_only
                if opens and not self._opens(index, named_only=named_only):
                    break
                if not self._goes_on_with(index, sides=sides):
                    break
                sides = token.low in self.words.sides or (sides and token.low == "of")
            elif self._ends(index, sides=sides, later=later) or (
                named_only and not self._is_of_name(index, sides=sides)
            ):
                break
            index += 1
            last = index
        return self._trim(last, behind)

    def _is_of_name(self, index: int, *, sides: bool) -> bool:
        """Whether a token goes on with a name in capitals."""
        token = self.tokens[index]
        following = self.tokens[index + 1] if index + 1 < len(self.tokens) else token
        if token.low == "," and following.low in self.words.and_:
            return self._is_of_name(index + 1, sides=sides)
        return token.capital or (self._joins(token) and following.capital)

    def _joins(self, token: Token) -> bool:
        return token.low in self.words.and_ or token.low == ","

    def _opens(self, index: int, *, named_only: bool) -> bool:
        """Whether a preposition behind the noun continues the phrase."""
        token = self.tokens[index]
        if token.kind != "word" or token.low not in self.words.complements:
            return False
        following = self.tokens[index + 1] if index + 1 < len(self.tokens) else token
        return not named_only or (token.low not in {"in", "to", "with"} and following.capital)

    def _goes_on_with(self, index: int, *, sides: bool) -> bool:
        """Whether a preposition is followed by what belongs to the phrase: no date, no place."""
        if index + 1 >= len(self.tokens):
            return False
        token, following = self.tokens[index], self.tokens[index + 1]
        if self._is_aside(token):
            return False
        if following.kind == "date":
            return token.low in {"for", "of"} and not following.low.isdigit()
        if token.low == "in":
            placed = following.kind in {"country", "institution", "person"}
            return not placed or (sides and self._is_seat(index))
        if token.low == "to":
            return following.low not in {"be", "the", "a"} and following.low not in self.words.ends
        return following.kind != "mark" or following.low in _QUOTES

    def _is_seat(self, index: int) -> bool:
        """Whether “in …” only says where a side is: “between A in Fiji and B”."""
        behind = self.tokens[index + 2].low if index + 2 < len(self.tokens) else ""
        return self.tokens[index - 1].kind == "institution" and behind in self.words.and_

    def _is_aside(self, token: Token) -> bool:
        text = self.text[token.start : token.start + 24].lower()
        return text.startswith(self.words.asides)

    def _ends(self, index: int, *, sides: bool, later: Sequence[int]) -> bool:
        token = self.tokens[index]
        if token.kind == "mark":
            return self._mark_ends(index, token, later, sides=sides)
        if token.kind == "date":
            return not self._is_period(index)
        if token.kind == "person":
            return True
        if token.kind != "word":
            return False
        closed = token.low in self.words.ends and not self._is_titled(token)
        if closed or (sides and self._is_verb(index)):
            return True
        return token.low in self.words.and_ and self._other_follows(index, later, sides=sides)

    def _is_verb(self, index: int) -> bool:
        """Whether a plain word stands right behind a country: “with Fiji constitute …”."""
        token, mention = self.tokens[index], self.tokens[index - 1].mention
        plain = not token.capital and token.low not in self.words.going_on
        return plain and isinstance(mention, CountryMention) and mention.via == "name"

    def _is_period(self, index: int) -> bool:
        """A span of years directly behind a word is part of the name: “Work Plan 2024-26”."""
        mention, before = self.tokens[index].mention, self.tokens[index - 1]
        if not isinstance(mention, DateMention) or before.low in self.words.complements:
            return False
        return before.kind == "word" and mention.interval.granularity in {"range", "year"}

    def _is_titled(self, token: Token) -> bool:
        """A capitalised word is part of a title unless it is one of the plain verbs of a heading."""
        return token.capital and token.low not in self.words.verbs

    def _mark_ends(self, index: int, token: Token, later: Sequence[int], *, sides: bool) -> bool:
        if token.low in _STOPS or token.low in _CELLS:
            return True
        if token.low in _DASHES:
            return not self._is_tight(index)
        if token.low != ",":
            return False
        following = self.tokens[index + 1] if index + 1 < len(self.tokens) else token
        if following.low in _QUOTES:
            return True
        if sides:
            return self._is_next(index, later) or (
                following.kind == "word"
                and following.low not in self.words.and_ | self.words.definite
            )
        return not self._lists_on(index + 1)

    def _is_next(self, index: int, later: Sequence[int]) -> bool:
        """Whether the next instrument begins behind a comma: “…, the MoU with B”."""
        position = bisect_right(later, index)
        if position == len(later) or later[position] - index > _LONGEST_MODIFIERS:
            return False
        first, *_ = self._left(later[position], plural=False)
        return min(first, later[position]) - index <= _BESIDE

    def _is_tight(self, index: int) -> bool:
        token = self.tokens[index]
        left, right = self.tokens[index - 1], self.tokens[min(index + 1, len(self.tokens) - 1)]
        return left.end == token.start and right.start == token.end

    def _lists_on(self, index: int) -> bool:
        """Whether the words behind a comma go on with a list: “, B and C”."""
        if index >= len(self.tokens) or self.tokens[index].kind != "word":
            return False
        first = self.tokens[index].low
        if (
            first in self.words.ends
            or first in self.words.definite
            or first in self.words.indefinite
        ):
            return False
        for token in self.tokens[index : index + 8]:
            if token.low == "," or token.low in self.words.and_:
                return True
            if token.low in _STOPS or token.low in self.words.ends or token.kind == "person":
                return False
        return False

    def _other_follows(self, index: int, later: Sequence[int], *, sides: bool) -> bool:
        """Whether behind an “and” comes the next instrument or a verb, not more of this one."""
        following = self.tokens[index + 1] if index + 1 < len(self.tokens) else self.tokens[index]
        if following.low in self.words.ends:
            return True
        position = bisect_right(later, index)
        upcoming = later[position] if position < len(later) else None
        return upcoming is not None and upcoming - index <= (6 if sides else 7)

    def _trim(self, last: int, behind: int) -> int:
        """Without prepositions, articles and commas at the end."""
        words = self.words
        while last > behind:
            token = self.tokens[last - 1]
            loose = token.kind == "word" and (
                token.low in words.complements
                or token.low in words.definite
                or token.low in words.indefinite
                or token.low in words.and_
            )
            if not loose and not (token.kind == "mark" and token.low in _LOOSE):
                break
            last -= 1
        return last


def _head_phrases(rules: AgreementRules) -> Iterator[tuple[str, Head]]:
    for rule in rules.rule:
        yield from ((word, Head(rule, plural=False)) for word in rule.heads)
        yield from ((word, Head(rule, plural=True)) for word in rule.plurals)


def _is_word(tokens: Sequence[Token], starts: Sequence[int], hit: Found[Head]) -> bool:
    """Whether a hit begins with a plain word and not inside a mention or a longer word."""
    index = bisect_left(starts, hit.start)
    if index >= len(tokens) or tokens[index].start != hit.start:
        return False
    whole = hit.item.name is not None or hit.item.rule.worldwide
    return tokens[index].kind == "word" or (whole and tokens[index].end <= hit.end)


def _is_count(word: str) -> bool:
    """Whether a figure may count instruments; “123 agreement” is a name."""
    return word.isdecimal() and len(word) < 3 and word.isascii()


def _is_doubled(text: str, hit: Found[Head], hits: Sequence[Found[Head]]) -> bool:
    """Whether another rule lists the same noun and fits better: a name in capitals, or not."""
    twins = [h for h in hits if h[:2] == hit[:2] and h.item != hit.item]
    if not twins:
        return False
    wanted = _NAMED if text[hit.start].isupper() else _MADE
    return hit.item.rule.needs not in wanted and any(t.item.rule.needs in wanted for t in twins)


def is_own_name(name: str | None, generic: frozenset[str]) -> bool:
    """Whether an acronym names one instrument (SADEA), not a kind of them (MoU)."""
    if name is None or len(name) < 3:
        return False
    return name[0].isupper() and name.lower() not in generic


def _named_again(
    text: str, names: dict[str, Instrument], found: Sequence[Instrument]
) -> Iterator[Found[Head]]:
    """The places where an instrument is called by the acronym that the document defines."""
    taken = [i.span for i in found]
    for match in _NAME.finditer(text):
        if match[0] not in names:
            continue
        index = bisect_left(taken, (match.start() + 1, 0)) - 1
        if index < 0 or taken[index][1] <= match.start():
            rule = names[match[0]].rule
            yield Found(match.start(), match.end(), Head(rule, plural=False, name=match[0]))
