"""Servers under test: over HTTP, or a WSGI application in this process."""

from __future__ import annotations

import http.client
import io
import ssl
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol
from urllib.parse import unquote_to_bytes, urlsplit

from leadline_contracts.case import Case, Exchange
from leadline_openapi import Contract, LeadlineError, Operation

MAX_ANSWER = 10_000_000
"""Bytes of an answer that are read; no more is needed to see that it is wrong."""


class Unreachable(LeadlineError):
    """Nothing answers at the target."""


@dataclass(frozen=True, slots=True)
class Access:
    """What opens the server: a *key*, written as the contract says, and *headers* to add."""

    key: str | None = None
    headers: tuple[tuple[str, str], ...] = ()


def keyless(contract: Contract, access: Access) -> Operation | None:
    """The first operation of *contract* that *access* has no key for."""
    given = {name.lower() for name, _ in access.headers}
    for operation in contract.operations:
        carrying = {scheme.parameter.lower() for scheme in next(iter(operation.security), ())}
        if operation.needs_key and access.key is None and not carrying & given:
            return operation
    return None


class Target(Protocol):
    """A server under test."""

    @property
    def url(self) -> str:
        """The base that an operation's path is appended to."""
        ...

    def send(self, case: Case) -> Exchange:
        """Send *case* and wait for the answer; never raises for what the server does."""
        ...

    def close(self) -> None:
        """Let go of connections."""


class HttpTarget:
    """The server at *url*, over one kept connection; *timeout* in seconds bounds each answer."""

    def __init__(self, url: str, access: Access, timeout: float = 10.0) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise Unreachable(f"not an http or https URL: {url}")
        self.url = url.rstrip("/")
        self._prefix = parts.path.rstrip("/")
        self._host = parts.netloc.rpartition("@")[2]
        self._access = access
        self._connection: http.client.HTTPConnection
        if parts.scheme == "https":
            context = ssl.create_default_context()
            self._connection = http.client.HTTPSConnection(
                parts.hostname, parts.port, timeout=timeout, context=context
            )
        else:
            self._connection = http.client.HTTPConnection(
                parts.hostname, parts.port, timeout=timeout
            )

    def probe(self) -> None:
        """Raise `Unreachable` when nothing listens."""
        try:
            self._connection.connect()
        except OSError as error:
            reason = error.strerror or str(error)
            raise Unreachable(f"nothing answers at {self.url} ({reason})") from None

    def send(self, case: Case) -> Exchange:
        """Send *case*; a kept connection that the server has closed meanwhile is opened anew."""
        fresh = self._connection.sock is None
        exchange = self._send(case)
        if exchange.failure in _CLOSED_BETWEEN and not fresh:
            exchange = self._send(case)
        return exchange

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _send(self, case: Case) -> Exchange:
        sent_at, started = datetime.now(UTC), time.monotonic()
        status, body, failure = 0, b"", ""
        headers: tuple[tuple[str, str], ...] = ()
        try:
            self._put(case)
            response = self._connection.getresponse()
            body = response.read(MAX_ANSWER)
            status, headers = response.status, tuple(response.getheaders())
            if not response.isclosed():
                self._connection.close()
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            status, failure = 0, _reason(error)
        return Exchange(
            case=case,
            status=status,
            headers=headers,
            body=body,
            sent_at=sent_at,
            received_at=datetime.now(UTC),
            elapsed=time.monotonic() - started,
            failure=failure,
        )

    def _put(self, case: Case) -> None:
        connection = self._connection
        target = self._prefix + target_with_credential(case, self._access)
        connection.putrequest(
            case.operation.method, target, skip_host=True, skip_accept_encoding=True
        )
        for name, value in (("Host", self._host), *request_headers(case, self._access)):
            connection.putheader(name, value.encode("utf-8"))
        if case.body is not None:
            connection.putheader("Content-Length", str(len(case.body)))
        connection.endheaders(case.body)


_CLOSED_BETWEEN = {"the server closed the connection without an answer", "the connection was reset"}


def _reason(error: Exception) -> str:
    match error:
        case TimeoutError():
            return "no answer in time"
        case http.client.RemoteDisconnected():
            return "the server closed the connection without an answer"
        case ConnectionResetError() | BrokenPipeError():
            return "the connection was reset"
        case http.client.IncompleteRead():
            return "the answer ended before its Content-Length"
        case ConnectionRefusedError():
            return "the connection was refused"
    return f"{type(error).__name__}: {error}"


def request_headers(case: Case, access: Access) -> list[tuple[str, str]]:
    """The headers of *case* as they are sent, credentials included."""
    found = [*case.headers, ("Accept", "application/json, */*;q=0.5"), ("User-Agent", "leadline")]
    added = {name.lower() for name, _ in access.headers}
    credentials = dict(_credentials(case, access, "header"))
    cookies = [f"{name}={value}" for name, value in _credentials(case, access, "cookie")]
    if cookies:
        found.append(("Cookie", "; ".join(cookies)))
    found += [(name, value) for name, value in credentials.items() if name.lower() not in added]
    carrying = {
        scheme.parameter.lower() for scheme in _schemes(case) if scheme.location == "header"
    }
    for name, value in access.headers:
        written = case.credential.write(value, value) if name.lower() in carrying else value
        if written is not None:
            found.append((name, written))
    return found


def target_with_credential(case: Case, access: Access) -> str:
    """The request target of *case*, with a key in its query where the contract has it there."""
    from urllib.parse import urlencode

    pairs = _credentials(case, access, "query")
    if not pairs:
        return case.target
    return case.target + ("&" if "?" in case.target else "?") + urlencode(pairs)


def _credentials(case: Case, access: Access, location: str) -> list[tuple[str, str]]:
    if access.key is None:
        return []
    written = (
        (scheme.parameter, case.credential.write(scheme.credential(access.key), access.key))
        for scheme in _schemes(case)
        if scheme.location == location
    )
    return [(name, value) for name, value in written if value is not None]


def _schemes(case: Case) -> tuple[Any, ...]:
    return next(iter(case.operation.security), ())


class WsgiTarget:
    """The WSGI application *app*, called in this process; *base_path* is where its API begins."""

    url = ""

    def __init__(self, app: Any, base_path: str, access: Access) -> None:
        self._app = app
        self._base_path = base_path
        self._access = access

    def send(self, case: Case) -> Exchange:
        """Call the application with *case*."""
        sent_at, started = datetime.now(UTC), time.monotonic()
        told: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], _info: Any = None) -> None:
            told[:] = [int(status.split(" ", 1)[0]), tuple(headers)]

        chunks: Iterable[bytes] = self._app(self._environ(case), start_response)
        body = b"".join(chunks)
        with suppress(AttributeError):
            chunks.close()  # type: ignore[attr-defined]
        return Exchange(
            case=case,
            status=told[0],
            headers=told[1],
            body=body,
            sent_at=sent_at,
            received_at=datetime.now(UTC),
            elapsed=time.monotonic() - started,
        )

    def close(self) -> None:
        """Nothing to let go of."""

    def _environ(self, case: Case) -> dict[str, Any]:
        path, _, query = target_with_credential(case, self._access).partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": case.operation.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(self._base_path + path).decode("latin-1"),
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "CONTENT_LENGTH": str(len(case.body or b"")),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(case.body or b""),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name, value in request_headers(case, self._access):
            key = name.upper().replace("-", "_")
            text = value.encode("utf-8").decode("latin-1")
            environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = text
        return environ
