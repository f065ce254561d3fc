"""From the triggers of a sentence to frames."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.records.meetings.clause import before_next_verb, clause_of, own_start
from pipeline.records.meetings.frame import Frame
from pipeline.records.meetings.judge import ANAPHORA, NONE, Judge
from pipeline.records.meetings.lexicon import Lexicon
from pipeline.records.meetings.phrase import Phrase, PhraseReader, Trigger
from pipeline.records.meetings.scene import Scene
from pipeline.records.meetings.sides import SideReader, institutions_of
from pipeline.records.meetings.verbs import VerbReader
from pipeline.records.meetings.when import DateReader
from pipeline.records.meetings.where import PlaceReader
from pipeline.records.page import Sentence
from pipeline.records.report import Support
from pipeline.records.status import StatusReader
from pipeline.rulebook.geography import Country

Span = tuple[int, int]
_FOUNDED = frozenset({"dialogue", "working_group", "roundtable", "conference"})
# So far behind a meeting's phrase its verb is sought.
_BEHIND = 60
_BESIDE = 30


class FrameBuilder:
    """Builds the frames of a sentence; it knows nothing of other sentences."""

    def __init__(
        self, lexicon: Lexicon, status: StatusReader, countries: tuple[Country, ...]
    ) -> None:
        self._words = lexicon
        self._phrases = PhraseReader(lexicon)
        self._judge = Judge(lexicon)
        self._verbs = VerbReader(lexicon)
        self._sides = SideReader(lexicon)
        self._dates = DateReader(lexicon)
        self._places = PlaceReader(lexicon, countries)
        self._status = status

    def build(
        self, scene: Scene, sentence: Sentence, triggers: Sequence[Trigger], barred: Sequence[Span]
    ) -> list[Frame]:
        """The frames of a sentence in the order of the text."""
        nouns, verbs = self._sort(scene, sentence, triggers)
        phrases = self._phrases.read(scene.page, sentence, nouns)
        frames = [self._of_phrase(scene, sentence, p) for p in phrases]
        frames += [self._of_verb(scene, sentence, v) for v in verbs]
        found = sorted((f for f in frames if f), key=lambda f: f.span)
        found = _without_echoes(_without_hosts(found))
        verb_spans = [f.span for f in found if f.phrase is None]
        return [
            f
            for f in found
            if self.complete(scene, f, barred, [o.span for o in found if o is not f], verb_spans)
        ]

    def _sort(
        self, scene: Scene, sentence: Sentence, triggers: Sequence[Trigger]
    ) -> tuple[list[Trigger], list[Trigger]]:
        """The triggers that are nouns, and those that are verbs."""
        nouns: list[Trigger] = []
        verbs: list[Trigger] = []
        for trigger in triggers:
            rule = trigger.item[0]
            is_noun = rule.form in {"event", "body"}
            if trigger.start < sentence.start:
                continue
            if _word(scene.text, trigger) in self._words.calls_on and is_noun == bool(
                self._words.verb_before.search(scene.text, sentence.start, trigger.start)
            ):
                continue
            if _word(scene.text, trigger) in self._words.visits:
                noun = self._judge.noun_visit(scene, sentence, trigger.start, trigger.end)
                if noun != is_noun:
                    continue
            (nouns if is_noun else verbs).append(trigger)
        taken = [(v.start, v.end) for v in verbs]
        nouns = [
            n for n in nouns if not any(s <= n.start < e for s, e in taken) or n.end - n.start > 8
        ]
        return nouns, verbs

    def _of_phrase(self, scene: Scene, sentence: Sentence, phrase: Phrase) -> Frame | None:
        span = (phrase.start, max(phrase.head[1], phrase.full[1]))
        clause = clause_of(self._words, scene.text, (sentence.start, sentence.end), span)
        verdict = self._judge.phrase(scene, sentence, clause, phrase)
        if verdict == NONE:
            return None
        purpose = self._purpose(scene, clause, span)
        frame = Frame(phrase.rule, sentence, span, clause, purpose, phrase, phrase.rule.kind)
        frame.heads = set(phrase.heads)
        frame.anaphoric = verdict == ANAPHORA
        frame.distinguished = phrase.distinguished
        frame.core = scene.text[slice(*phrase.name)] if phrase.proper else ""
        if phrase.proper:
            before = scene.text[max(sentence.start, phrase.start - _BESIDE) : phrase.start]
            frame.beside = bool(self._words.beside.search(before))
            frame.apart = frame.beside and bool(self._words.apart.search(before))
        if phrase.ordinal and (frame.kind != "visit" or phrase.ordinal[0] > 1):
            value, start, end = phrase.ordinal
            frame.ordinal = Support("ordinal", value, start, end, phrase.rule.id, "phrase")
        return frame

    def _name(self, scene: Scene, frame: Frame, phrase: Phrase) -> None:
        start, end = phrase.quoted or (
            phrase.name if phrase.proper and phrase.rule.kind != "visit" else phrase.full
        )
        if (
            phrase.proper
            and not phrase.quoted
            and re.match(r" on [A-Z‘“]", scene.text[end : end + 5])
        ):
            end = max(end, phrase.full[1])
        if not phrase.quoted:
            frame.core = scene.text[phrase.name[0] : max(phrase.name[1], phrase.head[1])]
        end += scene.text.count("(", start, end) > scene.text.count(")", start, end) and (
            scene.text[end : end + 1] == ")"
        )
        if phrase.rule.form == "body":
            frame.core = scene.text[slice(*phrase.name)]
        value = re.sub(r"\s+", " ", scene.text[start:end]).strip(" ,")
        plain = frame.kind == "visit" and value.lower() in self._words.visits
        if value and not plain:
            frame.name = Support("name", value, start, end, phrase.rule.id, "phrase")

    def _of_verb(self, scene: Scene, sentence: Sentence, trigger: Trigger) -> Frame | None:
        rule = trigger.item[0]
        span = (trigger.start, trigger.end)
        clause = clause_of(self._words, scene.text, (sentence.start, sentence.end), span)
        if not self._verbs.tells(scene, sentence, clause, trigger):
            return None
        purpose = self._purpose(scene, clause, span)
        frame = Frame(rule, sentence, span, clause, purpose, None, rule.kind)
        frame.hosted = scene.text[span[0] : span[1]].lower() in self._words.hosting
        frame.weak = rule.needs in {"with", "guest", "to"}
        frame.anaphoric = frame.weak
        if frame.weak:
            frame.heads = set(self._words.meeting_heads if rule.needs == "with" else ())
        elif rule.form == "travel":
            frame.target = self._verbs.target(scene, span)
        return frame

    def complete(
        self,
        scene: Scene,
        frame: Frame,
        barred: Sequence[Span],
        others: Sequence[Span] = (),
        verbs: Sequence[Span] = (),
    ) -> bool:
        """Fills the fields of a frame; False where the text says that there is no such meeting."""
        whole = frame.clause
        if frame.phrase and not frame.anaphoric and frame.name is None:
            self._name(scene, frame, frame.phrase)
        frame.clause = before_next_verb(scene.text, whole, frame.span, verbs)
        told = not frame.anaphoric or frame.distinguished
        if told and not self._read_status(scene, frame):
            return False
        if frame.anaphoric and not self._adds(scene, frame):
            self._dates_and_place(scene, frame, others)
            return True
        self._sides.read(scene, frame, barred)
        if frame.rule.level == "signing" and self._words.signing.search(
            scene.text, frame.sentence.start, frame.sentence.end
        ):
            frame.kind = "ceremony"
        frame.institutions = institutions_of(scene, frame, self._sides.region(scene, frame))
        self._dates_and_place(scene, frame, others)
        return True

    def _dates_and_place(self, scene: Scene, frame: Frame, others: Sequence[Span]) -> None:
        if not frame.founded:
            self._dates.read(scene, frame, others)
        own = own_start(scene.text, frame.clause, frame.span)
        clause, frame.clause = frame.clause, (own, frame.clause[1])
        self._places.read(scene, frame)
        frame.clause = clause
        if frame.place and frame.place.detail:
            if frame.kind == "visit" and frame.target is None:
                frame.target = frame.place.detail
            if not frame.anaphoric:
                self._add_host(frame, frame.place)

    def _add_host(self, frame: Frame, place: Support) -> None:
        """The country of the place takes part, unless the city is the seat of a bloc that does."""
        blocs = frame.codes & self._words.blocs
        if blocs and str(place.value) in self._words.seats:
            frame.countries = [c for c in frame.countries if c.value != place.detail]
        elif place.detail:
            frame.add_country(place.detail, place.start, place.end, "clause")

    def _adds(self, scene: Scene, frame: Frame) -> bool:
        """Whether a sentence about “the meeting” tells who took part."""
        start, end = frame.clause
        behind = self._words.attendance.search(
            scene.text, frame.span[1], min(end, frame.span[1] + 30)
        )
        return bool(
            behind or self._words.attendance.search(scene.text, start, min(end, start + 12))
        )

    def _read_status(self, scene: Scene, frame: Frame) -> bool:
        """Sets the status; False where the text says that there is no such meeting."""
        scope = self._scope(frame)
        gerund = self._words.gerunds.match(scene.text, frame.sentence.start)
        if gerund and gerund.end() < frame.span[1] and frame.phrase and not frame.anaphoric:
            frame.status = Support(
                "status",
                "planned",
                gerund.start(),
                gerund.end(),
                frame.rule.id,
                "clause",
                f"planned: {gerund[0]}",
            )
            return True
        cue = self._status.read(scene.text, scope, frame.span)
        if cue is None:
            self._lone_future(scene, frame, scope)
            return True
        if cue.status is None:
            return False
        if cue.state == "founded" and frame.kind not in _FOUNDED:
            return True
        if self._is_of_another(scene, frame, cue.state):
            self._lone_future(scene, frame, scope)
            return True
        frame.founded = cue.state == "founded"
        inside = frame.phrase is not None and frame.span[0] <= cue.start
        if cue.state != "held" or not (frame.anaphoric or (inside and cue.end <= frame.span[1])):
            frame.status = Support(
                "status", cue.status, cue.start, cue.end, cue.rule, "clause", cue.detail(scene.text)
            )
        return True

    def _is_of_another(self, scene: Scene, frame: Frame, state: str) -> bool:
        """Whether a cue tells nothing of the meeting: the body of a session told of was founded."""
        if state == "founded":
            numbered = frame.phrase is not None and frame.phrase.ordinal is not None
            return numbered and bool(frame.heads & self._words.session_heads)
        return state == "headline" and not _is_headline(scene, frame)

    def _purpose(self, scene: Scene, clause: Span, span: Span) -> int:
        """Where a clause says what the meeting is for, else its end."""
        match = self._words.purposes.search(scene.text, span[1], clause[1])
        return match.start() if match else clause[1]

    def _scope(self, frame: Frame) -> Span:
        """The clause up to where it says what the meeting is for."""
        start, end = frame.clause
        return start, min(end, frame.span[1] + _BEHIND, frame.purpose)

    def _lone_future(self, scene: Scene, frame: Frame, scope: Span) -> None:
        """“Kenya intends to share it through a roundtable”: the future of another verb."""
        found = list(self._words.future.finditer(scene.text, scope[0], frame.span[0]))
        behind = self._words.future_behind.match(scene.text, frame.span[1], scope[1])
        cue = behind or (found[-1] if found else None)
        if cue and not frame.anaphoric:
            start, end = cue.span()
            start += len(cue[0]) - len(cue[0].lstrip(" ,)”’"))
            told = f"planned: {scene.text[start:end]}"
            frame.status = Support("status", "planned", start, end, frame.rule.id, "clause", told)


def _without_echoes(frames: list[Frame]) -> list[Frame]:
    """“At the meeting, they held discussions” tells of one meeting."""
    back = [f.span[0] for f in frames if f.anaphoric and f.kind != "visit"]
    if not back:
        return frames
    return [f for f in frames if f.rule.needs != "held" or f.anaphoric or min(back) > f.span[0]]


def _without_hosts(frames: list[Frame]) -> list[Frame]:
    """“Hosted the President for a State Visit” tells of the visit only."""
    if not any(f.kind == "visit" and not f.anaphoric for f in frames):
        return frames
    return [f for f in frames if f.rule.form != "encounter" or not f.hosted]


def _is_headline(scene: Scene, frame: Frame) -> bool:
    """A heading, or a line that ends without a full stop."""
    if scene.is_title(frame.sentence.block):
        return True
    return scene.text[frame.sentence.end - 1] not in '.!?;:”"'


def _word(text: str, trigger: Trigger) -> str:
    return text[trigger.start : trigger.end].lower()
