"""The member by which the branches of an anyOf or oneOf are told apart, where a value has no fitting one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import jsonschema_rs

Branch = Sequence[jsonschema_rs.ValidationError]


def tag(value: Any, depth: int, branches: Sequence[Branch]) -> tuple[str, tuple[Any, ...]] | None:
    """
    The member of *value*, which is *depth* levels deep, that every one of *branches* finds fault with.

    With it come the values that the branches want there: none where it is missing. `None` where there is
    no such member.
    """
    if not isinstance(value, dict):
        return None
    found = [_wanted(branch, depth) for branch in branches]
    for name in found[0] if found else ():
        if all(name in wanted for wanted in found):
            return name, tuple(option for wanted in found for option in wanted[name])
    return None


def _wanted(branch: Branch, depth: int) -> dict[str, tuple[Any, ...]]:
    """The members that *branch* misses, or wants to have another value, with the values that would do."""
    found: dict[str, tuple[Any, ...]] = {}
    for error in branch:
        path, parts = tuple(error.instance_path), error.kind.as_dict()
        match error.kind.name:
            case "required" if len(path) == depth:
                found[parts["property"]] = ()
            case "const" if len(path) == depth + 1:
                found[str(path[-1])] = (parts["expected_value"],)
            case "enum" if len(path) == depth + 1:
                found[str(path[-1])] = tuple(parts["options"])
    return found
