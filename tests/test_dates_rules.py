"""`rules/dates.toml`: its examples hold, and errors name file and line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline.annotate.dates.check import check_examples
from pipeline.errors import RuleError
from pipeline.rulebook.dates import load_dates
from pipeline.rulebook.source import RuleFile

ROOT = Path(__file__).resolve().parent.parent
ISO = '[[rule]]\nid = "iso"'
FILE = RuleFile.read(ROOT / "rules", "dates.toml")


def changed(old: str, new: str) -> RuleFile:
    """The rule file with its first ``old`` replaced."""
    assert old in FILE.text
    return RuleFile("dates.toml", FILE.text.replace(old, new, 1), "")


def line_of(file: RuleFile, text: str) -> int:
    """The line on which a text stands."""
    return file.text[: file.text.index(text)].count("\n") + 1


def test_all_examples_hold() -> None:
    assert check_examples(load_dates(FILE)) == []


def test_every_rule_has_an_example() -> None:
    rules = load_dates(FILE)
    shown = {f"dates/{one.rule}" for one in rules.examples if not one.counter}
    patterns = {one.id for found in rules.dispatchers.values() for one in found.patterns}
    # These two need a prefix to be dates at all; the prefixes have the examples.
    assert patterns - shown == {"dates/time-ago", "dates/time-later"}


def test_a_wrong_example_is_reported_with_its_line() -> None:
    file = changed("edtf='2012-03-30'>2012-03-30<", "edtf='2012-03-31'>2012-03-30<")
    ((where, message),) = check_examples(load_dates(file))
    line = line_of(file, '[[rule]]\nid = "iso"')
    assert where == f"rules/dates.toml:{line}"
    assert message == "iso: '2012-03-30' has edtf 2012-03-30, not 2012-03-31"


def test_a_date_in_a_counter_example_is_reported() -> None:
    file = changed('"Call 2012-03-30-55 for help."', '"Call on 30 March 2012."')
    ((_, message),) = check_examples(load_dates(file))
    assert "'30 March 2012' is taken for 2012-03-30" in message


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ('id = "iso"', 'colour = 1\nid = "iso"', "colour = 1", "unknown field `colour`"),
        ("'{year}-(?P<month>", "'{yeer}-(?P<month>", ISO, "unknown part {yeer}"),
        ("'{year}-(?P<month>", "'(({year}-(?P<month>", ISO, "regular expression"),
        ("'{year}-(?P<month>", "'({year})-(?P<month>", ISO, "without a name"),
        ('id = "numeric"', 'id = "iso"', f'{ISO}\nabout = "Day', "is taken"),
        ('of = ["shift-unit"]', 'of = ["shift"]', '[[stop]]\nid = "vague-shift"', "no rule is"),
    ],
)
def test_errors_name_file_and_line(old: str, new: str, line: str, message: str) -> None:
    file = changed(old, new)
    with pytest.raises(RuleError, match=re.escape(message)) as caught:
        load_dates(file)
    assert caught.value.where.startswith("rules/dates.toml:")
    assert caught.value.fix
    if line:
        assert caught.value.where == f"rules/dates.toml:{line_of(file, line)}"


def test_parts_that_contain_each_other_are_an_error() -> None:
    with pytest.raises(RuleError, match="contain each other"):
        load_dates(changed("th = '", "th = '{th}"))


def test_a_new_word_needs_no_code() -> None:
    file = changed("january = 1\n", "january = 1\njanvier = 1\n")
    assert load_dates(file).words.months["janvier"] == 1
