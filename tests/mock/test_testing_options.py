"""How a mock for tests is set up, and that its contract is loaded once."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests
from tests.notes import notes

from leadline_mock import in_process, serving
from leadline_mock.faults import BadFault
from leadline_mock.testing import BadMock
from leadline_mock.testing.remembered import load
from leadline_mock.world import BadWorld
from leadline_openapi import SpecError, UnknownProfile

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
ANY = "{type: object}"


def written(folder: Path, text: str, name: str = "openapi.yaml") -> Path:
    """*text* as a file."""
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("options", "error", "problem"),
    [
        ({"specs": "a"}, BadMock, "a mock has no option `specs`; did you mean `spec`?"),
        ({"port": 1}, BadMock, "a mock has no option `port`; there are: contract, spec"),
        ({"contract": "openapi.yaml"}, BadMock, "a file is named by `spec`"),
        ({"spec": 7}, BadMock, "`spec` has to be the name of a file, not 7"),
        ({"spec": "nowhere.yaml"}, SpecError, "nowhere.yaml"),
        ({"overlays": "a.yaml"}, BadMock, "`overlays` has to be a list"),
        ({"overlays": ["nowhere.yaml"]}, SpecError, "nowhere.yaml"),
        ({"profile": "payload-9"}, UnknownProfile, "payload-9"),
        ({"keys": "secret"}, BadMock, "`keys` has to be a list"),
        ({"keys": []}, BadMock, "`keys` has to be a list of one text at least"),
        ({"keys": ["a", ""]}, BadMock, "`keys` has to be a list"),
        ({"mode": "lax"}, BadWorld, "there is no mode `lax`"),
        ({"seed": "7"}, BadMock, "`seed` has to be a whole number"),
        ({"dynamic": 1}, BadMock, "`dynamic` has to be true or false"),
        ({"faults": "reset"}, BadMock, "`faults` has to be a list"),
        ({"faults": ["rest"]}, BadFault, "did you mean `reset`?"),
        ({"faults": ["reset;rate=0.6", "hang;rate=0.6"]}, BadFault, "add up to"),
        ({"clock": datetime(2026, 1, 1)}, BadMock, "a time with a time zone"),  # noqa: DTZ001
        ({"clock": "noon"}, BadMock, "`clock` has to be"),
    ],
)
def test_options_that_cannot_be(
    options: dict[str, Any], error: type[Exception], problem: str
) -> None:
    """They are refused when the mock is asked for, before any context is entered, and say what would do."""
    for ask in (serving, in_process):
        with pytest.raises(error) as refused:
            ask(**options)
        assert problem in str(refused.value)


@pytest.mark.parametrize("name", ["spec", "overlays", "profile"])
def test_a_contract_and_a_file(name: str) -> None:
    """A contract that is loaded already and a file that says otherwise are not both taken."""
    also: dict[str, Any] = {name: ["a.yaml"] if name == "overlays" else "documented"}
    with pytest.raises(BadMock, match=f"`{name}` says nothing beside `contract`"):
        in_process(load(None, None), **also)


def test_the_key_is_not_told() -> None:
    """What is wrong with the keys is said without them."""
    with pytest.raises(BadMock) as refused:
        serving(keys="a-very-secret-key")

    assert "secret" not in str(refused.value)


def test_mode_and_faults() -> None:
    """In the mode `warn` a wrong request is answered; a fault by option happens to every request."""
    with serving(mode="warn", faults=["delay=1"]) as mock:
        url, headers = f"{mock.url}/leads", mock.headers
        answer = requests.post(url, json={"make": 1}, headers=headers, timeout=10)

    assert (answer.status_code, answer.headers["Leadline-Fault"]) == (200, "delay=1")
    assert "make" in answer.headers["Leadline-Violations"]


def test_the_clock() -> None:
    """A time stands still; a function is asked each time."""
    now = [NOON]
    frozen, moving = in_process(clock=NOON), in_process(clock=lambda: now[0])
    for mock, expected in ((frozen, ["12", "12"]), (moving, ["12", "13"])):
        told = []
        for hour in (12, 13):
            now[0] = NOON.replace(hour=hour)
            answer = mock.wsgi.test_client().post("/api/leads", json={}, headers=mock.headers)
            told.append(answer.get_json()["doc"]["createdAt"][11:13])
        assert told == expected
        assert [f"{one.time.hour}" for one in mock.requests] == expected


@pytest.mark.parametrize("made_up", ["format: uuid", "x-server-value: uuid"])
def test_the_seed(tmp_path: Path, made_up: str) -> None:
    """The same seed gives the same answer, another seed another one, in what is dynamic and in ids."""
    member = rf"\1required: [id]\n\1properties: {{id: {{type: string, {made_up}}}, doc:"
    text = re.sub(r"( +)properties: \{doc:", member, notes(ANY))
    file = written(tmp_path, text)
    answers = []
    for seed in (1, 1, 2):
        client = in_process(spec=file, seed=seed, dynamic=True).wsgi.test_client()
        answers.append(client.post("/notes", json={}).get_json()["id"])

    assert answers[0] == answers[1] != answers[2]


def test_a_contract_is_loaded_once(tmp_path: Path) -> None:
    """The same files give the same contract, however they are spelt."""
    file = written(tmp_path, notes(ANY))
    roundabout = tmp_path / "." / "x" / ".." / file.name

    assert load(file, None) is load(roundabout, None)
    assert load(None, None) is load(None, None)
    assert load(file, []) is not load(None, None)


@pytest.mark.parametrize("name", ["openapi.yaml", "overlay.yaml", "note.yaml"])
def test_a_file_that_changes(tmp_path: Path, name: str) -> None:
    """A change of the document, of an overlay, or of a file that they refer to is seen by the next mock."""
    file = written(tmp_path, notes("{$ref: note.yaml}"))
    written(tmp_path, ANY, "note.yaml")
    actions = "actions: [{target: '$.paths.*.post.responses[\"415\"]', remove: true}]"
    overlay = written(
        tmp_path, f"overlay: 1.0.0\ninfo: {{title: o, version: '1'}}\n{actions}\n", "overlay.yaml"
    )
    before = load(file, [overlay])
    changed = tmp_path / name
    changed.write_text(changed.read_text("utf-8") + "\n# changed\n", encoding="utf-8")

    after = load(file, [overlay])
    assert after is not before
    assert load(file, [overlay]) is after
