"""Serve an application over HTTP/1.1 until told to stop."""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import Any

from leadline_openapi import LeadlineError

THREADS = 16
MAX_BODY = 100_000_000
"""What is read at all; the application refuses much less, in the API's own words."""


class CannotListen(LeadlineError):
    """The address is taken, or not ours to take."""


class Server:
    """
    A listening server for the WSGI application *app*; it answers once `run` is called.

    *port* 0 takes a free one. Raises `CannotListen`.
    """

    def __init__(self, app: Any, host: str, port: int) -> None:
        from waitress.server import create_server

        logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a burst is no news to a mock
        listener = _listen(host, port)
        self.host: str = host
        self.port: int = listener.getsockname()[1]
        self._server = create_server(
            app,
            sockets=[listener],
            threads=THREADS,
            ident=None,
            max_request_body_size=MAX_BODY,
        )

    @property
    def origin(self) -> str:
        """`http://127.0.0.1:4010`."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    def run(self, ready: Callable[[], None] | None = None) -> int:
        """
        Serve until SIGINT or SIGTERM; gives the exit code of the process, 130 or 0.

        *ready* is called once signals end the server in that way; it listens already.
        """
        stopped = _Stopped()
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, stopped.raise_from(0))
            signal.signal(signal.SIGINT, stopped.raise_from(130))
        with suppress(SystemExit):  # waitress ends on it, after the answers under way
            if ready is not None:
                ready()
            self._server.run()
        self._server.close()
        return stopped.code


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (OSError, UnicodeError) as error:
        raise CannotListen(f"cannot listen on {host}:{port}: {error}") from None
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":  # on Windows the option would let others take the port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as error:
        listener.close()
        reason = f"cannot listen on {host}:{port}: {error.strerror}"
        raise CannotListen(f"{reason}\nhint: --port 0 takes a free port") from None
    return listener


class _Stopped:
    """Remembers which signal ended the server."""

    def __init__(self) -> None:
        self.code = 0

    def raise_from(self, code: int) -> Callable[[int, FrameType | None], None]:
        def handler(_number: int, _frame: FrameType | None) -> None:
            self.code = code
            raise SystemExit(code)

        return handler
