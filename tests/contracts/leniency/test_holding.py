"""A mock of a contract with leniency keeps that contract, and so does one that refuses instead."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.contracts.leniency.lenient import BODY, MEMBERS, OUTCOMES, POST, overlay, saying, spec

from leadline_contracts import mocked, run
from leadline_contracts.report import Report
from leadline_mock import World, create_app
from leadline_openapi import Contract, load

Knowing = Callable[..., Contract]
FAULTS = ("type", "enum", "minimum", "maximum", "maxLength", "pattern")


@pytest.fixture(scope="module")
def knowing(tmp_path_factory: pytest.TempPathFactory) -> Knowing:
    """Loads the small contract, with an overlay of *actions* on top; *names* are its members, if not all."""

    def knowing(*actions: tuple[str, Any], names: tuple[str, ...] = ()) -> Contract:
        folder = tmp_path_factory.mktemp("boxes")
        (folder / "boxes.json").write_text(json.dumps(spec(*names)), "utf-8")
        (folder / "overlay.yaml").write_text(overlay(*actions), "utf-8")
        return load(folder / "boxes.json", [folder / "overlay.yaml"] if actions else [])

    return knowing


def held(known: Contract, served: Contract, examples: int = 0) -> Report:
    """What is found when a mock of *served* is held to *known*."""
    app = create_app(served, World())
    return run.check(known, mocked.target(known, app), run.Options(examples=examples))


def findings(report: Report) -> list[tuple[str, str]]:
    """Which rules are broken, where."""
    return [(one.breach.rule, one.breach.pointer) for one in report.findings]


def everywhere(outcome: str) -> list[tuple[str, Any]]:
    """An overlay that says *outcome* of every fault at every place."""
    faults = dict.fromkeys(FAULTS, outcome)
    names = ("number", "text", "flag", "colour", "colours", "owner", "at", "inner")
    within = ("colours.items", "inner.properties.text")
    places = [f"{MEMBERS}.{name}" for name in (*names, *within)]
    as_asked = {**faults, "repeated": outcome, "malformed": outcome}
    as_sent = dict.fromkeys(("unknown", "malformed", "media-type", "required", "type"), outcome)
    return [
        *((place, {"x-leniency": {**faults, "required": outcome}}) for place in places),
        *((f"{POST}.parameters[{at}]", {"x-leniency": as_asked}) for at in range(4)),
        (BODY, {"x-leniency": as_sent}),
    ]


@pytest.mark.parametrize("outcome", OUTCOMES[1:])
def test_a_mock_does_what_is_declared(outcome: str, knowing: Knowing) -> None:
    """Held to its own contract there is nothing to find; the leniency of each kind is seen."""
    known = knowing(*everywhere(outcome))
    report = held(known, known)

    assert findings(report) == []
    assert outcome in {one.observed for one in report.lenient}


MIXED = [
    saying(
        BODY,
        malformed_encoding="coerced",
        malformed="rejected",
        type="error",
        unknown="dropped",
        **{
            "media-type:spelling": "error",
            "media-type": [
                {"if": {"const": "application/x-www-form-urlencoded"}, "then": "coerced"},
                "dropped",
            ],
        },
    ),
    (BODY, {"x-max-bytes": 3000}),
    (POST, {"x-check-order": ["malformed", "parameters", "credentials", "size"]}),
    ("$.paths", {"x-unrouted": {"404": {"description": "nothing here"}}}),
    saying(
        f"{MEMBERS}.number",
        type_string=["coerced", {"then": "coerced", "as": 7}],
        type_null="stored",
        type=[{"if": {"const": True}, "then": "coerced", "as": 1}, "dropped"],
        maximum=[{"if": {"maximum": 1000}, "then": "stored"}, "error"],
    ),
    saying(
        f"{MEMBERS}.text",
        type={"then": "coerced", "as": "{json}"},
        pattern=["coerced", "error"],
        maxLength="coerced",
    ),
    saying(f"{MEMBERS}.colours", type_string="coerced", type="dropped"),
    saying(
        f"{MEMBERS}.colours.items",
        type_null="dropped",
        type="rejected",
        enum={"then": "coerced", "as": "red"},
    ),
    saying(
        f"{MEMBERS}.owner", type_object="coerced", type_array=["coerced", "error"], minimum="error"
    ),
    saying(f"{MEMBERS}.at", type_number="coerced", pattern=["coerced", "dropped"], type="error"),
    saying(
        f"{POST}.parameters[1]",
        type={"then": "coerced", "as": 0},
        repeated="dropped",
        maximum="error",
    ),
    saying(f"{POST}.parameters[2]", enum="dropped", type="dropped"),
    saying(f"{POST}.parameters[3]", enum="stored"),
]


def test_a_mock_does_what_is_declared_on_conditions(knowing: Knowing) -> None:
    """Conditions, templates, several outcomes, orders and limits, all in one contract."""
    known = knowing(*MIXED)

    assert findings(held(known, known, examples=20)) == []


def test_a_server_that_is_not_lenient_keeps_the_contract(knowing: Knowing) -> None:
    """A refusal is always what the contract asks for; that nothing is lenient any more is told."""
    lenient = [one for one in MIXED if "x-max-bytes" not in one[1]]
    report = held(knowing(*lenient), knowing())

    assert findings(report) == []
    assert {one.observed for one in report.lenient} == {"rejected"}


# --- Servers that do something else than is declared --------------------------------------------------------

NUMBER = f"{MEMBERS}.number"
TEXT = f"{MEMBERS}.text"
COLOURS = f"{MEMBERS}.colours"
AT = "/paths/~1boxes~1{room}/post"
SCHEMA = f"{AT}/requestBody/content/application~1json/schema/properties"
SAID = f"{SCHEMA}/number/x-leniency/type:string"
OTHERWISE = [
    # declared, what the server does, what is found
    (saying(NUMBER, type_string="coerced"), saying(NUMBER, type_string="stored"), ("leniency", SAID)),
    (saying(NUMBER, type_string="coerced"), saying(NUMBER, type_string="dropped"), ("leniency", SAID)),
    (saying(NUMBER, type_string="dropped"), saying(NUMBER, type_string="coerced"), ("leniency", SAID)),
    (saying(NUMBER, type_string="error"), saying(NUMBER, type_string="stored"), ("leniency", SAID)),
    (
        saying(NUMBER, type_string="stored"),
        saying(NUMBER, type_string="error"),
        ("server-error", f"{AT}/responses"),
    ),
    (
        saying(NUMBER, type_string="rejected"),
        saying(NUMBER, type_string="dropped"),
        ("accepts-invalid", f"{SCHEMA}/number/type"),
    ),
    (
        saying(NUMBER, type={"if": {"const": "5"}, "then": "dropped"}),
        saying(NUMBER, type_boolean="dropped"),
        ("accepts-invalid", f"{SCHEMA}/number/type"),
    ),
    (
        saying(f"{COLOURS}.items", enum="dropped"),
        saying(f"{COLOURS}.items", enum="stored"),
        ("leniency", f"{SCHEMA}/colours/items/x-leniency/enum"),
    ),
    (
        saying(f"{COLOURS}.items", type_number="dropped"),
        saying(f"{COLOURS}.items", type_number="dropped", enum="dropped"),
        ("accepts-invalid", f"{SCHEMA}/colours/items/enum"),
    ),
    (
        saying(BODY, unknown="dropped"),
        saying(BODY, unknown="stored"),
        ("leniency", f"{AT}/requestBody/x-leniency/unknown"),
    ),
    (
        saying(BODY, malformed="dropped"),
        saying(BODY, malformed="error"),
        ("server-error", f"{AT}/responses"),
    ),
    (
        (BODY, {"x-max-bytes": 3000}),
        (BODY, {"x-max-bytes": 3001}),
        ("accepts-invalid", f"{AT}/requestBody/x-max-bytes"),
    ),
    (
        (BODY, {"x-max-bytes": 3001}),
        (BODY, {"x-max-bytes": 3000}),
        ("rejects-valid", f"{AT}/requestBody/x-max-bytes"),
    ),
    (
        (BODY, {"description": "any spelling will do"}),
        saying(BODY, **{"media-type:spelling": "rejected"}),
        ("rejects-valid", f"{AT}/requestBody/content"),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("declared", "does", "found"), OTHERWISE)
def test_a_server_that_does_otherwise_is_found(
    declared: Any, does: Any, found: tuple[str, str], knowing: Knowing
) -> None:
    """What is declared is held against the server as any other word of the contract."""
    names = ("colours",) if "colours" in declared[0] else ("number",)
    report = held(knowing(declared, names=names), knowing(does, names=names))

    assert findings(report)[:1] == [found]
