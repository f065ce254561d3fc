"""Meetings: which are found, of which kind, who takes part, when and where, and what is none."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.annotate.pipeline import annotate
from pipeline.edtf import parse
from pipeline.errors import RuleError
from pipeline.evaluate.examples import example_document
from pipeline.model import Block, Document
from pipeline.records.build import page_builder
from pipeline.records.meetings import MeetingFinder
from pipeline.records.meetings.lexicon import alternation
from pipeline.records.page import Page
from pipeline.rulebook.examples import Example, as_example, parse_markup
from pipeline.rulebook.meetings import load_meetings
from pipeline.schema import MARKUP_ATTRIBUTES, MEETING_KINDS, MEETING_STATUSES, STEPS

FIELDS = ("kind", "name", "ordinal", "status", "date", "place")


@pytest.fixture(scope="session")
def finder(book):
    return MeetingFinder(book)


@pytest.fixture
def find(read, finder):
    """The meetings of a text as dictionaries."""

    def _find(text, **context):
        return [as_row(report) for report in finder.find(Page.of(read(text, **context)))]

    return _find


def as_row(report):
    row = {name: report.first(name) for name in FIELDS}
    return row | {"countries": " ".join(report.all("countries"))}


def agrees(row, wanted):
    return all(row[key] == value for key, value in wanted.items())


# text, what its one meeting must say
ONE = [
    # -- sessions of bodies
    ("The 4th meeting of the Kenya-Fiji Joint Working Group was held in Suva on 5 May 2014.", {"kind": "working_group", "ordinal": 4, "countries": "FJ KE", "date": "2014-05-05", "place": "Suva", "name": "Kenya-Fiji Joint Working Group"}),
    ("Kenya and Fiji held the Second Joint Working Group meeting in Nairobi in June 2015.", {"kind": "working_group", "ordinal": 2, "countries": "FJ KE", "date": "2015-06", "place": "Nairobi"}),
    ("The Norway-Kenya Joint Commission held its third session in Oslo in March 2016.", {"kind": "working_group", "ordinal": 3, "countries": "KE NO", "place": "Oslo"}),
    ("The Kenya-Fiji Task Force on Reefs met in Suva on 3 March 2019.", {"kind": "working_group", "countries": "FJ KE", "date": "2019-03-03"}),
    ("The Ministers of Kenya and Fiji attended the second Kenya-Fiji Trade and Technology Council in Suva.", {"kind": "ministerial", "ordinal": 2}),
    # -- ministers, leaders, other sides
    ("President Otieno of Kenya met President Rivas of Fiji in Suva on 5 May 2014.", {"kind": "summit", "countries": "FJ KE", "date": "2014-05-05", "place": "Suva", "name": None}),
    ("The Minister of Trade of Kenya held a meeting with the Minister of Trade of Fiji in Suva.", {"kind": "ministerial", "countries": "FJ KE", "place": "Suva"}),
    ("The Ambassador of Kenya met with the President of Fiji.", {"kind": "bilateral_meeting", "countries": "FJ KE"}),
    ("A meeting between officials of Kenya and a delegation from Fiji was also held in May 2012.", {"kind": "bilateral_meeting", "countries": "FJ KE", "date": "2012-05"}),
    ("The third Kenya-Fiji Trade Ministers’ Meeting took place in Suva.", {"kind": "ministerial", "ordinal": 3}),
    ("The Fijian Foreign Minister held talks with the Kenyan Foreign Minister in Nairobi.", {"kind": "ministerial", "countries": "FJ KE", "place": "Nairobi"}),
    ("The project was agreed after a meeting in Kenya of the heads of state of Kenya and Fiji.", {"kind": "summit", "countries": "FJ KE", "place": "Kenya"}),
    ("The Kenyan Ambassador paid a courtesy call on Fijian President Rivas in Suva on 5 May 2014.", {"kind": "bilateral_meeting", "date": "2014-05-05", "countries": "FJ KE"}),
    ("The High Commissioner of Fiji called on the Prime Minister of Kenya.", {"kind": "bilateral_meeting", "countries": "FJ KE"}),
    ("There was a phone call between President Otieno of Kenya and President Rivas of Fiji.", {"kind": "summit"}),
    # -- visits
    ("A Kenyan delegation visited Fiji from 5th to 7th September 2012.", {"kind": "visit", "date": "2012-09-05/2012-09-07", "place": "Fiji", "countries": "FJ KE", "name": None}),
    ("During the visit of the President of Kenya to Fiji in October 2010, trade was discussed.", {"kind": "visit", "date": "2010-10", "place": "Fiji", "status": "held", "name": "visit of the President of Kenya to Fiji"}),
    ("The Prime Minister of Kenya will pay a State Visit to Fiji in May 2014.", {"kind": "visit", "status": "planned", "date": "2014-05"}),
    ("The Kenyan Minister of Trade travelled to Suva in May 2014.", {"kind": "visit", "place": "Suva"}),
    ("Kenyan President Otieno arrived in Fiji on 6 August 2015 for a three-day official visit.", {"kind": "visit", "date": "2015-08-06/2015-08-08"}),
    ("President Otieno of Kenya returned on 6 May 2015, concluding a three-day visit to Fiji.", {"kind": "visit", "date": "2015-05-04/2015-05-06"}),
    ("The delegation of Kenya visited Suva and Nadi in May 2013.", {"kind": "visit", "place": "Suva and Nadi"}),
    ("Kenyan President Otieno’s upcoming visit to Fiji was discussed.", {"kind": "visit", "status": "planned", "countries": "FJ KE"}),
    # -- conferences and the like
    ("The Kenya-Fiji Business Forum was held in Suva on 6 May 2014.", {"kind": "conference", "countries": "FJ KE"}),
    ("The Pacific Coffee Growers Summit was held in Nairobi, Kenya, with growers from Fiji.", {"kind": "conference", "place": "Nairobi"}),
    ("The Kenya-Fiji Summit was held in Suva in September 2014.", {"kind": "summit", "date": "2014-09"}),
    ("A seminar titled “Coffee from Kenya to Fiji: a Forum” was organised in Suva on 30 March 2012.", {"kind": "seminar", "name": "Coffee from Kenya to Fiji: a Forum", "place": "Suva"}),
    ("The Kenyan Embassy hosted a workshop on coffee in Suva, Fiji, on 4 May 2016.", {"kind": "seminar", "countries": "FJ KE"}),
    ("The 3rd Kenya-Fiji Business Roundtable was held in Suva.", {"kind": "roundtable", "ordinal": 3}),
    ("Companies of Kenya and Fiji took part in the 8th Suva Coffee Expo.", {"kind": "exhibition", "ordinal": 8}),
    ("Kenya and Fiji held the inaugural Kenya-Fiji Strategic Dialogue in Suva.", {"kind": "dialogue", "ordinal": 1, "status": "held"}),
    ("Kenya and Fiji agreed to establish a Strategic Dialogue on Coffee.", {"kind": "dialogue", "status": "planned", "date": None}),
    # -- ceremonies
    ("Kenya and Fiji signed the MoU at a signing ceremony in Suva on 5 May 2014.", {"kind": "ceremony", "date": "2014-05-05", "place": "Suva"}),
    ("The MoU between Kenya and Fiji was signed in the presence of President Otieno and President Rivas.", {"kind": "ceremony", "name": None}),
    ("Kenya and Fiji signed the agreement during a videoconference.", {"kind": "ceremony"}),
    ("The Kenyan Minister of Trade inaugurated the centre in Suva together with the Prime Minister of Fiji.", {"kind": "ceremony", "place": "Suva"}),
    # -- ranks that stand away from the names
    ("President Jomo Otieno of Kenya and his Fijian counterpart Sitiveni Rivas held bilateral talks in Suva.", {"kind": "summit", "countries": "FJ KE"}),
    ("The Prime Minister met with Prime Minister Sitiveni Rivas of Fiji ahead of the opening of the fair in Kenya.", {"kind": "summit"}),
    ("President Otieno’s Special Adviser for Trade Wanjiru Mbeki met with President Sitiveni Rivas of Fiji in Kenya.", {"kind": "bilateral_meeting"}),
    ("President Jomo Otieno of Kenya also met with Mr. Rata Rivas, General Secretary of a party of Fiji.", {"kind": "bilateral_meeting"}),
    # -- verbs with words inside, guests, stays
    ("President Jomo Otieno of Kenya spoke by telephone on Monday with President Sitiveni Rivas of Fiji.", {"kind": "summit", "countries": "FJ KE"}),
    ("Minister Jomo Otieno of Kenya was in Fiji on 5 May 2014 for talks.", {"kind": "visit", "place": "Fiji", "date": "2014-05-05"}),
    ("Visiting Kenyan Minister of Trade Jomo Otieno signed an MoU with Fiji.", {"kind": "visit", "countries": "FJ KE"}),
    # -- words that refer back, and tell enough
    ("The reef plan was launched by Kenya and Fiji at the 2021 High-Level Reef Dialogue.", {"kind": "dialogue", "date": "2021", "countries": "FJ KE"}),
    ("Kenya and Fiji signed an MoU at the sidelines of the Future Reef Forum in Suva.", {"kind": "conference", "place": "Suva", "countries": "FJ KE"}),
    # -- dates beside the event
    ("The MoU was signed in March 2014 at the 5th Kenya-Fiji Commercial Dialogue.", {"kind": "dialogue", "date": "2014-03", "ordinal": 5}),
    ("The 2019 Kenya-Fiji Trade Summit set to take place in Suva in late November 2019 will be large.", {"kind": "summit", "status": "planned", "date": "2019-11"}),
    ("Kenya and Fiji launched the inaugural meeting of the Reef Working Group on 5 May 2014 in Suva.", {"kind": "working_group", "status": "held", "date": "2014-05-05", "ordinal": 1}),
    # -- bodies and mechanisms
    ("The second meeting of the Kenya-Fiji Bilateral Consultation Mechanism was held in Suva.", {"kind": "dialogue", "ordinal": 2, "place": "Suva", "name": "Kenya-Fiji Bilateral Consultation Mechanism"}),
    ("Officials of Kenya and Fiji will meet for the Joint Technical Committee (JTC) on Reefs on 5 May 2014.", {"kind": "working_group", "status": "planned", "date": "2014-05-05"}),
    ("The 14th BRICS Science, Technology and Innovation (STI) Ministerial Meeting began in Nairobi, Kenya.", {"ordinal": 14, "name": "BRICS Science, Technology and Innovation (STI) Ministerial Meeting", "countries": "KE"}),
    # -- by wire, by witnesses, again
    ("Minister Jomo Otieno of Kenya and Minister Ana Rivas of Fiji held a videoconference on 5 May 2014.", {"kind": "ministerial", "date": "2014-05-05"}),
    ("The MoU was signed by Singapore and Fiji at a ceremony at the Istana on 5 May 2014, witnessed by President Rivas of Fiji.", {"kind": "ceremony", "place": "Singapore"}),
    ("The Kenyan President concluded his second State Visit to Fiji.", {"kind": "visit", "ordinal": 2}),
    # -- status
    ("The next meeting of the Kenya-Fiji Joint Working Group will be held in Suva in 2015.", {"status": "planned", "date": "2015"}),
    ("Kenya and Fiji agreed that the 2nd Joint Working Group meeting would be held in Kenya in the second half of 2018.", {"status": "planned", "date": "2018-41", "ordinal": 2}),
    ("The Kenyan Minister of Trade is scheduled to visit Fiji on 5 May 2014.", {"status": "planned"}),
    ("Kenyan Minister Otieno to visit Fiji from 5 to 6 August 2021", {"status": "planned", "date": "2021-08-05/2021-08-06"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), ONE, ids=[t[:60] for t, _ in ONE])
def test_one_meeting(find, text, wanted):
    rows = find(text)
    assert [row for row in rows if agrees(row, wanted)], rows
    assert len(rows) == 1, rows


NONE = [
    "The Presidents of Kenya and Fiji answered questions at a press conference in Suva.",
    "Kenya and Fiji engaged in constructive dialogue on reefs.",
    "President Rivas of Fiji welcomed the decision of Kenya.",
    "JWG meetings between Kenya and Fiji are critical for cooperation.",
    "Seminars on coffee will be held from time to time in Kenya and Fiji.",
    "The Joint Working Group of Kenya and Fiji will monitor the MoU.",
    "Kenya and Fiji promote dialogue and cooperation.",
    "The Kenya-Fiji Joint Commission meets regularly.",
    "No meeting was held between Kenya and Fiji.",
    "The President of Kenya invited the Prime Minister of Fiji to visit Kenya.",
    "Fiji called on Kenya to act.",
    "The project met the needs of Kenya and Fiji.",
    "The President attended the District Coordination Committee meeting in Nairobi.",
    "The Minister met students in Mombasa, Kenya, on 5 May 2014.",
    "Officials of Kenya and Fiji use the meeting room of the embassy.",
    "Kenya works with Fiji in multilateral forums.",
    "The signing of the agreement between Kenya and Fiji is a milestone.",
    "Tourists from Kenya visit Fiji.",
    "Kenya received a grant from Fiji.",
    "The two sides look forward to cooperation.",
    "Regular meetings help Kenya and Fiji.",
    "The Minister chaired a meeting of the budget committee.",
    "Travel to Fiji from Kenya is easy.",
    "Minister Jomo Otieno of Kenya said that the law holds for people who were in Fiji before 2014.",
    "The Kenya-Fiji Bilateral Consultation Mechanism guides cooperation.",
    "Kenya and Fiji are partners in the Pacific Islands Forum.",
]


@pytest.mark.parametrize("text", NONE, ids=[t[:60] for t in NONE])
def test_no_meeting(find, text):
    assert find(text) == []


def test_what_refers_back_is_the_same_meeting(find):
    rows = find(
        "Kenya and Fiji held the second Joint Working Group conference in Suva on 3 May 2014.\n"
        "The conference was opened by Ms Nora Lind. During the meeting, both sides spoke of coffee."
    )
    assert len(rows) == 1


def test_the_next_session_is_a_record_of_its_own(find):
    rows = find(
        "Kenya and Fiji held the first meeting of the Kenya-Fiji joint working group in Suva.\n"
        "The two sides agreed that the 2nd meeting would be held in Kenya in 2018."
    )
    assert [(r["ordinal"], r["status"], r["kind"]) for r in rows] == [
        (1, "held", "working_group"),
        (2, "planned", "working_group"),
    ]
    assert rows[1]["countries"] == "FJ KE"


def test_a_meeting_on_a_visit_has_its_date_and_place(find):
    rows = find(
        "A Kenyan delegation visited Fiji in May 2014.\n"
        "During the visit, the delegation held talks with Fijian officials."
    )
    assert [(r["kind"], r["date"], r["place"]) for r in rows] == [
        ("visit", "2014-05", "Fiji"),
        ("bilateral_meeting", "2014-05", "Fiji"),
    ]


def test_two_hosts_in_one_sentence_are_one_call(find):
    rows = find("The Kenyan Minister met the President of Fiji and the Prime Minister of Fiji.")
    assert len(rows) == 1


def test_those_who_attend_take_part(find):
    rows = find(
        "Kenyan Minister Otieno will visit Suva, Fiji, for the Reef Ministers' Meeting in May 2014.\n"
        "The meeting will be attended by Ministers from Norway, Chile and Japan."
    )
    assert {r["countries"] for r in rows if r["kind"] == "ministerial"} == {"CL FJ JP KE NO"}


def test_today_is_the_day_of_publication(find):
    rows = find("Kenya and Fiji held talks in Suva this morning.", published="2020-05-04")
    assert [r["date"] for r in rows] == ["2020-05-04"]


def test_an_acronym_of_the_text_stands_for_its_body(find):
    rows = find(
        "Kenya and Fiji held the 8th Reef Joint Committee (RJC) meeting on 7 April 2022. "
        "The next RJC will be hosted by Fiji in 2023."
    )
    assert [(r["kind"], r["status"], r["date"]) for r in rows] == [
        ("working_group", "held", "2022-04-07"),
        ("working_group", "planned", "2023"),
    ]


def test_a_bare_acronym_is_what_the_text_has_named(find):
    rows = find(
        "Kenya hosted the 4th Reef Ministers Meeting (REFMIN) in Nairobi with Fiji on 5 May 2014.\n"
        "At REFMIN, Norway joined. REFMIN 2014 was a success."
    )
    assert [r["ordinal"] for r in rows] == [4]


def test_the_previous_session_is_the_one_before_told_of(find):
    rows = find(
        "Kenya and Fiji will hold the 12th Reef Ministers Meeting on 21 August 2026.\n"
        "It builds on the 11th Reef Ministers Meeting held by Kenya and Fiji in 2025. "
        "The previous meeting was a success."
    )
    assert sorted(r["ordinal"] for r in rows) == [11, 12]


def test_a_headline_may_call_a_meeting_by_another_name(read, finder):
    text = (
        "MoU signed at the Reef Track Meeting of Kenya and Fiji in Suva on 5 May 2014\n\n"
        "Minister Jomo Otieno of Kenya and Minister Ana Rivas of Fiji attended the "
        "12th Reef Ministers Meeting in Suva on 5 May 2014."
    )
    rows = [as_row(r) for r in finder.find(Page.of(read(text)))]
    assert [r["ordinal"] for r in rows if r["kind"] == "ministerial"] == [12]


def test_what_is_dated_later_is_planned(find):
    text = "President Jomo Otieno of Kenya departed for Fiji on a state visit from 5 to 7 May 2014."
    assert [r["status"] for r in find(text, published="2014-05-04")] == ["planned"]
    assert [r["status"] for r in find(text, published="2014-05-08")] == ["held"]


def test_an_event_ahead_has_not_the_day_of_the_news(find):
    rows = find(
        "President Rivas of Fiji spoke today with President Otieno of Kenya ahead of the Reef Summit.",
        published="2014-05-05",
    )
    assert {r["name"]: (r["status"], r["date"]) for r in rows} == {
        None: ("held", "2014-05-05"),
        "Reef Summit": ("planned", None),
    }


def test_news_of_today_before_a_meeting_gives_its_day(find):
    rows = find(
        "This was announced today before the videoconference between Minister Jomo Otieno of Kenya "
        "and Minister Ana Rivas of Fiji.",
        published="2014-05-05",
    )
    assert [(r["kind"], r["date"]) for r in rows] == [("ministerial", "2014-05-05")]


def test_a_journey_at_home_is_no_visit(find):
    text = "This was a great trip to Nairobi. Fiji sent a letter to Kenya."
    assert find(text, source_country="KE") == []


def test_the_head_of_an_organisation_is_a_guest(find):
    text = "Minister Jomo Otieno met the Secretary-General of the United Nations in Nairobi, Kenya."
    rows = find(text, source_country="KE")
    assert [(r["countries"], r["place"]) for r in rows] == [("KE", "Nairobi")]


def test_a_journey_names_the_other_side_alone(read, book):
    build = page_builder(book)
    abroad = "President Jomo Otieno departed for Fiji on a state visit on 5 May 2014."
    home = "The President opened a school in Fiji on 5 May 2014. The fair was held in Suva."
    assert [r.first("kind") for r in build(Page.of(read(abroad)))] == ["visit"]
    assert build(Page.of(read(home))) == []


def test_a_transcript_tells_where_it_was(find):
    rows = find(
        "9:05 A.M. WITA\n\nPRESIDENT RIVAS: Welcome to Suva. Fiji is glad.\n\n"
        "PRESIDENT OTIENO: Kenya thanks you. Fiji and Kenya are friends.",
        published="2014-05-06",
    )
    assert [(r["kind"], r["place"]) for r in rows] == [("summit", "Suva")]


@given(st.lists(st.text("ab ", min_size=1, max_size=5), min_size=1, max_size=12), st.text("ab "))
def test_an_alternation_prefers_the_longest_word(words, text):
    match = re.match(alternation(words), text)
    wanted = max((w for w in words if text.startswith(w)), key=len, default=None)
    assert (match[0] if match else None) == wanted


def test_a_visit_told_of_only_in_passing(find):
    rows = find(
        "The 6th Joint Working Group of Kenya and Fiji was held on 29 June 2022 in Suva.\n\n"
        "An MoU was also signed during the visit."
    )
    assert [(r["kind"], r["date"], r["place"]) for r in rows] == [
        ("working_group", "2022-06-29", "Suva"),
        ("visit", "2022-06-29", "Suva"),
    ]


def test_leaders_who_speak_in_turns_meet(find):
    text = (
        "2:08 P.M. EST\n\nPRESIDENT RIVAS: Welcome to Fiji.\n\n"
        "PRESIDENT OTIENO: Kenya thanks you.\n\nPRESIDENT RIVAS: Kenya and Fiji are friends."
    )
    (row,) = find(text, published="2022-01-31")
    assert (row["kind"], row["countries"], row["date"]) == ("summit", "FJ KE", "2022-01-31")
    assert find(text.replace("PRESIDENT OTIENO", "MR. OTIENO"), published="2022-01-31") == []


def test_a_speech_is_held_at_its_event(find):
    (row,) = find(
        "Thank you for inviting me to speak at the 2023 Kenya-Fiji Reef Conference.",
        published="2023-07-04",
    )
    assert (row["kind"], row["date"]) == ("conference", "2023-07-04")


def test_the_date_of_a_title_is_no_date_of_its_meeting(find):
    rows = find(
        "May 5, 2014 Results of the Fourth Meeting of the Kenya-Fiji Joint Working Group\n\n"
        "Kenya and Fiji held the fourth meeting of the Joint Working Group on May 2, 2014.",
        published="2014-05-05",
    )
    assert [r["date"] for r in rows] == ["2014-05-02"]


def test_the_host_of_others_takes_part_beside_them(find):
    (row,) = find(
        "President Otieno met today with King Rata Rivas of Fiji in Oslo. "
        "Kenya and Fiji are friends, and Kenya-Fiji trade grows.",
        published="2022-07-16",
    )
    assert row["countries"] == "FJ KE NO"


def test_without_a_date_there_is_none(find):
    rows = find("A Kenyan delegation visited Fiji.", published="2020-05-04")
    assert [r["date"] for r in rows] == [None]


def test_the_publisher_is_the_other_side(find):
    rows = find("The 1st JWG meeting was held in February 2010 in Fiji. Kenya", source_country="KE")
    assert [r["countries"] for r in rows] == ["FJ KE"]


def test_a_heading_adds_what_the_text_leaves_out(nlp, finder):
    lines = [
        "Kenyan Ambassador Meets President Rivas",
        "The Ambassador met President Rivas of Fiji.",
    ]
    text = "\n".join(lines)
    blocks = (
        Block("heading", 0, len(lines[0]), depth=1),
        Block("paragraph", len(lines[0]) + 1, len(text)),
    )
    document = Document(doc_id="d", format="text", text=text, blocks=blocks, sha256="")
    rows = [as_row(r) for r in finder.find(Page.of(annotate(nlp, document)))]
    assert [r["countries"] for r in rows] == ["FJ KE"]


def test_every_value_has_its_characters(read, finder):
    page = Page.of(read(" ".join(text for text, _ in ONE), published="2020-05-04"))
    reports = finder.find(page)
    assert reports
    for report in reports:
        check_report(report, page.text)


def check_report(report, text):
    assert report.subject == "meeting"
    assert report.first("kind") in MEETING_KINDS
    assert report.first("status") in MEETING_STATUSES
    assert 0 <= report.start < report.end <= len(text)
    if report.first("date"):
        parse(str(report.first("date")))
    for value in report.values:
        assert 0 <= value.start < value.end <= len(text)
        assert value.step in STEPS
        if value.field == "name":
            assert str(value.value) == " ".join(text[value.start : value.end].split()).strip(" ,")


def test_the_title_of_an_agreement_is_no_party(read, finder, book):
    from pipeline.records.report import Report, Support

    text = "Kenya and Fiji held talks on the Chile-Japan Treaty in Suva."
    start = text.index("Chile")
    title = Support("title", "Chile-Japan Treaty", start, start + 18, "r", "phrase")
    agreement = Report("agreement", 0, len(text), "r", (title,))
    reports = finder.find(Page.of(read(text)), [agreement])
    assert [r.all("countries") for r in reports] == [["FJ", "KE"]]


# -- the rules -------------------------------------------------------------------------------------


def test_examples_of_the_rules(book, find):
    status = [rule for rule in book.status.rule if "meeting" in rule.subjects]
    for rule in (*book.meetings.rule, *status):
        for example in (*rule.examples, *rule.counter_examples):
            check_example(find, rule, as_example(example))


def check_example(find, rule, example: Example):
    text, marks = parse_markup(example.text, MARKUP_ATTRIBUTES, rule.id)
    rows = find(text, **({"published": example.published} if example.published else {}))
    if not marks:
        assert rows == [], (rule.id, text)
    for mark in marks:
        wanted = dict(mark.attributes)
        found = [r for r in rows if all(str(r[k] or "") == v for k, v in wanted.items())]
        assert found, (rule.id, text, rows)


def test_every_rule_has_an_example(book):
    told = [rule for rule in book.meetings.rule if rule.form != "none"]
    assert [rule.id for rule in told if not rule.examples] == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('kind = "roundtable"', 'kind = "round"', "unknown kind"),
        ('form = "travel"', 'form = "trip"', "unknown form"),
        ('needs = "owner"', 'needs = "nobody"', "unknown needs"),
        ('id = "meetings/summit"', 'id = "meetings/visit"', "is used twice"),
    ],
)
def test_wrong_rules_are_told_with_their_line(rules_copy, old, new, message):
    path = rules_copy / "meetings.toml"
    path.write_text(path.read_text().replace(old, new, 1))
    with pytest.raises(RuleError, match=message) as error:
        load_meetings(rules_copy)
    assert "meetings.toml:" in str(error.value)


# -- any text ---------------------------------------------------------------------------------------

PIECES = st.sampled_from(
    [
        "President", "Kenya", "Fiji", "met", "visited", "the 2nd", "Joint Working Group", "meeting", "was held",
        "in Suva", "on 5 May 2014", "will", "visit", "to", "of", "and", ",", ".", "\n", "Summit", "(JWG)", "held",
        "talks", "with", "its", "next", "series of", "–", "“", "”", "’s", "ceremony", "signed", "in the presence of",
        "call on", "İ", "\u00a0", "dialogue", "this morning", "three-day", "12th", "and the", ";", "•",
    ]
)  # fmt: skip


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(PIECES, max_size=40), st.sampled_from([None, "2020-05-04"]))
def test_any_words(nlp, finder, pieces, published):
    text = " ".join(pieces)
    document = example_document(text, Example(text, published=published))
    page = Page.of(annotate(nlp, document))
    reports = finder.find(page)
    assert reports == finder.find(page)
    for report in reports:
        check_report(report, text)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(max_size=200))
def test_any_text(nlp, finder, text):
    page = Page.of(annotate(nlp, example_document(text)))
    for report in finder.find(page):
        check_report(report, text)
