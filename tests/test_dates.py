"""Dates in sentences: what is found, with which value, and what is none.

The tables hold marked-up sentences of our own. Each marks all dates of its sentence. Where nothing
else is said the document is of Thursday, 8 October 2020.
"""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.annotate.dates import find_dates
from pipeline.model import Block, DateMention
from pipeline.rulebook.dates import DateRules, load_dates
from pipeline.rulebook.examples import parse_markup
from pipeline.rulebook.source import RuleFile
from tests.growth import is_linear

ROOT = Path(__file__).resolve().parent.parent
RULES: DateRules = load_dates(RuleFile.read(ROOT / "rules", "dates.toml"))
PUBLISHED = dt.date(2020, 10, 8)
TAGS = {"date": frozenset({"edtf", "modifier", "resolved_from"})}

MONTHS = [dt.date(2000, month, 1).strftime("%B") for month in range(1, 13)]


def blocks_of(text: str) -> list[Block]:
    """One block a line."""
    lines = re.finditer(r"[^\n]+", text)
    return [Block("paragraph", line.start(), line.end()) for line in lines]


def find(
    text: str,
    published: dt.date | None = PUBLISHED,
    *,
    day_first: bool = True,
    country: str | None = None,
) -> list[DateMention]:
    """The mentions of a text of one block a line."""
    return find_dates(
        text,
        blocks_of(text),
        published=published,
        day_first=day_first,
        rules=RULES,
        country=country,
    )


def values(text: str, published: dt.date | None = PUBLISHED, **options: object) -> list[str]:
    """The EDTF values of a text."""
    return [str(one.interval) for one in find(text, published, **options)]  # type: ignore[arg-type]


def check(marked: str, published: dt.date | None, country: str | None = None) -> None:
    """Asserts that exactly the marked dates are found, with all that the marks say."""
    text, expected = parse_markup(marked, TAGS, "test")
    found = find(text, published, country=country)
    assert [(text[one.start : one.end], str(one.interval)) for one in found] == [
        (text[mark.start : mark.end], dict(mark.attributes)["edtf"]) for mark in expected
    ]
    for mention, mark in zip(found, expected, strict=True):
        assert (mention.start, mention.end) == (mark.start, mark.end)
        for key, value in mark.attributes:
            if key != "edtf":
                assert str(getattr(mention, key)) == value


