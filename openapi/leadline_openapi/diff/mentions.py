"""Does a contract say anything of a member that its object does not declare?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from leadline_openapi.diff.facing import Facing
from leadline_openapi.diff.reach import branches
from leadline_openapi.diff.view import Part, Places, View, matches


def is_spoken_of(facing: Facing, which: int, places: Places, name: str) -> bool:
    """
    Whether the schemas at *places* of the document *which* say anything of the member *name*.

    That is the case where it is declared, if only in one of several variants, where it is asked for or
    listed as a name, and where members that are not declared have a schema. Of such a member, callers know.
    """
    return any(
        name in seen.required
        or _is_admitted(facing, which, seen.member(name))
        or any(_is_named(part.schema, name) for part in seen.parts)
        for seen in _views(facing, which, places)
    )


def is_declared(facing: Facing, which: int, places: Places, name: str) -> bool:
    """Whether the schemas at *places* of the document *which* describe the member *name*, or some variant."""
    return any(
        name in seen.names or any(matches(pattern, name) for pattern in seen.patterns)
        for seen in _views(facing, which, places)
    )


def _is_admitted(facing: Facing, which: int, member: Places) -> bool:
    """Whether *member* are schemas of what somebody may send; nobody sends what is forbidden."""
    return bool(member) and not facing.view(which, member).impossible


def _views(facing: Facing, which: int, places: Places) -> Iterator[View]:
    """What is said at *places*, and what each schema says that may be asked of the same value."""
    known, waiting = set[str](places), [places]
    while waiting:
        seen = facing.view(which, waiting.pop())
        yield seen
        below = {at for part in seen.parts for at in _branches(part)} - known
        known |= below
        waiting += [(at,) for at in sorted(below)]


def _is_named(schema: Mapping[str, Any], name: str) -> bool:
    needs = schema.get("dependentRequired", {})
    names = schema.get("propertyNames")
    listed = [names.get("const"), *names.get("enum", ())] if isinstance(names, dict) else []
    return (
        name in needs
        or any(name in others for others in needs.values())
        or name in schema.get("dependentSchemas", ())
        or name in listed
    )


def _branches(part: Part) -> Iterator[str]:
    """The schemas that *part* may ask the same value to fit, or not to fit."""
    yield from branches(part.at, part.schema)
    if "not" in part.schema:
        yield f"{part.at}/not"
