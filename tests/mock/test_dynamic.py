"""Made-up values: valid, plausible, and the same for the same seed."""

import json
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.mock.specs import TEXT, answers, content, taking

from leadline_mock import Ids, World
from leadline_mock.dynamic import Maker
from leadline_mock.plausible import FORMATS
from leadline_mock.scalars import called, numbers
from leadline_mock.source import Source
from leadline_openapi import load
from leadline_openapi.sample import NoSample, sample
from leadline_openapi.schema import Library, Schema

SPECS = Path(__file__).parents[1] / "openapi" / "specs"
CONTRACTS = [
    load(),
    *(load(SPECS / name) for name in ("articles.yaml", "catalogue.yaml", "clinic/openapi.yaml")),
]
ANSWERED = [
    media.schema
    for contract in CONTRACTS
    for operation in contract.operations
    for answer in operation.answers
    for media in answer.body.content
    if media.schema is not None
]
BOUNDS = st.integers(-3, 3) | st.integers(-(10**6), 10**6) | st.floats(-100, 100)
SEEDS = st.integers(0, 2**32).map(str)


def made(schema: Any, seed: str = "0", given: Any = None, **schemas: Any) -> Any:
    """A value that is made up for *schema*, which may refer to *schemas* by `#/name`."""
    return Maker(Library({"": schema, **schemas}), seed).make("/", given)


def valid(schema: Any, value: Any) -> bool:
    """Whether *value* is valid against *schema*, by a validator that shares no code with the maker."""
    return Schema("/", Library({"": schema})).second_opinion(value)


# --- Valid ------------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(ANSWERED), SEEDS)
def test_every_answer_is_valid(schema: Schema, seed: str) -> None:
    """Whatever the seed, the answers of whole documents are valid against their schemas."""
    value = Maker(schema.library, seed).make(schema.pointer)

    assert schema.is_valid(value)
    assert schema.second_opinion(value)


@given(
    st.sampled_from(["integer", "number"]),
    st.sampled_from(["year", "price", "latitude", "x"]),
    st.fixed_dictionaries(
        {},
        optional={
            "minimum": BOUNDS,
            "maximum": BOUNDS,
            "exclusiveMinimum": BOUNDS,
            "exclusiveMaximum": BOUNDS,
            "multipleOf": st.sampled_from([0.01, 0.5, 7, 1000]),
        },
    ),
    SEEDS,
)
def test_numbers_keep_their_bounds(kind: str, name: str, bounds: Any, seed: str) -> None:
    """Numbers are within their bounds, and multiples of what they have to be, whatever they are called."""
    schema = {"type": kind, **bounds}
    offered = list(numbers(schema, called(name), Source(seed), whole=kind == "integer"))

    assert all(valid(schema, number) for number in offered)
    try:
        sample(Schema("/", Library({"": schema})))
    except NoSample:
        return  # there may be no such number
    assert valid(schema, made(schema, seed))


@given(
    st.sampled_from(["email", "city", "description", "x"]),
    st.integers(0, 300),
    st.integers(0, 30) | st.none(),
    SEEDS,
)
def test_texts_keep_their_lengths(name: str, shortest: int, more: int | None, seed: str) -> None:
    """A text is as long as it may be, whatever it is called."""
    text = {"type": "string", "minLength": shortest}
    text |= {} if more is None else {"maxLength": shortest + more}
    schema = {"type": "object", "required": [name], "properties": {name: text}}

    assert valid(schema, made(schema, seed))


@given(st.integers(0, 6), st.integers(0, 6), st.booleans(), SEEDS)
def test_arrays_keep_their_sizes(fewest: int, more: int, unique: bool, seed: str) -> None:
    """An array has as many items as it may have, and 1 to 3 where that is open."""
    item = {"enum": list(range(12))}
    bounds = {"minItems": fewest, "maxItems": fewest + more, "uniqueItems": unique}
    schema = {"type": "array", "items": item, **bounds}

    assert valid(schema, made(schema, seed))
    assert 1 <= len(made({"type": "array", "items": item}, seed)) <= 3


@given(SEEDS)
def test_items_differ(seed: str) -> None:
    """Items differ as far as there are different ones; they repeat only where so many have to be there."""
    two = {"type": "array", "items": {"enum": [1, 2]}}

    assert made(two, seed) in [[1], [2], [1, 2], [2, 1]]
    assert len(made({**two, "minItems": 4}, seed)) == 4


