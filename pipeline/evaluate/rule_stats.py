"""What each rule of the rule book does on some documents, and how often it is right."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from spacy.tokens import Doc

from pipeline.annotate.lookup import Entry
from pipeline.annotate.pipeline import annotate_all, build_pipeline
from pipeline.errors import SettingsError
from pipeline.evaluate import evaluate
from pipeline.evaluate.catalog import RuleEntry, catalog, entry_of
from pipeline.evaluate.confidence import Outcome, outcomes
from pipeline.ingest import find_inputs, read_file
from pipeline.model import Document
from pipeline.records.build import record_builder
from pipeline.rulebook.book import RuleBook, load_rulebook
from pipeline.rulebook.geography import Country, FixedPhrase, Place
from pipeline.rulebook.institutions import Institution


@dataclass
class RuleCount:
    """What a rule did.

    ``mentions``, ``values`` and ``records`` are the rows of the tables that name it; ``guarded``
    counts what a rule that writes no row was matched by (a line of boilerplate, a fixed phrase, an
    ambiguous name); ``lost`` the places where a name of the registry stands but something else
    won (None: not countable for this kind of rule). ``right`` of ``found`` is measured on gold.
    """

    entry: RuleEntry
    mentions: int = 0
    values: int = 0
    records: int = 0
    guarded: int = 0
    lost: int | None = None
    right: int = 0
    found: int = 0
    documents: set[str] = field(default_factory=set)

    @property
    def hits(self) -> int:
        """Everything that it did."""
        return self.mentions + self.values + self.records + self.guarded

    @property
    def precision(self) -> float | None:
        """The measured part that is right, None where gold has nothing of it."""
        return self.right / self.found if self.found else None

    def as_dict(self) -> dict[str, Any]:
        """The counts for JSON."""
        return {
            "rule": self.entry.id,
            "where": self.entry.where,
            "about": self.entry.about or None,
            "countable": self.entry.countable,
            "hits": self.hits,
            "mentions": self.mentions,
            "values": self.values,
            "records": self.records,
            "guarded": self.guarded,
            "documents": len(self.documents),
            "lost": self.lost,
            "right": self.right if self.found else None,
            "found": self.found or None,
            "precision": None if self.precision is None else round(self.precision, 4),
        }


class RuleStats:
    """Counts what the rules of a book do, document by document."""

    def __init__(self, book: RuleBook) -> None:
        self._book = book
        self._catalog = catalog(book)
        self.counts = {key: RuleCount(entry) for key, entry in self._catalog.items()}
        self._names = {(a.alias, a.code): a.id for a in book.geography.ambiguous}
        self.documents = 0

    def add(self, doc: Doc, reports: Iterable[Any]) -> None:
        """Counts one annotated document with its reports."""
        self.documents += 1
        document: Document = doc._.document
        made = _mention_spans(doc)
        for rule, spans in made.items():
            self._hit(rule, document.doc_id).mentions += len(spans)
        for report in reports:
            self._hit(report.rule, document.doc_id).records += 1
            for support in report.values:
                self._hit(support.rule, document.doc_id).values += 1
        self._count_lookups(doc, document.doc_id, made)
        self._count_boilerplate(document)

    def judge(self, outcomes: Iterable[Outcome]) -> None:
        """Adds what gold says of the rules."""
        for outcome in outcomes:
            one = self._of(outcome.rule)
            one.right += outcome.right
            one.found += 1

    def sorted(self) -> list[RuleCount]:
        """The most frequent rules first."""
        return sorted(self.counts.values(), key=lambda c: (-c.hits, -c.found, c.entry.id))

    def as_dict(self) -> dict[str, Any]:
        """All counts for JSON."""
        return {
            "documents": self.documents,
            "rules": [one.as_dict() for one in self.sorted()],
            "stale": sorted(self.stale),
        }

    @property
    def stale(self) -> frozenset[str]:
        """The rules that confidence.csv has counts of and that no longer exist."""
        families = {key.partition("/")[0] for key in self.counts}
        return self._book.confidence.rules - self.counts.keys() - families

    def _of(self, rule: str) -> RuleCount:
        if rule not in self.counts:
            self.counts[rule] = RuleCount(entry_of(self._catalog, rule))
        return self.counts[rule]

    def _hit(self, rule: str, doc_id: str) -> RuleCount:
        one = self._of(rule)
        one.documents.add(doc_id)
        return one

    def _count_lookups(
        self, doc: Doc, doc_id: str, made: Mapping[str, Sequence[tuple[int, int]]]
    ) -> None:
        """Names of the registries that stand in the text: what became of them."""
        covered = {rule: _Cover(spans) for rule, spans in made.items()}
        for hit in doc._.hits:
            for entry in hit.entries:
                if isinstance(entry.item, FixedPhrase):
                    self._hit(entry.item.id, doc_id).guarded += 1
                    continue
                rule = _registry_rule(entry)
                one = self._of(rule)
                cover = covered.get(rule)
                lost = not (cover and cover.holds(hit.start, hit.end))
                one.lost = (one.lost or 0) + lost
                self._count_ambiguous(entry, doc.text[hit.start : hit.end], doc_id)

    def _count_ambiguous(self, entry: Entry, surface: str, doc_id: str) -> None:
        if isinstance(entry.item, Country) and entry.ambiguous:
            code = entry.item.code
            name = self._names.get((surface, code)) or self._names.get((surface.title(), code))
            if name:
                self._hit(f"ambiguous_names/{name}", doc_id).guarded += 1

    def _count_boilerplate(self, document: Document) -> None:
        """The lines that a rule marked; the first rule of that kind which matches is counted."""
        for block in document.blocks:
            text = document.text[block.start : block.end]
            rule = next(
                (
                    r
                    for r in self._book.ingest.boilerplate
                    if r.kind == block.boilerplate
                    and len(text) <= r.max_length
                    and r.pattern.match(text)
                ),
                None,
            )
            if rule:
                self._hit(f"boilerplate/{rule.id}", document.doc_id).guarded += 1


class _Cover:
    """Spans without overlaps: whether one of them holds another span."""

    def __init__(self, spans: Sequence[tuple[int, int]]) -> None:
        self._spans = sorted(spans)

    def holds(self, start: int, end: int) -> bool:
        index = bisect_left(self._spans, (start + 1,)) - 1
        return index >= 0 and self._spans[index][1] >= end


def _mention_spans(doc: Doc) -> dict[str, list[tuple[int, int]]]:
    """The spans of the mentions of each rule."""
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    extensions = doc._
    for kind in ("countries", "dates", "institutions", "people", "figures"):
        for mention in getattr(extensions, kind):
            found[mention.rule].append((mention.start, mention.end))
    return found


def _registry_rule(entry: Entry) -> str:
    item = entry.item
    if isinstance(item, Place):
        return f"places/{item.country}-{item.name}"
    if isinstance(item, Institution):
        return f"institutions/{item.id}"
    return f"countries/{item.code}" if isinstance(item, Country) else item.id


def measure(rules: Path, raws: Sequence[Path], golds: Iterable[Path] = ()) -> RuleStats:
    """What the rules of a folder do on the documents of ``raws``, and how right they are on gold.

    Raises SettingsError for a folder of raw texts that isn't there.
    """
    book = load_rulebook(rules)
    stats = rule_stats(book, read_documents(raws, book))
    for gold in golds:
        stats.judge(outcomes(evaluate(gold, raws, rules)))
    return stats


def rule_stats(book: RuleBook, documents: Iterable[Document]) -> RuleStats:
    """What the rules of a book do on some documents."""
    stats, build = RuleStats(book), record_builder(book)
    for doc in annotate_all(build_pipeline(book), documents):
        stats.add(doc, build(doc))
    return stats


def read_documents(raws: Iterable[Path], book: RuleBook) -> Iterator[Document]:
    """All documents below some folders; what can't be read is left out.

    Raises SettingsError for a folder that isn't there.
    """
    for raw in raws:
        if not raw.is_dir():
            raise SettingsError(
                "there is no such folder of raw texts", where=str(raw), fix="name one with --raw"
            )
        for path in find_inputs(raw):
            if isinstance(path, Path):
                items = read_file(path, raw, book.ingest)
                yield from (item for item in items if isinstance(item, Document))


def stat_lines(stats: RuleStats, *, everything: bool = False) -> Iterator[str]:
    """The rules that did something, then each file with how many of its rules never did.

    ``everything`` lists those, too.
    """
    measured = any(one.found for one in stats.counts.values())
    yield _line("rule", "hits", "docs", "lost", "right" if measured else "", "where")
    for one in stats.sorted():
        if one.hits or one.found or everything:
            yield _line(
                one.entry.id,
                f"{one.hits:,}",
                f"{len(one.documents):,}",
                "·" if one.lost is None else f"{one.lost:,}",
                f"{one.right}/{one.found}" if one.found else ("·" if measured else ""),
                one.entry.where,
            )
    yield f"\nnever fired on these {stats.documents:,} documents:"
    yield from _never_lines(stats)


def _never_lines(stats: RuleStats) -> Iterator[str]:
    total = Counter(one.entry.file for one in stats.counts.values())
    never: dict[str, list[str]] = defaultdict(list)
    for one in stats.counts.values():
        if not one.hits and one.entry.countable:
            never[one.entry.file].append(one.entry.id)
    for file, rules in sorted(never.items()):
        # Where most rules fire, those that don't are worth a look.
        few = len(rules) * 3 < total[file] and not file.endswith(".csv")
        named = f"  {', '.join(sorted(rules))}" if few else ""
        yield f"  {len(rules):>6,} of {total[file]:>6,}  {file}{named}"
    silent = sum(not one.entry.countable for one in stats.counts.values())
    yield f"  {silent:>6,} more only keep others from firing, which leaves no trace to count"
    if stats.stale:
        yield f"\nmeasured in confidence.csv, but not seen here: {', '.join(sorted(stats.stale))}"


def _line(rule: str, *cells: str) -> str:
    hits, docs, lost, right, where = cells
    rule = rule if len(rule) <= 44 else rule[:43] + "…"
    return f"{rule:<44}{hits:>8}{docs:>7}{lost:>7}{right:>10}  {where}".rstrip()
