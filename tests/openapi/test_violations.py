"""What a person reads when a value breaks the contract."""

from __future__ import annotations

from typing import Any

import pytest

from leadline_openapi.normalise import for_direction
from leadline_openapi.schema import Library, Schema

TAGGED = {
    "oneOf": [
        {"properties": {"k": {"const": "a"}, "v": {"type": "string"}}, "required": ["k"]},
        {"properties": {"k": {"const": "b"}, "v": {"type": "integer"}}, "required": ["k"]},
    ]
}

TABLE: dict[str, tuple[Any, Any, list[tuple[str, str, str]]]] = {
    "type": ({"type": "integer"}, "x", [("type", "", 'must be an integer, not "x"')]),
    "types": (
        {"type": ["string", "null"]},
        {"a": 1},
        [("type", "", "must be null or a string, not an object")],
    ),
    "enum": ({"enum": ["a", 1, None]}, "x", [("enum", "", 'must be one of "a", 1, null, not "x"')]),
    "long enum": (
        {"enum": list(range(99))},
        -1,
        [("enum", "", f"must be one of {', '.join(map(str, range(25)))} and 74 more, not -1")],
    ),
    "const": ({"const": True}, 1, [("const", "", "must be true, not 1")]),
    "pattern beyond the limits of the engine": (
        {"pattern": "(x+x+)+y(?!z)"},
        "x" * 60,
        [
            (
                "pattern",
                "",
                f'must be a text for which its pattern can be worked out, not "{"x" * 59}…',
            )
        ],
    ),
    "minimum": ({"minimum": 1}, 0, [("minimum", "", "must be at least 1, not 0")]),
    "maximum": ({"maximum": 1}, 2, [("maximum", "", "must be at most 1, not 2")]),
    "exclusiveMinimum": (
        {"exclusiveMinimum": 1},
        1,
        [("exclusiveMinimum", "", "must be more than 1, not 1")],
    ),
    "exclusiveMaximum": (
        {"exclusiveMaximum": 1},
        1,
        [("exclusiveMaximum", "", "must be less than 1, not 1")],
    ),
    "multipleOf": (
        {"multipleOf": 0.5},
        0.3,
        [("multipleOf", "", "must be a multiple of 0.5, not 0.3")],
    ),
    "minLength": (
        {"minLength": 2},
        "a",
        [("minLength", "", "must be at least 2 characters long, not 1")],
    ),
    "maxLength": (
        {"maxLength": 1},
        "abc",
        [("maxLength", "", "must be at most 1 character long, not 3")],
    ),
    "pattern": (
        {"pattern": "^a{2}$"},
        "b",
        [("pattern", "", 'must be a match for the pattern `^a{2}$`, not "b"')],
    ),
    "minItems": (
        {"minItems": 1},
        [],
        [("minItems", "", "must be an array of at least 1 item, not 0")],
    ),
    "maxItems": (
        {"maxItems": 1},
        [1, 2],
        [("maxItems", "", "must be an array of at most 1 item, not 2")],
    ),
    "uniqueItems": (
        {"uniqueItems": True},
        [1, 1],
        [("uniqueItems", "", "must be an array without repeated items")],
    ),
    "contains": (
        {"contains": {"type": "string"}},
        [1],
        [("contains", "", "must be an array with an item that `contains` describes")],
    ),
    "minContains": (
        {"contains": {"type": "string"}, "minContains": 2},
        ["a"],
        [("minContains", "", "must be an array with more items that `contains` describes")],
    ),
    "maxContains": (
        {"contains": {"type": "string"}, "maxContains": 1},
        ["a", "b"],
        [("maxContains", "", "must be an array with fewer items that `contains` describes")],
    ),
    "prefixItems": (
        {"prefixItems": [{"type": "string"}]},
        [1],
        [("type", "/0", "[0]: must be a string, not 1")],
    ),
    "items": (
        {"items": {"type": "string"}},
        ["a", 1],
        [("type", "/1", "[1]: must be a string, not 1")],
    ),
    "no items": (
        {"prefixItems": [{}], "items": False},
        [1, 2],
        [("items", "/1", "[1]: is not in the contract")],
    ),
    "unevaluatedItems": (
        {"unevaluatedItems": False},
        [1],
        [("unevaluatedItems", "", "must be an array without further items")],
    ),
    "required": (
        {"required": ["a", "b"]},
        {},
        [("required", "/a", "a: is required"), ("required", "/b", "b: is required")],
    ),
    "dependentRequired": (
        {"dependentRequired": {"a": ["b"]}},
        {"a": 1},
        [("dependentRequired", "/b", "b: is required")],
    ),
    "dependentSchemas": (
        {"dependentSchemas": {"a": {"required": ["b"]}}},
        {"a": 1},
        [("required", "/b", "b: is required")],
    ),
    "minProperties": (
        {"minProperties": 1},
        {},
        [("minProperties", "", "must be an object of at least 1 member, not 0")],
    ),
    "maxProperties": (
        {"maxProperties": 1},
        {"a": 1, "b": 2},
        [("maxProperties", "", "must be an object of at most 1 member, not 2")],
    ),
    "propertyNames": (
        {"propertyNames": {"maxLength": 1}},
        {"ab": 1},
        [("propertyNames", "/ab", "ab: has a name that must be at most 1 character long, not 2")],
    ),
    "additionalProperties": (
        {"properties": {"a": {}}, "additionalProperties": False},
        {"a": 1, "b/c": 1, "d": 1},
        [
            ("additionalProperties", "/b~1c", "b/c: is not in the contract"),
            ("additionalProperties", "/d", "d: is not in the contract"),
        ],
    ),
    "no properties at all": (
        {"additionalProperties": False},
        {"a": 1, "b": 1},
        [
            ("additionalProperties", "/a", "a: is not in the contract"),
            ("additionalProperties", "/b", "b: is not in the contract"),
        ],
    ),
    "unevaluatedProperties": (
        {"unevaluatedProperties": False},
        {"a": 1},
        [("unevaluatedProperties", "/a", "a: is not in the contract")],
    ),
    "false": (
        {"properties": {"a": False}},
        {"a": 1},
        [("false", "/a", "a: is not in the contract")],
    ),
    "false for a property named items": (
        {"properties": {"items": False}},
        {"items": 1},
        [("false", "/items", "items: is not in the contract")],
    ),
    "not": (
        {"not": {"type": "string"}},
        "a",
        [("not", "", "must be something else than what `not` describes")],
    ),
    "if": (
        {"if": {"type": "integer"}, "then": {"minimum": 5}},
        1,
        [("minimum", "", "must be at least 5, not 1")],
    ),
    "anyOf of types": (
        {"anyOf": [{"type": "string"}, {"type": "integer"}]},
        1.5,
        [("anyOf", "", "must be an integer or a string, not 1.5")],
    ),
    "anyOf with one fitting branch": (
        {"anyOf": [{"type": "object", "required": ["a"]}, {"type": "null"}]},
        {},
        [("required", "/a", "a: is required")],
    ),
    "anyOf of what cannot be said": (
        {"anyOf": [{"required": ["a"]}, {"required": ["b"]}]},
        {},
        [("anyOf", "", "must be valid under one of the schemas of `anyOf`, not an object")],
    ),
    "oneOf with a tag": (
        TAGGED,
        {"k": "a", "v": 1},
        [("type", "/v", "v: must be a string, not 1")],
    ),
    "oneOf with an unknown tag": (
        TAGGED,
        {"k": "c"},
        [("oneOf", "", 'must be an object whose `k` is one of "a", "b", not "c"')],
    ),
    "oneOf with no tag": (
        TAGGED,
        {"v": 1},
        [("oneOf", "", "must be an object with `k`")],
    ),
    "oneOf twice": (
        {"oneOf": [{"type": "number"}, {"type": "integer"}]},
        1,
        [
            (
                "oneOf",
                "",
                "must be valid under only one of the schemas of `oneOf`, where 2 fit, not 1",
            )
        ],
    ),
    "oneOf twice, and once not": (
        {"oneOf": [{"type": "number"}, {"type": "integer"}, {"minimum": 9}]},
        1,
        [
            (
                "oneOf",
                "",
                "must be valid under only one of the schemas of `oneOf`, where 2 fit, not 1",
            )
        ],
    ),
    "deep": (
        {"properties": {"a": {"items": {"properties": {"b": {"type": "null"}}}}}},
        {"a": [{}, {"b": [1]}]},
        [("type", "/a/1/b", "a[1].b: must be null, not an array")],
    ),
    "long value": (
        {"type": "null"},
        "x" * 500,
        [("type", "", f'must be null, not "{"x" * 59}…')],
    ),
}


@pytest.mark.parametrize(("source", "value", "expected"), TABLE.values(), ids=list(TABLE))
def test_violations(source: Any, value: Any, expected: list[tuple[str, str, str]]) -> None:
    """Keyword, pointer and message of each violation; the message never shows a whole body."""
    document = {"components": {"schemas": {"S": source}}}
    judge = Schema("/components/schemas/S", Library(for_direction(document, "readOnly")))
    found = judge.violations(value)

    assert [(one.keyword, one.pointer, one.message) for one in found] == expected
    assert all(one.expected for one in found)


def test_rule_behind_a_reference() -> None:
    """The rule is where the keyword stands, not the way that leads there."""
    library = Library(
        {
            "components": {
                "schemas": {
                    "A/{b}%": {"type": "string"},
                    "C": {"items": {"$ref": "#/components/schemas/A~1{b}%"}},
                }
            }
        }
    )
    (found,) = Schema("/components/schemas/C", library).violations([1])

    assert found.rule == "/components/schemas/A~1{b}%/type"
