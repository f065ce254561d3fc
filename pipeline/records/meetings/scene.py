"""What a document says as a whole: its home country, its other side, its dateline."""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from pipeline.model import Block, CountryMention, DateMention
from pipeline.records.page import Page, Sentence

# What stands behind the date of a dateline; a verb shows that it is none.
_OPENING = re.compile(r"\s*[-–—:|(]|, [A-Z][\w ]+ ?[-–—:]")
# What stands between the two sides of something bilateral.
_PAIRED = re.compile(
    r"[-–—]| ?[-–—/] ?| and (?:the )?|(?:['’]s?)? (?:relations )?(?:with|and) (?:the )?"
)
_SENTENCE = re.compile(r"[a-z]{3}\.$")
_AGENCY = re.compile(
    r"[A-Z][^.\n]{0,70}?(?: -- ?|\) ?[-–—]+ ?| [–—] |\. \([^)\n]{2,30}\) ?[-–—]+ ?)"
)
# “THE PRESIDENT: ” in a transcript.
_SPEAKER = re.compile(r"[A-Z][A-Z .’'-]{2,40}: ")
_CAPITAL = re.compile(r"\s+[A-Z]")
_MAX_LEFT = 45
_SHORT = 60
_HEADLINE = 150
# So many blocks above an item its list may begin.
_REACH = 80
_LEAD_BLOCKS = 8
_LEADS = 3


@dataclass(frozen=True)
class Dateline:
    """The date and place that open the text of a document; ``block`` holds them."""

    block: int
    date: DateMention
    place: CountryMention | None


