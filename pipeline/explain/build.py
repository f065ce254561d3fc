"""An annotated document and its reports → an explanation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from pipeline.evaluate.catalog import RuleEntry, catalog, entry_of
from pipeline.explain.considered import Context, considered
from pipeline.explain.model import KINDS, Explanation, Field, Mark, Record, Value
from pipeline.explain.normal import normalisation
from pipeline.model import (
    CountryMention,
    DateMention,
    Document,
    FigureMention,
    InstitutionMention,
    PersonMention,
)
from pipeline.records.page import Page
from pipeline.records.report import Report, Support
from pipeline.rows import Trust
from pipeline.rulebook.book import RuleBook
from pipeline.rulebook.confidence import MENTION_STEP, RECORD_STEP
from pipeline.schema import BY_NAME

# How much of the text around a quote is shown.
_AROUND = 60
_NOT_FIELDS = frozenset(
    {"report_id", "doc_id", "start", "end", "text", "rule", "confidence", "date_start", "date_end"}
    | {"plover_code", "plover_mode", "plover_context"}
)


class Explainer:
    """Explains documents with the rules of one book."""

    def __init__(self, book: RuleBook) -> None:
        self._rules: Mapping[str, RuleEntry] = catalog(book)
        self._trust = Trust(book)
        self._countries = {c.code: c.name for c in book.geography.countries}

    def explain(
        self, page: Page, reports: Sequence[Report], focus: Sequence[str] = ()
    ) -> Explanation:
        """The explanation of a page with its reports; ``focus`` are the record ids asked for."""
        doc_id = page.document.doc_id
        context = Context(page, [(r.report_id(doc_id), r) for r in reports])
        return Explanation(
            document=page.document,
            marks=tuple(sorted(self._marks(page))),
            records=tuple(self._record(context, ident, r) for ident, r in context.reports),
            focus=tuple(focus),
        )

    def _marks(self, page: Page) -> Iterator[Mark]:
        lists: tuple[Sequence[Any], ...] = (
            page.countries,
            page.dates,
            page.institutions,
            page.people,
            page.figures,
        )
        for kind, mentions in zip(KINDS, lists, strict=True):
            for mention in mentions:
                value, note = _DESCRIBED[kind](mention)
                note = self._countries.get(value, "") + note if kind == "country" else note
                yield Mark(
                    start=mention.start,
                    end=mention.end,
                    kind=kind,
                    value=value,
                    note=note.strip(),
                    rule=mention.rule,
                    where=entry_of(self._rules, mention.rule).where,
                    confidence=self._trust.of(mention.rule, MENTION_STEP, mention.confidence),
                )

    def _record(self, context: Context, ident: str, report: Report) -> Record:
        entry = entry_of(self._rules, report.rule)
        return Record(
            id=ident,
            subject=report.subject,
            start=report.start,
            end=report.end,
            text=context.page.text[report.start : report.end],
            rule=report.rule,
            where=entry.where,
            about=entry.about,
            confidence=self._trust.of(report.rule, RECORD_STEP),
            fields=tuple(
                Field(
                    name,
                    tuple(self._value(context.page, v) for v in report.values if v.field == name),
                    tuple(considered(context, ident, report, name)),
                )
                for name in field_names(report)
            ),
        )

    def _value(self, page: Page, support: Support) -> Value:
        entry = entry_of(self._rules, support.rule)
        document: Document = page.document
        start, end = support.start, support.end
        return Value(
            value=str(support.value),
            start=start,
            end=end,
            text=document.text[start:end],
            before=_cut_before(document.text[max(0, start - _AROUND) : start], start > _AROUND),
            after=_cut_after(document.text[end : end + _AROUND], end + _AROUND < len(page.text)),
            rule=support.rule,
            where=entry.where,
            about=entry.about,
            step=support.step,
            confidence=self._trust.of(support.rule, support.step),
            detail=support.detail,
            normalised=normalisation(page, support, lambda rule: entry_of(self._rules, rule).where),
        )


def field_names(report: Report) -> list[str]:
    """The fields of a report's table in their order, then others that it has values of."""
    table = BY_NAME[f"{report.subject}_reports"]
    own = f"{report.subject}_id"
    names = [c.name for c in table.columns if c.name not in _NOT_FIELDS and c.name != own]
    return [*names, *dict.fromkeys(v.field for v in report.values if v.field not in names)]


def _cut_before(text: str, is_cut: bool) -> str:  # noqa: FBT001 - only told so from one place
    """The context up to the quote, beginning with a word and on one line."""
    line = text.rpartition("\n")[2]
    if is_cut and line == text:
        line = "…" + line.partition(" ")[2]
    return line


def _cut_after(text: str, is_cut: bool) -> str:  # noqa: FBT001 - only told so from one place
    line = text.partition("\n")[0]
    if is_cut and line == text:
        line = line.rpartition(" ")[0] + "…"
    return line


def _country(mention: CountryMention) -> tuple[str, str]:
    return mention.code, f" · {mention.via}" + (f" {mention.place}" if mention.place else "")


def _date(mention: DateMention) -> tuple[str, str]:
    notes = [mention.interval.granularity, mention.modifier or ""]
    if mention.resolved_from:
        notes.append(f"completed from {mention.resolved_from}")
    return str(mention.interval), " · ".join(filter(None, notes))


def _institution(mention: InstitutionMention) -> tuple[str, str]:
    known = "known to the rules" if mention.linked else "discovered"
    notes = (mention.acronym, mention.kind, mention.country, mention.institution_id, known)
    return mention.name, " · ".join(filter(None, notes))


def _person(mention: PersonMention) -> tuple[str, str]:
    return mention.name, " · ".join(filter(None, (mention.role, mention.country)))


def _figure(mention: FigureMention) -> tuple[str, str]:
    value = f"{mention.value:,.10g} {mention.unit}"
    return value, " · ".join(filter(None, (mention.what, mention.country, mention.period)))


_DESCRIBED: dict[str, Callable[[Any], tuple[str, str]]] = {
    "country": _country,
    "date": _date,
    "institution": _institution,
    "person": _person,
    "figure": _figure,
}
