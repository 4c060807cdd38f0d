"""A few requests for a production server: valid, and marked as what they are."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from leadline_contracts.case import DESTRUCTIVE, Case, Due
from leadline_contracts.cases import reason_not_checked
from leadline_contracts.draft import base, json_media
from leadline_contracts.judge import agrees
from leadline_contracts.schemas import certain
from leadline_openapi import Operation
from leadline_openapi.sample import NoSample, sampled
from leadline_openapi.schema import Schema

MARK = "Leadline smoke test"
HEADER = ("Leadline-Check", "safe")


def cases_of(operation: Operation) -> list[Case]:
    """
    One request of *operation*: its fullest body, or the simplest request where it has none.

    Every text of the body that can be anything says `MARK`, and the header `Leadline-Check: safe` is
    there for logs. Operations that overwrite or delete get none.
    """
    if operation.method in DESTRUCTIVE or reason_not_checked(operation):
        return []
    case = _full(operation) or base(operation).case(
        "the simplest request", "smoke", Due.ACCEPT, operation.pointer
    )
    return [replace(case, headers=(*case.headers, HEADER))] if agrees(case) else []


def _full(operation: Operation) -> Case | None:
    media = json_media(operation)
    if media is None or media.schema is None:
        return None
    try:
        value = _marked(media.schema, sampled(media.schema, full=True))
    except NoSample:
        return None
    draft = base(operation).with_body(None, media.name).with_value(value)
    return draft.case("every member at once", "smoke", Due.ACCEPT, media.schema.pointer)


def _marked(schema: Schema, value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    for name, member in value.items():
        changed = {**value, name: MARK}
        if isinstance(member, str) and schema.is_valid(changed) and certain(schema, changed):
            value = changed
    return value
