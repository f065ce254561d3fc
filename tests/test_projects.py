"""Projects: which are found, how far they got, where they stand, who carries them out, and what is none."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.annotate.pipeline import annotate
from pipeline.errors import RuleError
from pipeline.model import Block, Document
from pipeline.records.page import Page
from pipeline.records.projects import ProjectFinder
from pipeline.rulebook.examples import as_example, parse_markup
from pipeline.rulebook.projects import load_projects
from pipeline.schema import MARKUP_ATTRIBUTES, PROJECT_KINDS, PROJECT_STATUSES, STEPS

LISTS = {"countries", "institutions"}


@pytest.fixture(scope="session")
def finder(book):
    return ProjectFinder(book)


@pytest.fixture
def find(read, finder):
    """The projects of a text as dictionaries."""

    def _find(text, **context):
        page = Page.of(read(text, **context))
        return [as_row(report) for report in finder.find(page)]

    return _find


def as_row(report):
    fields = ("kind", "name", "host", "status", "date", "countries", "institutions")
    return {f: report.all(f) if f in LISTS else report.first(f) for f in fields}


# text, what its one project must say
ONE = [
    # -- verbs and their helpers
    ("India set up a Centre for Maps in Suva, Fiji, in May 2009.", {"kind": "centre", "host": "FJ", "status": "operational", "date": "2009-05"}),
    ("A Centre for Maps was set up in Suva, Fiji, with Indian help in May 2009.", {"kind": "centre", "host": "FJ", "status": "operational", "date": "2009-05"}),
    ("A Centre for Maps is being set up in Suva, Fiji, with Indian help.", {"status": "ongoing", "host": "FJ"}),
    ("A Centre for Maps will be set up in Suva, Fiji, with Indian help.", {"status": "agreed", "host": "FJ"}),
    ("A Centre for Maps is to be set up in Suva, Fiji, with Indian help.", {"status": "agreed", "host": "FJ"}),
    ("India will open a Centre for Maps in Suva, Fiji.", {"status": "agreed", "date": None}),
    ("India has opened a Centre for Maps in Suva, Fiji.", {"status": "operational"}),
    ("India plans to open a Centre for Maps in Suva, Fiji.", {"status": "agreed"}),
    ("India and Fiji agreed to open a Centre for Maps in Suva.", {"status": "agreed", "host": "FJ"}),
    ("India and Fiji decided to design and build a Centre for Maps in Suva.", {"status": "agreed", "host": "FJ"}),
    ("India and Fiji committed to opening a Centre for Maps in Suva.", {"status": "agreed", "host": "FJ"}),
    ("India and Fiji announced plans to launch a Centre for Maps in Suva.", {"status": "agreed"}),
    ("India and Fiji welcomed the launch of a Centre for Maps in Suva.", {"status": "operational", "host": "FJ"}),
    ("It was proposed to open a Centre for Maps in Suva, Fiji, with Indian help.", {"status": "proposed"}),
    ("Fiji requested Indian assistance for a technology park in Suva.", {"kind": "facility", "status": "proposed", "host": "FJ"}),
    ("Norway said that it would finance vocational training for 40 teachers from Kenya.", {"kind": "training", "status": "agreed", "host": "KE"}),
    ("India and Fiji signed an agreement to build a solar park in Suva.", {"kind": "facility", "status": "agreed", "host": "FJ"}),
    ("India and Fiji signed an MoU in May 2012 for the setting up of a Centre for Maps in Suva.", {"status": "agreed", "date": "2012-05"}),
    ("Norway and Kenya concurred on establishing a Fisheries Data Committee.", {"kind": "body", "status": "agreed", "host": None}),
    ("Norway and Kenya established a Joint Reef Committee in 2011.", {"kind": "body", "status": "operational", "date": "2011"}),
    # -- states without a verb
    ("The Indian Map Centre in Suva, Fiji, is operational since September 2011.", {"status": "operational", "date": "2011-09"}),
    ("A joint R&D project on tides between Kenya and Norway is ongoing.", {"kind": "research", "status": "ongoing", "host": None}),
    ("A training programme for 30 teachers from Fiji is under way in Oslo, Norway.", {"kind": "training", "status": "ongoing", "host": "FJ"}),
    ("The proposed Kenya-Norway Reef Data Centre was discussed.", {"status": "proposed", "countries": ["KE", "NO"]}),
    ("A pilot of the Norwegian wallet in Kenya will follow in May 2030.", {"kind": "pilot", "status": "agreed", "host": "KE", "date": None}),
    ("Work on the Kenya-Norway Harbour Portal, begun in 2018, is ongoing.", {"kind": "software", "status": "ongoing", "date": "2018"}),
    # -- kinds
    ("A National Data Centre at Suva, Fiji, was commissioned by India in 2006.", {"kind": "data_centre", "host": "FJ", "date": "2006"}),
    ("Norway and Kenya agreed on a laboratory for corals in Mombasa.", {"kind": "facility", "host": "KE", "status": "agreed"}),
    ("NIC of India designed and developed the national portal for Fiji.", {"kind": "software", "status": "completed", "host": "FJ"}),
    ("The fibre link between Fiji and Tonga was put into operation in 2019.", {"kind": "network", "status": "operational", "host": None}),
    ("NIC of India carried out an assessment survey for the Government of Fiji.", {"kind": "study", "status": "completed", "host": "FJ"}),
    ("A feasibility study for a harbour in Fiji was completed by Norway in 2017.", {"kind": "study", "status": "completed", "date": "2017"}),
    ("A harbour management system made in Norway will be piloted in Kenya.", {"kind": "pilot", "host": "KE", "status": "agreed"}),
    ("Norway and Kenya signed an agreement to link their payment systems.", {"kind": "software", "status": "agreed"}),
    ("Norway and Kenya plan to establish a new Green Harbours Program.", {"kind": "other", "name": "Green Harbours Program"}),
    ("Norway and Kenya plan to collaborate on a joint challenge.", {"kind": "research", "status": "agreed"}),
    ("Ten teachers from Fiji were trained in Oslo, Norway, in 2018.", {"kind": "training", "name": None, "host": "FJ", "status": "completed", "date": "2018"}),
    ("Norway will train 300 Kenyan teachers.", {"kind": "training", "host": "KE", "status": "agreed"}),
    ("Norway and Kenya cooperate through the Harbour Officers Exchange Program.", {"kind": "training", "status": "ongoing"}),
    # -- names
    ("India opened the High Performance Computing (HPC) Centre in Suva, Fiji.", {"name": "High Performance Computing (HPC) Centre", "kind": "facility"}),
    ("Norway and Kenya launched the Kenya-Norway Women in Shipping Partnership Program.", {"name": "Kenya-Norway Women in Shipping Partnership Program"}),
    ("A joint R&D project of Kenya and Norway namely “Voices of the tide” is ongoing.", {"name": "Voices of the tide"}),
    ("India opened a Centre of Excellence in Marine IT in Suva, Fiji.", {"name": "Centre of Excellence in Marine IT"}),
    ("Kenya and Norway will start a training and capacity building programme for Kenyan officers.", {"name": "training and capacity building programme for Kenyan officers"}),
    # -- institutions
    ("C-DAC of India opened a Centre for Maps at Suva, Fiji.", {"institutions": ["C-DAC"]}),
    ("A Centre for Maps was opened at Suva, Fiji, by C-DAC of India.", {"institutions": ["C-DAC"]}),
    # -- hosts
    ("They noted progress in Kenya’s building of a national cyber centre with Norwegian support.", {"host": "KE", "status": "ongoing"}),
    ("Norway and Kenya agreed on the development of Mombasa as an energy hub.", {"kind": "facility", "host": "KE", "status": "agreed"}),
    # -- several sentences, one project
    ("An India-Fiji Centre for Maps was set up in Suva. The project was executed by C-DAC. The Centre is operational since June 2011.", {"status": "operational", "date": "2011-06", "institutions": ["C-DAC"], "host": "FJ"}),
    ("India will open the India-Fiji Map Centre in Suva.\nIn 2011 India opened the India-Fiji Map Centre in Suva.", {"status": "operational", "date": "2011"}),
    ("Kenya and Norway agreed to set up a Joint Tide Council (JTC).\nThe JTC was established by Kenya and Norway in 2014.", {"status": "operational", "date": "2014"}),
    # -- the date of what was agreed
    ("The working group of Kenya and Norway met in May 2012. It was agreed to set up a Reef Data Centre in Mombasa, Kenya.", {"status": "agreed", "date": "2012-05"}),
    ("Under a bilateral agreement signed in June 2009, India and Fiji will open a Map Centre in Suva.", {"status": "agreed", "date": None}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), ONE)
def test_one_project(find, text, wanted):
    found = find(text)
    assert len(found) == 1
    assert {key: found[0][key] for key in wanted} == wanted


NONE = [
    # one country
    "Fiji opened a Centre for Maps in Suva.",
    "The Government of Kenya approved the National Harbour Program.",
    "Norway launched a portal for taxes. Sweden was not mentioned again.",
    # wishes
    "India and Fiji will explore the possibility of setting up a centre in Suva.",
    "India and Fiji hope to open a Centre for Maps in Suva.",
    "India and Fiji may open a Centre for Maps in Suva.",
    "India and Fiji could not open the Map Centre in Suva.",
    "A Map Centre of India and Fiji has not been set up.",
    "India and Fiji will share best practices on portals.",
    "India and Fiji encourage joint research projects.",
    # things that are named, not built
    "A delegation from Norway visited the Reef Laboratory in Kenya.",
    "The director of the Map Centre in Kenya welcomed guests from India.",
    "India and Fiji have centres of excellence.",
    "India and Fiji operate training programmes.",
    "The meeting provided a platform for India and Fiji to exchange views.",
    "India and Fiji launched a key regional hub for ideas.",
    # classes, compounds, metaphors
    "India and Fiji established database standards.",
    "India and Fiji agreed on the need for laboratories.",
    "Teachers are trained well in Norway and Fiji.",
    # the body that meets
    "The Joint Reef Committee of Kenya and Norway met in May 2011.",
    "",
]


@pytest.mark.parametrize("text", NONE)
def test_no_project(find, text):
    assert find(text) == []


SEVERAL = [
    (
        "Kenya and Norway agreed to carry out projects such as e-invoicing for small traders; a park for boats; and mapping of reefs.",
        ["e-invoicing for small traders", "a park for boats", "mapping of reefs"],
    ),
    (
        "Norway will fund new programs for Kenyan farmers, as well as English language programs.",
        ["programs for Kenyan farmers", "English language programs"],
    ),
    (
        "Norway opened a laboratory for corals in Mombasa, Kenya, and carried out a feasibility study for a cable.",
        ["laboratory for corals", "feasibility study for a cable"],
    ),
]


@pytest.mark.parametrize(("text", "names"), SEVERAL)
def test_several_projects(find, text, names):
    assert [row["name"] for row in find(text)] == names


def _listed(nlp, finder, lines, **context):
    """The projects of lines of (kind, depth, text), one blank line before each paragraph."""
    blocks, parts, position, group = [], [], 0, 0
    for kind, depth, text in lines:
        group += kind != "bullet"
        blocks.append(Block(kind, position, position + len(text), depth, group))
        parts.append(text)
        position += len(text) + 1
    document = Document("d", "text", "\n".join(parts), tuple(blocks), "", **context)
    return [as_row(r) for r in finder.find(Page.of(annotate(nlp, document)))]


def test_bullets_below_following_projects(nlp, finder):
    found = _listed(
        nlp,
        finder,
        [
            ("heading", 1, "Kenya and Norway hold talks"),
            ("paragraph", 0, "Kenya and Norway decided to work on the following joint projects:"),
            ("bullet", 0, "Harbours"),
            ("bullet", 1, "Quiet Ferry Engine project"),
            ("bullet", 0, "Reefs"),
            ("bullet", 1, "Coral Data Sharing Platform project"),
        ],
    )
    assert [(r["kind"], r["name"], r["status"]) for r in found] == [
        ("research", "Quiet Ferry Engine", "agreed"),
        ("software", "Coral Data Sharing Platform", "agreed"),
    ]
    assert all(r["countries"] == ["KE", "NO"] for r in found)


def test_bullets_without_country_take_it_from_their_group(nlp, finder):
    found = _listed(
        nlp,
        finder,
        [
            ("paragraph", 0, "The Department works with many countries."),
            ("bullet", 0, "An MoU with Fiji was signed in 2008."),
            ("bullet", 0, "An assessment study was carried out in February 2009."),
            ("paragraph", 0, "More follows."),
            ("bullet", 0, "An MoU with Kenya was signed in 2010."),
            ("paragraph", 0, "India publishes this page. India thanks its partners in Peru."),
        ],
        source_country="IN",
    )
    assert [(r["kind"], r["host"], r["countries"], r["date"]) for r in found] == [
        ("study", "FJ", ["FJ", "IN"], "2009-02")
    ]


def test_a_bullet_takes_the_date_of_its_lead_in(nlp, finder):
    found = _listed(
        nlp,
        finder,
        [
            ("paragraph", 0, "Kenya and Norway met on 12 June 2012, when it was agreed:"),
            (
                "bullet",
                0,
                "A Reef Data Centre will be built at Mombasa in Kenya with Norwegian help.",
            ),
        ],
    )
    assert [(r["host"], r["date"]) for r in found] == [("KE", "2012-06-12")]


def test_a_name_below_what_was_agreed(nlp, finder):
    found = _listed(
        nlp,
        finder,
        [
            ("paragraph", 0, "Kenya and Norway signed an MoU. Under the MoU they agreed on:"),
            ("bullet", 0, "New research between Kenya's coast guard and Norway's navy"),
        ],
    )
    assert [(r["kind"], r["status"]) for r in found] == [("research", "agreed")]


def test_rows_of_a_table(nlp, finder):
    found = _listed(
        nlp,
        finder,
        [
            (
                "paragraph",
                0,
                "Projects of India are given below. India pays for them. India reports yearly.",
            ),
            ("table_row", 0, "Country | Project | Status"),
            ("table_row", 0, "Fiji | Centre for Map Training | completed in 2014"),
            ("table_row", 0, "Tonga | Map Laboratory | proposed"),
        ],
        source_country="IN",
    )
    assert [(r["host"], r["kind"], r["status"]) for r in found] == [
        ("FJ", "centre", "completed"),
        ("TO", "facility", "proposed"),
    ]


def test_headings_make_no_projects(nlp, finder):
    lines = [("heading", 1, "India opens Map Centre in Fiji"), ("paragraph", 0, "It rained.")]
    assert _listed(nlp, finder, lines) == []


def test_every_value_has_its_characters(read, finder):
    text = "An India-Fiji Centre for Maps was set up in Suva by C-DAC in May 2009."
    page = Page.of(read(text))
    (report,) = finder.find(page)
    quoted = {v.field: page.text[v.start : v.end] for v in report.values}
    assert quoted["kind"] == "Centre"
    assert quoted["name"] == "India-Fiji Centre for Maps"
    assert quoted["host"] == "Suva"
    assert quoted["status"] == "was set up"
    assert quoted["date"] == "May 2009"
    status = next(v for v in report.values if v.field == "status")
    assert status.rule == "projects/set-up"
    assert status.detail == "subject: was set up"


ITEMS = ["head", "verb", "governor", "state"]


@pytest.mark.parametrize("key", ITEMS)
def test_examples_of_the_rules(book, find, key):
    for rule in getattr(book.projects, key):
        for example in map(as_example, rule.examples):
            text, marks = parse_markup(example.text, MARKUP_ATTRIBUTES, rule.id)
            (mark,) = marks
            found = [{k: _flat(row[k]) for k, _ in mark.attributes} for row in find(text)]
            assert dict(mark.attributes) in found, (rule.id, text)
        for example in map(as_example, rule.counter_examples):
            text, marks = parse_markup(example.text, MARKUP_ATTRIBUTES, rule.id)
            found = find(text)
            assert len(found) == len(marks), (rule.id, text)
            for row, mark in zip(found, marks, strict=True):
                assert {k: _flat(row[k]) for k, _ in mark.attributes} == dict(mark.attributes)


def _flat(value):
    return " ".join(value) if isinstance(value, list) else value


def test_every_rule_has_an_example(book):
    assert [r.id for r in book.projects.items if not (r.examples or r.counter_examples)] == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('kind = "network"', 'kind = "web"', "unknown kind"),
        ('done = "completed"', 'done = "over"', "unknown status"),
        ('status = "agreed"', 'status = "perhaps"', "unknown status"),
        ('id = "projects/network"', 'id = "projects/centre"', "used twice"),
        ('id = "projects/decided"', 'id = "projects/resolved"', "is missing"),
        ('nouns = ["cable"', 'nouns = ["Cable"', "lower case"),
    ],
)
def test_wrong_rules_are_told_with_their_line(rules_copy, old, new, message):
    path = rules_copy / "projects.toml"
    text = path.read_text(encoding="utf-8")
    if old not in text:
        old, new = old.replace("nouns = [", "  "), new.replace("nouns = [", "  ")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RuleError, match=message) as raised:
        load_projects(rules_copy)
    assert "projects.toml:" in str(raised.value)


WORDS = st.sampled_from(
    [
        "India",
        "Fiji",
        "Kenya",
        "Norway",
        "Suva",
        "the",
        "a",
        "of",
        "and",
        "in",
        "to",
        "was",
        "will",
        "be",
        "set",
        "up",
        "agreed",
        "opened",
        "launch",
        "centre",
        "Centre",
        "portal",
        "training",
        "programme",
        "projects",
        "such",
        "as",
        ",",
        ".",
        ";",
        ":",
        "(",
        ")",
        "“",
        "”",
        "MoU",
        "on",
        "for",
        "teachers",
        "trained",
        "2011",
        "May",
        "it",
        "which",
        "is",
        "ongoing",
        "operational",
        "joint",
        "research",
        "(TCTP)",
        "TCTP",
    ]
)


@settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.one_of(st.lists(WORDS, max_size=60).map(" ".join), st.text(max_size=200)))
def test_any_text(nlp, finder, text):
    from pipeline.evaluate.examples import example_document

    page = Page.of(annotate(nlp, example_document(text)))
    reports = finder.find(page)
    assert reports == finder.find(page)
    for report in reports:
        assert 0 <= report.start < report.end <= len(text)
        assert report.first("kind") in PROJECT_KINDS
        assert report.first("status") in PROJECT_STATUSES
        assert len(report.all("countries")) > 1
        for value in report.values:
            assert 0 <= value.start < value.end <= len(text)
            assert value.step in STEPS
            if value.field == "name":
                assert text[value.start : value.end] == value.value


HOSTILE = [
    "India Fiji " + "set up a centre and " * 8000,
    "India Fiji " + "the centre of " * 8000,
    "India Fiji " + "projects such as a, " * 8000,
    "India and Fiji opened a portal.\n" * 4000,
    "India Fiji " + "an agreement on a cable and " * 6000,
    "India Fiji " + "centre" * 20000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_texts_take_linear_time(nlp, finder, text):
    import time

    from pipeline.evaluate.examples import example_document

    pages = [
        Page.of(annotate(nlp, example_document(part))) for part in (text[: len(text) // 2], text)
    ]
    seconds = []
    for page in pages:
        start = time.process_time()
        finder.find(page)
        seconds.append(time.process_time() - start)
    assert seconds[1] < 4 * seconds[0] + 0.5
