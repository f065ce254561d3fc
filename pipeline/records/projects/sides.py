"""Which countries carry a project, as far from its sentence as they must be looked for."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable

from pipeline.model import CountryMention
from pipeline.records.page import Page, Sentence
from pipeline.records.projects.layout import Layout
from pipeline.records.projects.lexicon import Lexicon, Role
from pipeline.records.projects.reading import Reading
from pipeline.records.projects.stages import Cue
from pipeline.records.projects.terms import Terms
from pipeline.records.report import Support

# More countries than this in a sentence are examples, not parties.
_MOST = 5
# The kind of institution that is a side of its own.
FOREIGN_BODY = "intergovernmental"
# The blocks in which a document says whom it is about.
_LEAD = 3
# In a document of so few mentions of countries one mention makes a side.
_SHORT = 6
# So many bullets of a group may name its country.
_GROUP = 60


class Sides:
    """The parties of a document: the two that its lead names, and the country that publishes it."""

    def __init__(self, page: Page, lexicon: Lexicon, layout: Layout) -> None:
        self._page, self._lexicon, self.layout = page, lexicon, layout
        self._firms = {(i.start, i.end) for i in page.institutions if i.kind == "company"}
        self._counts = Counter(c.code for c in page.countries)
        self._first = {c.code: c for c in reversed(page.countries)}
        self.lead = self._lead()
        self.pair = self._pair()
        self.home = self._home()
        shared = sum(self._counts[code] for code in self.pair)
        self._is_about_both = shared > 0.6 * sum(self._counts.values())

    def of(self, r: Reading, cue: Cue) -> tuple[Support, ...]:
        """The countries of a project in a sentence; empty when it has fewer than two."""
        found = _distinct(self._own(r.countries), "sentence")
        told = found.keys() | {i.country for i in r.institutions if i.country}
        for institution in r.institutions:
            code = institution.country
            if self.pair and self.pair <= told and code not in self.pair:
                continue
            inside = not self.pair or not self.pair <= found.keys() or code in self.pair
            alone = institution.kind == "company" and code not in self.pair
            if code and code not in found and inside and not alone:
                found[code] = _support(
                    code, institution.start, institution.end, institution.rule, "sentence"
                )
        if len(found) > _MOST and self.pair and self.pair <= found.keys():
            found = {code: found[code] for code in self.pair}
        if len(found) > 1 and self._is_about_both and not self.pair & found.keys():
            return ()
        if len(found) == 1:
            found |= self._other(r, next(iter(found.values())), cue)
        elif not found:
            found = self._elsewhere(r)
        if len(found) < 2 and self.with_body(r):
            return tuple((found or self._at_home()).values())
        return tuple(found.values()) if 2 <= len(found) <= _MOST else ()

    def may_have(self, sentence: Sentence, terms: Terms) -> bool:
        """Whether a sentence may have two sides; where it is False, ``of`` finds none."""
        start, end, block = sentence
        bodies = self._page.within(self._page.institutions, start, end)
        if any(body.kind == FOREIGN_BODY for body in bodies):
            return True
        named = {c.code for c in self._page.within(self._page.countries, start, end)}
        named |= {body.country for body in bodies if body.country}
        if len(named) > 1 or len(self._codes_of(block)) > 1 or named & self.pair:
            return True
        listed = self.home in self._first and self._is_listed(block)
        if listed and (named - {self.home} or self.foreign(block)):
            return True
        own = self.home is None or self.home in self.pair
        both = terms.has(Role.BOTH, start, end) or terms.has(Role.COMMON, start, end)
        return bool(self.pair) and own and (both or self._is_about_both)

    def _codes_of(self, block: int) -> set[str]:
        b = self._page.blocks[block]
        return {c.code for c in self._page.within(self._page.countries, b.start, b.end)}

    def with_body(self, r: Reading) -> bool:
        """Whether an international body acts in a sentence: it is a side like a country."""
        bodies = [i for i in r.institutions if i.kind == FOREIGN_BODY]
        owners = ("’s", "'s")
        return any(
            self._acts(r, r.at(b.start))
            or self._page.text.startswith(owners, b.end)
            or _is_in_name(r, r.at(b.end - 1) + 1)
            for b in bodies
        )

    def _acts(self, r: Reading, at: int) -> bool:
        before = at - 1
        while r.low(before) == "the":
            before -= 1
        return before < 0 or r.low(before) in self._lexicon.agents | {"that", "from", "or", ","}

    def _own(self, mentions: Iterable[CountryMention]) -> list[CountryMention]:
        """Without those that only a company stands for, unless the document is about them."""
        return [
            m
            for m in mentions
            if m.code in self.pair or m.via != "institution" or (m.start, m.end) not in self._firms
        ]

    def first(self, code: str) -> CountryMention | None:
        """Where a document first names a country."""
        return self._first.get(code)

    def foreign(self, block: int) -> Support | None:
        """The one foreign country of a block, of its bullets or of its heading."""
        for step, blocks in self._around(block):
            found = self._in_blocks(blocks, step)
            others = {c: s for c, s in found.items() if c != self.home}
            if len(others) == 1:
                return next(iter(others.values()))
            if others:
                return None
        return None

    def _other(self, r: Reading, one: Support, cue: Cue) -> dict[str, Support]:
        """The other side of a sentence that names only one."""
        code = str(one.value)
        # "India has developed a database" tells of India alone.
        alone = cue.relation == "object" and one.end <= r.starts[cue.first]
        alone = alone and not self._is_addressed(r, cue)
        away = code != self.home or r.words[-2:][0].low == "it"
        away = away and self._is_listed(r.sentence.block)
        if alone and not away and not self._speaks_of_both(r):
            return {}
        block = self._in_blocks([r.sentence.block], "block")
        rest = {c: s for c, s in block.items() if c != code}
        if len(rest) == 1:
            return rest
        if self.pair and code in self.pair and (code != self.home or self._speaks_of_both(r)):
            return {c: self._document(c) for c in sorted(self.pair) if c != code}
        if code != self.home and self._is_listed(r.sentence.block):
            return self._at_home()
        if code == self.home:
            foreign = self.foreign(r.sentence.block) if self._is_listed(r.sentence.block) else None
            return {str(foreign.value): foreign} if foreign else {}
        return {}

    def _is_addressed(self, r: Reading, cue: Cue) -> bool:
        """Whether an act is one for another side: giving, helping, and what envoys do."""
        verb = cue.verb
        if verb is not None:
            if verb.rule.reach or cue.status == "proposed":
                return True
            if r.low(r.before(verb.first)) in self._lexicon.helps:
                return True
        start, end = r.sentence.start, r.starts[cue.first]
        return bool(self._lexicon.envoys.all(self._page.text, start, end))

    def _elsewhere(self, r: Reading) -> dict[str, Support]:
        """The sides of a sentence that names none."""
        block = self._in_blocks([r.sentence.block], "block")
        if len(block) == 2:
            return block
        if self._is_listed(r.sentence.block):
            foreign = self.foreign(r.sentence.block)
            if foreign:
                return {str(foreign.value): foreign} | self._at_home()
        own = self.home is None or self.home in self.pair
        if self.pair and own and (self._speaks_of_both(r) or self._is_about_both):
            return {c: self._document(c) for c in sorted(self.pair)}
        return {}

    def _at_home(self) -> dict[str, Support]:
        if self.home is None:
            return {}
        mention = self._first.get(self.home)
        if mention is None:
            return {}
        return {
            self.home: _support(self.home, mention.start, mention.end, mention.rule, "publisher")
        }

    def _document(self, code: str) -> Support:
        mention = self._first[code]
        return _support(code, mention.start, mention.end, mention.rule, "lead")

    def _speaks_of_both(self, r: Reading) -> bool:
        return r.has(Role.BOTH) or any(word.low in self._lexicon.common for word in r.words)

    def _is_listed(self, block: int) -> bool:
        if self._page.blocks[block].kind in {"bullet", "table_row"}:
            return True
        heading = self.layout.headings[block]
        return heading is not None and len(self._in_blocks([heading], "heading")) == 1

    def _around(self, block: int) -> Iterable[tuple[str, list[int]]]:
        yield "block", [block]
        yield "list", self._near(block)
        heading = self.layout.headings[block]
        if heading is not None:
            yield "heading", [heading]

    def _near(self, block: int) -> list[int]:
        """The blocks of the group, those of a very long one only around the block."""
        group = self.layout.group(block)
        if len(group) <= _GROUP:
            return group
        at = bisect_left(group, block)
        return group[max(0, at - _GROUP // 2) : at + _GROUP // 2]

    def _in_blocks(self, blocks: Iterable[int], step: str) -> dict[str, Support]:
        found: dict[str, Support] = {}
        for index in blocks:
            b = self._page.blocks[index]
            mentions = self._page.within(self._page.countries, b.start, b.end)
            for code, support in _distinct(mentions, step).items():
                found.setdefault(code, support)
        return found

    def _lead(self) -> frozenset[str]:
        """The countries of the title and the first paragraphs."""
        page = self._page
        read = [i for i, b in enumerate(page.blocks) if b.boilerplate is None][:_LEAD]
        return frozenset(self._in_blocks(read, "lead"))

    def _pair(self) -> frozenset[str]:
        """The two countries that the document is about, if there are two."""
        ranked = [(n, c) for c, n in self._counts.items() if c in self.lead]
        ranked.sort(key=lambda item: (-item[0], item[1]))
        total = sum(self._counts.values())
        least = 2 if total > _SHORT else 1
        if len(ranked) < 2 or ranked[1][0] < max(least, total * 0.15):
            return frozenset()
        if ranked[0][0] + ranked[1][0] < total * 0.5:
            return frozenset()
        if len(ranked) > 2 and ranked[2][0] * 2 > ranked[1][0]:
            return frozenset()
        return frozenset(code for _, code in ranked[:2])

    def _home(self) -> str | None:
        if self._page.document.source_country:
            return self._page.document.source_country
        if self.pair:
            return None
        ranked = sorted(self._counts.items(), key=lambda item: (-item[1], item[0]))
        if ranked and ranked[0][1] >= 0.3 * sum(self._counts.values()):
            return ranked[0][0]
        return None


def _is_in_name(r: Reading, index: int) -> bool:
    """Whether the name of a project begins before ``index`` and goes on: “the RTU Reef Centre”."""
    head = next((h for h in r.heads if h.first >= index), None)
    if head is None or head.rule.open:
        return False
    return all(w.is_capital and w.text[0].isalnum() for w in r.words[index : head.last])


def _distinct(mentions: Iterable[CountryMention], step: str) -> dict[str, Support]:
    found: dict[str, Support] = {}
    for m in mentions:
        if m.code not in found:
            found[m.code] = _support(m.code, m.start, m.end, m.rule, step)
    return found


def _support(code: str, start: int, end: int, rule: str, step: str) -> Support:
    return Support("countries", code, start, end, rule, step)
