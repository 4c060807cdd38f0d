"""Defects that one request alone does not show: sequences, requests at once, slow answers, hangs."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.contracts.conftest import write

from leadline_contracts import mocked, run
from leadline_contracts.case import AT_ONCE, SOMETIMES, Due
from leadline_contracts.cases import cases_of
from leadline_contracts.draft import base
from leadline_contracts.oracles.memory import Times
from leadline_contracts.phases import certificate, sequence, together
from leadline_contracts.report import Report
from leadline_contracts.target import Access, HttpTarget
from leadline_openapi import Contract

ANSWERS = "/paths/~1leads/post/responses"
LEAD = "/components/schemas/Lead/properties/"
pytestmark = pytest.mark.usefixtures("some_cases")


def _found(report: Report) -> list[tuple[str, str]]:
    return [(one.breach.rule, one.breach.when) for one in report.findings]


# --- In sequence -------------------------------------------------------------------------------------------


def test_every_nth_request_fails(served: Any, check: Any) -> None:
    """What a request does not show when it is repeated is one finding, and says so."""
    count = iter(range(10**6))

    def wrapper(_: Any, ask: Any) -> Any:
        answer = ask()
        if next(count) % 37 == 20:
            answer.status = 500
        return answer

    report = check(served(wrapper))

    assert _found(report) == [("server-error", SOMETIMES)]
    assert SOMETIMES in report.findings[0].breach.message


def test_the_request_before_is_kept_as_evidence(served: Any, check: Any) -> None:
    """A server that chokes on what follows a denied request: the finding holds that request too."""
    denied = [False]

    def wrapper(_: Any, ask: Any) -> Any:
        answer = ask()
        was, denied[0] = denied[0], answer.status == 401
        if was and answer.accepted:
            answer.status = 500
        return answer

    report = check(served(wrapper))
    finding = report.findings[0]

    assert _found(report) == [("server-error", SOMETIMES)]
    assert [one.status for one in finding.before][-1:] == [401]


def test_an_id_given_twice_shows_both_requests(served: Any, check: Any) -> None:
    """The evidence of a duplicate is the two requests that got the same id."""

    def wrapper(_: Any, ask: Any) -> Any:
        answer = ask()
        if answer.accepted:
            answer.doc = {**answer.doc, "id": answer.doc["id"] % 50}
        return answer

    finding = check(served(wrapper)).findings[0]
    ids = {one.value["doc"]["id"] for one in (*finding.before, finding.exchange)}

    assert (finding.breach.rule, len(finding.before), len(ids)) == ("server-value", 1, 1)


def test_sequence_covers_what_may_disturb(contract: Contract) -> None:
    """An accepted request follows on each kind of refusal, and on itself."""
    order = list(sequence.cases(cases_of(contract.operations[0])))
    pairs = {(one.due, other.due) for one, other in pairwise(order)}

    assert pairs == {
        (Due.ACCEPT, Due.ACCEPT),
        (Due.REFUSE, Due.ACCEPT),
        (Due.ACCEPT, Due.REFUSE),
        (Due.DENY, Due.ACCEPT),
        (Due.ACCEPT, Due.DENY),
    }


# --- At once -----------------------------------------------------------------------------------------------


class _Busy:
    """Tells whether another request was under way, and makes time for one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0

    def __call__(self, ask: Callable[[], Any]) -> tuple[Any, bool]:
        with self._lock:
            self._inside += 1
            busy = self._inside > 1
        if threading.current_thread() is not threading.main_thread():
            time.sleep(0.002)
        try:
            return ask(), busy
        finally:
            with self._lock:
                self._inside -= 1


def test_duplicate_ids_only_at_once(served: Any, check: Any) -> None:
    """Ids that are given twice only while requests overlap are found."""
    busy, last = _Busy(), [0]

    def wrapper(_: Any, ask: Any) -> Any:
        answer, overlapped = busy(ask)
        if answer.accepted:
            if overlapped and last[0]:
                answer.doc = {**answer.doc, "id": last[0]}
            last[0] = answer.doc["id"]
        return answer

    report = check(served(wrapper))

    assert _found(report) == [("server-value", "")]


def test_answers_mixed_up_only_at_once(served: Any, check: Any) -> None:
    """A document that belongs to another request is one finding, and says when it happens."""
    busy, notes = _Busy(), [""]

    def wrapper(request: Any, ask: Any) -> Any:
        notes[0] = request.fields.get("firstName")
        answer, overlapped = busy(ask)
        if answer.accepted and overlapped:
            doc = {**answer.doc, "firstName": notes[0]}
            answer.doc = {name: value for name, value in doc.items() if value is not None}
        return answer

    report = check(served(wrapper))

    assert _found(report) == [("echo", AT_ONCE)]


def test_every_connection_has_requests_of_its_own(contract: Contract) -> None:
    """Different requests are under way at once, most of them accepted, some not."""
    shares = together.cases(cases_of(contract.operations[0]), 0.0)
    sent = [case for share in shares for case in share]
    accepted = [case for case in sent if case.due is Due.ACCEPT]

    assert len(shares) == together.CONNECTIONS
    assert len(accepted) == len({(case.target, case.headers, case.body) for case in accepted})
    assert {case.due for case in sent} == {Due.ACCEPT, Due.REFUSE, Due.DENY}


