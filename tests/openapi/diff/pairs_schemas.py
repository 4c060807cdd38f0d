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
LEFT = {**TEXT, "deprecated": True}
LEAVING = {**LEFT, "x-sunset": "2026-01-02"}
GONE = {**LEFT, "x-sunset": "2025-12-31"}
CAT = obj("kind", kind={"const": "cat"}, lives=WHOLE)
DOG = obj("kind", kind={"const": "dog"}, tricks=TEXT)
NODE = {"$ref": "#/components/schemas/Node"}
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
    (
        "a member of a closed object is left to a pattern",
        {**obj("", True, xa=TEXT), "patternProperties": {"^x": {}}},
        {**obj("", True), "patternProperties": {"^x": {}}}, "member-removed", "N", "B",
    ),
    (
        "a member is left to variants that have it",
        {**obj(a=TEXT), "anyOf": [obj("a", a=WHOLE), obj("b", b=TEXT)]},
        {"type": "object", "anyOf": [obj("a", a=WHOLE), obj("b", b=TEXT)]}, "member-removed", "N", "B",
    ),
    # The exception for members that only the new contract has is one for those that the old one is silent of
    (
        "a member that matches a pattern gets a type of its own",
        {"type": "object", "patternProperties": {"^x": TEXT}},
        {**obj(xa=WHOLE), "patternProperties": {"^x": TEXT}}, "member-added", "B", "N",
    ),
    (
        "a member of a variant gets a type of its own",
        {"type": "object", "anyOf": [obj(a=TEXT), obj(b=TEXT)]},
        {**obj(a=WHOLE), "anyOf": [obj(a=TEXT), obj(b=TEXT)]}, "member-added", "B", "N",
    ),
    (
        "a variant says otherwise of a member of the whole",
        {**obj(k=TEXT), "anyOf": [obj("a", a=TEXT), obj("b", b=TEXT)]},
        {**obj(k=TEXT), "anyOf": [obj("a", a=TEXT, k=WHOLE), obj("b", b=TEXT)]},
        "member-added", "B", "N",
    ),
    (
        "a member that another one asks for gets a type",
        {**obj("k", k=TEXT), "dependentRequired": {"k": ["a"]}},
        {**obj("k", k=TEXT, a=WHOLE), "dependentRequired": {"k": ["a"]}}, "member-added", "B", "N",
    ),
    (
        "a member that is described beside another gets a type",
        {**obj(k=TEXT), "dependentSchemas": {"k": {"properties": {"a": TEXT}}}},
        {**obj(k=TEXT, a=WHOLE), "dependentSchemas": {"k": {"properties": {"a": TEXT}}}},
        "member-added", "B", "N",
    ),
    (
        "a member whose name is listed gets a type",
        {"type": "object", "propertyNames": {"enum": ["a"]}},
        {**obj(a=TEXT), "propertyNames": {"enum": ["a"]}}, "member-added", "B", "N",
    ),
    (
        "a member that is asked for gets a type",
        {"type": "object", "required": ["a"]}, obj("a", a=TEXT), "member-added", "B", "N",
    ),
    (
        "a member of all variants is described for the whole",
        {"oneOf": [CAT, DOG]}, {**obj(kind=TEXT), "oneOf": [CAT, DOG]}, "member-added", "N", "N",
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
    # Members that are called as keywords are
    (
        "a member called `title` makes the difference to what is excluded",
        {"type": "object", "not": obj("title", type={"const": "q"}, title={"const": "a"})},
        {"type": "object", "not": obj("title", type={"const": "q"}, title={"const": "b"})},
        "not-changed", "B", "B",
    ),
    (
        "a member called `title` makes the difference to a value that is excluded",
        {"type": "object", "not": {"enum": [{"type": "q", "title": "a"}]}},
        {"type": "object", "not": {"enum": [{"type": "q", "title": "b"}]}}, "not-changed", "B", "B",
    ),
    (
        "a member called `default` makes the difference to a condition",
        {**obj(type=TEXT), "if": obj("default", default={"const": "a"}), "then": {"required": ["type"]}},
        {**obj(type=TEXT), "if": obj("default", default={"const": "b"}), "then": {"required": ["type"]}},
        "if-changed", "B", "B",
    ),
    (
        "a member called `description` makes the difference to an item that is asked for",
        {"type": "array", "contains": obj("description", type=TEXT, description={"const": "a"})},
        {"type": "array", "contains": obj("description", type=TEXT, description={"const": "b"})},
        "contains-changed", "B", "B",
    ),
    (
        "a member called `x-a` makes the difference to what goes with another",
        {**obj("a", a=TEXT), "dependentSchemas": {"a": obj(**{"type": TEXT, "x-a": {"const": "a"}})}},
        {**obj("a", a=TEXT), "dependentSchemas": {"a": obj(**{"type": TEXT, "x-a": {"const": "b"}})}},
        "dependent-schemas-changed", "B", "B",
    ),
    (
        "variants come to overlap in a member called `title`",
        {"oneOf": [obj("title", type=TEXT, title={"enum": [one]}) for one in ("a", "b")]},
        {"oneOf": [obj("title", type=TEXT, title={"enum": some}) for some in (["a"], ["b", "a"])]},
        [("one-of-narrowed", "B", "N"), ("enum-widened", "N", "N")], "", "",
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
        obj(a={**TEXT, "default": "a"}), obj(a={**TEXT, "default": "b"}), "default-changed", "B", "N",
    ),
    (
        "a default that nobody uses is exchanged",
        obj("a", a={**TEXT, "default": "a"}), obj("a", a={**TEXT, "default": "b"}),
        "default-changed", "N", "N",
    ),
    (
        "a default of items, which are there or are none, is exchanged",
        {"type": "array", "items": {**TEXT, "default": "a"}},
        {"type": "array", "items": {**TEXT, "default": "b"}}, "default-changed", "N", "N",
    ),
    (
        "a default that one of two members uses is exchanged",
        {"X": obj("a", a={"$ref": "#/components/schemas/T"}, b={"$ref": "#/components/schemas/T"}),
         "T": {**TEXT, "default": "a"}},
        {"X": obj("a", a={"$ref": "#/components/schemas/T"}, b={"$ref": "#/components/schemas/T"}),
         "T": {**TEXT, "default": "b"}},
        "default-changed", "B", "N",
    ),
    (
        "a default is written otherwise",
        obj(a={"default": {"p": 1, "q": [True]}}), obj(a={"default": {"q": [True], "p": 1.0}}), "", "", "",
    ),
    (
        "a default becomes a number",
        obj(a={"default": True}), obj(a={"default": 1}), "default-changed", "B", "N",
    ),
    ("a default is added", TEXT, {**TEXT, "default": "a"}, "default-added", "N", "N"),
    ("a default is removed", obj(a={**TEXT, "default": "a"}), obj(a=TEXT), "default-removed", "B", "N"),
    ("a member is deprecated", obj(a=TEXT), obj(a={**TEXT, "deprecated": True}), "deprecated", "N", "N"),
    (
        "a member leaves after its sunset",
        obj("a", True, a=GONE), obj("", True), "member-removed", "N", "N",
    ),
    (
        "a member leaves before its sunset",
        obj("a", True, a=LEAVING), obj("", True), "member-removed", "B", "B",
    ),
    (
        "another member is asked for in the place of one that leaves after its sunset",
        obj("a", a=GONE), obj("b", b=TEXT),
        [("member-removed", "N", "N"), ("member-added", "B", "N")], "", "",
    ),
    (
        "another member of a closed object takes the place of one that leaves after its sunset",
        obj("", True, a=GONE), obj("", True, b=TEXT),
        [("member-removed", "N", "N"), ("member-added", "N", "B")], "", "",
    ),
    (
        "a member that leaves after its sunset is asked for",
        obj(a=GONE), {"type": "object", "required": ["a"]},
        [("member-removed", "N", "N"), ("member-required", "B", "N")], "", "",
    ),
    (
        "a member stays after its sunset, and is another one",
        obj(a=GONE), {"type": "object", "patternProperties": {"^a$": WHOLE}}, "member-removed", "B", "B",
    ),
    ("a day to come is told", obj(a=LEFT), obj(a=LEAVING), "sunset-added", "N", "N"),
    ("a day that has come is told", obj(a=LEFT), obj(a=GONE), "sunset-passed", "B", "B"),
    ("a member is deprecated to go at once", obj(a=TEXT), obj(a=GONE), "sunset-passed", "B", "B"),
    (
        "a member with a day that has come is deprecated",
        obj(a={**GONE, "deprecated": False}), obj(a=GONE), "sunset-passed", "B", "B",
    ),
    ("a day is brought forward to the past", obj(a=LEAVING), obj(a=GONE), "sunset-earlier", "B", "B"),
    ("a day is taken back", obj(a=LEAVING), obj(a=LEFT), "sunset-removed", "N", "N"),
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
    ("a pattern that every text has", TEXT, {**TEXT, "pattern": ".*"}, "", "", ""),
    (
        "a length as a pattern",
        {**TEXT, "minLength": 1}, {**TEXT, "minLength": 1, "pattern": r"^[\s\S]+$"}, "", "", "",
    ),
    (
        "a length that a pattern implies",
        {**TEXT, "pattern": "^[a-z]{1,5}$"}, {**TEXT, "pattern": "^[a-z]{1,5}$", "maxLength": 5}, "", "", "",
    ),
    (
        "a length that a pattern implies, in place of it",
        {**TEXT, "pattern": r"^[\s\S]{0,200}$"}, {**TEXT, "maxLength": 200}, "", "", "",
    ),
    (
        "a pattern as a list of values",
        {**TEXT, "pattern": "^(a|b)$"}, {**TEXT, "enum": ["a", "b"]}, "", "", "",
    ),
    (
        "a pattern of a text that may be null as a list of values",
        {"type": ["string", "null"], "pattern": "^(a|b)$"}, {"enum": ["a", None, "b"]}, "", "", "",
    ),
    (
        "a variant more than one that leads back to itself",
        {"X": obj(a=NODE), "Node": obj(next=NODE)},
        {"X": obj(a={"oneOf": [NODE, TEXT]}), "Node": obj(next=NODE)}, "schema-widened", "N", "B",
    ),
    (
        "a variant that has something in common with one that leads back to itself",
        {"X": obj(a=NODE), "Node": obj(next=NODE, v=TEXT)},
        {"X": obj(a={"oneOf": [NODE, obj("v", v=TEXT)]}), "Node": obj(next=NODE, v=TEXT)},
        "schema-changed", "B", "B",
    ),
    (
        "values and types in another order, in variants that overlap",
        {"oneOf": [{"enum": ["a", "b"]}, {"type": ["string", "null"]}]},
        {"oneOf": [{"enum": ["b", "a"]}, {"type": ["null", "string"]}]}, "", "", "",
    ),
    ("a variant twice", {"anyOf": [TEXT, WHOLE]}, {"anyOf": [TEXT, WHOLE, TEXT]}, "", "", ""),
    (
        "a variant that another one includes",
        {"anyOf": [TEXT, {"type": "number"}]}, {"anyOf": [TEXT, WHOLE, {"type": "number"}]}, "", "", "",
    ),
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
