"""`leadline mutate`: exit codes, the matrix, a team's own suite."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import LEADLINE

from leadline_cli.main import run

SPEC = """
openapi: 3.1.0
info: {title: Small, version: '1'}
security: [{key: []}]
components: {securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}}
paths:
  /things:
    post:
      requestBody:
        required: true
        content: {application/json: {schema: {type: object, properties: {size: {type: integer}}}}}
      responses:
        '200':
          description: ok
          content:
            application/json:
              schema:
                type: object
                required: [id]
                properties: {id: {type: integer, readOnly: true, x-server-value: sequence}}
        '400': {description: bad}
        '401': {description: who}
        '415': {description: what}
"""
SUITE = """
import json, os, urllib.error, urllib.request

def ask(key):
    request = urllib.request.Request(os.environ["LEADLINE_URL"] + "/things", b"{}", method="POST")
    request.add_header("X-Key", key)
    request.add_header("Content-Type", "application/json")
    try:
        return json.load(urllib.request.urlopen(request))
    except urllib.error.HTTPError as error:
        return error.code

def test_a_wrong_key_is_denied():
    assert ask("wrong") == 401

def test_ids_differ():
    key = os.environ["LEADLINE_KEY"]
    assert ask(key)["id"] != ask(key)["id"]
"""


@pytest.fixture
def spec(tmp_path: Path) -> str:
    """A small contract."""
    path = tmp_path / "small.yaml"
    path.write_text(SPEC, "utf-8")
    return str(path)


def _python(code: str) -> str:
    return f"{sys.executable} -c '{code}'"


def _matrix(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


def test_a_strong_suite_is_exit_code_0(
    spec: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The certificate kills what is wrong with keys and ids; the matrix tells by which rule."""
    report = tmp_path / "m.json"
    command = ["mutate", "--spec", spec, "--workers", "1", "--report", f"json={report}"]

    assert run([*command, "--family", "credentials", "--only", "id/constant"]) == 3
    assert run([*command, "--family", "credentials"]) == 0

    told = _matrix(report)
    assert (told["verdict"], told["score"], told["survived"]) == ("holds", 100, 0)
    assert told["tried"] == told["meant"] < told["derived"]
    assert told["families"] == {
        "credentials": {
            "killed": told["killed"],
            "survived": 0,
            "equivalent": 1,
            "undecided": 0,
            "score": 100,
        }
    }
    assert told["rules"] == {"credentials": told["killed"]}
    first = told["mutants"][0]
    assert first["id"] == "credentials/things.post/key/not-checked"
    assert (first["outcome"], first["rule"]) == ("killed", "credentials")
    assert first["requests"] > 0
    assert capsys.readouterr().out.startswith("The score is 100 %: the certificate kills ")


