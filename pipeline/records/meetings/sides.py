"""Who takes part in a meeting: the countries, the persons and their rank."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from pipeline.model import CountryMention, InstitutionMention, PersonMention
from pipeline.records.meetings.frame import Actor, Frame
from pipeline.records.meetings.lexicon import (
    COUNTERPART,
    LEADER,
    MINISTER,
    OFFICIAL,
    Lexicon,
)
from pipeline.records.meetings.scene import Scene
from pipeline.records.report import Support

_KINDS = {LEADER: "summit", MINISTER: "ministerial"}
_OPEN_KINDS = frozenset({"conference", "exhibition"})
_SESSIONS = frozenset({"ministerial", "summit"})
# “President Rivas’s Special Adviser …”: the President isn't there.
_POSSESSIVE = re.compile(r"[’']s? (?:[A-Z]\w+ )(?:(?:[A-Z]\w+|for|of|the|and) ){0,8}")
# The words with capitals directly before a name.
_TITLE = re.compile(r"(?:[A-Z][\w.’-]* (?:(?:of|for) )?)+$")
_BESIDE = 28
# So far back in a block its countries are sought.
_FAR = 2000
# More persons than this are a list, not two sides.
_MOST = 12
_BOTH = 2
_OF = re.compile(r"[\w .&,’'-]{0,60}? of (?:the )?$")


class SideReader:
    """Finds the countries and the actors of a frame."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._words = lexicon

    def read(self, scene: Scene, frame: Frame, barred: Sequence[tuple[int, int]]) -> None:
        """Fills in what the frame's own clause says."""
        start, end = self.region(scene, frame)
        step = "clause"
        start = max(start, scene.body_start(frame.sentence.block))
        for mention in scene.page.within(scene.page.countries, start, end):
            if frame.kind != "ceremony" and any(s <= mention.start < e for s, e in barred):
                continue
            if frame.rule.form == "travel" and self._is_on_the_way(scene, frame, mention):
                continue
            inside = frame.span[0] <= mention.start < frame.span[1]
            frame.add_country(
                mention.code, mention.start, mention.end, "phrase" if inside else step
            )
        self.add_actors(scene, frame, start, end)

    def _is_on_the_way(self, scene: Scene, frame: Frame, mention: CountryMention) -> bool:
        """“From Norway, he travels to Fiji and then to Kenya”: of these, only Fiji is a side."""
        if mention.code == frame.target or frame.target is None:
            return False
        opening = scene.text[frame.sentence.start : mention.start].lower()
        return mention.start >= frame.span[1] or opening in {"from ", "from the "}

    def region(self, scene: Scene, frame: Frame) -> tuple[int, int]:
        """The part of the clause whose countries take part."""
        start, end = frame.clause
        end = min(end, frame.purpose)
        if frame.apart:
            return frame.span
        if frame.kind in _OPEN_KINDS and not frame.beside and not self._is_joined(scene, frame):
            return frame.span
        return start, end

    def _is_joined(self, scene: Scene, frame: Frame) -> bool:
        """Whether the clause says that its subject holds or attends the conference."""
        before = scene.text[max(frame.clause[0], frame.span[0] - 60) : frame.span[0]]
        after = scene.text[frame.span[1] : min(frame.clause[1], frame.span[1] + 40)]
        return bool(self._words.attends.search(before) or self._words.after.match(after))

    def add_actors(self, scene: Scene, frame: Frame, start: int, end: int) -> None:
        """The persons and groups in ``text[start:end]`` with their countries."""
        people = scene.page.within(scene.page.people, start, end)
        for person in people:
            if any(_POSSESSIVE.fullmatch(scene.text, person.end, p.start) for p in people):
                continue
            rank = self._rank_of_person(scene, person)
            country = person.country or scene.citizens.get(person.name)
            frame.actors.append(Actor(person.name, country, rank, person.start, person.end))
            if country:
                frame.add_country(country, person.start, person.end, "clause")
        # A title directly before a name belongs to it.
        spans = [(p.start - 1, p.end) for p in people]
        frame.actors += islice(self._unnamed(scene, start, end, spans), _MOST)

    def _rank_of_person(self, scene: Scene, person: PersonMention) -> str:
        """The rank by the role, by the title before the name, or by what the document says."""
        before = _TITLE.search(scene.text[max(0, person.start - _BESIDE) : person.start])
        title = before[0] if before else ""
        roles = (person.role or "", title, scene.roles.get(person.name, ""))
        ranks = [rank for role in roles if (rank := self.rank_of(role)) in _KINDS]
        return ranks[0] if ranks else OFFICIAL

    def rank_of(self, role: str) -> str:
        """The rank of a role, or the empty string."""
        for pattern, rank in (
            (self._words.leaders, LEADER),
            (self._words.ministers, MINISTER),
        ):
            for match in pattern.finditer(role):
                if (
                    not self._words.lesser.search(role, 0, match.start())
                    or "deputy" in match[0].lower()
                ):
                    return rank
        return OFFICIAL if role else ""

    def _unnamed(
        self, scene: Scene, start: int, end: int, taken: list[tuple[int, int]]
    ) -> Iterator[Actor]:
        """“the President and the Prime Minister of Vietnam”."""
        text = scene.text
        for hit in self._words.ranks.longest(text, start, end):
            # “His counterpart Rivas” is no title of Rivas: it gives him the other's rank.
            titled = hit.item != COUNTERPART
            if titled and any(s <= hit.end and hit.start < e for s, e in taken):
                continue
            if hit.item in _KINDS and self._words.lesser.search(text, start, hit.start):
                continue
            country = self._country_beside(scene, hit.start, hit.end)
            plural = bool(self._words.plural.search(text[hit.start : hit.end]))
            yield Actor(None, country, hit.item, hit.start, hit.end, plural)

    def _country_beside(self, scene: Scene, start: int, end: int) -> str | None:
        """The country of a role: “Indian Prime Minister”, “Prime Minister of India”."""
        page = scene.page
        for mention in reversed(page.within(page.countries, max(0, start - _BESIDE), start)):
            if re.fullmatch(r"(?:[’']s?)? ?(?:\w+ )?", scene.text[mention.end : start]):
                return mention.code
        for mention in page.within(page.countries, end, end + 80):
            if _OF.fullmatch(scene.text[end : mention.start]):
                alone = not page.within(page.people, end, mention.start)
                return mention.code if alone else None
        return None


