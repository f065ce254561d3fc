"""How far a verb says that a project got: by its form, its helpers, and what governs it."""

from __future__ import annotations

from typing import NamedTuple

from pipeline.records.projects.reading import Hit, Reading, VerbHit

# How many words may stand between a governor and its verb; with "including" and in a row of verbs.
_GOVERNED = 14
_INCLUDED = 60
# How many words may stand between help and "in setting up".
_HELPED = 7
# How far behind a verb "since" is looked for.
_SINCE = 10
# How near before an agreement stands "to enter into".
_ENTERED = 5
# How many verbs of a row lead back to its first.
_ROW = 4
# The status of a verb without any sign of how far it got.
OPEN = "open"


class Cue(NamedTuple):
    """How far a project got, as ``words[first:last]`` say under ``rule``.

    ``relation`` is object, subject, inside, offered, agreement or listed; ``verb`` is the verb, and
    ``outside`` the characters of a cue that stands in another sentence.
    """

    status: str
    first: int
    last: int
    rule: str
    relation: str
    verb: VerbHit | None = None
    outside: tuple[int, int] | None = None


class Stage(NamedTuple):
    """A status with the rule that gives it; the words that say so begin at ``first``."""

    status: str
    first: int
    rule: str


def read_verb(r: Reading, hit: VerbHit, relation: str) -> Cue:
    """The status that a verb gives, by its form and by what stands before it."""
    stage = _stage(r, hit, 0)
    return Cue(stage.status, stage.first, hit.last, stage.rule, relation, hit)


def is_passive(r: Reading, hit: VerbHit) -> bool:
    """Whether a form of to be stands before a participle (or “built by” in a bullet)."""
    if "participle" not in hit.forms:
        return False
    before = r.before(hit.first)
    if r.low(before) in {"and", ","}:
        previous = next((v for v in r.verbs if v.last == before), None)
        return previous is not None and is_passive(r, previous)
    return r.low(before) in r.lexicon.be or r.low(hit.last) == "by"


def _stage(r: Reading, hit: VerbHit, depth: int) -> Stage:
    before = r.before(hit.first)
    if r.low(before) in r.lexicon.negations | r.lexicon.unsure:
        return Stage("none", before, hit.rule.id)
    if hit.is_noun:
        return _of_noun(r, hit, depth)
    stage = (
        _in_row(r, hit, before, depth)
        or _with_modal(r, hit, before)
        or _with_to(r, hit, before)
        or _with_be(r, hit, before)
        or _with_have(r, hit, before)
        or _with_help(r, hit, before)
        or _by_agreement(r, hit, before)
        or _bare(r, hit, before)
    )
    if hit.rule.unsettled and stage.status != "none":
        return Stage(hit.rule.done, stage.first, hit.rule.id)
    return _presupposed(r, hit, before, stage)


def _by_agreement(r: Reading, hit: VerbHit, before: int) -> Stage | None:
    """“The MoU establishes a centre”: the parties have agreed on it."""
    if "third" in hit.forms and any(last == before + 1 for _, last in r.agreements):
        return Stage("agreed", before, hit.rule.id)
    return None


def _presupposed(r: Reading, hit: VerbHit, before: int, stage: Stage) -> Stage:
    """What is to be extended exists: “hoped to extend the course”."""
    vague = stage.status in {"none", OPEN, "proposed"} or (stage.rule == hit.rule.id and before < 0)
    if hit.rule.presupposes and vague and r.low(before) not in r.lexicon.negations:
        return Stage("ongoing", hit.first, hit.rule.id)
    return stage


def _of_noun(r: Reading, hit: VerbHit, depth: int) -> Stage:
    """“agreed on the launch of”, “will fund the building of”, “at the launch of”."""
    stage = _governed(r, hit, hit.first, OPEN)
    if stage.status == OPEN and depth < _ROW:
        stage = _chained(r, hit, depth)
    if stage.status == OPEN and hit.rule.nouns_tell and hit.rule.done == "ongoing":
        return Stage("ongoing", hit.first, hit.rule.id)
    if stage.status == OPEN and hit.rule.nouns_tell and _is_event(r, hit):
        return Stage(hit.rule.done, hit.first, hit.rule.id)
    return _presupposed(r, hit, hit.first, stage)


