"""Pairs of schemas, the second often made from the first by one change, and documents for them."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from itertools import combinations, product
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


# Of names, so that some match none, one or two of them.
_NAMED = st.sampled_from(["^a$", "^[ab]$", "c|d", "^z"])
_REST = st.sampled_from([False, False, True, {"type": "string"}, {"type": "number"}])


def _or_none(inner: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
    """Mostly *inner*, and sometimes the schema that admits nothing."""
    return st.one_of(*[inner] * 7, st.just(False))


def _objects(inner: st.SearchStrategy[Json]) -> st.SearchStrategy[dict[str, Json]]:
    return _with_type(
        "object",
        _some(
            properties=st.dictionaries(st.sampled_from(NAMES), _or_none(inner), max_size=3),
            patternProperties=st.dictionaries(_NAMED, _or_none(inner), min_size=1, max_size=2),
            required=st.lists(st.sampled_from(NAMES[:2]), max_size=1),
            additionalProperties=st.booleans() | inner,
            unevaluatedProperties=_REST,
            minProperties=_FEW,
            maxProperties=_MANY,
            propertyNames=st.sampled_from([{"pattern": "^[a-c]$"}, {"maxLength": 1}]),
        ),
    )


def _arrays(inner: st.SearchStrategy[Json]) -> st.SearchStrategy[dict[str, Json]]:
    return _with_type(
        "array",
        _some(
            items=_or_none(inner),
            prefixItems=st.lists(_or_none(inner), min_size=1, max_size=2),
            unevaluatedItems=_REST,
            minItems=_FEW,
            maxItems=_MANY,
            uniqueItems=st.booleans(),
            contains=_LEAVES,
        ),
    )


_CONDITION: tuple[str, ...] = ("if", "then", "else")


def _conditional(inner: st.SearchStrategy[Json]) -> st.SearchStrategy[dict[str, Json]]:
    """Schemas of which it depends on the value what they say of members and items."""
    return st.one_of(
        st.builds(
            lambda word, found: {word: found},
            st.sampled_from(["oneOf", "anyOf"]),
            st.lists(inner, min_size=1, max_size=2),
        ),
        st.builds(lambda *found: dict(zip(_CONDITION, found, strict=True)), *[inner] * 3),
        st.builds(
            lambda name, found: {"dependentSchemas": {name: found}}, st.sampled_from(NAMES), inner
        ),
    )


def _closed(inner: st.SearchStrategy[Json]) -> st.SearchStrategy[dict[str, Json]]:
    """Objects and lists that refuse, or limit, what none of their branches has evaluated."""
    member = _with_type("object", _some(properties=st.dictionaries(st.sampled_from(NAMES), inner)))
    said = st.builds(
        lambda members, names: {"properties": members, "required": names},
        st.dictionaries(st.sampled_from(NAMES), inner, min_size=1, max_size=2),
        st.lists(st.sampled_from(NAMES), max_size=1),
    )
    first = st.builds(lambda found: {"prefixItems": found}, st.lists(inner, min_size=1, max_size=2))
    made = []
    for word, outer, branches in (
        ("unevaluatedProperties", member, said),
        (
            "unevaluatedItems",
            _arrays(inner),
            first | st.builds(lambda one: {"contains": one}, inner),
        ),
    ):
        made.append(
            st.builds(
                lambda *found, word=word: {**found[0], **found[1], word: found[2]},
                outer,
                _conditional(branches),
                _REST,
            )
        )
    return st.one_of(*made)


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
        lambda inner: st.one_of(
            _objects(inner), _objects(inner), _arrays(inner), _combined(inner), _closed(inner)
        ),
        max_leaves=6,
    )


_OWN = _nested(_LEAVES)
SCHEMAS: st.SearchStrategy[Json] = _nested(_LEAVES | _REFERENCES)
_RECURSIVE = _objects(_LEAVES | _REFERENCES)


_MEMBERS = st.sampled_from(
    [{"type": "string"}, {"type": "integer"}, {"type": ["string", "null"]}, {}]
)
_DECLARED = st.dictionaries(st.sampled_from(NAMES), _MEMBERS, min_size=1, max_size=2)
_SPEAKING = st.one_of(
    st.builds(lambda members: {"properties": members}, _DECLARED),
    st.builds(lambda name: {"required": [name]}, st.sampled_from(NAMES)),
)
_SEVERAL = st.lists(_SPEAKING, min_size=1, max_size=2)
_FLAT = {
    "properties": _DECLARED,
    "patternProperties": st.dictionaries(
        st.sampled_from(["^a$", "^b", "c|d"]), _MEMBERS, max_size=2
    ),
    "additionalProperties": _MEMBERS,
    "required": st.lists(st.sampled_from(NAMES), max_size=1),
    "anyOf": _SEVERAL,
    "oneOf": _SEVERAL,
    "dependentSchemas": st.dictionaries(st.sampled_from(NAMES), _SPEAKING, min_size=1, max_size=1),
    "dependentRequired": st.dictionaries(
        st.sampled_from(NAMES), st.lists(st.sampled_from(NAMES), max_size=1), min_size=1, max_size=1
    ),
    "propertyNames": st.builds(
        lambda names: {"enum": sorted(names)}, st.sets(st.sampled_from(NAMES), min_size=2)
    ),
    "if": _SPEAKING,
    "then": _SPEAKING,
}
FLAT_KEYWORDS = tuple(_FLAT)
FLAT_VALUES = st.sampled_from(["", "a", 1, None])
FLAT: st.SearchStrategy[dict[str, Json]] = st.sampled_from(FLAT_KEYWORDS).flatmap(
    lambda word: (
        st.fixed_dictionaries({word: _FLAT[word]}, optional={"properties": _DECLARED})
        if word != "properties"
        else st.fixed_dictionaries({word: _FLAT[word]})
    )
)
"""Keywords of objects that speak of members in other ways than to declare them."""


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


_ALONE = frozenset(
    (
        *("items", "additionalProperties", "unevaluatedItems", "unevaluatedProperties"),
        *("not", "if", "then", "else", "contains"),
    )
)


def _schemas(schema: Json, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    if not isinstance(schema, dict):
        return
    for word, value in schema.items():
        if word in _ALONE:
            yield from _schemas(value, (*path, word))
        elif word in {"properties", "patternProperties", "dependentSchemas"}:
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
    found += [documents(schemas, schema[word], depth + 1) for word in _BRANCHES if word in schema]
    found += [
        documents(schemas, one, depth + 1) for one in schema.get("dependentSchemas", {}).values()
    ]
    named = schema.get("type", [])
    for kind in [named] if isinstance(named, str) else named:
        found.append(_of_kind(kind, schemas, schema, depth))
    if "properties" in schema and not named:
        found.append(_of_kind("object", schemas, schema, depth))
    if len(found) > 1:
        found.append(st.builds(_merged, *found[-2:]))
    return st.one_of(*found, *found, ANYTHING) if found else ANYTHING


_BRANCHES = ("if", "then", "else")


def _merged(one: Json, other: Json) -> Json:
    """What fits two schemas of objects, if *one* and *other* are objects."""
    return {**other, **one} if isinstance(one, dict) and isinstance(other, dict) else one


def _of_member(schema: Json, name: str) -> Json:
    """What *schema* says of the member *name*."""
    if name in schema.get("properties", {}):
        return schema["properties"][name]
    for pattern, member in schema.get("patternProperties", {}).items():
        if re.search(pattern, name):
            return member
    return schema.get("additionalProperties", schema.get("unevaluatedProperties"))


def _small() -> Iterator[Json]:
    """Every document of few values and names, all that fits into a second."""
    scalars: list[Json] = [None, True, False, *_NUMBERS, *_TEXTS]
    nested: list[Json] = [[], {}, [1], ["a"], {"a": 1}, {"a": "a"}, {"b": 1}, {"z": 0}, [1, 1]]
    few: list[Json] = [None, 1, "a", 2, "ab", {"a": 1}]
    pools = {1: [*scalars, *nested], 2: few, 3: few[:3]}
    yield from scalars
    yield from ([], {})
    for count, pool in pools.items():
        for values in product(pool, repeat=count):
            yield list(values)
        for names in combinations((*NAMES, "z"), count):
            for values in product(pool, repeat=count):
                yield dict(zip(names, values, strict=True))


SMALL: tuple[Json, ...] = tuple(_small())


def _of_kind(
    kind: str, schemas: Mapping[str, Json], schema: Json, depth: int
) -> st.SearchStrategy[Json]:
    match kind:
        case "object":
            members = {
                name: documents(schemas, _of_member(schema, name), depth + 1)
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
