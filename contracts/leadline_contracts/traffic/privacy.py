"""Recorded requests without what is secret in them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from enum import Enum
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, quote, quote_plus, unquote_plus

from leadline_contracts.case import Case, Exchange
from leadline_contracts.traffic.bodies import Headers
from leadline_contracts.traffic.har import Entry
from leadline_openapi import Contract, Operation
from leadline_openapi.contract import SecurityScheme

HIDDEN = "[redacted]"
"""What stands in the place of a secret."""
_TELLING = 6
"""Shorter values are part of too many other texts to be looked for in them."""
_LEAST = 4
"""So many characters of a secret are hidden where a text was cut in the middle of it."""
_SECRET = re.compile(
    r"(proxy-)?authorization|(set-)?cookie2?|"
    r".*(token|secret|password|api-?key|session|signature|assertion|credential|csrf|xsrf).*",
    re.IGNORECASE,
)
"""Headers that let somebody in, by their usual names."""
_SECRET_QUERY = re.compile(
    r"(api_?|access_?|auth_?|id_?|refresh_?)?(key|token)|sig(nature)?|password|secret|client_secret",
    re.IGNORECASE,
)
_OF_THE_CLIENT = re.compile(
    r"host|content-length|connection|accept-encoding|accept-language|cache-control|pragma|priority|te|dnt|"
    r"upgrade-insecure-requests|origin|referer|if-(none-match|modified-since)|sec-.*|access-control-.*",
    re.IGNORECASE,
)
"""Headers that a client adds by itself, and that no operation asks for by default."""


class Redactor:
    """Takes the secrets of *entries*, and *keys* that are known, out of texts."""

    def __init__(self, contract: Contract, entries: Iterable[Entry], keys: Iterable[str]) -> None:
        self._schemes = _Schemes(contract)
        found = {secret for one in entries for secret in self._in(one)}
        found |= {key for key in keys if key}
        self._secrets = sorted(
            {form for one in found for form in _forms(one)}, key=len, reverse=True
        )
        self._pattern = re.compile("|".join(map(re.escape, self._secrets)))
        self._starts: dict[str, list[str]] = {}
        for secret in self._secrets:
            self._starts.setdefault(secret[:_LEAST], []).append(secret)

    def __call__(self, text: str) -> str:
        """*text* without secrets, also where a cut has left only the beginning of one."""
        if not self._secrets:
            return text
        text = self._pattern.sub(HIDDEN, text)
        return "…".join([*map(self._uncut, (parts := text.split("…"))[:-1]), parts[-1]])

    def case(self, case: Case) -> Case:
        """*case* as it may be told: without credentials, and without what every client adds."""
        named = {one.name.lower() for one in case.operation.parameters if one.location == "header"}
        headers = tuple(
            (name, HIDDEN if self.is_secret(name) else self(value))
            for name, value in case.headers
            if name.lower() in named or not (self.is_secret(name) or _OF_THE_CLIENT.fullmatch(name))
        )
        body = None if case.body is None else _bytes(case.body, self)
        return replace(case, headers=headers, target=self._target(case), body=body)

    def exchange(self, exchange: Exchange) -> Exchange:
        """*exchange* as it may be told."""
        headers = tuple(
            (name, HIDDEN if self.is_secret(name) else self(value))
            for name, value in exchange.headers
        )
        body = _bytes(exchange.body, self)
        return replace(exchange, case=self.case(exchange.case), headers=headers, body=body)

    def is_secret(self, header: str) -> bool:
        """Whether the value of *header* lets somebody in."""
        return header.lower() in self._schemes.headers or bool(_SECRET.fullmatch(header))

    def _target(self, case: Case) -> str:
        path, _, query = case.target.partition("?")
        kept = [
            part
            for part in query.split("&")
            if unquote_plus(part.partition("=")[0]) not in self._schemes.query
        ]
        return self(path) + (f"?{self('&'.join(kept))}" if any(kept) else "")

    def _uncut(self, text: str) -> str:
        """*text*, which was cut at its end, without the beginning of a secret there."""
        longest = len(self._secrets[0])
        for at in range(max(0, len(text) - longest), len(text) - _LEAST + 1):
            begun = self._starts.get(text[at : at + _LEAST], ())
            if any(secret.startswith(text[at:]) for secret in begun):
                return text[:at] + HIDDEN
        return text

    def _in(self, entry: Entry) -> Iterator[str]:
        """The values in *entry* that let somebody in."""
        for name, value in (*entry.headers, *entry.response_headers):
            if name.lower() in {"cookie", "set-cookie"}:
                yield from _cookies(value)
            elif self.is_secret(name):
                yield from (value, *_words(value), *self._schemes.keys(name, value))
        for name, value in parse_qsl(entry.url.partition("?")[2].partition("#")[0]):
            if name in self._schemes.query or _SECRET_QUERY.fullmatch(name):
                yield value


class _Schemes:
    """Where the security schemes of a contract have their keys."""

    def __init__(self, contract: Contract) -> None:
        schemes = [
            scheme
            for operation in contract.operations
            for alternative in operation.security
            for scheme in alternative
        ]
        self._templates = [
            (one.parameter.lower(), one.template) for one in schemes if one.location == "header"
        ]
        self.headers = {name for name, _ in self._templates}
        self.query = {one.parameter for one in schemes if one.location == "query"}

    def keys(self, header: str, value: str) -> Iterator[str]:
        """The key in the *value* of a *header*, where it is written as a scheme says."""
        for name, template in self._templates:
            prefix, _, suffix = template.partition("{key}")
            fits = value.startswith(prefix) and value.endswith(suffix)
            if name == header.lower() and fits:
                yield value.removeprefix(prefix).removesuffix(suffix)


def _words(value: str) -> tuple[str, str]:
    """What stands behind the first blank of *value*, as in `Bearer KEY`, and behind the last one."""
    return value.partition(" ")[2], value.rpartition(" ")[2]


def _cookies(header: str) -> Iterator[str]:
    for line in header.split("\n"):
        try:
            jar = SimpleCookie(line)
        except CookieError:
            continue
        yield from (one.value for one in jar.values())


def _forms(secret: str) -> Iterator[str]:
    """*secret* in the ways in which it may be written; nothing where it is too short to be looked for."""
    if len(secret) >= _TELLING:
        yield from {
            secret,
            json.dumps(secret, ensure_ascii=False)[1:-1],
            json.dumps(secret)[1:-1],
            json.dumps(secret)[1:-1].replace("/", r"\/"),
            quote(secret, safe=""),
            quote_plus(secret),
        }


def _bytes(body: bytes, redact: Callable[[str], str]) -> bytes:
    return redact(body.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")


class Given(Enum):
    """What a request has of a credential: its form is looked at, never its value."""

    PROPERLY = "as the contract says"
    OTHERWISE = "in another form"
    NOT = "none"


def given(operation: Operation, headers: Headers, query: str) -> Given:
    """Whether a request with *headers* and *query* identifies itself as *operation* asks for."""
    found = [[_given(scheme, headers, query) for scheme in one] for one in operation.security]
    if any(one and set(one) == {Given.PROPERLY} for one in found):
        return Given.PROPERLY
    some = any(state is not Given.NOT for one in found for state in one)
    return Given.OTHERWISE if some else Given.NOT


def _given(scheme: SecurityScheme, headers: Headers, query: str) -> Given:
    prefix, _, suffix = scheme.template.partition("{key}")
    values = [value for value in _values(scheme, headers, query) if value]
    fitting = (
        value.startswith(prefix) and value.endswith(suffix) and len(value) > len(prefix + suffix)
        for value in values
    )
    if any(fitting):
        return Given.PROPERLY
    return Given.OTHERWISE if values else Given.NOT


def _values(scheme: SecurityScheme, headers: Headers, query: str) -> list[str]:
    """What a request sends where the key of *scheme* belongs."""
    if scheme.location == "query":
        return [value for name, value in parse_qsl(query) if name == scheme.parameter]
    if scheme.location == "header":
        return [value for name, value in headers if name.lower() == scheme.parameter.lower()]
    cookies = [
        one.strip().partition("=")
        for name, value in headers
        if name.lower() == "cookie"
        for one in value.split(";")
    ]
    return [value for name, _, value in cookies if name == scheme.parameter]
