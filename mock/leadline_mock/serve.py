"""Serve an application over HTTP/1.1 until told to stop."""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

from leadline_openapi import LeadlineError

THREADS = 16


class CannotListen(LeadlineError):
    """The address is taken, or not ours to take."""


class Server:
    """
    A listening server for the WSGI application *app*; it answers once `run` is called.

    *port* 0 takes a free one. Raises `CannotListen`.
    """

    def __init__(self, app: Any, host: str, port: int) -> None:
        from waitress.server import create_server

        try:
            family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
            listener = socket.socket(family, socket.SOCK_STREAM)
            if os.name == "posix":  # on Windows the option would let others take the port
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
        except OSError as error:
            raise CannotListen(f"cannot listen on {host}:{port}: {error.strerror}") from None
        self.host: str = host
        self.port: int = listener.getsockname()[1]
        self._server = create_server(app, sockets=[listener], threads=THREADS, ident=None)

    @property
    def origin(self) -> str:
        """`http://127.0.0.1:4010`."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    def run(self) -> int:
        """Serve until SIGINT or SIGTERM; gives the exit code of the process, 130 or 0."""
        stopped = _Stopped()
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, stopped.raise_from(0))
            signal.signal(signal.SIGINT, stopped.raise_from(130))
        self._server.run()  # waitress ends on SystemExit, after the answers under way
        self._server.close()
        return stopped.code


class _Stopped:
    """Remembers which signal ended the server."""

    def __init__(self) -> None:
        self.code = 0

    def raise_from(self, code: int) -> Callable[[int, FrameType | None], None]:
        def handler(_number: int, _frame: FrameType | None) -> None:
            self.code = code
            raise SystemExit(code)

        return handler
