"""Runs that do not go as planned: each ends, within bounds, with a report."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.contracts.conftest import write

from leadline_contracts import mocked, run
from leadline_contracts.case import Case, Due
from leadline_contracts.cases import reason_not_checked
from leadline_contracts.draft import base
from leadline_contracts.report import Report
from leadline_contracts.target import Access, HttpTarget
from leadline_openapi import Contract, load

ANSWERS = "/paths/~1leads/post/responses"
pytestmark = pytest.mark.usefixtures("some_cases")


def _found(report: Report) -> list[tuple[str, str, str]]:
    return [(one.breach.rule, one.breach.pointer, one.breach.actual) for one in report.findings]


class _Recording:
    """A target that keeps what it was asked to send; *act* may do something before it is."""

    def __init__(self, contract: Contract, act: Callable[[int], None] = lambda _: None) -> None:
        self._inner = mocked.target(contract)
        self._act = act
        self.url = "http://recording"
        self.redact = self._inner.redact
        self.disclosed = self._inner.disclosed
        self.sent: list[tuple[str, str, tuple[tuple[str, str], ...], bytes | None]] = []
        self.closed = 0

    def send(self, case: Case) -> Any:
        self._act(len(self.sent))
        self.sent.append((case.id, case.target, case.headers, case.body))
        return self._inner.send(case)

    def another(self) -> Any:
        return self

    def hurry(self, timeout: float) -> None:
        pass

    def close(self) -> None:
        self.closed += 1


def test_same_seed_same_requests(contract: Contract) -> None:
    """A seed fixes every request, and another seed draws others."""
    sent = []
    for seed in (1, 1, 2):
        target = _Recording(contract)
        run.check(contract, target, run.Options(seed=seed, examples=4, fuzz_time=600))
        at_once = [one for one in target.sent if ", at once: " in one[0]]
        rest = [one for one in target.sent if one not in at_once]
        sent.append((rest, sorted(at_once)))

    assert sent[0] == sent[1] != sent[2]


@pytest.mark.parametrize("number", [0, 5, 230])
def test_interrupted(contract: Contract, number: int) -> None:
    """Ctrl-C ends a run in either phase with the report of what was checked, and the target closed."""

    def act(sent: int) -> None:
        if sent == number:
            raise KeyboardInterrupt

    target = _Recording(contract, act)
    report = run.check(contract, target, run.Options(examples=20))

    verdict = "holds" if number else "nothing-checked"
    assert (report.stopped, report.cases, report.verdict, target.closed) == (
        run.INTERRUPTED,
        number,
        verdict,
        1,
    )


def test_max_time(contract: Contract) -> None:
    """When the time is up no further request is sent, and the report says how many are missing."""
    options = run.Options(max_time=1e-9, examples=4)
    report = run.check(contract, _Recording(contract), options)

    assert (report.cases, report.verdict) == (0, "nothing-checked")
    assert report.stopped == "the time was up before POST /leads"


def test_progress(contract: Contract) -> None:
    """Progress counts up to the plan, and goes on in the fuzz phase."""
    told: list[run.Progress] = []
    report = run.check(contract, _Recording(contract), run.Options(examples=2), told.append)
    certificate = [one for one in told if one.phase == "POST /leads, certificate"]

    assert [one.done for one in certificate] == list(range(1, certificate[-1].total + 1))
    assert {one.total for one in certificate} <= {0, certificate[-1].total}
    assert told[-1] == run.Progress("fuzz", report.cases, 0, 0)


def test_no_operations(tmp_path: Any) -> None:
    """A contract without operations is nothing that holds."""
    spec = tmp_path / "empty.yaml"
    spec.write_text("openapi: 3.1.0\ninfo: {title: Empty, version: '1'}\npaths: {}\n")
    contract = load(spec)
    report = run.check(contract, _Recording(contract), run.Options())

    assert (report.verdict, report.cases, report.findings) == ("nothing-checked", 0, ())


def test_unsupported_operations_are_told(tmp_path: Any) -> None:
    """What cannot be checked is listed with its reason, and the rest is checked."""
    spec = tmp_path / "half.yaml"
    spec.write_text(
        """
