"""Joint statements without a title: a text in which two countries speak as one “we”."""

from __future__ import annotations

from pipeline.records.context import Context
from pipeline.records.drafts import Completer
from pipeline.records.phrases import Found, Phrases
from pipeline.records.report import Report, Support
from pipeline.rulebook.agreements import AgreementWords

RULE = "agreements/joint-text"
KIND = "joint_statement"
# So often must the text say "we affirm" and "both countries".
_VOICES = 3
_BOTH = 2


class JointTextReader:
    """Tells a joint statement by its voice."""

    def __init__(self, words: AgreementWords) -> None:
        self._voice = Phrases((w, None) for w in words.voice)
        self._single = Phrases((w, None) for w in words.single_voice)
        self._both = Phrases((w, None) for w in words.both)

    def read(self, context: Context, completer: Completer) -> Report | None:
        """The statement that the page is, or None."""
        if len(context.main) != 2:
            return None
        text = context.page.text
        voices = [hit for hit in self._voice.all(text) if not _is_quoted(text, hit)]
        if len(voices) < _VOICES or len(self._both.all(text)) < _BOTH or self._single.all(text):
            return None
        start, end = voices[0][:2]
        sentence = context.page.sentence_at(start)
        if sentence is None:
            return None
        return Report(
            "agreement",
            sentence.start,
            sentence.end,
            RULE,
            (
                Support("kind", KIND, start, end, RULE, "document"),
                *(
                    Support("parties", s.code, s.start, s.end, RULE, s.step)
                    for s in context.main
                    if s.code
                ),
                Support("status", "signed", start, end, RULE, "document", "issued"),
                *([context.event.date] if context.event.date else []),
                *completer.main_topics(context.page),
            ),
        )


def _is_quoted(text: str, hit: Found[None]) -> bool:
    """Whether an opening quotation mark stands before a hit in its paragraph and no closing one."""
    start = text.rfind("\n", 0, hit.start) + 1
    before = text[start : hit.start]
    return before.rfind("“") > before.rfind("”") or before.count('"') % 2 == 1
