"""What becomes of an answer that a fault is applied to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from leadline_mock import documented
from leadline_mock.faults.fault import Fault
from leadline_mock.messages import BODILESS, Action, Reply, Response
from leadline_mock.refusal import VIOLATIONS_HEADER, refuse
from leadline_openapi import mediatype
from leadline_openapi.contract import Operation
from leadline_openapi.violation import Violation

FAULT_HEADER = "Leadline-Fault"
"""The request header that asks for a fault, and the response header that tells which one happened."""


def applied(fault: Fault, operation: Operation, answered: Callable[[], Response]) -> Reply:
    """
    The reply to a request to *operation* when *fault*, as it was drawn, happens to it.

    *answered* gives what the contract says; it is not asked where the fault has a status of its own.
    """
    response = answered() if fault.status is None else _stated(operation, fault.status)
    if fault.retry_after is not None:
        response = _with(response, "Retry-After", str(fault.retry_after))
    if fault.malformed:
        response = replace(response, body=_malformed(response))
    action = Action(delay=fault.seconds, wire=fault.wire, seconds=fault.drip)
    told = _with(response, FAULT_HEADER, str(fault))
    return Reply(told, action if action != Action() else None)


def misread(operation: Operation, problem: str) -> Response:
    """The refusal of a request to *operation* whose header asks for a fault that cannot be."""
    name = FAULT_HEADER
    expected = "a fault such as `status=503;retry-after=2`, or `none`"
    wrong = Violation("header", name, f"/{name}", "fault", problem, expected, "")
    return refuse(operation, (400,), [wrong])


def _stated(operation: Operation, status: int) -> Response:
    """
    An answer with *status*: the documented example of just that status, else what is documented near it.

    An error says that it was asked for, and accuses the request of nothing.
    """
    answer = operation.answer_for(status)
    headers = documented.headers(answer)
    media = documented.representation(answer)
    if status in BODILESS:
        return Response(status, headers, b"")
    exact = answer is not None and answer.status == str(status)
    if status >= 400 and not (exact and media is not None and media.examples):
        return _error(operation, status)
    if media is None:
        return Response(status, headers, b"")
    content_type = ("Content-Type", documented.type_name(media))
    value = documented.example(media)
    return Response(status, (content_type, *headers), documented.text(media, value))


def _error(operation: Operation, status: int) -> Response:
    wrong = Violation("", "", "", "fault", f"a fault was asked for: {status}", "", "")
    response = refuse(operation, (status,), [wrong])
    headers = tuple(one for one in response.headers if one[0] != VIOLATIONS_HEADER)
    return replace(response, headers=headers, violations=())


def _malformed(response: Response) -> bytes:
    """
    The body of *response*, as long as before, with its last byte replaced by one that cannot end it.

    No JSON text ends with a comma, and no UTF-8 with the byte FF.
    """
    types = [value for name, value in response.headers if name.lower() == "content-type"]
    is_json = any(mediatype.is_json(one) for one in types)
    return response.body and response.body[:-1] + (b"," if is_json else b"\xff")


def _with(response: Response, name: str, value: str) -> Response:
    others = (one for one in response.headers if one[0].lower() != name.lower())
    return replace(response, headers=(*others, (name, value)))
