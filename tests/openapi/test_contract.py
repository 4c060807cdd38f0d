"""From a document to operations: what is read, and what is recorded as unsupported."""

from __future__ import annotations

import pytest
from tests.openapi.conftest import Load, Refuse

SPEC = """\
openapi: 3.2.0
info: {{title: T, version: '1'}}
servers: [{{url: 'https://example.com/v1'}}]
{top}
paths:
  /a/{{id}}:
    {item}
    post:
      parameters: [{{name: id, in: path, required: true, schema: {{type: string}}}}, {parameter}]
      {operation}
      responses: {{'200': {{description: ok}}}}
components:
  securitySchemes:
    tls: {{type: mutualTLS}}
    digest: {{type: http, scheme: digest}}
    oauth: {{type: oauth2, flows: {{}}}}
    basic: {{type: http, scheme: BASIC}}
    query: {{type: apiKey, in: query, name: k, x-credential: 'k-{{key}}'}}
"""
QUERY = "{name: q, in: query, schema: {type: string}}"


def spec(*, parameter: str = QUERY, operation: str = "", item: str = "", top: str = "") -> str:
    """A document with one operation."""
    return SPEC.format(parameter=parameter, operation=operation, item=item, top=top)


def body(content: str) -> str:
    """A request body of *content*."""
    return f"requestBody: {{content: {{{content}}}}}"


UNSUPPORTED = {
    "matrix": (
        {"parameter": "{name: m, in: path, required: true, style: matrix, schema: {}}"},
        "the style `matrix` of the parameter `m` is not supported",
    ),
    "content that is no JSON": (
        {"parameter": "{name: q, in: query, content: {text/plain: {schema: {}}}}"},
        "the parameter `q` is sent as `text/plain`",
    ),
    "content without a schema": (
        {"parameter": "{name: q, in: query, content: {application/json: {}}}"},
        "the parameter `q` has no schema",
    ),
    "form": (
        {"operation": body("application/x-www-form-urlencoded: {schema: {type: object}}")},
        "a request body of `application/x-www-form-urlencoded` is not supported",
    ),
    "XML": (
        {"operation": body("application/xml: {schema: {type: object}}")},
        "a request body of `application/xml` is not supported",
    ),
    "limited text": (
        {"operation": body("text/plain: {schema: {type: string, maxLength: 3}}")},
        "a request body of `text/plain` is not supported",
    ),
    "mutual TLS": (
        {"operation": "security: [{tls: []}]"},
        "the security scheme `tls` is of a kind that carries no key",
    ),
    "digest": (
        {"top": "security: [{digest: []}]"},
        "the security scheme `digest` is of a kind that carries no key",
    ),
    "server of its own": (
        {"operation": "servers: [{url: /v2}]"},
        "it has a server of its own, under another path",
    ),
    "server of the path": (
        {"item": "servers: [{url: /v2}]"},
        "it has a server of its own, under another path",
    ),
}


@pytest.mark.parametrize(("parts", "reason"), UNSUPPORTED.values(), ids=list(UNSUPPORTED))
def test_unsupported(load_text: Load, parts: dict[str, str], reason: str) -> None:
    """What Leadline would have to guess at is said of the operation, and does not hide it."""
    if parts.get("parameter", "").startswith("{name: m"):
        text = spec(**parts).replace("/a/{id}:", "/a/{id}/{m}:")
    else:
        text = spec(**parts)
    (operation,) = load_text(text).operations

    assert operation.unsupported == reason
    assert operation.label.startswith("POST /a/{id}")


SUPPORTED = {
    "bytes": {
        "operation": body("application/octet-stream: {schema: {type: string, format: binary}}")
    },
    "anything": {"operation": body("text/plain: {schema: true}")},
    "no schema": {"operation": body("'*/*': {}")},
    "the same server elsewhere": {"operation": "servers: [{url: 'https://other.example/v1/'}]"},
    "empty requirement": {"operation": "security: []"},
}


@pytest.mark.parametrize("parts", SUPPORTED.values(), ids=list(SUPPORTED))
def test_supported(load_text: Load, parts: dict[str, str]) -> None:
    """What asks for nothing beyond bytes is no obstacle."""
    (operation,) = load_text(spec(**parts)).operations

    assert operation.unsupported == ""


def test_what_can_be_read_of_an_unsupported_operation_is_there(load_text: Load) -> None:
    """The first reason is told; each part is built that does not need to be guessed at."""
    text = spec(
        item="servers: [{url: /v2}]",
        parameter="{name: m, in: query, content: {text/plain: {}}}",
        operation=body("application/json: {schema: {type: object}}, image/png: {schema: false}"),
        top="security: [{basic: []}]",
    )
    (operation,) = load_text(text).operations

    assert operation.unsupported == "it has a server of its own, under another path"
    assert operation.unread == {
        "/paths/~1a~1{id}/post/parameters/1": "the parameter `m` is sent as `text/plain`"
    }
    assert [one.name for one in operation.parameters] == ["id"]
    assert operation.body is not None
    assert [one.name for one in operation.body.content] == ["application/json", "image/png"]
    assert [one.status for one in operation.answers] == ["200"]
    assert operation.needs_key


