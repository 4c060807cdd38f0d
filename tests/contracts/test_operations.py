"""Contracts of several operations: what one of them does is not put down to another."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.contracts.conftest import write

from leadline_contracts import run
from leadline_contracts.report import Report
from leadline_contracts.reports import console
from leadline_contracts.target import Access, WsgiTarget
from leadline_openapi import Contract, jsontext, load

OPERATION = """
    post:
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}
      responses:
        '200': {description: ok, content: {application/json: {schema: {type: object}}}}
        '400': {description: no}
        '409': {description: there is one already}
"""
SPEC = f"""
openapi: 3.1.0
info: {{title: Notes, version: '1'}}
paths:
  /a:{OPERATION}
  /b:{OPERATION}
  /notes/{{id}}:
    get:
      parameters: [{{name: id, in: path, required: true, schema: {{type: integer}}}}]
      responses: {{'200': {{description: ok}}, '400': {{description: no}}, '404': {{description: none}}}}
components:
  schemas:
    Note:
      type: object
      additionalProperties: false
      properties: {{text: {{type: string}}, size: {{type: integer}}, more: {{type: string}}}}
"""
Reply = Callable[[str, Any], int]


@pytest.fixture(scope="module")
def notes(tmp_path_factory: pytest.TempPathFactory) -> Contract:
    """Two operations with the same body, and one that asks for what may not be there."""
    path: Path = tmp_path_factory.mktemp("spec") / "notes.yaml"
    path.write_text(SPEC)
    return load(path)


def _application(notes: Contract, reply: Reply) -> Any:
    """A WSGI application that refuses what is invalid, and answers the rest as *reply* says."""
    by_id = notes.operations[2].parameters[0]
    bodies = {one.path: one.body for one in notes.operations if one.body}

    def status(environ: dict[str, Any]) -> int:
        path, method = environ["PATH_INFO"], environ["REQUEST_METHOD"]
        if path.startswith("/notes/"):
            wrong = by_id.violations({"id": [path.removeprefix("/notes/")]})
            return 405 if method != "GET" else 400 if wrong else reply(path, None)
        body = bodies.get(path)
        if body is None or method != "POST":
            return 405
        media = body.for_type(environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower())
        try:
            value = jsontext.parse(environ["wsgi.input"].read())
        except jsontext.NotJson:
            return 400
        schema = media.schema if media else None
        return reply(path, value) if schema and schema.is_valid(value) else 400

    def application(environ: dict[str, Any], start_response: Any) -> Iterator[bytes]:
        found = status(environ)
        start_response(f"{found} Status", [("Content-Type", "application/json")])
        yield b"{}"

    return application


@pytest.fixture
def check_notes(notes: Contract) -> Callable[..., Report]:
    """Holds a server to the contract of several operations."""

    def check(reply: Reply, **options: Any) -> Report:
        target = WsgiTarget(_application(notes, reply), "", Access())
        return run.check(notes, target, run.Options(examples=0, **options))

    return check


def _found(report: Report) -> list[tuple[str, str, str]]:
    return [(one.operation.label, one.breach.rule, one.breach.when) for one in report.findings]


def test_equal_operations_are_told_apart(check_notes: Any) -> None:
    """The same defect in two operations is two findings, and another one beside them is not lost."""

    def reply(path: str, value: Any) -> int:
        if value and value.get("text") == "":
            return 500
        return 422 if path == "/b" and value and value.get("size") == 0 else 200

    found = [
        (one.operation.label, one.breach.rule, one.breach.pointer.split("/")[2], one.breach.when)
        for one in check_notes(reply).findings
    ]

    assert sorted(found) == [
        ("POST /a", "server-error", "~1a", ""),
        ("POST /b", "rejects-valid", "schemas", ""),
        ("POST /b", "server-error", "~1b", ""),
    ]


def test_what_is_not_looked_into_lasts(check_notes: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """When too much is new to repeat all of it, it is believed, and not called unsteady."""
    monkeypatch.setattr("leadline_contracts.sender._LOOKS", 0)

    def reply(path: str, value: Any) -> int:
        return 500 if value and value.get("text") == "" else 200

    assert _found(check_notes(reply)) == [
        ("POST /a", "server-error", ""),
        ("POST /b", "server-error", ""),
    ]


def test_a_slow_operation_beside_fast_ones(
    check_notes: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An operation that takes its time is no outlier of another one."""
    monkeypatch.setattr("leadline_contracts.latency.SLOW", 0.05)

    def reply(path: str, value: Any) -> int:
        if path.startswith("/notes/"):
            time.sleep(0.08)
        return 200

    report = check_notes(reply)

    assert (report.stopped, [one.breach for one in report.findings]) == ("", [])


def test_an_operation_that_dies_alone(check_notes: Any) -> None:
    """An operation that never answers is a finding; the others are checked to their end."""

    def reply(path: str, value: Any) -> int:
        if path == "/a":
            raise ConnectionResetError
        return 200

    report = check_notes(reply)

    assert _found(report) == [("POST /a", "no-answer", "")]
    assert "POST /a" in report.unchecked
    assert report.stopped == ""
    assert report.statuses["POST /b"][200] > 20


@pytest.mark.parametrize(("status", "findings"), [(404, 0), (410, 1), (403, 1)])
def test_what_is_not_there(check_notes: Any, status: int, findings: int) -> None:
    """A documented 404 to a valid request says that there is no such thing; another refusal does not."""
    report = check_notes(lambda path, _: status if path.startswith("/notes/") else 200)

    assert len(report.findings) == findings
    told = "404 to valid requests of GET /notes/{id}"
    assert (told in report.of_state) is (told in console.render(report)) is (status == 404)


def test_what_is_there_already(check_notes: Any) -> None:
    """A documented 409 to a valid request speaks of an earlier one."""
    seen: set[str] = set()

    def reply(path: str, value: Any) -> int:
        text = path + json.dumps(value)
        known = text in seen
        seen.add(text)
        return 409 if known and value else 200

    assert check_notes(reply).findings == ()


def test_a_hang_at_once_is_bounded(listening: Any, ask: Any, check_url: Any) -> None:
    """A server that hangs while requests overlap is found, and the connections do not all wait for it."""
    inside: list[None] = []
    waited: list[None] = []
    lock = threading.Lock()

    def speak(handler: Any, body: bytes) -> None:
        with lock:
            inside.append(None)
            overlapped = len(inside) > 1
        time.sleep(0.002)
        if overlapped:
            waited.append(None)
            time.sleep(2)
            handler.close_connection = True
        else:
            status, kind, answer = ask(handler, body)
            write(handler, status, kind, answer)
        with lock:
            inside.pop()

    report = check_url(listening(speak), timeout=0.4)

    assert "no-answer" in [one.breach.rule for one in report.findings]
    assert len(waited) < 20
