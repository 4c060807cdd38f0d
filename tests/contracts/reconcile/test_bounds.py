"""Where the server draws a bound that the contract does not have: found by trying, or put to a person."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from tests.contracts.conftest import Server
from tests.contracts.reconcile import deviations
from tests.contracts.reconcile.conftest import ORDERS

from leadline_contracts import mocked
from leadline_contracts.compare import run
from leadline_contracts.reconcile.ledger import Ledger
from leadline_contracts.reconcile.proposal import Proposal
from leadline_openapi import load
from leadline_openapi.loading import overlaid

_WHOLE = {"type": "integer", "minimum": 1, "maximum": 100}

_LIST = {
    "type": "array",
    "minItems": 1,
    "maxItems": 8,
    "items": {"type": "object", "required": ["n"], "properties": {"n": _WHOLE}},
}
_OBJECT = {"type": "object", "properties": {"deep": {"type": "string", "maxLength": 60}}}


def _proposed(
    folder: Path, schema: dict[str, Any], bad: Callable[[Any], bool], *, tries: bool = True
) -> tuple[Proposal, ...]:
    """What is proposed about a server that refuses *bad* values of `amount`, which keeps *schema*."""
    spec = folder / "orders.yaml"
    spec.write_text(ORDERS.replace("{type: number}", json.dumps(schema)), "utf-8")
    contract = load(spec, [])
    ledger = Ledger(contract, overlaid(spec, []))
    server = Server(contract, deviations.refusing("amount", bad))
    targets = [mocked.target(contract), mocked.target(contract, server)]
    more = ledger.more if tries else lambda: None
    run.compare(contract, targets[0], targets[1], run.Options(), witness=ledger.take, more=more)
    return tuple(one for one in ledger.proposals() if one.wrong != "nobody")


@pytest.mark.parametrize(
    ("schema", "bad", "bound"),
    [
        (_WHOLE, lambda value: value > 50, {"maximum": 50}),
        (_WHOLE, lambda value: value < 4, {"minimum": 4}),
        ({**_WHOLE, "multipleOf": 5}, lambda value: value > 50, {"maximum": 50}),
        ({**_WHOLE, "type": "number"}, lambda value: value > 50, {"maximum": 50}),
        (
            {"type": "array", "items": {"type": "string"}, "maxItems": 9},
            lambda value: len(value) > 3,
            {"maxItems": 3},
        ),
        (_LIST, lambda value: len(value) > 2, {"maxItems": 2}),
        (_LIST, lambda value: any(one["n"] > 20 for one in value), {"maximum": 20}),
        (_OBJECT, lambda value: len(value.get("deep", "")) > 30, {"maxLength": 30}),
    ],
    ids=["", "from below", "steps", "numbers", "items", "objects", "in items", "in an object"],
)
def test_a_bound_is_the_one_that_the_server_has(
    schema: dict[str, Any], bad: Callable[[Any], bool], bound: dict[str, Any], tmp_path: Path
) -> None:
    """Few values show that there is one; a few more requests say where."""
    (found,) = _proposed(tmp_path, schema, bad)

    assert found.wrong == "contract"
    assert [one.update for one in found.actions] == [bound]


def test_a_gap_that_nobody_looked_into_is_put_to_a_person(tmp_path: Path) -> None:
    """7 is taken and 100 is not: the contract is not called wrong on a guess, and both are named."""
    (found,) = _proposed(tmp_path, _WHOLE, lambda value: value > 50, tries=False)

    assert (found.wrong, found.actions) == ("decide", ())
    assert "B takes 7 and not 100" in found.why


def test_a_bound_that_no_whole_number_names_is_put_to_a_person(tmp_path: Path) -> None:
    """Somewhere between two whole numbers is no bound that an overlay could say."""
    (found,) = _proposed(tmp_path, {**_WHOLE, "type": "number"}, lambda value: value > 50.4321)

    assert (found.wrong, found.actions) == ("decide", ())
    assert "takes 50" in found.why
    assert "not 51" in found.why


def test_a_bound_of_a_parameter_is_found_too(spec: Path, proposed: Any) -> None:
    """What is said of members goes for what stands in the query."""

    def limited(request: Any, ask: Any) -> Any:
        answer = ask()
        page = parse_qs(request.environ["QUERY_STRING"]).get("page", ["0"])[0]
        if answer.accepted and int(page) > 50:
            answer.status, answer.value = 400, {"errors": [{"message": "no"}]}
        return answer

    whole = "{type: integer, minimum: 0, maximum: 100}"
    spec.write_text(
        ORDERS.replace("in: query, schema: {type: integer}", f"in: query, schema: {whole}")
    )
    _, found = proposed(limited)
    (about,) = [one for one in found if one.actions]

    assert about.what == "`page`: values keep `maximum: 50`"
    assert about.actions[0].update == {"maximum": 50}
