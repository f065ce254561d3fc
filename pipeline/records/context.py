"""What a document gives to a frame from outside of its sentence: the sides, the event."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator

from pipeline.edtf import parse
from pipeline.model import CountryMention
from pipeline.records.event import Event, EventWords
from pipeline.records.frames import Frame, date_support
from pipeline.records.page import Page
from pipeline.records.parties import Side
from pipeline.records.phrases import Phrases
from pipeline.records.report import Support
from pipeline.records.tokens import Token
from pipeline.rulebook.agreements import AgreementWords

# So many blocks from the top make title and lead.
_LEAD = 4
# A context names the sides of an instrument when it names at most so many countries.
_MOST_SIDES = 4
# The same moment may have two dates on the two sides of the world.
_ZONE = dt.timedelta(days=1)
_DAYS = frozenset({"day", "range"})
_WEAK_STATES = frozenset({"announced"})
_NEAR = 6
_BESIDE = 4
_RELATIVE = 12
# The length of a country's code; a bloc has a longer acronym.
_CODE = 2
_STAGED = frozenset({"signed", "launched", "planned", "in_creation", "announced"})


class ContextWords:
    """The words that contexts are read by."""

    def __init__(self, words: AgreementWords) -> None:
        self.home = Phrases((w, None) for w in words.home)
        self.both = Phrases((w, None) for w in words.both)
        self.same_event = Phrases((w, None) for w in words.same_event)
        self.together = Phrases((w, None) for w in words.together)
        self.means = frozenset(words.means)
        self.the = words.definite[0]
        self.perfect = frozenset(words.perfect)
        self.event = EventWords(words)
        self.worldwide = frozenset(words.worldwide)
        self.city_states = frozenset(words.city_states)


class Context:
    """The sides that the surroundings of a block name, nearest first."""

    def __init__(self, page: Page, words: ContextWords, *, joint: bool = False) -> None:
        self.page = page
        self._joint = joint
        self._needs: dict[str, Callable[[Frame], bool]] = {
            "back": _points_back,
            "two": _has_two,
            "sides": self._has_sides,
            "worldwide": self._is_shared,
            "name": _is_named,
            "made": lambda frame: _is_made(frame) and len(frame.codes()) > 0,
            "stage": self._has_stage,
        }
        self._words = words
        self.counts = Counter(c.code for c in page.countries if c.via != "place")
        content = [i for i, b in enumerate(page.blocks) if b.boilerplate is None]
        self.lead = content[:_LEAD]
        self.lead_end = page.blocks[self.lead[-1]].end if self.lead else 0
        self.title_end = self._title_end()
        self.main = self._main()
        self.event = Event(page, words.event, self.lead)

    def _title_end(self) -> int:
        """The end of the headline: a heading at the top, or a line there without full stop."""
        for index in self.lead[:1]:
            block = self.page.blocks[index]
            line = self.page.text[block.start : block.end].rstrip()
            if block.kind == "heading" or not line.endswith((".", ":", ";", "”", '"')):
                return block.end
        return 0

    def is_specific(self, frame: Frame) -> bool:
        """Whether a frame tells of one instrument rather than of instruments in general."""
        instrument = frame.instrument
        if frame.cue and frame.cue.state == "negated":
            return False
        if frame.follows:
            return True
        if instrument.generic and not (instrument.is_group and instrument.count):
            return False
        if instrument.is_group and instrument.count is None:
            return False
        return self._needs_met(frame)

    def _needs_met(self, frame: Frame) -> bool:
        met = self._needs.get(frame.instrument.rule.needs)
        return met is None or met(frame)

    def may_join(self, frame: Frame) -> bool:
        """Whether a name without sides may be short for one told of: “the Reef Framework”."""
        definite = frame.instrument.article == "definite"
        return frame.instrument.rule.needs == "sides" and definite and _is_named(frame)

    def _has_stage(self, frame: Frame) -> bool:
        """A stage beside the noun, sides in an existing one, or a name."""
        near = frame.cue and frame.cue.distance <= _NEAR and frame.cue.state not in _WEAK_STATES
        named = frame.instrument.capital or self.is_means(frame)
        existing = len(frame.codes("phrase")) > 1 and named
        owned = frame.item or frame.instrument.modifiers
        return bool(near) or existing or (frame.instrument.capital and owned)

    def _has_sides(self, frame: Frame) -> bool:
        """A named partnership: two sides in its name, or set up by two sides."""
        if not _is_named(frame):
            return False
        reach = _RELATIVE if frame.codes("clause") else _BESIDE
        made = frame.cue and frame.cue.state in _STAGED and frame.cue.distance <= reach
        phrase = frame.codes("phrase")
        if len(phrase) > 1 or frame.is_of_bloc or (bool(made) and _has_several(frame)):
            return True
        if self._is_used(frame):
            return True
        domestic = any(len(code) == 2 for code in phrase)
        return not domestic and len(self.main) == 2 and self.is_means(frame)

    def _is_shared(self, frame: Frame) -> bool:
        """An alliance of many states, or one with a name that several set up."""
        return self._is_used(frame) or (not frame.codes("phrase") and self._has_sides(frame))

    def _is_used(self, frame: Frame) -> bool:
        """Whether a sentence speaks of what is done under an instrument of many states."""
        return self.is_worldwide(frame) and (self.is_means(frame) or bool(frame.cue))

    def is_means(self, frame: Frame) -> bool:
        """Whether a name of several words stands as the means of a cooperation: “under the …”."""
        instrument = frame.instrument
        if instrument.article != "definite" or not (instrument.complement or instrument.modifiers):
            return False
        before = [t.low for t in instrument.tokens[: instrument.first]][-3:]
        owned = before[-1:] != [self._words.the]
        return not owned and any(word in self._words.means for word in before)

    def is_worldwide(self, frame: Frame) -> bool:
        """Whether an instrument has more parties than the text names: “Global …”, “Paris Agreement”."""
        instrument = frame.instrument
        if instrument.rule.worldwide:
            return True
        if not instrument.capital or frame.follows:
            return False
        before = [t for t in instrument.phrase if t.end <= instrument.head[0]]
        if any(t.low in self._words.worldwide for t in before):
            return True
        named = [t for t in before if isinstance(t.mention, CountryMention)]
        return len(named) == 1 and self._is_city(named[0]) and before[-1] is named[0]

    def bloc_before(self, frame: Frame) -> Side | None:
        """The bloc that the block names before a frame: “the BRICS summit … the Suva Declaration”."""
        start = self.page.blocks[frame.block].start
        named = self.page.within(self.page.institutions, start, frame.instrument.start)
        blocs = [i for i in named if i.kind == "intergovernmental" and i.acronym]
        return Side(blocs[0].start, blocs[0].end, blocs[0].acronym, "block") if blocs else None

    def _is_city(self, token: Token) -> bool:
        mention = token.mention
        if not isinstance(mention, CountryMention):
            return False
        city = mention.via == "place" and mention.place is not None
        return city or token.low in self._words.city_states

    def sides(self, frame: Frame) -> Iterator[list[Side]]:
        """The sides named around a frame: before it, in its list, its heading, the title."""
        page, block = self.page, frame.block
        start = page.blocks[block].start
        if page.blocks[block].kind != "bullet" and self.names_both(frame):
            yield self.main
        if self.speaks_together(frame):
            yield self.main or self.named_in_lead()
        yield self._named(start, frame.instrument.sentence.start, "block")
        lead_in = page.lead_in(block)
        if lead_in is not None:
            yield self._named(page.blocks[lead_in].start, page.blocks[lead_in].end, "list")
        if page.blocks[block].kind != "table_row":
            group = page.group(block)
            yield self._named(page.blocks[group[0]].start, start, "list")
        heading = page.heading_above(block)
        if heading is not None:
            yield self._named(page.blocks[heading].start, page.blocks[heading].end, "heading")
        yield self.main

    def named_in_lead(self) -> list[Side]:
        """The countries that title and first paragraph name."""
        if not self.lead:
            return []
        end = self.page.blocks[self.lead[:2][-1]].end
        seen: dict[str, Side] = {}
        for c in self.page.within(self.page.countries, 0, end):
            if c.via != "place":
                seen.setdefault(c.code, Side(c.start, c.end, c.code, "lead"))
        return list(seen.values())

    def release(self, start: int, end: int) -> Support | None:
        """The day of publication as that of a text that the document itself is."""
        published = self.page.document.published
        if published is None:
            return None
        rule = "agreements/date-released"
        return Support("date", published.isoformat(), start, end, rule, "document", "published")

    def is_later(self, date: Support, status: Support) -> bool:
        """Whether a date lies behind the day of publication, which no stage reached so far can."""
        published = self.page.document.published
        if published is None or status.value == "proposed":
            return False
        return parse(str(date.value)).first > published + _ZONE

    def is_of_event(self, start: int, end: int) -> bool:
        """Whether a span says that it happened at the event that the release reports."""
        text = self.page.text
        return self.event.is_here(start, end) or bool(self._words.same_event.all(text, start, end))

    def speaks_as_home(self, frame: Frame) -> bool:
        """Whether the publisher speaks for its country: “we”, “the Ministry”."""
        source = self.page.document.source_country
        if not source:
            return False
        if source in self.counts:
            return True
        start, end = self.page.blocks[frame.block].start, self.page.blocks[frame.block].end
        return bool(self._words.home.all(self.page.text, start, end))

    def is_perfect(self, position: int) -> bool:
        """Whether the words before a verb set it in the perfect tense."""
        words = self.page.text[max(0, position - 24) : position].lower().split()
        return any(word in self._words.perfect for word in words[-2:])

    def date_before(self, frame: Frame) -> Support | None:
        """The nearest day of the earlier sentences of the block, as in “A met B on …. They signed …”."""
        page, start = self.page, self.page.blocks[frame.block].start
        days = page.within(page.dates, start, frame.instrument.sentence.start)
        days = [d for d in days if d.interval.granularity in _DAYS]
        if days:
            return date_support(days[-1], "block")
        lead_in = page.lead_in(frame.block)
        if lead_in is None:
            return None
        days = page.within(page.dates, page.blocks[lead_in].start, page.blocks[lead_in].end)
        days = [d for d in days if d.interval.granularity in _DAYS]
        return date_support(days[-1], "list") if days else None

    def place_in(self, position: int) -> Support | None:
        """The city that the sentence at a position is set in."""
        sentence = self.page.sentence_at(position)
        return self.event.venue(sentence.start, sentence.end) if sentence else None

    def protagonist(self, found: set[str]) -> Side | None:
        """The country that the document names most, if title or lead name it."""
        for code, _ in self.counts.most_common(1):
            first = next(c for c in self.page.countries if c.code == code and c.via != "place")
            if code not in found and first.start < self.lead_end:
                return Side(first.start, first.end, code, "document")
        return None

    def speaks_together(self, frame: Frame) -> bool:
        """Whether the sides of a joint statement say in a sentence what “we” do."""
        sentence = frame.instrument.sentence
        span = (sentence.start, sentence.end)
        return self._joint and bool(self._words.together.all(self.page.text, *span))

    def names_both(self, frame: Frame) -> bool:
        """Whether the sentence speaks of two sides named before: “both countries”."""
        sentence = frame.instrument.sentence
        return bool(self._words.both.all(self.page.text, sentence.start, sentence.end))

    def _named(self, start: int, end: int, step: str) -> list[Side]:
        """The countries named in a span, without mere places, in the order of the text."""
        seen: dict[str, Side] = {}
        for c in self.page.within(self.page.countries, start, end):
            if c.via != "place":
                seen.setdefault(c.code, Side(c.start, c.end, c.code, step))
        return list(seen.values()) if len(seen) <= _MOST_SIDES else []

    def _hosted(self) -> list[Side]:
        """Two sides of which the city of their meeting stands for one: “Khartoum — …”."""
        countries = self.page.countries
        codes = {c.code for c in countries if c.start < self.lead_end}
        if len(codes) != 2 or len(self.counts) != 1 or not self._words.both.all(self.page.text):
            return []
        firsts = {c.code: c for c in reversed(countries) if c.code in codes}
        return [Side(c.start, c.end, c.code, "document") for _, c in sorted(firsts.items())]

    def _main(self) -> list[Side]:
        """The two sides that the document is about: of its title, else those named most."""
        page = self.page
        for block in self.lead:
            sides = self._named(page.blocks[block].start, page.blocks[block].end, "lead")
            if len(sides) == 2:
                return sides
        if hosted := self._hosted():
            return hosted
        ranked = self.counts.most_common(3)
        if len(ranked) > 2 and ranked[2][1] >= ranked[1][1]:
            return []
        best = [code for code, n in ranked[:2] if n > 1]
        found = []
        for code in best:
            first = next(c for c in page.countries if c.code == code and c.via != "place")
            found.append(Side(first.start, first.end, code, "document"))
        return found if len(found) > 1 else []


def _has_two(frame: Frame) -> bool:
    """Whether a sentence names two sides, one behind “with”, or leaves the signers unsaid."""
    if frame.instrument.article == "definite" or any(s.partner for s in frame.sides):
        return True
    unsaid = frame.instrument.complement and _is_made(frame) and not frame.codes()
    return len(frame.codes()) > 1 or unsaid


def _has_several(frame: Frame) -> bool:
    """Whether two sides, or a bloc of several, stand in a frame's clause."""
    codes = frame.codes("phrase", "clause")
    return len(codes) > 1 or any(len(code) > _CODE for code in codes)


def _points_back(frame: Frame) -> bool:
    return frame.instrument.article == "definite" and bool(frame.cue)


def _is_made(frame: Frame) -> bool:
    """Whether the sides signed or launched what a frame names."""
    cue = frame.cue
    if cue is None or cue.status != "signed" or cue.state in _WEAK_STATES:
        return False
    return cue.end <= frame.start and cue.distance <= _BESIDE


def _is_named(frame: Frame) -> bool:
    """Whether capitals make a name: “Suva Accord”, “Convention on Reefs”, “Cooperation Programme”."""
    instrument = frame.instrument
    nouns = [t for t in instrument.phrase if instrument.head[0] <= t.start < instrument.head[1]]
    long = instrument.modifiers or instrument.complement or len(nouns) > 1
    return instrument.capital and long
