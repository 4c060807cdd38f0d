"""What is due to a request, told from its exact bytes and by two validators.

Generators say what they mean to send; what they really send may differ. A case whose bytes the contract
judges otherwise, or on which the two validators differ, is not sent: that is how a tester cries wolf.
"""

from __future__ import annotations

from collections.abc import Sequence
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, unquote

from leadline_contracts.case import Case, Due
from leadline_openapi import Operation, Violation, jsontext, mediatype


def agrees(case: Case) -> bool:
    """Whether the bytes of *case* are due what the case says. Credentials are left to the case."""
    verdict = judge(case)
    if case.due is Due.DENY:
        return verdict is Due.ACCEPT
    return verdict is case.due


def judge(case: Case) -> Due | None:
    """What the contract says to the bytes of *case*; `None` where its validators differ."""
    found = violations(case)
    if found:
        return Due.REFUSE if _second_refuses(case, found) else None
    return Due.ACCEPT if _second_accepts(case) else None


def violations(case: Case) -> tuple[Violation, ...]:
    """Everything that the parameters and the body of *case* break."""
    operation = case.operation
    found: list[Violation] = []
    for parameter in operation.parameters:
        found += parameter.violations(sent(case, parameter.location))
    return (*found, *_body_violations(case))


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
        jar = SimpleCookie(dict(case.headers).get("Cookie", ""))
    except CookieError:
        return {}
    return {name: [morsel.value] for name, morsel in jar.items()}


def _body_violations(case: Case) -> tuple[Violation, ...]:
    body = case.operation.body
    if body is None:
        return ()
    if not case.body:
        return (
            (_body_violation(f"{body.pointer}/required", "a body is required"),)
            if body.required
            else ()
        )
    media = body.for_type(mediatype.parse(dict(case.headers).get("Content-Type", ""))[0])
    if media is None:
        return (
            _body_violation(f"{body.pointer}/content", "the media type is not in the contract"),
        )
    if not media.is_json:
        return ()
    try:
        value = jsontext.parse(case.body)
    except jsontext.NotJson as error:
        return (_body_violation(media.pointer, str(error)),)
    if media.schema is None or media.schema.is_valid(value):
        return ()
    return media.schema.violations(value)


def _body_violation(rule: str, problem: str) -> Violation:
    return Violation("body", "", "", "body", problem, "", rule)


def _second_refuses(case: Case, found: Sequence[Violation]) -> bool:
    """Whether another validator also refuses what the schema of the body is said to forbid."""
    if any(one.location != "body" or one.keyword == "body" for one in found):
        return True
    return not _second_accepts(case)


def _second_accepts(case: Case) -> bool:
    body = case.operation.body
    if body is None or not case.body:
        return True
    media = body.for_type(mediatype.parse(dict(case.headers).get("Content-Type", ""))[0])
    if media is None or not media.is_json or media.schema is None:
        return True
    return media.schema.second_opinion(case.value)
