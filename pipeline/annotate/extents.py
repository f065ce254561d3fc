"""How far a name reaches to the left and to the right of a place in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.annotate.page import WORD, Page
from pipeline.annotate.words import CAPITALISED, Word, words_before
from pipeline.rulebook.institutions import ShapeRules

# More words before a head than this are a sentence in capitals and not a name.
_MAX_LEFT = 9
_REACH = 120
RUN = re.compile(rf"{CAPITALISED}(?:[ ]{CAPITALISED})*")
STARTER = re.compile(r" (of|for|on) (?:the )?")
_LIST_STEP = re.compile(r", (?!and )|,? (?:and|&) ")
_JOINED_RUN = re.compile(rf"{RUN.pattern} (?:and|&) ")
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)?$|[A-Z]?\d")
_JOINTS = frozenset({"and", "&", "–", "-"})


class Extents:
    """Reads runs of capitalised words, with what may stand between them in a name."""

    def __init__(self, rules: ShapeRules, given_names: frozenset[str] = frozenset()) -> None:
        words = rules.words
        self.left_ends = frozenset(
            (*words.not_first, *words.not_names, *words.stop_words, *words.calendar_words)
        )
        self.right_ends = frozenset((*words.not_names, *words.stop_words))
        heads = {head: rule for rule in rules.rule for head in rule.heads}
        self.head_words = frozenset(heads)
        # Heads that need no country beside them, and so make a name of any words before them.
        # Heads that also end the names of companies: “Orchid Labs”.
        self.company_heads = frozenset(
            h for h, r in heads.items() if r.support and r.kind == "other"
        )
        self._naming_heads = frozenset(h for h, r in heads.items() if not r.support)
        self._titles = frozenset(words.not_names)
        self._calendar = frozenset(words.calendar_words)
        self._compounds = tuple(words.compound_ends)
        self._nearest = frozenset(words.before_heads)
        self._given_names = given_names
        self._possessives = frozenset(words.possessives_in_names)
        self._connector = re.compile(rf" (?:{'|'.join(words.connectors)}) (?:the )?")

    def left(self, page: Page, start: int) -> list[Word]:
        """The words of a name before ``start``, nearest first."""
        words = words_before(page.text, start, max(0, start - _REACH))
        taken: list[Word] = []
        word = next(words, None)
        while word is not None and len(taken) <= _MAX_LEFT:
            following = next(words, None)
            if word.text in _JOINTS:
                if not (taken and following and self._crosses(page, word, following, taken[-1])):
                    break
                taken += [word, following]
                following = next(words, None)
            elif not self._belongs(word, following) and (taken or word.text not in self._nearest):
                break
            else:
                taken.append(word)
            word = following
        while taken and (taken[-1].text in {"&", "–"} or _ORDINAL.match(taken[-1].text)):
            taken.pop()
        return taken

    def _belongs(self, word: Word, following: Word | None) -> bool:
        """Whether a word to the left is a part of the name."""
        if word.text.startswith("("):
            return word.text.endswith(")") and bool(following and WORD.match(following.text))
        if not WORD.match(word.text) or word.text in self.left_ends:
            return False
        if word.text.endswith(self._compounds):
            return False
        return not word.is_possessive or self._is_own_possessive(word.text)

    def _is_own_possessive(self, word: str) -> bool:
        """Whether a possessive belongs to names: “Women’s”."""
        return word.replace("'", "’") in self._possessives

    def _crosses(self, page: Page, joint: Word, beyond: Word, taken: Word) -> bool:
        """Whether a name goes on to the left of “and” or of a dash."""
        if joint.text in {"–", "-"}:
            return beyond.end in page.country_ends and taken.start in page.country_starts
        if beyond.end in page.country_ends or page.is_linked_end(beyond.end):
            return False
        if page.is_linked_start(taken.start):
            return False
        if taken.start in page.country_starts or beyond.text in self.head_words:
            return False
        return self._belongs(beyond, None) and not beyond.text.isupper()

    def item(self, page: Page, position: int) -> int | None:
        """The end of a run of capitalised words with connectors inside, from ``position``."""
        end: int | None = None
        following: int | None = position
        while following is not None:
            word = WORD.match(page.text, following)
            if not word or self._ends_item(page, word, is_first=end is None):
                return end
            if word[0].endswith(("’s", "'s")) and not self._is_own_possessive(word[0]):
                is_country = end is not None and following in page.country_starts
                return end if is_country else word.end() - 2
            end = word.end()
            if page.text[end - 1 : end + 2] in {"s’ ", "s' "}:
                own = self._is_own_possessive(page.text[word.start() : end + 1])
                if not own and not self._names_members(page, end + 2):
                    return end
                end += 1
            following = self._next_in_item(page, end)
        return end

    def _names_members(self, page: Page, position: int) -> bool:
        """Whether a body of several follows: “Merchants’ Associations”."""
        word = WORD.match(page.text, position)
        return bool(word and word[0].endswith("s") and word[0][:-1] in self.head_words)

    def _ends_item(self, page: Page, word: re.Match[str], *, is_first: bool) -> bool:
        """Whether a word is no part of the run: a month, a role, another institution, a country."""
        if word[0] in self._calendar:
            return True
        if is_first:
            return False
        country = page.country_starts.get(word.start())
        if country and country.via == "name":
            return True
        if word[0] in self.right_ends or page.is_linked_start(word.start()):
            return True
        if "-" in word[0] and word[0].partition("-")[0] in self._titles:
            return True
        return word[0] in self._given_names and bool(WORD.match(page.text, word.end() + 1))

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

    def list_end(self, page: Page, end: int) -> int:
        """The end of “A, B and C” whose first item ends at ``end``."""
        position, accepted = end, end
        while True:
            step = _LIST_STEP.match(page.text, position)
            if not step or not self._may_continue(page, step.end()):
                return accepted
            item = self.item(page, step.end())
            if not item:
                return accepted
            position = item
            if "," not in step[0] or "and" in step[0] or "&" in step[0]:
                accepted = item
                if not page.text.startswith((" and ", " & "), item):
                    return accepted

    def items(self, page: Page, position: int) -> Iterator[tuple[int, int]]:
        """The spans of “A, B, and C” from ``position``, each a run of capitalised words."""
        while end := self.item(page, position):
            yield position, end
            step = _SERIES_STEP.match(page.text, end)
            if not step or not WORD.match(page.text, step.end()):
                return
            position = step.end()

    def _may_continue(self, page: Page, position: int) -> bool:
        word = WORD.match(page.text, position)
        if not word or word[0] in self.left_ends or self.is_head(page, word):
            return False
        if word[0].partition("-")[0] in self._titles:
            return False
        country = page.country_starts.get(position)
        return not (country or page.is_linked_start(position) or self._heads_a_name(page, position))

    def is_head(self, page: Page, word: re.Match[str]) -> bool:
        """Whether a word is a head with a complement of its own: “Ministry of …”."""
        return word[0] in self.head_words and bool(STARTER.match(page.text, word.end()))

    def heads_a_list(self, page: Page, position: int) -> bool:
        """Whether the run and “and” at ``position`` begin another name: “Ports and Tides Agency”."""
        run = _JOINED_RUN.match(page.text, position)
        return bool(run and self._heads_a_name(page, run.end()))

    def _heads_a_name(self, page: Page, position: int) -> bool:
        """Whether the run at ``position`` holds a head word, and so is a name of its own."""
        run = RUN.match(page.text, position)
        return bool(run and any(w in self._naming_heads for w in run[0].split()[1:]))


_SERIES_STEP = re.compile(r"(?: \([A-Z][\w&-]*\))?(?:,? and |, )(?:the )?")
