"""An explanation as one self-contained HTML page: no script, no network, light and dark.

Everything that comes from a document is escaped, and a content security policy forbids the page to
load or run anything, so a hostile text stays text.
"""

from __future__ import annotations

import base64
import hashlib
import html
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline.errors import OutputError
from pipeline.explain.model import (
    KINDS,
    STEP_MEANINGS,
    Considered,
    Explanation,
    Field,
    Mark,
    Record,
    Value,
)
from pipeline.explain.segments import Segment, segments, visible
from pipeline.explain.style import STYLE

EVIDENCE = "evidence"
_PLURALS = {
    "country": "countries",
    "date": "dates",
    "institution": "institutions",
    "person": "people",
    "figure": "figures",
}


def write_page(explanation: Explanation, path: Path) -> None:
    """Writes the page; raises OutputError when the file can't be written."""
    try:
        path.write_text(page_of(explanation), encoding="utf-8")
    except OSError as error:
        raise OutputError(
            f"can't be written ({error.strerror})", where=str(path), fix="name another file"
        ) from error


def page_of(explanation: Explanation) -> str:
    """The page as text."""
    return "\n".join(_page(explanation)) + "\n"


def _page(explanation: Explanation) -> Iterator[str]:
    document = explanation.document
    title = document.title or document.doc_id
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    language = _safe(document.language or "en")
    yield "<!doctype html>"
    yield '<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="referrer" content="no-referrer">'
    yield '<meta name="color-scheme" content="light dark">'
    yield f"<title>{_safe(title)} · pactline explain</title>"
    yield f"<style>{STYLE}</style>\n</head>\n<body>"
    yield from _header(explanation)
    yield '<div class="columns">'
    yield f'<main lang="{language}"><pre class="text">{_marked(explanation)}</pre></main>'
    yield '<section class="records" aria-label="Records">'
    yield from _records(explanation)
    yield "</section>\n</div>\n</body>\n</html>"


def _header(explanation: Explanation) -> Iterator[str]:
    document = explanation.document
    told = {
        "document": document.doc_id,
        "source": document.source,
        "published": f"{document.published} ({document.published_from})"
        if document.published
        else None,
        "language": document.language,
        "address": document.url,
    }
    yield f"<header>\n<h1>{_line(document.title or document.doc_id)}</h1>\n<dl>"
    for name, value in told.items():
        if value:
            yield f"<div><dt>{name}</dt><dd>{_line(value)}</dd></div>"
    yield "</dl>"
    yield '<fieldset><legend class="aside">Show</legend>'
    counts = Counter(mark.kind for mark in explanation.marks)
    for kind in KINDS:
        yield (
            f'<label class="key"><input type="checkbox" id="show-{kind}" checked>'
            f'<span class="m {kind}">{_PLURALS[kind]}</span> {counts[kind]:,}</label>'
        )
    yield "</fieldset>\n</header>"


def _marked(explanation: Explanation) -> str:
    """The text with its mentions, and the evidence of the records shown underlined."""
    evidence = _evidence(explanation.shown)
    marks = [*explanation.marks, *evidence]
    targets = {mark.start for mark in evidence}
    text = explanation.document.text
    return "".join(
        _segment(segment, visible(text[segment.start : segment.end]), targets)
        for segment in segments(explanation.document, marks)
    )


def _evidence(records: Sequence[Record]) -> list[Mark]:
    """One mark a quoted span, naming the fields that it supports."""
    told: dict[tuple[int, int], list[str]] = {}
    for record in records:
        told.setdefault((record.start, record.end), [])
        for field in record.fields:
            for value in field.values:
                names = told.setdefault((value.start, value.end), [])
                names.append(f"{record.subject}: {field.name} {value.value}")
    return [
        Mark(start, end, EVIDENCE, "; ".join(dict.fromkeys(names)), "", "", "", 0.0)
        for (start, end), names in sorted(told.items())
        if end > start
    ]


