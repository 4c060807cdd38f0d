"""Which cases a change touches: all on which the contracts differ, and not those about something else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.recordings import SPEC

from leadline_contracts import mocked, run
from leadline_contracts.case import Due
from leadline_contracts.cases import cases_of
from leadline_contracts.impact.touched import Touched, touched
from leadline_contracts.judge import judge
from leadline_openapi import Contract, diff, load

Touch = Callable[..., tuple[Contract, Contract, Touched]]
DEPTH = "- {name: depth, in: query, schema: {type: number}}"
FORM = "requestBody: {content: {multipart/form-data: {schema: "
MINE = "  /notes/mine:\n    get:\n      security: []"


@pytest.fixture
def touch(tmp_path: Path) -> Touch:
    """What the change of the contract of notes from `before` to `after` touches."""

    def touch_it(before: str, after: str) -> tuple[Contract, Contract, Touched]:
        assert before in SPEC
        (tmp_path / "old.yaml").write_text(SPEC, "utf-8")
        (tmp_path / "new.yaml").write_text(SPEC.replace(before, after), "utf-8")
        old, new = load(tmp_path / "old.yaml"), load(tmp_path / "new.yaml")
        return old, new, touched(old, new, diff(old, new))

    return touch_it


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("maxLength: 20", "maxLength: 3"),
        ("maxLength: 20", "maxLength: 30"),
        ("required: [text]", "required: [text, tags]"),
        ("{type: array, items: {type: string}}", "{type: array, items: {type: boolean}}"),
        ("tags:", "labels:"),
        (DEPTH, DEPTH.replace("number", "integer")),
        (DEPTH, DEPTH.replace("query,", "query, required: true,")),
        (DEPTH, f"{DEPTH}\n        - {{name: v, in: header, schema: {{type: integer}}}}"),
        ("required: true\n", "required: false\n"),
        ("          text/plain: {schema: {type: string}}\n", ""),
        ("schema: {type: integer}}\n      responses", "schema: {type: string}}\n      responses"),
    ],
)
def test_every_case_on_which_the_contracts_differ_is_touched(
    touch: Touch, before: str, after: str
) -> None:
    """What one takes and the other refuses shows the change, so it is sent."""
    old, new, found = touch(before, after)
    known = {one.label: one for one in old.operations}
    differing = [
        case
        for operation in new.operations
        for case in cases_of(operation)
        if case.due in {Due.ACCEPT, Due.REFUSE, Due.EITHER}  # others carry what is just right
        and judge(case) is not judge(replace(case, operation=known[operation.label]))
    ]
    assert differing
    missed = [one.id for one in differing if one not in found.cases[one.operation.label]]
    assert missed == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("maxLength: 20", "maxLength: 3"),
        ("required: [text]", "required: [text, tags]"),
        ("items: {type: string}}", "items: {enum: [a, b]}}"),
        ("items: {type: string}}", "items: {type: integer}}"),
        (DEPTH, DEPTH.replace("number", "integer")),
        (DEPTH, DEPTH.replace("query,", "query, required: true,")),
        (DEPTH, f"{DEPTH}\n        - {{name: v, in: header, schema: {{type: integer}}}}"),
        ("          text/plain: {schema: {type: string}}\n", ""),
        ("users API-Key {key}", "Bearer {key}"),
        (MINE, MINE.removesuffix("\n      security: []")),
        ("type: string, maxLength: 20", "type: [string, 'null']"),
    ],
)
def test_a_server_of_the_old_contract_is_found_out_and_one_of_the_new_holds(
    touch: Touch, before: str, after: str
) -> None:
    """What is sent is enough to tell them apart."""
    old, new, found = touch(before, after)

    def findings(server: Contract) -> list[str]:
        how = run.Options(certificate_only=True)
        report = run.check(found.contract, mocked.target(server), how, cases=found.make)
        assert report.cases
        # What is read here without being sent first cannot be an echo.
        return [one.breach.rule for one in report.findings if one.breach.rule != "echo"]

    assert findings(old)
    assert findings(new) == []


def test_values_that_are_gone_are_sent_although_no_rule_names_them_any_more(tmp_path: Path) -> None:
    """Each of them once, and due to be refused."""
    contracts = []
    for name, values in (("old", "[a, b, c]"), ("new", "[a]")):
        path = tmp_path / f"{name}.yaml"
        path.write_text(
            SPEC.replace("schema: {type: number}", f"schema: {{enum: {values}}}"), "utf-8"
        )
        contracts.append(load(path))
    old, new = contracts
    found = touched(old, new, diff(old, new))
    (sent,) = found.turned.values()
    assert {case.target for case in sent} == {"/notes?depth=b", "/notes?depth=c"}
    assert {case.due for case in sent} == {Due.REFUSE}
    how = run.Options(certificate_only=True)
    report = run.check(found.contract, mocked.target(old), how, cases=found.make)
    assert {one.breach.rule for one in report.findings} == {"accepts-invalid"}


@pytest.mark.parametrize(
    ("before", "after"),
    [("maxLength: 20", "maxLength: 3"), (DEPTH, DEPTH.replace("number", "integer"))],
)
def test_cases_about_something_else_are_left_out(touch: Touch, before: str, after: str) -> None:
    """Broken JSON, wrong media types and other members show nothing of it."""
    _, new, found = touch(before, after)
    sent = {case.area for cases in found.cases.values() for case in cases if case.due is Due.REFUSE}
    assert sent.isdisjoint({"malformed JSON", "media type", "credentials"})
    assert found.of == sum(len(cases_of(one)) for one in new.operations)
    assert 0 < found.count < found.of / 2


def test_a_shared_schema_touches_every_operation_that_leads_to_it(touch: Touch) -> None:
    """Also where it is only answered; no other operation is asked."""
    _, _, found = touch("maxLength: 20", "maxLength: 3")
    assert list(found.cases) == ["POST /notes", "GET /notes/{id}"]
    assert [one.label for one in found.contract.operations] == list(found.cases)
    assert found.operations == 5


def test_what_is_only_read_is_tried_by_the_requests_that_get_it(touch: Touch) -> None:
    """Nothing that is refused gets such an answer."""
    _, _, found = touch("required: [doc]", "required: [doc, n]")
    dues = {case.due.name for cases in found.cases.values() for case in cases}
    assert dues == {"ACCEPT", "EITHER"}


def test_a_status_that_is_gone_is_tried_by_those_who_got_it(touch: Touch) -> None:
    """Requests that are refused are among them."""
    _, _, found = touch("        '400': {$ref: '#/components/responses/No'}\n", "")
    assert {case.due.name for case in found.cases["POST /notes"]} >= {"ACCEPT"}
    assert list(found.cases) == ["POST /notes"]


def test_another_key_is_tried_at_all_operations_that_ask_for_it(touch: Touch) -> None:
    """With it and without; operations that ask for none are left alone."""
    _, _, found = touch("users API-Key {key}", "Bearer {key}")
    assert list(found.cases) == ["POST /notes", "GET /notes/{id}"]
    dues = {case.due.name for case in found.cases["POST /notes"]}
    assert dues == {"ACCEPT", "EITHER", "DENY"}


def test_an_operation_that_asks_for_a_key_now_is_touched_alone(touch: Touch) -> None:
    """The rule stands at the document, and for this operation it is new."""
    _, _, found = touch(MINE, MINE.removesuffix("\n      security: []"))
    assert list(found.cases) == ["GET /notes/mine"]


def test_an_operation_that_is_new_is_tried_whole(touch: Touch) -> None:
    """As is one that has moved."""
    _, new, found = touch("  /notes/mine:", "  /notes/ours:")
    assert list(found.cases) == ["GET /notes/ours"]
    (operation,) = (one for one in new.operations if one.label == "GET /notes/ours")
    assert len(found.cases["GET /notes/ours"]) == len(cases_of(operation))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("title: Notes", "title: All notes"),
        ("https://notes.example/api", "https://other.example/api"),
    ],
)
def test_words_and_servers_touch_nothing(touch: Touch, before: str, after: str) -> None:
    """No case of the certificate is about them."""
    *_, found = touch(before, after)
    assert (found.count, found.contract.operations) == (0, ())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("/uploads:", "/files:"),
        (f"{FORM}{{type: object}}", f"{FORM}{{type: object, required: [file]}}"),
        ("{'204': {description: ok}}", "{'202': {description: ok}}"),
        (FORM, f"{FORM.replace('{content', '{required: true, content')}"),
    ],
)
def test_what_is_touched_and_cannot_be_tried_is_told(touch: Touch, before: str, after: str) -> None:
    """With the reason; nothing is sent of it, and a change elsewhere is none of it."""
    *_, found = touch(before, after)
    (label,) = found.unchecked
    assert label == ("POST /files" if before == "/uploads:" else "POST /uploads")
    assert "`multipart/form-data` is not supported" in found.unchecked[label]
    assert (found.count, found.tried, found.make(found.contract.operations[0])) == (0, (), ())


def test_a_parameter_that_cannot_be_read_may_be_what_is_touched(tmp_path: Path) -> None:
    """Its operation cannot be tried, and is told."""
    query = "[{name: q, in: query, content: {text/plain: {schema: {maxLength: 9}}}}]"
    text = SPEC.replace(
        "/notes/mine:\n    get:\n", f"/notes/mine:\n    get:\n      parameters: {query}\n"
    )
    assert text != SPEC
    for name, content in (("old", text), ("new", text.replace("maxLength: 9", "maxLength: 5"))):
        (tmp_path / f"{name}.yaml").write_text(content, "utf-8")
    old, new = load(tmp_path / "old.yaml"), load(tmp_path / "new.yaml")
    found = touched(old, new, diff(old, new))
    assert found.unchecked == {"GET /notes/mine": "the parameter `q` is sent as `text/plain`"}


def test_a_server_of_one_operation_that_is_gone_touches_nothing(touch: Touch) -> None:
    """What is asked is the server that was named."""
    old, new, _ = touch(MINE, f"{MINE}\n      servers: [{{url: 'https://mine.example/api'}}]")
    assert touched(new, old, diff(new, old)).count == 0
