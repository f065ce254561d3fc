"""Whatever an analyst does between runs, an incremental run ends as one from scratch."""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from pipeline.extract import load
from pipeline.ingest.find import scan
from pipeline.rulebook.book import load_rulebook
from pipeline.runs import disk
from pipeline.runs.stages import Loaded
from pipeline.runs.untouched import edit_between
from pipeline.runs.versions import INGEST, RECORDS, RULES_OF, read_rules
from tests.conftest import RULES
from tests.runs_help import go, tables

TEXTS = [
    "India and Kenya signed a Memorandum of Understanding on seeds in Nairobi on 5 May 2012.",
    "India and Kenya signed a Memorandum of Understanding on seeds in Nairobi on 6 May 2012.",
    "The second summit of Fiji and Tonga took place in Suva in 2011.",
    "Bharatland and the Isle of Pearls agreed to set up a training centre in Suva.",
    "Peru signed an accord on customs with Chile.\n\nContact the Newsroom desk",
    "The Pearl Board of Tonga and the Ministry of Trade of Peru met in Lima in March 2020.",
    "The Fiji Times said that nothing happened.",
    "",
    '{"id": "a", "text": "Oman and Peru met in Lima."}\n{"id": "b", "text": "Bharatland spoke."}\n',
    '{"id": "b", "text": "Bharatland spoke."}\nbroken\n',
]
NAMES = ["a.txt", "b/c.txt", "b/d.md", "z.jsonl", "b/e.jsonl", "page.html", "odd.xyz"]


def _replace(name: str, old: str, new: str):
    def edit(rules: Path) -> None:
        path = rules / name
        text = path.read_text(encoding="utf-8")
        assert old in text, (name, old)
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return edit


def _append(name: str, line: str):
    def edit(rules: Path) -> None:
        with (rules / name).open("a", encoding="utf-8") as file:
            file.write(line + "\n")

    return edit


EDITS = {
    "as it is": lambda _: None,
    "alias": _replace("countries.csv", "Republic of India|", "Republic of India|Bharatland|"),
    "place": _append("places.csv", "Isle of Pearls,TO,city,,,5"),
    "place gone": _replace("places.csv", "\nNairobi,KE,capital,,,4397073", ""),
    "body": _append("institutions/nonstate.csv", "to-pearl,Pearl Board,,,association,TO,,"),
    "phrase": _append("not_countries.csv", "not_country.times,Fiji Times,A newspaper."),
    "country renamed": _replace("countries.csv", "KE,KEN,Kenya,", "KE,KEN,Kenya Land,Kenya|"),
    "records": _replace("agreements.toml", '"accord"', '"accord", "pledge"'),
    "confidence": _replace(
        "confidence.csv", "agreements/agreement,record,", "agreements/mou,clause,"
    ),
}


@pytest.fixture(scope="module")
def books(tmp_path_factory):
    """Each edit as a rule folder with what is loaded from it."""
    found = {}
    for number, (name, edit) in enumerate(EDITS.items()):
        rules = tmp_path_factory.mktemp("rules") / str(number)
        shutil.copytree(RULES, rules)
        edit(rules)
        found[name] = (rules, load(rules))
    return found


