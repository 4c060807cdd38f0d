"""How a comparison goes on and ends: servers that die, time that runs out, what is sent first."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from leadline_contracts import mocked
from leadline_contracts.compare import plan as plans
from leadline_contracts.compare import run
from leadline_contracts.compare.plan import Plan
from leadline_contracts.compare.report import Comparison
from leadline_contracts.compare.reports import as_json, console, junit
from leadline_contracts.coverage import Coverage
from leadline_mock import create_app
from leadline_openapi import Contract, load

KEY = "test-api-key"


def _same(_: Any, ask: Any) -> Any:
    return ask()


def _dying(after: int) -> Any:
    count = iter(range(10**6))

    def wrapper(_: Any, ask: Any) -> Any:
        if next(count) >= after:
            raise ConnectionResetError("gone")
        return ask()

    return wrapper


@pytest.mark.parametrize("side", ["A", "B"])
def test_a_server_that_dies_ends_the_run(side: str, compared: Callable[..., Comparison]) -> None:
    """What was compared until then is reported, and the silence after it is no divergence."""
    servers = (_dying(100), _same) if side == "A" else (_same, _dying(100))
    found = compared(*servers)

    assert found.gone
    assert found.stopped.startswith(f"{side} stopped answering: ")
    assert (found.cases, found.divergences) == (100, ())
    assert sum(found.left_out.values()) > 100
    assert found.stopped in console.render(found)


def test_a_server_that_dies_at_the_last_case_is_gone(compared: Callable[..., Comparison]) -> None:
    """There is no later answer that could show it, so it is asked."""
    whole = compared(_same).cases
    found = compared(_same, _dying(whole - 1))

    assert (found.gone, found.cases) == (True, whole - 1)


def test_one_case_without_an_answer_is_a_divergence(compared: Callable[..., Comparison]) -> None:
    """A server that is still there afterwards has failed on that case alone."""

    def wrapper(request: Any, ask: Any) -> Any:
        if request.fields.get("subscribe") is True:
            raise ZeroDivisionError
        return ask()

    found = compared(_same, wrapper)

    assert not found.gone
    assert [one.difference.aspect for one in found.divergences] == ["status"]
    assert found.divergences[0].difference.kind.startswith("an answer / the application raised")


def test_what_is_too_long_to_read_is_told_where_it_is(compared: Callable[..., Comparison]) -> None:
    """Nobody reads a command of some thousand characters: the JSON report has it, and the console says so."""

    def wrapper(request: Any, ask: Any) -> Any:
        answer = ask()
        if len(request.body) > 4000:
            answer.status = 413
        return answer

    found = compared(_same, wrapper)
    told, facts = console.render(found), as_json.facts(found)

    assert max(map(len, told.splitlines())) < 2100
    assert "characters; --report json=FILE has them all" in told
    assert max(len(one["curl_b"]) for one in facts["divergences"]) > 4000


def test_a_limit_of_time_says_what_was_left_out(compared: Callable[..., Comparison]) -> None:
    """Compared and left out make up the plan."""
    whole = compared(_same).cases

    def slow(_: Any, ask: Any) -> Any:
        time.sleep(0.002)
        return ask()

    found = compared(slow, max_time=0.2)

    assert found.stopped.startswith("the time was up after ")
    assert 0 < found.cases < whole
    assert found.cases + sum(found.left_out.values()) == whole
    assert "Not compared: " in console.render(found)


def test_in_a_hurry_more_is_covered_early(contract: Contract, whole: Plan) -> None:
    """The same cases, but that the first of them hold all that a valid request can exercise."""
    hurried = plans.plan(contract, hurry=True)
    coverage = Coverage(contract)
    for case in hurried.cases[: len(hurried.cases) // 10]:
        coverage.expect(case)

    assert {(one.id, one.body) for one in hurried.cases} == {
        (one.id, one.body) for one in whole.cases
    }
    for kind in ("parameters", "fields", "enum-values", "keywords-accepted"):
        assert coverage.covered().missing(kind) == ()


def test_the_seed_changes_what_is_drawn_and_nothing_else(contract: Contract, whole: Plan) -> None:
    """The same seed gives the same cases; another one draws others, on top of the same certificate."""

    def of(plan: Plan, *, drawn: bool) -> list[tuple[str, bytes | None]]:
        return [(one.id, one.body) for one in plan.cases if (one.area == "drawn") is drawn]

    other = plans.plan(contract, seed=1)

    assert of(plans.plan(contract), drawn=True) == of(whole, drawn=True)
    assert of(other, drawn=True) != of(whole, drawn=True)
    assert of(other, drawn=False) == of(whole, drawn=False)


def test_no_method_that_may_destroy_is_guessed_without_leave(contract: Contract) -> None:
    """PUT, PATCH and DELETE are left out, also from the cases with two faults."""
    cases = plans.plan(contract, destructive=False).cases

    assert not {"PUT", "PATCH", "DELETE"} & {one.method for one in cases}


def test_several_connections_tell_the_same(compared: Callable[..., Comparison]) -> None:
    """Over four connections the outcome is that of one."""

    def wrapper(_: Any, ask: Any) -> Any:
        answer = ask()
        answer.status = 201 if answer.status == 200 else answer.status
        return answer

    one, four = compared(wrapper), compared(wrapper, workers=4)

    assert one.fidelity == four.fidelity
    assert [each.count for each in one.divergences] == [each.count for each in four.divergences]


def test_an_interrupted_run_keeps_what_it_has(
    contract: Contract, served: Any, part: Plan, planned: Callable[[Plan], None]
) -> None:
    """Ctrl-C ends the run with a report of the cases until then."""
    planned(part)

    def stop(progress: run.Progress) -> None:
        if progress.done == 50:
            raise KeyboardInterrupt

    left, right = (mocked.target(contract, served(_same)) for _ in "AB")
    found = run.compare(contract, left, right, run.Options(), stop)

    assert (found.stopped, found.cases, found.gone) == (run.INTERRUPTED, 50, False)


def test_operations_are_told_apart() -> None:
    """Of an API with several operations, one that answers otherwise is told, and no other one."""
    spec = Path(__file__).parents[2] / "openapi" / "specs" / "clinic" / "openapi.yaml"
    clinic = load(spec)
    app, changed = create_app(clinic), create_app(clinic)

    def other(environ: dict[str, Any], start_response: Any) -> Any:
        def start(status: str, headers: Any, *rest: Any) -> Any:
            gone = environ["REQUEST_METHOD"] == "DELETE" and status.startswith("2")
            return start_response("202 Accepted" if gone else status, headers, *rest)

        return changed(environ, start)

    found = run.compare(clinic, mocked.target(clinic, app), mocked.target(clinic, other))
    deleting = [one.label for one in clinic.operations if one.method == "DELETE"]

    assert [one.operation.label for one in found.divergences] == deleting != []
    assert {one.operation for one in found.areas} == {one.label for one in clinic.operations}


@pytest.mark.parametrize("side", ["A", "B"])
def test_the_key_is_in_no_report(side: str, compared: Callable[..., Comparison]) -> None:
    """A server that writes the key into its answers, in whatever case, cannot bring it into a report."""

    def wrapper(request: Any, ask: Any) -> Any:
        answer = ask()
        answer.headers.append(("Location", f"/{request.key}"))
        if answer.status != 204 and answer.body:
            answer.value = {**answer.value, "seen": request.key, KEY: KEY.swapcase()}
        return answer

    found = compared(wrapper, _same) if side == "A" else compared(_same, wrapper)

    assert found.divergences
    for text in (as_json.render(found), junit.render(found), console.render(found)):
        assert KEY not in text
        assert KEY.swapcase() not in text
