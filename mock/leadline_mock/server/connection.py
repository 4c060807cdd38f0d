"""One connection: its requests are answered in order, and it is closed so that answers arrive."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from leadline_mock.messages import Action, Reply, Response
from leadline_mock.server.acting import Acting
from leadline_mock.server.application import RawRequest
from leadline_mock.server.incoming import Incoming
from leadline_mock.server.wire import encode, reset

if TYPE_CHECKING:
    from leadline_mock.server.core import Core

LARGE = 16_384
"""Bytes of a body from which on a request is worked on in a thread, so that others need not wait."""
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_LINGER = 5.0
"""Seconds that a client gets to close its side after the last answer."""
_LINGER_AT_THE_END = 0.5
"""The same where the server stops."""
_WASTE = 64_000_000
"""Bytes that a client may go on sending after the last answer."""


class Connection(asyncio.Protocol):
    """
    One client. Requests that come while one is being answered wait (RFC 9112 section 9.3.2).

    The last answer is followed by the end of our side only; what the client still sends is read and
    forgotten until it closes its side (section 9.6). Else the answer to a request that is refused before
    all of it was read might be lost. *since* tells when something happened last.
    """

    def __init__(self, core: Core) -> None:
        self._core = core
        self._incoming = Incoming(core.limits)
        self._waiting = self._incoming.complete
        self._transport: Any = None
        self._acting: Acting | None = None
        self._busy = False  # an answer is being made, or on its way
        self._paused = False  # the client does not read
        self._held = False  # we do not read
        self._deaf = False  # what is read is forgotten
        self._last = False  # what is there is answered, and nothing after it
        self._eof = False
        self._ended = False  # nothing more is answered
        self._wasted = 0
        self._timed = self._incoming.current
        self._begun = self.since = core.now()

    # --- asyncio -----------------------------------------------------------------------------------------

    def connection_made(self, transport: Any) -> None:
        """Remember the way back."""
        self._transport = transport
        if not self._core.welcome(self):
            self.end()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's interface
        """Forget everything."""
        self._waiting.clear()
        self._ended = True
        if self._acting is not None:
            self._acting.cancel()
        self._core.farewell(self)

    def data_received(self, data: bytes) -> None:
        """Parse; what is complete is answered."""
        if self._deaf:
            self._forget(data)
            return
        incoming = self._incoming
        incoming.feed(data)
        if incoming.partial:
            self._get_on()
        if self._waiting or incoming.refused is not None:
            self.since = self._core.time
            self._go_on()

    def eof_received(self) -> bool:
        """The client sends no more; it still gets its answers."""
        self._eof = True
        if self._ended or self._is_silent():
            return False
        self._incoming.end()
        self._no_more()
        self._go_on()
        self._core.outbox.flush()
        # With TLS there is no half of a connection: asyncio closes it all.
        return not self._ended and bool(self._transport.can_write_eof())

    def pause_writing(self) -> None:
        """The client does not read what it gets."""
        self._paused = True
        self.since = self._core.now()

    def resume_writing(self) -> None:
        """It does again."""
        self._paused = False
        self.since = self._core.now()
        self._go_on()

    # --- answering ---------------------------------------------------------------------------------------

    def _go_on(self) -> None:
        """Answer what waits, as far as that can be done now."""
        waiting = self._waiting
        while waiting and not (self._busy or self._paused or self._ended):
            self._answer(waiting.popleft())
        if self._ended:
            return
        if waiting:
            self._hold()
        elif not self._busy:
            self._when_idle()

    def _when_idle(self) -> None:
        """All is answered: refuse, close, or go on reading."""
        incoming = self._incoming
        if incoming.refused is not None:
            request, status, problem = incoming.refused
            request.keep = False
            self._write(request, self._core.application.refusal(request, status, problem))
        elif self._last:
            self._close()
        else:
            if incoming.expects:
                self._encourage()
            if self._held:
                self._release()

    def _get_on(self) -> None:
        """A request is on its way."""
        self.since = self._core.time
        if self._incoming.current is not self._timed:
            self._timed, self._begun = self._incoming.current, self.since
        if self._incoming.expects and not (self._busy or self._waiting):
            self._encourage()

    def _encourage(self) -> None:
        """Some clients wait for a word before they send a body (RFC 9110 section 10.1.1)."""
        incoming = self._incoming
        incoming.expects = False
        if incoming.partial and incoming.refused is None:
            self._core.outbox.flush()
            self._transport.write(_CONTINUE)

    def _answer(self, request: RawRequest) -> None:
        large = len(request.body) > LARGE
        reply = None if large else self._core.application.quick(request)
        if reply is not None:
            self._deliver(request, reply)
        else:
            self._busy = True
            self._core.in_thread(request, lambda found: self._resume(request, found), large=large)

    def _deliver(self, request: RawRequest, reply: Reply) -> None:
        if reply.action is None:
            self._write(request, reply.response)
        else:
            self._act(request, reply.response, reply.action)

    def _resume(self, request: RawRequest, reply: Reply) -> None:
        """Go on with what a thread answered."""
        if self._ended:
            return
        self._busy = False
        self.since = self._core.now()
        self._mark(request)
        self._deliver(request, reply)
        self._go_on()

    def _write(self, request: RawRequest, response: Response) -> None:
        head, body = encode(response, request, self._core.dates.line())
        if request.keep:
            self._core.outbox.post(self._transport, head + body)
            return
        self._core.outbox.flush()
        self._transport.write(head + body)
        self._close()

    def _act(self, request: RawRequest, response: Response, action: Action) -> None:
        def encoded() -> tuple[bytes, bytes]:
            self._mark(request)
            return encode(response, request, self._core.dates.line())

        def done(whole: bool) -> None:  # noqa: FBT001
            self._busy, self._acting = False, None
            self.since = self._core.now()
            if whole and request.keep:
                self._go_on()
            else:
                self._close()

        self._busy = True
        self._acting = Acting(action, self._transport, encoded, self._core.limits.hang, done)
        if self._acting.silent:  # listen for the client to leave
            self._deaf = True
            self._waiting.clear()
            self._release()

    # --- ending ------------------------------------------------------------------------------------------

    def _no_more(self) -> None:
        """Answer what is there already, and nothing after it."""
        self._last = True
        self._deaf = not self._incoming.partial
        if self._waiting:
            self._waiting[-1].keep = False

    def _mark(self, request: RawRequest) -> None:
        """Say so in the answer to *request* if it is the last one."""
        if self._last and not self._waiting and self._incoming.refused is None:
            request.keep = False

    def _close(self) -> None:
        self._core.outbox.flush()
        self._ended = self._deaf = True
        self._waiting.clear()
        self._begun = self.since = self._core.now()
        halves = self._transport.can_write_eof()  # not with TLS
        if self._eof or not (halves or self._incoming.partial):
            self._transport.close()
            return
        if halves:
            self._transport.write_eof()
        self._release()

    def _forget(self, data: bytes) -> None:
        self.since = self._core.time
        self._wasted += len(data)
        if self._wasted > _WASTE:
            self._transport.abort()

    def _hold(self) -> None:
        self._held = True
        self._transport.pause_reading()

    def _release(self) -> None:
        self._held = False
        self._transport.resume_reading()

    @property
    def idle(self) -> bool:
        """Whether nothing is under way."""
        return self._ended or not (self._busy or self._waiting or self._incoming.partial)

    def sweep(self, now: float) -> None:
        """Called about twice a second: has this client had its time?"""
        limits = self._core.limits
        quiet = now - self.since
        if self._ended:
            self._give_up(now)
        elif self._paused:
            if quiet > limits.stalled:
                reset(self._transport)
        elif self.idle:
            if quiet > limits.idle:
                self.end()
        elif not self._busy and (quiet > limits.sending or now - self._begun > limits.whole):
            self._incoming.refuse(408, "the request did not come to an end in time")
            self._go_on()

    def _give_up(self, now: float) -> None:
        """An end that does not come to its end."""
        quiet = now - self.since
        if self._transport.get_write_buffer_size():
            if quiet > self._core.limits.stalled:
                reset(self._transport)
            return
        linger = _LINGER_AT_THE_END if self._core.stopping else _LINGER
        if quiet > linger or now - self._begun > self._core.limits.whole:
            self._transport.abort()

    def stop(self) -> None:
        """No further request; what is under way is answered."""
        if self.idle or self._is_silent():
            self.end()
            if not self._transport.get_write_buffer_size():
                self._transport.abort()  # else TLS waits for the client to say goodbye too
        else:
            self._no_more()

    def end(self) -> None:
        """Close; nothing is under way."""
        self._ended = self._deaf = True
        self._begun = self.since = self._core.now()
        self._transport.close()

    def abort(self) -> None:
        """At once."""
        self._transport.abort()

    def _is_silent(self) -> bool:
        return self._acting is not None and self._acting.silent
