"""What is due to a request, told from its exact bytes and by two validators.

Generators say what they mean to send; what they really send may differ. A case whose bytes the contract
judges otherwise, or on which the two validators differ, is not sent: that is how a tester cries wolf.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl

from leadline_contracts import deep, path
from leadline_contracts.case import Case, Due
from leadline_contracts.opinions import opinion
from leadline_openapi import Violation
from leadline_openapi.contract import MediaType
from leadline_openapi.parameters import ABSENT, Parameter
from leadline_openapi.schema import Schema

Given = list[tuple[Parameter, dict[str, list[str]]]]
"""The parameters of an operation, each with what is sent where it belongs."""


def agrees(case: Case) -> bool:
    """Whether the bytes of *case* are due what the case says. Credentials are left to the case."""
    if case.due in _UNJUDGED:
        return True
    verdict = judge(case)
    if case.due is Due.EITHER:
        return verdict is not Due.REFUSE
    if case.due is Due.DENY:
        return verdict is Due.ACCEPT
    return verdict is case.due


_UNJUDGED = frozenset((Due.NOWHERE, Due.ANY, Due.UNPREDICTABLE))
"""What the contract does not judge."""


def judge(case: Case) -> Due | None:
    """What the contract says to the bytes of *case*; `None` where that is not certain."""
    readings = path.readings(case.operation.path, case.target.partition("?")[0])
    if len(readings) != 1:
        return None
    if deep.is_too_deep(case):
        return Due.REFUSE if deep.is_refused(case) else None
    given = _given(case)
    if _broken_below_schemas(case, given):
        return Due.REFUSE
    found = _judged(case, given)
    valid = all(schema.is_valid(value) for schema, value in found)
    second = [opinion(schema, value) for schema, value in found]
    if valid is not all(one.valid for one in second):
        return None
    if not valid:
        return Due.REFUSE
    sure = all(one.certain for one in second) and all(map(path.fits_path, readings[0].values()))
    return Due.ACCEPT if sure else None


def _broken_below_schemas(case: Case, given: Given) -> bool:
    """Whether something is wrong that no schema tells, so that it needs no second opinion."""
    return _below_schema(case) is not None or any(
        violation.keyword == "leadline-parameter"
        for parameter, values in given
        for violation in _parameter_violations(parameter, values)
    )


def judged(case: Case) -> list[tuple[Schema, Any]]:
    """Every schema that has a say in *case*, with the value that it judges."""
    return _judged(case, _given(case))


def _judged(case: Case, given: Given) -> list[tuple[Schema, Any]]:
    found: list[tuple[Schema, Any]] = []
    for parameter, values in given:
        if parameter.allow_empty and values.get(parameter.name) == [""]:
            continue
        value = parameter.read(values)
        if value is not ABSENT:
            found.append((parameter.schema, value))
    media = _media(case)
    if media is not None and media.schema is not None and media.is_json and case.body:
        found.append((media.schema, case.value))
    return found


def violations(case: Case) -> tuple[Violation, ...]:
    """Everything that the parameters and the body of *case* break."""
    found: list[Violation] = []
    for parameter, values in _given(case):
        found += _parameter_violations(parameter, values)
    return (*found, *_body_violations(case))


def _given(case: Case) -> Given:
    """Every parameter, with what is sent where it belongs."""
    parameters = case.operation.parameters
    places = {location: sent(case, location) for location in {one.location for one in parameters}}
    return [(one, places[one.location]) for one in parameters]


def _parameter_violations(
    parameter: Parameter, values: dict[str, list[str]]
) -> Sequence[Violation]:
    found = parameter.violations(values)
    if found and found[0].rule == f"{parameter.pointer}/{found[0].keyword}":
        return [replace(one, keyword="leadline-parameter") for one in found]
    return found


def sent(case: Case, location: str) -> dict[str, list[str]]:
    """The raw values that *case* sends in *location*, by name."""
    at, _, query = case.target.partition("?")
    match location:
        case "query":
            return _collect(parse_qsl(query, keep_blank_values=True))
        case "path":
            read = path.readings(case.operation.path, at)
            return {name: [value] for name, value in read[0].items()} if read else {}
        case "cookie":
            return _cookies(case)
    names = {parameter.name.lower(): parameter.name for parameter in case.operation.parameters}
    return _collect([(names.get(name.lower(), name), value) for name, value in case.headers])


def _collect(pairs: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def _cookies(case: Case) -> dict[str, list[str]]:
    try:
        jar = SimpleCookie(next((v for n, v in case.headers if n.lower() == "cookie"), ""))
    except CookieError:
        return {}
    return {name: [morsel.value] for name, morsel in jar.items()}


def _body_violations(case: Case) -> tuple[Violation, ...]:
    below = _below_schema(case)
    if below is not None:
        return deep.violations(case) or (below,)
    media = _media(case)
    if media is None or media.schema is None or not media.is_json or not case.body:
        return ()
    return () if media.schema.is_valid(case.value) else media.schema.violations(case.value)


def _below_schema(case: Case) -> Violation | None:
    """What is wrong with the body before any schema is asked."""
    body = case.operation.body
    if body is None:
        return None
    if not case.body:
        missing = _body_violation(f"{body.pointer}/required", "a body is required")
        return missing if body.required else None
    if body.max_bytes is not None and len(case.body) > body.max_bytes:
        said = f"the body is larger than {body.max_bytes} bytes"
        return _body_violation(f"{body.pointer}/x-max-bytes", said)
    media = _media(case)
    if media is None:
        said = "the media type is not in the contract"
        return _body_violation(f"{body.pointer}/content", said)
    malformed = media.is_json and case.malformed
    return _body_violation(media.pointer, case.malformed) if malformed else None


def _media(case: Case) -> MediaType | None:
    return case.operation.body.for_type(case.media_type) if case.operation.body else None


def _body_violation(rule: str, problem: str) -> Violation:
    return Violation("body", "", "", "leadline-body", problem, "", rule)