COMPLETE = """
Signed on <date edtf='2012-03-30' resolved_from='None'>30 March 2012</date> in Delhi.
Signed on <date edtf='2012-03-30'>March 30, 2012</date> in Delhi.
Signed on <date edtf='2012-03-30'>March 30 2012</date> in Delhi.
Signed on <date edtf='2012-03-30'>MARCH 30, 2012</date> in Delhi.
Signed on <date edtf='2014-12-03'>December 03, 2014</date>.
Signed on <date edtf='2012-07-05'>5th July 2012</date>.
Signed on <date edtf='2012-07-05'>5th July, 2012</date>.
Signed on the <date edtf='2012-07-05'>5th of July 2012</date>.
Signed on the <date edtf='2012-07-01'>1st of July, 2012</date>.
Signed on <date edtf='2012-07-22'>22nd July 2012</date>.
Signed on <date edtf='2012-07-05'>July 5th, 2012</date>.
Signed on <date edtf='2017-11-02'>02 Nov 2017</date>.
Signed on <date edtf='2017-11-02'>2 Nov. 2017</date>.
Signed on <date edtf='2017-11-02'>Nov. 2, 2017</date>.
Signed on <date edtf='2017-09-02'>Sept 2, 2017</date>.
Signed on <date edtf='2012-03-30'>30.03.2012</date>.
Signed on <date edtf='2012-03-30'>30/03/2012</date>.
Signed on <date edtf='2012-03-30'>03/30/2012</date>.
Signed on <date edtf='2012-03-30'>30-03-2012</date>.
Signed on <date edtf='2012-03-30'>2012/03/30</date>.
Signed on <date edtf='2012-03-30'>2012-03-30</date>.
Signed on <date edtf='2012-03-30'>2012.03.30</date>.
Sent at <date edtf='2012-03-30'>2012-03-30</date>T10:15:00Z.
Signed on <date edtf='2012-03-30'>30-Mar-2012</date>.
Signed on <date edtf='2012-03-30'>30-Mar-12</date>.
Signed on <date edtf='2012-03-30'>30 Mar' 12</date>.
Signed on <date edtf='2012-03-30'>30 March ’12</date>.
Signed on <date edtf='2012-03-30'>30/03/12</date>.
Posted On: <date edtf='2023-03-14'>14 MAR 2023</date> 4:05PM by PIB Delhi
Signed on <date edtf='2019-06-03'>Monday, 3 June 2019</date>.
Signed on <date edtf='2019-06-03'>Monday 3rd June 2019</date>.
Signed on <date edtf='2019-06-03'>Mon, 3 Jun 2019</date>.
Signed on <date edtf='2019-06-03'>Monday, June 3, 2019</date>.
Signed on <date edtf='2019-06-03'>Monday the 3rd of June 2019</date>.
Hanoi, <date edtf='2020-10-08'>8 October 2020</date> - The Embassy said so.
<date edtf='2020-10-08'>October 8, 2020</date>, Hanoi
SINGAPORE, <date edtf='2022-11-25'>25 November 2022</date> –The Ministry has announced it.
NEW DELHI, <date edtf='2022-11-25'>Nov 25, 2022</date> (Agency) – The Ministry has announced it.
Signed in <date edtf='2008-05'>May 2008</date>.
Signed in <date edtf='2008-05'>May, 2008</date>.
Signed in <date edtf='2008-05'>May of 2008</date>.
Signed in <date edtf='2008-05'>MAY 2008</date>.
Signed in <date edtf='2008-09'>Sept. 2008</date>.
Signed in <date edtf='2008-03'>Mar'08</date>.
As of <date edtf='2017-03'>March 2017</date>, millions were connected.
As of <date edtf='2012-03'>03/2012</date>, millions were connected.
It has been open since <date edtf='2005' modifier='after'>2005</date>.
It opened in <date edtf='2005' modifier='None'>2005</date>.
It will open by <date edtf='2030' modifier='before'>2030</date>.
It was founded in <date edtf='1867'>1867</date>.
Visitors came in <date edtf='2008'>2008</date> and <date edtf='2010'>2010</date>.
The Data Bill, <date edtf='2019'>2019</date>, was passed.
The Data Protection Act <date edtf='2012'>2012</date> applies.
They showed it at Expo <date edtf='2020'>2020</date> in Dubai.
The Digital Programme to <date edtf='2025'>2025</date>, oriented to <date edtf='2030'>2030</date>.
Vision <date edtf='2030'>2030</date> and the <date edtf='2030'>2030</date> Agenda.
India holds the <date edtf='2023'>2023</date> G20 Presidency.
The target (<date edtf='2030'>2030</date>) is near.
Growth was higher than in <date edtf='2019'>2019</date>.
They agreed to reach net zero no later than <date edtf='2050'>2050</date>.
In <date edtf='2020'>2020</date> students from abroad stayed away.
They met on <date edtf='2012-09-05/2012-09-07'>5th to 7th September 2012</date>.
They met on <date edtf='2021-08-05/2021-08-06'>5-6 August 2021</date>.
They met on <date edtf='2021-08-05/2021-08-06'>5–6 August 2021</date>.
They met on <date edtf='2021-08-05/2021-08-06'>5 – 6 August 2021</date>.
They met on <date edtf='2020-03-03/2020-03-05'>March 3-5, 2020</date>.
They met on <date edtf='2020-03-03/2020-03-05'>March 3 to 5, 2020</date>.
They met on <date edtf='2020-03-30/2020-04-02'>March 30 – April 2, 2020</date>.
They met from <date edtf='2012-03-30/2012-04-02'>30 March to 2 April 2012</date>.
They met from <date edtf='2012-03-30/2012-04-02'>30 March until 2 April 2012</date>.
They met from <date edtf='2011-12-28/2012-01-03'>28 Dec 2011 – 3 Jan 2012</date>.
They met from <date edtf='2011-12-28/2012-01-03'>28 December to 3 January 2012</date>.
They met from <date edtf='2012-09-05/2012-09-07'>2012-09-05 to 2012-09-07</date>.
They met from <date edtf='2012-09-05/2012-09-07'>05.09.2012 - 07.09.2012</date>.
They met from <date edtf='2019-06-03/2019-06-05'>Monday 3 to Wednesday 5 June 2019</date>.
The review ran <date edtf='2019-06/2019-07'>June-July 2019</date>.
The review ran from <date edtf='2010-05/2012-06'>May 2010 to June 2012</date>.
The review ran from <date edtf='2014/2016'>2014 to 2016</date>.
The review ran in <date edtf='2014/2016'>2014-16</date>.
The review ran in <date edtf='2014/2016'>2014–2016</date>.
The plan (<date edtf='2022/2025'>2022-2025</date>) was adopted.
Between <date edtf='2014'>2014</date> and <date edtf='2016'>2016</date> it grew.
Exports rose from 4 billion in <date edtf='1999/2000'>1999-2000</date>.
Exports rose in <date edtf='2016/2017'>2016-17</date> and <date edtf='2017/2018'>2017/18</date>.
The <date edtf='2019/2020'>financial year 2019-20</date> was good.
The <date edtf='2019/2020'>academic year 2019/20</date> was good.
In <date edtf='2016/2017'>FY 2016-17</date> and <date edtf='2017/2018'>FY2017/18</date> it grew.
They met on <date edtf='2012-05-05' resolved_from='context'>5</date> and <date edtf='2012-05-07'>7 May 2012</date>.
They met on <date edtf='2012-03-01'>1</date>, <date edtf='2012-03-03'>3</date> and <date edtf='2012-03-05'>5 March 2012</date>.
They met on <date edtf='2012-03-03'>March 3</date> and <date edtf='2012-03-05'>5</date>, 2012.
They met in <date edtf='2012-05' resolved_from='context'>May</date> and <date edtf='2012-06'>June 2012</date>.
They met on <date edtf='2012-11-26' resolved_from='context'>26th November</date>, again on <date edtf='2012-11-27'>27 November 2012</date>.
It begins in <date edtf='2021-21'>spring 2021</date>.
It begins in the <date edtf='2021-22'>summer of 2021</date>.
It begins in <date edtf='2022-23'>autumn 2022</date>.
It begins in the <date edtf='2022-23'>fall of 2022</date>.
It begins in <date edtf='2021-24'>winter 2021</date>.
It begins in <date edtf='2022-24'>winter 2022/23</date>.
It grew in the <date edtf='2018-41'>second half of 2018</date>.
It grew in the <date edtf='2018-40'>first half of 2018</date>.
It grew in <date edtf='2019-40'>H1 2019</date> and <date edtf='2019-41'>2H 2019</date>.
It grew in <date edtf='2021-35'>Q3 2021</date>.
It grew in <date edtf='2021-35'>3Q2021</date>.
It grew in <date edtf='2021-35'>2021 Q3</date>.
It grew in the <date edtf='2021-35'>third quarter of 2021</date>.
It grew in the <date edtf='2019-36'>last quarter of 2019</date>.
It grew in the <date edtf='2019-33'>1st quarter of 2019</date>.
It grew in the <date edtf='2019-33'>2019 first quarter</date>.
It grew in the <date edtf='199X'>1990s</date>.
It grew in the ’<date edtf='199X'>90s</date>.
It will grow in the <date edtf='202X'>2020s</date>.
It grew in the <date edtf='199X' modifier='mid'>mid-1990s</date>.
It grew in the <date edtf='198X' modifier='late'>late 1980s</date>.
It starts by <date edtf='2015' modifier='early'>early 2015</date>.
It starts in <date edtf='2015' modifier='mid'>mid-2015</date>.
It starts in <date edtf='2014-05' modifier='late'>late May 2014</date>.
It starts at the <date edtf='2016' modifier='end'>end of 2016</date>.
It starts at the <date edtf='2016-05' modifier='start'>beginning of May 2016</date>.
It starts in the <date edtf='2016' modifier='mid'>middle of 2016</date>.
It started before <date edtf='2016-05' modifier='before'>May 2016</date>.
It started after <date edtf='2016-05-03' modifier='after'>3 May 2016</date>.
It started around <date edtf='2016' modifier='approx'>2016</date>.
This <date edtf='2021-03-31'>thirty-first day of March 2021</date>.
It began on <date edtf='2012-05-03'>3 May 2012</date> and ended the <date edtf='2012-05-04'>next day</date>.
It began on <date edtf='2012-05-03'>3 May 2012</date> and ended <date edtf='2012-05-06'>three days later</date>.
It began in <date edtf='2012-05'>May 2012</date> and ended in the <date edtf='2012'>same year</date>.
The first met in <date edtf='2008-05'>May 2008</date>. The second met in <date edtf='2008-11' resolved_from='context'>November of that year</date>.
"""

