"""What happened to a project: how a verb, a state or an agreement relates to its name."""

from __future__ import annotations

from pipeline.records.projects.layout import LEADS, Layout
from pipeline.records.projects.nouns import NounPhrase, has_proper_name
from pipeline.records.projects.reading import Reading, StateHit, VerbHit
from pipeline.records.projects.specific import takes
from pipeline.records.projects.stages import OPEN, Cue, is_passive, read_verb
from pipeline.rulebook.projects import AGREED, MEANS

# How many words may stand between a noun and the verb behind it.
_BEHIND = 26
# … and a relative clause; a verb and "as a hub"; a verb and its object.
_RELATIVE = 10
_AS = 7
_OBJECT = 12
# Of how many words a subject may be made before "of": "work on the portal".
_OPENING = 4
# Behind so many words a comma may end what stands before the subject.
_FRONTED = 6
# So near before money stands what is pledged.
_PLEDGED = 12
# So near behind “which” stands its verb.
_ACTIVE = 4
# So near behind money stands what it is for.
_FOR = 7
# How many capitals make a name of a programme that nothing else tells of.
_NAMED = 3


def find_cue(r: Reading, np: NounPhrase) -> Cue | None:
    """The cue of a noun phrase, or None: nothing is told of it, or only a wish."""
    for relation in _RELATIONS:
        found = relation(r, np)
        if found is not None and found.status != OPEN and takes(np.rule, found):
            return _further(r, np, found) if found.status != "none" else None
    return None


def _further(r: Reading, np: NounPhrase, cue: Cue) -> Cue:
    """The state that a relative clause adds: “built a network, which has been in service”."""
    if cue.relation == "subject":
        return _then(r, cue)
    start, relative = _behind(r, np.end)
    state = next((s for s in r.states if not s.rule.inside and s.first >= start), None)
    if not relative or state is None or not _reaches(r, start, state.first):
        return cue
    rule = state.rule.rule
    if _passive_inside(r, state) is not None or rule.status in {"agreed", "proposed"}:
        return cue
    return Cue(rule.status, state.first, state.last, rule.id, cue.relation, cue.verb)


def _then(r: Reading, cue: Cue) -> Cue:
    """The later of two predicates: “was built in 1990 and was inaugurated by …”."""
    verb = next((v for v in r.verbs if v.first >= cue.last and is_passive(r, v)), None)
    if verb is None or cue.status not in {"completed", "ongoing"}:
        return cue
    first = r.before(verb.first)
    while r.low(first) in r.lexicon.finite:
        first -= 1
    later = read_verb(r, verb, "subject")
    return later if r.low(first) == "and" and later.status == "operational" else cue


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
    if np.outer == 0 or r.low(np.outer - 1) not in r.lexicon.complements | {"with"}:
        return None
    for hit in reversed(r.verbs):
        gap = np.outer - hit.last
        if hit.rule.reach and 0 < gap <= hit.rule.reach and r.clause_start(np.outer) <= hit.first:
            return read_verb(r, hit, "offered")
    return None


def _as_subject(r: Reading, np: NounPhrase) -> Cue | None:
    """“the centre was set up”, “the centre, which is operational”."""
    start, relative = _behind(r, np.end)
    if not relative and not opens_clause(r, _opening(r, np)):
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
        rule = hit.rule.rule
        return Cue(rule.status, hit.first, hit.last, rule.id, "subject", _noun_of(r, np))
    active = relative and "past" in hit.forms and hit.first - start <= _ACTIVE
    if is_passive(r, hit) or active or _acts_itself(r, hit):
        return read_verb(r, hit, "subject")
    return None


def _while_run(r: Reading, cue: Cue) -> Cue:
    """“a course, organised by Kenya”: no more is said than who runs it."""
    verb = cue.verb
    if verb is None or not verb.rule.while_present or cue.first != verb.first:
        return cue
    dated = any(index >= verb.last for index in r.date_at)
    return cue._replace(status="ongoing") if r.low(verb.last) == "by" and not dated else cue


def _noun_of(r: Reading, np: NounPhrase) -> VerbHit | None:
    """The noun of a verb before a name: “the construction of the park”."""
    return next((v for v in r.verbs if v.is_noun and v.last == np.outer), None)


