"""The place of a meeting."""

from __future__ import annotations

from pipeline.model import CountryMention
from pipeline.records.meetings.frame import Frame
from pipeline.records.meetings.lexicon import Lexicon
from pipeline.records.meetings.scene import Scene
from pipeline.records.report import Support
from pipeline.rulebook.geography import Country

_JOINTS = (" and ", ", ", " and the city of ", " & ")
_FAR = 30


class PlaceReader:
    """Finds the place that a clause gives to its meeting: a city, else a host's country."""

    def __init__(self, lexicon: Lexicon, countries: tuple[Country, ...]) -> None:
        self._words = lexicon
        self._names = {c.code: c.name for c in countries}

    def read(self, scene: Scene, frame: Frame) -> None:
        """Sets the place of the frame."""
        start, end = frame.clause
        end = min(end, frame.purpose)
        found = [
            m
            for m in scene.page.within(scene.page.countries, start, end)
            if not _in_name(frame, m) and self._is_place(scene, frame, m)
        ]
        if not found and frame.kind in {"conference", "exhibition", "seminar"}:
            inside = scene.page.within(scene.page.countries, *frame.span)
            found = [m for m in inside if m.via == "place"]
        best = self._best(frame, found)
        if best:
            self.set(scene, frame, best, "clause")

    def set(self, scene: Scene, frame: Frame, mention: CountryMention, step: str) -> None:
        """The place that a country mention names."""
        start, end = mention.start, mention.end
        value = scene.text[start:end]
        frame.city = mention.via == "place"
        if mention.via == "place":
            end = self._joined(scene, mention)
            value = scene.text[start:end]
        if mention.via in {"institution", "demonym"} or self._words.buildings.fullmatch(value):
            value = self._names[mention.code]
        frame.place = Support("place", value, start, end, frame.rule.id, step, mention.code)

    def name_of(self, code: str) -> str:
        """The short name of a country."""
        return self._names[code]

    def _is_place(self, scene: Scene, frame: Frame, mention: CountryMention) -> bool:
        before = scene.text[max(frame.clause[0], mention.start - _FAR) : mention.start]
        if mention.via == "demonym" or self._is_seat(scene, mention):
            return False
        if (
            frame.rule.form == "travel"
            and mention.start - frame.span[1] <= 5
            and mention.start >= frame.span[1]
        ):
            return mention.via != "institution" or mention.code == frame.target
        match = self._words.place_before.search(before)
        if not match:
            return self._within_building(scene, frame, mention)
        word = match[0].strip().split()[0].lower()
        if word in {"to", "from"}:
            return frame.kind == "visit" and word == "to"
        return mention.via != "institution" or word in {"at", "in"} or frame.rule.form == "travel"

    def _is_seat(self, scene: Scene, mention: CountryMention) -> bool:
        """“The Ministry of Trade in Fiji”: where a body that takes part has its seat."""
        page, text = scene.page, scene.text
        bodies = page.within(page.institutions, mention.start - _FAR * 4, mention.start)
        behind = text[bodies[-1].end : mention.start] if bodies else ""
        if behind not in {" in ", " of "}:
            return False
        return text.endswith(
            ("between ", "between the ", " and ", " and the "), 0, bodies[-1].start
        )

    def _within_building(self, scene: Scene, frame: Frame, mention: CountryMention) -> bool:
        """“at the Presidential Palace in Hanoi”, “at Hanoi University”."""
        before = scene.text[max(frame.clause[0], mention.start - 60) : mention.start]
        head = before.rpartition(" at ")[2]
        return before != head and bool(self._words.buildings.search(head)) and "," not in head

    def _best(self, frame: Frame, found: list[CountryMention]) -> CountryMention | None:
        ranks = {"place": 0, "institution": 1, "name": 1}
        return min(
            found,
            key=lambda m: (
                m.start < frame.span[0] and frame.kind != "visit",
                ranks[m.via],
                abs(m.start - frame.span[1]),
            ),
            default=None,
        )

    def _joined(self, scene: Scene, mention: CountryMention) -> int:
        """The end of “Shanghai and Nanjing”: places of one country, joined."""
        end = mention.end
        near = scene.page.within(scene.page.countries, end, end + 40)
        for other in near:
            if (
                other.via == "place"
                and other.code == mention.code
                and scene.text[end : other.start] == " and "
            ):
                end = other.end
        return end


def _in_name(frame: Frame, mention: CountryMention) -> bool:
    """Whether a country stands in the name of the event: “in the Kenya-Fiji Forum”."""
    if frame.phrase is None or frame.kind == "visit":
        return False
    start, end = frame.phrase.name
    return start <= mention.start < end
