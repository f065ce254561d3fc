"""Runs that follow the folder: new files are extracted soon after they have arrived.

The folder is looked at, not listened to: that works on every file system and costs one stat a file.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from pipeline.errors import PactlineError
from pipeline.ingest.find import scan
from pipeline.runs.lock import LockedError
from pipeline.runs.manifest import Summary
from pipeline.runs.quick import token
from pipeline.runs.run import run
from pipeline.runs.settings import RunSettings
from pipeline.runs.stages import Loaded
from pipeline.runs.versions import read_rules

# While files keep changing, a run waits for so many looks at most.
_PATIENCE: Final = 10


class Watch:
    """Decides, look by look, whether it is time to run."""

    def __init__(
        self,
        settings: RunSettings,
        rules: Path,
        told: Callable[[Summary | PactlineError], None],
    ) -> None:
        self._settings = settings
        self._rules = rules
        self._told = told
        self._loaded: Loaded | None = None
        self._hashes: dict[str, str] = {}
        self._done = b""
        self._seen = b""
        self._waited = 0

    def forever(self, seconds: float) -> None:
        """Looks every so many seconds."""
        while True:
            self.look()
            time.sleep(seconds)

    def look(self) -> bool:
        """Runs if something changed and nothing did since the last look; whether it ran.

        A file that is being written changes from look to look, so it isn't read half way; when
        changes don't end, it runs all the same, and reads again what has changed by then.
        """
        try:
            now = token(self._settings, scan(self._settings.raw), read_rules(self._rules))
        except PactlineError as error:
            self._tell(error)
            return False
        if now == self._done:
            return False
        still = now == self._seen
        self._waited = 0 if still else self._waited + 1
        self._seen = now
        if not still and self._waited < _PATIENCE:
            return False
        self._waited = 0
        return self._run(now)

    def _run(self, now: bytes) -> bool:
        try:
            summary = run(self._settings, self._rules, self._current_rules())
        except LockedError as error:
            self._tell(error)
            return False
        except PactlineError as error:
            # Nothing gets better until something changes.
            self._done = now
            self._tell(error)
            return False
        self._done = now
        self._told(summary)
        return True

    def _current_rules(self) -> Loaded | None:
        """The loaded rules, kept from run to run while their files are the same."""
        hashes = read_rules(self._rules).hashes
        if hashes != self._hashes:
            self._loaded, self._hashes = Loaded(self._rules), hashes
        return self._loaded

    def _tell(self, error: PactlineError) -> None:
        self._told(error)
