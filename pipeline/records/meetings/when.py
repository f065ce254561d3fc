"""The date of a meeting."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from pipeline.edtf import Interval
from pipeline.model import DateMention
from pipeline.records.meetings.frame import Frame
from pipeline.records.meetings.lexicon import Lexicon
from pipeline.records.meetings.scene import Scene
from pipeline.records.report import Support

_FAR = 40
# “in March at the Dialogue”
_AT = re.compile(r" (?:at|during) (?:the )?")


class DateReader:
    """Finds the date that a clause gives to its meeting."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._words = lexicon

    def read(self, scene: Scene, frame: Frame, others: Sequence[tuple[int, int]]) -> None:
        """Sets the date of the frame, if its clause or the opening of its sentence has one."""
        inside = frame.phrase.date if frame.phrase else None
        if inside and self._spoken_at(scene, frame, inside):
            return
        found = self._best(scene, frame, frame.clause, others)
        if inside and not (found and _within(found.interval, inside.interval)):
            found = inside
        step = "phrase" if inside and found is inside else "clause"
        if found is None:
            found = self._opening(scene, frame)
            step = "sentence"
        if found is None:
            self._today(scene, frame)
            return
        self._set(frame, found.interval, found, step)
        self._stretch(scene, frame, found)

    def _set(self, frame: Frame, interval: Interval, mention: DateMention, step: str) -> None:
        frame.interval = interval
        frame.date = Support("date", str(interval), mention.start, mention.end, frame.rule.id, step)

    def _best(
        self, scene: Scene, frame: Frame, clause: tuple[int, int], others: Sequence[tuple[int, int]]
    ) -> DateMention | None:
        planned = frame.status is not None and frame.status.value == "planned"
        dates = [
            d
            for d in scene.page.within(scene.page.dates, *clause)
            if d.interval.granularity != "decade"
            and not (frame.phrase and d is frame.phrase.date)
            and not (
                frame.apart and d.start < frame.span[1] and (_is_proper(frame) or not _is_today(d))
            )
            and self._is_own(scene, frame, d, clause, planned=planned)
            and not self._taken(scene, frame, d, others)
        ]
        return min(dates, key=lambda d: _distance(frame.span, (d.start, d.end)), default=None)

    def _is_own(
        self,
        scene: Scene,
        frame: Frame,
        date: DateMention,
        clause: tuple[int, int],
        *,
        planned: bool = False,
    ) -> bool:
        """Whether the words beside a date make it the day of what is told."""
        text = scene.text
        if scene.is_stamp(date) or text.startswith(("’s ", "'s "), date.end):
            return False
        if _AT.fullmatch(text, date.end, max(date.end, frame.span[0])):
            return True
        before = text[max(clause[0], date.start - _FAR) : date.start]
        if self._words.not_date_before.search(before):
            return planned and before.removesuffix("the ").endswith(" by ")
        return self._is_relative(text, date) or self._is_introduced(before)

    def _is_relative(self, text: str, date: DateMention) -> bool:
        """“Yesterday”, “next month”, “today (05)”: they need no preposition."""
        relative = date.resolved_from == "document_date" and date.interval.granularity != "year"
        return relative or bool(self._words.today.search(text, date.start - 15, date.end))

    def _is_introduced(self, before: str) -> bool:
        """Whether a preposition, a comma or the beginning of the clause opens the date."""
        if not before.strip() or before.endswith(("(", ", ")):
            return True
        return bool(self._words.date_before.search(before))

    def _taken(
        self, scene: Scene, frame: Frame, date: DateMention, others: Sequence[tuple[int, int]]
    ) -> bool:
        """Whether another trigger's words stand between and directly before the date."""
        if date.start < frame.span[0]:
            return False
        if self._words.other_verbs.search(scene.text, frame.span[1], date.start):
            return frame.kind != "ceremony"
        between = [o for o in others if frame.span[1] <= o[0] and o[1] <= date.start]
        if frame.anaphoric and between:
            return True
        return any(", " in scene.text[frame.span[1] : o[0]] for o in between)

    def _opening(self, scene: Scene, frame: Frame) -> DateMention | None:
        """“On 5 May 2014, …” dates the whole sentence."""
        sentence = frame.sentence
        dates = scene.page.within(scene.page.dates, sentence.start, sentence.end)
        if dates and dates[0].start - sentence.start < 20 and dates[0].end < frame.span[0]:
            return (
                dates[0]
                if self._is_own(scene, frame, dates[0], (sentence.start, sentence.end))
                else None
            )
        return None

    def _today(self, scene: Scene, frame: Frame) -> None:
        """“Earlier this morning” is the day of publication, which a date of the text may name."""
        match = self._words.today.search(scene.text, *frame.clause) or self._present(scene, frame)
        published = scene.page.document.published
        apart = frame.apart and _is_proper(frame)
        if match is None or published is None or frame.anaphoric or apart:
            return
        frame.interval = Interval.of(published)
        frame.date = Support(
            "date", published.isoformat(), match.start(), match.end(), frame.rule.id, "document"
        )

    def _spoken_at(self, scene: Scene, frame: Frame, inside: DateMention) -> bool:
        """“Thank you for inviting me to the 2023 Forum”: held on the day of the speech."""
        published = scene.page.document.published
        if published is None or str(inside.interval) != str(published.year):
            return False
        if not self._present(scene, frame):
            return False
        self._today(scene, frame)
        return True

    def _present(self, scene: Scene, frame: Frame) -> re.Match[str] | None:
        """“Thank you for inviting me to the Forum”: a speech is held at its event."""
        if frame.phrase is None or not frame.phrase.proper:
            return None
        dated = frame.phrase.date
        start = min(frame.span[0], dated.start) if dated else frame.span[0]
        return self._words.presence.search(
            scene.text, max(frame.sentence.start, start - _FAR * 2), start
        )

    def _stretch(self, scene: Scene, frame: Frame, mention: DateMention) -> None:
        """“A three-day visit” that began or ended on the day lasts three days."""
        if frame.kind != "visit" or mention.interval.granularity != "day":
            return
        text = scene.text
        stay = self._words.stay.search(text, frame.sentence.start, frame.sentence.end)
        if not stay:
            return
        number = stay["n"].lower()
        days = int(number) if number.isdigit() else self._words.days[number]
        extra = dt.timedelta(days=max(days - 1, 0))
        day = mention.interval.first
        if self._words.ends_stay.search(text, frame.sentence.start, frame.sentence.end):
            interval = Interval.days(day - extra, day)
        elif text.endswith("from ", 0, mention.start) or self._words.begins_stay.search(
            text, frame.sentence.start, frame.sentence.end
        ):
            interval = Interval.days(day, day + extra)
        else:
            return
        self._set(frame, interval, mention, "sentence")


def _is_proper(frame: Frame) -> bool:
    """Whether an event has a name of its own, by which it is told apart from the news of the day."""
    return frame.phrase is not None and frame.phrase.proper


def _is_today(date: DateMention) -> bool:
    """Whether a date is the day of the document: “announced today, ahead of the meeting”."""
    return date.resolved_from == "document_date" and date.interval.granularity == "day"


def _within(one: Interval, other: Interval) -> bool:
    """Whether a time is a part of another: a month of the year in a name."""
    return one != other and other.first <= one.first and one.last <= other.last


def _distance(span: tuple[int, int], other: tuple[int, int]) -> int:
    return max(other[0] - span[1], span[0] - other[1], 0)
