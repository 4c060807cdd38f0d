"""One schema, one keyword of it weakened, removed or tightened."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from leadline_contracts.mutants.mutant import label

_NEIGHBOURS = {
    "string": "number",
    "number": "string",
    "integer": "number",
    "boolean": "string",
    "array": "string",
    "object": "string",
    "null": "string",
}
"""What a lenient server takes for what: the coercions that are met most often."""
_STEPS = {"minLength": -1, "minItems": -1, "minProperties": -1, "maxLength": 1, "maxItems": 1}
_BOUNDS = ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum")
_DROPPED = (
    *("pattern", "format", "multipleOf", "uniqueItems", "const", "items", "contains", "not"),
    *("propertyNames", "patternProperties", "dependentRequired", "if", "prefixItems"),
    *("minProperties", "maxProperties", "minLength", "maxLength", "minItems", "maxItems", *_BOUNDS),
)


class Change(NamedTuple):
    """The changed *schema*; *id* is a part of the mutant's id, *does* says what the server does."""

    id: str
    does: str
    schema: Any


def changes(schema: dict[str, Any]) -> Iterator[Change]:
    """Every change of *schema* by one keyword, in a stable order."""
    yield from _types(schema)
    yield from _enum(schema)
    yield from _limits(schema)
    yield from _members(schema)
    for word in _DROPPED:
        if word in schema:
            rest = {key: value for key, value in schema.items() if key != word}
            yield Change(f"{word}/dropped", f"does not look at `{word}`", rest)
    for word in ("anyOf", "oneOf", "allOf"):
        branches = schema.get(word, ())
        for number in range(len(branches) if len(branches) > 1 else 0):
            fewer = [*branches[:number], *branches[number + 1 :]]
            does = f"forgets branch {number} of `{word}`"
            yield Change(f"{word}/without:{number}", does, {**schema, word: fewer})


def _types(schema: dict[str, Any]) -> Iterator[Change]:
    if "type" not in schema:
        return
    named = schema["type"]
    listed = [named] if isinstance(named, str) else list(named)
    values = schema.get("enum")
    further = ["null"] if values else ["null", *(_NEIGHBOURS[name] for name in listed)]
    for name in dict.fromkeys(further):
        if name not in listed:
            wider = {**schema, "type": [*listed, name]}
            if values:
                wider["enum"] = [*values, None]
            yield Change(f"type/also:{name}", f"takes {name} too", wider)
    if len(listed) > 1:
        for name in listed:
            fewer = [one for one in listed if one != name]
            yield Change(f"type/not:{name}", f"refuses {name}", {**schema, "type": fewer})
    if "number" in listed:
        whole = ["integer" if one == "number" else one for one in listed]
        yield Change("type/integer-only", "refuses fractions", {**schema, "type": whole})


def _enum(schema: dict[str, Any]) -> Iterator[Change]:
    values = schema.get("enum")
    if not values:
        return
    for value in values if len(values) > 1 else ():
        fewer = [one for one in values if one is not value]
        does = f"refuses the value {value!r}"
        yield Change(f"enum/one-value-less:{label(value)}", does, {**schema, "enum": fewer})
    for near in _near(values):
        wider = {**schema, "enum": [*values, near]}
        yield Change(f"enum/one-value-more:{label(near)}", f"takes {near!r} too", wider)
    rest = {key: value for key, value in schema.items() if key != "enum"}
    yield Change("enum/dropped", "takes any value", rest)


def _near(values: list[Any]) -> Iterator[Any]:
    """One near miss of each kind, of the first value that has it."""
    kinds = (str.lower, str.upper, str.strip, lambda text: f"{text} ", lambda text: text[:-1])
    texts = [value for value in values if isinstance(value, str) and value]
    given: list[Any] = list(values)
    for kind in kinds:
        for text in texts:
            if (near := kind(text)) not in given:
                given.append(near)
                yield near
                break
    if "" not in given and texts:
        yield ""
    numbers = [value for value in values if isinstance(value, int) and not isinstance(value, bool)]
    if numbers and max(numbers) + 1 not in given:
        yield max(numbers) + 1


def _limits(schema: dict[str, Any]) -> Iterator[Change]:
    for word, step in _STEPS.items():
        if word in schema:
            for by, how in ((step, "looser"), (-step, "tighter")):
                if schema[word] + by >= 0:
                    limit = schema[word] + by
                    does = f"holds `{word}` to be {limit}, not {schema[word]}"
                    yield Change(f"{word}/one-{how}", does, {**schema, word: limit})
    for word in _BOUNDS:
        if isinstance(bound := schema.get(word), int | float) and not isinstance(bound, bool):
            for by in (-1, 1):
                does = f"holds `{word}` to be {bound + by}, not {bound}"
                kind = "less" if by < 0 else "more"
                yield Change(f"{word}/one-{kind}", does, {**schema, word: bound + by})
            other = (
                word.replace("exclusiveM", "m") if "exclusive" in word else f"exclusiveM{word[1:]}"
            )
            rest = {key: value for key, value in schema.items() if key != word}
            does = f"takes `{word}` for `{other}`"
            yield Change(f"{word}/as-{other}", does, {**rest, other: bound})


def _members(schema: dict[str, Any]) -> Iterator[Change]:
    required = schema.get("required", [])
    for name in required:
        rest = [one for one in required if one != name]
        does = f"does not ask for `{name}`"
        yield Change(f"required/without:{label(name)}", does, {**schema, "required": rest})
    for name in schema.get("properties", {}):
        if name not in required:
            more = {**schema, "required": [*required, name]}
            yield Change(f"required/also:{label(name)}", f"insists on `{name}`", more)
    closed = schema.get("additionalProperties")
    if closed is not None and closed is not True:
        opened = {**schema, "additionalProperties": True}
        yield Change("additionalProperties/opened", "takes members that are not known", opened)
    elif schema.get("properties") and not {"allOf", "anyOf", "oneOf"} & schema.keys():
        shut = {**schema, "additionalProperties": False}
        yield Change("additionalProperties/closed", "refuses members that are not known", shut)
