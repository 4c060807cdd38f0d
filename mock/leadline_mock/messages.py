"""Requests and responses as plain values: what stands between the servers and the pure core."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import parse_qsl


@dataclass(frozen=True)
class Request:
    """
    One HTTP request: *path* values of the template by name, *query* as it stood in the URL.

    *headers* are pairs in the order of arrival; names compare without case (RFC 9110 section 5.1).
    Bytes that are not UTF-8 stand as lone surrogates (`surrogateescape`).
    """

    method: str
    path: Mapping[str, str]
    query: str
    headers: Sequence[tuple[str, str]]
    body: bytes = field(repr=False)

    def header(self, name: str) -> str | None:
        """The value of the header *name*; several are joined by a comma."""
        values = [value for key, value in self.headers if key.lower() == name.lower()]
        return ", ".join(values) if values else None

    def sent(self, location: str) -> Mapping[str, Sequence[str]]:
        """What was sent in *location* (`query`, `path`, `header`, `cookie`): raw values by name."""
        match location:
            case "query":
                return self._query
            case "path":
                return {name: [value] for name, value in self.path.items()}
            case "cookie":
                return self._cookies
        return _Headers(self)

    @cached_property
    def _query(self) -> dict[str, list[str]]:
        return _gathered(parse_qsl(self.query, keep_blank_values=True, errors="surrogateescape"))

    @cached_property
    def _cookies(self) -> dict[str, list[str]]:
        """RFC 6265 section 4.2.1; one pair that is odd does not cost the others."""
        lines = [value for key, value in self.headers if key.lower() == "cookie"]
        parts = [part.partition("=") for line in lines for part in line.split(";")]
        return _gathered(
            (name.strip(), _unquoted(value.strip())) for name, equals, value in parts if equals
        )


def _gathered(pairs: Iterator[tuple[str, str]] | Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def _unquoted(value: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] == '"'
    return value[1:-1] if quoted else value


class _Headers(Mapping[str, Sequence[str]]):
    """The headers of a request as a mapping whose names compare without case."""

    def __init__(self, request: Request) -> None:
        self._request = request

    def __getitem__(self, name: str) -> Sequence[str]:
        value = self._request.header(name)
        if value is None:
            raise KeyError(name)
        return [value]

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(name.lower() for name, _ in self._request.headers))

    def __len__(self) -> int:
        return len({name.lower() for name, _ in self._request.headers})


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP response."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = field(repr=False)
