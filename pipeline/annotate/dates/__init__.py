"""Calendar times in a text: spans, exact EDTF values, and what completed them.

    >>> find_dates("On 5 and 7 May 2012 …", blocks, published=None, day_first=True, rules=rules)

Three steps: `scan` finds spans by the patterns of ``rules/dates.toml``, `read` turns a span into a
part of a year or a relative time, `resolve` completes it from the context or the document's date.
Vague spans, durations, frequencies and times of day are no dates.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from pipeline.annotate.dates.resolve import Resolver
from pipeline.annotate.dates.scan import scan
from pipeline.model import Block, DateMention
from pipeline.rulebook.dates import DateRules

__all__ = ["find_dates"]


def find_dates(  # noqa: PLR0913 - options by name
    text: str,
    blocks: Sequence[Block],
    *,
    published: dt.date | None,
    day_first: bool,
    rules: DateRules,
    country: str | None = None,
) -> list[DateMention]:
    """The calendar times that the blocks name, in order and without overlaps.

    ``published`` anchors relative times and years that the text leaves out; ``day_first`` decides
    how 03/04/2012 is read; ``country`` (ISO code of the source) tells its fiscal year.
    """
    readings = scan(text, blocks, rules, day_first=day_first)
    return Resolver(text, blocks, published, country, rules).resolve(readings)
