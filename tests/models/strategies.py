"""Documents around a JSON Schema: valid ones, ones with a single fault, and ones with anything in them."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from hypothesis import strategies as st

Json = Any
Path = tuple[str | int, ...]

WHOLE = st.integers(-(2**70), 2**70) | st.sampled_from([0, 1, -1, 10**400])
NUMBERS = (
    WHOLE | st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from([1.0, -0.0, 1e300])
)
TEXTS = st.text(st.characters(exclude_categories=()), max_size=6) | st.sampled_from(
    ["", "1", "true", "null", "A\n", "\ud800", "\udfff\ud800", "😀", "\x00"]
)
NAMES = st.text(max_size=6)  # without unpaired surrogates, which Pydantic cannot hold in a name
SCALARS = st.none() | st.booleans() | NUMBERS | TEXTS
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=6,
)


def valid(schema: Any, document: Mapping[str, Any]) -> st.SearchStrategy[Json]:
    """Values that are valid against *schema*, which refers into *document*."""
    if "$ref" in schema:
        target: Any = document
        for token in schema["$ref"].split("/")[1:]:
            target = target[token]
        return valid(target, document)
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if branches := schema.get("anyOf") or schema.get("allOf"):
        return st.one_of([valid(branch, document) for branch in branches])
    kinds = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
    return st.one_of([_typed(kind, schema, document) for kind in kinds])


def _typed(kind: str, schema: Any, document: Mapping[str, Any]) -> st.SearchStrategy[Json]:
    simple = {
        "null": st.none(),
        "boolean": st.booleans(),
        "integer": WHOLE | st.sampled_from([1.0, 2e3, -0.0, 1e300]),
        "number": NUMBERS,
        "string": TEXTS,
    }
    if kind == "array":
        items = valid(schema["items"], document)
        return st.lists(items, min_size=schema.get("minItems", 0), max_size=3)
    return simple[kind] if kind in simple else _object(schema, document)


@st.composite
def _object(draw: st.DrawFn, schema: Any, document: Mapping[str, Any]) -> Json:
    members: dict[str, Any] = schema["properties"]
    required = schema.get("required", [])
    chosen = draw(st.sets(st.sampled_from(sorted(members)), max_size=6))
    found = {name: draw(valid(members[name], document)) for name in [*required, *sorted(chosen)]}
    if schema.get("additionalProperties", True) is True:
        extra = draw(st.dictionaries(NAMES, ANYTHING, max_size=1))
        found = {**extra, **found}
    return found


@st.composite
def documents(draw: st.DrawFn, schema: Any, document: Mapping[str, Any]) -> Json:
    """Valid values of *schema*, half of them with one to three changes somewhere."""
    value = draw(valid(schema, document))
    for _ in range(draw(st.sampled_from([0, 0, 0, 1, 1, 2, 3]))):
        value = draw(_changed(value, schema, document))
    return value


@st.composite
def _changed(draw: st.DrawFn, value: Json, schema: Any, document: Mapping[str, Any]) -> Json:
    value = copy.deepcopy(value)
    paths = list(_paths(value))
    path = draw(st.sampled_from(paths))
    old = _at(value, path)
    if isinstance(old, dict) and draw(st.booleans()):
        new = draw(_with_member(old, schema, document))
    else:
        new = draw(_near(old) | ANYTHING)
    if not path:
        return new
    _at(value, path[:-1])[path[-1]] = new
    return value


@st.composite
def _with_member(draw: st.DrawFn, old: Json, schema: Any, document: Mapping[str, Any]) -> Json:
    """*old* with a member more, known or unknown, or with one less."""
    if old and draw(st.booleans()):
        gone = draw(st.sampled_from(sorted(old)))
        return {name: member for name, member in old.items() if name != gone}
    known = sorted(schema.get("properties", {})) or ["id"]
    lookalikes = [name.lower() for name in known] + [f"{name}_" for name in known]
    name = draw(st.sampled_from(known) | st.sampled_from(lookalikes) | NAMES)
    return {**old, name: draw(ANYTHING)}


def _near(value: Json) -> st.SearchStrategy[Json]:
    """Values that a careless reader takes for *value*."""
    found: list[Json] = [None, [value], [], {}, {"id": value}]
    if isinstance(value, str):
        found += [value.upper(), value.lower(), value.title(), f"{value}\n", f" {value}", [*value]]
    if isinstance(value, int | float):
        found += [str(value), bool(value), not value, value + 0.5 if abs(value) < 2**50 else 0.5]
    if isinstance(value, int) and abs(value) < 2**53:
        found += [float(value), int(value)]
    if isinstance(value, list):
        found += [[*value, *value], [*value, None], {"0": value}, *value[:1]]
    return st.sampled_from(found)


def _paths(value: Json, path: Path = ()) -> Iterator[Path]:
    yield path
    inner: Any = ()
    if isinstance(value, dict):
        inner = value.items()
    elif isinstance(value, list):
        inner = enumerate(value)
    for key, member in inner:
        yield from _paths(member, (*path, key))


def _at(value: Json, path: Path) -> Any:
    for key in path:
        value = value[key]
    return value
