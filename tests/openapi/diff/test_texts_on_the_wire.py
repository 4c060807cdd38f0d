"""Parameters, headers and forms are compared as what is written, in which no JSON type is left."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.openapi.diff.specs import loaded

from leadline_openapi import Contract, diff

TEXT = {"type": "string"}
WHOLE = {"type": "integer"}
NUMBER = {"type": "number"}
FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data"
LOCATIONS = ("query", "path", "header", "cookie")


def _list(items: Any, **more: Any) -> dict[str, Any]:
    return {"type": "array", "items": items, **more}


def _object(**members: Any) -> dict[str, Any]:
    return {"type": "object", "properties": members}


def _document(**operation: Any) -> dict[str, Any]:
    operation.setdefault("responses", {"204": {"description": "ok"}})
    return {
        "openapi": "3.1.1",
        "info": {"title": "X", "version": "1.0.0"},
        "paths": {"/x/{p}": {"post": operation}},
    }


def _parameter(schema: Any, location: str = "query", **more: Any) -> dict[str, Any]:
    path = {"name": "p", "in": "path", "required": True, "schema": TEXT}
    told = {"name": "p", "in": location, "schema": schema, **more}
    listed = [{**path, "schema": schema}] if location == "path" else [path, told]
    return _document(parameters=listed)


def _body(schema: Any, media: str = FORM) -> dict[str, Any]:
    path = {"name": "p", "in": "path", "required": True, "schema": TEXT}
    return _document(parameters=[path], requestBody={"content": {media: {"schema": schema}}})


def _answered(schema: Any) -> dict[str, Any]:
    path = {"name": "p", "in": "path", "required": True, "schema": TEXT}
    answer = {"description": "ok", "headers": {"X-A": {"schema": schema}}}
    return _document(parameters=[path], responses={"200": answer})


def _told(
    folder: Path, old: Mapping[str, Any], new: Mapping[str, Any]
) -> list[tuple[str, str, str, Any]]:
    before, after = loaded(folder, "old", old), loaded(folder, "new", new)
    return [
        (one.code, one.verdict, one.ground, one.witness.value if one.witness else None)
        for one in diff(before, after).changes
    ]


_SAME = [
    ("whole numbers may be texts", WHOLE, TEXT),
    ("numbers may be texts", NUMBER, TEXT),
    ("truths may be texts", {"type": "boolean"}, TEXT),
    ("numbers of a list are its texts", {"enum": [1, 2]}, {"enum": ["1", "2", "3"]}),
    ("texts of a list are its numbers", {"enum": ["1", "2"]}, {"enum": [1, 2]}),
    ("one may be many", TEXT, _list(TEXT)),
    ("one is the only one", TEXT, _list(TEXT, minItems=1, maxItems=1)),
    ("many numbers may be texts", _list(WHOLE), _list(TEXT)),
    ("as many numbers may be texts", _list(WHOLE, minItems=2), _list(TEXT, minItems=1)),
]


@pytest.mark.parametrize(("old", "new"), [one[1:] for one in _SAME], ids=[one[0] for one in _SAME])
def test_the_same_text_breaks_nobody(old: Any, new: Any, tmp_path: Path) -> None:
    """Whatever is written by the old contract is right by the new one, which is proven."""
    told = _told(tmp_path, _parameter(old), _parameter(new))

    assert {one[1:3] for one in told} == {("non-breaking", "proof")}


@pytest.mark.parametrize("location", LOCATIONS)
def test_no_location_has_types(location: str, tmp_path: Path) -> None:
    """A number is a text everywhere, and a text is no number anywhere; the path has no empty one."""
    wider = _told(tmp_path, _parameter(WHOLE, location), _parameter(TEXT, location))
    narrower = _told(tmp_path, _parameter(TEXT, location), _parameter(WHOLE, location))

    shown = "a" if location == "path" else ""
    assert wider == [("type-changed", "non-breaking", "proof", None)]
    assert narrower == [("type-changed", "breaking", "witness", shown)]


_OTHER = [
    ("a text that is too long", WHOLE, {**TEXT, "maxLength": 3}, 1000),
    ("a number that is no text of the list", {"enum": [1, 2, 3]}, {"enum": ["1", "2"]}, 3),
    ("two where one is read", _list(TEXT), TEXT, ["", ""]),
    ("an item that is no number", _list(TEXT), _list(WHOLE), [""]),
    ("a fraction", NUMBER, WHOLE, 0.5),
]


@pytest.mark.parametrize(
    ("old", "new", "witness"), [one[1:] for one in _OTHER], ids=[one[0] for one in _OTHER]
)
def test_a_text_that_is_refused_is_shown(old: Any, new: Any, witness: Any, tmp_path: Path) -> None:
    """And not one that only JSON would refuse."""
    ((_, verdict, ground, value),) = _told(tmp_path, _parameter(old), _parameter(new))

    assert (verdict, ground, value) == ("breaking", "witness", witness)


def test_what_is_not_found_is_not_shown(tmp_path: Path) -> None:
    """Where neither a proof nor a text is found, it counts as breaking, without an example that is none."""
    digits = {**TEXT, "pattern": "^-?[0-9]+$"}

    told = _told(tmp_path, _parameter(WHOLE), _parameter(digits))
    nested = _told(tmp_path, _parameter(_list(_list(WHOLE))), _parameter(_list(_list(TEXT))))

    assert told == nested == [("type-changed", "breaking", "undecided", None)]


def test_a_list_in_one_text_is_a_text(tmp_path: Path) -> None:
    """Both ways round, where its items are not given one by one."""
    old, new = (_parameter(schema, explode=False) for schema in (_list(TEXT), TEXT))

    for one, other in ((old, new), (new, old)):
        assert [told[1] for told in _told(tmp_path, one, other)] == ["non-breaking"]


def test_only_what_is_meant_is_judged(tmp_path: Path) -> None:
    """A narrower list makes no number in it another one."""
    told = _told(
        tmp_path, _parameter(_list(WHOLE, minItems=1)), _parameter(_list(TEXT, minItems=2))
    )

    assert sorted(one[:2] for one in told) == [
        ("min-items-narrowed", "breaking"),
        ("type-changed", "non-breaking"),
    ]


def test_a_header_of_an_answer_is_a_text(tmp_path: Path) -> None:
    """The other way round, as callers read it."""
    narrower = _told(tmp_path, _answered(TEXT), _answered(WHOLE))
    wider = _told(tmp_path, _answered(WHOLE), _answered(TEXT))

    assert narrower == [("type-changed", "non-breaking", "proof", None)]
    assert wider == [("type-changed", "breaking", "witness", "")]


@pytest.mark.parametrize("media", [FORM, PARTS])
def test_members_of_a_form_are_texts(media: str, tmp_path: Path) -> None:
    """What is beside a member makes no difference to it; an object in a form is JSON, with its types."""

    def form(a: Any, **more: Any) -> dict[str, Any]:
        return _body(_object(a=a, b={**TEXT, **more}), media)

    wider = _told(tmp_path, form(WHOLE, maxLength=9), form(TEXT, maxLength=3))
    narrower = _told(tmp_path, form(TEXT), form(WHOLE))
    many = _told(tmp_path, form(_list(WHOLE)), form(_list(TEXT)))
    inside = _told(tmp_path, form(_object(c=WHOLE)), form(_object(c=TEXT)))

    assert [one[:2] for one in wider] == [
        ("max-length-narrowed", "breaking"),
        ("type-changed", "non-breaking"),
    ]
    assert narrower == [("type-changed", "breaking", "witness", {"a": ""})]
    assert [one[1] for one in many] == ["non-breaking"]
    assert inside == [("type-changed", "breaking", "witness", {"a": {"c": 0}})]


def test_a_form_without_a_member_is_one(tmp_path: Path) -> None:
    """An empty form is sent, and lacks what is required now."""
    old, new = _body(_object(a=TEXT)), _body({**_object(a=TEXT), "required": ["a"]})

    assert _told(tmp_path, old, new) == [("member-required", "breaking", "witness", {})]


def test_json_in_a_parameter_has_types(tmp_path: Path) -> None:
    """What is written as JSON is compared as JSON."""
    old, new = (
        _document(
            parameters=[
                {"name": "p", "in": "path", "required": True, "schema": TEXT},
                {"name": "q", "in": "query", "content": {"application/json": {"schema": schema}}},
            ]
        )
        for schema in (WHOLE, TEXT)
    )

    assert _told(tmp_path, old, new) == [("type-changed", "breaking", "witness", 0)]


def test_a_schema_that_a_body_shares_breaks_there(tmp_path: Path) -> None:
    """A number in JSON is no text, though one in a parameter is."""

    def shared(schema: Any) -> dict[str, Any]:
        reference = {"$ref": "#/components/schemas/X"}
        document = _parameter(reference)
        body = {"content": {"application/json": {"schema": reference}}}
        document["paths"]["/x/{p}"]["post"]["requestBody"] = body
        return {**document, "components": {"schemas": {"X": schema}}}

    assert _told(tmp_path, shared(WHOLE), shared(TEXT)) == [
        ("type-changed", "breaking", "witness", 0)
    ]


_VALUES: list[Any] = [
    *(None, True, 0, 1, 5, -1, 1.5, 1.0),
    *("", "1", "-1", "1.5", "a", "true", "null", "abc"),
]
_WHOLES = [*_VALUES, *([one] for one in _VALUES), *([one, 1] for one in _VALUES), []]
_SCALARS = st.one_of(
    st.fixed_dictionaries({"type": st.sampled_from(["integer", "number", "boolean"])}),
    st.fixed_dictionaries({"type": st.just("integer")}, optional={"minimum": st.integers(0, 2)}),
    st.fixed_dictionaries(
        {"type": st.just("string")},
        optional={
            "maxLength": st.integers(1, 3),
            "pattern": st.sampled_from(["^[0-9]+$", "^-?[0-9]+$"]),
        },
    ),
    st.fixed_dictionaries({"type": st.sampled_from([["integer", "null"], ["string", "boolean"]])}),
    st.lists(st.sampled_from(_VALUES), min_size=1, max_size=3).map(lambda values: {"enum": values}),
)
_SCHEMAS = st.one_of(
    _SCALARS,
    st.fixed_dictionaries(
        {"type": st.just("array"), "items": _SCALARS},
        optional={"minItems": st.integers(0, 1), "maxItems": st.integers(1, 2)},
    ),
)


@given(_SCHEMAS, _SCHEMAS, st.sampled_from(["query", "header", "path"]), st.booleans())
def test_what_is_told_is_so_on_the_wire(old: Any, new: Any, location: str, explode: bool) -> None:
    """Where nothing breaks, no text is refused that was right; an example of what breaks is one."""
    with TemporaryDirectory() as folder:
        before, after = (
            loaded(Path(folder), name, _parameter(schema, location, explode=explode))
            for name, schema in (("old", old), ("new", new))
        )
        compared = diff(before, after)
    found = [
        one.witness.value for one in compared.changes if one.ground == "witness" and one.witness
    ]

    refused = [value for value in _WHOLES if _is_refused(before, after, location, value)]
    assert compared.breaking or not refused
    assert all(_is_refused(before, after, location, value) for value in found)


def _is_refused(old: Contract, new: Contract, location: str, value: Any) -> bool:
    before, after = (
        next(one for one in contract.operations[0].parameters if one.location == location)
        for contract in (old, new)
    )
    sent: dict[str, list[str]] = {}
    for name, text in before.write(value):
        sent.setdefault(name, []).append(text)
    if not sent or (location == "path" and [""] in sent.values()):
        return False
    return not before.violations(sent) and bool(after.violations(sent))