RELATIVE = """
They met <date edtf='2020-10-08' resolved_from='document_date'>today</date>.
<date edtf='2020-10-08'>Today</date>, they met.
It is <date edtf='2020-10-08'>today</date>’s announcement.
They met <date edtf='2020-10-07'>yesterday</date>.
They meet <date edtf='2020-10-09'>tomorrow</date>.
They met <date edtf='2020-10-08'>today (08)</date>.
They met <date edtf='2020-10-07'>yesterday (07)</date>.
They met this morning (<date edtf='2020-10-08'>08</date>).
They met this afternoon (<date edtf='2020-10-07'>07</date>).
They met this evening (<date edtf='2020-09-30'>30</date>).
They met on <date edtf='2020-10-06'>Tuesday (06)</date>.
They met on <date edtf='2020-10-06'>Tuesday</date>.
They met on <date edtf='2020-10-08'>Thursday</date>.
They met on <date edtf='2020-10-02'>Friday</date>.
They met on <date edtf='2020-10-05'>Monday</date> morning.
They will meet on <date edtf='2020-10-09'>Friday</date>.
The talks are to be held on <date edtf='2020-10-12'>Monday</date>.
They met <date edtf='2020-10-06'>last Tuesday</date>.
They meet <date edtf='2020-10-09'>next Friday</date>.
They meet <date edtf='2020-10-09'>this Friday</date>.
They will meet on <date edtf='2020-10-12'>Monday, 12 October</date>.
They met over the <date edtf='2020-10-03/2020-10-04'>weekend</date>.
They met <date edtf='2020-10-03/2020-10-04'>last weekend</date>.
They will meet at the <date edtf='2020-10-10/2020-10-11'>weekend</date>.
They meet <date edtf='2020-10-10/2020-10-11'>this weekend</date>.
They meet <date edtf='2020-10-05/2020-10-11'>this week</date>.
They met <date edtf='2020-09-28/2020-10-04'>last week</date>.
They meet <date edtf='2020-10-12/2020-10-18'>next week</date>.
They meet <date edtf='2020-10'>this month</date>.
They met <date edtf='2020-09'>last month</date>.
They meet <date edtf='2020-11'>next month</date>.
They met <date edtf='2020-36'>this quarter</date>.
They met <date edtf='2020-35'>last quarter</date>.
They met earlier <date edtf='2020'>this year</date>.
They met <date edtf='2019'>last year</date>.
It doubled compared to the <date edtf='2019'>previous year</date>.
They meet <date edtf='2021'>next year</date>.
They meet <date edtf='2021' modifier='early'>early next year</date>.
They met <date edtf='2019' modifier='late'>late last year</date>.
It ends by the <date edtf='2020' modifier='end'>end of the year</date>.
It ends by <date edtf='2020' modifier='end'>year-end</date>.
It ends at the <date edtf='2020' modifier='end'>end of this year</date>.
It grew in the <date edtf='2019-41'>second half of last year</date>.
It grew in the <date edtf='2020-33'>first quarter of this year</date>.
They signed it in <date edtf='2020-03'>March this year</date>.
They signed it in <date edtf='2019-06'>June last year</date>.
They signed it in <date edtf='2020-08'>August of this year</date>.
They signed it on <date edtf='2019-06-05'>5 June last year</date>.
They signed it on <date edtf='2019-06-05'>June 5 of last year</date>.
They met from <date edtf='2020-11-22/2020-12-03'>22 November – 3 December this year</date>.
They signed it <date edtf='2020-06'>last June</date>.
They sign it <date edtf='2021-06'>next June</date>.
It begins <date edtf='2020-23'>this fall</date>.
It began <date edtf='2020-22'>this summer</date>.
They met <date edtf='2018'>two years ago</date>.
They met <date edtf='2020-07'>three months ago</date>.
They met <date edtf='2020-10-05'>three days ago</date>.
They met <date edtf='2020-10-05'>3 days ago</date>.
Come <date edtf='2021-01'>January</date>, they have to pay.
They met in <date edtf='2020-09' resolved_from='document_date'>September</date>.
They met in <date edtf='2019-11'>November</date>.
They will meet in <date edtf='2020-11'>November</date>.
They will meet in <date edtf='2021-03'>March</date>.
It was signed in <date edtf='2020-05'>May</date>.
It was signed in <date edtf='2020-05' modifier='early'>early May</date>.
It was signed in <date edtf='2020-08' modifier='mid'>mid-August</date>.
They met on <date edtf='2020-09-30'>30 September</date>.
They met on <date edtf='2020-09-30'>September 30</date>.
They met on <date edtf='2020-09-30'>Sept. 30th</date>.
They will meet on <date edtf='2021-01-15'>15 January</date>.
The rules take effect from <date edtf='2020-11-01'>1 November</date>.
They met from <date edtf='2020-09-05/2020-09-07'>5 to 7 September</date>.
They met from <date edtf='2020-09-05/2020-09-07'>September 5-7</date>.
They met on <date edtf='2020-09-05'>5</date> and <date edtf='2020-09-07'>7 September</date>.
"""

