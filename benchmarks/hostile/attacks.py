"""Hostile requests, made from a seed: raw bytes, broken heads, odd headers, bodies of every kind."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks.hostile import words
from benchmarks.hostile.bodies import KEY, body

Random = random.Random
LEADS = b"/api/leads"


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
    return Attack(kind, b"".join(dice.choices(words.TOKENS, k=dice.randrange(1, 40))), framed=False)


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
    chosen = dice.choices(words.FRAMING, k=dice.randrange(1, 4))
    host = [b"Host: x"] if dice.random() < 0.9 else []
    start = dice.choice(
        [b"POST /api/leads HTTP/1.1", b"POST /api/leads HTTP/1.0", b"POST /api/leads HTTP/2.0"]
    )
    follows = b"GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n" * dice.randrange(3)
    head = b"\r\n".join([start, *host, *chosen, b"", b""])
    return Attack(kind, head + dice.choice(words.ENDS) + follows, framed=False)


def _headers(kind: str, dice: Random) -> Attack:
    """Known names with odd values, odd names, many of them, long ones."""
    headers = []
    for _ in range(int(300 ** dice.random())):
        name = dice.choice(words.NAMES) if dice.random() < 0.7 else _token(dice)
        known = dice.random() < 0.6
        value = dice.choice(words.VALUES) if known else _bytes(dice, 300, _TEXT)
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
        parts = dice.choices(words.FAULTS, k=dice.randrange(1, 3))
        headers.append((b"Leadline-Fault", garbage if dice.random() < 0.3 else b";".join(parts)))
    if dice.random() < 0.6:
        value = (
            garbage
            if dice.random() < 0.3
            else b", ".join(dice.choices(words.PREFER, k=dice.randrange(1, 4)))
        )
        headers.append((b"Prefer", value))
    if dice.random() < 0.8:
        headers += [(b"Authorization", KEY), (b"Content-Type", b"application/json")]
    return Attack(kind, request(b"POST", LEADS, headers, body(dice, 500)), fault=fault)


def _content_types(kind: str, dice: Random) -> Attack:
    """Bodies that are, or are not, what they are said to be."""
    content = dice.choice(
        [body(dice, 2000), gzip.compress(b"{}"), '{"a":"ü"}'.encode("utf-16"), b"a=b&c=d"]
    )
    headers = [(b"Content-Type", dice.choice(words.TYPES)), (b"Authorization", KEY)]
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
    return b"&".join(dice.choices(words.QUERIES, k=dice.randrange(1, 8)))


def _queries(kind: str, dice: Random) -> Attack:
    query = (
        _query(dice)
        if dice.random() < 0.98
        else b"&".join([b"depth=1"] * dice.choice([500, 8000, 50_000]))
    )
    headers = [(b"Authorization", KEY), (b"Content-Type", b"application/json")]
    return Attack(kind, request(b"POST", LEADS + b"?" + query, headers, b"{}"))


def _paths(kind: str, dice: Random) -> Attack:
    path = dice.choice(words.PATHS) if dice.random() < 0.7 else b"/" + _bytes(dice, 300, _URL)
    if dice.random() < 0.01:
        path = b"/api/leads/" + b"a" * dice.choice([1000, 60_000, 66_000])
    content = None if dice.random() < 0.6 else body(dice, 300)
    return Attack(
        kind, request(dice.choice(words.METHODS), path, [(b"Authorization", KEY)], content)
    )


def _control(kind: str, dice: Random) -> Attack:
    """The control API; what could arm a fault for others is left out."""
    method, _, path = dice.choice(words.CONTROL).partition(b" ")
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
