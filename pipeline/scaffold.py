"""A fresh working folder: raw/, rules/ and settings."""

from __future__ import annotations

import shutil
from pathlib import Path

from pipeline.errors import SettingsError
from pipeline.settings import FILE

_SETTINGS = """# Where pactline reads and writes; flags and PIPELINE_* variables beat these.
raw = "raw"
rules = "rules"
outputs = "outputs"
"""
# Two branches that add decisions merge: every line of both is kept.
_ATTRIBUTES = "rules/decisions/*.jsonl merge=union\n"
_WELCOME = """New cooperation agreement on digital skills

NAIROBI, 4 March 2024 - The Ministry of Information, Communications and the Digital Economy of Kenya
and the Ministry of Electronics and Information Technology (MeitY) of India signed a Memorandum of
Understanding on digital skills today. About 1,200 teachers will be trained by the end of 2025.
"""


def default_rules() -> Path:
    """The rules that come with the package: inside the wheel, or beside it in a checkout."""
    package = Path(__file__).parent
    for candidate in (package / "default_rules", package.parent / "rules"):
        if candidate.is_dir():
            return candidate
    raise SettingsError(
        "this installation lacks its rules", where=str(package), fix="install pactline again"
    )


def create_folder(directory: Path) -> None:
    """Makes ``directory`` with its content; raises SettingsError if it holds something already."""
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise SettingsError(
            "the folder is not empty", where=str(directory), fix="name a new or an empty folder"
        )
    try:
        (directory / "raw").mkdir(parents=True)
        shutil.copytree(default_rules(), directory / "rules")
        (directory / "raw" / "welcome.txt").write_text(_WELCOME, encoding="utf-8")
        (directory / FILE).write_text(_SETTINGS, encoding="utf-8")
        (directory / ".gitignore").write_text("outputs/\n", encoding="utf-8")
        (directory / ".gitattributes").write_text(_ATTRIBUTES, encoding="utf-8")
    except OSError as error:
        raise SettingsError(
            f"can't be made ({error.strerror})", where=str(directory), fix="check its permissions"
        ) from error
