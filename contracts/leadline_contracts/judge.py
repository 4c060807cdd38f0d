"""What is due to a request, told from its exact bytes and by two validators.

Generators say what they mean to send; what they really send may differ. A case whose bytes the contract
judges otherwise, or on which the two validators differ, is not sent: that is how a tester cries wolf.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, unquote

from leadline_contracts.case import Case, Due
from leadline_contracts.schemas import certain
from leadline_openapi import Operation, Violation
from leadline_openapi.contract import MediaType
from leadline_openapi.jsontext import NotJson
from leadline_openapi.parameters import ABSENT, Parameter
from leadline_openapi.schema import Schema


def agrees(case: Case) -> bool:
    """Whether the bytes of *case* are due what the case says. Credentials are left to the case."""
    if case.due is Due.NOWHERE:
        return True
    verdict = judge(case)
    if case.due is Due.DENY:
        return verdict is Due.ACCEPT
    return verdict is case.due


def judge(case: Case) -> Due | None:
    """What the contract says to the bytes of *case*; `None` where that is not certain."""
    found = violations(case)
    if not found:
        judged = _judged(case)
        sure = all(
            schema.second_opinion(value) and certain(schema, value) for schema, value in judged
        )
        return Due.ACCEPT if sure else None
    if any(violation.keyword in _BELOW_SCHEMAS for violation in found):
        return Due.REFUSE
    refused = any(not schema.second_opinion(value) for schema, value in _judged(case))
    return Due.REFUSE if refused else None


_BELOW_SCHEMAS = frozenset(("leadline-body", "leadline-parameter"))
"""Keywords of violations that no schema tells: they need no second opinion."""


def _judged(case: Case) -> list[tuple[Schema, Any]]:
    """Every schema that has a say in *case*, with the value that it judges."""
    found: list[tuple[Schema, Any]] = []
    for parameter in case.operation.parameters:
        try:
            value = parameter.read(sent(case, parameter.location))
        except NotJson:
            continue
        if value is not ABSENT:
            found.append((parameter.schema, value))
    media = _media(case)
    if media is not None and media.schema is not None and media.is_json and case.body:
        found.append((media.schema, case.value))
    return found


def violations(case: Case) -> tuple[Violation, ...]:
    """Everything that the parameters and the body of *case* break."""
    found: list[Violation] = []
    for parameter in case.operation.parameters:
        found += _parameter_violations(parameter, sent(case, parameter.location))
    return (*found, *_body_violations(case))


def _parameter_violations(
    parameter: Parameter, values: dict[str, list[str]]
) -> Sequence[Violation]:
    found = parameter.violations(values)
    if found and found[0].rule == f"{parameter.pointer}/{found[0].keyword}":
        return [replace(one, keyword="leadline-parameter") for one in found]
    return found


def sent(case: Case, location: str) -> dict[str, list[str]]:
    """The raw values that *case* sends in *location*, by name."""
    path, _, query = case.target.partition("?")
    match location:
        case "query":
            return _collect(parse_qsl(query, keep_blank_values=True))
        case "path":
            return _path_values(case.operation, path)
        case "cookie":
            return _cookies(case)
    names = {parameter.name.lower(): parameter.name for parameter in case.operation.parameters}
    return _collect([(names.get(name.lower(), name), value) for name, value in case.headers])


def _collect(pairs: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def _path_values(operation: Operation, path: str) -> dict[str, list[str]]:
    pattern, actual = operation.path.split("/"), path.split("/")
    return {
        wanted[1:-1]: [unquote(given)]
        for wanted, given in zip(pattern, actual, strict=False)
        if wanted.startswith("{") and wanted.endswith("}")
    }


def _cookies(case: Case) -> dict[str, list[str]]:
    try:
        jar = SimpleCookie(next((v for n, v in case.headers if n.lower() == "cookie"), ""))
    except CookieError:
        return {}
    return {name: [morsel.value] for name, morsel in jar.items()}


def _body_violations(case: Case) -> tuple[Violation, ...]:
    body = case.operation.body
    if body is None:
        return ()
    if not case.body:
        missing = (_body_violation(f"{body.pointer}/required", "a body is required"),)
        return missing if body.required else ()
    media = _media(case)
    if media is None:
        said = "the media type is not in the contract"
        return (_body_violation(f"{body.pointer}/content", said),)
    if not media.is_json:
        return ()
    if case.malformed:
        return (_body_violation(media.pointer, case.malformed),)
    if media.schema is None or media.schema.is_valid(case.value):
        return ()
    return media.schema.violations(case.value)


def _media(case: Case) -> MediaType | None:
    return case.operation.body.for_type(case.media_type) if case.operation.body else None


def _body_violation(rule: str, problem: str) -> Violation:
    return Violation("body", "", "", "leadline-body", problem, "", rule)
