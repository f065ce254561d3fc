"""Full calendar dates, strictly formed, for the date of publication.

Only day, month and year together count. A date in digits whose order is open (03/04/2024) is none.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

_NAMES: Final = ("january", "february", "march", "april", "may", "june", "july", "august",
                 "september", "october", "november", "december")  # fmt: skip
_MONTHS: Final = {name[:3]: number for number, name in enumerate(_NAMES, 1)}
_MONTH = rf"(?:{'|'.join(_NAMES)}|sept|{'|'.join(name[:3] for name in _NAMES)})\b\.?"
_DAY = r"\d{1,2}"
_YEAR = r"(?:19|20)\d\d"
DATE: Final = re.compile(
    rf"(?<![\w/.-])(?:(?P<d1>{_DAY})(?:st|nd|rd|th)?(?:\s+day\s+of|\s+of)?[\s,.-]{{1,3}}"
    rf"(?P<m1>{_MONTH})[\s,-]{{1,3}}(?P<y1>{_YEAR})"
    rf"|(?P<m2>{_MONTH})\s*(?P<d2>{_DAY})(?:st|nd|rd|th)?,?\s+(?P<y2>{_YEAR})"
    rf"|(?P<y3>{_YEAR})(?P<s3>[-/.])(?P<m3>\d{{1,2}})(?P=s3)(?P<d3>\d{{1,2}})"
    rf"|(?P<a4>\d{{1,2}})(?P<s4>[-/.])(?P<b4>\d{{1,2}})(?P=s4)(?P<y4>{_YEAR})"
    rf"|(?P<y5>{_YEAR})年(?P<m5>\d{{1,2}})月(?P<d5>\d{{1,2}})日)(?![\w/])",
    re.IGNORECASE,
)
_YEAR_HINT: Final = re.compile(_YEAR)
_ISO: Final = re.compile(rf"({_YEAR})-(\d\d)-(\d\d)(?=$|[T\s])")
# A day, a month in letters and a year, in any order, with little between them.
_FOREIGN: Final = re.compile(
    rf"(?=.*[^\W\d_]{{3}})(?=.*\b\d{{1,2}}\b)(?=.*\b{_YEAR}\b)[\w\s.,’'-]{{8,40}}"
)
_FILE: Final = re.compile(rf"(?<!\d)({_YEAR})([-_.]?)(\d\d)\2(\d\d)(?!\d)")


def find(text: str) -> re.Match[str] | None:
    """The first date in a text; one without a year is passed over quickly."""
    return DATE.search(text) if _YEAR_HINT.search(text) else None


def make(year: str | int, month: str | int, day: str | int) -> dt.date | None:
    """The date of the three numbers, or None for a day that doesn't exist."""
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None


def read(found: re.Match[str]) -> dt.date | None:
    """The date of a match of ``DATE``."""
    part = found.group
    if part("y1"):
        return make(part("y1"), _MONTHS[part("m1")[:3].lower()], part("d1"))
    if part("y2"):
        return make(part("y2"), _MONTHS[part("m2")[:3].lower()], part("d2"))
    if part("y3"):
        return make(part("y3"), part("m3"), part("d3"))
    if part("y5"):
        return make(part("y5"), part("m5"), part("d5"))
    return _digits(int(part("a4")), int(part("b4")), part("y4"), part("s4"))


def _digits(first: int, second: int, year: str, sign: str) -> dt.date | None:
    if sign == "." or first > 12 or first == second:
        return make(year, second, first)
    return make(year, first, second) if second > 12 else None


def parse(text: str) -> dt.date | None:
    """The date that a metadata field gives: ISO, or the only full date in it."""
    iso = _ISO.match(text.strip())
    if iso:
        return make(*iso.groups())
    found = [read(match) for match in DATE.finditer(text[:200])]
    if found:
        return found[0] if len(found) == 1 else None
    return _in_another_language(text) if _FOREIGN.fullmatch(text.strip()) else None


def _in_another_language(text: str) -> dt.date | None:
    """“14 mars 2023”, “8. Oktober 2020”: a field that is one date with the month in words.

    Only absolute dates with all three parts count, so that nothing is filled in from today.
    """
    import dateparser  # noqa: PLC0415 - takes a moment, and few documents need it

    read_by_words = dateparser.parse(
        text,
        settings={
            "PARSERS": ["absolute-time"],
            "STRICT_PARSING": True,
            "REQUIRE_PARTS": ["day", "month", "year"],
            "DATE_ORDER": "DMY",
        },
    )
    return read_by_words.date() if read_by_words else None


def from_name(name: str) -> dt.date | None:
    """The date in a file name such as ``2024-10-09-visit.md`` or ``visit_20241009.txt``."""
    found = _FILE.search(name)
    return make(found[1], found[3], found[4]) if found else None
