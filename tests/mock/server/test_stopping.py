"""A server that stops: who waits for an answer gets it, and nothing is left behind."""

from __future__ import annotations

import gc
import signal
import socket
import subprocess
import sys
import threading
import warnings

import pytest
from tests.mock.server.talking import Client, Desk, get, post, serving

from leadline_mock.messages import Action, Reply, Response
from leadline_mock.server import Server, listen

NEXT = get("/quick/next")


def test_stop_lets_what_is_under_way_end() -> None:
    """Who waits for an answer gets it and is told that it is the last one; who waits for none is let go."""
    late = Reply(Response(200, (), b"late"), Action(delay=0.5))
    with (
        serving(Desk(replies={"/late": late})) as place,
        place.client() as slow,
        place.client() as idle,
    ):
        slow.send(get("/late"))
        idle.ask(NEXT)
        place.server._tell_to_stop()
        assert idle.rest() == b""
        slow.send(NEXT * 3)
        answer = slow.answer()
        rest = slow.rest()

    assert (answer.text, answer.headers["Connection"], rest) == ("late", "close", b"")


def test_accepted_at_the_last_moment() -> None:
    """A connection that comes just when the server stops leaves no socket behind."""
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        for _ in range(10):
            with serving() as place, place.client() as client:
                client.send(NEXT)
        gc.collect()

    assert [str(warning.message) for warning in found] == []


def test_stop_does_not_wait_for_ever() -> None:
    """An answer that does not come to an end is given up."""
    with serving(grace=0.1) as place, place.client() as client:
        client.send(get("/slow"))
        place.desk.begun.wait()
        place.server.stop()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(place.address, timeout=5)
        assert client.rest() == b""


def test_stop_twice_ends_at_once() -> None:
    """Who says it again does not want to wait for what is under way."""
    with serving(grace=3600.0) as place, place.client() as client:
        client.send(get("/slow"))
        place.desk.begun.wait()
        place.server._tell_to_stop()
        place.server.stop()
        assert client.rest() == b""


def test_stop_what_never_started() -> None:
    """A server that was not started leaves no socket behind; stopping again does no harm."""
    listener = listen("127.0.0.1", 0)
    server = Server(Desk(), listener)
    server.stop()
    server.stop()

    assert listener.fileno() == -1


def test_start_fails() -> None:
    """What keeps a server from starting is raised where it was started."""
    listener = listen("127.0.0.1", 0)
    server = Server(Desk(), listener)
    listener.close()

    with pytest.raises(OSError, match="descriptor"):
        server.start()


def test_half_a_request_is_waited_for() -> None:
    """A client that is about to send a body may do so, and gets its answer."""
    with serving() as place, place.client() as client, place.client() as idle:
        idle.ask(NEXT)
        data = post("/quick", b"abc", "Expect: 100-continue")
        client.send(data[:-3])
        word = client.line() + client.line()
        stopping = threading.Thread(target=place.server.stop)
        stopping.start()
        assert idle.rest() == b""
        client.send(data[-3:])
        answer = client.answer()
        stopping.join()

    assert word.startswith(b"HTTP/1.1 100 Continue")
    assert answer.text == "POST /quick 3"


def program(text: str) -> subprocess.Popen[bytes]:
    """A process that runs *text*, with a server that answers after as many seconds as the path says."""
    before = (
        "import gc, os, signal, sys; from leadline_mock.messages import Action, Reply, Response;"
        "from leadline_mock.server import Limits, Server, listen;"
        "reply = lambda r: Reply(Response(200, (), b''), Action(delay=float(r.target[1:])));"
        "app = type('App', (), {'quick': lambda _, r: reply(r)})();"
        "listener = listen('127.0.0.1', 0); server = Server(app, listener, limits=Limits(grace=3600));"
        "tell = lambda: print(listener.getsockname()[1], flush=True);"
    )
    command = [sys.executable, "-c", before + text]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def port_of(process: subprocess.Popen[bytes]) -> int:
    """The port that *process* tells."""
    assert process.stdout is not None
    return int(process.stdout.readline())


@pytest.mark.parametrize(("name", "code"), [("SIGTERM", 0), ("SIGINT", 130)])
def test_signal_before_it_is_ready(name: str, code: int) -> None:
    """A signal that comes before the server serves is not lost."""
    kill = f"gc.freeze = lambda: os.kill(os.getpid(), signal.{name});"
    with program(kill + "sys.exit(server.run(tell))") as process:
        _, errors = process.communicate(timeout=30)

    assert (process.returncode, errors) == (code, b"")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_signal_during_a_slow_answer(number: int, code: int) -> None:
    """A signal lets the answer that is under way arrive, and ends the process after it."""
    with program("sys.exit(server.run(tell))") as process:
        address = ("127.0.0.1", port_of(process))
        with Client(address) as client, Client(address) as idle:
            idle.ask(get("/0"))
            client.send(get("/0.5"))
            client.send(get("/0")[:9])
            idle.ask(get("/0"))
            process.send_signal(number)
            assert idle.rest() == b""
            answer = client.answer()
        _, errors = process.communicate(timeout=30)

    assert answer.status == 200
    assert (process.returncode, errors) == (code, b"")


def test_second_signal_ends_at_once() -> None:
    """Who says it twice does not want to wait."""
    with program("sys.exit(server.run(tell))") as process:
        address = ("127.0.0.1", port_of(process))
        with Client(address) as client, Client(address) as idle:
            client.send(get("/3600"))
            idle.ask(get("/0"))
            process.send_signal(signal.SIGINT)
            assert idle.rest() == b""
            process.send_signal(signal.SIGINT)
            assert client.rest() == b""
        _, errors = process.communicate(timeout=30)

    assert (process.returncode, errors) == (130, b"")
