"""Pairs of schemas, the second often made from the first by one change, and documents for them."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from hypothesis import strategies as st

Json = Any

NAMES = ("a", "b", "c", "d")
COMPONENTS = ("A", "B")
_TEXTS = ("", "a", "b", "ab", "abc", "1", "12")
_NUMBERS = (-1, 0, 1, 2, 3, 0.5, 2.5)
_PATTERNS = ("^a", "b$", "^[a-c]+$", "^[ab]*$", "1")
_KINDS = ("null", "boolean", "integer", "number", "string", "array", "object")

_SCALARS = st.sampled_from([None, True, False, *_NUMBERS, *_TEXTS])
ANYTHING: st.SearchStrategy[Json] = st.recursive(
    _SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from((*NAMES, "z")), inner, max_size=3)
    ),
    max_leaves=5,
)


def _some(**keywords: st.SearchStrategy[Json]) -> st.SearchStrategy[dict[str, Json]]:
    return st.fixed_dictionaries({}, optional=keywords)


def _with_type(
    kind: str, keywords: st.SearchStrategy[dict[str, Json]]
) -> st.SearchStrategy[dict[str, Json]]:
    kinds = st.sampled_from([kind, kind, [kind, "null"]])
    return st.builds(lambda named, said: {"type": named, **said}, kinds, keywords)


# Most schemas have to admit something, or there is no contract to compare: low minima, high maxima.
_FEW, _MANY = st.integers(0, 1), st.integers(2, 3)
_STRINGS = _with_type(
    "string", _some(minLength=_FEW, maxLength=_MANY, pattern=st.sampled_from(_PATTERNS))
)
_BOUNDS = {
    "minimum": st.sampled_from([-1, 0, 0.5]),
    "exclusiveMinimum": st.sampled_from([-1, 0, 0.5]),
    "maximum": st.sampled_from([6, 7, 7.5]),
    "exclusiveMaximum": st.sampled_from([6, 7, 7.5]),
}
_NUMERIC = _with_type("number", _some(**_BOUNDS)) | _with_type(
    "integer", _some(**_BOUNDS, multipleOf=st.sampled_from([2, 3]))
)
_LISTED = st.builds(
    lambda values: {"enum": values}, st.lists(_SCALARS, min_size=1, max_size=3, unique_by=repr)
)
_LEAVES = st.one_of(
    _STRINGS,
    _NUMERIC,
    _LISTED,
    st.sampled_from(
        [{}, True, {"type": "boolean"}, {"type": "null"}, {"type": ["string", "integer"]}]
    ),
)
_REFERENCES = st.builds(
    lambda name: {"$ref": f"#/components/schemas/{name}"}, st.sampled_from(COMPONENTS)
)


def _objects(inner: st.SearchStrategy[Json]) -> st.SearchStrategy[dict[str, Json]]:
    return _with_type(
        "object",
        _some(
            properties=st.dictionaries(st.sampled_from(NAMES), inner, max_size=3),
            required=st.lists(st.sampled_from(NAMES[:2]), max_size=1),
            additionalProperties=st.booleans() | inner,
            minProperties=_FEW,
            maxProperties=_MANY,
            propertyNames=st.sampled_from([{"pattern": "^[a-c]$"}, {"maxLength": 1}]),
        ),
    )


def _arrays(inner: st.SearchStrategy[Json]) -> st.SearchStrategy[dict[str, Json]]:
    return _with_type(
        "array",
        _some(
            items=inner,
            prefixItems=st.lists(inner, min_size=1, max_size=2),
            minItems=_FEW,
            maxItems=_MANY,
            uniqueItems=st.booleans(),
            contains=_LEAVES,
        ),
    )


def _combined(inner: st.SearchStrategy[Json]) -> st.SearchStrategy[dict[str, Json]]:
    lists = st.lists(inner, min_size=1, max_size=3)
    parts = st.lists(_objects(_LEAVES), min_size=1, max_size=2)
    return st.one_of(
        st.builds(lambda word, found: {word: found}, st.sampled_from(["oneOf", "anyOf"]), lists),
        st.builds(lambda found: {"allOf": found}, parts),
        st.builds(lambda found: {"not": found}, _LEAVES),
        st.builds(lambda one, two: {"if": one, "then": two}, _LEAVES, inner),
    )


def _nested(leaves: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
    return st.recursive(
        leaves,
        lambda inner: st.one_of(_objects(inner), _objects(inner), _arrays(inner), _combined(inner)),
        max_leaves=6,
    )


_OWN = _nested(_LEAVES)
SCHEMAS: st.SearchStrategy[Json] = _nested(_LEAVES | _REFERENCES)
_RECURSIVE = _objects(_LEAVES | _REFERENCES)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Json, Json]:
    """`components.schemas` of an old and a new document, each with `X`, which refers to the others."""
    inner = SCHEMAS | _objects(_REFERENCES) | _arrays(_REFERENCES)
    old = {"X": draw(inner), "A": draw(_RECURSIVE), "B": draw(_OWN)}
    new = copy.deepcopy(old)
    used = [name for name in COMPONENTS if f"/{name}'" in str(old["X"])]
    for _ in range(draw(st.sampled_from([1, 1, 1, 2, 3]))):
        name = draw(st.sampled_from(["X", *used]))
        new[name] = draw(_changed(new[name], _OWN if name == "B" else SCHEMAS))
    return old, new


@st.composite
def _changed(draw: st.DrawFn, schema: Json, others: st.SearchStrategy[Json]) -> Json:
    """*schema* with another schema in one place, or with a keyword more, less or of another value."""
    schema = copy.deepcopy(schema)
    path = draw(st.sampled_from(list(_schemas(schema))))
    inner = _at(schema, path)
    kind = draw(st.sampled_from(["keyword", "keyword", "less", "less", "other", "around"]))
    if kind == "keyword" and isinstance(inner, dict):
        made = {
            **inner,
            **draw(st.one_of(_STRINGS, _NUMERIC, _objects(_LEAVES), _arrays(_LEAVES), _LISTED)),
        }
        if "type" in inner and draw(st.booleans()):
            made["type"] = inner["type"]
    elif kind == "less" and isinstance(inner, dict) and inner:
        gone = draw(st.sampled_from(sorted(inner)))
        made = {word: value for word, value in inner.items() if word != gone}
    elif kind == "around":
        made = {
            draw(st.sampled_from(["allOf", "anyOf", "oneOf"])): [
                inner,
                *draw(st.lists(_LEAVES, max_size=1)),
            ]
        }
    else:
        made = draw(others)
    if not path:
        return made
    _at(schema, path[:-1])[path[-1]] = made
    return schema


def _schemas(schema: Json, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    if not isinstance(schema, dict):
        return
    for word, value in schema.items():
        if word in {"items", "additionalProperties", "not", "if", "then", "contains"}:
            yield from _schemas(value, (*path, word))
        elif word == "properties":
            for name, member in value.items():
                yield from _schemas(member, (*path, word, name))
        elif word in {"oneOf", "anyOf", "allOf", "prefixItems"}:
            for index, branch in enumerate(value):
                yield from _schemas(branch, (*path, word, index))


def _at(value: Json, path: tuple[Any, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


def documents(schemas: Mapping[str, Json], schema: Json, depth: int = 0) -> st.SearchStrategy[Json]:
    """Values that are likely to be valid against *schema*, and some that are anything."""
    if not isinstance(schema, dict) or depth > 4:
        return ANYTHING
    found: list[st.SearchStrategy[Json]] = []
    if "$ref" in schema:
        found.append(documents(schemas, schemas[schema["$ref"].rsplit("/", 1)[1]], depth + 1))
    if "enum" in schema:
        found.append(st.sampled_from(schema["enum"]))
    for word in ("oneOf", "anyOf", "allOf"):
        found += [documents(schemas, branch, depth + 1) for branch in schema.get(word, ())]
    found += [
        documents(schemas, schema[word], depth + 1) for word in ("if", "then") if word in schema
    ]
    named = schema.get("type", [])
    for kind in [named] if isinstance(named, str) else named:
        found.append(_of_kind(kind, schemas, schema, depth))
    if "properties" in schema and not named:
        found.append(_of_kind("object", schemas, schema, depth))
    return st.one_of(*found, *found, ANYTHING) if found else ANYTHING


def _of_kind(
    kind: str, schemas: Mapping[str, Json], schema: Json, depth: int
) -> st.SearchStrategy[Json]:
    match kind:
        case "object":
            members = {
                name: documents(
                    schemas,
                    schema.get("properties", {}).get(name, schema.get("additionalProperties")),
                    depth + 1,
                )
                for name in (*NAMES, "z")
            }
            required = schema.get("required", [])
            return st.fixed_dictionaries(
                {name: members[name] for name in required},
                optional={name: member for name, member in members.items() if name not in required},
            )
        case "array":
            first = [documents(schemas, one, depth + 1) for one in schema.get("prefixItems", ())]
            rest = st.lists(documents(schemas, schema.get("items"), depth + 1), max_size=4)
            return st.builds(lambda *parts: [*parts[:-1], *parts[-1]], *first, rest)
        case "string":
            return st.sampled_from(_TEXTS) | st.text("abc1", max_size=4)
        case "integer" | "number":
            near = [
                schema[word] + by for word in _BOUNDS if word in schema for by in (0, 1, -1, 0.5)
            ]
            return st.sampled_from([*_NUMBERS, *near, 4, 6, 12])
        case "boolean":
            return st.booleans()
    return st.none()
