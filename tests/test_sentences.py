"""Where sentences end."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("They met in Washington. D.C. on Monday. They left.", 2),
        ("They met in Washington. U.S. officials spoke.", 2),
        ("They met Mr. Doe. He left.", 2),
    ],
)
def test_sentences(read, text, parts):
    assert len(read(text)._.sentences) == parts
