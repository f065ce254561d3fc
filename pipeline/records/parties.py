"""The sides of an instrument: in its noun phrase, its clause, its sentence."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from typing import NamedTuple

from pipeline.model import CountryMention, InstitutionMention, PersonMention
from pipeline.records.instruments import Instrument
from pipeline.records.tokens import Token
from pipeline.rulebook.agreements import AgreementWords

# Bodies that approve or host, but don't sign.
_NO_SIGNATORY = frozenset({"committee"})
_START, _END = itemgetter(0), itemgetter(1)
_BLOC = "intergovernmental"
_DASHES = frozenset("-–—")
_QUOTES = frozenset('“"')


class Side(NamedTuple):
    """A side at ``start:end``: a country, a bloc, an institution with the country it belongs to.

    A ``partner`` stands behind “with”: the other side is the one that speaks or signs.
    """

    start: int
    end: int
    code: str | None
    step: str
    institution: InstitutionMention | None = None
    partner: bool = False


class SideReader:
    """Reads the sides that a sentence gives to an instrument."""

    def __init__(self, words: AgreementWords, roles: Iterable[str], stages: frozenset[str]) -> None:
        self._between = frozenset(words.between)
        self._with = frozenset(words.with_)
        self._by = frozenset(words.by)
        self._joins = frozenset(words.joins)
        self._at = frozenset(words.at)
        self._not_after = frozenset(words.not_sides_after)
        self._signers = frozenset(words.signers)
        self._complements = frozenset(words.complements)
        self._not_blocs = frozenset(words.not_blocs)
        self._relatives = frozenset(words.relatives)
        self._reporting = frozenset(words.reporting)
        self._roles = frozenset(role.lower() for role in roles)
        self._stages = stages

    def phrase(self, instrument: Instrument) -> list[Side]:
        """Sides before the noun (“India-Japan …”) and behind “between” and “with”."""
        tokens = instrument.tokens
        head = bisect_right(tokens, instrument.head[0], key=_END)
        sides = [*self._owners(tokens, instrument.first)]
        sides += self._named(tokens[instrument.first : head], "phrase", tokens, instrument.first)
        sides += _pairs(tokens[head : instrument.last])
        behind = self._behind(tokens, head, instrument.last, self._between | self._with, "phrase")
        return [*sides, *(behind or self._seat(tokens, head, instrument.last))]

    def _seat(self, tokens: Sequence[Token], head: int, last: int) -> Iterator[Side]:
        """Where an unnamed partner sits: “an MoU with three universities in Fiji”."""
        partner = any(t.low in self._with for t in tokens[head:last])
        if partner and last + 1 < len(tokens) and tokens[last].low in self._at:
            for side in self._side(tokens[last + 1], "phrase"):
                yield side._replace(partner=True)

    def clause(self, instrument: Instrument, start: int, end: int) -> list[Side]:
        """Sides of the clause: behind “between”, “with”, “by”; the subject of the signing."""
        tokens = instrument.tokens
        openers = self._between | self._with | self._by
        last = _index(tokens, end)
        sides = self._behind(tokens, instrument.last, last, openers, "clause")
        sides += self._relative_subject(tokens, instrument.last, last)
        return [*sides, *self._subject(instrument, _index(tokens, start))]

    def cells(self, instrument: Instrument) -> list[Side]:
        """Sides in the other cells of a table's row."""
        behind = instrument.tokens[instrument.last :]
        return list(self._named(behind, "clause", instrument.tokens, instrument.last))

    def _relative_subject(self, tokens: Sequence[Token], first: int, last: int) -> list[Side]:
        """The sides in “…, which A and B signed”."""
        opened = next(
            (i for i in range(first, min(first + 3, last)) if self._opens(tokens, i)), last
        )
        verb = next((i for i in range(opened, last) if self._signs(tokens[i])), None)
        if verb is None:
            return []
        return list(self._named(tokens[opened:verb], "clause", tokens, opened))

    def _opens(self, tokens: Sequence[Token], index: int) -> bool:
        return tokens[index].kind == "word" and tokens[index].low in self._relatives

    def sentence(self, instrument: Instrument, others: Sequence[Instrument]) -> list[Side]:
        """Every other country of the sentence that is no mere place and in no other instrument."""
        return [
            Side(t.start, t.end, t.mention.code, "sentence")
            for i, t in enumerate(instrument.tokens)
            if isinstance(t.mention, CountryMention)
            and not self._is_place(instrument.tokens, i)
            and not any(o.start <= t.start < o.end for o in others)
        ]

    def _owners(self, tokens: Sequence[Token], first: int) -> Iterator[Side]:
        """The owner directly before the phrase: “Singapore’s third …”."""
        for index in range(first - 1, max(-1, first - 6), -1):
            token = tokens[index]
            if token.kind == "owner" and index:
                yield from self._side(tokens[index - 1], "phrase")
            if token.kind not in {"owner", "word"}:
                return

    def _named(
        self, named: Sequence[Token], step: str, tokens: Sequence[Token], offset: int
    ) -> Iterator[Side]:
        depth = 0
        for i, token in enumerate(named):
            depth += (token.low == "(") - (token.low == ")")
            aside = depth > 0 and token.kind == "institution"
            if not aside and not self._is_parent(tokens, offset + i):
                yield from self._side(token, step)

    def _side(self, token: Token, step: str) -> Iterator[Side]:
        mention = token.mention
        if isinstance(mention, CountryMention):
            yield Side(token.start, token.end, mention.code, step)
        elif isinstance(mention, InstitutionMention) and mention.kind == _BLOC:
            if token.low in self._not_blocs and step == "phrase":
                return
            yield Side(token.start, token.end, mention.acronym or mention.name, step)
        elif isinstance(mention, InstitutionMention):
            signing = None if mention.kind in _NO_SIGNATORY else mention
            yield Side(token.start, token.end, mention.country, step, signing)
        elif isinstance(mention, PersonMention) and mention.country:
            yield Side(token.start, token.end, mention.country, step)

    def _behind(
        self, tokens: Sequence[Token], first: int, last: int, openers: frozenset[str], step: str
    ) -> list[Side]:
        """The sides behind the words that introduce them, up to what can't be one."""
        found: list[Side] = []
        for index in range(first, last):
            if tokens[index].kind == "word" and tokens[index].low in openers:
                stop = self._list_end(tokens, index + 1, last)
                named = self._named(tokens[index + 1 : stop], step, tokens, index + 1)
                partner = tokens[index].low in self._with
                found += [side._replace(partner=partner) for side in named]
        return found

    def _list_end(self, tokens: Sequence[Token], index: int, last: int) -> int:
        """The end of a list of sides: names, titles of persons, commas, “and”, “of”."""
        while index < last:
            token = tokens[index]
            if token.kind == "word" and not self._may_join(token):
                break
            if token.kind == "mark" and token.low in {".", ";", ":", "!", "?", "–", "—"}:
                break
            if token.kind == "date":
                break
            index += 1
        return index

    def _may_join(self, token: Token) -> bool:
        if token.low in self._joins:
            return True
        return token.low in self._roles or (token.capital and token.low not in self._stages)

    def _subject(self, instrument: Instrument, first: int) -> list[Side]:
        """The sides before the verb that governs the instrument."""
        tokens = instrument.tokens
        verb = next(
            (i for i in range(instrument.first - 1, first - 1, -1) if self._signs(tokens[i])), None
        )
        if verb is None:
            return []
        found: list[Side] = []
        depth = 0
        for index in range(self._antecedent(tokens, first, verb), verb):
            depth += (tokens[index].low == "(") - (tokens[index].low == ")")
            aside = depth > 0 and tokens[index].kind == "institution"
            if (
                not aside
                and not self._is_place(tokens, index)
                and not self._is_parent(tokens, index)
            ):
                found += self._side(tokens[index], "clause")
        return found

    def _signs(self, token: Token) -> bool:
        return token.kind == "word" and token.low in self._signers

    def _antecedent(self, tokens: Sequence[Token], first: int, verb: int) -> int:
        """Where the subject begins: “A follows B, which signed …” has the subject B."""
        for index in range(verb - 1, first, -1):
            if tokens[index].low in _QUOTES or self._tells(tokens, index):
                return index + 1
            if tokens[index].low in self._relatives and not self._tells(tokens, index - 1):
                mentions = (i for i in range(index - 1, first - 1, -1) if tokens[i].mention)
                return next(mentions, first)
        return first

    def _tells(self, tokens: Sequence[Token], index: int) -> bool:
        """Whether somebody tells of the signing: “A said that B and C signed”."""
        return tokens[index].kind == "word" and tokens[index].low in self._reporting

    def _is_parent(self, tokens: Sequence[Token], index: int) -> bool:
        """Whether an institution only says whose part the one before it is."""
        if tokens[index].kind != "institution" or index < 2:
            return False
        before = [t for t in tokens[max(0, index - 3) : index] if t.low not in self._joins - {"of"}]
        of = tokens[index - 1].low == "of" or (
            index > 2 and tokens[index - 2].low == "of" and tokens[index - 1].low in self._joins
        )
        return of and bool(before) and before[0].kind == "institution"

    def _is_place(self, tokens: Sequence[Token], index: int) -> bool:
        """Whether a country only says where: “in Hanoi”, “visit to Japan”."""
        token = tokens[index]
        if not isinstance(token.mention, CountryMention):
            return False
        before = [t for t in tokens[max(0, index - 2) : index] if t.low != "the"]
        if before and before[-1].low in self._not_after:
            return True
        return (
            token.mention.via == "place"
            and token.mention.place is not None
            and not _joined(tokens, index)
        )


def _pairs(tokens: Sequence[Token]) -> Iterator[Side]:
    """Countries joined by a dash: “of Japan-India cooperation”."""
    for one, mark, other in zip(tokens, tokens[1:], tokens[2:], strict=False):
        left, right = one.mention, other.mention
        if mark.low not in _DASHES:
            continue
        if isinstance(left, CountryMention) and isinstance(right, CountryMention):
            yield from (Side(c.start, c.end, c.code, "phrase") for c in (left, right))


def _joined(tokens: Sequence[Token], index: int) -> bool:
    """Whether a city stands beside a country as its equal: “Singapore and Shenzhen signed”."""
    around = (*tokens[max(0, index - 2) : index], *tokens[index + 1 : index + 3])
    return any(t.low in {"and", "-", "’s", "'s"} for t in around)


def _index(tokens: Sequence[Token], position: int) -> int:
    """The index of the first token at or behind a position."""
    return bisect_left(tokens, position, key=_START)
