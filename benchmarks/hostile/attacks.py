"""Hostile requests, made from a seed: raw bytes, broken heads, odd headers, bodies of every kind."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks.hostile.bodies import KEY, body, parts

Random = random.Random
LEADS = b"/api/leads"
_METHODS = (
    b"GET HEAD POST PUT PATCH DELETE OPTIONS TRACE QUERY PROPFIND PURGE LOCK M-SEARCH".split()
)
_NAMES = (
    b"Accept Accept-Encoding Accept-Language Access-Control-Request-Headers Access-Control-Request-Method"
    b" Authorization Cache-Control Connection Content-Encoding Content-Language Content-Type Cookie Expect"
    b" Forwarded From If-Match If-Modified-Since If-None-Match If-Range Max-Forwards Origin Prefer Range"
    b" Referer TE Trailer Upgrade User-Agent Via X-Forwarded-For X-HTTP-Method-Override Leadline-Run"
    b" Leadline-Violations Proxy-Authorization Keep-Alive HTTP2-Settings"
).split()
_VALUES = (
    *parts(
        b'gzip;q=0|*;q=|,,,;;;===|identity|text/html|application/json|no-cache|bytes=0-,-5|W/"x"|*'
    ),
    *parts(
        b'a=b; c="d|Basic Og==|Bearer |users API-Key test-api-key|100-continue|close, keep-alive'
    ),
    *parts(
        b"h2c|websocket|chunked|null|http://[::1|127.0.0.1, ::1|-1|99999999999999999999|NaN|%00|%0d%0a"
    ),
    *parts(b"{{7*7}}|${jndi:ldap://x}|() { :;};|../../etc/passwd|<script>|' or 1=1 --|__proto__"),
)
_FAULTS = (
    *parts(
        b"none|status=503|status=599;retry-after=1|malformed|drip=0.05|delay=1|delay=p50=1,p99=2"
    ),
    *parts(b"status=abc|status=99|status=503;status=504|rate=2|rate=0;reset|delay=-1|delay=1e999"),
    *parts(b"drip=inf|hang;delay=5|hang=1|reset;truncate|;;;|=|status=|statuss=500|retry-after=5"),
)
_PREFER = (
    *parts(
        b'code=200|code=404|code=999|code=abc|code=|code|example=documented|example=nope|example="a'
    ),
    *parts(
        b'dynamic=true|dynamic=maybe|dynamic|dynamic=true, code=200|respond-async, wait=10|,,,|=|"'
    ),
    *parts(b'code=200;x="\\"|dynamic=true;dynamic=false|CODE=200|code="200"|example=\xff'),
)
_PATHS = (
    *parts(
        b"/|//|/api|/api/|/api/leads/|/api//leads|/api/leads/1|/API/LEADS|/api/lead|/api%2fleads"
    ),
    *parts(
        b"/api/leads%00|/api/leads%ff|/api/leads%|/api/leads%zz|/api/./leads|/api/../api/leads|/%2e%2e/"
    ),
    *parts(
        b"/api/leads;x=y|/api/leads#f|/api/leads?|/?|*|http://x/api/leads|https://x|http:///a|ftp://x/"
    ),
    *parts(
        b"/\\\\x|/a^`{|}~|/__leadline|/__leadline/|/__leadline/nope|/__leadline/requests/999999999999"
    ),
)
_CONTROL = (
    *parts(
        b"GET health|GET requests|GET requests?run=|GET requests?limit=x&limit=y|GET requests/0"
    ),
    *parts(
        b"GET requests/-1|GET requests/1|GET faults|DELETE faults|DELETE faults?run=%00|POST reset"
    ),
    *parts(
        b"POST reset?run=x|POST verify|POST verify|POST verify|POST faults|PUT faults|PATCH verify"
    ),
)
_QUERIES = (
    *parts(
        b"depth=2|depth=|depth|depth=1&depth=2|depth=NaN|depth=1e999|depth=-1|depth=%ff|depth=%00"
    ),
    *parts(b"locale=de&fallback-locale=none|locale=%ed%a0%80|locale[]=a|locale[a]=b|&&&|===|;|%|+"),
)


@dataclass(frozen=True)
class Attack:
    """
    Bytes to be sent, of the *kind* they are.

    With *framed* they are one request whose end is clear, so the connection may be used again; what else is
    sent is followed by the end of our side. With *fault*, a fault was asked for: any answer will do.
    """

    kind: str
    data: bytes
    framed: bool = True
    fault: bool = False

    @property
    def is_head(self) -> bool:
        """Whether an answer has no body."""
        return self.data.startswith(b"HEAD ")


def attack(seed: int, number: int) -> Attack:
    """The attack with *number* in the series of *seed*."""
    dice = Random(f"{seed}:{number}")
    (kind,) = dice.choices(list(_KINDS), [weight for weight, _ in _KINDS.values()])
    return _KINDS[kind][1](kind, dice)


def request(
    method: bytes, target: bytes, headers: list[tuple[bytes, bytes]], content: bytes | None
) -> bytes:
    """A request that is framed as it should be."""
    lines = [method + b" " + target + b" HTTP/1.1", b"Host: 127.0.0.1"]
    lines += [name + b": " + value for name, value in headers]
    if content is not None:
        lines.append(b"Content-Length: %d" % len(content))
    return b"\r\n".join(lines) + b"\r\n\r\n" + (content or b"")


def _proper(dice: Random, content: bytes | None = None, **extra: Any) -> bytes:
    headers = [(b"Authorization", KEY), (b"Content-Type", b"application/json")]
    headers += [(name.encode().replace(b"_", b"-"), value) for name, value in extra.items()]
    query = b"" if dice.random() < 0.7 else b"?" + _query(dice)
    made = body(dice, 3000) if content is None else content
    return request(b"POST", LEADS + query, headers, made)


def _bytes(dice: Random, most: int, alphabet: bytes | None = None) -> bytes:
    size = int(most ** dice.random())
    return dice.randbytes(size) if alphabet is None else bytes(dice.choices(alphabet, k=size))


_TEXT = bytes(byte for byte in range(32, 256) if byte != 127) + b"\t"
_URL = bytes(range(33, 127))


def _raw(kind: str, dice: Random) -> Attack:
    return Attack(kind, _bytes(dice, 3000), framed=False)


def _http_like(kind: str, dice: Random) -> Attack:
    """Tokens of HTTP in any order."""
    tokens = (
        *parts(
            b"GET |POST |/api/leads| HTTP/1.1|HTTP/1.0|\r\n|\r\n\r\n|\n|\r|Host: x|Content-Length: 5"
        ),
        *parts(
            b"Transfer-Encoding: chunked|:| |\t|\0|5|0|chunked|{}|Connection: close|\xff|,|;|PRI * HTTP/2.0"
        ),
    )
    return Attack(kind, b"".join(dice.choices(tokens, k=dice.randrange(1, 40))), framed=False)


def _mutated(kind: str, dice: Random) -> Attack:
    """A proper request with some bytes changed, removed, repeated, or its end cut off."""
    data = bytearray(_proper(dice))
    for _ in range(dice.randrange(1, 8)):
        at = dice.randrange(len(data) or 1)
        match dice.randrange(4):
            case 0:
                data[at : at + 1] = dice.randbytes(1)
            case 1:
                del data[at : at + dice.randrange(1, 20)]
            case 2:
                data[at:at] = data[at : at + dice.randrange(1, 50)]
            case _:
                data[at:at] = dice.choice(
                    [b"\r\n", b"\n", b"\r", b"\0", b" ", b":", b"\xff", b"\t"]
                )
    return Attack(
        kind, bytes(data[: dice.randrange(len(data) + 1)] if dice.random() < 0.2 else data), False
    )


def _framing(kind: str, dice: Random) -> Attack:
    """Lengths and codings that contradict each other."""
    lines = (
        *parts(
            b"Content-Length: 2|Content-Length: 5|Content-Length:|Content-Length: -1|Content-Length: 2,2"
        ),
        *parts(
            b"Content-Length : 2|Content-Length: +2|Content-Length: 0x2|Transfer-Encoding: chunked"
        ),
        *parts(
            b"Transfer-Encoding: gzip, chunked|Transfer-Encoding: identity|Transfer-Encoding:\tchunked"
        ),
        *parts(
            b"Transfer_Encoding: chunked|Transfer-Encoding: chunked\x0b|Host: y|Host:|Expect: 100-continue"
        ),
        *parts(
            b" Folded: x|\tFolded: x|Connection: Upgrade\r\nUpgrade: h2c|Connection: close|X: a\r\n b"
        ),
    )
    chosen = dice.choices(lines, k=dice.randrange(1, 4))
    host = [b"Host: x"] if dice.random() < 0.9 else []
    start = dice.choice(
        [b"POST /api/leads HTTP/1.1", b"POST /api/leads HTTP/1.0", b"POST /api/leads HTTP/2.0"]
    )
    ends = (
        b"{}",
        b"2\r\n{}\r\n0\r\n\r\n",
        b"0\r\n\r\n",
        b"2;x=y\r\n{}\r\n0\r\nT: v\r\n\r\n",
        b"",
        b"fffffffff\r\n",
    )
    follows = b"GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n" * dice.randrange(3)
    head = b"\r\n".join([start, *host, *chosen, b"", b""])
    return Attack(kind, head + dice.choice(ends) + follows, framed=False)


def _headers(kind: str, dice: Random) -> Attack:
    """Known names with odd values, odd names, many of them, long ones."""
    headers = []
    for _ in range(int(300 ** dice.random())):
        name = dice.choice(_NAMES) if dice.random() < 0.7 else _token(dice)
        known = dice.random() < 0.6
        value = dice.choice(_VALUES) if known else _bytes(dice, 300, _TEXT)
        if name.lower() not in (b"host", b"content-length", b"transfer-encoding"):
            headers.append((name, value))
    if dice.random() < 0.02:
        headers.append((b"X-Long", b"a" * dice.choice([60_000, 65_000, 70_000, 200_000])))
    return Attack(kind, request(b"POST", LEADS, headers, body(dice, 300)))


def _token(dice: Random) -> bytes:
    return bytes(dice.choices(b"!#$%&'*+-.^_`|~abcXYZ019", k=dice.randrange(1, 20)))


def _ours(kind: str, dice: Random) -> Attack:
    """Our own headers with garbage in them."""
    garbage = _bytes(dice, 2000, _TEXT)
    fault = dice.random() < 0.4
    headers = [(b"Leadline-Run", dice.choice([b"", b"a", b"a, b", garbage]))]
    if fault:
        parts = dice.choices(_FAULTS, k=dice.randrange(1, 3))
        headers.append((b"Leadline-Fault", garbage if dice.random() < 0.3 else b";".join(parts)))
    if dice.random() < 0.6:
        value = (
            garbage
            if dice.random() < 0.3
            else b", ".join(dice.choices(_PREFER, k=dice.randrange(1, 4)))
        )
        headers.append((b"Prefer", value))
    if dice.random() < 0.8:
        headers += [(b"Authorization", KEY), (b"Content-Type", b"application/json")]
    return Attack(kind, request(b"POST", LEADS, headers, body(dice, 500)), fault=fault)


def _content_types(kind: str, dice: Random) -> Attack:
    """Bodies that are, or are not, what they are said to be."""
    types = (
        *parts(
            b'application/json|application/json;charset=utf-16|application/json; charset="x|text/plain'
        ),
        *parts(
            b"text/json|application/merge-patch+json|multipart/form-data|multipart/form-data;boundary=x"
        ),
        *parts(
            b"application/x-www-form-urlencoded|application/xml|*/*|/|json|application/json, text/plain|"
        ),
        *parts(
            b"application/json;;;=|APPLICATION/JSON|application/octet-stream|text/plain;charset=rot13"
        ),
    )
    content = dice.choice(
        [body(dice, 2000), gzip.compress(b"{}"), '{"a":"ü"}'.encode("utf-16"), b"a=b&c=d"]
    )
    headers = [(b"Content-Type", dice.choice(types)), (b"Authorization", KEY)]
    headers += [
        (b"Content-Encoding", dice.choice([b"gzip", b"br", b"identity", b"x"]))
    ] * dice.randrange(2)
    return Attack(kind, request(b"POST", LEADS, headers, content))


def _json(kind: str, dice: Random) -> Attack:
    return Attack(kind, _proper(dice))


def _large_json(kind: str, dice: Random) -> Attack:
    return Attack(kind, _proper(dice, body(dice, 300_000)))


def _huge(kind: str, dice: Random) -> Attack:
    """Ten megabytes that are looked at, and more that are not."""
    size = dice.choice([9_900_000, 9_900_000, 10_000_001, 20_000_000, 50_000_000])
    content = body(dice, size, full=True)
    if dice.random() < 0.5:
        return Attack(kind, _proper(dice, content))
    head = _proper(dice, b"").replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")
    pieces = [content[at : at + 1_000_000] for at in range(0, len(content), 1_000_000)]
    return Attack(
        kind, head + b"".join(b"%x\r\n%b\r\n" % (len(one), one) for one in pieces) + b"0\r\n\r\n"
    )


def _query(dice: Random) -> bytes:
    if dice.random() < 0.3:
        return _bytes(dice, 2000, _URL).replace(b"#", b"")
    return b"&".join(dice.choices(_QUERIES, k=dice.randrange(1, 8)))


def _queries(kind: str, dice: Random) -> Attack:
    query = (
        _query(dice)
        if dice.random() < 0.98
        else b"&".join([b"depth=1"] * dice.choice([500, 8000, 50_000]))
    )
    headers = [(b"Authorization", KEY), (b"Content-Type", b"application/json")]
    return Attack(kind, request(b"POST", LEADS + b"?" + query, headers, b"{}"))


def _paths(kind: str, dice: Random) -> Attack:
    path = dice.choice(_PATHS) if dice.random() < 0.7 else b"/" + _bytes(dice, 300, _URL)
    if dice.random() < 0.01:
        path = b"/api/leads/" + b"a" * dice.choice([1000, 60_000, 66_000])
    content = None if dice.random() < 0.6 else body(dice, 300)
    return Attack(kind, request(dice.choice(_METHODS), path, [(b"Authorization", KEY)], content))


def _control(kind: str, dice: Random) -> Attack:
    """The control API; what could arm a fault for others is left out."""
    method, _, path = dice.choice(_CONTROL).partition(b" ")
    content = None if method == b"GET" else _verification(dice)
    headers = [
        (
            b"Content-Type",
            dice.choice([b"application/json", b"application/json", b"text/plain", b""]),
        )
    ]
    return Attack(kind, request(method, b"/__leadline/" + path, headers, content))


def _verification(dice: Random) -> bytes:
    if dice.random() < 0.4:
        return body(dice, 2000)
    odd: list[Any] = [
        None,
        -1,
        1e300,
        "",
        "createLead",
        [],
        {},
        {"make": "Audi"},
        True,
        "x" * 500,
        [[[]]],
    ]
    names = [
        "operation",
        "method",
        "path",
        "body",
        "headers",
        "query",
        "count",
        "times",
        "run",
        "nope",
        "min",
    ]
    return json.dumps(
        {dice.choice(names): dice.choice(odd) for _ in range(dice.randrange(5))}
    ).encode()


def _pipelined(kind: str, dice: Random) -> Attack:
    """Many requests at once, some of them wrong, the last one cut off."""
    parts = [_proper(dice, body(dice, 100)) for _ in range(dice.randrange(2, 30))]
    if dice.random() < 0.5:
        parts.insert(dice.randrange(len(parts)), _bytes(dice, 100))
    return Attack(kind, b"".join(parts)[: -dice.randrange(1, 50)], framed=False)


_KINDS: dict[str, tuple[float, Callable[[str, Random], Attack]]] = {
    "raw bytes": (4, _raw),
    "parts of HTTP": (6, _http_like),
    "mutated requests": (12, _mutated),
    "framing": (8, _framing),
    "headers": (8, _headers),
    "our headers": (12, _ours),
    "content types": (6, _content_types),
    "JSON": (20, _json),
    "large JSON": (0.5, _large_json),
    "up to 50 MB": (0.05, _huge),
    "queries": (7, _queries),
    "methods and paths": (9, _paths),
    "control API": (6, _control),
    "pipelined": (1, _pipelined),
}
