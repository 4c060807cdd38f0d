"""The journal: what it remembers, how much of it, for whom, and what it never tells."""

from __future__ import annotations

import base64
import json
import pickle
import tracemalloc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from leadline_mock.answer import answer
from leadline_mock.journal import MAX_BODY, BadJournal, Entry, Journal
from leadline_mock.messages import Request, Response
from leadline_mock.pattern import pattern
from leadline_mock.redaction import REDACTED, Redaction
from leadline_mock.verification import verify
from leadline_mock.world import World
from leadline_openapi import Contract, Violation, load

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
OK = Response(200, (("Content-Type", "application/json"),), b"{}")
JSON = ("Content-Type", "application/json")


def asked(
    body: bytes = b"",
    *headers: tuple[str, str],
    method: str = "POST",
    query: str = "",
    target: str = "/api/leads",
) -> Request:
    """A request with *headers*."""
    return Request(method, {}, query, list(headers), body, target)


def recorded(request: Request, response: Response = OK, **options: Any) -> Any:
    """The entry of *request*, with its answer, in a journal of its own."""
    journal = Journal()
    journal.record(options.pop("operation", None), request, response, NOON, **options)
    return journal.find(1)


# --- What an entry tells ----------------------------------------------------------------------------


def test_everything_of_a_refused_request(contract: Contract) -> None:
    """An entry tells request, status, operation, run, fault and violations, and its own number and time."""
    world = World(keys=("a-secret-key",))
    request = asked(
        b'{"reason": "Bored", "firstName": null}',
        JSON,
        ("Authorization", "users API-Key a-secret-key"),
        ("Leadline-Run", "checkout"),
        ("X-Twice", "a"),
        ("x-twice", "b"),
        query="depth=1&a=%C3%A9&a=",
    )
    (operation,) = contract.operations
    refused = Response(400, (JSON,), b'{"errors":[]}', (violation("reason", "enum"),))
    east = timezone(timedelta(hours=2))
    world.journal.record(operation, request, refused, NOON.astimezone(east), "delay=20")
    entry = world.journal.find(1)

    assert entry is not None
    assert entry.as_json() == {
        "id": 1,
        "time": "2026-01-02T12:00:00.000000Z",
        "run": "checkout",
        "operation": operation.id,
        "method": "POST",
        "path": "/api/leads",
        "query": {"depth": ["1"], "a": ["é", ""]},
        "headers": {
            "Content-Type": "application/json",
            "Authorization": REDACTED,
            "Leadline-Run": "checkout",
            "X-Twice": "a, b",
        },
        "body": {"reason": "Bored", "firstName": None},
        "status": 400,
        "violations": [
            {
                "location": "body",
                "field": "reason",
                "pointer": "/reason",
                "keyword": "enum",
                "message": "reason: must be something else",
                "expected": "something else",
            }
        ],
        "fault": "delay=20",
        "answer": {"headers": {"Content-Type": "application/json"}, "body": {"errors": []}},
    }
    assert "answer" not in world.journal.entries()[0].as_json()


def violation(name: str, keyword: str, problem: str = "must be something else") -> Violation:
    """A violation of *keyword* by the member *name*."""
    return Violation("body", name, f"/{name}", keyword, problem, "something else", "/x")


def test_a_request_that_met_no_operation() -> None:
    """There are no operation, no run, no body and no fault then, and the entry says so."""
    told = recorded(asked(method="GET", target="/nowhere"), Response(404, (), b"")).as_json()

    empty = {name: told[name] for name in ("operation", "run", "body", "violations", "fault")}
    assert empty == {"operation": None, "run": "", "body": None, "violations": [], "fault": None}


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", None),
        (b"null", None),
        (b"[1.0, true]", [1.0, True]),
        (b'"text"', "text"),
        (b"a=1&b=%20", "a=1&b=%20"),
        (b"{", "{"),
        (b"NaN", "NaN"),
        (b"\xff{}", "\ufffd{}"),
        (b"[" * 300 + b"]" * 300, "[" * 300 + "]" * 300),
    ],
)
def test_bodies(body: bytes, told: Any) -> None:
    """A body is told as JSON where it is JSON, else as text, whatever its bytes are."""
    entry = recorded(asked(body), Response(200, (), body))

    assert (entry.body, entry.answer.body, entry.size) == (told, told, len(body))
    json.dumps(entry.as_json(), allow_nan=False)


