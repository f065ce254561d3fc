"""The frames of a document to its meetings: one record each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pipeline.records.meetings.frame import Frame
from pipeline.records.meetings.lexicon import Lexicon
from pipeline.records.meetings.same import Sameness, countries_agree, dates_conflict
from pipeline.records.report import Support

_ONE_EVENT = frozenset({"working_group", "ministerial", "bilateral_meeting", "summit", "dialogue"})
_SERIES = frozenset({"working_group", "dialogue", "ministerial"})
# A frame is compared with so many records before it.
_REACH = 60


class Merger:
    """Joins frames that tell of one meeting, in the order of the text; headings come last."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._words = lexicon
        self._same = Sameness(lexicon)

    def merge(self, frames: Iterable[Frame]) -> tuple[list[Frame], list[Frame]]:
        """The records of a document, and the frames that refer back to none of them."""
        records: list[Frame] = []
        orphans = [
            frame
            for frame in sorted(frames, key=lambda f: (f.title, f.span))
            if not self.add(records, frame)
        ]
        return records, orphans

    def add(self, records: list[Frame], frame: Frame) -> bool:
        """Joins a frame to the record that it tells of, or opens one; False where it can't."""
        recent = records[: -_REACH - 1 : -1]
        if self._is_session(frame) and (series := _series(recent, frame)):
            _add_session(records, series, frame)
            return True
        if frame.anaphoric:
            record = self._antecedent(recent, frame)
        else:
            record = next((r for r in recent if self._same.holds(r, frame)), None)
        if record is not None:
            join(record, frame)
        elif frame.anaphoric:
            return False
        else:
            records.append(frame)
        return True

    def _is_session(self, frame: Frame) -> bool:
        """“The next meeting”, “its third session”: a session that doesn't say of what."""
        phrase = frame.phrase
        numbered = frame.ordinal is not None or frame.distinguished
        if phrase is None or not numbered or frame.rule.form == "body" or frame.title:
            return False
        return bool(frame.heads & self._words.series_heads) and not phrase.proper

    def _antecedent(self, recent: list[Frame], frame: Frame) -> Frame | None:
        """The record that “the meeting” means: the last one called so, else the last meeting."""
        fitting = [
            r
            for r in recent
            if not dates_conflict(r, frame) and _numbers_fit(r, frame) and _name_fits(r, frame)
        ]
        called = (r for r in fitting if r.heads & frame.heads)
        return next(called, None) or next(self._akin(fitting, frame), None)

    def _akin(self, records: list[Frame], frame: Frame) -> Iterator[Frame]:
        """The records that the noun of a frame may mean without having been used of them."""
        if frame.kind == "visit":
            visits = self._words.visit_heads
            return (r for r in records if r.kind == "visit" or r.heads & visits)
        if frame.heads & self._words.meeting_heads:
            return (r for r in records if r.kind in _ONE_EVENT)
        return (r for r in records if r.kind == frame.kind)


def _numbers_fit(record: Frame, frame: Frame) -> bool:
    if record.ordinal is None or frame.ordinal is None:
        return True
    return record.ordinal.value == frame.ordinal.value


def _name_fits(record: Frame, frame: Frame) -> bool:
    """Whether “the Suva Summit” may mean a record: its name holds the words of the frame's."""
    if frame.phrase is None or not frame.phrase.proper or not record.name:
        return True
    known = f"{record.name.value} {record.core}".lower()
    core = frame.core or ""
    names = [w for w in re.findall(r"[A-Z][\w’-]+", core) if w.lower() not in frame.heads]
    initials = "".join(w[0] for w in re.findall(r"\w+", known) if w[0].isalpha())
    return all(w.lower() in known or w.lower() in initials for w in names)


def _series(recent: list[Frame], frame: Frame) -> Frame | None:
    """The body or dialogue of which “the second meeting” is a session."""
    return next((r for r in recent if r.kind in _SERIES and countries_agree(r, frame)), None)


def _add_session(records: list[Frame], series: Frame, frame: Frame) -> None:
    """A session without a name: the one told of, or another one of the series."""
    numbered = frame.ordinal is not None and series.ordinal is not None
    same = series.ordinal is None or (numbered and _numbers_fit(series, frame))
    known = frame.distinguished and _is_told(records, series, frame)
    if (known or (same and not frame.distinguished)) and not dates_conflict(series, frame):
        join(series, frame)
        if _is_planned(frame):
            series.status = frame.status
        return
    frame.kind, frame.rule = series.kind, series.rule
    frame.heads |= series.heads
    frame.name = series.name and _of_step(series.name, "anaphora")
    for support in series.countries:
        frame.add_country(str(support.value), support.start, support.end, "anaphora")
    records.append(frame)


def _is_told(records: list[Frame], series: Frame, frame: Frame) -> bool:
    """Whether “the previous meeting” is the series' last one told of: itself told apart, or numbered lower."""
    if frame.ordinal is not None or _is_planned(series) != _is_planned(frame):
        return False
    number = int(str(series.ordinal.value)) if series.ordinal else 0
    later = (int(str(r.ordinal.value)) > number for r in records if r.ordinal and number)
    return series.distinguished or (any(later) and not _is_planned(frame))


def join(record: Frame, frame: Frame) -> None:
    """Adds to a record what another frame says of it."""
    _join_kind(record, frame)
    record.heads |= frame.heads
    for support in frame.countries:
        record.add_country(str(support.value), support.start, support.end, support.step)
    known = {(a.name, a.country, a.rank) for a in record.actors}
    record.actors += [a for a in frame.actors if (a.name, a.country, a.rank) not in known]
    seen = {i.value for i in record.institutions}
    record.institutions += [i for i in frame.institutions if i.value not in seen]
    if frame.date and (record.date is None or _is_finer(frame, record)):
        record.date, record.interval = frame.date, frame.interval
    record.ordinal = record.ordinal or frame.ordinal
    record.name = record.name or frame.name
    record.target = record.target or frame.target
    if frame.place and (record.place is None or (frame.city and not record.city)):
        record.place, record.city = frame.place, frame.city
    _join_status(record, frame)
    record.told_by_title |= frame.title
    record.title = record.title and frame.title


def _join_kind(record: Frame, frame: Frame) -> None:
    """The more telling word gives kind and name."""
    if frame.kind == record.kind or frame.anaphoric or frame.rule.rank <= record.rule.rank:
        return
    record.kind, record.rule = frame.kind, frame.rule
    if frame.phrase and frame.phrase.proper and frame.name:
        record.name = frame.name


def _is_finer(frame: Frame, record: Frame) -> bool:
    """A span tells more of a visit than a day of it, a day more than its month."""
    if frame.interval is None or record.interval is None:
        return False
    one, other = record.interval.granularity, frame.interval.granularity
    return (one == "day" and other == "range") or (one in {"year", "month"} and other == "day")


def _join_status(record: Frame, frame: Frame) -> None:
    """A meeting that any sentence of the body tells as held was held."""
    if frame.status is None:
        return
    held = frame.status.value == "held" and not frame.anaphoric and not frame.title
    if record.status is None or (_is_planned(record) and held):
        record.status = frame.status


def _is_planned(frame: Frame) -> bool:
    return frame.status is not None and frame.status.value == "planned"


def _of_step(support: Support, step: str) -> Support:
    """The same value, found a step further away."""
    return Support(
        support.field, support.value, support.start, support.end, support.rule, step, support.detail
    )
