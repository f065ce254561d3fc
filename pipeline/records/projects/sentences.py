"""The projects of one sentence."""

from __future__ import annotations

from pipeline.records.projects.agents import institutions_of
from pipeline.records.projects.dates import date_of
from pipeline.records.projects.draft import Draft, status_of
from pipeline.records.projects.hosts import host_of
from pipeline.records.projects.nouns import NounPhrase, is_named, name_span, noun_phrase
from pipeline.records.projects.reading import Reading
from pipeline.records.projects.relations import find_cue, listed_cue
from pipeline.records.projects.sides import Sides
from pipeline.records.projects.specific import (
    is_any,
    is_noun,
    is_specific,
    kind_of,
    may_be_specific,
    points_back,
)
from pipeline.records.projects.stages import Cue
from pipeline.records.projects.trained import trained
from pipeline.records.report import Support

# How many words may stand between two objects of one verb.
_SHARED = 20


def read_sentence(r: Reading, sides: Sides) -> list[Draft]:
    """The projects that a sentence tells of, in its order."""
    drafts: list[Draft] = []
    taken = -1
    previous: tuple[NounPhrase, Cue] | None = None
    before: NounPhrase | None = None
    for hit in r.heads:
        if hit.first < taken or not is_noun(r, hit.first, hit.last):
            continue
        np = noun_phrase(r, hit)
        if _is_in_longer(r, np):
            continue
        if np.rule.pays and any(np.last < h.first < np.end and not h.rule.weak for h in r.heads):
            continue
        draft = None
        if may_be_specific(r, np):
            cue = _cue(r, np, sides) or _explained(r, np, before, sides) or _shared(r, np, previous)
            draft = _draft(r, np, cue, sides) if cue and is_specific(r, np, cue) else None
            if draft is not None and cue is not None:
                drafts.append(draft)
                previous, taken = (np, cue), np.end
        before = np
    return drafts or trained(r, sides)


def _cue(r: Reading, np: NounPhrase, sides: Sides) -> Cue | None:
    """What a sentence says of a noun phrase, or the lead of its list where it says less."""
    cue, listed = find_cue(r, np), listed_cue(r, np, sides.layout)
    if cue is None or listed is None or listed.status != "proposed":
        return cue or listed
    bare = cue.verb is not None and cue.verb.is_noun and cue.first <= 1
    return listed if bare else cue


def _is_in_longer(r: Reading, np: NounPhrase) -> bool:
    """“Academy for Tides program”: a later noun ends the same title."""
    opens = r.low(np.last) in {"for", "of", "on", "in"} and r.words[np.first].is_capital
    if not opens or np.last + 1 >= len(r.words) or not r.words[np.last + 1].is_capital:
        return False
    return any(np.last < h.first and h.last == np.end and h.rule.runs for h in r.heads)


def _explained(r: Reading, np: NounPhrase, before: NounPhrase | None, sides: Sides) -> Cue | None:
    """The cue of “a new project, the Tide Markets Program”."""
    if before is None:
        return None
    beside = before.end == np.outer - 1 and r.low(before.end) == ","
    if not beside and (r.low(np.outer - 1) != ":" or np.end < len(r.words) - 1):
        return None
    return _cue(r, before, sides) if np.outer < np.first and is_named(r, np) else None


def _shared(r: Reading, np: NounPhrase, previous: tuple[NounPhrase, Cue] | None) -> Cue | None:
    """The cue of the object before, where a noun phrase goes on with it: “a lab and a park”."""
    if previous is None or previous[1].relation not in {"object", "offered"}:
        return None
    first, last = previous[0].end, np.outer
    between = [w.low for w in r.words[first:last]]
    # "a programme, a platform for women" explains the programme.
    if not between or len(between) > _SHARED or (between == [","] and np.outer < np.first):
        return None
    if any(i in r.verb_at or r.words[i].low in r.lexicon.finite for i in range(first, last)):
        return None
    joined = between[-1] in {"and", ",", ";"} or between[-2:] == ["well", "as"]
    return previous[1] if joined and not r.lexicon.clause_ends & set(between[:-1]) else None


def _draft(r: Reading, np: NounPhrase, cue: Cue, sides: Sides) -> Draft | None:
    countries = sides.of(r, cue)
    back = points_back(r, np)
    if not back and (not countries or is_any(r, np, countries)):
        return None
    start, end = name_span(r, np)
    codes = frozenset(str(c.value) for c in countries)
    kind = kind_of(r, np, cue)
    noun = r.starts[np.head], r.ends[np.last - 1]
    text = r.page.text
    return Draft(
        start=r.sentence.start,
        end=r.sentence.end,
        rule=np.rule.id,
        block=r.sentence.block,
        head=text[slice(*noun)].lower(),
        thing=np.rule.thing,
        points_back=back,
        general=text[slice(*noun)].lower() in r.lexicon.any_project,
        kind=Support("kind", kind, *noun, np.rule.id, "phrase"),
        status=status_of(r, cue),
        name=None
        if back and " " not in text[slice(*noun)]
        else Support("name", text[start:end], start, end, np.rule.id, "phrase"),
        host=host_of(r, np, cue, sides, codes),
        date=date_of(r, cue, sides.layout),
        countries=countries,
        with_body=len(codes) == 1 and sides.with_body(r),
        institutions=institutions_of(r, np, cue),
    )
