"""The mock in this process: the one door between the two rooms."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server

from leadline_contracts.target import Access, WsgiTarget
from leadline_mock import World, create_app
from leadline_openapi import Contract


@dataclass(frozen=True, slots=True)
class Pair:
    """
    Two mocks of one world: *strict* refuses what its contract forbids, *lenient* answers anyway.

    *key* opens both.
    """

    strict: Any
    lenient: Any
    key: str


def target(contract: Contract, app: Any = None) -> WsgiTarget:
    """The mock of *contract*, or the variant *app* of it, without a socket."""
    world = World()
    application = create_app(contract, world) if app is None else app
    return WsgiTarget(application, contract.base_path, Access(key=world.keys[0]))


def pair(contract: Contract, accepting: Contract | None = None) -> Pair:
    """The mocks of *contract*; with *accepting*, the strict one is a mock of that."""
    world = World()
    return Pair(
        strict=create_app(accepting or contract, world),
        lenient=create_app(contract, World(keys=world.keys, mode="warn", ids=world.ids)),
        key=world.keys[0],
    )


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - named by Werkzeug
        """Say nothing."""


@contextmanager
def listening(app: Any) -> Iterator[str]:
    """Serve *app* on a free port of the loopback interface; gives its origin."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
