"""Bodies that are missing, no JSON, of another media type, or spelt otherwise, and what is taken of them."""

from __future__ import annotations

from typing import Any

import pytest
from tests.mock.leniency.lenient import body, got, posting
from tests.mock.specs import TEXT

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
NUMBER = {"type": "number", "x-leniency": {"type:string": "coerced"}}
A = {"a": TEXT, "n": NUMBER}

WRITTEN = [
    # fault and outcome, body, media type, answer
    ({"required": "dropped"}, b"", JSON, {}),
    ({"required": "stored"}, b"", JSON, {}),
    ({"required": {"then": "coerced", "as": {"a": "x"}}}, b"", JSON, {"a": "x"}),
    ({"required": "coerced"}, b"", JSON, 400),
    ({"required": "error"}, b"", JSON, 500),
    ({"malformed": "dropped"}, b"{", JSON, {}),
    ({"malformed": "error"}, b"{", JSON, 500),
    ({"malformed": "coerced"}, b"{", JSON, 400),
    ({"malformed": ["coerced", "dropped"]}, b"{", JSON, {}),
    ({"malformed": {"then": "coerced", "as": {"a": "x"}}}, b"{", JSON, {"a": "x"}),
    ({"malformed": {"then": "coerced", "as": 5}}, b"{", JSON, 5),
    ({"malformed:encoding": "coerced"}, b'{"a": "\xff"}', JSON, {"a": "\ufffd"}),
    ({"malformed:encoding": "coerced"}, b"\xff", JSON, 400),
    ({"malformed:encoding": "dropped"}, b'{"a": "\xff"}', JSON, {}),
    ({"malformed": "dropped"}, b'{"a": "\xff"}', JSON, {}),
    ({"malformed:encoding": "dropped"}, b"{", JSON, 400),
    ({"media-type": "dropped"}, b'{"a": "x"}', "text/plain", {}),
    ({"media-type": "stored"}, b'{"a": "x"}', "text/plain", {"a": "x"}),
    ({"media-type": "coerced"}, b'{"a": "x"}', "text/plain", {"a": "x"}),
    ({"media-type": "coerced"}, b'{"a": 5}', "text/plain", 400),
    ({"media-type": "coerced"}, b"x", "text/plain", 400),
    ({"media-type": "coerced"}, b'{"a": "x"}', None, {"a": "x"}),
    ({"media-type": "coerced"}, b"a=x&n=5", FORM, {"a": "x", "n": 5}),
    ({"media-type": "coerced"}, b"a=x&a=y", FORM, {"a": "y"}),
    ({"media-type": "coerced"}, b"a=%C3%A9&n=", FORM, 400),
    ({"media-type": "coerced"}, b"more=x", FORM, 400),
    ({"media-type": "coerced"}, b"", FORM, None),
    ({"media-type": "error"}, b"{}", "text/plain", 500),
    ({"media-type": {"if": {"const": FORM}, "then": "error"}}, b"{}", FORM, 500),
    ({"media-type": {"if": {"const": FORM}, "then": "error"}}, b"{}", "text/plain", 400),
    ({"media-type": "error"}, b"{}", "Application/JSON", {}),
]


@pytest.mark.parametrize(("said", "sent", "media", "answered"), WRITTEN)
def test_what_becomes_of_a_body_as_it_is_written(
    serve: Any, said: Any, sent: bytes, media: str | None, answered: Any
) -> None:
    """It is read in spite of it, or lost, or refused; what is read is judged as any other body."""
    required = {"required": "required" in said}
    client = serve(posting({**body(A, said), **required}))

    assert got(client.post("/a", data=sent, content_type=media)) == answered


def test_what_is_lost_lacks_what_is_required(serve: Any) -> None:
    """Without its body, a request is as wrong as one with an empty object."""
    client = serve(posting(body(A, {"media-type": "dropped"}, required=["a"])))
    response = client.post("/a", data=b"x", content_type="text/plain")

    assert (response.status_code, response.json["errors"][0]["pointer"]) == (400, "/a")


def test_a_value_that_was_read_is_refused_as_a_value(serve: Any) -> None:
    """It is not the media type that is refused then."""
    client = serve(posting(body(A, {"media-type": "coerced"}), {"415": {"description": "what"}}))
    sent = [(b'{"a": 5}', "text/plain"), (b"x", "text/plain")]
    statuses = [
        client.post("/a", data=data, content_type=media).status_code for data, media in sent
    ]

    assert statuses == [400, 415]


SPELT = [
    ("application/json", 200),
    ("application/json;charset=utf-8", 200),
    ("application/json; charset=utf-8", 200),
    ("application/json ; charset=utf-8", None),
    ("Application/Json", None),
    ("APPLICATION/JSON; charset=utf-8", None),
]


@pytest.mark.parametrize(("media", "right"), SPELT)
@pytest.mark.parametrize(("said", "status"), [("error", 500), ("rejected", 400), ("stored", 200)])
def test_a_media_type_that_is_spelt_otherwise(
    serve: Any, media: str, right: int | None, said: str, status: int
) -> None:
    """It is the same media type to HTTP, and not to every server."""
    client = serve(posting(body(A, {"media-type:spelling": said})))
    response = client.post("/a", data=b'{"a": "x"}', content_type=media)

    assert response.status_code == (right or status)


def test_any_spelling_will_do_where_a_range_is_taken(serve: Any) -> None:
    """`*/*` is no name that could be spelt."""
    request = {"content": {"*/*": {}}, "x-leniency": {"media-type:spelling": "rejected"}}

    assert (
        serve(posting(request)).post("/a", data=b"x", content_type="text/plain").status_code == 200
    )


def test_leniency_of_a_body_of_another_kind(serve: Any) -> None:
    """Where no schema judges it, what is read in its place is taken as it is."""
    request = {"content": {"text/plain": {}}, "x-leniency": {"media-type": "coerced"}}

    assert got(serve(posting(request)).post("/a", json={"a": [1]})) == {"a": [1]}
