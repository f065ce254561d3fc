"""Whether a noun phrase means one project, and not a class, a part or a figure of speech."""

from __future__ import annotations

from pipeline.model import InstitutionMention
from pipeline.records.projects.lexicon import Role
from pipeline.records.projects.nouns import NounPhrase, has_proper_name, is_generic, is_named
from pipeline.records.projects.openings import is_numeral
from pipeline.records.projects.reading import Reading
from pipeline.records.projects.stages import Cue
from pipeline.records.report import Support
from pipeline.rulebook.projects import Head

# Kinds of institutions that are no projects by themselves.
_ACTORS = frozenset({"ministry", "department", "agency", "government"})
# Behind these, a noun in -ing is a verb: “building on …”.
_DOING = frozenset({"on", "upon", "up", "of"})
# Those whom something serves stand so near behind it.
_SERVED = 6


def is_noun(r: Reading, first: int, last: int) -> bool:
    """Whether a noun is used as such: no part of a longer compound, of an institution's name."""
    if _is_compound(r, last) or (r.low(last - 1) in r.lexicon.doing and r.low(last) in _DOING):
        return False
    start, end = r.starts[first], r.ends[last - 1]
    known = (m for m in r.institutions if m.linked and not _is_common_body(m))
    return not any(m.start <= start and end <= m.end for m in known)


def _is_common_body(m: InstitutionMention) -> bool:
    """Whether an institution is a committee of several countries: it has been set up."""
    return m.kind == "committee" and m.country is None


def _is_compound(r: Reading, index: int) -> bool:
    """Whether the word behind a noun makes it a mere part: "database systems", "centre director"."""
    low, lex = r.low(index), r.lexicon
    if low == "-":
        return r.low(index + 1)[:1].isalnum()
    if not low[:1].isalpha() or index in r.verb_at or index in r.date_at:
        return False
    if low in lex.tails:
        # "Harbours Program" is a programme, "the harbour programme" a harbour.
        named = r.words[index].is_capital and r.words[index - 1].is_capital
        return named and any(h.first == index for h in r.heads)
    if low in lex.after_nouns or is_numeral(r.words[index].text):
        return False
    if low.endswith("ed") or _is_called(r, index) or _describes(r, index):
        return False
    return r.is_country(index) is None and not any(s.first == index for s in r.states)


def _describes(r: Reading, index: int) -> bool:
    """“a working group comprising officials”, “the hub shows the …”: a verb behind the noun."""
    low = r.low(index)
    if low.endswith("s") and r.low(index + 1) in r.lexicon.articles:
        return True
    if not low.endswith("ing") or r.words[index].is_capital:
        return False
    return not any(index <= h.first <= index + 1 for h in r.heads)


def _is_called(r: Reading, index: int) -> bool:
    """“the satellite TIDE was launched”: a name stands behind its noun."""
    if not r.words[index].is_capital or r.words[index - 1].is_capital:
        return False
    while index < len(r.words) and r.words[index].is_capital and r.words[index].text[0].isalnum():
        index += 1
    low = r.low(index)
    return not low[:1].isalnum() or low in r.lexicon.boundaries or index in r.verb_at


def kind_of(r: Reading, np: NounPhrase, cue: Cue) -> str:
    """The kind that the verb gives, or those whom the project is for, or its noun."""
    if cue.verb is not None and cue.verb.rule.kind:
        return str(cue.verb.rule.kind)
    kind = np.rule.people_kind
    if kind is None:
        return np.rule.kind
    served = any(np.outer <= first < np.end for first, _ in r.people)
    # "… training slots under the Reef Cooperation Programme"
    named = sum(w.is_capital for w in r.words[np.first : np.last]) > 1
    through = cue.relation == "means" or (cue.verb is not None and cue.verb.is_noun)
    taught = named and through and any(h.rule.kind == kind for h in r.heads)
    return kind if served or taught else np.rule.kind


def takes(rule: Head, cue: Cue) -> bool:
    """Whether a noun takes a verb, where its rule names those that it takes."""
    if not rule.verbs or cue.relation in {"acts", "funded"}:
        return True
    return cue.verb is not None and cue.verb.rule.id in rule.verbs


def may_be_specific(r: Reading, np: NounPhrase) -> bool:
    """Whether a noun phrase may mean one project, whatever is told of it."""
    if _is_figurative(r, np) or _is_named_otherwise(r, np) or _is_field(r, np):
        return False
    if r.words[np.head].text in r.acronyms or points_back(r, np):
        return True
    one = is_named(r, np) or _is_counted(r, np) or _is_for_some(r, np) or np.rule.open
    if is_generic(r, np) and not one:
        return False
    if not np.rule.weak:
        return True
    return (_is_own(r, np) or _may_be_common(r, np)) and not _is_domestic(r, np)


def is_specific(r: Reading, np: NounPhrase, cue: Cue) -> bool:
    """Whether a fitting cue tells of a noun phrase that ``may_be_specific`` as one project."""
    if not takes(np.rule, cue):
        return False
    if not np.rule.weak or r.words[np.head].text in r.acronyms or points_back(r, np):
        return True
    if cue.relation == "inside" and not is_named(r, np):
        return False
    joins = cue.verb is not None and cue.verb.rule.joins
    return joins or _is_own(r, np) or (np.rule.runs and _is_by_both(r, cue) and _telling(r, np) > 0)


