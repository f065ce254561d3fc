"""When a project reached the stage that its sentence tells of."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.model import DateMention
from pipeline.records.projects.layout import Layout
from pipeline.records.projects.reading import Reading
from pipeline.records.projects.stages import Cue
from pipeline.records.report import Support

# A plan's date stands so near behind it: "agreed in May 2012 to build".
_NEAR = 4
# So near behind an agreement a date is that of its signing.
_SIGNED = 6


def date_of(r: Reading, cue: Cue, layout: Layout) -> Support | None:
    """The date of the stage that a cue tells of, from the project's own sentence."""
    dates = r.page.within(r.page.dates, r.sentence.start, r.sentence.end)
    fitting = [d for d in dates if _fits(r, d, cue)]
    if not fitting:
        return _introduced(r, cue, layout)
    first, last = r.starts[cue.first], r.ends[cue.last - 1]
    date = min(fitting, key=lambda d: (min(abs(d.start - last), abs(d.end - first)), d.start))
    return Support("date", str(date.interval), date.start, date.end, date.rule, "clause")


def _fits(r: Reading, date: DateMention, cue: Cue) -> bool:
    """Whether a date is that of the stage: not of an agreement beside it, not of a plan."""
    at = r.at(date.start)
    if r.low(at - 1) in {"by", "until", "for"} or _is_in_name(r, at, date):
        return False
    ends = r.lexicon.clause_ends - {"which", "who", "that"}
    if any(r.words[i].low in ends for i in _between(at, cue)):
        return False
    if _is_reported(r, at, date, cue) or _is_signed(r, at, cue):
        return False
    if cue.status in {"agreed", "proposed"}:
        if r.words[cue.first].low in r.lexicon.will:
            return at < cue.first
        return at < cue.first or at <= cue.last + _NEAR or cue.relation == "agreement"
    return True


def _is_reported(r: Reading, at: int, date: DateMention, cue: Cue) -> bool:
    """Whether a date is that of the report: “said on Monday that it would build”."""
    beside = {r.low(r.at(date.end - 1) + 1), r.low(at - 1), r.low(at - 2)}
    return bool(beside & r.lexicon.reporting) and cue.status in {"agreed", "proposed"}


def _is_signed(r: Reading, at: int, cue: Cue) -> bool:
    """Whether a date is that of an agreement beside it."""
    # "was established by an MoU signed in May"
    passive = cue.relation == "subject" and cue.status == "operational"
    founding = passive and r.low(cue.last) in {"by", "under", "through"}
    return cue.relation != "agreement" and any(
        not (founding and first <= cue.last + _NEAR)
        and not cue.first <= first < cue.last
        and last <= at <= last + _SIGNED
        for first, last in r.agreements
    )


def _is_in_name(r: Reading, at: int, date: DateMention) -> bool:
    """Whether a year belongs to a title: “the 2025 Tide Agreement”."""
    behind = r.at(date.end - 1) + 1
    capital = behind < len(r.words) and r.words[behind].text[0].isupper()
    return r.low(at - 1) in {"the", "this"} and capital


def _between(at: int, cue: Cue) -> range:
    return range(cue.last, at) if at >= cue.last else range(at, cue.first)


def _introduced(r: Reading, cue: Cue, layout: Layout) -> Support | None:
    """The date of "It was agreed to …" or of "it was agreed:" above a list: that of the meeting."""
    if cue.status not in {"agreed", "proposed"} or cue.relation == "agreement":
        return None
    for start, end, step in _introductions(r, layout):
        dates = r.page.within(r.page.dates, start, end)
        if dates:
            d = dates[-1]
            return Support("date", str(d.interval), d.start, d.end, d.rule, step)
    return None


def _introductions(r: Reading, layout: Layout) -> Iterator[tuple[int, int, str]]:
    """The sentence or block that introduces this one, nearest first."""
    page, sentence = r.page, r.sentence
    if r.low(0) == "it" and r.low(1) in r.lexicon.be:
        earlier = layout.sentence_before(sentence)
        if earlier is not None:
            yield earlier.start, earlier.end, "anaphora"
            return
        above = page.blocks[sentence.block - 1] if sentence.block else None
        joined = above is not None and above.group == page.blocks[sentence.block].group
        if above is not None and joined and any(w.low == "also" for w in r.words[:4]):
            yield above.start, above.end, "anaphora"
    lead = layout.leads[sentence.block]
    if lead is not None and page.text_of(lead).rstrip().endswith(":"):
        hits = r.lexicon.governors.all(page.text, page.blocks[lead].start, page.blocks[lead].end)
        if any(h.item.status in {"agreed", "proposed"} for h in hits):
            yield page.blocks[lead].start, page.blocks[lead].end, "list"