NO_DATES = """
At least 5 may attend. You may 2 or 3 times try.
May I ask why? May peace prevail.
Theresa May said so, and March for Peace agreed.
The students march on and the soldiers march 5 miles.
The sun and the moon sat still for a second.
Spring Valley and Fall River are towns. Prices fall. Hot springs.
The spring and the fall of a ladder.
It has 2,000 trees and 2,012 shrubs.
The site counter: 10,559,346
The number is 6005.
COVID-19 and SARS-CoV-2
Resolution 2231 and resolution 1973 of the Council
Article 2012 of the code and Section 1956
Under Rule 2001 and Clause 1999
It meets ISO 27001 and ISO 9001:2015 and IEC 2010.
It offers 5G and 4G and 3G, Web 2.0 and Industry 4.0.
It costs Rs 2012 crore.
It costs 2012 crore rupees.
It costs $2015 or US$ 2010 or S$2011 or € 1999.
It costs USD 2020 and Rs. 1950.
More than 2000 people came, fewer than 1950 left.
Some 2000 students and about 1900 teachers came.
2000 delegates and 1980 guests came.
It is 2000 km long and 1999 metres high.
See https://example.org/2020/05/12/news-2019.html for more.
Write to team2020@example.org or desk@2021.example.org.
The file is report_2020.pdf, or report-2021.docx.
See www.example.org/2022/agenda for more.
See files/2022/annex for more.
Call +65 6211 2012 or 1800 2255 2019.
Call 011-2012 or 2012-345678.
New Delhi 110003, Singapore 138632
Room 2012, Block 1999, Level 2001, Flat 1901
Model X-2012 and the B-2020 and the No. 2019
During the last decade much has changed.
In the coming years much will change.
In recent years, recently, lately, nowadays, soon
It lasts for 3 years, or five months, or two weeks.
The three-day visit, the four-year plan, a 10-year bond
They meet every year, every Monday, annually, twice a month.
They are open on Mondays and from Monday to Friday.
They came this afternoon and left this evening, tonight.
They met at 4:05 PM, 16.30 hrs, 10:25 a.m.
He is 65 years old, aged 42, a 19-year-old.
Over the next year, in the last month, in the past year
In the past three years and over the next two decades
A few weeks ago, some years ago, long ago, decades ago
Less than eight weeks ago, more than two years ago
Nearly two years ago and about three months ago
In today's world, in today’s digital economy, tomorrow's leaders
USA Today and India Today wrote of it.
The Sunday Times and the Friday Mosque
Good Friday and Black Friday and Easter Sunday
See pages 1999-2003, section 1.2.12 and version 3.1.10.
Version 30.13.2012 and 32/01/2012 and 00/00/2000
The score was 3-5 and 10/12 and 1/2.
The ratio is 1:2012 and 3.2012.
Ms June Tan and Mr August Wilson and Dr April Ryan
It happened in the 1800s and the 1900s.
On 31 February 2012 or 30 February 2013 or 32 March
The top 3 and 2nd place and the 5th meeting
Paragraphs 3 to 5 and 7 and annexes 1, 2 and 3
In the second reading, the third half, the first time
Temperatures of 2000°C or 1950% more
Eight MoUs were signed and 14 new joint projects began.
The same time, that way, the following people, later than planned
"""

