"""Pairs of schemas that close an object or a list, told as in `pairs_schemas`.

The text is that of JSON Schema Core 2020-12: `true` and `false` (section 4.3.2), what members and items are
evaluated by (sections 10.3 and 11), and `allOf` and `$ref`, which only ever ask for more.
"""

from __future__ import annotations

from typing import Any

from tests.openapi.diff.pairs_schemas import TEXT, WHOLE, obj

# fmt: off

NUMBER = {"type": "number"}
REST = {"unevaluatedProperties": False}
KIND = {"required": ["k"], "properties": {"k": {"const": "x"}}}


def items(*first: Any, **keywords: Any) -> dict[str, Any]:
    """A list with schemas for its *first* items."""
    return {"type": "array", **({"prefixItems": list(first)} if first else {}), **keywords}


def variants(**more: Any) -> dict[str, Any]:
    """Two variants, beside what is *more*."""
    return {"type": "object", "oneOf": [obj("a", a=TEXT), obj("b", b=TEXT)], **REST, **more}


def twice(*more: Any) -> dict[str, Any]:
    """Schemas of which one is another or null, and what is *more*."""
    nullable = {"anyOf": [{"$ref": "#/components/schemas/A"}, {"type": "null"}]}
    return {"X": {"allOf": [nullable, *more]}, "A": obj(a=TEXT)}


def parts(member: Any) -> dict[str, Any]:
    """Components of which `X` leaves nothing to others, and `P` has *member* besides."""
    return {
        "X": {"anyOf": [{"$ref": f"#/components/schemas/{name}"} for name in "PQ"], **REST},
        "P": obj("a", a=TEXT, **member),
        "Q": obj("b", b=TEXT),
    }