openapi: 3.1.0
info: {title: Half, version: '1'}
paths:
  /fine:
    get: {responses: {'200': {description: ok}}}
  /matrix/{id}:
    get:
      parameters:
        - {name: id, in: path, required: true, style: matrix, schema: {type: string}}
      responses: {'200': {description: ok}}
"""
    )
    contract = load(spec)
    report = run.check(contract, _Recording(contract), run.Options(examples=2))
    reasons = {one.label: reason_not_checked(one) for one in contract.operations}

    assert (report.verdict, dict(report.unchecked)) == (
        "holds",
        {"GET /matrix/{id}": reasons["GET /matrix/{id}"]},
    )
    assert "style `matrix`" in reasons["GET /matrix/{id}"]


# --- Servers on a socket that misbehave --------------------------------------------------------------------


@pytest.fixture
def raw() -> Iterator[Callable[[Callable[[socket.socket], None]], str]]:
    """Serves each connection with a function of the socket, after one request was read."""
    listeners: list[socket.socket] = []

    def serve(speak: Callable[[socket.socket], None]) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)

        def connection(sock: socket.socket) -> None:
            with sock:
                try:
                    while _read_request(sock):
                        speak(sock)
                except OSError:
                    pass

        def accept() -> None:
            while True:
                try:
                    sock, _ = listener.accept()
                except OSError:
                    return
                threading.Thread(target=connection, args=(sock,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        return f"http://127.0.0.1:{listener.getsockname()[1]}/api"

    yield serve
    for listener in listeners:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def _read_request(sock: socket.socket) -> bytes:
    got = b""
    while b"\r\n\r\n" not in got:
        part = sock.recv(65536)
        if not part:
            return b""
        got += part
    head, _, body = got.partition(b"\r\n\r\n")
    length = next(
        (
            int(line[15:])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length:")
        ),
        0,
    )
    while len(body) < length:
        body += sock.recv(65536)
    return head


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def _hangs(sock: socket.socket) -> None:
    sock.recv(1)


def _drips(sock: socket.socket) -> None:
    sock.sendall(HEAD + b"Content-Length: 100000\r\n\r\n")
    while True:
        sock.sendall(b" ")
        time.sleep(0.01)  # the pace of the server, nothing is waited for


def _drips_headers(sock: socket.socket) -> None:
    sock.sendall(HEAD + b"X-Long: ")
    while True:
        sock.sendall(b"x")
        time.sleep(0.01)  # the pace of the server, nothing is waited for


def _endless(sock: socket.socket) -> None:
    sock.sendall(HEAD + b"\r\n")
    while True:
        sock.sendall(b" " * 65536)


def _endless_chunks(sock: socket.socket) -> None:
    sock.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    while True:
        sock.sendall(b"10000\r\n" + b" " * 65536 + b"\r\n")


def _too_short(sock: socket.socket) -> None:
    sock.sendall(HEAD + b"Content-Length: 100\r\n\r\n{}")
    sock.shutdown(socket.SHUT_RDWR)


def _garbage(sock: socket.socket) -> None:
    sock.sendall(b"SSH-2.0-OpenSSH_9.0\r\n\r\n")


def _closes(sock: socket.socket) -> None:
    sock.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize(
    ("speak", "reason"),
    [
        (_hangs, "no answer in time"),
        (_drips, "no answer in time"),
        (_drips_headers, "no answer in time"),
        (_endless, "the answer is longer than 100,000 bytes"),
        (_endless_chunks, "the answer is longer than 100,000 bytes"),
        (_too_short, "the answer ended before it was complete"),
        (_garbage, "BadStatusLine: SSH-2.0-OpenSSH_9.0"),
        (_closes, "the server closed the connection without an answer"),
    ],
)
def test_no_answer(
    speak: Any, reason: str, raw: Any, check_url: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that never answers properly is one finding, soon, and the run ends."""
    monkeypatch.setattr("leadline_contracts.target.over_http.MAX_ANSWER", 100_000)
    report = check_url(raw(speak), timeout=0.15)

    assert _found(report) == [("no-answer", ANSWERS, reason)]
    where = "that was after 0 answers, in POST /leads, certificate"
    assert report.stopped == f"the target stopped answering: {reason}; {where}"
    assert (report.verdict, report.gone) == ("broken", True)
    assert report.cases <= 6
    assert report.seconds < 2


