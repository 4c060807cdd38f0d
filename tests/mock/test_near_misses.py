"""A key that is nearly right: the refusal says what is wrong with it, and never what it is."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from tests.mock.conftest import KEY, Serve

from leadline_mock import World
from leadline_mock.messages import Request
from leadline_mock.nearmiss import near_miss
from leadline_openapi.contract import SecurityScheme

TEMPLATE = "users API-Key {key}"


@pytest.fixture
def client(serve: Serve) -> FlaskClient:
    """An API that wants a prefix before the key, and answers in words."""
    schemes = {
        "key": {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "x-credential": TEMPLATE,
        }
    }
    operation = {"security": [{"key": []}], "responses": {"200": {"description": "ok"}}}
    return serve({"/things": {"get": operation}}, {"securitySchemes": schemes})


MISSES = {
    KEY: "bare: `users API-Key` is missing before it",
    f"Users api-key {KEY}": "`users API-Key` is written in another case",
    f"users API-Key {KEY.upper()}": "the key is written in another case",
    f"users API-Key  {KEY}": "white space",
    f'"{KEY}"': "quotation marks",
    KEY.upper(): "bare and written in another case",
    f"Bearer {KEY}": "what is before it is not `users API-Key`",
    f"customers API-Key {KEY}": "what is before it is not `users API-Key`",
    "users API-Key <api-key>": "a placeholder was sent",
    "users API-Key $API_KEY": "a placeholder was sent",
}


@pytest.mark.parametrize("sent", MISSES)
def test_what_is_wrong_is_said(client: FlaskClient, sent: str) -> None:
    """The refusal names the near miss and the right form, and holds no key."""
    response = client.get("/things", headers={"Authorization": sent})

    assert response.status_code == 401
    assert MISSES[sent] in response.text
    assert KEY.lower() not in response.text.lower()


@pytest.mark.parametrize(
    ("request_", "hint"),
    [
        ({"headers": {"X-Api-Key": KEY}}, "a key was sent, but as the header `X-Api-Key`"),
        (
            {"query_string": {"api_key": KEY}},
            "a key was sent, but as the query parameter `api_key`",
        ),
        ({"headers": {"Cookie": f"token={KEY}"}}, "a key was sent, but as the cookie `token`"),
    ],
)
def test_a_key_in_another_place(client: FlaskClient, request_: dict[str, Any], hint: str) -> None:
    """A key that was sent where nobody looks for it is found."""
    response = client.get("/things", **request_)

    assert response.status_code == 401
    assert hint in response.text
    assert KEY not in response.text


@pytest.mark.parametrize("request_", [{"query_string": {KEY: KEY}}, {"headers": {KEY: KEY}}])
def test_a_key_in_a_place_that_is_called_so(client: FlaskClient, request_: dict[str, Any]) -> None:
    """Where the name of the other place is the key itself, only the kind of place is said."""
    response = client.get("/things", **request_)

    assert "a key was sent, but as the " in response.text
    assert KEY.lower() not in response.text.lower()


@pytest.mark.parametrize("sent", ["", "users API-Key ", "users API-Key wrong", "Bearer", "users"])
def test_what_is_not_near_has_no_hint(client: FlaskClient, sent: str) -> None:
    """A wrong key is not accepted, or missing; nothing is guessed."""
    response = client.get("/things", headers={"Authorization": sent})
    told = json.loads(response.data)["errors"][0]["detail"]

    assert told.endswith(("the API key is not accepted", "the API key is missing"))


@given(
    key=st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=6),
    before=st.text(max_size=20),
    after=st.text(max_size=5),
)
def test_no_hint_holds_the_key(key: str, before: str, after: str) -> None:
    """However the key was sent, the hint does not repeat it."""
    scheme = SecurityScheme(
        name="s", location="header", parameter="Authorization", template=TEMPLATE, pointer=""
    )
    sent = f"{before}{key}{after}"
    request = Request("GET", {}, "", [("Authorization", sent)], b"")

    assert World(keys=(key,)).keys == (key,)
    assert key not in near_miss(scheme, (scheme,), sent, request, (key,))
