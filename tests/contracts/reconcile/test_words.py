"""What proposals say is so: names as the contract has them, and nobody blamed for what is right."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.contracts.conftest import Server, doc_changed
from tests.contracts.reconcile import deviations

from leadline_contracts import mocked
from leadline_contracts.compare import run
from leadline_contracts.reconcile import overlay
from leadline_contracts.reconcile.ledger import Ledger
from leadline_contracts.reconcile.proposal import Proposal
from leadline_mock import create_app
from leadline_openapi import load
from leadline_openapi.loading import overlaid

Proposed = Callable[[Any], tuple[Any, tuple[Proposal, ...]]]


def test_a_parameter_has_its_name(proposed: Proposed) -> None:
    """In the document it stands in a list, where a number leads to it: nobody knows it by that."""

    def loses(request: Any, ask: Any) -> Any:
        request.environ["QUERY_STRING"] = ""
        return ask()

    _, found = proposed(loses)
    told = [one.what for one in found if one.wrong == "server"]

    assert [what.partition(":")[0] for what in told] == ["`page`"], told


def test_a_method_that_is_not_implemented_is_no_failure(proposed: Proposed) -> None:
    """501 is what a server answers to a method that it does not know (RFC 9110 section 15.6.2)."""
    _, found = proposed(
        deviations.answering(
            lambda request, _: request.environ["REQUEST_METHOD"] == "OPTIONS",
            lambda one: setattr(one, "status", 501),
        )
    )

    assert [one.wrong for one in found if "501" in one.what] == ["nobody"]
    assert not any("fail" in one.what for one in found)


def test_b_is_right_to_refuse_what_only_a_takes(spec: Path) -> None:
    """A fails on what the contract forbids, and B refuses it: there is nothing to write or to report of B."""
    contract = load(spec, [])
    ledger = Ledger(contract, overlaid(spec, []))
    left = mocked.target(contract, Server(contract, deviations.ALL["fails on objects"]))
    right = mocked.target(contract, create_app(contract))
    run.compare(contract, left, right, run.Options(), witness=ledger.take, more=ledger.more)
    found = ledger.proposals()

    assert [(one.wrong, one.actions) for one in found if "gift" in one.what] == [("nobody", ())]
    assert not any(one.is_bug or one.actions for one in found)


def test_answers_that_are_no_json_are_counted_too(proposed: Proposed) -> None:
    """A page is an answer: what is drafted from it was seen."""
    _, found = proposed(deviations.ALL["denials as a page"])
    (about,) = [one for one in found if one.actions]

    assert about.why.startswith(f"Drafted from {about.count} answers of B")


def test_a_comment_of_the_overlay_can_be_read(spec: Path, proposed: Proposed) -> None:
    """What is too long for that is cut, and it is said where the whole stands."""
    _, found = proposed(deviations.header(200, "Location", lambda _: "/" + "x" * 3000))
    text = overlay.render(load(spec, []), found)
    comments = [line for line in text.splitlines() if line.startswith("#")]

    assert sum(map(len, comments)) < 1000
    assert any("--report json=FILE" in line for line in comments)


def test_a_member_that_only_requests_of_ours_have_is_not_drafted(proposed: Proposed) -> None:
    """B stores whatever it is sent, and answers it ever after: that is no member of its own."""
    kept: dict[str, Any] = {}

    def keeps(request: Any, ask: Any) -> Any:
        if "leadlineUnknown" in request.fields:
            kept["leadlineUnknown"] = 1
        return doc_changed(lambda _, doc: doc.update(kept))(request, ask)

    _, found = proposed(keeps)
    updates = [action.update for one in found for action in one.actions]

    assert not any("properties" in (update or {}) for update in updates)
    assert [one.wrong for one in found if "answered as it was sent" in one.what] == ["nobody"]


def test_refusals_that_are_keyed_by_members_have_none_of_ours(proposed: Proposed) -> None:
    """What is at fault may be the name of a member; one that only this comparison sends is not drafted."""

    def keyed(request: Any, ask: Any) -> Any:
        answer = ask()
        if answer.status == 400 and answer.body:
            answer.value = {"errors": dict.fromkeys(request.fields, "is wrong")}
        return answer

    _, found = proposed(keyed)
    drafted = str([action.update for one in found for action in one.actions])

    assert "amount" in drafted
    assert "leadlineUnknown" not in drafted


def test_a_word_goes_with_the_type_that_has_its_values(
    spec: Path, tmp_path: Path, proposed: Proposed
) -> None:
    """Seconds since 1970 are no `now`: with both, no answer would be valid, and the mock could give none."""
    _, found = proposed(doc_changed(lambda _, doc: doc.update(createdAt=1_700_000_000)))
    file = tmp_path / "seconds.yaml"
    file.write_text(overlay.render(load(spec, []), found), "utf-8")
    (about,) = [one for one in found if one.actions]
    stored = load(spec, [file]).document["components"]["schemas"]["Stored"]["properties"]

    assert stored["createdAt"] == {"type": "integer", "readOnly": True}
    assert "no mock knows which value comes" in about.why
