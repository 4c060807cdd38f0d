"""A request as anybody can send it: names of environment variables stand where secrets go."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from leadline_contracts.case import Case
from leadline_contracts.target.access import Access, request_headers, target_with_credential
from leadline_contracts.target.disclosed import Disclosed

KEY = "LEADLINE_KEY"
"""The environment variable that holds the key."""
_KEY = "LeadlineKeyPlaceholderZ"


@dataclass(frozen=True, slots=True)
class Secret:
    """
    The value of the environment's *variable*, without *prefix* and *suffix* where it has both.

    *change* is `swapped` for its letters in the other case, `cut` for it without its last character.
    """

    variable: str
    change: str = ""
    prefix: str = ""
    suffix: str = ""


Text = tuple[str | Secret, ...]
"""A text in parts."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request in the order in which it is written, without what every HTTP client adds by itself."""

    method: str
    target: Text
    headers: tuple[tuple[str, Text], ...]
    body: bytes | None = field(repr=False)


def request(case: Case, disclosed: Disclosed) -> Request:
    """What is sent for *case*, with no more told of how it is let in than what is *disclosed*."""
    places: dict[str, Secret] = {}
    _enter(places, _KEY, Secret(KEY))
    headers = [
        (name, _disguised(places, case, name, number))
        for number, name in enumerate(disclosed.headers)
    ]
    access = Access(key=_KEY if disclosed.keyed else None, headers=tuple(headers))
    longest_first = sorted(places, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, longest_first)))

    def split(text: str) -> Text:
        found: list[str | Secret] = []
        at = 0
        for match in pattern.finditer(text):
            found += [text[at : match.start()], places[match[0]]]
            at = match.end()
        return tuple(part for part in [*found, text[at:]] if part != "")

    return Request(
        method=case.method,
        target=split(target_with_credential(case, access)),
        headers=tuple((name, split(value)) for name, value in request_headers(case, access)),
        body=case.body,
    )


def variable(header: str) -> str:
    """The environment variable for the value of a *header* that the caller added."""
    return "LEADLINE_HEADER_" + re.sub(r"\W", "_", header).upper()


def _disguised(places: dict[str, Secret], case: Case, header: str, number: int) -> str:
    """A placeholder for the value of *header*; where it carries the credential, written as that is."""
    placeholder, name = f"LeadlineHeaderPlaceholder{number}Z", variable(header)
    for scheme in next(iter(case.operation.security), ()):
        if (scheme.location, scheme.parameter.lower()) == ("header", header.lower()):
            prefix, _, suffix = scheme.template.partition("{key}")
            _enter(places, placeholder, Secret(name, "", prefix, suffix))
            places[scheme.credential(placeholder)] = Secret(name)
            return scheme.credential(placeholder)
    places[placeholder] = Secret(name)
    return placeholder


def _enter(places: dict[str, Secret], placeholder: str, secret: Secret) -> None:
    """Enter *placeholder*, and what becomes of it in a near miss."""
    for text, change in (
        (placeholder, ""),
        (placeholder.swapcase(), "swapped"),
        (placeholder[:-1], "cut"),
    ):
        places[text] = Secret(secret.variable, change, secret.prefix, secret.suffix)


def written(text: Text, write: Callable[[Secret], str] | None = None) -> str:
    """*text* in one piece, its secrets as *write* has them, or as `$LEADLINE_KEY`."""
    write = write or _shown
    return "".join(part if isinstance(part, str) else write(part) for part in text)


def _shown(secret: Secret) -> str:
    return f"${secret.variable}" + (f"({secret.change})" if secret.change else "")
