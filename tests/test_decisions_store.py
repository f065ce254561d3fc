"""The files of decisions, and which decisions stand."""

from __future__ import annotations

import errno
import multiprocessing
import os
import subprocess

import pytest

from pipeline.decisions.model import Decision, TextQuote
from pipeline.decisions.standing import standing
from pipeline.decisions.store import DecisionError, append_decisions, read_decisions
from tests.conftest import ROOT


def made(action="accept", minute=0, who="ann", change="c1", **more):
    when = f"2024-05-01T10:{minute:02}:00+00:00"
    return Decision(action, "countries", who, when, change=change, **more)


def test_what_is_written_is_read_again(tmp_path):
    quote = TextQuote("a.txt", "India", "of", "and \u202e</script>")
    decisions = [
        made("set", field="code", value="IN", quote=quote, after={"code": "ID"}, why="seen"),
        made("set", 1, field="parties", value=["IN", "KE"]),
        made("reject", 2, quote=quote),
    ]
    append_decisions(tmp_path, decisions[:1])
    append_decisions(tmp_path, decisions[1:])
    assert read_decisions(tmp_path) == decisions
    assert (tmp_path / "decisions" / "countries.jsonl").read_bytes().count(b"\n") == 3


def test_lines_are_read_once_whatever_their_order(tmp_path):
    decisions = [made(minute=n) for n in range(4)]
    append_decisions(tmp_path, [*reversed(decisions), decisions[0]])
    assert read_decisions(tmp_path) == decisions


def test_a_line_without_its_end_is_left_whole(tmp_path):
    append_decisions(tmp_path, [made()])
    path = tmp_path / "decisions" / "countries.jsonl"
    path.write_bytes(path.read_bytes().rstrip() + b"")
    append_decisions(tmp_path, [made(minute=1)])
    assert len(read_decisions(tmp_path)) == 2
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert len(read_decisions(tmp_path)) == 2


@pytest.mark.parametrize("mark", ["<<<<<<< HEAD", "=======", ">>>>>>> theirs", "||||||| base"])
def test_marks_of_a_conflict_are_told_with_their_line(tmp_path, mark):
    append_decisions(tmp_path, [made()])
    path = tmp_path / "decisions" / "countries.jsonl"
    path.write_text(path.read_text() + mark + "\n")
    with pytest.raises(DecisionError, match="conflict") as error:
        read_decisions(tmp_path)
    assert error.value.where == f"{path}:2"
    assert "merge=union" in error.value.fix


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "no decision"),
        ("[]", "no decision"),
        ('{"action": "accept", "table": "countries"}', "no decision"),
        ('{"action": "guess", "table": "countries", "who": "a", "when": "b"}', "unknown action"),
        ('{"action": "accept", "table": "dates", "who": "a", "when": "b"}', "stands in"),
    ],
)
def test_a_line_that_is_no_decision_is_told(tmp_path, line, message):
    (tmp_path / "decisions").mkdir()
    (tmp_path / "decisions" / "countries.jsonl").write_text(f"\n{line}\n")
    with pytest.raises(DecisionError, match=message) as error:
        read_decisions(tmp_path)
    assert error.value.where.endswith("countries.jsonl:2")


def _write_many(folder, who):
    for n in range(60):
        append_decisions(folder, [made(minute=n % 60, who=who, change=f"{n}", why="x" * 3_000)])


def test_two_processes_append_at_once(tmp_path):
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_write_many, args=(tmp_path, who)) for who in ("ann", "ben")]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
        assert worker.exitcode == 0
    found = read_decisions(tmp_path)
    assert {who: sum(d.who == who for d in found) for who in ("ann", "ben")} == {
        "ann": 60,
        "ben": 60,
    }


def test_a_full_disk_leaves_the_file_as_it_was(tmp_path, monkeypatch):
    append_decisions(tmp_path, [made()])
    path = tmp_path / "decisions" / "countries.jsonl"
    before = path.read_bytes()

    def fail(_handle):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("pipeline.decisions.store.os.fsync", fail)
    with pytest.raises(DecisionError, match="space"):
        append_decisions(tmp_path, [made(minute=1)])
    assert path.read_bytes() == before


