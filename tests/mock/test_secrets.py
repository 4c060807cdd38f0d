"""What a mock says about a request tells none of its keys, wherever the client has put it."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from leadline_mock import World, create_app
from leadline_openapi import Contract

KEY = "a-key-of-Some-length"
SPELLINGS = {
    "plain": KEY,
    "upper": KEY.upper(),
    "percent": quote(KEY.replace("-", "%2D")),
    "base64": base64.b64encode(f"user:{KEY}".encode()).decode(),
}
JSON = {"Content-Type": "application/json"}
PLACES: dict[str, Any] = {
    "parameter": lambda text: {"query_string": f"depth={quote(text)}"},
    "unknown parameter": lambda text: {"query_string": f"{quote(text)}=1"},
    "path": lambda text: {"path": f"/api/{quote(text)}"},
    "name": lambda text: {"data": json.dumps({text: 1}), "headers": JSON},
    "value": lambda text: {"data": json.dumps({"reason": text}), "headers": JSON},
    "long value": lambda text: {
        "data": json.dumps({"reason": "." * 40 + text + "." * 40}),
        "headers": JSON,
    },
    "text": lambda text: {"data": json.dumps({"a": 1})[:-1] + f", {text}", "headers": JSON},
    "media type": lambda text: {"data": b"{}", "headers": {"Content-Type": f"text/{text}"}},
    "charset": lambda text: {
        "data": b"{}",
        "headers": {"Content-Type": f"text/plain; charset={text}"},
    },
    "Prefer": lambda text: {"json": {}, "headers": {"Prefer": f'example="{text}"'}},
    "fault": lambda text: {"json": {}, "headers": {"Leadline-Fault": f"{text}=1"}},
    "other header": lambda text: {"json": {}, "headers": {"Authorization": "", "X-Key": text}},
    "name of a header": lambda _: {"json": {}, "headers": {"Authorization": "", KEY: KEY}},
}


@pytest.mark.parametrize("mode", ["strict", "warn"])
@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("place", PLACES)
def test_no_key_in_what_is_said(contract: Contract, place: str, spelling: str, mode: str) -> None:
    """Neither the error nor a header repeats a key that stands where it does not belong."""
    text = SPELLINGS[spelling]
    client = create_app(contract, World(keys=(KEY,), mode=mode)).test_client(use_cookies=False)
    options = PLACES[place](text)
    headers = {"Authorization": KEY, **options.pop("headers", {})}
    response = client.post(options.pop("path", "/api/leads"), headers=headers, **options)
    told = {name.lower(): value for name, value in response.headers}
    if mode == "strict":
        assert response.status_code >= 400
        told["body"] = response.text

    assert [name for name, value in told.items() if text.casefold() in value.casefold()] == []
    assert "leadline-violations" in told


@pytest.mark.parametrize("place", PLACES)
def test_no_part_of_a_key_in_what_is_said(contract: Contract, place: str) -> None:
    """A message that is cut in the middle of a key does not tell its beginning."""
    client = create_app(contract, World(keys=(KEY,))).test_client(use_cookies=False)
    for shown in (*range(20, 70), *range(80, 110), *range(175, 210)):
        options = PLACES[place]("." * shown + KEY)
        headers = {"Authorization": KEY, **options.pop("headers", {})}
        response = client.post(options.pop("path", "/api/leads"), headers=headers, **options)

        assert KEY[:5] not in response.text
        assert KEY[:5] not in str(response.headers)


def test_no_part_of_a_key_in_what_the_control_api_says(client: FlaskClient) -> None:
    """Nor does a message about a pattern that cannot be."""
    for shown in range(20, 70):
        response = client.post("/__leadline/verify", json={"status": "." * shown + KEY})

        assert response.status_code == 400
        assert KEY[:5] not in response.text


def test_the_rest_is_said(client: FlaskClient) -> None:
    """A value that is wrong is still told, but for the key in it."""
    response = client.post(
        "/api/leads", json={"reason": f"Bored {KEY}"}, headers={"Authorization": KEY}
    )

    assert "Bored <redacted>" in response.text


def test_an_echo_is_no_message(client: FlaskClient) -> None:
    """What is accepted comes back as it was sent."""
    response = client.post("/api/leads", json={"notes": KEY}, headers={"Authorization": KEY})

    assert response.get_json()["doc"]["notes"] == KEY
