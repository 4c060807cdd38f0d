"""What every HTTP server does: CORS, gzip, HEAD, OPTIONS, 405, and refusals of its own in the API's words."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.mock.server.talking import Answer, Client, get, mocking, post

from leadline_mock import World
from leadline_mock.manners import dressed
from leadline_mock.messages import Request, Response
from leadline_mock.mocking import Mock
from leadline_openapi import Contract

KEY = "a-key-of-Some-length"
ORIGIN = "https://app.example"
LEADS = "/api/leads"
JSON = ("Content-Type: application/json", f"Authorization: {KEY}")
LARGE = json.dumps({"notes": "a" * 2000}).encode()


@pytest.fixture(scope="module")
def mock(contract: Contract) -> Mock:
    """The mock of the leads contract."""
    return Mock([contract], World(keys=(KEY,)))


@pytest.fixture(scope="module")
def client(mock: Mock) -> Iterator[Client]:
    """One connection for all tests: none of them may break it."""
    with mocking(mock) as address, Client(address) as client:
        yield client


def allowed(answer: Answer) -> dict[str, str]:
    """The headers of CORS."""
    found = {name.removeprefix("Access-Control-"): value for name, value in answer.headers.items()}
    return {name: value for name, value in found.items() if name not in answer.headers}


# --- CORS ------------------------------------------------------------------------------------------------


def test_preflight(client: Client) -> None:
    """A browser may send what the API takes, its key in `Authorization` included."""
    asked = (
        "Access-Control-Request-Method: POST",
        "Access-Control-Request-Headers: authorization, x",
    )
    answer = client.ask(get(LEADS, f"Origin: {ORIGIN}", *asked, method="OPTIONS"))

    assert (answer.status, answer.body) == (204, b"")
    assert allowed(answer) == {
        "Allow-Origin": ORIGIN,
        "Allow-Credentials": "true",
        "Allow-Methods": "POST",
        "Allow-Headers": "authorization, x",
        "Max-Age": "600",
    }
    assert answer.headers["Vary"] == "Origin"


@pytest.mark.parametrize("path", ["/nowhere", "/api/lead", LEADS])
def test_preflight_never_fails(client: Client, path: str) -> None:
    """Also where the request will be refused, it is asked for: only then a script sees the reason."""
    asks = (f"Origin: {ORIGIN}", "Access-Control-Request-Method: PATCH")
    answer = client.ask(get(path, *asks, method="OPTIONS"))

    assert (answer.status, answer.headers["Access-Control-Allow-Methods"]) == (204, "PATCH")
    assert client.ask(get(path, f"Origin: {ORIGIN}", method="PATCH")).status in (404, 405)


def test_private_network(client: Client) -> None:
    """A page on the net may use a mock on this machine, where the browser asks for that."""
    asks = (f"Origin: {ORIGIN}", "Access-Control-Request-Method: POST")
    private = "Access-Control-Request-Private-Network: true"
    answer = client.ask(get(LEADS, *asks, private, method="OPTIONS"))

    assert answer.headers["Access-Control-Allow-Private-Network"] == "true"


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (post(LEADS, b"{}", *JSON, f"Origin: {ORIGIN}"), 200),
        (post(LEADS, b"{", *JSON, f"Origin: {ORIGIN}"), 400),
        (post(LEADS, b"{}", f"Origin: {ORIGIN}"), 401),
        (get("/nowhere", f"Origin: {ORIGIN}"), 404),
        (get(LEADS, f"Origin: {ORIGIN}"), 405),
        (get(LEADS, "Content-Length: 99999999", f"Origin: {ORIGIN}"), 413),
        (get("*", f"Origin: {ORIGIN}"), 400),
    ],
)
def test_answers_are_readable(mock: Mock, data: bytes, status: int) -> None:
    """A script may read every answer, refusals included, with our headers."""
    with mocking(mock) as address, Client(address) as client:
        answer = client.ask(data)

    assert answer.status == status
    assert allowed(answer).keys() == {"Allow-Origin", "Allow-Credentials", "Expose-Headers"}
    assert "Leadline-Violations" in answer.headers["Access-Control-Expose-Headers"]


def test_no_origin_no_cors(client: Client) -> None:
    """Who is no browser gets none of it."""
    assert allowed(client.ask(post(LEADS, b"{}", *JSON), "POST")) == {}


# --- gzip ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accepted", "compressed"),
    [
        ("gzip", True),
        ("deflate, GZIP;q=0.5", True),
        ("*", True),
        ("br;q=1, *;q=0.1", True),
        ("gzip;q=0", False),
        ("gzip;q=0.000, *", False),
        ("identity", False),
        ("*;q=0", False),
        ("", False),
        ("gzip;q=x", True),
        (";;,,=q", False),
    ],
)
def test_gzip(client: Client, accepted: str, compressed: bool) -> None:
    """A body is compressed for whoever takes that (RFC 9110 section 12.5.3), and is the same."""
    plain = client.ask(post(LEADS, LARGE, *JSON))
    answer = client.ask(post(LEADS, LARGE, *JSON, f"Accept-Encoding: {accepted}"))
    body = gzip.decompress(answer.body) if compressed else answer.body

    assert answer.headers["Content-Encoding"] == ("gzip" if compressed else None)
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert json.loads(body).keys() == json.loads(plain.body).keys()
    assert (len(answer.body) < len(plain.body)) is compressed


def test_gzip_is_not_worth_it(client: Client) -> None:
    """Short bodies are sent as they are."""
    answer = client.ask(post(LEADS, b"{}", *JSON, "Accept-Encoding: gzip"))
    assert answer.headers["Content-Encoding"] is None


def test_gzip_of_refusals(client: Client) -> None:
    """A refusal that is long is compressed as well, whoever answers it."""
    body = json.dumps({f"unknown-{number}": 1 for number in range(100)}).encode()
    answer = client.ask(post(LEADS, body, *JSON, "Accept-Encoding: gzip"))

    assert answer.status == 400
    assert b"unknown-99" in gzip.decompress(answer.body)


@given(st.text(st.characters(codec="latin-1", exclude_characters="\r\n\0")))
def test_any_accept_encoding(accepted: str) -> None:
    """Whatever is asked for, what comes is what is announced."""
    request = Request("GET", {}, "", [("Accept-Encoding", accepted)], b"")
    made = dressed(request, Response(200, (), b"a" * 1000))
    coded = ("Content-Encoding", "gzip") in made.headers

    assert (gzip.decompress(made.body) if coded else made.body) == b"a" * 1000


def test_same_bytes() -> None:
    """The same answer is the same bytes, whenever it is compressed."""
    request = Request("GET", {}, "", [("Accept-Encoding", "gzip")], b"")
    made = dressed(request, Response(200, (), b"a" * 1000))

    assert made.body[4:8] == b"\0\0\0\0"


# --- methods ---------------------------------------------------------------------------------------------


def test_not_allowed(client: Client) -> None:
    """Another method gets 405 with those that are allowed, in the API's words."""
    answer = client.ask(get(LEADS, method="DELETE"))

    assert (answer.status, answer.headers["Allow"]) == (405, "OPTIONS, POST")
    assert "DELETE is not an operation of /api/leads" in answer.text
    assert json.loads(answer.body)["errors"][0]["expected"] == "POST"


