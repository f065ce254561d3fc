"""Whether a verb tells of a meeting: of a visit, an encounter, a ceremony or a signing."""

from __future__ import annotations

import re

from pipeline.records.meetings.lexicon import COUNTERPART, Lexicon
from pipeline.records.meetings.phrase import Trigger
from pipeline.records.meetings.scene import Scene
from pipeline.records.page import Page, Sentence

Span = tuple[int, int]
_STOP = re.compile(r"[.;\n]")
_WITH = re.compile(r"(?<!\w)with (?:(?:the|his|her|its|their|visiting|H\.E\.|Mr\.?|Ms\.?|Dr\.?) )*")
# “The Ministers met to sign …”: each other.
_TOGETHER = re.compile(
    r" (?:virtually |again |separately )?(?:to|for|in|on|at|today|virtually|online|here|this)\b"
)
_ARTICLE = re.compile(r" ?(?:(?:the|his|her|back) )*")
# “Visited a Fiji-Kenya initiative”
_COMPOUND = re.compile(r"[-–]\w")
_TO = re.compile(r" to (?:the )?$")
_OBJECT = 90
_FAR_OBJECT = 150
# Where a country begins at most _NEAR_OBJECT behind a verb, its name ends here.
_TARGET = 95
_NEAR_OBJECT = 35
_TITLE = 45


def may_tell(page: Page, trigger: Trigger) -> bool:
    """A quick look behind a verb: most of those that need something lack it."""
    rule, start = trigger.item[0], trigger.end
    if rule.form == "none":
        return False
    if rule.needs in {"with", "to"}:
        reach = _OBJECT if rule.needs == "with" else _FAR_OBJECT
        return page.text.find(f" {rule.needs} ", start, start + reach) >= 0
    if rule.form == "travel":
        return bool(page.within(page.countries, start, start + _TARGET))
    return True


