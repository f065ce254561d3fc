"""People of one country whom another trains: a training without a name."""

from __future__ import annotations

from pipeline.records.projects.agents import institutions_of
from pipeline.records.projects.dates import date_of
from pipeline.records.projects.draft import Draft, status_of
from pipeline.records.projects.hosts import people_host, trained_elsewhere
from pipeline.records.projects.reading import Reading, VerbHit
from pipeline.records.projects.sides import Sides
from pipeline.records.projects.stages import Cue, is_passive, read_verb
from pipeline.records.report import Support

# How many words may stand between people and their training.
_PEOPLE = 8


def trained(r: Reading, sides: Sides) -> list[Draft]:
    """“Ten teachers from Fiji were trained.”."""
    for hit in r.verbs:
        people = _people_of(r, hit) if hit.rule.people else None
        if people is None:
            continue
        cue = read_verb(r, hit, "object")
        draft = _draft(r, cue, people, sides) if cue.status != "none" else None
        if draft is not None:
            return [draft]
    return []


def _people_of(r: Reading, hit: VerbHit) -> tuple[int, int] | None:
    """The people who are trained: before a passive or “take courses”, behind an active verb."""
    before = is_passive(r, hit) or len(r.words[hit.first : hit.last]) > 1
    for first, last in r.people:
        if before and last <= hit.first and r.clause_start(hit.first) <= first:
            return first, last
        if not before and 0 <= first - hit.last <= _PEOPLE:
            return first, last
    return None


def _draft(r: Reading, cue: Cue, people: tuple[int, int], sides: Sides) -> Draft | None:
    countries, hit = sides.of(r, cue), cue.verb
    if not countries or hit is None:
        return None
    rule, kind = hit.rule, str(hit.rule.kind)
    verb = r.starts[hit.first], r.ends[hit.last - 1]
    return Draft(
        start=r.sentence.start,
        end=r.sentence.end,
        rule=rule.id,
        block=r.sentence.block,
        head=kind,
        thing=False,
        points_back=False,
        general=False,
        kind=Support("kind", kind, *verb, rule.id, "phrase"),
        status=status_of(r, cue),
        host=trained_elsewhere(r, cue, sides, countries)
        or people_host(r, *people, sides, frozenset(str(c.value) for c in countries)),
        date=date_of(r, cue, sides.layout),
        countries=countries,
        institutions=institutions_of(r, None, cue),
    )
