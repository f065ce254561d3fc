"""Compares two nodes of one subject."""

from __future__ import annotations

from pipeline.link.compare import agreements, meetings, projects
from pipeline.link.compare.tally import Tally
from pipeline.link.model import Clash, Features, Node, Verdict
from pipeline.link.words import LinkWords

_COPY = 3.0
_ONE_DOCUMENT = Clash("two reports of one document")


class Comparer:
    """Verdicts on pairs; a pure function of the two nodes and the rules."""

    def __init__(self, words: LinkWords) -> None:
        self._words = words

    def compare(self, a: Node, b: Node) -> Verdict:
        """Points and reasons for one thing, or what contradicts."""
        against = self.contradiction(a, b)
        if against:
            return Verdict(0.0, (), against)
        tally, needed = self._judge(a.features, b.features)
        return Verdict(tally.score, tuple(tally.reasons), None, tally.score >= needed)

    def agrees(self, features: Features) -> bool:
        """Whether two reports with these features are one thing."""
        if self._clash(features, features):
            return False
        tally, needed = self._judge(features, features)
        return tally.score >= needed

    def contradiction(self, a: Node, b: Node) -> Clash | None:
        """What keeps two nodes apart, or None."""
        one, other = a.features, b.features
        if not a.docs.isdisjoint(b.docs) and not _is_repeated(one, other):
            return _ONE_DOCUMENT
        return self._clash(one, other)

    def _clash(self, one: Features, other: Features) -> Clash | None:
        if one.subject == "agreement":
            return agreements.contradiction(self._words, one, other)
        if one.subject == "meeting":
            return meetings.contradiction(self._words, one, other)
        return projects.contradiction(self._words, one, other)

    def _judge(self, a: Features, b: Features) -> tuple[Tally, float]:
        if a.subject == "agreement":
            tally, needed = agreements.points(self._words, a, b), agreements.enough(a, b)
        elif a.subject == "meeting":
            tally = meetings.points(a, b)
            needed = meetings.enough(a, b, tally)
        else:
            tally, needed = projects.points(a, b), projects.ENOUGH
        if a.origin is not None and a.origin == b.origin:
            tally.add(_COPY, "copies of one text")
            needed = _COPY
        return tally, needed


def _is_repeated(a: Features, b: Features) -> bool:
    """Whether two reports of one document have one full title: a text may come back to a thing."""
    titled = a.words == b.words and len(a.words) > 1 and a.subject != "meeting"
    alike = (a.kind, a.parties, a.host) == (b.kind, b.parties, b.host)
    signed = a.bodies == b.bodies or not a.bodies or not b.bodies
    return titled and alike and signed and (a.date == b.date or not a.date or not b.date)