def test_long_bodies_are_kept_in_part() -> None:
    """Of a body of more than 64 kB the beginning is kept, as text, and the entry says so."""
    long, most = json.dumps(["é" * MAX_BODY], ensure_ascii=False).encode(), b"b" * MAX_BODY
    told = recorded(asked(long), Response(200, (), long + b" ")).as_json()
    whole = recorded(asked(most), Response(200, (), most)).as_json()

    assert told["truncated"] is told["answer"]["truncated"] is True
    assert told["body"] == told["answer"]["body"] == long[:MAX_BODY].decode("utf-8", "replace")
    assert "truncated" not in {*whole, *whole["answer"]}
    assert whole["body"] == most.decode()


def test_too_many_violations_are_counted() -> None:
    """Violations that are not kept are counted."""
    many = tuple(violation(f"a{number}", "type") for number in range(5000))
    told = recorded(asked(b"{}"), Response(400, (), b"", many)).as_json()
    few = recorded(asked(b"{}"), Response(400, (), b"", many[:2])).as_json()

    assert [one["field"] for one in few["violations"]] == ["a0", "a1"]
    assert "more_violations" not in few
    assert [one["field"] for one in told["violations"][:2]] == ["a0", "a1"]
    assert len(told["violations"]) + told["more_violations"] == 5000


def test_entries_travel_between_processes() -> None:
    """An entry that was pickled is the same entry."""
    entry = recorded(
        asked(b"{}", JSON, query="a=1"), Response(400, (), b"", (violation("a", "b"),))
    )

    assert pickle.loads(pickle.dumps(entry)) == entry  # noqa: S301 - our own


# --- How much is remembered -------------------------------------------------------------------------


def test_the_oldest_make_room() -> None:
    """The last requests are remembered, in order; ids go on, and what was dropped is counted."""
    journal = Journal(limit=3)
    for number in range(5):
        journal.record(None, asked(str(number).encode()), OK, NOON)

    assert [(one.id, one.body) for one in journal.entries()] == [(3, 2), (4, 3), (5, 4)]
    assert (journal.dropped, journal.find(2)) == (2, None)

    journal.reset()
    journal.record(None, asked(), OK, NOON)

    assert ([one.id for one in journal.entries()], journal.dropped) == ([6], 0)


def _size(told: Entry) -> int:
    assert told.answer is not None
    return len(told.body or "") + len(told.answer.body or "")


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 90_000), st.integers(0, 90_000)), max_size=30),
    st.integers(0, 400_000),
)
def test_bytes_are_bounded(sizes: list[tuple[int, int]], most: int) -> None:
    """What is kept of bodies and answers never exceeds the limit; the newest are kept."""
    journal = Journal(max_bytes=most)
    for sent, answered in sizes:
        journal.record(None, asked(b"s" * sent), Response(200, (), b"a" * answered), NOON)
    kept = [journal.find(one.id) for one in journal.entries()]

    assert sum(_size(one) for one in kept if one) <= most
    numbers = [one.id for one in kept if one]
    assert numbers == list(range(len(sizes) - len(numbers) + 1, len(sizes) + 1))
    assert journal.dropped == len(sizes) - len(numbers)


FLOODS: dict[str, Callable[[int], tuple[Request, Response]]] = {
    "bodies": lambda number: (asked(b"%d" % number * 100_000), OK),
    "answers": lambda number: (asked(), Response(200, (), b"%d" % number * 100_000)),
    "headers": lambda number: (asked(b"", ("X-A", f"{number}" * 10_000)), OK),
    "queries": lambda number: (asked(query=f"{number}" * 10_000), OK),
    "many headers": lambda number: (
        _read(asked(b"", *((f"a{one}", f"{number}{one}") for one in range(500)))),
        OK,
    ),
    "many parameters": lambda number: (
        _read(asked(query="&".join(f"a{number}{one}" for one in range(3000)))),
        OK,
    ),
    "many cookies": lambda number: (
        _read(asked(b"", ("Cookie", ";".join(f"a{number}{one}=1" for one in range(3000))))),
        OK,
    ),
    "targets": lambda number: (asked(target=f"/{number}" * 10_000), OK),
    "names": lambda number: (asked(), _wrong(violation(f"{number}" * 20_000, "a"))),
    "violations": lambda number: (asked(), _wrong(*(_other(number) for _ in range(500)))),
    "nothing": lambda number: (asked(target=f"/{number}"), Response(404, (), b"")),
}


def _read(request: Request) -> Request:
    """*request*, of which everything has been looked at."""
    for place in ("header", "query", "cookie"):
        assert request.sent(place) is not None
    request.header("a")
    return request