NEEDS_DOCUMENT = """
They met today.
They met yesterday, on Tuesday, last week, this month, next year.
They met this morning (05) and today (06).
They met in March, on 5 May and on June 6.
They met two years ago, at the weekend.
It fell in the third quarter.
"""


def rows(table: str) -> list[str]:
    """The sentences of a table."""
    return table.strip().split("\n")


@pytest.mark.parametrize("marked", rows(COMPLETE))
def test_complete_dates(marked: str) -> None:
    check(marked, None)
    check(marked, PUBLISHED)


@pytest.mark.parametrize("marked", rows(RELATIVE))
def test_dates_that_need_the_documents_date(marked: str) -> None:
    check(marked, PUBLISHED)


@pytest.mark.parametrize("text", rows(NO_DATES))
def test_no_dates(text: str) -> None:
    assert values(text) == []


@pytest.mark.parametrize("text", rows(NEEDS_DOCUMENT))
def test_nothing_is_invented_without_a_document_date(text: str) -> None:
    assert values(text, None) == []


def test_tables_are_large_enough() -> None:
    assert len(rows(COMPLETE)) + len(rows(RELATIVE)) >= 150
    assert len(rows(NO_DATES)) >= 60


@pytest.mark.parametrize(
    ("text", "day_first", "value"),
    [
        ("on 03/04/2012", True, "2012-04-03"),
        ("on 03/04/2012", False, "2012-03-04"),
        ("on 13/04/2012", False, "2012-04-13"),
        ("on 04/13/2012", True, "2012-04-13"),
        ("on 2012-04-03", True, "2012-04-03"),
        ("on 2012-04-03", False, "2012-04-03"),
        ("on 03.04.12", True, "2012-04-03"),
        ("on 3/4/12", False, "2012-03-04"),
    ],
)
def test_day_first_is_a_policy(text: str, day_first: bool, value: str) -> None:
    assert values(text, day_first=day_first) == [value]


