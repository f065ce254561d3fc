"""Settings: a flag beats the environment, that beats ``pipeline.toml``, that beats the default."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import msgspec

from pipeline.errors import SettingsError

FILE = "pipeline.toml"
PREFIX = "PIPELINE_"


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a run reads and writes; relative paths start at the working folder."""

    raw: str = "raw"
    rules: str = "rules"
    outputs: str = "outputs"

    @property
    def raw_dir(self) -> Path:
        """The folder of the raw texts."""
        return Path(self.raw)

    @property
    def rules_dir(self) -> Path:
        """The rule book's folder."""
        return Path(self.rules)

    @property
    def outputs_dir(self) -> Path:
        """The folder that tables are written to."""
        return Path(self.outputs)


def load_settings(**flags: str | None) -> Settings:
    """The settings of this call; raises SettingsError naming the file, key or variable."""
    values = _from_file(Path(FILE)) | _from_environment()
    values |= {key: value for key, value in flags.items() if value is not None}
    return Settings(**values)


def _from_file(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    fix = f"the keys are {', '.join(Settings.__struct_fields__)}, each a text"
    try:
        found = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Settings)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise SettingsError(f"not usable: {error}", where=FILE, fix=fix) from error
    return {key: str(value) for key, value in msgspec.structs.asdict(found).items()}


def _from_environment() -> dict[str, str]:
    names = {f"{PREFIX}{key.upper()}": key for key in Settings.__struct_fields__}
    return {key: os.environ[name] for name, key in names.items() if os.environ.get(name)}
