"""Which numbers of a text are figures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.annotate.figures.context import FigureContext
from pipeline.annotate.figures.numbers import Number, NumberReader
from pipeline.annotate.figures.units import Unit, UnitReader
from pipeline.model import Block, FigureMention
from pipeline.rulebook.figures import FigureRules

_RANGE = re.compile(r" ?(?:[-–—]|to|and) ?(?:[^\W\d_]{0,3}[$€£₹¥] ?)?")
_LABEL = re.compile(r"([^\W\d_][\w.-]*|#)[ -]?$")
_OF_WHICH = re.compile(r"\bof (?:which|whom|them|these|those)\b[^.;]{0,30}$")
_ATTACHED = frozenset("/:")
_LABEL_REACH = 24
# Up to this number, a count with an article only refers to a known set: “the five operators”.
_FEW = 12
# From this number on, a capitalised word before it doesn’t make it part of a name.
_LARGE = 1000
_ELIDED_REACH = 200
_VERB_REACH = 24


class FigureFinder:
    """Gives numbers their units and leaves out those that are none."""

    def __init__(self, rules: FigureRules) -> None:
        self._numbers = NumberReader(rules)
        self._units = UnitReader(rules)
        words = rules.words
        self._labels = frozenset(words.labels)
        self._elided = next(r for r in rules.rule if r.id == "figures/elided")
        cues = "|".join(map(re.escape, words.elided_after))
        self._number_of = re.compile(rf"\b(?:{cues}) ")
        self._definite = frozenset(words.definite)
        sizes = "|".join(map(re.escape, words.sizes))
        self._size_of = re.compile(rf"\b(?:{sizes}) (?:of )?(?:about |over |nearly |some )?$")
        small = "|".join(map(re.escape, rules.numbers))
        shares = "|".join(map(re.escape, words.shares))
        self._share_of = re.compile(rf"(?:\d|{small}) (?:{shares}) $", re.IGNORECASE)
        verbs = "|".join(map(re.escape, words.elided_verbs))
        self._verb = re.compile(rf"\b(?:{verbs})(?: (?:about|over|nearly|some|almost|around))? $")
        self._many = rules.many

    def find(self, context: FigureContext) -> list[FigureMention]:
        """The figures of a text in order."""
        numbers = [
            (number, block)
            for number in self._numbers.find(context.text)
            if (block := context.block(number.start)) and self._is_open(context, number)
        ]
        units = self._read_units(context, numbers)
        return [
            self._mention(context, number, unit, block)
            for (number, block), unit in zip(numbers, units, strict=True)
            if unit is not None
        ]

    @staticmethod
    def _is_open(context: FigureContext, number: Number) -> bool:
        """Whether nothing beside the number makes it part of a name, a date or a label."""
        text, start, end = context.text, number.start, number.end
        before, after = text[start - 1 : start] if start else "", text[end : end + 2]
        if after[:1] == ":" and after[1:].isdigit():
            return False
        if before and (
            before in _ATTACHED or (before in "-–‑." and not _digit_before(text, start))
        ):
            return False
        return number.scaled or after[:1] not in _ATTACHED or not after[1:2].isalnum()

    def _enumerates(self, context: FigureContext, number: Number) -> bool:
        """Whether the words before a number make it a label, a size or a known set."""
        before = context.text[max(0, number.start - _LABEL_REACH) : number.start]
        match = _LABEL.search(before)
        if match and match[1].lower() in self._labels:
            return True
        if self._share_of.search(before):
            return True
        if self._size_of.search(before) or self._is_in_name(context, number):
            return True
        return bool(match and number.value <= _FEW and match[1].lower() in self._definite)

    @staticmethod
    def _is_in_name(context: FigureContext, number: Number) -> bool:
        """Whether a capitalised word right before a small number makes it “Missile 3”."""
        if number.in_words or number.scaled or number.value >= _LARGE:
            return False
        match = _LABEL.search(context.text, max(0, number.start - _LABEL_REACH), number.start)
        if not match or not match[1][0].isupper() or match.end(1) in context.country_ends:
            return False
        before = context.text[max(0, match.start() - 2) : match.start()]
        return bool(before.strip()) and before[:1] not in ".!?:•" and "\n" not in before

    def _read_units(
        self, context: FigureContext, numbers: Sequence[tuple[Number, Block]]
    ) -> list[Unit | None]:
        units: list[Unit | None] = []
        last: tuple[int, Unit] | None = None
        for number, block in numbers:
            unit = self._unit(context, number, block)
            if unit is None and not context.is_date(number.start, number.end):
                unit = self._elided_unit(context, number, block, last)
            if unit is not None and unit.rule.kind in {"noun", "structure"}:
                last = (block.start, unit)
            units.append(unit)
        _share_units(context, [number for number, _ in numbers], units)
        return units

    def _unit(self, context: FigureContext, number: Number, block: Block) -> Unit | None:
        text, country = context.text, context.home
        unit = self._units.money_before(text, number, country)
        if unit is not None:
            behind = self._units.sign_after(text, number, country)
            same = behind is not None and behind.name == unit.name
            return unit._replace(end=behind.end) if behind and same else unit
        is_date = context.is_date(number.start, number.end)
        unit = self._units.sign_after(text, number, country)
        # “In 1950 won she …”: a year before a word that is also a unit is a year.
        if unit is not None and not (is_date and text[unit.end - 1].isalpha()):
            return unit
        if is_date or self._enumerates(context, number):
            return None
        return self._units.counted(text, number, block.end, context.by_start)

    def _elided_unit(
        self,
        context: FigureContext,
        number: Number,
        block: Block,
        last: tuple[int, Unit] | None,
    ) -> Unit | None:
        """The noun of “the number of subscribers was …”, or of the figure before."""
        text = context.text
        first, stop = context.sentence(number.start, block)
        if not self._units.is_free(text, number.end):
            return None
        window = (max(first, number.start - _ELIDED_REACH), number.start)
        if number.scaled or number.value >= self._many:
            unit = self._subject(context, number, window, stop)
            if unit is not None:
                return unit
        if last is None or last[0] != block.start:
            return None
        of_which = _OF_WHICH.search(text, max(first, number.start - 60), number.start)
        if of_which or (number.scaled and last[1].start >= first):
            return Unit(last[1].name, number.start, number.end, self._elided, last[1].phrase)
        return None

    def _subject(
        self, context: FigureContext, number: Number, window: tuple[int, int], stop: int
    ) -> Unit | None:
        """The noun of “the number of subscribers was …” or “our subscribers number …”."""
        text, noun = context.text, None
        cues = list(self._number_of.finditer(text, *window))
        if cues:
            noun = self._units.noun_phrase(text, cues[-1].end(), stop, context.by_start)
        elif self._verb.search(text, max(window[0], number.start - _VERB_REACH), number.start):
            noun = self._units.last_noun(text, *window)
        if not noun:
            return None
        words, head = noun
        span = (words[0].start(), words[head].end())
        name = self._units.unit_name(words, head)
        return Unit(name, number.start, number.end, self._elided, span)

    @staticmethod
    def _mention(context: FigureContext, number: Number, unit: Unit, block: Block) -> FigureMention:
        span = context.sentence(number.start, block)
        country = context.country(unit.start, unit.end, span, block)
        return FigureMention(
            start=unit.start,
            end=unit.end,
            rule=unit.rule.id,
            confidence=unit.rule.confidence,
            value=number.value,
            unit=unit.name,
            what=context.what(unit.phrase, unit.start, unit.end, span[0]),
            country=country,
            period=context.period(unit.start, unit.end, span, block),
        )


def _digit_before(text: str, start: int) -> bool:
    """Whether the dash before a number joins it to another one, not to a word."""
    return text[start - 2 : start - 1].isdigit() or text[start - 2 : start - 1] == "%"


def _share_units(
    context: FigureContext, numbers: Sequence[Number], units: list[Unit | None]
) -> None:
    """Gives the first number of a range the unit of the second: “10-15 per cent”."""
    for index in range(len(numbers) - 2, -1, -1):
        number, unit = numbers[index], units[index + 1]
        if units[index] is not None or unit is None:
            continue
        if not _RANGE.fullmatch(context.text, number.end, numbers[index + 1].start):
            continue
        if not context.is_date(number.start, number.end):
            units[index] = unit._replace(start=number.start, end=number.end, phrase=unit.phrase)


def figures_of(finder: FigureFinder, context: FigureContext) -> Iterator[FigureMention]:
    """The figures without overlaps."""
    end = 0
    for mention in finder.find(context):
        if mention.start >= end:
            yield mention
            end = mention.end
