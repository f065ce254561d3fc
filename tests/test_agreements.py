"""Agreements: kinds, sides, status, date, place, groups, lists, merging, and what is none."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.annotate.pipeline import annotate
from pipeline.evaluate.examples import example_document
from pipeline.model import Block, Document
from pipeline.records.agreements import AgreementFinder
from pipeline.records.page import Page
from pipeline.schema import AGREEMENT_KINDS, AGREEMENT_STATUSES, STEPS

# document, then of each record: kind, parties, status, date
KINDS = [
    ("Kenya and Fiji inked a pact on reefs.", "agreement"),
    ("Kenya and Fiji signed an accord on reefs.", "agreement"),
    ("Kenya and Fiji exchanged Letters of Intent on reefs.", None),
    ("Kenya and Fiji exchanged a Letter of Intent on reefs.", "declaration_of_intent"),
    ("Kenya and Fiji adopted the Joint Vision Statement on Reefs.", "joint_statement"),
    ("Kenya and Fiji issued a joint communiqué.", "joint_statement"),
    ("Kenya and Fiji signed the Work Plan 2024-26.", "action_plan"),
    ("Kenya and Fiji signed an Administrative Arrangement on Reefs.", "agreement"),
    ("Kenya and Fiji signed a Digital Economy Agreement.", "agreement"),
    ("Kenya and Fiji signed a Free Trade Agreement.", "trade_agreement"),
    ("Kenya and Fiji signed the CEPA in 2014.", "trade_agreement"),
    ("Kenya and Fiji signed a Memorandum of Cooperation on Reefs.", "moc"),
    ("Kenya and Fiji signed a protocol on crabs.", "protocol"),
    ("Kenya and Fiji signed a contract on locomotives.", "contract"),
    ("Kenya and Fiji launched the Kenya-Fiji Reef Initiative.", "framework"),
    ("Kenya and Fiji adopted a Joint Declaration on Reefs.", "joint_declaration"),
    ("Kenya and Fiji exchanged a Letter of Agreement (LoA) on reefs.", "agreement"),
    ("Kenya and Fiji adopted a code of conduct for divers.", "agreement"),
    ("Kenya and Fiji launched a statement of principles on reefs.", "joint_statement"),
    ("Kenya and Fiji issued an Outcome Document on reefs.", "joint_statement"),
    ("Kenya and Fiji announced the Reef Data Initiative.", "framework"),
    ("Kenya and Fiji signed the Programme of Cooperation.", "framework"),
    ("Kenya and Fiji reached a framework for trade in crabs.", "framework"),
    ("Kenya and Fiji launched a bilateral partnership on reefs.", "framework"),
    ("Kenya and Fiji launched the Blue Reef Corridor.", "framework"),
    ("Kenya and Fiji strengthened the Kenya-Fiji Alliance.", None),
    ("Kenya and Fiji provide a framework for reefs.", None),
    ("Kenya and Fiji value their partnership on reefs.", None),
]
RECORDS = [
    # scope
    (
        "An MoU on reefs between Kenya and Fiji was signed in Suva on 5 May 2014.",
        [("mou", "FJ KE", "signed", "2014-05-05")],
    ),
    ("Kenya signed an MoU on reefs with Fiji in May 2014.", [("mou", "FJ KE", "signed", "2014-05")]),
    (
        "The signing of the MoU on Reefs by Kenya and Fiji took place on 5 May 2014.",
        [("mou", "FJ KE", "signed", "2014-05-05")],
    ),
    (
        "Kenya met Fiji following the conclusion of the Kenya-Fiji Agreement on Reefs in 2014.",
        [("agreement", "FJ KE", "signed", "2014")],
    ),
    (
        "The MoU on Reefs, which Kenya and Fiji signed in 2014, helped.",
        [("mou", "FJ KE", "signed", "2014")],
    ),
    (
        "The Kenya-Fiji Free Trade Agreement and the 2012 Kenya-Norway Tax Agreement helped.",
        [("trade_agreement", "FJ KE", "signed", None), ("agreement", "KE NO", "signed", "2012")],
    ),
    (
        "MoUs with Brunei and Malaysia were signed by India in 2008 and 2010 respectively.",
        [("mou", "BN IN", "signed", "2008"), ("mou", "IN MY", "signed", "2010")],
    ),
    (
        "Kenya and Fiji signed an MoU on reefs and a letter of intent on radar in May 2014.",
        [("mou", "FJ KE", "signed", "2014-05"),
         ("declaration_of_intent", "FJ KE", "signed", "2014-05")],
    ),
    (
        "Under the MoU signed in 2012, Kenya and Fiji adopted a Work Plan in May 2014.",
        [("mou", "FJ KE", "signed", "2012"), ("action_plan", "FJ KE", "signed", "2014-05")],
    ),
    # several in one sentence
    (
        ("The Kenya-Fiji Tax Agreement and the Mail Agreement with Chile and Norway entered into "
        "force in May 2010 and June 2012 respectively."),
        [("agreement", "FJ KE", "signed", "2010-05"), ("agreement", "CL NO", "signed", "2012-06")],
    ),
    (
        ("Kenya signed the Reef Agreement with Chile and Norway, the Kenya-Fiji Tax Agreement and "
        "the Kenya-Iceland Mail Agreement."),
        [("agreement", "CL KE NO", "signed", None), ("agreement", "FJ KE", "signed", None),
         ("agreement", "IS KE", "signed", None)],
    ),
    (
        "On 5 May 2014 several agreements were signed, including an MoU between Kenya and Fiji.",
        [("mou", "FJ KE", "signed", "2014-05-05")],
    ),
    # an institution's seat inside the name
    (
        ("An MoU between the Ministry of Lakes in Kenya and the Ministry of Tides of Fiji was "
        "signed in 2014."),
        [("mou", "FJ KE", "signed", "2014")],
    ),
    # names that mean one instrument
    (
        ("The Kenya-Fiji Digital Partnership Agreement (KFDPA) was signed in 2014. "
        "The KFDPA will be Kenya's first Digital Economy Agreement."),
        [("agreement", "FJ KE", "signed", "2014")],
    ),
    (
        "The United States-Mexico-Canada Agreement (USMCA) is old. The USMCA is large.",
        [("trade_agreement", "CA MX US", "signed", None)],
    ),
    (
        "A Kenyan delegation met in Fiji. Experts of the two countries work under the MoU.",
        [("mou", "FJ KE", "signed", None)],
    ),
    (
        ("The Kenya-Fiji civil reef cooperation agreement is under discussion. The 1951 Kenya-Fiji "
        "Mutual Defense Treaty is old."),
        [("agreement", "FJ KE", "proposed", None), ("agreement", "FJ KE", "signed", "1951")],
    ),
    # partners that only their seat names, and lists of partners
    (
        "Kenya signed an MoU with three universities in Fiji in May 2014.",
        [("mou", "FJ KE", "signed", "2014-05")],
    ),
    (
        "Kenya's agreements with Fiji and Norway constitute a new addition to its treaty with Chile.",
        [("agreement", "FJ KE", "signed", None), ("agreement", "KE NO", "signed", None),
         ("agreement", "CL KE", "signed", None)],
    ),
    (
        "Kenya and Fiji are signatories to the Tax Pact.",
        [("agreement", "FJ KE", "signed", None)],
    ),
    # stages that an infinitive follows
    (
        "Consensus was reached to sign an MoU on reefs between Kenya and Fiji.",
        [("mou", "FJ KE", "proposed", None)],
    ),
    # named partnerships
    (
        "This builds on the Strategic Clean Reef Partnership launched by Kenya and Fiji.",
        [("framework", "FJ KE", "signed", None)],
    ),
    (
        "Kenya met Fiji. Through the Merida Initiative, both sides protect reefs.",
        [("framework", "FJ KE", "signed", None)],
    ),
    ("ASEAN launched the Indo-Pacific Partnership for Reefs in Fiji.",
     [("framework", "ASEAN", "signed", None)]),
    ("The ASEAN Reef Data Partnership links labs in Fiji.", [("framework", "ASEAN", "signed", None)]),
    # treaties of many states
    ("The divers met goals of the Paris Agreement.", [("agreement", "", "signed", None)]),
    ("Kenya will soon join the Budapest Convention.", [("agreement", "KE", "signed", None)]),
    (
        "Kenya and Fiji acceded to the Convention on Reef Fishes.",
        [("agreement", "FJ KE", "signed", None)],
    ),
    (
        "Kenya met Fiji. The two sides work under the Belt and Road Initiative.",
        [("framework", "FJ KE", "signed", None)],
    ),
    ("The divers of Kenya met at the Suva Convention Centre.", []),
    # status
    ("Kenya and Fiji plan to sign an MoU on reefs.", [("mou", "FJ KE", "proposed", None)]),
    (
        "A protocol on crabs between Kenya and Fiji may be signed in 2031.",
        [("protocol", "FJ KE", "proposed", None)],
    ),
    (
        ("A framework of cooperation on mail between Kenya and Fiji was signed in 2010. "
        "It expired at the end of 2014."),
        [("framework", "FJ KE", "ended", "2014")],
    ),
    (
        "A free trade agreement between Kenya and Fiji is under negotiation.",
        [("trade_agreement", "FJ KE", "proposed", None)],
    ),
    # groups
    (
        "Four MoUs were signed between Kenya and Fiji in May 2014.",
        [("mou", "FJ KE", "signed", "2014-05")],
    ),
    (
        "In 2014 Kenya and Fiji signed three MoUs in fisheries, film, and space.",
        [("mou", "FJ KE", "signed", "2014")] * 3,
    ),
    (
        ("Kenya and Fiji signed two MoUs on 5 May 2014.\n"
        "The MoU on Reefs helps divers.\nThe MoU on Radar helps pilots."),
        [("mou", "FJ KE", "signed", "2014-05-05")] * 2,
    ),
    # merging
    (
        ("Kenya and Fiji sign MoU on reefs\nSuva, 5 May 2014 – Kenya and Fiji today signed a "
        "Memorandum of Understanding (MoU) on coral reefs.\nThe MoU runs for three years."),
        [("mou", "FJ KE", "signed", "2014-05-05")],
    ),
    (
        ("Kenya and Fiji signed the Kenya-Fiji Reef Economy Agreement (KFREA) in 2014.\n"
        "The KFREA helps divers."),
        [("agreement", "FJ KE", "signed", "2014")],
    ),
    (
        "Kenya and Fiji signed an MoU on reefs in 2012. They signed an MoU on radar in 2014.",
        [("mou", "FJ KE", "signed", "2012"), ("mou", "FJ KE", "signed", "2014")],
    ),
    (
        "The Ministers of Kenya and Fiji met in Suva. Both sides signed an MoU on reefs in 2014.",
        [("mou", "FJ KE", "signed", "2014")],
    ),
    # one instrument under two names
    (
        ("Kenya, Fiji ink pact on reefs\nSuva, 5 May 2014 – Kenya and Fiji today signed a "
        "Memorandum of Understanding (MoU) on the care of coral.\nThe deal runs for three years."),
        [("agreement", "FJ KE", "signed", "2014-05-05")],
    ),
    (
        "Kenya and Fiji have an MoU on reefs. The document was signed on 3 May 2014.",
        [("mou", "FJ KE", "signed", "2014-05-03")],
    ),
    (
        ("Kenya and Fiji signed a pact on reefs in 2014. Divers praise the Memorandum of "
        "Understanding between Kenya and Fiji on Reefs."),
        [("agreement", "FJ KE", "signed", "2014")],
    ),
    (
        ("Kenya and Fiji signed two MoUs in 2014. The MoU on reefs helps divers.\n"
        "The other MoU helps pilots."),
        [("mou", "FJ KE", "signed", "2014")] * 2,
    ),
    (
        "Kenya signed three MoUs with Fiji, Norway and Iceland in 2014.",
        [("mou", "FJ KE", "signed", "2014"), ("mou", "KE NO", "signed", "2014"),
         ("mou", "IS KE", "signed", "2014")],
    ),
    # whose date it is
    (
        "Kenya and Fiji signed an MoU on reefs, the agency reported on Sunday.",
        [("mou", "FJ KE", "signed", None)],
    ),
    (
        ("SUVA, 5 May 2014 (News) -- Kenya and Fiji signed an MoU on reefs. "
        "The deal was inked on 2 May 2014."),
        [("mou", "FJ KE", "signed", "2014-05-02")],
    ),
    (
        "Kenya and Fiji signed an MoU on reefs at the Reef Conference 2013.",
        [("mou", "FJ KE", "signed", None)],
    ),
    (
        "On 3 May 2014 the minister approved the MoU on reefs signed by Kenya and Fiji.",
        [("mou", "FJ KE", "signed", None)],
    ),
    (
        "The press was told that an MoU on reefs between Kenya and Fiji will be signed today.",
        [("mou", "FJ KE", "proposed", "2014-05-05")],
    ),
    (
        "Kenya and Fiji launched the Kenya-Fiji Reef Agenda 2030 Partnership.",
        [("framework", "FJ KE", "signed", None)],
    ),
    (
        ("MEMORANDUM OF UNDERSTANDING\nMEMORANDUM OF UNDERSTANDING BETWEEN KENYA AND FIJI ON "
        "REEFS\nThe sides care for reefs.\nSigned at Suva on 2 May 2014."),
        [("mou", "FJ KE", "signed", "2014-05-02")],
    ),
    # what is not there yet
    (
        "The talks are a first step towards an agreement on reefs between Kenya and Fiji.",
        [("agreement", "FJ KE", "proposed", None)],
    ),
    (
        "Sign an MoU on reefs between Kenya and Fiji.",
        [("mou", "FJ KE", "proposed", None)],
    ),
    # a short name
    (
        ("Divers praise the Kenya-Fiji Reef Framework. The Reef Framework was launched in 2012."),
        [("framework", "FJ KE", "signed", "2012")],
    ),
    # several countries
    (
        "Kenya, Fiji and Norway signed an agreement on reefs in 2014.",
        [("agreement", "FJ KE NO", "signed", "2014")],
    ),
]  # fmt: skip
NONE = [
    "Kenya and Fiji have more than 30 active MoUs.",
    "Such MoUs are reviewed by Kenya and Fiji every year.",
    "MeitY has entered into MoUs with counterparts of various countries.",
    "No agreement was signed between Kenya and Fiji.",
    "Kenya and Fiji did not sign an MoU on reefs.",
    "Kenya and Fiji were in agreement on reefs.",
    "Kenya and Fiji share a Strategic Partnership.",
    "The Convention Centre in Suva hosted guests from Kenya.",
    "The Chief of Protocol of Kenya met the envoy of Fiji.",
    "Two ministries of Kenya signed an MoU on reefs.",
    "Smart contracts are liked in Kenya and Fiji.",
    "Kenya has a National Action Plan on reefs; Fiji has none.",
    "Kenya and Fiji are committed to several agreements.",
    "Free trade agreements help the exporters of Kenya and Fiji.",
    "Kenya and Fiji deal with many issues.",
    "Guests from Kenya and Fiji met in the Suva Treaty Room.",
    "Guests from Kenya and Fiji met at\nSuva Convention Center\nin May.",
    "The framework conditions in Kenya and Fiji are good.",
    "The reef initiative of Kenya impressed Fiji.",
    "They signed the guest book in Kenya and in Fiji.",
    "The President of Kenya issued a memorandum on reefs. Fiji applauded.",
    "Schools of Kenya and Fiji develop an understanding of reefs.",
    "The document was signed by officials of Kenya and Fiji on 5 May 2014.",
    "Kenya spoke to Fiji. The question is whether an agreement helps.",
    "",
]


@pytest.fixture(scope="module")
def finder(book):
    return AgreementFinder(book)


@pytest.fixture
def find(read, finder):
    def _find(text, **context):
        return finder.find(Page.of(read(text, **context)))

    return _find


def facts(report):
    parties = " ".join(report.all("parties"))
    return report.first("kind"), parties, report.first("status"), report.first("date")


@pytest.mark.parametrize(("text", "kind"), KINDS)
def test_kinds(find, text, kind):
    found = [r.first("kind") for r in find(text)]
    assert found == ([kind] if kind else [])


@pytest.mark.parametrize(("text", "records"), RECORDS)
def test_records(find, text, records):
    found = find(text, published="2014-05-05")
    assert sorted(map(facts, found), key=str) == sorted(records, key=str)


@pytest.mark.parametrize("text", NONE)
def test_no_record(find, text):
    assert find(text) == []


def test_title_of_the_noun_phrase(find):
    (report,) = find("Kenya and Fiji signed a Memorandum of Understanding on Coral Reefs in 2014.")
    assert report.first("title") == "Memorandum of Understanding on Coral Reefs"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (
            "Kenya and Fiji launched the Kenya-Fiji Framework for Reefs, Public Health, and Safe Ports.",
            "Kenya-Fiji Framework for Reefs, Public Health, and Safe Ports",
        ),
        ("Kenya and Fiji signed the MoU on Reefs in full, at last.", "MoU on Reefs"),
        ("The Kenya (KE) – Fiji Tax Agreement is old.", "Kenya (KE) – Fiji Tax Agreement"),
    ],
)
def test_where_a_title_ends(find, text, title):
    (report,) = find(text)
    assert report.first("title") == title


def test_institutions_that_stand_as_sides(find):
    (report,) = find(
        "An MoU between the Ministry of Tides of Fiji and the Ministry of Lakes of Kenya was "
        "signed in the presence of the Ambassador of Norway."
    )
    assert report.all("institutions") == ["Ministry of Lakes", "Ministry of Tides"]
    assert report.all("parties") == ["FJ", "KE"]


def test_place_of_the_signing(find):
    (report,) = find("Kenya and Fiji signed an MoU on reefs in Suva in 2014.")
    assert report.first("place") == "Suva"


def test_no_place_when_signed_at_a_distance(find):
    text = "Suva, 5 May 2014 – Kenya and Fiji today signed an MoU on reefs by video conference."
    (report,) = find(text, published="2014-05-05")
    assert report.first("place") is None


def test_the_publisher_is_one_side_when_the_text_speaks_for_it(find):
    text = "Our Ministry signed an MoU on reefs with Fiji in 2014."
    (report,) = find(text, source_country="KE")
    assert report.all("parties") == ["FJ", "KE"]
    assert {v.step for v in report.values if v.value == "KE"} == {"publisher"}


def test_a_bare_side_stays_bare(find):
    """Nothing is invented: without a publisher the other side is unknown, so there is no record."""
    assert find("An MoU on reefs was signed in 2014.") == []


def page_of(nlp, text, kinds, published=None):
    """A page of lines with the given block kinds."""
    blocks, position = [], 0
    for line, (kind, group) in zip(text.split("\n"), kinds, strict=True):
        blocks.append(Block(kind, position, position + len(line), group=group))
        position += len(line) + 1
    document = Document("example", "text", text, tuple(blocks), "", published=published)
    return Page.of(annotate(nlp, document))


def test_items_below_a_lead_in_take_its_date_place_and_sides(nlp, finder):
    text = (
        "The following documents were exchanged between Kenya and Fiji in Suva on 5 May 2014:\n"
        "MoU on Coral Reefs\nLetter of Intent on Coastal Radar"
    )
    page = page_of(nlp, text, [("paragraph", 0), ("bullet", 0), ("bullet", 0)])
    found = finder.find(page)
    assert [facts(r) for r in found] == [
        ("mou", "FJ KE", "signed", "2014-05-05"),
        ("declaration_of_intent", "FJ KE", "signed", "2014-05-05"),
    ]
    assert [r.first("place") for r in found] == ["Suva", "Suva"]
    assert {v.step for v in found[0].values if v.field == "date"} == {"list"}


def test_paragraphs_below_a_lead_in_take_its_stage(nlp, finder):
    text = (
        "The Council of Kenya decided to approve:\n"
        "The MoU between Kenya and Fiji on Reefs.\nThe agreement between Kenya and Norway on Radar."
    )
    page = page_of(nlp, text, [("paragraph", 0), ("paragraph", 1), ("paragraph", 2)])
    assert [r.first("status") for r in finder.find(page)] == ["approved", "approved"]


def test_items_of_a_decision_are_approved_on_its_day(nlp, finder):
    text = (
        "Entering into 02 Memoranda of Understanding between Kenya and Fiji\n"
        "Approval of the Cabinet was granted to the proposals for the purpose of entering into 02 "
        "Memoranda of Understanding during the visit of the President.\n"
        "Memorandum of Understanding (MoU) on Reefs - The proposal made by the Minister of Lakes "
        "to enter into an MoU between Kenya and Fiji on the care of corals.\n"
        "Exchange of coaches - The proposal made by the Minister of Sports to enter into an MoU "
        "between Kenya and Fiji on rugby."
    )
    kinds = [("heading", 0), *(("paragraph", i) for i in range(1, 4))]
    page = page_of(nlp, text, kinds, published=dt.date(2014, 5, 5))
    found = finder.find(page)
    assert [facts(r) for r in found] == [("mou", "FJ KE", "approved", "2014-05-05")] * 2
    assert found[0].first("title") == "Memorandum of Understanding (MoU) on Reefs"


def test_a_ministry_signs_for_its_government(nlp, finder):
    text = (
        "MoU between the Government of Fiji and the Government of Kenya on Reefs\n"
        "The proposal to sign an MoU between the Ministry of Tides of Fiji and the Ministry of "
        "Lakes of Kenya was approved by the Cabinet."
    )
    page = page_of(nlp, text, [("heading", 0), ("paragraph", 1)], published=dt.date(2014, 5, 5))
    (report,) = finder.find(page)
    assert facts(report) == ("mou", "FJ KE", "approved", "2014-05-05")
    assert report.all("institutions") == ["Ministry of Lakes", "Ministry of Tides"]


def test_a_joint_statement_is_not_of_a_later_day(nlp, finder):
    text = "Kenya and Fiji launch a campaign that ends in the week of 10 June."
    document = Document(
        "a/joint-statement-on-reefs", "text", text, (Block("paragraph", 0, len(text)),), "",
        published=dt.date(2014, 5, 5),
    )  # fmt: skip
    (report,) = finder.find(Page.of(annotate(nlp, document)))
    assert facts(report) == ("joint_statement", "FJ KE", "signed", "2014-05-05")


def test_what_we_do_in_a_joint_statement_is_of_its_sides(nlp, finder):
    text = "Kenya, Fiji and Norway met.\nWe commit to develop a written code of conduct for divers."
    blocks = (Block("paragraph", 0, 27), Block("paragraph", 28, len(text)))
    document = Document("a", "text", text, blocks, "", title="Joint Statement on Reefs")
    code = finder.find(Page.of(annotate(nlp, document)))[0]
    assert facts(code) == ("agreement", "FJ KE NO", "proposed", None)


def test_the_joint_statement_means_the_document_that_is_one(nlp, finder):
    text = "\n".join(["Kenya and Fiji met to speak of reefs."] * 6)
    text += "\nThey plan to fight the crimes named in the joint statement."
    start = text.rindex("\n") + 1
    blocks = tuple(
        Block("paragraph", i, i + len(line))
        for line, i in zip(text.split("\n"), [*range(0, start, 38), start], strict=True)
    )
    document = Document("a", "text", text, blocks, "", title="Joint Statement on Reefs")
    (report,) = finder.find(Page.of(annotate(nlp, document)))
    assert report.first("status") == "signed"


def test_a_document_that_is_a_plan_by_its_title(nlp, finder):
    text = "Kenya and Fiji will protect reefs. Kenya trains divers from Fiji."
    block = Block("paragraph", 0, len(text))
    for title, kinds in (("Roadmap for Kenya-Fiji Reefs", ["action_plan"]), ("A roadmap", [])):
        document = Document(
            "a", "text", text, (block,), "", title=title, published=dt.date(2014, 5, 5)
        )
        assert [r.first("kind") for r in finder.find(Page.of(annotate(nlp, document)))] == kinds


def test_a_document_that_is_a_joint_statement_by_its_title(nlp, finder):
    text = "Kenya and Fiji met to speak of reefs."
    block = Block("paragraph", 0, len(text))
    for doc_id, title in (
        ("a/1", "Joint Statement on Reefs"),
        ("a/joint-statement-on-reefs", None),
    ):
        document = Document(
            doc_id, "text", text, (block,), "", title=title, published=dt.date(2014, 5, 5)
        )
        (report,) = finder.find(Page.of(annotate(nlp, document)))
        assert facts(report) == ("joint_statement", "FJ KE", "signed", "2014-05-05")
        assert {v.detail for v in report.values if v.field == "date"} == {"published"}


@pytest.mark.parametrize("title", ["Remarks on the Joint Statement", "Kenya Signs Joint Statement"])
def test_a_document_about_a_joint_statement_is_none(nlp, finder, title):
    text = "Kenya and Fiji met to speak of reefs."
    document = Document("a", "text", text, (Block("paragraph", 0, len(text)),), "", title=title)
    assert finder.find(Page.of(annotate(nlp, document))) == []


def test_topics_of_what_is_said_of_the_instrument(find):
    (report,) = find(
        "Kenya and Fiji signed an MoU in 2014. It will help farmers in solar energy.\n"
        "The sides will cooperate in areas such as railways."
    )
    assert report.all("topics") == ["energy", "transport"]


def test_who_tells_of_a_signing_is_no_side(find):
    (report,) = find("Norway said that Kenya and Fiji signed an MoU on reefs in 2014.")
    assert report.all("parties") == ["FJ", "KE"]


def test_items_without_a_noun_are_members_of_the_group_above(nlp, finder):
    text = "In 2014 Kenya and Fiji signed two MOUs in areas of:\nCoral Reefs;\nCoastal Radar"
    page = page_of(nlp, text, [("paragraph", 0), ("bullet", 0), ("bullet", 0)])
    assert [(r.first("title"), r.first("date")) for r in finder.find(page)] == [
        ("Coral Reefs", "2014"),
        ("Coastal Radar", "2014"),
    ]


def test_a_bullet_takes_its_country_from_the_heading(nlp, finder):
    text = "Kenya and Fiji\nAn MoU on reefs was signed in 2014."
    page = page_of(nlp, text, [("heading", 0), ("bullet", 1)])
    (report,) = finder.find(page)
    assert report.all("parties") == ["FJ", "KE"]


def test_cells_of_a_table_row(nlp, finder):
    text = (
        "Instruments of Kenya\n"
        "MoU on Reefs | Ministry of Lakes, Kenya | Ministry of Tides, Fiji | 5 May 2014"
    )
    page = page_of(nlp, text, [("heading", 0), ("table_row", 1)])
    (report,) = finder.find(page)
    assert facts(report) == ("mou", "FJ KE", "signed", "2014-05-05")
    assert report.first("title") == "MoU on Reefs"
    assert report.all("institutions") == ["Ministry of Lakes", "Ministry of Tides"]


def test_a_text_that_two_countries_speak_together(find):
    text = (
        "Kenya and Fiji stand for reefs. We affirm our bond. We recognize the reefs of both "
        "countries.\nWe pledge support to both countries. Kenya thanks Fiji."
    )
    (report,) = find(text)
    assert facts(report)[:3] == ("joint_statement", "FJ KE", "signed")
    assert report.first("title") is None


PIECES = st.sampled_from(
    [
        "Kenya", "Fiji", "India’s", "signed", "an MoU", "the MoU", "two MoUs", "Agreement", "between",
        "with", "and", ",", ".", ":", ";", "(", ")", "“", "on reefs", "in Suva", "on 5 May 2014",
        "will be", "not", "Ministry of Tides", "joint statement", "\n", "•", "–", "İ", "we affirm",
        "respectively", "which", "in 2008", "Work Plan 2024-26", "Kenya-Fiji Initiative",
    ]
)  # fmt: skip


@given(st.lists(PIECES | st.text(max_size=6), max_size=40))
def test_reports_of_any_text(nlp, finder, pieces):
    text = " ".join(pieces)
    page = Page.of(annotate(nlp, example_document(text)))
    found = finder.find(page)
    assert found == finder.find(page)
    for report in found:
        assert 0 <= report.start < report.end <= len(text)
        assert report.first("kind") in AGREEMENT_KINDS
        assert report.first("status") in AGREEMENT_STATUSES
        for value in report.values:
            assert 0 <= value.start < value.end <= len(text)
            assert value.step in STEPS
            if value.field == "title":
                assert text[value.start : value.end] == value.value


def test_hostile_text_takes_linear_time(nlp, finder):
    import time

    from pipeline.annotate.pipeline import annotate

    def seconds(n):
        text = "Kenya and Fiji signed an MoU and " * n + "left."
        page = Page.of(annotate(nlp, example_document(text)))
        begin = time.perf_counter()
        finder.find(page)
        return time.perf_counter() - begin

    seconds(10)
    assert seconds(400) < 24 * max(seconds(50), 0.002)
