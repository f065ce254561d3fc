"""Writes the pages of ``docs/`` that follow from the code: ``python -m pipeline.docs``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from pipeline.cli import main
from pipeline.dictionary import tables_page
from pipeline.ingest.rejections import REASONS

_DOCS = Path(__file__).parent.parent / "docs"


def pages() -> dict[str, str]:
    """The text of each generated page, by file name."""
    return {
        "tables.md": tables_page(),
        "commands.md": "\n".join(_commands_page()) + "\n",
        "rejected.md": "\n".join(_rejected_page()) + "\n",
    }


def _commands_page() -> Iterator[str]:
    yield "# Commands\n\nGenerated from the command line's own help."
    yield from _help("pactline", main, None)


def _help(name: str, command: click.Command, parent: click.Context | None) -> Iterator[str]:
    context = click.Context(command, info_name=name.rsplit(" ", 1)[-1], parent=parent)
    context.max_content_width = 88
    text = command.get_help(context)
    yield f"\n## {name}\n\n```\n{text}\n```"
    if isinstance(command, click.Group):
        for child in command.list_commands(context):
            found = command.get_command(context, child)
            if found:
                yield from _help(f"{name} {child}", found, context)


def _rejected_page() -> Iterator[str]:
    yield "# Why something was rejected\n"
    yield "What could not be read is a row in the table `rejected`; `code` is one of these.\n"
    yield "| code | what happened | what to do |"
    yield "|---|---|---|"
    for code, reason in sorted(REASONS.items()):
        yield f"| {code} | {reason.about} | {reason.fix} |"


if __name__ == "__main__":
    for name, text in pages().items():
        (_DOCS / name).write_text(text, encoding="utf-8")
        click.echo(f"wrote docs/{name}", err=True)
