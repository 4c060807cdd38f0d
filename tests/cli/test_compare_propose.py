"""`leadline compare --propose`: an overlay for review, who is wrong, and the way back to no difference."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import running_mock

from leadline_cli.main import run
from leadline_cli.proposing import Proposing
from leadline_contracts import mocked
from leadline_contracts.compare import run as runs
from leadline_contracts.compare.plan import Plan, plan
from leadline_contracts.overlays import Action
from leadline_contracts.reconcile.ledger import Ledger
from leadline_openapi import Contract, profiles
from leadline_openapi.loading import overlaid

KEY = "test-api-key"
_DIFFERENT = """\
overlay: 1.0.0
info: {title: Another server, version: '1'}
actions:
  - target: $.paths['/leads'].post.responses
    update:
      '201':
        description: made
        content: {application/json: {schema: {$ref: '#/components/schemas/LeadConfirmation'}}}
      '403': {$ref: '#/components/responses/Unauthorized'}
  - target: $.paths['/leads'].post.responses['200', '401']
    remove: true
  - target: $.components.schemas.LeadRequest.properties.notes
    update: {x-leniency: {type:number: coerced, type:null: dropped}}
"""


@pytest.fixture(autouse=True)
def _few_cases(monkeypatch: pytest.MonkeyPatch, contract: Contract) -> None:
    """What is about keys and notes, and every twentieth of the other cases."""

    def few(known: Contract, **options: Any) -> Plan:
        whole = plan(known, **options)
        telling = [one for one in whole.cases if one.area in {"credentials", "body notes"}]
        return replace(whole, cases=(*telling, *whole.cases[::20]), twos=())

    monkeypatch.setattr(runs, "plan", few)


@pytest.fixture(scope="module")
def other_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that answers 201 and 403, and takes notes that are no texts."""
    overlay = tmp_path_factory.mktemp("other") / "other.yaml"
    overlay.write_text(_DIFFERENT, "utf-8")
    with running_mock("--profile", "documented", "--overlay", str(overlay)) as ready:
        yield str(ready["url"])


def test_what_is_proposed_is_written_told_and_reported(
    mock_url: str, other_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The file is the overlay; the terminal says who is wrong; the JSON report has every proposal."""
    file, report = tmp_path / "proposed.yaml", tmp_path / "r.json"
    options = ["--propose", str(file), f"--report=json={report}", "--key", KEY]

    assert run(["compare", mock_url, other_url, *options]) == 1

    printed = capsys.readouterr()
    assert "The contract is wrong (3 proposals)" in printed.out
    assert "B is wrong (1 proposal)" in printed.out
    assert f"wrote {file}: review it, then give it as --profile documented --overlay" in printed.err
    told = json.loads(report.read_text("utf-8"))["proposals"]
    assert [(one["wrong"], len(one["actions"])) for one in told] == [
        ("contract", 2),
        ("contract", 2),
        ("contract", 2),
        ("server", 1),
    ]
    assert told[3]["bug"]["title"].startswith("POST /leads: `notes`: `type:null` dropped")
    assert other_url in told[3]["curl_b"]
    assert told[3]["actions"][0]["update"] == {
        "x-leniency": {"type:null": "dropped", "type:number": "coerced"}
    }
    assert KEY not in file.read_text("utf-8") + json.dumps(told) + printed.out


def test_the_mock_of_what_is_proposed_is_the_server(
    mock_url: str, other_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the overlay on, a mock and the server are the same, and there is nothing to propose any more."""
    file, again = tmp_path / "proposed.yaml", tmp_path / "again.yaml"
    run(["compare", mock_url, other_url, "--propose", str(file), "--key", KEY, "--quiet"])
    known = ["--profile", "documented", "--overlay", str(file)]
    capsys.readouterr()

    with running_mock(*known) as ready:
        urls = [str(ready["url"]), other_url]
        assert run(["compare", *urls, *known, "--key", KEY, "--propose", str(again)]) == 0

    assert capsys.readouterr().err == f"nothing to propose, so {again} is not written\n"
    assert not again.exists()


def test_without_the_option_nothing_is_proposed(
    mock_url: str, other_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The report has no proposals where none were asked for."""
    report = tmp_path / "r.json"

    run(["compare", mock_url, other_url, "--key", KEY, f"--report=json={report}"])

    assert "proposals" not in json.loads(report.read_text("utf-8"))
    assert "is wrong" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("file", "told"),
    [("no/such/folder/o.yaml", "there is no folder"), (".", "is a directory")],
)
def test_a_file_that_cannot_be_written_is_exit_code_2(
    file: str, told: str, mock_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is said before anything is sent."""
    assert run(["compare", mock_url, mock_url, "--key", KEY, "--propose", file]) == 2

    printed = capsys.readouterr()
    assert printed.out == ""
    assert told in printed.err


def test_an_action_that_makes_the_contract_unsound_is_left_out(
    contract: Contract, tmp_path: Path
) -> None:
    """What contradicts an example of the document is no patch; the others stay, and it is left to people."""
    ledger = Ledger(contract, overlaid(profiles.default_spec(), profiles.overlays("documented")))
    warning = mocked.target(contract, mocked.pair(contract).lenient)
    runs.compare(contract, mocked.target(contract), warning, runs.Options(), witness=ledger.take)
    sound, *_ = ledger.proposals()
    schema = "$.components.schemas.LeadRequest.properties.firstName"
    unsound = replace(
        sound, actions=(Action(target=schema, description="", update={"maxLength": 0}),)
    )

    class Found(Ledger):
        def proposals(self) -> Any:
            return (unsound, sound)

    proposing = Proposing(tmp_path / "o.yaml", None, None, ())
    found = proposing.proposals(contract, Found(contract, {}), lambda text: text)

    assert [bool(one.actions) for one in found] == [False, True]
    assert found[1] == sound


def test_where_it_is_doubtful_what_was_compared_nothing_is_proposed(
    contract: Contract, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """From answers of another server altogether, an overlay would be drafted of the wreck."""
    ledger = Ledger(contract, overlaid(profiles.default_spec(), profiles.overlays("documented")))
    strict, lenient = mocked.target(contract), mocked.pair(contract).lenient
    other = mocked.target(contract, lenient)
    found = runs.compare(contract, strict, other, runs.Options(), witness=ledger.take)
    proposing = Proposing(tmp_path / "o.yaml", None, None, ())
    doubtful = replace(found, suspect="B answers 404 to every request")

    sure = proposing.completed(replace(found, suspect=""), ledger, lambda text: text)
    left = proposing.completed(doubtful, ledger, lambda text: text)

    assert sure.proposals
    assert left.proposals == ()
    assert proposing.deliver(left)
    assert capsys.readouterr().err.endswith("is not written: B answers 404 to every request\n")
    assert not (tmp_path / "o.yaml").exists()
