"""Institutions: registry, acronyms of the document, shapes, boundaries, kinds and countries."""

from __future__ import annotations

from itertools import pairwise

import pytest

NAMED = [
    # text, names (the fullest of each distinct institution)
    (
        "The Ministry of Electronics & Information Technology of India replied.",
        {"Ministry of Electronics & Information Technology"},
    ),
    ("A team of the Ministry of Tides and Reefs of Vietnam came.", {"Ministry of Tides and Reefs"}),
    (
        "The Ministry of Roads, Rails and Harbours signed it.",
        {"Ministry of Roads, Rails and Harbours"},
    ),
    ("The Ministry of Tides and Kenya agreed.", {"Ministry of Tides"}),
    (
        "The Ministry of Tides and the Ministry of Reefs agreed.",
        {"Ministry of Tides", "Ministry of Reefs"},
    ),
    (
        "The Ministry of Tides (MoT) said MoT would pay.",
        {"Ministry of Tides"},
    ),
    ("Kenya's Ministry of Tides replied.", {"Ministry of Tides"}),
    ("The Kenyan Ministry of Tides replied.", {"Ministry of Tides"}),
    ("The National Reef Safety Authority of Fiji opened.", {"National Reef Safety Authority"}),
    ("The Embassy of India in Hanoi and the Kenyan Embassy.", {"Embassy of India", "Kenyan Embassy"}),
    ("The Royal Government of Bhutan thanked the Indian government.",
     {"Royal Government of Bhutan", "Indian government"}),
    ("The Government of the Republic of Korea agreed.", {"Government of the Republic of Korea"}),
    ("Students of the University of Kandara came.", {"University of Kandara"}),
    ("Blue Kestrel Networks Pvt. Ltd. won.", {"Blue Kestrel Networks Pvt. Ltd."}),
    ("Lotus Fibre (Hanoi) Co. Ltd is a partner.", {"Lotus Fibre (Hanoi) Co. Ltd"}),
    ("Kestrel, a leading provider of fibre, joined.", {"Kestrel"}),
    ("An MoU was signed between Kestrel Nets and Orchid Labs.", {"Kestrel Nets", "Orchid Labs"}),
    ("The India – Kenya Joint Working Group met.", {"India – Kenya Joint Working Group"}),
    ("Experts from the Ministries of Reefs and Tides came.", {"Ministry of Reefs", "Ministry of Tides"}),
    ("It was tabled in Parliament.", {"Parliament"}),
    ("It went to Zoltar Nets’s CEO.", {"Zoltar Nets"}),
    ("Zoltar Ovens, a small local bakery, joined.", {"Zoltar Ovens"}),
    ("The President of Zoltarport, Rosa Vimble, came.", {"Zoltarport"}),
    ("Companies such as Zoltar and Orchid Waters pay.", {"Zoltar", "Orchid Waters"}),
    ("Staff of the Centre for Reef Studies came.", {"Centre for Reef Studies"}),
    ("Ask the Zoltar Council of Women’s Organisations.", {"Zoltar Council of Women’s Organisations"}),
    ("The Teachers’ Reef College opened.", {"Teachers’ Reef College"}),
    ("A team of the University of Zoltar Law School came.", {"University of Zoltar Law School"}),
    ("The National University of Singapore Reef School opened.",
     {"National University of Singapore Reef School"}),
    ("The Reef Centre of the Ports and Tides Agency replied.", {"Ports and Tides Agency"}),
    ("The Chamber of Commerce of Fiji spoke.", {"Chamber of Commerce of Fiji"}),
    ("The Digital Reefs Executive Committee met.", {"Digital Reefs Executive Committee"}),
    ("Secretary of the Ministry of Reefs Rosa Vimble came.", {"Ministry of Reefs"}),
    ("NAIROBI [Kenya], June 11 (Reef Wire): Fiji agreed.", {"Reef Wire"}),
    ("It was shown to the Harbour Police.", {"Harbour Police"}),
    ("It went to Nadi-based Zoltar Inc. and others.", {"Zoltar Inc."}),
    ("The governments of Kenya, Fiji, and the United Kingdom agreed.",
     {"Government of Kenya", "Government of Fiji", "Government of the United Kingdom"}),
    ("The Kenyan and Fijian governments agreed.", {"Kenyan government", "Fijian government"}),
    ("The Minister of the Ministry of Reefs, and Minister-in-Charge of Tides came.",
     {"Ministry of Reefs"}),
    ("A Joint Technical Committee (JTC) on Reefs and Tides met. The JTC agreed.",
     {"Joint Technical Committee (JTC) on Reefs and Tides"}),
    ("The Kenya-Fiji Reef Consultation Mechanism met.", {"Kenya-Fiji Reef Consultation Mechanism"}),
    ("The Zoltar Federation of Divers’ Associations spoke.",
     {"Zoltar Federation of Divers’ Associations"}),
    ("It went to the company Zoltar Nets.", {"Zoltar Nets"}),
    ("The Opening U.S. Embassy and the Royal Thai Embassy closed.",
     {"U.S. Embassy", "Royal Thai Embassy"}),
    ("MoS PMO Rosa Vimble came with C-DAC.", {"C-DAC"}),
    ("C-DAC came. Follow DoT Handles of India.", {"C-DAC"}),
    ("The American Chamber of Commerce helped.", {"American Chamber of Commerce"}),
]  # fmt: skip
UNNAMED = [
    "The Ministry and the Department agreed.",
    "The Joint Working Group met.",
    "A 5G Mobile Network is planned with Emerging Technologies.",
    "The Board of Directors met.",
    "The Russian Federation and the European Union agreed.",
    "Seats are Limited.",
    "They adopted the Information Society agenda.",
    "Visit https://www.kestrelgroup.com/Kestrel_Bank for more.",
    "The Agency Reform Programme ended.",
    "They marked United Nations Day.",
    "A Centre for Reef Studies will be built.",
    "The India-Kenya Centre for Reef Studies will be built.",
    "Ada Roe, Manager, Marketing Group, replied.",
    "Countries such as Zoltar and Orchid pay.",
    "The governments of the region met.",
    "Specifically, the company will pay.",
    "Divers Ada Roe and Anna Chambers came.",
    "The Compact of Free Association was signed.",
    "Officials spoke at the Committee of Supply.",
    "The Standing Committee met.",
    "Ministers of ten countries came to the Kenya-Fiji Ministerial Round Table.",
]


