"""What tests share: the rule book, the pipeline, documents made of plain text."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.annotate.pipeline import annotate, build_pipeline
from pipeline.evaluate.examples import example_document
from pipeline.rulebook.book import RuleBook, load_rulebook
from pipeline.rulebook.examples import Example

ROOT = Path(__file__).parent.parent
RULES = ROOT / "rules"
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def book() -> RuleBook:
    return load_rulebook(RULES)


@pytest.fixture(scope="session")
def nlp(book):
    return build_pipeline(book)


@pytest.fixture
def read(nlp):
    """Annotates a text: read("…", published="2020-10-08", source_country="IN")."""

    def _read(text: str, **context: str):
        return annotate(nlp, example_document(text, Example(text, **context)))

    return _read


@pytest.fixture
def rules_copy(tmp_path):
    """A rule folder that a test may break."""
    import shutil

    target = tmp_path / "rules"
    shutil.copytree(RULES, target)
    return target
