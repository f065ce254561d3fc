"""Which agreement a meeting or a project serves: the one that its own sentence names."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from pipeline.link.model import Item
from pipeline.link.words import LinkWords


class Tie(NamedTuple):
    """A report of a meeting or project, the agreement report it names, and the phrase that ties."""

    report: str
    agreement_report: str
    phrase: str


def find_ties(
    agreements: Iterable[Item], others: Iterable[Item], words: LinkWords
) -> Iterator[Tie]:
    """The ties of reports whose sentence names an agreement of the same document behind a phrase."""
    cues = [cue for rule in words.rules.tie for cue in rule.cues]
    by_doc: dict[str, list[Item]] = defaultdict(list)
    for item in agreements:
        by_doc[item.doc_id].append(item)
    for item in others:
        if item.doc_id in by_doc:
            found = _tie(item, by_doc[item.doc_id], cues)
            if found:
                yield found


def _tie(item: Item, agreements: Iterable[Item], cues: list[str]) -> Tie | None:
    text = item.row["text"].casefold()
    named = [a for a in agreements if _is_named(a, item)]
    for agreement in named:
        title = (agreement.row["title"] or "").casefold()
        at = text.find(title) if title else -1
        if at < 0:
            continue
        before = text[max(0, at - 40) : at].rstrip()
        phrase = next((c for c in cues if before.removesuffix(" the").endswith(c)), None)
        if phrase:
            return Tie(item.report_id, agreement.report_id, phrase)
    return None


def _is_named(agreement: Item, item: Item) -> bool:
    """Whether the agreement's sides are those of the meeting or project."""
    one, other = agreement.features.parties, item.features.parties
    return not one or not other or bool(one & other)


def tied_record(
    reports: Iterable[str], ties: Mapping[str, Tie], record_of: Mapping[str, str]
) -> str | None:
    """The agreement that most reports of a record name."""
    counts = Counter(record_of[ties[r].agreement_report] for r in reports if r in ties)
    return min(counts, key=lambda a: (-counts[a], a)) if counts else None