@pytest.mark.parametrize(
    ("text", "country", "published", "expected"),
    [
        ("this fiscal year", "US", dt.date(2022, 10, 17), ["2022/2023"]),
        ("this fiscal year", "US", dt.date(2022, 9, 17), ["2021/2022"]),
        ("last financial year", "IN", dt.date(2022, 5, 1), ["2021/2022"]),
        ("next financial year", "SG", dt.date(2022, 2, 1), ["2022/2023"]),
        ("this fiscal year", "KR", dt.date(2022, 2, 1), ["2022"]),
        ("this fiscal year", None, dt.date(2022, 2, 1), []),
        ("in FY2023", "US", None, ["2022/2023"]),
        ("in FY2023", "SG", None, ["2023/2024"]),
        ("in fiscal year 2023", "IN", None, ["2022/2023"]),
        ("in FY24", None, None, ["2024"]),
        ("in FY 2016-17", None, None, ["2016/2017"]),
    ],
)
def test_fiscal_years_follow_the_country(
    text: str, country: str | None, published: dt.date | None, expected: list[str]
) -> None:
    assert values(text, published, country=country) == expected


def test_the_year_comes_from_the_block_before_when_the_document_has_no_date() -> None:
    text = (
        "The delegation came in September 2012.\nTargets are set for 2020.\nIt left on 7 October."
    )
    found = find(text, None)
    assert [str(one.interval) for one in found] == ["2012-09", "2020", "2012-10-07"]
    assert found[-1].resolved_from == "context"


