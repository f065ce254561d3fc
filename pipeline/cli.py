"""The command line: options and printing; the work is done by the modules that commands import."""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline import __version__
from pipeline.cli_changes import diff, review
from pipeline.cli_runs import runs
from pipeline.console import CHECK_FAILED, folder, guarded, wants_colours
from pipeline.errors import PactlineError
from pipeline.settings import load_settings

if TYPE_CHECKING:
    from pipeline.evaluate import Evaluation

SOME_REJECTED = 3
STOPPED = 130
# Seconds between two looks of --watch.
_LOOK = 1.0


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="pactline")
def main() -> None:
    """From press releases to a ledger of cooperation.

    Reads raw/, applies rules/, writes outputs/tables/*.parquet. Data goes to stdout, everything
    else to stderr. Exit codes: 0 done, 1 a check failed, 2 usage, settings or rules, 3 done but
    some documents were rejected.
    """


@main.command()
@click.option("--raw", type=folder, help="The raw texts [raw].")
@click.option("--rules", type=folder, help="The rule book [rules].")
@click.option("--outputs", type=folder, help="Where the tables go [outputs].")
@click.option("--jobs", type=click.IntRange(min=0),
              help="Worker processes; 0 for none [the number of cores].")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Say what would be done and why; change nothing.")
