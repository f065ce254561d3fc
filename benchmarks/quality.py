"""Measures the scores and writes them into docs/quality.md: `python benchmarks/quality.py [--check]`.

Each table stands between markers in the page; one whose gold set is absent is left as it is.
`--check` writes nothing and exits with 1 when a table is out of date.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.gold_sets import PAGE, RULES, SETS
from pipeline.evaluate import Evaluation, evaluate
from pipeline.evaluate.confidence import Outcome, brier, held_out, outcomes, reliability
from pipeline.evaluate.quality import filled, markdown_table, score_table
from pipeline.rulebook.book import load_rulebook
from pipeline.rulebook.confidence import RECORD_STEP
from pipeline.schema import MENTION_TABLES


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing, exit with 1 if stale")
    options = parser.parse_args(arguments)
    page = PAGE.read_text(encoding="utf-8")
    new = renewed_page(page)
    if options.check:
        print("docs/quality.md is " + ("up to date" if new == page else "out of date"))
        return int(new != page)
    PAGE.write_text(new, encoding="utf-8")
    print("wrote docs/quality.md")
    return 0


def renewed_page(page: str) -> str:
    """The page with every table that can be measured here."""
    found: dict[str, Evaluation] = {}
    for one in SETS:
        if one.is_here:
            found[one.name] = evaluate(one.gold, [one.raw], RULES)
            page = filled(page, f"scores {one.name}", score_lines(found[one.name]))
        else:
            print(f"{one.name}: not here, its table stays as it is")
    if len(found) == len(SETS):
        page = filled(page, "reliability", reliability_lines(list(found.values())))
    else:
        print("the reliability table needs all sets and stays as it is")
    return page


def score_lines(evaluation: Evaluation) -> Iterator[str]:
    """The tables of one set."""
    yield f"\n{len(evaluation.documents)} documents.\n"
    yield from score_table(evaluation)


def reliability_lines(evaluations: Sequence[Evaluation]) -> Iterator[str]:
    """Confidence against precision for mentions, values of records, and records."""
    found = [outcome for evaluation in evaluations for outcome in outcomes(evaluation)]
    pairs = list(held_out(found, load_rulebook(RULES).locations))
    kinds = ("mentions", "values of records", "records")
    for kind in kinds:
        chosen = [(o, c) for o, c in pairs if kind_of(o) == kind]
        yield f"\n**{kind}**: {len(chosen):,} outcomes, Brier score {brier(chosen):.3f}\n"
        rows = [
            (
                f"{b.low:.2f} – {min(b.high, 1):.2f}",
                f"{b.found:,}",
                f"{b.predicted:.3f}",
                f"{b.precision:.3f}",
            )
            for b in reliability(chosen)
        ]
        yield from markdown_table(("confidence", "outcomes", "mean confidence", "right"), rows)


def kind_of(outcome: Outcome) -> str:
    """Which of the three tables an outcome belongs to."""
    if outcome.task in MENTION_TABLES:
        return "mentions"
    return "records" if outcome.step == RECORD_STEP else "values of records"


if __name__ == "__main__":
    sys.exit(main())
