"""The rules as they are in a git revision."""

from __future__ import annotations

import io
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import SettingsError

OTHER_BASE = "name another folder of rules with --base DIR"


@contextmanager
def base_rules(rules: Path, base: Path | None, revision: str) -> Iterator[tuple[Path, str]]:
    """The folder to compare ``rules`` with, and its name: ``base``, else a git revision."""
    if base is not None:
        yield base, str(base)
        return
    with rules_at(rules, revision) as folder:
        yield folder, revision


@contextmanager
def rules_at(rules: Path, revision: str) -> Iterator[Path]:
    """The folder ``rules`` as it is in a git revision, in a temporary folder.

    Raises SettingsError outside a git repository or for an unknown revision.
    """
    if not rules.is_dir():
        raise SettingsError(
            "there is no such rule folder", where=str(rules), fix="name one with --rules"
        )
    _git(rules, "rev-parse", "--git-dir", told="is in no git repository")
    commit = _git(
        rules,
        *("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"),
        told=f"has no revision {revision!r} in its git repository",
    ).decode()
    tree = _git(
        rules, "rev-parse", "--verify", "--quiet", f"{commit.strip()}:./",
        told=f"isn't in the revision {revision!r}",
    ).decode()  # fmt: skip
    top = Path(
        _git(rules, "rev-parse", "--show-toplevel", told="has no work tree").decode().strip()
    )
    packed = _git(top, "archive", "--format=tar", tree.strip(), told="can't be read from git")
    folder = Path(tempfile.mkdtemp(prefix="pactline-rules-"))
    try:
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            archive.extractall(folder, filter="data")
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _git(folder: Path, *arguments: str, told: str) -> bytes:
    """What a git command prints; raises SettingsError saying ``told`` of the folder."""
    command = ["git", "-C", str(folder), *arguments]
    try:
        return subprocess.run(command, check=True, capture_output=True).stdout  # noqa: S603
    except FileNotFoundError as error:
        raise SettingsError("git is not installed", fix=OTHER_BASE) from error
    except subprocess.CalledProcessError as error:
        detail = error.stderr.decode(errors="replace").strip().partition("\n")[0]
        raise SettingsError(
            f"the folder {told}" + (f" ({detail})" if detail else ""),
            where=str(folder),
            fix=OTHER_BASE,
        ) from error
