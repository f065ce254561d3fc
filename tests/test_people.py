"""Named persons: marked-up sentences, the examples of the rules, and properties."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.annotate.people import PeopleAnnotator
from pipeline.errors import RuleError
from pipeline.model import Block, CountryMention, InstitutionMention
from pipeline.rulebook.examples import as_example, parse_markup
from pipeline.rulebook.people import load_people

RULES, _ = load_people(Path(__file__).parents[1] / "rules")
ANNOTATOR = PeopleAnnotator(RULES)
TAGS = {"person": frozenset({"name", "honorific", "role", "country", "institution_id"})}
NAMES = {
    "Norway": "NO", "Norwegian": "NO", "Kenya": "KE", "Kenyan": "KE", "Peru": "PE", "Fiji": "FJ",
    "the UK": "GB", "UAE": "AE", "Brunei Darussalam": "BN", "Chile": "CL", "Chilean": "CL", "Vietnam": "VN", "Vietnamese": "VN",
    "Estonia": "EE", "Brazil": "BR", "Indian": "IN", "India": "IN", "U.S.": "US",
    "United Arab Emirates": "AE", "Sri Lanka": "LK", "Jordan": "JO",
}  # fmt: skip
INSTITUTIONS = {
    "Ministry of Ports": "no:ports",
    "Kestrel Bank": "ke:kestrel",
    "NorTel": "no:nortel",
}


def blocks_of(text):
    found, position = [], 0
    for line in text.split("\n"):
        if line.strip():
            kind = "heading" if line.startswith("# ") else "paragraph"
            found.append(Block(kind, position, position + len(line)))
        position += len(line) + 1
    return found


def countries_of(text):
    found = []
    for name, code in NAMES.items():
        via = "demonym" if name.endswith(("an", "ian", "ese")) else "name"
        ambiguous = 0.9 if name == "Jordan" else 1.0
        found += [
            CountryMention(m.start(), m.end(), f"countries/{code}", ambiguous, code, via)
            for m in re.finditer(rf"\b{re.escape(name)}(?!\w)", text)
        ]
    return sorted(found, key=lambda c: c.start)


def institutions_of(text):
    return [
        InstitutionMention(m.start(), m.end(), "institutions/x", 1.0, key, name, "ministry")
        for name, key in INSTITUTIONS.items()
        for m in re.finditer(re.escape(name), text)
    ]


def find(text, source_country=None):
    return ANNOTATOR.process(
        text,
        blocks_of(text),
        countries_of(text),
        institutions_of(text),
        source_country=source_country,
    )


def check(marked, source_country=None):
    text, expected = parse_markup(marked, TAGS, "test")
    mentions = find(text, source_country)
    assert [(m.start, m.end) for m in mentions] == [(e.start, e.end) for e in expected], [
        text[m.start : m.end] for m in mentions
    ]
    for mention, wanted in zip(mentions, expected, strict=True):
        for key, value in wanted.attributes:
            assert getattr(mention, key) == (value or None), key


HONORIFICS = [
    "Mr. <person name='Tove Lind' honorific='Mr.'>Tove Lind</person> came.",
    "Ms <person name='Yong Mei-Ling'>Yong Mei-Ling</person> said so.",
    "Shri <person name='Devraj Nimkar'>Devraj Nimkar</person> and Smt. <person name='Lalitha Rao'>Lalitha Rao</person> met.",
    "It was opened by H.E. Dr. <person name='Selma Haddou' honorific='H.E. Dr.'>Selma Haddou</person>.",
    "Her Excellency <person name='Miyeon PARK'>Miyeon PARK</person> spoke.",
    "Dato' Seri <person name='Azman Rahim'>Azman Rahim</person> was there.",
    "Tan Sri <person name='Lim Boon Hock'>Lim Boon Hock</person> was there.",
    "Air Vice Marshal (Retd.) <person name='Nihal Bandarage'>Nihal Bandarage</person> signed.",
    "Lt. Gen. <person name='Arvid Holm'>Arvid Holm</person> spoke.",
    "Prof. <person name='B.K. Anandan'>B.K. Anandan</person> spoke.",
    "Dr <person name='S Raman'>S Raman</person> spoke.",
    "Hon'ble Mr. <person name='Kofi Asante'>Kofi Asante</person> replied.",
    "H.H. Sheikh <person name='Hamad bin Rashid Al Noor'>Hamad bin Rashid Al Noor</person> agreed.",
    "Mr. <person name='Ruben van der Meer'>Ruben van der Meer</person> agreed.",
    "Mrs. <person name='Maire O’Dowd'>Maire O’Dowd</person> agreed.",
    "Ven. <person name='Sumana Thero'>Sumana Thero</person> blessed it.",
    "Engr. <person name='Tunde Bello'>Tunde Bello</person> built it.",
    "Sir <person name='Alan Pryce'>Alan Pryce</person> and Dame <person name='Edith Crane'>Edith Crane</person> met.",
    "Mr <person name='Đặng Hữu Phúc'>Đặng Hữu Phúc</person> spoke.",
    "Mr. <person name='Paul Ray, Jr.'>Paul Ray, Jr.</person> spoke.",
    "Smt. <person name='Kamala Devi'>Kamala Devi</person>’s speech was long.",
    "Mr <person name='Tan Wei How'>Tan Wei How</person> thanked them.",
    "Ms <person name='Theresa May'>Theresa May</person> thanked them.",
    "Kumari <person name='Anita Rao'>Anita Rao</person> sang.",
]
ROLES_BEFORE = [
    "President <person name='Kivanc' role='President'>Kivanc</person> left.",
    "Minister for Ports and Fisheries <person name='Odile Marchetti' role='Minister for Ports and Fisheries'>Odile Marchetti</person> spoke.",
    "Foreign Minister <person name='Per Dahl' role='Foreign Minister' country='NO'>Per Dahl</person> of Norway spoke.",
    "Norwegian Prime Minister <person name='Per Dahl' role='Norwegian Prime Minister' country='NO'>Per Dahl</person> spoke.",
    "U.S. National Security Advisor <person name='Ann Cole' country='US'>Ann Cole</person> spoke.",
    "Minister of Economy of Estonia <person name='Liis Kask' role='Minister of Economy of Estonia' country='EE'>Liis Kask</person> came.",
    "Kenya’s Minister for Trade, <person name='Amina Otieno' country='KE'>Amina Otieno</person>, came.",
    "General Secretary <person name='To Van'>To Van</person> of Vietnam came.",
    "Secretary General <person name='Aino Salmela' role='Secretary General'>Aino Salmela</person> came.",
    "Chairman of the Ministry of Ports <person name='Per Dahl' institution_id='no:ports'>Per Dahl</person> came.",
    "Ambassador <person name='Kerstin Vaar'>Kerstin Vaar</person> spoke; <person name='Kerstin Vaar'>Vaar</person> left.",
    "The Deputy Prime Minister and Minister for Finance, Mr. <person name='Gan Boon Tat' role='Deputy Prime Minister and Minister for Finance'>Gan Boon Tat</person>; others came.",
    "SECRETARY <person name='CORDERO'>CORDERO</person>: Thank you.",
    "Presidents <person name='Rivasol'>Rivasol</person> and <person name='Lindqvist'>Lindqvist</person> met.",
    "Ministers <person name='Ana Rivasol'>Ana Rivasol</person>, <person name='Per Dahl'>Per Dahl</person> and <person name='Tove Lind'>Tove Lind</person> met.",
    "Its president <person name='Ana Rivasol' role='president'>Ana Rivasol</person> agreed.",
    "Executive Director <person name='Milo Vukasin'>Milo Vukasin</person> agreed.",
    "Justice <person name='Ruth Kamau'>Ruth Kamau</person> agreed.",
    "Mayor <person name='Qin Wei'>Qin Wei</person> welcomed them.",
    "State Secretary <person name='Jordan Ahl' country=''>Jordan Ahl</person> came.",
    "Minister <person name='Teo'>Teo</person>’s visit was long.",
    "Vice President <person name='Abdul Karim'>Abdul Karim</person> met him.",
    "Secretary (Telecom) <person name='Devraj Nimkar' role='Secretary (Telecom)'>Devraj Nimkar</person> met him.",
]  # fmt: skip
ROLES_BEHIND = [
    "<person name='Per Dahl' role='Minister of Ports of Norway' country='NO'>Per Dahl</person>, Minister of Ports of Norway, replied.",
    "<person name='Devraj Nimkar' role='Secretary (Telecom)'>Devraj Nimkar</person>, Secretary (Telecom), spoke.",
    "<person name='Ana Rivasol' role='Joint Secretary'>Ana Rivasol</person>, Joint Secretary, MEA, spoke.",
    "Ms <person name='Ana Rivasol' role='Director General'>Ana Rivasol</person>, Director General, spoke.",
    "<person name='Milo Vukasin' role='chairman of the council'>Milo Vukasin</person>, chairman of the council, agreed.",
    "Shri <person name='Devraj Nimkar' role='Minister of Posts'>Devraj Nimkar</person>, the Minister of Posts, spoke.",
    "<person name='Ana Rivasol' role='Ambassador of Peru to Kenya' country='PE'>Ana Rivasol</person>, Ambassador of Peru to Kenya, spoke.",
    "<person name='Ana Rivasol' role='CEO of NorTel' institution_id='no:nortel'>Ana Rivasol</person> (CEO of NorTel) spoke.",
    "<person name='Ana Rivasol'>Ana Rivasol</person> – Deputy Minister of Ports of Peru – spoke.",
    "The team was led by <person name='Ottilie Graf' role='Director of Ports'>Ottilie Graf</person>, Director of Ports.",
    "<person name='ANA R. RIVASOL JR.'>ANA R. RIVASOL JR.</person>, President of Chile, signed.",
    "Mr <person name='Joe Ong' role='Permanent Secretary'>Joe Ong</person>, Permanent Secretary, and Mayor of Quito, Mr <person name='Luis Vega'>Luis Vega</person>, met.",
]
CUES = [
    "The team was led by <person name='Ottilie Graf'>Ottilie Graf</person>.",
    "It was signed by <person name='Ottilie Graf'>Ottilie Graf</person> and <person name='Milo Vukasin'>Milo Vukasin</person>.",
    "It was co-chaired by <person name='Ottilie Graf'>Ottilie Graf</person> from Norway.",
    "“It works,” <person name='Ottilie Graf'>Ottilie Graf</person> said.",
    "The prize went to <person name='Rosa Lindqvist'>Rosa Lindqvist</person> for it.",
    "<person name='Ottilie Graf' role='Minister of Ports'>Ottilie Graf</person> Minister of Ports",
    "<person name='Ottilie Graf'>Ottilie Graf</person>\nMinister of Ports",
    "<person name='Hamad bin Zaid Al Nahan'>Hamad bin Zaid Al Nahan</person> UAE National Security Advisor\nMr <person name='Joe Ong'>Joe Ong</person> spoke.",
    "<person name='OH Mei Ling'>OH Mei Ling</person> (Ms)\nManager, Communications",
    "# President <person name='Kivanc'>Kivanc</person> Embraces Change\nPresident <person name='Kivanc'>Kivanc</person> spoke.",
    "# President <person name='Kivanc'>Kivanc</person> Accorded Welcome\nIt was warm.",
    "Ms <person name='Ottilie Graf'>Ottilie Graf</person> spoke. Later <person name='Ottilie Graf'>Graf</person> left.",
    "President <person name='Xu Beining'>Xu</person> spoke. President <person name='Xu Beining'>Xu Beining</person> left.",
    "Mr <person name='Luis Vega'>Luis Vega</person> and Ms <person name='Ana Vega'>Ana Vega</person> met.",
]
NOBODY = [
    "The President of Vietnam arrived.", "The Prime Minister Office replied.", "Secretary General",
    "The Minister Counsellor came.", "THE PRESIDENT: Thank you.", "Sir, this is a question.",
    "The Board of Directors met.", "General Electric agreed.", "It was signed by the Ministry of Ports.",
    "It was led by Kestrel Bank.", "The Hon'ble MCIT opened it.", "The Ministers and officials met.",
    "His Excellency thanked the hosts.", "The Rosa Lindqvist Foundation paid.", "Mr. Lind University opened.",
    "President of the Republic", "The Foreign Secretary of India replied.", "Dear Sir or Madam",
    "The Director General, Telecom, replied.", "Vice President Level Talks", "Prime Minister, Vietnam",
    "The Chair thanked the Secretariat.", "Sri Lanka agreed.", "The Swami Vivek Faculty of Arts opened.",
    "Ministerial Meeting in May", "It opens at Victoria Harbour.", "Photo: Ana Rivasol, Director",
    "The Commissioner for Data Protection replied.", "Ryan White HIV Programme",
    "The Ambassador and the Minister met on Monday.", "",
]  # fmt: skip


@pytest.mark.parametrize("marked", HONORIFICS)
def test_honorifics(marked):
    check(marked)


@pytest.mark.parametrize("marked", ROLES_BEFORE)
def test_roles_before_the_name(marked):
    check(marked)


@pytest.mark.parametrize("marked", ROLES_BEHIND)
def test_roles_behind_the_name(marked):
    check(marked)


@pytest.mark.parametrize("marked", CUES)
def test_cues_layout_and_repetition(marked):
    check(marked)


@pytest.mark.parametrize("text", NOBODY)
def test_nobody(text):
    assert [text[m.start : m.end] for m in find(text)] == []


@pytest.mark.parametrize("rule", RULES.rule, ids=lambda r: r.id)
def test_examples_of_the_rules(rule):
    for example in map(as_example, rule.examples):
        check(example.text, example.source_country)
    for example in map(as_example, rule.counter_examples):
        assert find(example.text) == []


def test_home_country_of_a_minister():
    (mention,) = find("Minister for Posts Tove Lind spoke.", "NO")
    assert mention.country == "NO"
    (mention,) = find("Ambassador Tove Lind spoke.", "NO")
    assert mention.country is None


def test_boilerplate_names_nobody():
    text = "Mr. Tove Lind came."
    assert ANNOTATOR.process(text, [Block("paragraph", 0, len(text), boilerplate="footer")]) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("By Zoltar Vimble – Reefs open.", ["Zoltar Vimble"]),
        ("He is Minister-in-charge of Reef Shore Data Governance.", []),
        ("Her team includes Ottaviana Richardson.", ["Ottaviana Richardson"]),
        ("Kwabena Zolt, who led it, left.", ["Kwabena Zolt"]),
        ("The visit of Zoltar Vimble to Peru ended.", ["Zoltar Vimble"]),
        ("He met his counterpart Zoltar Vimble.", ["Zoltar Vimble"]),
        ("For details, contact:\nVIMBLE Mei Zor (Ms)\nManager", ["VIMBLE Mei Zor"]),
        ("MINISTER ZOLTAR VIMBLE’S REPLY IN PARLIAMENT", ["ZOLTAR VIMBLE"]),
        ("SENIOR MINISTER FOR PORTS AND FISHERIES ZOLTAR VIMBLE AT THE SUMMIT", ["ZOLTAR VIMBLE"]),
        (
            "Minister Odile Marchetti and Zor Vimblekamp left.",
            ["Odile Marchetti", "Zor Vimblekamp"],
        ),
        ("Vice President Sen. Zoltar Vimble left.", ["Zoltar Vimble"]),
        ("The Dean of the University Zoltar Vimble came.", []),
        ("The Rosa Harbour Bridge was closed.", []),
        ("Night Workers who came were paid.\nThe workers left.", []),
        ("The firm of Rosa Vimble & Zolt closed.", []),
        ("Sultan Zoltar bin Vimble Al Said came.", ["Zoltar bin Vimble Al Said"]),
        ("Kestrel Bank Chair Vimblekamp came.", ["Vimblekamp"]),
        ("The Kestrel Bank chair Vimblekamp came.", []),
        (
            "They came to the panel and spoke: Rosa Vimble, Kestrel Bank Laura Lindqvist, Ministry of Ports.",
            ["Rosa Vimble", "Laura Lindqvist"],
        ),
        ("Mr. Zach Vimble came. Dr. Zachary Vimble left.", ["Zachary Vimble", "Zachary Vimble"]),
    ],
)
def test_names_without_a_title(text, names):
    assert [m.name for m in find(text)] == names


def test_a_surname_with_a_role_is_not_the_relative_who_comes_later():
    found = find("President Vimble spoke. He thanked Dr. Ada Vimble, his sister.")
    assert [m.name for m in found] == ["Vimble", "Ada Vimble"]


def test_a_list_of_persons_names_those_without_a_known_role():
    """Two of three items are persons, so the third one is."""
    lines = [
        "- Ada Roe, President, Reefs",
        "- Zoltar Vimblekamp, Farmer, Tides",
        "- Per Dahl, Director, Ports",
    ]
    starts = [0, len(lines[0]) + 1, len(lines[0]) + len(lines[1]) + 2]
    blocks = [Block("bullet", s, s + len(x)) for s, x in zip(starts, lines, strict=True)]
    found = ANNOTATOR.process("\n".join(lines), blocks)
    assert [m.name for m in found] == ["Ada Roe", "Zoltar Vimblekamp", "Per Dahl"]


def test_a_list_of_things_names_nobody():
    text = "- Zoltar Waters, Fiji\n- Orchid Tides, Kenya"
    blocks = [Block("bullet", 0, 20), Block("bullet", 21, len(text))]
    assert ANNOTATOR.process(text, blocks) == []


def test_an_unknown_use_of_a_name_is_reported(tmp_path):
    rules = Path(__file__).parents[1] / "rules"
    (tmp_path / "people.toml").write_bytes((rules / "people.toml").read_bytes())
    (tmp_path / "names.csv").write_text("name,use\nRosa,first\n", "utf-8")
    with pytest.raises(RuleError) as error:
        load_people(tmp_path)
    assert error.value.where == "rules/names.csv:2"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('kind = "honorific"', 'kind = "title"'),
        ('id = "people/said"', 'id = "people/led-by"'),
        ('kind = "structure"', 'kind = "role"'),
        ("particles =", "particle ="),
    ],
)
def test_bad_rules_are_reported_with_their_line(tmp_path, old, new):
    text = (Path(__file__).parents[1] / "rules" / "people.toml").read_text("utf-8")
    (tmp_path / "people.toml").write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(RuleError) as error:
        load_people(tmp_path)
    assert re.match(r"rules/people\.toml:\d+$", error.value.where)


WORDS = st.sampled_from(
    [
        "Mr.",
        "Shri",
        "President",
        "Minister",
        "for",
        "Trade",
        "and",
        "of",
        "Norway",
        "Ana",
        "Lind",
        ",",
        "bin",
        "Al",
        "S.",
        "led by",
        "said",
        "\n",
        "the",
        "LEE",
        "(Telecom)",
        "Jr.",
        "Ana’s",
        ".",
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(), st.lists(WORDS, max_size=30).map(" ".join)))
def test_mentions_lie_in_the_text_in_order(text):
    end = 0
    for mention in find(text, "NO"):
        assert end <= mention.start < mention.end <= len(text)
        assert mention.name.strip()
        end = mention.end


@pytest.mark.parametrize("unit", ["Mr. ", "A. ", "Minister of ", "President Aa Bb, ", "led by "])
def test_hostile_text_takes_linear_time(unit):
    assert isinstance(find(unit * 3000), list)
