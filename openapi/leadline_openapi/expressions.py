"""Runtime expressions (OAS 3.1.1 section 4.8.20.3): what `$request.…` names in a request."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from leadline_openapi import pointer as pointers
from leadline_openapi.contract import Operation
from leadline_openapi.jsontext import NotJson
from leadline_openapi.parameters import ABSENT

Sent = Callable[[str], Mapping[str, Sequence[str]]]
"""Gives what was sent in a location (`query`, `path`, `header`, `cookie`): raw values by name."""


def evaluate(expression: str, operation: Operation, sent: Sent, body: Any) -> Any:
    """
    The value that *expression* names in a request to *operation* with the parsed *body*.

    A parameter of the contract is read by its schema, anything else is the string that was sent. Gives
    `ABSENT` where there is nothing; *body* may be that too.
    """
    source, _, rest = expression.removeprefix("$request.").partition("#")
    if source == "body":
        try:
            return body if body is ABSENT else pointers.find(body, rest)
        except LookupError:
            return ABSENT
    location, _, name = source.partition(".")
    values = sent(location)
    for parameter in operation.parameters:
        if (parameter.location, parameter.name) == (location, name):
            try:
                return parameter.read(values)
            except NotJson:
                break
    return values[name][-1] if values.get(name) else ABSENT
