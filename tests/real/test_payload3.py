"""What a real Payload 3 does, where an integrator who has only the page would go wrong."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.real.conftest import Ask
from tests.real.servers import KEY, running

REFUSED = {"errors": [{"message": "You are not allowed to perform this action."}]}


def _doc(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()["doc"]
    return found


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


# --- Who may ask ---------------------------------------------------------------------------------


def test_a_lead_is_created_with_201(create: Ask) -> None:
    """The page says 200."""
    answer = create({"firstName": "Ann"})

    assert answer.status_code == 201
    assert answer.headers["content-type"] == "application/json"
    assert list(answer.json()) == ["doc", "message"]
    assert answer.json()["message"] == "Lead successfully created."


@pytest.mark.parametrize(
    "authorization",
    [
        KEY,
        f"API-Key {KEY}",
        f"Bearer {KEY}",
        f"Users API-Key {KEY}",
        f"users api-key {KEY}",
        f"users API-Key  {KEY}",
        "users API-Key another-key",
        "",
    ],
)
def test_a_key_written_otherwise_is_refused_with_403(create: Ask, authorization: str) -> None:
    """The page shows the bare key; only `users API-Key KEY` opens, and the answer is never 401."""
    answer = create({}, authorization)

    assert (answer.status_code, answer.json()) == (403, REFUSED)


def test_syntax_is_checked_before_the_key(client: httpx.Client) -> None:
    """Whoever has no key is told of broken JSON all the same, but not of fields."""
    headers = {"Authorization": "", "Content-Type": "application/json"}
    broken = client.post("/leads", content=b'{"reason":', headers=headers)
    invalid = client.post("/leads", content=b'{"reason":"no"}', headers=headers)

    assert (broken.status_code, broken.json()) == (400, {"errors": [{"message": "Invalid JSON"}]})
    assert (invalid.status_code, invalid.json()) == (403, REFUSED)


# --- What is refused, and how --------------------------------------------------------------------


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


@pytest.mark.parametrize(
    "lead",
    [{"salesRep": 124}, {"searches": [124]}, {"createdAt": "<string>"}, {"updatedAt": "<string>"}],
)
def test_what_the_database_refuses_is_a_500_that_says_nothing(create: Ask, lead: Any) -> None:
    """A document that is not there, and the timestamps of the page's own example."""
    answer = create(lead)

    assert answer.status_code == 500
    assert answer.json() == {"errors": [{"message": "Something went wrong."}]}


def test_a_lead_that_failed_leaves_nothing_behind(client: httpx.Client, create: Ask) -> None:
    """The server runs with transactions, so what came before the failure is undone."""
    before = client.get("/leads", params={"where[make][equals]": "a ghost"}).json()["totalDocs"]
    create({"make": "a ghost", "searches": [124]})
    after = client.get("/leads", params={"where[make][equals]": "a ghost"}).json()["totalDocs"]

    assert before == after == 0


def test_a_text_of_more_than_40_000_characters_is_refused(create: Ask) -> None:
    """No text has a limit on the page."""
    told = "This value must be shorter than the max length of 40000 characters."

    assert create({"make": "x" * 40_000}).status_code == 201
    answer = create({"make": "x" * 40_001})
    assert (answer.status_code, answer.json()) == (400, _failed(("Make", told, "make")))


@pytest.mark.parametrize("body", [b"null", b"true", b"7", b'"text"'])
def test_a_body_that_is_no_lead_is_a_500(client: httpx.Client, body: bytes) -> None:
    """It is JSON, and the server fails on it instead of refusing it."""
    answer = client.post("/leads", content=body, headers={"Content-Type": "application/json"})

    assert answer.status_code == 500


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


def test_the_page_s_body_comes_back_without_its_timestamps(create: Ask, page_body: bytes) -> None:
    """They are no dates, and the server fails on them; every other member is answered as it was sent."""
    lead = json.loads(page_body)
    assert create(lead).status_code == 500

    del lead["createdAt"], lead["updatedAt"]
    doc = _doc(create(lead, depth=0))

    assert {name: doc[name] for name in lead} == lead


