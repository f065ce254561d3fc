"""The noun phrase around a trigger: its name, its ordinal and how it refers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from pipeline.annotate.words import Word, words_before
from pipeline.model import DateMention
from pipeline.records.meetings.lexicon import Lexicon
from pipeline.records.page import Page, Sentence
from pipeline.records.phrases import Found
from pipeline.rulebook.meetings import MeetingRule

Trigger = Found[tuple[MeetingRule, bool]]

_MAX_WORDS = 12
_JOINTS = frozenset({"and", "&", "–", "-", "—", "of"})
_LONG_NAMES = frozenset({"ceremony", "conference", "exhibition", "seminar"})
_TRAILING = re.compile(r" (?:to|between|with|on|of|in|for)$")
_GAP = re.compile(r"(?: \([^()\n]{1,14}\))?[ -]?| ?\(|\) ?| annual ", re.IGNORECASE)
_OF = re.compile(r" of (?:the |an? |its |this )?")
_ACRONYM = re.compile(r" \((?:[“\"‘'])?[\w+&/ -]{2,12}(?:[”\"’'])?\)")
_QUOTES = ("“", '"')
_CLOSING = ("” ", '" ')
_QUOTED_BEFORE = re.compile(r"[“\"]([^”\"\n]{6,120})[”\"] $")
# “the Summit for Democracy”
_NAMED = re.compile(
    r" (?:of|for|on) (?:the )?[A-Z][\w’-]*(?: (?:(?:and|of|the|on|for) )*[A-Z][\w’-]*)*"
)
# “the first summit since 2016” has no number.
_SINCE = re.compile(r" (?:since|of its kind|in \w+ years|by an? |ever )")
_LISTED = re.compile(r"\b([A-Z][\w’-]+), $")
_AND_NAME = re.compile(r"[A-Z][\w’-]* (?:[A-Z][\w’-]* )?(?:and|&) [A-Z]")
_OPENING_JOINT = re.compile(r"(?:[–—&-]|and)\s+")
_GOAL = re.compile(r"(?:(?:the|his|her|both|a) )?[A-Z“]|the \w+")


@dataclass
class Phrase:
    """What a noun phrase says.

    ``head`` is the span of the trigger words, ``name`` that of what names the event, with its
    complement in ``full``. ``lead`` is the word before it, ``bare`` tells that it has no words but
    its head, ``proper`` that some of its words are names.
    """

    rule: MeetingRule
    triggers: list[Trigger]
    head: tuple[int, int]
    name: tuple[int, int]
    full: tuple[int, int]
    lead: str = ""
    ordinal: tuple[int, int, int] | None = None
    plural: bool = False
    bare: bool = True
    proper: bool = False
    distinguished: bool = False
    owner: tuple[int, int] | None = None
    quoted: tuple[int, int] | None = None
    date: DateMention | None = None
    heads: set[str] = field(default_factory=set)

    @property
    def start(self) -> int:
        """Where the phrase begins, its ordinal included."""
        start = min(self.name[0], self.head[0])
        return min(start, self.ordinal[1]) if self.ordinal else start


class PhraseReader:
    """Reads the noun phrases of the event and body triggers of a sentence."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._words = lexicon

    def read(self, page: Page, sentence: Sentence, triggers: list[Trigger]) -> list[Phrase]:
        """The phrases in the order of the text; triggers of one phrase are one."""
        phrases = [self._phrase(page, sentence, group) for group in _compounds(page, triggers)]
        return self._nested(page, phrases)

    def _phrase(self, page: Page, sentence: Sentence, group: list[Trigger]) -> Phrase:
        rule = max((t.item[0] for t in group), key=lambda r: r.rank)
        first, last = group[0], group[-1]
        named = next(t for t in group if t.item[0] is rule)
        end = named.end
        if acronym := _ACRONYM.match(page.text, end):
            end = acronym.end()
        if preposition := _TRAILING.search(page.text, named.start, end):
            end = preposition.start()
        head = (first.start, end if preposition and len(group) == 1 else last.end)
        phrase = Phrase(rule, group, head, (first.start, end), (0, 0))
        phrase.heads = {page.text[t.start : t.end].lower() for t in group}
        phrase.plural = last.item[1]
        self._read_left(page, sentence, phrase)
        self._institution(page, phrase)
        self._read_right(page, sentence, phrase)
        if _SINCE.match(page.text, phrase.full[1], sentence.end):
            phrase.ordinal = None
        return phrase

    def _read_left(self, page: Page, sentence: Sentence, phrase: Phrase) -> None:
        limit = max(sentence.start, phrase.head[0] - 140)
        words = islice(_words_left(page.text, phrase.head[0], limit), _MAX_WORDS)
        start = phrase.head[0]
        for word, following in _with_next(words):
            low = word.text.lower()
            if self._ordinal(phrase, word, following):
                continue
            if low in self._words.temporal:
                phrase.distinguished |= low in self._words.distinguishing
                continue
            if word.is_possessive and not self._is_modifier(low):
                self._read_owner(page, phrase, word, start)
                return
            if not self._belongs(phrase, word, following):
                phrase.lead = low
                break
            start = word.start
            phrase.bare = False
            phrase.proper |= word.text[0].isupper() and (
                low not in self._words.modifiers or _is_capital(page, sentence, phrase)
            )
        phrase.name = (_past_joint(page.text, start, phrase.head[0]), phrase.name[1])
        phrase.proper |= page.text[slice(*phrase.head)].isupper()
        self._read_date(page, phrase)

    def _read_date(self, page: Page, phrase: Phrase) -> None:
        """“The May 2022 summit”: the date dates it and is no part of its name."""
        for date in page.within(page.dates, phrase.name[0], phrase.head[0]):
            phrase.date = date
            if date.start == phrase.name[0]:
                behind = page.text[date.end : phrase.head[0]]
                start = date.end + len(behind) - len(behind.lstrip())
                phrase.name = (start, phrase.name[1])

    def _ordinal(self, phrase: Phrase, word: Word, following: Word | None) -> bool:
        text = word.text
        if text.lower() in {"th", "st", "nd", "rd"} and following and following.text.isdigit():
            text, word = following.text + text, Word("", following.start, word.end)
        elif phrase.ordinal and phrase.ordinal[1] == word.start:
            return True
        match = self._words.ordinal.match(text)
        if not match or phrase.ordinal:
            return False
        number = match["number"]
        value = int(number) if number else self._words.numbers[match["word"].lower()]
        phrase.ordinal = (value, word.start, word.end)
        return True

    def _is_modifier(self, low: str) -> bool:
        return low in self._words.modifiers or low.endswith("-level")

    def _belongs(self, phrase: Phrase, word: Word, following: Word | None) -> bool:
        """Whether a word to the left is a part of the name."""
        low = word.text.lower()
        if phrase.ordinal or low in self._words.definite or low in self._words.indefinite:
            return False
        if self._is_modifier(low) or self._words.stay.fullmatch(word.text):
            return True
        if low in _JOINTS:
            if word.end + 1 == phrase.head[0] and not phrase.quoted and low in {"and", "of"}:
                return False
            return following is not None and self._goes_on(phrase, low, following)
        plain = word.text.capitalize() if word.text.isupper() else word.text
        if plain in self._words.not_names:
            return False
        return word.text[0].isupper() or word.text.startswith("(") or _is_counted(word.text)

    def _goes_on(self, phrase: Phrase, joint: str, following: Word) -> bool:
        """Whether a name goes on to the left of “and”, a dash or “of”."""
        capital = following.text[0].isupper() and not following.text.endswith(",")
        if joint == "of":
            return capital and phrase.proper and phrase.rule.kind in _LONG_NAMES
        return capital or self._is_modifier(following.text.lower())

    def _read_owner(self, page: Page, phrase: Phrase, owner: Word, start: int) -> None:
        """“Mr Rivas’s visit”: the owner belongs to the name."""
        begin = owner.start
        for word in words_before(page.text, owner.start, max(0, owner.start - 60)):
            if not word.text[0].isupper() or word.text in self._words.not_names:
                break
            begin = word.start
        phrase.owner = (begin, owner.end)
        phrase.lead = "'s"
        phrase.name = (begin if phrase.rule.kind == "visit" else start, phrase.name[1])

    def _institution(self, page: Page, phrase: Phrase) -> None:
        """A body's name is that of the institution which holds its head."""
        if phrase.rule.form != "body":
            return
        low, high = phrase.head[0] - 80, phrase.head[1]
        for mention in page.within(page.institutions, max(0, low), high + 160):
            if mention.start <= phrase.head[0] < mention.end and mention.kind == "committee":
                phrase.name = (mention.start, max(mention.end, phrase.name[1]))
                phrase.proper, phrase.bare = True, False

    def _read_right(self, page: Page, sentence: Sentence, phrase: Phrase) -> None:
        text, after = page.text, max(phrase.head[1], phrase.name[1])
        if acronym := _ACRONYM.match(text, after):
            after = acronym.end()
        if any(mark in text[after : sentence.end] for mark in _QUOTES):
            phrase.quoted = _span_of(self._words.quoted.match(text, after, sentence.end))
        if phrase.quoted is None and text.endswith(_CLOSING, sentence.start, phrase.name[0]):
            before = _QUOTED_BEFORE.search(text, sentence.start, phrase.name[0])
            phrase.quoted = _span_of(before)
        phrase.full = (phrase.name[0], self._complement(page, sentence, after))
        if _is_capital(page, sentence, phrase):
            self._read_name_behind(text, sentence, phrase)

    def _read_name_behind(self, text: str, sentence: Sentence, phrase: Phrase) -> None:
        """“Summit for Democracy”, “Leaders’ Summit”: names that begin with the head."""
        named = _NAMED.match(text, phrase.head[1], sentence.end)
        words = text[slice(*phrase.head)].split()
        phrase.proper |= bool(named) or (len(words) > 1 and all(w[0].isupper() for w in words))
        if named and phrase.rule.level == "leaders":
            phrase.name = (phrase.name[0], max(phrase.name[1], named.end()))

    def _complement(self, page: Page, sentence: Sentence, after: int) -> int:
        """Where the phrase ends with its complement: “visit of the President to Fiji”."""
        text, limit = page.text, min(sentence.end, after + 160)
        opener = self._words.complement.match(text, after, limit)
        if not opener or (opener[0] == " to " and not _GOAL.match(text, opener.end())):
            return after
        dates = page.within(page.dates, after, limit)
        stop = min([limit, *(d.start for d in dates)])
        match = self._words.complement_end.search(text, after + 3, stop)
        end = match.start() if match else stop
        if len(text[after:end].split()) < 2:
            return after
        found = text[after:end].rstrip(' (“"‘–-')
        return after + len(_TRAILING.sub("", found))

    def _nested(self, page: Page, phrases: list[Phrase]) -> list[Phrase]:
        """“The second meeting of the Joint Commission” is one event."""
        kept: list[Phrase] = []
        for phrase in phrases:
            before = kept[-1] if kept else None
            if before and before.quoted and phrase.head[0] < before.quoted[1]:
                continue
            if before and self._holds(page, before, phrase):
                _absorb(phrase, kept.pop())
            elif before and before.rule.form == "body" and self._is_of_body(page, before, phrase):
                _absorb(before, phrase)
                continue
            kept.append(phrase)
        return kept

    def _holds(self, page: Page, outer: Phrase, inner: Phrase) -> bool:
        if "visit" in {outer.rule.kind, inner.rule.kind}:
            return False
        match = _OF.match(page.text, max(outer.head[1], outer.name[1]))
        return bool(match) and match.end() in {inner.start, inner.name[0]}  # type: ignore[union-attr]

    def _is_of_body(self, page: Page, body: Phrase, session: Phrase) -> bool:
        """“The Joint Council for Reefs (JCR) meeting”, “the Joint Commission held its session”."""
        inside = session.rule.rank < body.rule.rank and session.start < body.full[1]
        return inside or self._is_held(page, body, session)

    def _is_held(self, page: Page, body: Phrase, session: Phrase) -> bool:
        """“The Joint Commission held its third meeting” is one event."""
        end = max(body.head[1], body.name[1])
        return session.rule.kind != "visit" and bool(
            self._words.held_its.fullmatch(page.text, end, session.start)
        )


