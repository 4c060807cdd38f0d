"""The fuzz phase: Schemathesis makes requests from the document by itself, Hypothesis shrinks what fails.

It reads the overlaid document on its own, so that a fault of our loading does not blind it. Its requests
are judged on their exact bytes like every other case; what is not certainly good or bad is not sent.
"""

from __future__ import annotations

import copy
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from leadline_contracts.case import Breach, Case, Due
from leadline_contracts.cases import reason_not_checked
from leadline_contracts.judge import judge, violations
from leadline_contracts.target.allowance import Spent
from leadline_openapi import Contract, Operation

EXAMPLES = 40
_ROUNDS = 3
_SHRINKING = 3.0
"""Seconds for making one failure small."""
_ORIGIN = "http://leadline.invalid"


AREA = "fuzz"
"""The area of every generated case."""

Send = Callable[[Case], tuple[list[Breach], list[Breach]]]
"""Sends a case; gives all of its breaches, and those that were not known before."""


class _TimeUpError(BaseException):
    """No time is left for this operation. No `Exception`: Hypothesis would repeat what raised it."""


class _New(Exception):
    """A breach that was not known: Hypothesis shrinks what raises it."""


def fuzz(
    contract: Contract, send: Send, *, seed: int, examples: int, deadline: float
) -> dict[str, str]:
    """
    Send up to *examples* good and as many bad requests for every operation.

    *deadline* is a time of `time.monotonic`; every operation gets an equal share of what is left until
    then, and no more once *send* raises `Spent`. Gives the operations that nothing could be made for, each
    with the reason.
    """
    left_out: dict[str, str] = {}
    operations = [one for one in contract.operations if not reason_not_checked(one)]
    if not operations or not examples:
        return left_out
    import schemathesis
    from hypothesis.errors import HypothesisException
    from schemathesis.errors import SchemathesisError

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        source = schemathesis.openapi.from_dict(_without_security(contract))
        for number, operation in enumerate(operations):
            now = time.monotonic()
            share = now + (deadline - now) / (len(operations) - number)
            try:
                for strategy in _strategies(source, operation):
                    _rounds(operation, strategy, send, seed, examples, share)
            except Spent:
                continue
            except _TimeUpError:
                if now > deadline:
                    left_out[operation.label] = "the time was up"
            except (HypothesisException, SchemathesisError, LookupError) as error:
                left_out[operation.label] = f"{type(error).__name__}: {error}".splitlines()[0]
    return left_out


def _strategies(source: Any, operation: Operation) -> Iterator[Any]:
    from schemathesis import GenerationMode

    described = source[operation.path][operation.method]
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
        yield described.as_strategy(generation_mode=mode)


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


def _rounds(
    operation: Operation, strategy: Any, send: Send, seed: int, examples: int, deadline: float
) -> None:
    """Run Hypothesis until it finds nothing new; each run shrinks one new failure."""
    import hypothesis
    from hypothesis.errors import Flaky, Unsatisfiable

    every_check: list[Any] = list(hypothesis.HealthCheck)
    for number in range(_ROUNDS):
        if time.monotonic() > deadline:
            raise _TimeUpError
        hunt = _Hunt(operation, send, deadline)
        given: Any = hypothesis.given(strategy)
        attempt = given(hunt.attempt)
        attempt = hypothesis.settings(
            max_examples=examples,
            database=None,
            deadline=None,
            print_blob=False,
            suppress_health_check=every_check,
            phases=[hypothesis.Phase.generate, hypothesis.Phase.shrink],
        )(attempt)
        attempt = hypothesis.seed(seed + number)(attempt)
        try:
            attempt()
        except (_New, Flaky):
            continue
        except Unsatisfiable:
            return
        return


@dataclass(slots=True)
class _Hunt:
    """One run of Hypothesis: its *prey* is the first breach that was not known."""

    operation: Operation
    send: Send
    deadline: float
    prey: tuple[str, str] | None = None

    def attempt(self, generated: Any) -> None:
        """Send what was *generated*; raises `_New` when it is, or still is, the prey."""
        if time.monotonic() > self.deadline:
            if self.prey is None:
                raise _TimeUpError
            return
        case = _case(self.operation, generated)
        if case is None:
            return
        breaches, new = self.send(case)
        if self.prey is None and new:
            self.prey = (new[0].rule, new[0].pointer)
            self.deadline = min(self.deadline, time.monotonic() + _SHRINKING)
        if self.prey in [(breach.rule, breach.pointer) for breach in breaches]:
            raise _New


def _case(operation: Operation, generated: Any) -> Case | None:
    """The case that Schemathesis' *generated* request amounts to, if its due is certain."""
    import requests

    try:
        arguments = generated.as_transport_kwargs(base_url=_ORIGIN)
        prepared = requests.Request(
            **{name: value for name, value in arguments.items() if name in _ARGUMENTS}
        ).prepare()
    except (ValueError, UnicodeError):
        return None  # nothing that HTTP can carry
    body = prepared.body.encode("utf-8") if isinstance(prepared.body, str) else prepared.body
    case = Case(
        name="generated",
        area=AREA,
        operation=operation,
        method=operation.method,
        target=str(prepared.path_url),
        headers=tuple(_headers(operation, prepared.headers)),
        body=body if isinstance(body, bytes) else None,
        due=Due.ACCEPT,
        rule=operation.pointer,
        compound=True,
    )
    due = judge(case) if _can_be_sent(case) else None
    if due is not Due.REFUSE:
        return case if due else None
    return replace(case, due=due, rule=violations(case)[0].rule)


_ARGUMENTS = frozenset(("method", "url", "params", "data", "json", "headers", "cookies", "files"))


def _headers(operation: Operation, headers: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The headers that the contract speaks of; Schemathesis and requests add others."""
    described = {one.name.lower() for one in operation.parameters if one.location == "header"}
    spelt = {"content-type": "Content-Type", "cookie": "Cookie"}
    for name, value in headers.items():
        if name.lower() in described or name.lower() in spelt:
            text = value.decode("latin-1") if isinstance(value, bytes) else value
            yield spelt.get(name.lower(), name), text


def _can_be_sent(case: Case) -> bool:
    """Whether HTTP/1.1 carries the headers as they are, and the path is the operation's own."""
    values = "".join(value for _, value in case.headers)
    if not values.isascii() or any(ord(character) < 32 for character in values):
        return False
    if any(value != value.strip() or not value for _, value in case.headers):
        return False
    path = case.target.partition("?")[0]
    alike = path.count("/") == case.operation.path.count("/")
    return alike and "//" not in path and not {".", ".."} & set(path.split("/"))
