"""Generated pages don't drift, and the data dictionary lies beside the tables."""

from __future__ import annotations

import pytest

from pipeline.dictionary import data_dictionary
from pipeline.docs import pages
from pipeline.schema import TABLES, WRITTEN
from tests.conftest import ROOT


@pytest.mark.parametrize("name", sorted(pages()))
def test_generated_page_is_current(name):
    found = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert found == pages()[name], f"run `make docs` to renew docs/{name}"


def test_the_dictionary_describes_every_written_column():
    text = data_dictionary()
    for table in TABLES:
        if table.name in WRITTEN:
            for column in table.columns:
                assert f"| {column.name} |" in text


def test_links_in_the_readme_and_docs_lead_somewhere():
    import re

    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\((?!http)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} → {target}"