def _compounds(page: Page, triggers: list[Trigger]) -> list[list[Trigger]]:
    """Triggers that stand directly side by side belong to one phrase."""
    groups: list[list[Trigger]] = []
    for trigger in triggers:
        last = groups[-1][-1] if groups else None
        if last and _joins(page.text, last, trigger):
            groups[-1].append(trigger)
        else:
            groups.append([trigger])
    return groups


def _joins(text: str, one: Trigger, other: Trigger) -> bool:
    match = _GAP.fullmatch(text, one.end, other.start)
    return match is not None and other.start - one.end <= 17


def _absorb(inner: Phrase, outer: Phrase) -> None:
    """What the outer phrase says of the inner one's event."""
    inner.ordinal = outer.ordinal or inner.ordinal
    inner.lead = outer.lead or inner.lead
    inner.heads |= outer.heads
    inner.triggers = [*outer.triggers, *inner.triggers]
    inner.plural = outer.plural
    inner.distinguished |= outer.distinguished
    inner.owner = inner.owner or outer.owner
    inner.bare = False
    inner.head = (min(outer.head[0], inner.head[0]), max(inner.head[1], outer.head[1]))
    if outer.rule.kind == "ministerial" and inner.rule.form == "body":
        inner.rule = outer.rule
    if outer.rule.kind == "ceremony":
        inner.heads -= outer.heads


