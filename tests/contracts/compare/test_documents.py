"""Servers that keep what they are given: each is asked for its own documents, one difference stays one."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.contracts.compare.harbour import KEY, Harbour, No

from leadline_contracts import mocked
from leadline_contracts.case import Due, Exchange
from leadline_contracts.compare import drawn, run
from leadline_contracts.compare.normalise import Normaliser
from leadline_contracts.compare.outcome import outcome
from leadline_contracts.compare.report import Comparison
from leadline_contracts.compare.reports import as_json, console
from leadline_contracts.draft import base
from leadline_contracts.target import Access, HttpTarget, WsgiTarget
from leadline_openapi import Contract, load

NOW = datetime(2026, 1, 31, tzinfo=UTC)
SPEC = Path(__file__).with_name("boats.yaml")
Build = Callable[[Contract], Harbour]


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """So many requests are drawn as show what they are for."""
    monkeypatch.setattr(drawn, "ROWS", 40)


@pytest.fixture(scope="module")
def boats() -> Contract:
    """The contract that all servers are compared by."""
    return load(SPEC)


@pytest.fixture
def changed(tmp_path: Path) -> Callable[..., Contract]:
    """Makes a contract in which a schema of a boat is another one."""

    def change(name: str, **words: Any) -> Contract:
        document = yaml.safe_load(SPEC.read_text("utf-8"))
        boat = document["components"]["schemas"]["Boat"]
        (boat["properties"][name] if name else boat).update(words)
        path = tmp_path / "other.yaml"
        path.write_text(yaml.safe_dump(document), "utf-8")
        return load(path)

    return change


def _target(app: Harbour) -> WsgiTarget:
    return WsgiTarget(app, "/v1", Access(key=KEY))


def _compared(contract: Contract, left: Harbour, right: Harbour, **options: Any) -> Comparison:
    return run.compare(contract, _target(left), _target(right), run.Options(**options))


def _told(found: Comparison) -> list[tuple[str, str]]:
    return [(one.where, one.message) for one in found.divergences]


class _Elsewhere(Harbour):
    first = 1000


class _Old(Harbour):
    age = timedelta(days=3)


class _Slow(Harbour):
    def __call__(self, *request: Any) -> Any:
        """Every fifth answer is late, so that connections overtake each other."""
        number = next(self.numbers)
        time.sleep(0.002 * (number % 5 == 0))
        return super().__call__(*request)


@pytest.mark.parametrize("build", [Harbour, _Old, _Elsewhere])
def test_the_same_code_is_the_same(build: Build, boats: Contract) -> None:
    """Whatever is there before, however old it is, and whatever it is called."""
    found = _compared(boats, Harbour(boats), build(boats))

    assert _told(found) == []
    assert found.cases > 500
    assert found.fidelity.percent == 100


def test_every_operation_is_exercised(boats: Contract) -> None:
    """What asks for a document asks for one that is there; a few ask for one that is not."""
    found = _compared(boats, Harbour(boats), Harbour(boats))

    for method in ("GET", "PUT", "PATCH", "DELETE"):
        assert found.refused[f"404 to valid requests of {method} /boats/{{number}}"] <= 5
    assert "Valid requests that both refuse, so not exercised:" in console.render(found)


def test_each_server_is_asked_for_its_own(boats: Contract) -> None:
    """What one calls 1004, the other one may call 4; evidence shows either as it was sent."""

    class Other(_Elsewhere):
        def kept(self, fields: dict[str, Any]) -> dict[str, Any]:
            return {name: one for name, one in fields.items() if name != "crew"}

    found = _compared(boats, Harbour(boats), Other(boats))
    lost = next(one for one in found.divergences if one.operation.method == "PATCH")
    facts = next(
        one for one in as_json.facts(found)["divergences"] if one["case"] == lost.left.case.id
    )
    ids = [int(one.case.target.rpartition("/")[2]) for one in (lost.left, lost.right)]

    assert ids[0] < 1000 <= ids[1]
    for side, number in zip("ab", ids, strict=True):
        assert f"/boats/{number} " in facts[f"curl_{side}"].replace("'", " ") + " "


class _Lenient(Harbour):
    def let_in(self, _method: str, key: str | None) -> None:
        if not key:
            raise No(401)


class _Forgetful(Harbour):
    def change(self, method: str, boat: dict[str, Any], fields: dict[str, Any]) -> None:
        kept = {name: one for name, one in fields.items() if (method, name) != ("PATCH", "crew")}
        super().change(method, boat, kept)


class _Inner(Harbour):
    def kept(self, fields: dict[str, Any]) -> dict[str, Any]:
        if isinstance(owner := fields.get("owner"), dict):
            owner = {name: one for name, one in owner.items() if name != "port"}
            return {**fields, "owner": owner}
        return fields


class _Reversed(Harbour):
    def ordered(self, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return found[::-1]


class _Keeping(Harbour):
    def delete(self, number: int) -> None:
        """Say so, and do nothing."""


class _Early(Harbour):
    def on_one(self, method: str, number: int, environ: Any, body: bytes) -> Any:
        """Whether it is there is asked before the body is read."""
        if number not in self.boats:
            raise No(404)
        return super().on_one(method, number, environ, body)


class _Astray(Harbour):
    """Tells of another boat than the one that was asked for."""

    def on_one(self, method: str, number: int, environ: Any, body: bytes) -> Any:
        status, value = super().on_one(method, number, environ, body)
        return status, {**value, "id": min(self.boats)} if method == "GET" else value


class _Failing(Harbour):
    def kept(self, fields: dict[str, Any]) -> dict[str, Any]:
        if fields.get("kind") == "ketch" and fields.get("crew") == 0:
            raise No(500)
        return fields


class _Silent(Harbour):
    """Answers rightly, and forgets what was written."""

    def on_one(self, method: str, number: int, environ: Any, body: bytes) -> Any:
        before = dict(self.boats.get(number, {}))
        status, value = super().on_one(method, number, environ, body)
        if method == "PUT":
            value = {"boat": dict(self.boats[number])}
            self.boats[number].update(before)
        return status, value


DIFFERENCES: dict[str, tuple[type[Harbour], list[tuple[str, str]]]] = {
    "a key of any kind": (
        _Lenient,
        [("GET /boats and 5 more operations", "status: 401 / 200 or 201 or 204 (credentials)")],
    ),
    "a member that is lost": (
        _Forgetful,
        [
            ("PATCH /boats/{number}", "sent value: same / coerced at /boat/crew"),
            ("PATCH /boats/{number}", "sent value: same / dropped at /boat/crew"),
        ],
    ),
    "a member of a member that is lost": (
        _Inner,
        [
            ("POST /boats", "sent value: same / dropped at /boat/owner/port"),
            ("PUT /boats/{number}", "sent value: same / dropped at /boat/owner/port"),
        ],
    ),
    "another order": (
        _Reversed,
        [
            ("GET /boats", "values: another order at /boats"),
            ("GET /boats", "values: other documents at /boats"),
        ],
    ),
    "nothing is deleted": (
        _Keeping,
        [
            ("DELETE /boats/{number} and 3 more operations", "status: 404 / 204 or 200 (deleted)"),
            ("GET /boats", "values: other documents at /boats"),
            ("GET /boats", "values: another value at /total"),
        ],
    ),
    "what is not there first": (
        _Early,
        [
            ("PATCH /boats/{number}", "order of checks: "),
            ("PUT /boats/{number}", "order of checks: "),
        ],
    ),
    "another one": (_Astray, [("GET /boats/{number}", "values: another value at /id")]),
    "a failure": (
        _Failing,
        [("POST /boats", "status: 201 / 500"), ("PUT /boats/{number}", "status: 200 / 500")],
    ),
}


@pytest.mark.parametrize("name", DIFFERENCES)
def test_one_difference_stays_one(name: str, boats: Contract) -> None:
    """What only follows from it is not told: documents that one has alone, and those that were spoilt."""
    build, expected = DIFFERENCES[name]
    found = _told(_compared(boats, Harbour(boats), build(boats)))

    assert len(found) == len(expected), found
    for told, wanted in zip(sorted(found), sorted(expected), strict=True):
        assert told[0] == wanted[0], found
        assert told[1].startswith(wanted[1]), found


@pytest.mark.parametrize(
    ("name", "words", "kind"),
    [
        ("name", {"maxLength": 10}, "201 / 400"),
        ("crew", {"maximum": 20}, "201 / 400"),
        ("crew", {"type": ["integer", "null"]}, "400 / 201"),
        ("", {"additionalProperties": True}, "400 / 201"),
    ],
)
def test_another_schema_is_told_where_it_is_read(
    name: str, words: Any, kind: str, boats: Contract, changed: Callable[..., Contract]
) -> None:
    """Once for each operation that takes it, whatever the ids are, and the lists, from then on."""
    found = _compared(boats, _Reversed(boats), _Reversed(changed(name, **words)))

    assert [one.operation.method for one in found.divergences] == ["POST", "PUT"], _told(found)
    assert found.divergences[0].difference.kind == kind


@pytest.mark.parametrize(("answered", "same"), [(5, True), (1, False), ("5", False)])
def test_the_id_of_the_path_stands_for_itself(answered: Any, same: bool, boats: Contract) -> None:
    """Also where nothing is known of the documents: who tells of another one than was asked for differs."""
    get = next(one for one in boats.operations if one.label == "GET /boats/{number}")
    case = replace(base(get).case("any", "body", Due.ACCEPT, ""), target="/boats/5")
    left, right = (
        outcome(
            Exchange(
                case=case,
                status=200,
                headers=(("Content-Type", "application/json"),),
                body=json.dumps({"id": told, "name": "a", "kind": "sloop"}).encode(),
                sent_at=NOW,
                received_at=NOW,
                elapsed=0.001,
            ),
            Normaliser(),
        )
        for told in (5, answered)
    )

    assert (left.value == right.value) is same


def test_what_is_written_is_read_again(boats: Contract) -> None:
    """A server that answers rightly, and keeps nothing of it, is found out by who reads."""
    found = _compared(boats, Harbour(boats), _Silent(boats))

    assert "GET /boats/{number}" in {one.operation.label for one in found.divergences}


@pytest.mark.parametrize("workers", [None, 8])
def test_several_connections_do_not_mix_up_documents(workers: int | None, boats: Contract) -> None:
    """Where a request may show what another one left behind, one is answered before the next is sent."""
    with mocked.listening(_Slow(boats)) as one, mocked.listening(_Slow(boats)) as other:
        left, right = (HttpTarget(f"{url}/v1", Access(key=KEY), 10) for url in (one, other))
        found = run.compare(boats, left, right, run.Options(workers=workers))

    assert _told(found) == []
    assert found.fidelity.percent == 100
