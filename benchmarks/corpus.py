"""Makes a folder of varied documents from the sample: `python benchmarks/corpus.py DIR COUNT`.

Each document mixes paragraphs of the shipped sample with other countries, years and numbers, so
that no two are alike; the same arguments give the same files.
"""

from __future__ import annotations

import random
import re
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
_PER_FOLDER = 500
_COUNTRIES = re.compile(
    r"\b(?:India|Kenya|Chile|Finland|Jordan|Morocco|Spain|Brazil|Canada|Mongolia)\b"
)
_NUMBER = re.compile(r"\b\d{1,3}\b")
_YEAR = re.compile(r"\b20[0-2]\d\b")


def sample_paragraphs() -> list[str]:
    """The paragraphs of the shipped texts."""
    texts = [p.read_text(encoding="utf-8") for p in sorted((ROOT / "raw").rglob("*.txt"))]
    return [block for text in texts for block in text.split("\n\n") if len(block) > 60]


def country_names() -> list[str]:
    """The short names of all countries in the rules."""
    lines = (ROOT / "rules" / "countries.csv").read_text(encoding="utf-8").splitlines()[1:]
    return [line.split(",")[2] for line in lines if '"' not in line]


def make_document(number: int, paragraphs: list[str], countries: list[str]) -> str:
    """The text of one document."""
    rng = random.Random(number)  # noqa: S311 - reproducible, not secret
    blocks = rng.sample(paragraphs, rng.randint(4, 14))
    text = "\n\n".join(blocks)
    text = _COUNTRIES.sub(lambda _: rng.choice(countries), text)
    text = _YEAR.sub(lambda _: str(rng.randint(2000, 2026)), text)
    return _NUMBER.sub(lambda m: str(rng.randint(1, 28)) if len(m[0]) < 3 else m[0], text)


def make_corpus(folder: Path, count: int) -> int:
    """Writes ``count`` documents below ``folder``; their size in bytes."""
    paragraphs, countries = sample_paragraphs(), country_names()
    size = 0
    for number in range(count):
        path = folder / f"{number // _PER_FOLDER:04d}" / f"{number:06d}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        size += path.write_text(make_document(number, paragraphs, countries), encoding="utf-8")
    return size


if __name__ == "__main__":
    print(f"{make_corpus(Path(sys.argv[1]), int(sys.argv[2])):,} bytes")
