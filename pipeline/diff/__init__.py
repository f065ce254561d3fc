"""What differs between two snapshots of the tables, and why."""

from pipeline.diff.compare import Diff, compare
from pipeline.diff.snapshot import Snapshot

__all__ = ["Diff", "Snapshot", "compare"]
