"""Where a project stands, or whose people it serves."""

from __future__ import annotations

from pipeline.model import CountryMention
from pipeline.records.projects.nouns import NounPhrase
from pipeline.records.projects.reading import Reading
from pipeline.records.projects.sides import Sides
from pipeline.records.projects.specific import kind_of
from pipeline.records.projects.stages import Cue
from pipeline.records.report import Support

# How near words must stand to say something of each other.
_NEAR = 4


def host_of(
    r: Reading, np: NounPhrase, cue: Cue, sides: Sides, codes: frozenset[str]
) -> Support | None:
    """Where a project stands, or whose people it serves."""
    hosted = np.rule.hosted
    serves = hosted or np.rule.kind in {"software", "network"}
    served = _served(r, np.first, max(np.end, np.last)) if serves else None
    if np.rule.kind == "training":
        found = served or _served(r, 0, len(r.words)) or _located(r, np.last, np.end + 1)
    elif np.rule.kind == "body":
        found = None
    else:
        behind = _located(r, cue.last, len(r.words)) if cue.relation == "subject" else None
        apart = not hosted and any(w.low == "between" for w in r.words[np.last :])
        located = behind or _located(r, np.last, len(r.words), after=cue)
        if located is None and r.low(np.outer - 1) == "as" and cue.verb is not None:
            located = _between_verb(r, cue.verb.last - 1, np.outer)
        found = (None if apart or cue.relation == "agreement" else located) or served
    if found is not None:
        mention, step = found
        return Support("host", mention.code, mention.start, mention.end, mention.rule, step)
    told = _asker(r, cue, codes) or _trained_by(r, np, cue, sides, codes)
    return told or _unplaced(r, np, cue, sides, codes)


def _unplaced(
    r: Reading, np: NounPhrase, cue: Cue, sides: Sides, codes: frozenset[str]
) -> Support | None:
    """The host of what no words place: its owner, who is named in it, or the one who gets it."""
    hosted = np.rule.hosted
    if hosted or np.rule.kind == "software":
        owner = _owner(r, np, cue)
        if owner is not None:
            return Support("host", owner.code, owner.start, owner.end, owner.rule, "phrase")
    if hosted and not any(w.low == "between" for w in r.words[np.last : np.end]):
        other = _named_after(r, np, codes) or _recipient(r, cue, sides, codes)
        other = other or _only(r, cue, codes)
        if other is not None:
            return other
    if hosted or np.rule.kind == "software" or block_is_row(r):
        return _foreign_host(r, sides, codes)
    return None


def _asker(r: Reading, cue: Cue, codes: frozenset[str]) -> Support | None:
    """“Kenya requested a centre”: what is asked for is for the one who asks."""
    verb = cue.verb
    if verb is None or r.words[verb.first].low not in r.lexicon.asking:
        return None
    asking = [m for m in r.countries if m.end <= r.starts[verb.first] and m.code in codes]
    if len({m.code for m in asking}) != 1:
        return None
    m = asking[-1]
    return Support("host", m.code, m.start, m.end, m.rule, "clause")


def _trained_by(
    r: Reading, np: NounPhrase, cue: Cue, sides: Sides, codes: frozenset[str]
) -> Support | None:
    """“the Indian Reef Training Programme”: it is for the other side’s people."""
    if kind_of(r, np, cue) != "training":
        return None
    named = {
        m.code
        for i in range(np.first, np.head)
        if (m := r.is_country(i)) is not None and m.via == "demonym" and "-" not in r.words[i].text
    }
    others = codes - named
    if len(codes) != 2 or len(named & codes) != 1 or len(others) != 1:
        return None
    return _other_side(r, sides, others)


def _named_after(r: Reading, np: NounPhrase, codes: frozenset[str]) -> Support | None:
    """“the Kenya Clean Ports Program”: the only side in a name is where it happens."""
    own = [r.is_country(i) for i in range(np.first, np.head) if "-" not in r.words[i].text]
    named = {m.code: m for m in own if m is not None and m.code in codes}
    m = next(iter(named.values()), None)
    if m is None or m.via != "name" or len(named) != 1 or len(codes) < 2:
        return None
    return Support("host", m.code, m.start, m.end, m.rule, "phrase")


