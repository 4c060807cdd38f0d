"""
`openapi/leads.yaml` says what the vendor's page says.

The page itself is read by the tests, so that neither the contract nor its loader is its own witness.
What the contract has beyond the page is listed in `BEYOND_THE_PAGE` and `FROM_PUBLISHED_TYPES`,
and held to that list.
"""

import json
import re

import pytest
from tests.openapi.page import (
    BEYOND_THE_PAGE,
    CONTRACT,
    FROM_PUBLISHED_TYPES,
    PAGE,
    PUBLISHED,
    SCHEMAS,
    Node,
    alternatives,
    enum_of,
    expected_types,
    found,
    is_relation,
    json_type,
    keywords,
    operation,
    page_answer,
    page_body,
    page_headers,
    properties,
    resolved,
    section,
    targets,
    types,
    validator,
    value_schema,
)

# --- The operation ------------------------------------------------------------------------------


def test_operation_is_the_one_of_the_page() -> None:
    """Server, path and method are the page's, and there is no other operation."""
    method, path = re.findall(r"--request (\w+)", PAGE)[0], "/" + PAGE.splitlines()[2]

    assert list(CONTRACT["paths"]) == [path]
    assert list(CONTRACT["paths"][path]) == [method.lower()]
    assert [f"{server['url']}{path}" for server in CONTRACT["servers"]] == [found(r"--url (\S+)")]


def test_operation_has_nothing_beyond_the_page() -> None:
    """Apart from its name and explanation, the operation has only the parts that the page has."""
    parts = {"security", "parameters", "requestBody", "responses"}

    assert set(operation()) == parts | BEYOND_THE_PAGE["operation"]


def test_no_extension() -> None:
    """The contract has no extension keyword: these come with the overlays."""
    assert not {word for word in keywords(CONTRACT) if word.startswith("x-")}


def test_authorization_is_the_one_header() -> None:
    """The operation needs the one header that the page calls required."""
    name, kind, place, need = section("Authorizations")
    (scheme,) = CONTRACT["components"]["securitySchemes"].values()
    (scheme_name,) = CONTRACT["components"]["securitySchemes"]

    assert (kind, need) == ("string", "required")
    assert (scheme["type"], scheme["in"], scheme["name"]) == ("apiKey", place, name)
    assert operation()["security"] == [{scheme_name: []}]


def test_authorization_is_shown_as_in_the_curl() -> None:
    """The description of the scheme shows the header as the page's curl sends it."""
    (scheme,) = CONTRACT["components"]["securitySchemes"].values()

    assert f"Authorization: {page_headers()['Authorization']}" in scheme["description"]


def test_query_parameters() -> None:
    """Names, types and descriptions are the page's, in its order; no parameter is required."""
    lines = section("Query Parameters")
    expected = [
        {"name": name, "in": "query", "description": text, "schema": {"type": kind}}
        for name, kind, text in zip(lines[::3], lines[1::3], lines[2::3], strict=True)
    ]

    assert [resolved(parameter) for parameter in operation()["parameters"]] == expected


def test_request_body() -> None:
    """The body is required and has the media type of the page and of its curl."""
    body = operation()["requestBody"]

    assert list(body["content"]) == section("Body") == [page_headers()["Content-Type"]]
    assert body["required"] is True


def test_response() -> None:
    """The only documented answer is the page's, with its text and media type."""
    head, text, kind = section("Response")
    status, media_type = head.split(" - ")
    ((contract_status, response),) = operation()["responses"].items()

    assert (contract_status, response["description"]) == (status, text)
    assert list(response["content"]) == [media_type]
    assert kind == f"The response is of type {SCHEMAS['LeadConfirmation']['type']}."


def test_operation_uses_the_lead_schemas() -> None:
    """What the other tests say of the three schemas, they say of the operation."""
    sent = operation()["requestBody"]["content"]["application/json"]["schema"]
    answered = operation()["responses"]["200"]["content"]["application/json"]["schema"]

    assert resolved(sent) is SCHEMAS["LeadRequest"]
    assert resolved(answered) is SCHEMAS["LeadConfirmation"]
    assert resolved(properties("LeadConfirmation")["doc"]) is SCHEMAS["Lead"]


# --- The fields ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("schema", "shown"),
    [
        ("LeadRequest", page_body()),
        ("Lead", page_answer()["doc"]),
        ("LeadConfirmation", page_answer()),
    ],
    ids=["LeadRequest", "Lead", "LeadConfirmation"],
)
def test_names_in_order(schema: str, shown: Node) -> None:
    """Each schema has the members that the page shows, in the page's order."""
    assert list(properties(schema)) == list(shown)


def test_confirmation_is_complete() -> None:
    """The answer always has both of its members, and the message is text."""
    assert SCHEMAS["LeadConfirmation"]["required"] == list(page_answer())
    assert types(properties("LeadConfirmation")["message"]) == {json_type(page_answer()["message"])}


@pytest.mark.parametrize("name", page_body())
def test_type_sent(name: str) -> None:
    """A field takes the JSON type of its example; ids, shown as numbers, are integers."""
    example, schema = page_body()[name], properties("LeadRequest")[name]
    ids = ["integer"] if is_relation(name) else []

    if isinstance(example, list):
        assert types(schema) == {"array"}
        (example,) = example

    assert types(value_schema(schema)) == expected_types(example, *ids)


@pytest.mark.parametrize("name", page_answer()["doc"])
def test_type_answered(name: str) -> None:
    """A field answers with the JSON type of its example; ids may be populated to documents."""
    example, schema = page_answer()["doc"][name], properties("Lead")[name]
    populated = ["integer", "object"] if is_relation(name) else []

    if isinstance(example, list):
        assert types(schema) == {"array"}
        (example,) = example

    assert types(value_schema(schema)) == expected_types(example, *populated)


