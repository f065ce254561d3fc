"""What was decided about the cards of a review."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

import msgspec

from pipeline.decisions.model import Decision
from pipeline.decisions.standing import Standing
from pipeline.diff.cards import Card

UNDECIDED = "undecided"
# The change is the effect of a decision: there is nothing left to decide.
APPLIED = "applied"
# What an action makes of a card; flags, comments and pairs leave it open.
_STATES = {"accept": "accepted", "reject": "rejected", "set": "set"}
_PAIRS = {"same": "the same record as", "not_same": "not the same record as"}


class CardState(msgspec.Struct, frozen=True):
    """What was decided about a card: its state, flags and comments, and who said it.

    ``decisions`` are the ids of all that counts, the latest last.
    """

    state: str = UNDECIDED
    flagged: bool = False
    notes: tuple[str, ...] = ()
    by: str = ""
    decisions: tuple[str, ...] = ()


class Progress(msgspec.Struct, frozen=True):
    """How many cards want a decision and how many have one, in all and by cause."""

    cards: int
    decided: int
    causes: dict[str, tuple[int, int]]


class Opposed(msgspec.Struct, frozen=True):
    """Decisions of different people that can't all hold: on what, and (id, what was said) of each."""

    about: str
    said: tuple[tuple[str, str], ...]


def states_of(cards: Iterable[Card], standing: Standing) -> dict[str, CardState]:
    """The state of every card about which something is known."""
    about: dict[str, list[Decision]] = defaultdict(list)
    for decision in standing.decisions:
        about[decision.change].append(decision)
    found = {}
    for card in cards:
        state = CardState(APPLIED if card.cause_kind == "decision" else UNDECIDED)
        for decision in about.get(card.id, ()):
            state = _after(state, decision)
        if state != CardState():
            found[card.id] = state
    return found


def progress_of(cards: Iterable[Card], states: Mapping[str, CardState]) -> Progress:
    """How far the review is."""
    known = [(card.cause, states.get(card.id, CardState()).state) for card in cards]
    wanted = Counter(cause for cause, state in known if state != APPLIED)
    done = Counter(cause for cause, state in known if state not in {APPLIED, UNDECIDED})
    causes = {cause: (done[cause], count) for cause, count in wanted.most_common()}
    return Progress(wanted.total(), done.total(), causes)


def opposed_of(standing: Standing) -> list[Opposed]:
    """The groups of opposite decisions as people read them."""
    return [
        Opposed(about(group[0]), tuple((d.id, f"{d.who}: {said(d)}") for d in group))
        for group in standing.opposed
    ]


def about(decision: Decision) -> str:
    """What a decision is about, in a few words."""
    facts = decision.after or decision.before or {}
    named = next((str(facts[n]) for n in ("title", "name", "edtf", "code") if facts.get(n)), "")
    where = f" in {decision.quote.doc}" if decision.quote else ""
    return " ".join(f"{decision.table} {named}{where}".split())


def said(decision: Decision) -> str:
    """What a decision says, in a few words."""
    if decision.action == "set":
        value = decision.value
        shown = ", ".join(value) if isinstance(value, list) else str(value or "nothing")
        return f"set {decision.field} to {shown}"
    return decision.action.replace("_", " ")


def _after(state: CardState, decision: Decision) -> CardState:
    return CardState(
        _STATES.get(decision.action, state.state),
        state.flagged or decision.action == "flag",
        (*state.notes, *_notes(decision)),
        decision.who if decision.action in _STATES else state.by,
        (*state.decisions, decision.id),
    )


def _notes(decision: Decision) -> Iterable[str]:
    if decision.action in _PAIRS:
        other = decision.other or {}
        name = other.get("title") or other.get("name") or "another one"
        yield f"{decision.who}: {_PAIRS[decision.action]} “{name}”"
    if decision.action == "set":
        yield f"{decision.who}: {said(decision)}"
    if decision.why:
        yield f"{decision.who}: {decision.why}"
