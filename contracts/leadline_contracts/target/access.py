"""What every target shares: how credentials get into a request, and how they stay out of a report."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import quote, quote_plus, urlencode

from leadline_contracts.case import Case, Exchange, cut, swapped
from leadline_contracts.target.disclosed import Disclosed
from leadline_openapi import Contract, LeadlineError, Operation
from leadline_openapi.contract import SecurityScheme

MAX_ANSWER = 10_000_000
"""Bytes of an answer that are read; no more is needed to see that it is wrong."""
HIDDEN = "$LEADLINE_KEY"
"""What stands for the key wherever something is written down."""
_TELLING = 6
"""From so many characters on, the value of a header that the caller adds may be a secret."""
USUAL = (
    ("Accept", "application/json, */*;q=0.5"),
    ("Accept-Encoding", "identity"),
    ("User-Agent", "leadline"),
)


class Unreachable(LeadlineError):
    """Nothing answers at the target."""


class BadTarget(LeadlineError):
    """What was given of the target is no URL, or nothing that a request can carry."""


@dataclass(frozen=True, slots=True)
class Access:
    """
    What opens the server: a *key*, written as the contract says, and *headers* to add.

    Raises `BadTarget` for what no HTTP header can carry.
    """

    key: str | None = field(default=None, repr=False)
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        if self.key is not None and _unspeakable(self.key):
            raise BadTarget("the key holds a character that no HTTP header can carry")
        for name, value in self.headers:
            if not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", name) or _unspeakable(value):
                raise BadTarget(f"no HTTP header can be named or filled like {name!r}")

    @property
    def disclosed(self) -> Disclosed:
        """What of it may be told."""
        return Disclosed(
            keyed=self.key is not None, headers=tuple(name for name, _ in self.headers)
        )

    def redact(self, text: str) -> str:
        """*text* without the key, also where a cut has left only the beginning of it."""
        for secret in self._secrets():
            text = text.replace(secret, HIDDEN)
            for length in range(len(secret) - 1, 3, -1):
                text = text.replace(f"{secret[:length]}…", f"{HIDDEN}…")
        return text

    def _secrets(self) -> Iterator[str]:
        plain = [self.key] if self.key else []
        for _, value in self.headers:
            plain += [part for part in (value, value.rpartition(" ")[2]) if len(part) >= _TELLING]
        # What a near miss sends tells nearly as much, and a server may say it back.
        near = [miss(secret) for secret in plain for miss in (swapped, cut)]
        plain += [secret for secret in near if len(secret) >= _TELLING]
        for secret in sorted(set(plain), key=len, reverse=True):
            yield from dict.fromkeys(
                (
                    secret,
                    json.dumps(secret)[1:-1],
                    json.dumps(secret)[1:-1].replace("/", r"\/"),
                    quote(secret, safe=""),
                    quote_plus(secret),
                    secret.encode().decode("latin-1"),  # as a header is read that holds UTF-8
                )
            )


def _unspeakable(text: str) -> bool:
    return any(ord(character) < 32 or ord(character) == 127 for character in text)


class Target(Protocol):
    """A server under test."""

    @property
    def url(self) -> str:
        """The base that an operation's path is appended to."""
        ...

    def send(self, case: Case) -> Exchange:
        """Send *case* and wait for the answer; never raises for what the server does."""
        ...

    @property
    def disclosed(self) -> Disclosed:
        """What may be told of how requests are let in."""
        ...

    def redact(self, text: str) -> str:
        """*text* without the key."""
        ...

    def another(self) -> Target:
        """The same server over a connection of its own."""
        ...

    def hurry(self, timeout: float) -> None:
        """From now on wait at most *timeout* seconds for one answer, where that can be told."""
        ...

    def close(self) -> None:
        """Let go of connections; the next request makes a new one."""


def keyless(contract: Contract, access: Access) -> Operation | None:
    """The first operation of *contract* that *access* has no key for."""
    given = {name.lower() for name, _ in access.headers}
    for operation in (one for one in contract.operations if not one.unsupported):
        carrying = {scheme.parameter.lower() for scheme in next(iter(operation.security), ())}
        if operation.needs_key and not access.key and not carrying & given:
            return operation
    return None


def request_headers(case: Case, access: Access) -> list[tuple[str, str]]:
    """The headers of *case* as they are sent: its own, credentials, what the caller adds, the usual ones."""
    added = _added(case, access)
    taken = {name.lower() for name, _ in access.headers}
    credentials = [
        pair for pair in _credentials(case, access, "header") if pair[0].lower() not in taken
    ]
    found = [pair for pair in case.headers if pair[0].lower() not in taken - {"cookie"}]
    found += [*credentials, *added]
    found = _one_cookie(found, _credentials(case, access, "cookie"))
    known = {name.lower() for name, _ in found}
    return [*found, *(pair for pair in USUAL if pair[0].lower() not in known)]


def _added(case: Case, access: Access) -> list[tuple[str, str]]:
    """The headers of *access*; where one carries the credential, it is written as the case wants it."""
    schemes = {scheme.parameter.lower(): scheme for scheme in _schemes(case, "header")}
    found = []
    for name, value in access.headers:
        scheme = schemes.get(name.lower())
        written = case.credential.write(value, _key_in(scheme, value)) if scheme else value
        if written is not None:
            found.append((name, written))
    return found


def _key_in(scheme: SecurityScheme, value: str) -> str:
    """The key in *value*, where it is written as the contract says; else all of it."""
    prefix, _, suffix = scheme.template.partition("{key}")
    fits = value.startswith(prefix) and value.endswith(suffix)
    return value.removeprefix(prefix).removesuffix(suffix) if fits else value


def _one_cookie(
    headers: list[tuple[str, str]], credentials: list[tuple[str, str]]
) -> list[tuple[str, str]]:
    """All cookies in one header: "the user agent MUST NOT attach more than one" (RFC 6265 section 5.4)."""
    cookies = [value for name, value in headers if name.lower() == "cookie"]
    cookies += [f"{name}={value}" for name, value in credentials]
    rest = [pair for pair in headers if pair[0].lower() != "cookie"]
    return [*rest, ("Cookie", "; ".join(cookies))] if cookies else rest


def target_with_credential(case: Case, access: Access) -> str:
    """The request target of *case*, with a key in its query where the contract has it there."""
    pairs = _credentials(case, access, "query")
    if not pairs:
        return case.target
    return case.target + ("&" if "?" in case.target else "?") + urlencode(pairs)


def _credentials(case: Case, access: Access, location: str) -> list[tuple[str, str]]:
    if not access.key:
        return []
    written = (
        (scheme.parameter, case.credential.write(scheme.credential(access.key), access.key))
        for scheme in _schemes(case, location)
    )
    return [(name, value) for name, value in written if value is not None]


def _schemes(case: Case, location: str) -> list[SecurityScheme]:
    first = next(iter(case.operation.security), ())
    return [scheme for scheme in first if scheme.location == location]
