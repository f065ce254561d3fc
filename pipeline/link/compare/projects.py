"""Whether two reports tell of one project."""

from __future__ import annotations

from pipeline.link.compare.dates import DateVerdict, event_dates
from pipeline.link.compare.tally import Tally, same_parties, title_points, titles_differ
from pipeline.link.model import Clash, Features
from pipeline.link.words import LinkWords

ENOUGH = 5.0
_MADE = frozenset({"operational", "completed"})
_ORDER = {"proposed": 0, "agreed": 1, "ongoing": 2, "operational": 2, "completed": 3}
_SLACK = 62
# Openings are reported, repeated and celebrated.
_OPENING = 100


def contradiction(words: LinkWords, a: Features, b: Features) -> Clash | None:
    """What keeps two projects apart, or None."""
    if not words.may_be_one("project", a.kind, b.kind):
        return Clash("kinds", a.kind, b.kind)
    if not (a.parties <= b.parties or b.parties <= a.parties):
        return Clash("countries", a.parties, b.parties)
    if a.host and b.host and a.host != b.host:
        return Clash("hosts", a.host, b.host)
    if titles_differ(a, b):
        return Clash("names", a.words, b.words)
    return project_dates(a, b).contradiction


def points(a: Features, b: Features) -> Tally:
    """What speaks for two projects being one."""
    tally = Tally()
    title_points(tally, a, b)
    if same_parties(a, b):
        tally.add(1, "same countries")
    if a.kind == b.kind:
        tally.add(1, "kind", a.kind)
    if a.host and a.host == b.host:
        tally.add(1, "both in", a.host)
    if a.bodies & b.bodies:
        tally.add(1, "both with", a.bodies & b.bodies)
    if not (a.proper and b.proper):
        tally.add(-2, "no name of its own")
    return tally


def project_dates(a: Features, b: Features) -> DateVerdict:
    """A thing is opened once, and after it was agreed."""
    if a.date is None or b.date is None:
        return DateVerdict()
    if a.stage == b.stage and a.stage in _MADE and a.date.gap(b.date) > _OPENING:
        return event_dates(a.date, b.date, a.stage)
    early, late = sorted((a, b), key=lambda f: _ORDER.get(f.stage, 1))
    if early.stage == late.stage or late.stage not in _MADE or not (early.date and late.date):
        return DateVerdict()
    if early.stage != "ongoing" and (early.date.first - late.date.last).days > _SLACK:
        clash = Clash(f"{early.stage} after {late.stage}:", early.date, late.date)
        return DateVerdict(contradiction=clash)
    return DateVerdict()
