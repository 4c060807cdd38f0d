"""What a real Payload 2 does by itself, where an integrator who has only the page would go wrong."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.real.asking import FAILED, JSON, Ask, doc
from tests.real.servers import KEY, running

LIMIT = 102_400
"""Bytes that a body may have."""


@pytest.fixture(scope="module")
def url(payload2_url: str) -> str:
    """The base URL of its API."""
    return payload2_url


def _failed(*fields: tuple[str, str]) -> dict[str, Any]:
    """The answer to a lead with invalid *fields*: name and message of each."""
    told = "fields are" if len(fields) > 1 else "field is"
    return {
        "errors": [
            {
                "name": "ValidationError",
                "data": [{"field": name, "message": message} for name, message in fields],
                "message": f"The following {told} invalid: {', '.join(name for name, _ in fields)}",
            }
        ]
    }


# --- What is refused, and how --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b'{"reason":', "Unexpected end of JSON input"),
        (b"null", "Unexpected token 'n', \"null\" is not valid JSON"),
        (b"7", "Unexpected token '7', \"7\" is not valid JSON"),
        (b'"text"', 'Unexpected token \'"\', ""text"" is not valid JSON'),
    ],
)
def test_what_is_no_object_is_refused_before_the_key_is_read(
    client: httpx.Client, body: bytes, told: str
) -> None:
    """Whoever has no key is told of it all the same; and good JSON is called bad."""
    answer = client.post("/leads", content=body, headers=JSON | {"Authorization": ""})

    assert (answer.status_code, answer.json()) == (400, {"errors": [{"message": told}]})


def test_a_wrong_choice_is_refused_with_its_field(create: Ask) -> None:
    """The page shows no errors; this is their shape."""
    answer = create({"reason": "Bored"})

    told = ("reason", "This field has an invalid selection.")
    assert (answer.status_code, answer.json()) == (400, _failed(told))


def test_all_wrong_fields_come_in_one_answer(create: Ask) -> None:
    """A form can show every mistake after one request."""
    answer = create({"reason": "Bored", "salesRep": "123", "agree": 1})

    assert (answer.status_code, answer.json()) == (
        400,
        _failed(
            ("reason", "This field has an invalid selection."),
            ("agree", "This field can only be equal to true or false."),
            (
                "salesRep",
                "This relationship field has the following invalid relationships: 123 0",
            ),
        ),
    )


@pytest.mark.parametrize("name", ["createdAt", "updatedAt"])
def test_the_timestamps_of_the_page_s_example_are_refused(create: Ask, name: str) -> None:
    """The page's own body is not accepted."""
    answer = create({name: "<string>"})

    told = (name, '"<string>" is not a valid date.')
    assert (answer.status_code, answer.json()) == (400, _failed(told))


@pytest.mark.parametrize(
    ("sent", "named"), [({"id": 123}, "[object Object]"), ("123", "123"), (0, "0")]
)
def test_a_relation_is_an_id_alone(create: Ask, sent: Any, named: str) -> None:
    """A document that the server has answered cannot be sent back."""
    answer = create({"salesRep": sent})

    told = f"This relationship field has the following invalid relationships: {named} 0"
    assert (answer.status_code, answer.json()) == (400, _failed(("salesRep", told)))


def test_a_text_of_more_than_40_000_characters_is_refused(create: Ask) -> None:
    """No text has a limit on the page."""
    told = "This value must be shorter than the max length of 40000 characters."

    assert create({"make": "x" * 40_000}).status_code == 201
    answer = create({"make": "x" * 40_001})
    assert (answer.status_code, answer.json()) == (400, _failed(("make", told)))


@pytest.mark.parametrize(
    "lead",
    [
        {"monthlyPayment": True},
        {"reason": 5},
        {"firstName": "A\u0000nn"},
        {"createdAt": None},
        {"createdAt": ""},
        {"createdAt": 7},
        {"createdAt": "0000-04-01T10:10:01.000Z"},
        {"createdAt": "0013-04-01T10:10:01.000Z"},
    ],
)
def test_what_the_database_refuses_is_a_500_that_says_nothing(create: Ask, lead: Any) -> None:
    """Payload lets it pass: enums, for one, are enforced for texts only."""
    answer = create(lead)

    assert (answer.status_code, answer.json()) == (500, FAILED)


def test_a_body_of_more_than_102_400_bytes_is_refused_before_the_key_is_read(
    client: httpx.Client, url: str
) -> None:
    """The page has no limit."""
    largest = b'{"unknown":"' + b"x" * (LIMIT - 14) + b'"}'
    assert len(largest) == LIMIT

    assert client.post("/leads", content=largest, headers=JSON).status_code == 201
    answer = httpx.post(f"{url}/leads", content=largest + b" ", headers=JSON)
    assert (answer.status_code, answer.json()) == (
        413,
        {"errors": [{"message": "request entity too large"}]},
    )


def test_a_charset_that_is_no_unicode_is_refused(client: httpx.Client) -> None:
    """The only 415 there is: other media types are not refused."""
    headers = {"Content-Type": "application/json; charset=iso-8859-1"}
    answer = client.post("/leads", content=b"{}", headers=headers)

    assert (answer.status_code, answer.json()) == (
        415,
        {"errors": [{"message": 'unsupported charset "ISO-8859-1"'}]},
    )


