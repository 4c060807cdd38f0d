"""Leniency: what a server takes beyond the contract is learnt, declared, and then no finding any more."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.contracts.conftest import KEY, Server

from leadline_contracts import mocked, run
from leadline_contracts.case import Due, Exchange
from leadline_contracts.draft import base
from leadline_contracts.leniency.learning import Learnt, learn
from leadline_contracts.leniency.weighing import weigh
from leadline_contracts.oracles import verdict
from leadline_contracts.oracles.memory import Memory
from leadline_contracts.report import Report
from leadline_openapi import Contract, load

FIELDS = "/components/schemas/Order/properties"
POST = "/paths/~1orders/post"
BODY = f"{POST}/requestBody"


SPEC = """\
openapi: 3.1.0
info: {title: Orders, version: '1'}
paths:
  /orders:
    post:
      security: [{key: []}]
      parameters:
        - {name: depth, in: query, schema: {type: integer}}
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}
      responses:
        '200':
          description: ok
          content:
            application/json:
              schema:
                type: object
                required: [doc]
                properties:
                  doc: {x-echo: $request.body, $ref: '#/components/schemas/Order'}
        '400': {description: no}
        '401': {description: no key}
        '415': {description: no such media type}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: Authorization}
  schemas:
    Colour: {type: string, enum: [red, green]}
    Order:
      type: object
      additionalProperties: false
      properties:
        amount: {type: number}
        note: {type: string}
        colour: {$ref: '#/components/schemas/Colour'}
        second: {$ref: '#/components/schemas/Colour'}
        colours: {type: array, items: {$ref: '#/components/schemas/Colour'}}
