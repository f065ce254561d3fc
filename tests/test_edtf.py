"""Calendar intervals: the EDTF subset, exact ends, and their relations."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.edtf import EdtfError, Interval, parse

DATES = st.dates(min_value=dt.date(100, 1, 1), max_value=dt.date(9990, 12, 31))
YEARS = st.integers(min_value=100, max_value=9990)
POINTS = st.one_of(
    DATES.map(Interval.of),
    st.builds(Interval.month, YEARS, st.integers(1, 12)),
    st.builds(Interval.quarter, YEARS, st.integers(1, 4)),
    st.builds(Interval.half, YEARS, st.integers(1, 2)),
    st.builds(Interval.season, YEARS, st.integers(21, 24)),
    st.builds(Interval.year, YEARS),
    st.builds(Interval.decade, YEARS),
)


@st.composite
def spans(draw: st.DrawFn) -> Interval:
    """Two points in order."""
    one, other = draw(POINTS), draw(POINTS)
    begin, end = sorted((one, other))
    try:
        return Interval.span(begin, end)
    except EdtfError:
        return begin


INTERVALS = POINTS | spans()


@pytest.mark.parametrize(
    ("text", "first", "last", "granularity"),
    [
        ("2012-03-30", "2012-03-30", "2012-03-30", "day"),
        ("2012-02", "2012-02-01", "2012-02-29", "month"),
        ("1900-02", "1900-02-01", "1900-02-28", "month"),
        ("2000-02", "2000-02-01", "2000-02-29", "month"),
        ("2012-12", "2012-12-01", "2012-12-31", "month"),
        ("2012", "2012-01-01", "2012-12-31", "year"),
        ("9999", "9999-01-01", "9999-12-31", "year"),
        ("0001", "0001-01-01", "0001-12-31", "year"),
        ("199X", "1990-01-01", "1999-12-31", "decade"),
        ("2021-21", "2021-03-01", "2021-05-31", "quarter"),
        ("2021-22", "2021-06-01", "2021-08-31", "quarter"),
        ("2021-23", "2021-09-01", "2021-11-30", "quarter"),
        ("2021-24", "2021-12-01", "2022-02-28", "quarter"),
        ("2021-33", "2021-01-01", "2021-03-31", "quarter"),
        ("2021-35", "2021-07-01", "2021-09-30", "quarter"),
        ("2021-36", "2021-10-01", "2021-12-31", "quarter"),
        ("2019-40", "2019-01-01", "2019-06-30", "half"),
        ("2018-41", "2018-07-01", "2018-12-31", "half"),
        ("2012-09-05/2012-09-07", "2012-09-05", "2012-09-07", "range"),
        ("1999/2000", "1999-01-01", "2000-12-31", "range"),
        ("2019-06/2019-07", "2019-06-01", "2019-07-31", "range"),
    ],
)
def test_ends_and_granularity(text: str, first: str, last: str, granularity: str) -> None:
    interval = parse(text)
    assert (interval.first.isoformat(), interval.last.isoformat()) == (first, last)
    assert interval.granularity == granularity
    assert str(interval) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12",
        "2012-3",
        "2012-13",
        "2012-00",
        "2012-20",
        "2012-25",
        "2012-37",
        "2012-42",
        "2012-02-30",
        "2012-04-31",
        "2012-33-01",
        "2012-03-30T10:00",
        "199x",
        "000X",
        "0000",
        "19XX",
        "2012/",
        "/2012",
        "2012/..",
        "2012/2011",
        "2012-05/2012-04",
        "2012/2013/2014",
        " 2012",
        "2012\n",
        "２０１２",
        "-2012",
        "2012~",
        "9999-24",
    ],
)
def test_invalid_strings_are_rejected(text: str) -> None:
    with pytest.raises(EdtfError):
        parse(text)


def test_error_says_what_to_write() -> None:
    with pytest.raises(EdtfError, match=r"'May 2012' is no EDTF date\n  fix: write 2012-03-30"):
        parse("May 2012")


def test_constructors_check_their_number() -> None:
    for make, number in ((Interval.quarter, 5), (Interval.half, 0), (Interval.season, 25)):
        with pytest.raises(EdtfError):
            make(2012, number)


def test_span_of_spans_is_rejected() -> None:
    span = parse("2012/2013")
    with pytest.raises(EdtfError, match="nests"):
        Interval.span(span, parse("2014"))


@pytest.mark.parametrize(
    ("one", "other", "common"),
    [
        ("2012", "2012-05", "2012-05"),
        ("2012-05", "2012-05-03", "2012-05-03"),
        ("2012-05-03", "2012-05-04", None),
        ("2012", "2013", None),
        ("2012/2014", "2013", "2013"),
        ("2012-05-01/2012-05-10", "2012-05-05/2012-05-20", "2012-05-05/2012-05-10"),
        ("2012-05-01/2012-05-05", "2012-05-05/2012-05-20", "2012-05-05"),
        ("2012-33", "2012-01/2012-03", "2012-33"),
    ],
)
def test_intersection(one: str, other: str, common: str | None) -> None:
    for left, right in ((one, other), (other, one)):
        found = parse(left).intersection(parse(right))
        assert (str(found) if found else None) == common


def test_gap_counts_the_days_between() -> None:
    assert parse("2012-05").gap(parse("2012-06-01")) == 1
    assert parse("2012-06-01").gap(dt.date(2012, 5, 1)) == 31
    assert parse("2012").gap(dt.date(2012, 5, 1)) == 0


@given(INTERVALS)
def test_round_trip(interval: Interval) -> None:
    assert parse(str(interval)) == interval
    assert hash(parse(str(interval))) == hash(interval)


@given(INTERVALS)
def test_first_is_not_after_last(interval: Interval) -> None:
    assert interval.first <= interval.last
    assert interval.length >= 1
    assert interval.contains(interval)
    assert interval.contains(interval.first)
    assert interval.contains(interval.last)


@given(INTERVALS, INTERVALS)
def test_relations_agree(one: Interval, other: Interval) -> None:
    common = one.intersection(other)
    assert (common is not None) == one.overlaps(other) == other.overlaps(one)
    assert one.overlaps(other) == (one.gap(other) == 0)
    if common:
        assert one.contains(common)
        assert other.contains(common)
        assert common == other.intersection(one)
    if one.contains(other):
        assert one.overlaps(other)
        assert one.length >= other.length


@given(st.lists(INTERVALS, max_size=8))
def test_order_is_that_of_first_days(intervals: list[Interval]) -> None:
    ordered = sorted(intervals)
    assert [one.first for one in ordered] == sorted(one.first for one in intervals)


@given(DATES)
def test_a_day_lies_in_its_month_and_year(day: dt.date) -> None:
    interval = Interval.of(day)
    assert interval == Interval.day(day.year, day.month, day.day)
    assert Interval.month(day.year, day.month).contains(interval)
    assert Interval.quarter(day.year, (day.month + 2) // 3).contains(interval)
    assert Interval.half(day.year, 1 + (day.month > 6)).contains(interval)
    assert Interval.year(day.year).contains(interval)
    assert Interval.decade(day.year).contains(interval)


@given(st.text(max_size=24))
def test_arbitrary_text_is_parsed_or_rejected(text: str) -> None:
    try:
        interval = parse(text)
    except EdtfError:
        return
    assert str(interval) == text