@pytest.mark.parametrize(("text", "names"), NAMED)
def test_names(read, text, names):
    assert {i.name for i in read(text)._.institutions} == names


@pytest.mark.parametrize("text", UNNAMED)
def test_no_institution(read, text):
    assert read(text)._.institutions == []


def test_an_acronym_defined_in_the_document_is_the_same_institution(read):
    doc = read("The Ministry of Tides (MoT) of Fiji met. MoT agreed.\nLater, MoT signed.")
    found = doc._.institutions
    assert len(found) == 4
    assert {i.institution_id for i in found} == {"fj:ministry-of-tides"}
    assert {i.acronym for i in found} == {"MoT"}


def test_a_document_defines_acronyms_anew(read):
    """MIC is the Vietnamese ministry here, whatever the registry says of other MICs."""
    doc = read("The Ministry of Ice Cream (MIC) met. MIC agreed.")
    assert {i.name for i in doc._.institutions} == {"Ministry of Ice Cream"}


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("The MIC of Japan agreed.", "JP"),
        ("Japan and Kenya met; MIC spoke.", "JP"),
    ],
)
def test_ambiguous_acronyms_follow_the_country(read, text, country):
    assert [i.country for i in read(text)._.institutions] == [country]


def test_an_ambiguous_acronym_without_context_is_left_out(read):
    assert read("MIC and MCI spoke.")._.institutions == []


def test_a_body_that_is_certain_decides_for_an_ambiguous_one(read):
    """Nothing names the country, but only one has the other body."""
    doc = read("Staff of the FCC and of the FTC came.")
    assert [i.country for i in doc._.institutions] == ["US", "US"]


def test_the_names_of_a_government_are_one_institution(read):
    doc = read(
        "The Kenyan government met. The Government of Kenya signed. "
        "The governments of Fiji and Kenya agreed."
    )
    assert {i.institution_id for i in doc._.institutions} == {"ke-govt", "fj-govt"}


def test_the_government_of_a_region_is_another_one(read):
    doc = read("The Government of Nakuru of Kenya and the Government of Kenya met.")
    assert len({i.institution_id for i in doc._.institutions}) == 2


def test_an_acronym_of_several_is_that_of_no_body(read):
    doc = read("Nice Aquatic Scouts and Algae (NASAs) swim. NASA swims.")
    assert doc._.institutions == []


def test_an_acronym_inside_a_longer_name_is_that_of_the_inner_one(read):
    doc = read("The Zoltar Reef Association (ZRA) Field Office opened. ZRA came.")
    assert "ZRA" not in {i.acronym for i in doc._.institutions if i.name.endswith("Office")}


def test_registry_links(read):
    found = read("C-DAC and MeitY of India agreed with ASEAN.")._.institutions
    assert [(i.institution_id, i.linked) for i in found] == [
        ("in-cdac", True),
        ("in-meity", True),
        ("int-asean", True),
    ]


def test_kinds_and_countries(read):
    doc = read("The Ministry of Reefs of Fiji and the University of Nadi signed it in Suva.")
    assert {(i.kind, i.country) for i in doc._.institutions} == {
        ("ministry", "FJ"),
        ("university", "FJ"),
    }


def test_no_overlaps(read):
    doc = read(
        "The National Institute of Reef Studies of the Ministry of Tides (MoT) and the Indian "
        "Embassy of the Government of India met the Kestrel Group Ltd and MoT."
    )
    found = doc._.institutions
    assert all(a.end <= b.start for a, b in pairwise(found))
