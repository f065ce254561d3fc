"""A diff as one HTML file: no network, facets and filters by a script that only makes text nodes.

Everything from a document travels as JSON in which no character can end the script element, and a
content security policy allows the two inline resources by their hashes and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from pipeline.diff.cards import Card, FieldChange
from pipeline.diff.model import CAUSES, KINDS
from pipeline.diff.quotes import Quote
from pipeline.diff.summary import Summary
from pipeline.diff.words import Piece, mark_words
from pipeline.errors import OutputError

# A page with more cards takes too long to open; the rest is in the counts.
MOST_CARDS = 5_000
_MOST_CAUSES = 15


def write_page(summary: Summary, cards: Sequence[Card], path: Path) -> None:
    """Writes the page; raises OutputError when the file can't be written."""
    try:
        path.write_text(page_of(summary, cards), encoding="utf-8")
    except OSError as error:
        raise OutputError(
            f"can't be written ({error.strerror})", where=str(path), fix="name another file"
        ) from error


def page_of(summary: Summary, cards: Sequence[Card]) -> str:
    """The page as text."""
    return "\n".join(_page(summary, cards)) + "\n"


def _page(summary: Summary, cards: Sequence[Card]) -> Iterator[str]:
    style, script = (
        resource("page.css"),
        "".join(map(resource, ("cards.js", "facets.js", "page.js"))),
    )
    policy = (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    title = f"{summary.old} → {summary.new}"
    yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="referrer" content="no-referrer">'
    yield '<meta name="color-scheme" content="light dark">'
    yield f"<title>{html.escape(title)} · pactline diff</title>"
    yield f"<style>{style}</style>\n</head>\n<body>\n<header>"
    yield f"<h1>What changed: {html.escape(title)}</h1>"
    yield '<div class="counts">'
    yield from _table_counts(summary)
    yield from _cause_counts(summary)
    yield '</div>\n</header>\n<div class="columns">\n<nav aria-label="Filters">'
    yield "<details><summary>Filters</summary>"
    yield '<label for="search">Search</label><input type="search" id="search" aria-keyshortcuts="/">'
    for name in ("table", "kind", "cause_kind", "cause", "country", "field"):
        yield f'<fieldset id="facet-{name}"></fieldset>'
    yield '<button type="button" id="reset">Clear filters</button>'
    yield '<p class="aside">j, k: next, previous change · /: search</p></details></nav>'
    yield '<main><p class="aside" id="told" role="status"></p><div id="list"></div>'
    yield '<button type="button" id="more">More</button>'
    yield "<noscript>The counts above are all that this page tells without scripts.</noscript></main>"
    yield f'</div>\n<script type="application/json" id="data">{_data(summary, cards)}</script>'
    yield f"<script>{script}</script>\n</body>\n</html>"


def resource(name: str) -> str:
    """A style sheet or script of the page."""
    return files("pipeline.diff").joinpath(name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _table_counts(summary: Summary) -> Iterator[str]:
    kinds = [k for k in KINDS if any(k in counts for counts in summary.tables.values())]
    yield "<table><caption>Rows by table</caption><thead><tr><th></th>"
    yield "".join(f"<th>{kind}</th>" for kind in kinds) + "</tr></thead><tbody>"
    for name, counts in summary.tables.items():
        cells = "".join(f"<td>{counts[k]:,}</td>" if k in counts else "<td>·</td>" for k in kinds)
        yield f"<tr><th>{html.escape(name)}</th>{cells}</tr>"
    yield "</tbody></table>"


def _cause_counts(summary: Summary) -> Iterator[str]:
    yield "<table><caption>Rows by cause</caption><tbody>"
    for cause in summary.causes[:_MOST_CAUSES]:
        yield f'<tr><td>{cause.rows:,}</td><td class="cause">{html.escape(cause.label)}</td></tr>'
    left = len(summary.causes) - _MOST_CAUSES
    if left > 0:
        yield f'<tr><td></td><td class="cause">… {left:,} more causes</td></tr>'
    yield "</tbody></table>"


def _data(summary: Summary, cards: Sequence[Card]) -> str:
    """The cards as JSON that no browser can take for markup."""
    causes = {cause.label: n for n, cause in enumerate(summary.causes)}
    ordered = sorted(cards[:MOST_CARDS], key=lambda card: causes.get(card.cause, len(causes)))
    told = {
        "rows": summary.rows,
        "left_out": summary.rows - len(ordered),
        "names": CAUSES,
        "cards": [card_data(card) for card in ordered],
    }
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    for character, escaped in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026")):
        text = text.replace(character, escaped)
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def card_data(card: Card) -> dict[str, Any]:
    """A card as the script draws it: values and quotes in pieces, marked word by word."""
    return {
        "id": card.id,
        "table": card.table,
        "kind": card.kind,
        "label": card.label,
        "doc_id": card.doc_id,
        "cause": card.cause,
        "cause_kind": card.cause_kind,
        "countries": list(card.countries),
        "others": list(card.others),
        "rule": card.rule,
        "where": card.where,
        "side": card.side,
        "quote": _quote(card.quote, None, side=0),
        "fields": [_field(field) for field in card.fields],
    }


def _field(field: FieldChange) -> dict[str, Any]:
    old, new = mark_words(field.old or "", field.new or "")
    return {
        "name": field.name,
        "old": _pieces(old) if field.old is not None else None,
        "new": _pieces(new) if field.new is not None else None,
        "old_quote": _quote(field.old_quote, field.new_quote, side=0),
        "new_quote": _quote(field.new_quote, field.old_quote, side=1),
        "rule": field.rule,
        "where": field.where,
    }


def _quote(quote: Quote | None, other: Quote | None, *, side: int) -> dict[str, Any] | None:
    """The quote with the words marked that the other one doesn't have."""
    if quote is None:
        return None
    pair = (quote.text, other.text if other else quote.text)
    pieces = mark_words(*(pair if side == 0 else pair[::-1]))[side]
    return {
        "doc_id": quote.doc_id,
        "start": quote.start,
        "end": quote.end,
        "before": quote.before,
        "pieces": _pieces(pieces),
        "after": quote.after,
    }


def _pieces(pieces: Sequence[Piece]) -> list[tuple[str, bool]]:
    return [(piece.text, piece.differs) for piece in pieces]
