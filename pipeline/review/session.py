"""A review: the cards of a diff, what was decided about each, and new decisions."""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec

from pipeline.decisions.facts import QUOTED, checked_value, editable, facts_of
from pipeline.decisions.model import Decision, Facts, TextQuote
from pipeline.decisions.standing import Standing, standing
from pipeline.decisions.store import append_decisions, decision_files, read_decisions
from pipeline.diff.cards import Card, CardMaker, Quote
from pipeline.diff.compare import Diff
from pipeline.diff.model import Change
from pipeline.diff.snapshot import Side
from pipeline.diff.summary import Summary, summarise
from pipeline.errors import SettingsError

UNDECIDED = "undecided"
# What an action makes of a card; flags and comments leave it open.
_STATES = {
    "accept": "accepted",
    "reject": "rejected",
    "set": "set",
    "same": "same",
    "not_same": "not_same",
}
# Rows of these tables follow from others that are shown.
_FOLLOWING = frozenset({"evidence", "decisions"})
_CHANGE_ACTIONS = frozenset({"accept", "reject", "flag", "comment"})
_PAIR_ACTIONS = frozenset({"same", "not_same"})
Clock = Callable[[], dt.datetime]


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class CardState(msgspec.Struct, frozen=True):
    """What was decided about a card: its state, flags and comments, and who said it."""

    state: str = UNDECIDED
    flagged: bool = False
    notes: tuple[str, ...] = ()
    by: str = ""
    decisions: tuple[str, ...] = ()


