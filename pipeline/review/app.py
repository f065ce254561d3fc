"""The local web page of a review.

It listens on loopback only. Every address begins with a random token, so no other page can name
one; Host and Origin are checked besides, against pages that make their name point here. There are no
cookies.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from jinja2 import Environment, PackageLoader, select_autoescape
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request as HttpRequest
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from pipeline.diff.page import MOST_CARDS, card_data, resource
from pipeline.errors import PactlineError
from pipeline.review.document import marked_document
from pipeline.review.session import Request, Session, settable
from pipeline.review.states import UNDECIDED, CardState, opposed_of, progress_of

_MOST_BODY = 4_000_000
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
# The files of the page: those that it shares with the page of a diff, and its own.
_SHARED = frozenset({"page.css", "cards.js", "facets.js"})
_OWN = frozenset({"review.css", "document.js", "review.js"})
Handler = Callable[[HttpRequest], Awaitable[Response]]


def new_token() -> str:
    """A token that nobody can guess."""
    return secrets.token_urlsafe(24)


def make_app(session: Session, token: str, hosts: frozenset[str]) -> Starlette:
    """The application; ``hosts`` are the values of the Host header that it answers to."""
    pages = _Pages(session)
    routes = [
        Route("/", pages.index),
        Route("/static/{name}", pages.static),
        Route("/cards", pages.cards),
        Route("/states", pages.states),
        Route("/document", pages.document),
        Route("/decide", pages.decide, methods=["POST"]),
        Route("/undo", pages.undo, methods=["POST"]),
    ]
    return Starlette(
        routes=[Mount(f"/{token}", routes=routes)],
        middleware=[Middleware(_Guard, hosts=hosts)],
    )


class _Guard:
    """Answers only those who came by the address that was printed, and only from its own page."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str]) -> None:
        self._app = app
        self._hosts = hosts
        self._origins = frozenset(f"http://{host}" for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = HttpRequest(scope)
        refusal = self._refusal(request)
        if refusal:
            response = PlainTextResponse(refusal, status_code=403, headers=_HEADERS)
            await response(scope, receive, send)
            return
        await self._app(scope, receive, _with_headers(send))

    def _refusal(self, request: HttpRequest) -> str | None:
        if request.headers.get("host", "").lower() not in self._hosts:
            return "this address is not served here"
        origin = request.headers.get("origin")
        if origin is not None and origin.lower() not in self._origins:
            return "requests from other pages are refused"
        if request.method == "POST" and origin is None:
            return "a request that changes something must name its origin"
        if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
            return "requests from other sites are refused"
        return None


def _with_headers(send: Send) -> Send:
    async def sending(message: Any) -> None:
        if message["type"] == "http.response.start":
            extra = [(k.encode(), v.encode()) for k, v in _HEADERS.items()]
            message = {**message, "headers": [*message.get("headers", []), *extra]}
        await send(message)

    return sending


class _Pages:
    """The handlers."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._environment = Environment(
            loader=PackageLoader("pipeline.review"), autoescape=select_autoescape(default=True)
        )

    async def index(self, request: HttpRequest) -> Response:
        if not request.url.path.endswith("/"):
            return PlainTextResponse("not found", status_code=404)
        template = self._environment.get_template("review.html")
        return HTMLResponse(template.render(summary=self._session.summary, who=self._session.who))

    async def static(self, request: HttpRequest) -> Response:
        name = request.path_params["name"]
        kinds = {"css": "text/css", "js": "text/javascript"}
        if name not in _SHARED | _OWN:
            return PlainTextResponse("not found", status_code=404)
        text = resource(name) if name in _SHARED else _static(name)
        return Response(text, media_type=kinds[name.rpartition(".")[2]])

    async def cards(self, _request: HttpRequest) -> Response:
        return await _answer(self._all_cards)

    def _all_cards(self) -> dict[str, Any]:
        """The cards by cause; those that want a decision where a page can't hold all."""
        states = self._session.states()
        cards = sorted(self._session.cards, key=lambda card: _rank(states.get(card.id)))
        causes = {cause.label: n for n, cause in enumerate(self._session.summary.causes)}
        shown = sorted(cards[:MOST_CARDS], key=lambda card: causes[card.cause])
        return {
            "cards": [card_data(card) for card in shown],
            "left_out": max(0, len(cards) - MOST_CARDS),
            "settable": {table: settable(table) for table in {card.table for card in cards}},
        }

    async def states(self, request: HttpRequest) -> Response:
        return await _answer(lambda: self._states(request.query_params.get("have", "")))

    def _states(self, known: str = "") -> dict[str, Any]:
        """The states of all cards, unless the page knows them: those of the version ``known``."""
        session = self._session
        states = session.states()
        if session.version == known:
            return {"version": known}
        return {
            "version": session.version,
            "states": states,
            "progress": progress_of(session.cards, states),
            "opposed": opposed_of(session.standing()),
        }

    async def document(self, request: HttpRequest) -> Response:
        asked = request.query_params
        start, end = (_offset(asked.get(name, "")) for name in ("start", "end"))
        side = self._session.sides[0 if asked.get("side") == "old" else 1]
        found = await run_in_threadpool(marked_document, side, asked.get("id", ""), (start, end))
        if found is None:
            return _json({"error": "the document is not in the tables"}, 404)
        return _json(found)

    async def decide(self, request: HttpRequest) -> Response:
        return await self._changing(request, Request, self._session.decide)

    async def undo(self, request: HttpRequest) -> Response:
        return await self._changing(request, _Undo, lambda asked: self._session.undo(asked.ids))

    async def _changing(
        self, request: HttpRequest, kind: type[Any], work: Callable[[Any], Any]
    ) -> Response:
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > _MOST_BODY:
                return _json({"error": "too much was sent"}, 413)
        try:
            asked = msgspec.json.decode(body, type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            return _json({"error": f"not understood: {error}"}, 400)
        return await _answer(lambda: {"made": [one.id for one in work(asked)], **self._states()})


class _Undo(msgspec.Struct, forbid_unknown_fields=True):
    """Which decisions to undo."""

    ids: tuple[str, ...]


async def _answer(work: Callable[[], dict[str, Any]]) -> Response:
    """What some work gives, or what went wrong and how to go on."""
    try:
        return _json(await run_in_threadpool(work))
    except PactlineError as error:
        where = f"{error.where}: " if error.where else ""
        return _json(
            {"error": f"{where}{error.what}" + (f" ({error.fix})" if error.fix else "")}, 400
        )


def _rank(state: CardState | None) -> int:
    return 0 if state is None or state.state == UNDECIDED else 1


def _offset(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _static(name: str) -> str:
    from importlib.resources import files  # noqa: PLC0415

    return files("pipeline.review").joinpath("static", name).read_text(encoding="utf-8")


def _json(content: Any, status: int = 200) -> Response:
    return Response(msgspec.json.encode(content), status_code=status, media_type="application/json")
