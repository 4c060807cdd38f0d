"""Members of answers that only one of two servers has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from leadline_contracts.answered import is_near
from leadline_contracts.case import Exchange
from leadline_contracts.oracles.server_values import gives
from leadline_contracts.overlays import Action
from leadline_contracts.reconcile.evidence import SURE, Seen
from leadline_contracts.reconcile.proposal import DECIDE, Draft
from leadline_contracts.reconcile.shapes import Shape, shape_of
from leadline_contracts.reconcile.subject import Subject
from leadline_openapi import jsontext
from leadline_openapi.contract import ServerValue
from leadline_openapi.leniency.faults import json_type

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_NUMBER = re.compile(r"[0-9]+|[0-9a-f]{24}")


def left_out(one: Subject) -> Draft:
    """What the contract has and B does not always answer."""
    what = f"`{one.name}` is {one.own.presence} answered"
    if "x-echo" in one.place.told:
        why = f"{one.often}. What was sent is to come back in it (`x-echo`): B loses it, or has it elsewhere."
        return one.drafted(what, why, wrong=DECIDE)
    presence = one.own.presence
    return one.settled(what, f"{one.often}.", _without(one), lambda seen: seen.presence == presence)


def _without(one: Subject) -> Iterator[Action]:
    setting, place = one.setting, one.place
    holder = setting.find(place.holder)
    required = holder.get("required", ()) if isinstance(holder, dict) else ()
    if one.name in required:
        yield setting.remove_item(
            f"{place.holder}/required", one.name, f"`{one.name}` may be missing."
        )
    if one.own.there:
        return
    for at in place.known:
        schema = setting.find(at)
        if isinstance(schema, dict) and "x-server-value" in schema:
            yield setting.remove(f"{at}/x-server-value", "It is never answered.")
    for example in place.examples():
        yield setting.remove(example, f"`{one.name}` is never answered.")


def added(one: Subject) -> Draft:
    """What B answers and no schema has."""
    presence = one.own.presence
    word = server_value(_given(one.own))
    types = one.own.types if word else set()

    def alike(seen: Seen) -> bool:
        return seen.presence == presence and (not types or seen.types == types)

    what, why = f"`{one.name}` is answered too", f"{one.often}, and in no schema."
    return one.settled(what, why, _adding(one, word), alike)


def _adding(one: Subject, word: str) -> Iterator[Action]:
    every = [one.own, *one.others]
    shape = shape_of(value for seen in every for value in seen.values)
    drafted = shape.schema(refusal=False)
    if word:
        drafted = {"type": json_type(one.own.values[0]), "x-server-value": word}
    elif not any(seen.tells for seen in every):
        drafted = _open(drafted)
    update: dict[str, Any] = {
        "properties": {one.name: one.setting.spelt({**drafted, "readOnly": True})}
    }
    always = one.own.presence == "always"
    if always:
        update["required"] = [one.name]
    yield one.setting.update(one.place.holder, "The server adds it.", update)
    if always:
        yield from one.completed()


def _open(schema: Any) -> Any:
    """The drafted *schema* with an example for what is fixed in it."""
    if isinstance(schema, list):
        return [_open(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if "const" in schema:
        return {"type": schema["type"], "examples": [schema["const"]]}
    return {word: _open(one) for word, one in schema.items()}


def is_blank(one: Subject) -> bool:
    """Whether B says `null` or `[]`, as the contract admits, and A leaves the member out."""
    if one.kinds != {"only in B"} or not one.empty or not one.place.known:
        return False
    return all(one.place.admits(value) for value in one.own.values if value in (None, []))


def nothing(one: Subject) -> Draft:
    """What was not sent comes back as something that the schema does not admit, `null` as a rule."""
    blanks = (value for value in one.own.values if value in (None, []))
    kinds = sorted({json_type(value) for value in blanks if not one.place.admits(value)})
    if not kinds:
        return _filled(one)
    what = f"`{one.name}` comes back as {' or '.join(kinds)} where it was not sent"
    why = "B says so of members that were not sent, and the schema does not admit it."
    return one.settled(what, why, _admitting(one, kinds), lambda _: True)


def _filled(one: Subject) -> Draft:
    """A known member is always answered, although it was not sent."""
    shape = shape_of(one.own.values)
    what, why = f"`{one.name}` is answered, sent or not", f"{one.often}."
    if one.own.presence != "always" or not shape.constant or not one.own.tells:
        return one.drafted(what, why, wrong=DECIDE)

    def alike(seen: Seen) -> bool:
        same = all(jsontext.same(value, shape.values[0]) for value in seen.values)
        return seen.presence == "always" and same

    return one.settled(what, why, _filling(one, shape), alike)


def _filling(one: Subject, shape: Shape) -> Iterator[Action]:
    setting, place = one.setting, one.place
    yield setting.update(place.pointer, "Where nothing was sent.", {"default": shape.values[0]})
    yield setting.update(place.holder, "It is never missing.", {"required": [one.name]})
    yield from one.completed()


def _admitting(one: Subject, kinds: list[str]) -> Iterator[Action]:
    setting, at = one.setting, one.place.pointer
    written = setting.find(at)
    told = f"It may be {' or '.join(kinds)} in an answer."
    if not isinstance(written, dict):
        return
    if setting.old_dialect and kinds == ["null"] and "type" in written:
        yield setting.update(at, told, {"nullable": True})
        return
    if "type" not in written or "$ref" in written:
        real = setting.real(at)
        yield setting.remove(at, "Said anew below.")
        branches = [{"$ref": f"#{real}"} if "$ref" in written else written]
        branched = {one.name: {"anyOf": [*branches, *({"type": kind} for kind in kinds)]}}
        yield setting.update(f"{one.place.holder}/properties", told, setting.spelt(branched))
        return
    listed = [written["type"]] if isinstance(written["type"], str) else []
    update: dict[str, Any] = {"type": [*listed, *kinds]}
    if "enum" in written and "null" in kinds:
        update["enum"] = [None]
    yield setting.update(at, told, update)


def _given(seen: Seen) -> list[tuple[Exchange, Any]]:
    """Those of *seen* that would give the value, were it one that the server assigns."""
    value = ServerValue((), "", read_only=True, pointer="")
    return [
        (one, given) for one, given in seen.there if gives(one.case.operation, one.status, value)
    ]


def server_value(there: list[tuple[Exchange, Any]]) -> str:
    """Which `x-server-value` these values look like; empty for none."""
    values = [value for _, value in there]
    if len(values) < SURE or any(
        isinstance(one, bool | float | dict | list | None) for one in values
    ):
        return ""
    if all(is_near(value, one) for one, value in there):
        return "now"
    if len({str(one) for one in values}) != len(values):
        return ""
    if all(isinstance(one, str) and _UUID.fullmatch(one) for one in values):
        return "uuid"
    return "sequence" if all(_NUMBER.fullmatch(str(one)) for one in values) else ""
