"""Agreements that a document reports."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.records.context import Context, ContextWords
from pipeline.records.drafts import Completer
from pipeline.records.frames import Frame, FrameReader
from pipeline.records.groups import GroupReader, inherit
from pipeline.records.instruments import InstrumentReader
from pipeline.records.joint_text import KINDS, JointTextReader
from pipeline.records.merge import Lead, Merger, is_anaphor
from pipeline.records.page import Page
from pipeline.records.parties import SideReader
from pipeline.records.report import Report
from pipeline.records.status import StatusReader
from pipeline.records.topics import TopicReader
from pipeline.rulebook.book import RuleBook


class AgreementFinder:
    """Finds the agreements of a document.

    Nouns that name instruments open frames; a frame takes status, sides, date and place from its
    sentence; frames of one instrument are merged; what is missing comes from the context, each
    step recorded in the evidence; what isn't specific enough is dropped.
    """

    def __init__(self, rules: RuleBook) -> None:
        words = rules.agreements.words
        status = StatusReader(rules.status, "agreement")
        roles = [w for r in rules.people.rule if "role" in r.kind for w in r.words]
        stages = frozenset(cue for r in rules.status.rule for cue in r.cues if " " not in cue)
        self._status = status
        self._context = ContextWords(words)
        self._instruments = InstrumentReader(rules.agreements, rules.status)
        self._frames = FrameReader(words, SideReader(words, roles, stages), status)
        topics = TopicReader(rules.topics)
        self._joint = JointTextReader(rules.agreements)
        self._groups = GroupReader(words, topics)
        self._merger = Merger(_fillers(rules), words)
        self._completer = Completer(words, topics)

    def find(self, page: Page) -> list[Report]:
        """The reports of a page, merged: one for each agreement that the document tells of."""
        instruments = self._instruments.find(page)
        itself = self._joint.titled(page.document)
        context = Context(page, self._context, joint=itself in KINDS)
        frames = self._groups.split(page, self._frames.read(page, instruments))
        if itself:
            frames = [f for f in frames if not _is_itself(f, itself, context.lead_end)]
        lead = Lead(context.lead_end, context.event.date, context.title_end)
        drafts = self._merger.merge(page.text, self._specific(frames, context), lead)
        drafts = inherit(page, drafts, frames, self._status)
        reports = self._completer.complete(context, drafts, released=itself)
        kinds = KINDS if itself is None or itself in KINDS else {itself}
        if not any(r.first("kind") in kinds and r.start < context.lead_end for r in reports):
            statement = self._joint.read(context, self._completer, itself)
            reports += [statement] if statement else []
        return reports

    def _specific(self, frames: Sequence[Frame], context: Context) -> list[Frame]:
        kept = []
        for frame in frames:
            specific = context.is_specific(frame)
            frame.joins = not specific
            if specific or context.may_join(frame):
                kept.append(frame)
        return kept


def _is_itself(frame: Frame, kind: str, lead: int) -> bool:
    """Whether “the joint statement” far below means the document that is one."""
    return frame.kind == kind and frame.start > lead and is_anaphor(frame)


def _fillers(rules: RuleBook) -> frozenset[str]:
    """Words of titles that don't tell one instrument from another."""
    words = rules.agreements.words
    nouns = (head for r in rules.agreements.rule for head in (*r.heads, *r.plurals))
    kinds = [noun for noun in nouns if " " not in noun]
    return frozenset(
        {
            *(*words.complements, *words.definite, *words.indefinite, *words.generic),
            *(*words.joins, *words.and_, *words.numbers, *words.filler, *kinds),
        }
    )
