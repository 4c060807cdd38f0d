"""Recorded exchanges and a change of the contract: who is met, by which row, and who is not to blame."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.recordings import SPEC, URL, archive, entry, headers, moment

from leadline_contracts.impact.measuring import impact
from leadline_contracts.impact.reading import read
from leadline_contracts.impact.result import Impact
from leadline_contracts.traffic.holding import Options
from leadline_openapi import diff, load

Measure = Callable[..., Impact]
DEPTH = "- {name: depth, in: query, schema: {type: number}}"
STORED = "{schema: {$ref: '#/components/schemas/Stored'}}"


@pytest.fixture
def measure(tmp_path: Path) -> Measure:
    """Holds entries to the contract of notes and to what `changes` make of it."""

    def measured(
        changes: dict[str, str], *entries: dict[str, Any], old: str = SPEC, **options: Any
    ) -> Impact:
        new = old
        for before, after in changes.items():
            assert before in new
            new = new.replace(before, after)
        for name, content in (
            ("old.yaml", old),
            ("new.yaml", new),
            ("r.har", archive(*entries)),
        ):
            (tmp_path / name).write_text(content, "utf-8")
        was, now = load(tmp_path / "old.yaml"), load(tmp_path / "new.yaml")
        recordings = [read(tmp_path / "r.har")]
        return impact(was, now, diff(was, now), recordings, Options(**options))

    return measured


def rows(found: Impact) -> list[tuple[str, str, int]]:
    """Effect, code of the change and count of all that is met."""
    return [
        (one.effect, one.change.code if one.change else "", one.count) for one in found.affected
    ]


def stored(text: str) -> dict[str, Any]:
    """An answer that holds *text*."""
    return {"doc": {"text": text, "id": 1, "createdAt": moment(1)}}


@pytest.mark.parametrize(
    ("changes", "asked", "code"),
    [
        ({"maxLength: 20": "maxLength: 3"}, {"sent": {"text": "long"}}, "max-length-narrowed"),
        ({"required: [text]": "required: [text, tags]"}, {}, "member-required"),
        (
            {
                "        tags: {": "        mood: {type: string}\n        tags: {",
                "[text]": "[text, mood]",
            },
            {},
            "member-added",
        ),
        ({"{type: string, maxLength": "{type: [integer], maxLength"}, {}, "type-changed"),
        ({DEPTH: DEPTH.replace("number", "integer")}, {"url": f"{URL}?depth=1.5"}, "type-narrowed"),
        (
            {DEPTH: DEPTH.replace("query,", "query, required: true,")},
            {},
            "parameter-required",
        ),
        (
            {DEPTH: DEPTH + "\n        - {name: v, in: query, required: true, schema: {}}"},
            {},
            "parameter-added",
        ),
        ({"  /notes:\n    post:": "  /notes:\n    put:"}, {}, "operation-removed"),
        (
            {"          text/plain: {schema: {type: string}}\n": ""},
            {
                "request": {
                    "headers": headers(
                        Content_Type="text/plain", Authorization="users API-Key k3y"
                    ),
                    "postData": {"mimeType": "text/plain", "text": "hello"},
                }
            },
            "media-type-removed",
        ),
        ({"users API-Key {key}": "Bearer {key}"}, {}, "security-changed"),
        (
            {"  /notes/mine:\n    get:\n      security: []": "  /notes/mine:\n    get:"},
            {
                "method": "GET",
                "url": f"{URL}/mine",
                "key": "",
                "request": {"postData": {}, "bodySize": 0},
                "status": 200,
                "response": {"headers": headers(Content_Type="text/csv")},
            },
            "security-narrowed",
        ),
    ],
)
def test_a_request_that_is_refused_now_is_explained_by_its_row(
    measure: Measure, changes: dict[str, str], asked: dict[str, Any], code: str
) -> None:
    """Whatever broke it, the row that says so is found; who does not meet it is not counted."""
    keyed = entry(9, method="GET", url=f"{URL}/9", sent={}, answered=stored("a"), status=200)
    found = measure(changes, entry(1, **asked), keyed)
    refused = [row for row in rows(found) if row[0] == "refused"]
    assert [(row[1]) for row in refused] == [code]
    assert found.refused == refused[0][2]
    assert found.affected[0].example.number == 1
    assert found.refused_before == 0


def test_a_parameter_that_is_gone_is_met_by_who_sends_it(measure: Measure) -> None:
    """Nothing refuses it, but it means nothing any more."""
    change = {f"      parameters:\n        {DEPTH}\n": ""}
    found = measure(change, entry(1, url=f"{URL}?depth=2"), entry(2))
    assert rows(found) == [("ignored", "parameter-removed", 1)]
    assert (found.refused, found.ignored, found.requests) == (0, 1, 2)
    assert found.affected[0].example.request == "POST /notes?depth=2"


def test_what_the_old_contract_refused_is_not_blamed_on_the_change(measure: Measure) -> None:
    """A request, or an answer, that was wrong before is counted, and told of no row."""
    found = measure(
        {"maxLength: 20": "maxLength: 3", "required: [doc]": "required: [doc, n]"},
        entry(1, sent={"text": "x" * 21}, answered=stored("x" * 21)),
        entry(2, sent={"text": 5}, status=201, answered={"doc": 5}),
    )
    assert rows(found) == []
    assert (found.refused_before, found.disallowed_before) == (2, 2)
    assert (found.refused, found.disallowed) == (0, 0)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"required: [doc]": "required: [doc, n]"}, "member-required"),
        ({"'201':": "'202':"}, "status-removed"),
        ({"X-Total: {schema": "X-Total: {required: true, schema"}, "header-required"),
        (
            {f"application/json: {STORED}": f"application/a+json: {STORED}"},
            "media-type-removed",
        ),
    ],
)
def test_an_answer_that_is_not_allowed_any_more_is_told(
    measure: Measure, changes: dict[str, str], code: str
) -> None:
    """Schema, status, header and media type of an answer, each by its row."""
    found = measure(changes, entry(1))
    assert rows(found) == [("disallowed", code, 1)]
    assert found.disallowed == 1


@pytest.mark.parametrize(
    ("documented", "disallowed"), [("", 0), ("        '422': {description: no}\n", 1)]
)
def test_an_error_is_not_allowed_only_where_others_are_documented(
    measure: Measure, documented: str, disallowed: int
) -> None:
    """A contract that documents no error leaves it to the server which one it answers."""
    error = "        '40{}': {{$ref: '#/components/responses/No'}}\n"
    post, get = SPEC.split("  /notes/{id}:")
    old = f"{post.replace(error.format(1), documented)}  /notes/{{id}}:{get}"
    found = measure({error.format(0): ""}, entry(1, status=400, answered={}), old=old)
    assert found.disallowed == disallowed


UPLOAD = entry(1, url="https://notes.example/api/uploads", sent={"a": 1})


def test_an_operation_that_is_gone_meets_its_callers_whatever_they_send(measure: Measure) -> None:
    """Also where nobody can say whether their requests were right, and then that is told."""
    found = measure({"  /uploads:": "  /files:"}, UPLOAD)
    assert rows(found) == [("refused", "operation-removed", 1)]
    assert [one.example.request for one in found.affected] == ["POST /uploads"]
    (told,) = (one for one in found.unchecked if one.startswith("POST /uploads: "))
    assert "`multipart/form-data` is not supported" in told


def test_an_operation_that_cannot_be_judged_is_left_out_while_it_is_there(measure: Measure) -> None:
    """Whether the new contract takes its requests is not known."""
    found = measure({"'204'": "'202'"}, UPLOAD)
    assert (found.requests, rows(found)) == (0, [])
    (told,) = found.skipped
    assert told.startswith("POST /uploads: a request body of `multipart/form-data`")


def test_an_answer_is_judged_although_its_request_is_refused_now(measure: Measure) -> None:
    """One change of a shared schema is met on both sides, and told for each."""
    found = measure({"maxLength: 20": "maxLength: 3"}, entry(1, sent={"text": "long"}))
    assert rows(found) == [
        ("refused", "max-length-narrowed", 1),
        ("disallowed", "max-length-narrowed", 1),
    ]


def test_a_request_that_meets_two_rows_is_one_request(measure: Measure) -> None:
    """It is told with each of them, and counted once."""
    changes = {"maxLength: 20": "maxLength: 3", "required: [text]": "required: [text, tags]"}
    found = measure(changes, entry(1, sent={"text": "long"}))
    assert [one.count for one in found.affected if one.effect == "refused"] == [1, 1]
    assert found.refused == 1


def test_what_is_gone_explains_nothing_that_has_come_in_its_place(measure: Measure) -> None:
    """The pointers of both are one, each in its own contract."""
    other = "- {name: lang, in: query, schema: {type: string}}"
    old = SPEC.replace(DEPTH, f"{DEPTH}\n        {other}")
    required = other.replace("query,", "query, required: true,")
    found = measure(
        {f"{DEPTH}\n        {other}": required}, entry(1, url=f"{URL}?depth=2"), old=old
    )
    assert rows(found) == [
        ("refused", "parameter-required", 1),
        ("ignored", "parameter-removed", 1),
    ]


def test_callers_are_told_apart_by_the_header_that_names_them(measure: Measure) -> None:
    """Each with how often it meets a row; who meets nothing is there with none."""
    sent = {"text": "long"}
    by = {
        name: {
            "headers": headers(
                Content_Type="application/json", Authorization="users API-Key k3y", X_Client=name
            )
        }
        for name in ("shop", "crm")
    }
    found = measure(
        {"maxLength: 20": "maxLength: 3"},
        entry(1, sent=sent, request=by["shop"]),
        entry(2, sent=sent, request=by["shop"]),
        entry(3, sent={"text": "ok"}, request=by["crm"]),
        entry(4, sent=sent),
        caller_header="X-Client",
    )
    assert found.affected[0].callers == {"shop": 2, "unknown": 1}
    told = {name: (one.requests, one.affected) for name, one in found.callers.items()}
    assert told == {"shop": (2, 2), "crm": (1, 0), "unknown": (1, 1)}


def test_a_change_below_a_choice_explains_what_the_choice_refuses(measure: Measure) -> None:
    """A value that fits no branch is refused at the `anyOf`; the one row below it is the reason."""
    old = SPEC.replace(
        "tags: {type: array, items: {type: string}}",
        "tags: {anyOf: [{$ref: '#/components/schemas/Few'}, {type: string, maxLength: 1}]}",
    ).replace("    Stored:\n", "    Few: {type: string, pattern: '^[ab]+$'}\n    Stored:\n")
    found = measure({"^[ab]+$": "^a+$"}, entry(1, sent={"text": "t", "tags": "ab"}), old=old)
    assert ("refused", "pattern-narrowed", 1) in rows(found)


def test_where_two_rows_could_be_the_reason_none_is_named(measure: Measure) -> None:
    """The rule and the place are told all the same."""
    old = SPEC.replace(
        "tags: {type: array, items: {type: string}}",
        "tags: {anyOf: [{type: string, maxLength: 9}, {type: string, pattern: '^[ab]+$'}]}",
    )
    changes = {"maxLength: 9": "maxLength: 1", "^[ab]+$": "^a+$"}
    found = measure(changes, entry(1, sent={"text": "t", "tags": "ab"}), old=old)
    refused = [one for one in found.affected if one.effect == "refused"]
    assert [(one.change, one.pointer.endswith("/anyOf")) for one in refused] == [(None, True)]


def test_keys_are_in_nothing_that_is_told(measure: Measure) -> None:
    """Neither in examples nor in what is wrong there, also where only the new contract knows the header."""
    secret = "s3cret-of-somebody"
    new_header = {
        "headers": headers(
            Content_Type="application/json", Authorization="users API-Key k3y", X_New=secret
        )
    }
    found = measure(
        {
            "in: header, name: Authorization, x-credential: 'users API-Key {key}'": "in: header, name: X-New",
            "maxLength: 20": "maxLength: 3",
        },
        entry(1, sent={"text": secret}, request=new_header),
    )
    assert found.affected
    assert secret not in repr(found)


def test_a_recording_without_the_api_judges_nothing(measure: Measure) -> None:
    """That is told, and is no request that meets nothing."""
    found = measure({"maxLength: 20": "maxLength: 3"}, entry(1, url="https://else.example/x/y/z"))
    assert (found.entries, found.requests, rows(found)) == (1, 0, [])
    assert sum(found.skipped.values()) == 1
