"""The topics of cooperation and the words that tell them."""

from __future__ import annotations

from pathlib import Path

import msgspec

from pipeline.errors import RuleError
from pipeline.rulebook.examples import Example
from pipeline.rulebook.source import RuleFile, item_lines, parse_toml


class TopicRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words and phrases (in lower case, any case matches) of one topic."""

    id: str
    about: str
    topic: str
    words: tuple[str, ...]
    examples: tuple[str | Example, ...] = ()
    counter_examples: tuple[str | Example, ...] = ()


class TopicRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The content of ``topics.toml``; ``not_topics`` are phrases whose words tell none."""

    not_topics: tuple[str, ...]
    rule: tuple[TopicRule, ...]


def load_topics(root: Path) -> tuple[TopicRules, RuleFile]:
    """The rules of ``root/topics.toml``; raises RuleError with file and line."""
    file = RuleFile.read(root, "topics.toml")
    rules = parse_toml(file, TopicRules)
    seen: set[str] = set()
    for rule, line in zip(rules.rule, item_lines(file), strict=True):
        if rule.id in seen:
            raise RuleError(
                f"the id {rule.id} is used twice", where=file.where(line), fix="rename one"
            )
        if any(word != word.lower() for word in rule.words):
            raise RuleError(
                "a word is not in lower case",
                where=file.where(line),
                fix="write it in lower case; it matches any case",
            )
        seen.add(rule.id)
    return rules, file
