"""What the real servers of both generations do, where an integrator who has only the page would go wrong."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from tests.real.asking import FAILED, FORBIDDEN, JSON, Ask, doc
from tests.real.servers import KEY


@pytest.fixture(scope="module", params=["payload2_url", "payload3_url"])
def url(request: pytest.FixtureRequest) -> str:
    """The base URL of the API of each of them."""
    return str(request.getfixturevalue(request.param))


# --- Who may ask ---------------------------------------------------------------------------------


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

    assert (answer.status_code, answer.json()) == (403, FORBIDDEN)


def test_a_missing_key_is_refused_as_a_wrong_one(url: str) -> None:
    """Nothing tells a caller that it forgot the header."""
    answer = httpx.post(f"{url}/leads", json={})

    assert (answer.status_code, answer.json()) == (403, FORBIDDEN)


def test_the_key_is_checked_before_the_fields(create: Ask) -> None:
    """Whoever has no key is not told of fields."""
    answer = create({"reason": "Bored"}, "")

    assert (answer.status_code, answer.json()) == (403, FORBIDDEN)


# --- What is refused, and how --------------------------------------------------------------------


@pytest.mark.parametrize("lead", [{"salesRep": 124}, {"salesRep": 1.5}, {"searches": [124]}])
def test_a_document_that_is_not_there_is_a_500_that_says_nothing(create: Ask, lead: Any) -> None:
    """It is neither 400 nor 404: the database refuses it, not Payload."""
    answer = create(lead)

    assert (answer.status_code, answer.json()) == (500, FAILED)


def test_a_lead_that_failed_leaves_nothing_behind(client: httpx.Client, create: Ask) -> None:
    """The server runs with transactions, so what came before the failure is undone."""
    before = client.get("/leads", params={"where[make][equals]": "a ghost"}).json()["totalDocs"]
    create({"make": "a ghost", "searches": [124]})
    after = client.get("/leads", params={"where[make][equals]": "a ghost"}).json()["totalDocs"]

    assert before == after == 0


# --- What is answered ----------------------------------------------------------------------------


def test_the_page_s_body_comes_back_without_its_timestamps(create: Ask, page_body: bytes) -> None:
    """They are no dates, and no server takes them; every other member is answered as it was sent."""
    lead = json.loads(page_body)
    assert create(lead).status_code in {400, 500}

    del lead["createdAt"], lead["updatedAt"]
    made = doc(create(lead, depth=0))

    assert {name: made[name] for name in lead} == lead


def test_the_id_is_there(create: Ask) -> None:
    """The page does not show it; an id of the caller's own is ignored."""
    first, second = doc(create({})), doc(create({"id": 4711}))

    assert next(iter(first)) == "id"
    assert isinstance(first["id"], int)
    assert second["id"] > first["id"]
    assert second["id"] != 4711


def test_relations_are_documents_unless_depth_is_0(create: Ask) -> None:
    """The page shows ids; they come for `depth=0` alone."""
    lead = {"salesRep": 123, "searches": [1, 123]}
    ids = doc(create(lead, depth=0))
    by_default, one_level = doc(create(lead)), doc(create(lead, depth=1))

    assert {name: ids[name] for name in lead} == lead
    for made in (by_default, one_level):
        assert made["salesRep"]["id"] == 123
        assert made["salesRep"]["title"] == "salesReps two"
        assert [one["title"] for one in made["searches"]] == ["searches one", "searches two"]


def test_depth_says_how_far_documents_are_followed(create: Ask) -> None:
    """Lead event 123 belongs to a lead, which the first level holds as an id."""
    one, two = (doc(create({"latestEvent": 123}, depth=depth)) for depth in (1, 2))

    assert one["latestEvent"]["lead"] == 1
    assert two["latestEvent"]["lead"]["notes"] == "hello"
    assert two["latestEvent"]["lead"]["latestEvent"] == 123
    assert doc(create({"latestEvent": 123}))["latestEvent"] == two["latestEvent"]


@pytest.mark.parametrize(("depth", "populated"), [(-1, False), (100, True)])
def test_a_depth_out_of_bounds_is_not_refused(create: Ask, depth: int, *, populated: bool) -> None:
    """A negative one counts as 0, a large one as 10, and nothing says so."""
    made = doc(create({"salesRep": 123}, depth=depth))

    assert isinstance(made["salesRep"], dict) == populated


