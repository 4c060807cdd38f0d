"""What is sent is judged first: by its bytes, and by two validators."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

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
    assert draft.operation.body is not None
    schema = draft.operation.body.content[0].schema
    assert schema is not None
    case = draft.with_value(value).case("any", "body", Due.ACCEPT, "")
    first, second = schema.is_valid(value), schema.second_opinion(value)
    sure = Due.ACCEPT if certain(schema, value) else None

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


def _contract(tmp_path: Path, path: str, operation: dict[str, Any]) -> Contract:
    """A contract of one operation."""
    method = "post" if "requestBody" in operation else "get"
    responses = {"200": {"description": "ok"}, "400": {"description": "bad"}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Made", "version": "1"},
        "paths": {path: {method: {**operation, "responses": responses}}},
    }
    spec = tmp_path / "spec.json"
    spec.write_text(json.dumps(document))
    return load(spec)


def _taking(schema: Any) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def _parameter(name: str, where: str, schema: Any) -> dict[str, Any]:
    return {"name": name, "in": where, "schema": schema, "required": where == "path"}


WHOLE = {"type": "integer"}
NUMBER = {"type": "number"}


@pytest.fixture(scope="module")
def numbers(tmp_path_factory: pytest.TempPathFactory) -> Contract:
    """Integers and numbers in every place."""
    body = {
        "type": "object",
        "properties": {
            "whole": WHOLE,
            "number": NUMBER,
            "both": {"type": ["integer", "number"]},
            "list": {"type": "array", "items": WHOLE},
            "pair": {"type": "array", "prefixItems": [NUMBER, {"type": ["integer", "null"]}]},
            "inner": {"type": "object", "properties": {"whole": WHOLE, "number": NUMBER}},
            "map": {"type": "object", "additionalProperties": WHOLE},
            "branch": {"oneOf": [{"type": "string"}, WHOLE]},
        },
    }
    parameters = [
        _parameter(f"{where[0]}{kind['type'][0]}", where, kind)
        for where in ("path", "query", "header")
        for kind in (WHOLE, NUMBER)
    ]
    return _contract(
        tmp_path_factory.mktemp("numbers"),
        "/things/{pi}/{pn}",
        {**_taking(body), "parameters": parameters},
    )


@settings(max_examples=100, deadline=None)
@given(text=st.sampled_from(("1.0", "1e3", "1E+2", "-0.0", "20e0")))
@pytest.mark.parametrize(
    ("body", "sure"),
    [
        ('{"whole":%s}', False),
        ('{"number":%s}', True),
        ('{"both":%s}', True),
        ('{"list":[1,%s]}', False),
        ('{"pair":[%s,1]}', True),
        ('{"pair":[1,%s]}', False),
        ('{"inner":{"whole":%s}}', False),
        ('{"inner":{"whole":1,"number":%s}}', True),
        ('{"map":{"any":%s}}', False),
        ('{"branch":%s}', False),
    ],
)
def test_an_integer_written_as_a_fraction_is_no_verdict(
    numbers: Contract, body: str, sure: bool, text: str
) -> None:
    """Where only an integer is admitted, many parsers refuse `1.0`; where any number is, none does."""
    draft = base(numbers.operations[0]).with_body((body % text).encode(), "application/json")
    case = draft.case("any", "body", Due.EITHER, "")

    assert judge(case) is (Due.ACCEPT if sure else None)
    assert agrees(case)


def test_integers_are_written_plainly(numbers: Contract) -> None:
    """No request that must be accepted spells an integer as a fraction; alone in a body it may be."""
    found = certificate(numbers)
    sent = [
        (case.due, text)
        for case in found
        for text in (
            *case.target.partition("?")[0].split("/")[2:3],
            *(part[3:] for part in case.target.partition("?")[2].split("&") if part[:3] == "qi="),
            *(value for name, value in case.headers if name == "hi"),
        )
    ]
    members = [case for case in found if isinstance(case.value, dict)]
    bodies = [(case.due, case.value["whole"]) for case in members if "whole" in case.value]

    assert {due for due, text in sent if text in {"1.0", "1000.0", "1e3", "1E+2"}} == set()
    assert {due for due, one in bodies if isinstance(one, float)} == {Due.EITHER, Due.REFUSE}
    assert Due.ACCEPT in {case.due for case in found if b'"number":1e3' in (case.body or b"")} & {
        case.due for case in found if "qn=1.0" in case.target
    }


DEEP = {
    "arrays": "[" * 600 + "]" * 600,
    "objects": '{"a":' * 600 + "1" + "}" * 600,
    "a member": '{"a":' + "[" * 600 + "]" * 600 + "}",
}
CLOSED = {"type": "object", "additionalProperties": False, "properties": {"b": WHOLE}}


@pytest.mark.parametrize(
    ("schema", "refused"),
    [
        ({}, ()),
        ({"type": "object"}, ("arrays",)),
        ({"type": "array"}, ("objects", "a member")),
        (CLOSED, tuple(DEEP)),
        ({"type": "object", "properties": {"a": {"type": "object"}}}, ("arrays", "a member")),
        ({"type": "object", "additionalProperties": CLOSED}, tuple(DEEP)),
    ],
)
def test_depth_alone_is_no_verdict(schema: Any, refused: tuple[str, ...], tmp_path: Path) -> None:
    """What is nested more deeply than we read is refused only for what its outer levels say."""
    contract = _contract(tmp_path, "/things", _taking(schema))
    draft = base(contract.operations[0])
    found = {
        name: judge(draft.with_body(text.encode(), "application/json").case("", "", Due.ANY, ""))
        for name, text in DEEP.items()
    }

    assert found == {name: Due.REFUSE if name in refused else None for name in DEEP}
    deep = [one for one in certificate(contract) if one.name.startswith("deep nesting")]
    assert {one.due for one in deep} <= {Due.ANY, Due.REFUSE}
    assert all(agrees(one) for one in deep)
    assert any(one.due is Due.ANY for one in deep) is (len(refused) < len(DEEP))


TEXT = {"type": "string"}


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """A request of an operation with two parameters in one segment of its path."""
    parameters = [
        _parameter("a", "path", {"enum": ["x", "y"]}),
        _parameter("b", "path", {"type": "string", "pattern": "^[a-z]+$"}),
        _parameter("ext", "path", TEXT),
    ]
    folder = tmp_path_factory.mktemp("two")
    contract = _contract(folder, "/files/{a}/{b}.{ext}", {"parameters": parameters})
    return base(contract.operations[0]).case("any", "", Due.ACCEPT, "")


@settings(max_examples=200, deadline=None)
@given(
    value=st.text(max_size=4) | st.text("ab.", max_size=4),
    last=st.from_regex("[a-z]{1,3}", fullmatch=True),
)
def test_several_parameters_in_one_segment(two: Case, value: str, last: str) -> None:
    """Each is read on its own, and a text that gateways stop or that could end elsewhere is no verdict."""
    target = f"/files/x/{quote(value, safe='')}.{last}"
    name = value.isascii() and value.isalpha() and value.islower()
    unclear = value == "" or "." in value[1:]

    assert judge(replace(two, target=target)) is (
        None if unclear else Due.ACCEPT if name else Due.REFUSE
    )
    assert judge(replace(two, target=f"/files/z/b.{last}")) is Due.REFUSE
    assert judge(replace(two, target="/files/x/b")) is None


@pytest.mark.parametrize("text", ["a%41", "a;b", "a\tb", " a", "a ", "a\\b", "..", "a/b", "\u200b"])
def test_what_gateways_stop_is_no_verdict(text: str, tmp_path: Path) -> None:
    """A path that firewalls refuse unseen need not be accepted, and is not sent."""
    contract = _contract(tmp_path, "/a/{b}", {"parameters": [_parameter("b", "path", TEXT)]})
    case = base(contract.operations[0]).case("any", "", Due.ACCEPT, "")

    assert judge(replace(case, target="/a/b")) is Due.ACCEPT
    assert judge(replace(case, target=f"/a/{quote(text, safe='')}")) is None
    assert not any(f"/a/{quote(text, safe='')}" == one.target for one in certificate(contract))
