"""What a client cannot do: keep the server busy, fill its memory, or hold it for ever."""

from __future__ import annotations

import threading
from contextlib import suppress

import pytest
from tests.mock.server.talking import TEXT, Answer, Desk, Place, chunked, get, post, serving

from leadline_mock.messages import Reply, Response
from leadline_mock.server import Limits, RawRequest
from leadline_mock.server.incoming import Incoming

HEAD = 65_536
BODY = 10_000_000
NEXT = get("/quick/next")
PIECE = b"a" * 65_536


def endless(place: Place, begin: bytes, piece: bytes = PIECE) -> Answer:
    """The answer to *begin* and then *piece* again and again, until there is one."""
    with place.client() as client:
        client.send(begin)
        answers: list[Answer] = []
        reader = threading.Thread(target=lambda: answers.append(client.answer()))
        reader.start()
        sent = 0
        while reader.is_alive() and sent < 60_000_000:
            client.send(piece)
            sent += len(piece)
        reader.join()
    return answers[0]


# --- heads -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (get("/quick" + "a" * HEAD), 414),
        (get("/quick?" + "a&" * HEAD), 414),
        (get("/quick", "X: " + "a" * HEAD), 431),
        (get("/quick", *["X: aaaaaaaaaaaa"] * 5000), 431),
        (get("/quick", *["X:"] * 1001), 431),
        (get("/quick", *["X:"] * 999), 200),
        (get("/quick", "X: " + "a" * (HEAD - 200)), 200),
    ],
    ids=lambda data: repr(data[:40]) if isinstance(data, bytes) else data,
)
def test_heads(place: Place, data: bytes, status: int) -> None:
    """A target that is too long, and headers that are too many or too long, are told apart."""
    assert [answer.status for answer in place.all(data + NEXT)][:1] == [status]


@pytest.mark.parametrize(
    ("begin", "status"),
    [
        (b"GET /", 414),
        (b"GET /?", 414),
        (b"GET / HTTP/1.1\r\nHost: desk\r\nX: ", 431),
        (b"GET / HTTP/1.1\r\nHost: desk\r\nX", 431),
        (chunked("/", b"abc", end=b"0\r\nX: "), 431),
        (chunked("/", b"abc", end=b"1;x="), 431),
        (chunked("/", b"abc", end=b"1;x"), 431),
    ],
    ids=repr,
)
def test_heads_without_an_end(place: Place, begin: bytes, status: int) -> None:
    """What has no end is refused before it has one."""
    assert endless(place, begin).status == status


def test_nothing_is_kept_of_a_head_without_an_end() -> None:
    """No more than the limit and one piece was read when a head is refused."""
    incoming = Incoming(Limits())
    incoming.feed(b"GET / HTTP/1.1\r\nX: ")
    pieces = 0
    while incoming.refused is None:
        incoming.feed(PIECE)
        pieces += 1

    assert pieces * len(PIECE) <= HEAD + len(PIECE)


def test_the_head_after_a_large_body(place: Place) -> None:
    """The bytes of a body do not count for the head that comes after it in the same piece."""
    incoming = Incoming(Limits())
    one = post("/quick", b"a" * 3 * HEAD)
    incoming.feed(one + NEXT[:9])
    incoming.feed(NEXT[9:20])
    incoming.feed(NEXT[20:])

    assert incoming.refused is None
    assert len(incoming.complete) == 2


def test_empty_lines_without_an_end() -> None:
    """A client that only sends empty lines is idle."""
    with serving(idle=0.2) as place, place.client() as client:
        left = threading.Event()

        def send() -> None:
            with suppress(OSError):
                while not left.wait(0.05):
                    client.send(b"\r\n")

        sender = threading.Thread(target=send)
        sender.start()
        with suppress(ConnectionError):
            assert client.rest() == b""
        left.set()
        sender.join()
        assert place.desk.refused == []


# --- bodies ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("expect", [(), ("Expect: 100-continue",)])
def test_announced_too_large(place: Place, expect: tuple[str, ...]) -> None:
    """A body that is announced as too large is refused before a byte of it is sent."""
    answer = place.ask(get("/quick", f"Content-Length: {BODY + 1}", *expect, method="POST"))
    assert (answer.status, answer.text) == (413, f"the body is larger than {BODY} bytes")


def test_too_large_and_sent_all_the_same(place: Place) -> None:
    """A client that sends fifty million bytes before it reads still gets its 413."""
    answers = place.all(post("/quick", b"a" * 50_000_000))
    assert [answer.status for answer in answers] == [413]


