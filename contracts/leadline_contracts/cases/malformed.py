"""Bodies that are no JSON text (RFC 8259), each of which some reader takes or chokes on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from leadline_contracts.case import Due
from leadline_openapi import jsontext

Malformed = tuple[str, bytes, Due]
_DEEP = 600
"""Levels that every reader in common use takes or refuses; at a thousand some give up."""
_DEEPER = 100_000

_NUMBERS = (
    "NaN",
    "Infinity",
    "-Infinity",
    "+1",
    ".5",
    "1.",
    "01",
    "-01",
    "0x1F",
    "1e",
    "1_000",
    "--1",
    "undefined",
    "True",
)
"""Spelled so in no JSON text."""
_TEXTS = {
    "a tab that is not escaped": b'"a\tb"',
    "a line break that is not escaped": b'"a\nb"',
    "a NUL byte that is not escaped": b'"a\x00b"',
    "a control character that is not escaped": b'"a\x1fb"',
    "an escape that is none": rb'"a\xb"',
    "half an escape": rb'"\u12"',
    "an escape of a line break": b'"a\\\nb"',
    "a text without end": b'"',
    "an escape without end": b'"\\',
    "not UTF-8": b'"\xff"',
    "overlong UTF-8": b'"\xc0\xaf"',
    "UTF-8 cut off": b'"\xe2\x82"',
}
_TAKEN = {"a surrogate in UTF-8": b'"\xed\xa0\x80"'}
"""No UTF-8 (RFC 3629 section 3), but readers in common use take it, Python's own among them."""


def bodies(value: Any) -> Iterator[Malformed]:
    """
    *value* in ways that are no JSON text, with what is due to each.

    Readers may overlook a byte order mark, guess the encoding, and choose between two members of one name
    (RFC 8259 sections 4 and 8.1), and may set a limit to nesting and length (section 9).
    """
    text = jsontext.dump(value)
    for name, body in _broken(text):
        yield name, body, Due.REFUSE
    if isinstance(value, dict) and value:
        wrong = (_punctuation(value, text), _texts(value, text, _TEXTS), _numbers(value, text))
        for name, body in chain(*wrong):
            yield name, body, Due.REFUSE
        for name, body in _texts(value, text, _TAKEN):
            yield name, body, Due.ANY
        first = jsontext.dump(next(iter(value.items()))[0])
        double = b"{%s:%s,%s" % (first, jsontext.dump(value[next(iter(value))]), text[1:])
        yield "a member twice", double, Due.ANY
    for name, encoding in (
        ("a byte order mark", "utf-8-sig"),
        ("UTF-16", "utf-16"),
        ("UTF-16 without a byte order mark", "utf-16-le"),
        ("UTF-32", "utf-32"),
    ):
        yield name, text.decode("utf-8", "replace").encode(encoding, "replace"), Due.ANY
    yield "very deep nesting", b"[" * _DEEPER + b"]" * _DEEPER, Due.UNPREDICTABLE
    yield (
        "very deep nesting of objects",
        b'{"a":' * _DEEPER + b"1" + b"}" * _DEEPER,
        Due.UNPREDICTABLE,
    )
    yield "very deep nesting without end", b"[" * _DEEPER, Due.UNPREDICTABLE


def nested(value: Any) -> Iterator[tuple[str, bytes]]:
    """Well-formed bodies that are nested deeply, bare and inside *value*."""
    deep = b"[" * _DEEP + b"]" * _DEEP
    yield "deep nesting", deep
    yield "deep nesting of objects", b'{"a":' * _DEEP + b"1" + b"}" * _DEEP
    if isinstance(value, dict) and value:
        first = jsontext.dump(next(iter(value)))
        yield "deep nesting in a member", b"{" + first + b":" + deep + b"}"


def _broken(text: bytes) -> Iterator[tuple[str, bytes]]:
    yield "cut off", text[:-1]
    yield "cut off in the middle", text[: len(text) // 2]
    yield "its first byte alone", text[:1]
    yield "white space alone", b" \n\t "
    yield "plain text", b"hello"
    yield "two values", text + text
    yield "a bracket too many", text + text[-1:]
    yield "something behind it", text + b" x"
    yield "a NUL byte behind it", text + b"\x00"
    yield "something before it", b"x " + text
    yield "a no-break space behind it", text + "\u00a0".encode()
    yield "a comment", text + b" // comment"
    yield "a block comment", b"/* comment */" + text
    yield "a form", b"a=b&c=d"
    yield "XML", b"<a>b</a>"
    yield "an assignment", b"x = " + text
    yield "a prefix against hijacking", b")]}',\n" + text


def _punctuation(value: dict[str, Any], text: bytes) -> Iterator[tuple[str, bytes]]:
    yield "a trailing comma", text[:-1] + b",}"
    yield "a leading comma", b"{," + text[1:]
    first = next(iter(value))
    quoted = jsontext.dump(first)
    yield "no colon", text.replace(quoted + b":", quoted + b" ", 1)
    yield "an equals sign for a colon", text.replace(quoted + b":", quoted + b"=", 1)
    yield (
        "a member without a value",
        text.replace(quoted + b":" + jsontext.dump(value[first]), quoted + b":", 1),
    )
    if b"'" not in text:
        yield "single quotes", text.replace(b'"', b"'")
    if first.isidentifier():
        yield "a name without quotes", text.replace(quoted, first.encode(), 1)
    if len(value) > 1:
        second = jsontext.dump(list(value)[1])
        yield "no comma", text.replace(b"," + second, b" " + second, 1)


def _texts(
    value: dict[str, Any], text: bytes, tokens: Mapping[str, bytes]
) -> Iterator[tuple[str, bytes]]:
    """A text of *value*, if there is one, replaced by each of *tokens*."""
    for name, member in value.items():
        if isinstance(member, str) and member.isalpha():
            place = jsontext.dump(name) + b":" + jsontext.dump(member)
            for how, token in tokens.items():
                written = jsontext.dump(name) + b":" + token
                yield f"{how}, in `{name}`", text.replace(place, written, 1)
            break


def _numbers(value: dict[str, Any], text: bytes) -> Iterator[tuple[str, bytes]]:
    """A number of *value*, if there is one, replaced by what is none."""
    for name, member in value.items():
        if isinstance(member, int | float) and not isinstance(member, bool):
            place = jsontext.dump(name) + b":" + jsontext.dump(member)
            for spelled in _NUMBERS:
                written = jsontext.dump(name) + b":" + spelled.encode()
                yield (
                    f"`{spelled}`, in `{name}`",
                    re.sub(re.escape(place) + rb"(?=[,}])", written, text, count=1),
                )
            break
