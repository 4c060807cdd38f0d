"""`x-localized`: which locale a request speaks of, and what is not there in a locale that nobody knows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from leadline_mock.messages import Request
from leadline_mock.trees import EVERYWHERE, always, put
from leadline_openapi.contract import MediaType, Operation
from leadline_openapi.jsontext import NotJson
from leadline_openapi.parameters import ABSENT, Parameter

LOCALES = ("locale", "fallback-locale")
"""The query parameters that choose a locale, the second where the first is empty."""


def chosen(operation: Operation, request: Request) -> str:
    """The locale that *request* asks for; empty where it asks for none."""
    return next((str(value) for _, value in _asked(operation, request)), "")


def is_unknown(operation: Operation, request: Request) -> bool:
    """Whether *request* asks for a locale that the contract does not list, but says to be taken."""
    for parameter, value in _asked(operation, request):
        declared = parameter.pointer in operation.leniencies
        return declared and parameter.name == LOCALES[0] and not parameter.schema.is_valid(value)
    return False


def without(media: MediaType, value: Any) -> Any:
    """*value* without what has a value per locale."""
    for localized in media.localized if isinstance(value, dict | list) else ():
        value = put(value, localized.path, always(ABSENT), EVERYWHERE)
    return value


def _asked(operation: Operation, request: Request) -> Iterator[tuple[Parameter, Any]]:
    """The parameters that choose a locale, the first one first, with what they say if it is not empty."""
    sent = request.sent("query")
    for name in LOCALES:
        for parameter in operation.parameters:
            if (parameter.location, parameter.name) == ("query", name):
                with suppress(NotJson):
                    value = parameter.read(sent)
                    if value is not ABSENT and value not in ("", None):
                        yield parameter, value
