"""What the parts of an `allOf` make of a class: what it inherits, and what it declares itself.

A part that is a named schema becomes a base class, as long as Python agrees: what a class declares again has
to be a narrower type there, and a list of texts is no narrower list of anything. Where it is not, the class
declares the members of that part itself, which is the same on the wire.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from leadline_openapi import pointer as pointers
from leadline_openapi.models.kinds import (
    Document,
    asserted,
    is_composed,
    is_object,
    resolve,
    types,
)
from leadline_openapi.models.members import Member, is_narrower

_DEPTH_OF_NAMED = 3


@dataclass(frozen=True, slots=True)
class Layout:
    """
    The class of a composed schema.

    *bases* are the pointers of the schemas it inherits from; *members* those that it declares, each with all
    that is said of it; *others*, unless it is `None`, is what all other members have to be.
    """

    bases: tuple[str, ...]
    members: Mapping[str, tuple[Member, ...]]
    required: Collection[str]
    others: Any


def lay_out(document: Document, schema: Any, pointer: str) -> Layout:
    """The class of the composed object *schema* at *pointer*."""
    opened: set[str] = set()
    while True:
        own = Strand(document, schema, pointer, opened=opened)
        strands = strands_of(document, own)
        declared = _declared(own, strands)
        unfit = [
            base
            for base, strand in strands.items()
            for name, members in declared.items()
            if strand.says(name)
            and not is_narrower(document, members, strand.members.get(name, {}).values())
        ]
        if not unfit:
            return Layout(
                tuple(strands),
                declared,
                {name for strand in (own, *strands.values()) for name in strand.required},
                _others(own, strands.values()),
            )
        opened.add(unfit[0])


class Strand:
    """
    What *schema* says of an object, with all its parts: *members* by name and pointer, and the rest.

    It stops at named schemas that are not *opened*: these are its *bases*. Parts that describe no objects
    are *strays*.
    """

    def __init__(
        self,
        document: Document,
        schema: Any,
        pointer: str,
        *,
        home: str = "",
        opened: Collection[str] | None = None,
    ) -> None:
        self.bases: dict[str, None] = {}
        self.members: dict[str, dict[str, Member]] = {}
        self.required: dict[str, None] = {}
        self.others: list[tuple[Any, frozenset[str]]] = []
        self.strays: list[Any] = []
        self.reached: set[str] = set()
        self._document = document
        self._opened = opened
        self._add(schema, pointer, home)

    def _add(self, schema: Any, pointer: str, home: str) -> None:
        if pointer in self.reached or not isinstance(schema, dict):
            return
        self.reached.add(pointer)
        if isinstance(reference := schema.get("$ref"), str):
            self._follow(reference[1:], home)
        for at, part in enumerate(schema.get("allOf", ())):
            if _speaks_of_members(self._document, part):
                self._add(part, f"{pointer}/allOf/{at}", home)
            else:
                self.strays.append(part)
        members = schema.get("properties", {})
        for name, member in members.items():
            where = f"{pointer}/properties{pointers.pointer((name,))}"
            self.members.setdefault(name, {})[where] = Member(member, where, home)
        self.required.update(dict.fromkeys(schema.get("required", ())))
        others = schema.get("additionalProperties", True)
        if "patternProperties" not in schema and (others is False or asserted(others)):
            self.others.append((others, frozenset(members)))

    def _follow(self, target: str, home: str) -> None:
        schema = pointers.find(self._document, target)
        if not is_composed(schema) and isinstance(reference := schema.get("$ref"), str):
            self._follow(reference[1:], home)
            return
        named = _is_named(target)
        inherited = named and is_object(self._document, schema)
        if inherited and self._opened is not None and target not in self._opened:
            self.bases[target] = None
        else:
            self._add(schema, target, target if named else home)

    def says(self, name: str) -> tuple[frozenset[str], bool] | None:
        """Where the member *name* is described, and whether it is required; `None` if it is not known."""
        if name not in self.members and name not in self.required:
            return None
        return frozenset(self.members.get(name, ())), name in self.required


def strands_of(document: Document, own: Strand) -> dict[str, Strand]:
    """All that each base of *own* has, by its pointer, but for bases that others of them have anyway."""
    found = {
        base: Strand(document, pointers.find(document, base), base, home=base) for base in own.bases
    }
    return {
        base: strand
        for base, strand in found.items()
        if not any(base in other.reached for other in found.values() if other is not strand)
    }


def _speaks_of_members(document: Document, part: Any) -> bool:
    """Whether *part* of an object makes a class, or tells in a word what all members are."""
    if is_object(document, part):
        return True
    target = resolve(document, part)
    of_objects = "object" in (types(target) or ["object"])
    return of_objects and asserted(target).keys() <= {"type", "additionalProperties"}


def _is_named(pointer: str) -> bool:
    tokens = pointers.tokens(pointer)
    return tokens[:2] == ("components", "schemas") and len(tokens) == _DEPTH_OF_NAMED


def _declared(own: Strand, strands: Mapping[str, Strand]) -> dict[str, tuple[Member, ...]]:
    """The members that a class has to declare, since it does not just inherit them from *strands*."""
    everyone = (*strands.values(), own)
    names = dict.fromkeys(
        name for strand in everyone for name in (*strand.members, *strand.required)
    )
    found: dict[str, tuple[Member, ...]] = {}
    for name in names:
        inherited = {strand.says(name) for strand in strands.values()} - {None}
        asked = name in own.required and any(not said[1] for said in inherited if said)
        if name in own.members or len(inherited) != 1 or asked:
            told: dict[str, Member] = {}
            for strand in everyone:
                told |= strand.members.get(name, {})
            found[name] = tuple(told.values())
    return found


def _others(own: Strand, strands: Iterable[Strand]) -> Any:
    """What members have to be that no part describes, unless a class inherits just that."""
    inherited = [others for strand in strands for others, _ in strand.others]
    said = [others for others, _ in own.others] + inherited
    if not said or (not own.others and len(inherited) == 1):
        return None
    return False if False in said else said[0]
