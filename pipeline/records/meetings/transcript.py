"""A transcript of what two leaders said to each other is the record of their meeting."""

from __future__ import annotations

import re

from pipeline.edtf import Interval
from pipeline.records.meetings.frame import Actor, Frame
from pipeline.records.meetings.lexicon import LEADER, Lexicon
from pipeline.records.meetings.scene import Scene
from pipeline.records.meetings.where import PlaceReader
from pipeline.records.report import Support
from pipeline.rulebook.meetings import MeetingRule

_SPEAKER = re.compile(r"(?P<role>[A-Z][A-Z .]{3,40}) (?P<name>[A-Z][\w’'-]*[A-Z])[^\n:]{0,30}:")
_TIME = re.compile(r"\b\d{1,2}:\d\d [AP]\.?M\.?")
_BOTH = 2
_OPENING = 600
_WELCOMES = ("welcome to ", "welcome you to ", "welcome to the ", "here in ", "here to ")


class TranscriptReader:
    """Finds the meeting whose words a document records: “PRESIDENT RIVAS: …”."""

    def __init__(self, lexicon: Lexicon, rule: MeetingRule, places: PlaceReader) -> None:
        self._words = lexicon
        self._places = places
        self._rule = rule

    def read(self, scene: Scene) -> Frame | None:
        """The frame of a transcript in which two leaders of two countries speak."""
        published = scene.page.document.published
        speakers = self._leaders(scene) if published else {}
        if published is None or len(speakers) != _BOTH:
            return None
        first = min(speakers.values(), key=lambda m: m.start())
        sentence = scene.page.sentence_at(first.start())
        if sentence is None:
            return None
        span = first.span("role")
        frame = Frame(self._rule, sentence, span, span, span[1], None, self._rule.kind)
        frame.actors = [
            Actor(n.title(), None, LEADER, *m.span("name")) for n, m in speakers.items()
        ]
        self._add_sides(scene, frame)
        time = _TIME.search(scene.text, 0, first.start()) or first
        frame.interval = Interval.of(published)
        value, rule = published.isoformat(), self._rule.id
        frame.date = Support("date", value, time.start(), time.end(), rule, "document", "published")
        self._place(scene, frame)
        return frame if len(frame.codes) == _BOTH else None

    def _place(self, scene: Scene, frame: Frame) -> None:
        """The city to which the host welcomes the guest: “welcome to Suva”."""
        page, first = scene.page, frame.span[1]
        for mention in page.within(page.countries, first, first + _OPENING):
            before = scene.text[first : mention.start].lower()
            if mention.code in frame.codes and before.endswith(_WELCOMES) and frame.place is None:
                self._places.set(scene, frame, mention, "document")

    def _leaders(self, scene: Scene) -> dict[str, re.Match[str]]:
        """The first words of each leader, by name."""
        found: dict[str, re.Match[str]] = {}
        starts = [b.start for b in scene.page.blocks]
        capital = [s for s in starts if scene.text[s : s + 2].isupper()]
        for match in filter(None, (_SPEAKER.match(scene.text, s) for s in capital)):
            role = match["role"]
            leads = self._words.leaders.search(role)
            if leads and not self._words.lesser.search(role, 0, leads.start()):
                found.setdefault(match["name"], match)
        return found

    def _add_sides(self, scene: Scene, frame: Frame) -> None:
        """The two countries that the document is most about."""
        while len(frame.codes) < _BOTH:
            mention = scene.counterpart(*frame.codes)
            if mention is None:
                return
            frame.add_country(mention.code, mention.start, mention.end, "document")
