"""A diff in the terminal: the summary, the causes, then the changes as cards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

from pipeline.diff.cards import Card, FieldChange
from pipeline.diff.model import KINDS
from pipeline.diff.quotes import Quote
from pipeline.diff.summary import Summary
from pipeline.diff.words import Piece, mark_words

_SIGNS = {
    "added": "+",
    "removed": "-",
    "changed": "~",
    "merged": "»",
    "split": "«",
    "evidence": "·",
}
_COLOURS = {"added": "green", "removed": "red"}
_MOST_CAUSES = 12
_WIDTH = 56
_QUOTED = 160


def summary_lines(summary: Summary) -> Iterator[str]:
    """The counts by table and kind, then by cause."""
    yield printable(f"{summary.old} → {summary.new}: {summary.rows:,} rows differ")
    if not summary.rows:
        return
    kinds = [kind for kind in KINDS if any(kind in counts for counts in summary.tables.values())]
    yield ""
    yield f"{'table':<22}" + "".join(f"{kind:>10}" for kind in kinds) + f"{'cells':>10}"
    for table, counts in summary.tables.items():
        cells = "".join(f"{counts[k]:>10,}" if k in counts else f"{'·':>10}" for k in kinds)
        yield f"{table:<22}{cells}{summary.cells[table]:>10,}"
    yield ""
    yield f"{'rows':>8}  cause"
    for cause in summary.causes[:_MOST_CAUSES]:
        yield f"{cause.rows:>8,}  {printable(cause.label)}"
    if len(summary.causes) > _MOST_CAUSES:
        yield f"{'':>8}  … {len(summary.causes) - _MOST_CAUSES:,} more causes (--json has all)"


def card_lines(cards: Sequence[Card], *, colours: bool) -> Iterator[str]:
    """The cards, grouped by their cause."""
    for cause in dict.fromkeys(card.cause for card in cards):
        yield ""
        yield _styled(cause, colours=colours, bold=True)
        for card in cards:
            if card.cause == cause:
                yield from _card(card, colours=colours)


def _card(card: Card, *, colours: bool) -> Iterator[str]:
    sign = _styled(_SIGNS[card.kind], colours=colours, fg=_COLOURS.get(card.kind, "yellow"))
    yield f"{sign} {card.table}  {_short(card.label)}  {_styled(card.doc_id, colours=colours, dim=True)}"
    if card.others:
        told = "from" if card.kind == "merged" else "into"
        yield f"    {card.kind} {told} {printable(', '.join(card.others))}"
    if card.kind in {"added", "removed"}:
        yield "    " + "  ".join(f"{f.name} {_short(f.new or f.old or '')}" for f in card.fields)
        yield from _quote(card.quote, colours=colours)
    else:
        for field in card.fields:
            yield from _field(field, colours=colours)
    if card.rule:
        yield _styled(f"    {card.rule}  {card.where}".rstrip(), colours=colours, dim=True)


def _field(field: FieldChange, *, colours: bool) -> Iterator[str]:
    before, after = mark_words(field.old or "", field.new or "")
    old = _pieces(before, "red", colours=colours) if field.old is not None else "·"
    new = _pieces(after, "green", colours=colours) if field.new is not None else "·"
    yield f"    {field.name}: {old} → {new}"
    same = field.old_quote == field.new_quote
    for quote in (field.old_quote, None if same else field.new_quote):
        yield from _quote(quote, colours=colours)


def _pieces(pieces: Sequence[Piece], colour: str, *, colours: bool) -> str:
    return "".join(
        _styled(printable(p.text), colours=colours, fg=colour if p.differs else None)
        for p in pieces
    )


def _quote(quote: Quote | None, *, colours: bool) -> Iterator[str]:
    if quote is not None:
        text = _short(quote.text, _QUOTED)
        room = max(0, (_QUOTED - len(text)) // 2)
        before, after = printable(quote.before), printable(quote.after)
        if not room:
            before = after = ""
        before = before if len(before) <= room else f"…{before[len(before) - room + 1 :]}"
        after = after if len(after) <= room else f"{after[: max(0, room - 1)]}…"
        yield f"      “{before}{_styled(text, colours=colours, underline=True)}{after}”"


def _short(text: str, width: int = _WIDTH) -> str:
    line = printable(text).strip()
    return line if len(line) <= width else line[: width - 1] + "…"


def printable(text: str) -> str:
    """One line in which nothing commands the terminal."""
    return "".join(c if c.isprintable() else " " for c in text)


def _styled(text: str, *, colours: bool, **style: object) -> str:
    clean = printable(text)
    return click.style(clean, **style) if colours else clean  # type: ignore[arg-type]
