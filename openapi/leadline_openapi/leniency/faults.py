"""What is wrong with a request, each fault with the place where the contract may call it known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from leadline_openapi import mediatype, readings
from leadline_openapi import pointer as pointers
from leadline_openapi.contract import Operation
from leadline_openapi.flatten import Places
from leadline_openapi.leniency.declared import SPELLING, Outcome, of_keyword
from leadline_openapi.parameters import ABSENT, Parameter
from leadline_openapi.schema import Library, Schema
from leadline_openapi.violation import Violation, cut

_TAKEN = frozenset(("coerced", "dropped", "stored"))
_WRITING = frozenset(("malformed", "malformed:encoding", "media-type", SPELLING, "repeated"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """
    One thing that is wrong with a request: the *name* that `x-leniency` calls it by.

    *violation* tells it in full; *place* points to the property, parameter or body that has it, *rule*
    to what the contract says about it there; *outcomes* are those that are declared for the *value* that
    was sent, the first one first; the value is `ABSENT` for what is missing or no value. *schemas* are
    those that the value is held to, in *library*.
    """

    violation: Violation
    name: str
    place: str
    rule: str
    outcomes: tuple[Outcome, ...]
    value: Any
    schemas: Places = ()
    library: Library | None = field(default=None, repr=False)

    @property
    def declared(self) -> tuple[str, ...]:
        """The names of the outcomes, each once."""
        return tuple(dict.fromkeys(one.name for one in self.outcomes))

    @property
    def path(self) -> tuple[str, ...]:
        """The way to the value, in the body or below the name of the parameter."""
        return pointers.tokens(self.violation.pointer)

    @property
    def of_value(self) -> bool:
        """Whether the fault is in a value, and not in how a request is written."""
        return self.name not in _WRITING

    @property
    def may_be_taken(self) -> bool:
        """Whether such a request may be accepted."""
        return not _TAKEN.isdisjoint(self.declared)


def of_writing(
    operation: Operation, violation: Violation, name: str, owner: str, value: Any = ABSENT
) -> Fault:
    """
    The fault *name* of how a request is written; *owner* points to the body or the parameter.

    *value* is the media type that was sent, where the fault is in that.
    """
    return _named(operation, violation, name, [(owner,)], value, (), _library(operation))


def _library(operation: Operation) -> Library | None:
    """What the schemas of requests refer into; there is one for all of them."""
    content = operation.body.content if operation.body else ()
    schemas = [one.schema for one in content] + [one.schema for one in operation.parameters]
    return next((schema.library for schema in schemas if schema is not None), None)


def of_spelling(operation: Operation, content_type: str | None) -> Fault | None:
    """
    A right media type that is spelt otherwise than in the contract, where that is declared to matter.

    It does not to HTTP, where the name has no case and white space may follow it (RFC 9110 section 8.3.1).
    """
    body, name = operation.body, SPELLING
    if body is None or not content_type or name not in operation.leniencies.get(body.pointer, ()):
        return None
    media = body.for_type(mediatype.parse(content_type)[0])
    if media is None or "*" in media.name or f"{content_type};".startswith(f"{media.name};"):
        return None
    violation = Violation(
        location="header",
        field="Content-Type",
        pointer="/Content-Type",
        keyword="content",
        problem=f"`{cut(content_type, 60)}` is not spelt as the server reads it",
        expected=media.name,
        rule=f"{body.pointer}/content",
    )
    return of_writing(operation, violation, name, body.pointer, content_type)


def in_body(operation: Operation, violation: Violation, schema: Schema, value: Any) -> Fault:
    """The fault of a body that breaks *schema*, or of a value inside the body *value*."""
    owner = operation.body.pointer if operation.body else operation.pointer
    return _in_value(operation, violation, schema, owner, value, ())


def of_body(
    operation: Operation, schema: Schema, value: Any, most: int | None = None
) -> Iterator[Fault]:
    """Every fault of the body *value*, which is held to *schema*; no more than *most* are told."""
    if value is not ABSENT and not schema.is_valid(value):
        for violation in schema.violations(value, most=most):
            yield in_body(operation, violation, schema, value)


def in_parameter(
    operation: Operation, violation: Violation, parameter: Parameter, value: Any
) -> Fault:
    """The fault of the *value* of *parameter*, or of a value inside it."""
    return _in_value(
        operation, violation, parameter.schema, parameter.pointer, value, (parameter.name,)
    )


def malformed(body: bytes) -> str:
    """What the fault is called of a *body* that is no JSON."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return "malformed:encoding"
    return "malformed"


def _in_value(
    operation: Operation,
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
        # A property has its own faults; an item has those of the list as well, where it declares none.
        owners = [places] if named else [places, *owners] if places and key.isdecimal() else owners
    name, value = of_keyword(violation.keyword), reach(root, path)
    if value is not ABSENT and name != "unknown":
        kind = json_type(value)
        admitted = _admitted(schema.library, places)
        if name == "type" or kind not in admitted:
            name = f"type:{'number' if kind == 'integer' else kind}"
    return _named(operation, violation, name, owners, value, places, schema.library)


def _named(
    operation: Operation,
    violation: Violation,
    name: str,
    owners: Sequence[Places],
    value: Any,
    schemas: Places,
    library: Library | None,
) -> Fault:
    """The fault *name*, as the first of *owners* that says something of it declares it."""
    said = operation.leniencies
    place, rule = owners[-1][0], violation.rule
    outcomes: tuple[Outcome, ...] = ()
    for at in (at for owner in owners for at in owner):
        key = next((key for key in (name, name.partition(":")[0]) if key in said.get(at, ())), None)
        if key is not None:
            place, rule = at, at + pointers.pointer(("x-leniency", key))
            outcomes = _fitting(said[at][key], value, library)
            break
    return Fault(
        violation=violation,
        name=name,
        place=place,
        rule=rule,
        outcomes=outcomes,
        value=value,
        schemas=schemas,
        library=library,
    )


def _fitting(
    outcomes: tuple[Outcome, ...], value: Any, library: Library | None
) -> tuple[Outcome, ...]:
    """Those of *outcomes* whose condition *value* fits."""

    def fits(condition: str) -> bool:
        if not condition:
            return True
        return value is not ABSENT and library is not None and library.at(condition).is_valid(value)

    return tuple(one for one in outcomes if fits(one.condition))


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


def json_type(value: Any) -> str:
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