def _wrong(*violations: Violation) -> Response:
    return Response(400, (JSON,), b"{}", violations)


def _other(number: int) -> Violation:
    return violation(f"a{number}", "type", f"must be {number}")


@pytest.mark.parametrize("flood", FLOODS)
def test_memory_is_bounded(flood: str) -> None:
    """Whatever a client sends most of, a journal of 1 MB takes no more than 2 MB."""
    journal = Journal(limit=100_000, max_bytes=1_000_000)
    tracemalloc.start()
    try:
        for number in range(100, 500):
            journal.record(None, *FLOODS[flood](number), NOON)
        size, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert size < 2_000_000
    assert journal.dropped


def test_more_that_are_to_be_kept_have_more_room() -> None:
    """A journal that is asked to remember more than usual does so for the bodies that are usual."""
    journal = Journal(limit=3000)
    headers = [(f"X-Name-{number}", "a usual value") for number in range(10)]
    for _ in range(3000):
        journal.record(None, asked(b"s" * 2400, *headers), Response(200, (), b"a" * 2500), NOON)

    assert (len(journal.entries()), journal.dropped) == (3000, 0)


def test_a_journal_that_keeps_nothing() -> None:
    """With the limit 0 nothing is remembered, and nothing breaks."""
    journal = Journal(limit=0)
    journal.record(None, asked(), OK, NOON)

    assert (journal.entries(), journal.dropped) == ([], 1)


@pytest.mark.parametrize("limits", [{"limit": -1}, {"max_bytes": -1}])
def test_bad_limits(limits: dict[str, Any]) -> None:
    """A limit below nothing is refused."""
    with pytest.raises(BadJournal, match="0 keeps nothing"):
        Journal(**limits)


# --- Threads and runs -------------------------------------------------------------------------------


def test_many_threads_write_and_read() -> None:
    """No exchange is lost or counted twice while eight threads write, read and reset."""
    journal = Journal(limit=500)

    def write(number: int) -> None:
        journal.record(None, asked(b"x" * (number % 100), ("Leadline-Run", "a")), OK, NOON)
        if number % 50 == 0:
            ids = [one.id for one in journal.entries("a")]
            assert ids == sorted(set(ids))
            journal.reset("b")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(4000)))

    assert [one.id for one in journal.entries()] == list(range(3501, 4001))
    assert journal.dropped == 3500


def test_runs_are_kept_apart() -> None:
    """A run sees its own requests, and resetting it leaves the others alone."""
    journal = Journal()
    for run in ("a", "b", "", "a"):
        journal.record(None, asked(b"", *([("leadline-run", run)] if run else [])), OK, NOON)

    assert [[one.id for one in journal.entries(run)] for run in ("a", "b", "", "c", None)] == [
        [1, 4],
        [2],
        [3],
        [],
        [1, 2, 3, 4],
    ]

    journal.reset("a")
    journal.reset("c")

    assert [one.id for one in journal.entries()] == [2, 3]


def test_room_that_a_reset_makes_is_free_again() -> None:
    """After a reset as much fits in as before."""
    journal = Journal(max_bytes=50_000)
    for _ in range(3):
        journal.record(None, asked(b"x" * 40_000, ("Leadline-Run", "a")), OK, NOON)
        assert len(journal.entries()) == 1
        journal.reset("a")

    assert journal.dropped == 0


# --- What is never told -----------------------------------------------------------------------------

KEYS = st.text("aeZ0 9_-+/.:;!\"'\\&é€🚗%={[", min_size=5, max_size=20).map("K".__add__)
"""No key of the kind is part of what the journal itself writes."""


def octets(text: str) -> str:
    """*text*, percent-encoded to the last letter."""
    return "".join(f"%{byte:02X}" for byte in text.encode())


def basic(text: str) -> str:
    """*text* as the password of a user, as Basic authentication has it."""
    return base64.b64encode(f"user:{text}".encode()).decode()


def widened(text: str, encoding: str) -> str:
    """What is read as UTF-8 and was *encoding*; letters beyond ASCII are lost in it anyway."""
    return text.encode(encoding).decode() if text.isascii() else text


SPELLINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "upper": str.upper,
    "swapped": str.swapcase,
    "percent": octets,
    "some percent": lambda text: quote(text, safe=""),
    "twice": lambda text: quote(octets(text)),
    "form": lambda text: quote(text, safe=" ").replace(" ", "+"),
    "mojibake": lambda text: text.encode().decode("latin-1"),
    "escaped": lambda text: json.dumps(text)[1:-1],
    "all escaped": lambda text: "".join(
        json.dumps(one)[1:-1] if ord(one) > 127 else f"\\u{ord(one):04x}" for one in text
    ),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 of one more": lambda text: base64.b64encode(b"x" + text.encode() + b"y").decode(),
    "hexadecimal": lambda text: f"a{text.encode().hex()}",
    "UTF-16": lambda text: widened(text, "utf-16-le"),
    "UTF-32": lambda text: widened(text, "utf-32-be"),
    "entities": lambda text: escape(text, {'"': "&quot;", "'": "&apos;"}),
    "all entities": lambda text: "".join(f"&#{ord(one)};" for one in text),
    "hexadecimal entities": lambda text: "".join(f"&#x{ord(one):04X};" for one in text),
    "basic": basic,
    "basic in a URL": lambda text: quote(basic(text), safe=""),
    "base64url": lambda text: base64.urlsafe_b64encode(b"a:" + text.encode()).decode(),
}


def spread(text: str) -> tuple[Request, Response]:
    """An exchange with *text* in every place that a client or the answer can put it into."""
    inner = {text: [text, {"a": f"before {text} after"}], "b": {f"x{text}": None}}
    latin = text.encode("utf-8", "surrogatepass").decode("latin-1")
    request = Request(
        text,
        {},
        f"a={quote(text)}&{quote(text)}=1&c={text}",
        [
            ("Authorization", text),
            ("X-One", latin),
            ("X-Two", f"before {text}"),
            (text, "three"),
            ("Cookie", f"a={text}"),
            ("Leadline-Run", text),
        ],
        json.dumps(inner).encode(),
        f"/a/{text}/{quote(text, safe='')}",
    )
    wrong = (Violation("body", text, f"/{text}", "type", f"is {text}", f"not {text}", "/x"),)
    headers = (("Set-Cookie", text), ("Location", f"/a/{text}"), (text, text))
    return request, Response(400, headers, text.encode("utf-8", "replace"), wrong)


