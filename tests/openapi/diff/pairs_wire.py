"""Pairs of what is on the wire beside the schemas: styles, statuses, links, parts of bodies.

They are written as those of `pairs_operations`.
"""

from __future__ import annotations

from typing import Any

from tests.openapi.diff.pairs_hooks import DONE, headed
from tests.openapi.diff.pairs_operations import (
    BOTH,
    NO,
    NONE,
    OK,
    READ,
    SENT,
    TEXT,
    B,
    N,
    Told,
    answers,
    document,
    operation,
    parameter,
)

# fmt: off

LIST = {"type": "array", "items": TEXT}
OBJECT = {"type": "object", "properties": {"p": TEXT}}
NUMBER = {"type": "integer"}


def item(name: str = "id", /, **more: Any) -> dict[str, Any]:
    """`GET /n/{id}`."""
    told = {"name": name, "in": "path", "required": True, "schema": TEXT, **more}
    return document(paths={f"/n/{{{name}}}": {"get": {"parameters": [told], "responses": {"204": DONE}}}})


def newer(contract: dict[str, Any]) -> dict[str, Any]:
    """*contract* as OpenAPI 3.2."""
    return {**contract, "openapi": "3.2.0"}


def query(name: str) -> dict[str, Any]:
    """The whole query as one parameter."""
    content = {"application/x-www-form-urlencoded": {"schema": OBJECT}}
    return newer(operation(parameters=[{"name": name, "in": "querystring", "content": content}]))


def referring(**said: Any) -> dict[str, Any]:
    """A parameter by reference."""
    return {
        **operation(parameters=[{"$ref": "#/components/parameters/P", **said}]),
        "components": {"parameters": {"P": {"name": "q", "in": "query", "schema": TEXT, "description": "P"}}},
    }


STYLE_PAIRS: list[tuple[str, dict[str, Any], dict[str, Any], list[Told]]] = [
    # Styles (section 4.8.12.6)
    ("a path writes `;id=5`", item(), item(style="matrix"), [("parameter-style-changed", B, SENT)]),
    ("a path writes `.5`", item(), item(style="label"), [("parameter-style-changed", B, SENT)]),
    (
        "a name that is on the wire changes",
        item(style="matrix"), item("key", style="matrix"), [("parameter-style-changed", B, SENT)],
    ),
    ("a name that is not on the wire changes", item(style="label"), item("key", style="label"), []),
    (
        "an object of which only members are on the wire has another name",
        parameter(schema=OBJECT), parameter("r", schema=OBJECT), [],
    ),
    (
        "an object of which only members are on the wire becomes one of which the name is",
        parameter(schema=OBJECT), parameter("r", schema=OBJECT, style="deepObject"),
        [("parameter-added", N, SENT), ("parameter-removed", B, SENT)],
    ),
    (
        "one text explodes to itself",
        item(style="matrix"), item(style="matrix", explode=True), [],
    ),
    (
        "an object in a path explodes to its members",
        item(schema=OBJECT), item(schema=OBJECT, explode=True), [("parameter-style-changed", B, SENT)],
    ),
    (
        "a list in a header explodes to itself",
        parameter("X-A", "header", schema=LIST), parameter("X-A", "header", schema=LIST, explode=True), [],
    ),
    (
        "a cookie is no longer percent-encoded",
        newer(parameter("c", "cookie")), newer(parameter("c", "cookie", style="cookie")),
        [("parameter-style-changed", B, SENT)],
    ),
    (
        "a list that had been a text is told as that alone",
        parameter(), parameter(schema=LIST), [("type-changed", N, SENT)],
    ),
    (
        "reserved characters have to be encoded",
        parameter(allowReserved=True), parameter(), [("parameter-reserved-refused", B, SENT)],
    ),
    (
        "reserved characters may be sent as they are",
        parameter(), parameter(allowReserved=True), [("parameter-reserved-allowed", N, SENT)],
    ),
    (
        "a parameter may be empty",
        parameter(), parameter(allowEmptyValue=True), [("parameter-empty-allowed", N, SENT)],
    ),
    (
        "a parameter may not be empty",
        parameter(allowEmptyValue=True), parameter(), [("parameter-empty-refused", B, SENT)],
    ),
    ("the whole query has another name", query("q"), query("r"), []),
    (
        "a reference describes its parameter in other words",
        referring(description="a"), referring(description="b"), [("description-changed", NONE, BOTH)],
    ),
    (
        "a reference of OpenAPI 3.0 describes nothing",
        {**referring(description="a"), "openapi": "3.0.4"},
        {**referring(description="b"), "openapi": "3.0.4"}, [],
    ),
    (
        "a required parameter has another default, which nobody uses",
        parameter(required=True, schema={**TEXT, "default": "a"}),
        parameter(required=True, schema={**TEXT, "default": "b"}), [("default-changed", N, SENT)],
    ),
    (
        "a default is written otherwise",
        parameter(schema={"default": {"p": 1, "q": 2}}), parameter(schema={"default": {"q": 2.0, "p": 1.0}}),
        [],
    ),
    # Headers of answers (section 4.8.21)
    (
        "an object in a header of an answer explodes",
        answers(s200=headed(schema=OBJECT)), answers(s200=headed(schema=OBJECT, explode=True)),
        [("header-style-changed", B, READ)],
    ),
    (
        "a header of an answer is JSON text",
        answers(s200=headed(schema=OBJECT)),
        answers(s200={**DONE, "headers": {"X-A": {"content": {"application/json": {"schema": OBJECT}}}}}),
        [("header-style-changed", B, READ)],
    ),
    (
        "a list in a header of an answer explodes to itself",
        answers(s200=headed(schema=LIST)), answers(s200=headed(schema=LIST, explode=True)), [],
    ),
    # Ranges of statuses (section 4.8.16)
    ("one status of a range is left", answers(s2XX=OK), answers(s200=OK), [("status-removed", N, READ)]),
    (
        "two statuses of a range are left",
        answers(s2XX=OK), answers(s200=OK, s201=OK), [("status-removed", N, READ)],
    ),
    ("a status becomes its range", answers(s200=OK), answers(s2XX=OK), [("status-added", B, READ)]),
    (
        "no success is left of what could be all",
        answers(sdefault=OK), answers(s4XX=OK), [("status-removed", B, READ)],
    ),
    (
        "a success is left of what could be all",
        answers(sdefault=OK), answers(s200=OK), [("status-removed", N, READ)],
    ),
    (
        "what could be all errors goes",
        answers(s200=OK, sdefault=NO), answers(s200=OK), [("status-removed", N, READ)],
    ),
    ("a success becomes whatever", answers(s200=OK), answers(sdefault=OK), [("status-added", B, READ)]),
    # Links (section 4.8.20)
    (
        "a link leads elsewhere",
        answers(s200={**OK, "links": {"next": {"operationId": "addNote"}}}),
        answers(s200={**OK, "links": {"next": {"operationId": "addNote", "parameters": {"q": "1"}}}}),
        [("link-changed", N, READ)],
    ),
    (
        "a link goes",
        answers(s200={**OK, "links": {"next": {"operationId": "addNote"}}}), answers(s200=OK),
        [("link-removed", N, READ)],
    ),
    (
        "a link is described in other words",
        answers(s200={**OK, "links": {"next": {"operationId": "addNote"}}}),
        answers(s200={**OK, "links": {"next": {"operationId": "addNote", "description": "on"}}}),
        [("description-changed", NONE, BOTH)],
    ),
]


