"""Two servers that differ in one way: one divergence, whatever the number of cases that show it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.contracts.conftest import doc_changed, member_changed

from leadline_contracts import mocked
from leadline_contracts.compare import run
from leadline_contracts.compare.plan import Plan
from leadline_contracts.compare.report import Comparison
from leadline_contracts.compare.reports import as_json
from leadline_mock import World, create_app
from leadline_openapi import Contract, load

KEY = "test-api-key"
DEFECTS: dict[str, tuple[Any, str, str]] = {}


def _enter(name: str, aspect: str, kind: str, wrapper: Any) -> None:
    DEFECTS[name] = (wrapper, aspect, kind)


def _answering(fits: Callable[[Any, Any], bool], change: Callable[[Any], None]) -> Any:
    """A wrapper that makes *change* to the answers that *fits* says of request and answer."""

    def wrapper(request: Any, ask: Any) -> Any:
        answer = ask()
        if fits(request, answer):
            change(answer)
        return answer

    return wrapper


def _late(sent: dict[str, Any], doc: dict[str, Any]) -> None:
    if "updatedAt" not in sent:
        time = datetime.fromisoformat(doc["updatedAt"]) + timedelta(hours=1)
        doc["updatedAt"] = time.isoformat()


def _opens(request: Any, ask: Any) -> Any:
    request.key = request.key or KEY
    return ask()


def _media(kind: str) -> Callable[[Any], None]:
    return lambda answer: answer.headers.__setitem__(slice(None), [("Content-Type", kind)])


def _status(status: int) -> Callable[[Any], None]:
    return lambda answer: setattr(answer, "status", status)


def _with(name: str, value: str) -> Callable[[Any], None]:
    return lambda answer: answer.headers.append((name, value))


def _pick(status: int) -> Callable[[Any, Any], bool]:
    return lambda _, answer: answer.status == status


_yes = _pick(200)
_enter("created", "status", "200 / 201", _answering(_yes, _status(201)))
_enter("other refusal", "status", "400 / 422", _answering(_pick(400), _status(422)))
_enter("forbidden", "status", "401 / 403", _answering(_pick(401), _status(403)))
_enter(
    "lets in without a key",
    "status",
    "401 / 200",
    _opens,
)
_enter(
    "refuses a field",
    "status",
    "200 / 400",
    _answering(
        lambda request, answer: answer.accepted and "zipcode" in request.fields,
        lambda answer: answer.refuse(400),
    ),
)
_enter(
    "takes an unknown value",
    "status",
    "400 / 200",
    lambda request, ask: ask(
        lenient=isinstance(request.fields.get("reason"), str) and request.key == KEY
    ),
)
_enter(
    "redirects everything",
    "status",
    "anything / 302",
    _answering(lambda *_: True, _status(302)),
)
_enter("html", "shape", "application/json / text/html", _answering(_yes, _media("text/html")))
_enter(
    "no JSON",
    "shape",
    "JSON / not JSON",
    _answering(_yes, lambda answer: setattr(answer, "body", answer.body[:-1])),
)
_enter(
    "other error shape",
    "shape",
    "other members (refusal)",
    _answering(_pick(400), lambda answer: setattr(answer, "value", {"error": "no"})),
)
_enter("no id", "shape", "only in A", doc_changed(lambda _, doc: doc.pop("id")))
_enter(
    "text as id",
    "values",
    "another value",
    doc_changed(lambda _, doc: doc.update(id=str(doc["id"]))),
)
_enter("an id twice", "values", "another value", doc_changed(lambda _, doc: doc.update(id=7)))
_enter("a wrong clock", "values", "another value", doc_changed(_late))
_enter(
    "another message",
    "values",
    "another value",
    _answering(
        lambda _, answer: answer.accepted,
        lambda answer: setattr(answer, "value", {**answer.value, "message": "done"}),
    ),
)
_enter(
    "lost fields",
    "sent value",
    "same / dropped",
    doc_changed(lambda _, doc: [doc.pop(name, None) for name in ("make", "model", "trim", "year")]),
)
_enter("a changed value", "sent value", "same / coerced", member_changed("monthlyPayment", str))
_enter(
    "order of a list", "sent value", "same / coerced", member_changed("exterior", lambda v: v[::-1])
)
_enter(
    "a language",
    "headers",
    "content-type: application/json / application/json; v=2",
    _answering(_yes, _media("application/json; v=2")),
)
_enter(
    "a challenge",
    "headers",
    "www-authenticate of 401: nothing / bearer",
    _answering(_pick(401), _with("WWW-Authenticate", 'Bearer realm="x"')),
)
_enter(
    "where it is",
    "headers",
    "location of 200: nothing / /api/leads/{id}",
    _answering(_yes, lambda one: _with("Location", f"/api/leads/{one.value['doc']['id']}")(one)),
)


def _json_first(request: Any, ask: Any) -> Any:
    """Reads the body before it looks at the key."""
    key, answer = request.key, None
    request.key = KEY
    answer = ask()
    if answer.status == 400 and request.value is None and request.body:
        return answer
    request.environ.pop("HTTP_AUTHORIZATION", None)
    if key is not None:
        request.key = key
    return ask()


_enter(
    "JSON before the key",
    "order of checks",
    "credentials and malformed body: credentials first / malformed body first",
    _json_first,
)


@pytest.mark.parametrize("name", DEFECTS)
def test_one_difference_is_one_divergence(name: str, compared: Callable[..., Comparison]) -> None:
    """The defect is told once, by its aspect and kind, with both answers of a case that shows it."""
    wrapper, aspect, kind = DEFECTS[name]
    found = compared(lambda _, ask: ask(), wrapper)

    assert [(one.difference.aspect, one.difference.kind) for one in found.divergences] == [
        (aspect, kind)
    ], [(one.message, one.count, one.left.case.id) for one in found.divergences]
    only = found.divergences[0]
    assert only.count >= 1
    assert only.left.case is only.right.case
    told = [(one.status, one.headers, one.body) for one in (only.left, only.right)]
    assert told[0] != told[1]


@pytest.mark.parametrize("name", ["created", "lost fields", "no id", "other error shape"])
def test_comparing_is_symmetric(name: str, compared: Callable[..., Comparison]) -> None:
    """B with A differs as often, and as much, as A with B."""
    wrapper = DEFECTS[name][0]
    one = compared(wrapper, lambda _, ask: ask())
    other = compared(lambda _, ask: ask(), wrapper)

    assert one.fidelity == other.fidelity
    assert [(each.difference.aspect, each.count) for each in one.divergences] == [
        (each.difference.aspect, each.count) for each in other.divergences
    ]


def test_the_mock_is_faithful_to_itself(
    contract: Contract, whole: Plan, planned: Callable[[Plan], None]
) -> None:
    """Two mocks of one contract differ in nothing, over more than three thousand cases."""
    planned(whole)
    found = run.compare(contract, mocked.target(contract), mocked.target(contract))

    assert (found.verdict, found.divergences, found.left_out) == ("same", (), {})
    assert found.fidelity.percent == 100
    assert found.cases == len(whole.cases) > 3000


def test_strict_and_warn_differ_in_what_they_refuse(
    contract: Contract, whole: Plan, planned: Callable[[Plan], None]
) -> None:
    """One divergence for each way to refuse; fidelity counts every case that is refused, once."""
    planned(whole)
    warn = create_app(contract, World(mode="warn"))
    found = run.compare(contract, mocked.target(contract), mocked.target(contract, warn))

    kinds = {one.difference.kind for one in found.divergences}
    assert kinds == {"400 / 200", "401 / 200", "415 / 200"}
    assert len(found.divergences) == 3
    counted = sum(one.count for one in found.divergences)
    assert found.cases - found.fidelity.exercised == counted


def test_an_overlay_that_says_201_is_one_divergence(
    contract: Contract, part: Plan, planned: Callable[[Plan], None], tmp_path: Any
) -> None:
    """Mocks of two profiles: the body is compared to its end although the status is another one."""
    overlay = tmp_path / "created.yaml"
    answers = contract.document["paths"]["/leads"]["post"]["responses"]
    actions = [
        {
            "target": "$.paths['/leads'].post.responses",
            "update": {"201": answers["200"]},
        },
        {"target": "$.paths['/leads'].post.responses['200']", "remove": True},
    ]
    told = {"overlay": "1.0.0", "info": {"title": "t", "version": "1"}, "actions": actions}
    overlay.write_text(json.dumps(told), "utf-8")
    from leadline_openapi import profiles

    created = load(None, profiles.stack("documented", (overlay,)))
    planned(part)
    found = run.compare(contract, mocked.target(contract), mocked.target(created))

    assert [one.difference.kind for one in found.divergences] == ["200 / 201"]


def _populated(doc: dict[str, Any]) -> None:
    for name in ("searches", "trade"):
        if isinstance(doc.get(name), list):
            doc[name] = [{"id": str(one), "more": 1} for one in doc[name]]


def _bare(doc: dict[str, Any]) -> None:
    for name in ("searches", "trade"):
        if isinstance(doc.get(name), list):
            doc[name] = [one["id"] if isinstance(one, dict) else one for one in doc[name]]


def test_what_the_vocabulary_leaves_open_is_no_difference(
    compared: Callable[..., Comparison],
) -> None:
    """Ids for documents above depth 0, `null` and `[]` for what was not sent, other words for an error."""

    def other(request: Any, ask: Any) -> Any:
        answer = ask()
        if answer.accepted:
            doc = answer.doc
            if "depth=" in request.query and "depth=0" not in request.query:
                _bare(doc)
            doc.setdefault("notes", None)
            doc.setdefault("exterior", [])
            answer.doc = doc
        elif answer.status == 400:
            errors = [{**one, "message": "Nope."} for one in answer.value["errors"]]
            answer.value = {"errors": errors}
        answer.headers = [
            (name, f"{value}; charset=utf-8" if name == "Content-Type" else value)
            for name, value in answer.headers
        ]
        return answer

    found = compared(lambda _, ask: ask(), other)

    assert found.divergences == (), [(one.message, one.difference) for one in found.divergences]


def test_documents_at_depth_0_are_told(compared: Callable[..., Comparison]) -> None:
    """Where ids are asked for, a populated relation is a difference."""

    def other(request: Any, ask: Any) -> Any:
        answer = ask()
        if answer.accepted and "depth=0" in request.query.split("&"):
            doc = answer.doc
            _populated(doc)
            answer.doc = doc
        return answer

    found = compared(lambda _, ask: ask(), other)

    assert [one.difference.aspect for one in found.divergences] == ["sent value"]
    assert set(found.divergences[0].pointers) <= {"/doc/searches", "/doc/trade"}


def test_the_same_comparison_twice_is_the_same_report(
    compared: Callable[..., Comparison],
) -> None:
    """Nothing but the time it took, and the server's own values in the evidence, changes."""
    wrapper = DEFECTS["lost fields"][0]

    def told() -> Any:
        facts = as_json.facts(compared(wrapper))
        del facts["seconds"]
        for one in facts["divergences"]:
            del one["answer_a"], one["answer_b"]
        return facts

    assert told() == told()


def test_every_case_counts_once(compared: Callable[..., Comparison]) -> None:
    """Areas add up to the figure, and a case with several differences costs one."""

    def wrapper(request: Any, ask: Any) -> Any:
        answer = DEFECTS["lost fields"][0](request, ask)
        if answer.status == 200:
            answer.status = 201
        return answer

    found = compared(wrapper)

    assert {one.difference.aspect for one in found.divergences} == {"status", "sent value"}
    assert sum(one.cases for one in found.areas) == found.cases
    assert sum(one.same for one in found.areas) == found.fidelity.exercised
    status = next(one for one in found.divergences if one.difference.aspect == "status")
    assert found.cases - found.fidelity.exercised == status.count