class VerbReader:
    """Reads the subjects and objects of the verbs of meetings."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._words = lexicon
        self._readers = {
            "with": self._deals,
            "guest": self._is_guest,
            "to": self._welcomes,
            "named": self._stays,
            "travel": self._travels,
            "encounter": self._meets,
            "act": self._acts,
            "signing": self._signs,
        }

    def tells(self, scene: Scene, sentence: Sentence, clause: Span, trigger: Trigger) -> bool:
        """Whether the verb of a trigger tells of a meeting."""
        rule, span = trigger.item[0], (trigger.start, trigger.end)
        return self._readers[rule.needs or rule.form](scene, sentence, clause, span)

    def _deals(self, scene: Scene, sentence: Sentence, clause: Span, span: Span) -> bool:
        """“The Minister discussed on Monday with the Minister of Fiji …”: ranks on both sides."""
        match = _WITH.search(scene.text, span[1], min(clause[1], span[1] + _OBJECT))
        if match is None or not self._is_person(scene, match.end(), clause[1]):
            return False
        people = scene.page.within(scene.page.people, sentence.start, span[0])
        subject = bool(people) or self._has_rank(scene.text, (sentence.start, span[0]))
        return subject and not self._words.passive_before.search(
            scene.text[max(sentence.start, span[0] - 20) : span[0]]
        )

    def _is_person(self, scene: Scene, start: int, end: int) -> bool:
        """Whether someone of rank or with a name stands at a position, with a country at most before."""
        page = scene.page
        nation = page.within(page.countries, start, start + 30)
        if nation and nation[0].start == start:
            start = nation[0].end + 1
        if any(p.start == start for p in page.within(page.people, start, start + _TITLE)):
            return True
        return self._has_rank(scene.text, (start, min(end, start + _TITLE))) and not _STOP.search(
            scene.text, start, start + 10
        )

    def _is_guest(self, scene: Scene, _sentence: Sentence, _clause: Span, span: Span) -> bool:
        """“Visiting Fijian Minister …”."""
        page, start = scene.page, span[1] + 1
        nation = page.within(page.countries, start, start + 30)
        known = bool(nation) and nation[0].start == start and nation[0].via == "demonym"
        start = nation[0].end if known else start
        return known and self._has_rank(scene.text, (start, start + _OBJECT))

    def _welcomes(self, scene: Scene, _sentence: Sentence, clause: Span, span: Span) -> bool:
        """“Welcomed President Rivas of Fiji to Kenya”: someone of rank, and where to."""
        guest = _ARTICLE.match(scene.text, span[1]).end()  # type: ignore[union-attr]
        end = min(clause[1], span[1] + _FAR_OBJECT)
        if not self._is_person(scene, guest, end):
            return False
        places = scene.page.within(scene.page.countries, span[1], end)
        return any(_TO.search(scene.text[span[1] : m.start]) for m in places)

    def _stays(self, scene: Scene, sentence: Sentence, _clause: Span, span: Span) -> bool:
        """“Minister Otieno was in Fiji”: a person, and directly behind where to."""
        page = scene.page
        near = page.within(page.countries, span[1], span[1] + _NEAR_OBJECT)
        if not near or scene.text[span[1] : near[0].start] not in {" ", " the "}:
            return False
        people = page.within(page.people, max(sentence.start, span[0] - _OBJECT), span[0])
        if not people:
            return False
        # “Those who were in Fiji”: the subject is not the person named before.
        related = scene.text.endswith((" who ", " that "), 0, span[0])
        return not related or people[-1].end >= span[0] - len(", who ")

    def target(self, scene: Scene, span: Span) -> str | None:
        """Where a journey leads to."""
        found = scene.page.within(scene.page.countries, span[1], span[1] + _FAR_OBJECT)
        found = [m for m in found if not _STOP.search(scene.text, span[1], m.start)]
        near = [
            m
            for m in found
            if m.start < span[1] + _NEAR_OBJECT and not _COMPOUND.match(scene.text, m.end)
        ]
        if not near:
            return None
        named = [m for m in near if m.via != "institution"]
        named = named or [m for m in found if m.via in {"place", "name"}]
        return (named or near)[0].code

    def _travels(self, scene: Scene, sentence: Sentence, _clause: Span, span: Span) -> bool:
        return self.target(scene, span) is not None and self._has_subject(scene, sentence, span)

    def _meets(self, scene: Scene, sentence: Sentence, clause: Span, span: Span) -> bool:
        text = scene.text
        word = text[span[0] : span[1]].lower()
        before = text[max(sentence.start, span[0] - 20) : span[0]]
        if self._words.not_after_verb.match(text, span[1]) or self._words.passive_before.search(
            before
        ):
            return False
        if near_by := re.match(r" by\b", text[span[1] : span[1] + 4]):
            return not near_by
        if word in self._words.bare_verbs and not self._words.verb_before.search(before):
            return False
        near = word in self._words.hosting or word in self._words.calling
        if not self._has_object(scene, span, clause, near=near):
            people = scene.page.within(scene.page.people, sentence.start, span[0])
            both = self._words.both.search(text, sentence.start, span[0])
            return (len(people) > 1 or bool(both)) and bool(_TOGETHER.match(text, span[1]))
        if (
            near
            and re.search(r" to [a-z]", text[span[1] : min(clause[1], span[1] + _OBJECT)])
            and word in self._words.calling
        ):
            return False
        return self._has_subject(scene, sentence, span)

    def _has_object(self, scene: Scene, span: Span, clause: Span, *, near: bool) -> bool:
        end = min(clause[1], span[1] + (_NEAR_OBJECT if near else _OBJECT))
        people = scene.page.within(scene.page.people, span[1], min(clause[1], end + 40))
        if any(p.start < end for p in people):
            return True
        text = scene.text
        if near:
            far = min(clause[1], span[1] + _OBJECT)
            delegation = self._words.delegations.search(text, span[1], far)
            return bool(delegation) or self._has_rank(text, (span[1], end))
        return bool(
            self._words.groups.search(text, span[1], end)
            or self._has_rank(text, (span[1], end))
            or re.match(r" (?:in|on|at|today|here|there|yesterday)\b", text[span[1] : span[1] + 8])
        )

    def _has_rank(self, text: str, span: Span) -> bool:
        """Whether a leader, minister or official stands there."""
        return any(hit.item != COUNTERPART for hit in self._words.ranks.all(text, *span))

    def _has_subject(self, scene: Scene, sentence: Sentence, span: Span) -> bool:
        """Whether a person, a group or a state stands before the verb."""
        page, text = scene.page, scene.text
        if page.within(page.people, sentence.start, span[0]):
            return True
        before = (sentence.start, span[0])
        if self._words.groups.search(text, *before) or self._has_rank(text, before):
            return True
        return bool(self._words.pronoun_before.search(text[sentence.start : span[0]] + " "))

    def _acts(self, scene: Scene, sentence: Sentence, clause: Span, span: Span) -> bool:
        return bool(scene.page.within(scene.page.people, *clause)) or self._has_subject(
            scene, sentence, span
        )

    def _signs(self, scene: Scene, sentence: Sentence, _clause: Span, _span: Span) -> bool:
        return bool(self._words.signing.search(scene.text, sentence.start, sentence.end))
