"""Requests at once: several connections, requests that differ, and nothing may be mixed up."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from leadline_contracts.case import Case, Due, Exchange
from leadline_contracts.target import Target
from leadline_contracts.target.allowance import Spent
from leadline_contracts.target.asking import TIMED_OUT
from leadline_contracts.target.manners import asked_to_wait

AREA = "at once"
CONNECTIONS = 5
"""No more than even a server with a very short queue takes."""
_ROUNDS = 16
_ROUNDS_OF_A_SLOW_SERVER = 4
_SLOW = 0.1
_ORDINARY = 20_000


def cases(certificate: Sequence[Case], usual: float, most: float = math.inf) -> list[list[Case]]:
    """
    What each connection sends: mostly distinct accepted requests, some that are refused or denied.

    *usual* is how many seconds the server takes for an answer; a slow one is asked less. They are *most*
    requests at most; raises `Spent` where that is not one for each connection.
    """
    rounds = _ROUNDS if usual < _SLOW else _ROUNDS_OF_A_SLOW_SERVER
    rounds = int(min(rounds, most / CONNECTIONS))
    if certificate and not rounds:
        raise Spent(certificate[0].operation)
    wanted = rounds * CONNECTIONS
    accepted = _spread(_of(certificate, Due.ACCEPT), wanted * 3 // 4)
    others = _spread(_of(certificate, Due.REFUSE), wanted // 6)
    others += _spread(_of(certificate, Due.DENY), CONNECTIONS)
    if not accepted:
        return []
    return [
        [replace(case, area=AREA) for case in _mixed(accepted, others, number)][:rounds]
        for number in range(CONNECTIONS)
    ]


def _of(certificate: Sequence[Case], due: Due) -> list[Case]:
    return [
        case
        for case in certificate
        if case.due is due and len(case.body or b"") < _ORDINARY and not case.malformed
    ]


def _spread(found: list[Case], count: int) -> list[Case]:
    """So many of *found*, from all over it."""
    step = max(1, len(found) // max(1, count))
    return found[::step][:count]


def _mixed(accepted: list[Case], others: list[Case], number: int) -> list[Case]:
    """The share of connection *number*; every fourth request is one of the *others*."""
    mine, foreign = accepted[number::CONNECTIONS] or accepted, others[number::CONNECTIONS]
    order: list[Case] = []
    for at, case in enumerate(mine):
        order.append(case)
        if at % 3 == 2 and foreign:
            order.append(foreign.pop())
    return order


def exchanges(
    target: Target, shares: Sequence[Sequence[Case]], deadline: float = math.inf
) -> list[Exchange]:
    """
    Send each share over a connection of its own, all at once; gives them in the order of sending, what
    the server put off last.

    The connection of *target* itself is closed before: a server with a single thread would wait for it.
    Nobody goes on after the *deadline* (of `time.monotonic`), nor when one request got no answer in time,
    or was put off.
    """
    target.close()
    start, stop = threading.Barrier(len(shares)), threading.Event()
    answered: list[Exchange] = []

    def send(share: Sequence[Case]) -> None:
        mine = target.another()
        start.wait()
        try:
            for case in share:
                if stop.is_set() or time.monotonic() > deadline:
                    return
                exchange = mine.send(case)
                answered.append(exchange)
                if exchange.failure == TIMED_OUT or asked_to_wait(exchange) is not None:
                    stop.set()
        finally:
            mine.close()

    with ThreadPoolExecutor(len(shares)) as pool:
        try:
            for done in [pool.submit(send, share) for share in shares]:
                done.result()
        finally:
            stop.set()
    return sorted(answered, key=lambda one: (asked_to_wait(one) is not None, one.sent_at))
