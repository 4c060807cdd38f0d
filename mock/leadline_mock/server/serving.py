"""Serve an application until told to stop: in this thread with signals, or in one of its own."""

from __future__ import annotations

import asyncio
import gc
import signal
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from socket import socket
from types import FrameType

from leadline_mock.server.application import Application, Limits
from leadline_mock.server.core import Core
from leadline_mock.server.listening import origin


class Server:
    """
    A server for *application* on *listener*, which listens already; *context* makes it speak TLS.

    Either `run` serves in the main thread, or `start` and `stop` in a thread of its own; once.
    """

    def __init__(
        self,
        application: Application,
        listener: socket,
        *,
        limits: Limits | None = None,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self.application = application
        self.origin = origin(listener, tls=context is not None)
        self._listener = listener
        self._limits = limits or Limits()
        self._context = context
        self._core: Core | None = None
        self._thread: threading.Thread | None = None
        self._failure: BaseException | None = None
        self._stopped = False

    def run(self, ready: Callable[[], None] | None = None) -> int:
        """
        Serve until SIGINT or SIGTERM; gives the exit code of the process, 130 or 0.

        What is under way is answered before it ends, but a second signal ends it at once. *ready* is
        called once requests are answered.
        """
        code = 0

        def told(number: int, _frame: FrameType | None) -> None:
            nonlocal code
            code = 130 if number == signal.SIGINT else 0
            self._tell_to_stop()

        with _handling(told):
            # What was loaded stays to the end: no collection needs to look at it again.
            gc.collect()
            gc.freeze()
            asyncio.run(self._serve(ready or (lambda: None)))
        return code

    def start(self) -> None:
        """Serve in a thread; returns when requests are answered. Raises what keeps it from that."""
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self._thread.start()
        ready.wait()
        if self._failure is not None:
            raise self._failure

    def stop(self) -> None:
        """End what `start` began, and close the listening socket. May be called again."""
        self._tell_to_stop()
        if self._thread is not None:
            self._thread.join()
        self._listener.close()

    def _run(self, ready: threading.Event) -> None:
        try:
            asyncio.run(self._serve(ready.set))
        except BaseException as error:
            self._failure = error
        finally:
            ready.set()

    async def _serve(self, ready: Callable[[], None]) -> None:
        self._core = Core(self.application, self._listener, self._limits, self._context)
        if self._stopped:
            self._core.stop()
        await self._core.serve(ready)

    def _tell_to_stop(self) -> None:
        self._stopped = True
        if self._core is not None:
            with suppress(RuntimeError):  # the loop has ended already
                self._core.loop.call_soon_threadsafe(self._core.stop)


@contextmanager
def _handling(told: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    """Within, *told* handles the signals that end a server. Python's own handlers wake the event loop."""
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, told) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
