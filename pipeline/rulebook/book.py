"""``rules/`` → a frozen, hashed RuleBook."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pipeline.errors import RuleError
from pipeline.rulebook.agreements import AgreementRules, load_agreements
from pipeline.rulebook.boilerplate import IngestRules, load_boilerplate
from pipeline.rulebook.confidence import Confidence, load_confidence
from pipeline.rulebook.dates import DateRules, load_dates
from pipeline.rulebook.figures import FigureRules, load_figures
from pipeline.rulebook.geography import Geography, load_geography
from pipeline.rulebook.home import HomeRules, load_home
from pipeline.rulebook.institutions import InstitutionRules, load_institutions
from pipeline.rulebook.linking import LinkRules, load_linking
from pipeline.rulebook.meetings import MeetingRules, load_meetings
from pipeline.rulebook.people import PeopleRules, load_people
from pipeline.rulebook.projects import ProjectRules, load_projects
from pipeline.rulebook.source import RuleFile, item_ids
from pipeline.rulebook.status import StatusRules, load_status
from pipeline.rulebook.topics import TopicRules, load_topics
from pipeline.rulebook.validity import ValidityRules, load_validity
from pipeline.schema import AGREEMENT_KINDS, INSTITUTION_KINDS


@dataclass(frozen=True)
class RuleBook:
    """Everything that the rule folder says, checked; ``files`` maps each file to its hash."""

    geography: Geography
    institutions: InstitutionRules
    dates: DateRules
    people: PeopleRules
    figures: FigureRules
    meetings: MeetingRules
    projects: ProjectRules
    ingest: IngestRules
    home: HomeRules
    confidence: Confidence
    status: StatusRules
    agreements: AgreementRules
    topics: TopicRules
    linking: LinkRules
    validity: ValidityRules
    files: tuple[RuleFile, ...]

    @cached_property
    def sha256(self) -> str:
        """The hash of all files together."""
        digest = hashlib.sha256()
        for file in sorted(self.files, key=lambda f: f.name):
            digest.update(f"{file.name}\0{file.sha256}\n".encode())
        return digest.hexdigest()

    def file(self, name: str) -> RuleFile:
        """The file of that name below the rule folder."""
        return next(file for file in self.files if file.name == name)

    @cached_property
    def locations(self) -> dict[str, str]:
        """``file:line`` of every rule id that a table may name."""
        found = {
            f"countries/{c.code}": f"rules/countries.csv:{c.line}" for c in self.geography.countries
        }
        for place in self.geography.places:
            found[f"places/{place.country}-{place.name}"] = f"rules/places.csv:{place.line}"
        for item in self.institutions.registry:
            found[f"institutions/{item.id}"] = f"rules/{item.file}:{item.line}"
        for file in self.files:
            if file.name.endswith(".toml"):
                stem = file.name.removesuffix(".toml")
                found |= {
                    key if "/" in key else f"{stem}/{key}": file.where(line)
                    for key, line in item_ids(file)
                }
        return found


def load_rulebook(root: Path) -> RuleBook:
    """The rule book in the folder ``root``; raises RuleError with file and line."""
    if not root.is_dir():
        raise RuleError(
            "there is no such rule folder",
            where=str(root),
            fix="run `pactline init DIR` for a fresh folder, or name one with --rules",
        )
    geography, geography_files = load_geography(root)
    institutions, institution_files = load_institutions(
        root, frozenset(INSTITUTION_KINDS), frozenset(c.code for c in geography.countries)
    )
    dates_file = RuleFile.read(root, "dates.toml")
    people, people_files = load_people(root)
    figures, figures_file = load_figures(root)
    meetings, meetings_file = load_meetings(root)
    projects, projects_file = load_projects(root)
    ingest = load_boilerplate(root)
    home, home_file = load_home(root)
    confidence, confidence_file = load_confidence(root)
    status, status_file = load_status(root)
    agreements, agreements_file = load_agreements(root, frozenset(AGREEMENT_KINDS))
    topics, topics_file = load_topics(root)
    linking, linking_file = load_linking(root)
    validity, validity_file = load_validity(root)
    return RuleBook(
        geography=geography,
        institutions=institutions,
        dates=load_dates(dates_file),
        people=people,
        figures=figures,
        meetings=meetings,
        projects=projects,
        ingest=ingest,
        home=home,
        confidence=confidence,
        status=status,
        agreements=agreements,
        topics=topics,
        linking=linking,
        validity=validity,
        files=(
            *geography_files,
            *institution_files,
            dates_file,
            *people_files,
            figures_file,
            meetings_file,
            projects_file,
            *ingest.files,
            home_file,
            confidence_file,
            status_file,
            agreements_file,
            topics_file,
            linking_file,
            validity_file,
        ),
    )