def test_git_merges_the_files_of_two_branches(tmp_path):
    def git(*args):
        name = ["-c", "user.name=t", "-c", "user.email=t@localhost"]
        subprocess.run(["git", *name, *args], cwd=tmp_path, check=True, capture_output=True)

    git("init", "-b", "main")
    (tmp_path / ".gitattributes").write_bytes((ROOT / ".gitattributes").read_bytes())
    append_decisions(tmp_path / "rules", [made()])
    git("add", "-A")
    git("commit", "-m", "one")
    git("checkout", "-b", "other")
    append_decisions(tmp_path / "rules", [made(minute=1, who="ben")])
    git("commit", "-am", "two")
    git("checkout", "main")
    append_decisions(tmp_path / "rules", [made(minute=2)])
    git("commit", "-am", "three")
    git("merge", "other")
    assert len(read_decisions(tmp_path / "rules")) == 3


# ── which stand ──


def kept(*decisions):
    return list(standing(decisions).decisions)


ACCEPT, REJECT = made("accept"), made("reject", 1)
CODE, NAME = made("set", 2, field="code", value="IN"), made("set", 3, field="name", value="x")


def test_the_last_word_on_a_change_counts_and_values_of_several_fields_add_up():
    assert kept(ACCEPT, REJECT) == [REJECT]
    assert kept(ACCEPT, CODE, NAME) == [CODE, NAME]
    assert kept(CODE, NAME, made("set", 4, field="code", value="PE"))[1].value == "PE"
    assert kept(CODE, made("accept", 5)) == [made("accept", 5)]
    assert len(kept(ACCEPT, made(minute=1, change="c2"))) == 2


def test_flags_and_comments_add_up():
    flag, comment = made("flag"), made("comment", 1, why="look")
    assert kept(flag, comment, ACCEPT) == sorted(
        [flag, comment, ACCEPT], key=lambda d: (d.when, d.id)
    )


def test_an_undone_decision_gives_way_to_the_one_before():
    undo = made("undo", 5, change="", undoes=REJECT.id)
    assert kept(ACCEPT, REJECT, undo) == [ACCEPT]
    again = made("undo", 6, change="", undoes=undo.id)
    assert kept(ACCEPT, REJECT, undo, again) == [REJECT]


def test_opposite_decisions_of_two_people_are_told_and_the_later_counts():
    other = made("reject", 4, who="ben")
    found = standing([ACCEPT, other])
    assert found.opposed == ((ACCEPT, other),)
    assert found.decisions == (other,)
    undo = made("undo", 5, change="", undoes=other.id)
    assert standing([ACCEPT, other, undo]).opposed == ()


@pytest.mark.parametrize(
    ("other", "opposed"),
    [
        (made("accept", 4, who="ben"), False),
        (made("set", 4, who="ben", field="code", value="IN"), False),
        (made("set", 4, who="ben", field="name", value="y"), False),
        (made("set", 4, who="ben", field="code", value="PE"), True),
        (made("reject", 4, who="ben"), True),
        (made("flag", 4, who="ben"), False),
        (made("reject", 4, who="ben", change="c2"), False),
    ],
)
def test_which_decisions_are_opposite(other, opposed):
    first = CODE if other.action != "accept" else ACCEPT
    assert bool(standing([first, other]).opposed) is opposed


def test_who_changes_their_mind_opposes_nobody():
    assert standing([ACCEPT, REJECT]).opposed == ()


def test_pairs_are_opposed_whatever_their_order():
    one, two = TextQuote("a.txt", "one"), TextQuote("b.txt", "two")
    same = made("same", quote=one, other_quote=two, change="x")
    other = made("not_same", 1, who="ben", quote=two, other_quote=one, change="y")
    assert standing([same, other]).opposed == ((same, other),)
