"""Faults under a WSGI server that is not ours, as far as PEP 3333 allows."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from leadline_mock.messages import Action
from leadline_mock.server.wire import pieces

LONGEST_HANG = 3600
"""Seconds after which a hang gives its thread back."""


def enact(
    action: Action, body: bytes, sleep: Callable[[float], None] = time.sleep
) -> Iterator[bytes]:
    """
    *body*, as an iterable for a WSGI server, with *action* happening while it is sent.

    A reset raises `ConnectionResetError`, a hang `TimeoutError` after an hour: servers close the
    connection then, and test clients raise the same. The end of half a body is for the server to notice.
    Where a server does not ask for the body, as for HEAD, only the delay happens.
    """
    if action.delay:
        sleep(action.delay)
    return _sent(action, body, sleep)


def _sent(action: Action, body: bytes, sleep: Callable[[float], None]) -> Iterator[bytes]:
    match action.wire:
        case "hang":
            sleep(LONGEST_HANG)
            raise TimeoutError("a fault was asked for: no answer")
        case "reset":
            raise ConnectionResetError("a fault was asked for: the connection is reset")
        case "truncate":
            yield body[: len(body) // 2]
        case "drip":
            parts = pieces(body)
            for part in parts:
                sleep(action.seconds / len(parts))
                yield part
        case _:
            yield body
