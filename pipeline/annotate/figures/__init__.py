"""Figures: numbers with a unit, what they measure, of which country and when."""

from __future__ import annotations

from collections.abc import Sequence

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.annotate.base import document_of, only_country, rules_of
from pipeline.annotate.figures.context import FigureContext
from pipeline.annotate.figures.find import FigureFinder, figures_of
from pipeline.model import Block, CountryMention, DateMention, FigureMention
from pipeline.rulebook.figures import FigureRules


class FigureAnnotator:
    """Finds money, percentages, measures and counted nouns.

    Ranks, labels, dates, durations and small counts of meetings or agreements are no figures.
    """

    def __init__(self, rules: FigureRules) -> None:
        self._finder = FigureFinder(rules)

    def __call__(self, doc: Doc) -> Doc:
        document = document_of(doc)
        doc._.figures = self.process(
            document.text,
            document.blocks,
            doc._.countries or (),
            doc._.dates or (),
            sentences=doc._.sentences or (),
            source_country=document.source_country or only_country(doc._.countries or ()),
        )
        return doc

    def process(  # noqa: PLR0913 - the plain inputs of a component
        self,
        text: str,
        blocks: Sequence[Block],
        countries: Sequence[CountryMention] = (),
        dates: Sequence[DateMention] = (),
        *,
        sentences: Sequence[tuple[int, int]] = (),
        source_country: str | None = None,
    ) -> list[FigureMention]:
        """The figures of a text, in order, without overlaps."""
        context = FigureContext(text, blocks, countries, dates)
        context.sentences = sorted(sentences)
        context.home = source_country
        return list(figures_of(self._finder, context))


def find_figures(  # noqa: PLR0913 - the plain inputs of a component
    text: str,
    blocks: Sequence[Block],
    countries: Sequence[CountryMention],
    dates: Sequence[DateMention],
    rules: FigureRules,
    *,
    sentences: Sequence[tuple[int, int]] = (),
    source_country: str | None = None,
) -> list[FigureMention]:
    """The figures of one text; for many texts keep a ``FigureAnnotator``."""
    return FigureAnnotator(rules).process(
        text, blocks, countries, dates, sentences=sentences, source_country=source_country
    )


@Language.factory("pactline_figures")
def create_figure_annotator(nlp: Language, name: str) -> FigureAnnotator:  # noqa: ARG001
    """The factory that spaCy calls."""
    return FigureAnnotator(rules_of(nlp).figures)
