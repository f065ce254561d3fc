"""The run as a function: raw texts in, tables out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pipeline.runs.manifest import Summary
from pipeline.runs.run import run
from pipeline.runs.settings import RunSettings
from pipeline.runs.stages import Loaded

Progress = Callable[[int, int, str], None]


def load(rules: Path) -> LoadedRules:
    """The rule book of a folder with everything that is built from it; raises RuleError."""
    loaded = LoadedRules(rules)
    loaded.prepare(("annotate", "records"))
    return loaded


class LoadedRules(Loaded):
    """Loaded rules that know where they came from."""

    def __init__(self, rules: Path) -> None:
        super().__init__(rules)
        self.rules = rules


def extract(
    loaded: LoadedRules, raw: Path, outputs: Path, progress: Progress | None = None
) -> Summary:
    """Extracts all documents below ``raw`` in this process and publishes the tables.

    Raises SettingsError when ``raw`` is no folder and OutputError when ``outputs`` can't be
    written. A document that can't be read becomes a row in ``rejected``.
    """
    return run(RunSettings(raw, outputs, jobs=0), loaded.rules, loaded, progress)
