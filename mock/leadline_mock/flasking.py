"""The translation between Flask and the pure core."""

from __future__ import annotations

from typing import Any

import flask
from werkzeug.wrappers import Response as WerkzeugResponse

from leadline_mock.messages import Reply, Request
from leadline_mock.server.wsgi import ACTION, RAW
from leadline_mock.wsgifaults import enact


def from_flask(request: flask.Request, path: dict[str, str], target: str, body: bytes) -> Request:
    """*request*, with the values that stand in its *path*; its headers as they came, if that is known."""
    raw = request.environ.get(RAW)
    return Request(
        method=request.method,
        path=path,
        query=request.query_string.decode("utf-8", "surrogateescape"),
        headers=list(request.headers.items()) if raw is None else raw.headers,
        body=body,
        target=target,
    )


def to_flask(reply: Reply, environ: dict[str, Any]) -> WerkzeugResponse:
    """
    *reply* to the request with the WSGI environment *environ*.

    Our own server does on the wire what the reply says; under another one, what WSGI allows is done.
    """
    response, action = reply.response, reply.action
    made = WerkzeugResponse(response.body, response.status, list(response.headers))
    if not response.body:
        made.headers.pop("Content-Type", None)
    if action is not None and ACTION in environ:
        environ[ACTION].append(action)
    elif action is not None:
        made.headers["Content-Length"] = str(len(response.body))
        made.response = enact(action, response.body)
    return made
