"""Pairs of schemas with the verdict on each side, told from the text of JSON Schema 2020-12 and OAS 3.1.1.

Each is (what changed, old, new, code, what a caller sends, what a caller reads); `B` is breaking, `N` is
non-breaking, `-` is no verdict. Without a code, nothing has changed. Several changes are told in a list.
What a caller sends breaks where the old schema admits a value that the new one does not; what a caller
reads breaks where the new one admits a value that the old one does not.
"""

from __future__ import annotations

from typing import Any

# fmt: off


def obj(required: str = "", closed: bool | None = None, /, **members: Any) -> dict[str, Any]:
    """An object schema with *members*, of which those named in *required* have to be there."""
    schema: dict[str, Any] = {"type": "object", "properties": members}
    if required:
        schema["required"] = required.split()
    if closed is not None:
        schema["additionalProperties"] = not closed
    return schema


TEXT = {"type": "string"}
WHOLE = {"type": "integer"}
CAT = obj("kind", kind={"const": "cat"}, lives=WHOLE)
DOG = obj("kind", kind={"const": "dog"}, tricks=TEXT)
EEL = obj("kind", kind={"const": "eel"})

SCHEMA_PAIRS: list[tuple[str, Any, Any, Any, str, str]] = [
    # Members (JSON Schema Validation 2020-12 section 6.5.3, Core section 10.3.2)
    ("an optional member is added", obj(a=TEXT), obj(a=TEXT, b=WHOLE), "member-added", "N", "N"),
    (
        "an optional member is added to a closed object",
        obj("", True, a=TEXT), obj("", True, a=TEXT, b=WHOLE), "member-added", "N", "B",
    ),
    (
        "a required member is added",
        obj(a=TEXT), obj("b", a=TEXT, b=WHOLE), "member-added", "B", "N",
    ),
    (
        "an optional member is removed from a closed object",
        obj("", True, a=TEXT, b=WHOLE), obj("", True, a=TEXT), "member-removed", "B", "N",
    ),
    ("an optional member is removed", obj(a=TEXT, b=WHOLE), obj(a=TEXT), "member-removed", "N", "B"),
    (
        "a required member is removed",
        obj("b", a=TEXT, b=WHOLE), obj(a=TEXT), "member-removed", "N", "B",
    ),
    (
        "a member of a map gets a type of its own",
        {**obj(a=TEXT), "additionalProperties": TEXT},
        {**obj(a=TEXT, b=WHOLE), "additionalProperties": TEXT},
        "member-added", "B", "B",
    ),
    (
        "a required member is renamed",
        obj("phone", phone=TEXT), obj("tel", tel=TEXT), "member-renamed", "B", "B",
    ),
    (
        "an optional member of a closed object is renamed",
        obj("", True, phone=TEXT), obj("", True, tel=TEXT), "member-renamed", "B", "B",
    ),
    ("a member is made required", obj(a=TEXT), obj("a", a=TEXT), "member-required", "B", "N"),
    ("a member is made optional", obj("a", a=TEXT), obj(a=TEXT), "member-optional", "N", "B"),
    (
        "a member deep inside is made required",
        obj(a=obj(b=obj(c=TEXT))), obj(a=obj(b=obj("c", c=TEXT))), "member-required", "B", "N",
    ),
    ("an object is closed", obj(a=TEXT), obj("", True, a=TEXT), "additional-properties-narrowed", "B", "N"),
    ("an object is opened", obj("", True, a=TEXT), obj(a=TEXT), "additional-properties-widened", "N", "B"),
    (
        "the values of a map are narrowed",
        {"type": "object", "additionalProperties": {"type": ["string", "integer"]}},
        {"type": "object", "additionalProperties": TEXT},
        "type-narrowed", "B", "N",
    ),
    (
        "a minimum of members is asked for",
        {"type": "object"}, {"type": "object", "minProperties": 1}, "min-properties-narrowed", "B", "N",
    ),
    (
        "a maximum of members is raised",
        {"type": "object", "maxProperties": 2}, {"type": "object", "maxProperties": 3},
        "max-properties-widened", "N", "B",
    ),
    (
        "names are limited",
        {"type": "object"}, {"type": "object", "propertyNames": {"maxLength": 3}},
        "property-names-narrowed", "B", "N",
    ),
    (
        "one member asks for another",
        obj(a=TEXT, b=TEXT), {**obj(a=TEXT, b=TEXT), "dependentRequired": {"a": ["b"]}},
        "dependent-required-narrowed", "B", "N",
    ),
    # Values (section 6.1)
    ("an enum is widened", {"enum": ["a", "b"]}, {"enum": ["a", "b", "c"]}, "enum-widened", "N", "B"),
    ("an enum is narrowed", {"enum": ["a", "b"]}, {"enum": ["a"]}, "enum-narrowed", "B", "N"),
    ("an enum is exchanged", {"enum": ["a", "b"]}, {"enum": ["b", "c"]}, "enum-changed", "B", "B"),
    ("a text gets an enum", TEXT, {"type": "string", "enum": ["a"]}, "enum-narrowed", "B", "N"),
    ("an enum is lifted", {"type": "string", "enum": ["a"]}, TEXT, "enum-widened", "N", "B"),
    ("a const becomes another", {"const": "a"}, {"const": "b"}, "const-changed", "B", "B"),
    ("a const is lifted", {"type": "string", "const": "a"}, TEXT, "const-widened", "N", "B"),
    # Types
    ("a type is exchanged", TEXT, WHOLE, "type-changed", "B", "B"),
    ("a whole number becomes any number", WHOLE, {"type": "number"}, "type-widened", "N", "B"),
    ("any number becomes a whole one", {"type": "number"}, WHOLE, "type-narrowed", "B", "N"),
    ("a type is added", TEXT, {"type": ["string", "integer"]}, "type-widened", "N", "B"),
    ("a type is taken away", {"type": ["string", "integer"]}, TEXT, "type-narrowed", "B", "N"),
    ("null is allowed", TEXT, {"type": ["string", "null"]}, "null-allowed", "N", "B"),
    ("null is refused", {"type": ["string", "null"]}, TEXT, "null-refused", "B", "N"),
    (
        "an object may be null",
        obj(a=obj(b=TEXT)), obj(a={"anyOf": [obj(b=TEXT), {"type": "null"}]}), "null-allowed", "N", "B",
    ),
    ("a type is asked for", {}, TEXT, "type-narrowed", "B", "N"),
    ("a type is no longer asked for", TEXT, {}, "type-widened", "N", "B"),
    # Numbers (section 6.2)
    ("a minimum is raised", {**WHOLE, "minimum": 0}, {**WHOLE, "minimum": 1}, "minimum-narrowed", "B", "N"),
    ("a minimum is lowered", {**WHOLE, "minimum": 1}, {**WHOLE, "minimum": 0}, "minimum-widened", "N", "B"),
    ("a maximum is added", WHOLE, {**WHOLE, "maximum": 9}, "maximum-narrowed", "B", "N"),
    (
        "a bound becomes exclusive",
        {"type": "number", "maximum": 9}, {"type": "number", "exclusiveMaximum": 9},
        "maximum-narrowed", "B", "N",
    ),
    (
        "steps become finer",
        {"type": "number", "multipleOf": 10}, {"type": "number", "multipleOf": 5},
        "multiple-of-widened", "N", "B",
    ),
    (
        "steps become others",
        {**WHOLE, "multipleOf": 3}, {**WHOLE, "multipleOf": 2}, "multiple-of-changed", "B", "B",
    ),
    # Texts (section 6.3)
    ("a length is asked for", TEXT, {**TEXT, "minLength": 1}, "min-length-narrowed", "B", "N"),
    (
        "a length is raised",
        {**TEXT, "maxLength": 5}, {**TEXT, "maxLength": 9}, "max-length-widened", "N", "B",
    ),
    (
        "a pattern is widened",
        {**TEXT, "pattern": "^[a-z]+$"}, {**TEXT, "pattern": "^[a-z0-9]+$"}, "pattern-widened", "N", "B",
    ),
    (
        "a pattern is narrowed",
        {**TEXT, "pattern": "^[0-9]{2,4}$"}, {**TEXT, "pattern": r"^\d{3}$"}, "pattern-narrowed", "B", "N",
    ),
    (
        "a pattern is exchanged",
        {**TEXT, "pattern": "^a"}, {**TEXT, "pattern": "^b"}, "pattern-changed", "B", "B",
    ),
    ("a pattern is added", TEXT, {**TEXT, "pattern": "^a"}, "pattern-narrowed", "B", "N"),
    # Formats (section 7): whoever knows a format may hold values to it
    ("a format is added", TEXT, {**TEXT, "format": "date"}, "format-narrowed", "B", "N"),
    ("a format is removed", {**TEXT, "format": "date"}, TEXT, "format-widened", "N", "B"),
    (
        "a format is exchanged",
        {**TEXT, "format": "date"}, {**TEXT, "format": "date-time"}, "format-changed", "B", "B",
    ),
    (
        "a number may be longer",
        {**WHOLE, "format": "int32"}, {**WHOLE, "format": "int64"}, "format-widened", "N", "B",
    ),
    (
        "a format that nobody defines is added",
        TEXT, {**TEXT, "format": "colour"}, "format-annotation-changed", "N", "N",
    ),
    (
        "a format that nobody defines is removed",
        {**TEXT, "format": "colour"}, TEXT, "format-annotation-changed", "N", "N",
    ),
    (
        "a format that nobody defines takes the place of another",
        {**TEXT, "format": "colour"}, {**TEXT, "format": "shade"},
        "format-annotation-changed", "N", "N",
    ),
    (
        "a format takes the place of one that nobody defines",
        {**TEXT, "format": "colour"}, {**TEXT, "format": "date"}, "format-narrowed", "B", "N",
    ),
    (
        "a format that nobody defines stands beside another",
        {**TEXT, "format": "date"}, {"allOf": [{**TEXT, "format": "date"}, {"format": "colour"}]},
        "format-annotation-changed", "N", "N",
    ),
    # Arrays (section 6.4, Core section 10.3.1)
    (
        "items are exchanged",
        {"type": "array", "items": TEXT}, {"type": "array", "items": WHOLE}, "type-changed", "B", "B",
    ),
    ("items are limited", {"type": "array"}, {"type": "array", "items": TEXT}, "type-narrowed", "B", "N"),
    (
        "an item is asked for",
        {"type": "array", "items": TEXT}, {"type": "array", "items": TEXT, "minItems": 1},
        "min-items-narrowed", "B", "N",
    ),
    (
        "more items are allowed",
        {"type": "array", "items": TEXT, "maxItems": 1}, {"type": "array", "items": TEXT, "maxItems": 2},
        "max-items-widened", "N", "B",
    ),
    (
        "items have to differ",
        {"type": "array", "items": TEXT}, {"type": "array", "items": TEXT, "uniqueItems": True},
        "unique-items-narrowed", "B", "N",
    ),
    (
        "items need not differ",
        {"type": "array", "uniqueItems": True}, {"type": "array"}, "unique-items-widened", "N", "B",
    ),
    (
        "the first item is limited",
        {"type": "array", "prefixItems": [{"type": ["string", "null"]}]},
        {"type": "array", "prefixItems": [TEXT]}, "null-refused", "B", "N",
    ),
    (
        "an item of a kind is asked for",
        {"type": "array"}, {"type": "array", "contains": TEXT}, "contains-narrowed", "B", "N",
    ),
    # Combinations (Core section 10.2)
    ("a variant is added", {"oneOf": [CAT, DOG]}, {"oneOf": [CAT, DOG, EEL]}, "variant-added", "N", "B"),
    ("a variant is removed", {"oneOf": [CAT, DOG]}, {"oneOf": [CAT]}, "variant-removed", "B", "N"),
    (
        "any of more",
        {"anyOf": [TEXT, WHOLE]}, {"anyOf": [TEXT, WHOLE, {"type": "boolean"}]}, "variant-added", "N", "B",
    ),
    (
        "a variant asks for more",
        {"oneOf": [CAT, DOG]}, {"oneOf": [CAT, {**DOG, "required": ["kind", "tricks"]}]},
        "member-required", "B", "N",
    ),
    (
        "two variants come to overlap",
        {"oneOf": [{"type": "integer", "maximum": 4}, {"type": "integer", "minimum": 5}]},
        {"oneOf": [{"type": "integer", "maximum": 5}, {"type": "integer", "minimum": 5}]},
        [("one-of-narrowed", "B", "N"), ("maximum-widened", "N", "N")], "", "",
    ),
    (
        "another schema has to hold as well",
        {"allOf": [obj(a=TEXT)]}, {"allOf": [obj(a=TEXT), obj("b", b=WHOLE)]}, "member-added", "B", "N",
    ),
    (
        "something is excluded",
        TEXT, {**TEXT, "not": {"const": "none"}}, "not-narrowed", "B", "N",
    ),
    (
        "a condition is added",
        obj(a=TEXT, b=TEXT),
        {**obj(a=TEXT, b=TEXT), "if": {"required": ["a"]}, "then": {"required": ["b"]}},
        "if-narrowed", "B", "N",
    ),
    # What is not about values alone (OAS 3.1.1 section 4.8.24, Validation section 9)
    (
        "a required member is only answered",
        obj("a", a=TEXT), obj("a", a={**TEXT, "readOnly": True}), "read-only-added", "B", "N",
    ),
    (
        "a required member has to be sent as well",
        obj("a", a={**TEXT, "readOnly": True}), obj("a", a=TEXT), "read-only-removed", "B", "N",
    ),
    (
        "an optional member may be sent as well",
        obj(a={**TEXT, "readOnly": True}), obj(a=TEXT), "read-only-removed", "N", "N",
    ),
    (
        "a required member is no longer answered",
        obj("a", a=TEXT), obj("a", a={**TEXT, "writeOnly": True}), "write-only-added", "N", "B",
    ),
    (
        "a default is exchanged",
        {**TEXT, "default": "a"}, {**TEXT, "default": "b"}, "default-changed", "B", "N",
    ),
    ("a default is added", TEXT, {**TEXT, "default": "a"}, "default-added", "N", "N"),
    ("a default is removed", {**TEXT, "default": "a"}, TEXT, "default-removed", "B", "N"),
    ("a member is deprecated", obj(a=TEXT), obj(a={**TEXT, "deprecated": True}), "deprecated", "N", "N"),
    (
        "only the description is another",
        obj(a={**TEXT, "description": "x"}), obj(a={**TEXT, "description": "y"}),
        "description-changed", "-", "-",
    ),
    # Two changes are two rows
    (
        "one bound up, one down",
        {**TEXT, "minLength": 2, "maxLength": 9}, {**TEXT, "minLength": 1, "maxLength": 8},
        [("min-length-widened", "N", "B"), ("max-length-narrowed", "B", "N")], "", "",
    ),
    # The same, said in other words
    ("an allOf around one schema", obj(a=TEXT), {"allOf": [obj(a=TEXT)]}, "", "", ""),
    (
        "an allOf is flattened",
        {"allOf": [obj("a", a=TEXT), obj(b=WHOLE)]}, obj("a", a=TEXT, b=WHOLE), "", "", "",
    ),
    ("an enum as variants", {"enum": ["a", "b"]}, {"oneOf": [{"const": "a"}, {"const": "b"}]}, "", "", ""),
    ("a const as an enum", {"const": "a"}, {"enum": ["a"]}, "", "", ""),
    (
        "null as a variant",
        {"type": ["string", "null"]}, {"anyOf": [TEXT, {"type": "null"}]}, "", "", "",
    ),
    (
        "a bound of whole numbers in other words",
        {**WHOLE, "exclusiveMinimum": 1900}, {**WHOLE, "minimum": 1901}, "", "", "",
    ),
    ("what is open anyway", obj(a=TEXT), obj("", False, a=TEXT), "", "", ""),
    ("what holds anyway", obj("a", a=TEXT), {**obj("a", a=TEXT), "minProperties": 1}, "", "", ""),
    ("a pattern in other words", {**TEXT, "pattern": r"^\d+$"}, {**TEXT, "pattern": "^[0-9]+$"}, "", "", ""),
    (
        "what is said anyway",
        obj(a={**TEXT, "readOnly": False, "deprecated": False}), obj(a=TEXT), "", "", "",
    ),
    ("other order", {"enum": ["a", "b"]}, {"enum": ["b", "a"]}, "", "", ""),
    ("variants in another order", {"oneOf": [CAT, DOG]}, {"oneOf": [DOG, CAT]}, "", "", ""),
    (
        "types in another order",
        obj("a b", a={"type": ["string", "null"]}, b=TEXT),
        obj("b a", b=TEXT, a={"type": ["null", "string"]}),
        "", "", "",
    ),
]