@given(st.integers(0, 6), st.integers(0, 6), SEEDS)
def test_objects_keep_their_sizes(fewest: int, more: int, seed: str) -> None:
    """An object has as many members as it may have; what is required is never left out."""
    schema = {
        "type": "object",
        "required": ["last"],
        "properties": {"first": TEXT, "second": {"type": "integer"}, "last": TEXT},
        "additionalProperties": {"type": "boolean"},
        "minProperties": fewest,
        "maxProperties": max(1, fewest) + more,
    }

    assert valid(schema, made(schema, seed))


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"const": {"a": 1}}, [{"a": 1}]),
        ({"enum": ["a", "b", None]}, ["a", "b"]),
        ({"type": ["null", "boolean"]}, [False, True]),
        ({"anyOf": [{"type": "null"}, {"const": 5}]}, [5]),
        ({"type": "null"}, [None]),
        ({"type": "array", "maxItems": 0}, [[]]),
        ({"type": "array", "prefixItems": [{"const": 1}, {"const": 2}], "items": False}, [[1, 2]]),
        ({"oneOf": [{"type": "integer"}, {"const": 5}], "maximum": 5, "minimum": 5}, NoSample),
        ({"type": "object", "minProperties": 1, "additionalProperties": False}, NoSample),
        ({"allOf": [{"minimum": 3}, {"maximum": 4}], "type": "integer"}, [3, 4]),
    ],
)
def test_small_schemas(schema: Any, expected: Any) -> None:
    """Every value of a small schema turns up for some seed, and null only where nothing else is."""
    found = []
    for seed in range(20):
        try:
            value = made(schema, str(seed))
        except NoSample:
            value = NoSample
        if value not in found:
            found.append(value)

    assert sorted(found, key=str) == (expected if isinstance(expected, list) else [expected])


def test_patterns() -> None:
    """A plausible text that meets the pattern stands; where none does, the plain sample stands."""
    schema = {
        "type": "object",
        "properties": {
            "isbn": {"type": "string", "pattern": r"^97[89]\d{10}$"},
            "plan": {"type": "string", "pattern": "^[xyz]{3}$"},
        },
    }
    value = made(schema)

    assert valid(schema, value)
    assert value["isbn"] != sample(Schema("/properties/isbn", Library(schema)))
    assert value["plan"] == sample(Schema("/properties/plan", Library(schema)))


def test_members() -> None:
    """Optional members are there; those that no answer has are not, nor those that are forbidden."""
    schema = {
        "type": "object",
        "properties": {
            "name": TEXT,
            "tags": {"type": "array", "items": TEXT},
            "password": {"type": "string", "writeOnly": True},
            "never": False,
            "inner": {"type": "object", "properties": {"deeper": TEXT}},
        },
    }
    value = made(schema)

    assert set(value) == {"name", "tags", "inner"}
    assert set(value["inner"]) == {"deeper"}


def test_maps() -> None:
    """An object that is nothing but a map has an entry."""
    value = made({"type": "object", "additionalProperties": {"type": "integer"}})

    assert [type(member) for member in value.values()] == [int]


def test_given_members_decide_the_branch() -> None:
    """What is given stays, and of several kinds of object that one is made up that it belongs to."""
    cat = {"required": ["kind"], "properties": {"kind": {"const": "cat"}, "lives": {"const": 9}}}
    dog = {"required": ["kind"], "properties": {"kind": {"const": "dog"}, "pack": {"const": 3}}}
    schema = {"type": "object", "properties": {"id": {"const": 1}}, "oneOf": [cat, dog]}
    found = [made(schema, str(seed), {"kind": "dog", "x": 0}) for seed in range(5)]

    assert found == [{"id": 1, "kind": "dog", "pack": 3, "x": 0}] * 5


def test_recursion_ends() -> None:
    """A schema that contains itself in many ways does not get out of hand."""
    names = [f"child{number}" for number in range(8)]
    node = {"$ref": "#/node"}
    tree = {
        "type": "object",
        "required": ["size", "next"],
        "properties": {
            "size": {"type": "integer"},
            "next": {"anyOf": [node, {"type": "null"}]},
            **{name: {"type": "array", "items": node} for name in names},
        },
    }

    assert 100 < len(json.dumps(made(node, node=tree))) < 200_000


def test_nothing_fits() -> None:
    """An object that cannot end is an error, not a hang."""
    members = {name: {"$ref": "#/endless"} for name in "abcdef"}
    endless = {"type": "object", "required": list(members), "properties": members}

    with pytest.raises(NoSample):
        made({"$ref": "#/endless"}, endless=endless)


