"""What a server's answer says of its leniency: where requests fail, are misread, lost, or changed twice."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.contracts.leniency.lenient import BODY, MEMBERS, overlay, saying, spec

from leadline_contracts.case import Due, Exchange
from leadline_contracts.draft import base
from leadline_contracts.judge import judge
from leadline_contracts.leniency.weighing import Weighed, weigh
from leadline_openapi import Contract, load

Declaring = Callable[..., Contract]
NOW = datetime(2026, 1, 2, 12, tzinfo=UTC)
NUMBER, TEXT = f"{MEMBERS}.number", f"{MEMBERS}.text"
COLOURS, OWNER = f"{MEMBERS}.colours", f"{MEMBERS}.owner"
BOX = "$.paths['/boxes/{room}'].post.responses['200'].content['application/json'].schema.properties.box"
DEEP = b"[" * 300 + b"]" * 300
"""More levels than are read."""


@pytest.fixture
def declaring(tmp_path: Path) -> Declaring:
    """Loads the small contract with an overlay of actions on top."""

    def declaring(*actions: tuple[str, Any]) -> Contract:
        (tmp_path / "boxes.json").write_text(json.dumps(spec()), "utf-8")
        (tmp_path / "overlay.yaml").write_text(overlay(*actions), "utf-8")
        return load(tmp_path / "boxes.json", [tmp_path / "overlay.yaml"] if actions else [])

    return declaring


def exchange(
    contract: Contract,
    sent: Any,
    status: int,
    box: Any = None,
    *,
    due: Due = Due.REFUSE,
    media: str = "application/json",
) -> Exchange:
    """*sent*, as it is if it is bytes, and the answer to it."""
    operation = contract.operations[0]
    draft = base(operation)
    raw = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
    case = draft.with_body(raw, media).case("test", "body", due, operation.pointer)
    return Exchange(
        case=case,
        status=status,
        headers=(("Content-Type", "application/json"),),
        body=json.dumps({"box": box}).encode(),
        sent_at=NOW,
        received_at=NOW,
        elapsed=0,
    )


def breaches(weighed: Weighed) -> list[tuple[str, str]]:
    """Where the server does something else than is declared, and what."""
    return [(one.pointer.rpartition("/")[2], one.kind) for one in weighed.breaches]


# --- Failures ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("due", [Due.REFUSE, Due.ANY, Due.UNPREDICTABLE])
@pytest.mark.parametrize(("said", "excused"), [("error", True), ("coerced", False)])
def test_a_failure_that_is_declared_is_excused_whatever_was_due(
    due: Due, said: str, excused: bool, declaring: Declaring
) -> None:
    """Also where the contract leaves open what a correct server does."""
    known = declaring(saying(NUMBER, type_string=said))

    assert weigh(exchange(known, {"number": "5"}, 500, due=due)).excused is excused


@pytest.mark.parametrize(("sent", "excused"), [("100", True), ("5", False), ("x", False)])
def test_a_failure_on_what_a_value_is_coerced_to_is_excused(
    sent: str, excused: bool, declaring: Declaring
) -> None:
    """The server takes the text for a number, on which it is declared to fail."""
    known = declaring(saying(NUMBER, type_string="coerced", maximum="error"))

    assert weigh(exchange(known, {"number": sent}, 500)).excused is excused


def test_a_failure_on_a_right_request_is_never_excused(declaring: Declaring) -> None:
    """However lenient the contract is."""
    known = declaring(saying(NUMBER, type="error"), saying(BODY, unknown="error"))

    assert not weigh(exchange(known, {"number": 5}, 500, due=Due.ACCEPT)).excused


# --- How a body is written ----------------------------------------------------------------------------------


SPELT = [
    ("error", "Application/Json", 500, True),
    ("error", "Application/Json", 400, False),
    ("rejected", "Application/Json", 400, True),
    ("rejected", "Application/Json", 500, False),
    ("stored", "Application/Json", 400, False),
    ("error", "application/json;charset=utf-8", 500, False),
    ("error", "application/json", 500, False),
]


@pytest.mark.parametrize(("said", "media", "status", "excused"), SPELT)
def test_a_right_media_type_that_is_spelt_otherwise(
    said: str, media: str, status: int, excused: bool, declaring: Declaring
) -> None:
    """It is excused where the contract says so, and only what it says."""
    known = declaring(saying(BODY, **{"media-type:spelling": said}))

    assert weigh(exchange(known, {}, status, due=Due.ACCEPT, media=media)).excused is excused


LOST = [
    (saying(BODY, malformed="dropped"), b"{", {}, []),
    (saying(BODY, **{"media-type": "dropped"}), b"x", {}, []),
    (saying(BODY, type="dropped"), b"[1]", {}, []),
    (saying(BODY, type="dropped"), b"[1]", {"number": 1}, []),
    (saying(BODY, type="stored"), b"[1]", {}, [("type", "type:array coerced")]),
]


@pytest.mark.parametrize(("said", "sent", "box", "found"), LOST)
def test_a_body_that_is_lost(
    said: Any, sent: bytes, box: Any, found: list[tuple[str, str]], declaring: Declaring
) -> None:
    """A request without its body is accepted; what is answered then has nothing of it."""
    media = "text/plain" if sent == b"x" else "application/json"
    weighed = weigh(exchange(declaring(said), sent, 200, box, media=media))

    assert (weighed.excused, breaches(weighed)) == (True, found)


def test_a_body_that_is_too_deep_is_judged_by_what_is_read_of_it(declaring: Declaring) -> None:
    """Its outer levels break the contract whatever stands below; where they do not, nothing is due."""
    known = declaring(saying(BODY, type="dropped"))
    broken, unknown = (
        exchange(known, DEEP, 200, {}),
        exchange(known, b'{"a":' + DEEP + b"}", 200, {}),
    )

    assert [judge(one.case) for one in (broken, unknown)] == [Due.REFUSE, Due.REFUSE]
    assert [weigh(one).excused for one in (broken, unknown)] == [True, False]
    assert weigh(broken).observations == ()


# --- Values -------------------------------------------------------------------------------------------------


def test_what_the_server_sets_itself_was_dropped(declaring: Declaring) -> None:
    """A value of the server's own in the place of what was sent is not what was coerced."""
    box = {"properties": {"text": {"type": "string", "x-server-value": "uuid"}}}
    made = {"text": "9b2c5a7e-0000-4000-8000-000000000000"}
    found = [
        breaches(weigh(exchange(declaring((BOX, box), said), {"text": 5}, 200, made)))
        for said in (saying(TEXT, type="dropped"), saying(TEXT, type="coerced"))
    ]

    assert found == [[], [("type", "type:number dropped")]]


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"id": 5, "name": "x"}, []),
        (5, []),
        (6, []),
        ("5", []),
        ({"id": 5, "more": {"id": 7}}, []),
        (None, [("type:string", "type:string dropped")]),
    ],
)
def test_a_document_in_the_place_of_an_id(
    given: Any, found: list[tuple[str, str]], declaring: Declaring
) -> None:
    """How deep related documents come is asked for, and tells nothing of leniency."""
    box = {"properties": {"owner": {"x-relation": "people"}}}
    known = declaring((BOX, box), saying(OWNER, type_string=["coerced", "stored"]))

    assert breaches(weigh(exchange(known, {"owner": "5"}, 200, {"owner": given}))) == found


