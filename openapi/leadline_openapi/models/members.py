"""What several schemas say of one member of an object."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from leadline_openapi import pointer as pointers
from leadline_openapi.jsontext import same
from leadline_openapi.models.kinds import (
    NARROWING,
    UNIONS,
    Document,
    among,
    asserted,
    is_composed,
    is_nullable_object,
    is_object,
    json_type,
    literals,
    parts,
    types,
)
from leadline_openapi.models.merging import merge

MADE = "/~~"
"""Goes between the pointers of what a schema is made of, in place of its own; in no pointer (RFC 6901)."""

_SCALARS = frozenset(("null", "boolean", "integer", "number", "string"))


@dataclass(frozen=True, slots=True)
class Member:
    """The *schema* of a member, its *pointer*, and that of the named schema that is its *home*, if any."""

    schema: Any
    pointer: str
    home: str = ""

    def target(self, document: Any) -> str:
        """The pointer of the schema that it refers to, if it says nothing else; else its own."""
        schema, pointer = self.schema, self.pointer
        while isinstance(schema, dict) and "$ref" in schema and not is_composed(schema):
            pointer = schema["$ref"][1:]
            schema = pointers.find(document, pointer)
        return pointer

    def part(self, document: Any) -> Any:
        """What stands for it in an `allOf`: a reference, unless it was made and stands nowhere."""
        target = self.target(document)
        try:
            stands = same(pointers.find(document, self.pointer), self.schema)
        except LookupError:
            stands = False
        return {"$ref": f"#{target}"} if stands or target != self.pointer else self.schema


def together(document: Document, said: Sequence[Member]) -> Member:
    """One member that is all that is *said*: one of them if that says it all, or an `allOf`."""
    different: list[Member] = []
    for one in said:
        if asserted(one.schema) and not any(_alike(one, other) for other in different):
            different.append(one)
    left = [one for one in different if not _is_implied(document, one, different)] or [said[-1]]
    texts = {
        word: one.schema[word]
        for one in said
        for word in ("description", "default")
        if isinstance(one.schema, dict) and word in one.schema
    }
    if len(left) == 1:
        schema = left[0].schema if isinstance(left[0].schema, dict) else {}
        return replace(left[0], schema={**schema, **texts}) if texts else left[0]
    targets = [one.target(document) for one in left]
    schema = {"allOf": [one.part(document) for one in left], **texts}
    return Member(schema, MADE + MADE.join(targets))


def is_narrower(document: Document, said: Sequence[Member], before: Iterable[Member]) -> bool:
    """Whether Python takes the type of a member that is all *said* for one that narrows *before*."""
    before = tuple(before)
    if {one.pointer for one in said} == {one.pointer for one in before}:
        return True
    old = together(document, before) if before else Member(True, "")
    new = together(document, said)
    if new.target(document) == old.target(document):
        return True
    if _alike(new, old) and not _has_class(document, new.schema):
        return True
    if is_object(document, new.schema):
        return False
    merged = merge(document, new.schema)
    before_that = _scalars(merge(document, old.schema).schema)
    kinds = _scalars(merged.schema)
    # The generator takes an integer, where the base has a number, for one that says nothing new.
    return merged.exact and bool(kinds) and before_that.issuperset(kinds)


def _alike(one: Member, two: Member) -> bool:
    return same(asserted(one.schema), asserted(two.schema))


def _is_implied(document: Document, one: Member, said: Collection[Member]) -> bool:
    """Whether another schema that is *said* is made of *one*, or of the only type that this names."""
    others = [other for other in said if other is not one]
    if any(one.target(document) in _reached(document, other.schema) for other in others):
        return True
    if asserted(one.schema).keys() != {"type"}:
        return False
    named = types(one.schema)
    kinds = [_kinds(document, other.schema) for other in others]
    return any(found and all(among(kind, named) for kind in found) for found in kinds)


def _reached(document: Document, schema: Any) -> set[str]:
    """The pointers of all that *schema* refers to, be it through others, for the same value."""
    found: set[str] = set()
    waiting = [schema]
    while waiting:
        current = waiting.pop()
        reference = current.get("$ref") if isinstance(current, dict) else None
        if not isinstance(reference, str) or reference[1:] not in found:
            waiting.extend(parts(document, current))
        if isinstance(reference, str):
            found.add(reference[1:])
    return found


def _kinds(document: Document, schema: Any) -> list[str]:
    """The types that *schema* admits, none if that is not known."""
    if is_object(document, schema):
        return ["object", "null"] if is_nullable_object(document, schema) else ["object"]
    merged = merge(document, schema).schema
    return types(merged) or [json_type(value) for value in literals(merged)]


def _scalars(schema: dict[str, Any]) -> set[str]:
    """The types that *schema* admits, if they are known, have nothing inside, and are no union."""
    found = {json_type(value) for value in literals(schema)} or {*types(schema)}
    union = not schema.keys().isdisjoint(UNIONS) or (
        len(found - {"null"}) > 1 and not schema.keys().isdisjoint(NARROWING - {"enum"})
    )
    return set() if union or not found <= _SCALARS else found


def _has_class(document: Document, schema: Any) -> bool:
    """Whether a class is made where *schema* stands: the same text elsewhere makes another one."""
    if isinstance(schema, list):
        return any(_has_class(document, inner) for inner in schema)
    if not isinstance(schema, dict) or schema.keys() == {"$ref"}:
        return False
    own = "$ref" not in schema or is_composed(schema)
    return (own and is_object(document, schema)) or any(
        _has_class(document, inner) for inner in schema.values()
    )
