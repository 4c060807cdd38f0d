"""`pytest --pyargs leadline_contracts`: the contract as ordinary pytest tests, outside the checkout."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.contracts.conftest import write

KEY = {"LEADLINE_KEY": "test-api-key"}


def _pytest(cwd: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "--pyargs", "leadline_contracts", "-q"]
    return subprocess.run(
        [*command, "-p", "no:cacheprovider", *arguments],
        cwd=cwd,
        env={**os.environ, **KEY},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_in_process(tmp_path: Path) -> None:
    """Without a URL the mock is held to the contract; `-k` selects, and xdist may share the work."""
    done = _pytest(tmp_path, "-k", "depth or credentials", "-n", "2")
    passed = re.search(r"(\d+) passed", done.stdout)

    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert passed is not None
    assert 30 <= int(passed[1]) <= 60


def test_a_running_server(tmp_path: Path, mock_url: str) -> None:
    """With a URL the server there is held to the contract; ids are readable."""
    done = _pytest(tmp_path, "-k", "reason and Duplicate", "-vv", f"--leadline-url={mock_url}")

    assert done.returncode == 0, done.stdout
    assert 'test_contract[POST /leads, body reason: "Duplicate" is fine]' in done.stdout


def test_a_broken_server(tmp_path: Path, listening: Any, ask: Any) -> None:
    """A failure names the rule, by pointer, and has a curl line; it never holds the key."""

    def speak(handler: Any, body: bytes) -> None:
        status, kind, answer = ask(handler, body)
        write(handler, 201 if status == 200 else status, kind, answer)

    url = listening(speak)
    done = _pytest(tmp_path, "-k", "text/plain or (Duplicate and fine)", f"--leadline-url={url}")

    assert done.returncode == 1
    assert "status: the status 201 is not documented" in done.stdout
    assert "rule     /paths/~1leads/post/responses" in done.stdout
    assert "curl -i -g --path-as-is -X POST" in done.stdout
    assert "1 failed, 1 passed" in done.stdout
    assert KEY["LEADLINE_KEY"] not in done.stdout + done.stderr


def test_nobody_there(tmp_path: Path) -> None:
    """Where nothing listens the run ends with exit code 3 and one line that says so."""
    done = _pytest(tmp_path, "--leadline-url=http://127.0.0.1:1/api")
    lines = [line for line in (done.stdout + done.stderr).splitlines() if "nothing answers" in line]

    assert (done.returncode, len(lines)) == (3, 1), done.stdout
    assert "nothing answers at http://127.0.0.1:1/api" in lines[0]


def test_no_key(tmp_path: Path, mock_url: str) -> None:
    """Without a key for a server that needs one it is a usage error that says what is missing."""
    KEY["LEADLINE_KEY"], kept = "", KEY["LEADLINE_KEY"]
    try:
        done = _pytest(tmp_path, f"--leadline-url={mock_url}")
    finally:
        KEY["LEADLINE_KEY"] = kept

    assert done.returncode == 4
    assert "POST /leads needs an API key" in done.stdout + done.stderr


def test_a_spec_that_is_none(tmp_path: Path) -> None:
    """A spec that cannot be used ends the collection with file and place, not a trace."""
    (tmp_path / "bad.yaml").write_text("openapi: 3.1.0\ninfo: [\n")
    done = _pytest(tmp_path, "--leadline-spec=bad.yaml")

    assert done.returncode == 2
    assert "bad.yaml:3:1: not well-formed YAML" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_what_takes_several_requests(tmp_path: Path, mock_url: str) -> None:
    """Sequences, requests at once and generated ones are tests of their own, by operation."""
    done = _pytest(tmp_path, "-k", "not test_contract[", "-vv", f"--leadline-url={mock_url}")

    for name in ("sequence", "at_once", "generated"):
        assert f"test_{name}[POST /leads] PASSED" in done.stdout
    assert done.returncode == 0


def test_a_server_that_fails_at_once(tmp_path: Path, listening: Any, ask: Any) -> None:
    """A server that fails only while requests overlap passes all tests but that one."""
    inside: list[None] = []

    def speak(handler: Any, body: bytes) -> None:
        inside.append(None)
        time.sleep(0.005)
        status, kind, answer = ask(handler, body)
        write(handler, 500 if len(inside) > 1 else status, kind, answer)
        inside.pop()

    done = _pytest(
        tmp_path, "-k", "reason or once or sequence", f"--leadline-url={listening(speak)}"
    )

    assert done.returncode == 1
    assert re.findall(r"^FAILED .*::(\w+)\[", done.stdout, re.MULTILINE) == ["test_at_once"]
    assert "only when several requests are under way" in done.stdout


LIMITED = """
openapi: 3.1.0
info: {title: Pings, version: '1'}
paths:
  /pings:
    post:
      x-rate-limit: {requests: 5, seconds: 900}
      parameters: [{name: n, in: query, schema: {type: integer, minimum: 1}}]
      responses: {'200': {description: ok}, '400': {description: no}, '429': {description: later}}
"""


def test_a_limit_of_requests(tmp_path: Path) -> None:
    """What the contract does not allow to be sent is skipped, and says why; nothing fails."""
    (tmp_path / "pings.yaml").write_text(LIMITED)
    done = _pytest(tmp_path, "--leadline-spec", "pings.yaml", "-rs")
    passed = re.search(r"(\d+) passed", done.stdout)

    assert done.returncode == 0, done.stdout
    assert passed is not None
    assert int(passed[1]) == 5
    assert "POST /pings takes no more requests (x-rate-limit)" in done.stdout
