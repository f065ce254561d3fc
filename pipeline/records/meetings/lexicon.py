"""The word lists of ``rules/meetings.toml`` as compiled patterns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from pipeline.records.phrases import Phrases
from pipeline.rulebook.meetings import MeetingRule, MeetingRules, MeetingWords

LEADER, MINISTER, OFFICIAL = "leader", "minister", "official"
COUNTERPART = "counterpart"

_NUMBER = r"(?P<number>\d{1,3}) ?(?:st|nd|rd|th)"


def alternation(words: Iterable[str]) -> str:
    """A group that matches any of the words, the longest first.

    Words that begin alike share their first characters: most texts are told by one look.
    """
    return _branches(sorted(set(words)), 0)


def _branches(words: Sequence[str], depth: int) -> str:
    """What may stand behind the first ``depth`` characters, which the sorted words share."""
    longer = [word for word in words if len(word) > depth]
    groups = [list(group) for _, group in groupby(longer, key=lambda word: word[depth])]
    parts = [
        re.escape(group[0][depth:])
        if len(group) == 1
        else re.escape(group[0][depth]) + _branches(group, depth + 1)
        for group in groups
    ]
    ends = len(longer) < len(words)
    return "(?:" + "|".join([*parts, ""] if ends else parts) + ")"


def _whole(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){alternation(words)}(?!\w)", re.IGNORECASE)


def _directly_before(words: Iterable[str], gap: int) -> re.Pattern[str]:
    """One of the words with at most ``gap`` words to the end of the string."""
    between = rf"(?: [\w’'“-]+){{0,{gap}}} ?$"
    return re.compile(rf"(?<!\w){alternation(words)}{between}", re.IGNORECASE)


def _directly_behind(words: Iterable[str], adverbs: Iterable[str]) -> re.Pattern[str]:
    """One of the words at the position; an adverb may stand inside it."""
    adverb = rf"(?:{alternation(adverbs)} )?"
    return re.compile(rf"[\s,)”’]{{1,3}}{adverb}{_loose(words, adverbs)}(?!\w)", re.IGNORECASE)


def _loose(words: Iterable[str], adverbs: Iterable[str]) -> str:
    """The words with room for an adverb inside."""
    return alternation(words).replace(r"\ ", rf" (?:{alternation(adverbs)} )?")


def _flexible(words: Iterable[str], adverbs: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){_loose(words, adverbs)}(?!\w)", re.IGNORECASE)


def _right_before(words: Iterable[str]) -> re.Pattern[str]:
    """One of the words and a blank, at the end of the string."""
    return re.compile(rf"(?<!\w){alternation(words)}\s$", re.IGNORECASE)


class Lexicon:
    """The words of the rule book, ready for matching; one attribute a list."""

    def __init__(self, rules: MeetingRules) -> None:
        self.triggers: Phrases[tuple[MeetingRule, bool]] = Phrases(_triggers(rules))
        self._phrase_words(rules.words)
        self._telling_words(rules.words)
        self._party_words(rules.words)
        self._verb_words(rules.words)
        self._time_and_place_words(rules.words)
        self._merging_words(rules.words)

    def _phrase_words(self, words: MeetingWords) -> None:
        """How a noun phrase is read."""
        self.definite = frozenset((*words.definite, *words.possessive))
        self.strictly_definite = frozenset(words.definite)
        self.indefinite = frozenset(words.indefinite)
        self.generic = frozenset(words.generic)
        self.temporal = frozenset(words.temporal)
        self.distinguishing = frozenset(words.distinguishing)
        self.modifiers = frozenset(words.modifiers)
        self.not_names = frozenset(words.not_names)
        self.numbers = {word: n for n, word in enumerate(words.ordinals, 1)}
        self.numbers |= dict.fromkeys(words.first, 1)
        self.days = {word: n for n, word in enumerate(words.days, 1)}
        self.ordinal = re.compile(
            rf"(?:{_NUMBER}|(?P<word>{alternation(self.numbers)}))$", re.IGNORECASE
        )
        stay = rf"(?<!\w)(?P<n>\d{{1,2}}|{alternation(words.days)})[ -]days?(?!\w)"
        self.stay = re.compile(stay, re.IGNORECASE)
        self.collective = re.compile(rf"(?<!\w){alternation(words.collective)} $", re.IGNORECASE)
        self.complement = re.compile(rf" {alternation(words.complements)} ")
        self.complement_end = re.compile(
            rf" {alternation(words.complement_ends)}(?!\w)| and (?:\w+ed|held|met|had) | to (?!the |his |her |both )[a-z]|(?<!Mr)(?<!H\.E)(?<!Dr)(?<![A-Z])[,;:.\n]"
        )
        self.held_its = re.compile(
            rf" {alternation(words.calls)} (?:its|their|the|a) ", re.IGNORECASE
        )
        self.quoted = re.compile(
            rf",? (?:[\w-]+ ){{0,5}}?{alternation(words.titled)},? [“\"]([^”\"\n]{{6,200}})[”\"]"
        )

    def _telling_words(self, words: MeetingWords) -> None:
        """What tells that an event took place, or will."""
        self.strong_before = _directly_before(words.strong_before, 4)
        self.weak_before = _directly_before(words.weak_before, 1)
        self.tours = _directly_before(words.tours, 4)
        self.holds = _directly_before(words.holds, 4)
        self.calls = _directly_before(words.calls, 3)
        self.took_place = _directly_behind(words.took_place, words.adverbs)
        self.gerunds = re.compile(rf"\W*{alternation(words.gerunds)}(?!\w)")
        self.passive = _flexible((w for w in words.took_place if " " in w), words.adverbs)
        self.meets = _directly_behind(words.meets, words.adverbs)
        self.beside = re.compile(
            rf"(?<!\w){alternation((*words.beside, *words.apart))}(?: the| a| an)? $", re.IGNORECASE
        )
        self.apart = re.compile(
            rf"(?<!\w){alternation(words.apart)}(?: the| a| an)? $", re.IGNORECASE
        )
        self.occasion = re.compile(
            rf"(?<!\w){alternation(words.occasion)}(?: the| this| that| his| her| its| their)? $",
            re.IGNORECASE,
        )
        self.presence = re.compile(
            rf"(?<!\w)(?:me|I|us|you)(?: all)? (?:[\w’']+ ){{0,6}}{alternation(words.presence)}(?: the| this)? ?$"
        )
        self.attends = re.compile(
            rf"(?<!\w){alternation(words.attends)}(?: the| a| an| its)?(?: [\w-]+){{0,4}} $",
            re.IGNORECASE,
        )
        self.after = _directly_behind(words.happens_after, words.adverbs)
        self.repeated = _whole(words.repeated)
        self.not_after_verb = re.compile(rf" {alternation(words.not_after_verb)}(?!\w)")
        self.not_before_noun = re.compile(
            rf" {alternation(words.not_before_noun)}(?!\w)", re.IGNORECASE
        )
        self.signing = _whole(words.signing)
        self.future = _whole(words.future)
        self.future_behind = _directly_behind(words.future, words.adverbs)
        self.present = _whole(words.present)
        self.today = _whole(words.today)
        self.chairing = _right_before(words.chairing)
        self.session_heads = frozenset(words.session_heads)

    def _party_words(self, words: MeetingWords) -> None:
        """Who takes part."""
        self.companies = _whole(words.companies)
        self.seats = frozenset(words.seats)
        self.leaders = _whole(words.leaders)
        heads = alternation(words.heads_of_bodies)
        self.heads_of_bodies = re.compile(rf"(?<!\w){heads}(?:,| of)(?: the)? $", re.IGNORECASE)
        self.plural = re.compile(r"^heads\b|s$", re.IGNORECASE)
        self.ministers = _whole(words.ministers)
        self.ministerial = _whole(words.ministerial)
        self.officials = _whole(words.officials)
        self.lesser = re.compile(rf"(?<!\w){alternation(words.lesser)}[ -]?$", re.IGNORECASE)
        self.groups = _whole(words.groups)
        self.both = _whole(words.both)
        self.three = _whole(words.three)
        self.ranks: Phrases[str] = Phrases(
            dict(
                [
                    *((w, OFFICIAL) for w in words.officials),
                    *((w, COUNTERPART) for w in words.counterparts),
                    *((w, MINISTER) for w in words.ministers),
                    *((w, LEADER) for w in words.leaders),
                ]
            ).items()
        )
        self.delegations = _whole(words.delegations)
        self.foreign = _whole(words.foreign_cues)
        self.attendance = _whole(words.attendance)
        self.purposes = _whole(words.purposes)
        self.breaks = re.compile(alternation(words.clause_breaks))
        self.calling = frozenset(words.calling)
        self.bare_verbs = frozenset(words.bare_verbs)
        self.hosting = frozenset(words.hosting)
        self.blocs = frozenset(words.blocs)
        self.worldwide = _whole(words.worldwide)

    def _verb_words(self, words: MeetingWords) -> None:
        """What makes a word a verb, and who its subject is."""
        self.verb_before = _right_before(words.auxiliaries)
        passives = alternation(words.passives)
        self.passive_before = re.compile(rf"(?<!\w){passives} (?:\w+ly )?$", re.IGNORECASE)
        self.pronoun_before = re.compile(
            rf"(?<!\w){alternation(words.pronouns)}\s[^.;]{{0,60}}$", re.IGNORECASE
        )
        self.visits = frozenset(words.visits)
        self.calls_on = frozenset(words.calls_on)

    def _time_and_place_words(self, words: MeetingWords) -> None:
        """The date and the place of an event."""
        self.other_verbs = _whole(words.other_verbs)
        self.sequence = _whole(words.sequence)
        self.same_day = _whole(words.same_day)
        self.place_before = re.compile(
            rf"(?<!\w){alternation(words.place_prepositions)}(?: the| both)? $", re.IGNORECASE
        )
        self.date_before = re.compile(
            rf"(?:^|(?<!\w){alternation(words.date_prepositions)}|[(,–-])\s?(?:the |\w+day,? )?$",
            re.IGNORECASE,
        )
        self.not_date_before = re.compile(
            rf"(?<!\w){alternation(words.not_date_prepositions)} (?:the )?$", re.IGNORECASE
        )
        self.begins_stay = _whole(words.begins_stay)
        self.ends_stay = _whole(words.ends_stay)
        self.buildings = _whole(words.buildings)

    def _merging_words(self, words: MeetingWords) -> None:
        """Which words may mean the same event."""
        self.meeting_heads = frozenset(words.meeting_heads)
        self.series_heads = frozenset(words.series_heads)
        self.visit_heads = frozenset(words.visit_heads)
        self.signed_words = words.signed_words


def _triggers(rules: MeetingRules) -> Iterable[tuple[str, tuple[MeetingRule, bool]]]:
    for rule in rules.rule:
        yield from ((word, (rule, False)) for word in rule.words)
        yield from ((word, (rule, True)) for word in rule.plurals)
