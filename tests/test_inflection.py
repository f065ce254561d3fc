"""Regular English forms of the nouns and verbs of the rules."""

from __future__ import annotations

import pytest

from pipeline.rulebook.inflection import inflected, plural


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("centre", "centres"),
        ("laboratory", "laboratories"),
        ("highway", "highways"),
        ("bus", "buses"),
        ("gap analysis", "gap analyses"),
        ("centre of excellence", "centres of excellence"),
    ],
)
def test_plural(one, many):
    assert plural(one) == many


@pytest.mark.parametrize(
    ("base", "forms"),
    [
        ("roll out", ("roll out", "rolls out", "rolled out", "rolled out", "rolling out")),
        ("supply", ("supply", "supplies", "supplied", "supplied", "supplying")),
        ("agree on", ("agree on", "agrees on", "agreed on", "agreed on", "agreeing on")),
        ("create", ("create", "creates", "created", "created", "creating")),
    ],
)
def test_inflected(base, forms):
    assert inflected(base) == forms
