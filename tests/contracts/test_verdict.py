"""The verdict on what the contract leaves open: methods that it does not name, limits of servers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from leadline_contracts import mocked
from leadline_contracts.case import Due, Exchange
from leadline_contracts.cases import cases_of, undocumented
from leadline_contracts.oracles import examine
from leadline_contracts.oracles.memory import Memory
from leadline_openapi import Contract, jsontext, load

PATH = "/paths/~1leads"
OPEN = """
openapi: 3.1.0
info: {title: Open, version: '1'}
paths:
  /things:
    post:
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses:
        '200': {description: ok, content: {application/json: {schema: {type: object}}}}
"""
Found = tuple[list[tuple[str, str, str]], dict[str, int]]


@pytest.fixture
def sent_to(contract: Contract, served: Any) -> Callable[..., Found]:
    """Sends the cases of some dues to a server; gives what is found, and what is only noted."""

    def send(wrapper: Any, *dues: Due, strict: bool = False) -> Found:
        target = mocked.target(contract, served(wrapper))
        memory, found = Memory(strict=strict), []
        for case in (*cases_of(contract.operations[0]), *undocumented(contract)):
            if case.due in dues:
                breaches = examine(target.send(case), memory)
                found += [(case.method, one.rule, one.pointer) for one in breaches]
        return found, memory.undocumented

    return send


def _another(method: str, change: Callable[[Any], None]) -> Any:
    """A wrapper that answers *method* in a way of its own."""

    def wrapper(request: Any, ask: Any) -> Any:
        answer = ask()
        if request.environ["REQUEST_METHOD"] == method:
            change(answer)
        return answer

    return wrapper


def _as_post(*methods: str) -> Any:
    """A wrapper that does not look at the method."""

    def wrapper(request: Any, ask: Any) -> Any:
        if request.environ["REQUEST_METHOD"] in methods:
            request.environ["REQUEST_METHOD"] = "POST"
        return ask()

    return wrapper


def _say(status: int, value: Any = None) -> Callable[[Any], None]:
    def change(answer: Any) -> None:
        answer.status, answer.body = status, b"" if value is None else jsontext.dump(value)
        answer.headers = [("Content-Type", "application/json")]

    return change


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_another_method_does_the_same(sent_to: Any, method: str) -> None:
    """A server that does not look at the method is found: once, at the path."""
    assert sent_to(_as_post(method), Due.NOWHERE) == ([(method, "method", PATH)], {})


def test_another_method_makes_it_fail(sent_to: Any) -> None:
    """A method that makes the server fail is a failure like any other."""
    found, _ = sent_to(_another("DELETE", _say(500)), Due.NOWHERE)

    assert found == [("DELETE", "server-error", f"{PATH}/post/responses")]


@pytest.mark.parametrize(
    ("method", "change"),
    [
        ("GET", _say(200, {"docs": [], "totalDocs": 0})),
        ("DELETE", _say(200, {"docs": [], "errors": []})),
        ("DELETE", _say(204)),
        ("PATCH", _say(200, {"docs": [], "errors": []})),
        ("PUT", _say(404, {"message": "Route not found"})),
        ("PUT", _say(501)),
        ("GET", _say(302)),
        ("GET", _say(405, {"odd": True})),
    ],
)
def test_more_than_the_contract_says(sent_to: Any, method: str, change: Any) -> None:
    """What else a server offers is noted, and held against it only under strict."""
    found, noted = sent_to(_another(method, change), Due.NOWHERE)
    strictly, _ = sent_to(_another(method, change), Due.NOWHERE, strict=True)

    assert (found, set(noted) - {f"{method} /leads"}) == ([], set())
    assert strictly == ([(method, "method", PATH)] if noted else [])


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
def test_what_any_server_may_answer(sent_to: Any, method: str) -> None:
    """HEAD and OPTIONS are not the contract's business as long as they are answered, also under strict."""
    taken = sent_to(_another(method, _say(200)), Due.NOWHERE, strict=True)
    failing, _ = sent_to(_another(method, _say(500)), Due.NOWHERE)

    assert taken == ([], {})
    assert failing == [(method, "server-error", f"{PATH}/post/responses")]


def _refuse_with(status: int) -> Any:
    """A wrapper that refuses whatever it is asked, in a form of its own."""

    def wrapper(_: Any, ask: Any) -> Any:
        answer = ask()
        answer.status, answer.body = status, b"<h1>No</h1>"
        answer.headers = [("Content-Type", "text/html")]
        return answer

    return wrapper


@pytest.mark.parametrize("status", [400, 413, 422])
def test_limits_may_be_refused(sent_to: Any, status: int) -> None:
    """What correct servers differ on may be refused; whatever stands before the server may do it."""
    found, _ = sent_to(_refuse_with(status), Due.ANY)

    assert found == []


@pytest.mark.parametrize("due", [Due.ANY, Due.EITHER])
def test_limits_are_no_reason_to_fail(sent_to: Any, due: Due) -> None:
    """A failure is a failure, whatever was sent."""
    found, _ = sent_to(_refuse_with(500), due)

    assert {rule for _, rule, _ in found if rule != "media-type"} == {"server-error"}
    assert len(found) >= 3


def test_an_answer_that_could_be_anything_tells_nothing(tmp_path: Path) -> None:
    """Where a success asks for no member, an answer to another method cannot be known for the same."""
    spec = tmp_path / "open.yaml"
    spec.write_text(OPEN)
    contract = load(spec)
    case = next(one for one in undocumented(contract) if one.method == "PATCH")
    now = datetime.now(UTC)
    exchange = Exchange(
        case=case,
        status=200,
        headers=(("Content-Type", "application/json"),),
        body=b'{"docs":[]}',
        sent_at=now,
        received_at=now,
        elapsed=0.0,
    )

    assert examine(exchange, Memory()) == []


@pytest.mark.parametrize("strict", [False, True])
def test_what_the_standards_leave_open(sent_to: Any, strict: bool) -> None:
    """A server that fails on what no standard defines is told so, and is broken in strict runs only."""

    def wrapper(request: Any, ask: Any) -> Any:
        answer = ask()
        if request.body.count(b"[") > 50_000:
            answer.status = 500
        return answer

    found, noted = sent_to(wrapper, Due.UNPREDICTABLE, strict=strict)
    noticed = [text for text in noted if "fails on very deep nesting" in text]

    assert [rule for _, rule, _ in found] == (["server-error"] * 2 if strict else [])
    assert len(noticed) == (0 if strict else 2)
