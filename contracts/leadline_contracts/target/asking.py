"""From a case and whoever answers it to an exchange."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

from leadline_contracts.case import Case, Exchange

Answered = tuple[int, tuple[tuple[str, str], ...], bytes]
"""Status, headers and body of an answer."""


TIMED_OUT = "no answer in time"
"""The failure of a request whose answer was waited for in vain."""


class NoAnswer(Exception):
    """There is no answer; the message says why."""


def asked(case: Case, ask: Callable[[Case], Answered]) -> Exchange:
    """What *ask* answers to *case*, and when; what it raises as `NoAnswer` is the failure."""
    sent_at, started = datetime.now(UTC), time.monotonic()
    answered: Answered = (0, (), b"")
    failure = ""
    try:
        answered = ask(case)
    except NoAnswer as reason:
        failure = str(reason)
    status, headers, body = answered
    return Exchange(
        case=case,
        status=status,
        headers=headers,
        body=body,
        sent_at=sent_at,
        received_at=datetime.now(UTC),
        elapsed=time.monotonic() - started,
        failure=failure,
    )
