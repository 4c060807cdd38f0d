"""The control API of a mock, under `/__leadline`: what it was asked, and what goes wrong next."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from http import HTTPStatus
from typing import Any

import flask
from werkzeug.exceptions import (
    BadRequest,
    Forbidden,
    HTTPException,
    MethodNotAllowed,
    NotFound,
    RequestEntityTooLarge,
    UnsupportedMediaType,
)

from leadline_mock import pattern
from leadline_mock.entries import Entry
from leadline_mock.errorbody import PROBLEM
from leadline_mock.faults import fault_from_json
from leadline_mock.origins import is_foreign
from leadline_mock.redaction import Redaction
from leadline_mock.routes import CONTROL
from leadline_mock.verification import verify
from leadline_mock.world import World
from leadline_openapi import Contract, LeadlineError, jsontext
from leadline_openapi.violation import show

MAX_BODY = 1_000_000
"""Bytes that a request to the control API may carry."""
_JSON = "application/json"
_CONVERTER = re.compile("<.*?>")
"""What stands for a value in a rule of Werkzeug."""


def blueprint(contracts: Sequence[Contract], world: World) -> flask.Blueprint:
    """
    The routes under `/__leadline` for the mock of *contracts* in *world*.

    An application that has them sends every `HTTPException` where `is_control` holds to `refusal`.
    """
    world.journal.conceal(Redaction.of_contracts(contracts))
    made = flask.Blueprint("control", __name__, url_prefix=CONTROL)
    control = _Control(contracts, world)
    for method, path, view in _ROUTES:
        made.add_url_rule(
            path,
            endpoint=view.__name__,
            view_func=_guarded(partial(view, control)),
            methods=[method],
            provide_automatic_options=False,
        )
    return made


def refusal(error: HTTPException, world: World) -> flask.Response:
    """What the control API says to a request that *error* is about, after RFC 9457."""
    if _is_foreign():
        error = _forbidden()
    status, headers, told = error.code or 500, {}, error.description or "the request was refused"
    members: dict[str, Any] = {}
    if isinstance(error, NotFound) and told == NotFound.description:
        told = f"there is nothing at {flask.request.path}; `paths` are what there is"
        shown = ((method, _CONVERTER.sub("ID", path)) for method, path, _ in _ROUTES)
        members["paths"] = [f"{method} {CONTROL}{path}" for method, path in shown]
    elif isinstance(error, MethodNotAllowed):
        allowed = sorted(error.valid_methods or ())
        headers["Allow"] = ", ".join(allowed)
        told = f"{flask.request.path} takes {' or '.join(allowed)}, not {flask.request.method}"
    problem = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": world.journal.redaction.sentence(told),
        **members,
    }
    response = _answer(problem, status, PROBLEM)
    response.headers.update(headers)
    return response


class _Control:
    """The views; each answers the request that Flask has at hand."""

    def __init__(self, contracts: Sequence[Contract], world: World) -> None:
        self._contracts = contracts
        self._operations = [one for contract in contracts for one in contract.operations]
        self._journal, self._faults = world.journal, world.faults

    def health(self) -> flask.Response:
        apis = [{"title": one.title, "digest": one.digest} for one in self._contracts]
        more = {"apis": apis} if len(apis) > 1 else {}
        return _answer({"status": "ok", **apis[0], **more})

    def requests(self) -> flask.Response:
        asked = _arguments("run", "operation", "status", "limit")
        limit = _number("limit", asked)
        status = _number("status", asked)
        operation = asked.get("operation")
        if operation is not None:
            pattern.check_operation(operation, self._operations)
        found = [
            one for one in self._journal.entries(asked.get("run")) if _fits(one, operation, status)
        ]
        shown = found if limit is None else found[len(found) - min(limit, len(found)) :]
        told = [one.as_json() for one in shown]
        return _answer({"requests": told, "dropped": self._journal.dropped})

    def request(self, number: int) -> flask.Response:
        _arguments()
        found = self._journal.find(number)
        if found is None:
            raise NotFound(
                f"there is no request {number} in the journal; it forgets the oldest when it is full,"
                " and everything when it is reset"
            )
        return _answer(found.as_json())

    def verify(self) -> flask.Response:
        _arguments()
        asked = pattern.from_json(_object())
        if asked.operation is not None:
            pattern.check_operation(asked.operation, self._operations)
        found = verify(self._journal.entries(), asked, self._journal.redaction)
        told = found.as_json()
        if self._journal.dropped:
            told["dropped"] = self._journal.dropped
        return _answer(told, HTTPStatus.OK if found.verified else HTTPStatus.CONFLICT)

    def reset(self) -> flask.Response:
        _arguments()
        run = _text("run", _members("a reset", ("run",), optional=True))
        self._journal.reset(run)
        self._faults.disarm(run)
        return _nothing()

    def armed(self) -> flask.Response:
        _arguments()
        return _answer(self._armed())

    def arm(self) -> flask.Response:
        _arguments()
        given = _members("an armed fault", ("fault", "times", "run", "operation"))
        fault = fault_from_json(given.get("fault"))
        operation = _text("operation", given)
        if operation is not None:
            pattern.check_operation(operation, self._operations)
        self._faults.arm(fault, given.get("times", 1), _text("run", given), operation)
        return _answer(self._armed(), HTTPStatus.CREATED)

    def disarm(self) -> flask.Response:
        self._faults.disarm(_arguments("run").get("run"))
        return _nothing()

    def _armed(self) -> dict[str, Any]:
        text = self._journal.redaction.text
        told = ({**one, "run": one["run"] and text(one["run"])} for one in self._faults.armed())
        return {"faults": list(told)}


_ROUTES: tuple[tuple[str, str, Callable[..., flask.Response]], ...] = (
    ("GET", "/health", _Control.health),
    ("GET", "/requests", _Control.requests),
    ("GET", "/requests/<int:number>", _Control.request),
    ("POST", "/verify", _Control.verify),
    ("POST", "/reset", _Control.reset),
    ("GET", "/faults", _Control.armed),
    ("POST", "/faults", _Control.arm),
    ("DELETE", "/faults", _Control.disarm),
)


def _guarded(view: Callable[..., flask.Response]) -> Callable[..., flask.Response]:
    """*view* for our own pages and for programs only; what it finds wrong is a refusal."""

    def guarded(**values: int) -> flask.Response:
        if _is_foreign():
            raise _forbidden()
        try:
            return view(**values)
        except LeadlineError as error:
            raise BadRequest(str(error)) from error

    return guarded


def _is_foreign() -> bool:
    headers, server = flask.request.headers, flask.request.environ.get("SERVER_NAME", "")
    return is_foreign(headers.get("Origin"), headers.get("Host", ""), server)


def _forbidden() -> Forbidden:
    told = "web pages of another origin may not use the control API of the mock"
    if "Origin" not in flask.request.headers:
        told += (
            "; ask for it by an address or `localhost`, or have the mock listen with --host 0.0.0.0"
        )
    return Forbidden(told)


def _fits(entry: Entry, operation: str | None, status: int | None) -> bool:
    named = operation is None or operation in (entry.operation, entry.label)
    return named and status in (None, entry.status)


def _arguments(*known: str) -> dict[str, str]:
    """The query parameters, of which only those that are *known* may be there, each once."""
    given = flask.request.args
    for name in given:
        if not known:
            raise BadRequest(
                f"{flask.request.path} takes no query parameters, and there is `{name}`"
            )
        if len(given.getlist(name)) > 1:
            raise BadRequest(f"`{name}` is given more than once")
    pattern.check_names("the query", given, known)
    return given.to_dict()


def _number(name: str, asked: Mapping[str, str]) -> int | None:
    text = asked.get(name)
    if text is None:
        return None
    if text.isascii() and text.isdigit() and len(text) < 10:
        return int(text)
    raise BadRequest(f"`{name}` has to be a whole number, not {show(text)}")


def _text(name: str, given: Mapping[str, Any]) -> str | None:
    value = given.get(name)
    if value is None or isinstance(value, str):
        return value
    raise BadRequest(f"`{name}` has to be a text, not {show(value)}")


def _members(what: str, known: Sequence[str], *, optional: bool = False) -> dict[str, Any]:
    given = _object(optional=optional)
    pattern.check_names(what, given, known)
    return given


def _object(*, optional: bool = False) -> dict[str, Any]:
    """The JSON object that was sent; an empty one where nothing was and it is *optional*."""
    if (flask.request.content_length or 0) > MAX_BODY:
        raise _too_large()
    body = flask.request.get_data(cache=False)
    if len(body) > MAX_BODY:
        raise _too_large()
    if not body and optional:
        return {}
    if flask.request.mimetype != _JSON:
        raise UnsupportedMediaType(f"what is sent here has the Content-Type {_JSON}")
    try:
        value = jsontext.parse(body)
    except jsontext.NotJson as error:
        raise BadRequest(f"the body is not JSON: {error}") from None
    if not isinstance(value, dict):
        raise BadRequest(f"the body has to be a JSON object, not {show(value)}")
    return value


def _too_large() -> RequestEntityTooLarge:
    return RequestEntityTooLarge(f"the body is larger than {MAX_BODY} bytes")


def _answer(value: Any, status: int = 200, media: str = _JSON) -> flask.Response:
    body = jsontext.dump(value) + b"\n"
    response = flask.Response(body, status, content_type=media)
    response.headers["Cache-Control"] = "no-store"
    return response


def _nothing() -> flask.Response:
    response = flask.Response(status=HTTPStatus.NO_CONTENT)
    del response.headers["Content-Type"]
    return response
