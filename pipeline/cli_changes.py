"""The commands about what changed: `pactline diff` and `pactline review`."""

from __future__ import annotations

import getpass
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.console import CHECK_FAILED, folder, guarded, wants_colours
from pipeline.errors import SettingsError
from pipeline.settings import Settings, load_settings

if TYPE_CHECKING:
    from pipeline.diff.select import Filter
    from pipeline.diff.snapshot import Snapshot
    from pipeline.review.session import Session

_FILTERS = (
    click.option("--table", "tables", multiple=True, help="Only changes in this table."),
    click.option("--field", "fields", multiple=True, help="Only rows in which this field differs."),
    click.option("--kind", "kinds", multiple=True,
                 help="added, removed, changed, merged, split or evidence."),
    click.option("--cause", "causes", multiple=True,
                 help="A kind of cause (document_added, rule …) or a part of its text."),
    click.option("--country", "countries", multiple=True, help="Only rows of this country (ISO)."),
    click.option("--doc", "docs", multiple=True, help="Only rows of documents with this in the id."),
)  # fmt: skip


def _filters(command: Any) -> Any:
    for option in reversed(_FILTERS):
        command = option(command)
    return command


@click.command()
@click.argument("old", required=False)
@click.argument("new", required=False)
@click.option("--outputs", type=folder, help="Where the runs are [outputs].")
@click.option("--accepted", is_flag=True, help="Compare with the state that was accepted last.")
@click.option("--against-gold", type=click.Path(path_type=Path),
              help="Compare the reports with the gold files of a folder.")  # fmt: skip
@click.option("--stat", is_flag=True, help="Only the counts.")
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    default=40,
    show_default=True,
    help="Cards shown; 0 for all.",
)
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False),
              help="Write one self-contained page to this file.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Counts and changes as JSON.")
@click.option("--exit-code", is_flag=True, help="Exit with 1 when anything differs.")
@_filters
@guarded
def diff(  # noqa: PLR0913 - one argument an option
    old: str | None, new: str | None, *, outputs: str | None, accepted: bool,
    against_gold: Path | None, stat: bool, limit: int, html: Path | None, as_json: bool,
    exit_code: bool, **filters: tuple[str, ...],
) -> None:  # fmt: skip
    """Show what changed between two runs, and why.

    OLD and NEW are ids of runs (`pactline runs list`), or the beginning of one, or folders of
    tables; by default the published run is compared with the one before it.
    """
    settings = load_settings(outputs=outputs)
    from pipeline.diff.cards import CardMaker  # noqa: PLC0415 - pyarrow takes its time
    from pipeline.diff.compare import compare  # noqa: PLC0415
    from pipeline.diff.model import DETAIL_TABLES  # noqa: PLC0415
    from pipeline.diff.page import MOST_CARDS, write_page  # noqa: PLC0415
    from pipeline.diff.select import select, without  # noqa: PLC0415
    from pipeline.diff.sides import choose_sides  # noqa: PLC0415
    from pipeline.diff.summary import summarise  # noqa: PLC0415
    from pipeline.schema import REPORT_TABLES  # noqa: PLC0415

    if against_gold and not filters["kinds"]:
        # Where a report stands and who found it is nothing that gold files tell.
        filters["kinds"] = ("added", "removed", "changed")
        filters["tables"] = filters["tables"] or REPORT_TABLES
    wanted = _wanted(filters)
    sides = (
        _gold_sides(settings, against_gold, old)
        if against_gold
        else choose_sides(settings.outputs_dir, old, new, accepted=accepted)
    )
    found = select(compare(*sides), wanted)
    summary = summarise(found)
    shown = without(found, DETAIL_TABLES.difference(wanted.tables))
    maker = CardMaker(shown, *sides)
    if html:
        write_page(summary, maker.cards(MOST_CARDS), html)
        click.echo(f"wrote {html}", err=True)
    if as_json:
        _print_json(summary, [] if stat else maker.cards(limit))
    elif not html:
        _print(summary, [] if stat else maker.cards(limit), rows=len(shown))
    sys.exit(CHECK_FAILED if exit_code and len(found) else 0)


