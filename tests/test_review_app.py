"""The local page of a review: what it serves, and to whom it does not answer."""

from __future__ import annotations

import asyncio
import json

import pytest
from httpx import ASGITransport, AsyncClient

from pipeline.decisions.store import read_decisions
from pipeline.diff import compare
from pipeline.review.app import make_app, new_token
from pipeline.review.session import Session
from tests.snapshots import country, document, report, side

HOST = "127.0.0.1:8000"
ORIGIN = {"origin": f"http://{HOST}"}
HOSTILE = "<script>alert(1)</script>\u202e"
A = document("a.txt", f"India signed {HOSTILE} in Lima.", title=HOSTILE)


class Client:
    """Asks the application without a socket."""

    def __init__(self, app):
        self.app = app

    def get(self, path, **more):
        return self.ask("GET", path, **more)

    def post(self, path, **more):
        return self.ask("POST", path, **more)

    def ask(self, method, path, **more):
        async def asking():
            transport = ASGITransport(app=self.app)
            async with AsyncClient(transport=transport, base_url=f"http://{HOST}") as client:
                return await client.request(method, path, **more)

        return asyncio.run(asking())


@pytest.fixture
def session(tmp_path):
    made = report(A, f"India signed {HOSTILE}", title=HOSTILE)
    sides = (
        side("old", documents=[A], countries=[country(A, "India", "IN")]),
        side(documents=[A], agreement_reports=[made]),
    )
    return Session.of(compare(*sides), sides, tmp_path, HOSTILE)


@pytest.fixture
def client(session):
    return Client(make_app(session, "token", frozenset({HOST})))


def post(client, path, body, **headers):
    content = body if isinstance(body, bytes | str) else json.dumps(body)
    return client.post(f"/token/{path}", content=content, headers={**ORIGIN, **headers})


def ids(client):
    return {c["table"]: c["id"] for c in client.get("/token/cards").json()["cards"]}


def test_the_page_and_its_files(client):
    page = client.get("/token/")
    assert page.status_code == 200
    assert HOSTILE not in page.text
    assert "&lt;script&gt;alert(1)" in page.text
    for name in ("page.css", "cards.js", "facets.js", "review.css", "review.js", "document.js"):
        assert f"static/{name}" in page.text
        found = client.get(f"/token/static/{name}")
        assert found.status_code == 200
        assert found.headers["content-type"].startswith(
            "text/css" if name.endswith("css") else "text/javascript"
        )
    assert client.get("/token/static/app.py").status_code == 404
    assert client.get("/token/static/..%2fapp.py").status_code == 404


def test_every_answer_forbids_what_the_page_does_not_need(client):
    for path in ("/token/", "/token/cards", "/nothing", "/token/static/review.js"):
        headers = client.get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'none'; ")
        assert "unsafe" not in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "no-referrer"
        assert "set-cookie" not in headers
        assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize(
    "path", ["/", "/wrong/", "/token2/", "/tok/cards", "/cards", "//token/cards"]
)
def test_without_the_token_nothing_is_there(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1", "127.0.0.1:9999", "localhost.evil:8000", ""]
)
def test_another_name_for_this_place_is_refused(client, host):
    assert client.get("/token/", headers={"host": host}).status_code == 403


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "https://127.0.0.1:8000", "http://127.0.0.1"]
)
def test_requests_from_other_pages_are_refused(client, origin, session):
    body = {"action": "accept", "cards": [ids(client)["countries"]]}
    assert post(client, "decide", body, origin=origin).status_code == 403
    assert client.get("/token/cards", headers={"origin": origin}).status_code == 403
    assert session.progress().decided == 0


def test_a_change_must_name_its_origin(client, session):
    body = json.dumps({"action": "accept", "cards": [ids(client)["countries"]]})
    assert client.post("/token/decide", content=body).status_code == 403
    assert post(client, "decide", body, **{"sec-fetch-site": "cross-site"}).status_code == 403
    assert client.get(f"/token/decide?{body}").status_code == 405
    assert session.progress().decided == 0


def test_cards_are_data_not_markup(client):
    found = client.get("/token/cards")
    assert found.headers["content-type"] == "application/json"
    labels = [c["label"] for c in found.json()["cards"]]
    assert any(HOSTILE in label for label in labels)
    assert found.json()["settable"]["countries"].keys() == {"code", "name", "via", "place"}


def test_deciding_and_undoing(client, session, tmp_path):
    key = ids(client)["agreement_reports"]
    made = post(
        client,
        "decide",
        {"action": "set", "cards": [key], "field": "status", "value": "signed", "why": "x"},
    )
    assert made.json()["states"][key]["state"] == "set"
    assert made.json()["progress"]["decided"] == 1
    (decision,) = made.json()["made"]
    assert [d.who for d in read_decisions(tmp_path)] == [HOSTILE]
    back = post(client, "undo", {"ids": [decision]}).json()
    assert key not in back["states"]
    assert "undone already" in post(client, "undo", {"ids": [decision]}).json()["error"]


def test_a_cause_is_decided_as_a_whole(client, session):
    cause = session.cards[0].cause
    made = post(client, "decide", {"action": "accept", "cause": cause}).json()
    assert len(made["made"]) == 2


def test_states_are_sent_when_they_are_new(client, session):
    first = client.get("/token/states").json()
    assert first["progress"] == {
        "cards": 2,
        "decided": 0,
        "causes": {session.cards[0].cause: [0, 2]},
    }
    assert client.get(f"/token/states?have={first['version']}").json() == {
        "version": first["version"]
    }
    post(client, "decide", {"action": "accept", "cards": [ids(client)["countries"]]})
    assert "states" in client.get(f"/token/states?have={first['version']}").json()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("", 400),
        ("{", 400),
        (b"\xff\xfe", 400),
        ([], 400),
        ({"action": 1}, 400),
        ({"action": "accept", "more": 1}, 400),
        ({"action": "accept", "cards": ["x"]}, 400),
        ({"action": "accept", "cards": "x"}, 400),
        ("x" * 5_000_000, 413),
    ],
)
def test_what_is_not_understood_is_told_and_changes_nothing(client, session, body, status):
    answer = post(client, "decide", body)
    assert answer.status_code == status
    assert answer.json()["error"]
    assert session.progress().decided == 0


def test_the_document_of_either_side(client):
    found = client.get("/token/document?id=a.txt&start=0&end=5").json()
    assert "".join(piece[0] for piece in found["pieces"]) == A["text"]
    assert found["pieces"][0][:2] == ["India", True]
    old = client.get("/token/document?id=a.txt&side=old&start=0&end=5").json()
    assert old["pieces"][0] == ["India", True, [["countries", "IN"]]]
    assert client.get("/token/document?id=../../etc/passwd").status_code == 404
    assert (
        client.get("/token/document?id=a.txt&start=-1&end=99999999999999999999").status_code == 200
    )


def test_broken_decision_files_are_told_with_their_line(client, session, tmp_path):
    (tmp_path / "decisions").mkdir()
    (tmp_path / "decisions" / "countries.jsonl").write_text("=======\n")
    answer = client.get("/token/states")
    assert answer.status_code == 400
    assert "countries.jsonl:1: git left a conflict here" in answer.json()["error"]


def test_tokens_are_long_and_never_the_same():
    found = {new_token() for _ in range(100)}
    assert len(found) == 100
    assert min(map(len, found)) >= 32
