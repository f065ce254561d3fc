"""When a document was published, and where that stands.

In order of trust: a posting line or a dateline near the top, a signature at the very end, metadata,
the file name. Only full dates count; a document without one has none.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Final

from pipeline.ingest.full_dates import DATE, from_name, parse, read
from pipeline.ingest.lines import Line

_TOP: Final = 8
_END: Final = 3
_MAX_LINE: Final = 90
_POSTED: Final = re.compile(
    r"^(?:posted|published|issued|released|uploaded|date(?: of (?:issue|publication|release))?|"
    r"release date|press release date)\s*(?:on|at|date)?\s*[:–-]?\s*(?:\w{3,9},\s*)?$",
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
    for line in body[: min(_TOP, max(len(body) - 1, 1))]:
        found = _top_line(line.text)
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


def _top_line(text: str) -> tuple[dt.date, str] | None:
    found = DATE.search(text[:200])
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
