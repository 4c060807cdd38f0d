"""A mock in this process for `httpx`, with its clients that wait and those that do not."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import AsyncIterator, Iterator

import anyio
import h11
import httpx

from leadline_mock.server.application import Application
from leadline_mock.testing.memory import Line


class InProcessTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """A transport to *application*, for `httpx.Client` and `httpx.AsyncClient`."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send *request*."""
        exchange = _Exchange(self._application, request, request.read())
        for wait in exchange.head():
            time.sleep(wait)
        return exchange.response()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send *request*."""
        exchange = _Exchange(self._application, request, await request.aread())
        for wait in exchange.head():
            await anyio.sleep(wait)
        return exchange.response()


class _Exchange(httpx.SyncByteStream, httpx.AsyncByteStream):
    """
    *request*, and the answer to it as a stream; h11 writes and reads, as it does for httpx everywhere.

    The iterators give seconds to wait between what comes; then they go on, or raise what httpx raises.
    """

    def __init__(self, application: Application, request: httpx.Request, body: bytes) -> None:
        self._patience: float | None = request.extensions.get("timeout", {}).get("read")
        self._client = h11.Connection(h11.CLIENT)
        self._line = Line(application)
        self._line.write(_written(self._client, request, body))
        self._events = self._received()
        self._head: h11.Response | None = None

    def head(self) -> Iterator[float]:
        """Wait for status and headers."""
        for event in self._events:
            if isinstance(event, float):
                yield event
            elif isinstance(event, h11.Response):
                self._head = event
                return

    def response(self) -> httpx.Response:
        """The response, once its head is there."""
        assert self._head is not None  # noqa: S101 - `head` has raised otherwise
        return httpx.Response(
            self._head.status_code,
            headers=self._head.headers.raw_items(),
            stream=self,
            extensions={
                "http_version": b"HTTP/" + self._head.http_version,
                "reason_phrase": self._head.reason,
            },
        )

    def __iter__(self) -> Iterator[bytes]:
        for event in self._events:
            if isinstance(event, float):
                time.sleep(event)
            elif isinstance(event, h11.Data):
                yield bytes(event.data)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for event in self._events:
            if isinstance(event, float):
                await anyio.sleep(event)
            elif isinstance(event, h11.Data):
                yield bytes(event.data)

    def _received(self) -> Iterator[float | h11.Event]:
        while True:
            try:
                event = self._client.next_event()
            except h11.RemoteProtocolError as error:
                raise httpx.RemoteProtocolError(str(error)) from None
            if isinstance(event, h11.EndOfMessage):
                return
            if isinstance(event, h11.Event):
                yield event
            else:
                yield from self._more()

    def _more(self) -> Iterator[float]:
        step = self._line.read(self._patience)
        if step.wait:
            yield float(step.wait)
        if step.ends == "timeout":
            raise httpx.ReadTimeout("timed out")
        if step.ends == "reset":
            raise httpx.ReadError(f"[Errno {errno.ECONNRESET}] {os.strerror(errno.ECONNRESET)}")
        self._client.receive_data(step.data)


def _written(client: h11.Connection, request: httpx.Request, body: bytes) -> bytes:
    try:
        head = h11.Request(
            method=request.method, target=request.url.raw_path, headers=request.headers.raw
        )
        parts = (head, h11.Data(data=body), h11.EndOfMessage())
        return b"".join(client.send(part) or b"" for part in parts)
    except h11.LocalProtocolError as error:
        raise httpx.LocalProtocolError(str(error)) from None