def test_what_was_not_sent_is_null_or_an_empty_list(create: Ask) -> None:
    """Members are not left out, but for a localized text that has no value."""
    made = doc(create({}))

    assert (made["firstName"], made["reason"], made["agree"]) == (None,) * 3
    assert (made["bodyStyle"], made["searches"]) == ([], [])
    assert "notes" not in made


# --- What is lost or changed without a word ------------------------------------------------------


def test_unknown_members_are_dropped(create: Ask) -> None:
    """A misspelt member is not refused: it is gone."""
    made = doc(create({"firstname": "Ann", "colour": "red"}))

    assert made["firstName"] is None
    assert not {"firstname", "colour"} & set(made)


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ({"monthlyPayment": "123"}, 123),
        ({"monthlyPayment": ""}, None),
        ({"firstName": 5}, "5"),
        ({"agree": "true"}, True),
        ({"searches": 123}, [123]),
        ({"searches": None}, []),
        ({"bodyStyle": None}, []),
        ({"customer": {"id": 1}}, '{"id":1}'),
        ({"createdAt": "2020-01-01"}, "2020-01-01T00:00:00.000Z"),
    ],
)
def test_other_types_are_converted(create: Ask, sent: dict[str, Any], stored: Any) -> None:
    """What the page's types forbid is stored as what Payload makes of it."""
    (name,) = sent
    assert doc(create(sent, depth=0))[name] == stored


@pytest.mark.parametrize(
    ("sent", "stored"), [({"monthlyPayment": "abc"}, None), ({"bodyStyle": "truck"}, [])]
)
def test_values_are_lost(create: Ask, sent: dict[str, Any], stored: Any) -> None:
    """The answer is 201, and the value is not there."""
    (name,) = sent
    assert doc(create(sent, depth=0))[name] == stored


@pytest.mark.parametrize("leads", [[], [{"firstName": "Ann"}, {"firstName": "Bob"}]])
def test_a_list_of_leads_makes_one_empty_lead(create: Ask, leads: Any) -> None:
    """A caller who sends several at once loses all of them."""
    assert doc(create(leads))["firstName"] is None


def test_no_body_makes_an_empty_lead(client: httpx.Client) -> None:
    """The vendor's client sends none when `create` is called as its README says, and gets 201."""
    assert doc(client.post("/leads", headers=JSON))["firstName"] is None


def test_of_a_member_that_comes_twice_the_last_one_counts(client: httpx.Client) -> None:
    """It is not refused."""
    answer = client.post("/leads", content=b'{"make":"Audi","make":"BMW"}', headers=JSON)

    assert doc(answer)["make"] == "BMW"


def test_bytes_that_are_no_utf_8_are_replaced(client: httpx.Client) -> None:
    """A caller who sends Latin-1 is not told that the umlauts are gone."""
    body = '{"firstName":"Jürgen"}'.encode("latin-1")

    assert doc(client.post("/leads", content=body, headers=JSON))["firstName"] == "J\ufffdrgen"


# --- Locales -------------------------------------------------------------------------------------


def test_a_text_belongs_to_the_locale_it_was_sent_in(client: httpx.Client, create: Ask) -> None:
    """What was written in Spanish is there in Spanish, and nothing is in English."""
    made = doc(create({"notes": "hola", "make": "Audi"}, locale="es"))
    where = f"/leads/{made['id']}"
    spanish = client.get(where, params={"locale": "es"}).json()
    english = client.get(where, params={"locale": "en"}).json()

    assert (made["notes"], spanish["notes"]) == ("hola", "hola")
    assert "notes" not in english
    assert spanish["make"] == english["make"] == "Audi"


def test_a_missing_text_falls_back_to_the_default_locale(client: httpx.Client, create: Ask) -> None:
    """English stands in, unless `fallback-locale=none`."""
    where = f"/leads/{doc(create({'notes': 'hello'}))['id']}"
    fallen = client.get(where, params={"locale": "es"}).json()
    none = client.get(where, params={"locale": "es", "fallback-locale": "none"}).json()

    assert fallen["notes"] == "hello"
    assert "notes" not in none


def test_a_text_in_all_locales_is_lost(client: httpx.Client, create: Ask) -> None:
    """A lead is read with `locale=all`, and cannot be written so: the text is nowhere."""
    made = doc(create({"notes": "hello", "make": "Audi"}, locale="all"))

    for locale in ("en", "es"):
        found = client.get(f"/leads/{made['id']}", params={"locale": locale}).json()
        assert found["make"] == "Audi"
        assert "notes" not in found
