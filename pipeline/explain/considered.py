"""What stands beside the evidence of a field and was not taken, and why, as far as it can be told.

The finders don't keep a log of what they turned down. What is listed here is worked out afterwards:
the mentions of the right kind in the sentences that support the record, less those that are values
of it; the reason is what distinguishes each of them from what was taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.explain.model import Considered
from pipeline.records.page import Page
from pipeline.records.report import Report, Support

# Which mentions could be values of a field: the list of the page, and the value of a mention.
_CANDIDATES: dict[str, tuple[str, Callable[[Any], str | None]]] = {
    "date": ("dates", lambda m: str(m.interval)),
    "parties": ("countries", lambda m: m.code),
    "countries": ("countries", lambda m: m.code),
    "host": ("countries", lambda m: m.code),
    "place": ("countries", lambda m: m.place),
    "institutions": ("institutions", lambda m: m.name),
}


@dataclass
class Context:
    """A page with all its reports, and who took which characters."""

    page: Page
    reports: Sequence[tuple[str, Report]]
    _takers: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for ident, report in self.reports:
            for support in report.values:
                if support.field in _CANDIDATES:
                    key = (support.field, str(support.value))
                    self._takers.setdefault(key, []).append(ident)

    def takers(self, fields: Sequence[str], value: str, but: str) -> list[str]:
        """The other records that have a value in one of the fields."""
        found = (taker for name in fields for taker in self._takers.get((name, value), ()))
        return list(dict.fromkeys(taker for taker in found if taker != but))


def considered(context: Context, ident: str, report: Report, name: str) -> Iterator[Considered]:
    """The mentions that could have been a value of a field of a report and are none."""
    taken = {str(v.value).casefold() for v in report.values if v.field == name}
    found: dict[str, tuple[int, int]] = {}
    for start, end, value in _beside(context.page, report, name):
        # Of several places that say the same, one that isn't part of another value tells most.
        known = found.get(value)
        if value.casefold() not in taken and (known is None or _holder(report, name, *known)):
            found[value] = (start, end)
    for value, (start, end) in found.items():
        reason = _reason(context, ident, report, name, (start, end, value))
        yield Considered(start, end, context.page.text[start:end], value, reason)


def _beside(page: Page, report: Report, name: str) -> Iterator[tuple[int, int, str]]:
    """The mentions of the right kind in the sentences that hold the report or one of its values."""
    if name not in _CANDIDATES:
        return
    kind, value_of = _CANDIDATES[name]
    mentions = getattr(page, kind)
    for start, end in _evidence_sentences(page, report):
        for mention in page.within(mentions, start, end):
            value = value_of(mention)
            if value:
                yield mention.start, mention.end, value


def _evidence_sentences(page: Page, report: Report) -> list[tuple[int, int]]:
    """The sentences that hold the report or one of its values."""
    spans = [(report.start, report.end)]
    for support in report.values:
        sentence = page.sentence_at(support.start)
        if sentence:
            spans.append((sentence.start, sentence.end))
    return sorted(set(spans))


def _reason(
    context: Context, ident: str, report: Report, name: str, mention: tuple[int, int, str]
) -> str:
    """Why a mention is no value of a field: the first of these that holds."""
    start, end, value = mention
    fields = (
        ("parties", "countries", "host") if name in {"parties", "countries", "host"} else (name,)
    )
    holder = _holder(report, name, start, end)
    if holder:
        return f"part of the {holder.field} {_short(str(holder.value))!r}"
    takers = context.takers(fields, value, ident)
    if takers:
        return f"taken by {', '.join(takers[:3])}"
    own = [v for v in report.values if v.field == name]
    if own:
        return _against(report, own, start)
    if not (report.start <= start and end <= report.end):
        return "in another sentence than the record's own, and no rule reaches that far"
    return "no rule ties it to this record"


def _holder(report: Report, name: str, start: int, end: int) -> Support | None:
    """A value of another field whose quote has the mention inside it."""
    return next(
        (
            v
            for v in report.values
            if v.field != name
            and v.field not in {"kind", "status", "topics"}
            and v.start <= start
            and end <= v.end
            and (v.start, v.end) != (report.start, report.end)
        ),
        None,
    )


def _against(report: Report, own: Sequence[Support], start: int) -> str:
    """What was taken instead, and which of the two stands nearer to the record's kind."""
    anchor = next((v.start for v in report.values if v.field == "kind"), report.start)
    best = min(own, key=lambda v: abs(v.start - anchor))
    what = f"{_short(str(best.value))!r} ({best.step}) was taken"
    ours, theirs = abs(best.start - anchor), abs(start - anchor)
    if theirs > ours:
        return f"{what}; this stands further from the trigger ({theirs} against {ours} characters)"
    return f"{what} by {best.rule}; no rule ties this one to the record"


def _short(text: Any, width: int = 50) -> str:
    line = " ".join(str(text).split())
    return line if len(line) <= width else line[: width - 1] + "…"
