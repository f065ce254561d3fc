"""The commands of snapshots: options and printing only."""

from __future__ import annotations

import click

from pipeline.console import folder, guarded
from pipeline.settings import load_settings


@click.group()
def runs() -> None:
    """List, show, remove and restore the snapshots of earlier runs."""


@runs.command("list")
@click.option("--outputs", type=folder, help="Where the tables are [outputs].")
@click.option("--json", "as_json", is_flag=True, help="Print every manifest as a line of JSON.")
@guarded
def list_runs(outputs: str | None, *, as_json: bool) -> None:
    """List the snapshots; * marks the one that outputs/tables leads to."""
    settings = load_settings(outputs=outputs)
    from pipeline.runs import command, snapshot  # noqa: PLC0415

    if as_json:
        import msgspec  # noqa: PLC0415

        for found in snapshot.snapshots(settings.outputs_dir):
            click.echo(msgspec.json.encode(found.summary or {"id": found.id}).decode())
        return
    for line in command.run_lines(settings.outputs_dir):
        click.echo(line)


@runs.command("show")
@click.argument("name", metavar="[RUN]", required=False)
@click.option("--outputs", type=folder, help="Where the tables are [outputs].")
@guarded
def show_run(name: str | None, outputs: str | None) -> None:
    """Print the manifest of a run as JSON: inputs, versions, counts, durations."""
    settings = load_settings(outputs=outputs)
    import msgspec  # noqa: PLC0415

    from pipeline.runs import command  # noqa: PLC0415

    summary = command.run_details(settings.outputs_dir, name)
    click.echo(msgspec.json.format(msgspec.json.encode(summary)).decode())


@runs.command("prune")
@click.option("--keep", type=click.IntRange(min=1), default=1, show_default=True,
              help="How many of the newest snapshots stay; the published one always does.")  # fmt: skip
@click.option("--outputs", type=folder, help="Where the tables are [outputs].")
@guarded
def prune_runs(keep: int, outputs: str | None) -> None:
    """Remove old snapshots."""
    settings = load_settings(outputs=outputs)
    from pipeline.runs import command  # noqa: PLC0415

    gone = command.prune(settings.outputs_dir, keep)
    for name in gone:
        click.echo(name)
    click.echo(f"{len(gone)} removed", err=True)


@runs.command("restore")
@click.argument("name", metavar="RUN")
@click.option("--outputs", type=folder, help="Where the tables are [outputs].")
@guarded
def restore_run(name: str, outputs: str | None) -> None:
    """Let outputs/tables lead to the tables of an earlier run; the next run goes on from now."""
    settings = load_settings(outputs=outputs)
    from pipeline.runs import command  # noqa: PLC0415

    found = command.restore(settings.outputs_dir, name)
    click.echo(f"{settings.outputs_dir / 'tables'} are those of {found}", err=True)
