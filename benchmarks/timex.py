"""Measures `find_dates` on corpora with TIMEX3 or TIMEX2 marks (TempEval-3, TimeBank, WikiWars).

    python benchmarks/timex.py DIR [--errors] [--no-date]

DIR holds ``.tml``, ``.xml`` or ``.sgm`` files. The creation time of a document is given as its
date.

What is counted: expressions of the type DATE in the body whose value is a calendar value (it begins
with figures). Durations, sets, times of day, PAST_REF, PRESENT_REF, FUTURE_REF and unresolved
values (XXXX…) are no dates here; what we find there counts neither for nor against us. A mention
matches when it overlaps a gold expression (relaxed), and has the right value when our EDTF, written
the way of TIMEX3, equals the gold value. TIMEX annotates the two ends of a span, so a span of ours
is compared end by end where gold has both. Unknown ends of gold values (198X, 1998-10-XX) are cut
off. ``value F1`` is over matches with the right value, as in TempEval-3.
"""

from __future__ import annotations

import argparse
import datetime as dt
import html
import re
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from pipeline.annotate.dates import find_dates  # noqa: E402
from pipeline.edtf import Interval  # noqa: E402
from pipeline.model import Block, DateMention  # noqa: E402
from pipeline.rulebook.dates import DateRules, load_dates  # noqa: E402
from pipeline.rulebook.source import RuleFile  # noqa: E402

_TAG = re.compile(r"<(/?)(\w+)([^>]*)>")
_BODY = re.compile(r"<TEXT>(.*?)</TEXT>", re.DOTALL)
_CREATED = re.compile(
    r"<TIMEX3[^>]*CREATION_TIME[^>]*>|<DATETIME>\s*<TIMEX2[^>]*>|<DCT>\s*<TIMEX3[^>]*>"
)
_DATE = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)")
_PARAGRAPH = re.compile(r"\S(?:.|\n(?!\s*\n))*")
_UNKNOWN = re.compile(r"(?:-(?:XX|WXX))+\Z|X\Z")
_PARTS = {21: "SP", 22: "SU", 23: "FA", 24: "WI"}
_PARTS |= {33: "Q1", 34: "Q2", 35: "Q3", 36: "Q4", 40: "H1", 41: "H2"}


@dataclass(frozen=True)
class Gold:
    """An annotated expression; ``counted`` when it is a DATE with a calendar value."""

    start: int
    end: int
    value: str
    counted: bool


@dataclass
class Score:
    """Counts of gold, found, overlapping, and overlapping with the right value."""

    gold: int = 0
    found: int = 0
    matched: int = 0
    right: int = 0

    def f1(self, hits: int) -> float:
        """The F1 of some hits."""
        return 2 * hits / (self.gold + self.found) if self.gold + self.found else 1.0


def read_file(path: Path) -> tuple[str, dt.date | None, list[Gold]]:
    """Body text, creation date and annotated expressions of one file."""
    source = path.read_text(encoding="utf-8", errors="replace")
    created = _CREATED.search(source)
    date = _DATE.search(created[0]) if created else None
    body = _BODY.search(source)
    text, gold = _plain(body[1] if body else source)
    return text, dt.date(*map(int, date.groups())) if date else None, gold


def _plain(marked: str) -> tuple[str, list[Gold]]:
    text, position = "", 0
    opened: list[tuple[int, str]] = []
    gold: list[Gold] = []
    for tag in _TAG.finditer(marked):
        text += html.unescape(marked[position : tag.start()])
        position = tag.end()
        closing, name, attributes = tag.groups()
        if not name.startswith("TIMEX"):
            continue
        if not closing and not attributes.endswith("/"):
            opened.append((len(text), attributes))
        elif closing and opened:
            start, given = opened.pop()
            value = _UNKNOWN.sub("", _attribute(given, "val(?:ue)?"))
            kind = _attribute(given, "type") or "DATE"
            counted = kind == "DATE" and _is_date(value) and not _attribute(given, "set")
            gold.append(Gold(start, len(text), value, counted))
    return text + html.unescape(marked[position:]), sorted(gold, key=lambda one: one.start)


