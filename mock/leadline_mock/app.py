"""The Flask application: routing, and the translation between WSGI and the pure core."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import flask
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.wrappers import Response as WerkzeugResponse

from leadline_mock.answer import answer
from leadline_mock.messages import Request, Response
from leadline_mock.refusal import render
from leadline_mock.world import World
from leadline_openapi import Contract, Operation, Violation

CONTROL = "/__leadline"
_TEMPLATE = re.compile(r"\{([^{}]+)\}")


def create_app(contract: Contract, world: World | None = None) -> flask.Flask:
    """
    A Flask application that answers as *contract* says, below the path of its first server.

    *world* holds what an answer depends on besides the request: keys, mode, clock and ids.
    """
    app = flask.Flask("leadline_mock", static_folder=None)
    app.url_map.strict_slashes = True
    app.url_map.merge_slashes = False
    surroundings = world or World()
    for number, operation in enumerate(contract.operations):
        rule, names = _rule(contract.base_path + operation.path)
        app.add_url_rule(
            rule,
            endpoint=f"operation-{number}",
            view_func=_view(operation, names, surroundings),
            methods=[operation.method],
            provide_automatic_options=False,
        )
    app.add_url_rule(f"{CONTROL}/health", "health", lambda: _health(contract), methods=["GET"])
    app.register_error_handler(HTTPException, lambda error: _http_error(contract, error))
    return app


def _rule(path: str) -> tuple[str, list[str]]:
    """A path template as a Werkzeug rule; its names need not be Python identifiers."""
    names = _TEMPLATE.findall(path)
    numbers = iter(range(len(names)))
    return _TEMPLATE.sub(lambda _: f"<p{next(numbers)}>", path), names


def _view(operation: Operation, names: list[str], world: World) -> Callable[..., WerkzeugResponse]:
    def view(**values: str) -> WerkzeugResponse:
        path = {name: values[f"p{index}"] for index, name in enumerate(names)}
        return _to_flask(answer(operation, _from_flask(flask.request, path), world))

    return view


def _from_flask(request: flask.Request, path: dict[str, str]) -> Request:
    return Request(
        method=request.method,
        path=path,
        query=request.query_string.decode("utf-8", "replace"),
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
    shapes = (operation.answer_for(400) for operation in contract.operations)
    shape = next((found for found in shapes if found is not None), None)
    response = _to_flask(render(shape, status, [_explain(contract, error, status)]))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


def _explain(contract: Contract, error: HTTPException, status: int) -> Violation:
    request = flask.request
    problem = {
        404: f"there is no operation at {request.path}; this API lives below {contract.base_path or '/'}",
        405: f"{request.method} is not an operation of {request.path}",
    }.get(status, error.description or "the request was refused")
    return Violation("path", "", "", "paths", problem, "", "/paths")
