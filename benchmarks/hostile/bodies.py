"""Hostile bodies, mostly JSON or something like it."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

KEY = b"test-api-key"


def parts(text: bytes) -> list[bytes]:
    """What stands between the bars in *text*."""
    return text.split(b"|")


_FIELDS = tuple(
    one.decode()
    for one in (
        *parts(
            b"firstName|lastName|email|phone|notes|searches|timeToPurchase|monthlyPayment|id|year"
        ),
        *parts(
            b"mileageLower|make|model|reason|processStatuses|latestEvent|bodyStyle|carStyle|zipcode"
        ),
        *parts(b"createdAt|updatedAt|newOrUsed"),
    )
)
_TEXTS = (
    "firstName",
    "lastName",
    "email",
    "phone",
    "notes",
    "make",
    "model",
    "zipcode",
    "newOrUsed",
)
_NAMES = (
    *_FIELDS,
    "__proto__",
    "constructor",
    "",
    "a b",
    "\u0000",
    "é",
    "\U0001f600",
    "$ref",
    "x" * 300,
    "/~",
)
_SCALARS: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 2**31, 2**53, 2**63, 2**64, 10**400, 1.5, -0.0, 1e308, 5e-324),
    *(
        "",
        "ASAP",
        "asap",
        "\u0000",
        "\ud800",
        "\U0001f600",
        "test-api-key",
        "2026-01-01T00:00:00Z",
        "a" * 500,
    ),
)
_NUMBERS = (
    *parts(b"1e400|-1e400|1E-400|0e0|-0|00|01|1.|.5|+1|0x1|1_0|NaN|Infinity|-Infinity|1e|1e+"),
    b"123456789012345678901",
)
_ODD = (
    b"",
    b" ",
    b"\n",
    b"\xef\xbb\xbf{}",
    b"{}\0",
    b"\0",
    b"{}{}",
    b"{} x",
    b"{",
    b"}",
    b'{"a"',
    b"'{}'",
    b"undefined",
)

Random = random.Random


def body(dice: Random, most: int, *, full: bool = False) -> bytes:
    """A body of up to *most* bytes; with *full*, of about so many."""
    size = most if full else max(2, int(most ** dice.random()))
    return dice.choice(_LARGE if full else _MAKERS)(dice, size)


def _value(dice: Random, left: int) -> Any:
    if left < 8 or dice.random() < 0.3:
        return dice.choice(_SCALARS)
    parts = dice.randrange(6)
    if dice.random() < 0.5:
        return [_value(dice, left // 6) for _ in range(parts)]
    return {dice.choice(_NAMES): _value(dice, left // 6) for _ in range(parts)}


def _lead(dice: Random, size: int) -> bytes:
    """A lead with values of any type."""
    count = min(len(_NAMES), size // 20 + 1)
    lead = {name: _value(dice, size // (count + 1)) for name in dice.sample(_NAMES, count)}
    return json.dumps(lead, ensure_ascii=dice.random() < 0.5).encode("utf-8", "surrogatepass")


def _plain_lead(dice: Random, size: int) -> bytes:
    """A lead with texts of many kinds: most of them are accepted."""
    texts = [one for one in _SCALARS if isinstance(one, str)]
    names = dice.sample(_TEXTS, min(len(_TEXTS), size // 20 + 1))
    return json.dumps({name: dice.choice(texts) for name in names}).encode()


def _any_json(dice: Random, size: int) -> bytes:
    return json.dumps(_value(dice, size)).encode()


def _broken_json(dice: Random, size: int) -> bytes:
    text = bytearray(_lead(dice, size))
    for _ in range(dice.randrange(1, 5)):
        at = dice.randrange(len(text) or 1)
        text[at : at + dice.randrange(3)] = dice.choice(
            [b"", b",", b'"', b"\xff", b"\\", b"{", b"]", b"\0", b"\\u12"]
        )
    return bytes(text)


def _deep(dice: Random, size: int) -> bytes:
    depth = min(size // 2, dice.choice([10, 199, 200, 201, 1000, 100_000]))
    begin, end = dice.choice(
        [(b"[", b"]"), (b'{"a":', b"}"), (b"[[", b"]]"), (b'[{"searches":', b"}]")]
    )
    inside = begin * depth + (b"1" if b":" in begin else b"")
    return inside + (end * depth if dice.random() < 0.7 else b"")


def _repeated(dice: Random, size: int) -> bytes:
    member = b'"%s":%s' % (dice.choice(_FIELDS).encode(), dice.choice([b"1", b'"a"', b"[]"]))
    return b"{" + (member + b",") * (size // (len(member) + 1)) + member + b"}"


def _many_names(_dice: Random, size: int) -> bytes:
    names = b",".join(b'"k@-%d":%d' % (at, at) for at in range(min(size, 16_000) // 16 + 1))
    return (
        b"{" + b",".join(names.replace(b"@", b"%d" % at) for at in range(size // 16_000 + 1)) + b"}"
    )


def _many_items(dice: Random, size: int) -> bytes:
    item = dice.choice(
        [b"1", b"[]", b"{}", b'"x"', b"[[1]]", b"null", b"1.5", b"12345678901234567890", b'{"a":1}']
    )
    items = (item + b",") * (size // (len(item) + 1)) + item
    name = dice.choice(["searches", "timeToPurchase", "bodyStyle", "nope"]).encode()
    return dice.choice([b"[" + items + b"]", b'{"' + name + b'":[' + items + b"]}"])


def _long_text(dice: Random, size: int) -> bytes:
    unit = dice.choice(
        [
            b"a",
            b"\\u0041",
            b"\\ud800",
            "é".encode(),
            b"\\\\",
            b"\xff",
            b"\\",
            b"\x01",
            b"test-api-key ",
        ]
    )
    text = b'"' + unit * (size // len(unit)) + b'"'
    return dice.choice(
        [text, b'{"notes":' + text + b"}", b"{" + text + b":1}", b'{"year":' + text + b"}"]
    )


def _numbers(dice: Random, size: int) -> bytes:
    digits = b"9" * size
    number = dice.choice(
        [*_NUMBERS, digits, b"1e" + digits, b"0." + digits, b"-" + digits, b"1" + b"0" * size]
    )
    return dice.choice([number, b'{"year":' + number + b"}", b'{"searches":[' + number + b"]}"])


def _binary(dice: Random, size: int) -> bytes:
    return dice.randbytes(size)


def _same_byte(dice: Random, size: int) -> bytes:
    return (
        dice.choice([b"[", b"{", b'"', b"\0", b" ", b"\n", b"\xff", b"9", b"-", b",", b"\\"]) * size
    )


def _odd(dice: Random, _size: int) -> bytes:
    return dice.choice(_ODD)


Maker = Callable[[Random, int], bytes]
_LARGE: tuple[Maker, ...] = (
    _deep,
    _repeated,
    _many_names,
    _many_items,
    _long_text,
    _numbers,
    _binary,
    _same_byte,
)
_MAKERS: tuple[Maker, ...] = (
    *_LARGE,
    _lead,
    _lead,
    _plain_lead,
    _plain_lead,
    _any_json,
    _broken_json,
    _odd,
)
