"""Many clients at once: they are kept, make room, and do no harm."""

from __future__ import annotations

import socket
import threading
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.mock.server.talking import Desk, Place, get, serving

from leadline_mock.messages import Reply
from leadline_mock.server import RawRequest
from leadline_mock.server.listening import most_connections

SOMAXCONN = Path("/proc/sys/net/core/somaxconn")
NEXT = get("/quick/next")


def test_many_idle_connections(place: Place) -> None:
    """Hundreds of connections are kept, and all of them answered."""
    with ExitStack() as stack:
        clients = [stack.enter_context(place.client()) for _ in range(500)]
        for _ in range(2):
            assert {client.ask(NEXT).status for client in clients} == {200}


@pytest.mark.skipif(
    not SOMAXCONN.exists() or int(SOMAXCONN.read_text()) < 1024, reason="the system has a limit"
)
def test_many_at_the_door() -> None:
    """Hundreds that come while the server is busy need not come again, which would take them a second."""
    gate, begun = threading.Event(), threading.Event()

    class Busy(Desk):
        def quick(self, request: RawRequest) -> Reply | None:
            if request.target == b"/busy":
                begun.set()
                gate.wait(20)
            return super().quick(request)

    with serving(Busy()) as place, place.client() as busy, ExitStack() as stack:
        busy.send(get("/busy"))
        begun.wait()
        for _ in range(400):
            stack.enter_context(socket.create_connection(place.address, timeout=0.9))
        gate.set()
        assert busy.answer().status == 200


def test_room_for_one_more() -> None:
    """Where there are too many connections, the one that is idle longest makes room."""
    with serving(connections=2) as place, place.client() as first, place.client() as second:
        first.ask(NEXT)
        second.ask(NEXT)
        with place.client() as third:
            assert third.ask(NEXT).status == 200
            ended = [client for client in (first, second) if not client.is_open()]
            assert len(ended) == 1


def test_no_room() -> None:
    """Where all connections are busy, a further one is closed, and those are answered."""
    with serving(connections=2) as place, place.client() as first, place.client() as second:
        for client in (first, second):
            client.send(get("/slow"))
            place.desk.begun.wait()
            place.desk.begun.clear()
        with place.client() as third:
            assert third.rest() == b""
        place.desk.gate.set()
        assert (first.answer().status, second.answer().status) == (200, 200)


def test_files_that_the_system_grants(monkeypatch: pytest.MonkeyPatch) -> None:
    """There are no more connections than the system lets a process have files."""
    resource = pytest.importorskip("resource")
    monkeypatch.setattr(resource, "getrlimit", lambda _: (256, 4096))
    assert (most_connections(2000), most_connections(10)) == (192, 10)

    monkeypatch.setattr(resource, "getrlimit", lambda _: (resource.RLIM_INFINITY,) * 2)
    assert most_connections(2000) == 2000


def test_many_that_leave(place: Place) -> None:
    """Clients that come, say half a word and leave, with or without a goodbye, do no harm."""
    for number in range(200):
        client = place.client()
        client.send(NEXT[: number % len(NEXT)])
        if number % 2:
            client.reset()
        else:
            client.close()
    assert place.ask(NEXT).status == 200
