"""One connection: targets, order, the end of it (RFC 9110, RFC 9112)."""

from __future__ import annotations

import pytest
from tests.mock.server.talking import Place, chunked, get, post

from leadline_mock.server import Limits
from leadline_mock.server.incoming import Incoming

START = b"POST /quick HTTP/1.1\r\nHost: desk\r\n"
NEXT = get("/quick/next")


# --- targets --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "target", "status", "path"),
    [
        ("GET", "http://elsewhere:1/a/b%20c?d", 200, "/a/b c"),
        ("GET", "HTTPS://elsewhere", 200, "/"),
        ("GET", "//elsewhere/a", 200, "//elsewhere/a"),
        ("OPTIONS", "*", 204, None),
        ("GET", "*", 400, None),
        ("GET", "ftp://elsewhere/", 400, None),
        ("GET", "http:///a", 400, None),
        ("GET", "http://[::1", 400, None),
        ("CONNECT", "elsewhere:443", 400, None),
        ("CONNECT", "/a", 400, None),
    ],
)
def test_targets(place: Place, method: str, target: str, status: int, path: str | None) -> None:
    """All forms of targets are understood; those of proxies are refused (RFC 9112 section 3.2)."""
    answer = place.ask(get(target, method=method), method)
    assert (answer.status, answer.headers["X-Path"]) == (status, path)


def test_nothing_after_connect(place: Place) -> None:
    """What follows CONNECT is for somebody else, and no request."""
    answers = place.all(get("elsewhere:443", method="CONNECT") + NEXT)
    assert [answer.status for answer in answers] == [400]


# --- order ----------------------------------------------------------------------------------------------


def test_order(place: Place) -> None:
    """Answers come in the order of the requests, though the first is the slowest."""
    with place.client() as client:
        client.send(get("/slow") + post("/quick/2", b"xy") + get("/other") + get("/quick/4"))
        place.desk.begun.wait()
        client.send(get("/quick/5"))
        place.desk.gate.set()
        texts = [client.answer().text for _ in range(5)]

    assert [text.split()[1] for text in texts] == [
        "/slow",
        "/quick/2",
        "/other",
        "/quick/4",
        "/quick/5",
    ]


def test_many_at_once(place: Place) -> None:
    """Thousands of requests in one go are answered to the last."""
    number = 5000
    texts = [
        answer.text for answer in place.all(b"".join(get(f"/quick/{at}") for at in range(number)))
    ]
    assert texts == [f"GET /quick/{at} 0" for at in range(number)]


def test_what_came_before_is_answered(place: Place) -> None:
    """A request that is no HTTP does not cost the answers to those before it."""
    answers = place.all(get("/other") + NEXT + b"garbage\r\n\r\n" + NEXT)
    assert [answer.status for answer in answers] == [200, 200, 400]


# --- 100-continue ----------------------------------------------------------------------------------------

EXPECTING = get("/quick", "Content-Length: 2", "Expect: 100-continue", method="POST")


def test_expect(place: Place) -> None:
    """A client that waits for a word gets it, also behind a slow answer (RFC 9110 section 10.1.1)."""
    with place.client() as client:
        client.send(get("/slow") + EXPECTING)
        place.desk.begun.wait()
        place.desk.gate.set()
        first = client.answer()
        word = client.line() + client.line()
        second = client.ask(b"{}")

    assert first.text == "GET /slow 0"
    assert word == b"HTTP/1.1 100 Continue\r\n\r\n"
    assert second.text == "POST /quick 2"


@pytest.mark.parametrize(
    ("data", "statuses"),
    [
        (EXPECTING + b"{}", [200]),
        (EXPECTING + b"{}" + EXPECTING + b"{}" + NEXT, [200, 200, 200]),
        (EXPECTING.replace(b": 2", b": 99999999"), [413]),
        (EXPECTING.replace(b"Host", b"Guest"), [400]),
    ],
    ids=["body is there", "twice", "too large", "no host"],
)
def test_no_word_where_none_is_due(place: Place, data: bytes, statuses: list[int]) -> None:
    """Where the body is not waited for, there is nothing but the final answer."""
    assert [answer.status for answer in place.all(data)] == statuses


def test_the_word_is_for_one_request(place: Place) -> None:
    """The request after one that expected a word does not get it."""
    with place.client() as client:
        assert client.ask(EXPECTING + b"{}").status == 200
        client.send(START + b"Content-Length: 2\r\n\r\n")
        assert client.ask(b"{}").status == 200


def test_http_1_0_knows_no_word() -> None:
    """HTTP/1.0 has no interim answers."""
    incoming = Incoming(Limits())
    incoming.feed(EXPECTING.replace(b"HTTP/1.1", b"HTTP/1.0"))

    assert (incoming.partial, incoming.expects) == (True, False)


# --- upgrade --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wish", ["h2c", "websocket"])
def test_upgrade_is_ignored(place: Place, wish: str) -> None:
    """A body that comes with a wish for another protocol is read, and the connection goes on."""
    wishes = ["Connection: Upgrade, HTTP2-Settings", f"Upgrade: {wish}", "HTTP2-Settings: AAMAAABk"]
    with place.client() as client:
        texts = [client.ask(post("/quick", b"abc", *wishes)).text]
        texts += [client.ask(get("/quick", *wishes)).text, client.ask(NEXT).text]

    assert texts == ["POST /quick 3", "GET /quick 0", "GET /quick/next 0"]


# --- the end --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (get("/quick", "Connection: close"), "close"),
        (get("/other", "Connection: close"), "close"),
        (get("/quick", version="1.0"), "close"),
    ],
)
def test_close(place: Place, data: bytes, said: str) -> None:
    """The connection ends when the client says so, and the answer says it too."""
    with place.client() as client:
        answer = client.ask(data)
        rest = client.rest()

    assert (answer.status, answer.headers["Connection"], rest) == (200, said, b"")


def test_http_1_0_may_keep(place: Place) -> None:
    """HTTP/1.0 keeps a connection when it is asked to, and says so."""
    data = get("/quick", "Connection: keep-alive", version="1.0")
    with place.client() as client:
        said = [client.ask(data).headers["Connection"] for _ in range(2)]

    assert said == ["keep-alive", "keep-alive"]


def test_half_closed(place: Place) -> None:
    """A client that sends no more gets all its answers, slow ones too."""
    with place.client() as client:
        client.send(get("/slow") + get("/quick") + get("/other"))
        client.finish()
        place.desk.begun.wait()
        place.desk.gate.set()
        texts = [client.answer().text for _ in range(3)]
        rest = client.rest()

    assert (texts, rest) == (["GET /slow 0", "GET /quick 0", "GET /other 0"], b"")


@pytest.mark.parametrize(
    "data",
    [
        START,
        START + b"X: y",
        START + b"Content-Length: 9\r\n\r\nshort",
        b"GE",
        chunked("/", b"a", end=b""),
    ],
    ids=repr,
)
def test_ends_in_the_middle(place: Place, data: bytes) -> None:
    """Half a request is refused, with the reason."""
    answers = place.all(data)
    assert [(one.status, one.text) for one in answers] == [(400, "the request ended in the middle")]


def test_nothing_sent(place: Place) -> None:
    """A client that only looks whether somebody is there is let go."""
    with place.client() as client:
        client.finish()
        assert client.rest() == b""
    assert place.desk.refused == []


def test_client_leaves(place: Place) -> None:
    """A client that is gone before its answer is there disturbs nobody."""
    with place.client() as client:
        client.send(get("/slow"))
        place.desk.begun.wait()
    place.desk.gate.set()

    assert place.ask(NEXT).status == 200
