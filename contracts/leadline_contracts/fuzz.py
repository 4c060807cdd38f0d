"""The fuzz phase: Schemathesis makes requests from the document by itself, Hypothesis shrinks what fails.

It reads the overlaid document on its own, so that a fault of our loading does not blind it. Its requests
are judged on their exact bytes like every other case; what is not certainly good or bad is not sent.
"""

from __future__ import annotations

import copy
import time
import warnings
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from leadline_contracts.case import Breach, Case, Due, Exchange
from leadline_contracts.cases import reason_not_checked
from leadline_contracts.judge import judge, violations
from leadline_openapi import Contract, Operation

EXAMPLES = 40
_ROUNDS = 5
_ORIGIN = "http://leadline.invalid"

Send = Callable[[Case], tuple[Exchange, list[Breach]]]
"""Sends a case; gives the exchange and those of its breaches that are new."""


class _New(Exception):
    """A breach that no finding holds yet: Hypothesis shrinks what raises it."""


def fuzz(contract: Contract, send: Send, *, seed: int, examples: int, deadline: float) -> None:
    """
    Send up to *examples* good and as many bad requests for every operation.

    *deadline* is a time of `time.monotonic`; no new request begins after it.
    """
    import schemathesis
    from schemathesis import GenerationMode

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        schema = schemathesis.openapi.from_dict(_without_security(contract))
        for operation in contract.operations:
            if reason_not_checked(operation):
                continue
            source = schema[operation.path][operation.method]
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
                strategy = source.as_strategy(generation_mode=mode)
                for number in range(_ROUNDS):
                    if not _round(operation, strategy, send, seed + number, examples, deadline):
                        break


def _without_security(contract: Contract) -> dict[str, Any]:
    """Credentials are ours to send: a generated key would only be refused."""
    document: dict[str, Any] = copy.deepcopy(dict(contract.document))
    document.pop("security", None)
    document.get("components", {}).pop("securitySchemes", None)
    for item in document.get("paths", {}).values():
        for operation in item.values():
            if isinstance(operation, dict):
                operation.pop("security", None)
    return document


def _round(
    operation: Operation, strategy: Any, send: Send, seed: int, examples: int, deadline: float
) -> bool:
    """One run of Hypothesis, until it ends or has shrunk something new; gives whether it has."""
    import hypothesis

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=examples,
        database=None,
        deadline=None,
        print_blob=False,
        suppress_health_check=list(hypothesis.HealthCheck),
        phases=[hypothesis.Phase.generate, hypothesis.Phase.shrink],
    )
    @hypothesis.given(generated=strategy)
    def attempt(generated: Any) -> None:
        if time.monotonic() > deadline:
            return
        case = _case(operation, generated)
        if case is None:
            return
        _, new = send(case)
        if new:
            raise _New(new[0].rule)

    try:
        attempt()
    except _New:
        return True
    except (hypothesis.errors.Flaky, hypothesis.errors.Unsatisfiable):
        return False
    return False


def _case(operation: Operation, generated: Any) -> Case | None:
    """The case that Schemathesis' *generated* request amounts to, if its due is certain."""
    import requests

    try:
        arguments = generated.as_transport_kwargs(base_url=_ORIGIN)
        names = ("method", "url", "params", "data", "json", "headers", "cookies", "files")
        prepared = requests.Request(
            **{name: value for name, value in arguments.items() if name in names}
        ).prepare()
    except (ValueError, UnicodeError):
        return None  # nothing that HTTP can carry
    body = prepared.body
    case = Case(
        name="generated",
        area="fuzz",
        operation=operation,
        target=prepared.path_url,
        headers=tuple(_headers(operation, prepared.headers)),
        body=body.encode("utf-8") if isinstance(body, str) else _bytes(body),
        due=Due.ACCEPT,
        rule=operation.pointer,
    )
    due = judge(case) if _can_be_sent(case) else None
    if due is None:
        return None
    broken = violations(case)
    return replace(case, due=due, rule=broken[0].rule if broken else operation.pointer)


def _bytes(body: Any) -> bytes | None:
    return body if isinstance(body, bytes) else None


def _headers(operation: Operation, headers: Any) -> list[tuple[str, str]]:
    described = {p.name.lower() for p in operation.parameters if p.location == "header"}
    described |= {"content-type", "cookie"}
    spelt = {"content-type": "Content-Type", "cookie": "Cookie"}
    return [
        (
            spelt.get(name.lower(), name),
            value.decode("latin-1") if isinstance(value, bytes) else value,
        )
        for name, value in headers.items()
        if name.lower() in described
    ]


def _can_be_sent(case: Case) -> bool:
    """Whether HTTP/1.1 carries the headers as they are, and the path is the operation's own."""
    values = "".join(value for _, value in case.headers)
    if not values.isascii() or any(ord(character) < 32 for character in values):
        return False
    if any(value != value.strip() or not value for _, value in case.headers):
        return False
    path = case.target.partition("?")[0]
    return path.count("/") == case.operation.path.count("/") and "//" not in path
