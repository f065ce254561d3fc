"""A review: cards, states, decisions, undo, progress, gold files; and the one in the terminal."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.decisions.store import DecisionError, read_decisions
from pipeline.diff import Snapshot, compare
from pipeline.errors import SettingsError
from pipeline.evaluate.gold import read_gold
from pipeline.review.document import marked_document
from pipeline.review.gold import export
from pipeline.review.session import Request, Session
from pipeline.review.terminal import TerminalReview
from tests.snapshots import country, document, evidence, report, side, write_run

A = document("a.txt", "India and Kenya signed the memorandum on ports. Kenya will be the host.")
B = document("b.txt", "Peru and Chile signed a pact on roads. Peru spoke.", title="B")
PORTS = report(
    A,
    "India and Kenya signed the memorandum on ports.",
    title="memorandum on ports",
    status="signed",
)
ROADS = report(
    B, "Peru and Chile signed a pact on roads.", title="pact on roads", parties=["CL", "PE"]
)


@pytest.fixture
def outputs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rules").mkdir()
    folder = tmp_path / "outputs"
    gone = country(A, "India", "IN")
    write_run(folder, "20240101T000000Z", documents=[A], countries=[gone],
              agreement_reports=[{**PORTS, "status": "proposed"}])  # fmt: skip
    write_run(folder, "20240102T000000Z", documents=[A, B], agreement_reports=[PORTS, ROADS],
              evidence=[evidence(B, ROADS, "parties", "Peru", value="PE")],
              countries=[country(A, "Kenya", "KE"), country(A, "Kenya", "KE", nth=1),
                         country(B, "Peru", "PE"), country(B, "Peru", "PE", nth=1)])  # fmt: skip
    return folder


def review(outputs, who="ann"):
    sides = tuple(Snapshot.of_run(outputs / "runs" / f"2024010{n}T000000Z") for n in (1, 2))
    return Session.of(compare(*sides), sides, outputs.parent / "rules", who)


def card(session, table, kind="added", nth=0):
    return [c for c in session.cards if (c.table, c.kind) == (table, kind)][nth]


def test_every_change_of_what_rows_say_has_one_card(outputs):
    session = review(outputs)
    kinds = sorted((c.table, c.kind) for c in session.cards)
    assert kinds == [
        ("agreement_reports", "added"), ("agreement_reports", "changed"),
        *[("countries", "added")] * 4, ("countries", "removed"), ("documents", "added"),
    ]  # fmt: skip
    assert len({c.id for c in session.cards}) == 8


def test_rows_that_only_moved_and_effects_of_decisions_want_none(tmp_path):
    told = {"decision_id": "d", "action": "reject", "table": "countries", "doc_id": "a.txt",
            "text": "India", "who": "ann"}  # fmt: skip
    kenya = country(A, "Kenya", "KE")
    sides = (
        side("old", documents=[A], countries=[country(A, "India", "IN"), kenya]),
        side(documents=[A], countries=[{**kenya, "confidence": 0.9}], decisions=[told]),
    )
    session = Session.of(compare(*sides), sides, tmp_path, "ann")
    assert [session.states()[c.id].state for c in session.cards] == ["applied"]
    assert (session.progress().cards, session.undecided()) == (0, [])


def test_decisions_show_on_their_cards_and_in_the_progress(outputs):
    session = review(outputs)
    made = card(session, "agreement_reports")
    session.decide(Request("accept", (made.id,), why=" right "))
    session.decide(Request("flag", (made.id,)))
    session.decide(Request("comment", (made.id,), why="look again"))
    state = session.states()[made.id]
    assert (state.state, state.flagged, state.by) == ("accepted", True, "ann")
    assert state.notes == ("ann: right", "ann: look again")
    assert (session.progress().decided, session.progress().cards) == (1, 8)
    assert session.progress().causes["new document b.txt"] == (1, 4)


def test_undo_takes_back_and_the_card_is_open_again(outputs):
    session = review(outputs)
    made = card(session, "countries")
    session.decide(Request("accept", (made.id,)))
    (decision,) = session.decide(Request("reject", (made.id,)))
    assert session.states()[made.id].state == "rejected"
    session.undo([decision.id])
    assert session.states()[made.id].state == "accepted"
    with pytest.raises(SettingsError, match="no such decision"):
        session.undo([decision.id])


def test_two_sessions_see_each_other(outputs):
    one, other = review(outputs), review(outputs, "ben")
    made = card(one, "countries")
    one.decide(Request("accept", (made.id,)))
    version = other.version
    assert other.states()[made.id].by == "ann"
    assert other.version != version
    other.decide(Request("reject", (made.id,)))
    assert len(one.standing().opposed) == 1


def test_a_cause_stands_for_its_undecided_cards(outputs):
    session = review(outputs)
    rejected = card(session, "countries", nth=2)
    assert rejected.doc_id == "b.txt"
    session.decide(Request("reject", (rejected.id,)))
    made = session.decide(Request("accept", cause="new document b.txt"))
    assert len(made) == 3
    assert session.states()[rejected.id].state == "rejected"
    with pytest.raises(SettingsError, match="no change is named"):
        session.decide(Request("accept", cause="new document b.txt"))


def test_cards_keep_their_ids_when_runs_and_places_change(outputs):
    before = {c.id for c in review(outputs).cards if c.table == "countries"}
    moved = document("a.txt", "A paragraph more.\n\n" + A["text"])
    rows = [country(moved, "Kenya", "KE"), country(moved, "Kenya", "KE", nth=1)]
    sides = side("x", documents=[moved]), side("y", documents=[moved], countries=rows)
    session = Session.of(compare(*sides), sides, outputs.parent / "rules", "ann")
    assert {c.id for c in session.cards} <= before


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (Request("accept"), "no change is named"),
        (Request("accept", ("nothing",)), "not part of this review"),
        (Request("guess", ("documents",)), "unknown action"),
        (Request("undo", ("documents",)), "unknown action"),
        (Request("reject", ("documents",)), "can't be rejected"),
        (Request("comment", ("documents",), why=" "), "comment is empty"),
        (Request("comment", ("documents",), why="x" * 20_000), "too long"),
        (Request("set", ("documents",), field="title", value="x"), "can't be set"),
        (Request("set", ("countries",), field="code", value="Kenya"), "no country code"),
        (Request("set", ("gone",), field="code", value="KE"), "row is gone"),
        (Request("same", ("countries",)), "two changes"),
        (Request("same", ("countries", "documents")), "two changes"),
        (Request("same", ("countries", "countries2")), "holds no reports"),
    ],
)
def test_what_can_not_be_decided_is_told_and_nothing_is_written(outputs, request_, message):
    session = review(outputs)
    ids = {
        "documents": card(session, "documents").id,
        "countries": card(session, "countries").id,
        "countries2": card(session, "countries", nth=1).id,
        "gone": card(session, "countries", "removed").id,
        "nothing": "nothing",
    }
    asked = Request(request_.action, tuple(ids[c] for c in request_.cards), field=request_.field,
                    value=request_.value, why=request_.why)  # fmt: skip
    with pytest.raises(SettingsError, match=message):
        session.decide(asked)
    assert read_decisions(outputs.parent / "rules") == []


def test_one_bad_card_of_many_leaves_all_undecided(outputs):
    session = review(outputs)
    with pytest.raises(SettingsError):
        session.decide(Request("reject", tuple(c.id for c in session.cards)))
    assert session.progress().decided == 0


def test_the_same_record_is_said_of_two_reports(outputs):
    session = review(outputs)
    pair = card(session, "agreement_reports", "changed"), card(session, "agreement_reports")
    (made,) = session.decide(Request("same", tuple(c.id for c in pair)))
    assert (made.other["title"], made.other_quote.doc) == ("pact on roads", "b.txt")
    assert session.states()[pair[0].id].notes == ("ann: the same record as “pact on roads”",)
    assert session.progress().decided == 0


def test_a_file_that_a_merge_left_broken_is_told(outputs):
    session = review(outputs)
    session.decide(Request("accept", (card(session, "countries").id,)))
    path = outputs.parent / "rules" / "decisions" / "countries.jsonl"
    path.write_text("<<<<<<< HEAD\n" + path.read_text())
    with pytest.raises(DecisionError, match="conflict"):
        session.states()


# ── the document beside ──


def test_a_document_is_cut_into_marked_pieces():
    rows = [country(A, "India", "IN"), country(A, "Kenya", "KE")]
    found = marked_document(side(documents=[A], countries=rows), "a.txt", (0, 15))
    assert "".join(words for words, *_ in found["pieces"]) == A["text"]
    assert [words for words, _, mentions in found["pieces"] if mentions] == ["India", "Kenya"]
    assert "".join(words for words, quoted, _ in found["pieces"] if quoted) == A["text"][:15]
    assert marked_document(side(documents=[A]), "other.txt") is None


@pytest.mark.parametrize("quoted", [(0, 10**9), (10**9, 5), (5, 5)])
def test_a_place_that_is_not_in_the_document_is_no_harm(quoted):
    found = marked_document(side(documents=[A]), "a.txt", quoted)
    assert "".join(words for words, *_ in found["pieces"]) == A["text"]


# ── gold files ──


def test_documents_that_are_decided_become_gold_files(outputs, tmp_path):
    session = review(outputs)
    for one in session.cards:
        if one.doc_id == "b.txt":
            session.decide(Request("accept", (one.id,)))
    session.decide(Request("reject", (card(session, "countries", nth=3).id,)))
    roads = next(c for c in session.cards if c.label.endswith("pact on roads"))
    session.decide(Request("set", (roads.id,), field="date", value="2024-05"))
    assert export(session, tmp_path / "gold") == (1, 1)
    (made,) = read_gold(tmp_path / "gold")
    assert (made.doc, made.title, made.countries) == ("b.txt", "B", ("PE",))
    assert made.agreements[0]["date"] == "2024-05"


def test_gold_files_of_documents_with_one_name_are_told_apart(tmp_path):
    docs = [{**B, "doc_id": f"{d}/b.txt"} for d in ("x", "y")]
    rows = [{**country(B, "Peru", "PE"), "doc_id": d["doc_id"]} for d in docs]
    sides = side("old"), side(documents=docs, countries=rows)
    session = Session.of(compare(*sides), sides, tmp_path, "ann")
    session.decide(Request("accept", tuple(c.id for c in session.cards)))
    export(session, tmp_path / "gold")
    assert [made.doc for made in read_gold(tmp_path / "gold")] == ["x/b.txt", "y/b.txt"]


# ── the command ──


def call(*args, **more):
    return CliRunner().invoke(main, ["review", *args], catch_exceptions=False, **more)


def test_check_fails_until_everything_is_decided_and_done_accepts_the_state(outputs):
    result = call("--check")
    assert result.exit_code == 1
    assert "undecided: added agreement_reports mou pact on roads  b.txt" in result.stdout
    assert "8 of 8 changes are undecided" in result.stderr
    session = review(outputs)
    session.decide(Request("accept", tuple(c.id for c in session.cards)))
    assert call("--check").exit_code == 0
    assert "accepted 20240102T000000Z" in call("--done", "--who", "ann").stderr
    told = json.loads((outputs / "accepted.json").read_text())
    assert (told["run"], told["who"]) == ("20240102T000000Z", "ann")
    assert "0 rows differ" in CliRunner().invoke(main, ["diff", "--accepted"]).stdout


def test_check_fails_while_decisions_oppose_each_other(outputs):
    session = review(outputs)
    session.decide(Request("accept", tuple(c.id for c in session.cards)))
    review(outputs, "ben").decide(Request("reject", (card(session, "countries").id,)))
    result = call("--check")
    assert result.exit_code == 1
    assert "opposite: countries Kenya in a.txt: ann: accept / ben: reject" in result.stdout


def test_export_gold_says_what_it_left_out(outputs, tmp_path):
    result = call("export-gold", str(tmp_path / "gold"))
    assert "wrote 0 gold files" in result.stderr
    assert "2 documents have undecided changes" in result.stderr


def test_stale_decisions_are_listed(outputs):
    session = review(outputs)
    session.decide(Request("reject", (card(session, "countries").id,)))
    result = call("--stale")
    assert "reject in countries by ann  a.txt  “Kenya”" in result.stdout
    assert "1 of 1 decisions no longer apply" in result.stderr


# ── in the terminal ──


def in_terminal(session, keys, answers=()):
    """What the terminal review prints while somebody presses keys and types answers."""
    told = []
    pressed, typed = iter(keys), iter(answers)
    TerminalReview(
        session,
        key=lambda: next(pressed, "q"),
        ask=lambda text: (told.append(text), next(typed))[1],
        tell=told.append,
        colours=False,
    ).run()
    return "\n".join(told)


def test_keys_decide_and_undo_in_the_terminal(outputs):
    session = review(outputs)
    told = in_terminal(session, "anfr?")
    assert "0 of 8 decided" in told
    assert "1 of 8 decided" in told
    assert "a accept" in told
    decisions = [d.action for d in session.standing().decisions]
    assert sorted(decisions) == ["accept", "flag"]
    assert "can't be rejected" in told
    in_terminal(session, "au")
    assert len(session.standing().decisions) == 2


def test_keys_may_be_piped_in(outputs):
    result = call("--tui", "--who", "ann", input="aq")
    assert result.exit_code == 0
    assert "1 of 8 decided" in result.stdout


def test_values_comments_and_pairs_in_the_terminal(outputs):
    session = review(outputs)
    told = in_terminal(session, "cmnmps", ["looks wrong", "y", "status", "approved"])
    assert [d.action for d in session.standing().decisions] == ["comment", "same", "set"]
    assert "ann: looks wrong" in told
    assert "marked" in told


def test_a_cause_is_accepted_in_the_terminal_after_a_preview(outputs):
    session = review(outputs)
    told = in_terminal(session, "AA", ["n", "y"])
    assert "accept all" in told
    assert session.progress().decided > 1


def test_wrong_values_are_told_in_the_terminal(outputs):
    session = review(outputs)
    told = in_terminal(session, "su", ["status", "maybe"])
    assert "'maybe' is no status" in told
    assert "there is nothing to undo" in told
    assert session.progress().decided == 0


def test_the_document_is_shown_in_the_terminal(outputs):
    assert "  | India and [Kenya] signed" in in_terminal(review(outputs), "d")


def test_the_terminal_review_ends_when_everything_is_decided(outputs):
    session = review(outputs)
    assert "everything is decided" in in_terminal(session, "a" * 8)
    assert session.progress().decided == 8
