"""Countries once more, now that institutions and people are known."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.annotate.base import rules_of
from pipeline.annotate.lookup import is_inside
from pipeline.model import CountryMention, InstitutionMention, PersonMention
from pipeline.rulebook.book import RuleBook

_STATE = frozenset({"government", "ministry", "department", "agency", "intergovernmental"})


class Reconciler:
    """Drops countries inside a person's name, and places inside the name of a worldwide body.

    A body of a state that is known to the rules names its country, too, where the text around it
    doesn't: "the White House", "the European Council".
    """

    def __init__(self, rules: RuleBook) -> None:
        self._worldwide = frozenset(
            f"institutions/{i.id}" for i in rules.institutions.registry if i.country is None
        )

    def __call__(self, doc: Doc) -> Doc:
        doc._.countries = self.process(doc._.countries, doc._.institutions, doc._.people)
        return doc

    def process(
        self,
        countries: Sequence[CountryMention],
        institutions: Sequence[InstitutionMention],
        people: Sequence[PersonMention],
    ) -> list[CountryMention]:
        """The country mentions that remain, in order."""
        names = sorted((p.start, p.end) for p in people)
        bodies = sorted((i.start, i.end) for i in institutions if i.rule in self._worldwide)
        kept = [
            c
            for c in countries
            if not is_inside(c.start, names)
            and not (c.via == "place" and is_inside(c.start, bodies))
        ]
        starts = [c.start for c in kept]
        named = map(self._country_of, institutions)
        found = [m for m in named if m and not _names_inside(m, starts)]
        return sorted([*kept, *found], key=lambda c: (c.start, c.end))

    def _country_of(self, institution: InstitutionMention) -> CountryMention | None:
        if not (institution.linked and institution.country and institution.kind in _STATE):
            return None
        return CountryMention(
            start=institution.start,
            end=institution.end,
            rule=institution.rule,
            confidence=institution.confidence,
            code=institution.country,
            via="institution",
        )


def _names_inside(body: CountryMention, starts: Sequence[int]) -> bool:
    """Whether a country is named inside the name of a body."""
    index = bisect_left(starts, body.start)
    return index < len(starts) and starts[index] < body.end


@Language.factory("pactline_reconcile")
def create_reconciler(nlp: Language, name: str) -> Reconciler:  # noqa: ARG001
    """The factory that spaCy calls."""
    return Reconciler(rules_of(nlp))
