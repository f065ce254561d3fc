"""What a document says of an instrument besides its name: the spans that its topics come from."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.records.frames import Frame
from pipeline.records.merge import Draft, is_anaphor
from pipeline.records.page import Page, Sentence
from pipeline.records.phrases import Phrases
from pipeline.rulebook.agreements import AgreementWords

Span = tuple[int, int, str]
_NEAR = 5
_MADE = frozenset({"signed", "approved", "in_force", "renewed", "ended", "finalised"})
_MOST_SENTENCES = 3
# A longer document speaks of other things than its one instrument.
_SHORT = 30
_STATEMENTS = frozenset({"joint_statement", "joint_declaration"})


class ScopeReader:
    """Finds the spans that tell what an instrument is about."""

    def __init__(self, words: AgreementWords) -> None:
        self._areas = Phrases((w, None) for w in words.areas)
        self._pronouns = tuple(w + " " for w in words.pronouns)

    def spans(self, page: Page, draft: Draft) -> Iterator[Span]:
        """Title, clause, sentences that go on about it, the list below."""
        for frame in draft.frames:
            if not is_anaphor(frame):
                yield *(frame.title or frame.instrument.span), "phrase"
        for frame in draft.frames:
            yield from self._about(page, draft, frame)

    def main_spans(self, page: Page) -> Iterator[Span]:
        """The sentences in which a short document with one instrument lists areas."""
        if len(page.sentences) > _SHORT:
            return
        for sentence in page.sentences:
            span = (sentence.start, sentence.end)
            if self._areas.all(page.text, *span):
                yield *span, "document"
                yield from self._list_below(page, sentence)

    def _about(self, page: Page, draft: Draft, frame: Frame) -> Iterator[Span]:
        """The rest of a sentence that makes the instrument its subject, and what follows it."""
        sentence = frame.instrument.sentence
        tail = (frame.instrument.end, frame.scope[1])
        told = bool(frame.cue and frame.cue.distance <= _NEAR)
        listed = bool(self._areas.all(page.text, *tail))
        made = frame.cue is not None and frame.cue.state in _MADE
        subject = self._is_subject(page, frame)
        if not (told or (subject and (listed or not made))):
            return
        if frame.title is None and (listed or frame is draft.first or (subject and not made)):
            yield *tail, "clause" if frame is draft.first else "anaphora"
        yield from self._list_below(page, sentence)
        yield from self._following(page, sentence)

    def _is_subject(self, page: Page, frame: Frame) -> bool:
        """Whether a sentence begins with the instrument: “The MoU covers …”."""
        before = page.text[frame.instrument.sentence.start : frame.start]
        return len(before.split()) <= 6

    def _following(self, page: Page, sentence: Sentence) -> Iterator[Span]:
        """The next sentences of the block while they go on about it: “It covers …”."""
        for _ in range(_MOST_SENTENCES):
            following = page.sentence_at(sentence.end + 1) or page.sentence_at(sentence.end + 2)
            if following is None or following == sentence or following.block != sentence.block:
                return
            sentence = following
            start = page.text[following.start : following.start + 30].lower()
            if not start.startswith(self._pronouns):
                return
            yield following.start, following.end, "block"
            yield from self._list_below(page, following)

    def _list_below(self, page: Page, sentence: Sentence) -> Iterator[Span]:
        """The items of the list that a sentence opens."""
        if not page.text[sentence.start : sentence.end].rstrip().endswith(":"):
            return
        for index in range(sentence.block + 1, len(page.blocks)):
            if page.blocks[index].kind != "bullet" or page.lead_in(index) is None:
                return
            yield page.blocks[index].start, page.blocks[index].end, "list"
