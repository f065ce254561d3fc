"""Figures: marked-up sentences, the examples of the rules, and properties."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.annotate.figures import FigureAnnotator
from pipeline.annotate.figures.numbers import NumberReader
from pipeline.edtf import parse
from pipeline.errors import RuleError
from pipeline.model import Block, CountryMention, DateMention
from pipeline.rulebook.examples import as_example, parse_markup
from pipeline.rulebook.figures import load_figures

RULES, _ = load_figures(Path(__file__).parents[1] / "rules")
ANNOTATOR = FigureAnnotator(RULES)
TAGS = {"figure": frozenset({"value", "unit", "what", "country", "period"})}
NAMES = {"Kenya": "KE", "Kenyans": "KE", "Kenyan": "KE", "Peru": "PE", "U.S.": "US", "Fiji": "FJ"}


def blocks_of(text):
    found, position = [], 0
    for line in text.split("\n"):
        if line.strip():
            found.append(Block("paragraph", position, position + len(line)))
        position += len(line) + 1
    return found


def countries_of(text):
    found = [
        CountryMention(m.start(), m.end(), f"countries/{code}", 1.0, code, via)
        for name, code in NAMES.items()
        for via in ["demonym" if name.startswith("Kenyan") else "name"]
        for m in re.finditer(rf"\b{re.escape(name)}(?!\w)", text)
    ]
    return sorted(found, key=lambda c: c.start)


def dates_of(text):
    return [
        DateMention(m.start(), m.end(), "dates/x", 1.0, parse(m[0]))
        for m in re.finditer(r"\b(?:19|20)\d\d\b(?! [a-z]*s\b)", text)
    ]


def find(text, source_country=None):
    return ANNOTATOR.process(
        text, blocks_of(text), countries_of(text), dates_of(text), source_country=source_country
    )


def check(marked, source_country=None):
    text, expected = parse_markup(marked, TAGS, "test")
    figures = find(text, source_country)
    assert [(m.start, m.end) for m in figures] == [(e.start, e.end) for e in expected], [
        (text[m.start : m.end], m.unit) for m in figures
    ]
    for figure, wanted in zip(figures, expected, strict=True):
        for key, value in wanted.attributes:
            found = getattr(figure, key)
            assert found == (float(value) if key == "value" else value or None), key


def money(text, value, unit):
    return f"It cost <figure value='{value}' unit='{unit}'>{text}</figure>."


MONEY = [
    money("US$ 42 million", 42e6, "USD"), money("$1,250", 1250, "USD"), money("USD 5 bn", 5e9, "USD"),
    money("66 billion USD", 66e9, "USD"), money("740 million US dollars", 740e6, "USD"),
    money("S$22 billion", 22e9, "SGD"), money("A$3.5 million", 3.5e6, "AUD"), money("€12", 12, "EUR"),
    money("EUR 1.5 million", 1.5e6, "EUR"), money("30 million euros", 30e6, "EUR"),
    money("£11.4 billion", 11.4e9, "GBP"), money("¥500 billion", 500e9, "JPY"),
    money("200 million yen", 200e6, "JPY"), money("RM5 million", 5e6, "MYR"),
    money("₹1,25,000", 125000, "INR"), money("Rs. 240 crore", 240e7, "INR"),
    money("Rs 2.5 lakh crore", 2.5e12, "INR"), money("INR 3 lakh", 3e5, "INR"),
    money("DKK 14 million", 14e6, "DKK"), money("HK$9 million", 9e6, "HKD"),
    money("900 trillion dong", 900e12, "VND"), money("QAR 4,000", 4000, "QAR"),
    money("$2 trillion", 2e12, "USD"), money("USD5 million", 5e6, "USD"),
    money("nine million dollars", 9e6, "USD"), money("half a million dollars", 5e5, "USD"),
    "Hardware: <figure value='59000000000' unit='USD'>59 billion USD</figure>, software: <figure value='3000000000' unit='USD'>3 billion USD</figure>.",
    "It was <figure value='100' unit='SGD'>S$100</figure> (<figure value='74' unit='USD'>US$74</figure>).",
    "It rose from <figure value='4' unit='USD'>4</figure> to <figure value='144000000000' unit='USD'>144 billion USD</figure>.",
]  # fmt: skip
SHARES = [
    "It rose by <figure value='85' unit='%'>85%</figure>.",
    "It rose by <figure value='12.5' unit='%'>12.5 per cent</figure> in Peru.",
    "It rose by over <figure value='90' unit='%'>90 percent</figure>.",
    "Some <figure value='7' unit='%'>seven percent</figure> agreed.",
    "It fell by <figure value='2.2' unit='%'>2.2 percentage points</figure>.",
    "Those in the top <figure value='5' unit='%'>5 percent</figure> pay.",
    "Between <figure value='10' unit='%'>10</figure>-<figure value='15' unit='%'>15 per cent</figure> agreed.",
    "It grew <figure value='20' unit='%'>20%</figure> by 2025 and <figure value='30' unit='%'>30%</figure> by 2030.",
]
MEASURES = [
    "Goal: <figure value='30' unit='gigawatts'>30 gigawatts (GW)</figure> and <figure value='10' unit='gigawatts'>10 GW</figure>.",
    "It makes <figure value='6000' unit='megawatts'>6,000 MW</figure>.",
    "It spans <figure value='1200' unit='kilometres'>1,200 km</figure>.",
    "It covers <figure value='40' unit='hectares'>40 hectares</figure>.",
    "They caught <figure value='1000000000' unit='metric tons'>a billion metric tons</figure> of it.",
    "They caught <figure value='800' unit='pounds'>800 pounds</figure> of it.",
    "It needs <figure value='15' unit='bcm'>15 bcm</figure> of gas.",
    "It reaches <figure value='100' unit='gigabits per second'>100 Gbps</figure>.",
]
COUNTED = [
    "<figure value='75' unit='students'>75 students</figure> were trained.",
    "<figure value='10' unit='faculty members'>Ten faculty members</figure> came.",
    "<figure value='6' unit='institutes'>six institutes</figure> of Peru",
    "India-wide, <figure value='10' unit='CAs'>10 CAs</figure> work.",
    "It has <figure value='1500000' unit='digital signatures'>1.5 million digital signatures</figure>.",
    "There are <figure value='1100000000' unit='subscribers'>1.1 billion mobile subscribers</figure>.",
    "Some <figure value='8000000' unit='people' country='KE'>8 million Kenyans</figure> use it.",
    "It supports <figure value='215000' unit='jobs'>215,000 jobs</figure>.",
    "About <figure value='4000' unit='students' country='KE'>4,000 Kenyan students</figure> study there.",
    "It has <figure value='41' unit='universities'>41 U.S. universities</figure>.",
    "It supports <figure value='110' unit='exchange programs'>110 exchange programs</figure>.",
    "It hosts <figure value='1000' unit='people'>1,000 service members, civilians, and dependents</figure>.",
    "It had <figure value='118' unit='suppliers'>118 Kenya SME suppliers</figure>.",
    "The batch of <figure value='10' unit='companies'>10 companies</figure> left.",
    "Now <figure value='8' unit='companies'>eight companies</figure> take part.",
    "It serves <figure value='180' unit='villages'>180 villages</figure>.",
    "It had <figure value='39' unit='jobs'>thirty-nine jobs</figure>.",
    "It had <figure value='210' unit='workers'>two hundred and ten workers</figure>.",
    "It lists <figure value='12000' unit='inscriptions'>12,000 stone inscriptions</figure>.",
    "Over <figure value='3970000' unit='people'>39.7 lakh people</figure> work there.",
    "The number of mobile subscribers was <figure value='130000000' unit='subscribers'>130 million</figure>.",
    "Our subscribers now number <figure value='119000000' unit='subscribers'>119 million</figure>, we hope.",
    "They bought <figure value='200' unit='buses'>200 buses</figure>, of which <figure value='88' unit='buses'>88</figure> were late.",
    "It had <figure value='350000' unit='people'>3.5 lakh people</figure> now and <figure value='1100000' unit='people'>11 lakh</figure> in 2019.",
    "<figure value='60' unit='computers'>60 computers</figure> were installed.",
    "It offers <figure value='50' unit='seats'>50 seats</figure> to officials.",
    "Some <figure value='1700' unit='services'>1700 services</figure> run on it.",
    "It grants <figure value='43' unit='training courses'>43 training courses</figure>.",
    "It trained <figure value='500' unit='women'>500 young women</figure>.",
]
CONTEXT = [
    "In Peru, <figure value='75' unit='students' country='PE' period='2005' what='students'>75 students</figure> came in 2005.",
    "Exports to Fiji were <figure value='5' unit='USD' country='FJ' period='2016'>$5</figure> in 2016.",
    "A grant of <figure value='5' unit='USD' what='school meals'>$5</figure> for school meals.",
    "In 2016 revenue was <figure value='5' unit='USD' period='2016'>$5</figure>. Then it was <figure value='6' unit='USD' period='2016'>$6</figure>.",
]
NOTHING = [
    "A 45 member delegation came.", "A delegation of 18 companies came.", "The top 3 students met.",
    "The 2nd meeting was in 2012.", "Four MoUs were signed.", "They held 12 meetings.", "Two officials met.",
    "It lasts for 3 years.", "Over 55 years of relations.", "It ran 10 days.", "It starts at 10:30 am.",
    "Article 5 applies.", "Phase 2 starts.", "Annex 3 says so.", "5G and 4G networks", "The G20 met.",
    "COVID-19 spread.", "Call +65 6211 0375.", "Two countries agreed.", "Ten principles guide it.",
    "Four pillars carry it.", "three key areas", "Both parties held five rounds.", "Version 2.0 is out.",
    "1. The first item", "In 2016 they met.", "The five operators agreed.", "the two governments",
    "Horizon 2020 projects", "Boeing 787 aircraft came.", "She is aged 20.", "It is 30 degrees.",
    "on 5 May", "No. 12 is it.", "Section 4 students", "Thousands of jobs", "hundreds of people", "",
    "H.R. 5376 passed.", "The one company left.", "Ten countries joined.", "three successful trials",
    "14 joint projects", "Standard Missile 3 missiles", "SDG 4 targets", "24x7 help", "$", "5-year plans",
]  # fmt: skip


@pytest.mark.parametrize("marked", MONEY)
def test_money(marked):
    check(marked)


@pytest.mark.parametrize("marked", SHARES)
def test_percentages(marked):
    check(marked)


@pytest.mark.parametrize("marked", MEASURES)
def test_measures(marked):
    check(marked)


@pytest.mark.parametrize("marked", COUNTED)
def test_counted_nouns(marked):
    check(marked)


@pytest.mark.parametrize("marked", CONTEXT)
def test_country_period_and_subject(marked):
    check(marked)


@pytest.mark.parametrize("text", NOTHING)
def test_no_figure(text):
    assert [(text[m.start : m.end], m.unit) for m in find(text)] == []


def test_bare_signs_follow_the_publisher():
    text = "A grant of $5 million and of Rs. 3 crore."
    assert [m.unit for m in find(text, "SG")] == ["SGD", "INR"]
    assert [m.unit for m in find(text, "LK")] == ["USD", "LKR"]


@pytest.mark.parametrize("rule", RULES.rule, ids=lambda r: r.id)
def test_examples_of_the_rules(rule):
    for example in map(as_example, rule.examples):
        text = example.text.replace("million Kenyans", "million Kenyans")
        check(text, example.source_country)
    for example in map(as_example, rule.counter_examples):
        assert find(example.text) == []


def test_boilerplate_has_no_figures():
    text = "75 students came."
    assert ANNOTATOR.process(text, [Block("paragraph", 0, len(text), boilerplate="footer")]) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('kind = "currency"', 'kind = "money"'),
        ('id = "figures/usd"', 'id = "figures/percent"'),
        ('unit = "USD"\n', "\n"),
        ("many = 20", 'many = "twenty"'),
        ('kind = "structure"', 'kind = "noun"'),
    ],
)
def test_bad_rules_are_reported_with_their_line(tmp_path, old, new):
    text = (Path(__file__).parents[1] / "rules" / "figures.toml").read_text("utf-8")
    (tmp_path / "figures.toml").write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(RuleError) as error:
        load_figures(tmp_path)
    assert re.match(r"rules/figures\.toml:\d+$", error.value.where)


@given(st.integers(0, 10**12), st.integers(0, 99))
def test_numbers_round_trip(whole, cents):
    (number,) = NumberReader(RULES).find(f" {whole:,}.{cents:02} ")
    assert number.value == float(f"{whole}.{cents:02}")
    assert number.end == len(f" {whole:,}.{cents:02}")


WORDS = st.sampled_from(
    [
        "5",
        "1,250",
        "$",
        "US$",
        "million",
        "crore",
        "students",
        "per cent",
        "%",
        "of which",
        "ten",
        "-",
        "number of",
        "Kenyans",
        "in",
        "2016",
        "\n",
        "to",
        "and",
        "Rs.",
        "a billion",
        "members",
        ".",
        "GW",
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(), st.lists(WORDS, max_size=30).map(" ".join)))
def test_figures_lie_in_the_text_in_order(text):
    end = 0
    for figure in find(text, "SG"):
        assert end <= figure.start < figure.end <= len(text)
        assert figure.unit
        end = figure.end


@pytest.mark.parametrize("unit", ["1", "$1 ", "5 cats ", "1-", "two hundred ", "number of 1,000 "])
def test_hostile_text_takes_linear_time(unit):
    assert isinstance(find(unit * 3000), list)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It stands at $739m.", [(739e6, "USD")]),
        ("The need of $40+ trillion grows.", [(40e12, "USD")]),
        ("The road is 739m long.", []),
        ("Earnings rise 23pc.", [(23.0, "%")]),
        ("They gave 257 million safe and effective doses.", [(257e6, "doses")]),
        ("It has 30 local and grows many companies.", []),
        ("Only one in three women and 2 out of 5 men could read.", []),
        ("They built two 40-seater electric buses.", []),
    ],
)
def test_scales_and_joined_adjectives(text, found):
    assert [(one.value, one.unit) for one in find(text)] == found


def test_a_year_before_a_word_that_is_a_currency(read):
    figures = read("She was known, and in 1950 won a scholarship of 5,000 won.")._.figures
    assert [(one.value, one.unit) for one in figures] == [(5000.0, "KRW")]