# --- Plausible --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("firstName", r"[A-Z][a-z]+"),
        ("billing_city", r"[A-Z].*"),
        ("loginEmail", r"\S+@example\.(com|net|org)"),
        ("e-mail", r"\S+@example\.(com|net|org)"),
        ("phoneNumber", r"\+1-2\d\d-555-01\d\d"),
        ("zipcode", r"\d{5}"),
        ("homepage", r"https://example\.com/\S+"),
        ("avatarURLs", r"https://example\.com/images/\S+\.png"),
        ("vin", r"[A-HJ-NPR-Z0-9]{17}"),
        ("createdAt", r"202[45]-\d\d-\d\dT\d\d:\d\d:\d\dZ"),
        ("due_date", r"202[45]-\d\d-\d\d"),
        ("birthday", r"(19|20)\d\d-\d\d-\d\d"),
        ("ipAddress", r"\d+\.\d+\.\d+\.\d+"),
        ("countryCode", r"[A-Z]{2}"),
        ("budgetLower", r"\d+"),
        ("creditScore", r"[3-8]\d\d"),
        ("hexColor", r"#[0-9a-f]{6}"),
        ("userId", r"[0-9a-f]{24}"),
        ("whatever", r"[a-z]+ [a-z]+"),
        ("", r"[a-z]+ [a-z]+"),
    ],
)
def test_names_of_texts(name: str, pattern: str) -> None:
    """What a text is called says what it looks like."""
    schema = {"type": "object", "properties": {name: TEXT}}
    for seed in range(5):
        assert re.fullmatch(pattern, made(schema, str(seed))[name])


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("year", 1995, 2025),
        ("price", 5, 500),
        ("latitude", -90, 90),
        ("customerAge", 18, 90),
        ("quantity", 1, 50),
        ("x", 1, 1000),
    ],
)
def test_names_of_numbers(name: str, low: float, high: float) -> None:
    """What a number is called says where it lies; its bounds say it better."""
    schema: Any = {"type": "object", "properties": {name: {"type": "number"}}}
    bounded = {"type": "object", "properties": {name: {"type": "number", "minimum": 5000}}}
    for seed in range(5):
        assert low <= made(schema, str(seed))[name] <= high
        assert made(bounded, str(seed))[name] >= 5000


def test_names_in_their_surroundings() -> None:
    """A name is read together with what holds it, and the items of a list like one of them."""
    assert called("name", "company")[0] == "company name"
    assert called("addresses")[0] == "address"
    assert called("cities", "")[0] == "city"
    assert called("HTTPStatusCode") == [
        "http status code",
        "status code",
        "code",
        "http status",
        "status",
        "http",
    ]


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_formats(name: str) -> None:
    """A text with a format is of that format, by the judgement of a validator that knows it."""
    judge = jsonschema_rs.Draft202012Validator(
        {"type": "string", "format": name}, validate_formats=True
    )
    for seed in range(10):
        assert judge.is_valid(made({"type": "string", "format": name}, str(seed)))


# --- The same again ---------------------------------------------------------------------------------

PET = {
    "type": "object",
    "properties": {"name": TEXT, "email": TEXT, "born": {"type": "string", "format": "date"}},
}
PATHS = {
    **taking(content({}), answers(PET)),
    "/b": {"get": {"responses": answers(PET)}},
}


def run(serve: Any, *calls: str, seed: int = 7) -> list[tuple[str, bytes]]:
    """What a fresh mock that makes values up answers to *calls*."""
    client = serve(PATHS, surroundings=World(seed=seed, ids=Ids(seed), dynamic=True))
    return [
        (call, (client.post(call, json={}) if call == "/a" else client.get(call)).data)
        for call in calls
    ]


def test_same_seed_same_bytes(serve: Any) -> None:
    """The same requests get the same bytes, one after the other different ones; another seed, others."""
    calls = ["/a", "/a", "/b"]
    first, again, other = run(serve, *calls), run(serve, *calls), run(serve, *calls, seed=8)

    assert first == again
    assert len({body for _, body in [*first, *other]}) == 6


def test_operations_do_not_disturb_each_other(serve: Any) -> None:
    """What an operation answers does not depend on how often another one was asked meanwhile."""
    mixed, alone = run(serve, "/b", "/a", "/b", "/a"), run(serve, "/a", "/a")

    assert [one for one in mixed if one[0] == "/a"] == alone


def test_threads_do_not_disturb_each_other() -> None:
    """Values that are made up at once are those that are made up one by one."""
    seeds = [str(seed) for seed in range(200)]
    alone = [made(PET, seed) for seed in seeds]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda seed: made(PET, seed), seeds))

    assert together == alone


def test_localised_texts_alone_depend_on_the_locale() -> None:
    """In another locale, texts that have a value per locale differ; all others are the same."""
    title = {"type": "string", "x-localized": True}
    schema = {"type": "object", "properties": {"a": TEXT, "title": title, "b": TEXT, "sub": title}}
    english, german, again = (
        Maker(Library({"": schema}), "0", locale).make("/") for locale in ("en", "de", "en")
    )

    assert english == again
    assert {name for name in schema["properties"] if english[name] != german[name]} == {
        "title",
        "sub",
    }


SCRIPT = """
import sys
from leadline_mock import World, create_app
from leadline_openapi import load
client = create_app(load(), World(keys=("k",))).test_client()
headers = {"Authorization": "k"}
client.post("/api/leads?depth=2", json={"searches": [1]}, headers=headers)
before = "faker" in sys.modules
client.post("/api/leads", json={}, headers={**headers, "Prefer": "dynamic=true"})
print(before, "faker" in sys.modules)
"""


def test_faker_is_loaded_when_it_is_needed() -> None:
    """A mock that makes nothing up does not pay for Faker."""
    result = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True, timeout=60
    )

    assert result.stdout.split() == ["False", "True"]
