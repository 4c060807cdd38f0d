"""Servers that let in whoever has something like a key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple
from urllib.parse import parse_qsl, quote

from leadline_contracts.mutants.mutant import Mutant, Ruling, defect, equivalent, slug
from leadline_contracts.mutants.server import Answer, Ask, Behaviour, Request
from leadline_openapi import Contract, Operation
from leadline_openapi.contract import SecurityScheme

FAMILY = "credentials"
Opens = Callable[[str | None, str, str], bool]
"""Whether what was sent (`None` for nothing) opens, where the proper value and the bare key are."""


def _text(sent: str | None) -> str:
    return sent or ""


def _begins(sent: str | None, proper: str, key: str) -> bool:
    return bool(sent) and _text(sent).startswith(proper.partition(key)[0].strip())


class _Way(NamedTuple):
    id: str
    does: str
    opens: Opens


_WAYS = (
    _Way("not-checked", "takes anything, and nothing", lambda _sent, _proper, _key: True),
    _Way("missing", "needs no credential", lambda sent, _proper, _key: sent is None),
    _Way("empty", "takes an empty credential", lambda sent, _proper, _key: sent == ""),
    _Way("any", "takes any credential that is not empty", lambda sent, _proper, _key: bool(sent)),
    _Way(
        "prefix",
        "takes what begins with it",
        lambda sent, proper, _: _text(sent).startswith(proper),
    ),
    _Way("suffix", "takes what ends with it", lambda sent, proper, _: _text(sent).endswith(proper)),
    _Way("contains", "takes what contains the key", lambda sent, _, key: key in _text(sent)),
    _Way(
        "beginning",
        "takes the beginning of it",
        lambda sent, proper, _: (
            len(_text(sent)) > len(proper) // 2 and proper.startswith(_text(sent))
        ),
    ),
    _Way(
        "any-case",
        "takes it in any case",
        lambda sent, proper, _: _text(sent).lower() == proper.lower(),
    ),
    _Way(
        "same-length",
        "takes any of its length",
        lambda sent, proper, _: len(_text(sent)) == len(proper),
    ),
    _Way("twice", "takes the key twice", lambda sent, proper, key: sent == proper + key),
    _Way(
        "eight-characters",
        "compares eight characters of the key",
        lambda sent, proper, key: (
            _text(sent)[: proper.find(key) + 8] == proper[: proper.find(key) + 8]
        ),
    ),
)
_WITH_PREFIX = (
    _Way("bare", "takes the bare key", lambda sent, _, key: sent == key),
    _Way(
        "any-prefix",
        "takes the key behind any word",
        lambda sent, _, key: _text(sent).endswith(f" {key}"),
    ),
    _Way(
        "prefix-alone",
        "looks at the word before the key only",
        _begins,
    ),
    _Way(
        "no-blank",
        "needs no blank before the key",
        lambda sent, proper, _: sent == proper.replace(" ", ""),
    ),
)


def mutants(contract: Contract, operation: Operation) -> Iterator[Mutant]:
    """The credential mutants of *operation*."""
    del contract
    if not operation.needs_key or operation.unsupported:
        return
    for scheme in operation.security[0]:
        prefix = scheme.template.partition("{key}")[0].strip()
        for way in (*_WAYS, *(_WITH_PREFIX if prefix else ())):
            yield _mutant(operation, scheme, way.id, way.does, partial(_opening, scheme, way.opens))
        yield _mutant(
            operation,
            scheme,
            "trimmed",
            "takes it between blanks",
            partial(_opening, scheme, _trimmed),
        )
        does = "needs no credential any more once the proper one was sent"
        yield _mutant(operation, scheme, "remembered", does, partial(_remembering, scheme))


def _trimmed(sent: str | None, proper: str, _key: str) -> bool:
    return _text(sent).strip() == proper


def _mutant(
    operation: Operation,
    scheme: SecurityScheme,
    key: str,
    does: str,
    behaviour: Callable[[], Behaviour],
) -> Mutant:
    return Mutant(
        id=f"{FAMILY}/{slug(operation)}/{scheme.name}/{key}",
        does=f"{scheme.location} `{scheme.parameter}`: {does}",
        operation=operation,
        behaviour=behaviour,
        rule=_rule(scheme, key),
    )


def _rule(scheme: SecurityScheme, key: str) -> Callable[[], Ruling]:
    if key == "trimmed" and scheme.location == "header":
        return equivalent("blanks around a header's value are no part of it (RFC 9110 section 5.5)")
    return defect("only the key, as the contract writes it, opens")


def _opening(scheme: SecurityScheme, opens: Opens) -> Behaviour:
    def behave(request: Request, ask: Ask) -> Answer:
        if opens(_sent(request, scheme), scheme.credential(request.key), request.key):
            _send(request, scheme)
        return ask()

    return behave


def _remembering(scheme: SecurityScheme) -> Behaviour:
    known: list[bool] = []

    def behave(request: Request, ask: Ask) -> Answer:
        if _sent(request, scheme) == scheme.credential(request.key):
            known.append(True)
        elif known:
            _send(request, scheme)
        return ask()

    return behave


def _variable(scheme: SecurityScheme) -> str:
    return "HTTP_" + scheme.parameter.upper().replace("-", "_")


def _sent(request: Request, scheme: SecurityScheme) -> str | None:
    environ = request.environ
    if scheme.location == "header":
        found: str | None = environ.get(_variable(scheme))
        return found
    if scheme.location == "query":
        pairs = parse_qsl(environ["QUERY_STRING"], keep_blank_values=True)
    else:
        cookies = (
            part.strip().partition("=") for part in environ.get("HTTP_COOKIE", "").split(";")
        )
        pairs = [(name, value) for name, _, value in cookies if name]
    return next((value for name, value in reversed(pairs) if name == scheme.parameter), None)


def _send(request: Request, scheme: SecurityScheme) -> None:
    """Put the proper credential into *request*."""
    environ, proper = request.environ, scheme.credential(request.key)
    if scheme.location == "header":
        environ[_variable(scheme)] = proper
    elif scheme.location == "query":
        parts = [part for part in environ["QUERY_STRING"].split("&") if part]
        rest = [part for part in parts if part.partition("=")[0] != scheme.parameter]
        environ["QUERY_STRING"] = "&".join([*rest, f"{scheme.parameter}={quote(proper)}"])
    else:
        parts = [part.strip() for part in environ.get("HTTP_COOKIE", "").split(";") if part.strip()]
        rest = [part for part in parts if part.partition("=")[0] != scheme.parameter]
        environ["HTTP_COOKIE"] = "; ".join([*rest, f"{scheme.parameter}={proper}"])
