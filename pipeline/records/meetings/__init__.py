"""Meetings that a document reports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.records.meetings.acronyms import with_acronyms
from pipeline.records.meetings.build import FrameBuilder
from pipeline.records.meetings.finish import Finisher
from pipeline.records.meetings.frame import Frame
from pipeline.records.meetings.lexicon import Lexicon
from pipeline.records.meetings.merge import Merger
from pipeline.records.meetings.orphans import OrphanReader
from pipeline.records.meetings.phrase import Trigger
from pipeline.records.meetings.scene import Scene
from pipeline.records.meetings.sides import ContextFiller
from pipeline.records.meetings.transcript import TranscriptReader
from pipeline.records.meetings.verbs import may_tell
from pipeline.records.meetings.where import PlaceReader
from pipeline.records.page import Page, Sentence
from pipeline.records.report import Report
from pipeline.records.status import StatusReader
from pipeline.rulebook.book import RuleBook

# A sentence is read so far around its first trigger, and so many triggers of it at once.
_LONGEST = 1000
Span = tuple[int, int]
_MOST = 40
# Triggers so far from each other are no phrase together; a verb so far behind one isn't its own.
_APART = 80
_FAR_VERB = 260


class MeetingFinder:
    """Finds the meetings of a document.

    Triggers (``rules/meetings.toml``) are found in one pass. Each opens a frame that its clause
    fills; what the clause leaves out comes from the list, the block, the heading, the visit and
    the document. Frames of one meeting are merged. What has no foreign side is left out.
    """

    def __init__(self, rules: RuleBook) -> None:
        self._words = Lexicon(rules.meetings)
        countries = rules.geography.countries
        self._builder = FrameBuilder(self._words, StatusReader(rules.status, "meeting"), countries)
        self._filler = ContextFiller(self._words)
        self._merger = Merger(self._words)
        self._orphans = OrphanReader(self._words)
        places = PlaceReader(self._words, countries)
        self._transcripts = TranscriptReader(self._words, rules.meetings.transcript, places)
        self._finisher = Finisher(self._words, places)

    def find(self, page: Page, agreements: Sequence[Report] = ()) -> list[Report]:
        """The reports of a page, merged: one for each meeting that the document tells of.

        The texts of ``agreements`` are no parties of a meeting that they stand beside.
        """
        scene = Scene(page)
        frames: list[Frame] = []
        barred = _titles(agreements)
        for sentence, triggers in self._by_sentence(page):
            frames += self._builder.build(scene, sentence, triggers, barred)
        for frame in frames:
            frame.title = scene.is_title(frame.sentence.block)
            if not frame.anaphoric:
                self._filler.fill(scene, frame)
        records, orphans = self._merger.merge(frames)
        for orphan in orphans:
            self._adopt(scene, records, orphan, barred)
        if spoken := self._transcripts.read(scene):
            self._merger.add(records, spoken)
        records.sort(key=lambda f: (f.title, f.span))
        return self._finisher.finish(scene, records, agreements)

    def journey(self, page: Page) -> list[Report]:
        """The meetings of a page that names just one country: those of a journey to it, else none."""
        if page.document.source_country is not None:
            return []
        reports = self.find(page) if self._words.foreign.search(page.text) else []
        abroad = any(r.first("kind") == "visit" for r in reports)
        return reports if abroad else []

    def _adopt(self, scene: Scene, records: list[Frame], frame: Frame, barred: list[Span]) -> None:
        """Makes a record of what refers back to none, where it tells enough."""
        if not self._orphans.tells(scene, frame, records) or self._merger.add(records, frame):
            return
        frame.anaphoric = False
        if self._builder.complete(scene, frame, barred):
            self._orphans.surround(scene, frame, records)
            self._filler.fill(scene, frame)
            self._merger.add(records, frame)

    def _that_took_place(self, text: str, triggers: Sequence[Trigger]) -> list[Trigger]:
        """The triggers without “the signing” of texts that don't say that it took place."""
        return [
            trigger
            for trigger, near in _neighbours(triggers)
            if near
            or trigger.item[0].needs != "behind"
            or self._words.took_place.search(text, trigger.end, trigger.end + _FAR_VERB)
        ]

    def _by_sentence(self, page: Page) -> list[tuple[Sentence, list[Trigger]]]:
        """The sentences that hold triggers, with those triggers."""
        found: list[tuple[Sentence, list[Trigger]]] = []
        triggers = self._words.triggers.longest(page.text)
        triggers = [t for t in triggers if may_tell(page, t)]
        triggers = self._that_took_place(page.text, triggers)
        for trigger in with_acronyms(page.text, triggers):
            sentence = page.sentence_at(trigger.start)
            if sentence is None or trigger.end > sentence.end or trigger.start < sentence.start:
                continue
            if found and _reaches(found[-1], sentence, trigger):
                found[-1][1].append(trigger)
            else:
                found.append((_window(sentence, trigger), [trigger]))
        return found


def _neighbours(triggers: Sequence[Trigger]) -> Iterator[tuple[Trigger, bool]]:
    """Each trigger, and whether another stands so near that both may be one phrase."""
    for index, trigger in enumerate(triggers):
        before = triggers[index - 1].end if index else -_APART
        after = triggers[index + 1].start if index + 1 < len(triggers) else trigger.end + _APART
        yield trigger, trigger.start - before < _APART or after - trigger.end < _APART


def _window(sentence: Sentence, trigger: Trigger) -> Sentence:
    """The sentence, or what stands around a trigger in one that never ends."""
    start = max(sentence.start, trigger.start - _LONGEST)
    end = min(sentence.end, trigger.start + 2 * _LONGEST)
    return Sentence(start, end, sentence.block)


def _reaches(last: tuple[Sentence, list[Trigger]], sentence: Sentence, trigger: Trigger) -> bool:
    """Whether a trigger stands in the window of the ones before it."""
    window, triggers = last
    inside = sentence.start <= window.start and trigger.end <= window.end <= sentence.end
    return inside and len(triggers) < _MOST


def _titles(agreements: Sequence[Report]) -> list[Span]:
    """Where the titles of agreements stand: their countries needn't be at the meeting."""
    return [(v.start, v.end) for a in agreements for v in a.values if v.field == "title"]
