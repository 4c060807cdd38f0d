"""What is sent is judged first: by its bytes, and by two validators."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadline_contracts import cases
from leadline_contracts.case import Case, Due
from leadline_contracts.cases import cases_of, certificate
from leadline_contracts.draft import Draft, base
from leadline_contracts.judge import agrees, judge
from leadline_contracts.schemas import certain
from leadline_openapi import Contract, Operation, jsontext, load
from leadline_openapi.schema import Schema


@pytest.fixture(scope="module")
def draft(contract: Contract) -> Draft:
    """The simplest request of the leads contract."""
    return base(contract.operations[0])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)
NAMES = ("notes", "year", "subscribe", "reason", "exterior", "searches", "nonsense")


@settings(max_examples=200, deadline=None)
@given(value=st.dictionaries(st.sampled_from(NAMES), JSON, max_size=3) | JSON)
def test_only_what_both_validators_say(draft: Draft, value: Any) -> None:
    """A body is due what both validators say of it, whatever its maker meant."""
    schema = draft.operation.body.content[0].schema  # type: ignore[union-attr]
    case = draft.with_value(value).case("any", "body", Due.ACCEPT, "")
    first, second = schema.is_valid(value), schema.second_opinion(value)  # type: ignore[union-attr]
    sure = Due.ACCEPT if certain(schema, value) else None  # type: ignore[arg-type]

    expected = {(True, True): sure, (False, False): Due.REFUSE}.get((first, second))
    assert judge(case) is expected
    assert agrees(case) is (expected is Due.ACCEPT)


def test_a_lying_generator_is_dropped(contract: Contract, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cases that are not due what their maker says are not sent."""

    def liar(_: Operation, draft: Draft) -> Iterator[Case]:
        yield draft.with_value({"notes": 7}).case("good", "lies", Due.ACCEPT, "")
        yield draft.with_value({"notes": "text"}).case("bad", "lies", Due.REFUSE, "")
        yield draft.with_value({"notes": 7}).case("denied", "lies", Due.DENY, "")
        yield draft.with_value({"notes": "text"}).case("true", "lies", Due.ACCEPT, "")

    monkeypatch.setattr(cases, "SOURCES", (liar,))

    assert [case.name for case in cases_of(contract.operations[0])] == ["true"]


@pytest.mark.parametrize(("value", "opinion"), [({"notes": "text"}, False), ({"notes": 7}, True)])
def test_a_lonely_opinion_is_no_verdict(
    value: Any, opinion: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the two validators differ, nothing is due."""
    monkeypatch.setattr(Schema, "second_opinion", lambda *_: opinion)
    draft = base(load().operations[0])  # anew: opinions on a contract are remembered

    assert judge(draft.with_value(value).case("any", "body", Due.ACCEPT, "")) is None


@pytest.mark.parametrize(
    "value", [{"notes": "a\0b"}, {"notes": "\ud800"}, {"year": 2**53 + 1}, {"searches": [-(2**63)]}]
)
def test_what_is_not_interoperable_is_no_verdict(draft: Draft, value: Any) -> None:
    """What servers cannot be asked to hold (RFC 8259 sections 6 and 8.2) need not be accepted."""
    case = draft.with_value(value).case("any", "body", Due.EITHER, "")

    assert judge(case) is None
    assert agrees(case)
    assert not agrees(draft.with_value({**value, "a": 1}).case("any", "body", Due.EITHER, ""))


def test_every_case_is_judged(contract: Contract) -> None:
    """Every case of the certificate has a name of its own, is sent once, and is due what it says."""
    found = certificate(contract)
    sent = {
        (case.method, case.target, case.headers, case.body, case.credential.name) for case in found
    }

    assert (len(sent), len({case.id for case in found})) == (len(found), len(found))
    assert all(agrees(case) for case in found)


def test_every_enum_value_is_accepted_once_alone(contract: Contract) -> None:
    """The certificate holds every value of every enum of the request."""
    document = contract.document["components"]["schemas"]
    accepted = [case.value for case in certificate(contract) if case.due is Due.ACCEPT]
    alone = {
        (name, item)
        for value in accepted
        if isinstance(value, dict) and len(value) == 1
        for name, member in value.items()
        for item in (member if isinstance(member, list) and len(member) == 1 else [member])
        if isinstance(item, str)
    }
    missing = []
    for name, member in document["LeadRequest"]["properties"].items():
        reference = member.get("$ref") or member.get("items", {}).get("$ref", "")
        values = document.get(reference.rpartition("/")[2], {}).get("enum", ())
        missing += [(name, value) for value in values if (name, value) not in alone]

    assert missing == []


@pytest.mark.parametrize("body", [b"", b"{", b"NaN", b"\xff", b'{"a":1} {}'])
def test_bytes_that_are_no_json(draft: Draft, body: bytes) -> None:
    """A body that is no JSON text is due a refusal."""
    case = draft.with_body(body, "application/json").case("any", "body", Due.REFUSE, "")

    assert judge(case) is Due.REFUSE


def test_dump_is_what_is_read(draft: Draft) -> None:
    """A case's value is what its bytes say."""
    case = draft.with_value({"notes": "\ud800"}).case("any", "body", Due.ACCEPT, "")

    assert case.value == jsontext.parse(case.body or b"") == {"notes": "\ud800"}
