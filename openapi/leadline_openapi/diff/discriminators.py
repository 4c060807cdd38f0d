"""Compare `discriminator`: which member tells variants apart, and what each value of it stands for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from leadline_openapi import pointer as pointers
from leadline_openapi.diff.difference import Difference
from leadline_openapi.diff.facing import NEW, OLD
from leadline_openapi.diff.said import B, N, Sides
from leadline_openapi.diff.view import View
from leadline_openapi.diff.walk import Pair

if TYPE_CHECKING:
    from leadline_openapi.diff.nodes import Nodes


def differences(nodes: Nodes, pair: Pair, old: View, new: View) -> Iterator[Difference]:
    """
    What the discriminator says otherwise of the variants that both documents have.

    It "does not change the validation" (OAS 3.1.1 section 4.8.25), but senders write by it and readers
    choose by it. A variant more or less is told by itself.
    """
    before, after = old.first("discriminator"), new.first("discriminator")
    if before is None or after is None:
        if before is not None:
            yield _told("discriminator-removed", pair, old, new, (N, B))
        elif after is not None:
            yield _told("discriminator-added", pair, old, new, (N, N))
        return
    names = before[1].get("propertyName"), after[1].get("propertyName")
    if names[OLD] != names[NEW]:
        yield _told("discriminator-changed", pair, old, new, (B, B), names)
    yield from _defaults(nodes, pair, old, new)
    values = _mapping(old, before[1]), _mapping(new, after[1])
    for value in dict.fromkeys((*values[OLD], *values[NEW])):
        found = _value(nodes, value, values)
        if found is not None:
            code, sides = found
            shown = (
                value if value in values[OLD] else None,
                value if value in values[NEW] else None,
            )
            yield _told(code, pair, old, new, sides, shown, value)


def _defaults(nodes: Nodes, pair: Pair, old: View, new: View) -> Iterator[Difference]:
    """What values without a meaning of their own stand for (OAS 3.2.0 section 4.25.1)."""
    before, after = _default(old), _default(new)
    shown = tuple(pointers.tokens(at)[-1] if at else None for at in (before, after))
    told = shown[OLD], shown[NEW]
    if before and not after:
        yield _told("discriminator-default-removed", pair, old, new, (B, N), told)
    elif after and not before:
        yield _told("discriminator-default-added", pair, old, new, (N, B), told)
    elif before and after and not _is_one(nodes, before, after):
        yield _told("discriminator-default-changed", pair, old, new, (B, B), told)


def _default(seen: View) -> str:
    said = seen.first("discriminator")
    return str(said[1].get("defaultMapping", ""))[1:] if said else ""


def _value(
    nodes: Nodes, value: str, values: tuple[Mapping[str, str], Mapping[str, str]]
) -> tuple[str, Sides] | None:
    old, new = values
    if value in old and value in new:
        return (
            None
            if _is_one(nodes, old[value], new[value])
            else ("discriminator-value-changed", (B, B))
        )
    if value in old and any(_is_one(nodes, old[value], at) for at in new.values()):
        return "discriminator-value-removed", (B, N)
    if value in new and any(_is_one(nodes, at, new[value]) for at in old.values()):
        return "discriminator-value-added", (N, B)
    return None


def _is_one(nodes: Nodes, old: str, new: str) -> bool:
    """Whether two schemas are one variant: by name, or because they are written alike."""
    return pointers.tokens(old)[-1] == pointers.tokens(new)[-1] or nodes.identity.are(
        {"$ref": f"#{old}"}, {"$ref": f"#{new}"}
    )


def _mapping(seen: View, said: Mapping[str, Any]) -> dict[str, str]:
    """What each value stands for: as mapped, and else the name of the schema (OAS 3.1.1 section 4.8.25.4)."""
    references = [
        branch["$ref"][1:]
        for part in seen.parts
        for keyword in ("oneOf", "anyOf")
        for branch in part.schema.get(keyword, ())
        if isinstance(branch, dict) and isinstance(branch.get("$ref"), str)
    ]
    implied = {pointers.tokens(at)[-1]: at for at in references}
    mapped = {value: str(target)[1:] for value, target in said.get("mapping", {}).items()}
    return {**implied, **mapped}


def _told(
    code: str,
    pair: Pair,
    old: View,
    new: View,
    sides: Sides,
    shown: tuple[Any, Any] = (None, None),
    detail: str = "",
) -> Difference:
    before, after = old.first("discriminator"), new.first("discriminator")
    return Difference(
        code=code,
        pair=pair,
        old_at=before[0] if before else next(iter(pair[OLD]), None),
        new_at=after[0] if after else next(iter(pair[NEW]), None),
        ruled={"request": sides[0], "response": sides[1]},
        before=shown[OLD],
        after=shown[NEW],
        detail=detail,
    )
