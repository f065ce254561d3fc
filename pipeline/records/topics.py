"""The topics that words of a text tell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.records.page import Spanned
from pipeline.records.phrases import Phrases
from pipeline.records.report import Support
from pipeline.rulebook.topics import TopicRule, TopicRules

OTHER = "other"


class TopicReader:
    """Finds topics by their words."""

    def __init__(self, rules: TopicRules) -> None:
        words: list[tuple[str, TopicRule | None]] = [(w, None) for w in rules.not_topics]
        self._phrases = Phrases([*words, *((w, r) for r in rules.rule for w in r.words)])

    def read(
        self, text: str, start: int, end: int, step: str, barred: Sequence[Spanned] = ()
    ) -> Iterator[Support]:
        """The topics of ``text[start:end]`` as supports, one for each word that tells one.

        Words inside the ``barred`` mentions, such as names of ministries, tell none.
        """
        for hit in self._phrases.longest(text, start, end):
            inside = any(b.start <= hit.start and hit.end <= b.end for b in barred)
            if hit.item is not None and not inside:
                rule = hit.item
                yield Support("topics", rule.topic, hit.start, hit.end, rule.id, step)