def _tagged(mapping: dict[str, str] | None, name: str = "kind", **variants: Any) -> dict[str, Any]:
    """Schemas in which `X` is one of *variants*, told apart by the member *name*."""
    references = [{"$ref": f"#/components/schemas/{one}"} for one in variants]
    mapped = {value: f"#/components/schemas/{one}" for value, one in (mapping or {}).items()}
    discriminator = {"propertyName": name, **({"mapping": mapped} if mapped else {})}
    return {"X": {"oneOf": references, "discriminator": discriminator}, **variants}


# Discriminators (OAS 3.1.1 section 4.8.25): components as a whole, `X` is what is sent and answered
DISCRIMINATOR_PAIRS: list[tuple[str, Any, Any, Any, str, str]] = [
    (
        "a value is mapped to another variant",
        _tagged({"c": "Cat", "d": "Dog"}, Cat=CAT, Dog=DOG),
        _tagged({"c": "Dog", "d": "Cat"}, Cat=CAT, Dog=DOG),
        [("discriminator-value-changed", "B", "B")] * 2, "", "",
    ),
    (
        "a value is mapped as well",
        _tagged(None, Cat=CAT, Dog=DOG), _tagged({"kitten": "Cat"}, Cat=CAT, Dog=DOG),
        "discriminator-value-added", "N", "B",
    ),
    (
        "a value is no longer mapped",
        _tagged({"kitten": "Cat"}, Cat=CAT, Dog=DOG), _tagged(None, Cat=CAT, Dog=DOG),
        "discriminator-value-removed", "B", "N",
    ),
    (
        "a variant has another name, which is a value",
        _tagged(None, Cat=CAT, Dog=DOG), _tagged(None, Feline=CAT, Dog=DOG),
        [("discriminator-value-added", "N", "B"), ("discriminator-value-removed", "B", "N")], "", "",
    ),
    (
        "a variant has another name, and is mapped",
        _tagged({"Cat": "Cat"}, Cat=CAT, Dog=DOG),
        _tagged({"Cat": "Feline", "Feline": "Feline"}, Feline=CAT, Dog=DOG),
        "discriminator-value-added", "N", "B",
    ),
    (
        "another member tells variants apart",
        _tagged(None, Cat=CAT, Dog=DOG), _tagged(None, "sort", Cat=CAT, Dog=DOG),
        "discriminator-changed", "B", "B",
    ),
    (
        "a variant more",
        _tagged(None, Cat=CAT, Dog=DOG), _tagged(None, Cat=CAT, Dog=DOG, Eel=EEL), "variant-added", "N", "B",
    ),
]
