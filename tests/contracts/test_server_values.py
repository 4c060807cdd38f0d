"""`x-server-value`: what is given is new, and what was there before may be told again."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from leadline_contracts import mocked, run
from leadline_contracts.case import Case, Due, Exchange
from leadline_contracts.oracles import server_values
from leadline_contracts.oracles.memory import Memory
from leadline_contracts.reports import pytest_file
from leadline_mock import create_app
from leadline_openapi import Contract, jsontext, load

NOTE = "{$ref: '#/components/schemas/Note'}"
ITEM = f"{{anyOf: [{{type: [integer, 'null']}}, {NOTE}]}}"
LIST = f"{{type: object, properties: {{docs: {{type: array, items: {ITEM}}}}}}}"
SPEC = f"""
openapi: 3.1.0
info: {{title: Notes, version: '1'}}
paths:
  /notes:
    post:
      responses:
        '200': {{description: made, content: {{application/json: {{schema: {NOTE}}}}}}}
        '201': {{description: all made, content: {{application/json: {{schema: {LIST}}}}}}}
    get: {{responses: {{'200': {{description: found, content: {{application/json: {{schema: {LIST}}}}}}}}}}}
  /search:
    post: {{responses: {{'200': {{description: found, content: {{application/json: {{schema: {LIST}}}}}}}}}}}
  /notes/{{id}}: &one
    parameters: [{{name: id, in: path, required: true, schema: {{type: string}}}}]
    get: &answer
      responses:
        '200': {{description: it, content: {{application/json: {{schema: {NOTE}}}}}}}
        '201': {{description: new, content: {{application/json: {{schema: {NOTE}}}}}}}
    put: *answer
    patch: *answer
    delete: *answer
    post: *answer
components:
  schemas:
    Note:
      type: object
      properties:
        id: {{x-server-value: sequence, readOnly: true}}
        createdAt: {{type: string, x-server-value: now, readOnly: true}}