def test_closed_request_with_nothing_required() -> None:
    """The request is closed, which the page cannot say, and asks for no field."""
    schema = SCHEMAS["LeadRequest"]

    assert set(schema) - {"description", "type", "properties"} == BEYOND_THE_PAGE["request"]
    assert schema["additionalProperties"] is False


def test_open_answer_with_nothing_required() -> None:
    """The lead that is answered may have further members, and none is promised."""
    assert set(SCHEMAS["Lead"]) == {"description", "type", "properties"}


@pytest.mark.parametrize("schema", ["LeadRequest", "Lead"])
def test_no_constraint_that_the_page_does_not_show(schema: str) -> None:
    """A field has a type and a text, and no format, pattern, default or limit."""
    shown = {"description", "type", "items", "$ref", "anyOf"}

    assert keywords(list(properties(schema).values())) == shown - (
        {"anyOf"} if schema == "LeadRequest" else set()
    )


def test_every_field_is_explained_once() -> None:
    """Each field has a one-line description, the same where it is sent and where answered."""
    sent = {name: schema["description"] for name, schema in properties("LeadRequest").items()}
    answered = {name: schema["description"] for name, schema in properties("Lead").items()}

    assert sent == answered
    assert all(text and "\n" not in text for text in sent.values())


# --- The examples -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "shown"),
    [("LeadRequest", page_body()), ("LeadConfirmation", page_answer())],
    ids=["LeadRequest", "LeadConfirmation"],
)
def test_example_is_verbatim_and_valid(name: str, shown: Node) -> None:
    """The example is the page's, key order included, and what the page shows fits the schema."""
    example = CONTRACT["components"]["examples"][name]["value"]

    assert json.dumps(example) == json.dumps(shown)
    validator(name).validate(shown)


def test_examples_are_attached() -> None:
    """Request and answer each show their example."""
    sent = operation()["requestBody"]["content"]["application/json"]["examples"]
    answered = operation()["responses"]["200"]["content"]["application/json"]["examples"]
    examples = CONTRACT["components"]["examples"]

    assert [resolved(one) for one in sent.values()] == [examples["LeadRequest"]]
    assert [resolved(one) for one in answered.values()] == [examples["LeadConfirmation"]]


# --- What comes from the published types --------------------------------------------------------


@pytest.mark.parametrize("schema", ["LeadRequest", "Lead"])
def test_enums(schema: str) -> None:
    """The page shows the first value of each enum; the other values are the published ones."""
    enums = {name: values for name, one in properties(schema).items() if (values := enum_of(one))}
    shown = {name: page_body()[name] for name in enums}

    assert enums == {name: field["enum"] for name, field in PUBLISHED.items() if field["enum"]}
    assert shown == {
        name: values[:1] if isinstance(shown[name], list) else values[0]
        for name, values in enums.items()
    }
    assert len(enums) == FROM_PUBLISHED_TYPES["enum fields"]
    assert sum(map(len, enums.values())) == FROM_PUBLISHED_TYPES["enum values"]


def test_enums_are_shared() -> None:
    """Request and answer refer to the same named list of values."""
    sent, answered = properties("LeadRequest"), properties("Lead")
    fields = [name for name, field in PUBLISHED.items() if field["enum"]]

    assert [targets(sent[name]) for name in fields] == [targets(answered[name]) for name in fields]
    assert len({targets(sent[name])[0] for name in fields}) == FROM_PUBLISHED_TYPES["enum fields"]


def test_relations() -> None:
    """A relation takes an id, and answers with an id or the published kind of document."""
    relations = {name: field["relation"] for name, field in PUBLISHED.items() if is_relation(name)}
    sent = {name: targets(properties("LeadRequest")[name]) for name in relations}
    answered = {name: targets(properties("Lead")[name]) for name in relations}

    assert sent == {name: ["DocumentId"] for name in relations}
    assert answered == {name: ["DocumentId", kind] for name, kind in relations.items()}
    assert len(relations) == FROM_PUBLISHED_TYPES["relations"]


def test_related_documents_promise_only_an_id() -> None:
    """A populated document is any object with an id, which is an integer or a string."""
    for kind in {field["relation"] for field in PUBLISHED.values() if field["relation"]}:
        (base,) = alternatives(SCHEMAS[kind])

        assert (base["required"], list(base["properties"])) == (["id"], ["id"])
        assert types(base["properties"]["id"]) == {"integer", "string"}
        assert "additionalProperties" not in base


def test_null_is_never_sent() -> None:
    """No field of the request takes null."""
    sent = validator("LeadRequest")

    assert [name for name in properties("LeadRequest") if sent.is_valid({name: None})] == []


def test_null_is_answered_where_published() -> None:
    """A field of the answer may be null if and only if the published types say so."""
    answered = validator("Lead")
    nullable = [name for name in properties("Lead") if answered.is_valid({name: None})]

    assert nullable == [name for name, field in PUBLISHED.items() if field["nullable"]]
    assert len(nullable) == FROM_PUBLISHED_TYPES["nullable"]


def test_schemas_have_no_further_names() -> None:
    """Every named schema is a lead's, an enum's or a related document's."""
    fields = properties("LeadRequest")
    enums = {targets(fields[name])[0] for name, field in PUBLISHED.items() if field["enum"]}
    kinds = {field["relation"] for field in PUBLISHED.values() if field["relation"]}

    assert set(SCHEMAS) == BEYOND_THE_PAGE["schemas"] | enums | kinds
