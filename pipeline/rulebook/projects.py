"""What projects are called, the verbs that tell of them, and the words that bound their names."""

from __future__ import annotations

from pathlib import Path

import msgspec

from pipeline.errors import RuleError
from pipeline.rulebook.examples import Example
from pipeline.rulebook.inflection import inflected, plural
from pipeline.rulebook.source import RuleFile, item_lines, parse_toml
from pipeline.schema import PROJECT_KINDS, PROJECT_STATUSES

# The columns of a verb: base, third person, past, participle, -ing.
VERB_FORMS = ("base", "third", "past", "participle", "ing")
# Beside the statuses: "done" leaves the verb's own, "none" says that there is no project.
GOVERNOR_STATUSES = frozenset({*PROJECT_STATUSES, "done", "none"})


# Rules that the code applies by their structure; the file must have them.
AGREED, MEANS, OPEN_HEAD = "projects/decided", "projects/is-means", "projects/named-thing"


class Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Nouns that name projects of one kind.

    A ``weak`` noun needs a name ("Third Country Training Program"), a word that makes it common to
    the parties ("joint project"), or those whom it serves. ``verbs`` restricts the verbs that may
    tell of it (empty: any). ``hosted`` kinds stand somewhere or serve somebody; the others belong
    to all parties. A ``thing`` is operational when it is finished, the others are completed; a weak noun that is
    ``listed`` tells the kind of an item in a list of projects. What ``runs`` goes on where it is the
    means of something ("through the Reef Exchange Programme"). ``people_kind`` is the kind where the
    name says for whom it is ("programme for teachers"). Nouns stand in the singular; each word of
    ``before`` makes one with each ``general`` noun ("training programme"). The rule that is
    ``open`` takes what no noun fits. One that ``pays`` gives way to the thing that it is for.
    """

    id: str
    about: str
    kind: str
    nouns: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    general: tuple[str, ...] = ()
    weak: bool = False
    hosted: bool = False
    thing: bool = False
    listed: bool = False
    runs: bool = False
    open: bool = False
    pays: bool = False
    people_kind: str | None = None
    verbs: tuple[str, ...] = ()
    examples: tuple[str | Example, ...] = ()
    counter_examples: tuple[str | Example, ...] = ()

    @property
    def phrases(self) -> tuple[str, ...]:
        """Every noun of the rule, in the singular and the plural."""
        made = (f"{before} {noun}" for before in self.before for noun in self.general)
        single = (*self.nouns, *made)
        return tuple(dict.fromkeys((*single, *map(plural, single))))


class Verb(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Verbs that say how far a project got: ``done`` is the status once it has happened.

    ``verbs`` are regular ones in their base form; ``irregular`` are rows of base, third person,
    past, participle and -ing; ``nouns`` stand before "of" ("launch of"). Where ``reach`` is above 0 a preposition may stand between ("requested help
    for a park"), so many words away. ``kind`` overrules the noun's ("was piloted").
    ``people`` verbs make a training without a name of those they are done to; verbs that
    ``join`` things, and those that are ``accepts_weak``, make projects of weak nouns.
    In the present tense a ``lasting`` verb says that something goes on ("Norway funds a park");
    one that ``presupposes`` its object does so even in a wish ("to extend the course"); where
    ``nouns_tell``, "the launch of" and "foundation stone of" need no verb. The object of one that
    ``opens`` may be of any sort, where it has a name. What a verb ``while_present`` is done to in
    the present goes on ("the course is run by"). An ``unsettled`` one leaves it open in every form.
    """

    id: str
    about: str
    done: str
    verbs: tuple[str, ...] = ()
    irregular: tuple[tuple[str, str, str, str, str], ...] = ()
    nouns: tuple[str, ...] = ()
    reach: int = 0
    kind: str | None = None
    people: bool = False
    joins: bool = False
    lasting: bool = False
    presupposes: bool = False
    nouns_tell: bool = False
    accepts_weak: bool = False
    opens: bool = False
    while_present: bool = False
    unsettled: bool = False
    examples: tuple[str | Example, ...] = ()
    counter_examples: tuple[str | Example, ...] = ()

    @property
    def forms(self) -> tuple[tuple[str, str, str, str, str], ...]:
        """The forms of every verb: base, third person, past, participle and -ing."""
        return (*map(inflected, self.verbs), *self.irregular)


class Governor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words before a verb that decide how far it got: "agreed to", "the possibility of"."""

    id: str
    about: str
    status: str
    cues: tuple[str, ...]
    examples: tuple[str | Example, ...] = ()
    counter_examples: tuple[str | Example, ...] = ()


class State(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words behind ("is operational") or inside ("the proposed centre") a project's name."""

    id: str
    about: str
    status: str
    behind: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()
    examples: tuple[str | Example, ...] = ()
    counter_examples: tuple[str | Example, ...] = ()


class ProjectWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Word lists that the rules share; each is explained in the file."""

    determiners: tuple[str, ...]
    counts: tuple[str, ...]
    definite: tuple[str, ...]
    boundaries: tuple[str, ...]
    adverbs: tuple[str, ...]
    complements: tuple[str, ...]
    closers: tuple[str, ...]
    clause_ends: tuple[str, ...]
    generic: tuple[str, ...]
    common: tuple[str, ...]
    both_sides: tuple[str, ...]
    people: tuple[str, ...]
    served_by: tuple[str, ...]
    payers: tuple[str, ...]
    agents: tuple[str, ...]
    places: tuple[str, ...]
    noun_like: tuple[str, ...]
    agreements: tuple[str, ...]
    abstract: tuple[str, ...]
    money: tuple[str, ...]
    help: tuple[str, ...]
    made_by: tuple[str, ...]
    envoys: tuple[str, ...]
    asking: tuple[str, ...]
    reporting: tuple[str, ...]
    works: tuple[str, ...]
    own: tuple[str, ...]
    means: tuple[str, ...]
    figurative: tuple[str, ...]
    figurative_modifiers: tuple[str, ...]
    improving: tuple[str, ...]
    inline_openers: tuple[str, ...]
    inline_openers_of_clauses: tuple[str, ...]
    research_lists: tuple[str, ...]
    any_project: tuple[str, ...]
    list_openers: tuple[str, ...]
    list_nouns: tuple[str, ...]
    will: tuple[str, ...]
    unsure: tuple[str, ...]
    be: tuple[str, ...]
    be_now: tuple[str, ...]
    have: tuple[str, ...]
    negations: tuple[str, ...]
    tails: tuple[str, ...]
    provisions: tuple[str, ...]
    titled: tuple[str, ...]
    self_acting: tuple[str, ...]
    objectless: tuple[str, ...]
    describing: tuple[str, ...]
    after: tuple[str, ...]
    ending_kinds: tuple[str, ...]
    occasions: tuple[str, ...]
    outcomes: tuple[str, ...]
    pronouns: tuple[str, ...]
    subjects: tuple[str, ...]
    fronted: tuple[str, ...]
    helps: tuple[str, ...]


class ProjectRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The content of ``projects.toml``."""

    words: ProjectWords
    head: tuple[Head, ...]
    verb: tuple[Verb, ...]
    governor: tuple[Governor, ...]
    state: tuple[State, ...]

    @property
    def items(self) -> tuple[Head | Verb | Governor | State, ...]:
        """Everything in the file that has an id."""
        return (*self.head, *self.verb, *self.governor, *self.state)


def load_projects(root: Path) -> tuple[ProjectRules, RuleFile]:
    """The rules of ``root/projects.toml``; raises RuleError with file and line."""
    file = RuleFile.read(root, "projects.toml")
    rules = parse_toml(file, ProjectRules)
    seen: set[str] = set()
    for key in ("head", "verb", "governor", "state"):
        for item, line in zip(getattr(rules, key), item_lines(file, key), strict=True):
            problem = _problem(item, seen)
            if problem:
                raise RuleError(problem[0], where=file.where(line), fix=problem[1])
            seen.add(item.id)
    missing = {AGREED, MEANS, OPEN_HEAD} - seen
    if missing:
        raise RuleError(
            f"the rule {min(missing)} is missing",
            where=file.where(1),
            fix="restore it: the code applies it by the structure of a sentence",
        )
    return rules, file


def _problem(item: Head | Verb | Governor | State, seen: set[str]) -> tuple[str, str] | None:
    """What is wrong with a rule, and how to correct it."""
    if item.id in seen:
        return f"the id {item.id} is used twice", "rename one"
    kind = getattr(item, "kind", None)
    if kind is not None and kind not in PROJECT_KINDS:
        return f"unknown kind {kind!r}", f"use {', '.join(PROJECT_KINDS)}"
    status = getattr(item, "status", getattr(item, "done", None))
    known = GOVERNOR_STATUSES if isinstance(item, Governor) else PROJECT_STATUSES
    if status is not None and status not in known:
        return f"unknown status {status!r}", f"use {', '.join(sorted(known))}"
    if any(word != word.lower() or not word.strip() for word in _phrases(item)):
        return "a phrase is empty or not in lower case", "write it in lower case"
    return None


def _phrases(item: Head | Verb | Governor | State) -> tuple[str, ...]:
    if isinstance(item, Head):
        return (*item.nouns, *item.before, *item.general)
    if isinstance(item, Verb):
        return (*item.nouns, *(form for row in item.forms for form in row))
    return item.cues if isinstance(item, Governor) else (*item.behind, *item.inside)