def test_a_single_thread_that_keeps_its_connection(contract: Contract, ask: Any) -> None:
    """A correct server that serves one connection at a time, to its end, is not accused."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, kind, answer = ask(self, body)
            write(self, status, kind, answer)

        do_GET = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_POST  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    target = HttpTarget(f"http://127.0.0.1:{server.server_port}/api", Access("test-api-key"), 5)
    report = run.check(contract, target, run.Options(examples=0))
    server.shutdown()
    server.server_close()

    assert (report.verdict, report.findings, report.stopped) == ("holds", (), "")


@pytest.fixture
def slow_server(ask: Any) -> Iterator[Callable[[type[HTTPServer]], tuple[str, set[Any]]]]:
    """Starts a correct server that takes 30 ms for an answer; gives its URL and who connected."""
    started: list[HTTPServer] = []

    def start(kind: type[HTTPServer]) -> tuple[str, set[Any]]:
        clients: set[Any] = set()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                clients.add(self.client_address)
                time.sleep(0.03)
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                status, kind, answer = ask(self, body)
                write(self, status, kind, answer)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                pass

        server = kind(("127.0.0.1", 0), Handler)
        started.append(server)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}/api", clients

    yield start
    for server in started:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(("kind", "several"), [(ThreadingHTTPServer, True), (HTTPServer, False)])
def test_a_slow_server_gets_more_connections(
    contract: Contract, slow_server: Any, kind: type[HTTPServer], several: bool
) -> None:
    """Where answers are slow several connections are used, if the server takes more than one."""
    url, clients = slow_server(kind)
    cases = [one for one in cases_of(contract.operations[0]) if len(one.body or b"") < 1000][:120]
    target = HttpTarget(url, Access("test-api-key"), 5)
    sender_options = run.Options(examples=0, safe=False, max_time=60)
    report = run.check(contract, target, sender_options, cases=lambda _: cases)

    assert (report.verdict, report.findings) == ("holds", ())
    assert (len(clients) > certificate.CONNECTIONS + together.CONNECTIONS) is several


@pytest.mark.parametrize("workers", [1, 2, 7])
def test_workers_keep_the_order(contract: Contract, listening: Any, workers: int) -> None:
    """However many connections: every case is sent once, and examined in its order."""
    seen: list[bytes] = []

    def speak(handler: Any, body: bytes) -> None:
        seen.append(body)
        handler.send_response(200)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    cases = cases_of(contract.operations[0])[:200:4]
    target = HttpTarget(listening(speak), Access("test-api-key"))
    exchanges = list(certificate.exchanges(target, cases, lambda _: workers))
    target.close()

    assert [one.case for one in exchanges] == cases
    assert sorted(seen) == sorted(case.body or b"" for case in cases)


def test_a_correct_server_over_several_connections(contract: Contract) -> None:
    """Times that overlap do not go back, and nothing else is held against it either."""
    options = run.Options(workers=5, examples=0)
    report = run.check(contract, mocked.target(contract), options)

    assert (report.verdict, report.findings) == ("holds", ())


# --- As deep as it was asked for ---------------------------------------------------------------------------


@pytest.mark.parametrize(("always", "found"), [(True, [("depth", "")]), (False, [])])
def test_depth(contract: Contract, served: Any, check: Any, always: bool, found: Any) -> None:
    """Documents in the place of ids are a finding at depth 0, and at no other depth."""

    def wrapper(request: Any, ask: Any) -> Any:
        answer = ask()
        if answer.accepted and (
            always or ("depth=" in request.query and "depth=0" not in request.query)
        ):
            doc = answer.doc
            if isinstance(doc.get("salesRep"), int):
                doc["salesRep"] = {"id": doc["salesRep"]}
            answer.doc = doc
        return answer

    draft = base(contract.operations[0]).with_value({"salesRep": 5})
    case = draft.case("a relation", "", Due.ACCEPT, "")
    cases = [replace(case, target=f"/leads?depth={depth}") for depth in (0, 1, 2)]
    target = mocked.target(contract, served(wrapper))
    report = run.check(contract, target, run.Options(examples=0), cases=lambda _: cases)

    assert _found(report) == found


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=12), st.integers(-1, 31)
)
def test_only_what_is_over_came_before(told: list[tuple[int, int]], asked: int) -> None:
    """A time goes back only against answers that were complete before the request was sent."""
    start, times = datetime(2026, 1, 1, tzinfo=UTC), Times()
    for received, time_ in told:
        times.add(start + timedelta(seconds=received), start + timedelta(seconds=time_))
    earlier = [start + timedelta(seconds=time_) for received, time_ in told if received <= asked]

    assert times.before(start + timedelta(seconds=asked)) == max(earlier, default=None)


@pytest.mark.parametrize("allowed", [True, False])
def test_methods_that_may_destroy(contract: Contract, served: Any, allowed: bool) -> None:
    """What nobody documented and may delete is tried only where that is allowed."""
    seen = set()

    def wrapper(request: Any, ask: Any) -> Any:
        seen.add(request.environ["REQUEST_METHOD"])
        return ask()

    target = mocked.target(contract, served(wrapper))
    run.check(contract, target, run.Options(examples=0, destructive=allowed), cases=lambda _: [])

    assert {"GET", "HEAD", "OPTIONS"} <= seen
    assert ({"PUT", "PATCH", "DELETE"} <= seen) is allowed
    assert bool({"PUT", "PATCH", "DELETE"} & seen) is allowed
