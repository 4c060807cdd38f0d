"""What a client gets when something goes wrong: the status, the body, the wire, and that it is said."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.mock.conftest import Serve
from tests.mock.faulting import faults
from tests.mock.specs import TEXT, answers, content, problems

from leadline_mock import World
from leadline_mock.faults import BadFault, Fault, FaultPlan, applied, fault_from_text
from leadline_mock.journal import Journal
from leadline_mock.messages import Action, Reply, Request, Response
from leadline_mock.respond import respond
from leadline_openapi import Operation, load

CONTRACT = load()
CREATE = CONTRACT.operations[0]
FINE = Response(200, (("Content-Type", "application/json"),), b'{"message":"ok"}')


def answering(response: Response, text: str) -> Reply:
    """The reply of an operation that would answer *response*, when the fault *text* happens to it."""
    return applied(fault_from_text(text), CREATE, lambda: response)


def made_world(**parts: Any) -> World:
    """A world with the key `k`, whose clock stands."""
    return World(keys=("k",), clock=lambda: datetime(2026, 1, 2, tzinfo=UTC), **parts)


def ask(world: World, *, fault: str | None = None, body: str = "{}", key: str = "k") -> Reply:
    """The reply to a lead that is created, with the header that asks for *fault*."""
    headers = [("Authorization", key), ("Content-Type", "application/json")]
    headers += [("leadline-FAULT", fault)] if fault is not None else []
    return respond(CREATE, Request("POST", {}, "", headers, body.encode()), world)


def header(response: Response, name: str) -> list[str]:
    """The values of the header *name*."""
    return [value for known, value in response.headers if known.lower() == name.lower()]


# --- The answer that a fault leaves as it is --------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("delay=200", Action(delay=0.2)),
        ("hang", Action(wire="hang")),
        ("reset", Action(wire="reset")),
        ("reset;delay=50", Action(wire="reset", delay=0.05)),
        ("truncate", Action(wire="truncate")),
        ("drip=2.5", Action(wire="drip", seconds=2.5)),
    ],
)
def test_what_happens_on_the_wire(text: str, action: Action) -> None:
    """The answer is the one that the contract gives; what the wire does with it is told beside it."""
    world, undisturbed = made_world(), ask(made_world())
    reply = ask(world, fault=text)

    assert reply.action == action
    assert (reply.response.status, reply.response.body) == (200, undisturbed.response.body)
    assert reply.response.headers == (
        *undisturbed.response.headers,
        ("Leadline-Fault", text),
    )


def test_refusals_are_late_too() -> None:
    """A delay lets nothing pass: the request is checked as ever, and its violations are told."""
    reply = ask(made_world(), fault="delay=10", body='{"year": "x"}')

    assert reply.response.status == 400
    assert reply.action == Action(delay=0.01)
    assert header(reply.response, "Leadline-Violations")


@given(faults, st.integers(0, 3))
def test_every_fault_can_happen(fault: Fault, seed: int) -> None:
    """Whatever goes wrong, there is a reply that tells it, within the bounds of an action."""
    plan = FaultPlan(seed=seed)
    plan.arm(fault)
    reply = ask(made_world(faults=plan))
    told = header(reply.response, "Leadline-Fault")
    action = reply.action or Action()

    assert told == [] or fault_from_text(told[0]).rate == 1
    assert reply.response.status == (fault.status if told and fault.status else 200)
    assert 0 <= action.delay <= 600
    assert 0 <= action.seconds <= 600
    assert action.wire == (fault.wire if told else "")


# --- A status of its own ----------------------------------------------------------------------------


@pytest.mark.parametrize("status", [404, 429, 499, 500, 503, 599])
def test_an_error_in_the_shape_of_the_api(status: int) -> None:
    """An error that the contract does not document looks like its others, and says where it is from."""
    reply = ask(made_world(), fault=f"status={status}")
    response = reply.response

    assert (response.status, reply.action) == (status, None)
    assert json.loads(response.body) == {
        "errors": [{"message": f"a fault was asked for: {status}", "keyword": "fault"}]
    }
    assert header(response, "Content-Type") == ["application/json"]


def test_an_error_accuses_nobody() -> None:
    """A request that is fine is not said to break the contract, whatever it is answered."""
    response = ask(made_world(), fault="status=503").response

    assert header(response, "Leadline-Violations") == []
    assert response.violations == ()


@pytest.mark.parametrize(("status", "name"), [(400, "violations"), (401, "key"), (415, "text")])
def test_a_documented_error_is_its_example(status: int, name: str) -> None:
    """Where the contract shows the answer with that status, this is it."""
    response = ask(made_world(), fault=f"status={status}").response
    answer = CREATE.answer_for(status)

    assert answer is not None
    assert json.loads(response.body) == answer.body.content[0].examples[name]


def test_a_status_does_not_look_at_the_request() -> None:
    """With a status of its own, neither keys nor body matter, and no id is used up."""
    world = made_world()

    assert ask(world, fault="status=500", key="wrong", body="{").response.status == 500
    assert json.loads(ask(world).response.body)["doc"]["id"] == 1


def test_the_documented_success() -> None:
    """Asked for the status of its success, the API answers with the example of it."""
    response = ask(made_world(), fault="status=200").response
    answer = CREATE.answer_for(200)

    assert answer is not None
    assert json.loads(response.body) == next(iter(answer.body.content[0].examples.values()))


@pytest.mark.parametrize("status", [202, 204, 205, 302, 304])
def test_statuses_without_a_body(status: int) -> None:
    """Where nothing is documented that is no error, and where HTTP has no body, there is none."""
    response = ask(made_world(), fault=f"status={status}").response

    assert (response.status, response.body) == (status, b"")
    assert header(response, "Content-Type") == []


def test_retry_after() -> None:
    """The client is told how long to wait."""
    response = ask(made_world(), fault="status=429;retry-after=2").response

    assert (response.status, header(response, "Retry-After")) == (429, ["2"])


def test_other_documents(serve: Serve) -> None:
    """Documented headers, ranges, other media types and `default` are taken as they are documented."""
    wait = {"required": True, "schema": {"type": "integer", "const": 60}}
    client = serve(
        {
            "/a": {
                "get": {
                    "responses": {
                        **answers(TEXT),
                        "202": {"description": "later", **content(TEXT, example="wait")},
                        "429": {"description": "slow", "headers": {"retry-after": wait}},
                        "404": {"description": "no", **content(TEXT, "text/plain", example="nö")},
                        "5XX": {
                            "description": "broken",
                            **content(
                                {"type": "object", "properties": {"message": TEXT}},
                                example={"message": "the disk is full"},
                            ),
                        },
                    }
                }
            }
        }
    )

    def ask(text: str) -> Any:
        return client.get("/a", headers={"Leadline-Fault": text})

    assert ask("status=429").headers["Retry-After"] == "60"
    assert ask("status=429;retry-after=2").headers.getlist("Retry-After") == ["2"]
    assert ask("status=404").text == "nö"
    assert ask("status=404").content_type == "text/plain; charset=utf-8"
    assert ask("status=202").json == "wait"
    assert ask("status=507").json == {"message": "a fault was asked for: 507"}
    assert problems(ask("status=422")) == [("", "a fault was asked for: 422")]


def test_a_default_answer_has_no_body_where_http_has_none(serve: Serve) -> None:
    """Documentation for all other statuses does not mean those that never have a body."""
    client = serve({"/a": {"get": {"responses": answers(TEXT, "default", example="hello")}}})

    assert client.get("/a", headers={"Leadline-Fault": "status=203"}).json == "hello"
    assert client.get("/a", headers={"Leadline-Fault": "status=204"}).data == b""
    assert client.get("/a", headers={"Leadline-Fault": "status=205"}).data == b""


def test_a_status_that_nothing_documents(serve: Serve) -> None:
    """An API without documented errors answers after RFC 9457, also with a status that nobody knows."""
    client = serve({"/a": {"get": {"responses": answers(TEXT)}}})
    response = client.get("/a", headers={"Leadline-Fault": "status=599"})

    assert problems(response) == [("", "a fault was asked for: 599")]


# --- A body that is broken --------------------------------------------------------------------------

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(JSON, st.sampled_from(["application/json", "application/problem+json; charset=utf-8"]))
def test_malformed_json(value: Any, media: str) -> None:
    """No JSON value survives: what is sent has the same length and is no JSON, but is UTF-8 still."""
    body = json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace")
    broken = answering(Response(200, (("Content-Type", media),), body), "malformed").response.body

    assert len(broken) == len(body)
    with pytest.raises(json.JSONDecodeError):
        json.loads(broken.decode("utf-8"))


@given(st.text(st.characters(codec="utf-8"), min_size=1))
def test_malformed_text(text: str) -> None:
    """A text of another kind is no UTF-8 any more."""
    plain = (("Content-Type", "text/plain; charset=utf-8"),)
    broken = answering(Response(200, plain, text.encode()), "malformed").response.body

    with pytest.raises(UnicodeDecodeError):
        broken.decode("utf-8")


def test_a_malformed_error() -> None:
    """A status of its own and a broken body come together."""
    response = answering(FINE, "malformed;status=503").response

    assert response.status == 503
    with pytest.raises(json.JSONDecodeError):
        json.loads(response.body)


def test_no_body_to_break() -> None:
    """An answer without a body has none afterwards."""
    reply = answering(Response(202, (), b""), "malformed")

    assert reply.response.body == b""


# --- The header -------------------------------------------------------------------------------------


def test_a_header_that_cannot_be() -> None:
    """It is refused in the API's own words: which header, what in it, and what is known."""
    world = made_world()
    reply = ask(world, fault="statsu=503")
    [error] = json.loads(reply.response.body)["errors"]

    assert (reply.response.status, reply.action) == (400, None)
    assert error["location"] == "header"
    assert error["field"] == "Leadline-Fault"
    assert '"statsu", did you mean `status`? It has: status, retry-after' in error["message"]
    assert "or `none`" in error["expected"]
    [told] = header(reply.response, "Leadline-Violations")
    assert [one["pointer"] for one in json.loads(told)] == ["/Leadline-Fault"]