class Progress(msgspec.Struct, frozen=True):
    """How many cards there are and how many are decided, in all and by cause."""

    cards: int
    decided: int
    causes: dict[str, tuple[int, int]]


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody decides: an action on cards, with a field and a value for ``set``."""

    action: str
    cards: tuple[str, ...] = ()
    field: str = ""
    value: str = ""
    why: str = ""


@dataclass
class Session:
    """The changes to review and the decisions on them; safe to use from several threads.

    Decisions are read again whenever their files changed, so two sessions see each other's.
    """

    rules: Path
    who: str
    summary: Summary
    cards: tuple[Card, ...]
    changes: dict[str, Change]
    clock: Clock = _now
    _lock: threading.RLock = field(default_factory=threading.RLock, repr=False)
    _stamp: object = None
    _standing: Standing = field(default_factory=lambda: Standing((), ()))

    @classmethod
    def of(cls, diff: Diff, sides: tuple[Side, Side], rules: Path, who: str) -> Session:
        """The review of a diff. Rows of evidence belong to the record that they support."""
        shown = _without_evidence(diff)
        changes = list(shown.changes())
        cards = CardMaker(shown, *sides).cards()
        kept = {card.id: (card, change) for card, change in zip(cards, changes, strict=True)}
        return cls(
            rules,
            who,
            summarise(diff),
            tuple(card for card, _ in kept.values()),
            {key: change for key, (_, change) in kept.items()},
        )

    def standing(self) -> Standing:
        """The decisions that stand now."""
        with self._lock:
            stamp = [
                (p, p.stat().st_mtime_ns, p.stat().st_size) for p in decision_files(self.rules)
            ]
            if stamp != self._stamp:
                self._standing = standing(read_decisions(self.rules))
                self._stamp = stamp
            return self._standing

    def states(self) -> dict[str, CardState]:
        """The state of every card that somebody decided or said something about."""
        found: dict[str, CardState] = {}
        for decision in self.standing().decisions:
            if decision.change in self.changes:
                before = found.get(decision.change, CardState())
                found[decision.change] = _after(before, decision)
        return found

    def progress(self) -> Progress:
        """How far the review is."""
        states = self.states()
        decided = {key for key, state in states.items() if state.state != UNDECIDED}
        causes: Counter[str] = Counter(card.cause for card in self.cards)
        done: Counter[str] = Counter(card.cause for card in self.cards if card.id in decided)
        return Progress(
            len(self.cards), len(decided), {c: (done[c], n) for c, n in causes.most_common()}
        )

    def undecided(self) -> list[Card]:
        """The cards that nobody decided about."""
        states = self.states()
        return [c for c in self.cards if states.get(c.id, CardState()).state == UNDECIDED]

    def decide(self, request: Request) -> list[Decision]:
        """Writes the decisions that a request asks for; raises SettingsError and DecisionError."""
        made = list(self._decisions(request))
        with self._lock:
            append_decisions(self.rules, made)
        return made

    def undo(self, decision_id: str) -> Decision:
        """Undoes a standing decision; raises SettingsError when there is none with that id."""
        found = next((d for d in self.standing().decisions if d.id == decision_id), None)
        if found is None:
            raise SettingsError(
                "there is no such decision to undo", fix="reload: it may have been undone already"
            )
        made = Decision("undo", found.table, self.who, self._time(), undoes=found.id)
        with self._lock:
            append_decisions(self.rules, [made])
        return made

    def _decisions(self, request: Request) -> Iterator[Decision]:
        changes = [self._change(key) for key in dict.fromkeys(request.cards)]
        if not changes:
            raise SettingsError("no change is named", fix="choose at least one")
        if request.action in _PAIR_ACTIONS:
            yield self._pair(request, changes)
        elif request.action == "set":
            yield from (self._set(request, change) for change in changes)
        elif request.action in _CHANGE_ACTIONS:
            yield from (self._on_change(request, change) for change in changes)
        else:
            raise SettingsError(
                f"unknown action {request.action!r}", fix=f"use {', '.join(sorted(_STATES))}"
            )

    def _change(self, key: str) -> tuple[str, Change]:
        if key not in self.changes:
            raise SettingsError(
                "that change is not part of this review", fix="reload: there was a new run"
            )
        return key, self.changes[key]

    def _on_change(self, request: Request, found: tuple[str, Change]) -> Decision:
        key, change = found
        if request.action == "reject" and change.table not in QUOTED:
            raise SettingsError(
                f"rows of {change.table} follow from others and can't be rejected themselves",
                fix="reject the report or mention that it comes from, or tell what is (not) the same",
            )
        if request.action == "comment" and not request.why.strip():
            raise SettingsError("the comment is empty", fix="write what there is to say")
        return self._made(request.action, key, change, why=request.why.strip())

    def _set(self, request: Request, found: tuple[str, Change]) -> Decision:
        key, change = found
        if change.after is None:
            raise SettingsError(
                "the row is gone, so nothing can be set in it", fix="reject its removal first"
            )
        value = checked_value(change.table, request.field, request.value)
        return self._made("set", key, change, field=request.field, value=value, why=request.why)

    def _pair(self, request: Request, found: Sequence[tuple[str, Change]]) -> Decision:
        if len(found) != 2 or len({change.table for _, change in found}) != 1:
            raise SettingsError("two changes of one table are needed", fix="choose two records")
        (key, one), (other_key, other) = found
        if not one.table.endswith("_reports"):
            raise SettingsError(
                f"{one.table} holds no reports", fix="choose two reports, which records are made of"
            )
        return self._made(
            request.action,
            key,
            one,
            other=facts_of(other.table, other.row),
            other_quote=self._quote_of(other_key),
            why=request.why,
        )

    def _made(self, action: str, key: str, change: Change, **more: Any) -> Decision:
        return Decision(
            action,
            change.table,
            self.who,
            self._time(),
            change=key,
            before=_facts(change.table, change.before),
            after=_facts(change.table, change.after),
            quote=self._quote_of(key),
            **more,
        )

    def _quote_of(self, key: str) -> TextQuote | None:
        quote = self._quotes.get(key)
        return _text_quote(quote) if quote else None

    @cached_property
    def _quotes(self) -> dict[str, Quote | None]:
        return {card.id: card.quote for card in self.cards}

    def _time(self) -> str:
        return self.clock().astimezone(dt.UTC).isoformat(timespec="microseconds")


def _facts(table: str, row: dict[str, Any] | None) -> Facts | None:
    return None if row is None else facts_of(table, row)


def _text_quote(quote: Quote) -> TextQuote:
    return TextQuote(quote.doc_id, quote.text, quote.before, quote.after)


def _without_evidence(diff: Diff) -> Diff:
    tables = {name: table for name, table in diff.tables.items() if name not in _FOLLOWING}
    return Diff(diff.old, diff.new, tables, diff.rules)


def _after(state: CardState, decision: Decision) -> CardState:
    notes = (*state.notes, f"{decision.who}: {decision.why}") if decision.why else state.notes
    return CardState(
        _STATES.get(decision.action, state.state),
        state.flagged or decision.action == "flag",
        notes,
        decision.who,
        (*state.decisions, decision.id),
    )


def settable(table: str) -> dict[str, tuple[str, ...]]:
    """The fields of a table that may be set, each with its vocabulary (empty: any text)."""
    return {name: column.vocabulary for name, column in editable(table).items()}


def by_cause(cards: Iterable[Card], cause: str) -> list[Card]:
    """The cards of one cause."""
    return [card for card in cards if card.cause == cause]
