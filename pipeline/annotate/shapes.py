"""Names of institutions that no registry knows, told by the shape of the name."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

import ahocorasick_rs

from pipeline.annotate.page import WORD, Candidate, Complement, Linked, Page
from pipeline.annotate.words import CAPITALISED, Word, words_before
from pipeline.model import CountryMention, Document
from pipeline.rulebook.institutions import Shape, ShapeRules

# More words before a head than this are a sentence in capitals and not a name.
_MAX_LEFT = 9
_RUN = re.compile(rf"{CAPITALISED}(?:[ ]{CAPITALISED})*")
_LIST_STEP = re.compile(r", (?!and )|,? (?:and|&) ")
_STARTER = re.compile(r" (of|for|on) (?:the )?")
_BETWEEN = ("between ", "Between ")
_DATELINE = re.compile(
    rf"^[A-Z][^\W\d_]+(?: [A-Z][^\W\d_]+)?(?:, [A-Z][a-z]{{2,8}}\.? \d{{1,2}})? "
    rf"\(({_RUN.pattern})\)(?: ?[-–—:])",
    re.MULTILINE,
)
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)?$|[A-Z]?\d")


class _Name(NamedTuple):
    """A name that is being judged: the words before its head and what stands behind it."""

    shape: Shape
    left: list[Word]
    complement: Complement | None
    start: int
    end: int


class ShapeReader:
    """Reads the names around head words such as “Ministry”, “Authority”, “University”, “Ltd”."""

    def __init__(self, rules: ShapeRules) -> None:
        self._words = rules.words
        self._left_ends = frozenset(
            (
                *rules.words.not_first,
                *rules.words.not_names,
                *rules.words.stop_words,
                *rules.words.calendar_words,
            )
        )
        self._calendar = frozenset(rules.words.calendar_words)
        self._right_ends = frozenset((*rules.words.not_names, *rules.words.stop_words))
        self._scope = frozenset(rules.words.adjectives_of_scope)
        self._generic = frozenset(rules.words.generic_complements)
        self._possessives = frozenset(rules.words.possessives_in_names)
        self._national = frozenset(rules.words.national)
        self._not_followed = re.compile(rf" (?:{'|'.join(rules.words.not_followed_by)})\b")
        heads = {head: rule for rule in rules.rule for head in rule.heads}
        self._structures = {r.id: r for r in rules.rule if r.position == "structure"}
        self._head_words = frozenset(heads)
        # Heads that need no country beside them, and so make a name of any words before them.
        self._naming_heads = frozenset(h for h, r in heads.items() if not r.support)
        self._shapes = list(heads.values())
        self._triggers = [
            *heads,
            *rules.words.plural_heads,
            *rules.words.company_introducers,
            *_BETWEEN,
        ]
        self._automaton = ahocorasick_rs.AhoCorasick(self._triggers)
        particles = "|".join(rules.words.foreign_particles)
        self._foreign_run = re.compile(rf"(?: (?:(?:{particles}) )*{CAPITALISED})+")
        self._connector = re.compile(rf" (?:{'|'.join(rules.words.connectors)}) (?:the )?")
        suffixes = "|".join(map(re.escape, rules.words.company_suffixes))
        self._suffixes = re.compile(
            rf"(?:[.,]{{0,2}} (?:{suffixes})(?!\w))*(?:\.(?= [a-z(])|\.(?=,))?"
        )
        nouns = "|".join(rules.words.company_context)
        self._apposition = re.compile(
            rf"(?:, | \()(?:a|an|the|one of) [^,.;:()\n]{{0,70}}?\b(?:{nouns})\b"
        )
        self._introduced = re.compile(
            rf"\b(?:{'|'.join(rules.words.company_introducers)}) ({_RUN.pattern})"
        )
        self._between = re.compile(
            rf"\b[Bb]etween (?:the )?({_RUN.pattern})(?: \(\w+\))?,? and (?:the )?({_RUN.pattern})"
        )
        plurals = "|".join(rules.words.plural_heads)
        self._plural = re.compile(rf"\b({plurals}) (?:of|for) (?:the )?(?=[A-Z])")

    def find(
        self,
        document: Document,
        countries: Sequence[CountryMention],
        linked: Sequence[Linked],
    ) -> list[Candidate]:
        """The candidates of a document; they may overlap each other and the linked ones."""
        page = Page(document, countries, linked)
        triggers = self._find_triggers(page.text)
        starts = [(self._triggers[i], s) for i, s, _ in triggers if i >= len(self._shapes)]
        found = [
            *self._by_head(page, triggers),
            *self._by_plural_head(page, starts),
            *self._by_apposition(page),
            *self._by_introduction(page, starts),
            *self._by_agreement(page, starts),
            *self._by_dateline(page),
        ]
        return [c for c in found if not page.is_barred(c.start)]

    def _find_triggers(self, text: str) -> list[tuple[int, int, int]]:
        """(index, start, end) of heads and of the words that the other ways begin with."""
        found = self._automaton.find_matches_as_indexes(text, overlapping=True)
        return sorted(found, key=lambda m: (m[1], -m[2]))

    def _by_head(self, page: Page, found: Sequence[tuple[int, int, int]]) -> Iterator[Candidate]:
        end_of_last = 0
        for index, start, end in found:
            if index >= len(self._shapes) or start < end_of_last:
                continue
            if _inside_word(page.text, start, end):
                continue
            end_of_last = end
            candidate = self._read(page, self._shapes[index], start, end)
            if candidate:
                yield candidate

    def _read(self, page: Page, shape: Shape, start: int, end: int) -> Candidate | None:
        if page.in_country_name(start, end):
            return None
        left = [] if shape.position in {"first", "run"} else self._left(page, start)
        complement = self._behind(page, shape, end)
        if shape.id == "institutions/legal-form":
            end = self._suffixes.match(page.text, end).end()  # type: ignore[union-attr]
        if complement is None and left:
            complement = page.country_complement(end)
        left = self._without_adjective(page, shape, left, complement)
        begin = left[-1].start if left else start
        name = _Name(
            shape, left, complement, begin, self._name_end(page, shape, left, complement, end)
        )
        return page.candidate(shape, begin, name.end) if self._is_name(page, name) else None

    def _left(self, page: Page, start: int) -> list[Word]:
        """The words of the name before its head, nearest first."""
        words = []
        for word in words_before(page.text, start, max(0, start - 120)):
            words.append(word)
            if len(words) > _MAX_LEFT:
                break
        taken: list[Word] = []
        index = 0
        while index < len(words):
            word = words[index]
            following = words[index + 1] if index + 1 < len(words) else None
            if word.text in {"and", "&", "–", "-"}:
                if not (taken and following and self._crosses(page, word, following, taken[-1])):
                    break
                taken += [word, following]
                index += 2
                continue
            if not self._belongs(word, following):
                break
            taken.append(word)
            index += 1
        while taken and (taken[-1].text in {"&", "–"} or _ORDINAL.match(taken[-1].text)):
            taken.pop()
        return taken

    def _belongs(self, word: Word, following: Word | None) -> bool:
        """Whether a word to the left is a part of the name."""
        if word.text.startswith("("):
            return word.text.endswith(")") and bool(following and WORD.match(following.text))
        if not WORD.match(word.text) or word.text in self._left_ends:
            return False
        return not word.is_possessive or word.text.replace("'", "’") in self._possessives

    def _crosses(self, page: Page, joint: Word, beyond: Word, taken: Word) -> bool:
        """Whether a name goes on to the left of “and” or of a dash."""
        if joint.text in {"–", "-"}:
            return beyond.end in page.country_ends and taken.start in page.country_starts
        if beyond.end in page.country_ends or page.is_linked_end(beyond.end):
            return False
        if page.is_linked_start(taken.start):
            return False
        if taken.start in page.country_starts or beyond.text in self._head_words:
            return False
        return self._belongs(beyond, None) and not beyond.text.isupper()

    def _without_adjective(
        self, page: Page, shape: Shape, left: list[Word], complement: Complement | None
    ) -> list[Word]:
        """“Vietnamese Ministry of X” is called “Ministry of X”."""
        if shape.kind in {"ministry", "department"} and complement and not complement.is_country:
            mention = page.country_ends.get(left[-1].end) if left else None
            if mention and mention.via == "demonym":
                return left[:-1]
        return left

    def _behind(self, page: Page, shape: Shape, end: int) -> Complement | None:
        if shape.position == "run":
            run = self._foreign_run.match(page.text, end)
            return Complement(run.end(), is_country=False) if run else None
        return None if shape.position == "last" else self._complement(page, shape, end)

    def _complement(self, page: Page, shape: Shape, end: int) -> Complement | None:
        starter = _STARTER.match(page.text, end)
        if not starter or starter[1] not in shape.starters:
            return None
        position = starter.end()
        country = page.country_starts.get(position)
        if country and (country.via == "name" or (shape.needs_country and country.via == "place")):
            return Complement(country.end, is_country=True)
        first_word = WORD.match(page.text, position)
        if not first_word or page.is_linked_start(position) or self._is_head(page, first_word):
            return None
        first = self._item(page, position)
        if not first or page.text[position:first] in self._generic:
            return None
        if country and country.end >= first:
            return Complement(first, is_country=country.via != "place")
        return Complement(self._list_end(page, first), is_country=False)

    def _item(self, page: Page, position: int) -> int | None:
        """The end of a run of capitalised words with connectors inside, from ``position``."""
        end: int | None = None
        following: int | None = position
        while following is not None:
            word = WORD.match(page.text, following)
            if not word or self._ends_item(page, word, is_first=end is None):
                return end
            if word[0].endswith(("’s", "'s")):
                is_country = end is not None and following in page.country_starts
                return end if is_country else word.end() - 2
            end = word.end()
            following = self._next_in_item(page, end)
        return end

    def _ends_item(self, page: Page, word: re.Match[str], *, is_first: bool) -> bool:
        """Whether a word is no part of the run: a month, a role, another institution, a country."""
        if word[0] in self._calendar:
            return True
        if is_first:
            return False
        country = page.country_starts.get(word.start())
        is_named = bool(country and country.via == "name")
        return is_named or word[0] in self._right_ends or page.is_linked_start(word.start())

    def _next_in_item(self, page: Page, end: int) -> int | None:
        """Where the next word of a run begins, behind a blank or a connector."""
        text = page.text
        if not text.startswith(" ", end) or text.startswith(" (", end):
            return None
        if WORD.match(text, end + 1):
            return None if page.is_linked_end(end) else end + 1
        connector = self._connector.match(text, end)
        if not connector or connector[0].startswith(" and"):
            return None
        return None if connector.end() in page.country_starts else connector.end()

    def _list_end(self, page: Page, end: int) -> int:
        """The end of “A, B and C” whose first item ends at ``end``."""
        position, accepted = end, end
        while True:
            step = _LIST_STEP.match(page.text, position)
            if not step or not self._may_continue(page, step.end()):
                return accepted
            item = self._item(page, step.end())
            if not item:
                return accepted
            position = item
            if "," not in step[0] or "and" in step[0] or "&" in step[0]:
                accepted = item
                if not page.text.startswith((" and ", " & "), item):
                    return accepted

    def _may_continue(self, page: Page, position: int) -> bool:
        word = WORD.match(page.text, position)
        if not word or word[0] in self._left_ends or self._is_head(page, word):
            return False
        country = page.country_starts.get(position)
        return not (country or page.is_linked_start(position) or self._heads_a_name(page, position))

    def _is_head(self, page: Page, word: re.Match[str]) -> bool:
        """Whether a word is a head with a complement of its own: “Ministry of …”."""
        return word[0] in self._head_words and bool(_STARTER.match(page.text, word.end()))

    def _heads_a_name(self, page: Page, position: int) -> bool:
        """Whether the run at ``position`` holds a head word, and so is a name of its own."""
        run = _RUN.match(page.text, position)
        return bool(run and any(w in self._naming_heads for w in run[0].split()[1:]))

    def _name_end(
        self, page: Page, shape: Shape, left: list[Word], complement: Complement | None, end: int
    ) -> int:
        """Where the name ends: “of Japan” is part of it behind a single word or before “(ABC)”."""
        if not complement:
            return end
        if complement.is_country and not shape.needs_country:
            specific = self._specific(left)
            short = len(specific) == 1 and shape.kind not in {"ministry", "department"}
            if not short and not page.defines_acronym(complement.end):
                return end
        return complement.end

    def _specific(self, left: list[Word]) -> list[Word]:
        """The words before a head that tell one such institution from another."""
        return [w for w in left if w.text not in self._scope and w.text not in {"and", "&", "–"}]

    def _is_name(self, page: Page, name: _Name) -> bool:
        shape, complement = name.shape, name.complement
        if self._belongs_to_more(page, name):
            return False
        if shape.needs_country:
            beside = bool(name.left) and name.left[0].end in page.country_ends
            return beside or bool(complement and complement.is_country)
        if shape.alone and not name.left and not complement:
            return page.stands_alone(name.start, name.end)
        if not self._is_supported(page, name):
            return False
        return bool(complement and not complement.is_country) or self._is_specific(page, name)

    def _belongs_to_more(self, page: Page, name: _Name) -> bool:
        """Whether the words around make it something else: “… Committee Meeting”."""
        if self._not_followed.match(page.text, name.end):
            return True
        if any(w.text in name.shape.not_modified_by for w in name.left):
            return True
        too_short = len(name.left) < name.shape.min_words
        return not name.complement and (too_short or self._runs_on(page, name.end))

    def _is_specific(self, page: Page, name: _Name) -> bool:
        """Whether the words before the head tell this institution from others of its kind."""
        specific = self._specific(name.left)
        if not specific:
            return False
        only_country = all(w.end in page.country_ends for w in specific)
        if name.shape.only_country:
            return only_country or {w.text for w in specific} <= self._national
        return not (name.shape.weak and only_country) or bool(name.complement)

    def _runs_on(self, page: Page, end: int) -> bool:
        """Whether a capitalised word follows that makes the name part of a longer one."""
        word = WORD.match(page.text, end + 1) if page.text.startswith(" ", end) else None
        if not word or word[0] in self._left_ends or word[0].isupper():
            return False
        return word.start() not in page.country_starts and not page.is_linked_start(word.start())

    def _is_supported(self, page: Page, name: _Name) -> bool:
        shape = name.shape
        codes = {c.code for c in page.countries_in(name.start, name.end)}
        if len(codes) > 1 and not shape.bilateral:
            return False
        if not shape.support or (name.complement and not name.complement.is_country):
            return True
        found = {
            "country": bool(codes)
            or bool(name.complement and name.complement.is_country)
            or page.country_before(name.start),
            "acronym": page.defines_acronym(name.end),
            "article": page.text.endswith(("the ", "The "), 0, name.start),
            "national": bool(name.left) and name.left[-1].text in self._national,
        }
        return any(found[support] for support in shape.support)

    def _by_plural_head(self, page: Page, starts: Sequence[tuple[str, int]]) -> Iterator[Candidate]:
        """“Ministries of A and B”, “Departments of A, B, and C”: one institution each."""
        for match in _matches(self._plural, page.text, starts, self._words.plural_heads):
            singular, kind = self._words.plural_heads[match[1]]
            position = match.end()
            items: list[tuple[int, int]] = []
            while item := self._item(page, position):
                items.append((position, item))
                step = re.compile(r",? and |, ").match(page.text, item)
                if not step or not WORD.match(page.text, step.end()):
                    break
                position = step.end()
            for start, end in items if len(items) > 1 else []:
                if start in page.country_starts:
                    continue
                name = f"{singular} of {page.text[start:end]}"
                confidence = self._structures["institutions/plural"].confidence
                yield Candidate(start, end, "institutions/plural", confidence, kind, name=name)

    def _by_apposition(self, page: Page) -> Iterator[Candidate]:
        """“X, a leading incubator in …”."""
        for match in self._apposition.finditer(page.text):
            left = self._left(page, match.start())
            if left and len(left) <= 4:
                yield from page.company(
                    left[-1].start, match.start(), self._structures["institutions/apposition"]
                )

    def _by_introduction(
        self, page: Page, starts: Sequence[tuple[str, int]]
    ) -> Iterator[Candidate]:
        """“the accelerator X”, “chipmaker X”."""
        introducers = self._words.company_introducers
        for match in _matches(self._introduced, page.text, starts, introducers):
            end = self._item(page, match.start(1))
            if end:
                yield from page.company(
                    match.start(1), end, self._structures["institutions/introduced"]
                )

    def _by_agreement(self, page: Page, starts: Sequence[tuple[str, int]]) -> Iterator[Candidate]:
        """“signed between A and B”: parties that are no countries are institutions."""
        for match in _matches(self._between, page.text, starts, _BETWEEN):
            line = page.line(match.start())
            if not any(word in line for word in self._words.agreement_words):
                continue
            for group in (1, 2):
                start, end = match.start(group), self._item(page, match.start(group))
                if end and self._is_party(page, start, end):
                    yield from page.company(start, end, self._structures["institutions/between"])

    def _by_dateline(self, page: Page) -> Iterator[Candidate]:
        """“NEW DELHI, Aug 3 (X) - …” at the start of a block."""
        for match in _DATELINE.finditer(page.text):
            yield from page.company(*match.span(1), self._structures["institutions/dateline"])

    def _is_party(self, page: Page, start: int, end: int) -> bool:
        words = page.text[start:end].split()
        following = WORD.match(page.text, end + 1)
        if "." in words[0] or (following and following[0] in self._right_ends):
            return False
        return not any(w in self._left_ends or w in self._head_words for w in words)


def _matches(
    pattern: re.Pattern[str],
    text: str,
    starts: Sequence[tuple[str, int]],
    triggers: Collection[str],
) -> Iterator[re.Match[str]]:
    """The matches of a pattern at those of the found triggers that it may begin with."""
    for trigger, start in starts:
        if trigger in triggers and (match := pattern.match(text, start)):
            yield match


def _inside_word(text: str, start: int, end: int) -> bool:
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    return before.isalnum() or before in {"-", "’", "'"} or after.isalnum() or after == "-"
