"""Servers that accept what they have to refuse: credentials, invalid data."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from benchmarks.zoo.app import App, Document, Malformed, Request
from benchmarks.zoo.contract import KEY, fields, fits, of_kind
from benchmarks.zoo.variant import Family, Step, Variant, no, ok, raw

# --- Credentials ------------------------------------------------------------------------------------------

key = Family("credentials")


def _key(name: str, defect: str, also: Callable[[str | None], bool], *keys: str | None) -> Variant:
    witness = [Step("refuse", key=value) for value in keys]
    return key(name, defect, "key_fits", lambda inner, value: inner(value) or also(value), *witness)


def _remembered(inner: Any, request: Request) -> bool:
    request.connection["known"] = request.connection.get("known") or inner(request)
    return bool(request.connection["known"])


CREDENTIALS = [
    _key("key-any", "any value is a key", bool, "nonsense"),
    _key("key-absent", "no header, no check", lambda v: v is None, None),
    _key(
        "key-case",
        "the case of the key is ignored",
        lambda v: (v or "").lower() == KEY,
        KEY.upper(),
    ),
    _key(
        "key-suffix",
        "whatever begins with the key is accepted",
        lambda v: (v or "").startswith(KEY),
        KEY + "x",
    ),
    _key(
        "key-truncated",
        "the beginning of the key is enough",
        lambda v: bool(v) and KEY.startswith(v or "-"),
        KEY[:-1],
    ),
    _key(
        "key-bearer",
        "an undocumented form is accepted",
        lambda v: v == f"Bearer {KEY}",
        f"Bearer {KEY}",
    ),
    key(
        "key-remembered",
        "checked once for each connection",
        "permitted",
        _remembered,
        ok(),
        Step("refuse", key="no"),
    ),
]

# --- Accepts what is invalid ------------------------------------------------------------------------------

lax = Family("accepts-invalid")


def _any_item(name: str, value: Any) -> bool:
    return (
        name in of_kind("enums")
        and isinstance(value, list)
        and any(v in fields()[name].values for v in value)
    )


def _first_item(name: str, value: Any) -> bool:
    listed = name in of_kind("enums", "ids") and isinstance(value, list) and value
    return bool(listed) and fits(fields()[name], value[:1])


def _like(name: str, value: Any, normal: Callable[[str], str]) -> bool:
    values = value if isinstance(value, list) else [value]
    known = {normal(v) for v in fields()[name].values} if name in fields() else set()
    return bool(known) and all(isinstance(v, str) and normal(v) in known for v in values)


def _numeric(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"-?\d+(\.\d+)?", value) is not None


def _coerced(
    names: list[str], takes: Callable[[Any], bool], convert: Callable[[Any], Any]
) -> Callable[[App], None]:
    """Accept values that are not right, and store what is."""

    def error(inner: Any, name: str, value: Any) -> Any:
        return None if name in names and takes(value) else inner(name, value)

    def kept(inner: Any, document: Document, request: Request) -> Document:
        stored = inner(document, request)
        return {n: convert(v) if n in names and takes(v) else v for n, v in stored.items()}

    def install(app: App) -> None:
        app.wrap("field_error", error)
        app.wrap("kept", kept)

    return install


def _unknown_dropped(app: App) -> None:
    app.wrap("field_error", lambda inner, n, v: inner(n, v) if n in fields() else None)
    app.wrap("kept", lambda inner, d, r: {n: v for n, v in inner(d, r).items() if n in fields()})


def _prepared(change: Callable[[bytes], bytes]) -> Callable[..., Any]:
    return lambda inner, body: inner(change(body))


def _constants(inner: Any, body: bytes) -> Any:
    try:
        return inner(body)
    except Malformed:
        return json.loads(re.sub(rb"\bNaN\b|\bInfinity\b", b"0", body))


def _number_or_not(value: str) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return True


def _array(name: str) -> bool:
    return name in of_kind("enums", "ids")


ACCEPTS = [
    lax.with_app(
        "unknown-dropped",
        "unknown members are dropped in silence",
        _unknown_dropped,
        no(firstname="Ann"),
    ),
    lax.takes(
        "unknown-stored",
        "unknown members are stored",
        lambda n, _: n not in fields(),
        no(favourite=1),
    ),
    lax.takes(
        "id-from-client",
        "the client may choose the id",
        lambda n, _: n == "id",
        no(id=7),
    ),
    lax.takes(
        "reason-open",
        "the enum of one field is not checked",
        lambda n, v: n == "reason" and isinstance(v, str),
        no(reason="Bored"),
    ),
    lax.takes(
        "enum-case",
        "enums ignore case",
        lambda n, v: _like(n, v, str.lower),
        no(reason="test"),
        no(bodyStyle=["Truck"]),
    ),
    lax.takes(
        "enum-spaces",
        "enums are trimmed first",
        lambda n, v: _like(n, v, str.strip),
        no(processStatuses=" Lost"),
        no(bodyStyle=["car "]),
    ),
    lax.takes(
        "enum-any-item", "one right item is enough", _any_item, no(bodyStyle=["truck", "boat"])
    ),
    lax.takes("first-item-only", "only the first item is checked", _first_item, no(trade=[1, "x"])),
    lax.takes(
        "enum-of-neighbour",
        "interior takes the colors of exterior",
        lambda n, v: n == "interior" and fits(fields()["exterior"], v),
        no(interior=["Orange"]),
    ),
    lax.takes(
        "enum-empty",
        "an empty string passes as no choice",
        lambda n, v: v == "" and n in of_kind("enum"),
        no(reason=""),
    ),
    lax.takes(
        "enum-prefix",
        "the beginning of a value is enough",
        lambda n, v: (
            n == "processStatuses" and isinstance(v, str) and "Actively Communicating".startswith(v)
        ),
        no(processStatuses="Actively"),
    ),
    lax.with_app(
        "number-from-text",
        "numbers may be strings, and are converted",
        _coerced(of_kind("number"), _numeric, float),
        no(year="2020"),
    ),
    lax.with_app(
        "text-from-number",
        "ZIP codes may be numbers, and are converted",
        _coerced(["zipcode"], lambda v: type(v) is int, str),
        no(zipcode=12345),
    ),
    lax.with_app(
        "boolean-from-text",
        "'true' in any case is a boolean",
        _coerced(of_kind("boolean"), lambda v: str(v).lower() == "true", lambda _: True),
        no(agree="true"),
        no(agree="TRUE"),
    ),
    lax.with_app(
        "boolean-from-number",
        "0 and 1 are booleans",
        _coerced(["subscribe"], lambda v: type(v) is int and v in {0, 1}, bool),
        no(subscribe=1),
    ),
    lax.with_app(
        "number-from-boolean",
        "true is a number",
        _coerced(["cashDown"], lambda v: isinstance(v, bool), int),
        no(cashDown=True),
    ),
    lax.with_app(
        "id-fraction",
        "ids are rounded down",
        _coerced(of_kind("integer"), lambda v: isinstance(v, float), int),
        no(salesRep=12.5),
    ),
    lax.takes(
        "id-text",
        "ids in lists may be strings",
        lambda n, v: n == "calls" and isinstance(v, list),
        no(calls=["123"]),
    ),
    lax.takes(
        "null-text",
        "strings may be null",
        lambda n, v: v is None and n in of_kind("string"),
        no(notes=None),
    ),
    lax.takes(
        "null-list",
        "one list may be null",
        lambda n, v: v is None and n == "favorites",
        no(favorites=None),
    ),
    lax.with_app(
        "list-from-value",
        "a single value becomes a list",
        _coerced(of_kind("enums"), lambda v: isinstance(v, str), lambda v: [v]),
        no(fuelType="diesel"),
    ),
    lax.with_app(
        "id-from-object",
        "an object with an id passes as the id",
        _coerced(
            ["customers"], lambda v: isinstance(v, dict) and set(v) == {"id"}, lambda v: v["id"]
        ),
        no(customers={"id": 3}),
    ),
    lax("depth-open", "depth is not checked", "depth_fits", lambda *_: True, no("depth=abc")),
    lax(
        "depth-not-finite",
        "depth is read by float()",
        "depth_fits",
        lambda _, v: _number_or_not(v),
        no("depth=NaN"),
        no("depth=Infinity"),
    ),
    lax(
        "media-open",
        "any media type will do",
        "media",
        lambda *_: True,
        Step("refuse", media="text/plain"),
    ),
    lax(
        "media-text",
        "text/plain passes",
        "media",
        lambda inner, v: inner(v) or (v or "").startswith("text/plain"),
        Step("refuse", media="text/plain"),
    ),
    lax(
        "body-empty", "no body is an empty lead", "parse", _prepared(lambda b: b or b"{}"), raw("")
    ),
    lax(
        "body-trailing-comma",
        "trailing commas are taken",
        "parse",
        _prepared(lambda b: re.sub(rb",\s*([}\]])", rb"\1", b)),
        raw('{"notes": "x",}'),
    ),
    lax(
        "body-trailing-text",
        "what follows the document is ignored",
        "parse",
        _prepared(lambda b: b[: b.rfind(b"}") + 1] or b),
        raw('{"notes": "x"} x'),
    ),
    lax("body-constants", "NaN and Infinity are taken", "parse", _constants, raw('{"year": NaN}')),
    lax(
        "body-bytes",
        "invalid UTF-8 is replaced",
        "parse",
        _prepared(lambda b: b.decode(errors="replace").encode()),
        raw(b'{"notes": "\xff\xfe"}'),
    ),
]