def test_an_incremental_run_ends_as_one_from_scratch(books, monkeypatch):  # noqa: C901 - a machine of small steps
    monkeypatch.setattr(disk, "durable", False)

    class Analyst(RuleBasedStateMachine):
        """Edits files and rules, and runs now and then."""

        @initialize()
        def start(self):
            self.folder = Path(tempfile.mkdtemp())
            self.raw = self.folder / "raw"
            self.raw.mkdir()
            self.book = "as it is"
            self.runs = 0
            for name, text in zip(NAMES, TEXTS[2:], strict=False):
                self.write(name, text)
            self.run(0)

        @rule(name=st.sampled_from(NAMES), text=st.sampled_from(TEXTS))
        def write(self, name, text):
            path = self.raw / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)

        @rule(name=st.sampled_from(NAMES))
        def remove(self, name):
            (self.raw / name).unlink(missing_ok=True)

        @rule(name=st.sampled_from(NAMES), to=st.sampled_from(["moved.txt", "b/moved.md"]))
        def move(self, name, to):
            if (self.raw / name).exists() and (self.raw / to).parent.exists():
                (self.raw / name).rename(self.raw / to)

        @rule(name=st.sampled_from(NAMES), title=st.sampled_from(["One", "Two"]))
        def describe(self, name, title):
            if (self.raw / name).exists():
                (self.raw / f"{name}.meta.json").write_text(f'{{"title": "{title}"}}')

        @rule(book=st.sampled_from(sorted(EDITS)))
        def edit_rules(self, book):
            self.book = book
            self.run(0)

        @rule(jobs=st.sampled_from([0, 0, 0, 2]))
        def run(self, jobs):
            rules, loaded = books[self.book]
            go(loaded, self.raw, self.folder / "out", jobs, rules=rules)
            self.runs += 1
            fresh = self.folder / f"fresh{self.runs}"
            go(loaded, self.raw, fresh, rules=rules)
            assert tables(self.folder / "out") == tables(fresh)
            shutil.rmtree(fresh)

        @invariant()
        def published_is_complete(self):
            if (self.folder / "out").exists():
                assert (self.folder / "out" / "tables" / "documents.parquet").exists()

        def teardown(self):
            if hasattr(self, "folder"):
                self.run(jobs=0)
                shutil.rmtree(self.folder)

    state = Analyst.TestCase
    state.settings = settings(
        max_examples=10,
        stateful_step_count=12,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    state().runTest()


# -- what the plan may leave out


def test_every_rule_file_belongs_to_a_stage():
    files = {file.name for file in load_rulebook(RULES).files}
    assert files == set(read_rules(RULES).data)


class _Spy:
    """Notes which parts of a rule book are asked for."""

    def __init__(self, target, seen):
        self._target = target
        self._seen = seen

    def __getattr__(self, name):
        self._seen.add(name)
        return getattr(self._target, name)


PARTS = {
    "boilerplate.toml": "ingest",
    "names.csv": "people",
    "publishers.toml": "ingest",
    "countries.csv": "geography",
    "places.csv": "geography",
    "not_countries.csv": "geography",
    "ambiguous_names.toml": "geography",
    "places.toml": "geography",
    "institutions/*.csv": "institutions",
    "institutions.toml": "institutions",
}


def parts_of(stage):
    return {PARTS.get(u.pattern, u.pattern.rpartition(".")[0]) for u in RULES_OF[stage]}


def test_stages_read_only_the_rules_that_are_declared(book, read):
    from pipeline.records.build import page_builder
    from pipeline.runs.source import Source
    from pipeline.runs.stages import ingest

    seen: set[str] = set()
    page_builder(_Spy(book, seen))
    assert seen <= parts_of(RECORDS)
    seen.clear()
    source = Source(b"India and Kenya met.", None, (0, 0, 0), None, settled=True)
    assert list(ingest("a.txt", source, _Spy(book, seen)))
    assert seen == parts_of(INGEST)


def test_stages_in_bytes_find_what_the_pipeline_finds(book, nlp):
    """What goes through the cache on its way is the same as what doesn't."""
    from pipeline.annotate.pipeline import annotate
    from pipeline.evaluate.rule_stats import read_documents
    from pipeline.records.build import record_builder
    from pipeline.runs import stages

    build = record_builder(book)
    same = Loaded(RULES)
    for document in read_documents([RULES.parent / "raw"], book):
        kept = stages.annotate(same, document)
        found = stages.find_reports(same, document, stages.read_annotation(kept))
        assert stages.read_reports(found) == build(annotate(nlp, document))


def test_annotators_read_only_the_rules_that_are_declared(book):
    from pipeline.annotate import base, pipeline
    from pipeline.runs.versions import ANNOTATE

    seen: set[str] = set()
    pipeline.build_pipeline(_Spy(book, seen))
    assert seen <= parts_of(ANNOTATE)
    assert base


def test_records_read_only_codes_and_names_of_countries(book, read):
    """The declared columns: everything else of a country may change without new reports."""
    import msgspec

    from pipeline.records.build import page_builder
    from pipeline.records.page import Page

    bare = tuple(
        msgspec.structs.replace(c, names=(), demonyms=(), ambiguous=frozenset(), iso3="", line=0)
        for c in book.geography.countries
    )
    import dataclasses

    geography = msgspec.structs.replace(book.geography, countries=bare)
    other = page_builder(dataclasses.replace(book, geography=geography))
    own = page_builder(book)
    for text in TEXTS:
        if text and not text.startswith("{"):
            page = Page.of(read(text))
            assert other(page) == own(Page.of(read(text)))


_ALPHABET = st.sampled_from(["Ab", "Cd", "Ef Gh", "Ij's", "K and L", "Mn", "of", "Ōp"])


@given(
    st.lists(st.tuples(_ALPHABET, st.lists(_ALPHABET, max_size=3), st.booleans()), max_size=5),
    st.lists(st.tuples(_ALPHABET, st.lists(_ALPHABET, max_size=3), st.booleans()), max_size=5),
    st.lists(_ALPHABET, max_size=8).map(" ".join),
)
@settings(max_examples=300, deadline=None)
def test_a_text_that_an_edit_may_not_touch_has_the_same_hits(before, after, text):
    """The proof, tried: hits and their rows are the same unless the edit says that they may not be."""
    from pipeline.annotate.lookup import Entry, PhraseTable, spelling_variants

    def table(rows):
        entries = []
        for name, aliases, ambiguous in rows:
            item = (name, ambiguous)  # what annotators read of a row
            for phrase in dict.fromkeys((name, *aliases)):
                entry = Entry("place", item, ambiguous)  # type: ignore[arg-type]
                entries += [(v, entry) for v in sorted(spelling_variants(phrase))]
        return PhraseTable(entries)

    def file(rows):
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(["name", "country", "kind", "aliases", "ambiguous", "rank"])
        for name, aliases, ambiguous in rows:
            writer.writerow([name, "XX", "city", "|".join(aliases), "yes" if ambiguous else "", ""])
        return {"places.csv": out.getvalue().encode()}

    edit = edit_between(file(before), file(after))
    if edit is None or edit.may_touch(text):
        return
    hits = [[(h.start, h.end, h.entries) for h in table(r).find(text)] for r in (before, after)]
    assert hits[0] == hits[1]


# -- what the walk finds


def test_the_walk_is_in_the_order_of_ids(tmp_path):
    for name in ("b.txt", "a/z.txt", "a.txt", "a-b/c.txt", "é.txt", "Z.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    ids = [found.doc_id for found in scan(tmp_path)]
    assert ids == sorted(ids)


def test_a_stale_load_is_noticed(tmp_path, books, monkeypatch):
    """Rules that were saved after they were loaded are loaded again."""
    monkeypatch.setattr(disk, "durable", False)
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.txt").write_text("Bharatland and Peru signed an agreement.")
    old = books["as it is"][1]
    new = books["alias"]
    go(old, tmp_path / "raw", tmp_path / "one", rules=new[0])
    go(Loaded(new[0]), tmp_path / "raw", tmp_path / "two", rules=new[0])
    assert tables(tmp_path / "one") == tables(tmp_path / "two")
