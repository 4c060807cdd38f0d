"""The short lane: a plain request for an operation without path parameters needs no router."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import flask
from werkzeug.datastructures import EnvironHeaders

from leadline_mock.flasking import to_flask
from leadline_mock.messages import Request
from leadline_mock.respond import respond
from leadline_mock.routes import plain_operations
from leadline_mock.server.application import Wsgi
from leadline_mock.world import World
from leadline_openapi import Contract

_UNUSUAL = ("HTTP_TRANSFER_ENCODING", "HTTP_EXPECT")


class ShortLane:
    """
    WSGI middleware around *inner*, the application *app*: what is plain is answered at once.

    It answers what the application would; most of the time of a request is routing otherwise. Where
    somebody has hooked something into the application, and where anything goes wrong, the application
    has the request.
    """

    def __init__(
        self, app: flask.Flask, inner: Wsgi, contracts: Sequence[Contract], world: World
    ) -> None:
        self._app, self._inner, self._world = app, inner, world
        self._known = plain_operations(contracts)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        """Answer, as WSGI has it."""
        operation = self._known.get((environ["REQUEST_METHOD"], environ.get("PATH_INFO", "")))
        length = self._length(environ)
        if operation is None or length is None or self._is_hooked():
            return self._inner(environ, start_response)
        body = environ["wsgi.input"].read(length) if length else b""
        query: str = environ.get("QUERY_STRING", "")
        request = Request(
            method=operation.method,
            path={},
            query=query.encode("latin-1").decode("utf-8", "surrogateescape"),
            headers=list(EnvironHeaders(environ).items()),
            body=body,
            target=environ["PATH_INFO"],
        )
        try:
            reply = respond(operation, request, self._world)
        except Exception:  # the application says it in the API's own words
            environ["wsgi.input"] = io.BytesIO(body)
            return self._inner(environ, start_response)
        return to_flask(reply, environ)(environ, start_response)

    def _length(self, environ: dict[str, Any]) -> int | None:
        """How long the body is; `None` where the application has to find out, or to refuse it."""
        text = environ.get("CONTENT_LENGTH") or "0"
        if environ.get("SCRIPT_NAME") or any(name in environ for name in _UNUSUAL):
            return None
        limit = self._app.config["MAX_CONTENT_LENGTH"]
        length = int(text) if text.isascii() and text.isdigit() else None
        return None if length is None or (limit is not None and length > limit) else length

    def _is_hooked(self) -> bool:
        app = self._app
        return bool(
            app.before_request_funcs
            or app.after_request_funcs
            or app.teardown_request_funcs
            or app.teardown_appcontext_funcs
        )
