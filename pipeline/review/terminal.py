"""The review in the terminal: a card at a time, a key a decision."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import click

from pipeline.diff.cards import Card
from pipeline.diff.terminal import card_lines, printable
from pipeline.errors import PactlineError
from pipeline.review.document import marked_document
from pipeline.review.session import Request, Session, settable
from pipeline.review.states import CardState, opposed_of

_HELP = (
    "a accept · r reject · s set a value · f flag · c comment · m mark for same / not the same"
    " · u undo · A accept all of this cause · d document · n next · p previous · q stop"
)
_AROUND = 700
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
        self._marked: Card | None = None
        self._done: list[list[str]] = []

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
        yield from (printable(f"    {note}") for note in state.notes)
        for group in opposed_of(self._session.standing()):
            told = " / ".join(text for _, text in group.said)
            yield printable(f"  opposite decisions on {group.about}: {told}")

    def _obey(self, key: str, card: Card) -> bool:
        """Does what a key says; False ends the review."""
        if key in {"q", "\x03", "\x04", ""}:
            return False
        try:
            self._act(key, card)
        except PactlineError as error:
            told = f"  {error.what}" + (f" ({error.fix})" if error.fix else "")
            self._tell(printable(told))
        return True

    def _act(self, key: str, card: Card) -> None:
        if key in {"n", "p"}:
            self._at += 1 if key == "n" else -1
        elif key in {"a", "r", "f"}:
            action = {"a": "accept", "r": "reject", "f": "flag"}[key]
            self._decide(Request(action, (card.id,)))
        elif key == "c":
            self._decide(Request("comment", (card.id,), why=self._ask("comment: ")))
        elif key == "s":
            self._set(card)
        elif key == "A":
            self._accept_cause(card)
        elif key == "m":
            self._pair(card)
        elif key == "d":
            for line in self._document(card):
                self._tell(line)
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
        self._decide(Request("set", (card.id,), field=name, value=value))

    def _accept_cause(self, card: Card) -> None:
        cards = [c for c in self._session.undecided() if c.cause == card.cause]
        for one in cards[:10]:
            self._tell(printable(f"  {one.kind} {one.table} {one.label}"))
        answer = self._ask(printable(f"accept all {len(cards):,} of “{card.cause}”? [y/N] "))
        if answer.strip().lower() == "y":
            self._decide(Request("accept", tuple(c.id for c in cards)))

    def _decide(self, request: Request) -> None:
        self._done.append([d.id for d in self._session.decide(request)])

    def _pair(self, card: Card) -> None:
        if self._marked is None or self._marked.id == card.id:
            self._marked = card
            self._tell("  marked; press m on the other record")
            return
        pair = (self._marked.id, card.id)
        answer = self._ask(printable(f"“{self._marked.label}” is the same record? [y/n] "))
        action = {"y": "same", "n": "not_same"}.get(answer.strip().lower())
        if action:
            self._decide(Request(action, pair))
            self._marked = None

    def _document(self, card: Card) -> Iterator[str]:
        """The text around the quote, its mentions in brackets."""
        side = self._session.sides[0 if card.side == "old" else 1]
        quote = card.quote
        found = quote and marked_document(side, quote.doc_id, (quote.start, quote.end))
        if not quote or not found:
            yield "  the change belongs to no single document"
            return
        text, at = "", 0
        for words, said, mentions in found["pieces"]:
            at += len(words)
            near = quote.start - _AROUND <= at and at - len(words) <= quote.end + _AROUND
            if near:
                text += self._piece(words, said=said, mention=bool(mentions))
        yield ""
        yield from (f"  | {line}" for line in text.split("\n"))

    def _piece(self, words: str, *, said: bool, mention: bool) -> str:
        shown = words if len(words) <= 2 * _AROUND else f"{words[:_AROUND]}…{words[-_AROUND:]}"
        shown = "\n".join(map(printable, shown.split("\n")))
        shown = f"[{shown}]" if mention else shown
        return click.style(shown, underline=True) if said and self._colours else shown

    def _undo(self) -> None:
        """Takes back what was decided last in this review."""
        if self._done:
            self._session.undo(self._done.pop())
        else:
            self._tell("  there is nothing to undo")
