"""`leadline check` from the outside: verdicts, exit codes, reports."""

from __future__ import annotations

import errno
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from tests.conftest import LEADLINE, running_mock

from leadline_cli.main import run

KEY = "test-api-key"


@contextmanager
def server(status: int, body: bytes) -> Iterator[str]:
    """A server that answers every POST the same; gives its URL."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        thread = threading.Thread(target=httpd.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{httpd.server_port}/api"
        finally:
            httpd.shutdown()
            thread.join()


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_the_mock_holds(mock_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The suite finds nothing on our own mock, and both reports say so."""
    as_json, junit = tmp_path / "r.json", tmp_path / "r.xml"

    code = run(
        ["check", mock_url, "--key", KEY, f"--report=json={as_json}", f"--report=junit={junit}"]
    )

    told = json.loads(as_json.read_text("utf-8"))
    suite = ET.parse(junit).getroot()[0]  # noqa: S314 - our own file
    assert code == 0
    assert capsys.readouterr().out.startswith("The contract holds: Leads 1.0.0, ")
    assert (told["verdict"], told["findings"]) == ("holds", [])
    assert told["cases"] > 1000
    assert sum(told["coverage"]["operations"]["POST /leads"]["statuses"].values()) == told["cases"]
    assert (suite.get("failures"), suite.get("tests")) == ("0", str(len(suite.findall("testcase"))))


def test_a_broken_server_is_exit_code_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A server that says yes to everything is broken, and the report tells where."""
    report = tmp_path / "r.json"
    with server(200, b'{"doc": {}, "message": "ok"}') as url:
        code = run(["check", url, "--key", KEY, "--report", f"json={report}"])

    told = json.loads(report.read_text("utf-8"))
    assert code == 1
    assert told["verdict"] == "broken"
    assert {"accepts-invalid", "credentials", "schema"} <= {f["rule"] for f in told["findings"]}
    for finding in told["findings"]:
        assert set(finding) >= {"rule", "operation", "pointer", "message", "expected"}
        assert set(finding) >= {"actual", "curl", "count"}
        assert finding["curl"].startswith(("curl ", "echo "))
    assert capsys.readouterr().out.startswith("The contract is broken: ")


@pytest.mark.parametrize(("variable", "expected"), [("true", True), ("", False)])
def test_findings_are_annotations_in_github_actions(
    variable: str,
    expected: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Where GitHub runs the check, and only there, findings are workflow commands too."""
    monkeypatch.setenv("GITHUB_ACTIONS", variable)
    with server(200, b"{}") as url:
        run(["check", url, "--key", KEY, "--quiet", "--max-time", "2"])

    assert capsys.readouterr().out.startswith("::error file=") is expected


def test_the_key_is_in_no_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The key is never printed or stored, not even for a server that breaks the contract."""
    key = "s3cr3t-k3y-of-nobody"
    files = {name: tmp_path / f"r.{name}" for name in ("json", "junit", "sarif")}
    with server(200, b'{"doc": {}}') as url:
        run(["check", url, "--key", key, *(f"--report={n}={f}" for n, f in files.items())])

    printed = capsys.readouterr()
    texts = [printed.out, printed.err, *(file.read_text("utf-8") for file in files.values())]
    assert [key in text for text in texts] == [False] * 5
    assert "LEADLINE_KEY" in printed.out


@pytest.mark.parametrize("arguments", [[], ["--key", KEY]])
def test_nothing_listens_is_exit_code_3(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Where nothing answers there is one line that says so."""
    url = f"http://127.0.0.1:{free_port()}/api"

    assert run(["check", url, *arguments]) == 3

    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(f"error: nothing answers at {url}")
    assert printed.err.count("\n") == 1


