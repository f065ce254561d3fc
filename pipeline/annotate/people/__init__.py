"""Named persons, by titles, roles, cues and repetition, with the fullest name of the document."""

from __future__ import annotations

from collections.abc import Sequence

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.annotate.base import document_of, rules_of
from pipeline.annotate.people.find import CandidateFinder
from pipeline.annotate.people.mentions import MentionWriter
from pipeline.annotate.people.names import NameReader
from pipeline.annotate.people.surroundings import Surroundings
from pipeline.annotate.people.titles import TitleTable
from pipeline.annotate.people.unite import repeated, unite
from pipeline.model import Block, CountryMention, InstitutionMention, PersonMention
from pipeline.rulebook.people import PeopleRules


class PeopleAnnotator:
    """Finds named persons and gives each one name within the document.

    A name needs a title, a role, a cue such as “led by”, or another mention that has one of these.
    """

    def __init__(self, rules: PeopleRules) -> None:
        self._table = TitleTable(rules)
        self._finder = CandidateFinder(rules)
        self._reader = NameReader(rules)
        self._repeat = next(r for r in rules.rule if r.id == "people/repeated")
        self._not_home = frozenset(rules.words.not_home)

    def __call__(self, doc: Doc) -> Doc:
        document = document_of(doc)
        doc._.people = self.process(
            document.text,
            document.blocks,
            doc._.countries or (),
            doc._.institutions or (),
            source_country=document.source_country,
        )
        return doc

    def process(
        self,
        text: str,
        blocks: Sequence[Block],
        countries: Sequence[CountryMention] = (),
        institutions: Sequence[InstitutionMention] = (),
        *,
        source_country: str | None = None,
    ) -> list[PersonMention]:
        """The person mentions of a text, in order, without overlaps."""
        hits = self._table.find(text)
        if not hits:
            return []
        around = Surroundings(text, blocks, hits, countries, institutions)
        people = unite(text, self._finder.find(around, hits))
        writer = MentionWriter(around, self._repeat, self._not_home, source_country)
        mentions, taken = [], set[int]()
        for person in people:
            for candidate in person.candidates:
                mention = writer.of_candidate(person, candidate)
                taken.update(range(mention.start, mention.end))
                mentions.append(mention)
        for start, end, person in repeated(around, people, self._reader, taken):
            mentions.append(writer.of_repetition(person, start, end))
        return _without_overlaps(mentions)


def _without_overlaps(mentions: list[PersonMention]) -> list[PersonMention]:
    """The mentions in order; of two that overlap, the longer."""
    kept: list[PersonMention] = []
    for mention in sorted(mentions, key=lambda m: (m.start, -m.end)):
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
        elif mention.end - mention.start > kept[-1].end - kept[-1].start:
            kept[-1] = mention
    return kept


def find_people(  # noqa: PLR0913 - the plain inputs of a component
    text: str,
    blocks: Sequence[Block],
    countries: Sequence[CountryMention],
    institutions: Sequence[InstitutionMention],
    rules: PeopleRules,
    *,
    source_country: str | None = None,
) -> list[PersonMention]:
    """The person mentions of one text; for many texts keep a ``PeopleAnnotator``."""
    return PeopleAnnotator(rules).process(
        text, blocks, countries, institutions, source_country=source_country
    )


@Language.factory("pactline_people")
def create_people_annotator(nlp: Language, name: str) -> PeopleAnnotator:  # noqa: ARG001
    """The factory that spaCy calls."""
    return PeopleAnnotator(rules_of(nlp).people)
