"""Chromium and a review that is being served, for tests of the pages."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import ROOT

EXECUTABLE = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
NO_BROWSER = "no chromium on this machine: `apt-get install chromium` (.ci/run does it as root)"


def pactline(folder: Path, *args: str, fails: bool = False) -> str:
    """Runs a command in a folder; what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "pipeline.cli", *args],
        cwd=folder, env=_environment(), capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert bool(done.returncode) is fails, done.stdout + done.stderr
    return done.stdout + done.stderr


@contextmanager
def served(folder: Path, *args: str) -> Iterator[str]:
    """The address of a review of a folder."""
    process = subprocess.Popen(
        [sys.executable, "-m", "pipeline.cli", "review", "--who", "ann", *args],
        cwd=folder, env=_environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        told = process.stdout.readline()
        yield re.search(r"http://\S+", told)[0]
    finally:
        process.terminate()
        process.communicate(timeout=20)


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
