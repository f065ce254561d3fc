"""What happened to a project: how a verb, a state or an agreement relates to its name."""

from __future__ import annotations

from pipeline.records.projects.layout import Layout
from pipeline.records.projects.nouns import NounPhrase
from pipeline.records.projects.reading import Reading, StateHit, VerbHit
from pipeline.records.projects.stages import Cue, is_passive, read_verb
from pipeline.rulebook.projects import AGREED, MEANS

# How many words may stand between a noun and the verb behind it.
_BEHIND = 26
# … and a relative clause; a verb and "as a hub"; a verb and its object.
_RELATIVE = 10
_AS = 7
_OBJECT = 12
# Of how many words a subject may be made before "of": "work on the portal".
_OPENING = 4
# How many capitals make a name of a project that nothing else tells of.
_NAMED = 3


def find_cue(r: Reading, np: NounPhrase) -> Cue | None:
    """The cue of a noun phrase, or None: nothing is told of it, or only a wish."""
    for relation in _RELATIONS:
        found = relation(r, np)
        if found is not None:
            return _further(r, np, found) if found.status != "none" else None
    return None


def _further(r: Reading, np: NounPhrase, cue: Cue) -> Cue:
    """The state that a relative clause adds: “built a network, which has been in service”."""
    if cue.relation == "subject":
        return cue
    start, relative = _behind(r, np.end)
    state = next((s for s in r.states if not s.rule.inside and s.first >= start), None)
    if not relative or state is None or not _reaches(r, start, state.first):
        return cue
    rule = state.rule.rule
    if _passive_inside(r, state) is not None or rule.status in {"agreed", "proposed"}:
        return cue
    return Cue(rule.status, state.first, state.last, rule.id, cue.relation, cue.verb)


def _as_object(r: Reading, np: NounPhrase) -> Cue | None:
    """“launched a centre”, “the launch of a centre”."""
    for hit in reversed(r.verbs):
        if np.outer - hit.last > _OBJECT:
            return None
        if hit.last <= np.outer and r.only_fillers(hit.last, np.outer):
            return read_verb(r, hit, "object")
    return None


def _as_offered(r: Reading, np: NounPhrase) -> Cue | None:
    """“requested assistance for a centre”."""
    if np.outer == 0 or r.low(np.outer - 1) not in r.lexicon.complements:
        return None
    for hit in reversed(r.verbs):
        gap = np.outer - hit.last
        if hit.rule.reach and 0 < gap <= hit.rule.reach and r.clause_start(np.outer) <= hit.first:
            return read_verb(r, hit, "offered")
    return None


def _as_subject(r: Reading, np: NounPhrase) -> Cue | None:
    """“the centre was set up”, “the centre, which is operational”."""
    start, relative = _behind(r, np.end)
    if not relative and not opens_clause(r, np.outer):
        return None
    hits: list[VerbHit | StateHit] = [h for h in r.states if not h.rule.inside]
    hits = sorted([*hits, *r.verbs], key=lambda h: (h.first, -h.last))
    hits = [h for h in hits if start <= h.first <= start + _BEHIND and not _is_aside(r, h)]
    hit = hits[0] if hits else None
    if hit is None or not _reaches(r, start, hit.first):
        return None
    if isinstance(hit, StateHit):
        passive = _passive_inside(r, hit)
        if passive is not None:
            return read_verb(r, passive, "subject")
        return Cue(hit.rule.rule.status, hit.first, hit.last, hit.rule.rule.id, "subject")
    if is_passive(r, hit) or (relative and "past" in hit.forms):
        return read_verb(r, hit, "subject")
    return None


def _is_aside(r: Reading, hit: VerbHit | StateHit) -> bool:
    """“…, begun in 2018, …”: a participle between commas is not the predicate."""
    if not isinstance(hit, VerbHit) or "participle" not in hit.forms:
        return False
    return r.low(hit.first - 1) == "," and not is_passive(r, hit)


def _passive_inside(r: Reading, hit: StateHit) -> VerbHit | None:
    """The verb that a state such as “will be” or “is being” belongs to: “will be built”."""
    for verb in r.verbs:
        if hit.first <= verb.first <= hit.last + 2 and is_passive(r, verb):
            between = range(hit.last, verb.first)
            if all(r.low(i) in r.lexicon.adverbs or r.low(i) in r.lexicon.be for i in between):
                return verb
    return None