@click.option("--verify", is_flag=True, help="Hash every file instead of trusting its time.")
@click.option("--retry", is_flag=True, help="Try again what crashed or took too long.")
@click.option("--time-limit", type=click.FloatRange(min=0.1), help="Seconds a document [120].")
@click.option("--memory-limit", type=click.IntRange(min=64), help="MB a document [3000].")
@click.option("--keep", type=click.IntRange(min=1), help="Snapshots that stay [20].")
@click.option("--watch", is_flag=True, help="Go on: extract new files as they arrive.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
@click.option("--quiet", is_flag=True, help="No progress.")
@guarded
def run(  # noqa: PLR0913 - one argument an option
    raw: str | None, rules: str | None, outputs: str | None, *, jobs: int | None, dry_run: bool,
    verify: bool, retry: bool, time_limit: float | None, memory_limit: int | None,
    keep: int | None, watch: bool, as_json: bool, quiet: bool,
) -> None:  # fmt: skip
    """Read what is new or changed in the raw texts and bring the tables up to date."""
    settings = load_settings(raw=raw, rules=rules, outputs=outputs)
    from pipeline.runs import command  # noqa: PLC0415 - a run has imports of its own

    chosen = command.settings_of(
        settings,
        jobs=jobs,
        verify=verify,
        retry=retry,
        seconds=time_limit,
        megabytes=memory_limit,
        keep=keep,
    )
    if dry_run:
        plan = command.dry_run(chosen, settings.rules_dir)
        for line in command.plan_lines(plan, as_json=as_json):
            click.echo(line)
        return
    show = None if quiet or not sys.stderr.isatty() else _show_progress
    try:
        if watch:
            tell = _tell_json if as_json else partial(_tell, settings.outputs_dir)
            command.watch(chosen, settings.rules_dir, tell, _LOOK)
        summary = command.run(chosen, settings.rules_dir, show)
    except KeyboardInterrupt:
        click.echo("stopped; what was finished is kept, run again to go on", err=True)
        sys.exit(STOPPED)
    if show:
        click.echo("\r\033[K", nl=False, err=True)
    _tell_json(summary) if as_json else _print_summary(summary, settings.outputs_dir)
    sys.exit(SOME_REJECTED if summary.rejected else 0)


def _tell_json(result: Any) -> None:
    import msgspec  # noqa: PLC0415 - only for --json

    if isinstance(result, PactlineError):
        click.echo(f"error[{result.code}]: {result}", err=True)
    else:
        click.echo(msgspec.json.encode(result).decode())


def _tell(outputs: Path, result: Any) -> None:
    """A result of --watch in one line."""
    if isinstance(result, PactlineError):
        click.echo(f"error[{result.code}]: {result}", err=True)
    else:
        _print_headline(result, outputs)


def _show_progress(done: int, total: int, doc_id: str) -> None:
    name = doc_id.encode("unicode_escape").decode() if not doc_id.isprintable() else doc_id
    click.echo(f"\r\033[K{done:>7,} of {total:,}  {name[:60]}", nl=False, err=True)


def _print_headline(summary: Any, outputs: Path) -> None:
    work = ", ".join(f"{n:,} {what}" for what, n in summary.work.items() if n and what != "cached")
    click.echo(
        f"{summary.documents:,} documents ({work or 'none to read again'}) in {summary.seconds:.1f} s"
        f" → {outputs / 'tables'}"
    )


def _print_summary(summary: Any, outputs: Path) -> None:
    _print_headline(summary, outputs)
    for table, count in summary.rows.items():
        if table not in {"documents", "rejected"}:
            click.echo(f"  {count:>9,}  {table}")
    if summary.duplicates:
        click.echo(f"  {summary.duplicates:>9,}  near-duplicates marked in documents")
    if summary.decisions.get("stale"):
        click.echo(
            f"{summary.decisions['stale']:,} decisions no longer apply: see"
            " `pactline review --stale`",
            err=True,
        )
    if summary.rejected:
        reasons = ", ".join(f"{code} {count}" for code, count in summary.rejected.items())
        click.echo(
            f"{sum(summary.rejected.values())} rejected ({reasons}): see `pactline show rejected`",
            err=True,
        )


@main.command()
@click.argument("table")
@click.option("--outputs", type=folder, help="Where the tables are [outputs].")
@click.option("--doc", help="Only rows of the document whose id holds this text.")
@click.option("--limit", type=int, default=20, show_default=True, help="0 for all rows.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@guarded
def show(table: str, outputs: str | None, doc: str | None, limit: int, *, as_json: bool) -> None:
    """Print the rows of a table."""
    settings = load_settings(outputs=outputs)
    from pipeline.show import print_table  # noqa: PLC0415 - pyarrow takes its time

    print_table(
        settings.outputs_dir / "tables",
        table,
        doc=doc,
        limit=limit,
        as_json=as_json,
        echo=click.echo,
    )


@main.command("eval")
@click.argument("golds", metavar="GOLD…", nargs=-1, type=click.Path(path_type=Path))
@click.option("--linking", type=click.Path(path_type=Path),
              help="Score linking against a folder of linking gold instead.")  # fmt: skip
@click.option("--raw", "raws", type=click.Path(path_type=Path), multiple=True,
              help="Where the annotated documents lie; may be repeated [raw].")  # fmt: skip
@click.option("--rules", type=folder, help="The rule book [rules].")
@click.option("--errors", is_flag=True, help="List misses and false alarms with context.")
@click.option("--json", "as_json", is_flag=True, help="Print the scores as JSON.")
@click.option("--write-confidence", is_flag=True,
              help="Write how often each rule was right to confidence.csv of the rule book.")  # fmt: skip
@guarded
def evaluate(  # noqa: PLR0913 - one argument an option
    golds: tuple[Path, ...], linking: Path | None, raws: tuple[Path, ...], rules: str | None, *,
    errors: bool, as_json: bool, write_confidence: bool,
) -> None:  # fmt: skip
    """Score the extraction against annotated documents of one or more folders."""
    settings = load_settings(rules=rules)
    if linking is not None:
        _evaluate_linking(linking, settings.rules_dir, as_json=as_json)
        return
    if not golds:
        raise click.UsageError("name a folder of gold, or one of linking gold with --linking")
    from pipeline.evaluate import Evaluation  # noqa: PLC0415
    from pipeline.evaluate import evaluate as evaluate_gold  # noqa: PLC0415

    folders = raws or (settings.raw_dir,)
    scored = [evaluate_gold(gold, folders, settings.rules_dir).documents for gold in golds]
    evaluation = Evaluation(tuple(document for found in scored for document in found))
    if as_json:
        click.echo(json.dumps(evaluation.as_dict(), indent=2))
    else:
        _print_evaluation(evaluation, errors=errors)
    if write_confidence:
        _write_confidence(evaluation, settings.rules_dir)


def _evaluate_linking(folder: Path, rules: Path, *, as_json: bool) -> None:
    from pipeline.evaluate.linking import evaluate_linking, linking_lines  # noqa: PLC0415

    found = evaluate_linking(folder, rules)
    if as_json:
        click.echo(json.dumps(found.as_dict(), indent=2))
        return
    for line in linking_lines(found):
        click.echo(line)


def _write_confidence(evaluation: Evaluation, rules: Path) -> None:
    from pipeline.evaluate.confidence import write_confidence  # noqa: PLC0415
    from pipeline.rulebook.book import load_rulebook  # noqa: PLC0415

    path, rows = write_confidence(evaluation, load_rulebook(rules), rules)
    click.echo(f"wrote {path}: {rows:,} rules and steps", err=True)


def _print_evaluation(evaluation: Evaluation, *, errors: bool) -> None:
    from pipeline.evaluate import report  # noqa: PLC0415

    parts = [report.score_lines, report.record_lines]
    if errors:
        parts += [report.error_lines, report.record_error_lines]
    for part in parts:
        for line in part(evaluation):
            click.echo(line)


@main.group()
def rules() -> None:
    """Check the rule book."""


@rules.command()
@click.option("--rules", "rules_dir", type=folder, help="The rule book [rules].")
@guarded
def lint(rules_dir: str | None) -> None:
    """Read every rule file and decision and report what is wrong with it, with file and line."""
    settings = load_settings(rules=rules_dir)
    from pipeline.decisions.store import read_decisions  # noqa: PLC0415
    from pipeline.rulebook.book import load_rulebook  # noqa: PLC0415

    book = load_rulebook(settings.rules_dir)
    read_decisions(settings.rules_dir)
    click.echo(f"{len(book.files)} files, {len(book.locations):,} rules: no problem found")


@rules.command()
@click.option("--rules", "rules_dir", type=folder, help="The rule book [rules].")
@guarded
def test(rules_dir: str | None) -> None:
    """Run every example of every rule: what must match and what must not."""
    settings = load_settings(rules=rules_dir)
    from pipeline.evaluate.examples import check_rulebook  # noqa: PLC0415

    checked, problems = check_rulebook(settings.rules_dir)
    for problem in problems:
        click.echo(f"{problem.where}: {problem.message}", err=True)
    click.echo(f"{checked:,} examples, {len(problems)} failed")
    sys.exit(CHECK_FAILED if problems else 0)


@rules.command()
@click.option("--rules", "rules_dir", type=folder, help="The rule book [rules].")
@click.option("--raw", "raws", type=click.Path(path_type=Path), multiple=True,
              help="The documents to count on; may be repeated [raw].")  # fmt: skip
@click.option("--gold", "golds", type=click.Path(path_type=Path), multiple=True,
              help="Annotated documents, to measure precision on; may be repeated.")  # fmt: skip
@click.option("--all", "everything", is_flag=True, help="List the rules that never fired, too.")
@click.option("--json", "as_json", is_flag=True, help="Print every rule as JSON.")
@guarded
def stats(
    rules_dir: str | None, raws: tuple[Path, ...], golds: tuple[Path, ...], *,
    everything: bool, as_json: bool,
) -> None:  # fmt: skip
    """Count what each rule does: hits, overlaps lost, never fired, and how often it is right."""
    settings = load_settings(rules=rules_dir)
    from pipeline.evaluate import rule_stats  # noqa: PLC0415

    found = rule_stats.measure(settings.rules_dir, raws or (settings.raw_dir,), golds)
    if as_json:
        click.echo(json.dumps(found.as_dict(), ensure_ascii=False, indent=2))
        return
    for line in rule_stats.stat_lines(found, everything=everything):
        click.echo(line)


@rules.command()
@click.option("--rules", "rules_dir", type=folder, help="The edited rule book [rules].")
@click.option("--base", type=click.Path(path_type=Path), help="The rule book to compare with.")
@click.option("--git", "revision", help="The git revision of the rule book to compare with [HEAD].")
@click.option("--raw", "raws", type=click.Path(path_type=Path), multiple=True,
              help="The documents to compare on; may be repeated [raw].")  # fmt: skip
@click.option("--gold", "golds", type=click.Path(path_type=Path), multiple=True,
              help="Annotated documents, to compare the scores on; may be repeated.")  # fmt: skip
@click.option("--examples", type=click.IntRange(min=0), default=3, show_default=True,
              help="How many rows of each kind of change to show.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the changes as JSON.")
@guarded
def impact(  # noqa: PLR0913 - one argument an option
    rules_dir: str | None, base: Path | None, revision: str | None, raws: tuple[Path, ...],
    golds: tuple[Path, ...], *, examples: int, as_json: bool,
) -> None:  # fmt: skip
    """Show what an edit of the rules changes in the tables and the scores, before it is committed."""
    if base and revision:
        raise click.UsageError("give either --base or --git")
    settings = load_settings(rules=rules_dir)
    from pipeline.evaluate import impact as measuring  # noqa: PLC0415

    where = raws or (settings.raw_dir,)
    with measuring.base_rules(settings.rules_dir, base, revision or "HEAD") as (old, name):
        found = measuring.measure_impact(old, settings.rules_dir, where, golds, name=name)
    if as_json:
        click.echo(json.dumps(found.as_dict(examples), ensure_ascii=False, indent=2))
        return
    for line in measuring.impact_lines(found, examples):
        click.echo(line)


@rules.command()
@click.option("--outputs", type=folder, help="Where the tables are [outputs].")
@click.option("--least", type=click.IntRange(min=1), default=1, show_default=True,
              help="Only institutions that so many documents mention.")  # fmt: skip
@click.option("--limit", type=click.IntRange(min=0), default=50, show_default=True,
              help="0 for all.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, with the counts.")
@guarded
def suggest(outputs: str | None, *, least: int, limit: int, as_json: bool) -> None:
    """Print institutions that the rules don't know as lines for rules/institutions/*.csv.

    The most frequently mentioned come first; check them before you paste them.
    """
    settings = load_settings(outputs=outputs)
    from pipeline.suggest import csv_lines, suggested  # noqa: PLC0415

    found = suggested(settings.outputs_dir / "tables", least, limit)
    lines = (json.dumps(r, ensure_ascii=False) for r in found) if as_json else csv_lines(found)
    for line in lines:
        click.echo(line)


@main.command()
@click.argument("what", metavar="DOC|RECORD")
@click.argument("field", required=False)
@click.option("--raw", type=folder, help="The raw texts [raw].")
@click.option("--rules", type=folder, help="The rule book [rules].")
@click.option("--outputs", type=folder, help="Where the tables are, to find a record [outputs].")
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False),
              help="Write one self-contained page to this file instead.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@guarded
def explain(  # noqa: PLR0913 - one argument an option
    what: str, field: str | None, *, raw: str | None, rules: str | None, outputs: str | None,
    html: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Show why: a document with everything that was found in it, or a record with its evidence.

    DOC is a document's id or a part of it that no other has, RECORD the id of a report (or its
    beginning); FIELD limits a record to one field. The document is read afresh from raw/ with the
    rules as they are now.
    """
    settings = load_settings(raw=raw, rules=rules, outputs=outputs)
    from pipeline import explain as explaining  # noqa: PLC0415

    found = explaining.explain(
        what, field, settings.raw_dir, settings.rules_dir, settings.outputs_dir
    )
    if html:
        explaining.write_page(found, html)
        click.echo(f"wrote {html}", err=True)
    if as_json:
        click.echo(json.dumps(explaining.as_dict(found), ensure_ascii=False, indent=2))
    elif not html:
        for line in explaining.terminal_lines(found, colours=wants_colours()):
            click.echo(line, color=True)


@main.command()
@click.argument("directory", type=click.Path(path_type=Path))
@guarded
def init(directory: Path) -> None:
    """Make a fresh folder with raw/, rules/ and settings."""
    from pipeline.scaffold import create_folder  # noqa: PLC0415

    create_folder(directory)
    click.echo(f"made {directory}: put releases into {directory / 'raw'}, then", err=True)
    click.echo(f"  cd {directory} && pactline run", err=True)


main.add_command(diff)
main.add_command(review)
main.add_command(runs)

if __name__ == "__main__":
    main()
