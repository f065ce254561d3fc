"""Report rows become items: a report with the features that comparisons look at."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from pipeline.edtf import parse
from pipeline.link.model import NAMES, PARTIES, Features, Item, Row, Span
from pipeline.link.words import LinkWords


class DocFacts(NamedTuple):
    """What linking needs of a document; ``origin`` is the one it repeats, or itself."""

    published: dt.date | None
    origin: str
    copied: bool


class _Named(NamedTuple):
    words: frozenset[str]
    names: frozenset[str]
    proper: bool


class ItemReader:
    """Reads reports of one subject; what titles say is remembered, for many are alike.

    ``states`` maps a report to the finer state of its status, ``docs`` a document to its facts.
    """

    def __init__(
        self,
        words: LinkWords,
        subject: str,
        docs: Mapping[str, DocFacts],
        states: Mapping[str, str],
    ) -> None:
        self._words = words
        self._subject = subject
        self._docs = docs
        self._states = states
        self._titles: dict[tuple[str, tuple[str, ...], tuple[str, ...]], _Named] = {}
        self._dates: dict[str, Span] = {}

    def read(self, rows: Sequence[Row]) -> list[Item]:
        """The items of the rows, in their order.

        Rows of one id say the same in one document: they are one item.
        """
        rows = list({row["report_id"]: row for row in reversed(rows)}.values())[::-1]
        sides = Counter((r["doc_id"], self._side(r)) for r in rows)
        twice: Counter[tuple[str, Features]] = Counter()
        found = []
        for row in rows:
            doc = self._docs.get(row["doc_id"]) or DocFacts(None, row["doc_id"], copied=False)
            features = self._features(row, doc, sole=sides[row["doc_id"], self._side(row)] == 1)
            key = (row["doc_id"], features)
            found.append(
                Item(row["report_id"], row["doc_id"], doc.origin, doc.published, row,
                     features, twice[key])
            )  # fmt: skip
            twice[key] += 1
        return found

    def _side(self, row: Row) -> tuple[str, tuple[str, ...]]:
        return self._family(row), tuple(sorted(row[PARTIES[self._subject]] or ()))

    def _family(self, row: Row) -> str:
        return self._words.families.get((self._subject, row["kind"]), self._subject)

    def _features(self, row: Row, doc: DocFacts, *, sole: bool) -> Features:
        named = self._named(row)
        date = self._date(row["date"])
        stage = self._stage(row)
        dated = date is not None and stage != "planned"
        host, place = row.get("host"), row.get("place")
        return Features(
            subject=self._subject,
            family=self._family(row),
            kind=row["kind"] or "",
            parties=frozenset(row[PARTIES[self._subject]] or ()),
            words=named.words,
            names=named.names,
            bodies=self._bodies(row),
            stage=stage,
            date=date,
            known_by=None if dated else self._known_by(stage, doc.published),
            ordinal=row.get("ordinal"),
            body=self._body(row),
            place=self._place(place),
            host=host,
            topics=frozenset(row.get("topics") or ()) - {"other"},
            origin=doc.origin if doc.copied else None,
            sole=sole,
            worldwide=row["rule"] in self._words.worldwide,
            proper=named.proper,
            own_text=row["rule"] in self._words.rules.own_text,
        )

    def _known_by(self, stage: str, published: dt.date | None) -> dt.date | None:
        """The day that bounds an undated stage.

        For instruments the month is enough (their slack is one), so that what is told of often in a month
        is compared once; nothing of the kind is asked of projects.
        """
        if published is None or self._subject == "project":
            return None
        if self._subject == "meeting":
            return published
        if stage in {"proposed", "approved"}:
            return published.replace(day=1)
        return published.replace(day=monthrange(published.year, published.month)[1])

    def _named(self, row: Row) -> _Named:
        name = row[NAMES[self._subject]] or ""
        institutions = tuple(row["institutions"] or ())
        about = self._about(name, row)
        parties = tuple(row[PARTIES[self._subject]] or ())
        key = (f"{name} {about}", institutions, parties)
        if key not in self._titles:
            words = self._words.content(self._subject, key[0], institutions)
            capital = any(w[:1].isupper() for w in name.split()[1:]) or name[:1].isupper()
            names = self._words.acronyms(name, parties)
            self._titles[key] = _Named(words, names, capital)
        return self._titles[key]

    def _about(self, name: str, row: Row) -> str:
        """What a meeting's body is about stands behind its name; reports keep the name alone."""
        if self._subject != "meeting" or not name:
            return ""
        return self._words.subject_of(name, row["text"] or "")

    def _body(self, row: Row) -> str | None:
        if self._subject != "meeting":
            return None
        return self._words.body(row["name"] or "")

    def _place(self, place: str | None) -> str | None:
        """A city; a country in its place tells nothing apart."""
        low = place.casefold() if place else None
        return None if low in self._words.country_names else low

    def _bodies(self, row: Row) -> frozenset[str]:
        ids: Iterable[str] | None = row.get("institution_ids")
        if ids:
            return frozenset(ids)
        return frozenset(name.casefold() for name in row["institutions"] or ())

    def _stage(self, row: Row) -> str:
        status: str = row["status"] or "cited"
        state = self._states.get(row["report_id"])
        if state is None or self._subject != "agreement" or status != "signed":
            return status
        state, _, day = state.partition("=")
        if day:
            # The text dates the entry into force; another date is that of the signing.
            return "in_force" if row["date"] == day else status
        return self._words.rules.stages.get(state, status)

    def _date(self, edtf: str | None) -> Span | None:
        if not edtf:
            return None
        if edtf not in self._dates:
            interval = parse(edtf)
            self._dates[edtf] = Span(interval.first, interval.last, interval.granularity)
        return self._dates[edtf]
