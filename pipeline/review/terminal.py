"""The review in the terminal: a card at a time, a key a decision."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pipeline.diff.cards import Card
from pipeline.diff.terminal import card_lines
from pipeline.errors import PactlineError
from pipeline.review.session import CardState, Request, Session, settable

_HELP = (
    "a accept · r reject · s set a value · f flag · c comment · u undo · A accept all of this cause"
    " · n next · p previous · q stop"
)
Ask = Callable[[str], str]
Tell = Callable[[str], None]


class TerminalReview:
    """Goes through the cards; ``key`` reads one key, ``ask`` a line, ``tell`` prints one."""

    def __init__(
        self, session: Session, *, key: Callable[[], str], ask: Ask, tell: Tell, colours: bool
    ) -> None:
        self._session = session
        self._key = key
        self._ask = ask
        self._tell = tell
        self._colours = colours
        self._at = 0

    def run(self) -> None:
        """Shows undecided cards until there are none, or until somebody stops."""
        self._tell(_HELP)
        while True:
            left = self._session.undecided()
            if not left:
                self._tell("everything is decided")
                return
            self._at = min(max(self._at, 0), len(left) - 1)
            for line in self._lines(left):
                self._tell(line)
            if not self._obey(self._key(), left[self._at]):
                return

    def _lines(self, left: list[Card]) -> Iterator[str]:
        progress = self._session.progress()
        yield ""
        yield f"{progress.decided:,} of {progress.cards:,} decided"
        yield from card_lines([left[self._at]], colours=self._colours)
        state = self._session.states().get(left[self._at].id, CardState())
        yield from (f"    {note}" for note in state.notes)

    def _obey(self, key: str, card: Card) -> bool:
        """Does what a key says; False ends the review."""
        if key in {"q", "\x03", "\x04", ""}:
            return False
        try:
            self._act(key, card)
        except PactlineError as error:
            self._tell(f"  {error.what}" + (f" ({error.fix})" if error.fix else ""))
        return True

    def _act(self, key: str, card: Card) -> None:
        if key in {"n", "p"}:
            self._at += 1 if key == "n" else -1
        elif key in {"a", "r", "f"}:
            action = {"a": "accept", "r": "reject", "f": "flag"}[key]
            self._session.decide(Request(action, (card.id,)))
        elif key == "c":
            self._session.decide(Request("comment", (card.id,), why=self._ask("comment: ")))
        elif key == "s":
            self._set(card)
        elif key == "A":
            self._accept_cause(card)
        elif key == "u":
            self._undo()
        else:
            self._tell(_HELP)

    def _set(self, card: Card) -> None:
        fields = settable(card.table)
        if not fields:
            self._tell(f"  values of {card.table} follow from others and can't be set here")
            return
        name = self._ask(f"field ({', '.join(fields)}): ").strip()
        words = f" ({', '.join(fields[name])})" if fields.get(name) else ""
        value = self._ask(f"{name}{words}: ")
        self._session.decide(Request("set", (card.id,), field=name, value=value))

    def _accept_cause(self, card: Card) -> None:
        cards = [c for c in self._session.undecided() if c.cause == card.cause]
        for one in cards[:10]:
            self._tell(f"  {one.kind} {one.table} {one.label}")
        answer = self._ask(f"accept all {len(cards):,} of “{card.cause}”? [y/N] ")
        if answer.strip().lower() == "y":
            self._session.decide(Request("accept", tuple(c.id for c in cards)))

    def _undo(self) -> None:
        last = self._session.standing().decisions[-1:]
        if last:
            self._session.undo(last[0].id)
        else:
            self._tell("  there is nothing to undo")