def texts(value: Any) -> Iterator[str]:
    """Every text in a JSON value, names included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, member in value.items():
            yield name
            yield from texts(member)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)


@settings(deadline=None)
@given(key=KEYS, spelling=st.sampled_from(sorted(SPELLINGS)), as_text=st.booleans())
@example(key="K🚗🚗🚗🚗🚗", spelling="plain", as_text=False)
@example(key='K"\\"\\"', spelling="escaped", as_text=True)
@example(key="Ka b c d", spelling="form", as_text=True)
@example(key="Kéééée", spelling="mojibake", as_text=True)
def test_no_key_is_told(key: str, spelling: str, as_text: bool) -> None:
    """However a key is spelled and wherever it is sent, neither journal nor verification tells it."""
    sent = SPELLINGS[spelling](key)
    request, response = spread(sent)
    if as_text:
        request.body = b"{" + sent.encode("utf-8", "replace")
    journal = Journal()
    journal.conceal(Redaction(keys=frozenset({key, "another"})))
    journal.record(None, request, response, NOON, f"fault {sent}")
    entry = journal.find(1)
    assert entry is not None
    wanted = pattern(
        method="GET",
        path=f"/b/{sent}",
        query={"a": f"other {sent}", sent: "2"},
        headers={"X-One": f"other {sent}", f"X{sent}": ""},
        body={"a": {sent: sent}},
        absent=[f"/{sent.replace('~', '').replace('/', '')}"],
        run=f"other {sent}",
    )
    found = verify([entry], wanted, journal.redaction)
    told = [*texts(entry.as_json()), *texts(found.as_json()), str(found)]

    assert not found.verified
    for form in ("plain", "percent", "basic", "base64"):
        looked_for = SPELLINGS[form](key).casefold()
        assert [text for text in told if looked_for in text.casefold()] == []
    assert [text for text in told if sent.casefold() in text.casefold()] == []


@pytest.mark.parametrize("value", [12345678, 12345678.5, -12345678])
def test_a_key_that_is_a_number(value: float) -> None:
    """A number in a body that has the key in its digits is not told."""
    journal = Journal()
    journal.conceal(Redaction(keys=frozenset({"12345678"})))
    journal.record(None, asked(json.dumps({"a": value, "b": 1, "c": True}).encode()), OK, NOON)

    assert journal.entries()[0].body == {"a": REDACTED, "b": 1, "c": True}


CUT: dict[str, Callable[[str], str]] = {
    "percent": lambda text: "".join(f"%{ord(one):02x}" for one in text),
    "escaped": lambda text: "".join(f"\\u{ord(one):04x}" for one in text),
    "entities": lambda text: "".join(f"&#{ord(one)};" for one in text),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "UTF-16": lambda text: text.encode("utf-16-le").decode(),
}


@pytest.mark.parametrize("spelling", CUT)
def test_the_beginning_of_a_key_that_is_spelled_otherwise(spelling: str) -> None:
    """However little of a key is missing where a text is cut, and however it is spelled, it is not told."""
    key = "the-long-key"
    redaction = Redaction(keys=frozenset({key}))
    text = f"some text {CUT[spelling](key)}"
    for end in range(len(text) * 2 // 3, len(text)):
        assert (
            "some text "
            in redaction.beginning(text[:end])
            in ("some text ", "some text <redacted>")
        )
    assert redaction.beginning("some text %") == "some text %"


@pytest.mark.parametrize("shown", range(4, 12))
def test_the_beginning_of_a_key_at_the_end_of_what_is_kept(shown: int) -> None:
    """A key that the limit of 64 kB, or of a message, cuts into pieces is not told in part."""
    key = "the-long-key"
    text = "." * (MAX_BODY - shown) + key
    problem = f'must be a number, not "{"." * 40}{key[:shown]}…'
    journal = Journal()
    journal.conceal(Redaction(keys=frozenset({key})))
    response = Response(400, (), text.encode(), (violation("a", "type", problem),))
    journal.record(None, asked(text.encode()), response, NOON)
    entry = journal.find(1)

    assert entry is not None
    assert entry.answer is not None
    assert {entry.body, entry.answer.body} == {"." * (MAX_BODY - shown)}
    assert entry.violations[0].problem == f'must be a number, not "{"." * 40}…'


def test_values_that_security_schemes_name(tmp_path: Any) -> None:
    """What was sent as a credential is not told, right or wrong, under any spelling of its name."""
    schemes = {
        "a": {"type": "apiKey", "in": "header", "name": "X-Api-Key"},
        "b": {"type": "apiKey", "in": "query", "name": "api_key"},
        "c": {"type": "apiKey", "in": "cookie", "name": "session"},
    }
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Other", "version": "1"},
        "components": {"securitySchemes": schemes},
        "paths": {
            "/a": {
                "get": {
                    "security": [{name: []} for name in schemes],
                    "responses": {"200": {"description": "ok"}},
                }
            }
        },
    }
    file = tmp_path / "openapi.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    contract = load(file)
    request = asked(
        b"",
        ("x-api-KEY", "wrong1"),
        ("Cookie", "session=wrong2; other=3"),
        ("Proxy-Authorization", "wrong4"),
        ("X-Other", "fine"),
        query="API_key=wrong5&api_key=wrong6&x=fine",
    )
    known, unrouted = Journal(), Journal()
    unrouted.conceal(Redaction.of_contracts([contract]))
    known.record(contract.operations[0], request, OK, NOON)
    unrouted.record(None, request, OK, NOON)

    for journal in (known, unrouted):
        told = json.dumps(journal.entries()[0].as_json())
        assert "wrong" not in told
        assert told.count("fine") == 2


def test_what_a_mock_answers_is_told_without_its_key(contract: Contract) -> None:
    """A world's journal hides that world's keys: also in the echo of a body that has one in it."""
    key = "a-key-of-Some-length"
    world = World(keys=(key,), clock=lambda: NOON)
    headers = [("Authorization", key), JSON]
    request = Request("POST", {}, "", headers, json.dumps({"firstName": f"I am {key}"}).encode())
    (operation,) = contract.operations
    response = answer(operation, request, world)
    world.journal.record(operation, request, response, NOON)
    entry = world.journal.find(1)

    assert key.encode() in response.body
    assert entry is not None
    assert entry.body == {"firstName": f"I am {REDACTED}"}
    assert key not in json.dumps(entry.as_json())


@settings(deadline=None)
@given(st.text(), st.text(min_size=4))
def test_other_text_is_left_alone(text: str, key: str) -> None:
    """What holds no key, and nothing that could be one in another spelling, is told as it is."""
    redaction = Redaction(keys=frozenset({f"\ue000{key}"}))

    assert redaction.value({text: [text, 1, 2.5, None, True]}) == {text: [text, 1, 2.5, None, True]}
