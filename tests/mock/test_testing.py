"""A mock on a free port in tests: where it is, what it was sent, what goes wrong next, and for whom."""

from __future__ import annotations

import json
import unittest
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from leadline_mock import in_process, serving
from leadline_mock.faults import BadFault, Fault
from leadline_mock.pattern import BadPattern
from leadline_mock.testing import BadMock, RunningMock, View


@pytest.fixture
def mock() -> Iterator[RunningMock]:
    """A mock of the leads API."""
    with serving(keys=["first-key", "second-key"]) as running:
        yield running


def post(mock: View, body: Any = None, **headers: str) -> requests.Response:
    """Post a lead, as the mock says it wants to be asked."""
    sent = {} if body is None else body
    return requests.post(
        f"{mock.url}/leads", json=sent, headers={**mock.headers, **headers}, timeout=10
    )


# --- where it is --------------------------------------------------------------------------------------------


def test_it_says_how_it_is_reached(mock: RunningMock) -> None:
    """URL, key and headers are all that a client needs to be answered."""
    assert mock.url == f"{mock.origin}/api"
    assert (mock.key, mock.headers) == ("first-key", {"Authorization": "first-key"})
    assert post(mock, {"make": "Audi"}).json()["doc"]["make"] == "Audi"


def test_it_ends_with_its_context() -> None:
    """Nothing listens any more once the context is left, also while an answer is withheld."""
    with serving() as mock:
        mock.fail_next(hang=True)
        with pytest.raises(requests.ReadTimeout):
            requests.post(f"{mock.url}/leads", json={}, headers=mock.headers, timeout=0.05)

    with pytest.raises(requests.ConnectionError):
        post(mock)


def test_two_at_once_share_nothing() -> None:
    """Each has its port, its journal and its ids."""
    with serving() as one, serving() as other:
        ids = [post(mock).json()["doc"]["id"] for mock in (one, one, other)]

        assert one.url != other.url
        assert ids == [1, 2, 1]
        assert [len(mock.requests) for mock in (one, other)] == [2, 1]


@pytest.mark.parametrize(
    ("schemes", "security", "headers"),
    [
        ({"a": ("header", "X-Key", "users {key}")}, [{"a": []}], {"X-Key": "users k"}),
        ({"a": ("cookie", "sid", "{key}")}, [{"a": []}], {"Cookie": "sid=k"}),
        (
            {"a": ("cookie", "sid", "{key}"), "b": ("cookie", "two", "x{key}")},
            [{"a": [], "b": []}],
            {"Cookie": "sid=k; two=xk"},
        ),
        (
            {"a": ("query", "key", "{key}"), "b": ("header", "X-Key", "{key}")},
            [{}, {"a": []}, {"b": []}],
            {"X-Key": "k"},
        ),
        ({"a": ("query", "key", "{key}")}, [{"a": []}], {}),
        ({}, [], {}),
    ],
)
def test_headers_carry_the_key(
    tmp_path: Path, schemes: dict[str, Any], security: list[Any], headers: dict[str, str]
) -> None:
    """The key stands where the contract's security schemes want it, as far as that is a header."""
    document = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {"/a": {"get": {"security": security, "responses": {"204": {"description": ""}}}}},
        "components": {
            "securitySchemes": {
                name: {"type": "apiKey", "in": place, "name": field, "x-credential": template}
                for name, (place, field, template) in schemes.items()
            }
        },
    }
    file = tmp_path / "openapi.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    mock = in_process(spec=file, keys=["k"])

    assert mock.headers == headers


def test_unittest() -> None:
    """A test case of unittest enters it like any other context."""

    class Case(unittest.TestCase):
        def test_it(self) -> None:
            mock = self.enterContext(serving())
            assert post(mock).status_code == 200

    result = unittest.TestResult()
    Case("test_it").run(result)

    assert (result.testsRun, result.wasSuccessful()) == (1, True), result.errors


# --- what it was sent ---------------------------------------------------------------------------------------