"""
NOW = datetime.now(UTC)
Sent = tuple[str, str, int, Any]
"""Method, target, status, and what is answered."""


@pytest.fixture(scope="module")
def notes(tmp_path_factory: pytest.TempPathFactory) -> Contract:
    """A contract in which one schema is answered by several operations."""
    path: Path = tmp_path_factory.mktemp("spec") / "notes.yaml"
    path.write_text(SPEC)
    return load(path)


@pytest.fixture(scope="module")
def told(notes: Contract) -> Callable[..., list[tuple[str, str]]]:
    """What is said of exchanges, one after the other: the member, and what is wrong with it."""

    def exchange(method: str, target: str, status: int, value: Any) -> Exchange:
        path = target if target in {"/notes", "/search"} else "/notes/{id}"
        operation = next(
            one for one in notes.operations if (one.method, one.path) == (method, path)
        )
        case = Case(
            name="",
            area="",
            operation=operation,
            method=method,
            target=target,
            headers=(),
            body=None,
            due=Due.ACCEPT,
            rule="",
        )
        return Exchange(
            case=case,
            status=status,
            headers=(("Content-Type", "application/json"),),
            body=jsontext.dump(value),
            sent_at=NOW,
            received_at=NOW,
            elapsed=0.0,
        )

    def breaches(*sent: Sent) -> Iterator[tuple[str, str]]:
        memory = Memory()
        for one in sent:
            for breach in server_values.check(exchange(*one), memory):
                yield breach.message.split("`")[1], breach.kind

    return lambda *sent: list(breaches(*sent))


def _note(number: Any, *, days: int = 0) -> dict[str, Any]:
    return {"id": number, "createdAt": (NOW - timedelta(days=days)).isoformat()}


OLD = _note(7, days=3)
LISTED = {"docs": [OLD, _note(8)]}


@pytest.mark.parametrize(
    "sent",
    [
        ("GET", "/notes/7", 200, OLD),
        ("PUT", "/notes/7", 200, OLD),
        ("PATCH", "/notes/7", 200, OLD),
        ("DELETE", "/notes/7", 200, OLD),
        ("POST", "/notes/7", 200, OLD),
        ("POST", "/notes/by-name", 200, OLD),
        ("PUT", "/notes/7", 201, OLD),
        ("GET", "/notes", 200, LISTED),
        ("POST", "/search", 200, LISTED),
    ],
)
def test_what_was_there_before_may_be_told_again(told: Any, sent: Sent) -> None:
    """Reading and changing is not creating: the same id and an old time are right, as often as is asked."""
    assert told(("POST", "/notes", 200, _note(7)), sent, sent) == []


@pytest.mark.parametrize(
    ("sent", "member"),
    [
        (("POST", "/notes", 200, _note(7)), "id"),
        (("PUT", "/notes/by-name", 201, _note(7)), "id"),
        (("POST", "/notes/by-name", 201, _note(7)), "id"),
        (("POST", "/notes", 201, {"docs": [_note(7)]}), "docs.*.id"),
    ],
)
def test_what_is_given_is_given_once(told: Any, sent: Sent, member: str) -> None:
    """An id that was given by creating is not given by creating once more."""
    assert told(sent) == []
    assert told(sent, sent) == [(member, "was given before")]


def test_a_list_of_what_was_made_has_no_id_twice(told: Any) -> None:
    """Several documents that are made together have ids of their own."""
    twice = {"docs": [_note(1), _note(2), _note(1)]}

    assert told(("POST", "/notes", 201, twice)) == [("docs.*.id", "was given before")]


def test_a_new_document_is_of_now(told: Any) -> None:
    """The time in the answer to a creation is that of the request, and goes on from there."""
    assert told(("POST", "/notes", 200, OLD)) == [("createdAt", "is not the time of the request")]
    assert told(("POST", "/notes", 201, {"docs": [OLD]})) == [
        ("docs.*.createdAt", "is not the time of the request")
    ]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_in_a_list_each_item_is_looked_at(told: Any, method: str) -> None:
    """Ids and times are there and are what they should be, whatever item they are in."""
    docs = [_note(1), {"id": None}, {"id": 3, "createdAt": "yesterday"}, 4, None]
    target = "/notes" if method == "GET" else "/search"

    assert told((method, target, 200, {"docs": docs})) == [
        ("docs.*.id", "is not assigned"),
        ("docs.*.createdAt", "is not assigned"),
        ("docs.*.createdAt", "is no RFC 3339 time"),
    ]
    others: list[dict[str, Any]] = [{}, {"docs": []}, {"docs": None}, {"docs": {"id": 1}}]
    for value in others:
        assert told((method, target, 200, value)) == []


def test_an_empty_id_is_wrong_wherever_it_is_told(told: Any) -> None:
    """What a server assigns is never empty, also where it was assigned before."""
    assert told(("GET", "/notes/7", 200, _note(""))) == [("id", "is not assigned")]
    assert told(("PATCH", "/notes/7", 200, {"id": 7})) == [("createdAt", "is not assigned")]


def test_our_own_mock_keeps_it(notes: Contract) -> None:
    """Lists included, the mock of such a contract holds."""
    report = run.check(notes, mocked.target(notes), run.Options(examples=2))

    assert (report.verdict, report.findings) == ("holds", ())


def test_the_reproduction_of_a_list_fails_and_passes(notes: Contract, tmp_path: Path) -> None:
    """The test that is written for an item without an id fails on that server, and not on a correct one."""
    app = create_app(notes)

    def answering(docs: list[dict[str, Any]]) -> Any:
        def application(environ: dict[str, Any], start_response: Any) -> Any:
            if (environ["REQUEST_METHOD"], environ["PATH_INFO"]) != ("POST", "/search"):
                return app(environ, start_response)
            start_response("200 OK", [("Content-Type", "application/json")])
            return [jsontext.dump({"docs": docs})]

        return application

    faulty = answering([OLD, {"createdAt": OLD["createdAt"]}])
    report = run.check(notes, mocked.target(notes, faulty), run.Options(examples=0))
    found = [one.breach.message for one in report.findings]
    written = tmp_path / "test_written.py"

    def passes(application: Any) -> bool:
        with mocked.listening(application) as origin:
            written.write_text(pytest_file.render(replace(report, url=origin)))
            command = [
                sys.executable,
                "-I",
                "-m",
                "pytest",
                "-q",
                "-p",
                "no:cacheprovider",
                str(written),
            ]
            done = subprocess.run(command, cwd=tmp_path, stdout=subprocess.DEVNULL, check=False)
            return done.returncode == 0

    assert found == ["`docs.*.id` is not assigned"]
    assert (passes(faulty), passes(answering([OLD]))) == (False, True)
