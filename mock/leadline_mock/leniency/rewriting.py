"""A request with another value of a parameter, as if that had been sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qsl, urlencode

from leadline_mock.messages import Request
from leadline_openapi.jsontext import NotJson
from leadline_openapi.parameters import ABSENT, Parameter

_Pairs = list[tuple[str, str]]


def with_parameter(request: Request, parameter: Parameter, value: Any) -> Request:
    """*request* with *value* for *parameter*; without it where that is `ABSENT`."""
    sent = request.sent(parameter.location)
    pairs = _written(parameter, value)
    path: Mapping[str, str] = request.path
    query, headers = request.query, list(request.headers)
    match parameter.location:
        case "query":
            names = {
                parameter.name,
                *(name for name, _ in _written(parameter, _read(parameter, sent))),
            }
            query = _query(request.query, names, pairs)
        case "path":
            path = {name: text for name, text in path.items() if name != parameter.name}
            path |= dict(pairs)
        case "cookie":
            known = [(name, text) for name, texts in sent.items() for text in texts]
            kept = [pair for pair in known if pair[0] != parameter.name]
            headers = [pair for pair in headers if pair[0].lower() != "cookie"]
            headers.append(("Cookie", "; ".join(map("=".join, [*kept, *pairs]))))
        case _:
            name = parameter.name.lower()
            headers = [*(pair for pair in headers if pair[0].lower() != name), *pairs]
    return Request(request.method, path, query, headers, request.body, request.target)


def _written(parameter: Parameter, value: Any) -> _Pairs:
    return [] if value is ABSENT else parameter.write(value)


def _read(parameter: Parameter, sent: Mapping[str, Sequence[str]]) -> Any:
    with suppress(NotJson):
        return parameter.read(sent)
    return ABSENT


def _query(query: str, names: set[str], pairs: _Pairs) -> str:
    sent = parse_qsl(query, keep_blank_values=True, errors="surrogateescape")
    kept = [pair for pair in sent if pair[0] not in names]
    return urlencode([*kept, *pairs], errors="surrogateescape")
