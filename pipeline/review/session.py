"""A review: the cards of a diff, what was decided about each, and new decisions."""

from __future__ import annotations

import datetime as dt
import hashlib
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec

from pipeline.decisions.facts import QUOTED, checked_value, editable, facts_of
from pipeline.decisions.model import Decision, Facts
from pipeline.decisions.standing import Standing, standing
from pipeline.decisions.store import append_decisions, decision_files, read_decisions
from pipeline.diff.cards import Card, CardMaker
from pipeline.diff.compare import Diff
from pipeline.diff.model import DETAIL_TABLES, KINDS, RECORD_TABLES, Change
from pipeline.diff.select import Filter, select, without
from pipeline.diff.snapshot import Side
from pipeline.diff.summary import Summary, summarise
from pipeline.errors import SettingsError
from pipeline.review.states import (
    UNDECIDED,
    CardState,
    Progress,
    progress_of,
    states_of,
)
from pipeline.schema import TABLES

ACTIONS = ("accept", "reject", "set", "same", "not_same", "flag", "comment")
# Rows of these tables follow from others that are shown.
_FOLLOWING = DETAIL_TABLES.union(table.name for table in TABLES if table.stage == "link")
_CHANGE_ACTIONS = frozenset({"accept", "reject", "flag", "comment"})
_PAIR_ACTIONS = frozenset({"same", "not_same"})
_LONGEST_WHY = 10_000
Clock = Callable[[], dt.datetime]


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody decides: an action on cards, with a field and a value for ``set``.

    ``cause`` stands for all cards of that cause that are still undecided.
    """

    action: str
    cards: tuple[str, ...] = ()
    cause: str = ""
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
    sides: tuple[Side, Side]
    clock: Clock = _now
    _lock: threading.RLock = field(default_factory=threading.RLock, repr=False)
    _stamp: object = None
    _standing: Standing = field(default_factory=lambda: Standing((), ()))

    @classmethod
    def of(cls, diff: Diff, sides: tuple[Side, Side], rules: Path, who: str) -> Session:
        """The review of a diff: of what rows say; where they stand now wants no decision."""
        shown = _facts_only(diff)
        changes = list(shown.changes())
        cards = CardMaker(shown, *sides).cards()
        by_id = {card.id: change for card, change in zip(cards, changes, strict=True)}
        return cls(rules, who, summarise(shown), tuple(cards), by_id, sides)

    def standing(self) -> Standing:
        """The decisions that stand now; raises DecisionError when a file can't be read."""
        with self._lock:
            stamp = [
                (p, p.stat().st_mtime_ns, p.stat().st_size) for p in decision_files(self.rules)
            ]
            if stamp != self._stamp:
                self._standing = standing(read_decisions(self.rules))
                self._stamp = stamp
            return self._standing

    @property
    def version(self) -> str:
        """Another text whenever the decisions that were read last are others."""
        told = "".join(d.id for d in self._standing.given)
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    def states(self) -> dict[str, CardState]:
        """The state of every card that somebody decided or said something about."""
        return states_of(self.cards, self.standing())

    def progress(self) -> Progress:
        """How far the review is."""
        return progress_of(self.cards, self.states())

    def undecided(self) -> list[Card]:
        """The cards that nobody decided about."""
        states = self.states()
        return [c for c in self.cards if states.get(c.id, CardState()).state == UNDECIDED]

    def decide(self, request: Request) -> list[Decision]:
        """Writes the decisions that a request asks for; raises SettingsError and DecisionError."""
        with self._lock:
            made = list(self._decisions(request))
            append_decisions(self.rules, made)
        return made

    def undo(self, ids: Sequence[str]) -> list[Decision]:
        """Undoes decisions; raises SettingsError when one of them was undone already."""
        with self._lock:
            known = {d.id: d for d in self.standing().given}
            if not ids or any(i not in known for i in ids):
                raise SettingsError(
                    "there is no such decision to undo",
                    fix="reload: it may have been undone already",
                )
            when = self._time()
            made = [Decision("undo", known[i].table, self.who, when, undoes=i) for i in ids]
            append_decisions(self.rules, made)
        return made

    def _decisions(self, request: Request) -> Iterator[Decision]:
        if request.action not in ACTIONS:
            raise SettingsError(
                f"unknown action {request.action!r}", fix=f"use one of {', '.join(ACTIONS)}"
            )
        if len(request.why) > _LONGEST_WHY:
            raise SettingsError("the reason is too long", fix=f"use up to {_LONGEST_WHY:,} signs")
        cards = [self._card(key) for key in dict.fromkeys(self._asked(request))]
        if not cards:
            raise SettingsError("no change is named", fix="choose at least one")
        if request.action in _PAIR_ACTIONS:
            yield self._pair(request, cards)
        elif request.action == "set":
            yield from (self._set(request, card) for card in cards)
        else:
            yield from (self._on_change(request, card) for card in cards)

    def _asked(self, request: Request) -> Iterator[str]:
        yield from request.cards
        if request.cause:
            yield from (card.id for card in self.undecided() if card.cause == request.cause)

    def _card(self, key: str) -> Card:
        if key not in self.changes:
            raise SettingsError(
                "that change is not part of this review", fix="reload: there was a new run"
            )
        return self._by_id[key]

    @cached_property
    def _by_id(self) -> Mapping[str, Card]:
        return {card.id: card for card in self.cards}

    def _on_change(self, request: Request, card: Card) -> Decision:
        if request.action == "reject":
            self._check_rejectable(card)
        if request.action == "comment" and not request.why.strip():
            raise SettingsError("the comment is empty", fix="write what there is to say")
        return self._made(request, card)

    def _check_rejectable(self, card: Card) -> None:
        if card.table not in QUOTED or card.anchor is None:
            raise SettingsError(
                f"rows of {card.table} follow from others and can't be rejected themselves",
                fix="reject the report or mention that it comes from, or tell what is (not) the same",
            )
        if self.changes[card.id].kind == KINDS[-1]:
            raise SettingsError(
                "only the place or the rule of the row changed, there is nothing to reject",
                fix="accept it, or set the value that is wrong",
            )

    def _set(self, request: Request, card: Card) -> Decision:
        if self.changes[card.id].after is None:
            raise SettingsError(
                "the row is gone, so nothing can be set in it", fix="reject its removal first"
            )
        value = checked_value(card.table, request.field, request.value)
        return self._made(request, card, field=request.field, value=value)

    def _pair(self, request: Request, cards: Sequence[Card]) -> Decision:
        if len(cards) != 2 or len({card.table for card in cards}) != 1:
            raise SettingsError("two changes of one table are needed", fix="choose two records")
        one, other = cards
        if not one.table.endswith("_reports"):
            raise SettingsError(
                f"{one.table} holds no reports", fix="choose two reports, which records are made of"
            )
        facts = facts_of(other.table, self.changes[other.id].row)
        return self._made(request, one, other=facts, other_quote=other.anchor)

    def _made(self, request: Request, card: Card, **more: Any) -> Decision:
        change = self.changes[card.id]
        return Decision(
            request.action,
            card.table,
            self.who,
            self._time(),
            change=card.id,
            before=_facts(card.table, change.before),
            after=_facts(card.table, change.after),
            quote=card.anchor,
            why=request.why.strip(),
            **more,
        )

    def _time(self) -> str:
        return self.clock().astimezone(dt.UTC).isoformat(timespec="microseconds")


def _facts(table: str, row: dict[str, Any] | None) -> Facts | None:
    return None if row is None else facts_of(table, row)


def _facts_only(diff: Diff) -> Diff:
    """The diff without rows that only moved and those that follow from others.

    Of the rows over all documents those stay in that tell what was merged or split.
    """
    own = select(without(diff, _FOLLOWING), Filter(kinds=KINDS[:-1]))
    records = select(diff, Filter(tables=RECORD_TABLES, kinds=("merged", "split")))
    return Diff(diff.old, diff.new, {**own.tables, **records.tables}, diff.rules)


def settable(table: str) -> dict[str, tuple[str, ...]]:
    """The fields of a table that may be set, each with its vocabulary (empty: any text)."""
    return {name: column.vocabulary for name, column in editable(table).items()}
