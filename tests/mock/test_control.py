"""The control API over HTTP: journal, verification, reset, faults, and who may use it."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from leadline_mock import World, create_app
from leadline_mock.journal import Journal
from leadline_mock.mocking import Mock
from leadline_mock.server import RawRequest
from leadline_openapi import Contract, load

KEY = "a-key-of-Some-length"
NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
CONTROL = "/__leadline"
PATHS = [
    "GET /__leadline/health",
    "GET /__leadline/requests",
    "GET /__leadline/requests/ID",
    "POST /__leadline/verify",
    "POST /__leadline/reset",
    "GET /__leadline/faults",
    "POST /__leadline/faults",
    "DELETE /__leadline/faults",
]


@pytest.fixture
def client(contract: Contract) -> FlaskClient:
    """A mock of its own."""
    return mock(contract)


def mock(contract: Contract, **members: Any) -> FlaskClient:
    """A mock of *contract*."""
    world = World(keys=(KEY,), clock=lambda: NOON, **members)
    return create_app(contract, world).test_client(use_cookies=False)


def ask(client: FlaskClient, body: Any = None, run: str = "", **options: Any) -> Any:
    """A request to the mocked API."""
    headers = {"Authorization": options.pop("key", KEY), **({"Leadline-Run": run} if run else {})}
    return client.post("/api/leads", json={} if body is None else body, headers=headers, **options)


def requests(client: FlaskClient, query: str = "") -> list[Any]:
    """What the journal tells."""
    response = client.get(f"{CONTROL}/requests{query}")
    assert (response.status_code, response.content_type) == (200, "application/json")
    return list(response.get_json()["requests"])


def ids(client: FlaskClient, query: str = "") -> list[int]:
    """The ids of what the journal tells."""
    return [one["id"] for one in requests(client, query)]


def problem(response: Any, status: int) -> str:
    """What a refusal after RFC 9457 says; it has nothing but what the RFC and the guide name."""
    assert (response.status_code, response.content_type) == (status, "application/problem+json")
    told = response.json
    assert set(told) - {"paths"} == {"type", "title", "status", "detail"}
    assert (told["type"], told["status"]) == ("about:blank", status)
    return str(told["detail"])


# --- Health -----------------------------------------------------------------------------------------


def test_health_of_several(contract: Contract, tmp_path: Any) -> None:
    """Of several contracts, each is told; of one, it is as it always was."""
    file = tmp_path / "other.json"
    paths = {"/a": {"get": {"responses": {"200": {"description": "ok"}}}}}
    info = {"title": "Other", "version": "1"}
    file.write_text(json.dumps({"openapi": "3.1.0", "info": info, "paths": paths}))
    other = load(file)
    first = {"title": contract.title, "digest": contract.digest}
    one = create_app(contract).test_client().get(f"{CONTROL}/health").get_json()
    two = create_app([contract, other]).test_client().get(f"{CONTROL}/health").json

    assert one == {"status": "ok", **first}
    assert two == {**one, "apis": [first, {"title": "Other", "digest": other.digest}]}


# --- The journal ------------------------------------------------------------------------------------


def test_requests_in_order(client: FlaskClient) -> None:
    """Accepted, refused and denied requests are there, the newest last, with what was wrong."""
    ask(client, {"firstName": "Ada"})
    ask(client, {"reason": "Bored"})
    ask(client, key="wrong")
    told = requests(client)

    assert [(one["id"], one["status"]) for one in told] == [(1, 200), (2, 400), (3, 401)]
    assert [one["body"] for one in told] == [{"firstName": "Ada"}, {"reason": "Bored"}, {}]
    assert [[two["pointer"] for two in one["violations"]] for one in told] == [
        [],
        ["/reason"],
        ["/Authorization"],
    ]
    assert {one["operation"] for one in told} == {"createLead"}


def test_what_met_no_operation(client: FlaskClient) -> None:
    """Unknown paths and methods are there, without an operation."""
    client.get("/nowhere?a=1")
    client.put("/api/leads")
    told = requests(client)

    assert [(one["status"], one["operation"], one["path"]) for one in told] == [
        (404, None, "/nowhere"),
        (405, None, "/api/leads"),
    ]


def test_the_control_api_is_not_in_the_journal(client: FlaskClient) -> None:
    """Neither what it answers nor what it refuses leaves a trace."""
    for method in ("GET", "POST", "DELETE", "OPTIONS", "BREW"):
        for path in ("", "/", "/health", "/requests", "/requests/1", "/verify", "/faults", "/x"):
            client.open(f"{CONTROL}{path}", method=method, json={})

    assert requests(client) == []


def test_filters(client: FlaskClient) -> None:
    """Requests can be asked for by run, operation, status and number; all filters count."""
    ask(client, run="a")
    ask(client, {"reason": "Bored"}, run="a")
    ask(client, run="b")
    client.get("/nowhere")
    found = {
        query: ids(client, query)
        for query in (
            "?run=a",
            "?run=",
            "?run=c",
            "?operation=createLead",
            "?operation=POST%20/leads",
            "?status=200",
            "?limit=2",
            "?limit=0",
            "?limit=99",
            "?run=a&status=200&operation=createLead&limit=1",
        )
    }

    assert list(found.values()) == [
        [1, 2],
        [4],
        [],
        [1, 2, 3],
        [1, 2, 3],
        [1, 3],
        [3, 4],
        [],
        [1, 2, 3, 4],
        [1],
    ]


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ("?rum=a", "the query has no `rum`; did you mean `run`?"),
        ("?run=a&run=b", "`run` is given more than once"),
        ("?limit=-1", '`limit` has to be a whole number, not "-1"'),
        ("?status=2xx", '`status` has to be a whole number, not "2xx"'),
        ("?operation=createLeed", "there is no operation `createLeed`; did you mean `createLead`?"),
    ],
)
def test_bad_filters(client: FlaskClient, query: str, detail: str) -> None:
    """A filter that would silently find nothing is refused."""
    assert problem(client.get(f"{CONTROL}/requests{query}"), 400) == detail


def test_one_request_with_its_answer(client: FlaskClient) -> None:
    """A single request is told with the answer that it got; in the list it has none."""
    response = ask(client, {"firstName": "Ada"})
    told = client.get(f"{CONTROL}/requests/1").get_json()
    answer = told.pop("answer")

    assert [told] == requests(client)
    assert answer["body"] == response.json
    assert answer["headers"]["Content-Type"] == "application/json"


@pytest.mark.parametrize("number", ["2", "0", "99999999999999999999999"])
def test_no_such_request(client: FlaskClient, number: str) -> None:
    """A request that is not there, or no more, is 404, and it is said why that may be."""
    ask(client)

    detail = problem(client.get(f"{CONTROL}/requests/{number}"), 404)
    assert detail.startswith(f"there is no request {number} in the journal; it forgets the oldest")


def test_dropped_requests_are_counted(contract: Contract) -> None:
    """What the journal had no room for is told, in the list and where it may explain a miss."""
    client = mock(contract, journal=Journal(limit=3))
    for number in range(5):
        client.get(f"/nowhere/{number}")
    told = client.get(f"{CONTROL}/requests").get_json()
    missed = client.post(f"{CONTROL}/verify", json={"path": "/nowhere/0"})

    assert ([one["id"] for one in told["requests"]], told["dropped"]) == ([3, 4, 5], 2)
    assert (missed.status_code, missed.get_json()["dropped"]) == (409, 2)


# --- Verification -----------------------------------------------------------------------------------


def test_verified(client: FlaskClient) -> None:
    """200 where enough requests fit."""
    ask(client, {"firstName": "Ada"}, run="a")
    asked = {"operation": "createLead", "run": "a", "body": {"firstName": "Ada"}, "count": 1}
    response = client.post(f"{CONTROL}/verify", json=asked)

    assert response.status_code == 200
    assert response.json == {"verified": True, "count": 1, "expected": "exactly 1"}


def test_not_verified(client: FlaskClient) -> None:
    """409 where too few fit, with the nearest and how they differ."""
    ask(client, {"firstName": "Ada"})
    response = client.post(f"{CONTROL}/verify", json={"body": {"firstName": "Bob"}})
    (nearest,) = response.get_json().pop("nearest")

    assert response.status_code == 409
    assert nearest["request"]["id"] == 1
    assert nearest["differences"] == [
        {"at": "/body/firstName", "expected": "Bob", "actual": "Ada"},
    ]


@pytest.mark.parametrize(
    ("asked", "detail"),
    [
        ({"opration": "x"}, "a pattern has no `opration`; did you mean `operation`?"),
        ({"operation": "createLeed"}, "there is no operation `createLeed`; did you mean"),
        ({"count": -1}, "`count` has to be a whole number from 0, not -1"),
        (
            {"headers": {"Authorization": KEY}},
            "the value of the header `authorization` is not kept",
        ),
        ([1], "the body has to be a JSON object, not [1]"),
        ({f"{KEY}": 1}, "a pattern has no `<redacted>`; there are: "),
    ],
)
def test_bad_patterns(client: FlaskClient, asked: Any, detail: str) -> None:
    """A pattern that cannot be understood is 400, and not a failed verification."""
    assert problem(client.post(f"{CONTROL}/verify", json=asked), 400).startswith(detail)


# --- Reset and faults -------------------------------------------------------------------------------


def arm(client: FlaskClient, **members: Any) -> Any:
    """Arm a fault."""
    return client.post(f"{CONTROL}/faults", json={"fault": {"status": 503}, **members})


def armed(client: FlaskClient) -> list[Any]:
    """The runs of what is armed."""
    return [one["run"] for one in client.get(f"{CONTROL}/faults").get_json()["faults"]]


def test_reset_of_one_run(client: FlaskClient) -> None:
    """The requests and faults of one run are forgotten, those of others are not."""
    ask(client, run="a")
    ask(client, run="b")
    for run in ("a", "b", None):
        arm(client, run=run)
    response = client.post(f"{CONTROL}/reset", json={"run": "a"})

    assert (response.status_code, response.data) == (204, b"")
    assert "Content-Type" not in response.headers
    assert (ids(client), armed(client)) == ([2], ["b", None])


@pytest.mark.parametrize("options", [{}, {"json": {}}, {"data": b""}, {"json": {"run": None}}])
def test_reset_of_everything(client: FlaskClient, options: Any) -> None:
    """Without a run, all is forgotten; a body is not needed."""
    ask(client, run="a")
    arm(client, run="a")
    arm(client)

    assert client.post(f"{CONTROL}/reset", **options).status_code == 204
    assert (ids(client), armed(client)) == ([], [])


def test_faults(client: FlaskClient) -> None:
    """What was armed is told, happens as often as was said, is in the journal, and is gone then."""
    fault = {"fault": {"status": 503}, "times": 2, "run": "a", "operation": "createLead"}
    response = client.post(f"{CONTROL}/faults", json=fault)

    assert (response.status_code, response.json) == (201, {"faults": [fault]})
    assert client.get(f"{CONTROL}/faults").json == {"faults": [fault]}
    assert [ask(client, run=run).status_code for run in ("b", "a", "a", "a")] == [
        200,
        503,
        503,
        200,
    ]
    assert client.get(f"{CONTROL}/faults").json == {"faults": []}
    assert [one["fault"] for one in requests(client)] == [None, "status=503", "status=503", None]


def test_disarming(client: FlaskClient) -> None:
    """The faults of one run are disarmed, or all of them."""
    for run in ("a", "b", None):
        arm(client, run=run)

    assert client.delete(f"{CONTROL}/faults?run=a").status_code == 204
    assert armed(client) == ["b", None]
    assert client.delete(f"{CONTROL}/faults").status_code == 204
    assert armed(client) == []


def test_a_run_that_is_called_like_a_key(client: FlaskClient) -> None:
    """Not even the name of a run tells a key; the fault happens to that run all the same."""
    arm(client, run=KEY)
    told = client.get(f"{CONTROL}/faults").text

    assert KEY not in told
    assert json.loads(told)["faults"][0]["run"] == "<redacted>"
    assert [ask(client, run=KEY).status_code for _ in range(2)] == [503, 200]


@pytest.mark.parametrize(
    ("members", "detail"),
    [
        ({"tims": 2}, "an armed fault has no `tims`; did you mean `times`?"),
        ({"times": 0}, "`times` "),
        ({"times": None}, "`times` "),
        ({"run": 1}, "`run` has to be a text, not 1"),
        ({"operation": 1}, "`operation` has to be a text, not 1"),
        ({"operation": "createLeed"}, "there is no operation `createLeed`; did you mean"),
        ({"fault": {"statsu": 503}}, "a fault has no"),
        ({"fault": None}, "a fault is an object"),
    ],
)
def test_bad_faults(client: FlaskClient, members: Any, detail: str) -> None:
    """A fault that would never happen is refused, and nothing is armed."""
    assert problem(arm(client, **members), 400).startswith(detail)
    assert armed(client) == []


def test_bad_resets(client: FlaskClient) -> None:
    """A reset that is misspelt, or put into the query, does not reset everything."""
    ask(client)
    misspelt = client.post(f"{CONTROL}/reset", json={"rum": "a"})
    misplaced = client.post(f"{CONTROL}/reset?run=a")

    assert problem(misspelt, 400) == "a reset has no `rum`; did you mean `run`?"
    assert problem(misplaced, 400).startswith("/__leadline/reset takes no query parameters")
    assert ids(client) == [1]


# --- What is refused --------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["", "/", "/x", "/requests/x", "/requests/-1", "/requests/1/a"])
def test_unknown_paths(client: FlaskClient, path: str) -> None:
    """An unknown path is 404 with the list of those that there are."""
    response = client.get(f"{CONTROL}{path}")

    assert (
        problem(response, 404) == f"there is nothing at {CONTROL}{path}; `paths` are what there is"
    )
    assert response.get_json()["paths"] == PATHS


def test_a_key_in_an_unknown_path(client: FlaskClient) -> None:
    """An error does not tell a key either."""
    assert KEY not in problem(client.get(f"{CONTROL}/{KEY}"), 404)


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("POST", "/health", "GET, HEAD"),
        ("DELETE", "/requests", "GET, HEAD"),
        ("GET", "/verify", "POST"),
        ("GET", "/reset", "POST"),
        ("OPTIONS", "/reset", "POST"),
        ("PUT", "/faults", "DELETE, GET, HEAD, POST"),
        ("BREW", "/faults", "DELETE, GET, HEAD, POST"),
    ],
)
def test_other_methods(client: FlaskClient, method: str, path: str, allow: str) -> None:
    """Another method is 405, and `Allow` says which there are."""
    response = client.open(f"{CONTROL}{path}", method=method)
    expected = f"{CONTROL}{path} takes {allow.replace(', ', ' or ')}, not {method}"

    assert (problem(response, 405), response.headers["Allow"]) == (expected, allow)


@pytest.mark.parametrize("path", ["/verify", "/reset", "/faults"])
@pytest.mark.parametrize(
    ("body", "media", "status", "detail"),
    [
        (
            b'{"a": 1,\n "b" 2}',
            "application/json",
            400,
            "Expecting ':' delimiter (line 2 column 6)",
        ),
        (b'{"a": NaN}', "application/json", 400, "`NaN` is not JSON"),
        (b"\xff", "application/json; charset=utf-8", 400, "the body is not UTF-8 (byte 0)"),
        (b"[" * 5000, "application/json", 400, "nested too deeply"),
        (b"[]", "application/json", 400, "the body has to be a JSON object, not []"),
        (b"{}", "text/plain", 415, "application/json"),
        (b"{}", "application/x-www-form-urlencoded", 415, "application/json"),
        (b"{}", None, 415, "application/json"),
        (b'"%s"' % (b"a" * 1_000_000), "application/json", 413, "larger than 1000000 bytes"),
        (b'"%s"' % (b"a" * 11_000_000), "application/json", 413, "larger than 1000000 bytes"),
    ],
)
def test_bad_bodies(
    client: FlaskClient, path: str, body: bytes, media: str | None, status: int, detail: str
) -> None:
    """What is no JSON object is refused with its place, another type with 415, and too much with 413."""
    ask(client)
    response = client.post(f"{CONTROL}{path}", data=body, content_type=media)

    assert detail in problem(response, status)
    assert ids(client) == [1]


def test_a_large_body_without_a_length(client: FlaskClient) -> None:
    """The limit holds for a body that does not say how long it is."""
    response = client.post(
        f"{CONTROL}/reset",
        input_stream=io.BytesIO(b'"%s"' % (b"a" * 1_000_000)),
        content_type="application/json",
        environ_overrides={"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"},
    )

    assert "larger than 1000000 bytes" in problem(response, 413)


OURS = ["http://localhost", "https://localhost", "http://LOCALHOST"]
FOREIGN = [
    "http://evil.example",
    "http://localhost:81",
    "http://localhost.evil.example",
    "http://evil.example/localhost",
    "null",
    "",
    "localhost",
    "http://[",
    "http://localhost@evil.example",
]


@pytest.mark.parametrize("origin", FOREIGN)
@pytest.mark.parametrize(
    "route", [*PATHS, "OPTIONS /__leadline/reset", "GET /__leadline/x", "PUT /__leadline/faults"]
)
def test_pages_of_other_origins(client: FlaskClient, route: str, origin: str) -> None:
    """A page of another origin can neither read nor change anything, nor ask whether it could."""
    ask(client)
    method, path = route.replace("/ID", "/1").split()
    response = client.open(path, method=method, headers={"Origin": origin}, json={})

    assert problem(response, 403) == (
        "web pages of another origin may not use the control API of the mock"
    )
    assert [name for name, _ in response.headers if name.lower().startswith("access-control")] == []
    assert ids(client) == [1]


def test_a_page_without_origin_and_a_request_without_host(client: FlaskClient) -> None:
    """A page that hides its origin is not taken for ours where `Host` is missing too."""
    headers = {"Origin": "null", "Host": ""}

    problem(client.get(f"{CONTROL}/requests", headers=headers), 403)


@pytest.mark.parametrize("origin", OURS)
def test_pages_of_the_mock_itself(client: FlaskClient, origin: str) -> None:
    """A page that the mock itself serves may use the control API."""
    response = client.get(f"{CONTROL}/requests", headers={"Origin": origin})

    assert response.status_code == 200
    assert [name for name, _ in response.headers if name.lower().startswith("access-control")] == []


NAMES = [
    ("127.0.0.1", "evil.example:4010", 403),
    ("127.0.0.1", "127.0.0.1.evil.example", 403),
    ("::1", "evil.example", 403),
    ("localhost", "localhost.evil.example:80", 403),
    ("127.0.0.1", "127.0.0.1:4010", 200),
    ("127.0.0.1", "localhost:4010", 200),
    ("127.0.0.1", "LOCALHOST.", 200),
    ("127.0.0.1", "api.localhost:4010", 200),
    ("127.0.0.1", "mock:4010", 200),
    ("::1", "[::1]:4010", 200),
    ("127.0.0.1", "", 200),
    ("0.0.0.0", "mock.company.example:4010", 200),
    ("192.0.2.7", "mock.company.example", 200),
]


@pytest.mark.parametrize("own", [True, False])
@pytest.mark.parametrize(("server", "host", "status"), NAMES)
def test_names_that_lead_to_this_machine(
    client: FlaskClient, server: str, host: str, status: int, *, own: bool
) -> None:
    """A page whose own name resolves to this machine is not taken for a page of the mock itself."""
    headers = {"Host": host, **({"Origin": f"http://{host}"} if own and host else {})}
    response = client.get(
        f"{CONTROL}/requests", headers=headers, environ_overrides={"SERVER_NAME": server}
    )

    assert response.status_code == status


def test_what_a_program_has_to_do_that_asks_by_a_name(client: FlaskClient) -> None:
    """Who asks by a name of his own is told what else to do."""
    response = client.get(f"{CONTROL}/health", headers={"Host": "mock.example"})

    assert problem(response, 403).endswith(
        "; ask for it by an address or `localhost`, or have the mock listen with --host 0.0.0.0"
    )


def test_what_the_server_itself_refuses(contract: Contract) -> None:
    """A request to the control API that goes no further than the server is told so in its own shape."""
    world = World()
    request = RawRequest()
    request.target = b"/__leadline/verify?x=1"
    response = Mock([contract], world).refusal(request, 413, "the body is too large")
    told = json.loads(response.body)

    assert dict(response.headers)["Content-Type"] == "application/problem+json"
    assert (response.status, told["status"], told["detail"]) == (413, 413, "the body is too large")
    assert world.journal.entries() == []


def test_answers_are_not_kept(client: FlaskClient) -> None:
    """No cache answers for the journal."""
    for path in ("/requests", "/x"):
        assert client.get(f"{CONTROL}{path}").headers["Cache-Control"] == "no-store"


def test_the_short_lane_stays_open(client: FlaskClient) -> None:
    """The control API hooks nothing into the application, which would slow every request down."""
    app = client.application

    assert [app.before_request_funcs, app.after_request_funcs, app.teardown_request_funcs] == [
        {}
    ] * 3


SCALAR = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
INNER = SCALAR | st.lists(SCALAR, max_size=3) | st.dictionaries(st.text(), SCALAR, max_size=3)
ANY = INNER | st.lists(INNER, max_size=3) | st.dictionaries(st.text(), INNER, max_size=3)
MEMBER = st.sampled_from(
    [
        *("operation", "method", "path", "query", "headers", "body", "exact", "absent", "status"),
        *("run", "violations", "count", "fault", "times"),
    ]
)


@settings(deadline=None)
@given(
    path=st.sampled_from(["/verify", "/reset", "/faults"]),
    body=st.dictionaries(MEMBER, ANY, max_size=4),
)
def test_whatever_is_sent(path: str, body: Any) -> None:
    """No JSON object makes the control API fail."""
    response = CLIENT.post(f"{CONTROL}{path}", json=body)

    assert response.status_code in (200, 201, 204, 400, 409)


CLIENT = mock(load())
