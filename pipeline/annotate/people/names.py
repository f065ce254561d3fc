"""Reading the words of a person's name from a position forwards or backwards."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipeline.annotate.people.surroundings import Surroundings
from pipeline.rulebook.people import PeopleRules

_WORD = re.compile(
    r"(?:[^\W\d_]\.(?:-?[^\W\d_]\.)*)"
    r"|[^\W\d_](?:[^\W\d_]|[’'‘`](?=[^\W\d_])|-(?=[^\W\d_]))*(?:/[lpo]\b)?"
)
_POSSESSIVE = re.compile(r"[’'‘`][sS]$|(?<=s)[’'‘`]$")
_SUFFIX = re.compile(r",? (?:Jr|Sr|JR|SR)\b\.?|,? (?:II|III|IV)\b")
_SUFFIX_BEFORE = re.compile(r",? (?:(?:Jr|Sr|JR|SR)\.?|II|III|IV)$")
_ARABIC = re.compile(r"(?:al|el|as|an|ar|ad|az|ash)-[^\W\d_]")
# A name is at most this long, in characters and in words.
_REACH = 100
_MAX_WORDS = 8


class NameWord(NamedTuple):
    """A word at ``text[start:end]``."""

    text: str
    start: int
    end: int

    @property
    def is_initial(self) -> bool:
        """Whether the word is a letter or letters with full stops."""
        return len(self.text) == 1 or "." in self.text


class Name(NamedTuple):
    """A run of words that may be a name; ``end`` includes a suffix such as “, Jr.”."""

    words: tuple[NameWord, ...]
    end: int

    @property
    def start(self) -> int:
        """Where the first word starts."""
        return self.words[0].start

    @property
    def size(self) -> int:
        """How many words are more than an initial or a particle."""
        return sum(len(w.text.strip(".")) > 1 and w.text[0].isupper() for w in self.words)


class NameReader:
    """Knows which words a name can hold."""

    def __init__(self, rules: PeopleRules) -> None:
        words = rules.words
        self._particles = frozenset(words.particles)
        self._leading = frozenset(words.leading_particles)
        self._post_nominals = frozenset(words.post_nominals)
        self._sometimes = frozenset(words.sometimes_names)
        self._hard = frozenset(
            {*words.not_names, *words.verbs, *words.portfolio, *words.organisations}
        )
        self._not_plain = self._hard | self._sometimes | frozenset(words.not_before)
        self._not_before = frozenset({*words.not_before, *words.organisations})
        self._portfolio = frozenset(words.portfolio)
        self._named_after = frozenset(words.named_after)

    def forward(self, around: Surroundings, position: int, limit: int) -> Name | None:
        """The longest name that starts at ``position``."""
        if around.text[position : position + 1].islower() and not self._may_begin(around, position):
            return None
        kept: list[NameWord] = []
        words = self._words(around.text, position, min(limit, position + _REACH))
        word = next(words, None)
        while word is not None:
            following = next(words, None)
            if not self._fits(around, word, kept, following):
                break
            kept.append(word)
            word = following
        return self._name(around.text, kept, limit)

    def _may_begin(self, around: Surroundings, position: int) -> bool:
        """Whether a small word begins a name: “de”, “al-”."""
        word = _WORD.match(around.text, position)
        return bool(word and (word[0] in self._particles or _ARABIC.match(word[0])))

    def backward(self, around: Surroundings, end: int, limit: int) -> Name | None:
        """The longest name that ends at ``end``."""
        kept: list[NameWord] = []
        if around.text[max(limit, around.text.rfind(" ", limit, end) + 1)].islower():
            return None
        suffix = _SUFFIX_BEFORE.search(around.text, max(limit, end - 6), end)
        last, end = end, suffix.start() if suffix else end
        for word in self._words_before(around.text, end, max(limit, end - _REACH)):
            if not self._fits(around, word, kept, kept[0] if kept else None):
                break
            kept.insert(0, word)
        return self._name(around.text, kept, last)

    def is_followed_by_noun(self, text: str, end: int) -> bool:
        """Whether the next word makes the name before it one of a place, body or law."""
        end += 2 if text.startswith(("’s ", "'s "), end) else 0
        match = _WORD.match(text, end + 1) if text[end : end + 1] == " " else None
        return bool(match and _POSSESSIVE.sub("", match[0]) in self._not_before)

    def is_followed_by_field(self, text: str, end: int) -> bool:
        """Whether a word of a portfolio follows: then the word before it is one, too."""
        match = _WORD.match(text, end + 1) if text[end : end + 1] == " " else None
        return bool(match and match[0] in self._portfolio)

    def is_behind_noun(self, around: Surroundings, start: int) -> bool:
        """Whether the word before is a body that is called by the name: “University Ada Roe”."""
        word = around.text[max(0, start - 30) : start].rstrip(" ").rpartition(" ")[2]
        return word in self._named_after and around.institution_over(start - 2) is None

    def ends_like_a_thing(self, around: Surroundings, name: Name) -> bool:
        """Whether the last word is one of a place or body, or a common word of the text."""
        last = name.words[-1].text
        return last in self._not_before or around.writes_small(last)

    def is_plain_name(self, word: str) -> bool:
        """Whether the word alone can be nothing but a name."""
        return word not in self._not_plain and word.title() not in self._not_plain

    @staticmethod
    def _words(text: str, position: int, limit: int) -> Iterator[NameWord]:
        """The words from ``position`` that only a space separates."""
        for _ in range(_MAX_WORDS + 1):
            match = _WORD.match(text, position, limit)
            if not match:
                return
            bare = match[0]
            if not bare.isalpha():
                bare = _POSSESSIVE.sub("", bare)
            end = match.start() + len(bare)
            space = text[match.end() : match.end() + 1] == " "
            joined = match[0].endswith(".") or space
            yield NameWord(bare, match.start(), end)
            if bare != match[0] or not joined:
                return
            position = match.end() + space

    def _words_before(self, text: str, end: int, limit: int) -> list[NameWord]:
        """The words before ``end`` that only a space separates, nearest first."""
        found: list[NameWord] = []
        for match in reversed(list(_WORD.finditer(text, limit, end))[-_MAX_WORDS:]):
            gap = text[match.end() : found[-1].start if found else end]
            if gap not in (" ", "") or (gap == "" and found and not match[0].endswith(".")):
                break
            if _POSSESSIVE.search(match[0]) and found:
                break
            found.append(NameWord(match[0], match.start(), match.end()))
        return found

    def _fits(
        self,
        around: Surroundings,
        word: NameWord,
        kept: Sequence[NameWord],
        following: NameWord | None,
    ) -> bool:
        text = word.text
        if len(kept) >= _MAX_WORDS:
            return False
        if not text[0].isupper():
            return text in self._particles or bool(_ARABIC.match(text))
        if text in self._post_nominals:
            return False
        if not self._is_name_word(around, word, kept, following):
            return False
        return self._is_free(around, word, kept)

    def _is_name_word(
        self,
        around: Surroundings,
        word: NameWord,
        kept: Sequence[NameWord],
        following: NameWord | None,
    ) -> bool:
        text = word.text.title() if word.text.isupper() and len(word.text) > 1 else word.text
        title = around.titles.get(word.start)
        barred = text in self._hard or (title is not None and not title.lower)
        if not barred:
            return True
        if kept and kept[-1].text[0].isupper() and kept[-1].text.lower() in self._particles:
            return title is None
        if text not in self._sometimes:
            return False
        if kept or word.text.isupper():
            return bool(kept)
        return title is None and following is not None and following.text[0].isupper()

    def _is_free(self, around: Surroundings, word: NameWord, kept: Sequence[NameWord]) -> bool:
        """Whether no institution and no country stands there."""
        institution = around.institution_over(word.start)
        if institution is not None:
            return False
        country = around.countries.get(word.start)
        if country is None:
            return True
        if country.confidence < 1 and country.end in (word.end, kept[-1].end if kept else None):
            return True
        return country.via == "place" and bool(kept) and country.end <= word.end

    def _name(self, text: str, words: list[NameWord], limit: int) -> Name | None:
        while words and not words[-1].text[0].isupper():
            words.pop()
        while words and not words[0].text[0].isupper() and words[0].text not in self._leading:
            words.pop(0)
        if not words:
            return None
        end = words[-1].end
        suffix = _SUFFIX.match(text, end, limit)
        return Name(tuple(words), suffix.end() if suffix else end)
