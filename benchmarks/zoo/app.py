"""A correct server of the leads contract, made of stages that a variant may wrap."""

from __future__ import annotations

import itertools
import json
import re
import sys
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from email.message import Message
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from benchmarks.zoo.contract import KEY, NUMBER, PATH, fields, fits

Document = dict[str, Any]
sys.set_int_max_str_digits(0)


@dataclass(frozen=True)
class Request:
    """What came over the wire; *connection* is the same object for all requests of one connection."""

    method: str
    target: str
    headers: Message
    body: bytes
    connection: dict[str, Any]

    @property
    def path(self) -> str:
        """The target without its query."""
        return urlsplit(self.target).path

    @property
    def query(self) -> list[tuple[str, str]]:
        """The parameters of the query."""
        return parse_qsl(urlsplit(self.target).query, keep_blank_values=True)


@dataclass
class Response:
    """What goes over the wire: *payload* as JSON, or *raw* as it is."""

    status: int
    payload: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None


class Malformed(Exception):
    """The body is no JSON."""


class App:
    """Each public method is a stage; `wrap` puts a function around one."""

    def __init__(self) -> None:
        self.numbers = itertools.count(1)
        self.seen = 0
        self.accepted = 0
        self.memory: dict[str, Any] = {}
        self.listening = "threads"
        self.idle: float | None = None
        self.unread = False

    def wrap(self, stage: str, around: Callable[..., Any]) -> None:
        """Call *around* in place of *stage*, with the stage as its first argument."""
        inner = getattr(self, stage)
        setattr(self, stage, lambda *arguments: around(inner, *arguments))

    def handle(self, request: Request) -> Response:
        """Answer a request."""
        self.seen += 1
        if request.path != PATH:
            return self.refusal(404, ["no such path"])
        if request.method != "POST":
            return self.other_method(request)
        if not self.permitted(request):
            return self.refusal(401, ["the API key is missing or not accepted"])
        if not self.media(request.headers.get("Content-Type")):
            return self.refusal(415, ["send application/json"])
        try:
            document = self.parse(request.body)
        except (Malformed, RecursionError):
            return self.refusal(400, ["the body is not valid JSON"])
        errors = [*self.query_errors(request.query), *self.body_errors(document)]
        if errors:
            return self.refusal(400, errors)
        return self.create(document, request)

    def other_method(self, request: Request) -> Response:
        """Answer a method that is not documented."""
        response = self.refusal(405, [f"{request.method} is not allowed"])
        response.headers["Allow"] = "POST"
        return response

    def permitted(self, request: Request) -> bool:
        """Whether the credentials are right."""
        return self.key_fits(request.headers.get("Authorization"))

    def key_fits(self, value: str | None) -> bool:
        """Whether the value of the header is the key."""
        return value is not None and value.strip() == KEY

    def media(self, value: str | None) -> bool:
        """Whether the media type is JSON."""
        kind, _, parameters = (value or "").partition(";")
        charset = re.search(r"charset=\"?([\w-]+)", parameters, re.IGNORECASE)
        utf8 = charset is None or charset[1].lower() in {"utf-8", "utf8", "us-ascii"}
        return kind.strip().lower() == "application/json" and utf8

    def parse(self, body: bytes) -> Any:
        """The body as JSON; numbers that a float cannot hold stay exact."""
        try:
            return json.loads(body.decode(), parse_float=_number, parse_constant=_constant)
        except ValueError as error:
            raise Malformed from error

    def query_errors(self, query: list[tuple[str, str]]) -> list[str]:
        """What is wrong with the parameters."""
        return [
            f"{name} must be a number"
            for name, value in query
            if name == "depth" and not self.depth_fits(value)
        ]

    def depth_fits(self, value: str) -> bool:
        """Whether the parameter is a number."""
        return NUMBER.fullmatch(value) is not None

    def body_errors(self, document: Any) -> list[str]:
        """What is wrong with the body."""
        if not isinstance(document, dict):
            return ["the body must be an object"]
        return [
            message
            for name, value in document.items()
            if (message := self.field_error(name, value))
        ]

    def field_error(self, name: str, value: Any) -> str | None:
        """What is wrong with one member of the body."""
        if name not in fields():
            return f"{name} is not a field of a lead"
        return None if fits(fields()[name], value) else f"{name} has a value that is not allowed"

    def create(self, document: Document, request: Request) -> Response:
        """Store the lead and confirm it."""
        self.accepted += 1
        return Response(200, self.confirmation(self.stored(document, request)))

    def stored(self, document: Document, request: Request) -> Document:
        """The lead as it is stored."""
        now = self.now()
        return {
            "id": self.identity(),
            "createdAt": now,
            "updatedAt": now,
            **self.kept(document, request),
        }

    def kept(self, document: Document, request: Request) -> Document:  # noqa: ARG002 - variants look at it
        """What is kept of the document that was sent."""
        return document

    def identity(self) -> Any:
        """The next id."""
        return next(self.numbers)

    def now(self) -> str:
        """The time."""
        return stamp(datetime.now(UTC))

    def confirmation(self, document: Document) -> Document:
        """The answer to an accepted request."""
        return {"doc": document, "message": "Lead successfully created."}

    def refusal(self, status: int, messages: Sequence[str]) -> Response:
        """The answer to a refused request."""
        return Response(status, {"errors": [{"message": message} for message in messages]})

    def encode(self, payload: Any) -> bytes:
        """The answer as JSON."""
        return encode(payload)

    def frame(self, request: Request, response: Response) -> bytes:
        """The answer as bytes of HTTP."""
        body = response.raw if response.raw is not None else self.encode(response.payload)
        headers = {
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            **response.headers,
        }
        return head(response.status, headers) + (b"" if request.method == "HEAD" else body)

    def send(self, connection: Any, request: Request, response: Response) -> None:
        """Write the answer to the connection, a `StreamRequestHandler`."""
        connection.wfile.write(self.frame(request, response))


def head(status: int, headers: dict[str, str], version: str = "HTTP/1.1") -> bytes:
    """Status line and headers of an answer."""
    lines = [
        f"{version} {status} {HTTPStatus(status).phrase}",
        *(f"{k}: {v}" for k, v in headers.items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def encode(payload: Any, **options: Any) -> bytes:
    """JSON in which exact numbers stay as they are; as UTF-8 where that is possible."""
    token = uuid.uuid4().hex

    def exact(value: Decimal) -> str:
        return f"{token}{value}{token}"

    text = json.dumps(payload, **{"ensure_ascii": False, "default": exact, **options})
    text = re.sub(f'"{token}(.*?){token}"', r"\1", text) if token in text else text
    return re.sub("[\ud800-\udfff]", lambda found: f"\\u{ord(found[0]):04x}", text).encode()


def stamp(moment: datetime) -> str:
    """A time as RFC 3339."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _number(text: str) -> float | Decimal:
    number = float(text)
    if number in {float("inf"), float("-inf")}:
        return Decimal(text)
    return number if Decimal(repr(number)) == Decimal(text) else Decimal(text)


def _constant(name: str) -> Any:
    raise Malformed(name)
