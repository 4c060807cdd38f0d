"""What a real Payload 3 does by itself, where an integrator who has only the page would go wrong."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from tests.real.asking import FAILED, JSON, Ask, doc


@pytest.fixture(scope="module")
def url(payload3_url: str) -> str:
    """The base URL of its API."""
    return payload3_url


def _failed(*fields: tuple[str, str, str]) -> dict[str, Any]:
    """The answer to a lead with invalid *fields*: label, message and path of each."""
    errors = [{"label": label, "message": told, "path": path} for label, told, path in fields]
    named = ", ".join(label for label, _, _ in fields)
    told = "fields are" if len(fields) > 1 else "field is"
    return {
        "errors": [
            {
                "name": "ValidationError",
                "data": {"collection": "leads", "errors": errors},
                "message": f"The following {told} invalid: {named}",
            }
        ]
    }


# --- What is refused, and how --------------------------------------------------------------------


def test_syntax_is_checked_before_the_key(client: httpx.Client) -> None:
    """Whoever has no key is told of broken JSON all the same."""
    answer = client.post("/leads", content=b'{"reason":', headers=JSON | {"Authorization": ""})

    assert (answer.status_code, answer.json()) == (400, {"errors": [{"message": "Invalid JSON"}]})


def test_a_wrong_choice_is_refused_with_its_field(create: Ask) -> None:
    """The page shows no errors; this is their shape."""
    answer = create({"reason": "Bored"})

    told = ("Reason", "This field has an invalid selection.", "reason")
    assert (answer.status_code, answer.json()) == (400, _failed(told))


def test_all_wrong_fields_come_in_one_answer(create: Ask) -> None:
    """A form can show every mistake after one request."""
    answer = create({"reason": "Bored", "salesRep": "123", "agree": 1})

    assert (answer.status_code, answer.json()) == (
        400,
        _failed(
            ("Reason", "This field has an invalid selection.", "reason"),
            (
                "Agree",
                "This field can only be equal to true or false.",
                "agree",
            ),
            (
                "Sales Rep",
                "This relationship field has the following invalid relationships: 123 0",
                "salesRep",
            ),
        ),
    )


@pytest.mark.parametrize("lead", [{"createdAt": "<string>"}, {"updatedAt": "<string>"}])
def test_the_timestamps_of_the_page_s_example_are_a_500(create: Ask, lead: Any) -> None:
    """It is the database that refuses them."""
    answer = create(lead)

    assert (answer.status_code, answer.json()) == (500, FAILED)


def test_a_text_of_more_than_40_000_characters_is_refused(create: Ask) -> None:
    """No text has a limit on the page."""
    told = "This value must be shorter than the max length of 40000 characters."

    assert create({"make": "x" * 40_000}).status_code == 201
    answer = create({"make": "x" * 40_001})
    assert (answer.status_code, answer.json()) == (400, _failed(("Make", told, "make")))


@pytest.mark.parametrize("body", [b"null", b"true", b"7", b'"text"'])
def test_a_body_that_is_no_lead_is_a_500(client: httpx.Client, body: bytes) -> None:
    """It is JSON, and the server fails on it instead of refusing it."""
    assert client.post("/leads", content=body, headers=JSON).status_code == 500


def test_an_item_twice_is_refused(create: Ask) -> None:
    """Nothing on the page says that the choices of a list have to differ."""
    answer = create({"bodyStyle": ["car", "car"]})

    told = 'This field has the following invalid selections: "car", "car"'
    assert (answer.status_code, answer.json()) == (400, _failed(("Body Style", told, "bodyStyle")))


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", None])
def test_another_media_type_is_a_500(client: httpx.Client, kind: str | None) -> None:
    """It is not 415, and a header that was forgotten looks like a server that is broken."""
    headers = {} if kind is None else {"Content-Type": kind}
    answer = client.post("/leads", content=b'{"firstName":"Ann"}', headers=headers)

    assert answer.status_code == 500


def test_an_unknown_route_has_a_shape_of_its_own(client: httpx.Client) -> None:
    """Whoever reads `errors` from every refusal finds none here."""
    answer = client.post("/lead", json={})

    assert (answer.status_code, answer.json()) == (
        404,
        {"message": 'Route not found "/api/lead"'},
    )


# --- What is answered ----------------------------------------------------------------------------


def test_a_lead_is_created_with_201(create: Ask) -> None:
    """The page says 200."""
    answer = create({"firstName": "Ann"})

    assert answer.status_code == 201
    assert answer.headers["content-type"] == "application/json"
    assert list(answer.json()) == ["doc", "message"]
    assert answer.json()["message"] == "Lead successfully created."


@pytest.mark.parametrize(("depth", "populated"), [("abc", False), ("", True)])
def test_a_depth_that_is_no_number_is_not_refused(
    create: Ask, depth: str, *, populated: bool
) -> None:
    """A word counts as 0, none as the default, and nothing says so."""
    made = doc(create({"salesRep": 123}, depth=depth))

    assert isinstance(made["salesRep"], dict) == populated


@pytest.mark.parametrize("sent", [None, ""])
def test_no_timestamp_is_the_present_one(create: Ask, sent: str | None) -> None:
    """A form that leaves it empty is not refused."""
    made = doc(create({"createdAt": sent}))
    created, updated = (datetime.fromisoformat(made[name]) for name in ("createdAt", "updatedAt"))

    assert abs(updated - created) < timedelta(seconds=1)


def test_a_large_body_is_taken(client: httpx.Client) -> None:
    """Only its texts have a limit."""
    body = b'{"make":"Audi","unknown":"' + b"x" * 1_000_000 + b'"}'

    assert doc(client.post("/leads", content=body, headers=JSON))["make"] == "Audi"


def test_a_relation_that_was_not_sent_is_null(create: Ask) -> None:
    """It is there, as every member that is not localized."""
    assert doc(create({}))["salesRep"] is None


# --- What is lost or changed without a word ------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ({"salesRep": {"id": 123}}, 123),
        ({"salesRep": ""}, None),
        ({"createdAt": 7}, "1970-01-01T00:00:00.007Z"),
        ({"updatedAt": "2020-01-01"}, "2020-01-01T00:00:00.000Z"),
        ({"reason": 5}, "5.0"),
    ],
)
def test_other_types_are_converted(create: Ask, sent: dict[str, Any], stored: Any) -> None:
    """A choice that is no text is not even checked: enums are enforced for texts only."""
    (name,) = sent
    assert doc(create(sent, depth=0))[name] == stored


@pytest.mark.parametrize(
    ("sent", "stored"), [({"monthlyPayment": True}, None), ({"searches": [0]}, [])]
)
def test_values_are_lost(create: Ask, sent: dict[str, Any], stored: Any) -> None:
    """The answer is 201, and the value is not there."""
    (name,) = sent
    assert doc(create(sent, depth=0))[name] == stored


def test_the_charset_of_a_body_is_not_read(client: httpx.Client) -> None:
    """A caller who says that it sends Latin-1 loses the umlauts as well."""
    body = '{"firstName":"Jürgen"}'.encode("latin-1")
    headers = {"Content-Type": "application/json; charset=iso-8859-1"}

    assert doc(client.post("/leads", content=body, headers=headers))["firstName"] == "J\ufffdrgen"


def test_an_unknown_locale_is_the_default_one(client: httpx.Client, create: Ask) -> None:
    """It is not refused: a misspelt locale overwrites nothing but is English."""
    made = doc(create({"notes": "bonjour"}, locale="fr"))

    assert client.get(f"/leads/{made['id']}", params={"locale": "en"}).json()["notes"] == "bonjour"
