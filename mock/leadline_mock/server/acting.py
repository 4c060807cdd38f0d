"""An answer that goes wrong on the wire."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from leadline_mock.messages import Action
from leadline_mock.server.wire import pieces, reset


class Acting:
    """
    *action*, as it is done with the head and the body that *encoded* gives when it is time for them.

    *done* is called when the answer is on its way: with `False` where nothing may follow it. A *hang* ends
    with the connection, or after so many seconds.
    """

    def __init__(
        self,
        action: Action,
        transport: Any,
        encoded: Callable[[], tuple[bytes, bytes]],
        hang: float,
        done: Callable[[bool], None],
    ) -> None:
        self.silent = action.wire == "hang"
        self._action, self._transport, self._encoded = action, transport, encoded
        self._done = done
        self._loop = asyncio.get_running_loop()
        if self.silent:
            self._timer = self._loop.call_later(hang, transport.abort)
        else:
            self._timer = self._loop.call_later(action.delay, self._act)

    def cancel(self) -> None:
        """The connection is gone."""
        self._timer.cancel()

    def _act(self) -> None:
        head, body = self._encoded()
        match self._action.wire:
            case "reset":
                reset(self._transport)
            case "truncate":
                self._transport.write(head + body[: len(body) // 2])
                self._done(False)
            case "drip":
                self._transport.write(head)
                self._drip(pieces(body))
            case _:
                self._transport.write(head + body)
                self._done(True)

    def _drip(self, parts: list[bytes]) -> None:
        """Each of *parts* after a pause, so that the last one comes when the time is over."""
        if not parts:
            self._done(True)
            return
        pause = self._action.seconds / len(parts)

        def send(at: int) -> None:
            self._transport.write(parts[at])
            if at + 1 < len(parts):
                self._timer = self._loop.call_later(pause, send, at + 1)
            else:
                self._done(True)

        self._timer = self._loop.call_later(pause, send, 0)
