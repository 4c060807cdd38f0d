"""The requests whose answers are judged: 22 wrong ones, and valid ones that have to come back whole."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.mocks.work import Work

from leadline_openapi import pointer as pointers


@dataclass(frozen=True)
class Call:
    """
    One request; *key* and *media* that are None are not sent.

    A wrong one is *about* a field or a part of the request; an answer tells so with one of *words*.
    """

    name: str
    body: bytes
    key: str | None
    media: str | None
    query: str = ""
    about: str = ""
    words: tuple[str, ...] = ()


def valid(work: Work) -> list[Call]:
    """Requests that the contract allows. The first has every field, none of it as in the examples."""
    bodies = {
        "every field, unlike the example": unlike(work),
        "the page's own body": json.loads(work.body),
        "no field": {},
        "one field": {"firstName": "Ada"},
        "texts beyond ASCII": {
            "firstName": "Zoë",
            "lastName": "Nguyễn",
            "notes": 'a "quoted" \\ back/slash,\n\ttab, \u2028, 漢字, שלום, 🚗👩\u200d🔧, e\u0301',
        },
        "ids, in order and twice": {
            "latestEvent": 2**53 - 1,
            "salesRep": 0,
            "searches": [3, 1, 3],
            "trade": [],
            "customers": -1,
        },
    }
    return [
        Call(name, json.dumps(body).encode(), work.credential, work.media)
        for name, body in bodies.items()
    ]


def wrong(work: Work) -> list[Call]:
    """Requests that the contract forbids, each for one reason."""
    good = {"key": work.credential, "media": work.media}
    fields = [
        Call(name, _json({field: value}), about=field, words=(field.lower(),), **good)
        for name, field, value in _WRONG_FIELDS
    ]
    bodies = [
        Call(name, body, about="body", words=words, **good) for name, body, words in _WRONG_BODIES
    ]
    media = Call("text/plain", b"{}", work.credential, "text/plain", "", "media type", _MEDIA_WORDS)
    depth = Call("depth=abc", b"{}", query="depth=abc", about="depth", words=("depth",), **good)
    keys = [
        Call(name, b"{}", key, work.media, "", "key", _KEY_WORDS)
        for name, key in {"no key": None, "another key": "another", "an empty key": ""}.items()
    ]
    return [*fields, *bodies, media, depth, *keys]


_WRONG_FIELDS: tuple[tuple[str, str, Any], ...] = (
    ("no value of the enum", "processStatuses", "Bored"),
    ("a value of the enum in another case", "drivetrain", ["FOUR WHEEL DRIVE"]),
    ("no value of the enum, in a list", "timeToPurchase", ["ASAP", "later"]),
    ("a text for a number", "year", "2020"),
    ("a number for a text", "zipcode", 12345),
    ("a boolean for a text", "notes", True),
    ("a text for a boolean", "agree", "yes"),
    ("a list for a text", "firstName", ["Ada"]),
    ("an id for a list of ids", "trade", 5),
    ("null", "email", None),
    ("a member that is not known", "colour", "red"),
    ("a fraction for an id", "latestEvent", 12.5),
    ("a text for an id, in a list", "searches", [1, "2"]),
)
_WRONG_BODIES: tuple[tuple[str, bytes, tuple[str, ...]], ...] = (
    ("no JSON", b"hello", ("json",)),
    ("JSON that breaks off", b'{"firstName": "Ada"', ("json",)),
    ("no body", b"", ("body",)),
    ("a list for the body", b"[]", ("object",)),
)
_MEDIA_WORDS = ("content-type", "content type", "media type")
_KEY_WORDS = ("authorization", "api key", "security scheme")


def unlike(work: Work) -> dict[str, Any]:
    """Every field of the page's body with another valid value, so that no example passes for an echo."""
    document = work.contract.document
    body = document["paths"][work.operation.path]["post"]["requestBody"]
    fields = _followed(body["content"][work.media]["schema"], document)["properties"]
    return {
        name: _another(name, value, fields[name], document)
        for name, value in json.loads(work.body).items()
    }


def _another(name: str, value: Any, schema: Any, document: Mapping[str, Any]) -> Any:
    schema = _followed(schema, document)
    if isinstance(value, list):
        other = _another(name, value[0], schema["items"], document)
        return [other, value[0], other]
    if isinstance(value, bool):
        return not value
    if isinstance(value, str):
        return schema.get("enum", [f"{name} of a lead"])[-1]
    return value + len(name)


def _followed(schema: Any, document: Mapping[str, Any]) -> Any:
    while "$ref" in schema:
        schema = pointers.find(document, schema["$ref"].removeprefix("#"))
    return schema


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()