def test_requests_are_told_in_order(mock: RunningMock) -> None:
    """What was sent and how it was answered, the oldest first, and never the key."""
    post(mock, {"make": "Audi"})
    post(mock, {"make": 1})
    requests.get(f"{mock.url}/nothing", headers=mock.headers, timeout=10)

    assert [(one.body, one.status) for one in mock.requests] == [
        ({"make": "Audi"}, 200),
        ({"make": 1}, 400),
        (None, 404),
    ]
    assert [one.pointer for one in mock.requests[1].violations] == ["/make"]
    assert mock.key not in repr(mock.requests)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [("POST", "/api/lead", {"make": "Audi"}), ("PATCH", "/api/leads", [1]), ("GET", "/api", None)],
)
def test_what_met_no_operation_is_told_whole(
    mock: RunningMock, method: str, path: str, body: Any
) -> None:
    """A request to a wrong path or with a wrong method is told as it was sent, with body and headers."""
    answer = requests.request(method, mock.origin + path, json=body, timeout=10)
    (told,) = mock.requests

    assert (told.operation, told.path, told.body, told.status) == (
        None,
        path,
        body,
        answer.status_code,
    )
    assert {**told.headers} == {**answer.request.headers, "Host": told.headers["Host"]}


def test_called_with(mock: RunningMock) -> None:
    """What was sent is found by operation, by members of the body, by header and query, and counted."""
    post(mock, {"make": "Audi", "year": 2020}, X_Trace="7")

    mock.assert_called_with()
    mock.assert_called_with("createLead", body={"make": "Audi"}, count=1, status=200)
    mock.assert_called_with("POST /leads", headers={"x_trace": "7"}, absent=["/model"])
    mock.assert_not_called(body={"make": "Audi"}, exact=True)
    mock.assert_not_called(method="GET")


def test_not_called_with(mock: RunningMock) -> None:
    """What fails says what came closest, and where it differs."""
    post(mock, {"make": "Audi", "year": 2020})

    with pytest.raises(AssertionError) as failed:
        mock.assert_called_with("createLead", body={"make": "Audo"})
    assert 'POST /api/leads → 200\n  /body/make: expected "Audo", not "Audi"' in str(failed.value)
    with pytest.raises(AssertionError, match="expected exactly 2 requests"):
        mock.assert_called_with("createLead", count=2)
    with pytest.raises(AssertionError, match=r"exactly 0 requests .*\n#1 POST /api/leads"):
        mock.assert_not_called("createLead")


def test_a_journal_that_is_full_says_so() -> None:
    """A count that fails because older requests had to make room is told that."""
    mock = in_process(mode="warn")
    client = mock.wsgi.test_client()
    for _ in range(1003):
        client.post("/api/leads")

    with pytest.raises(AssertionError, match="3 older requests had to make room"):
        mock.assert_called_with(count=1003)


@pytest.mark.parametrize(
    ("ask", "problem"),
    [
        (lambda mock: mock.assert_called_with("createLeed"), "did you mean `createLead`?"),
        (lambda mock: mock.assert_not_called("GET /leads"), "there is no operation `GET /leads`"),
        (lambda mock: mock.assert_called_with(header={}), "did you mean `headers`?"),
        (lambda mock: mock.assert_called_with(run="a"), "a request has no `run`"),
        (lambda mock: mock.assert_called_with(count=-1), "`count` has to be"),
    ],
)
def test_a_question_that_makes_no_sense(
    mock: RunningMock, ask: Callable[[View], None], problem: str
) -> None:
    """A misspelt operation or member is an error, and never a test that passes or fails by chance."""
    with pytest.raises(BadPattern) as refused:
        ask(mock)

    assert problem in str(refused.value)


# --- what goes wrong next -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arm",
    [
        lambda mock: mock.fail_next("status=503;retry-after=1"),
        lambda mock: mock.fail_next(Fault(status=503, retry_after=1)),
        lambda mock: mock.fail_next(status=503, retry_after=1, operation="createLead"),
        lambda mock: mock.fail_next({"status": 503, "retry-after": 1}),
    ],
)
def test_the_next_request_fails(mock: RunningMock, arm: Callable[[View], None]) -> None:
    """However the fault is given it happens once, and the request after it is answered."""
    arm(mock)
    answers = [post(mock) for _ in range(2)]

    assert [one.status_code for one in answers] == [503, 200]
    assert answers[0].headers["Retry-After"] == "1"
    assert mock.requests[0].fault == "status=503;retry-after=1"