def test_the_next_sentence_lends_its_year() -> None:
    text = "They met on 26th November in Delhi. Then they met on 27th November 2012."
    assert values(text, None) == ["2012-11-26", "2012-11-27"]


def test_a_tale_of_other_years_is_not_moved_to_the_documents_year() -> None:
    text = (
        "On 3 March 1941 the talks began. They paused on 5 June 1941, and on 8 July 1941 resumed. "
        "On 2 December they ended. In January the treaty was signed."
    )
    assert values(text)[-2:] == ["1941-12-02", "1942-01"]


def test_a_weekday_decides_between_years() -> None:
    assert values("Friday, 4 December", dt.date(2020, 5, 1)) == ["2020-12-04"]
    assert values("Wednesday, 4 December", dt.date(2020, 5, 1)) == ["2019-12-04"]


def test_boilerplate_is_not_read() -> None:
    text = "Updated 3 May 2012"
    block = Block("paragraph", 0, len(text), boilerplate="footer")
    assert find_dates(text, [block], published=None, day_first=True, rules=RULES) == []


def test_a_date_does_not_cross_blocks() -> None:
    assert values("The number is 12\nMay 2012 was warm.", None) == ["2012-05"]


def test_blanks_of_any_kind_separate() -> None:
    assert values("on 30\u00a0March\u00a02012 and 5\u2009May 2012", None) == [
        "2012-03-30",
        "2012-05-05",
    ]


# Ways to write a day; each must be read back exactly.
FORMS = (
    lambda d: f"{d.day} {MONTHS[d.month - 1]} {d.year}",
    lambda d: f"{d.day:02} {MONTHS[d.month - 1][:3]} {d.year}",
    lambda d: f"{MONTHS[d.month - 1]} {d.day}, {d.year}",
    lambda d: f"{MONTHS[d.month - 1][:3]}. {d.day}, {d.year}",
    lambda d: f"{d.day}{_ordinal(d.day)} of {MONTHS[d.month - 1]}, {d.year}",
    lambda d: f"{d.strftime('%A')}, {d.day} {MONTHS[d.month - 1]} {d.year}",
    lambda d: f"{d.day:02}-{MONTHS[d.month - 1][:3].upper()}-{d.year}",
    lambda d: f"{d.day:02}.{d.month:02}.{d.year}",
    lambda d: f"{d.day}/{d.month}/{d.year}",
    lambda d: d.isoformat(),
    lambda d: f"{d.year}/{d.month:02}/{d.day:02}",
)


