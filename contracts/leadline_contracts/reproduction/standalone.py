"""How the tests below send requests and look at answers, with nothing but the standard library."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import string
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Any, NoReturn
from urllib.parse import parse_qsl, quote_plus, urlsplit

ABSENT = object()
"""What stands where nothing is."""
Request = tuple[str, str, list[tuple[str, str]], bytes | None]
"""Method, target below the server's URL, headers, body."""
_OTHER_CASE = str.maketrans(
    string.ascii_lowercase + string.ascii_uppercase, string.ascii_uppercase + string.ascii_lowercase
)


def secret(variable: str, change: str = "", prefix: str = "", suffix: str = "") -> str:
    """The value of an environment variable, or a near miss of it."""
    if variable not in os.environ:
        raise LookupError(f"set {variable} to what the requests need")
    value = os.environ[variable]
    if value.startswith(prefix) and value.endswith(suffix):
        value = value.removeprefix(prefix).removesuffix(suffix)
    if change == "cut":
        return value[:-1]
    if change == "swapped":
        swapped = value.translate(_OTHER_CASE)
        return swapped if swapped != value else f"{value}x"
    return value


def in_query(value: str) -> str:
    """A value as it stands in a query."""
    return quote_plus(value)


class Answer:
    """What the server answered."""

    def __init__(
        self, status: int, headers: list[tuple[str, str]], body: bytes, sent_at: datetime
    ) -> None:
        self.status, self.headers, self.body = status, headers, body
        self.sent_at, self.received_at = sent_at, datetime.now(UTC)

    def __repr__(self) -> str:
        return f"<{self.status} {self.body[:500]!r}>"

    def has_status(self, *wanted: str) -> bool:
        """Whether the status is one of those, where `4XX` stands for all from 400 to 499."""
        return str(self.status) in wanted or f"{self.status // 100}XX" in wanted

    def header(self, name: str) -> str | None:
        """The value of a header."""
        return next((text for one, text in self.headers if one.lower() == name.lower()), None)

    def has_media_type(self, documented: dict[str, list[str]]) -> bool:
        """Whether the media type is one of those documented for the status."""
        keys = (str(self.status), f"{self.status // 100}XX", "default")
        wanted = next((documented[key] for key in keys if key in documented), [])
        given = (self.header("Content-Type") or "").partition(";")[0].strip().lower()
        major = given.partition("/")[0] + "/*"
        return not wanted or bool(given and {given, major, "*/*"} & set(wanted))

    @property
    def value(self) -> Any:
        """The body, which has to be JSON in UTF-8."""
        return json.loads(self.body.decode("utf-8"), parse_constant=_refuse)

    def at(self, *path: str) -> Any:
        """What stands at a path in the body."""
        return next(found(self.value, list(path)), ABSENT)

    @property
    def elapsed(self) -> float:
        """Seconds from the request to the end of the answer."""
        return (self.received_at - self.sent_at).total_seconds()


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"`{constant}` is not JSON")