def test_examples_of_an_unsupported_operation_are_nobodys_answers(load_text: Load) -> None:
    """No mock has to choose between the example and its schema."""
    example = "application/json: {schema: {type: string}, example: 7}"
    text = spec(operation=body(f"{example}, image/png: {{schema: false}}"))

    assert load_text(text).operations[0].unsupported


@pytest.mark.parametrize(
    ("scheme", "credential"),
    [
        ("oauth", ("header", "Authorization", "Bearer k")),
        ("basic", ("header", "Authorization", "Basic k")),
        ("query", ("query", "k", "k-k")),
    ],
)
def test_credentials(load_text: Load, scheme: str, credential: tuple[str, str, str]) -> None:
    """A security scheme says where a key goes and how it is written."""
    (operation,) = load_text(spec(operation=f"security: [{{{scheme}: []}}]")).operations
    found = operation.security[0][0]

    assert (found.location, found.parameter, found.credential("k")) == credential
    assert operation.needs_key


def test_parameters_of_the_operation_override_those_of_the_path(load_text: Load) -> None:
    """The more specific description counts, and headers that OpenAPI ignores are ignored."""
    text = spec(
        item="parameters: [{name: q, in: query, required: true, schema: {type: integer}},"
        " {name: Accept, in: header, schema: {}}, {name: q, in: header, schema: {}}]"
    )
    (operation,) = load_text(text).operations

    found = [(one.location, one.name, one.required) for one in operation.parameters]

    assert found == [("query", "q", False), ("header", "q", False), ("path", "id", True)]


def test_the_most_specific_media_type_counts(load_text: Load) -> None:
    """An exact media type comes before a range, and a range before `*/*`."""
    text = spec(operation=body("'*/*': {}, 'text/*': {}, text/plain: {}"))
    (operation,) = load_text(text).operations
    assert operation.body

    named = [operation.body.for_type(name) for name in ("text/plain", "text/html", "a/b")]

    assert [media.name if media else "" for media in named] == ["text/plain", "text/*", "*/*"]


@pytest.mark.parametrize(
    ("servers", "base"),
    [
        ("", ""),
        ("servers: []", ""),
        ("servers: [{url: /}]", ""),
        ("servers: [{url: 'https://a.example'}]", ""),
        ("servers: [{url: 'https://a.example/x/y/?z'}]", "/x/y"),
        (
            "servers: [{url: '{s}://a/{b}', variables: {s: {default: http}, b: {default: v1}}}]",
            "/v1",
        ),
    ],
)
def test_base_path(load_text: Load, servers: str, base: str) -> None:
    """The base path is that of the first server, variables filled in, without a final slash."""
    head = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\n"

    assert load_text(head + servers).base_path == base


def test_the_digest_is_of_what_is_said(load_text: Load) -> None:
    """Layout and order do not change the digest of a contract; an overlay does."""
    one = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\n"
    other = "paths:   {}\ninfo: {version: '1', title: T} # same\nopenapi: 3.1.0\n"
    overlay = "overlay: 1.0.0\nactions: [{target: $.info, update: {title: U}}]"

    digests = {load_text(one).digest, load_text(other).digest}

    assert len(digests) == 1
    assert load_text(one, overlays=[overlay]).digest not in digests


def test_violation_words_stand_on_texts(refuse: Refuse) -> None:
    """`x-violation` fills in text, so that it cannot stand on a number."""
    schema = "{properties: {code: {type: integer, x-violation: '{message}'}}}"
    text = spec().replace(
        "'200': {description: ok}",
        f"'400': {{description: bad, content: {{application/json: {{schema: {schema}}}}}}}",
    )

    assert "`x-violation` is misplaced: this property is no text" in str(refuse(text))


@pytest.mark.parametrize("wrong", [0, 350, 699])
def test_a_contradiction_among_many_schemas(refuse: Refuse, wrong: int) -> None:
    """It is found wherever it stands, and no other is accused."""
    names = [
        f"    S{n}: {{type: object, required: [a], properties: {{a: {{type: string}}}}}}"
        for n in range(700)
    ]
    names[wrong] = f"    S{wrong}: {{type: string, minLength: 2, maxLength: 1}}"
    text = "\n".join(
        ["openapi: 3.1.0", "info: {title: T, version: '1'}", "components:", "  schemas:", *names]
    )

    refused = refuse(text)
    assert (refused.place.pointer, refused.problem) == (
        f"/components/schemas/S{wrong}",
        "no value can satisfy this schema",
    )
