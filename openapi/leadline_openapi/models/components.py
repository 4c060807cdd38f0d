"""What the classes of the named schemas are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from leadline_openapi import pointer as pointers
from leadline_openapi.contract import Contract
from leadline_openapi.models.naming import Names, class_name

_SECTION = pointers.pointer(("components", "schemas", ""))


@dataclass(frozen=True, slots=True)
class Components:
    """
    The *names* of classes by the pointers of schemas, in the order of the document.

    A schema that only says where another file has it has no class: it is the one at *instead*.
    """

    names: Mapping[str, str]
    instead: Mapping[str, str]


def components(contract: Contract, names: Names) -> Components:
    """
    Give every named schema of *contract* its name of *names*.

    Where two want the same, the schema has it that is called so letter by letter, wherever it stands.
    """
    schemas: Mapping[str, Any] = contract.document.get("components", {}).get("schemas", {})
    called = {f"{_SECTION}{pointers.escape(name)}": name for name in schemas}
    instead = _instead(contract, schemas)
    called.update({target: called[pointer] for pointer, target in instead.items()})
    wanted = {
        pointer: class_name(name) for pointer, name in called.items() if pointer not in instead
    }
    first = sorted(wanted, key=lambda pointer: wanted[pointer] != called[pointer])
    given = {pointer: names.give(wanted[pointer], pointer) for pointer in first}
    return Components({pointer: given[pointer] for pointer in wanted}, instead)


def _instead(contract: Contract, schemas: Mapping[str, Any]) -> dict[str, str]:
    """
    Where the schemas that are nothing but a reference into another file are found, by their pointers.

    What stood in the file was moved among the named schemas, and its place is that of a reference to it.
    """
    references = {
        _line(contract, pointer) for pointer in contract.places if pointer.endswith("/$ref")
    }
    found: dict[str, str] = {}  # the other way round
    for name, schema in schemas.items():
        reference = schema.get("$ref", "") if isinstance(schema, dict) and len(schema) == 1 else ""
        target = reference[1:]
        moved = target.startswith(_SECTION) and target.count("/") == _SECTION.count("/")
        if moved and _line(contract, target) in references:
            found.setdefault(target, f"{_SECTION}{pointers.escape(name)}")
    return {pointer: target for target, pointer in found.items()}


def _line(contract: Contract, pointer: str) -> tuple[str, int | None, int | None]:
    place = contract.place(pointer)
    return place.file, place.line, place.column
