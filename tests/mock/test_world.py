"""Ids, clock, keys and mode: what the world promises to every answer."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline_mock import BadWorld, Ids, World
from leadline_mock.assigned import timestamp

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


def doc(response: Any) -> dict[str, Any]:
    """The document in *response*."""
    made: dict[str, Any] = json.loads(response.body)["doc"]
    return made


def many(call: Callable[[], Any], count: int = 2000) -> list[Any]:
    """What *call* gives when eight threads call it."""
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(lambda _: call(), range(count)))


def test_ids_under_threads() -> None:
    """No id is handed out twice, and no number of a sequence is left out."""
    ids = Ids()

    assert sorted(many(lambda: ids.sequence("a"))) == list(range(1, 2001))
    assert len(set(many(ids.uuid))) == 2000
    assert ids.sequence("b") == 1


def test_answers_under_threads(ask: Any) -> None:
    """Answers that are made at once have different ids."""
    fresh = World(keys=("k",))
    ids = many(lambda: doc(ask({}, key="k", at=fresh))["id"], 400)

    assert sorted(ids) == list(range(1, 401))


def test_uuids_repeat_with_the_seed() -> None:
    """The same seed gives the same UUIDs, another seed others."""
    first, again, other = (Ids(seed) for seed in (1, 1, 2))

    assert [first.uuid(), first.uuid()] == [again.uuid(), again.uuid()]
    assert Ids(1).uuid() != other.uuid()


@given(st.lists(st.datetimes(timezones=st.just(UTC)), min_size=1))
def test_time_never_goes_back(times: list[datetime]) -> None:
    """When the clock jumps back, the time stands until the clock has caught up."""
    ticks = iter(times)
    world = World(clock=lambda: next(ticks))
    given_times = [world.now() for _ in times]

    assert given_times == [max(times[: index + 1]) for index in range(len(times))]


def test_answers_when_the_clock_jumps_back(ask: Any) -> None:
    """Timestamps of later answers are not before those of earlier ones."""
    ticks = iter([NOON, NOON - timedelta(hours=1), NOON + timedelta(seconds=1)])
    world = World(keys=("k",), clock=lambda: next(ticks))
    found = [doc(ask({}, key="k", at=world)) for _ in range(3)]

    assert [one["createdAt"] for one in found] == [
        "2026-01-02T12:00:00.000Z",
        "2026-01-02T12:00:00.000Z",
        "2026-01-02T12:00:01.000Z",
    ]
    assert all(one["createdAt"] == one["updatedAt"] for one in found)


def test_timestamps_are_utc() -> None:
    """A clock of another time zone is told in UTC, to the millisecond, cut and not rounded."""
    berlin = timezone(timedelta(hours=1))

    assert timestamp(datetime(2026, 1, 1, 0, 0, 0, 999_999, berlin)) == "2025-12-31T23:00:00.999Z"


@pytest.mark.parametrize("keys", ["a-text", ("",), ("a", "")])
def test_keys_that_cannot_be(keys: Any) -> None:
    """A text in place of a tuple, or an empty key, is an error and not an open door."""
    with pytest.raises(BadWorld, match="keys"):
        World(keys=keys)


def test_mode_that_cannot_be() -> None:
    """A mode that does not exist is an error that lists those that do."""
    with pytest.raises(BadWorld, match="no mode `lenient`; there are: strict, warn"):
        World(mode="lenient")


def test_keys_are_not_shown() -> None:
    """A world that is printed does not tell its keys."""
    assert "sesame" not in repr(World(keys=("sesame",)))


@pytest.mark.parametrize("key", ["one", "two"])
def test_each_of_several_keys(ask: Any, key: str) -> None:
    """Every key of the world is accepted."""
    assert ask({}, key=key, at=World(keys=("one", "two"))).status == 200


def test_no_keys_accept_nothing(ask: Any) -> None:
    """A world without keys accepts none."""
    assert ask({}, key="", at=World(keys=())).status == 401


# --- The mode that warns ----------------------------------------------------------------------------


@pytest.fixture
def warning() -> World:
    """A world that answers anyway."""
    return World(keys=("k",), mode="warn", clock=lambda: NOON)


def told(response: Any) -> list[tuple[str, str, str]]:
    """(location, pointer, keyword) of what the header of *response* names."""
    header = dict(response.headers).get("Leadline-Violations", "[]")
    return [(one["location"], one["pointer"], one["keyword"]) for one in json.loads(header)]


def test_warn_is_silent_about_a_proper_request(ask: Any, warning: World) -> None:
    """Where nothing is wrong, both modes answer the same."""
    strict = World(keys=("k",), clock=lambda: NOON)
    query = "depth=1"

    assert ask({}, query=query, key="k", at=warning) == ask({}, query=query, key="k", at=strict)


def test_warn_answers_and_tells(ask: Any, warning: World) -> None:
    """What is wrong is named in the header, and the document comes back as it was sent."""
    sent = {"year": "2020", "colour": "red"}
    response = ask(sent, query="depth=abc", key=None, at=warning)
    stamp = timestamp(NOON)

    assert response.status == 200
    assert doc(response) == {**sent, "id": 1, "createdAt": stamp, "updatedAt": stamp}
    assert sorted(told(response)) == [
        ("body", "/colour", "additionalProperties"),
        ("body", "/year", "type"),
        ("header", "/Authorization", "security"),
        ("query", "/depth", "type"),
    ]


def test_warn_reads_json_under_another_name(ask: Any, warning: World) -> None:
    """A forgotten media type is told, and the body is echoed all the same."""
    response = ask({"make": "Audi"}, media="text/plain", key="k", at=warning)

    assert (response.status, doc(response)["make"]) == (200, "Audi")
    assert told(response) == [("header", "/Content-Type", "content")]


@pytest.mark.parametrize(
    ("raw", "wrong"),
    [
        (b"", ("body", "", "required")),
        (b"{", ("body", "", "content")),
        (b"[1]", ("body", "", "type")),
        (b'"text"', ("body", "", "type")),
        (b"null", ("body", "", "type")),
    ],
)
def test_warn_answers_what_it_cannot_echo(
    ask: Any, warning: World, raw: bytes, wrong: tuple[str, str, str]
) -> None:
    """Even a body that cannot be read or echoed gets an answer."""
    response = ask(raw=raw, key="k", at=warning)

    assert (response.status, told(response)) == (200, [wrong])
    json.loads(response.body)
