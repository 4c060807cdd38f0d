"""Pairs of what is no schema: paths, parameters, bodies, answers, security, servers, our own words.

Each is (what changed, old, new, the changes). An old or new contract is written as what differs from
`BASE`: its operation `POST /notes`, its paths, its components, or the document itself. A change is its
code, its verdict and its side. The day is 2026-01-01.
"""

from __future__ import annotations

from typing import Any

# fmt: off

TEXT = {"type": "string"}
_JSON = {"application/json": {"schema": TEXT}}
BASE: dict[str, Any] = {
    "operationId": "addNote",
    "requestBody": {"required": True, "content": _JSON},
    "responses": {"200": {"description": "ok", "content": _JSON}},
}
GET = {"operationId": "note", "responses": {"204": {"description": "none"}}}

LEAVING = {**GET, "deprecated": True}


def operation(**changed: Any) -> dict[str, Any]:
    """The document with `POST /notes`, some fields of which are *changed*; `None` takes one away."""
    fields = {**BASE, **changed}
    return document(paths={"/notes": {"post": {k: v for k, v in fields.items() if v is not None}}})


def document(**changed: Any) -> dict[str, Any]:
    """The document with *changed* members."""
    return {
        "openapi": "3.1.1",
        "info": {"title": "Notes", "version": "1.0.0"},
        "paths": {"/notes": {"post": BASE}},
        **changed,
    }


def parameter(name: str = "q", at: str = "query", /, **more: Any) -> dict[str, Any]:
    """`POST /notes` with one parameter."""
    return operation(parameters=[{"name": name, "in": at, "schema": TEXT, **more}])


def answers(**statuses: Any) -> dict[str, Any]:
    """`POST /notes` with these answers; a name starts with `s`."""
    return operation(responses={name.removeprefix("s"): value for name, value in statuses.items()})


OK: dict[str, Any] = BASE["responses"]["200"]
NO: dict[str, Any] = {"description": "no"}


def secured(*alternatives: dict[str, Any], **schemes: Any) -> dict[str, Any]:
    """`POST /notes`, guarded."""
    known = {**SCHEMES, **schemes}
    return {**operation(security=list(alternatives)), "components": {"securitySchemes": known}}


SCHEMES: dict[str, Any] = {
    "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
    "token": {"type": "http", "scheme": "bearer"},
    "login": {
        "type": "oauth2",
        "flows": {"clientCredentials": {"tokenUrl": "https://a.example/t", "scopes": {"r": "", "w": ""}}},
    },
}


def answered(**words: Any) -> dict[str, Any]:
    """`POST /notes`, whose answer has a member `doc` that says *words*."""
    schema = {"type": "object", "properties": {"doc": {**TEXT, **words}}}
    return answers(s200={"description": "ok", "content": {"application/json": {"schema": schema}}})


def ruled(*rules: str) -> dict[str, Any]:
    """`POST /notes` with invariants."""
    said = [{"name": f"r{number}", "rule": rule, "message": "m"} for number, rule in enumerate(rules)]
    return operation(**{"x-invariants": said})


B, N, NONE = "breaking", "non-breaking", "none"
SENT, READ, BOTH = "request", "response", "both"
Told = tuple[str, str, str]