CLOSED_PAIRS: list[tuple[str, Any, Any, Any, str, str]] = [
    # `false` (Core section 4.3.2)
    ("a member is forbidden", obj(a=TEXT), obj(a=False), "schema-forbidden", "B", "N"),
    ("a member is no longer forbidden", obj(a=False), obj(a=TEXT), "schema-allowed", "N", "B"),
    (
        "a member stays forbidden",
        obj(a=False), {"allOf": [obj(a=TEXT), {"properties": {"a": False}}]}, "", "", "",
    ),
    (
        "a part forbids a member",
        obj(a=TEXT), {"allOf": [obj(a=TEXT), {"properties": {"a": False}}]}, "schema-forbidden", "B", "N",
    ),
    (
        "what is referred to admits nothing",
        {"X": items(items={"$ref": "#/components/schemas/A"}), "A": TEXT},
        {"X": items(items={"$ref": "#/components/schemas/A"}), "A": False},
        "schema-forbidden", "B", "N",
    ),
    ("items are forbidden", items(items=TEXT), items(items=False), "schema-forbidden", "B", "N"),
    ("a first item is forbidden", items(TEXT), items(False), "schema-forbidden", "B", "N"),
    (
        "a list of two is closed",
        items(TEXT, WHOLE), items(TEXT, WHOLE, items=False), "schema-forbidden", "B", "N",
    ),
    (
        "a closed list is shortened",
        items(TEXT, WHOLE, items=False), items(TEXT, items=False), "schema-forbidden", "B", "N",
    ),
    (
        "a variant is forbidden",
        {"oneOf": [TEXT, WHOLE]}, {"oneOf": [TEXT, False]}, "schema-forbidden", "B", "N",
    ),
    # Patterns of names (Core section 10.3.2.2)
    (
        "names of a pattern are no longer admitted",
        {**obj("", True, a=TEXT), "patternProperties": {"^x-": {}}}, obj("", True, a=TEXT),
        "schema-forbidden", "B", "N",
    ),
    (
        "names of a pattern are admitted",
        obj("", True), {**obj("", True), "patternProperties": {"^x-": TEXT}},
        "schema-allowed", "N", "B",
    ),
    (
        "fewer names are admitted",
        {**obj("", True), "patternProperties": {"^[a-z]$": TEXT}},
        {**obj("", True), "patternProperties": {"^[a-c]$": TEXT}},
        "schema-forbidden", "B", "N",
    ),
    (
        "a pattern of names is written otherwise",
        {**obj("", True), "patternProperties": {"^x[0-9]$": TEXT}},
        {**obj("", True), "patternProperties": {r"^x\d$": TEXT}},
        "", "", "",
    ),
    (
        "names of two patterns have two schemas",
        {"type": "object", "patternProperties": {"^x": TEXT}},
        {"type": "object", "patternProperties": {"^x": TEXT, "y$": {"maxLength": 1}}},
        "max-length-narrowed", "B", "N",
    ),
    # What others have not evaluated (Core section 11)
    (
        "the rest is refused in other words",
        obj("", True, a=TEXT), {**obj(a=TEXT), **REST}, "", "", "",
    ),
    (
        "further items are refused in other words",
        items(TEXT, items=False), items(TEXT, unevaluatedItems=False), "", "", "",
    ),
    ("the rest is refused", obj(a=TEXT), {**obj(a=TEXT), **REST}, "additional-properties-narrowed", "B", "N"),
    (
        "further items are refused",
        items(TEXT), items(TEXT, unevaluatedItems=False), "schema-forbidden", "B", "N",
    ),
    (
        "there may be fewer members, and no others",
        {**obj(a=TEXT, b=TEXT), **REST}, {**obj(a=TEXT, b=TEXT), **REST, "maxProperties": 1},
        "max-properties-narrowed", "B", "N",
    ),
    (
        "there may be fewer items, and no others",
        items(TEXT, TEXT, unevaluatedItems=False), items(TEXT, TEXT, unevaluatedItems=False, maxItems=1),
        "max-items-narrowed", "B", "N",
    ),
    (
        "a truth value becomes an object without a rest",
        {"type": "boolean"}, {**obj("a", a=TEXT), **REST}, "type-changed", "B", "B",
    ),
    (
        "nothing is left for what refuses the rest",
        {"type": "object", "additionalProperties": NUMBER, **REST},
        {"type": "object", "additionalProperties": WHOLE, **REST},
        "type-narrowed", "B", "N",
    ),
    (
        "a part refuses what the other one declares",
        {"allOf": [obj(a=TEXT), obj(b=TEXT)]}, {"allOf": [obj(a=TEXT), {**obj(b=TEXT), **REST}]},
        [("additional-properties-narrowed", "B", "N"), ("schema-forbidden", "B", "N")], "", "",
    ),
    (
        "a member beside variants is removed",
        variants(properties={"c": TEXT}), variants(), "member-removed", "B", "N",
    ),
    (
        "a member beside variants is added",
        variants(), variants(properties={"c": TEXT}), "member-added", "N", "B",
    ),
    (
        "a variant declares one member more",
        parts({}), parts({"o": TEXT}),
        [("member-added", "N", "N"), ("unevaluated-properties-widened", "N", "B")], "", "",
    ),
    (
        "a variant declares one member less",
        parts({"o": TEXT}), parts({}),
        [("member-removed", "N", "N"), ("unevaluated-properties-narrowed", "B", "N")], "", "",
    ),
    (
        "a condition no longer declares a member",
        {**obj(k=TEXT), "if": KIND, "then": obj(v=TEXT), **REST},
        {**obj(k=TEXT), "if": KIND, "then": {}, **REST},
        "schema-forbidden", "B", "N",
    ),
    ("variants change places", variants(), variants(oneOf=variants()["oneOf"][::-1]), "", "", ""),
    (
        "the rest beside variants is limited",
        variants(unevaluatedProperties=NUMBER), variants(unevaluatedProperties=WHOLE),
        "type-narrowed", "B", "N",
    ),
    (
        "a condition refuses what is beside it",
        {**obj("", None), "anyOf": [obj(a=TEXT), obj(b=TEXT)], **REST},
        {**obj("", True), "anyOf": [obj(a=TEXT), obj(b=TEXT)]},
        "schema-forbidden", "B", "N",
    ),
    # Types that have nothing in common (Validation section 6.1)
    (
        "a type is added, and the values are all of it",
        WHOLE, {"type": ["integer", "string"], "enum": ["low", "high"]},
        [("type-widened", "N", "B"), ("enum-narrowed", "B", "N")], "", "",
    ),
    (
        "nothing but null is left",
        TEXT, {"type": ["string", "null"], "enum": [None]},
        [("null-allowed", "N", "B"), ("enum-narrowed", "B", "N")], "", "",
    ),
    # The same component twice
    (
        "what may be null may be so no more",
        twice(), twice({"$ref": "#/components/schemas/A"}),
        "type-narrowed", "B", "N",
    ),
    (
        "a later part is only answered",
        obj(a={"allOf": [{**TEXT, "readOnly": False}, TEXT]}),
        obj(a={"allOf": [{**TEXT, "readOnly": False}, {**TEXT, "readOnly": True}]}),
        "read-only-added", "B", "N",
    ),
]
