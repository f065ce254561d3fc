"""The component that finds the country which a document speaks from.

    >>> HomeFinder(rules).find(text, countries, institutions)
    ('SG', 'home/bodies')

The source and the address come first; only where they don't say, the text is asked. Who writes at
home leaves the country out, so the signs are public bodies and offices without a country, and a
few phrases. A document whose signs are few or speak for two countries has no home.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import msgspec
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.annotate.base import document_of, rules_of
from pipeline.model import CountryMention, InstitutionMention
from pipeline.rulebook.home import HomeRules, PhraseRule

_LOOK_BACK = 110
_TOP = 500
_LINKS = ("of ", "from ", "the ")
_NAMED = frozenset({"name", "demonym"})
_TWO = 2


# Points of a country by the rule that gave them.
Points = defaultdict[tuple[str, str], int]


class HomeFinder:
    """Weighs the signs of home of one document."""

    def __init__(self, rules: HomeRules) -> None:
        self._rules = rules

    def find(
        self,
        text: str,
        countries: Sequence[CountryMention],
        institutions: Sequence[InstitutionMention],
    ) -> tuple[str | None, str | None]:
        """(country, the rule with most points for it); (None, None) where it isn't clear."""
        named = [mention for mention in countries if mention.via in _NAMED]
        counts = Counter(mention.code for mention in named)
        points = self._bodies(text, countries, institutions)
        self._phrases(text, named, points)
        self._lines(text, points)
        self._prominent(counts, points)
        decided = self._decide(points)
        if decided is None and self._officers(text, named, counts, points):
            decided = self._decide(points)
        return decided or (None, None)

    def _decide(self, points: Points) -> tuple[str, str] | None:
        totals: defaultdict[str, int] = defaultdict(int)
        for (country, _), count in points.items():
            totals[country] += count
        best, second = _two_highest(totals)
        if best < self._rules.enough or best < self._rules.clear * second:
            return None
        home = next(country for country, count in totals.items() if count == best)
        rules = [(count, rule) for (country, rule), count in points.items() if country == home]
        return home, max(rules)[1]

    def _bodies(
        self,
        text: str,
        countries: Sequence[CountryMention],
        institutions: Sequence[InstitutionMention],
    ) -> Points:
        """A point for each mention of a body without its country, and one for each body."""
        rule = self._rules.bodies
        points: Points = defaultdict(int)
        seen: set[str] = set()
        around = _Around(text, [m for m in countries if m.via != "institution"], rule.reach)
        for body in institutions:
            if not (body.linked and body.kind in rule.kinds and body.country):
                continue
            # Bodies of a bloc are named alone everywhere.
            if body.country == "EU" or around.qualified(body, rule.before, rule.after):
                continue
            points[body.country, rule.id] += 1 + (body.institution_id not in seen)
            seen.add(body.institution_id)
        return points

    def _phrases(self, text: str, named: Sequence[CountryMention], points: Points) -> None:
        phrases = self._rules.phrases
        for mention in named:
            for rule in phrases.get(_cue(text, mention.start), ()):
                if says(rule, text, mention):
                    points[mention.code, rule.id] += rule.points

    def _lines(self, text: str, points: Points) -> None:
        for rule in self._rules.lines:
            if rule.pattern.search(text[:_TOP]):
                points[rule.country, rule.id] += rule.points

    def _prominent(self, counts: Counter[str], points: Points) -> None:
        """Points for the country that is named most, if something else speaks for it, too."""
        rule = self._rules.prominent
        best, second = _two_highest(counts)
        if best < rule.mentions or best < rule.times * second:
            return
        country = next(country for country, count in counts.items() if count == best)
        if any(one == country for one, _ in points):
            points[country, rule.id] += rule.points

    def _officers(
        self, text: str, named: Sequence[CountryMention], counts: Counter[str], points: Points
    ) -> bool:
        """The one country without an office of its own, where heads stand without a country."""
        rule = self._rules.officers
        if len(counts) < _TWO or not self._bare_head(text, named):
            return False
        foreign = {mention.code for mention in named if self._of_office(text, mention)}
        left = [country for country in counts if country not in foreign]
        if not foreign or len(left) != 1 or counts[left[0]] < rule.mentions:
            return False
        if counts[left[0]] < rule.share * max(counts.values()):
            return False
        points[left[0], rule.id] += rule.points
        return True

    def _bare_head(self, text: str, named: Sequence[CountryMention]) -> bool:
        """Whether a head of state or government is named without a country on either side."""
        ends = {mention.end for mention in named}
        for head in self._rules.officers.head.finditer(text):
            before = text[max(0, head.start() - 4) : head.start()]
            size = len(before) - len(before.rstrip(" ’'s"))
            if not ends & set(range(head.start() - size, head.start() + 1)):
                return True
        return False

    def _of_office(self, text: str, mention: CountryMention) -> bool:
        rule = self._rules.officers
        if rule.behind.match(text, mention.end):
            return True
        if not text.endswith(_LINKS, 0, mention.start):
            return False
        before = text[max(0, mention.start - _LOOK_BACK) : mention.start]
        return bool(rule.ahead.search(before))


def _two_highest(counts: Mapping[str, int]) -> tuple[int, int]:
    """The highest number and the next one, 0 where there is none."""
    first, second, *_ = (*sorted(counts.values(), reverse=True), 0, 0)
    return first, second


class _Around:
    """Whether a country stands beside a body's name or in it."""

    def __init__(self, text: str, countries: Sequence[CountryMention], reach: int) -> None:
        self._text = text
        self._countries = countries
        self._starts = [mention.start for mention in countries]
        self._reach = reach

    def qualified(
        self, body: InstitutionMention, before: re.Pattern[str], after: re.Pattern[str]
    ) -> bool:
        index = bisect_left(self._starts, body.start)
        if index and self._reaches(self._countries[index - 1].end, body.start, before):
            return True
        if index == len(self._countries):
            return False
        start = self._countries[index].start
        return start < body.end or self._reaches(body.end, start, after)

    def _reaches(self, start: int, end: int, pattern: re.Pattern[str]) -> bool:
        if end - start > self._reach:
            return False
        return start > end or pattern.fullmatch(self._text, start, end) is not None


def says(rule: PhraseRule, text: str, mention: CountryMention) -> bool:
    """Whether the words around a country are those of a phrase."""
    if not rule.after.match(text, mention.end):
        return False
    return bool(rule.before.search(text[max(0, mention.start - _LOOK_BACK) : mention.start]))


def _cue(text: str, start: int) -> str:
    """The word before a country, without its article; empty at the start of a line."""
    line = text[max(0, start - 24) : start].rpartition("\n")[2].rsplit(None, 2)
    if line and line[-1] in ("the", "The"):
        line.pop()
    return line[-1].lower() if line else ""


class HomeAnnotator:
    """Sets the ``source_country`` of a document that has none."""

    def __init__(self, rules: HomeRules) -> None:
        self._finder = HomeFinder(rules)

    def __call__(self, doc: Doc) -> Doc:
        document = document_of(doc)
        if document.source_country is None:
            country, rule = self._finder.find(
                document.text, doc._.countries or (), doc._.institutions or ()
            )
            if country is not None:
                doc._.document = msgspec.structs.replace(
                    document, source_country=country, source_country_from=rule
                )
        return doc


@Language.factory("pactline_home")
def create_home_annotator(nlp: Language, name: str) -> HomeAnnotator:  # noqa: ARG001
    """The factory that spaCy calls."""
    return HomeAnnotator(rules_of(nlp).home)