def test_the_id_is_there(create: Ask) -> None:
    """The page does not show it; an id of the caller's own is ignored."""
    first, second = _doc(create({})), _doc(create({"id": 4711}))

    assert next(iter(first)) == "id"
    assert isinstance(first["id"], int)
    assert second["id"] > first["id"]
    assert second["id"] != 4711


def test_relations_are_documents_unless_depth_is_0(create: Ask) -> None:
    """The page shows ids; they come for `depth=0` alone."""
    lead = {"salesRep": 123, "searches": [1, 123]}
    ids = _doc(create(lead, depth=0))
    by_default, one_level = _doc(create(lead)), _doc(create(lead, depth=1))

    assert {name: ids[name] for name in lead} == lead
    for doc in (by_default, one_level):
        assert doc["salesRep"]["id"] == 123
        assert doc["salesRep"]["title"] == "salesReps two"
        assert [one["title"] for one in doc["searches"]] == ["searches one", "searches two"]


def test_depth_says_how_far_documents_are_followed(create: Ask) -> None:
    """Lead event 123 belongs to a lead, which the first level holds as an id."""
    one, two = (_doc(create({"latestEvent": 123}, depth=depth)) for depth in (1, 2))

    assert one["latestEvent"]["lead"] == 1
    assert two["latestEvent"]["lead"]["notes"] == "hello"
    assert two["latestEvent"]["lead"]["latestEvent"] == 123
    assert _doc(create({"latestEvent": 123}))["latestEvent"] == two["latestEvent"]


@pytest.mark.parametrize(("depth", "populated"), [("abc", False), (-1, False), (100, True)])
def test_a_wrong_depth_is_not_refused(create: Ask, depth: str | int, *, populated: bool) -> None:
    """What is no number, or a negative one, counts as 0, and nothing says so."""
    doc = _doc(create({"salesRep": 123}, depth=depth))

    assert isinstance(doc["salesRep"], dict) == populated


def test_what_was_not_sent_is_null_or_an_empty_list(create: Ask) -> None:
    """Members are not left out, but for a localized text that has no value."""
    doc = _doc(create({}))

    assert (doc["firstName"], doc["reason"], doc["salesRep"], doc["agree"]) == (None,) * 4
    assert (doc["bodyStyle"], doc["searches"]) == ([], [])
    assert "notes" not in doc


# --- What is lost or changed without a word ------------------------------------------------------


def test_unknown_members_are_dropped(create: Ask) -> None:
    """A misspelt member is not refused: it is gone."""
    doc = _doc(create({"firstname": "Ann", "colour": "red"}))

    assert doc["firstName"] is None
    assert not {"firstname", "colour"} & set(doc)


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ({"monthlyPayment": "123"}, 123),
        ({"firstName": 5}, "5"),
        ({"agree": "true"}, True),
        ({"searches": 123}, [123]),
        ({"salesRep": {"id": 123}}, 123),
        ({"salesRep": ""}, None),
        ({"bodyStyle": None}, []),
        ({"customer": {"id": 1}}, '{"id":1}'),
        ({"createdAt": "2020-01-01"}, "2020-01-01T00:00:00.000Z"),
        ({"createdAt": 7}, "1970-01-01T00:00:00.007Z"),
    ],
)
def test_other_types_are_converted(create: Ask, sent: dict[str, Any], stored: Any) -> None:
    """What the page's types forbid is stored as what Payload makes of it."""
    (name,) = sent
    assert _doc(create(sent, depth=0))[name] == stored


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ({"monthlyPayment": "abc"}, None),
        ({"monthlyPayment": True}, None),
        ({"bodyStyle": "truck"}, []),
        ({"searches": [0]}, []),
    ],
)
def test_values_are_lost(create: Ask, sent: dict[str, Any], stored: Any) -> None:
    """The answer is 201, and the value is not there."""
    (name,) = sent
    assert _doc(create(sent, depth=0))[name] == stored


def test_a_list_of_leads_makes_one_empty_lead(create: Ask) -> None:
    """A caller who sends several at once loses all of them."""
    doc = _doc(create([{"firstName": "Ann"}, {"firstName": "Bob"}]))

    assert doc["firstName"] is None