def _is_event(r: Reading, hit: VerbHit) -> bool:
    """Whether a noun tells of an occasion: “at the launch of”, “after its opening”."""
    before = hit.first - 1
    while r.low(before) in r.lexicon.determiners:
        before -= 1
    return hit.first - 1 > before and r.low(before) in r.lexicon.occasions


def _chained(r: Reading, hit: VerbHit, depth: int) -> Stage:
    """How far a verb before a noun says that it got: “will finance the construction of”."""
    start = max(r.clause_start(hit.first), hit.first - _GOVERNED)
    for verb in reversed(r.verbs):
        if verb.first < start:
            break
        if verb.last > hit.first or verb.is_noun:
            continue
        stage = _stage(r, verb, depth + 1)
        helped = verb.rule.lasting and "past" in verb.forms and stage.rule == verb.rule.id
        if stage.status in {"operational", "completed"} or (helped and stage.status == "ongoing"):
            return Stage(hit.rule.done, stage.first, hit.rule.id)
        return stage
    will = next((i for i in range(hit.first - 1, start - 1, -1) if r.low(i) in r.lexicon.will), -1)
    if will >= 0:
        return Stage("agreed", will, hit.rule.id)
    return Stage(OPEN, hit.first, hit.rule.id)


def _in_row(r: Reading, hit: VerbHit, before: int, depth: int) -> Stage | None:
    """“designed and built”: a row of verbs shares its helpers."""
    if r.low(before) not in {"and", ",", "or", "&"} or depth >= _ROW:
        return None
    previous = next((v for v in r.verbs if v.last == before), None)
    if previous is None:
        return None
    stage = _stage(r, previous, depth + 1)
    if stage.status == previous.rule.done:
        return Stage(hit.rule.done, stage.first, hit.rule.id)
    return stage


def _with_modal(r: Reading, hit: VerbHit, before: int) -> Stage | None:
    """“will build”."""
    if "base" in hit.forms and r.low(before) in r.lexicon.will:
        return Stage("agreed", before, hit.rule.id)
    return None


def _with_to(r: Reading, hit: VerbHit, before: int) -> Stage | None:
    """“is to build”, “agreed to build”."""
    if "base" not in hit.forms or r.low(before) != "to":
        return None
    if r.low(before - 1) in r.lexicon.be:
        return Stage("agreed", before - 1, hit.rule.id)
    stage = _governed(r, hit, before, OPEN, done=False)
    return _paid(r, hit, before) if stage.status == OPEN else stage


def _paid(r: Reading, hit: VerbHit, index: int) -> Stage:
    """“will provide 2 million dollars to build”: what is paid for is agreed."""
    start = max(r.clause_start(index), index - _GOVERNED)
    money = next((m for m in reversed(r.money) if start <= m[0] and m[1] <= index), None)
    if money is not None:
        return Stage("agreed", money[0], hit.rule.id)
    payer = next((v for v in reversed(r.verbs) if v.last <= index), None)
    if payer is not None and payer.first >= start and payer.rule.lasting and not payer.is_noun:
        before = r.before(payer.first)
        if r.low(before) not in r.lexicon.negations | r.lexicon.unsure:
            return Stage("agreed", payer.first, payer.rule.id)
    return Stage(OPEN, hit.first, hit.rule.id)


def _with_be(r: Reading, hit: VerbHit, before: int) -> Stage | None:
    """“was built”, “is being built”, “is building”, “will be built”."""
    low, own = r.low(before), hit.rule
    if low not in r.lexicon.be:
        return None
    if low == "be":
        return _to_come(r, hit, before)
    if "ing" in hit.forms and own.nouns_tell and low in r.lexicon.be_now:
        # "We are launching" is said when it is done.
        return Stage(own.done, before, own.id)
    if low == "being" or "participle" not in hit.forms or (low == "been" and _goes_on(r, hit)):
        return Stage("ongoing", before, own.id)
    negated = r.low(before - 1) in r.lexicon.negations
    if own.while_present and low in r.lexicon.be_now and not negated:
        return Stage("ongoing", before, own.id)
    # "teachers are trained abroad" is a custom, "the centre is set up" a fact.
    custom = low in r.lexicon.be_now and own.people
    return Stage("none" if negated or custom else own.done, before, own.id)


