"""Serving the review on loopback until somebody stops it."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import suppress

import uvicorn

from pipeline.errors import SettingsError
from pipeline.review.app import make_app, new_token
from pipeline.review.session import Session

_HOST = "127.0.0.1"


def serve(session: Session, port: int, tell: Callable[[str], None]) -> None:
    """Serves the review; ``tell`` is given its address. ``port`` 0 takes any free one.

    Raises SettingsError when the port can't be had.
    """
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((_HOST, port))
        # From now on a browser is answered, if only when the server has started.
        listener.listen()
    except OSError as error:
        listener.close()
        raise SettingsError(
            f"port {port} can't be used ({error.strerror})", fix="leave --port out, or name another"
        ) from error
    number = listener.getsockname()[1]
    token = new_token()
    hosts = frozenset({f"{_HOST}:{number}", f"localhost:{number}"})
    config = uvicorn.Config(
        make_app(session, token, hosts),
        log_level="warning",
        access_log=False,
        server_header=False,
        ws="none",
        lifespan="off",
    )
    tell(f"http://{_HOST}:{number}/{token}/")
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listener])
