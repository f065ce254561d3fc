"""Makes a folder of varied documents: `python benchmarks/corpus.py DIR COUNT`.

Documents differ in length (a few hundred characters to some thousands), in format (text, HTML,
Markdown), in what they are about (cooperation, domestic affairs, both) and in how densely they
name countries, bodies and dates. One in fifty repeats an earlier one with an edited line. Each
document follows from its number alone, so that a larger corpus begins with the smaller one.
"""

from __future__ import annotations

import csv
import html
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
_SUBJECTS = (
    "the ministry", "the council", "officials", "the department", "local authorities",
    "the working group", "the agency", "teachers", "farmers", "engineers", "the committee",
    "a panel of experts", "the new secretary", "several companies", "the port authority",
)  # fmt: skip
_VERBS = (
    "reviewed", "announced", "discussed", "published", "presented", "postponed", "approved",
    "described", "examined", "welcomed", "explained", "began", "finished", "extended", "tested",
)  # fmt: skip
_OBJECTS = (
    "a plan for rural roads", "the annual report", "new rules for grid operators",
    "the results of a survey", "a programme for small firms", "the budget of the schools",
    "a study of river levels", "the timetable of the reform", "a register of land titles",
    "the upgrade of three hospitals", "a pilot on soil data", "the safety of older bridges",
    "training courses for nurses", "a list of open questions", "the repair of the old pier",
)  # fmt: skip
_ADJUNCTS = (
    "on {day} {month} {year}", "in {month} {year}", "last week", "after months of talks",
    "with a budget of {number} million dollars", "in {place}", "at a meeting in {place}",
    "despite heavy rain", "for the first time", "together with {body}", "by the end of {year}",
    "for about {number} households", "without further comment", "in the second half of {year}",
)  # fmt: skip
_DEALS = (
    "{one} and {two} signed a Memorandum of Understanding on {topic} in {place} on {day} {month} {year}.",
    "{one} will cooperate with {two} on {topic}, {body} said.",
    "The {nth} meeting of the Joint Working Group between {one} and {two} was held in {place} in {month} {year}.",
    "{one} opened a training centre for {topic} in {place} with support from {two}.",
    "The agreement between {one} and {two} on {topic} entered into force in {year}.",
    "A delegation from {two} visited {place} to discuss {topic}.",
)
_TOPICS = (
    "digital skills", "fisheries", "water management", "customs data", "renewable energy",
    "cyber security", "higher education", "space research", "public health", "rail transport",
)  # fmt: skip
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


class Material:
    """What documents are made of: paragraphs of the sample, and names from the rules."""

    def __init__(self) -> None:
        texts = [p.read_text(encoding="utf-8") for p in sorted((ROOT / "raw").rglob("*.txt"))]
        self.paragraphs = [b for text in texts for b in text.split("\n\n") if len(b) > 60]
        self.countries = _column("countries.csv")
        self.places = _column("places.csv")
        files = sorted((ROOT / "rules" / "institutions").glob("*.csv"))
        self.bodies = [name for f in files for name in _column(f"institutions/{f.name}")]


def _column(file: str) -> list[str]:
    with (ROOT / "rules" / file).open(encoding="utf-8", newline="") as lines:
        return [row["name"] for row in csv.DictReader(lines)]


def make_document(number: int, material: Material) -> tuple[str, str]:
    """The suffix and the content of one document."""
    if number % 50 == 49:
        suffix, text = make_document(number - 1 - number % 7, material)
        return suffix, text.replace("said", "told reporters", 1)
    rng = random.Random(number)  # noqa: S311 - reproducible, not secret
    about_cooperation = rng.random()
    length = min(40, max(2, int(rng.lognormvariate(2.2, 0.7))))
    title = _sentence(rng, material, 0.7).rstrip(".")
    paragraphs = []
    for _ in range(length):
        if rng.random() < 0.12 * about_cooperation:
            paragraphs.append(_varied(rng, rng.choice(material.paragraphs), material))
            continue
        density = 0.35 * about_cooperation
        sentences = (_sentence(rng, material, density) for _ in range(rng.randint(1, 5)))
        paragraphs.append(" ".join(sentences))
    return _formatted(rng, title, paragraphs)


def _sentence(rng: random.Random, material: Material, density: float) -> str:
    fields = {
        "one": rng.choice(material.countries),
        "two": rng.choice(material.countries),
        "place": rng.choice(material.places),
        "body": rng.choice(material.bodies),
        "topic": rng.choice(_TOPICS),
        "day": rng.randint(1, 28),
        "month": rng.choice(_MONTHS),
        "year": rng.randint(1998, 2026),
        "number": rng.randint(2, 900),
        "nth": rng.choice(("second", "third", "fifth", "tenth")),
    }
    if rng.random() < density:
        return rng.choice(_DEALS).format(**fields)
    words = [rng.choice(_SUBJECTS), rng.choice(_VERBS), rng.choice(_OBJECTS)]
    words += rng.sample(_ADJUNCTS, rng.choice((0, 1, 1, 2)))
    text = " ".join(words).format(**fields)
    return text[0].upper() + text[1:] + "."


def _varied(rng: random.Random, text: str, material: Material) -> str:
    text = _COUNTRIES.sub(lambda _: rng.choice(material.countries), text)
    text = _YEAR.sub(lambda _: str(rng.randint(2000, 2026)), text)
    return _NUMBER.sub(lambda m: str(rng.randint(1, 28)) if len(m[0]) < 3 else m[0], text)


def _formatted(rng: random.Random, title: str, paragraphs: list[str]) -> tuple[str, str]:
    kind = rng.random()
    if kind < 0.8:
        return ".txt", "\n\n".join([title, *paragraphs]) + "\n"
    if kind < 0.9:
        return ".md", "\n\n".join([f"# {title}", *paragraphs]) + "\n"
    body = "".join(f"<p>{html.escape(p)}</p>\n" for p in paragraphs)
    head = f"<html><head><title>{html.escape(title)}</title></head>"
    return ".html", f"{head}<body><h1>{html.escape(title)}</h1>\n{body}</body></html>\n"


def make_corpus(folder: Path, count: int, first: int = 0) -> int:
    """Writes the documents from number ``first`` on, below ``folder``; their size in bytes."""
    material = Material()
    size = 0
    for number in range(first, count):
        suffix, text = make_document(number, material)
        path = folder / f"{number // _PER_FOLDER:04d}" / f"{number:06d}{suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        size += path.write_text(text, encoding="utf-8")
    return size


if __name__ == "__main__":
    print(f"{make_corpus(Path(sys.argv[1]), int(sys.argv[2])):,} bytes")