"""
_NAMED = frozenset(("amount", "note", "colour", "second", "colours"))


# --- Servers that take more than the contract allows -------------------------------------------------------


def _fields(request: Any, fields: dict[str, Any]) -> None:
    request.body = json.dumps(fields).encode()


def coerces(request: Any, ask: Any) -> Any:
    """Makes a number of the text that a number is sent as, and 0 of any other text."""
    sent = request.fields.get("amount")
    if isinstance(sent, str):
        number = float(sent) if sent.isdecimal() else 0
        _fields(request, {**request.fields, "amount": number})
    return ask()


def drops(request: Any, ask: Any) -> Any:
    """Leaves out what it does not know."""
    if request.fields and not request.fields.keys() <= _NAMED:
        kept = {name: value for name, value in request.fields.items() if name in _NAMED}
        _fields(request, kept)
    return ask()


def stores(request: Any, ask: Any) -> Any:
    """Keeps any text as the colour."""
    is_text = isinstance(request.fields.get("colour"), str)
    return ask(lenient=is_text and request.key == KEY)


def crashes(request: Any, ask: Any) -> Any:
    """Fails on null."""
    answer = ask()
    if answer.status == 400 and request.fields and None in request.fields.values():
        answer.refuse(500)
    return answer


def loses_items(request: Any, ask: Any) -> Any:
    """Leaves out the items that it does not know."""
    sent = request.fields.get("colours")
    if isinstance(sent, list):
        kept = [one for one in sent if one in ("red", "green")]
        if kept != sent:
            _fields(request, {**request.fields, "colours": kept})
    return ask()


def any_depth(request: Any, ask: Any) -> Any:
    """Takes any depth."""
    return ask(lenient="depth=" in request.query and request.key == KEY)


def any_media_type(request: Any, ask: Any) -> Any:
    """Reads every body as JSON."""
    request.environ["CONTENT_TYPE"] = "application/json"
    return ask()


def all_of_it(request: Any, ask: Any) -> Any:
    """Every leniency at once, one after the other."""
    wrappers = (any_media_type, drops, coerces, loses_items, crashes)

    def step(rest: tuple[Any, ...]) -> Any:
        return rest[0](request, lambda: step(rest[1:])) if rest else ask()

    return step(wrappers)


LENIENT: dict[str, tuple[Any, set[tuple[str, str, str]]]] = {
    "coerces": (coerces, {(f"{FIELDS}/amount", "type:string", "coerced")}),
    "drops": (drops, {(BODY, "unknown", "dropped")}),
    "stores": (stores, {(f"{FIELDS}/colour", "enum", "stored")}),
    "loses_items": (
        loses_items,
        {(f"{FIELDS}/colours", fault, "dropped") for fault in ("enum", "type:number")},
    ),
    "any_depth": (
        any_depth,
        {(f"{POST}/parameters/0", "type:string", "coerced")},
    ),
    "any_media_type": (any_media_type, {(BODY, "media-type", "coerced")}),
}


@pytest.fixture(scope="module")
def contract(tmp_path_factory: pytest.TempPathFactory) -> Contract:
    """A small contract with every kind of place that can be lenient."""
    path = tmp_path_factory.mktemp("leniency") / "orders.yaml"
    path.write_text(SPEC, "utf-8")
    return load(path)


@pytest.fixture
def check(contract: Contract) -> Callable[..., Report]:
    """Holds a server to the contract, without the fuzz phase unless asked for."""

    def check(server: Any, known: Contract = contract, examples: int = 0) -> Report:
        target = mocked.target(known, server)
        return run.check(known, target, run.Options(examples=examples))

    return check


@pytest.fixture
def declaring(contract: Contract, tmp_path: Path) -> Callable[[str], Contract]:
    """Loads the contract with an overlay on top."""

    def declaring(overlay: str) -> Contract:
        path = tmp_path / "learnt.yaml"
        path.write_text(overlay, "utf-8")
        return load(contract.source, [path])

    return declaring


def _said(target: str, says: str) -> str:
    return (
        "overlay: 1.0.0\ninfo: {title: T, version: '1'}\nactions:\n"
        f"  - target: {target}\n    update:\n      x-leniency: {says}\n"
    )


def _seen(report: Report) -> set[tuple[str, str, str]]:
    return {(one.pointer, one.fault, one.observed) for one in report.lenient}


@pytest.mark.parametrize("name", LENIENT)
def test_what_is_learnt_is_no_finding_any_more(
    name: str, check: Any, contract: Contract, declaring: Callable[[str], Contract]
) -> None:
    """A lenient server is broken at first; with what is learnt of it on top, it keeps the contract."""
    wrapper, expected = LENIENT[name]
    server = Server(contract, wrapper)

    before = check(server)
    learnt = learn(contract, before.lenient)
    after = check(server, declaring(learnt.overlay))

    assert {one.breach.rule for one in before.findings} == {"accepts-invalid"}
    assert _seen(before) >= expected
    assert {one[0] for one in _seen(before)} == {one[0] for one in expected}
    assert not any(one.declared for one in before.lenient)
    assert after.findings == ()
    assert _seen(after) == _seen(before)
    assert all(one.declared for one in after.lenient)


def test_a_known_crash_is_no_finding_any_more(
    check: Any, contract: Contract, declaring: Callable[[str], Contract]
) -> None:
    """A server that fails on null is learnt as such; what else fails is still found."""
    learnt = learn(contract, check(Server(contract, crashes)).lenient)
    known = declaring(learnt.overlay)

    assert check(Server(contract, crashes), known).findings == ()

    def crashes_more(request: Any, ask: Any) -> Any:
        answer = crashes(request, ask)
        if request.fields.get("colour") == "red":
            answer.refuse(500)
        return answer

    found = check(Server(contract, crashes_more), known).findings
    assert [(one.breach.rule, one.breach.pointer) for one in found] == [
        ("server-error", f"{POST}/responses")
    ]


def test_everything_at_once_with_generated_requests(
    check: Any, contract: Contract, declaring: Callable[[str], Contract]
) -> None:
    """Requests with several faults are known where each of them is."""
    server = Server(contract, all_of_it)

    before = check(server, examples=20)
    learnt = learn(contract, before.lenient)
    after = check(server, declaring(learnt.overlay), examples=20)

    assert {one.breach.rule for one in before.findings} == {"accepts-invalid", "server-error"}
    assert after.findings == ()


def test_the_overlay_is_the_same_every_time_and_tells_its_evidence(
    check: Any, contract: Contract
) -> None:
    """The same server gives the same bytes; each action says what was sent and what was answered."""
    first, second = (
        learn(contract, check(Server(contract, drops)).lenient).overlay for _ in range(2)
    )

    assert first == second
    assert "target: $.paths['/orders'].post.requestBody\n" in first
    assert "unknown dropped: 1 → nothing (POST /orders)" in first
    assert "unknown: dropped\n" in first


def test_nothing_is_learnt_of_a_strict_server(check: Any, contract: Contract) -> None:
    """The mock takes nothing beyond the contract, so there is nothing to declare."""
    report = check(Server(contract, lambda _, ask: ask()))

    assert report.lenient == ()
    assert learn(contract, report.lenient) == Learnt("", ())


# --- What must not be hidden -------------------------------------------------------------------------------


def test_another_property_is_not_excused(
    check: Any, contract: Contract, declaring: Callable[[str], Contract]
) -> None:
    """Both fields refer to the same closed list; one is declared to take anything, the other is not."""
    known = declaring(_said("$.components.schemas.Order.properties.colour", "{enum: stored}"))

    def takes_both(request: Any, ask: Any) -> Any:
        sent = [request.fields[name] for name in ("colour", "second") if name in request.fields]
        texts = bool(sent) and all(isinstance(one, str) for one in sent)
        return ask(lenient=texts and request.key == KEY)

    found = check(Server(contract, takes_both), known).findings

    assert [(one.breach.rule, one.breach.pointer) for one in found] == [
        ("accepts-invalid", "/components/schemas/Colour/enum")
    ]
    assert "second" in found[0].breach.message


def _exchange(contract: Contract, sent: Any, status: int, doc: Any) -> Exchange:
    operation = contract.operations[0]
    draft = base(operation).with_value(sent)
    case = replace(draft.case("test", "body", Due.REFUSE, operation.pointer))
    now = datetime.now(UTC)
    return Exchange(
        case=case,
        status=status,
        headers=(("Content-Type", "application/json"),),
        body=json.dumps({"doc": doc, "message": ""}).encode(),
        sent_at=now,
        received_at=now,
        elapsed=0,
    )


LEAD = "$.components.schemas.Order.properties.amount"


def test_one_undeclared_fault_among_declared_ones_is_told(
    declaring: Callable[[str], Contract],
) -> None:
    """A request that breaks two rules and is accepted is put down to the one that is not declared."""
    known = declaring(_said(LEAD, "{type: coerced}"))

    exchange = _exchange(known, {"amount": "5", "colour": "x"}, 200, {"amount": 5})

    weighed = weigh(exchange)
    assert not weighed.excused
    assert [one.rule for one in weighed.undeclared] == ["/components/schemas/Colour/enum"]
    (breach,) = verdict.check(exchange, Memory())
    assert (breach.rule, breach.pointer) == ("accepts-invalid", "/components/schemas/Colour/enum")
    assert "amount" not in breach.message


def test_a_value_of_a_wrong_type_has_no_other_fault(contract: Contract) -> None:
    """A number among texts is not in the closed list either; that a near miss is taken, it does not show."""
    weighed = weigh(_exchange(contract, {"colour": 5}, 200, {"colour": 5}))

    assert [one.fault for one in weighed.observations] == ["type:number"]


def test_a_failure_on_several_faults_is_put_down_to_none(contract: Contract) -> None:
    """Which of them the server fails on is not told, so nothing is learnt."""
    one, two = ({"amount": "5"}, {"amount": "5", "colour": "x"})

    seen = [weigh(_exchange(contract, sent, 500, None)).observations for sent in (one, two)]

    assert [len(observations) for observations in seen] == [1, 0]


def test_another_type_of_value_is_not_excused(declaring: Callable[[str], Contract]) -> None:
    """`type:string` speaks of texts only; `type` speaks of every value of a wrong type."""
    exact = declaring(_said(LEAD, "{type:string: stored}"))
    every = declaring(_said(LEAD, "{type: stored}"))

    def excused(contract: Contract, value: Any) -> bool:
        return weigh(_exchange(contract, {"amount": value}, 200, {"amount": value})).excused

    assert [excused(exact, one) for one in ("5", True, None)] == [True, False, False]
    assert [excused(every, one) for one in ("5", True, None)] == [True, True, True]


def test_rejected_excuses_nothing(declaring: Callable[[str], Contract]) -> None:
    """Whoever declares that a fault is refused says what the contract says."""
    known = declaring(_said(LEAD, "{type: rejected}"))

    weighed = weigh(_exchange(known, {"amount": "5"}, 200, {"amount": 5}))

    assert (weighed.excused, weighed.breaches) == (False, ())
    assert [one.keyword for one in weighed.undeclared] == ["type"]


@pytest.mark.parametrize(
    ("says", "status", "excused"),
    [
        ("{type: error}", 500, True),
        ("{type: coerced}", 500, False),
        ("{type: [coerced, error]}", 500, True),
        ("{enum: error}", 500, False),
    ],
)
def test_only_a_declared_failure_is_excused(
    says: str, status: int, excused: bool, declaring: Callable[[str], Contract]
) -> None:
    """A server that is declared to coerce must not fail instead."""
    weighed = weigh(_exchange(declaring(_said(LEAD, says)), {"amount": "5"}, status, None))

    assert (weighed.excused, weighed.breaches) == (excused, ())


# --- Something else than declared --------------------------------------------------------------------------

BECAME = [
    ("5", {"amount": "5"}, "stored"),
    ("5", {"amount": 5}, "coerced"),
    ("5", {"amount": None}, "dropped"),
    ("5", {}, "dropped"),
    ([], {"amount": []}, "stored"),
    ([1], {"amount": []}, "dropped"),
    (None, {"amount": None}, "stored"),
    (None, {"amount": 0}, "coerced"),
    ({"a": 1}, {"amount": {"a": 1, "b": None}}, "stored"),
    (True, {"amount": 1}, "coerced"),
]


@pytest.mark.parametrize(("sent", "doc", "outcome"), BECAME)
@pytest.mark.parametrize("declared", ["coerced", "dropped", "stored"])
def test_what_became_of_a_value_is_held_against_what_is_declared(
    sent: Any, doc: Any, outcome: str, declared: str, declaring: Callable[[str], Contract]
) -> None:
    """The echo tells whether a value was stored, coerced or dropped; another thing is a finding."""
    known = declaring(_said(LEAD, f"{{type: {declared}}}"))

    weighed = weigh(_exchange(known, {"amount": sent}, 200, doc))

    assert [one.observed for one in weighed.observations] == [outcome]
    assert weighed.excused
    rules = [(one.rule, one.pointer) for one in weighed.breaches]
    assert rules == ([] if outcome == declared else [("leniency", _RULE)])


_RULE = f"{FIELDS}/amount/x-leniency/type"


ITEMS = [
    (["x", "red"], ["red"], "dropped"),
    (["x"], [], "dropped"),
    (["x"], None, "dropped"),
    (["x", "red"], ["x", "red"], "stored"),
    (["red", "x"], ["red", "green"], "coerced"),
    (["x"], ["x", "red"], "coerced"),
]


@pytest.mark.parametrize(("sent", "given", "outcome"), ITEMS)
def test_what_became_of_an_item(
    sent: list[str], given: Any, outcome: str, contract: Contract
) -> None:
    """An item belongs to the property that holds the list; where the list got shorter, it is gone."""
    observed = weigh(_exchange(contract, {"colours": sent}, 200, {"colours": given}))

    assert [(one.pointer, one.fault, one.observed) for one in observed.observations] == [
        (f"{FIELDS}/colours", "enum", outcome)
    ]


def test_a_finding_tells_what_was_declared_and_what_happened(
    check: Any, contract: Contract, declaring: Callable[[str], Contract]
) -> None:
    """The rule that is broken is the declaration, so that a report can name its line."""
    known = declaring(_said(LEAD, "{type:string: dropped}"))

    report = check(Server(contract, coerces), known)

    (finding,) = report.findings
    rule = f"{FIELDS}/amount/x-leniency/type:string"
    assert (finding.breach.rule, finding.breach.pointer) == ("leniency", rule)
    assert finding.breach.expected == "refused, or dropped"
    assert finding.breach.actual.startswith("coerced: ")
    assert known.place(rule).file.endswith("learnt.yaml")


def test_a_server_that_refuses_again_keeps_the_contract_and_is_told(
    check: Any, contract: Contract, declaring: Callable[[str], Contract]
) -> None:
    """A refusal is what the contract asks for; that the declaration is out of date is said."""
    known = declaring(_said(LEAD, "{type:string: stored}"))

    report = check(Server(contract, lambda _, ask: ask()), known)

    assert report.findings == ()
    assert _seen(report) == {(f"{FIELDS}/amount", "type:string", "rejected")}
    assert learn(known, report.lenient).overlay == ""


def test_the_key_is_in_no_evidence(check: Any, contract: Contract) -> None:
    """A server may write the key where a value should be; no report and no overlay holds it."""

    def tells_the_key(request: Any, ask: Any) -> Any:
        answer = coerces(request, ask)
        if answer.accepted and "amount" in answer.doc:
            answer.doc = {**answer.doc, "amount": f"key {KEY}"}
        return answer

    report = check(Server(contract, tells_the_key))

    assert [one.observed for one in report.lenient] == ["coerced"]
    assert KEY not in learn(contract, report.lenient).overlay