def test_options(client: Client) -> None:
    """OPTIONS tells the methods, and nothing else."""
    answer = client.ask(get(LEADS, method="OPTIONS"))
    assert (answer.status, answer.headers["Allow"], answer.body) == (204, "OPTIONS, POST", b"")


@pytest.mark.parametrize("path", ["/nowhere", LEADS])
def test_head_of_a_refusal(client: Client, path: str) -> None:
    """HEAD gets the head of what GET gets."""
    whole = client.ask(get(path))
    head = client.ask(get(path, method="HEAD"), "HEAD")

    assert (head.status, head.body) == (whole.status, b"")
    assert abs(int(head.headers["Content-Length"]) - len(whole.body)) <= 2  # the name of the method
    assert head.headers["Content-Type"] == whole.headers["Content-Type"]


# --- refusals of the server ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "status", "reason"),
    [
        (b"nonsense\r\n\r\n", 400, "does not begin with a method"),
        (b"GET / HTTP/1.1\r\n\r\n", 400, "the header Host is given 0 times, not once"),
        (get("/", "no colon"), 400, "a header line is not `Name: value`"),
        (get("/" + "a" * 70_000), 414, "the target of the request is too long"),
        (get("/", "X: " + "a" * 70_000), 431, "the request line and headers are too large"),
        (get(LEADS, "Content-Length: 99999999", method="POST"), 413, "larger than 10000000 bytes"),
        (get("x", method="CONNECT"), 400, "CONNECT is for proxies"),
        (get("*"), 400, "neither a path nor an http URL"),
    ],
)
def test_in_the_words_of_the_api(mock: Mock, data: bytes, status: int, reason: str) -> None:
    """What is no proper request is refused in the shape of the API, and stands in the journal."""
    with mocking(mock) as address, Client(address) as client:
        answer = client.ask(data)
    entry = mock.world.journal.entries()[-1]

    assert answer.status == entry.status == status
    assert reason in json.loads(answer.body)["errors"][0]["message"]
    assert json.loads(answer.headers["Leadline-Violations"])[0]["keyword"] == "http"
    assert reason in entry.violations[0].message
    assert answer.headers["Connection"] == "close" or "*" in data.decode()
