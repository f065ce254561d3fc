"""Candidates for persons: names beside honorifics, roles and cues."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.annotate.people.names import Name, NameReader
from pipeline.annotate.people.roles import Role, RoleReader, country_behind
from pipeline.annotate.people.surroundings import Surroundings
from pipeline.annotate.people.titles import TitleHit
from pipeline.model import Block
from pipeline.rulebook.people import NAME_USES, PeopleRule, PeopleRules

# Between two titles: “President, H.E. …”, “Minister, the Hon. …”.
_BETWEEN = re.compile(r"\.?,? ?(?:the |our )?")
_BETWEEN_ROLES = re.compile(r",? ?(?:the |our )?")
_GAP = re.compile(r", ?|\.? ?")
_APPOSITION = re.compile(
    r"(?:,|\(| [–—-]|:)? ?(?:\b(?:the|a|an|our|its|his|her|their|currently|now|who is) )*$"
)
_AND = re.compile(r"(?:,? and |, | & |; )(?=[^\W\d_a-z])")
_LAST = re.compile(r",? (?:and|&) (?=[^\W\d_a-z])")
_BULLET = re.compile(r"[-*•–\s]*")
_MAX_TITLES = 10
_FULL = 2
# A list is one of persons when it has two of them, and at least one in so many items.
_SHARE = 3
_LONGEST_SIGNATURE = 6


class Candidate(NamedTuple):
    """A name found in one place of the text, with what stands beside it."""

    name: Name
    rule: PeopleRule
    honorific: str | None = None
    role: Role | None = None
    country: str | None = None


class Chain(NamedTuple):
    """The titles before a name and where the name would start."""

    honorific: tuple[int, int] | None
    role: Role | None
    end: int
    comma: bool
    rule: PeopleRule


class CandidateFinder:
    """Reads the neighbourhood of each title and cue."""

    def __init__(self, rules: PeopleRules) -> None:
        self._names = NameReader(rules)
        self._roles = RoleReader(rules)
        by_id = {r.id: r for r in rules.rule}
        self._signature = by_id["people/signature"]
        self._listed = by_id["people/listed"]
        self._organisations = frozenset(rules.words.organisations) - {*rules.words.named_after}
        words = "|".join(map(re.escape, rules.words.credits))
        self._credit = re.compile(
            rf"\b(?:{words})(?:s| credit)?(?::| by:?| courtesy)[^\n]{{0,20}}$"
        )

    def find(self, around: Surroundings, hits: Sequence[TitleHit]) -> list[Candidate]:
        """The candidates of a text; several may be the same person."""
        found = _Found()
        position = 0
        for hit in hits:
            index = around.block_index(hit.start)
            if hit.start < position or index is None:
                continue
            block = around.blocks[index]
            if hit.rule.kind == "cue_before":
                self._after_cue(around, hit, block, found)
            elif hit.rule.kind == "cue_after":
                self._before_cue(around, hit, block, found)
            elif hit.rule.kind == "given_name":
                self._at_given_name(around, hit, index, found)
            elif hit.rule.kind == "surname":
                self._at_surname(around, hit, index, found)
            else:
                position = self._at_title(around, hit, index, found)
        for candidate in list(found.by_end.values()):
            self._joined(around, candidate, found)
        self._in_lists(around, found)
        return [
            c
            for c in self._with_headings(around, found)
            if not self._credit.search(around.text, max(0, c.name.start - 60), c.name.start)
        ]

    def _with_headings(self, around: Surroundings, found: _Found) -> list[Candidate]:
        """The candidates; those in headings end with a surname that running text confirms."""
        candidates = sorted(found.by_end.values(), key=lambda c: c.name.start)
        indexes = [around.block_index(c.name.start) or 0 for c in candidates]
        headings = {i: around.is_heading(i) for i in set(indexes)}
        in_body = [c for c, i in zip(candidates, indexes, strict=True) if not headings[i]]
        if not in_body:
            return candidates
        known = {c.name.words[-1].text.casefold() for c in in_body}
        in_heads = [c for c, i in zip(candidates, indexes, strict=True) if headings[i]]
        lines = [c for c in in_heads if c.rule is self._signature]
        titles = [_confirmed(c, known) for c in in_heads if c.rule is not self._signature]
        return [*in_body, *lines, *(c for c in titles if c)]

    def _at_given_name(
        self, around: Surroundings, hit: TitleHit, index: int, found: _Found
    ) -> None:
        """A name in running text that begins with a frequent given name."""
        if not around.text.startswith(" ", hit.end):
            return
        name = self._names.forward(around, hit.start, around.blocks[index].end)
        if name is not None and self._is_free_standing(around, name, index, found):
            found.add(Candidate(name, hit.rule))

    def _at_surname(self, around: Surroundings, hit: TitleHit, index: int, found: _Found) -> None:
        """A name in running text that ends with a frequent surname."""
        if hit.end in found.by_end or around.text[hit.start - 1 : hit.start] not in (" ", "-"):
            return
        name = self._names.backward(around, hit.end, around.blocks[index].start)
        if name is not None and self._is_free_standing(around, name, index, found):
            found.add(Candidate(name, hit.rule))

    def _joined(self, around: Surroundings, candidate: Candidate, found: _Found) -> None:
        """A full name behind a person and “and”."""
        index = around.block_index(candidate.name.start)
        link = _LAST.match(around.text, candidate.name.end)
        if index is None or link is None or link.end() in around.titles:
            return
        name = self._names.forward(around, link.end(), around.blocks[index].end)
        if name is not None and self._is_free_standing(around, name, index, found):
            found.add(Candidate(name, self._listed))

    def _in_lists(self, around: Surroundings, found: _Found) -> None:
        """The full names before a comma that begin the items of a list of persons."""
        known = {c.name.start for c in found.by_end.values()}
        if len(known) < _FULL:
            return
        for items in around.lists:
            starts = [(_BULLET.match(around.text, b.start).end(), b) for b in items]  # type: ignore[union-attr]
            named = sum(start in known for start, _ in starts)
            if named < _FULL or _SHARE * named < len(starts):
                continue
            for start, block in starts:
                name = self._names.forward(around, start, block.end)
                if name is None or start in known or around.text[name.end : name.end + 2] != ", ":
                    continue
                if _is_full(name) and not self._names.ends_like_a_thing(around, name):
                    found.add(Candidate(name, self._listed))

    def _runs_on_before(self, around: Surroundings, name: Name, block: Block) -> bool:
        """Whether a capitalised word stands directly before the name, unless it is “Ministry”."""
        if name.start - 1 in around.institutions_by_end:
            return False
        before = around.text[max(block.start, name.start - 30) : name.start]
        word = before.rstrip(" ").rpartition(" ")[2]
        if not before.endswith(" ") or not word[:1].isupper() or not word[-1:].isalnum():
            return False
        return word not in self._organisations

    def _is_free_standing(
        self, around: Surroundings, name: Name, index: int, found: _Found
    ) -> bool:
        """Whether a name without title is one of two words that no capitalised word touches."""
        if not _is_full(name) or name.end in found.by_end or around.is_heading(index):
            return False
        if any(len(w.text) > 1 and w.text.isupper() and not w.is_initial for w in name.words):
            return False
        if _runs_on(around, name) or self._names.is_followed_by_noun(around.text, name.end):
            return False
        if self._names.ends_like_a_thing(around, name):
            return False
        return not self._runs_on_before(around, name, around.blocks[index])

    def _at_title(self, around: Surroundings, hit: TitleHit, index: int, found: _Found) -> int:
        """Reads a chain of titles and the name beside it; returns where to go on."""
        block = around.blocks[index]
        chain = self._chain(around, hit, block)
        name = self._names.forward(around, chain.end, block.end) if not chain.comma else None
        if name is not None and self._holds(around, name, chain):
            self._add(around, name, chain, found)
            return self._list_on(around, name, chain, block, found)
        role = chain.role
        if role is not None and self._attach(around, role, index, found):
            return role.end
        if role is None and self._behind_name(around, hit, block, found):
            return hit.end
        if chain.comma:
            name = self._names.forward(around, chain.end, block.end)
            if name is not None and _is_full(name) and self._holds(around, name, chain):
                self._add(around, name, chain, found)
                return name.end
        return max(hit.end, chain.end - 1)

    def _behind_name(
        self, around: Surroundings, hit: TitleHit, block: Block, found: _Found
    ) -> bool:
        """“LIM Mei Hua (Ms)”: an honorific in brackets behind the name."""
        if around.text[hit.start] != "(" or around.text[hit.start - 1 : hit.start] != " ":
            return False
        name = self._names.backward(around, hit.start - 1, block.start)
        if name is None or not _is_full(name) or name.end in found.by_end:
            return False
        honorific = around.text[hit.start : hit.end].strip("()")
        found.add(Candidate(name, hit.rule, honorific))
        return True

    def _chain(self, around: Surroundings, hit: TitleHit, block: Block) -> Chain:
        """The titles from ``hit`` on, as far as only punctuation separates them."""
        honorific: tuple[int, int] | None = None
        role: Role | None = None
        position, current = hit.start, hit
        for _ in range(_MAX_TITLES):
            if current.is_role:
                before = role
                role = self._roles.read(around, current, (block.start, block.end))
                if before is not None:
                    role = role._replace(start=before.start, country=before.country or role.country)
                honorific, end = None, role.end
            else:
                start = honorific[0] if honorific else current.start
                end = current.end
                honorific = (start, end)
            position = end
            between = _BETWEEN_ROLES if current.is_role else _BETWEEN
            gap = between.match(around.text, position, block.end)
            following = around.titles.get(gap.end()) if gap else None
            if following is None and gap and not around.text[position : gap.end()].startswith(","):
                following = self._roles.title_behind_modifiers(around, gap.end(), block.end)
            if following is None or not (following.is_role or following.is_honorific):
                break
            if role and following.is_role and "," in around.text[position : following.start]:
                break
            current = following
        gap = _GAP.match(around.text, position, block.end)
        end = gap.end() if gap else position
        rule = role.head.rule if role else current.rule
        return Chain(honorific, role, end, "," in around.text[position:end], rule)

    def _holds(self, around: Surroundings, name: Name, chain: Chain) -> bool:
        """Whether the titles are enough for a name of this size, and nothing speaks against it."""
        if name.size == 0 or self._is_refuted(around, name, chain):
            return False
        if chain.honorific or _is_full(name):
            return True
        if self._names.is_followed_by_field(around.text, name.end):
            return False
        role = chain.role
        if role is None or role.head.lower:
            return False
        if role.head.rule.kind != "weak_role":
            return True
        return role.start in around.institutions and not around.writes_small(name.words[0].text)

    def _is_refuted(self, around: Surroundings, name: Name, chain: Chain) -> bool:
        """Whether the words around make the name an acronym, or that of a body or a place."""
        if self._names.is_followed_by_noun(around.text, name.end):
            return True
        if self._is_acronym(around, name, chain) or around.text[name.end : name.end + 1] == "&":
            return True
        if chain.comma:
            return False
        open_ended = chain.role is not None and chain.role.open_ended and not chain.honorific
        return open_ended or self._names.is_behind_noun(around, name.start)

    @staticmethod
    def _is_acronym(around: Surroundings, name: Name, chain: Chain) -> bool:
        """Whether the only word is in capitals and its title isn't: “Hon'ble MCIT”."""
        if len(name.words) > 1 or not name.words[0].text.isupper():
            return False
        span = chain.honorific
        if span is None and chain.role:
            span = (chain.role.head.start, chain.role.head.end)
        return not span or not around.text[span[0] : span[1]].isupper()

    def _add(self, around: Surroundings, name: Name, chain: Chain, found: _Found) -> None:
        span = chain.honorific
        honorific = around.text[span[0] : span[1]] if span else None
        country = country_behind(around, name.end)
        found.add(Candidate(name, chain.rule, honorific, chain.role, country))

    def _list_on(
        self, around: Surroundings, name: Name, chain: Chain, block: Block, found: _Found
    ) -> int:
        """Further names behind a role in the plural: “Presidents A, B and C”."""
        if chain.role is None or chain.role.head.rule.kind != "plural_role":
            return name.end
        for _ in range(_MAX_TITLES):
            link = _AND.match(around.text, name.end, block.end)
            following = self._names.forward(around, link.end(), block.end) if link else None
            if following is None or not self._holds(around, following, chain):
                break
            found.add(Candidate(following, self._listed, None, chain.role))
            name = following
        return name.end

    def _attach(self, around: Surroundings, role: Role, index: int, found: _Found) -> bool:
        """Gives the role to the name before it, if there is one."""
        block = around.blocks[index]
        before = _APPOSITION.search(around.text, max(block.start, role.start - 40), role.start)
        if role.start == block.start or not around.text[block.start : role.start].strip("* \t"):
            return self._attach_line(around, role, index, found)
        if before is None or not before[0].strip() or before.start() <= block.start:
            return self._attach_unmarked(around, role, block, found)
        end = before.start()
        known = found.by_end.get(end)
        if known is not None:
            if known.role is None:
                country = known.country or country_behind(around, role.end)
                rule = role.head.rule if known.rule.kind in NAME_USES else known.rule
                found.add(known._replace(role=role, country=country, rule=rule))
            return True
        if role.head.lower and role.head.rule.kind == "weak_role" and role.end == role.head.end:
            return False
        name = self._names.backward(around, end, block.start)
        if name is None or not _is_full(name):
            return False
        found.add(Candidate(name, role.head.rule, None, role))
        return True

    def _attach_line(self, around: Surroundings, role: Role, index: int, found: _Found) -> bool:
        """A line that is a role under a line that is a name."""
        if index == 0:
            return False
        line = around.blocks[index - 1]
        end = line.end
        title = around.titles_by_end.get(end)
        if title is not None and title.is_honorific:
            end = title.start - 1
        known = found.by_end.get(end)
        if known is not None:
            if known.role is None:
                found.add(known._replace(role=role))
            return True
        if line.end - line.start > 60 or line.kind == "heading":
            return False
        name = self._names.backward(around, end, line.start)
        if name is None or name.start != line.start or not _is_full(name):
            return False
        found.add(Candidate(name, self._signature, None, role))
        return True

    def _attach_unmarked(
        self, around: Surroundings, role: Role, block: Block, found: _Found
    ) -> bool:
        """“Jane Roe Deputy Minister of Ports”, when that is the whole line."""
        if around.text[role.end : block.end].strip(" *.,;") or around.text[role.start - 1] != " ":
            return False
        name = self._names.backward(around, role.start - 1, block.start)
        if name is None or not _is_full(name) or len(name.words) > _LONGEST_SIGNATURE:
            return False
        if around.text[block.start : name.start].strip("* \t_"):
            return False
        found.add(Candidate(name, self._signature, None, role))
        return True

    def _after_cue(self, around: Surroundings, hit: TitleHit, block: Block, found: _Found) -> None:
        position = hit.end + 1
        if position in around.titles or around.text[hit.end : position] != " ":
            return
        name = self._names.forward(around, position, block.end)
        for _ in range(_MAX_TITLES):
            if name is None or not _is_full(name):
                return
            if self._names.is_followed_by_noun(around.text, name.end) or _runs_on(around, name):
                return
            found.add(Candidate(name, hit.rule))
            link = _AND.match(around.text, name.end, block.end)
            if link is None or link.end() in around.titles:
                return
            name = self._names.forward(around, link.end(), block.end)

    def _before_cue(self, around: Surroundings, hit: TitleHit, block: Block, found: _Found) -> None:
        end = hit.start - 1
        if around.text[end : hit.start] != " " or around.text[end - 1].isdigit():
            return
        end -= around.text[end - 1] == ","
        known = found.by_end.get(end)
        if known is not None and known.rule.kind not in NAME_USES:
            return
        name = self._names.backward(around, end, block.start)
        if name is None or not _is_full(name) or self._runs_on_before(around, name, block):
            return
        if not self._names.ends_like_a_thing(around, name):
            found.add(Candidate(name, hit.rule))


class _Found:
    """Candidates by the end of their name: a place holds one."""

    def __init__(self) -> None:
        self.by_end: dict[int, Candidate] = {}

    def add(self, candidate: Candidate) -> None:
        self.by_end[candidate.name.end] = candidate


def _confirmed(candidate: Candidate, known: set[str]) -> Candidate | None:
    """A candidate of a heading up to the last of its words that is a known surname."""
    words = candidate.name.words
    size = max((i for i, w in enumerate(words, 1) if w.text.casefold() in known), default=0)
    if size == len(words) or (size == 0 and _is_full(candidate.name)):
        return candidate
    if size == 0:
        return None
    return candidate._replace(name=Name(words[:size], words[size - 1].end))


def _is_full(name: Name) -> bool:
    """Whether the name can stand without a title before it."""
    return name.size >= _FULL or (len(name.words) >= _FULL and name.words[0].is_initial)


def _runs_on(around: Surroundings, name: Name) -> bool:
    """Whether more capitalised words follow: then it was no name."""
    after = around.text[name.end : name.end + 2]
    return after[:1] == "-" or after == " &" or (after[:1] == " " and after[1:].isupper())