def test_a_suite_that_checks_nothing_is_exit_code_1(
    spec: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Survivors are told with what they do and how to try them again; `--min-score` is the bar."""
    report = tmp_path / "m.json"
    command = ["mutate", "--spec", spec, "--only", "id/constant", "--command", _python("pass")]

    assert run([*command, "--report", f"json={report}"]) == 1
    printed = capsys.readouterr().out
    assert run([*command, "--min-score", "0"]) == 0

    told = _matrix(report)
    assert (told["verdict"], told["score"], told["survived"]) == ("broken", 0, 1)
    assert printed.startswith("The score is 0.0 %, less than 100 %: ")
    assert "state/things.post/id/constant" in printed
    assert "`id` is always the same" in printed
    assert f"leadline mutate --spec {spec} --command" in printed


def test_a_team_s_own_suite_is_tried(spec: str, tmp_path: Path) -> None:
    """It is told the URL and the key, passes on the mock, and kills what it looks at."""
    suite, report = tmp_path / "test_things.py", tmp_path / "m.json"
    suite.write_text(SUITE, "utf-8")
    command = f"{sys.executable} -m pytest -q -p no:cacheprovider {suite}"
    only = ["id/constant", "key/any", "key/prefix", "clock"]
    picked = [part for one in only for part in ("--only", one)]

    code = run(
        ["mutate", "--spec", spec, *picked, "--command", command, "--report", f"json={report}"]
    )

    outcomes = {
        one["id"].rpartition("/")[2]: (one["outcome"], one["rule"])
        for one in _matrix(report)["mutants"]
    }
    assert code == 1
    assert outcomes == {
        "constant": ("killed", "exit code 1"),
        "any": ("killed", "exit code 1"),
        "any-case": ("survived", ""),
        "prefix": ("survived", ""),
    }


@pytest.mark.parametrize(
    ("suite", "message"),
    [
        (_python('print("what is wrong"); raise SystemExit(4)'), "ends with exit code 4"),
        (_python("import time; time.sleep(60)"), "does not end in time"),
        ("/no/such/program", "cannot run `/no/such/program`"),
    ],
)
def test_a_suite_that_fails_on_the_mock_is_exit_code_2(
    spec: str, suite: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Such a suite would kill everything; it says so, with what the suite has printed."""
    command = ["mutate", "--spec", spec, "--only", "id/constant", "--timeout", "1.5"]

    assert run([*command, "--command", suite]) == 2

    printed = capsys.readouterr()
    assert message in printed.err
    assert printed.out == ""
    assert ("what is wrong" in printed.err) == ("wrong" in suite)


def test_a_suite_that_does_not_end_has_killed(spec: str, tmp_path: Path) -> None:
    """What a mutant makes hang is ended, with all that it has started."""
    report, seen = tmp_path / "m.json", tmp_path / "seen"
    child = f"{sys.executable} -c 'import time; time.sleep(600)'"
    script = tmp_path / "suite.sh"
    script.write_text(
        f"[ -e {seen} ] || {{ : > {seen}; exit 0; }}\n{child} &\necho $! > {seen}\nwait\n"
    )
    command = ["mutate", "--spec", spec, "--only", "id/constant", "--timeout", "2"]

    assert run([*command, "--command", f"sh {script}", "--report", f"json={report}"]) == 0

    assert _matrix(report)["mutants"][0]["rule"] == "timeout"
    assert not _alive(int(seen.read_text()))


def _alive(process: int) -> bool:
    """Whether *process* runs; one that has ended and that nobody has asked for does not."""
    for _ in range(50):
        told = subprocess.run(
            ["ps", "-o", "stat=", "-p", str(process)], capture_output=True, text=True, check=False
        )
        if told.stdout.strip()[:1] in {"", "Z"}:
            return False
        time.sleep(0.1)
    return True


def test_the_mutants_can_be_listed(spec: str, capsys: pytest.CaptureFixture[str]) -> None:
    """One line each: the id, and what it does."""
    assert run(["mutate", "--spec", spec, "--list", "--family", "state"]) == 0

    lines = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert ["state/things.post/id/constant", "`id` is always the same"] in lines


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--only", "no-such-mutant"], 3),
        (["--family", "nonsense"], 2),
        (["--report", "xml=m.xml"], 2),
        (["--min-score", "nan"], 2),
        (["--timeout", "inf"], 2),
        (["--command", 'x "y'], 2),
        (["--command", ""], 2),
        (["--report", "json=/no/such/folder/m.json"], 2),
    ],
)
def test_what_cannot_be_done_is_said(spec: str, arguments: list[str], code: int) -> None:
    """Nothing to try is 3, a wrong option is 2."""
    assert run(["mutate", "--spec", spec, *arguments]) == code


def test_ctrl_c_ends_with_130_and_says_what_is_known(spec: str, tmp_path: Path) -> None:
    """An interrupted trial leaves a report, and no process."""
    report, started = tmp_path / "m.json", tmp_path / "started"
    script = tmp_path / "suite.sh"
    script.write_text(
        f"[ -e {started} ] || {{ : > {started}; exit 0; }}\necho $$ > {started}\nsleep 600\n"
    )
    command = [*LEADLINE, "mutate", "--spec", spec, "--only", "id/constant"]
    command += ["--command", f"sh {script}", "--report", f"json={report}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        for _ in range(300):
            if started.exists() and started.read_text().strip():
                break
            time.sleep(0.1)
        os.kill(process.pid, signal.SIGINT)
        process.communicate(timeout=30)

    told = _matrix(report)
    assert process.returncode == 130
    assert told["interrupted"] is True
    assert not _alive(int(started.read_text()))