def _segment(segment: Segment, text: str, targets: set[int]) -> str:
    escaped = html.escape(text)
    mentions = [mark for mark in segment.marks if mark.kind != EVIDENCE]
    quoted = [mark for mark in segment.marks if mark.kind == EVIDENCE]
    anchor = f' id="at-{segment.start}"' if segment.start in targets else ""
    classes = []
    if mentions:
        # The innermost mention gives the colour, an outer one of another kind the frame.
        classes += ["m", mentions[-1].kind]
        outer = [m.kind for m in mentions[:-1] if m.kind != mentions[-1].kind]
        classes += [f"in-{outer[0]}"] if outer else []
    if any(mark.value for mark in quoted):
        classes.append("ev")
    if segment.boilerplate:
        classes.append("boilerplate")
    if not classes and not anchor:
        return escaped
    notes = [_told(mark) for mark in mentions]
    notes += [f"supports {mark.value}" for mark in quoted if mark.value]
    notes += [f"boilerplate: {segment.boilerplate}"] if segment.boilerplate else []
    title = f' title="{_safe(chr(10).join(notes))}"' if notes else ""
    return f'<span{anchor} class="{" ".join(classes)}"{title}>{escaped}</span>'


def _told(mark: Mark) -> str:
    parts = (
        mark.label,
        mark.note,
        f"{mark.rule} {mark.where}",
        f"confidence {mark.confidence:.2f}",
    )
    return " · ".join(part for part in parts if part)


def _records(explanation: Explanation) -> Iterator[str]:
    if not explanation.shown:
        yield '<p class="aside">No records were found in this document.</p>'
    for record in explanation.shown:
        opened = " open" if explanation.focus or len(explanation.shown) == 1 else ""
        yield f'<details class="record"{opened}>'
        yield f'<summary><span class="subject">{_safe(record.subject)}</span> {_title(record)}'
        yield f'<span class="aside id">{_safe(record.id)}</span></summary>'
        yield f'<p class="quote"><a href="#at-{record.start}">“{_line(record.text)}”</a></p>'
        yield _maker(record.rule, record.where, record.about, f"confidence {record.confidence:.2f}")
        yield "<table><tbody>"
        for field in record.fields:
            yield from _field_rows(field)
        yield "</tbody></table>\n</details>"


def _title(record: Record) -> str:
    told = {field.name: field.values for field in record.fields}
    named = next((told[n][0].value for n in ("title", "name", "kind") if told.get(n)), "")
    return f"<b>{_line(named)}</b>"


def _field_rows(field: Field) -> Iterator[str]:
    name = f'<th scope="row">{_safe(field.name)}</th>'
    if not field.values:
        body = '<span class="aside">not stated</span>'
        yield f"<tr>{name}<td>{body}{''.join(map(_considered, field.considered))}</td></tr>"
        return
    values = "".join(_value(value) for value in field.values)
    yield f"<tr>{name}<td>{values}{''.join(map(_considered, field.considered))}</td></tr>"


def _value(value: Value) -> str:
    before, after = _line(value.before, ends=True), _line(value.after, ends=True)
    linked = f'<a href="#at-{value.start}">{_line(value.text)}</a>'
    step = f"{value.step}: {STEP_MEANINGS.get(value.step, '')}"
    confidence = f"confidence {value.confidence:.2f}"
    notes = [value.normalised, f"detail: {value.detail}" if value.detail else None]
    return "".join(
        [
            f'<div class="value"><b>{_line(value.value)}</b>',
            f'<p class="quote">{before}{linked}{after}</p>',
            _maker(value.rule, value.where, value.about, step, confidence),
            *(f'<p class="aside">{_line(note)}</p>' for note in notes if note),
            "</div>",
        ]
    )


def _considered(one: Considered) -> str:
    return (
        f'<p class="not-taken">not taken: “{_line(one.text)}” → {_line(one.value)}'
        f'<span class="aside"> {_line(one.reason)}</span></p>'
    )


def _maker(rule: str, where: str, about: str, *notes: str) -> str:
    title = f' title="{_safe(about)}"' if about else ""
    told = " · ".join(_safe(note) for note in notes)
    return (
        f'<p class="aside"><code{title}>{_safe(rule)}</code> '
        f'<span class="where">{_safe(where)}</span> · {told}</p>'
    )


def _safe(text: str) -> str:
    """Text that is only text, in an element or in a quoted attribute."""
    return html.escape(visible(text), quote=True)


def _line(text: str, *, ends: bool = False) -> str:
    """Safe text on one line; with ``ends`` a space at either end stays."""
    line = _safe(" ".join(text.split()))
    if not ends:
        return line
    before = " " if text[:1].isspace() else ""
    return before + line + (" " if line and text[-1:].isspace() else "")
