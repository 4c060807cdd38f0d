"""Answers on their way out: sent together, once all that was read together is answered."""

from __future__ import annotations

import asyncio
from typing import Any

_MOST = 262_144
"""Bytes that wait at most."""


class Outbox:
    """
    Holds what is to be written until the event loop comes round.

    Each write may wake its reader, which costs more than the write itself. Written in one go, the first one
    wakes a client, and the others find it awake.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._letters: list[tuple[Any, bytes]] = []
        self._size = 0

    def post(self, transport: Any, data: bytes) -> None:
        """Have *data* written to *transport* soon, in order."""
        if not self._letters:
            self._loop.call_soon(self.flush)
        self._letters.append((transport, data))
        self._size += len(data)
        if self._size > _MOST:
            self.flush()

    def flush(self) -> None:
        """Write what waits, now."""
        letters, self._letters, self._size = self._letters, [], 0
        for transport, data in letters:
            transport.write(data)
