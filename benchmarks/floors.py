"""Pins the scores of today as floors: `python benchmarks/floors.py [--lower REASON]`.

Writes `tests/gold/floors.json`: for the shipped gold and for external sets beside the checkout, the
least that each score may be, and the hash of the gold files. A score that would fall below its floor
is refused; `--lower REASON` allows it and keeps the reason in the file. Sets that are absent keep
their floors.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.gold_sets import FLOORS, RULES, SETS, GoldSet
from pipeline.errors import PactlineError
from pipeline.evaluate import evaluate
from pipeline.evaluate.floors import gold_hash, read_floors, renewed, write_floors
from pipeline.evaluate.quality import scores


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--lower", metavar="REASON", help="let floors fall, and say why")
    options = parser.parse_args(arguments)
    try:
        renew(FLOORS, SETS, options.lower)
    except PactlineError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def renew(path: Path, sets: tuple[GoldSet, ...], reason: str | None) -> None:
    """Measures the sets that are here and writes their floors."""
    floors = read_floors(path)
    for one in sets:
        if not one.is_here:
            print(f"{one.name}: not here, its floors stay as they are")
            continue
        measured = scores(evaluate(one.gold, [one.raw], RULES))
        try:
            floors[one.name] = renewed(floors.get(one.name), measured, gold_hash(one.gold), reason)
        except PactlineError as error:
            error.where = one.name
            raise
        print(f"{one.name}: {len(measured)} floors")
    write_floors(path, floors)


if __name__ == "__main__":
    sys.exit(main())