def test_an_unknown_route_is_answered_in_html(client: httpx.Client) -> None:
    """Whoever parses every answer as JSON fails on it."""
    answer = client.post("/lead", json={})

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "<pre>Cannot POST /api/lead</pre>" in answer.text


def test_whoever_asks_too_often_is_answered_in_text(payload2: Path) -> None:
    """Payload's own limit is 500 requests in 15 minutes; those that are refused count as well."""
    with running(payload2, PAYLOAD_RATE_LIMIT="2") as (url, _):
        first, second, third = (httpx.post(f"{url}/leads", json={}) for _ in range(3))

    assert [one.status_code for one in (first, second)] == [403, 403]
    assert [one.headers["x-ratelimit-remaining"] for one in (first, second)] == ["1", "0"]
    assert (third.status_code, third.text) == (429, "Too many requests, please try again later.")
    assert third.headers["content-type"] == "text/html; charset=utf-8"
    assert third.headers["retry-after"] == "900"


# --- What is answered ----------------------------------------------------------------------------


def test_a_lead_is_created_with_201(create: Ask) -> None:
    """The page says 200, and shows the message last."""
    answer = create({"firstName": "Ann"})

    assert answer.status_code == 201
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert list(answer.json()) == ["message", "doc"]
    assert answer.json()["message"] == "Lead successfully created."
    assert answer.json()["doc"]["firstName"] == "Ann"


def test_the_message_is_in_the_language_of_the_caller(url: str) -> None:
    """Whoever compares it with English text fails in Spain."""
    headers = {"Authorization": f"users API-Key {KEY}", "Accept-Language": "es"}
    answer = httpx.post(f"{url}/leads", json={}, headers=headers)

    assert (answer.status_code, answer.json()["message"]) == (201, "Lead creado correctamente.")


@pytest.mark.parametrize(("depth", "populated"), [("abc", True), ("", False)])
def test_a_depth_that_is_no_number_is_not_refused(
    create: Ask, depth: str, *, populated: bool
) -> None:
    """A word counts as the default, none as 0, and nothing says so."""
    made = doc(create({"salesRep": 123}, depth=depth))

    assert isinstance(made["salesRep"], dict) == populated


def test_a_relation_that_was_not_sent_is_not_there(create: Ask) -> None:
    """A single one is left out; other members are null, and lists empty."""
    by_default, nulled = doc(create({})), doc(create({"salesRep": None}))

    assert "salesRep" not in by_default
    assert "salesRep" not in nulled
    assert by_default["searches"] == []


def test_a_choice_twice_is_stored_twice(create: Ask) -> None:
    """Nothing is made of it."""
    assert doc(create({"bodyStyle": ["car", "car"]}))["bodyStyle"] == ["car", "car"]


def test_a_path_may_be_written_otherwise(client: httpx.Client) -> None:
    """Neither case nor a slash at the end matters."""
    assert client.post("/LEADS/", json={}).status_code == 201


# --- What is lost or changed without a word ------------------------------------------------------


@pytest.mark.parametrize("kind", ["text/plain", "application/vnd.api+json", None])
def test_another_media_type_makes_an_empty_lead(client: httpx.Client, kind: str | None) -> None:
    """A header that was forgotten costs the lead, and the answer is 201."""
    headers = {} if kind is None else {"Content-Type": kind}
    answer = client.post("/leads", content=b'{"firstName":"Ann"}', headers=headers)

    assert doc(answer)["firstName"] is None


def test_a_form_makes_a_lead(client: httpx.Client) -> None:
    """The page knows JSON alone."""
    made = doc(client.post("/leads", data={"firstName": "Ann", "agree": "true", "salesRep": ""}))

    assert (made["firstName"], made["agree"]) == ("Ann", True)


def test_a_lead_keeps_when_it_was_created_and_not_when_it_was_updated(create: Ask) -> None:
    """Leads that are moved from elsewhere keep one of their two dates."""
    before = datetime.now(UTC)
    made = doc(create({"createdAt": "2020-01-01", "updatedAt": "2020-01-01"}))

    assert made["createdAt"] == "2020-01-01T00:00:00.000Z"
    assert (datetime.fromisoformat(made["updatedAt"]) - before).total_seconds() > -1


@pytest.mark.parametrize(
    ("year", "month_and_year"),
    [("0001", "2001-01"), ("0050", "1950-04"), ("0100", "0100-04"), ("9999", "9999-04")],
)
def test_the_years_before_100_become_other_ones(
    create: Ask, year: str, month_and_year: str
) -> None:
    """What the database writes for them is read as a day without a century."""
    made = doc(create({"createdAt": f"{year}-04-01T10:10:01.000Z"}))

    assert made["createdAt"].startswith(month_and_year)


def test_a_text_in_an_unknown_locale_is_lost(client: httpx.Client, create: Ask) -> None:
    """It is not refused: the text is nowhere."""
    made = doc(create({"notes": "bonjour", "make": "Audi"}, locale="fr"))

    for locale in ("en", "es"):
        found = client.get(f"/leads/{made['id']}", params={"locale": locale}).json()
        assert found["make"] == "Audi"
        assert "notes" not in found
