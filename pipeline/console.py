"""What all commands share: how errors are told, colours, kinds of options."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn

import click

from pipeline.errors import PactlineError

CHECK_FAILED = 1

folder = click.Path(path_type=str)


def _fail(error: PactlineError) -> NoReturn:
    click.echo(f"error[{error.code}]: {error}", err=True)
    sys.exit(error.exit_code)


def guarded(command: Callable[..., Any]) -> Callable[..., Any]:
    """Prints a PactlineError as one message with its exit code."""

    @wraps(command)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except PactlineError as error:
            _fail(error)

    return guarded


def wants_colours() -> bool:
    """Whether stdout is a terminal whose user wants colours."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")
