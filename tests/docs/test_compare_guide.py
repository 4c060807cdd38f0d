"""What docs/compare.md says of reconciling is what `leadline compare --propose` does."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import ROOT

from leadline_cli.main import run
from leadline_contracts import mocked
from leadline_mock import create_app
from leadline_openapi import Contract, jsontext, load, profiles

GUIDE = (ROOT / "docs" / "compare.md").read_text("utf-8")
(SECTION,) = re.findall(r"^## Reconcile\n(.*?)^## ", GUIDE, re.DOTALL | re.MULTILINE)
COMMANDS = re.findall(r"^leadline (.+)$", SECTION, re.MULTILINE)
(TOLD,) = re.findall(r"```\n(The contract is wrong.*?)```", SECTION, re.DOTALL)
(OVERLAY,) = re.findall(r"```yaml\n(.*?)```", SECTION, re.DOTALL)
KEY = "test-api-key"


def _staging(contract: Contract) -> Any:
    """The server of the guide: 201 and 403, and numbers of `monthlyPayment` in texts."""
    app = create_app(contract)

    def serve(environ: Any, start_response: Any) -> Any:
        from io import BytesIO

        body = _changed(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))
        environ["wsgi.input"], environ["CONTENT_LENGTH"] = BytesIO(body), str(len(body))

        def start(status: str, headers: Any, *rest: Any) -> Any:
            renamed = {"200": "201 Created", "401": "403 Forbidden"}
            return start_response(renamed.get(status[:3], status), headers, *rest)

        return app(environ, start)

    return serve


def _changed(body: bytes) -> bytes:
    try:
        sent = jsontext.parse(body)
        value = sent.get("monthlyPayment")
        if value == "":
            del sent["monthlyPayment"]
        elif isinstance(value, str):
            sent["monthlyPayment"] = float(value)
        else:
            return body
    except (AttributeError, ValueError):
        return body
    return jsontext.dump(sent)


@pytest.fixture(scope="module")
def staging(contract: Contract) -> Iterator[str]:
    """Its URL."""
    with mocked.listening(_staging(contract)) as origin:
        yield f"{origin}{contract.base_path}"


def _words(command: str, staging: str) -> list[str]:
    return shlex.split(command.replace("https://staging.example.com/api", staging))


def test_the_guide_was_read() -> None:
    """The patterns above find what the guide holds."""
    assert [command.split()[0] for command in COMMANDS] == ["compare", "compare"]


def test_its_commands_lead_to_no_difference(
    staging: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The first one writes what is shown, and tells it; with that on, mock and server are the same."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LEADLINE_KEY", KEY)

    assert run(_words(COMMANDS[0], staging)) == 1

    printed = iter(capsys.readouterr().out.splitlines())
    for shown in TOLD.splitlines():
        assert shown.strip() in {"", "…"} or shown in printed, shown
    assert OVERLAY in Path("staging.yaml").read_text("utf-8")

    assert run(_words(COMMANDS[1], staging)) == 0
    known = load(None, profiles.stack("documented", (Path("staging.yaml"),)))
    assert {answer.status for answer in known.operations[0].answers} == {"201", "400", "403", "415"}