def _may_be_common(r: Reading, np: NounPhrase) -> bool:
    """Whether its verb may make a weak noun one of both sides."""
    return any(v.rule.joins for v in r.verbs) or (np.rule.runs and _telling(r, np) > 0)


def _is_named_otherwise(r: Reading, np: NounPhrase) -> bool:
    """Whether a weak noun belongs to the name of an agreement or of an office."""
    return np.rule.weak and (r.is_titled(np.outer, np.last) or _is_office(r, np))


def _is_field(r: Reading, np: NounPhrase) -> bool:
    """“Cooperation in Higher Education”: a weak noun is no more than a field of something else."""
    opens = r.low(np.first) in r.lexicon.abstract and r.low(np.first + 1) in {"in", "on"}
    return np.rule.weak and not np.rule.runs and opens and np.first + 1 < np.head


def _is_domestic(r: Reading, np: NounPhrase) -> bool:
    """Whether one side's own affair is meant: “its national programme”."""
    owned = any(w.low in {"its", *r.lexicon.own} for w in r.words[np.outer : np.first])
    return owned and not any(w.low in r.lexicon.common for w in r.words[np.first : np.last])


def _is_office(r: Reading, np: NounPhrase) -> bool:
    """Whether a weak noun ends the name of an institution that acts: “the Geology Service”."""
    start, end = r.starts[np.head], r.ends[np.last - 1]
    return any(m.start <= start and end <= m.end and m.kind in _ACTORS for m in r.institutions)


def _is_figurative(r: Reading, np: NounPhrase) -> bool:
    """“a platform for exchanges”, “a key regional hub”."""
    lex = r.lexicon
    if (
        np.last - np.head > 1
        or r.low(np.last) in lex.works
        or r.words[np.last - 1].low not in lex.figurative
        or points_back(r, np)
    ):
        return False
    return all(w.low in lex.vague for w in r.words[np.first : np.last - 1])


def _is_for_some(r: Reading, np: NounPhrase) -> bool:
    """Whether an owner or those whom it serves make it specific: “Fiji’s grants to engineers”."""
    if any(w.is_possessive for w in r.words[np.outer : np.head]):
        return np.rule.kind == "training"
    near = range(np.end, np.end + _SERVED)
    return r.low(np.end) in {"to", "for"} and any(first in near for first, _ in r.people)


def _is_counted(r: Reading, np: NounPhrase) -> bool:
    """Whether an article or a number makes a bare noun one thing: “a centre in Suva”."""
    before = [w.low for w in r.words[np.outer : np.first]]
    if r.words[np.last - 1].low.endswith("s"):
        return any(word in r.lexicon.counts or word.isdigit() for word in before)
    return bool(before)


def _is_own(r: Reading, np: NounPhrase) -> bool:
    """Whether a weak noun has a name, is common to the parties, or serves some people."""
    if np.rule.open or (np.rule.runs and _is_described(r, np)):
        return True
    return is_named(r, np) or has_proper_name(r, np) or _is_shared(r, np) or _serves(r, np)


def _is_shared(r: Reading, np: NounPhrase) -> bool:
    """“a joint …”, “a Kenyan-built …”, “a … between Kenya and Norway”."""
    own = r.words[np.outer : np.last]
    if any(w.low in r.lexicon.common or w.low.endswith(r.lexicon.made_by) for w in own):
        return True
    return any(w.low == "between" for w in r.words[np.last : np.end])


def _serves(r: Reading, np: NounPhrase) -> bool:
    """Whether a noun phrase names people, or they stand behind it: “training for teachers”."""
    reach = _SERVED if r.low(np.end) in {"to", "for"} else 2
    return any(np.outer <= first < np.end + reach for first, _ in r.people)


def _is_by_both(r: Reading, cue: Cue) -> bool:
    """Whether both sides do it: “Kenya and Norway ran …”, “both governments ran …”."""
    if cue.relation != "object" or cue.verb is None or cue.first == 0:
        return False
    end = r.ends[cue.first - 1]
    if r.low(r.before(cue.first)) == "we":
        return True
    codes = {c.code for c in r.countries if c.end <= end}
    return len(codes) > 1 or r.has(Role.BOTH, end)


def _is_described(r: Reading, np: NounPhrase) -> bool:
    """Whether an article and two telling words make it one: “a green hydrogen project”."""
    single = any(w.low in {"a", "an"} for w in r.words[np.outer : np.first])
    return single and _telling(r, np) > 1


def _telling(r: Reading, np: NounPhrase) -> int:
    """How many words before a noun tell it from others."""
    return sum(w.low not in r.lexicon.generic for w in r.words[np.first : np.head])


def points_back(r: Reading, np: NounPhrase) -> bool:
    """Whether a noun phrase means a project told of before: "the centre", "this portal"."""
    if not is_generic(r, np) or is_named(r, np) or r.words[np.head].text in r.acronyms:
        return False
    return any(w.low in r.lexicon.definite for w in r.words[np.outer : np.first])


def is_any(r: Reading, np: NounPhrase, countries: tuple[Support, ...]) -> bool:
    """Whether a sentence without countries means any such thing, or only the speaker's own."""
    ours = any(w.low in r.lexicon.own for w in r.words[np.outer : np.first])
    if ours and not r.countries:
        return True
    if not r.words[np.last - 1].low.endswith("s") or np.outer < np.first or is_named(r, np):
        return False
    if np.end > np.last and not np.rule.thing:
        return False
    return not r.countries and all(c.step in {"lead", "publisher"} for c in countries)
