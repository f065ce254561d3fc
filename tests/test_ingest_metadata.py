"""Dates in metadata fields."""

from __future__ import annotations

import pytest

from pipeline.ingest.full_dates import parse


@pytest.mark.parametrize(
    ("field", "day"),
    [
        ("14 mars 2023", "2023-03-14"),
        ("8. Oktober 2020", "2020-10-08"),
        ("3 de mayo de 2021", "2021-05-03"),
        ("yesterday", None),
        ("mars 2023", None),
        ("2 weeks ago 2023", None),
        ("edition 5 of 2023", None),
    ],
)
def test_a_metadata_date_in_another_language(field, day):
    found = parse(field)
    assert (found.isoformat() if found else None) == day
