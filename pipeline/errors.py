"""Every error a user can meet: a code, what happened, where, and how to fix it."""

from __future__ import annotations

from typing import ClassVar


class PactlineError(Exception):
    """An error that the command line prints without a traceback.

    ``what`` says what happened, ``where`` names the file (and line) and ``fix`` what to do next.
    """

    code: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 2

    def __init__(self, what: str, *, where: str = "", fix: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.fix = fix

    def __str__(self) -> str:
        lines = [f"{self.where}: {self.what}" if self.where else self.what]
        if self.fix:
            lines.append(f"  fix: {self.fix}")
        return "\n".join(lines)


class SettingsError(PactlineError):
    """A flag, an environment variable or ``pipeline.toml`` holds a value that can't be used."""

    code = "settings"


class RuleError(PactlineError):
    """A rule file can't be used; ``where`` is ``file:line``."""

    code = "rule"


class GoldError(PactlineError):
    """A gold file can't be read or names a document that the run doesn't have."""

    code = "gold"


class OutputError(PactlineError):
    """The tables can't be written or read."""

    code = "output"


class DocumentError(PactlineError):
    """One document (or one item of a container) can't be read; the run goes on without it.

    ``reason`` is one of the codes in ``pipeline.ingest.rejections.REASONS``.
    """

    code = "document"

    def __init__(self, reason: str, detail: str, *, doc_id: str = "") -> None:
        super().__init__(detail, where=doc_id)
        self.reason = reason
        self.doc_id = doc_id
