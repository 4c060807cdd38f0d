"""One connection: framing, order, targets, the end of it (RFC 9110, RFC 9112)."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.mock.server.talking import TEXT, Desk, Place, chunked, get, post, serving

from leadline_mock.messages import Reply, Response
from leadline_mock.server import Limits
from leadline_mock.server.incoming import Incoming

START = b"POST /quick HTTP/1.1\r\nHost: desk\r\n"
NEXT = get("/quick/next")


# --- framing ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "request_",
    [
        START + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        START + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        START + b"Content-Length: 0\r\nContent-Length: 0\r\n\r\n",
        START + b"Content-Length: 0\r\nContent-Length: 30\r\n\r\n",
        START + b"Content-Length: 0, 0\r\n\r\n",
        START + b"Content-Length: +0\r\n\r\n",
        START + b"Content-Length: -1\r\n\r\n",
        START + b"Content-Length: 0x0\r\n\r\n",
        START + b"Content-Length:\r\n\r\n",
        START + b"Content-Length: 99999999999999999999\r\n\r\n",
        START + b"Content-Length : 0\r\n\r\n",
        START + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        START + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
        START + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        START + b"Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
        START + b"Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        START + b"Transfer-Encoding: identity\r\n\r\n",
        START + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        START + b"Transfer-Encoding:\r\n\r\n0\r\n\r\n",
        b"POST /quick HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        START + b"Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n",
        START + b"Transfer-Encoding: chunked\r\n\r\n-0\r\n\r\n",
        START + b"Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n",
        START + b"Transfer-Encoding: chunked\r\n\r\n0\n\n",
        START + b"Transfer-Encoding: chunked\r\n\r\n0;\n\r\n\r\n",
        START + b"Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n",
        START + b"X: a\r\n b\r\n\r\n",
        START + b"X: a\r\n\tContent-Length: 5\r\n\r\n",
        b"POST /quick HTTP/1.1\r\n Host: desk\r\n\r\n",
        b"POST /quick HTTP/1.1\nHost: desk\n\n",
        START + b"X: a\nContent-Length: 30\r\n\r\n",
        START + b"X: a\rContent-Length: 30\r\n\r\n",
        START + b"X: a\0b\r\n\r\n",
        START + b"X\xff: a\r\n\r\n",
        START + b": a\r\n\r\n",
        START + b"no colon\r\n\r\n",
        b"POST /qui ck HTTP/1.1\r\nHost: desk\r\n\r\n",
        b"POST /qui\xffck HTTP/1.1\r\nHost: desk\r\n\r\n",
        b"POST /qui\0ck HTTP/1.1\r\nHost: desk\r\n\r\n",
    ],
    ids=repr,
)
def test_unclear_framing(place: Place, request_: bytes) -> None:
    """Where two readers could see two requests, there is one 400 with a reason, and nothing after it."""
    answers = place.all(request_ + NEXT)

    assert [answer.status for answer in answers] == [400]
    assert answers[0].headers["Connection"] == "close"
    assert len(answers[0].body) > 20
    assert place.desk.seen == []


@pytest.mark.parametrize(
    "data",
    [
        b"GET /quick HTTP/2.0\r\nHost: desk\r\n\r\n",
        b"GET /quick HTTP/1.2\r\nHost: desk\r\n\r\n",
        b"GET /quick HTTP/0.9\r\n\r\n",
        b"GET /quick\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"get /quick HTTP/1.1\r\nHost: desk\r\n\r\n",
        b"BREW /quick HTTP/1.1\r\nHost: desk\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"\x00" * 100,
        b"{}" * 1000,
    ],
    ids=lambda data: repr(data[:40]),
)
def test_other_protocols(place: Place, data: bytes) -> None:
    """What is not HTTP/1.1 is told so, once."""
    assert [answer.status for answer in place.all(data)] == [400]


@pytest.mark.parametrize(
    ("hosts", "status"),
    [
        ([], 400),
        (["Host: a", "Host: a"], 400),
        (["Host: a", "hOST: b"], 400),
        (["Host: a/b"], 400),
        (["Host: a b"], 400),
        (["Host: a@b"], 400),
        (["Host: a:b"], 400),
        (["Host: \xe4"], 400),
        (["Host:"], 200),
        (["host: my_service.local:80"], 200),
        (["Host: [::1]:80"], 200),
        (["Host: 127.0.0.1:"], 200),
    ],
    ids=repr,
)
def test_host(place: Place, hosts: list[str], status: int) -> None:
    """The header Host is given once, and is a host (RFC 9112 section 3.2)."""
    lines = ["GET /quick HTTP/1.1", *hosts, "", ""]
    assert place.ask("\r\n".join(lines).encode("latin-1")).status == status


def test_http_1_0_needs_no_host(place: Place) -> None:
    """HTTP/1.0 has no Host."""
    assert place.ask(b"GET /quick HTTP/1.0\r\n\r\n").status == 200


def test_values_are_trimmed(place: Place) -> None:
    """White space around the value of a header is no part of it (RFC 9112 section 5.1)."""
    place.ask(get("/quick", "X-A:  \t a b \t ", "X-B:", "X-C:\xe4"))
    headers = dict(place.desk.seen[0].headers)

    assert (headers["X-A"], headers["X-B"], headers["X-C"]) == ("a b", "", "\xe4")


def test_chunks(place: Place) -> None:
    """Extensions of chunks are ignored, and trailers are no headers (RFC 9112 section 7.1)."""
    end = b'0;x="y"\r\nAuthorization: forged\r\nHost: other\r\n\r\n'
    one = chunked("/quick/1", b"abc", b"d" * 70_000, end=end).replace(b"3\r\n", b"3;a=b;c\r\n", 1)
    answers = place.all(one + NEXT)

    assert [answer.text for answer in answers] == ["POST /quick/1 70003", "GET /quick/next 0"]
    assert [name for name, _ in place.desk.seen[0].headers] == ["Host", "Transfer-Encoding"]
    assert place.desk.seen[0].body == b"abc" + b"d" * 70_000


def test_empty_lines_before_a_request(place: Place) -> None:
    """Some clients send an empty line too many (RFC 9112 section 2.2)."""
    texts = [answer.text for answer in place.all(b"\r\n\r\n" + NEXT + b"\r\n" + NEXT)]
    assert texts == ["GET /quick/next 0"] * 2


REQUESTS = {
    "plain": (NEXT, ("GET", b"/quick/next", b"")),
    "body": (post("/b", b"x" * 40), ("POST", b"/b", b"x" * 40)),
    "chunks": (chunked("/c", b"abc", b"de"), ("POST", b"/c", b"abcde")),
    "upgrade": (
        post("/u", b"body", "Connection: Upgrade", "Upgrade: h2c"),
        ("POST", b"/u", b"body"),
    ),
}


@given(st.lists(st.sampled_from(sorted(REQUESTS)), max_size=6), st.data())
def test_cuts_do_not_matter(names: list[str], data: st.DataObject) -> None:
    """However the network cuts the bytes, the same requests come out of them."""
    text = b"".join(REQUESTS[name][0] for name in names)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=20)))
    incoming = Incoming(Limits())
    for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
        incoming.feed(text[start:end])
    found = [(one.method, one.target, one.body) for one in incoming.complete]

    assert incoming.refused is None
    assert not incoming.partial
    assert found == [REQUESTS[name][1] for name in names]


@given(st.binary(max_size=300), st.sampled_from([b"", START, NEXT, chunked("/c", b"a")[:-5]]))
def test_any_bytes(garbage: bytes, before: bytes) -> None:
    """Whatever is sent is taken apart or refused, with a reason."""
    incoming = Incoming(Limits())
    incoming.feed(before + garbage)

    assert incoming.refused is None or (incoming.refused.status, incoming.refused.problem) > (
        400,
        "",
    )


# --- targets ---------------------------------------------------------------------------------------------


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


# --- order -----------------------------------------------------------------------------------------------


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
        (EXPECTING + b"{}" + START + b"\r\n", [200, 200]),
        (EXPECTING.replace(b"HTTP/1.1", b"HTTP/1.0") + b"{}", [200]),
        (EXPECTING.replace(b": 2", b": 99999999"), [413]),
        (EXPECTING.replace(b"Host", b"Guest"), [400]),
    ],
    ids=["body is there", "HTTP/1.0", "too large", "no host"],
)
def test_no_word_where_none_is_due(place: Place, data: bytes, statuses: list[int]) -> None:
    """Where the body is not waited for, there is nothing but the final answer."""
    assert [answer.status for answer in place.all(data)] == statuses


# --- upgrade ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wish", ["h2c", "websocket"])
def test_upgrade_is_ignored(place: Place, wish: str) -> None:
    """A body that comes with a wish for another protocol is read, and the connection goes on."""
    wishes = ["Connection: Upgrade, HTTP2-Settings", f"Upgrade: {wish}", "HTTP2-Settings: AAMAAABk"]
    with place.client() as client:
        texts = [client.ask(post("/quick", b"abc", *wishes)).text]
        texts += [client.ask(get("/quick", *wishes)).text, client.ask(NEXT).text]

    assert texts == ["POST /quick 3", "GET /quick 0", "GET /quick/next 0"]


# --- the end ---------------------------------------------------------------------------------------------


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


# --- answers ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "method", "length", "kind", "body"),
    [
        (200, "GET", "4", "text/plain", b"body"),
        (200, "HEAD", "4", "text/plain", b""),
        (204, "GET", None, None, b""),
        (205, "GET", "0", None, b""),
        (304, "GET", None, None, b""),
        (599, "GET", "4", "text/plain", b"body"),
    ],
)
def test_content(
    status: int, method: str, length: str | None, kind: str | None, body: bytes
) -> None:
    """A length where there may be one, and a type where there is a body (RFC 9110 section 8.6)."""
    desk = Desk(replies={"/": Reply(Response(status, TEXT, b"body"))})
    with serving(desk) as place, place.client() as client:
        answer = client.ask(get("/", method=method), method)
        following = client.ask(NEXT)

    told = (answer.status, answer.headers["Content-Length"], answer.headers["Content-Type"])
    assert (*told, answer.body) == (status, length, kind, body)
    assert following.status == 200


def test_head_from_wsgi() -> None:
    """Where a WSGI application gives no body to HEAD, its length counts."""

    class Other(Desk):
        def wsgi(self, _environ: dict[str, Any], start_response: Any) -> list[bytes]:
            start_response("200 OK", [("Content-Length", "123")])
            return []

    with serving(Other()) as place:
        answer = place.ask(get("/other", method="HEAD"), "HEAD")

    assert answer.headers.get_all("Content-Length") == ["123"]


@given(
    st.text(st.characters(codec="utf-8"), max_size=30),
    st.sampled_from(["X", "X\r\nY", "X: a\r\nY"]),
)
def test_headers_never_split(value: str, name: str) -> None:
    """No value and no name of a header makes two headers, or a second answer."""
    from leadline_mock.server.application import RawRequest
    from leadline_mock.server.wire import encode

    headers = ((name, f"{value}\r\n\r\nHTTP/1.1 200 OK"),)
    head, body = encode(Response(200, headers, b"body"), RawRequest(), b"Date: now\r\n")

    assert head.endswith(b"\r\nDate: now\r\n\r\n")
    lines = head.split(b"\r\n")
    assert (len(lines), body) == (6, b"body")
    assert b"".join(lines).translate(None, b"\r\n\0") == b"".join(lines)


def test_what_the_server_decides() -> None:
    """A contract may document headers of the connection; the server gives its own ones."""
    headers = (
        ("content-length", "1"),
        ("Transfer-Encoding", "chunked"),
        ("Connection", "close"),
        ("Date", "never"),
        ("X-Kept", "yes"),
    )
    with serving(Desk(replies={"/": Reply(Response(200, headers, b"body"))})) as place:
        answer = place.ask(get("/"))

    assert answer.body == b"body"
    assert answer.headers.keys() == ["X-Kept", "Content-Length", "Date"]


def test_application_fails(place: Place) -> None:
    """An application that fails is told as that, without what it knows; the connection goes on."""
    with place.client() as client:
        answer = client.ask(get("/fails"))
        following = client.ask(NEXT)

    assert (answer.status, answer.text) == (500, "the mock failed: ValueError")
    assert following.status == 200


# --- stopping --------------------------------------------------------------------------------------------


def test_stop_lets_what_is_under_way_end() -> None:
    """Who waits for an answer gets it and is told that it is the last one; who waits for none is let go."""
    with serving() as place, place.client() as slow, place.client() as idle:
        idle.ask(NEXT)
        slow.send(get("/slow"))
        place.desk.begun.wait()
        place.server._tell_to_stop()
        assert idle.rest() == b""
        place.desk.gate.set()
        answer = slow.answer()
        rest = slow.rest()

    assert (answer.text, answer.headers["Connection"], rest) == ("GET /slow 0", "close", b"")


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
    from leadline_mock.server import Server, listen

    listener = listen("127.0.0.1", 0)
    server = Server(Desk(), listener)
    server.stop()
    server.stop()

    assert listener.fileno() == -1


def test_start_fails() -> None:
    """What keeps a server from starting is raised where it was started."""
    from leadline_mock.server import Server, listen

    listener = listen("127.0.0.1", 0)
    server = Server(Desk(), listener)
    listener.close()

    with pytest.raises(OSError, match="descriptor"):
        server.start()