def test_drops_some_requests(listening: Any, ask: Any, check_url: Any) -> None:
    """A server that drops certain requests is one finding, and the rest of the run goes on."""

    def speak(handler: Any, body: bytes) -> None:
        if b'"email"' in body and len(body) < 900:
            handler.connection.shutdown(socket.SHUT_RDWR)
            handler.close_connection = True
        else:
            write(handler, *ask(handler, body))

    report = check_url(listening(speak))

    assert [one[:2] for one in _found(report)] == [("no-answer", ANSWERS)]
    assert (report.stopped, b'"email"' in (report.findings[0].exchange.case.body or b"")) == (
        "",
        True,
    )


def test_nothing_is_sent_twice(contract: Contract, listening: Any, ask: Any) -> None:
    """After one drop on a kept connection that a repetition cured, no request is repeated any more."""
    bodies: list[bytes] = []

    def speak(handler: Any, body: bytes) -> None:
        bodies.append(body)
        if len(bodies) % 5 == 3:
            handler.connection.shutdown(socket.SHUT_RDWR)
            handler.close_connection = True
        else:
            write(handler, *ask(handler, body))

    target = HttpTarget(listening(speak), Access(key="test-api-key"))
    draft = base(contract.operations[0])
    cases = [
        draft.with_value({"year": number}).case("", "", Due.ACCEPT, "") for number in range(20)
    ]
    failures = [target.send(case).failure for case in cases]
    target.close()

    assert len(bodies) == len(cases) + 1
    assert [number for number, failure in enumerate(failures) if failure] == [6, 11, 16]


def test_stale_bytes_are_not_an_answer(contract: Contract, listening: Any, ask: Any) -> None:
    """What a server writes beyond its Content-Length is told, and is not taken for the next answer."""

    def speak(handler: Any, body: bytes) -> None:
        status, kind, answer = ask(handler, body)
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(answer)))
        handler.end_headers()
        handler.wfile.write(answer + b"left over")

    target = HttpTarget(listening(speak), Access(key="test-api-key"))
    case = base(contract.operations[0]).case("", "", Due.ACCEPT, "")
    failures = {target.send(case).failure for _ in range(5)}
    target.close()

    assert failures == {"the answer is longer than it says (Content-Length)"}


@pytest.mark.parametrize("count", [0, 1, 4, 5, 6, 11])
def test_cases_are_sent_as_they_are_made(
    contract: Contract, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first cases go out before the last are made; each goes out once, and in the end all are told."""
    monkeypatch.setattr("leadline_contracts.phases.queue.EARLY", 5)
    target, made = _Recording(contract), []
    draft = base(contract.operations[0])

    def cases(_: Any) -> Iterator[Case]:
        for number in range(count):
            made.append(len(target.sent))
            value = {"year": number}
            yield draft.with_value(value).case(f"{number}", "", Due.ACCEPT, "")

    told: list[run.Progress] = []
    run.check(contract, target, run.Options(examples=0), told.append, cases)
    certificate = [one for one in told if one.phase == "POST /leads, certificate"]

    assert [one.done for one in certificate] == list(range(1, count + 1))
    assert not count or certificate[-1].total == count
    assert all(sent >= min(number, 5) - 1 for number, sent in enumerate(made))
    names = [one[0] for one in target.sent if one[0].startswith("POST /leads, : ")]
    assert names == [f"POST /leads, : {number}" for number in range(count)]
