"""From what was observed to an OpenAPI Overlay that declares it, for a person to review."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from leadline_contracts.leniency.observation import Observation
from leadline_openapi import Contract
from leadline_openapi import pointer as pointers

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OVERLAY = "/actions/"


@dataclass(frozen=True, slots=True)
class Learnt:
    """The *overlay* as YAML text, empty where there is nothing to declare; *unreached* pointers."""

    overlay: str
    unreached: tuple[str, ...]


def learn(contract: Contract, observations: Iterable[Observation]) -> Learnt:
    """
    The overlay that declares every deviation of *observations* that *contract* does not know.

    An overlay is applied to the root document alone: what stands in another file it cannot reach.
    """
    places = _new(observations)
    unreached = tuple(pointer for pointer in places if not _reachable(contract, pointer))
    actions = [
        _action(contract, pointer, places[pointer])
        for pointer in sorted(places, key=_order(contract))
        if pointer not in unreached
    ]
    if not actions:
        return Learnt("", unreached)
    document = {
        "overlay": "1.0.0",
        "info": {"title": f"What a server of {contract.title} takes", "version": contract.version},
        "actions": actions,
    }
    return Learnt(_HEAD + _written(document), unreached)


_HEAD = """\
# Learnt from the answers of one server: what it takes beyond the contract. Review every action; what should
# be refused is a defect of that server, so take it out.
"""


def _new(observations: Iterable[Observation]) -> dict[str, list[Observation]]:
    """By place, the observations of every fault that became something that is not declared."""
    taken = [one for one in observations if one.lenient]
    new = {(one.pointer, one.fault) for one in taken if one.observed not in one.declared}
    found: dict[str, list[Observation]] = {}
    for one in taken:
        if (one.pointer, one.fault) in new:
            found.setdefault(one.pointer, []).append(one)
    return found


def _reachable(contract: Contract, pointer: str) -> bool:
    place = contract.places.get(pointer)
    return place is not None and (
        (place.file, place.pointer) == (contract.source, pointer)
        or place.pointer.startswith(_OVERLAY)
    )


def _order(contract: Contract) -> Any:
    """Sorts pointers as the document has them."""
    numbers = {pointer: number for number, pointer in enumerate(contract.places)}
    return lambda pointer: numbers.get(pointer, len(numbers))


def _action(contract: Contract, pointer: str, observations: list[Observation]) -> dict[str, Any]:
    outcomes: dict[str, list[str]] = {}
    for one in sorted(observations, key=lambda one: one.fault):
        known = outcomes.setdefault(one.fault, [])
        known += [one.observed] * (one.observed not in known)
    evidence = sorted({_evidence(one): None for one in observations})
    return {
        "target": _target(contract.document, pointer),
        "description": "\n".join(evidence),
        "update": {
            "x-leniency": {
                fault: found[0] if len(found) == 1 else found for fault, found in outcomes.items()
            }
        },
    }


def _evidence(one: Observation) -> str:
    return f"{one.fault} {one.observed}: {one.sent} → {one.answered} ({one.operation})"


def _target(document: Mapping[str, Any], pointer: str) -> str:
    """The JSONPath (RFC 9535) that names what *pointer* names."""
    path, value = "$", document
    for token in pointers.tokens(pointer):
        if isinstance(value, list):
            path, value = f"{path}[{token}]", value[int(token)]
            continue
        path += f".{token}" if _IDENTIFIER.fullmatch(token) else f"[{_quoted(token)}]"
        value = value[token]
    return path


def _quoted(name: str) -> str:
    """*name* as a string literal of JSONPath (RFC 9535 section 2.3.1.1)."""
    escaped = name.replace("\\", "\\\\").replace("'", "\\'")
    return "'" + re.sub(r"[\x00-\x1f]", lambda match: f"\\u{ord(match[0]):04x}", escaped) + "'"


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as blocks, which a reviewer can read."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def _written(document: Mapping[str, Any]) -> str:
    return yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)
