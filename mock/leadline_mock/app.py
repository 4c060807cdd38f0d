"""The Flask application: routing, and everything that is not plain."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from urllib.parse import unquote, unquote_to_bytes, urlsplit

import flask
from werkzeug.exceptions import (
    HTTPException,
    InternalServerError,
    MethodNotAllowed,
    NotFound,
    RequestEntityTooLarge,
)
from werkzeug.wrappers import Response as WerkzeugResponse

from leadline_mock import control, unrouted
from leadline_mock.flasking import from_flask, to_flask
from leadline_mock.lane import ShortLane
from leadline_mock.messages import Reply, Response
from leadline_mock.respond import noted, respond
from leadline_mock.routes import is_control
from leadline_mock.world import World
from leadline_openapi import Contract, Operation, Violation

MAX_BODY = 10_000_000
_TEMPLATE = re.compile(r"\{([^{}]+)\}")
_SLASH = "\ufdd0"
"""Stands for an encoded slash while a path is routed; no text has this character (Unicode 23.7)."""
_EMPTY = "\ufdd1"
"""Stands for an empty first segment, of which Werkzeug would know nothing: it takes `//` there for `/`."""


def create_app(contract: Contract | Sequence[Contract], world: World | None = None) -> flask.Flask:
    """
    A Flask application that answers as *contract* says, below the path of its first server.

    Several contracts are served side by side. *world* holds what an answer depends on besides the
    request: keys, mode, clock and ids. With another one the answers repeat to the byte:

        create_app(load("openapi.yaml"), World(keys=("secret",), mode="warn", ids=Ids(seed=7)))

    Bodies of more than `MAX_BODY` bytes are refused with 413; `app.config["MAX_CONTENT_LENGTH"]`
    changes that.
    """
    contracts = (contract,) if isinstance(contract, Contract) else tuple(contract)
    app = flask.Flask("leadline_mock", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.url_map.merge_slashes = False
    app.url_map.strict_slashes = False  # else Werkzeug redirects; the view looks at the final slash
    surroundings = world or World()
    for number, (base, operation) in enumerate(_in_order(contracts)):
        rule, names = _rule(base + operation.path)
        app.add_url_rule(
            rule,
            endpoint=f"operation-{number}",
            view_func=_view(operation, rule, names, surroundings),
            methods=[operation.method],
            provide_automatic_options=False,
        )
    app.register_blueprint(control.blueprint(contracts, surroundings))
    app.register_error_handler(
        HTTPException, lambda error: _http_error(contracts, surroundings, error)
    )
    lane = ShortLane(app, app.wsgi_app, contracts, surroundings)
    app.wsgi_app = _SlashKeeper(lane)  # type: ignore[method-assign]
    return app


def _in_order(contracts: Sequence[Contract]) -> list[tuple[str, Operation]]:
    """A documented HEAD first: Werkzeug has every GET answer HEAD too, and takes what comes first."""
    found = [(contract.base_path, one) for contract in contracts for one in contract.operations]
    return sorted(found, key=lambda pair: pair[1].method != "HEAD")


def _rule(path: str) -> tuple[str, list[str]]:
    """A path template as a Werkzeug rule; its names need not be Python identifiers."""
    names = _TEMPLATE.findall(path)
    numbers = iter(range(len(names)))
    return _TEMPLATE.sub(lambda _: f"<p{next(numbers)}>", unquote(path)), names


def _view(
    operation: Operation, rule: str, names: list[str], world: World
) -> Callable[..., WerkzeugResponse]:
    def view(**values: str) -> WerkzeugResponse:
        asked = flask.request.path
        if asked.endswith("/") != rule.endswith("/") or _EMPTY in asked:
            raise NotFound  # a path with and one without a slash are two paths
        path = {name: values[f"p{at}"].replace(_SLASH, "/") for at, name in enumerate(names)}
        request = from_flask(flask.request, path, _path(), flask.request.get_data(cache=False))
        return to_flask(respond(operation, request, world), flask.request.environ)

    return view


class _SlashKeeper:
    """
    WSGI middleware: an encoded slash is part of a path segment, and does not end it; every other one does.

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
        path = environ.get("PATH_INFO", "")
        if path.startswith("//"):
            environ["PATH_INFO"] = f"/{_EMPTY.encode().decode('latin-1')}{path[1:]}"
        return self._app(environ, start_response)


def _path() -> str:
    return flask.request.path.replace(_SLASH, "%2F").replace(_EMPTY, "")


def _http_error(
    contracts: Sequence[Contract], world: World, error: HTTPException
) -> WerkzeugResponse:
    """404, 405 and what else Werkzeug refuses by itself, in the API's own error shape."""
    if is_control(flask.request.path):
        return control.refusal(error, world)
    request = from_flask(flask.request, {}, _path(), _readable_body())
    response = _refusal(contracts, error, world.journal.redaction.text(_path()))
    reply = Reply(noted(None, request, response, world))
    return to_flask(reply, flask.request.environ)


def _readable_body() -> bytes:
    """What was sent, for the journal; nothing where it is too large or does not come."""
    try:
        return flask.request.get_data(cache=False)
    except HTTPException:
        return b""


def _refusal(contracts: Sequence[Contract], error: HTTPException, path: str) -> Response:
    if isinstance(error, NotFound):
        return unrouted.not_found(contracts, path)
    if isinstance(error, MethodNotAllowed):
        allowed = error.valid_methods or ()
        return unrouted.not_allowed(contracts, flask.request.method, path, list(allowed))
    if isinstance(error, RequestEntityTooLarge):
        return unrouted.too_large(contracts, flask.request.max_content_length, path)
    problem = error.description or "the request was refused"
    if isinstance(error, InternalServerError):
        reason = type(error.original_exception).__name__
        problem = (
            f"the mock failed ({reason}), which is its own fault; its standard error has the trace"
        )
    wrong = Violation("", "", "", "http", problem, "", "")
    return unrouted.refusal(contracts, error.code or 500, wrong, path)
