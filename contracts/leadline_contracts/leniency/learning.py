"""From what was observed to an OpenAPI Overlay that declares it, for a person to review."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from leadline_contracts.leniency.observation import Observation
from leadline_contracts.overlays import Action, order, reachable, render, target
from leadline_openapi import Contract


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
    unreached = tuple(pointer for pointer in places if not reachable(contract, pointer))
    actions = [
        _action(contract, pointer, places[pointer])
        for pointer in sorted(places, key=order(contract))
        if pointer not in unreached
    ]
    if not actions:
        return Learnt("", unreached)
    title = f"What a server of {contract.title} takes"
    return Learnt(render(_HEAD, title, contract.version, actions), unreached)


_HEAD = """\
Learnt from the answers of one server: what it takes beyond the contract. Review every action; what should
be refused is a defect of that server, so take it out.
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


def _action(contract: Contract, pointer: str, observations: list[Observation]) -> Action:
    outcomes: dict[str, list[str]] = {}
    for one in sorted(observations, key=lambda one: one.fault):
        known = outcomes.setdefault(one.fault, [])
        known += [one.observed] * (one.observed not in known)
    said = {fault: found[0] if len(found) == 1 else found for fault, found in outcomes.items()}
    return Action(
        target=target(contract.document, pointer),
        description="\n".join(sorted({_evidence(one): None for one in observations})),
        update={"x-leniency": said},
    )


def _evidence(one: Observation) -> str:
    return f"{one.fault} {one.observed}: {one.sent} → {one.answered} ({one.operation})"