def _to_come(r: Reading, hit: VerbHit, before: int) -> Stage:
    """“will be built”, “is to be built”, “agreed for it to be built”."""
    modal = r.before(before)
    if r.low(modal) in r.lexicon.will:
        return Stage("agreed", modal, hit.rule.id)
    if r.low(modal) != "to":
        return Stage("none", modal, hit.rule.id)
    if r.low(modal - 1) in r.lexicon.be:
        return Stage("agreed", modal - 1, hit.rule.id)
    return _governed(r, hit, modal, "agreed")


def _with_have(r: Reading, hit: VerbHit, before: int) -> Stage | None:
    """“has built”, “have trained … since 2005”."""
    if r.low(before) not in r.lexicon.have or not hit.forms & {"past", "participle"}:
        return None
    return Stage("ongoing" if _goes_on(r, hit) else hit.rule.done, before, hit.rule.id)


def _with_help(r: Reading, hit: VerbHit, before: int) -> Stage | None:
    """“helped build”, “will help build”, “is helping build”."""
    low = r.low(before)
    if "base" not in hit.forms or low not in r.lexicon.helps:
        return None
    if r.low(before - 1) in r.lexicon.will:
        return Stage("agreed", before - 1, hit.rule.id)
    if low.endswith("ing"):
        return Stage("ongoing", before, hit.rule.id)
    return Stage(hit.rule.done, before, hit.rule.id) if low.endswith("ed") else None


def _helped(r: Reading, hit: VerbHit, before: int) -> Stage | None:
    """“will help Kenya in setting up”."""
    near = range(before - 1, max(-1, before - _HELPED), -1)
    index = next((i for i in near if r.low(i) in r.lexicon.helps), None)
    if r.low(before) != "in" or index is None or hit.rule.done == "proposed":
        return None
    if r.low(index).endswith("ed"):
        return Stage(hit.rule.done, index, hit.rule.id)
    modal = r.low(index - 1) in r.lexicon.will or r.low(index - 2) in r.lexicon.will
    going = r.low(index).endswith("ing") and not modal
    return Stage("ongoing" if going else "agreed", index, hit.rule.id)


def _goes_on(r: Reading, hit: VerbHit) -> bool:
    """“have been trained since 2005”: it isn't over."""
    since = any(w.low == "since" for w in r.words[hit.last : hit.last + _SINCE])
    return since and hit.rule.done == "completed"


def _bare(r: Reading, hit: VerbHit, before: int) -> Stage:
    """A verb without helper."""
    own = hit.rule
    if "ing" in hit.forms:
        return _helped(r, hit, before) or _doing(r, hit, before)
    told = "third" in hit.forms and own.done == "operational" and own.accepts_weak
    if own.lasting and "past" not in hit.forms and _has_subject(r, hit, before):
        return Stage("ongoing", hit.first, own.id)
    planned = own.done in {"agreed", "proposed"} and "past" not in hit.forms
    if planned and _has_subject(r, hit, before):
        return Stage(own.done, hit.first, own.id)
    if "past" in hit.forms or told:
        return Stage(own.done, hit.first, own.id)
    asked = _governed(r, hit, before + 1, OPEN)
    if hit.forms == {"base"} and before >= 0 and asked.status == "proposed":
        return asked
    opens = before < 0 or (not r.low(before)[:1].isalnum() and r.low(before) != ",")
    return Stage("agreed" if "base" in hit.forms and opens else OPEN, hit.first, own.id)


def _doing(r: Reading, hit: VerbHit, before: int) -> Stage:
    """“agreed on building”, “Building …” at the start of an item."""
    label = any(w.text == ":" for w in r.words[hit.last : hit.last + _GOVERNED])
    default = "agreed" if before < 0 and not label else OPEN
    if r.low(before) == "by":
        # "They deepen their ties by setting up a centre."
        will = any(w.low in r.lexicon.will for w in r.words[r.clause_start(before) : before])
        default = "agreed" if will else hit.rule.done
    return _governed(r, hit, before + 1, default)


