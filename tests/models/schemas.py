"""Schemas of every kind, above all such that say of one value in several places what it has to be."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

LIBRARY: dict[str, Any] = {
    "Word": {"type": "string", "maxLength": 2},
    "Cat": {
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {"const": "cat"}, "a": {"type": "integer"}},
    },
    "Kitten": {
        "allOf": [
            {"$ref": "#/components/schemas/Cat"},
            {"type": "object", "properties": {"b": {"type": "string"}}},
        ]
    },
    "Loose": {
        "type": "object",
        "properties": {
            "a": {},
            "b": {"type": ["string", "null"]},
            "name": {"type": "object"},
            "kids": {"type": "array", "items": {"type": "string"}},
        },
    },
    "Typed": {"type": "object", "additionalProperties": {"type": "integer"}, "required": ["a"]},
    "Node": {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Node"}}},
}
"""Schemas to refer to; the models hold all that they say."""

_NAMES = st.sampled_from(["a", "b", "kind", "name", "kids", "next"])
_KINDS = st.sampled_from(["string", "integer", "number", "boolean", "null"])
_TYPES = _KINDS | st.lists(_KINDS, min_size=2, max_size=2, unique=True)
_REFERENCES = st.sampled_from(sorted(LIBRARY)).map(
    lambda name: {"$ref": f"#/components/schemas/{name}"}
)


def _with(
    base: st.SearchStrategy[Any], **optional: st.SearchStrategy[Any]
) -> st.SearchStrategy[Any]:
    more = st.fixed_dictionaries({}, optional=optional)
    return st.builds(lambda one, two: {**one, **two}, base, more)


_LISTED = st.lists(st.sampled_from(["a", "b", "abc", None]), min_size=1, max_size=3, unique=True)
_VALUES = st.one_of(
    _with(st.builds(lambda listed: {"enum": listed}, _LISTED), type=_TYPES),
    _with(st.builds(lambda value: {"const": value}, st.sampled_from(["a", None])), type=_TYPES),
)
_SCALARS = st.one_of(
    st.just({}),
    st.just({"description": "Says nothing."}),
    st.builds(lambda kinds: {"type": kinds}, _TYPES),
    _with(
        st.builds(lambda kinds: {"type": kinds}, _TYPES),
        minLength=st.integers(0, 2),
        minimum=st.integers(0, 3),
        exclusiveMaximum=st.integers(4, 6),
    ),
    _VALUES,
    _REFERENCES,
)


def _members(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return _with(
        st.builds(
            lambda members: {"type": "object", "properties": members},
            st.dictionaries(_NAMES, inner, min_size=1, max_size=3),
        ),
        required=st.lists(_NAMES, max_size=2, unique=True),
        additionalProperties=st.sampled_from([False, True, {"type": "integer"}]),
        type=st.sampled_from(["object", ["object", "null"]]),
    )


def _together(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Parts of one value, as `allOf` or beside a reference."""
    objects = _members(inner) | _REFERENCES
    parts = st.lists(objects, min_size=1, max_size=3) | st.lists(inner, min_size=1, max_size=2)
    all_of = st.builds(lambda found: {"allOf": found}, parts)
    beside = _members(inner) | st.builds(lambda kinds: {"type": kinds}, _TYPES)
    merged = st.builds(lambda one, two: {**one, **two}, all_of | _REFERENCES, beside)
    return all_of | merged


def _around(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(
        _members(inner),
        _together(inner),
        st.builds(lambda items: {"type": "array", "items": items}, inner),
        st.builds(lambda value: {"type": "object", "additionalProperties": value}, inner),
        st.builds(lambda one: {"anyOf": [one, {"type": "null"}]}, inner),
        st.builds(lambda one, two: {"anyOf": [one, two]}, inner, inner),
    )


SCHEMAS: st.SearchStrategy[Any] = st.recursive(_SCALARS, _around, max_leaves=6) | _together(
    st.recursive(_SCALARS, _around, max_leaves=3)
)