def kind_by_rank(actors: Sequence[Actor], codes: set[str]) -> str:
    """Summit, ministerial or bilateral_meeting, by the highest rank of both sides."""
    told = [a.rank for a in actors if a.rank in _KINDS]
    if any(a.rank == COUNTERPART for a in actors) and told:
        return _KINDS[min(told, key=list(_KINDS).index)]
    named = sum(a.name is not None and a.rank == OFFICIAL for a in actors)
    if len(codes) > 1 and named < _BOTH and any(a.plural and a.rank == LEADER for a in actors):
        return "summit"
    ranks = list(_by_side(actors, codes).values())
    return next(
        (kind for rank, kind in _KINDS.items() if ranks.count(rank) > 1), "bilateral_meeting"
    )


def _by_side(actors: Sequence[Actor], codes: set[str]) -> dict[str, str]:
    """The highest rank of each side that the actors make."""
    order = [OFFICIAL, MINISTER, LEADER]
    known = {a.country for a in actors if a.country}
    missing = sorted(codes - known)
    ranks: dict[str, str] = {}
    for actor in actors:
        # Names without countries are sides of their own, where nothing else tells them apart.
        unknown = "?" if known and actor.name else actor.name
        side = actor.country or (missing[0] if len(missing) == 1 else unknown)
        if actor.rank in order and side:
            ranks[side] = max(ranks.get(side, actor.rank), actor.rank, key=order.index)
    return ranks


