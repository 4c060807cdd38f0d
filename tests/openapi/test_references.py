"""References between files, and into places that have no name of their own."""

from __future__ import annotations

from typing import Any

import pytest
from tests.openapi.conftest import Load, Refuse

from leadline_openapi.pointer import find, from_fragment, pointer, to_fragment, tokens

HEAD = "openapi: {version}\ninfo: {{title: T, version: '1'}}\n"
BODY = """\
paths:
  /a/{{id}}:
    parameters: [{{name: id, in: path, required: true, schema: {{type: string}}}}]
    post:
      requestBody: {{content: {{application/json: {{schema: {schema}}}}}}}
      responses: {{'200': {{description: ok}}}}
"""


def spec(schema: str, version: str = "3.1.0") -> str:
    """A document whose one operation takes a body of *schema*."""
    return HEAD.format(version=version) + BODY.format(schema=schema)


def verdicts(load: Any, *values: Any) -> list[bool]:
    """What both validators say of *values* as the body of the first operation."""
    schema = load.operations[0].body.content[0].schema
    first = [schema.is_valid(value) for value in values]

    assert [schema.second_opinion(value) for value in values] == first
    return first


NESTED: dict[str, Any] = {"value": 1, "children": [{"value": 2}]}
BROKEN: dict[str, Any] = {"value": 1, "children": [{"value": "x"}]}


def test_recursion_over_files(load_text: Load) -> None:
    """Files that refer to each other in a circle keep their meaning."""
    contract = load_text(
        spec("{$ref: 'a/tree.yaml#/Tree'}"),
        files={
            "a/tree.yaml": (
                "Tree:\n  properties:\n"
                "    value: {$ref: '../b.json#/Value'}\n    children: {$ref: '../b.json#/List'}\n"
            ),
            "b.json": (
                '{"Value": {"type": "integer"},'
                ' "List": {"type": "array", "items": {"$ref": "a/tree.yaml#/Tree"}}}'
            ),
        },
    )

    assert verdicts(contract, NESTED, BROKEN) == [True, False]


def test_the_same_name_in_two_files(load_text: Load) -> None:
    """Schemas of one name from several files stay apart, and apart from the document's own."""
    contract = load_text(
        spec(
            "{properties: {a: {$ref: 'a.yaml#/Id'}, b: {$ref: 'b.yaml#/Id'},"
            " c: {$ref: '#/components/schemas/Id'}}}"
        )
        + "components: {schemas: {Id: {type: boolean}}}\n",
        files={"a.yaml": "Id: {type: integer}", "b.yaml": "Id: {type: string}"},
    )

    good = {"a": 1, "b": "x", "c": True}

    assert verdicts(contract, good, {"a": "x"}, {"b": 1}, {"c": 1}) == [True, False, False, False]


def test_a_whole_file(load_text: Load) -> None:
    """A reference without a fragment means the whole file; its own references are relative to it."""
    contract = load_text(
        spec("{$ref: './models/with%20space.yaml'}"),
        files={
            "models/with space.yaml": "items: {$ref: './part.yaml'}",
            "models/part.yaml": "type: integer",
        },
    )

    assert verdicts(contract, [1], ["x"]) == [True, False]


def test_back_into_the_document(load_text: Load) -> None:
    """Another file may refer back to the document."""
    contract = load_text(
        spec("{$ref: 'a.yaml'}") + "components: {schemas: {Id: {type: integer}}}\n",
        files={"a.yaml": "items: {$ref: 'api.yaml#/components/schemas/Id'}"},
    )

    assert verdicts(contract, [1], ["x"]) == [True, False]
    assert set(contract.document["components"]["schemas"]) == {"Id", "a"}


@pytest.mark.parametrize(
    "reference",
    [
        "#/paths/~1a~1%7Bid%7D/parameters/0/schema",
        "#/paths/~1a~1{id}/parameters/0/schema",
        "#/components/schemas/Holder/properties/50%25~1~0 %22x%22",
        "#/x-shared/Text",
        "api.yaml#/components/schemas/Text",
    ],
)
def test_pointers_of_every_kind(load_text: Load, reference: str) -> None:
    """Pointers into paths, with escapes, percent-encoded or not, and into extensions are followed."""
    contract = load_text(
        spec(f"{{items: {{$ref: '{reference}'}}}}")
        + "x-shared: {Text: {type: string}}\n"
        + "components:\n  schemas:\n    Text: {type: string}\n"
        + "    Holder: {properties: {'50%/~ \"x\"': {type: string}}}\n"
    )

    assert verdicts(contract, ["x"], [1]) == [True, False]


def test_what_stands_in_an_extension_is_normalised(load_text: Load) -> None:
    """A 3.0 schema that only an extension holds means what 3.0 says."""
    contract = load_text(
        spec("{type: array, items: {$ref: '#/x-shared/N'}}", "3.0.3")
        + "x-shared: {N: {type: number, nullable: true, minimum: 1, exclusiveMinimum: true}}\n"
    )

    assert verdicts(contract, [None, 2], [1]) == [True, False]