def _wanted(filters: dict[str, tuple[str, ...]]) -> Filter:
    from pipeline.diff.select import Filter  # noqa: PLC0415

    wanted = Filter(**filters)
    wanted.check()
    return wanted


def _gold_sides(settings: Settings, gold: Path, run: str | None) -> tuple[Any, Snapshot]:
    from pipeline.diff.sides import open_side, published  # noqa: PLC0415
    from pipeline.evaluate.gold_side import gold_side, only_documents  # noqa: PLC0415

    side = open_side(settings.outputs_dir, run) if run else published(settings.outputs_dir)
    return gold_side(gold, side), only_documents(side, gold)


def _print(summary: Any, cards: list[Any], *, rows: int) -> None:
    from pipeline.diff.terminal import card_lines, summary_lines  # noqa: PLC0415

    for line in [*summary_lines(summary), *card_lines(cards, colours=wants_colours())]:
        click.echo(line, color=True)
    if cards and len(cards) < rows:
        click.echo(f"\n… {rows - len(cards):,} more changes (--limit 0 for all)")
    if cards and rows < summary.rows:
        told = f"{summary.rows - rows:,} rows of evidence and other details are counted only"
        click.echo(f"\n{told} (--table evidence shows them)")


def _print_json(summary: Any, cards: list[Any]) -> None:
    import msgspec  # noqa: PLC0415

    told = msgspec.to_builtins({"summary": summary, "changes": cards})
    click.echo(json.dumps(told, ensure_ascii=False, indent=2))


