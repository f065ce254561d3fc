"""Which words tell of a specific meeting, which refer back to one, and which mean none."""

from __future__ import annotations

import re

from pipeline.records.meetings.lexicon import Lexicon
from pipeline.records.meetings.phrase import Phrase
from pipeline.records.meetings.scene import Scene
from pipeline.records.page import Sentence

EVENT, ANAPHORA, NONE = "event", "anaphora", ""
Span = tuple[int, int]
_PLACED = re.compile(r" (?:place|held) (?:in|at) ")
_HELD = re.compile(r" held (?:in|on|at|with|between) ")
_WITH = re.compile(r" (?:with|between) ")
_BETWEEN = re.compile(r" between ")
_NEAR = 60
_FAR = 170


class Judge:
    """Tells events from what only sounds like them."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._words = lexicon

    def phrase(self, scene: Scene, sentence: Sentence, clause: Span, phrase: Phrase) -> str:
        """EVENT, ANAPHORA or NONE for a noun phrase."""
        verdict = self._verdict(scene, sentence, clause, phrase)
        return NONE if verdict and self._repeats(scene, sentence, phrase) else verdict

    def _verdict(self, scene: Scene, sentence: Sentence, clause: Span, phrase: Phrase) -> str:
        """The verdict on a phrase, but for words of repetition in its sentence."""
        if self._is_part_of_another(scene, phrase) or self._is_organisation(scene, phrase):
            return NONE
        if phrase.rule.form == "body":
            return self._body(scene, sentence, phrase)
        if self._is_acronym(scene, phrase):
            return ANAPHORA
        if self._is_generic(scene, sentence, clause, phrase):
            return NONE
        if phrase.rule.needs:
            return self._needing(scene, clause, phrase)
        return self._single(scene, clause, phrase)

    def _is_acronym(self, scene: Scene, phrase: Phrase) -> bool:
        """“The JRC”: what the text has named before."""
        head = scene.text[slice(*phrase.head)]
        # “COP26” names itself; “JRC” stands for what the text has named.
        known = phrase.lead in self._words.strictly_definite or (phrase.bare and head.isalpha())
        plain = known and not phrase.distinguished and phrase.ordinal is None
        return plain and head.isupper() and " " not in head

    def _is_part_of_another(self, scene: Scene, phrase: Phrase) -> bool:
        """“The meeting room”, “the Summit Declaration”, “visiting Fiji and meeting with …”."""
        if phrase.lead == "and" and phrase.bare and _WITH.match(scene.text, phrase.head[1]):
            return True
        ends = {phrase.head[1], phrase.name[1], phrase.full[1]}
        return any(self._words.not_before_noun.match(scene.text, end) for end in ends)

    def _is_organisation(self, scene: Scene, phrase: Phrase) -> bool:
        """“A partner in the Pacific Islands Forum”: the organisation, where nothing dates or places it."""
        page, end = scene.page, max(phrase.head[1], phrase.name[1])
        if phrase.rule.kind != "conference" or phrase.ordinal or phrase.date:
            return False
        near = page.within(page.institutions, max(0, phrase.name[0] - _NEAR), end + _NEAR)
        body = any(
            m.start <= phrase.head[0] < m.end and m.kind == "intergovernmental" for m in near
        )
        behind = (end, end + _NEAR)
        dated = bool(page.within(page.dates, *behind))
        return body and not dated and not page.within(page.countries, *behind)

    def _is_generic(self, scene: Scene, sentence: Sentence, clause: Span, phrase: Phrase) -> bool:
        """Plurals that nobody counts or holds with someone; any, such, regular meetings."""
        collective = self._words.collective.search(scene.text, sentence.start, phrase.start)
        if phrase.lead in self._words.generic and not phrase.ordinal and not collective:
            return True
        if not phrase.plural or collective or self._is_listed(scene, sentence, phrase):
            return False
        return not (self._strong(scene, clause, phrase) and self._has_party(scene, phrase))

    def _needing(self, scene: Scene, clause: Span, phrase: Phrase) -> str:
        """Nouns that are events only with certain words beside them."""
        needs = phrase.rule.needs
        if needs == "held":
            return self._mass(scene, clause, phrase)
        if needs == "host":
            return self._single(scene, clause, phrase) if self._has_host(scene, phrase) else NONE
        if needs == "body":
            return EVENT if phrase.ordinal else NONE
        if needs == "owner":
            return EVENT if phrase.lead == "'s" and self._complemented(phrase) else NONE
        if not self._took_place(scene, phrase):
            return NONE
        placed = _PLACED.search(scene.text, phrase.head[1], clause[1])
        return EVENT if placed else ANAPHORA

    def _has_host(self, scene: Scene, phrase: Phrase) -> bool:
        """Whether someone of rank is called on: “a call on the President”."""
        span = (phrase.head[1], phrase.full[1])
        ranks = (self._words.leaders, self._words.ministers, self._words.officials)
        named = scene.page.within(scene.page.people, *span)
        return bool(named) or any(rank.search(scene.text, *span) for rank in ranks)

    def _is_listed(self, scene: Scene, sentence: Sentence, phrase: Phrase) -> bool:
        """“Organising joint Kenya-Fiji workshops …” in a list of plans."""
        opened = self._words.gerunds.match(scene.text, sentence.start)
        inside = scene.page.within(scene.page.countries, phrase.start, phrase.head[1])
        return bool(opened) and len({m.code for m in inside}) > 1

    def _repeats(self, scene: Scene, sentence: Sentence, phrase: Phrase) -> bool:
        end = phrase.full[1]
        if self._words.repeated.search(scene.text, end, min(sentence.end, end + _NEAR // 2)):
            return phrase.ordinal is None and not self._is_dated(scene, sentence, end)
        if phrase.ordinal or scene.page.within(scene.page.dates, sentence.start, sentence.end):
            return False
        return bool(self._words.repeated.search(scene.text, sentence.start, sentence.end))

    def _is_dated(self, scene: Scene, sentence: Sentence, start: int) -> bool:
        """Whether a date stands directly behind a phrase."""
        end = min(sentence.end, start + _NEAR)
        return bool(scene.page.within(scene.page.dates, start, end))

    def _body(self, scene: Scene, sentence: Sentence, phrase: Phrase) -> str:
        """A body meets; what it is or does otherwise is no meeting."""
        if phrase.plural or phrase.lead in self._words.generic:
            return NONE
        before = scene.text[max(sentence.start, phrase.start - _NEAR) : phrase.start]
        meets = self._words.meets.match(scene.text, max(phrase.head[1], phrase.name[1]))
        if phrase.ordinal or meets or self._words.calls.search(before):
            return EVENT
        if not phrase.heads & self._words.session_heads:
            return NONE
        dated = scene.page.within(scene.page.dates, phrase.head[1], sentence.end)
        new = phrase.distinguished or dated or phrase.lead in self._words.indefinite
        return EVENT if new else ANAPHORA

    def _mass(self, scene: Scene, clause: Span, phrase: Phrase) -> str:
        told = self._complemented(phrase) or _HELD.match(scene.text, phrase.head[1])
        if phrase.lead in self._words.strictly_definite and not told:
            return ANAPHORA
        if self._took_place(scene, phrase):
            return EVENT if self._has_party(scene, phrase) or not phrase.bare else ANAPHORA
        before = scene.text[max(clause[0], phrase.start - _NEAR) : phrase.start]
        if not self._words.holds.search(before):
            return NONE
        sides = {m.code for m in scene.page.within(scene.page.countries, clause[0], phrase.start)}
        people = scene.page.within(scene.page.people, clause[0], phrase.start)
        both = len(sides) > 1 or len(people) > 1 or self._words.foreign.search(before)
        told = self._has_party(scene, phrase) or not phrase.bare or both
        return EVENT if told else NONE

    def _took_place(self, scene: Scene, phrase: Phrase) -> bool:
        ends = {phrase.head[1], phrase.full[1]}
        return any(self._words.took_place.match(scene.text, end) for end in ends)

    def _single(self, scene: Scene, clause: Span, phrase: Phrase) -> str:
        named = phrase.proper or phrase.ordinal is not None or phrase.quoted is not None
        definite = phrase.lead in self._words.definite or phrase.lead == "'s"
        if definite and not named and self._refers_back(scene, clause, phrase):
            return EVENT if phrase.distinguished else ANAPHORA
        if phrase.rule.kind == "dialogue" and not named and not self._has_article(phrase):
            return NONE
        if phrase.ordinal or self._happens(scene, clause, phrase):
            return EVENT
        told = self._is_introduced(phrase) or self._is_between(scene, phrase)
        if definite and phrase.rule.kind != "dialogue" and told:
            return EVENT
        weak = named and phrase.rule.kind != "dialogue" and self._weak(scene, clause, phrase)
        return EVENT if weak else (ANAPHORA if definite else NONE)

    def _has_article(self, phrase: Phrase) -> bool:
        """“A dialogue on trade”; “engaged in dialogue” is no event."""
        articles = self._words.definite | self._words.indefinite | {"'s"}
        return phrase.lead in articles or phrase.distinguished or phrase.plural

    def _happens(self, scene: Scene, clause: Span, phrase: Phrase) -> bool:
        """Whether a verb tells that it is held, directly beside the phrase or further on."""
        if self._strong(scene, clause, phrase) or self._happens_after(scene, clause, phrase):
            return True
        if phrase.rule.kind == "exhibition" and self._is_toured(scene, clause, phrase):
            return True
        end = min(clause[1], phrase.head[1] + _FAR)
        told = phrase.rule.kind != "dialogue"
        return told and bool(self._words.passive.search(scene.text, phrase.head[1], end))

    def _is_toured(self, scene: Scene, clause: Span, phrase: Phrase) -> bool:
        """“Visited the Coffee Expo”."""
        before = scene.text[max(clause[0], phrase.start - _NEAR) : phrase.start]
        return bool(phrase.proper and self._words.tours.search(before))

    def _is_introduced(self, phrase: Phrase) -> bool:
        """“The President’s visit to Fiji”, “the upcoming meeting with Kenya”."""
        if phrase.rule.kind == "visit":
            return self._complemented(phrase) or phrase.lead == "'s"
        return phrase.distinguished and self._complemented(phrase)

    def _is_between(self, scene: Scene, phrase: Phrase) -> bool:
        """“The videoconference between Minister Rivas and Minister Otieno”."""
        end = phrase.full[1]
        if not _BETWEEN.match(scene.text, phrase.head[1], end):
            return False
        return len(scene.page.within(scene.page.people, phrase.head[1], end)) > 1

    def _complemented(self, phrase: Phrase) -> bool:
        return phrase.full[1] > max(phrase.head[1], phrase.name[1]) + 2

    def _refers_back(self, scene: Scene, clause: Span, phrase: Phrase) -> bool:
        """“The meeting”; not “the meeting of the ministers”, “the meeting held in Suva”."""
        if _HELD.match(scene.text, phrase.head[1]):
            return False
        before = scene.text[max(clause[0], phrase.start - _NEAR) : phrase.start]
        chaired = phrase.bare and self._words.chairing.search(before)
        on_behalf = phrase.rule.level == "open" and scene.text.startswith(" for ", phrase.head[1])
        return bool(chaired or on_behalf) or not self._complemented(phrase)

    def _strong(self, scene: Scene, clause: Span, phrase: Phrase) -> bool:
        before = scene.text[max(clause[0], phrase.start - _NEAR) : phrase.start]
        return bool(self._words.strong_before.search(before))

    def _weak(self, scene: Scene, clause: Span, phrase: Phrase) -> bool:
        before = scene.text[max(clause[0], phrase.start - _NEAR) : phrase.start]
        return bool(self._words.weak_before.search(before))

    def _happens_after(self, scene: Scene, clause: Span, phrase: Phrase) -> bool:
        ends = {phrase.head[1], phrase.name[1], phrase.full[1]}
        if phrase.quoted:
            ends.add(phrase.quoted[1])
        return any(self._words.after.match(scene.text, end, clause[1]) for end in ends)

    def _has_party(self, scene: Scene, phrase: Phrase) -> bool:
        """Whether someone stands behind “with”."""
        return _WITH.match(scene.text, phrase.head[1]) is not None

    def noun_visit(self, scene: Scene, sentence: Sentence, start: int, end: int) -> bool:
        """Whether “visit” is a noun here and not a verb."""
        text = scene.text
        before = text[max(sentence.start, start - 20) : start]
        if re.search(r"(?<!\w)(?:to|on) (?:the )?$", before) and text[end : end + 4] in {
            " to ",
            " of ",
            " by ",
        }:
            return True
        if self._words.verb_before.search(before):
            return False
        follows = scene.page.within(scene.page.countries, end, end + 40)
        if (
            follows
            and text[end : follows[0].start] in {" ", " the "}
            and text[start:end].endswith("s")
        ):
            return False
        return not text[start:end].lower().endswith(("ing", "ed"))