def test_faults_queue_up(mock: RunningMock) -> None:
    """What is armed later happens later, each as many times as it was armed for."""
    mock.fail_next(status=500, times=2)
    mock.fail_next(status=429)

    assert [post(mock).status_code for _ in range(4)] == [500, 500, 429, 200]


def test_the_wire_breaks(mock: RunningMock) -> None:
    """A reset and a truncated body reach a real client as what they are."""
    mock.fail_next(reset=True)
    mock.fail_next(truncate=True)

    with pytest.raises(requests.ConnectionError, match="reset by peer"):
        post(mock)
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        post(mock)


@pytest.mark.parametrize(
    ("arm", "error", "problem"),
    [
        (lambda mock: mock.fail_next(), BadFault, "nothing goes wrong"),
        (lambda mock: mock.fail_next("staus=503"), BadFault, "did you mean `status`?"),
        (lambda mock: mock.fail_next(staus=503), BadFault, "did you mean `status`?"),
        (lambda mock: mock.fail_next(503), BadFault, "a fault is an object such as"),
        (lambda mock: mock.fail_next("reset", status=1), BadFault, "`status` says nothing beside"),
        (lambda mock: mock.fail_next(reset=True, times=0), BadFault, "`times` must be"),
        (lambda mock: mock.fail_next(reset=True, operation="x"), BadPattern, "no operation `x`"),
    ],
)
def test_a_fault_that_cannot_be(
    mock: RunningMock, arm: Callable[[View], None], error: type[Exception], problem: str
) -> None:
    """It is refused when it is armed, and nothing goes wrong then."""
    with pytest.raises(error, match=problem.replace("?", r"\?")):
        arm(mock)

    assert post(mock).status_code == 200


def test_reset(mock: RunningMock) -> None:
    """Requests and armed faults are forgotten; ids are not given twice."""
    mock.fail_next(status=500, times=9)
    post(mock)
    mock.reset()

    assert mock.requests == []
    assert post(mock).json()["doc"]["id"] == 1
    mock.reset()
    assert post(mock).json()["doc"]["id"] == 2


# --- runs ---------------------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.sampled_from(["a", "b", None]), st.integers(0, 3)), max_size=12))
def test_a_run_sees_its_own(sent: list[tuple[str | None, int]]) -> None:
    """Whatever the order, each run sees what it sent and the mock sees all; a reset touches one run."""
    mock = in_process()
    views = {"a": mock.for_run("a"), "b": mock.for_run("b"), None: mock}
    client = mock.wsgi.test_client()
    for run, year in sent:
        client.post("/api/leads", json={"year": year}, headers=views[run].headers)

    for run in ("a", "b"):
        own = [{"year": year} for name, year in sent if name == run]
        assert [one.body for one in views[run].requests] == own
        views[run].assert_called_with("createLead", count=len(own))
    assert [one.body["year"] for one in mock.requests] == [year for _, year in sent]
    views["a"].reset()
    assert [one.run for one in mock.requests] == [name or "" for name, _ in sent if name != "a"]


def test_runs_side_by_side(mock: RunningMock) -> None:
    """Tests in threads that share one mock arm faults and count requests, and do not meet."""

    def run(number: int) -> list[int]:
        view = mock.for_run(f"test {number}")
        view.fail_next(status=500 + number, times=2)
        statuses = [post(view, {"year": number}).status_code for _ in range(5)]
        view.assert_called_with(body={"year": number}, count=5)
        view.assert_called_with(status=200, count=3)
        return statuses

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(run, range(8)))

    assert found == [[500 + number] * 2 + [200] * 3 for number in range(8)]
    assert len(mock.requests) == 40


def test_disarming_one_run(mock: RunningMock) -> None:
    """The reset of a run leaves what is armed for others, and for all."""
    one, other = mock.for_run("one"), mock.for_run("other")
    one.fail_next(status=501)
    other.fail_next(status=502)
    mock.fail_next(status=503)
    one.reset()

    assert [post(view).status_code for view in (other, one, one)] == [502, 503, 200]


@pytest.mark.parametrize("name", ["", " a", "a ", "a\nb", "ä", "a\x00", 7])
def test_a_run_that_no_header_can_name(mock: RunningMock, name: Any) -> None:
    """A name that would arrive as another one is refused, and not silently a run without requests."""
    with pytest.raises(BadMock, match="the name of a run has to be"):
        mock.for_run(name)