def _ordinal(day: int) -> str:
    return "th" if day in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


@given(
    st.dates(min_value=dt.date(1900, 1, 1), max_value=dt.date(2099, 12, 31)),
    st.sampled_from(FORMS),
    st.none() | st.dates(min_value=dt.date(1990, 1, 1), max_value=dt.date(2050, 1, 1)),
)
def test_a_written_date_is_read_back(day: dt.date, form: object, published: dt.date | None) -> None:
    written = form(day)  # type: ignore[operator]
    text = f"It was signed on {written} in the capital."
    (mention,) = find(text, published)
    assert str(mention.interval) == day.isoformat()
    assert text[mention.start : mention.end] == written
    assert mention.resolved_from is None


@given(
    st.dates(min_value=dt.date(1950, 1, 1), max_value=dt.date(2090, 12, 31)),
    st.integers(min_value=1, max_value=300),
)
def test_a_written_span_is_read_back(day: dt.date, length: int) -> None:
    end = day + dt.timedelta(days=length)
    text = f"from {FORMS[0](day)} to {FORMS[0](end)}"
    assert values(text, None) == [f"{day.isoformat()}/{end.isoformat()}"]


PIECES = st.sampled_from(
    (
        "5",
        "12",
        "2012",
        "2012-03",
        "1999-2000",
        "May",
        "march",
        "Monday",
        "today",
        "last",
        "next",
        "year",
        "week",
        "the",
        "of",
        "to",
        "-",
        "–",
        ",",
        ".",
        "(",
        ")",
        "half",
        "first",
        "second",
        "quarter",
        "Q3",
        "FY",
        "'s",
        "ago",
        "two",
        "days",
        "later",
        "early",
        "end",
        "and",
        "30/03/2012",
        "'",
        "\n",
    )
)


@settings(max_examples=300)
@given(st.lists(PIECES, max_size=30).map(" ".join) | st.text(max_size=80))
def test_any_text_gives_ordered_mentions_within_it(text: str) -> None:
    for published in (None, PUBLISHED):
        found = find(text, published)
        edges = [edge for one in found for edge in (one.start, one.end)]
        assert edges == sorted(edges)
        assert all(one.start < one.end for one in found)
        assert all(0 <= edge <= len(text) for edge in edges)
        assert found == find(text, published)


@pytest.mark.parametrize(
    "unit",
    [
        "1234567890",
        "May ",
        " ",
        "1-1-1-",
        "1, ",
        "2012 ",
        "5 May ",
        "1 and ",
        "today (",
        "a day ago ",
    ],
)
def test_hostile_text_takes_linear_time(unit: str) -> None:
    def work(text: str) -> None:
        blocks = [Block("paragraph", 0, len(text))]
        find_dates(text, blocks, published=None, day_first=True, rules=RULES)

    assert is_linear(work, unit, 5_000 // len(unit))


def test_a_term_of_years_lends_no_year_to_a_dated_text():
    text = "They signed an agreement for 2016-2020 in Suva on September 20."
    assert values(text, dt.date(2016, 9, 22)) == ["2016/2020", "2016-09-20"]


def test_an_undated_agreement_is_of_the_first_year_of_its_term():
    text = "They signed an agreement for 2016-2020 in Suva on September 20."
    assert values(text, None) == ["2016/2020", "2016-09-20"]


def test_a_year_that_lies_ahead_is_not_the_year_of_what_happened():
    text = "They signed a treaty on August 4. It will enter into force in 2018."
    assert values(text, None) == ["2017-08-04", "2018"]


def test_days_in_a_row_are_one_span():
    assert values("on May 12, 13, 14, and 15", dt.date(2025, 5, 10)) == ["2025-05-12/2025-05-15"]
    assert values("on 2 and 3 May 2024", None) == ["2024-05-02/2024-05-03"]
    assert values("on 2 and 5 May 2024", None) == ["2024-05-02", "2024-05-05"]
