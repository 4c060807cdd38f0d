"""The Flask application: routing, and the translation between WSGI and the pure core."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import unquote, unquote_to_bytes, urlsplit

import flask
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound, RequestEntityTooLarge
from werkzeug.wrappers import Response as WerkzeugResponse

from leadline_mock.answer import answer
from leadline_mock.lane import ShortLane
from leadline_mock.messages import Request, Response
from leadline_mock.refusal import render
from leadline_mock.world import World
from leadline_openapi import Contract, Operation, Violation

CONTROL = "/__leadline"
MAX_BODY = 10_000_000
_TEMPLATE = re.compile(r"\{([^{}]+)\}")
_SLASH = "\ufdd0"
"""Stands for an encoded slash while a path is routed; no text has this character (Unicode 23.7)."""


def create_app(contract: Contract, world: World | None = None) -> flask.Flask:
    """
    A Flask application that answers as *contract* says, below the path of its first server.

    *world* holds what an answer depends on besides the request: keys, mode, clock and ids. With another
    one the answers repeat to the byte:

        create_app(load("openapi.yaml"), World(keys=("secret",), mode="warn", ids=Ids(seed=7)))

    Bodies of more than `MAX_BODY` bytes are refused with 413; `app.config["MAX_CONTENT_LENGTH"]`
    changes that.
    """
    app = flask.Flask("leadline_mock", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.url_map.merge_slashes = False
    app.url_map.strict_slashes = False  # else Werkzeug redirects; the view looks at the final slash
    surroundings = world or World()
    for number, operation in enumerate(_in_order(contract)):
        rule, names = _rule(contract.base_path + operation.path)
        app.add_url_rule(
            rule,
            endpoint=f"operation-{number}",
            view_func=_view(operation, rule, names, surroundings),
            methods=[operation.method],
            provide_automatic_options=False,
        )
    app.add_url_rule(
        f"{CONTROL}/health",
        endpoint="health",
        view_func=lambda: _health(contract),
        provide_automatic_options=False,
    )
    app.register_error_handler(HTTPException, lambda error: _http_error(contract, error))
    lane = ShortLane(
        app,
        app.wsgi_app,
        contract,
        lambda operation, request: _to_flask(answer(operation, request, surroundings)),
    )
    app.wsgi_app = _SlashKeeper(lane)  # type: ignore[method-assign]
    return app


def _in_order(contract: Contract) -> list[Operation]:
    """A documented HEAD first: Werkzeug has every GET answer HEAD too, and takes what comes first."""
    return sorted(contract.operations, key=lambda operation: operation.method != "HEAD")


def _rule(path: str) -> tuple[str, list[str]]:
    """A path template as a Werkzeug rule; its names need not be Python identifiers."""
    names = _TEMPLATE.findall(path)
    numbers = iter(range(len(names)))
    return _TEMPLATE.sub(lambda _: f"<p{next(numbers)}>", unquote(path)), names


def _view(
    operation: Operation, rule: str, names: list[str], world: World
) -> Callable[..., WerkzeugResponse]:
    def view(**values: str) -> WerkzeugResponse:
        if flask.request.path.endswith("/") != rule.endswith("/"):
            raise NotFound  # a path with and one without a final slash are two paths
        path = {name: values[f"p{at}"].replace(_SLASH, "/") for at, name in enumerate(names)}
        return _to_flask(answer(operation, _from_flask(flask.request, path), world))

    return view


class _SlashKeeper:
    """
    WSGI middleware: an encoded slash is part of a path segment, and does not end it.

    PATH_INFO comes decoded; the path as it was sent is in REQUEST_URI, where the server gives it.
    """

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        sent = str(environ.get("REQUEST_URI", ""))
        if "%2f" in sent.lower():
            path = sent.partition("?")[0] if sent.startswith("/") else urlsplit(sent).path
            kept = re.sub("%2f", _SLASH, path, flags=re.IGNORECASE)
            script = environ.get("SCRIPT_NAME", "")
            environ["PATH_INFO"] = unquote_to_bytes(kept).decode("latin-1").removeprefix(script)
        return self._app(environ, start_response)


def _from_flask(request: flask.Request, path: dict[str, str]) -> Request:
    return Request(
        method=request.method,
        path=path,
        query=request.query_string.decode("utf-8", "surrogateescape"),
        headers=list(request.headers.items()),
        body=request.get_data(cache=False),
    )


def _to_flask(response: Response) -> WerkzeugResponse:
    made = WerkzeugResponse(response.body, response.status, list(response.headers))
    if not response.body:
        made.headers.pop("Content-Type", None)
    return made


def _health(contract: Contract) -> Any:
    return flask.jsonify(status="ok", title=contract.title, digest=contract.digest)


def _http_error(contract: Contract, error: HTTPException) -> WerkzeugResponse:
    """404, 405 and what else Werkzeug refuses by itself, in the API's own error shape."""
    status = error.code or 500
    shapes = [
        found
        for wanted in (status, 400)
        for operation in contract.operations
        if (found := operation.answer_for(wanted)) is not None
    ]
    response = _to_flask(render(next(iter(shapes), None), status, [_explain(contract, error)]))
    if isinstance(error, MethodNotAllowed):
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
    return response


def _explain(contract: Contract, error: HTTPException) -> Violation:
    path = flask.request.path.replace(_SLASH, "%2F")
    if isinstance(error, NotFound):
        below = contract.base_path or "/"
        problem = f"there is no operation at {path}; this API lives below {below}"
        if meant := _close(contract, path):
            problem += f"; did you mean {meant}?"
        return Violation("path", "", "", "paths", problem, "", "/paths")
    if isinstance(error, MethodNotAllowed):
        allowed = " or ".join(sorted(error.valid_methods or ()))
        problem = f"{flask.request.method} is not an operation of {path}"
        return Violation("path", "", "", "paths", problem, allowed, "/paths")
    if isinstance(error, RequestEntityTooLarge):
        problem = f"the body is larger than {flask.request.max_content_length} bytes"
        return Violation("body", "", "", "size", problem, "a smaller body", "/paths")
    return Violation("", "", "", "http", error.description or "the request was refused", "", "")


def _close(contract: Contract, path: str) -> str:
    """The path of an operation that *path* may have been meant for, or nothing."""
    paths = [contract.base_path + operation.path for operation in contract.operations]
    if contract.base_path + path in paths:
        return contract.base_path + path
    known = {one.lower(): one for one in paths}
    close = difflib.get_close_matches(path[:200].lower(), known, 1, 0.8)
    return known[close[0]] if close else ""
