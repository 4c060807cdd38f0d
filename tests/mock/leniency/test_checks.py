"""The checks of a request, in the order that the contract says, and the size of a body."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from tests.mock.leniency.lenient import body, posting
from tests.mock.server.talking import Client, chunked, mocking, post
from tests.mock.specs import KEY, TEXT, parameter

from leadline_mock import World
from leadline_mock.mocking import Mock
from leadline_openapi import load
from leadline_openapi.contract import CHECKS

STATUSES = {
    "size": 413,
    "credentials": 401,
    "media-type": 415,
    "malformed": 400,
    "parameters": 400,
    "body": 400,
}
WRONG: dict[str, dict[str, Any]] = {
    "size": {"data": b'{"a": "' + b"x" * 40 + b'"}'},
    "credentials": {"headers": {}},
    "media-type": {"content_type": "text/plain"},
    "malformed": {"data": b"{"},
    "parameters": {"query_string": "p=x"},
    "body": {"data": b'{"a": 5}'},
}
KEYS = {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}}}
NO = {str(status): {"description": "no"} for status in {*STATUSES.values()}}


def limited(*order: str, request: Any = None, **members: Any) -> Any:
    """The mock's paths and components: `POST /a` with a key, a parameter and a body of 40 bytes at most."""
    taken = {**body({"a": TEXT}), "x-max-bytes": 40, "required": True, **(request or {})}
    more = {"x-check-order": [*order]} if order else {}
    parameters = [{**parameter("p", "query", {"type": "integer"}), "required": False}]
    return (
        posting(taken, NO, security=[{"key": []}], parameters=parameters, **more, **members),
        KEYS,
    )


def asked(client: Any, *wrong: str) -> int:
    """The status of a request of which the parts *wrong* are so."""
    sent = {"data": b'{"a": "x"}', "content_type": "application/json", "headers": {"X-Key": KEY}}
    for part in wrong:
        sent |= WRONG[part]
    return int(client.post("/a", **sent).status_code)


def test_each_check_has_its_refusal(serve: Any) -> None:
    """One thing wrong is refused for that, whatever the order."""
    for order in (CHECKS, CHECKS[::-1]):
        client = serve(*limited(*order))
        statuses = {part: asked(client, part) for part in WRONG}

        assert asked(client) == 200
        assert statuses == STATUSES


TOGETHER = [
    pair
    for pair in permutations(WRONG, 2)
    if {"credentials", "parameters"} & {*pair} and STATUSES[pair[0]] != STATUSES[pair[1]]
]


@pytest.mark.parametrize(("first", "second"), TOGETHER)
def test_the_first_check_that_fails_decides(serve: Any, first: str, second: str) -> None:
    """Of two things that are wrong, the one that is looked at first is answered."""
    assert asked(serve(*limited(first, second)), first, second) == STATUSES[first]


@pytest.mark.parametrize("part", [part for part in WRONG if part != "credentials"])
def test_without_an_order_only_the_size_goes_before_the_key(serve: Any, part: str) -> None:
    """The usual order: a caller without a key is told no more than that."""
    client = serve(*limited())

    assert asked(client, part, "credentials") == (413 if part == "size" else 401)


def test_what_is_taken_is_no_reason_to_look_before_the_key(serve: Any) -> None:
    """A fault that is declared to be taken passes its check; one that fails stops there."""
    for said, status in (("dropped", 401), ("error", 500)):
        request = {"x-leniency": {"malformed": said}}
        client = serve(*limited("malformed", request=request))

        assert asked(client, "malformed", "credentials") == status


def test_the_spelling_is_checked_with_the_media_type(serve: Any) -> None:
    """A media type that the server reads otherwise is looked at in its turn."""
    sent = {"data": b"{}", "content_type": "Application/json", "headers": {}}
    request = {"x-leniency": {"media-type:spelling": "error"}}
    statuses = [
        serve(*limited(*order, request=request)).post("/a", **sent).status_code
        for order in (["media-type"], ["credentials"])
    ]

    assert statuses == [500, 401]


@pytest.mark.parametrize(("size", "status"), [(39, 200), (40, 200), (41, 413)])
def test_the_size_of_a_body(serve: Any, size: int, status: int) -> None:
    """So many bytes are taken, not characters, and not one more."""
    text = '{"a": "é' + "x" * (size - 11) + '"}'
    client = serve(*limited())
    response = client.post(
        "/a", data=text.encode(), content_type="application/json", headers={"X-Key": KEY}
    )

    assert len(text.encode()) == size
    assert response.status_code == status
    if status == 413:
        (wrong,) = json.loads(response.headers["Leadline-Violations"])
        assert (wrong["keyword"], wrong["location"]) == ("x-max-bytes", "body")


def test_no_leniency_makes_a_body_smaller(serve: Any) -> None:
    """What is larger is not read, so nothing of it can be taken."""
    request = {
        "x-leniency": {"malformed": "dropped", "media-type": "dropped", "unknown": "dropped"}
    }

    assert asked(serve(*limited(request=request)), "size") == 413


def test_a_larger_body_is_answered_in_the_mode_warn(serve: Any) -> None:
    """As everything is that is wrong; what it holds is not read."""
    client = serve(*limited(), surroundings=World(keys=(KEY,), mode="warn"))

    assert asked(client, "size") == 200


@pytest.mark.parametrize("first", ["size", "credentials"])
def test_the_size_over_a_socket(first: str, tmp_path: Path) -> None:
    """However the body comes, its bytes are counted; who has no key is told that first, if it is first."""
    paths, components = limited(first)
    file = tmp_path / "spec.json"
    head = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}}
    file.write_text(json.dumps({**head, "paths": paths, "components": components}), "utf-8")
    small, large = b'{"a": "' + b"x" * 31 + b'"}', b'{"a": "' + b"x" * 32 + b'"}'
    key = f"X-Key: {KEY}"
    kind = "Content-Type: application/json"

    def in_chunks(text: bytes, *headers: str) -> bytes:
        lines = "".join(f"{one}\r\n" for one in headers).encode()
        return chunked("/a", text[:9], text[9:]).replace(b"\r\n", b"\r\n" + lines, 1)

    with mocking(Mock((load(file),), World(keys=(KEY,)))) as address:
        found = []
        for made in (lambda text, *headers: post("/a", text, *headers), in_chunks):
            for text, headers in ((small, (key,)), (large, (key,)), (large, ())):
                with Client(address) as client:
                    found.append(client.ask(made(text, kind, *headers)).status)

    assert found == 2 * [200, 413, 413 if first == "size" else 401]
