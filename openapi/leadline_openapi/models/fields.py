"""Names for the fields of classes, where that of the member does not do."""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from leadline_openapi.models.naming import RESERVED

_TYPES = frozenset(("bool", "dict", "float", "int", "list", "str"))
"""What the generated code calls types; a field of that name would hide it."""


def renamed(schemas: Mapping[str, Any]) -> dict[str, str]:
    """
    The fields of the classes of *schemas* that are not called as their members, by `Class.member`.

    A class and those that it inherits from share one set of names. A member has its own name if that can be
    one; it is normalised for that, since Python takes `µ` and `μ` for the same letter.
    """
    from datamodel_code_generator.model.field_name import PYDANTIC_BASE_MODEL_ATTRIBUTES

    taken = PYDANTIC_BASE_MODEL_ATTRIBUTES | _TYPES | RESERVED | schemas.keys()
    found: dict[str, str] = {}
    for family in _families(schemas):
        members = {member for name in family for member in schemas[name].get("properties", ())}
        names = _names(sorted(members), taken)
        for name in family:
            for member in schemas[name].get("properties", ()):
                if names[member] != member:
                    found[f"{name}.{member}"] = names[member]
    return found


def _families(schemas: Mapping[str, Any]) -> Iterable[list[str]]:
    """The classes of *schemas*, those together that inherit from one another."""
    families = {name: [name] for name in schemas}
    for name, schema in schemas.items():
        for base in schema.get("allOf", ()):
            other = families[base["$ref"].rpartition("/")[2]]
            if other is not families[name]:
                other.extend(families[name])
                families.update(dict.fromkeys(families[name], other))
    return {id(family): family for family in families.values()}.values()


def _names(members: Iterable[str], taken: Collection[str]) -> dict[str, str]:
    """A name for each of *members*; where two want the same one, the member has it that is called so."""
    wanted = {member: _wanted(member, taken) for member in members}
    given: dict[str, str] = {}
    used: set[str] = set()
    for member in sorted(wanted, key=lambda member: (wanted[member] != member, member)):
        name, number = wanted[member], 1
        while name in used:
            number += 1
            name = f"{wanted[member]}_{number}"
        used.add(name)
        given[member] = name
    return given


def _wanted(member: str, taken: Collection[str]) -> str:
    name = re.sub(r"\W", "_", unicodedata.normalize("NFKC", member)) or "_"
    if name.startswith("_"):
        name = f"field{name}"  # else Pydantic would take it for no field
    if not name.isidentifier():
        name = f"field_{name}"
    return f"{name}_" if name in taken or keyword.iskeyword(name) else name
