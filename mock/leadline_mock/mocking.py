"""One mock: its contracts, its world, and the application that a server serves."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cached_property

from leadline_mock import relations, unrouted
from leadline_mock.messages import Reply, Request, Response
from leadline_mock.redaction import Redaction
from leadline_mock.refusal import render
from leadline_mock.respond import noted, respond
from leadline_mock.routes import is_control, plain_operations
from leadline_mock.server.application import RawRequest, Wsgi
from leadline_mock.world import World
from leadline_openapi import Contract, Violation


class Mock:
    """The mock of *contracts* in *world*, as an `Application` for the server."""

    def __init__(self, contracts: Sequence[Contract], world: World) -> None:
        self.contracts = tuple(contracts)
        self.world = world
        world.journal.conceal(Redaction.of_contracts(contracts))
        self._lock = threading.Lock()
        self._known = {
            (method, path.encode()): operation
            for (method, path), operation in plain_operations(contracts).items()
        }

    @cached_property
    def _app(self) -> Wsgi:
        from leadline_mock.app import create_app

        return create_app(self.contracts, self.world)

    @property
    def wsgi(self) -> Wsgi:
        """The Flask application; it is made when it is needed first."""
        with self._lock:
            return self._app

    def quick(self, request: RawRequest) -> Reply | None:
        """The reply to a request that names a path without parameters, if it is soon there; else `None`."""
        path, _, query = request.target.partition(b"?")
        operation = self._known.get((request.method, path))
        if operation is None:
            return None
        asked = Request(
            request.method,
            {},
            query.decode("utf-8", "surrogateescape") if query else "",
            request.headers,
            request.body,
            path.decode("latin-1"),
        )
        if query and relations.is_deep(operation, asked):
            return None
        try:
            return respond(operation, asked, self.world)
        except Exception:  # the application says it in the API's own words
            return None

    def refusal(self, request: RawRequest, status: int, problem: str) -> Response:
        """What is no proper request, said in the shape of the API that it was meant for."""
        target, _, query = request.target.decode("latin-1").partition("?")
        asked = Request(request.method, {}, query, request.headers, b"", target)
        where = "body" if status == 413 else ""
        wrong = Violation(where, "", "", "http", problem, "", "")
        if is_control(target):
            return render(None, status, [wrong])
        response = unrouted.refusal(self.contracts, status, wrong, target)
        return noted(None, asked, response, self.world)
