"""When a document was published, and where that stands.

In order of trust: a posting line or a dateline near the top, a signature at the very end, metadata,
the file name. Only full dates count; a document without one has none.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from pipeline.ingest.full_dates import DATE, find, from_name, parse, read
from pipeline.ingest.lines import Line

_TOP: Final = 8
_END: Final = 3
_MAX_LINE: Final = 90
_LONGEST_TITLE: Final = 240
_TITLE_WORDS: Final = 4
_POSTED: Final = re.compile(
    r"^(?:posted|published|issued|released|uploaded|date(?: of (?:issue|publication|release))?|"
    r"release date|press release date)\s*(?:on|at|date)?\s*[:–-]?\s*"
    r"(?:\w{3,9},\s*|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\.?\s+)?$",
    re.IGNORECASE,
)
_PLACE: Final = re.compile(r"[^\W\d_][^\d.;:!?]{1,60}[\s,(]*|")
_DAY_NAME: Final = re.compile(
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|on|dated|the)?[\s,]*", re.IGNORECASE
)
_DASH: Final = re.compile(r"\s*\)?\s*(?:\([^()]{2,30}\)\s*)?(?:[-–—:]|\.\s*[-–—])")
_REST: Final = re.compile(r"[\s,]*(?:[^\W\d_][^\d.;!?]{1,50})?[.)\s]*")
_TIME: Final = re.compile(
    r"[\s,]*(?:at\s*)?(?:\d{1,2}[:.]\d{2}\s*(?:[ap]\.?m\.?)?)?[\s,]*(?:\b[A-Z]{2,4}\b)?(?:by\b.{0,60})?",
    re.IGNORECASE,
)


def published(
    lines: Sequence[Line], metadata: str | None, name: str
) -> tuple[dt.date | None, str | None]:
    """(date, where it was found) of a document; ``name`` is its file name."""
    body = [line for line in lines if line.boilerplate is None]
    found = _in_top(body[: min(_TOP, max(len(body) - 1, 1))])
    if found is not None:
        return found
    for line in reversed(body[-_END:]):
        date = _signed(line.text)
        if date is not None:
            return date, "text"
    date = parse(metadata) if metadata else None
    if date is not None:
        return date, "metadata"
    date = from_name(name)
    return (date, "filename") if date else (None, None)


def _in_top(top: Sequence[Line]) -> tuple[dt.date, str] | None:
    """What a line near the top says; a posting line is trusted more than a bare date above it."""
    found = [one for one in (_top_line(line.text) for line in top) if one is not None]
    if top and (opening := _before_title(top[0].text)):
        found.insert(0, (opening, "dateline"))
    return next((one for one in found if one[1] == "text"), found[0] if found else None)


class DateLine(NamedTuple):
    """A line that holds nothing but a date; ``posted`` when it says that this is of posting."""

    day: dt.date
    posted: bool


def date_line(text: str) -> DateLine | None:
    """The date of a line without other words than those of posting, a weekday or an hour."""
    if len(text) > _MAX_LINE or (found := find(text)) is None:
        return None
    before, after = text[: found.start()], text[found.end() :]
    posted = _POSTED.match(before) is not None
    if not (posted or _DAY_NAME.fullmatch(before)) or not _TIME.fullmatch(after):
        return None
    day = read(found)
    return DateLine(day, posted) if day else None


def _before_title(text: str) -> dt.date | None:
    """The date that a first line puts before its title: “5 May 2020 Ministers of …”."""
    found = DATE.match(text)
    if found is None or len(text) > _LONGEST_TITLE or text.endswith((".", ":", ";")):
        return None
    rest = text[found.end() :].strip(" ,:–-|")
    return read(found) if rest[:1].isupper() and len(rest.split()) >= _TITLE_WORDS else None


def _top_line(text: str) -> tuple[dt.date, str] | None:
    found = find(text[:200])
    date = read(found) if found else None
    if found is None or date is None:
        return None
    before, after = text[: found.start()], text[found.end() :]
    if _POSTED.match(before):
        return date, "text"
    place = _DAY_NAME.fullmatch(before) or (len(before) <= 70 and _PLACE.fullmatch(before))
    if not place:
        return None
    if _DASH.match(after) and _opens(before):
        return date, "dateline"
    whole = len(text) <= _MAX_LINE and (_REST.fullmatch(after) or _TIME.fullmatch(after))
    return (date, "dateline") if whole and _opens(before) and _is_label(after) else None


def _opens(before: str) -> bool:
    """Whether what stands before a date is a place, not the start of a sentence."""
    words = re.findall(r"[^\W\d_]+", before)
    small = [word for word in words if word.islower() and word not in ("on", "of", "the", "dated")]
    return len(words) <= 7 and not small


def _is_label(after: str) -> bool:
    words = re.findall(r"[^\W\d_]+", after)
    return len(words) <= 6 and (
        not words or words[0][0].isupper() or words[0] in ("by", "at", "pm", "am")
    )


def _signed(text: str) -> dt.date | None:
    if len(text) > 120:
        return None
    found = list(DATE.finditer(text))
    if len(found) != 1 or text[found[0].end() :].strip(" .)"):
        return None
    return read(found[0]) if _opens(text[: found[0].start()]) else None
