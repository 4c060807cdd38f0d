"""What a recorded exchange breaks of a contract, where no request or answer was judged to say so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from leadline_contracts.case import Breach, Due, Exchange
from leadline_contracts.oracles import answer
from leadline_contracts.oracles.memory import Memory
from leadline_contracts.traffic.judging import Judged
from leadline_openapi import Operation
from leadline_openapi.parameters import Parameter


def disallowed(found: Judged) -> Iterator[Breach]:
    """What is not allowed in the answer, whatever was due to the request."""
    exchange = replace(found.exchange, case=replace(found.exchange.case, due=Due.EITHER))
    if not found.told:
        return
    if exchange.answer is None and not _is_undescribed(exchange):
        at = f"{exchange.case.operation.pointer}/responses"
        told = f"the status {exchange.status} is not documented"
        yield _breach("status", at, told, str(exchange.status))
    elif exchange.answer is not None and exchange.headers:
        yield from answer.check(exchange, Memory()) if found.read else answer.head(exchange)


def _is_undescribed(exchange: Exchange) -> bool:
    """Whether the answer is an error where no error is documented: then a server has to choose."""
    documented = (one.status for one in exchange.case.operation.answers)
    return exchange.status >= 400 and not any(status[0] in "45" for status in documented)


def gone(operation: Operation) -> Breach:
    """That *operation* is not there."""
    return _breach(
        "operation", operation.pointer, f"{operation.label} is not there", operation.label
    )


def ignored(parameter: Parameter, value: str) -> Breach:
    """That *parameter*, sent as *value*, is not there."""
    told = f"{parameter.location} {parameter.name}: has no meaning any more"
    return _breach("parameter", parameter.pointer, told, value)


def _breach(rule: str, pointer: str, message: str, actual: str) -> Breach:
    return Breach(rule=rule, pointer=pointer, message=message, expected="", actual=actual)
