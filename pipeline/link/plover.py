"""The PLOVER event code of each report, so that results compare with POLECAT and its peers."""

from __future__ import annotations

from typing import NamedTuple

from pipeline.link.model import Features
from pipeline.rulebook.linking import LinkRules, ModeRule


class Plover(NamedTuple):
    """Event type, mode and context; None where PLOVER has none for it."""

    code: str | None = None
    mode: str | None = None
    context: str | None = None


def plover(features: Features, rules: LinkRules) -> Plover:
    """The code by subject and stage; the mode by kind and number of parties."""
    for rule in rules.plover:
        if rule.subject == features.subject and features.stage in rule.when:
            mode = next((m.mode for m in rules.mode if _fits(m, rule.code, features)), None)
            return Plover(rule.code, mode, rule.context)
    return Plover()


def _fits(mode: ModeRule, code: str, features: Features) -> bool:
    kinds = not mode.kinds or features.kind in mode.kinds
    return mode.code == code and kinds and len(features.parties) >= mode.least_parties
