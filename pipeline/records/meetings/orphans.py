"""What refers back to a meeting that the text told of nowhere else: some of it tells enough."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.records.meetings.frame import Frame
from pipeline.records.meetings.lexicon import Lexicon
from pipeline.records.meetings.phrase import Phrase
from pipeline.records.meetings.scene import Scene
from pipeline.records.report import Support

_BOTH = 2
_NEAR = 60


class OrphanReader:
    """Tells which words that refer back make a record where nothing stands before them.

    “The MoU was signed during the visit” tells of a visit, “at the 2021 Reef Dialogue” of a
    dialogue; “the meeting” alone tells of nothing.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._words = lexicon

    def tells(self, scene: Scene, frame: Frame, records: Sequence[Frame]) -> bool:
        """Whether a frame without antecedent tells of a meeting by itself."""
        if frame.weak:
            return True
        phrase = frame.phrase
        if phrase is None or phrase.plural or frame.title:
            return False
        if frame.kind == "visit":
            known = any(r.kind == "visit" for r in records)
            return not known and self._attended(scene, frame)
        if not phrase.proper or frame.rule.level == "open":
            return False
        near = frame.date is not None and 0 <= frame.date.start - frame.span[1] <= _NEAR
        dated = phrase.date is not None or near or frame.place is not None
        told = self._attended(scene, frame) or self._between(scene, phrase)
        return dated and told

    def _between(self, scene: Scene, phrase: Phrase) -> bool:
        """“The Suva Summit between President Rivas and President Otieno”."""
        return len(scene.page.within(scene.page.people, phrase.head[1], phrase.full[1])) > 1

    def _attended(self, scene: Scene, frame: Frame) -> bool:
        """Whether something happened “at”, “during” or “in” it, or it is the subject."""
        dated = frame.phrase.date if frame.phrase else None
        start = min(frame.span[0], dated.start) if dated else frame.span[0]
        before = scene.text[max(frame.sentence.start, start - _NEAR) : start]
        opens = len(before.split()) <= 1
        return opens or bool(self._words.occasion.search(before))

    def surround(self, scene: Scene, frame: Frame, records: Sequence[Frame]) -> None:
        """A visit takes sides, day and place from the record told of before it, or beside it."""
        if frame.kind != "visit":
            return
        before = [r for r in records if r.sentence.start <= frame.sentence.start]
        near = next((r for r in reversed(before) if _is_held(r)), None)
        if near is None:
            self._from_sentence_before(scene, frame)
            return
        for support in near.countries if len(frame.codes) < _BOTH else ():
            frame.add_country(str(support.value), support.start, support.end, "anaphora")
        if frame.date is None and near.date:
            frame.date, frame.interval = near.date, near.interval
        frame.place = frame.place or near.place

    def _from_sentence_before(self, scene: Scene, frame: Frame) -> None:
        """“In April, … . During that visit, …”: the only date of the sentence before."""
        sentence = scene.before(frame.sentence)
        if frame.date or sentence is None:
            return
        dates = scene.page.within(scene.page.dates, sentence.start, sentence.end)
        if len(dates) == 1:
            date = dates[0]
            value, rule = str(date.interval), frame.rule.id
            frame.date = Support("date", value, date.start, date.end, rule, "block")
            frame.interval = date.interval


def _is_held(record: Frame) -> bool:
    """Whether a record with both sides took place."""
    held = record.status is None or record.status.value == "held"
    return held and len(record.codes) >= _BOTH and record.kind != "conference"