class ContextFiller:
    """Adds the country that a clause leaves out: from the block, the list, the heading, the document."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._words = lexicon

    def fill(self, scene: Scene, frame: Frame) -> None:
        """Completes the sides of a frame that names one country or none."""
        self._add_subject(scene, frame)
        codes = frame.codes
        if len(codes) > 1 or frame.kind in _OPEN_KINDS or (codes and self._is_of_bloc(frame)):
            return
        if not codes and not (self._is_foreign(scene, frame) or frame.rule.form == "body"):
            return
        if len(codes) == 1 and scene.home and scene.home not in codes:
            self._add_home(scene, frame, scene.home)
            return
        if scene.home in codes and (
            self._is_at_home(scene, frame) or not self._is_foreign(scene, frame)
        ):
            frame.bloc = any(self._is_led(scene, frame, b) for b in self._bodies(scene, frame))
            return
        for mention, step in self._around(scene, frame):
            if mention.code not in frame.codes:
                frame.add_country(mention.code, mention.start, mention.end, step)
            if len(frame.codes) > 1:
                return
        if not self._has_bloc(scene, frame):
            self._from_document(scene, frame)

    def _has_bloc(self, scene: Scene, frame: Frame) -> bool:
        """Whether the other side is a bloc or its head: “the U.S.-ASEAN Dialogue”."""
        frame.bloc = any(
            frame.span[0] <= body.start < frame.span[1] or self._is_led(scene, frame, body)
            for body in self._bodies(scene, frame)
        )
        return frame.bloc

    def _bodies(self, scene: Scene, frame: Frame) -> list[InstitutionMention]:
        """The organisations of states that the clause names."""
        named = scene.page.within(scene.page.institutions, *frame.clause)
        return [body for body in named if body.kind == "intergovernmental"]

    def _is_led(self, scene: Scene, frame: Frame, body: InstitutionMention) -> bool:
        """“The Secretary-General of the Pacific Forum”, who is a guest."""
        if frame.rule.form not in {"travel", "encounter"} and frame.kind != "visit":
            return False
        before = scene.text[max(frame.clause[0], body.start - _BESIDE) : body.start]
        return bool(self._words.heads_of_bodies.search(before))

    def _is_at_home(self, scene: Scene, frame: Frame) -> bool:
        """A journey inside of the home country: its place is there, and nobody comes from abroad."""
        if (
            frame.kind != "visit"
            or frame.weak
            or scene.home != frame.target
            or self._is_led_by_cue(scene, frame)
        ):
            return False
        return all(actor.country in {None, scene.home} and actor.name for actor in frame.actors)

    def _is_led_by_cue(self, scene: Scene, frame: Frame) -> bool:
        """Whether words of the sentence tell that something goes on between countries."""
        return bool(
            self._words.foreign.search(scene.text, frame.sentence.start, frame.sentence.end)
        )

    def _is_of_bloc(self, frame: Frame) -> bool:
        """Whether the name of a session tells of more than two sides: the host stands for them."""
        name = str(frame.name.value) if frame.name else ""
        return frame.kind in _SESSIONS and bool(self._words.worldwide.search(name))

    def _acts_for_home(self, frame: Frame) -> bool:
        """Whether the subject of the clause is a person of whom the text gives no country."""
        before = [a for a in frame.actors if a.end <= frame.span[0]]
        return (
            bool(frame.codes) and bool(before) and all(a.country is None and a.name for a in before)
        )

    def _add_home(self, scene: Scene, frame: Frame, home: str) -> None:
        mention = scene.first_mention(home)
        if mention:
            frame.add_country(home, mention.start, mention.end, "publisher")
        else:
            frame.add_country(home, frame.span[0], frame.span[1], "publisher")

    def _is_foreign(self, scene: Scene, frame: Frame) -> bool:
        return bool(
            frame.anaphoric
            or frame.rule.form == "body"
            or (frame.kind == "visit" and frame.actors)
            or (frame.name and "joint" in str(frame.name.value).lower())
            or self._is_led_by_cue(scene, frame)
        )

    def _around(self, scene: Scene, frame: Frame) -> Iterator[tuple[CountryMention, str]]:
        """The country mentions around a frame, the nearest place first."""
        page, sentence = scene.page, frame.sentence
        own = page.within(page.countries, sentence.start, sentence.end)
        yield from ((m, "sentence") for m in own)
        block = page.blocks[sentence.block]
        before = page.within(
            page.countries, max(block.start, sentence.start - _FAR), sentence.start
        )
        yield from ((m, "block") for m in reversed(before))
        if block.kind in {"bullet", "table_row"}:
            yield from self._of_list(scene, frame)
        heading = scene.heading(sentence.block)
        if heading is not None:
            above = page.blocks[heading]
            yield from ((m, "heading") for m in page.within(page.countries, above.start, above.end))

    def _of_list(self, scene: Scene, frame: Frame) -> Iterator[tuple[CountryMention, str]]:
        page, index = scene.page, frame.sentence.block
        lead = scene.lead_in(index)
        blocks = [] if lead is None else [lead]
        blocks += scene.siblings(index)
        for number in blocks:
            block = page.blocks[number]
            found = page.within(page.countries, block.start, block.end)
            yield from ((m, "lead" if number == lead else "list") for m in found)

    def _add_subject(self, scene: Scene, frame: Frame) -> None:
        """The country that the subject of the clause acts for, where nothing beside it tells."""
        if scene.home and scene.home not in frame.codes and self._acts_for_home(frame):
            self._add_home(scene, frame, scene.home)
        if self._lacks_subject(frame):
            self._from_document(scene, frame, len(frame.codes) + 1)

    def _lacks_subject(self, frame: Frame) -> bool:
        """“President Rivas met President Otieno of Kenya in Oslo”: the host is no side."""
        host = frame.place.detail if frame.place else None
        if frame.phrase or frame.kind == "visit" or len(frame.codes) != _BOTH or not host:
            return False
        after = {a.country for a in frame.actors if a.start >= frame.span[1]} - {None}
        return self._acts_for_home(frame) and after == frame.codes - {host}

    def _from_document(self, scene: Scene, frame: Frame, number: int = _BOTH) -> None:
        while len(frame.codes) < number:
            mention = scene.counterpart(*frame.codes)
            if mention is None:
                return
            frame.add_country(mention.code, mention.start, mention.end, "document")


def institutions_of(scene: Scene, frame: Frame, region: tuple[int, int]) -> list[Support]:
    """The institutions named in the statement, besides the event and its country's governments."""
    page = scene.page
    found = []
    seen = set()
    for mention in page.within(page.institutions, *region):
        own = frame.span[0] <= mention.start < frame.span[1] and mention.kind == "committee"
        if own or mention.kind == "government" or mention.name in seen:
            continue
        seen.add(mention.name)
        found.append(
            Support(
                "institutions", mention.name, mention.start, mention.end, frame.rule.id, "clause"
            )
        )
    return found