def _only(r: Reading, cue: Cue, codes: frozenset[str]) -> Support | None:
    """The only country that a sentence of what money is for names."""
    named = {m.code: m for m in r.countries if m.code in codes}
    if len(named) != 1 or cue.relation != "funded":
        return None
    m = next(iter(named.values()))
    return Support("host", m.code, m.start, m.end, m.rule, "clause")


def _recipient(r: Reading, cue: Cue, sides: Sides, codes: frozenset[str]) -> Support | None:
    """Where one side alone gives, it is for the other: “Norway will fund …”."""
    helper = _helper(r)
    if helper in codes and len(codes) == 2:
        return _other_side(r, sides, codes - {str(helper)})
    verb = cue.verb
    if verb is None or not (verb.rule.lasting or verb.rule.reach) or cue.relation == "subject":
        return None
    start = r.starts[cue.first]
    givers = {m.code for m in r.countries if m.end <= start}
    givers |= {i.country for i in r.institutions if i.country and i.end <= start}
    others = codes - givers
    if len(codes) != 2 or len(givers & codes) != 1 or len(others) != 1:
        return None
    return _other_side(r, sides, others)


def _helper(r: Reading) -> str | None:
    """The country with whose help something is done: “with Kenyan assistance”."""
    for index, mention in r.country_at.items():
        if r.low(index).endswith(r.lexicon.made_by):
            return mention.code
        behind = r.at(mention.end - 1) + 1
        start = r.starts[behind] if behind < len(r.words) else r.sentence.end
        hits = r.lexicon.help.longest(r.page.text, start, r.sentence.end)
        if hits and hits[0].start == start and r.low(index - 1) in {"with", "under", "by", "from"}:
            return mention.code
    return None


def _other_side(r: Reading, sides: Sides, others: frozenset[str]) -> Support | None:
    """The side that is none of the givers."""
    found = sides.first(next(iter(others)))
    if found is None:
        return None
    inside = next((m for m in r.countries if m.code == found.code), found)
    step = "clause" if inside is not found else "lead"
    return Support("host", inside.code, inside.start, inside.end, inside.rule, step)


def trained_elsewhere(
    r: Reading, cue: Cue, sides: Sides, countries: tuple[Support, ...]
) -> Support | None:
    """Whose people are trained “in Kenya” where the sentence doesn't say: the other side's."""
    codes = frozenset(str(c.value) for c in countries)
    place = _located(r, cue.last, len(r.words))
    told = {m.code for m in r.countries}
    if place is None or len(codes) != 2 or told != {place[0].code}:
        return None
    return _other_side(r, sides, codes - {place[0].code})


def people_host(
    r: Reading, first: int, last: int, sides: Sides, codes: frozenset[str]
) -> Support | None:
    """Whose people they are that stand around ``words[first:last]``."""
    found = _served(r, max(0, first - 8), min(len(r.words), last + 8))
    if found is None:
        return _foreign_host(r, sides, codes)
    mention, step = found
    return Support("host", mention.code, mention.start, mention.end, mention.rule, step)


def is_owner(text: str, mention: CountryMention) -> bool:
    """Whether a country stands in the genitive: “Kenya’s”."""
    return text.startswith(("’s", "'s"), mention.end) or text.startswith(
        ("s’", "s'"), mention.end - 1
    )


def _owner(r: Reading, np: NounPhrase, cue: Cue) -> CountryMention | None:
    """“Kenya’s building of a centre”, “Kenya’s national centre”."""
    first = min(np.outer, cue.first, cue.verb.first if cue.verb is not None else np.outer) - 1
    for index in range(max(0, first - 2), np.head):
        mention = r.is_country(index)
        if mention is not None and mention.via != "institution" and is_owner(r.page.text, mention):
            return mention
    return None


def block_is_row(r: Reading) -> bool:
    """Whether the sentence is a row of a table."""
    return r.page.blocks[r.sentence.block].kind == "table_row"