def _behind(r: Reading, end: int) -> tuple[int, bool]:
    """Where the predicate of a noun phrase is looked for; whether a relative clause opens there."""
    index = end
    while index < len(r.words) and index <= end + _RELATIVE:
        low = r.low(index)
        if low in {"which", "that"}:
            return index + 1, True
        if low in r.lexicon.finite or index in r.verb_at:
            break
        index += 1
    return end, False


def opens_clause(r: Reading, index: int) -> bool:
    """Whether the clause's subject begins at ``index``."""
    before = r.low(index - 1)
    if index == 0 or not before[0].isalnum():
        return before not in {"/", "&", "-", "–", "(", ","} or (before == "," and index > 6)
    if before in {"of", "on"} and index <= _OPENING + 1:
        return r.low(0) not in r.lexicon.boundaries - r.lexicon.determiners
    return before in {"that", "and", "while", "as", "where", "when", "but", "also"}


def _reaches(r: Reading, start: int, verb: int) -> bool:
    """Whether no other predicate and no end of a clause stands between a noun and its verb."""
    for index in range(start, verb):
        low = r.low(index)
        if low in r.lexicon.clause_ends:
            return False
        rest = range(index, verb)
        if low in r.lexicon.finite and not all(_is_auxiliary(r, i) for i in rest):
            return False
    return True


def _is_auxiliary(r: Reading, index: int) -> bool:
    low = r.low(index)
    return low in r.lexicon.finite or low in r.lexicon.adverbs or low in {"to", "be"}


def _as_what(r: Reading, np: NounPhrase) -> Cue | None:
    """“the development of Trincomalee as a hub”, “establish an office as its hub”."""
    if np.outer == 0 or r.low(np.outer - 1) != "as" or not np.rule.thing:
        return None
    for hit in reversed(r.verbs):
        if hit.last <= np.outer and np.outer - hit.last <= _AS:
            return read_verb(r, hit, "object")
    return None


def _of_agreement(r: Reading, np: NounPhrase) -> Cue | None:
    """“an agreement on a centre”."""
    if np.outer == 0 or r.low(np.outer - 1) not in {"on", "for"}:
        return None
    start = r.clause_start(np.outer)
    for first, last in reversed(r.agreements):
        if start <= first and last <= np.outer - 1:
            if any(v.first > last and v.last < np.outer for v in r.verbs):
                return None
            if any(r.words[i].low in r.lexicon.provisions for i in range(last, np.outer)):
                return None
            return Cue("agreed", first, last, AGREED, "agreement")
    return None


def _inside(r: Reading, np: NounPhrase) -> Cue | None:
    """“the proposed centre”."""
    for hit in r.states:
        if hit.rule.inside and np.outer <= hit.first < np.head:
            return Cue(hit.rule.rule.status, hit.first, hit.last, hit.rule.rule.id, "inside")
    return None


def _as_means(r: Reading, np: NounPhrase) -> Cue | None:
    """“cooperate through the Harbour Pairing Pilot”: what serves as means goes on."""
    if np.outer == 0 or r.low(np.outer - 1) not in r.lexicon.means or np.rule.thing:
        return None
    named = sum(w.is_capital for w in r.words[np.first : np.last]) >= _NAMED
    if not named or np.rule.kind == "body":
        return None
    return Cue("ongoing", np.outer - 1, np.outer, MEANS, "means")


def listed_cue(r: Reading, np: NounPhrase, layout: Layout) -> Cue | None:
    """A bullet that is no more than a name, below "they agreed on:"."""
    page, block = r.page, r.sentence.block
    lead = layout.leads[block] if page.blocks[block].kind == "bullet" else None
    if lead is None or np.outer > 0 or not page.text_of(lead).rstrip().endswith(":"):
        return None
    place = page.blocks[lead]
    hits = r.lexicon.governors.longest(page.text, place.start, place.end)
    if not hits or hits[-1].item.status not in {"agreed", "proposed"}:
        return None
    hit = hits[-1]
    at = hit.start, hit.end
    return Cue(hit.item.status, np.outer, np.last, hit.item.id, "listed", None, at)


_RELATIONS = (
    _as_object,
    _as_offered,
    _as_subject,
    _as_what,
    _of_agreement,
    _inside,
    _as_means,
)
