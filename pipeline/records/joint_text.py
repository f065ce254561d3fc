"""Joint statements that no sentence names: the page itself is one, by its title or its voice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.model import Document
from pipeline.records.context import Context
from pipeline.records.drafts import Completer
from pipeline.records.parties import Side
from pipeline.records.phrases import Found, Phrases
from pipeline.records.report import Report, Support
from pipeline.rulebook.agreements import AgreementRules

RULE = "agreements/joint-text"
_TITLE_RULE = "agreements/joint-title"
KINDS = frozenset({"joint_statement", "joint_declaration"})
# Kinds of instruments that a document is when its title opens with their name.
_OPENERS = frozenset({"action_plan"})
_DATED = " 0123456789"
# So often must the text say "we affirm" and "both countries".
_VOICES = 3
_BOTH = 2
# A joint statement without another sign of its sides names at most so many in its first lines.
_MOST_SIDES = 6
_APOSTROPHES = re.compile("['’]")
_BREAKS = re.compile(r"[\W_]+")


class JointTextReader:
    """Tells a joint statement by its title, else by its voice."""

    def __init__(self, rules: AgreementRules) -> None:
        words = rules.words
        self._voice = Phrases((w, None) for w in words.voice)
        self._single = Phrases((w, None) for w in words.single_voice)
        self._both = Phrases((w, None) for w in words.both)
        statements = [r for r in rules.rule if r.kind in KINDS and r.needs == "nothing"]
        self._titles = Phrases((_plain(h), r.kind) for r in statements for h in r.heads)
        plans = [r for r in rules.rule if r.kind in _OPENERS]
        self._opening = Phrases((_plain(h), r.kind) for r in plans for h in r.heads)
        self._others = Phrases((_plain(w), None) for w in words.not_statements)
        self._signers = Phrases((w, None) for w in words.signers)

    def titled(self, document: Document) -> str | None:
        """The kind of joint statement that a document is by its title or its file name, or None."""
        return self._called(_name(document)) or self._called(_plain(_file(document)))

    def _called(self, title: str) -> str | None:
        hits = self._titles.longest(title)
        opening = [h for h in self._opening.longest(title) if not title[: h.start].strip(_DATED)]
        other = self._others.all(title) or self._signers.all(title)
        return (hits or opening)[0].item if (hits or opening) and not other else None

    def read(self, context: Context, completer: Completer, kind: str | None) -> Report | None:
        """The statement that the page is, by its title (``kind``) or by its voice, or None."""
        if kind and (sides := _sides(context)):
            first = context.page.sentences[0]
            values = self._values(context, kind, (first.start, first.end), sides, _TITLE_RULE)
            return Report(
                "agreement",
                first.start,
                first.end,
                _TITLE_RULE,
                (*values, *completer.main_topics(context.page)),
            )
        return self._voiced(context, completer)

    def _voiced(self, context: Context, completer: Completer) -> Report | None:
        """A text without title in which two countries speak as one “we”."""
        if len(context.main) != 2 or self._others.all(_name(context.page.document)):
            return None
        text = context.page.text
        voices = [hit for hit in self._voice.all(text) if not _is_quoted(text, hit)]
        if len(voices) < _VOICES or len(self._both.all(text)) < _BOTH or self._single.all(text):
            return None
        span = voices[0][:2]
        sentence = context.page.sentence_at(span[0])
        if sentence is None:
            return None
        values = self._values(context, "joint_statement", span, context.main, RULE)
        return Report(
            "agreement",
            sentence.start,
            sentence.end,
            RULE,
            (*values, *completer.main_topics(context.page)),
        )

    def _values(
        self,
        context: Context,
        kind: str,
        span: tuple[int, int],
        sides: Sequence[Side],
        rule: str,
    ) -> Iterator[Support]:
        yield Support("kind", kind, *span, rule, "document")
        for side in sides:
            if side.code:
                yield Support("parties", side.code, side.start, side.end, rule, side.step)
        status = Support("status", "signed", *span, rule, "document", "issued")
        yield status
        day = context.event.date
        if day is None or context.is_later(day, status):
            day = context.release(*span)
        if day:
            yield day


def _sides(context: Context) -> Sequence[Side]:
    """The sides that a joint statement names at its top, else those that the page is about."""
    if len(context.main) == 2:
        return context.main
    named = context.named_in_lead()
    return named if 2 <= len(named) <= _MOST_SIDES else []


def _name(document: Document) -> str:
    """The title of a document, else its file name, as plain words."""
    return _plain(document.title or _file(document))


def _file(document: Document) -> str:
    return document.doc_id.rpartition("/")[2]


def _plain(text: str) -> str:
    """A title or file name as words in lower case: “leaders’ statement” has no apostrophe."""
    return _BREAKS.sub(" ", _APOSTROPHES.sub("", text.lower())).strip()


def _is_quoted(text: str, hit: Found[None]) -> bool:
    """Whether an opening quotation mark stands before a hit in its paragraph and no closing one."""
    start = text.rfind("\n", 0, hit.start) + 1
    before = text[start : hit.start]
    return before.rfind("“") > before.rfind("”") or before.count('"') % 2 == 1