def _opening(r: Reading, np: NounPhrase) -> int:
    """Where a subject begins: “the construction of the park is …”."""
    verb = _noun_of(r, np)
    first = verb.first if verb is not None else np.outer
    while verb is not None and r.low(first - 1) in r.lexicon.determiners - {"of"}:
        first -= 1
    return first


def _acts_itself(r: Reading, hit: VerbHit) -> bool:
    """“the centre opened in May”: a verb without object."""
    if r.low(hit.last - 1) not in r.lexicon.self_acting:
        return False
    behind = r.low(hit.last)
    return not behind[:1].isalnum() or behind in r.lexicon.objectless or hit.last in r.date_at


def _described(r: Reading, np: NounPhrase) -> Cue | None:
    """“a task force founded in 2012”, “a park built by Norway”."""
    end = _past_place(r, np.end)
    for hit in r.verbs:
        if hit.first >= np.last and hit.first - end in {0, 1} and "participle" in hit.forms:
            near = hit.first == end or r.low(end) in {",", *r.lexicon.adverbs}
            told = r.low(hit.last) in r.lexicon.describing
            told = told or (r.low(hit.last) == "to" and hit.rule.done == "operational")
            if near and told and not hit.rule.people:
                cue = Cue(hit.rule.done, hit.first, hit.last, hit.rule.id, "subject", hit)
                return _while_run(r, cue)
    return None


def _past_place(r: Reading, end: int) -> int:
    """Behind a place: “a hospital in Fiji built by Norway”."""
    if r.low(end) not in r.lexicon.places:
        return end
    at = end + 2 if r.low(end + 1) == "the" else end + 1
    mention = r.is_country(at)
    return r.at(mention.end - 1) + 1 if mention is not None else end


def _after(r: Reading, np: NounPhrase) -> Cue | None:
    """“following the feasibility study”: it is over."""
    before = np.outer - 1
    if before < 0 or np.outer == np.first or np.rule.kind not in r.lexicon.ending_kinds:
        return None
    outcome = r.low(before) == "of" and r.low(before - 1) in r.lexicon.outcomes
    if r.low(before) not in r.lexicon.after and not outcome:
        return None
    return Cue("completed", before, np.last, MEANS, "means")


def _is_aside(r: Reading, hit: VerbHit | StateHit) -> bool:
    """“…, begun in 2018, …”: a participle between commas is not the predicate."""
    if not isinstance(hit, VerbHit) or "participle" not in hit.forms:
        return False
    if r.low(r.before(hit.first)) in r.lexicon.be | r.lexicon.have or _acts_itself(r, hit):
        return False
    finite = any(w.low in r.lexicon.be | r.lexicon.have for w in r.words[hit.last :])
    return r.low(hit.first - 1) == "," or (finite and "participle" in hit.forms)


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
        if low in r.lexicon.finite or index in r.verb_at or _starts_other(r, index):
            break
        index += 1
    return end, False


def _starts_other(r: Reading, index: int) -> bool:
    """Whether another noun begins, which a relative clause would describe: “under a loan that”."""
    return r.low(index) in r.lexicon.other_starts


def opens_clause(r: Reading, index: int) -> bool:
    """Whether the clause's subject begins at ``index``."""
    before = r.low(index - 1)
    if index == 0 or not before[0].isalnum():
        fronted = index > _FRONTED or r.low(0) in r.lexicon.fronted
        return before not in {"/", "&", "-", "–", "(", ","} or (before == "," and fronted)
    if before.isdigit() and r.low(0) in r.lexicon.fronted:
        return True
    if before in {"of", "on"} and index <= _OPENING + 1:
        return r.low(0) not in r.lexicon.boundaries - r.lexicon.determiners
    return before in {"that", "and", "while", "as", "where", "when", "but", "also"}


def _reaches(r: Reading, start: int, verb: int) -> bool:
    """Whether no other predicate and no end of a clause stands between a noun and its verb."""
    for index in range(start, verb):
        low = r.low(index)
        if low in r.lexicon.clause_ends or (low in r.lexicon.pronouns and r.low(index - 1) == ","):
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


