"""A mock behind a behaviour: WSGI in, WSGI out, and in between what a defect may see and change."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from typing import Any, Protocol

from leadline_contracts.mocked import Pair
from leadline_openapi import Contract, Operation, jsontext, mediatype


class Request:
    """A request as a behaviour sees it, and may change before the mock does; *key* opens the mock."""

    def __init__(self, environ: dict[str, Any], body: bytes, key: str) -> None:
        self.environ = environ
        self.body = body
        self.key = key

    @cached_property
    def value(self) -> Any:
        """The body as it came, as JSON; `None` where it is none."""
        return _json(self.body)

    @property
    def fields(self) -> dict[str, Any]:
        """The members of the body; none where it is no object."""
        return self.value if isinstance(self.value, dict) else {}


@dataclass(slots=True)
class Answer:
    """An answer, which a behaviour may change."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def accepted(self) -> bool:
        """Whether it says yes."""
        return 200 <= self.status < 300

    @property
    def is_json(self) -> bool:
        """Whether it says that it is JSON."""
        return mediatype.is_json(mediatype.parse(self.header("Content-Type"))[0])

    @property
    def value(self) -> Any:
        """The body as JSON."""
        return _json(self.body)

    @value.setter
    def value(self, value: Any) -> None:
        self.body = jsontext.dump(value)

    def header(self, name: str) -> str:
        """The value of the header *name*, or nothing."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    def with_header(self, name: str, value: str | None) -> None:
        """Set the header *name*; `None` takes it out."""
        self.headers = [pair for pair in self.headers if pair[0].lower() != name.lower()]
        if value is not None:
            self.headers.append((name, value))


class Ask(Protocol):
    """Asks the mock; a *lenient* one takes what the contract forbids."""

    def __call__(self, *, lenient: bool = False) -> Answer:
        """The mock's answer to the request, as it is now."""
        ...


Behaviour = Callable[[Request, Ask], Answer]
"""Takes a request and what asks the mock; gives the answer. One that is not changed asks, and no more."""


class Server:
    """A WSGI application: *mock*, where requests for *operation* go through *behaviour*."""

    def __init__(
        self, contract: Contract, mock: Pair, operation: Operation, behaviour: Behaviour
    ) -> None:
        self._mock = mock
        self._behaviour = behaviour
        self._operation = operation
        self._paths = sorted(
            ((_pattern(contract.base_path + one.path), one) for one in contract.operations),
            key=lambda pair: pair[1].path.count("{"),
        )

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        """Answer, as WSGI has it."""
        length = int(environ.get("CONTENT_LENGTH") or 0)
        request = Request(environ, environ["wsgi.input"].read(length), self._mock.key)
        if self._meant(environ) is self._operation:
            answer = self._behaviour(request, lambda *, lenient=False: self._ask(request, lenient))
        else:
            answer = self._ask(request, lenient=False)
        answer.with_header("Content-Length", str(len(answer.body)))
        start_response(f"{answer.status} {_phrase(answer.status)}", answer.headers)
        return [answer.body]

    def _meant(self, environ: dict[str, Any]) -> Operation | None:
        path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")
        method = environ["REQUEST_METHOD"]
        return next(
            (one for pattern, one in self._paths if one.method == method and pattern.match(path)),
            None,
        )

    def _ask(self, request: Request, lenient: bool) -> Answer:  # noqa: FBT001
        environ = dict(request.environ)
        environ["wsgi.input"] = io.BytesIO(request.body)
        environ["CONTENT_LENGTH"] = str(len(request.body))
        told: list[Any] = []
        app = self._mock.lenient if lenient else self._mock.strict
        chunks = app(environ, lambda *args: told.extend(args[:2]))
        answer = Answer(int(told[0].split()[0]), list(told[1]), b"".join(chunks))
        answer.with_header("Leadline-Violations", None)
        return answer


def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"\{[^{}]+\}", path)
    return re.compile("[^/]+".join(map(re.escape, parts)) + r"\Z")


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def _json(body: bytes) -> Any:
    try:
        return jsontext.parse(body)
    except jsontext.NotJson:
        return None