def test_no_body_makes_an_empty_lead(client: httpx.Client) -> None:
    """The vendor's client sends none when `create` is called as its README says, and gets 201."""
    doc = _doc(client.post("/leads", headers={"Content-Type": "application/json"}))

    assert doc["firstName"] is None


def test_bytes_that_are_no_utf_8_are_replaced(client: httpx.Client) -> None:
    """A caller who sends Latin-1 is not told that the umlauts are gone."""
    body = '{"firstName":"Jürgen"}'.encode("latin-1")
    headers = {"Content-Type": "application/json; charset=iso-8859-1"}

    assert _doc(client.post("/leads", content=body, headers=headers))["firstName"] == "J\ufffdrgen"


def test_a_choice_that_is_no_text_is_not_checked(create: Ask) -> None:
    """Enums are enforced for texts only."""
    assert _doc(create({"reason": 5}))["reason"] == "5.0"


# --- Locales -------------------------------------------------------------------------------------


def test_a_text_belongs_to_the_locale_it_was_sent_in(client: httpx.Client, create: Ask) -> None:
    """What was written in Spanish is there in Spanish, and nothing is in English."""
    doc = _doc(create({"notes": "hola", "make": "Audi"}, locale="es"))
    where = f"/leads/{doc['id']}"
    spanish = client.get(where, params={"locale": "es"}).json()
    english = client.get(where, params={"locale": "en"}).json()

    assert (doc["notes"], spanish["notes"]) == ("hola", "hola")
    assert "notes" not in english
    assert spanish["make"] == english["make"] == "Audi"


def test_a_missing_text_falls_back_to_the_default_locale(client: httpx.Client, create: Ask) -> None:
    """English stands in, unless `fallback-locale=none`."""
    where = f"/leads/{_doc(create({'notes': 'hello'}))['id']}"
    fallen = client.get(where, params={"locale": "es"}).json()
    none = client.get(where, params={"locale": "es", "fallback-locale": "none"}).json()

    assert fallen["notes"] == "hello"
    assert "notes" not in none


def test_an_unknown_locale_is_the_default_one(client: httpx.Client, create: Ask) -> None:
    """It is not refused: a misspelt locale overwrites nothing but is English."""
    doc = _doc(create({"notes": "bonjour"}, locale="fr"))

    assert client.get(f"/leads/{doc['id']}", params={"locale": "en"}).json()["notes"] == "bonjour"


# --- The server of the tests itself --------------------------------------------------------------


def test_the_data_is_fresh(payload3: Path) -> None:
    """Each start holds one lead in two languages, one user, and two documents of each kind referred to."""
    with running(payload3) as (url, process):
        headers = {"Authorization": f"users API-Key {KEY}"}
        with httpx.Client(base_url=url, headers=headers) as client:
            counts = {
                name: client.get(f"/{name}/count").json()["totalDocs"]
                for name in ("leads", "users", "searches")
            }
            ids = {one["id"] for one in client.get("/crmVehicles").json()["docs"]}
            notes = [
                client.get("/leads/1", params={"locale": one}).json()["notes"]
                for one in ("en", "es")
            ]
        process.terminate()

        assert process.wait(10) == 0
    assert counts == {"leads": 1, "users": 1, "searches": 2}
    assert ids == {1, 123}
    assert notes == ["hello", "hola"]


_ORPHAN = """\
import subprocess, sys
process = subprocess.Popen(["node", "start.mjs"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
sys.stdout.write(process.stdout.readline().decode())
"""


def test_it_ends_with_its_parent(payload3: Path) -> None:
    """A test run that is killed leaves no server behind."""
    done = subprocess.run(
        [sys.executable, "-c", _ORPHAN],
        cwd=payload3,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=True,
    )
    url = json.loads(done.stdout)["url"]
    deadline = time.monotonic() + 30
    with suppress(httpx.ConnectError, httpx.RemoteProtocolError, httpx.ReadError):
        while time.monotonic() < deadline:
            httpx.get(f"{url}/leads/count")
            time.sleep(0.05)
        pytest.fail(f"{url} still answers")