def test_a_header_that_cannot_be_takes_nothing() -> None:
    """What was armed is still there, and no id was used up."""
    plan = FaultPlan()
    plan.arm(Fault(status=500))
    world = made_world(faults=plan)
    ask(world, fault="?")

    assert ask(world).response.status == 500
    assert json.loads(ask(world).response.body)["doc"]["id"] == 1


@given(st.text(st.characters(max_codepoint=255)) | st.from_regex(r"[a-z-]+(=[0-9.]+)?(;reset)?"))
def test_any_header_is_understood_or_refused(text: str) -> None:
    """A header either makes its fault happen, or is refused."""
    reply = ask(made_world(), fault=text)
    try:
        told = [str(fault_from_text(text))]
    except BadFault:
        told = []

    assert header(reply.response, "Leadline-Fault") == told
    assert told or reply.response.status == (200 if text.strip().lower() == "none" else 400)


class Recorder(Journal):
    """A journal that keeps what it is told of faults."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []

    def record(
        self,
        operation: Operation | None,
        request: Request,
        response: Response,
        time: datetime,
        fault: str = "",
    ) -> None:
        """Keep it."""
        super().record(operation, request, response, time, fault)
        self.faults.append(fault)


def test_the_journal_tells_faults() -> None:
    """What happened, and what did not, stands in the journal as it was drawn."""
    recorder = Recorder()
    plan = FaultPlan([Fault(delay=20, jitter=5)])
    world = made_world(journal=recorder, faults=plan)
    reply = ask(world)
    ask(world, fault="none")
    ask(world, fault="oops")

    assert recorder.faults == [header(reply.response, "Leadline-Fault")[0], "", ""]
    assert recorder.faults[0].startswith("delay=")