def test_no_operations_is_exit_code_3(
    mock_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A contract without operations can not be kept: nothing was checked."""
    spec = tmp_path / "empty.yaml"
    spec.write_text("openapi: 3.1.0\ninfo: {title: Empty, version: '1'}\npaths: {}\n", "utf-8")

    assert run(["check", mock_url, "--spec", str(spec), "--key", KEY]) == 3
    assert capsys.readouterr().err.count("\n") == 1


def test_a_missing_key_is_said_before_anything_is_sent(
    mock_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a key every request would be refused; that is a usage error, not a finding."""
    assert run(["check", mock_url]) == 2
    assert (
        "POST /leads needs an API key: give --key, or set LEADLINE_KEY" in capsys.readouterr().err
    )


def test_the_key_may_come_from_the_environment(
    mock_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`LEADLINE_KEY` and `--header` open the server as `--key` does."""
    monkeypatch.setenv("LEADLINE_KEY", KEY)
    assert run(["check", mock_url, "--quiet"]) == 0
    monkeypatch.delenv("LEADLINE_KEY")
    header = f"Authorization: {KEY}"
    assert run(["check", mock_url, "--quiet", "--header", header]) == 0
    assert capsys.readouterr().out == ""


def test_a_report_may_go_to_a_pipe_or_through_a_link(mock_url: str, tmp_path: Path) -> None:
    """A pipe is written to, not replaced; a link stays one, and its file is written."""
    pipe, link, real = tmp_path / "pipe", tmp_path / "link.xml", tmp_path / "real.xml"
    os.mkfifo(pipe)
    real.touch()
    link.symlink_to(real)
    command = [*LEADLINE, "check", mock_url, "--key", KEY, "--max-time", "1", "--quiet"]
    with subprocess.Popen([*command, f"--report=json={pipe}", f"--report=junit={link}"]):
        told = json.loads(pipe.read_text("utf-8"))

    assert told["contract"]["title"] == "Leads"
    assert pipe.is_fifo()
    assert link.is_symlink()
    assert ET.parse(real).getroot().tag == "testsuites"  # noqa: S314 - our own file


def test_the_plan_sends_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """`--plan` says what there would be, what that covers, and how long it takes, without any server."""
    assert run(["check", "http://127.0.0.1:1/api", "--plan"]) == 0

    told = capsys.readouterr().out
    first, *rest = told.splitlines()
    counts = [int(line.split()[0].replace(",", "")) for line in rest[: rest.index("They cover")]]
    assert first.startswith("Leads 1.0.0: ")
    assert sum(counts) == int(first.split()[2].replace(",", "")) > 1000
    assert "87 of 87 inputs" in told
    assert "Expected time: " in told


def _seconds(capsys: pytest.CaptureFixture[str], *options: str) -> list[float]:
    """How long `--plan` with *options* expects a run to take, with quick answers and with slow ones."""
    run(["check", "http://127.0.0.1:1/api", "--plan", *options])
    line = capsys.readouterr().out.splitlines()[-1]
    units = {"s": 1, "min": 60}
    return [int(number) * units[unit] for number, unit in re.findall(r"(\d+) (s|min) at", line)]


def test_the_plan_takes_as_long_as_the_options_make_it(capsys: pytest.CaptureFixture[str]) -> None:
    """A rate is a lower bound, however quick the server is; connections share what is waited for."""
    quick, slow = _seconds(capsys)
    rated = _seconds(capsys, "--rate", "2")
    _, over_one = _seconds(capsys, "--workers", "1")
    _, over_many = _seconds(capsys, "--workers", "64")

    assert rated[0] == rated[1] > 1000 > quick
    assert over_many < slow < over_one


def test_the_safe_plan_is_of_what_is_sent(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With `--safe` there is one request for an operation, none for one that deletes, and nothing else."""
    spec = tmp_path / "things.yaml"
    ok = "{responses: {'200': {description: ok}}}"
    spec.write_text(
        "openapi: 3.1.0\ninfo: {title: Things, version: '1'}\n"
        f"paths: {{/things: {{get: {ok}, delete: {ok}}}}}\n",
        "utf-8",
    )

    assert run(["check", "http://127.0.0.1:1", "--spec", str(spec), "--plan", "--safe"]) == 0

    told = capsys.readouterr().out
    assert told.startswith("Things 1: 1 request, of which\n")
    assert "DELETE /things is left out" in told
    assert "Then sequences" not in told
    assert "no sequences" in told


def test_a_report_that_cannot_be_written_costs_nothing_else(
    mock_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The verdict is printed, the other reports are written, the file is named; the exit code is 2."""
    junit, folder = tmp_path / "r.xml", tmp_path
    reports = [f"--report=json={folder}", f"--report=junit={junit}"]

    assert run(["check", mock_url, "--key", KEY, "--safe", *reports]) == 2

    printed = capsys.readouterr()
    assert printed.out.startswith("The contract holds: ")
    assert printed.err == f"error: cannot write {folder}: {os.strerror(errno.EISDIR)}\n"
    assert ET.parse(junit).getroot().tag == "testsuites"  # noqa: S314 - our own file


def test_ctrl_c_ends_with_130_and_writes_the_reports(tmp_path: Path) -> None:
    """An interrupted run leaves a report of what was checked until then."""
    report = tmp_path / "r.json"
    with running_mock() as ready:
        command = [*LEADLINE, "check", ready["url"], "--key", KEY, "--report", f"json={report}"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            _wait_for_requests(ready["url"])
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=30)

    assert process.returncode == 130
    assert json.loads(report.read_text("utf-8"))["stopped"] == "interrupted"


def _wait_for_requests(url: str) -> None:
    """Until the mock has given ids to somebody else in between."""
    headers = {"Authorization": KEY, "Content-Type": "application/json"}
    with closing(http.client.HTTPConnection(url.split("/")[2])) as connection:
        previous = None
        for _ in range(200_000):
            connection.request("POST", "/api/leads", b"{}", headers)
            number = json.loads(connection.getresponse().read())["doc"]["id"]
            if previous is not None and number > previous + 1:
                return
            previous = number
    pytest.fail("the check did not begin")


@pytest.mark.parametrize("url", ["nonsense", "ftp://127.0.0.1/api", "http://", "http://x:y/"])
def test_what_is_no_url_is_wrong_usage(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """One line says so; nothing was looked for, so that it is not a server that cannot be reached."""
    assert run(["check", url, "--key", "k"]) == 2
    assert capsys.readouterr().err == f"error: not an http or https URL: {url}\n"
