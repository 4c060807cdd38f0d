"""Who is wrong, why, and what is left to people: proposals beyond the overlay."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.contracts.conftest import KEY, Server, doc_changed
from tests.contracts.reconcile import deviations
from tests.contracts.reconcile.conftest import ORDERS
from werkzeug.test import run_wsgi_app

from leadline_contracts import mocked
from leadline_contracts.compare import run
from leadline_contracts.reconcile import overlay
from leadline_contracts.reconcile.ledger import Ledger
from leadline_contracts.reconcile.proposal import Proposal
from leadline_mock import create_app
from leadline_openapi import Contract, load
from leadline_openapi.loading import overlaid

Proposed = Callable[[Any], tuple[Any, tuple[Proposal, ...]]]


def _wrongs(found: tuple[Proposal, ...]) -> list[tuple[str, bool]]:
    return [(one.wrong, bool(one.actions)) for one in found]


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("201 for 200", "contract"),
        ("403 for 401", "contract"),
        ("members of its own", "contract"),
        ("each tag once", "contract"),
        ("JSON before the key", "contract"),
        ("numbers from texts", "server"),
        ("loses what it does not know", "server"),
    ],
)
def test_it_is_said_who_is_wrong(name: str, wrong: str, proposed: Proposed) -> None:
    """A caller's fault that is taken or fails is the server's; what nobody documented is the contract's."""
    _, found = proposed(deviations.ALL[name])

    assert {one.wrong for one in found} == {wrong}
    assert all(one.actions for one in found)
    assert all(one.is_bug is (wrong == "server") for one in found)


def test_evidence_shows_the_difference(proposed: Proposed) -> None:
    """Both exchanges are of one case, and what they hold is what is told."""
    before, found = proposed(deviations.ALL["201 for 200"])
    (only,) = found

    assert only.left.case is only.right.case
    assert (only.left.status, only.right.status) == (200, 201)
    assert only.count == before.divergences[0].count
    assert only.title == "POST /orders: an accepted request is answered 201, not 200"


def test_a_key_that_is_written_in_another_way_cannot_be_guessed(proposed: Proposed) -> None:
    """One question for a person, and nothing else: all that differs follows from it."""

    def bearer(request: Any, ask: Any) -> Any:
        key = request.key or ""
        request.key = KEY if key == f"Bearer {KEY}" else "nobody"
        return ask()

    _, found = proposed(bearer)

    assert _wrongs(found) == [("decide", False)]
    assert found[0].what == "B denies every valid request (401)"
    assert "x-credential" in found[0].why


def test_what_no_keyword_explains_is_asked(proposed: Proposed) -> None:
    """A server that refuses some texts for a reason of its own has nobody guess it."""
    _, found = proposed(deviations.refusing("note", lambda note: "Two" in note))

    assert _wrongs(found) == [("decide", False)]
    assert found[0].what == "a valid request is refused (400)"


def test_a_valid_member_that_is_lost_is_a_bug(proposed: Proposed) -> None:
    """The contract cannot say that valid values do not come back: that is the server's to mend."""
    _, found = proposed(doc_changed(lambda _, doc: doc.pop("note", None)))

    assert _wrongs(found) == [("server", False)]
    assert found[0].is_bug
    assert "x-echo" in found[0].why


def test_a_key_that_is_let_in_is_a_bug(proposed: Proposed) -> None:
    """No overlay makes a contract say that any key will do."""

    def opens(request: Any, ask: Any) -> Any:
        request.key = request.key or KEY
        return ask()

    _, found = proposed(opens)

    assert _wrongs(found) == [("server", False)]
    assert found[0].what == "a key that is not the proper one is let in"


def test_values_of_one_fault_that_are_taken_otherwise_have_conditions(proposed: Proposed) -> None:
    """An empty text is dropped, a number in a text is read, any other text is refused; all are told."""
    _, found = proposed(deviations.ALL["numbers from texts"])
    (action,) = found[0].actions

    assert action.target == "$.components.schemas.Order.properties.amount"
    assert action.update == {
        "x-leniency": {
            "type:string": ["coerced", {"if": {"const": ""}, "then": "dropped"}, "rejected"]
        }
    }


def test_siblings_share_an_action(proposed: Proposed) -> None:
    """Two members that are taken in the same way are one proposal, and one JSONPath names both."""

    def fails(request: Any, ask: Any) -> Any:
        for name in ("gift", "note"):
            answer = deviations.taking(name, _zero)(request, ask)
            if answer.status == 500:
                return answer
        return ask()

    def _zero(value: Any) -> Any:
        if isinstance(value, dict):
            raise ZeroDivisionError
        return value

    _, found = proposed(fails)
    lenient = [one for one in found if one.wrong == "server"]

    assert len(lenient) == 1
    assert lenient[0].actions[0].target == "$.components.schemas.Order.properties['note', 'gift']"


def test_a_bound_is_proposed_where_its_neighbour_is_refused(proposed: Proposed) -> None:
    """Eleven characters are taken and twelve are not: nothing valid is excluded that was never tried."""
    _, found = proposed(deviations.ALL["short notes"])

    assert _wrongs(found) == [("contract", True), ("nobody", False)]
    assert found[0].actions[0].update == {"maxLength": len(" Two Words ")}
    assert "B takes 11 and not 12, and there is nothing in between" in found[0].why