def _has_subject(r: Reading, hit: VerbHit, before: int) -> bool:
    """Whether a country or an institution stands before a verb in the present: “Norway funds”."""
    if not hit.forms & {"third", "base"} or before < 0:
        return False
    end = r.ends[before]
    ends = {m.end for m in r.institutions} | {c.end for c in r.countries}
    return end in ends or r.low(before) in r.lexicon.subjects


def _governed(r: Reading, hit: VerbHit, index: int, default: str, *, done: bool = True) -> Stage:
    """What the nearest governor before ``index`` makes of a verb.

    Where ``done`` is False, one that takes notice of facts doesn't count: "met in Suva to open".
    """
    start = r.clause_start(index)
    reach = _reach(r, index, hit)
    for governor in reversed(r.governors):
        if (
            governor.first < start
            or governor.last > hit.first
            or _is_skipped(r, governor, hit, index)
        ):
            continue
        if governor.rule.status == "done" and not done:
            continue
        named = _named_between(r, governor.last, index)
        if governor.first >= index - reach - named or _is_agreement(r, governor, index):
            return _under(r, governor, hit)
    if reach == _INCLUDED:
        will = next((i for i in range(start, index) if r.words[i].low in r.lexicon.will), None)
        if will is not None:
            return Stage("agreed", will, hit.rule.id)
    return Stage(default, hit.first, hit.rule.id)


def _named_between(r: Reading, first: int, last: int) -> int:
    """How many words the names of people take: “the decision by Ms. A. Roy to set up”."""
    start, end = r.starts[first - 1], r.starts[last]
    people = (p for p in r.persons if start < p.start and p.end < end)
    return sum(r.at(p.end - 1) - r.at(p.start) for p in people)


def _under(r: Reading, governor: Hit, hit: VerbHit) -> Stage:
    if governor.rule.status == "done":
        return Stage(hit.rule.done, governor.first, hit.rule.id)
    if _is_to_be_signed(r, governor):
        return Stage("proposed", governor.first, governor.rule.id)
    return Stage(governor.rule.status, governor.first, governor.rule.id)


def _is_to_be_signed(r: Reading, governor: Hit) -> bool:
    """“the proposal to enter into an MoU”: nobody has agreed on it yet."""
    signed = {first for first, _ in r.agreements}
    if governor.first not in signed:
        return False
    before = [g for g in r.governors if g.first < governor.first and g.first not in signed]
    opened = min((first for first in signed if first + _ENTERED > governor.first), default=0)
    near = range(max(0, opened - _ENTERED), opened)
    asked = bool(before) and before[-1].rule.status == "proposed"
    agreed = any(g.rule.status == "agreed" for g in before)
    return asked and not agreed and any(r.low(i) == "to" for i in near)


def _reach(r: Reading, index: int, hit: VerbHit) -> int:
    """How far a governor may be: "…, including the building of" depends on the main verb."""
    before = [w.low for w in r.words[max(0, index - 2) : index]]
    if r.low(index) == "to" and "base" in hit.forms:
        row = bool({"and", ","} & set(before[-1:]))
    else:
        row = "including" in before or _is_parallel(r, hit)
        row = row or (before[-1:] == ["for"] and before[0] in {"and", ","})
    return _INCLUDED if row else _GOVERNED


def _is_parallel(r: Reading, hit: VerbHit) -> bool:
    return hit.forms == {"ing"} and r.low(r.before(hit.first)) in {"and", ","}


def _is_skipped(r: Reading, governor: Hit, hit: VerbHit, index: int) -> bool:
    """Whether a governor belongs to another verb of a row: "expanding …, and offering"."""
    if _is_parallel(r, hit) and r.low(governor.first).endswith("ing"):
        return True
    far = _reach(r, index, hit) == _INCLUDED
    return far and r.low(index) == "to" and r.low(governor.last) != "to"


def _is_agreement(r: Reading, governor: Hit, index: int) -> bool:
    """An agreement governs what it is for, however many parties stand between."""
    if not any(first == governor.first for first, _ in r.agreements):
        return False
    between = range(governor.last, index)
    told = [i for i in between if r.words[i].low in r.lexicon.provisions]
    # "The agreements were for the building of …" says no more than "agreements for".
    return all(r.low(i) in r.lexicon.be and r.low(i + 1) == "for" for i in told)
