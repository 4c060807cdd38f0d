"""The command explains itself, and costs little until it works."""

from __future__ import annotations

import subprocess
import sys

import pytest

from leadline_cli import main
from leadline_cli.main import run

HEAVY = (
    *("flask", "hypothesis", "jsonschema", "jsonschema_rs", "leadline_openapi", "pydantic"),
    *("pytest", "schemathesis", "httptools", "faker", "yaml"),
)


@pytest.mark.parametrize("command", ["mock", "check", "compare", "generate"])
def test_every_command_is_listed_and_has_help(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each command stands in the overview and teaches its options with an example."""
    assert run(["--help"]) == 0
    overview = capsys.readouterr().out
    assert run([command, "--help"]) == 0
    own = capsys.readouterr().out

    assert f"  {command} " in overview
    assert own.startswith(f"Usage: leadline {command}")
    assert f"leadline {command} --" in own or f"leadline {command} http" in own
    assert "--spec FILE" in own


def test_help_imports_nothing_heavy() -> None:
    """`leadline --help` answers without loading what only commands need."""
    code = (
        "import sys; from leadline_cli.main import run; run(['--help']);"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stderr.strip() == "[]"


@pytest.mark.parametrize(
    "arguments",
    [
        ["mok"],
        ["check"],
        ["mock", "--port", "70000"],
        ["mock", "--mode", "lax"],
        ["check", "http://127.0.0.1:1", "--report", "pdf=x"],
        ["check", "http://127.0.0.1:1", "--report", "json=no/such/folder/x.json"],
        ["check", "http://127.0.0.1:1", "--header", "no-colon"],
        ["mock", "--profile", "no-such-profile"],
        ["mock", "--spec", "no-such-file.yaml"],
    ],
)
def test_wrong_usage_is_exit_code_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """What cannot be understood ends with 2, a message on standard error, nothing on output."""
    assert run(arguments) == 2

    printed = capsys.readouterr()
    assert printed.out == ""
    assert "rror: " in printed.err
    assert "Traceback" not in printed.err


def test_a_defect_of_ours_is_no_verdict(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What nobody expected is told whole, and with an exit code that no gate takes for a broken contract."""

    def fails(**_: object) -> int:
        raise RuntimeError("unexpected")

    monkeypatch.setattr(main.cli, "main", fails)
    with pytest.raises(SystemExit) as ended:
        main.main()

    told = capsys.readouterr().err
    assert ended.value.code == 70
    assert "RuntimeError: unexpected" in told
    assert "a defect of Leadline" in told