def _span_of(match: re.Match[str] | None) -> tuple[int, int] | None:
    """Where the first group of a match stands."""
    return match.span(1) if match else None


def _past_joint(text: str, start: int, head: int) -> int:
    """The start without a joint or bracket that would open the name."""
    match = _OPENING_JOINT.match(text, start, head)
    return match.end() if match else start


def _is_capital(page: Page, sentence: Sentence, phrase: Phrase) -> bool:
    """Whether the head is written as a name: “the Security Dialogue”, outside of headings."""
    capital = page.text[phrase.head[0]].isupper()
    return capital and page.blocks[sentence.block].kind != "heading"


def _is_counted(word: str) -> bool:
    """“2014”, “G20”, “2+2”: figures inside a name."""
    return word[0].isdigit() and not word.endswith(",")


def _words_left(text: str, position: int, limit: int) -> Iterator[Word]:
    """The words to the left, a bracket counting as one word, over the commas of a list."""
    end = position
    while position > limit:
        bracket = _bracket_before(text, position, limit)
        if bracket:
            yield bracket
            position = bracket.start
            continue
        for word in words_before(text, position, limit):
            if text.endswith(")", 0, word.end) and "(" not in word.text:
                break
            yield word
            position = word.start
        if _bracket_before(text, position, limit):
            continue
        listed = _listed_before(text, position, limit)
        if listed is None or not _AND_NAME.match(text, position, end):
            return
        yield listed
        position = listed.start


def _listed_before(text: str, position: int, limit: int) -> Word | None:
    """The word with a capital and a comma directly before a position: “Science, Technology and …”."""
    match = _LISTED.search(text, max(limit, position - 40), position)
    return Word(match[1], match.start(1), match.end(1)) if match else None


def _with_next(words: Iterator[Word]) -> Iterator[tuple[Word, Word | None]]:
    """Each word with the one behind it."""
    word = next(words, None)
    while word is not None:
        following = next(words, None)
        yield word, following
        word = following


def _bracket_before(text: str, position: int, limit: int) -> Word | None:
    """The bracket that ends directly before a position."""
    end = position - text.endswith(" ", 0, position)
    opening = text.rfind("(", limit, end) if text.endswith(")", 0, end) else -1
    return Word(text[opening:end], opening, end) if opening >= 0 else None