class Server:
    """The server at a URL; `LEADLINE_URL` names another one."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(os.environ.get("LEADLINE_URL") or url)
        self._host, self._prefix = parts.netloc.rpartition("@")[2], parts.path.rstrip("/")
        is_safe = parts.scheme == "https"
        kind = http.client.HTTPSConnection if is_safe else http.client.HTTPConnection
        self._connection = kind(parts.hostname or "", parts.port, timeout=10)

    def send(self, request: Request) -> Answer:
        """The answer to one request, sent as it stands."""
        method, target, headers, body = request
        connection, sent_at = self._connection, datetime.now(UTC)
        connection.putrequest(
            method, self._prefix + target, skip_host=True, skip_accept_encoding=True
        )
        for name, value in [("Host", self._host), *headers]:
            connection.putheader(name, value.encode("utf-8"))
        if body is not None or method in {"POST", "PUT", "PATCH"}:
            connection.putheader("Content-Length", str(len(body or b"")))
        connection.endheaders(body or None)
        answer = connection.getresponse()
        return Answer(answer.status, answer.getheaders(), answer.read(), sent_at)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def in_order(url: str, requests: list[Request]) -> list[Answer]:
    """The answers to several requests, one after the other over one connection."""
    server = Server(url)
    try:
        return [server.send(request) for request in requests]
    finally:
        server.close()


def repeated(url: str, requests: list[Request], times: int = 25) -> list[Answer]:
    """The answers to the last of several requests, all of which are sent so many times, in three rhythms."""
    answers: list[Answer] = []
    for number in range(times):
        more = requests[-1:] * (number % 3)
        answers += in_order(url, [*requests, *more])[len(requests) - 1 :]
    return answers


def at_once(url: str, requests: list[Request], times: int = 16) -> list[Answer]:
    """The answers to the last request, sent so many times at the same moment, five times over."""
    answers: list[Answer] = []
    start = threading.Barrier(times)

    def send() -> None:
        start.wait()
        with contextlib.suppress(OSError, http.client.HTTPException):
            answers.extend(in_order(url, requests[-1:]))

    for _ in range(5):
        threads = [threading.Thread(target=send) for _ in range(times)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    if len(answers) < 5 * times:
        raise AssertionError(f"{5 * times - len(answers)} of {5 * times} requests got no answer")
    return answers


def found(value: Any, path: list[str]) -> Iterator[Any]:
    """What stands at a path in a value; `*` stands for every item of an array."""
    if not path:
        yield value
    elif isinstance(value, dict) and path[0] in value:
        yield from found(value[path[0]], path[1:])
    elif isinstance(value, list) and path[0] == "*":
        for item in value:
            yield from found(item, path[1:])
    elif isinstance(value, list) and path[0].isdecimal() and int(path[0]) < len(value):
        yield from found(value[int(path[0])], path[1:])


def same(left: Any, right: Any) -> bool:
    """Whether two JSON values are equal: `1` is `1.0`, but `true` is not `1`."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    return bool(left == right)


def same_or_document(given: Any, sent: Any) -> bool:
    """The same, but that a whole document may stand where its id was sent."""
    if isinstance(given, list) and isinstance(sent, list):
        return len(given) == len(sent) and all(map(same_or_document, given, sent))
    if isinstance(given, dict) and not isinstance(sent, dict):
        return str(given.get("id")) == str(sent)
    return same(given, sent)


def distinct(values: list[Any]) -> bool:
    """Whether no two values are the same."""
    return not any(
        same(left, right) for at, left in enumerate(values) for right in values[at + 1 :]
    )


def is_number(value: Any) -> bool:
    """Whether a value is a number, which `true` is not."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def has_type(value: Any, *names: str) -> bool:
    """Whether a JSON value is of one of those types."""
    held = {
        "null": value is None,
        "boolean": isinstance(value, bool),
        "number": is_number(value),
        "integer": is_number(value) and value == int(value),
        "string": isinstance(value, str),
        "array": isinstance(value, list),
        "object": isinstance(value, dict),
    }
    return any(held[name] for name in names)


def is_multiple(value: Any, factor: float) -> bool:
    """Whether a number is a multiple of another, as they are written."""
    return not is_number(value) or Decimal(str(value)) % Decimal(str(factor)) == 0


def moment(value: Any) -> datetime:
    """The time that an RFC 3339 date-time tells."""
    shape = r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)"
    if not isinstance(value, str) or not re.fullmatch(shape, value):
        raise AssertionError(f"{value!r} is no RFC 3339 date-time")
    return datetime.fromisoformat(value.upper()).astimezone(UTC)


def is_now(value: Any, answer: Answer) -> bool:
    """Whether a time is that of the answer, within 5 s; by our clock, or by the server's where it tells."""
    time, allowed = moment(value), timedelta(seconds=5)
    if answer.sent_at - allowed <= time <= answer.received_at + allowed:
        return True
    try:
        date = parsedate_to_datetime(answer.header("Date") or "")
    except ValueError:
        return False
    skew = abs(date - answer.received_at) if date.tzinfo else timedelta.max
    took = answer.received_at - answer.sent_at
    return skew < timedelta(minutes=5) and abs(date - time) <= allowed + took


def facts(request: Request, answer: Answer) -> dict[str, Any]:
    """What a rule in CEL speaks of."""
    method, target, headers, body = request
    path, _, query = target.partition("?")
    return {
        "request": {
            "method": method,
            "path": path,
            "query": dict(parse_qsl(query, keep_blank_values=True)),
            "headers": {name.lower(): value for name, value in headers},
            "body": json.loads(body) if body else {},
            "time": answer.sent_at,
        },
        "response": {
            "status": answer.status,
            "headers": {name.lower(): value for name, value in answer.headers},
            "body": answer.value,
            "time": answer.received_at,
        },
    }