def test_chunks_too_large(place: Place) -> None:
    """Chunks are refused as soon as they are too many."""
    answer = endless(place, chunked("/quick", end=b""), b"10000\r\n" + PIECE + b"\r\n")
    assert answer.status == 413


def test_just_as_large(place: Place) -> None:
    """A body of just as many bytes as are allowed is taken, and chunks as well."""
    body = b"a" * BODY
    chunks = [PIECE] * (BODY // len(PIECE)) + [b"a" * (BODY % len(PIECE))]
    texts = [answer.text for answer in place.all(post("/quick", body) + chunked("/quick", *chunks))]

    assert texts == [f"POST /quick {BODY}"] * 2


def test_tiny_chunks(place: Place) -> None:
    """A body in a million chunks is put together in time that grows with its size only."""
    answer = place.ask(chunked("/quick", *[b"a"] * 1_000_000))
    assert answer.text == "POST /quick 1000000"


def test_large_bodies_do_not_hold_others_up() -> None:
    """While a large body is worked on, others are answered."""
    gate, begun = threading.Event(), threading.Event()

    class Slow(Desk):
        def quick(self, request: RawRequest) -> Reply | None:
            if request.target == b"/large":
                begun.set()
                gate.wait(20)
                return Reply(Response(200, TEXT, b"large"))
            return super().quick(request)

    with serving(Slow()) as place, place.client() as client:
        client.send(post("/large", b"a" * 100_000))
        begun.wait()
        other = place.ask(NEXT)
        gate.set()
        large = client.answer()

    assert (other.status, large.text) == (200, "large")


# --- time ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [b"GE", START := b"POST / HTTP/1.1\r\nHost: x\r\n", START + b"Content-Length: 9\r\n\r\nab"],
)
def test_slow_senders(data: bytes) -> None:
    """Who stops in the middle is told so."""
    with serving(sending=0.2) as place:
        answer = place.ask(data)
        told = place.desk.refused

    assert answer.status == 408
    assert told == [(408, "the request did not come to an end in time")]


def test_byte_by_byte() -> None:
    """Who sends a byte now and then gets no more time than others."""
    with serving(sending=60.0, whole=0.6) as place, place.client() as client:
        answered = threading.Event()

        def send() -> None:
            try:
                for byte in get("/quick", "X: " + "a" * 4000):
                    client.send(bytes([byte]))
                    if answered.wait(0.02):
                        return
            except OSError:
                return

        sender = threading.Thread(target=send)
        sender.start()
        answer = client.answer()
        answered.set()
        sender.join()

    assert answer.status == 408


def test_idle() -> None:
    """A connection on which nothing happens is closed without a word; a slow answer is no idleness."""
    with serving(idle=1.0) as place, place.client() as client, place.client() as waiting:
        waiting.send(get("/slow"))
        client.ask(NEXT)
        assert client.rest() == b""
        place.desk.gate.set()
        assert waiting.answer().text == "GET /slow 0"
        assert waiting.ask(NEXT).status == 200


def test_never_reads() -> None:
    """A client that asks and never reads is cut off, and no more than it was asked for once is kept."""
    desk = Desk(replies={"/large": Reply(Response(200, TEXT, b"a" * 1_000_000))})
    with (
        serving(desk, stalled=0.2) as place,
        place.client() as client,
        pytest.raises(ConnectionError),
    ):
        client.flood(get("/large") * 1000)

    assert len(desk.seen) < 50


def test_does_not_read_the_end() -> None:
    """Nor does such a client hold its connection open after its last answer."""
    large = Reply(Response(200, TEXT, b"a" * 20_000_000))
    with serving(Desk(replies={"/large": large}), stalled=0.2) as place, place.client() as client:
        client.send(get("/large", "Connection: close"))
        assert client.await_reset()


def test_does_not_close() -> None:
    """A client that got its last answer and goes on sending now and then is let go in the end."""
    with serving(whole=0.2) as place, place.client() as client:
        assert client.ask(get("/quick", "Connection: close")).status == 200
        with pytest.raises(ConnectionError):
            client.flood(NEXT, pause=0.02)


def test_sends_on_for_ever(place: Place) -> None:
    """After a refusal, what a client still sends is read, but not without an end."""
    with place.client() as client:
        assert client.ask(b"garbage\r\n\r\n").status == 400
        with pytest.raises(ConnectionError):
            client.flood(b"a" * 1_000_000, times=200)
