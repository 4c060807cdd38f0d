"""What every HTTP server does for its clients: CORS for browsers, gzip for whoever takes it."""

from __future__ import annotations

import gzip
import re

from leadline_mock.messages import Request, Response

_WORTH_IT = 860
"""Bytes from which on a body gets shorter in practice."""
_READABLE = (
    "Leadline-Violations, Leadline-Fault, Preference-Applied, Retry-After, Location, Allow, ETag"
)
"""What scripts may read besides the headers that the Fetch standard lets them."""
_Headers = list[tuple[str, str]]


def dressed(request: Request, response: Response) -> Response:
    """*response* as *request* may have it: readable by scripts of any origin, and compressed if asked for."""
    origin = request.header("origin")
    takes = request.header("accept-encoding")
    if origin is None and takes is None:
        return response
    headers: _Headers = []
    status, body = response.status, response.body
    if origin is not None:
        headers += _cors(request, origin)
        if _asks_first(request) and status >= 400:
            status, body = 204, b""
    if takes is not None and len(body) >= _WORTH_IT and not _encoded(response):
        headers.append(("Vary", "Accept-Encoding"))
        if _takes_gzip(takes):
            # With no time in it: the same bytes for the same answer.
            body = gzip.compress(body, 1, mtime=0)
            headers.append(("Content-Encoding", "gzip"))
    return Response(status, (*response.headers, *headers), body, response.violations)


def _asks_first(request: Request) -> bool:
    """
    Whether a browser asks whether it may send a request.

    It carries no key, and a no would keep the script from ever seeing why the request itself is refused.
    """
    asks = request.header("access-control-request-method") is not None
    return request.method == "OPTIONS" and asks


def _cors(request: Request, origin: str) -> _Headers:
    """The Fetch standard, section 3.2: keys travel in `Authorization`, so `*` would not do."""
    headers = [
        ("Access-Control-Allow-Origin", origin),
        ("Access-Control-Allow-Credentials", "true"),
        ("Vary", "Origin"),
    ]
    if not _asks_first(request):
        return [*headers, ("Access-Control-Expose-Headers", _READABLE)]
    method = request.header("access-control-request-method") or ""
    headers += [("Access-Control-Allow-Methods", method), ("Access-Control-Max-Age", "600")]
    if (wanted := request.header("access-control-request-headers")) is not None:
        headers.append(("Access-Control-Allow-Headers", wanted))
    if request.header("access-control-request-private-network") == "true":
        headers.append(("Access-Control-Allow-Private-Network", "true"))
    return headers


def _encoded(response: Response) -> bool:
    return any(name.lower() == "content-encoding" for name, _ in response.headers)


def _takes_gzip(accepted: str) -> bool:
    """RFC 9110 section 12.5.3: named, or covered by `*`, and not with the weight 0."""
    weights = {}
    for part in accepted.lower().split(","):
        name, _, rest = part.partition(";")
        weight = re.fullmatch(r"\s*q\s*=\s*([0-9.]+)\s*", rest)
        weights[name.strip()] = weight is None or weight[1].strip("0.") != ""
    return weights.get("gzip", weights.get("*", False))
