"""What each component contributes: `python benchmarks/ablation.py [--without NAME] [--model MODEL]`.

Every component is switched off in turn, and the table in docs/quality.md is written (printed, where
a gold set is absent).
`--without NAME` prints the scores without one component (`step:anaphora`, `field:status`,
`commonest:kind`, or `rules:FAMILY` for any family of rules; an unknown name lists them), `--model`
also measures the people and organisations that a trained spaCy pipeline (a name or a folder)
proposes where the rules found nothing.

A component is switched off after the fact: the values that it found are taken out of the records.
Another component that might have filled the gap isn't asked again, so a difference is at most what
would be lost without it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.gold_sets import PAGE, RULES, SETS
from pipeline.evaluate import Evaluation, Scored, evaluate
from pipeline.evaluate.ablation import (
    Ablation,
    ablated,
    record_scores,
    with_commonest,
    without_field,
    without_rules,
    without_step,
)
from pipeline.evaluate.quality import MEASURES, filled, markdown_table
from pipeline.evaluate.record_scoring import TASKS
from pipeline.evaluate.scoring import Predicted, Score, normalise, score_document
from pipeline.schema import STEPS

COMPONENTS = (
    *(without_step(step) for step in STEPS if step != "phrase"),
    without_field("status"),
    with_commonest("status"),
    with_commonest("kind"),
)
_NAMES = [f"{task.subject}.{measure}" for task in TASKS for measure in MEASURES]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--without", metavar="NAME", help="print the scores without one component")
    parser.add_argument("--model", help="a trained spaCy pipeline as an extra proposer")
    options = parser.parse_args(arguments)
    known = {one.name: one for one in COMPONENTS}
    family = (options.without or "").removeprefix("rules:")
    if family and family != options.without:
        known[options.without] = without_rules(family)
    if options.without and options.without not in known:
        print(f"unknown component; use one of {', '.join(known)}", file=sys.stderr)
        return 2
    here = [one for one in SETS if one.is_here]
    documents = [d for one in here for d in evaluate(one.gold, [one.raw], RULES).documents]
    chosen = [known[options.without]] if options.without else COMPONENTS
    lines = [f"\n{len(documents)} documents of {', '.join(one.name for one in here)}.\n"]
    lines += ablation_lines(documents, chosen)
    if options.without:
        print("\n".join(lines[1:]))
        return 0
    blocks = {"ablation": lines}
    if options.model:
        blocks["model"] = list(model_lines(Evaluation(tuple(documents)), options.model))
    if len(here) == len(SETS):
        write_blocks(blocks)
    else:
        print("\n".join(line for block in blocks.values() for line in block))
    return 0


def write_blocks(blocks: dict[str, list[str]]) -> None:
    """Writes the tables into docs/quality.md."""
    page = PAGE.read_text(encoding="utf-8")
    for name, lines in blocks.items():
        page = filled(page, name, lines)
    PAGE.write_text(page, encoding="utf-8")
    print("wrote docs/quality.md")


def ablation_lines(documents: Sequence[Scored], components: Sequence[Ablation]) -> Iterator[str]:
    """One row a component: how many values it gave, and what the scores lose without them."""
    golds = [one.gold for one in documents]
    predicted = [one.predicted for one in documents]
    whole = record_scores(zip(golds, predicted, strict=True))
    rows: list[tuple[object, ...]] = [
        ("everything", _values(predicted, None), *(f"{whole[n].f1:.3f}" for n in _NAMES))
    ]
    for component in components:
        left = record_scores(zip(golds, ablated(predicted, component), strict=True))
        cells = (_change(left[n].f1 - whole[n].f1) for n in _NAMES)
        rows.append((component.name, _values(predicted, component), *cells))
    head = ("without", "values", *(name.replace(".", " ") for name in _NAMES))
    yield from markdown_table(head, rows)


def _values(documents: Sequence[Predicted], component: Ablation | None) -> str:
    rows = (row for one in documents for row in one.rows.get("evidence", ()))
    return f"{sum(component is None or component.drops(row) for row in rows):,}"


def _change(difference: float) -> str:
    return "·" if abs(difference) < 0.0005 else f"{difference:+.3f}"


def model_lines(evaluation: Evaluation, name: str) -> Iterator[str]:
    """Scores of people and institutions with the rules, with both, and with the model alone."""
    import spacy

    nlp = spacy.load(name)
    tasks = {"people": "PERSON", "institutions": "ORG"}
    totals = {(t, who): Score() for t in tasks for who in ("rules", "rules + model", "model")}
    for scored in evaluation.documents:
        doc = nlp(scored.predicted.text)
        for task, label in tasks.items():
            own = scored.predicted.rows[task]
            proposed = [_row(ent) for ent in doc.ents if ent.label_ == label]
            free = [row for row in proposed if not _touches(row, scored.predicted)]
            for who, rows in (
                ("rules", own),
                ("rules + model", [*own, *free]),
                ("model", proposed),
            ):
                changed = Predicted(
                    scored.predicted.doc_id,
                    scored.predicted.text,
                    scored.predicted.rows | {task: rows},
                )
                totals[task, who] += score_document(scored.gold, changed)[task].score
    rows = [
        (f"{task}: {who}", f"{s.precision:.3f}", f"{s.recall:.3f}", f"{s.f1:.3f}")
        for (task, who), s in totals.items()
    ]
    yield f"\n{nlp.lang}_{nlp.meta['name']} {nlp.meta['version']} on {len(evaluation.documents)} documents.\n"
    yield from markdown_table(("proposer", "precision", "recall", "F1"), rows)


def _row(ent: Any) -> dict[str, Any]:
    name = ent.text.strip().removeprefix("the ").removeprefix("The ")
    row = {"start": ent.start_char, "end": ent.end_char, "name": name, "acronym": None}
    row |= {"country": None, "rule": f"model/{ent.label_}", "institution_id": normalise(name)}
    return row


def _touches(row: dict[str, Any], predicted: Predicted) -> bool:
    tables = ("countries", "dates", "institutions", "people", "figures")
    return any(
        row["start"] < other["end"] and other["start"] < row["end"]
        for table in tables
        for other in predicted.rows[table]
    )


if __name__ == "__main__":
    sys.exit(main())
