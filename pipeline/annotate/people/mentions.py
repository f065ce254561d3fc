"""Mentions of persons with what the document says of them."""

from __future__ import annotations

from pipeline.annotate.people.find import Candidate
from pipeline.annotate.people.surroundings import Surroundings
from pipeline.annotate.people.unite import Person, country_of
from pipeline.model import PersonMention
from pipeline.rulebook.people import PeopleRule


class MentionWriter:
    """Writes the mentions of one document.

    ``repeat`` is the rule of a repeated name. Who has a role in a government that is named without
    a country acts for the publisher's country, unless the role is one of ``not_home``.
    """

    def __init__(
        self,
        around: Surroundings,
        repeat: PeopleRule,
        not_home: frozenset[str],
        source_country: str | None,
    ) -> None:
        self._around = around
        self._repeat = repeat
        self._not_home = not_home
        self._source_country = source_country

    def of_candidate(self, person: Person, candidate: Candidate) -> PersonMention:
        """A mention with a title, a role or a cue."""
        role = candidate.role or person.best.role
        return PersonMention(
            start=candidate.name.start,
            end=candidate.name.end,
            rule=candidate.rule.id,
            confidence=candidate.rule.confidence,
            name=person.name,
            honorific=candidate.honorific,
            role=self._around.text[role.start : role.end] if role else None,
            institution_id=role.institution_id if role else None,
            country=country_of(candidate) or person.country or self._home(person),
        )

    def of_repetition(self, person: Person, start: int, end: int) -> PersonMention:
        """A mention of the name alone."""
        role = person.best.role
        return PersonMention(
            start=start,
            end=end,
            rule=self._repeat.id,
            confidence=self._repeat.confidence,
            name=person.name,
            role=self._around.text[role.start : role.end] if role else None,
            institution_id=role.institution_id if role else None,
            country=person.country or self._home(person),
        )

    def _home(self, person: Person) -> str | None:
        role = person.best.role
        if role is None or role.head.rule.kind != "role":
            return None
        head = self._around.text[role.head.start : role.head.end]
        return None if head in self._not_home else self._source_country
