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
from pipeline.records.projects.words import words_of
from pipeline.records.report import Report, Support
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


# Who asks, who is taught, what an agreement founds and how far that got.
FOUNDED = [
    ("Kenya has requested to use the Reef Portal, which Norway built.", {"kind": "software", "status": "proposed", "host": "KE"}),
    ("Norway supported the launch of a reef portal in Kenya.", {"status": "operational", "host": "KE"}),
    ("The MoU establishes a joint research programme on tides between Kenya and Norway.", {"kind": "research", "status": "agreed"}),
    ("Kenya and Norway signed the Reef Deal (RFD). The RFD establishes a joint research programme on tides between Kenya and Norway.", {"kind": "research", "status": "agreed"}),
    ("The proposal of Kenya to enter into a memorandum of understanding with Norway for setting up a Reef Laboratory in Mombasa was read.", {"status": "proposed", "host": "KE"}),
    ("Kenya is among the beneficiaries of the Norwegian Reef Training Programme.", {"kind": "training", "status": "ongoing", "host": "KE"}),
    ("Norway and Kenya met in the Joint Reef Committee, which was established by an MoU signed on 4 May 2015.", {"status": "operational", "date": "2015-05-04"}),
    ("Kenya and Norway are launching a public campaign for clean coasts: the Reef Cleaning Challenge.", {"name": "Reef Cleaning Challenge", "status": "operational"}),
    ("Norway is collaborating with Kenya to deploy wind and wave charging networks near Mombasa.", {"kind": "network", "name": "wind and wave charging networks", "status": "ongoing"}),
    ("They followed the decision by President Anna B. Lund, Jr. of Norway and President Peter Otieno Mwangi of Kenya to establish a Joint Reef Committee.", {"kind": "body", "status": "agreed"}),
    ("The Reef Training Programme for officers of Kenya, organised by Norway, was praised.", {"status": "ongoing", "host": "KE"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), FOUNDED)
def test_who_asks_and_what_an_agreement_founds(find, text, wanted):
    found = find(text)
    assert len(found) == 1
    assert {key: found[0][key] for key in wanted} == wanted


def test_several_programmes_are_no_single_one_told_of_before(find):
    found = find(
        "Kenya and Norway cooperate through the Norwegian Reef Officers Training Programme. "
        "The proposed capacity-building programmes were discussed by Kenya and Norway."
    )
    assert [(row["status"], row["kind"]) for row in found] == [
        ("ongoing", "training"),
        ("proposed", "training"),
    ]


def test_words_stand_where_they_say():
    text = "  The U.S.-built e-ABC costs 1,500 dollars (Kenya’s), no?\n"
    words, starts, ends = words_of(text, 2, len(text))
    assert [text[a:b] for a, b in zip(starts, ends, strict=True)] == [w.text for w in words]
    assert [w.text for w in words if w.is_possessive] == ["Kenya’s"]
    assert words_of(text, 0, 0).words == []


# How projects are worded elsewhere: text, kind, status, host.
FORMS = [
    ("India will build a 50-bed maternity hospital in Jaffna, Sri Lanka.", "facility", "agreed", "LK"),
    ("India handed over 1,000 houses built for plantation workers in Sri Lanka.", "facility", "completed", "LK"),
    ("The foundation stone of a Vietnamese-funded secondary school was laid in Vientiane, Laos.", "facility", "ongoing", "LA"),
    ("Construction of the Punatsangchhu-II hydropower plant in Bhutan, financed by India, is progressing.", "facility", "ongoing", "BT"),
    ("Kenya and Ethiopia will construct a power transmission line between their capitals.", "network", "agreed", None),
    ("Work on the India-Myanmar-Thailand trilateral highway is under way.", "network", "ongoing", None),
    ("Finland and Estonia signed a memorandum on the construction of a railway tunnel between Helsinki and Tallinn.", "network", "agreed", None),
    ("The Prime Ministers of India and Bangladesh inaugurated the Akhaura-Agartala rail link.", "network", "operational", None),
    ("Air links will be restored: Chile and New Zealand agreed to launch direct flights between Santiago and Auckland.", "other", "agreed", None),
    ("Peru and Chile decided to create a binational environment fund.", "other", "agreed", None),
    ("Turkey provides 50 scholarships a year to Ghanaian students.", "training", "ongoing", "GH"),
    ("Turkey will grant 50 scholarships to Ghanaian students.", "training", "agreed", "GH"),
    ("Brazil and Portugal launched a master's degree programme in ocean law.", "training", "operational", None),
    ("Kenya and Norway will offer a joint doctoral programme in marine biology.", "training", "agreed", None),
    ("China offered to train 200 Zambian nurses.", "training", "proposed", "ZM"),
    ("Japan and India will jointly develop a lunar polar exploration mission.", "research", "agreed", None),
    ("The French-Indian satellite SARAL was launched in February 2013.", "facility", "operational", None),
    ("India and France will jointly build a satellite constellation for maritime surveillance.", "facility", "agreed", None),
    ("Poland and the United States signed an agreement on the construction of Poland's first nuclear power plant.", "facility", "agreed", "PL"),
    ("Russia will build four reactors at El Dabaa in Egypt.", "facility", "agreed", "EG"),
    ("President Samia opened the Julius Nyerere Hydropower Station, built by Egyptian companies in Tanzania.", "facility", "operational", "TZ"),
    ("South Korea and Uzbekistan agreed to establish an AI innovation centre in Tashkent.", "centre", "agreed", "UZ"),
    ("The German-funded Digital Transformation Centre in Kigali, Rwanda, opened its doors in May 2019.", "centre", "operational", "RW"),
    ("India signed an MoU with Tanzania on the establishment of a campus of IIT Madras in Zanzibar.", "centre", "agreed", "TZ"),
    ("A campus of IIT Madras was set up in Zanzibar, Tanzania.", "centre", "operational", "TZ"),
    ("France and Italy will set up a border cooperation committee.", "body", "agreed", None),
    ("Japan and the EU have established a Digital Partnership Council.", "body", "operational", None),
    ("Peru proposed to Chile the creation of a joint working group on fisheries.", "body", "proposed", None),
    ("Under the memorandum, a steering committee will be formed by Malta and Italy.", "body", "agreed", None),
    ("The ministers of Kenya and Uganda agreed to form a joint task force on livestock theft.", "body", "agreed", None),
    ("Singapore and India launched the linkage of their UPI and PayNow payment systems in February 2023.", "software", "operational", None),
    ("Australia will fund a digital land registry for Solomon Islands.", "software", "agreed", "SB"),
    ("Estonia helped Moldova and developed the e-notary platform for Moldova.", "software", "completed", "MD"),
    ("A mobile app for Kenyan farmers, developed by Dutch experts, was launched in Nairobi.", "software", "operational", "KE"),
    ("Australia, Japan and the United States will fund an undersea cable for Palau.", "network", "agreed", "PW"),
    ("A submarine cable financed by Australia was completed in Palau in 2023.", "network", "completed", "PW"),
    ("Sweden and Finland are testing a pilot project on cross-border digital prescriptions.", "pilot", "ongoing", None),
    ("Norway and Ghana completed a trial of drone deliveries in 2021.", "pilot", "completed", None),
    ("JICA of Japan has completed a feasibility study on a geothermal plant in Ethiopia.", "study", "completed", "ET"),
    ("Greece and Cyprus agreed to conduct a joint feasibility study on an electricity cable.", "study", "agreed", None),
    ("A survey of groundwater in Mongolia is being conducted by Korean experts.", "study", "ongoing", "MN"),
    ("Denmark is financing the restoration of the Mykolaiv water supply in Ukraine.", "other", "ongoing", "UA"),
    ("The Erasmus-style exchange programme between Korea and Japan has sent 500 students abroad since 2015.", "training", "ongoing", None),
    ("Greece and India will begin a young professionals exchange scheme.", "training", "agreed", None),
    ("The UK and Japan will launch a £10 million joint research fund on clean hydrogen.", "research", "agreed", None),
    ("A joint call for proposals on batteries was launched by Israel and Germany.", "research", "operational", None),
    ("Italy and Algeria signed a contract for the construction of a solar power station at Bir Rebaa in Algeria.", "facility", "agreed", "DZ"),
    ("The setting up of a tea research institute in Kenya with Chinese assistance was agreed.", "centre", "agreed", "KE"),
    ("The two presidents of Kenya and Ethiopia commissioned the 500 kV interconnector.", "network", "operational", None),
    ("The Indonesia-Australia Cyber Policy Forum was established in 2017.", "body", "operational", None),
    ("A joint expedition of Norwegian and Indian scientists to Svalbard is ongoing.", "research", "ongoing", None),
    ("Japan pledged a loan of 100 billion yen for the Dhaka metro project in Bangladesh.", "facility", "agreed", "BD"),
    ("Nigeria and South Korea have agreed on the establishment of an e-governance training centre in Abuja.", "centre", "agreed", "NG"),
    ("China will construct two ministerial office buildings in Monrovia, Liberia.", "facility", "agreed", "LR"),
    ("Saudi Arabia announced it would finance an oil refinery at Gwadar in Pakistan.", "facility", "agreed", "PK"),
    ("Georgia and Romania signed a memorandum of understanding on the Black Sea submarine cable project.", "network", "agreed", None),
    ("The presidents of Kazakhstan and Uzbekistan discussed building a new railway between Turkestan and Tashkent.", "network", "proposed", None),
    ("Under the programme, 30 Malawian nurses will be trained in Ireland.", "training", "agreed", "MW"),
    ("Australia committed to provide 40 postgraduate scholarships for Vietnamese students.", "training", "agreed", "VN"),
    ("Latvia organised a training course for border guards from Tajikistan in Riga.", "training", "completed", "TJ"),
    ("The Israeli and Indian science ministries will jointly fund a research programme on water reuse.", "research", "agreed", None),
    ("Researchers from Switzerland and Ghana are working on a joint research project on malaria vaccines.", "research", "ongoing", None),
    ("The NISAR mission of NASA and ISRO, built by the United States and India, was launched in July 2025.", "research", "operational", None),
    ("Singapore will help develop a national digital identity system for Bhutan.", "software", "agreed", "BT"),
    ("Estonian company Cybernetica and Rwanda launched a data exchange platform in Kigali.", "software", "operational", "RW"),
    ("The two prime ministers of Greece and Bulgaria agreed on the creation of a joint working group on floods.", "body", "agreed", None),
    ("A Joint Business Council was set up by Oman and Iran in 2015.", "body", "operational", None),
    ("Both ministers decided to establish a high-level committee of Egypt and Sudan on water.", "body", "agreed", None),
    ("A pilot project for the mutual recognition of digital driving licences will be launched by France and Spain.", "pilot", "agreed", None),
    ("The Japanese hydrogen pilot plant in Gujarat, India, is under construction.", "pilot", "ongoing", "IN"),
    ("A joint study group of China and Mauritius completed the feasibility study of a free trade agreement.", "study", "completed", None),
    ("India will prepare the detailed project report of the Raxaul-Kathmandu railway line in Nepal.", "study", "agreed", "NP"),
    ("The Prime Ministers of India and Mauritius jointly inaugurated the new Supreme Court building in Port Louis.", "facility", "operational", "MU"),
    ("The Afghan parliament building in Kabul was built by India.", "facility", "completed", "AF"),
    ("Kazakhstan and Turkey will open a joint university in Turkistan.", "centre", "agreed", None),
    ("The CYCLOPS training centre in Larnaca, Cyprus, funded by the United States, was inaugurated in 2022.", "centre", "operational", "CY"),
    ("India and Nepal launched a cross-border payment service through UPI.", "software", "operational", None),
    ("Rosatom of Russia was chosen to build the first nuclear power plant in Kazakhstan.", "facility", "agreed", "KZ"),
    ("The Rooppur nuclear power plant is being built in Bangladesh with Russian assistance.", "facility", "ongoing", "BD"),
    ("The Baltic Connector gas pipeline between Finland and Estonia started operations in January 2020.", "network", "operational", None),
    ("New Zealand offered internships to Fijian engineers.", "training", "proposed", "FJ"),
    ("Japan will fund the construction of two infirmaries in Hoa Binh, Vietnam.", "facility", "agreed", "VN"),
    ("The commencement ceremony for the China-aided general hospital project was held in Vientiane, Laos.", "facility", "ongoing", "LA"),
    ("Hungary will increase the number of scholarships for Kazakh students to 250.", "training", "agreed", "KZ"),
    ("Indian Ambassador inaugurated a school building in Gorkha, Nepal, built with Indian grant assistance.", "facility", "operational", "NP"),
    ("Norway and Germany plan a hydrogen pipeline by 2030.", "network", "agreed", None),
    ("IndiGo will operate direct flights between Mumbai and Athens, said the minister of Greece after talks with India.", "other", "agreed", None),
    ("India and Greece set up a Joint Working Group on Agriculture in 2022.", "body", "operational", None),
    ("Serbia and Azerbaijan agreed to establish the Strategic Partnership Council.", "body", "agreed", None),
    ("The Armenian-Indian Center for Excellence in ICT opened in Yerevan in November 2011.", "centre", "operational", "AM"),
    ("Chile and South Korea agreed to launch a joint Antarctic research programme.", "research", "agreed", None),
    ("France and Thailand signed an agreement for the development of a second airport terminal at U-Tapao in Thailand.", "facility", "agreed", "TH"),
    ("Brazil and Argentina agreed to interconnect their instant payment systems.", "software", "agreed", None),
    ("The Senegalese-German Information Centre for Migration was opened in Dakar.", "centre", "operational", "SN"),
    ("Malaysia and Singapore will commission a joint study on a cross-border special economic zone.", "study", "agreed", None),
    ("The Johor Bahru-Singapore Rapid Transit System Link between Malaysia and Singapore is under construction.", "network", "ongoing", None),
    ("Thailand and Cambodia launched a QR payment pilot.", "pilot", "operational", None),
    ("The universities of Kyoto and Nairobi will start a double degree programme between Japan and Kenya.", "training", "agreed", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind", "status", "host"), FORMS)
def test_forms_of_words(find, text, kind, status, host):
    (row,) = find(text)
    assert (row["kind"], row["status"], row["host"]) == (kind, status, host)


NONE = [
    "Kenya and Norway signed an MoU on Cooperation in the Field of Higher Education.",
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
    # relations, trade, visits and goodwill are none
    "Kenya and Japan discussed cooperation in training and research.",
    "The two countries, Kenya and Japan, will strengthen their network of partners.",
    "Singapore launched its national AI programme, the minister told guests from Japan.",
    "Japan and Kenya signed an agreement on the protection of investments.",
    "Japan and Kenya established diplomatic relations in 1963.",
    "The minister of Kenya visited a factory in Japan.",
    "Kenya and Japan held a seminar on ports.",
    "Japan supports Kenya in the development of its economy.",
    "The Kenyan president thanked Japan for its support to development projects.",
    "Kenya and Japan welcomed the growth of trade and the building of trust.",
    "Kenya and Japan opened a new chapter in their relations.",
    "Japanese companies were invited to build factories and plants in Kenya.",
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


def test_a_heading_tells_only_what_the_text_leaves_out(nlp, finder):
    title = ("heading", 1, "India opens Map Centre in Fiji")
    told = _listed(nlp, finder, [title, ("paragraph", 0, "It rained.")])
    assert [(r["kind"], r["status"], r["host"]) for r in told] == [("centre", "operational", "FJ")]
    text = "India will open a Centre for Maps in Suva, Fiji, in May."
    again = _listed(nlp, finder, [title, ("paragraph", 0, text)])
    assert [(r["name"], r["status"]) for r in again] == [("Centre for Maps", "agreed")]


def test_a_section_heading_is_no_project(nlp, finder):
    lines = [("heading", 2, "Ongoing Pilots of Kenya and Norway"), ("paragraph", 0, "It rained.")]
    assert _listed(nlp, finder, lines) == []


# objects and acts that no list names: text, kind, status, host
FRAMES = [
    ("Kenya and Norway launched joint dives along the reef.", "other", "operational", None),
    ("Norway and Kenya announced TideWatch.", "other", "agreed", None),
    ("The Norwegian ambassador commissioned a 200,000 euro net loft in Mombasa, Kenya.", "other", "operational", "KE"),
    ("Kenya and Norway will launch the “Reef Relay” in May.", "other", "agreed", None),
    ("Among the deals signed by Norway and Kenya were loans for harbour renovation in Lamu.", "facility", "agreed", "KE"),
    ("Norway will help Kenya in setting up a centre for boats.", "centre", "agreed", None),
    ("Kenya and Norway will explore language programmes for Kenyan sailors.", "training", "proposed", "KE"),
    ("Norway will invest 40 million dollars in a fish plant in Kenya.", "facility", "agreed", "KE"),
    ("A Norwegian-built tide rescue project in Kenya was completed in May.", "other", "completed", "KE"),
    ("Both governments launched school campaigns on plastic in Kenya and Norway.", "other", "operational", None),
    ("A joint working group of Kenya and Norway is studying tides.", "body", "ongoing", None),
    ("Kenya and Norway published the findings of a shared study on tides.", "study", "completed", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind", "status", "host"), FRAMES)
def test_frames_beyond_the_lists(find, text, kind, status, host):
    (row,) = find(text)
    assert (row["kind"], row["status"]) == (kind, status)
    assert host is None or row["host"] == host


NO_FRAMES = [
    "Kenya and Norway launched the Reef Protection Strategy.",
    "Kenya and Norway launched joint efforts against plastic.",
    "Kenya and Norway will develop projects in various sectors, such as ports, fish and boats.",
    "Norway presented the Kenya National Archives with copies of letters.",
    "Kenya and Norway are working to end financing for coal power plants.",
    "Building on their talks, Kenya and Norway agreed to meet again.",
]


@pytest.mark.parametrize("text", NO_FRAMES)
def test_what_is_thought_or_said_is_no_object(find, text):
    assert find(text) == []


def test_an_international_body_is_a_side(find):
    (row,) = find("UNESCO launched a Centre for Reefs in Mombasa, Kenya.")
    assert (row["kind"], row["countries"]) == ("centre", ["KE"])


def test_what_is_named_like_an_agreement_is_that_agreement(read, finder):
    page = Page.of(read("Kenya and Norway launched the Clean Reefs Programme."))
    (report,) = finder.find(page)
    name = next(v for v in report.values if v.field == "name")
    title = Support("title", name.value, name.start, name.end, "agreements/framework", "clause")
    assert finder.find(page, [Report("agreement", report.start, report.end, "r", (title,))]) == []


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
