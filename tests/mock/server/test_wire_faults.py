"""What is done to an answer on the wire, as a client sees it."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from tests.mock.server.talking import TEXT, Desk, Place, get, serving

from leadline_mock.messages import Action, Reply, Response

BODY = b"0123456789" * 100
NEXT = get("/quick/next")


def at(path: str, response: Response | None = None, **action: Any) -> dict[str, Reply]:
    """What a `Desk` answers to *path* when *action* is taken."""
    made = Action(**action)
    return {path: Reply(response or Response(200, TEXT, BODY), made)}


@pytest.fixture
def faulty() -> Iterator[Place]:
    """A server with one path for each fault."""
    replies = {
        **at("/delay", delay=0.1),
        **at("/reset", wire="reset"),
        **at("/late-reset", wire="reset", delay=0.1),
        **at("/truncate", wire="truncate"),
        **at("/drip", wire="drip", seconds=0.2),
        **at("/drip-nothing", Response(204, (), b""), wire="drip", seconds=0.2),
        **at("/hang", wire="hang"),
    }
    with serving(Desk(replies=replies)) as place:
        yield place


@pytest.mark.parametrize("path", ["/delay", "/drip"])
def test_late_and_whole(faulty: Place, path: str) -> None:
    """An answer that is late, or comes in pieces, is whole; requests behind it are answered after it."""
    with faulty.client() as client:
        client.send(get(path) + NEXT + get("/other"))
        found = [client.answer() for _ in range(3)]

    assert [one.body for one in found] == [BODY, b"GET /quick/next 0", b"GET /other 0"]


def test_drips(faulty: Place) -> None:
    """A body that drips comes in several pieces, the head before them."""
    with faulty.client() as client:
        client.send(get("/drip"))
        pieces = [client.socket.recv(65536)]
        while not b"".join(pieces).endswith(BODY):
            pieces.append(client.socket.recv(65536))

    assert pieces[0].endswith(b"\r\n\r\n")
    assert len(pieces) > 5


def test_drips_nothing(faulty: Place) -> None:
    """An answer without a body has nothing to drip."""
    with faulty.client() as client:
        assert client.ask(get("/drip-nothing")).status == 204
        assert client.ask(NEXT).status == 200


@pytest.mark.parametrize("path", ["/reset", "/late-reset"])
def test_reset(faulty: Place, path: str) -> None:
    """A reset arrives as one (ECONNRESET), and nothing before it."""
    with faulty.client() as client:
        client.send(get(path) + NEXT)
        with pytest.raises(ConnectionResetError):
            client.socket.recv(1)


def test_reset_after_an_answer(faulty: Place) -> None:
    """The answers before it arrive if they are read before."""
    with faulty.client() as client:
        assert client.ask(NEXT).status == 200
        client.send(get("/reset"))
        with pytest.raises(ConnectionResetError):
            client.socket.recv(1)


def test_truncated(faulty: Place) -> None:
    """Half of the body comes, then the end, though there was a request behind it."""
    with faulty.client() as client:
        client.send(get("/truncate") + NEXT)
        with pytest.raises(http.client.IncompleteRead) as found:
            client.answer()
        rest = client.rest()

    assert (found.value.partial, rest) == (BODY[: len(BODY) // 2], b"")


def test_hang_ends_when_the_client_leaves(faulty: Place) -> None:
    """Nothing comes; who hangs up is let go, also with requests behind it."""
    with faulty.client() as client:
        client.send(get("/hang") + NEXT * 3)
        client.socket.settimeout(0.1)
        with pytest.raises(TimeoutError):
            client.socket.recv(1)
        client.socket.settimeout(20)
        client.finish()
        assert client.rest() == b""
    assert [request.target for request in faulty.desk.seen] == [b"/hang"]


def test_hang_does_not_last_for_ever() -> None:
    """A hang has an end, as far away as it may be."""
    with (
        serving(Desk(replies=at("/hang", wire="hang")), hang=0.1) as place,
        place.client() as client,
    ):
        client.send(get("/hang"))
        assert client.rest() == b""


def test_hang_ends_when_the_server_stops() -> None:
    """A server that stops does not wait for what never comes."""
    desk = Desk(replies=at("/hang", wire="hang"))
    with serving(desk, grace=3600.0) as place, place.client() as client:
        client.send(get("/hang"))
        client.send(NEXT)
        assert desk.asked.wait(20)
        stopping = threading.Thread(target=place.server.stop)
        stopping.start()
        assert client.rest() == b""
        stopping.join()


@pytest.mark.parametrize("fault", ["/delay", "/drip"])
def test_stop_during_a_fault(faulty: Place, fault: str) -> None:
    """An answer that is late is under way: a server that stops sends it to its end."""
    with faulty.client() as client:
        client.send(get(fault))
        assert faulty.desk.asked.wait(20)
        faulty.server.stop()
        answer = client.answer()
        rest = client.rest()

    assert (answer.body, rest) == (BODY, b"")


@pytest.mark.parametrize("fault", ["/delay", "/drip", "/hang", "/late-reset"])
def test_client_resets(faulty: Place, fault: str) -> None:
    """A client that resets the connection meanwhile disturbs nobody."""
    with faulty.client() as client:
        client.send(get(fault))
        assert faulty.desk.asked.wait(20)
        client.reset()
    assert faulty.ask(NEXT).status == 200


@pytest.mark.parametrize("fault", ["/delay", "/drip"])
def test_half_closed(faulty: Place, fault: str) -> None:
    """A client that sends no more gets the late answer."""
    with faulty.client() as client:
        client.send(get(fault))
        client.finish()
        assert client.answer().body == BODY
        assert client.rest() == b""


def test_delays_do_not_add_up(faulty: Place) -> None:
    """Many late answers are late at the same time, and hold nobody up."""
    clients = [faulty.client() for _ in range(50)]
    threads = [threading.Thread(target=client.ask, args=(get("/delay"),)) for client in clients]
    for thread in threads:
        thread.start()
    assert faulty.ask(NEXT).status == 200
    for thread, client in zip(threads, clients, strict=True):
        thread.join()
        client.close()


def test_from_a_thread() -> None:
    """What a WSGI application asks for is done on the wire as well."""

    class Other(Desk):
        def wsgi(self, environ: dict[str, object], start_response: object) -> list[bytes]:
            actions = environ["leadline.action"]
            assert isinstance(actions, list)
            actions.append(Action(wire="reset"))
            return list(super().wsgi(environ, start_response))

    with serving(Other()) as place, place.client() as client:
        client.send(get("/other"))
        with pytest.raises(ConnectionResetError):
            client.socket.recv(1)
