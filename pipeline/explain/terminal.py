"""An explanation as lines for the terminal, with colours or with plain markers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from pipeline.explain.model import KINDS, STEP_MEANINGS, Explanation, Field, Mark, Record, Value
from pipeline.explain.segments import segments, visible
from pipeline.model import Document

_COLOURS = {
    "country": "32",
    "date": "36",
    "institution": "33",
    "person": "35",
    "figure": "34",
}
_BOLD, _DIM, _UNDERLINE = "1", "2", "4"
_EMPTY = "·"


class Style:
    """Wraps text in colour codes, or leaves it as it is."""

    def __init__(self, *, colours: bool) -> None:
        self.colours = colours

    def of(self, text: str, *codes: str) -> str:
        """The text in the colours of some codes."""
        return f"\x1b[{';'.join(codes)}m{text}\x1b[0m" if self.colours and text else text


def terminal_lines(explanation: Explanation, *, colours: bool) -> Iterator[str]:
    """The marked text with the records below it; only the records where these were asked for."""
    style = Style(colours=colours)
    if not explanation.focus:
        yield from _head(explanation, style)
        yield ""
        yield from marked_text(explanation.document, explanation.marks, style).split("\n")
    for record in explanation.shown:
        yield ""
        yield from _record(record, explanation.document, style)


def _head(explanation: Explanation, style: Style) -> Iterator[str]:
    document = explanation.document
    yield style.of(visible(document.doc_id), _BOLD)
    told = (
        document.title,
        document.source,
        f"{document.published} ({document.published_from})" if document.published else None,
        document.language,
    )
    yield visible(" · ".join(" ".join(str(one).split()) for one in told if one))
    counts = Counter(mark.kind for mark in explanation.marks)
    legend = (style.of(f"{kind} {counts[kind]}", _COLOURS[kind]) for kind in KINDS)
    yield f"{'  '.join(legend)}  records {len(explanation.records)}"


def marked_text(document: Document, marks: Sequence[Mark], style: Style) -> str:
    """The text with every mention in its colour and its value behind it.

    Without colours a mention is ``[text](kind value)``.
    """
    out = []
    for segment in segments(document, marks):
        text = visible(document.text[segment.start : segment.end])
        opened = [m for m in segment.marks if m.start == segment.start]
        closed = [m for m in reversed(segment.marks) if m.end == segment.end]
        if not style.colours:
            text = "[" * len(opened) + text + "".join(f"]({_label(m)})" for m in closed)
        elif segment.marks:
            inner = segment.marks[-1]
            codes = [_COLOURS[inner.kind], *([_UNDERLINE] if len(segment.marks) > 1 else [])]
            labels = (_value(document, m) for m in closed)
            text = style.of(text, *codes) + "".join(style.of(v, _DIM) for v in labels if v)
        elif segment.boilerplate:
            text = style.of(text, _DIM)
        out.append(text)
    return "".join(out)


def _label(mark: Mark) -> str:
    return visible(" ".join(mark.label.split()))


def _value(document: Document, mark: Mark) -> str:
    """The value where it tells more than the text does."""
    surface = document.text[mark.start : mark.end]
    return "" if surface == mark.value else f"[{visible(' '.join(mark.value.split()))}]"


def _record(record: Record, document: Document, style: Style) -> Iterator[str]:
    yield style.of(f"{record.id}  {visible(record.summary)}", _BOLD)
    yield f"  {visible(document.doc_id)}:{record.start}-{record.end}  {_by(record.rule, record.where)}"
    yield f"  confidence {record.confidence:.2f}"
    yield f"  “{_line(record.text)}”"
    empty = [field.name for field in record.fields if not field.values]
    for field in record.fields:
        if field.values or field.considered:
            yield from _field(field, style)
    if empty:
        yield f"  {style.of('not stated: ' + ', '.join(empty), _DIM)}"


def _field(field: Field, style: Style) -> Iterator[str]:
    if not field.values:
        yield f"  {style.of(field.name, _BOLD)}  {_EMPTY}"
    for value in field.values:
        yield f"  {style.of(field.name, _BOLD)}  {_line(value.value)}"
        yield from (f"      {line}" for line in _value_lines(value, style))
    for one in field.considered:
        told = f"{_line(one.text)} → {_line(one.value)}: {_line(one.reason)}"
        yield f"      {style.of('not taken', _DIM)}  {told}"


def _value_lines(value: Value, style: Style) -> Iterator[str]:
    quote = style.of(_line(value.text), _UNDERLINE) if style.colours else f"»{_line(value.text)}«"
    yield f"{_line(value.before, ends=True)}{quote}{_line(value.after, ends=True)}"
    step = STEP_MEANINGS.get(value.step, "")
    yield f"{value.step} ({step})  {_by(value.rule, value.where)}  confidence {value.confidence:.2f}"
    if value.about:
        yield style.of(_line(value.about), _DIM)
    if value.normalised:
        yield _line(value.normalised)
    if value.detail:
        yield f"detail: {_line(value.detail)}"


def _by(rule: str, where: str) -> str:
    return f"{visible(rule)}  {where}"


def _line(text: str, *, ends: bool = False) -> str:
    """Text on one line; with ``ends`` a space at either end stays."""
    line = " ".join(visible(text).split())
    if ends and line:
        line = (" " if text[:1].isspace() else "") + line + (" " if text[-1:].isspace() else "")
    return line or (" " if ends and text else "")