class _WithRuns(click.Group):
    """A group that takes runs itself unless its first word is the name of a command."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        named = bool(args) and args[0] in self.commands
        ctx.allow_interspersed_args = not named
        return super().parse_args(ctx, ["", "", *args] if named else args)


@click.group(cls=_WithRuns, invoke_without_command=True)
@click.argument("old", required=False)
@click.argument("new", required=False)
@click.option("--rules", type=folder, help="The rule book [rules].")
@click.option("--outputs", type=folder, help="Where the runs are [outputs].")
@click.option("--accepted", is_flag=True, help="Review against the state that was accepted last.")
@click.option("--who", help="Your name in the decisions [git's user.name, else the login].")
@click.option("--port", type=int, default=0, help="The port of the page [any free one].")
@click.option("--tui", is_flag=True, help="Review in the terminal.")
@click.option("--check", is_flag=True, help="Exit with 1 while changes are undecided.")
@click.option("--stale", is_flag=True, help="List the decisions that no longer apply.")
@click.option("--done", is_flag=True, help="Accept this state: what `--accepted` compares with.")
@_filters
@click.pass_context
@guarded
def review(  # noqa: PLR0913 - one argument an option
    context: click.Context, old: str | None, new: str | None, *, rules: str | None,
    outputs: str | None, accepted: bool, who: str | None, port: int, tui: bool, check: bool,
    stale: bool, done: bool, **filters: tuple[str, ...],
) -> None:  # fmt: skip
    """Decide what changed: accept, reject, set a value; the next run keeps to it.

    Serves a page on this machine only. Decisions go to rules/decisions/, a line each.
    """
    if context.invoked_subcommand:
        return
    settings = load_settings(rules=rules, outputs=outputs)
    if stale:
        _print_stale(settings)
        return
    session = _session(settings, (old, new), accepted=accepted, who=who, filters=filters)
    if check or done:
        _check(settings, session, done=done)
    elif tui:
        _in_terminal(session)
    else:
        _serve(session, port)


def _session(
    settings: Settings, names: tuple[str | None, str | None], *, accepted: bool, who: str | None,
    filters: dict[str, tuple[str, ...]],
) -> Session:  # fmt: skip
    from pipeline.diff.compare import compare  # noqa: PLC0415
    from pipeline.diff.select import select  # noqa: PLC0415
    from pipeline.diff.sides import choose_sides  # noqa: PLC0415
    from pipeline.review.session import Session  # noqa: PLC0415

    sides = choose_sides(settings.outputs_dir, *names, accepted=accepted)
    found = select(compare(*sides), _wanted(filters))
    return Session.of(found, sides, settings.rules_dir, who or _who())


def _who() -> str:
    try:
        asked = subprocess.run(
            ["git", "config", "user.name"],  # noqa: S607
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        name = asked.stdout.strip()
    except OSError:
        name = ""
    try:
        return name or getpass.getuser()
    except (OSError, KeyError) as error:
        raise SettingsError("nobody knows your name", fix="give it with --who") from error


def _check(settings: Settings, session: Session, *, done: bool) -> None:
    from pipeline.diff.terminal import printable  # noqa: PLC0415
    from pipeline.review.states import opposed_of  # noqa: PLC0415

    left = session.undecided()
    for card in left[:20]:
        click.echo(printable(f"undecided: {card.kind} {card.table} {card.label}  {card.doc_id}"))
    if len(left) > 20:
        click.echo(f"… {len(left) - 20:,} more")
    opposed = opposed_of(session.standing())
    for group in opposed:
        told = " / ".join(text for _, text in group.said)
        click.echo(printable(f"opposite: {group.about}: {told}"))
    if left or opposed:
        click.echo(f"{len(left):,} of {session.progress().cards:,} changes are undecided, "
                   f"{len(opposed):,} decisions oppose each other", err=True)  # fmt: skip
        sys.exit(CHECK_FAILED)
    click.echo(f"all {session.progress().cards:,} changes are decided", err=True)
    if done:
        from pipeline.runs.accepted import write_accepted  # noqa: PLC0415

        run = session.sides[1].name
        write_accepted(settings.outputs_dir, run, session.who, session.clock())
        click.echo(f"accepted {run}", err=True)


def _print_stale(settings: Settings) -> None:
    from pipeline.diff.terminal import printable  # noqa: PLC0415
    from pipeline.runs.decided import effective_decisions, stale_decisions  # noqa: PLC0415

    waiting = effective_decisions(settings.rules_dir)
    found = stale_decisions(waiting, settings.outputs_dir / "tables")
    for decision in found:
        said = f"{decision.action} {decision.field}".strip()
        words = " ".join(decision.quote.exact.split())[:80] if decision.quote else ""
        where = decision.quote.doc if decision.quote else ""
        told = f"{decision.id}  {said} in {decision.table} by {decision.who}  {where}  “{words}”"
        click.echo(printable(told))
    click.echo(f"{len(found):,} of {len(waiting):,} decisions no longer apply", err=True)


def _in_terminal(session: Session) -> None:
    from pipeline.review.terminal import TerminalReview  # noqa: PLC0415

    TerminalReview(
        session,
        # Keys may also be piped in.
        key=click.getchar if sys.stdin.isatty() else lambda: sys.stdin.read(1),
        ask=lambda text: str(click.prompt(text, default="", show_default=False, prompt_suffix="")),
        tell=lambda line: click.echo(line, color=True),
        colours=wants_colours(),
    ).run()


def _serve(session: Session, port: int) -> None:
    try:
        from pipeline.review.serve import serve  # noqa: PLC0415
    except ImportError as error:
        raise SettingsError(
            "the page needs packages that are not installed",
            fix="pip install 'pactline[review]', or use `pactline review --tui`",
        ) from error
    serve(session, port, lambda address: click.echo(f"review at {address}  (Ctrl-C ends it)"))


@review.command("export-gold")
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False))
@click.option("--rules", type=folder, help="The rule book [rules].")
@click.option("--outputs", type=folder, help="Where the runs are [outputs].")
@click.option("--against", help="The older side of the review [the run before].")
@click.option("--accepted", is_flag=True, help="Against the state that was accepted last.")
@guarded
def export_gold(
    directory: Path, *, rules: str | None, outputs: str | None, against: str | None, accepted: bool
) -> None:
    """Write the documents that were decided as gold files for `pactline eval`."""
    settings = load_settings(rules=rules, outputs=outputs)
    from pipeline.review.gold import export  # noqa: PLC0415

    session = _session(settings, (against, None), accepted=accepted, who="export", filters={})
    written, left_out = export(session, directory)
    click.echo(f"wrote {written:,} gold files to {directory}", err=True)
    if left_out:
        click.echo(f"{left_out:,} documents have undecided changes and were left out", err=True)