def test_siblings_of_a_reference(load_text: Load) -> None:
    """Beside `$ref`, keywords are ignored in 3.0 and count in 3.1."""
    components = "components: {schemas: {N: {type: integer}}}\n"
    schema = "{$ref: '#/components/schemas/N', %s: 5}"

    old = load_text(spec(schema % "minimum", "3.0.3") + components)
    new = load_text(spec(schema % "minimum", "3.1.0") + components)

    assert verdicts(old, 1, "x") == [True, False]
    assert verdicts(new, 1, 5) == [False, True]


def test_a_true_schema_can_be_referred_to(load_text: Load) -> None:
    """`true` is a schema since 3.1, also as the target of a reference."""
    contract = load_text(
        spec("{items: {$ref: 'a.yaml#/Any'}}"), files={"a.yaml": "Any: true\nNone: false"}
    )

    assert verdicts(contract, [1, None]) == [True]


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0", "3.2.0"])
def test_path_items_in_files(load_text: Load, version: str) -> None:
    """A path item by reference is the path item, with what stands beside the reference."""
    contract = load_text(
        HEAD.format(version=version)
        + "paths:\n  /a/{id}:\n    $ref: 'items/a.yaml'\n    summary: All\n"
        + "    parameters: [{name: id, in: path, required: true, schema: {type: string}}]\n",
        files={
            "items/a.yaml": "get: {operationId: get, responses: {'200': {$ref: '../r.yaml#/Ok'}}}",
            "r.yaml": "Ok: {description: fine}",
        },
    )
    operation = contract.operations[0]

    assert (operation.id, [one.name for one in operation.parameters]) == ("get", ["id"])
    assert operation.answers[0].description == "fine"
    assert str(contract.place(operation.pointer)).startswith("items/a.yaml:1:1")


def test_every_object_that_may_be_referred_to(load_text: Load) -> None:
    """Parameters, bodies, responses, headers, examples, security schemes, links and callbacks."""
    contract = load_text(
        """\
        openapi: 3.1.0
        info: {title: T, version: '1'}
        security: [{key: []}]
        paths:
          /a:
            post:
              parameters: [{$ref: 'x.yaml#/P'}]
              requestBody: {$ref: 'x.yaml#/B'}
              callbacks: {c: {$ref: 'x.yaml#/C'}}
              responses: {'200': {$ref: 'x.yaml#/R'}}
        components: {securitySchemes: {key: {$ref: 'x.yaml#/S'}}}
        """,
        files={
            "x.yaml": """\
            P: {name: q, in: query, schema: {$ref: '#/N'}}
            B: {content: {application/json: {schema: {$ref: '#/N'}, examples: {e: {$ref: '#/E'}}}}}
            C: {'{$request.body}': {$ref: '#/I'}}
            I: {post: {responses: {'200': {description: ok}}}}
            R: {description: ok, headers: {X-A: {$ref: '#/H'}}, links: {l: {$ref: '#/L'}}}
            H: {schema: {$ref: '#/N'}}
            L: {operationId: x}
            E: {value: 3}
            N: {type: integer}
            S: {type: apiKey, in: query, name: k}
            """
        },
    )
    operation = contract.operations[0]

    assert operation.unsupported == ""
    assert [one.name for one in operation.parameters] == ["q"]
    assert operation.body is not None
    assert operation.body.content[0].examples == {"e": 3}
    assert [one.name for one in operation.answers[0].headers] == ["X-A"]
    assert operation.security[0][0].location == "query"
    assert len(contract.document["components"]["schemas"]) == 1


@pytest.mark.parametrize("keys", [(), ("a",), ("", "~", "/", "~1", "a b", "é%", "0")])
def test_pointers_round_trip(keys: tuple[str, ...]) -> None:
    """A path of keys, its pointer and its fragment say the same."""
    text = pointer(keys)

    assert tokens(text) == keys
    assert from_fragment(to_fragment(text)) == text


@pytest.mark.parametrize("text", ["/a/01", "/a/-", "/a/2", "/a/\u0661", "/b", "/a/0/c"])
def test_pointers_to_nowhere(text: str) -> None:
    """An index is decimal without leading zeros (RFC 6901 section 4), and has to exist."""
    with pytest.raises(LookupError):
        find({"a": ["x", "y"]}, text)


def test_moved_names_are_nobody_elses(refuse: Refuse) -> None:
    """A dangling reference stays one, even if something is moved to the name that it asks for."""
    error = refuse(
        spec("{items: {$ref: 'a.yaml#/Pet'}, not: {$ref: '#/components/schemas/Pet'}}")
        + "components: {schemas: {}}\n",
        files={"a.yaml": "Pet: {type: string}"},
    )

    assert "`$ref` leads nowhere: #/components/schemas/Pet" in error.problem
