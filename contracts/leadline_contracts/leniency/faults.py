"""What is wrong with a request, each fault with the place where the contract may call it known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from leadline_contracts.case import Case
from leadline_contracts.judge import sent, violations
from leadline_openapi import Violation, leniency, readings
from leadline_openapi import pointer as pointers
from leadline_openapi.flatten import Places
from leadline_openapi.jsontext import NotJson
from leadline_openapi.parameters import ABSENT
from leadline_openapi.schema import Library, Schema

_TAKEN = frozenset(("coerced", "dropped", "stored"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """
    One thing that is wrong with a request: the *name* that `x-leniency` calls it by.

    *violation* tells it in full; *place* points to the property, parameter or body that has it, *rule*
    to what the contract says about it there, and *declared* is what that says; *value* is what was sent,
    `ABSENT` for what is missing or no value.
    """

    violation: Violation
    name: str
    place: str
    rule: str
    declared: tuple[str, ...]
    value: Any

    @property
    def path(self) -> tuple[str, ...]:
        """The way to the value, in the body or below the name of the parameter."""
        return pointers.tokens(self.violation.pointer)

    @property
    def of_value(self) -> bool:
        """Whether the fault is in a value, and not in how a request is written."""
        return self.name not in {"malformed", "media-type", "repeated"}

    @property
    def may_be_taken(self) -> bool:
        """Whether such a request may be accepted."""
        return not _TAKEN.isdisjoint(self.declared)


def faults(case: Case) -> tuple[Fault, ...]:
    """Every fault of *case*; a value of a wrong type has no other one."""
    kept: dict[tuple[str, str, str], Fault] = {}
    for violation in violations(case):
        fault = _fault(case, violation)
        kept.setdefault((violation.location, violation.pointer, fault.name), fault)
    return tuple(kept.values())


def _fault(case: Case, violation: Violation) -> Fault:
    if violation.location == "body":
        return _in_body(case, violation)
    return _in_parameter(case, violation)


def _in_body(case: Case, violation: Violation) -> Fault:
    body = case.operation.body
    owner = body.pointer if body else case.operation.pointer
    media = body.for_type(case.media_type) if body else None
    if violation.keyword == "leadline-body" or media is None or media.schema is None:
        names = {f"{owner}/content": "media-type", f"{owner}/required": "required"}
        return _named(
            case, violation, names.get(violation.rule, "malformed"), [(owner,)], value=ABSENT
        )
    return _in_value(case, violation, media.schema, owner, case.value, ())


def _in_parameter(case: Case, violation: Violation) -> Fault:
    name = pointers.tokens(violation.pointer)[0]
    parameter = next(
        one
        for one in case.operation.parameters
        if (one.location, one.name) == (violation.location, name)
    )
    if violation.keyword == "leadline-parameter":
        names = {"content": "malformed", "style": "repeated"}
        keyword = violation.rule.rpartition("/")[2]
        return _named(case, violation, names.get(keyword, keyword), [(parameter.pointer,)], ABSENT)
    try:
        value = parameter.read(sent(case, parameter.location))
    except NotJson:
        value = ABSENT
    return _in_value(case, violation, parameter.schema, parameter.pointer, value, (name,))


def _in_value(
    case: Case,
    violation: Violation,
    schema: Schema,
    owner: str,
    root: Any,
    prefix: tuple[str, ...],
) -> Fault:
    """The fault of a value inside *root*; the way to it begins with *prefix*."""
    path = pointers.tokens(violation.pointer)[len(prefix) :]
    owners: list[Places] = [(owner,)]
    places: Places = (schema.pointer,)
    for key in path:
        named, places = inside(schema.library, places, key)
        if named:
            owners.append(places)
    name, value = leniency.of_keyword(violation.keyword), reach(root, path)
    if value is not ABSENT and name != "unknown":
        kind = _type(value)
        admitted = _admitted(schema.library, places)
        if name == "type" or kind not in admitted:
            name = f"type:{'number' if kind == 'integer' else kind}"
    return _named(case, violation, name, owners, value)


def _named(case: Case, violation: Violation, name: str, owners: list[Places], value: Any) -> Fault:
    """The fault *name* of the innermost of *owners*."""
    said = case.operation.leniencies
    for place in owners[-1]:
        for key in (name, name.partition(":")[0]):
            if key in said.get(place, ()):
                rule = place + pointers.pointer(("x-leniency", key))
                declared = said[place][key]
                return Fault(
                    violation=violation,
                    name=name,
                    place=place,
                    rule=rule,
                    declared=declared,
                    value=value,
                )
    return Fault(
        violation=violation,
        name=name,
        place=owners[-1][0],
        rule=violation.rule,
        declared=(),
        value=value,
    )


def inside(library: Library, places: Places, key: str) -> tuple[bool, Places]:
    """Whether *key* is a property that the schemas at *places* name, and the schemas of what it holds."""
    told = library.flat(places)
    if key in told.properties:
        return True, told.properties[key]
    for branch in told.branches:
        named, inner = inside(library, (branch,), key)
        if inner:
            return named, inner
    if key.isdecimal() and (told.items or told.prefix):
        index = int(key)
        return False, told.prefix[index] if index < len(told.prefix) else told.items
    return False, told.extra


def reach(value: Any, path: tuple[str, ...]) -> Any:
    """What stands at *path* in the JSON *value*, or `ABSENT`."""
    try:
        return pointers.find(value, pointers.pointer(path))
    except LookupError:
        return ABSENT


def _admitted(library: Library, places: Places) -> frozenset[str]:
    found = readings.EVERY
    for place in places:
        found &= readings.types(pointers.find(library.document, place), library.document)
    return found


def _type(value: Any) -> str:
    """The JSON type of *value*, where `1.0` is an integer."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            whole = isinstance(value, int) or value.is_integer()
            return "integer" if whole else "number"
        case str():
            return "string"
        case list():
            return "array"
    return "object"