def _foreign_host(r: Reading, sides: Sides, codes: frozenset[str]) -> Support | None:
    """The foreign country of a list by countries hosts what no sentence places."""
    block = r.page.blocks[r.sentence.block]
    if block.kind == "table_row":
        first = next((c for c in r.countries if c.code != sides.home), None)
        return (
            Support("host", first.code, first.start, first.end, first.rule, "list")
            if first
            else None
        )
    if sides.pair or (block.kind != "bullet" and sides.layout.headings[r.sentence.block] is None):
        return None
    foreign = sides.foreign(r.sentence.block)
    if foreign is None or foreign.value not in codes:
        return None
    return Support("host", foreign.value, foreign.start, foreign.end, foreign.rule, foreign.step)


def _located(
    r: Reading, first: int, last: int, after: Cue | None = None
) -> tuple[CountryMention, str] | None:
    """The first place behind "in" or "at", or the country of an institution behind "at"."""
    end = min(last, len(r.words))
    for index in range(first, end):
        if r.words[index].low in r.lexicon.clause_ends and (after is None or index >= after.last):
            return None
        if r.words[index].low in {"which", "that"} and after is not None and index >= after.last:
            return None
        if r.words[index].low not in r.lexicon.places:
            continue
        for at in range(index + 1, min(index + _NEAR, len(r.words))):
            mention = r.is_country(at)
            if mention is not None:
                return mention, "clause"
            if r.words[at].low in r.lexicon.boundaries - {"the"}:
                break
        named = _institution_at(r, index + 1)
        if named is not None and r.words[index].low == "at":
            return named, "clause"
    return None


def _between_verb(r: Reading, first: int, last: int) -> tuple[CountryMention, str] | None:
    """“development of Trincomalee as a hub”, “operations in Singapore as a hub”."""
    for index in range(first, last):
        mention = r.is_country(index)
        if mention is not None and r.low(index - 1) in r.lexicon.places | {"of"}:
            return mention, "clause"
    return None


def _institution_at(r: Reading, index: int) -> CountryMention | None:
    """The country in or behind an institution that stands at ``index``."""
    for m in r.institutions:
        at = r.at(m.start)
        if index <= at <= index + 1:
            inside = [c for c in r.countries if m.start <= c.start < m.end + 40]
            return next((c for c in inside if c.code == m.country or m.country is None), None)
    return None


def _served(r: Reading, first: int, last: int) -> tuple[CountryMention, str] | None:
    """The country whose people or government a project is for, between two words."""
    for index in range(first, min(last, len(r.words))):
        mention = r.is_country(index)
        # "U.S.-Singapore Women in Tech Programme" is for both.
        if mention is None or "-" in r.words[index].text[1:]:
            continue
        end = r.at(mention.end - 1) + 1
        if mention.via == "demonym" or _is_before_people(r, end):
            if _is_before_people(r, end):
                both = r.low(index - 1) == "and" and r.is_country(index - 2)
                return None if both or r.low(end) == "and" else (mention, "phrase")
            continue
        if mention.via == "place" and not _is_after_people(r, index):
            continue
        if _is_after_people(r, index) or _is_for(r, index, first):
            return mention, "phrase"
    return None


def _is_before_people(r: Reading, index: int) -> bool:
    """“Indian students”, “Nepal Police officers”."""
    if r.low(index) == "and" and r.is_country(index + 1):
        index += 2
    for at in range(index, min(index + 3, len(r.words))):
        if any(first == at for first, _ in r.people):
            return True
        if r.words[at].low in r.lexicon.boundaries or at in r.verb_at or not r.low(at)[0].isalnum():
            return False
    return False


def _is_after_people(r: Reading, index: int) -> bool:
    """“teachers from Fiji”, “officials of the Government of Fiji”."""
    for back in range(index - 1, max(-1, index - 6), -1):
        if any(last == back + 1 for _, last in r.people):
            return any(r.low(i) in r.lexicon.served_by for i in range(back + 1, index))
    return False


def _is_for(r: Reading, index: int, first: int) -> bool:
    """“for Fiji”, “for the Government of Fiji”, “industry in Fiji” behind “for”."""
    for back in range(index - 1, max(first - 1, index - 12), -1):
        if r.words[back].low == "for":
            return True
        if not r.words[back].text[0].isalnum():
            return False
    return False
