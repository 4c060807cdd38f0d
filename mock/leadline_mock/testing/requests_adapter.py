"""A mock in this process for `requests`: its own adapter and urllib3's pool, without a socket."""

from __future__ import annotations

import errno
import io
import os
import time
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool
from urllib3.connection import HTTPConnection

from leadline_mock.server.application import Application
from leadline_mock.testing.memory import HOST, Line


def mount(session: requests.Session, prefix: str, application: Application) -> None:
    """
    Have *session* send requests to URLs that begin with *prefix* to *application*.

    The retries of the adapter that has sent them so far stay.
    """
    retries = getattr(session.get_adapter(prefix), "max_retries", 0)
    session.mount(prefix, InProcessAdapter(application, retries))


class InProcessAdapter(HTTPAdapter):
    """An adapter that sends to *application*; *retries* are as for `HTTPAdapter`."""

    def __init__(self, application: Application, retries: Any) -> None:
        super().__init__(max_retries=retries)
        self._pool = _Pool(HOST, maxsize=10, application=application)

    def get_connection_with_tls_context(self, *_: Any, **__: Any) -> HTTPConnectionPool:
        """The way to the mock, whatever proxies and certificates are set."""
        return self._pool

    def close(self) -> None:
        """Forget all connections."""
        super().close()
        self._pool.close()


class _Connection(HTTPConnection):
    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._application = application

    def connect(self) -> None:
        self.sock = _Socket(self._application)

    @property
    def is_connected(self) -> bool:
        return self.sock is not None


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection  # pyright: ignore[reportAssignmentType] - as urllib3's own are


class _Socket:
    """What `http.client` needs of a socket."""

    def __init__(self, application: Application) -> None:
        self.line = Line(application)
        self.patience: float | None = None

    def sendall(self, data: bytes) -> None:
        self.line.write(bytes(data))

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Incoming(self))

    def settimeout(self, seconds: float | None) -> None:
        self.patience = seconds

    def close(self) -> None:
        """Nothing is held open."""


class _Incoming(io.RawIOBase):
    """What comes back over *way*."""

    def __init__(self, way: _Socket) -> None:
        self._way = way
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._rest or self._next()
        size = min(len(buffer), len(data))
        buffer[:size], self._rest = data[:size], data[size:]
        return size

    def _next(self) -> bytes:
        step = self._way.line.read(self._way.patience)
        time.sleep(step.wait)
        if step.ends == "timeout":
            raise TimeoutError("timed out")
        if step.ends == "reset":
            raise ConnectionResetError(errno.ECONNRESET, os.strerror(errno.ECONNRESET))
        return step.data
