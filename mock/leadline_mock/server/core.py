"""What the connections of one server share: its application, its clock, its threads."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from socket import socket

from leadline_mock.messages import Reply, Response
from leadline_mock.server import wsgi
from leadline_mock.server.application import Application, Limits, RawRequest
from leadline_mock.server.connection import Connection
from leadline_mock.server.listening import BACKLOG, most_connections
from leadline_mock.server.outbox import Outbox
from leadline_mock.server.wire import Dates

_TICK = 0.5


class Core:
    """The server inside one event loop."""

    def __init__(
        self,
        application: Application,
        listener: socket,
        limits: Limits,
        context: ssl.SSLContext | None,
    ) -> None:
        self.application = application
        self.limits = limits
        self.dates = Dates()
        self.stopping = False
        self.loop = asyncio.get_running_loop()
        self.outbox = Outbox(self.loop)
        self.time = self.loop.time()
        self._address: tuple[str, int] = listener.getsockname()[:2]
        self._listener = listener
        self._context = context
        self._most = most_connections(limits.connections)
        self._connections: set[Connection] = set()
        self._stop = asyncio.Event()
        self._over = asyncio.Event()
        self._threads = ThreadPoolExecutor(limits.threads, thread_name_prefix="leadline")
        # Large bodies one after the other: side by side they take more memory and no less time.
        self._alone = ThreadPoolExecutor(1, thread_name_prefix="leadline-large")

    async def serve(self, ready: Callable[[], None]) -> None:
        """Answer until `stop`; then end what is under way, for as long as the limits allow."""
        secure = self._context is not None
        server = await self.loop.create_server(
            lambda: Connection(self),
            sock=self._listener,
            backlog=BACKLOG,  # asyncio would set a smaller one
            ssl=self._context,
            ssl_handshake_timeout=self.limits.sending if secure else None,
            ssl_shutdown_timeout=self.limits.grace if secure else None,
        )
        ticking = self.loop.create_task(self._tick())
        ready()
        await self._stop.wait()
        await self._stop_accepting()
        server.close()
        await self._wind_up()
        ticking.cancel()
        with suppress(asyncio.CancelledError):
            await ticking
        for threads in (self._threads, self._alone):
            threads.shutdown(wait=False, cancel_futures=True)

    def stop(self) -> None:
        """End `serve` when what is under way is answered; at once when called again."""
        if self._stop.is_set():
            self._over.set()
        self._stop.set()

    def now(self) -> float:
        """Seconds on the loop's clock."""
        self.time = self.loop.time()
        return self.time

    async def _stop_accepting(self) -> None:
        """Asyncio loses sockets that it has accepted when its server is closed before they are connected."""
        with suppress(NotImplementedError):  # Windows: its loop has no readers
            self.loop.remove_reader(self._listener)
        for _ in range(3):
            await asyncio.sleep(0)

    async def _wind_up(self) -> None:
        self.stopping = True
        self.outbox.flush()
        for connection in list(self._connections):
            connection.stop()
        if self._connections:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._over.wait(), self.limits.grace)
        for connection in list(self._connections):
            connection.abort()

    async def _tick(self) -> None:
        """Keep the coarse clock, and look after connections that are not getting on."""
        while True:
            await asyncio.sleep(_TICK)
            now = self.now()
            for connection in list(self._connections):
                connection.sweep(now)

    def welcome(self, connection: Connection) -> bool:
        """Count *connection* in, at the cost of the one that is idle longest; false where none is."""
        if self.stopping:
            return False
        if len(self._connections) >= self._most:
            idle = [one for one in self._connections if one.idle]
            if not idle:
                return False
            longest = min(idle, key=lambda one: one.since)
            self._connections.discard(longest)
            longest.abort()
        self._connections.add(connection)
        return True

    def farewell(self, connection: Connection) -> None:
        """Count *connection* out."""
        self._connections.discard(connection)
        if self.stopping and not self._connections:
            self._over.set()

    def in_thread(self, request: RawRequest, done: Callable[[Reply], None], *, large: bool) -> None:
        """
        Have *request* answered in a thread; *done* is called in the loop.

        What is *large* was not asked for a quick reply yet.
        """

        def work() -> None:
            reply = self._reply(request, large=large)
            with suppress(RuntimeError):  # the loop has ended
                self.loop.call_soon_threadsafe(done, reply)

        (self._alone if large else self._threads).submit(work)

    def _reply(self, request: RawRequest, *, large: bool) -> Reply:
        scheme = "https" if self._context else "http"
        try:
            reply = self.application.quick(request) if large else None
            return reply or wsgi.answered(self.application, request, self._address, scheme)
        except Exception as error:  # even the refusal failed
            problem = f"the mock failed: {type(error).__name__}"
            return Reply(Response(500, (("Content-Type", "text/plain"),), problem.encode()))
