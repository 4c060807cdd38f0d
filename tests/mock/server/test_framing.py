"""Where a request begins and ends (RFC 9112), whoever would like that to be unclear."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.mock.server.talking import Place, chunked, get, post

from leadline_mock.server import Limits
from leadline_mock.server.incoming import Incoming

START = b"POST /quick HTTP/1.1\r\nHost: desk\r\n"
NEXT = get("/quick/next")


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
