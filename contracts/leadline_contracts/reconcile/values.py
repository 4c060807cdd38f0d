"""Members of answers that two servers have both, and that differ in type or in value."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from leadline_contracts.answered import is_near
from leadline_contracts.oracles.server_values import gives, names_one
from leadline_contracts.overlays import Action
from leadline_contracts.reconcile.evidence import Seen
from leadline_contracts.reconcile.members import server_value
from leadline_contracts.reconcile.proposal import DECIDE, SERVER, Draft
from leadline_contracts.reconcile.shapes import Shape, shape_of
from leadline_contracts.reconcile.subject import Subject
from leadline_openapi import jsontext
from leadline_openapi.contract import ServerValue
from leadline_openapi.violation import show
from leadline_openapi.vocabulary import ASSIGNED

_SHOWN = 60
"""Characters of a value that are shown."""
_UNTOLD = (
    "What `x-server-value` says is of another type: without it, no mock knows which value comes."
)
_BOTH = "The contract admits it, as it admits what A answers: nothing that was seen says which is to be."


def of_type(one: Subject) -> Draft:
    """It is of another type than A's."""
    kinds = sorted(one.own.types)
    what = f"`{one.name}` is {' or '.join(kinds)}"
    why = f"It is so in all {len(one.own.there):,} answers of B."
    if len(kinds) > 1 or not one.place.known:
        return one.drafted(what, why, wrong=DECIDE)
    if not one.own.tells and all(map(one.place.admits, one.own.values)):
        return one.drafted(what, f"{why} {_BOTH}", wrong=DECIDE)
    if "x-server-value" in one.place.told:
        why = f"{why} {_UNTOLD}"
    return one.settled(what, why, _retyped(one, kinds[0]), _typed(one))


def _typed(one: Subject) -> Callable[[Seen], bool]:
    return lambda seen: seen.types == one.own.types


def _retyped(one: Subject, kind: str) -> Iterator[Action]:
    setting, at = one.setting, one.place.pointer
    written = setting.find(at)
    if not isinstance(written, dict):
        return
    for word in ("type", "const", "enum", "format", "examples", "example", "$ref"):
        if word in written:
            yield setting.remove(f"{at}/{word}", "Said anew below.")
    assigned = written.get("x-server-value")
    if assigned in ASSIGNED and kind not in ASSIGNED[assigned]:
        yield setting.remove(f"{at}/x-server-value", f"That is of no {kind}.")
    yield setting.update(at, f"It is {kind}.", setting.spelt({"type": kind}))
    yield from one.exemplified()


def another(one: Subject) -> Iterator[Draft]:
    """Always the same value, another one than the mock's; or one that the server should assign."""
    media = one.place.media
    assigned = next((own for own in media.server_values if own.path == one.place.path), None)
    if assigned is not None:
        yield from _of_server(one, assigned)
        return
    shape = shape_of(one.own.values)
    if len(shape.values) != 1 or len(shape.types) != 1 or not one.own.tells:
        return
    value = shape.values[0]
    what = f"`{one.name}` is {show(value, _SHOWN)}"
    why = f"All {len(one.own.there):,} answers of B say so."
    actions = [*one.exemplified(), *_constant(one, shape)]
    if actions:
        yield one.settled(
            what,
            why,
            actions,
            lambda seen: all(jsontext.same(other, value) for other in seen.values),
        )


def _constant(one: Subject, shape: Shape) -> Iterator[Action]:
    setting, at = one.setting, one.place.pointer
    written = setting.find(at)
    if not isinstance(written, dict) or "$ref" in written:
        return
    for word in ("example", "examples", "default", "const"):
        if word in written:
            yield setting.remove(f"{at}/{word}", "Said anew below.")
    value = shape.values[0]
    told = {"const": value} if shape.constant else {"examples": [value]}
    yield setting.update(at, "As it is always answered.", setting.spelt(told))


def _of_server(one: Subject, assigned: ServerValue) -> Iterator[Draft]:
    """What the server assigns: by the answers that give it, and not those that tell of what was there."""
    given = [
        (exchange, value)
        for exchange, value in one.own.there
        if gives(exchange.case.operation, exchange.status, assigned)
        and not names_one(exchange, one.place.media)
    ]
    declared = f"It is declared as `x-server-value: {assigned.kind}`."
    if assigned.kind == "now":
        if not all(is_near(value, exchange) for exchange, value in given):
            what = f"`{one.name}` is not the time of the answer"
            yield one.drafted(what, declared, wrong=SERVER)
    elif len({str(value) for _, value in given}) != len(given):
        yield one.drafted(f"`{one.name}` is given twice", declared, wrong=SERVER)
    elif len(one.own.types) == 1 and any(left != right for left, right in one.types):
        (kind,) = one.own.types
        what = f"`{one.name}` is {'an integer' if kind == 'integer' else f'a {kind}'}"
        why = "B gives such a value in each answer, and never one twice."
        actions = [*_retyped(one, kind), *_renamed(one, assigned, server_value(given))]
        yield one.settled(what, why, actions, _typed(one))


def _renamed(one: Subject, assigned: ServerValue, looks: str) -> Iterator[Action]:
    """What makes the contract say that the value *looks* otherwise than it is *assigned*."""
    if looks and looks != assigned.kind:
        yield one.setting.update(one.place.pointer, "As it looks.", {"x-server-value": looks})