def test_nothing_differs_nothing_is_proposed(proposed: Proposed) -> None:
    """A faithful server leaves nothing to do."""
    before, found = proposed(lambda _, ask: ask())

    assert (before.divergences, found) == ((), ())


def test_the_same_answers_give_the_same_overlay(proposed: Proposed, spec: Path) -> None:
    """Twice asked is twice the same text, byte for byte."""
    names = ["201 for 200", "numbers from texts", "errors of another shape", "each tag once"]
    texts = [
        overlay.render(load(spec, []), proposed(deviations.together(names))[1]) for _ in range(2)
    ]

    assert texts[0] == texts[1] != ""


def test_who_is_wrong_stands_in_the_overlay(proposed: Proposed, spec: Path) -> None:
    """A reviewer reads in a comment what is known of a defect, and what the contract has wrong."""
    _, found = proposed(deviations.together(["201 for 200", "fails on objects"]))
    text = overlay.render(load(spec, []), found)

    assert "# The contract is wrong: POST /orders, an accepted request is answered 201" in text
    assert "# The server is wrong: POST /orders, `gift`: `type:object` error." in text
    assert len(yaml.safe_load(text)["actions"]) == sum(len(one.actions) for one in found)


def test_secrets_are_taken_out(proposed: Proposed) -> None:
    """A server that writes the key into its answers does not bring it into a proposal."""
    _, found = proposed(
        deviations.body(400, lambda *_: {"code": KEY, KEY: "seen", "message": f"not {KEY}"})
    )
    clean = [one.redacted(lambda text: text.replace(KEY, "***")) for one in found]

    assert KEY in repr([one.actions for one in found])
    assert KEY not in repr([one.actions for one in clean])
    assert not any(KEY.encode() in one.right.body for one in clean)


PLAIN = """\
openapi: 3.0.3
info: {title: Plain, version: '1'}
paths:
  /things:
    post:
      requestBody:
        required: true
        content: {application/json: {schema: {type: object, properties: {size: {type: number}}}}}
      responses:
        '200':
          description: ok
          content: {application/json: {schema: {type: object, properties: {kind: {type: string}}}}}
        '400':
          description: no
          content: {application/json: {schema: {type: object, properties: {why: {type: string}}}}}
"""


def test_what_is_drafted_is_in_the_dialect_of_the_document(tmp_path: Path) -> None:
    """In OpenAPI 3.0 there is no `const` and no list of types: what is written there is valid, and holds."""
    spec, proposal = tmp_path / "plain.yaml", tmp_path / "proposed.yaml"
    spec.write_text(PLAIN, "utf-8")

    def other(environ: Any, start_response: Any) -> Any:
        chunks, status, told = run_wsgi_app(app, environ)
        body = b"".join(chunks)
        if status.startswith("400"):
            body = json.dumps({"code": "BAD", "more": None, "at": [1]}).encode()
        elif status.startswith("200"):
            body = b'{"kind":"thing"}'
        headers = [pair for pair in told if pair[0] != "Content-Length"]
        start_response(status, [*headers, ("Content-Length", str(len(body)))])
        return [body]

    def compared(known: Contract, witness: Any) -> Any:
        targets = [mocked.target(known), mocked.target(contract, other)]
        return run.compare(known, targets[0], targets[1], run.Options(), witness=witness)

    contract = load(spec, [])
    app, ledger = create_app(contract), Ledger(contract, overlaid(spec, []))
    before = compared(contract, ledger.take)
    text = overlay.render(contract, ledger.proposals())
    proposal.write_text(text, "utf-8")
    after = compared(load(spec, [proposal]), lambda *_: None)

    assert "enum:" in text
    assert "const" not in text
    assert before.divergences
    told = [one.message for one in after.divergences if "methods" not in one.left.case.id]
    assert told == [], text


def test_what_stands_in_another_file_is_left_to_people(tmp_path: Path) -> None:
    """An overlay reaches the root document alone; what it does not reach is still told."""
    outer = ORDERS.replace("{$ref: '#/components/schemas/Order'}", "{$ref: 'parts.yaml#/Order'}", 1)
    (tmp_path / "orders.yaml").write_text(outer, "utf-8")
    order = yaml.safe_load(ORDERS)["components"]["schemas"]["Order"]
    (tmp_path / "parts.yaml").write_text(json.dumps({"Order": order}), "utf-8")
    spec = tmp_path / "orders.yaml"
    contract = load(spec, [])
    ledger = Ledger(contract, overlaid(spec, []))
    server = Server(contract, deviations.ALL["fails on objects"])
    targets = [mocked.target(contract), mocked.target(contract, server)]
    run.compare(contract, targets[0], targets[1], run.Options(), witness=ledger.take)
    found = ledger.proposals()

    assert [one.wrong for one in found if "objects" in one.what or "fail" in one.what]
    assert not any("Order" in action.target for one in found for action in one.actions)


def test_one_size_that_is_taken_is_no_bound(proposed: Proposed) -> None:
    """Where only the empty text is taken, it may be anything but its length that the server minds."""
    _, found = proposed(deviations.refusing("note", lambda note: note != ""))

    assert _wrongs(found) == [("decide", False), ("nobody", False)]
