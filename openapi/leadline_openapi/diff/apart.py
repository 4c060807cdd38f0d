"""Is it proven that no value fits both of two schemas?"""

from __future__ import annotations

import jsonschema_rs
from jsonschema_rs import canonical

from leadline_openapi.diff.facing import Facing, referring
from leadline_openapi.diff.view import Places

_DEEPEST = 3
"""Members in members that are looked at for what tells objects apart."""


def are_apart(facing: Facing, which: int, one: Places, other: Places, depth: int = 0) -> bool:
    """Whether it is proven that no value fits the schemas at *one* and those at *other*."""
    left, right = facing.view(which, one), facing.view(which, other)
    common = left.types & right.types
    if not common:
        return True
    if common == {"object"} and depth < _DEEPEST:
        for name in sorted(left.required & right.required):
            if are_apart(facing, which, left.member(name), right.member(name), depth + 1):
                return True
    forms = [facing.canonical(which, referring(places) or [{}]) for places in (one, other)]
    return _are_disjoint(*forms)


def _are_disjoint(
    one: jsonschema_rs.CanonicalSchema | None, other: jsonschema_rs.CanonicalSchema | None
) -> bool:
    if one is None or other is None:
        return False
    try:
        return bool(one.intersect(other).satisfiability() == canonical.Satisfiability.NO)
    except canonical.CanonicalizationError:
        return False
