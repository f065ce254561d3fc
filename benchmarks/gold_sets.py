"""The annotated sets that the scripts of this folder measure on."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
RULES = ROOT / "rules"
PAGE = ROOT / "docs" / "quality.md"
FLOORS = ROOT / "tests" / "gold" / "floors.json"


class GoldSet(NamedTuple):
    """A folder of gold with the folder of its documents; external ones may be absent."""

    name: str
    gold: Path
    raw: Path

    @property
    def is_here(self) -> bool:
        return self.gold.is_dir() and self.raw.is_dir()


SETS = (
    GoldSet("sample", ROOT / "tests" / "gold" / "sample", ROOT / "raw"),
    GoldSet("shared/seeds", SHARED / "gold" / "seeds", SHARED / "seeds"),
    GoldSet("shared/dev", SHARED / "gold" / "dev", SHARED / "corpus"),
)