def test_a_populated_relation_that_was_stored(declaring: Declaring) -> None:
    """The document of an id that is not valid is that id, stored."""
    box = {"properties": {"owner": {"x-relation": "people"}}}
    known = declaring((BOX, box), saying(OWNER, minimum="coerced"))
    weighed = weigh(exchange(known, {"owner": 0}, 200, {"owner": {"id": 0, "name": "x"}}))

    assert breaches(weighed) == [("minimum", "minimum stored")]


AGAIN = [
    # A value that is coerced, and dropped for what it is then
    ({"number": "100"}, {}, []),
    ({"number": "100"}, {"number": 100}, []),
    ({"number": "100"}, {"number": "100"}, [("type:string", "type:string stored")]),
    ({"number": "5"}, {}, [("type:string", "type:string dropped")]),
    # A list from which an item is dropped, so that others move up
    ({"colours": [None, 5]}, {"colours": ["5"]}, []),
    ({"colours": [None, 5, "red"]}, {"colours": ["5", "red"]}, []),
    ({"colours": [5, 6]}, {"colours": ["5"]}, [("type:number", "type:number dropped")] * 2),
]


@pytest.mark.parametrize(("sent", "box", "found"), AGAIN)
def test_what_is_declared_in_several_steps(
    sent: Any, box: Any, found: list[tuple[str, str]], declaring: Declaring
) -> None:
    """What the contract makes of a request in the end is no finding, and everything else still is."""
    known = declaring(
        saying(NUMBER, type_string="coerced", maximum="dropped"),
        saying(f"{COLOURS}.items", type_null="dropped", type_number="coerced", enum="stored"),
    )
    weighed = weigh(exchange(known, sent, 200, box))

    assert (weighed.excused, breaches(weighed)) == (True, found)


def test_a_condition_that_does_not_fit_declares_nothing(declaring: Declaring) -> None:
    """What was sent decides which outcomes are declared."""
    known = declaring(saying(NUMBER, type={"if": {"const": ""}, "then": "dropped"}))
    found = [weigh(exchange(known, {"number": sent}, 200, {})) for sent in ("", "x")]

    assert [one.excused for one in found] == [True, False]
    assert [len(one.undeclared) for one in found] == [0, 1]


def test_the_items_of_a_list_declare_before_the_list(declaring: Declaring) -> None:
    """What the list says of its items counts where they do not say it themselves."""
    known = declaring(
        saying(COLOURS, enum="dropped", type_number="dropped"),
        saying(f"{COLOURS}.items", enum="stored"),
    )
    stored = weigh(exchange(known, {"colours": ["x"]}, 200, {"colours": ["x"]}))
    dropped = weigh(exchange(known, {"colours": [5]}, 200, {"colours": []}))

    assert (breaches(stored), breaches(dropped)) == ([], [])
    assert [one.pointer.rpartition("/")[2] for one in stored.observations] == ["items"]
    assert [one.pointer.rpartition("/")[2] for one in dropped.observations] == ["colours"]


def test_the_size_has_no_leniency(declaring: Declaring) -> None:
    """A body beyond the limit that is accepted is a finding, whatever else is declared."""
    known = declaring(
        (BODY, {"x-max-bytes": 10}), saying(BODY, malformed="dropped", **{"media-type": "dropped"})
    )
    large = exchange(known, {"text": "abcdef"}, 200, {"text": "abcdef"})

    assert judge(large.case) is Due.REFUSE
    assert judge(replace(large.case, body=b"{}")) is Due.ACCEPT
    assert not weigh(large).excused
