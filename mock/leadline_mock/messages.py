"""Requests and responses as plain values: what stands between the servers and the pure core."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import parse_qsl

from leadline_openapi.violation import Violation

BODILESS = frozenset({204, 205, 304})
"""Statuses whose answers have no content (RFC 9110 sections 15.3.5, 15.3.6, 15.4.5)."""
Values = dict[str, list[str]]

_OBJECT = 300
"""Bytes that a header takes besides its characters, or a parameter, once it is read."""


class Request:
    """
    One HTTP request: *path* values of the template by name, *query* as it stood in the URL.

    *headers* are pairs in the order of arrival; names compare without case (RFC 9110 section 5.1).
    Bytes that are not UTF-8 stand as lone surrogates (`surrogateescape`). *target* is the path as it
    was sent, for people to read. Not to be changed.
    """

    # No frozen dataclass: one is made for every request, and that would cost more than reading it.
    __slots__ = (
        "_cookies",
        "_fields",
        "_query",
        "body",
        "headers",
        "method",
        "path",
        "query",
        "target",
    )

    def __init__(
        self,
        method: str,
        path: Mapping[str, str],
        query: str,
        headers: Sequence[tuple[str, str]],
        body: bytes,
        target: str = "",
    ) -> None:
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
        self.target = target
        self._fields: dict[str, str] | None = None
        self._query: Values | None = None
        self._cookies: Values | None = None

    def header(self, name: str) -> str | None:
        """The value of the header *name*, which is in lower case; several are joined by a comma."""
        fields = self._fields
        if fields is None:
            fields = self._fields = _fields(self.headers)
        return fields.get(name)

    def sent(self, location: str) -> Mapping[str, Sequence[str]]:
        """What was sent in *location* (`query`, `path`, `header`, `cookie`): raw values by name."""
        match location:
            case "query":
                if self._query is None:
                    self._query = _pairs(self.query)
                return self._query
            case "path":
                return {name: [value] for name, value in self.path.items()}
            case "cookie":
                if self._cookies is None:
                    self._cookies = _cookies(self.headers)
                return self._cookies
        return _Headers(_fields(self.headers))

    def weight(self) -> int:
        """How many bytes the request takes in memory, about, once its headers and its query are read."""
        size = len(self.body) + len(self.target) + _OBJECT * len(self.headers)
        for name, value in self.headers:
            size += len(name) + len(name) + len(value)
        if self.query:
            size += 2 * len(self.query) + _OBJECT * self.query.count("&")
        if self._cookies:
            size += _OBJECT * sum(map(len, self._cookies.values()))
        return size


def _fields(headers: Sequence[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in headers:
        low = name.lower()
        found[low] = f"{found[low]}, {value}" if low in found else value
    return found


def _pairs(query: str) -> Values:
    return gathered(parse_qsl(query, keep_blank_values=True, errors="surrogateescape"))


def _cookies(headers: Sequence[tuple[str, str]]) -> Values:
    """RFC 6265 section 4.2.1; one pair that is odd does not cost the others."""
    lines = [value for key, value in headers if key.lower() == "cookie"]
    parts = [part.partition("=") for line in lines for part in line.split(";")]
    return gathered(
        (name.strip(), _unquoted(value.strip())) for name, equals, value in parts if equals
    )


def gathered(pairs: Iterable[tuple[str, str]]) -> Values:
    """Raw values by name, in order."""
    found: Values = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def _unquoted(value: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] == '"'
    return value[1:-1] if quoted else value


class _Headers(Mapping[str, Sequence[str]]):
    """The headers of a request as a mapping whose names compare without case."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self._fields = fields

    def __getitem__(self, name: str) -> Sequence[str]:
        return [self._fields[name.lower()]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP response; *violations* are those of the request that it answers."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = field(repr=False)
    violations: tuple[Violation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """
    What is done on the wire with an answer, besides sending it.

    *delay*: seconds before its first byte. *wire*: `""` sends it as it is; `hang` never sends anything;
    `reset` resets the connection instead; `truncate` sends half of the body that `Content-Length`
    promises, then closes; `drip` sends the body piece by piece over *seconds*.
    """

    delay: float = 0.0
    wire: str = ""
    seconds: float = 0.0


class Reply(NamedTuple):
    """A response, and what the wire does with it; `None` where it is just sent."""

    response: Response
    action: Action | None = None
