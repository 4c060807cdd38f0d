"""What a client sends, byte for byte."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from socketserver import BaseRequestHandler, ThreadingTCPServer
from urllib.parse import urlsplit


class _Relay(ThreadingTCPServer):
    """Passes on to *upstream*, and keeps what was *sent* there."""

    daemon_threads = False  # so that closing waits for them

    def __init__(self, upstream: tuple[str, int]) -> None:
        self.upstream = upstream
        self.sent = bytearray()
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseRequestHandler):
    def handle(self) -> None:
        """Pass on in both directions until both sides are done."""
        relay = self.server
        assert isinstance(relay, _Relay)
        with socket.create_connection(relay.upstream) as upstream:
            back = threading.Thread(target=_pass_on, args=(upstream, self.request, bytearray()))
            back.start()
            _pass_on(self.request, upstream, relay.sent)
            back.join()


@contextmanager
def recorded(url: str) -> Iterator[tuple[str, bytearray]]:
    """Passes on to the server at *url*; gives the URL to use instead, and what the clients sent."""
    parts = urlsplit(url)
    with _Relay((str(parts.hostname), int(parts.port or 80))) as relay:
        serving = threading.Thread(target=relay.serve_forever, args=(0.01,))
        serving.start()
        try:
            yield f"http://127.0.0.1:{relay.server_address[1]}{parts.path}", relay.sent
        finally:
            relay.shutdown()
            serving.join()


def _pass_on(source: socket.socket, target: socket.socket, record: bytearray) -> None:
    """Hand what *source* says to *target*, and keep it in *record*, until one of them has enough."""
    with suppress(OSError):
        while chunk := source.recv(65536):
            record += chunk
            target.sendall(chunk)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
