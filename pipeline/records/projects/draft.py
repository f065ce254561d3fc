"""A project as one sentence tells it, before the sentences of a document are put together."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.records.projects.reading import Reading
from pipeline.records.projects.stages import Cue
from pipeline.records.report import Support

# How far a project is at each status; what is finished may be a step towards its operation.
_ACTIVITY = ("proposed", "agreed", "ongoing", "operational", "completed")
_THING = ("proposed", "agreed", "ongoing", "completed", "operational")


@dataclass(frozen=True)
class Draft:
    """What one sentence says of one project.

    ``points_back`` marks a noun phrase without a name of its own ("the centre"), which says
    something of a project told of before; ``head`` is its noun in lower case,
    ``general`` says that it fits a project of any kind, ``with_body`` that an international body is
    the other side.
    """

    start: int
    end: int
    rule: str
    block: int
    head: str
    thing: bool
    points_back: bool
    general: bool
    kind: Support
    status: Support
    name: Support | None = None
    host: Support | None = None
    date: Support | None = None
    with_body: bool = False
    countries: tuple[Support, ...] = ()
    institutions: tuple[Support, ...] = field(default=())

    @property
    def rank(self) -> int:
        """How far the project is."""
        order = _THING if self.thing else _ACTIVITY
        return order.index(str(self.status.value))

    @property
    def codes(self) -> frozenset[str]:
        """The countries that carry it."""
        return frozenset(str(c.value) for c in self.countries)


def status_of(r: Reading, cue: Cue) -> Support:
    """The status with the words that say so."""
    start, end = r.starts[max(0, cue.first)], r.ends[cue.last - 1]
    if cue.outside:
        start, end = cue.outside
    words = r.page.text[start:end]
    return Support(
        "status",
        cue.status,
        start,
        end,
        cue.rule,
        "list" if cue.outside else "clause",
        f"{cue.relation}: {words}",
    )
