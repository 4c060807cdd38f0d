"""What a composed schema says beyond the class, or the type, that is made of it."""

from __future__ import annotations

from typing import Any

from leadline_openapi.jsontext import same
from leadline_openapi.models.inheriting import Strand, strands_of
from leadline_openapi.models.kinds import Document, is_object
from leadline_openapi.models.members import MADE, Member, together
from leadline_openapi.models.merging import merge

PARTS, MEMBERS, OTHERS = "parts", "members", "others"
"""Some of the parts; what several say of a member; what one says of members that it does not know."""


def lost(
    document: Document, schema: dict[str, Any], pointer: str, seen: set[str] | None = None
) -> set[str]:
    """Which of `PARTS`, `MEMBERS` and `OTHERS` of the *schema* at *pointer* gets lost."""
    if not is_object(document, schema):
        return set() if merge(document, schema).exact else {PARTS}
    own = Strand(document, schema, pointer, opened=())
    strands = (*strands_of(document, own).values(), own)
    found: set[str] = set()
    if own.strays:
        found.add(PARTS)
    if not _members_hold(document, strands, set() if seen is None else seen):
        found.add(MEMBERS)
    if not _others_hold(strands):
        found.add(OTHERS)
    return found


def _members_hold(document: Document, strands: tuple[Strand, ...], seen: set[str]) -> bool:
    for name in {name for strand in strands for name in strand.members}:
        said: dict[str, Member] = {}
        for strand in strands:
            said |= strand.members.get(name, {})
        if any(strand.members.get(name) == said for strand in strands[:-1]):
            continue  # it is the same in a base, where it is told
        one = together(document, tuple(said.values()))
        if one.pointer.startswith(MADE) and one.pointer not in seen:
            seen.add(one.pointer)
            if lost(document, one.schema, one.pointer, seen):
                return False
    return True


def _others_hold(strands: tuple[Strand, ...]) -> bool:
    names = {name for strand in strands for name in strand.members}
    said = [others for strand in strands for others, _ in strand.others]
    if False not in said and not all(same(one, said[0]) for one in said):
        return False
    own = strands[-1]
    return all(
        names <= known
        for strand in strands
        for _, known in strand.others
        if strand is own or strand.members.keys() != names  # else it is told in the base
    )