def coded(encoding: Any, schema: Any = TEXT, kind: str = "multipart/form-data") -> dict[str, Any]:
    """What carries a part `a` that is encoded so."""
    media: dict[str, Any] = {"schema": {"type": "object", "properties": {"a": schema}}}
    if encoding is not None:
        media["encoding"] = {"a": encoding}
    return {"content": {kind: media}}


def parts(encoding: Any = None, schema: Any = TEXT, **more: str) -> dict[str, Any]:
    """`POST /notes` with a body whose part `a` is encoded so."""
    return operation(requestBody=coded(encoding, schema, **more))


def listed(**more: Any) -> dict[str, Any]:
    """A body of parts by position."""
    return newer(operation(requestBody={"content": {"multipart/mixed": {"schema": LIST, **more}}}))


PNG, JPEG = {"contentType": "image/png"}, {"contentType": "image/jpeg"}
BOTH_IMAGES = {"contentType": "image/png, image/jpeg"}

PART_PAIRS: list[tuple[str, dict[str, Any], dict[str, Any], list[Told]]] = [
    # Encoding (sections 4.8.14, 4.8.15; OAS 3.2.0 sections 4.14, 4.15)
    ("a part of another type", parts(PNG), parts(JPEG), [("encoding-changed", B, SENT)]),
    ("a part of one type more", parts(PNG), parts(BOTH_IMAGES), [("encoding-widened", N, SENT)]),
    (
        "a part of any such type",
        parts(PNG), parts({"contentType": "image/*"}), [("encoding-widened", N, SENT)],
    ),
    ("a part of one type less", parts(BOTH_IMAGES), parts(PNG), [("encoding-narrowed", B, SENT)]),
    (
        "a part that is read, of one type more",
        answers(s200={**DONE, **coded(PNG)}), answers(s200={**DONE, **coded(BOTH_IMAGES)}),
        [("encoding-widened", B, READ)],
    ),
    ("the usual type of a text", parts(), parts({"contentType": "text/plain"}), []),
    ("the usual type of a number", parts(schema=NUMBER), parts({"contentType": "text/plain"}, NUMBER), []),
    (
        "the usual type of an object",
        parts(schema=OBJECT), parts({"contentType": "application/json"}, OBJECT), [],
    ),
    (
        "the usual type of a list",
        parts(schema=LIST), parts({"contentType": "text/plain"}, LIST), [],
    ),
    (
        "the usual type of anything",
        parts(schema={}), parts({"contentType": "application/octet-stream"}, {}), [],
    ),
    ("an encoding that says nothing", parts(), parts({}), []),
    (
        "an encoding where there are no parts",
        parts(PNG, kind="application/json"), parts(JPEG, kind="application/json"), [],
    ),
    (
        "a part has to have a header",
        parts({"headers": {"X-A": {"schema": TEXT}}}),
        parts({"headers": {"X-A": {"schema": TEXT, "required": True}}}), [("header-required", B, SENT)],
    ),
    (
        "a part may have a header",
        parts(), parts({"headers": {"X-A": {"schema": TEXT}}}), [("header-added", N, SENT)],
    ),
    (
        "a part is written in another style",
        parts({"style": "form"}, LIST), parts({"style": "pipeDelimited"}, LIST),
        [("encoding-changed", B, SENT)],
    ),
    (
        "the first part is of another type",
        listed(prefixEncoding=[PNG]), listed(prefixEncoding=[JPEG]), [("encoding-changed", B, SENT)],
    ),
    (
        "each part is of another type",
        listed(itemEncoding=PNG), listed(itemEncoding=JPEG), [("encoding-changed", B, SENT)],
    ),
    (
        "the first part is said by itself",
        listed(itemEncoding=PNG), listed(itemEncoding=PNG, prefixEncoding=[PNG]), [],
    ),
]