class Scene:
    """A page with what is read from it once."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.text = page.text

    @cached_property
    def mentions(self) -> list[CountryMention]:
        """The country mentions outside of boilerplate."""
        return [
            m
            for m in self.page.countries
            if (s := self.page.sentence_at(m.start)) and m.start >= s.start
        ]

    @cached_property
    def counts(self) -> Counter[str]:
        """How often each country is mentioned."""
        return Counter(m.code for m in self.mentions)

    @cached_property
    def home(self) -> str | None:
        """The country of the publisher; that of a news agency only where the text names it."""
        document = self.page.document
        home = document.source_country
        return home if document.source_kind != "news" or self.counts[home or ""] else None

    @cached_property
    def citizens(self) -> dict[str, str]:
        """The country of each person, by name and surname, where the document tells one."""
        known: dict[str, str] = {}
        for person in reversed(self.page.people):
            if person.country:
                known[person.name] = known[person.name.split()[-1]] = person.country
        return known

    @cached_property
    def lead_end(self) -> int:
        """Where the title and the first paragraphs end."""
        bodies = 0
        for sentence in self.page.sentences:
            if self.page.blocks[sentence.block].kind != "heading" and not self._is_dateline(
                sentence.block
            ):
                bodies += 1
            if bodies > _LEADS:
                return sentence.start
        return len(self.text)

    @cached_property
    def first_end(self) -> int:
        """Where the first sentence of the body ends."""
        for sentence in self.page.sentences:
            is_body = self.page.blocks[sentence.block].kind != "heading"
            if is_body and not self._is_dateline(sentence.block):
                return sentence.end
        return 0

    def is_title(self, block: int) -> bool:
        """Whether a block is a heading, or the headline behind a date line."""
        own = self.page.blocks[block]
        line = self.dateline
        if own.kind == "heading" or line is None:
            return own.kind == "heading"
        dated = self.page.blocks[line.block]
        stamped = block <= line.block and dated.end - dated.start < _HEADLINE
        return stamped and self._is_title_like(own)

    def is_stamp(self, date: DateMention) -> bool:
        """Whether a date is printed before a title: “May 5, 2014 Results of the Meeting”."""
        line = self.dateline
        sentence = self.page.sentence_at(date.start)
        if (line is not None and date is line.date) or sentence is None:
            return line is not None and date is line.date
        block = self.page.blocks[sentence.block]
        opens = date.start == block.start and _CAPITAL.match(self.text, date.end)
        return bool(opens) and self._is_title_like(block)

    def _is_dateline(self, block: int) -> bool:
        return self.dateline is not None and self.dateline.block == block

    def first_mention(self, code: str) -> CountryMention | None:
        """Where a country is first named, by its name rather than through something in it."""
        return self._named.get(code) or self._seen.get(code)

    @cached_property
    def _named(self) -> dict[str, CountryMention]:
        return {m.code: m for m in reversed(self.mentions) if m.via in {"name", "demonym"}}

    @cached_property
    def _seen(self) -> dict[str, CountryMention]:
        return {m.code: m for m in reversed(self.mentions)}

    @cached_property
    def _in_lead(self) -> Counter[str]:
        return Counter(m.code for m in self.mentions if m.start < self.lead_end)

    @cached_property
    def _pairs(self) -> Counter[frozenset[str]]:
        """How often two countries stand side by side: “the Kenya-Fiji MoU”, “Kenya and Fiji”."""
        found: Counter[frozenset[str]] = Counter()
        for one, other in pairwise(self.mentions):
            if one.code != other.code and _PAIRED.fullmatch(self.text, one.end, other.start):
                found[frozenset((one.code, other.code))] += 1
        return found

    def counterpart(self, *codes: str | None) -> CountryMention | None:
        """The side of the document besides ``codes``: paired with them, or named widely."""
        others = [code for code in self.counts if code not in codes]
        others = [code for code in others if code in self._sides] or others
        if not others:
            return None
        weights = self._weights(set(codes))
        best = min(others, key=lambda code: (-weights[code], code))
        known = best in self._in_lead or self.counts[best] > 1 or len(others) == 1
        known &= best in self._sides or self.counts[best] > 1
        return self.first_mention(best) if known else None

    @cached_property
    def _sides(self) -> set[str]:
        """The countries that are named, and not only places in them."""
        return {m.code for m in self.mentions if m.via != "place"}

    def _weights(self, codes: set[str | None]) -> Counter[str]:
        """How much the document is about each country beside ``codes``."""
        weights = self.counts + self._in_lead + self._in_lead
        for pair, number in self._pairs.items():
            if pair & codes:
                for code in pair:
                    weights[code] += 3 * number
        return weights

    @cached_property
    def roles(self) -> dict[str, str]:
        """The first role that the document gives to each person."""
        return {p.name: p.role for p in reversed(self.page.people) if p.role}

    def above(self, block: int) -> Iterator[int]:
        """The blocks above one, as far as a list may reach."""
        return (
            i
            for i in range(block - 1, max(-1, block - 1 - _REACH), -1)
            if self.page.blocks[i].boilerplate is None
        )

    def lead_in(self, block: int) -> int | None:
        """The block that introduces the list that a bullet or table row is an item of."""
        own = self.page.blocks[block]
        if own.kind not in {"bullet", "table_row"}:
            return None
        for index in self.above(block):
            other = self.page.blocks[index]
            if other.kind != own.kind or other.depth < own.depth:
                return index
        return None

    def heading(self, block: int) -> int | None:
        """The nearest heading above a block."""
        return next((i for i in self.above(block) if self._heads(i)), None)

    def _heads(self, block: int) -> bool:
        """A heading, or a short line that a colon ends."""
        own = self.page.blocks[block]
        short = own.kind == "paragraph" and own.end - own.start < _HEADLINE
        return own.kind == "heading" or (short and self.text.endswith(":", own.start, own.end))

    def siblings(self, block: int) -> list[int]:
        """The bullets above one in its group, the nearest first."""
        group = self.page.blocks[block].group
        near = [i for i in self.above(block) if self.page.blocks[i].group == group]
        return [i for i in near if self.page.blocks[i].kind == "bullet"]

    def before(self, sentence: Sentence) -> Sentence | None:
        """The sentence before one."""
        index = bisect_left(self.page.sentences, sentence)
        return self.page.sentences[index - 1] if index else None

    def body_start(self, block: int) -> int:
        """Where the text of a block begins behind “SUVA, May 5 (Agency) -- ” or a speaker's label."""
        own = self.page.blocks[block]
        match = _AGENCY.match(self.text, own.start, own.end) or _SPEAKER.match(
            self.text, own.start, own.end
        )
        return match.end() if match else own.start

    @cached_property
    def dateline(self) -> Dateline | None:
        """The dateline, where it names the day of publication."""
        published = self.page.document.published
        if published is None or not self._is_dated(published):
            return None
        first = [i for i, b in enumerate(self.page.blocks) if b.boilerplate is None]
        for index in first[:_LEAD_BLOCKS]:
            block = self.page.blocks[index]
            found = next(self._dates_of_dateline(block, published.isoformat()), None)
            if found:
                return Dateline(index, found, self._place_of_dateline(block, found))
        return None

    @cached_property
    def day(self) -> Dateline | None:
        """The dateline, or where the lead says “today”: the day of what is reported."""
        if self.dateline:
            return self.dateline
        published = self.page.document.published
        for date in self.page.within(self.page.dates, 0, self.lead_end):
            told = date.resolved_from == "document_date"
            sentence = self.page.sentence_at(date.start)
            if told and sentence and date.interval.first == published == date.interval.last:
                return Dateline(sentence.block, date, None)
        return None

    def _is_dated(self, published: dt.date) -> bool:
        """Whether any date of the text is the day of publication."""
        days = (date.interval for date in self.page.dates)
        return any(day.first == published == day.last for day in days)

    def _dates_of_dateline(self, block: Block, published: str) -> Iterator[DateMention]:
        for date in self.page.within(self.page.dates, block.start, block.end):
            if str(date.interval) != published:
                continue
            if self._is_title_like(block) and self._is_apart(block, date):
                yield date
            if date.start - block.start > _MAX_LEFT:
                continue
            rest = self.text[date.end : block.end]
            whole = len(rest) < _SHORT and not _SENTENCE.search(self.text, block.start, block.end)
            opening = _OPENING.match(rest) and date.resolved_from != "document_date"
            if whole or opening:
                yield date

    def _is_title_like(self, block: Block) -> bool:
        """A heading, or a short line that no full stop ends."""
        short = block.end - block.start < _HEADLINE and not self.text.endswith(".", 0, block.end)
        return block.kind == "heading" or short

    def _is_apart(self, block: Block, date: DateMention) -> bool:
        """Whether a date opens a heading, or stands behind its colon, dash or bracket."""
        before = self.text[block.start : date.start].rstrip()
        return not before or before.endswith((":", "-", "–", "—", "(", "|"))

    def _place_of_dateline(self, block: Block, date: DateMention) -> CountryMention | None:
        """“SUVA, 5 May 2014 –”, “5 May 2014, Suva”; not the city of the news agency."""
        end = min(block.end, date.end + _MAX_LEFT)
        for mention in self.page.within(self.page.countries, block.start, end):
            before, behind = (
                self.text[block.start : mention.start],
                self.text[date.end : mention.start],
            )
            if mention.via in {"place", "name"} and not (before.strip() and behind.strip(" ,–-\n")):
                return mention
        return None
