"""`leadline mock` from the outside: ready line, stop, errors."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import urllib.request
from pathlib import Path

import pytest
from tests.conftest import LEADLINE, running_mock

from leadline_cli.main import run


def start(*arguments: str) -> subprocess.Popen[str]:
    """A mock as a person starts it."""
    command = [*LEADLINE, "mock", "--port", "0", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_it_prints_one_line_when_ready_and_stops_when_told(number: int, code: int) -> None:
    """Standard output is one JSON line; the rest is for people; signals end it cleanly."""
    with start() as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        with urllib.request.urlopen(
            ready["url"].removesuffix("/api") + "/__leadline/health"
        ) as answer:
            health = json.load(answer)
        process.send_signal(number)
        out, err = process.communicate(timeout=30)

    assert process.returncode == code
    assert out == ""
    assert ready["ready"] is True
    assert health["status"] == "ok"
    assert f"POST    {ready['url']}/leads" in err
    assert "Traceback" not in err


def test_it_listens_on_loopback_only_by_default() -> None:
    """Nobody else reaches a mock unless its user says so."""
    with running_mock() as ready:
        assert ready["url"].startswith("http://127.0.0.1:")


def test_a_taken_port_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    """A port in use is one clear line and exit code 2."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        assert run(["mock", "--port", str(port)]) == 2

    assert capsys.readouterr().err.startswith(f"error: cannot listen on 127.0.0.1:{port}: ")


def test_the_key_is_not_printed(tmp_path: Path) -> None:
    """A key that was given is neither in the ready line nor in the talk."""
    with start("--key", "s3cr3t-k3y-of-nobody") as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        process.terminate()
        out, err = process.communicate(timeout=30)

    assert "s3cr3t" not in line + out + err


BAD_SPECS = {
    "syntax": ("openapi: 3.1.0\ninfo: [title\n", ":3:1: not well-formed YAML"),
    "dangling": (
        "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths:\n  /a:\n    $ref: '#/nowhere'\n",
        ":5:5 (at /paths/~1a/$ref): `$ref` leads nowhere: #/nowhere",
    ),
    "url": (
        "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths:\n  /a:\n    $ref: 'https://example.com/a'\n",
        ":5:5 (at /paths/~1a/$ref): `$ref` to a URL is refused: https://example.com/a",
    ),
    "outside": (
        "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths:\n  /a:\n    $ref: '../a.yaml'\n",
        ":5:5 (at /paths/~1a/$ref): `$ref` leaves the folder of the spec: ../a.yaml",
    ),
    "word": (
        "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\nx-invariant: []\n",
        ":4:1 (at /x-invariant): `x-invariant` is no extension that Leadline knows",
    ),
}


@pytest.mark.parametrize("name", BAD_SPECS)
@pytest.mark.parametrize("command", ["mock", "check", "generate"])
def test_a_bad_spec_is_one_clear_message(
    name: str, command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every command says file, line and reason, and ends with 2."""
    text, message = BAD_SPECS[name]
    spec = tmp_path / "spec.yaml"
    spec.write_text(text, "utf-8")
    arguments = {"check": ["http://127.0.0.1:1"], "generate": ["--output", str(tmp_path / "out")]}

    code = run([command, *arguments.get(command, []), "--spec", str(spec)])

    printed = capsys.readouterr()
    assert code == 2
    assert printed.err.startswith(f"error: {spec}{message}")
    assert printed.err.count("error:") == 1
    assert not (tmp_path / "out").exists()


def test_an_overlay_that_matches_nothing_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An overlay's action that does nothing is an error at its own line."""
    overlay = tmp_path / "overlay.yaml"
    overlay.write_text(
        "overlay: 1.0.0\ninfo: {title: T, version: '1'}\n"
        "actions:\n  - target: $.paths['/nope']\n    update: {summary: x}\n",
        "utf-8",
    )

    assert run(["mock", "--overlay", str(overlay)]) == 2
    expected = f"error: {overlay}:4:5 (at /actions/0/target): the target matches nothing: "
    assert capsys.readouterr().err.startswith(expected)