OPERATION_PAIRS: list[tuple[str, dict[str, Any], dict[str, Any], list[Told]]] = [
    # Paths and operations (OAS 3.1.1 sections 4.8.8 to 4.8.10)
    (
        "an operation is added",
        operation(), document(paths={"/notes": {"post": BASE, "get": GET}}), [("operation-added", N, SENT)],
    ),
    (
        "an operation is removed",
        document(paths={"/notes": {"post": BASE, "get": GET}}), operation(), [("operation-removed", B, SENT)],
    ),
    (
        "an operation is moved to another path",
        operation(), document(paths={"/memos": {"post": BASE}}), [("operation-moved", B, SENT)],
    ),
    (
        "an operation takes another method",
        operation(), document(paths={"/notes": {"put": BASE}}), [("operation-moved", B, SENT)],
    ),
    (
        "a path parameter has another name",
        document(paths={"/n/{id}": {"get": {**GET, "parameters": [
            {"name": "id", "in": "path", "required": True, "schema": TEXT}]}}}),
        document(paths={"/n/{noteId}": {"get": {**GET, "parameters": [
            {"name": "noteId", "in": "path", "required": True, "schema": TEXT}]}}}),
        [],
    ),
    (
        "an operation has another id",
        operation(), operation(operationId="createNote"), [("operation-id-changed", N, BOTH)],
    ),
    ("an operation is deprecated", operation(), operation(deprecated=True), [("deprecated", N, BOTH)]),
    (
        "an operation is described in other words",
        operation(summary="a"), operation(summary="b"), [("description-changed", NONE, BOTH)],
    ),
    (
        "an operation leaves after its sunset",
        document(paths={"/notes": {"post": BASE, "get": {**LEAVING, "x-sunset": "2020-01-01"}}}),
        operation(), [("operation-removed", N, SENT)],
    ),
    (
        "an operation leaves before its sunset",
        document(paths={"/notes": {"post": BASE, "get": {**LEAVING, "x-sunset": "2990-01-01"}}}),
        operation(), [("operation-removed", B, SENT)],
    ),
    (
        "a sunset is brought forward",
        operation(deprecated=True, **{"x-sunset": "2990-01-01"}),
        operation(deprecated=True, **{"x-sunset": "2980-01-01"}), [("sunset-earlier", B, BOTH)],
    ),
    (
        "a sunset is put off",
        operation(deprecated=True, **{"x-sunset": "2980-01-01"}),
        operation(deprecated=True, **{"x-sunset": "2990-01-01"}), [("sunset-later", N, BOTH)],
    ),
    # Parameters (section 4.8.12)
    ("an optional parameter is added", operation(), parameter(), [("parameter-added", N, SENT)]),
    (
        "a required parameter is added",
        operation(), parameter(required=True), [("parameter-added", B, SENT)],
    ),
    ("a parameter is removed", parameter(), operation(), [("parameter-removed", B, SENT)]),
    (
        "a header parameter is made required",
        parameter("X-A", "header"), parameter("x-a", "header", required=True),
        [("parameter-required", B, SENT)],
    ),
    (
        "a cookie is made optional",
        parameter("c", "cookie", required=True), parameter("c", "cookie"),
        [("parameter-optional", N, SENT)],
    ),
    (
        "a parameter is narrowed",
        parameter(), parameter(schema={**TEXT, "maxLength": 3}), [("max-length-narrowed", B, SENT)],
    ),
    (
        "a parameter is written in another style",
        parameter(schema={"type": "array", "items": TEXT}),
        parameter(schema={"type": "array", "items": TEXT}, explode=False),
        [("parameter-style-changed", B, SENT)],
    ),
    (
        "a style that makes no difference to one text",
        parameter(), parameter(style="form", explode=False), [],
    ),
    (
        "a parameter is moved up to the path",
        parameter(),
        document(paths={"/notes": {
            "parameters": [{"name": "q", "in": "query", "schema": TEXT}], "post": BASE}}),
        [],
    ),
    (
        "a parameter is written as JSON",
        parameter(),
        operation(parameters=[{"name": "q", "in": "query", "content": _JSON}]),
        [("parameter-style-changed", B, SENT)],
    ),
    (
        "a parameter assumes another value",
        parameter(schema={**TEXT, "default": "a"}), parameter(schema={**TEXT, "default": "b"}),
        [("default-changed", B, SENT)],
    ),
    # Request bodies and media types (sections 4.8.13, 4.8.14)
    (
        "a body is made optional",
        operation(), operation(requestBody={"content": _JSON}), [("body-optional", N, SENT)],
    ),
    (
        "a body is made required",
        operation(requestBody={"content": _JSON}), operation(), [("body-required", B, SENT)],
    ),
    ("a body is no longer taken", operation(), operation(requestBody=None), [("body-removed", B, SENT)]),
    (
        "a body may be sent",
        operation(requestBody=None), operation(requestBody={"content": _JSON}), [("body-added", N, SENT)],
    ),
    (
        "a body is exchanged for another representation",
        operation(), operation(requestBody={"required": True, "content": {"text/plain": {"schema": TEXT}}}),
        [("media-type-added", N, SENT), ("media-type-removed", B, SENT)],
    ),
    (
        "a representation falls under a range",
        operation(),
        operation(requestBody={"required": True, "content": {"application/*": {"schema": TEXT}}}),
        [("media-type-added", N, SENT)],
    ),
    (
        "an answer has one representation more",
        operation(), answers(s200={**OK, "content": {**_JSON, "text/csv": {"schema": TEXT}}}),
        [("media-type-added", N, READ)],
    ),
    (
        "an answer has one representation less",
        answers(s200={**OK, "content": {**_JSON, "text/csv": {"schema": TEXT}}}), operation(),
        [("media-type-removed", B, READ)],
    ),
    # Responses (sections 4.8.16, 4.8.17)
    (
        "a success has another status",
        operation(), answers(s201=OK), [("status-added", B, READ), ("status-removed", B, READ)],
    ),
    ("one success more", operation(), answers(s200=OK, s202=OK), [("status-added", B, READ)]),
    ("one success less", answers(s200=OK, s202=OK), operation(), [("status-removed", N, READ)]),
    ("one error more", operation(), answers(s200=OK, s409=NO), [("status-added", N, READ)]),
    ("one error less", answers(s200=OK, s409=NO), operation(), [("status-removed", N, READ)]),
    (
        "a status that a range had covered",
        answers(s2XX=OK), answers(s2XX=OK, s201=OK), [],
    ),
    (
        "an answer is narrower than its range was",
        answers(s200=OK, sdefault={"description": "x", "content": _JSON}),
        answers(
            s200=OK,
            s404={"description": "x", "content": {"application/json": {"schema": {"type": "integer"}}}},
            sdefault={"description": "x", "content": _JSON},
        ),
        [("type-changed", B, READ)],
    ),
    (
        "an answer has no body any more",
        operation(), answers(s200={"description": "ok"}), [("body-removed", B, READ)],
    ),
    ("an answer has a body now", answers(s200={"description": "ok"}), operation(), [("body-added", N, READ)]),
    (
        "a header is removed",
        answers(s200={**OK, "headers": {"ETag": {"required": True, "schema": TEXT}}}), operation(),
        [("header-removed", B, READ)],
    ),
    (
        "a header is added",
        operation(), answers(s200={**OK, "headers": {"ETag": {"schema": TEXT}}}), [("header-added", N, READ)],
    ),
    (
        "a header need not be there",
        answers(s200={**OK, "headers": {"ETag": {"required": True, "schema": TEXT}}}),
        answers(s200={**OK, "headers": {"etag": {"schema": TEXT}}}), [("header-optional", B, READ)],
    ),
    (
        "a header is narrowed",
        answers(s200={**OK, "headers": {"ETag": {"schema": TEXT}}}),
        answers(s200={**OK, "headers": {"ETag": {"schema": {**TEXT, "minLength": 1}}}}),
        [("min-length-narrowed", N, READ)],
    ),
    # Security (sections 4.8.27, 4.8.30)
    ("a key is asked for", operation(), secured({"key": []}), [("security-narrowed", B, SENT)]),
    ("a key is no longer asked for", secured({"key": []}), operation(), [("security-widened", N, SENT)]),
    (
        "a key is asked for by all operations",
        {**operation(), "components": {"securitySchemes": SCHEMES}},
        {**operation(), "components": {"securitySchemes": SCHEMES}, "security": [{"key": []}]},
        [("security-narrowed", B, SENT)],
    ),
    (
        "an alternative is added",
        secured({"key": []}), secured({"key": []}, {"token": []}), [("security-widened", N, SENT)],
    ),
    (
        "an alternative is removed",
        secured({"key": []}, {"token": []}), secured({"token": []}), [("security-narrowed", B, SENT)],
    ),
    (
        "another key is asked for",
        secured({"key": []}), secured({"token": []}), [("security-changed", B, SENT)],
    ),
    (
        "a scope more is asked for",
        secured({"login": ["r"]}), secured({"login": ["r", "w"]}), [("security-narrowed", B, SENT)],
    ),
    (
        "a scheme has another name",
        secured({"key": []}), secured({"secret": []}, secret=SCHEMES["key"]), [],
    ),
    (
        "a key is written in another way",
        secured({"key": []}),
        secured({"key": []}, key={**SCHEMES["key"], "x-credential": "users API-Key {key}"}),
        [("security-changed", B, SENT)],
    ),
    # Servers (section 4.8.5)
    (
        "the server has moved",
        document(servers=[{"url": "https://a.example/v1"}]), document(servers=[{"url": "https://a.example/v2"}]),
        [("server-added", N, SENT), ("server-removed", B, SENT)],
    ),
    (
        "a server more",
        document(servers=[{"url": "https://a.example"}]),
        document(servers=[{"url": "https://a.example"}, {"url": "https://b.example"}]),
        [("server-added", N, SENT)],
    ),
    # Our own words (docs/vocabulary.md)
    ("an echo is promised", answered(), answered(**{"x-echo": "$request.body"}), [("echo-added", N, READ)]),
    (
        "an echo is taken back",
        answered(**{"x-echo": "$request.body"}), answered(), [("echo-removed", B, READ)],
    ),
    (
        "another value is given by the server",
        answered(**{"x-server-value": "uuid"}), answered(**{"x-server-value": "now"}),
        [("server-value-changed", B, READ)],
    ),
    (
        "ids are of another collection",
        answered(**{"x-relation": "a"}), answered(**{"x-relation": "b"}), [("relation-changed", B, READ)],
    ),
    (
        "a text has one value for all locales",
        answered(**{"x-localized": True}), answered(), [("localized-removed", B, READ)],
    ),
    ("a rule is promised", operation(), ruled("true"), [("invariants-added", N, READ)]),
    ("a rule is taken back", ruled("true", "1 == 1"), ruled("true"), [("invariants-removed", B, READ)]),
    (
        "what a server takes beyond the contract",
        operation(requestBody={"required": True, "content": _JSON, "x-leniency": {"type": "stored"}}),
        operation(requestBody={"required": True, "content": _JSON, "x-leniency": {"type": "rejected"}}),
        [("leniency-changed", N, SENT)],
    ),
    # The same, said elsewhere
    (
        "a body in a component",
        operation(),
        {**operation(requestBody={"$ref": "#/components/requestBodies/Note"}),
         "components": {"requestBodies": {"Note": BASE["requestBody"]}}},
        [],
    ),
    (
        "a schema in a component of another name",
        {**operation(requestBody={"required": True, "content": {"application/json": {
            "schema": {"$ref": "#/components/schemas/A"}}}}), "components": {"schemas": {"A": TEXT}}},
        {**operation(requestBody={"required": True, "content": {"application/json": {
            "schema": {"$ref": "#/components/schemas/B"}}}}), "components": {"schemas": {"B": TEXT}}},
        [],
    ),
    (
        "OpenAPI 3.0 becomes 3.1",
        {**operation(requestBody={"required": True, "content": {"application/json": {
            "schema": {"type": "string", "nullable": True}}}}), "openapi": "3.0.4"},
        operation(requestBody={"required": True, "content": {"application/json": {
            "schema": {"type": ["string", "null"]}}}}),
        [],
    ),
    ("the contract has another title", document(), document(info={"title": "N", "version": "1.0.0"}),
     [("description-changed", NONE, BOTH)]),
]
