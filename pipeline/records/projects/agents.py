"""The institutions that carry a project out."""

from __future__ import annotations

from pipeline.model import InstitutionMention
from pipeline.records.projects.nouns import NounPhrase
from pipeline.records.projects.reading import Reading
from pipeline.records.projects.stages import Cue
from pipeline.records.report import Support


def institutions_of(r: Reading, np: NounPhrase | None, cue: Cue) -> tuple[Support, ...]:
    """The institutions that carry a project out: its agents, not who pays and whom it serves."""
    found: dict[str, Support] = {}
    accepted_end = -1
    for m in r.institutions:
        at, end = r.at(m.start), r.at(m.end - 1) + 1
        if np is not None and np.first <= at < np.last:
            continue
        linked = accepted_end >= 0 and _is_joined(r, accepted_end, at)
        signs = m.kind != "government" or cue.relation == "agreement"
        if signs and not _pays(r, m) and (linked or _acts(r, at, end, cue)):
            support = Support("institutions", m.name, m.start, m.end, m.rule, "sentence")
            found.setdefault(m.name, support)
            accepted_end = end
        else:
            accepted_end = -1
    return tuple(found.values())


def _is_joined(r: Reading, end: int, index: int) -> bool:
    """Whether only “and”, commas and a country stand between two institutions."""
    between = range(end, index)
    allowed = {"and", ",", "&", "of", "the", "(", ")"}
    return (
        len(between) <= 8
        and all(
            r.words[i].low in allowed or r.is_country(i) or r.low(i - 1) == "(" for i in between
        )
        and any(r.words[i].low in {"and", ",", "&"} for i in between)
    )


def _acts(r: Reading, at: int, end: int, cue: Cue) -> bool:
    before = at - 1
    while before >= 0 and (r.words[before].low == "the" or r.is_country(before)):
        before -= 1
    low = r.low(before)
    if low in r.lexicon.agents - {"and"}:
        return True
    active = cue.verb is not None and cue.relation == "object"
    return active and end <= cue.last and _opens(r, before)


def _opens(r: Reading, before: int) -> bool:
    """Whether nothing of the clause stands before an institution: it is the subject."""
    return before < 0 or r.words[before].low in {";", ",", "that", "“", ":", "/", "and"}


def _pays(r: Reading, m: InstitutionMention) -> bool:
    text = r.page.text
    at = r.at(m.start)
    start = r.starts[max(0, at - 3)]
    end = r.ends[min(len(r.words) - 1, r.at(m.end - 1) + 1)]
    return bool(r.lexicon.payers.all(text, start, end))