def _attribute(attributes: str, name: str) -> str:
    found = re.search(rf'\b{name}\s*=\s*"([^"]*)"', attributes, re.IGNORECASE)
    return found[1] if found else ""


def _is_date(value: str) -> bool:
    return value[:1].isdigit() and "T" not in value


def timex_value(interval: Interval) -> str:
    """Our interval as TIMEX3 writes it: 2016-Q3, 2016-H1, 2016-SP, 199, 2013-W12, 2013-W12-WE."""
    edtf = str(interval)
    if interval.granularity == "decade":
        return edtf[:3]
    days = (interval.first.weekday(), interval.length)
    if interval.granularity == "range" and days in ((0, 7), (5, 2)):
        year, week, _ = interval.first.isocalendar()
        return f"{year}-W{week:02}" + ("-WE" if days == (5, 2) else "")
    if interval.granularity in ("quarter", "half"):
        return f"{edtf[:5]}{_PARTS[int(edtf[5:])]}"
    return edtf


def score_file(path: Path, rules: DateRules, score: Score, *, errors: bool, dated: bool) -> None:
    """Adds one file to the score."""
    text, created, gold = read_file(path)
    blocks = [Block("paragraph", *found.span()) for found in _PARAGRAPH.finditer(text)]
    mentions = find_dates(
        text,
        blocks,
        published=created if dated else None,
        day_first=False,
        rules=rules,
        country="US",
    )
    counted = [one for one in gold if one.counted]
    others = [one for one in gold if not one.counted]
    free = [one for one in mentions if _overlap(one, counted) or not _overlap(one, others)]
    used: set[int] = set()
    score.gold += len(counted)
    for mention in free:
        for value, hit in _pairs(mention, [one for one in counted if one.start not in used]):
            score.found += 1
            if hit:
                used.add(hit.start)
                score.matched += 1
                score.right += value == hit.value
            if errors and not (hit and value == hit.value):
                what = f"{value} {f'gold {hit.value}' if hit else 'no gold'} {mention.rule}"
                _show(path, text, mention.start, mention.end, what)
    if errors:
        for one in counted:
            if one.start not in used:
                _show(path, text, one.start, one.end, f"missed {one.value}")


def _pairs(mention: DateMention, gold: list[Gold]) -> list[tuple[str, Gold | None]]:
    """Values of a mention with what they are compared to: a span counts for two dates if it is."""
    hits = _overlap(mention, gold)
    begin, slash, end = str(mention.interval).partition("/")
    if slash and len(hits) > 1:
        return [(begin, hits[0]), (end, hits[1])]
    return [(timex_value(mention.interval), hits[0] if hits else None)]


def _overlap(mention: DateMention, gold: list[Gold]) -> list[Gold]:
    return [one for one in gold if one.start < mention.end and mention.start < one.end]


def _show(path: Path, text: str, start: int, end: int, what: str) -> None:
    left, right = text[max(0, start - 60) : start], text[end : end + 50]
    print(path.name, what, " ".join(f"{left}[[{text[start:end]}]]{right}".split()), sep="\t")


def main() -> int:
    """Prints the figures of a folder; with ``--errors`` each difference before them."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--errors", action="store_true", help="list what differs")
    parser.add_argument("--no-date", action="store_true", help="withhold the creation time")
    options = parser.parse_args()
    rules = load_dates(RuleFile.read(ROOT / "rules", "dates.toml"))
    score = Score()
    files = [
        one for one in sorted(options.folder.iterdir()) if one.suffix in (".tml", ".xml", ".sgm")
    ]
    for path in files:
        score_file(path, rules, score, errors=options.errors, dated=not options.no_date)
    print(
        f"{len(files)} files, {score.gold} dates, {score.found} found: "
        f"span F1 {score.f1(score.matched):.3f}, value F1 {score.f1(score.right):.3f}, "
        f"right value of matched {score.right / max(score.matched, 1):.3f}, "
        f"precision {score.matched / max(score.found, 1):.3f}, "
        f"recall {score.matched / max(score.gold, 1):.3f}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