def _as_funded(r: Reading, np: NounPhrase) -> Cue | None:
    """“loans for road construction and a hospital”: what money is for."""
    money = next((m for m in reversed(r.money) if m[1] <= np.outer - 1), None)
    if money is None or np.rule.pays:
        return None
    first, last = money
    start = next((i for i in range(last, min(last + _FOR, np.outer)) if r.low(i) == "for"), None)
    if start is None or any(_parts(r, i) for i in range(start + 1, np.outer)):
        return None
    near = (g for g in r.governors if first - _PLEDGED <= g.first and g.last <= first)
    told = [g for g in near if g.rule.status not in {"none", "ongoing"}]
    paid = any(v.rule.lasting and first - _PLEDGED <= v.first < first for v in r.verbs)
    if not told and not paid:
        return None
    status = told[-1].rule.status if told else "agreed"
    return Cue("agreed" if status == "done" else status, first, last, AGREED, "funded")


def _parts(r: Reading, index: int) -> bool:
    """Whether a word ends the list of what money is for."""
    finite = r.lexicon.finite | r.lexicon.clause_ends | {"to"}
    verb = next((v for v in r.verbs if v.first <= index < v.last), None)
    return r.low(index) in finite or (verb is not None and not verb.is_noun)


def _as_actor(r: Reading, np: NounPhrase) -> Cue | None:
    """“A joint working group studies …”: what is new and acts has been set up."""
    single = np.outer < np.first and r.low(np.outer) in {"a", "an"}
    made = any(w.low.endswith(r.lexicon.made_by) for w in r.words[np.outer : np.head])
    if made and np.rule.hosted and opens_clause(r, np.outer) and np.end < len(r.words):
        return Cue("operational", np.outer, np.last, MEANS, "acts")
    if np.rule.kind != "body" or not single or not opens_clause(r, np.outer):
        return None
    if r.low(np.end) in r.lexicon.be_now and r.low(np.end + 1).endswith("ing"):
        return Cue("ongoing", np.end, np.end + 2, MEANS, "acts")
    if any(np.end < h.first <= np.end + _RELATIVE for h in r.heads if np.end in r.verb_at):
        return None
    if r.low(np.end).endswith("ed") and r.low(np.end + 1) not in r.lexicon.describing - {"on"}:
        return Cue("operational", np.end, np.end + 1, MEANS, "acts")
    return None


def _as_means(r: Reading, np: NounPhrase) -> Cue | None:
    """“cooperate through the Harbour Pairing Pilot”: what serves as means goes on."""
    if np.outer == 0 or r.low(np.outer - 1) not in r.lexicon.means:
        return None
    single = np.outer < np.first and r.low(np.outer) in {"a", "an"}
    if single and any(w.low in r.lexicon.common for w in r.words[np.first : np.last]):
        will = any(w.low in r.lexicon.will for w in r.words[: np.outer])
        return Cue("agreed" if will else "ongoing", np.outer - 1, np.outer, MEANS, "means")
    if np.rule.thing and r.low(np.last - 1) not in r.lexicon.any_project:
        return _common_means(r, np)
    named = sum(w.is_capital for w in r.words[np.first : np.last]) >= _NAMED
    owned = np.outer < np.first and r.words[np.first - 1].is_possessive
    runs = np.rule.runs or np.rule.thing
    if not runs or not (named or (owned and has_proper_name(r, np))):
        return None
    return Cue("ongoing", np.outer - 1, np.outer, MEANS, "means")


def _common_means(r: Reading, np: NounPhrase) -> Cue | None:
    """“through the Kenya-Norway Reef Centre”: what bears both names works."""
    words = range(np.first, np.head)
    both = any("-" in r.words[i].text and r.words[i].is_capital for i in words)
    named = sum(r.words[i].is_capital for i in range(np.first, np.last)) >= _NAMED
    shared = both and any(r.is_country(i) for i in words)
    if not (np.rule.hosted and named and shared):
        return None
    return Cue("operational", np.outer - 1, np.outer, MEANS, "means")


def listed_cue(r: Reading, np: NounPhrase, layout: Layout) -> Cue | None:
    """A bullet that is no more than a name, below "they agreed on:"."""
    page, block = r.page, r.sentence.block
    lead = layout.leads[block] if page.blocks[block].kind == "bullet" else None
    acts = any(v.first <= 1 and v.last == np.outer for v in r.verbs)
    if lead is None or (np.outer > 0 and not acts):
        return None
    if not page.text_of(lead).rstrip().endswith(LEADS):
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
    _described,
    _after,
    _as_funded,
    _as_actor,
    _as_means,
)
