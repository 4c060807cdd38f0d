"""`leadline compare` from the outside: exit codes, reports, two servers with two keys."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from tests.conftest import running_mock

from leadline_cli.main import run
from leadline_contracts.compare import run as runs
from leadline_contracts.compare.plan import Plan, plan
from leadline_openapi import Contract

KEY = "test-api-key"


@pytest.fixture(scope="module")
def few(contract: Contract) -> Plan:
    """Every twentieth case."""
    whole = plan(contract)
    return Plan(whole.cases[::20], ())


@pytest.fixture(autouse=True)
def _few_cases(monkeypatch: pytest.MonkeyPatch, few: Plan, contract: Contract) -> None:
    def every_twentieth(given: Contract, **_options: Any) -> Plan:
        known = given.digest == contract.digest
        return few if known else Plan(plan(given).cases[::20], ())

    monkeypatch.setattr(runs, "plan", every_twentieth)


@pytest.fixture(scope="module")
def warning_url() -> Iterator[str]:
    """A mock that takes what the contract forbids."""
    with running_mock("--mode", "warn") as ready:
        yield str(ready["url"])


@contextmanager
def dying(answers: int) -> Iterator[str]:
    """A server that says no to so many requests, and then nothing to any; gives its URL."""
    left = iter(range(answers))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if next(left, None) is None:
                self.close_connection = True
                return
            self.send_response(400)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def __getattr__(self, name: str) -> Any:
            """Every method is answered like POST."""
            if name.startswith("do_"):
                return self.do_POST
            raise AttributeError(name)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        thread = threading.Thread(target=httpd.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{httpd.server_port}/api"
        finally:
            httpd.shutdown()
            thread.join()


def test_a_mock_is_faithful_to_itself(
    mock_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 0, and both reports say that nothing differs."""
    as_json, junit = tmp_path / "r.json", tmp_path / "r.xml"
    reports = [f"--report=json={as_json}", f"--report=junit={junit}"]

    assert run(["compare", mock_url, mock_url, "--key", KEY, *reports]) == 0

    told = json.loads(as_json.read_text("utf-8"))
    assert (told["verdict"], told["divergences"]) == ("same", [])
    assert told["fidelity"]["percent"] == 100
    assert told["fidelity"]["same"] == told["fidelity"]["cases"] > 100
    suite = ET.parse(junit).getroot()[0]  # noqa: S314 - our own file
    assert suite.get("failures") == "0"
    assert capsys.readouterr().out.startswith("A and B are the same: Leads 1.0.0, ")


def test_one_server_is_compared_with_a_mock_of_the_contract(
    mock_url: str, warning_url: str, tmp_path: Path
) -> None:
    """Under the options that name the contract; the key is for the server alone."""
    report = tmp_path / "r.json"

    assert run(["compare", mock_url, "--key", KEY]) == 0
    assert run(["compare", warning_url, "--key", KEY, "--report", f"json={report}"]) == 1
    told = json.loads(report.read_text("utf-8"))
    assert "400 / 200" in {one["kind"] for one in told["divergences"]}

    with running_mock("--profile", "payload-3", "--key", "secret") as ready:
        url, key = str(ready["url"]), ["--key", "secret"]
        assert run(["compare", url, *key]) == 1
        assert run(["compare", url, *key, "--profile", "payload-3"]) == 0


def test_a_divergence_is_exit_code_1(
    mock_url: str, warning_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each divergence comes with both exchanges, ready to be repeated."""
    report = tmp_path / "r.json"

    code = run(["compare", mock_url, warning_url, "--key", KEY, "--report", f"json={report}"])

    told = json.loads(report.read_text("utf-8"))
    assert (code, told["verdict"]) == (1, "divergent")
    refused = next(one for one in told["divergences"] if one["kind"] == "400 / 200")
    assert (refused["operation"], refused["aspect"]) == ("POST /leads", "status")
    assert (refused["answer_a"]["status"], refused["answer_b"]["status"]) == (400, 200)
    assert mock_url in refused["curl_a"]
    assert warning_url in refused["curl_b"]
    printed = capsys.readouterr().out
    assert printed.startswith("Fidelity ")
    assert "400 / 200" in printed


@pytest.mark.parametrize(("percent", "code"), [("20", 0), ("98", 1)])
def test_fail_under_decides(mock_url: str, warning_url: str, percent: str, code: int) -> None:
    """A fidelity that is high enough ends with 0, whatever the divergences; one below with 1."""
    arguments = ["--key", KEY, "--fail-under", percent, "--quiet"]

    assert run(["compare", mock_url, warning_url, *arguments]) == code


def test_each_server_may_have_a_key_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--key-a` and `--header-b` open one server each, and are in no report."""
    report = tmp_path / "r.json"
    left_key, right_key = "key-of-the-left", "key-of-the-right"
    with running_mock("--key", left_key) as left, running_mock("--key", right_key) as right:
        keys = ["--key-a", left_key, "--header-b", f"Authorization: {right_key}"]
        urls = [left["url"], right["url"]]
        assert run(["compare", *urls, *keys, "--report", f"json={report}"]) == 0
        assert run(["compare", *urls, "--key", left_key, "--quiet"]) == 1

    for text in (report.read_text("utf-8"), capsys.readouterr().out):
        assert "key-of-the" not in text


def test_a_server_that_dies_is_exit_code_3_with_a_report(mock_url: str, tmp_path: Path) -> None:
    """What was compared until then is written, and who has gone is said."""
    report = tmp_path / "r.json"
    with dying(30) as url:
        code = run(["compare", mock_url, url, "--key", KEY, f"--report=json={report}", "--quiet"])

    told = json.loads(report.read_text("utf-8"))
    assert (code, told["gone"], told["fidelity"]["cases"]) == (3, True, 30)
    assert told["stopped"].startswith("B stopped answering")
    assert sum(told["left_out"].values()) > 30


@pytest.mark.parametrize(
    ("url", "told", "code"),
    [
        ("http://127.0.0.1:9/api", "nothing answers at http://127.0.0.1:9/api", 3),
        ("http://[", "not an http or https URL: http://[", 2),
        ("ftp://127.0.0.1/api", "not an http or https URL: ftp://127.0.0.1/api", 2),
    ],
)
def test_a_server_that_is_not_there_is_exit_code_3(
    url: str, told: str, code: int, mock_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line names the server that cannot be reached; what is no URL is wrong usage."""
    assert run(["compare", mock_url, url, "--key", KEY]) == code

    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(f"error: {told}")
    assert printed.err.count("\n") == 1


def test_what_deletes_is_not_tried_elsewhere_without_leave(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """On a host that is not this machine, operations that delete need `--yes`; nothing is sent."""
    spec = tmp_path / "things.yaml"
    spec.write_text(
        "openapi: 3.1.0\ninfo: {title: Things, version: '1'}\n"
        "paths: {/things: {delete: {responses: {'204': {description: gone}}}}}\n",
        "utf-8",
    )
    urls = ["http://staging.invalid/api", "http://production.invalid/api"]

    assert run(["compare", *urls, "--spec", str(spec)]) == 2
    assert "DELETE /things: what overwrites or deletes is not tried" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--report", "sarif=x"], "--report takes FORMAT=FILE"),
        (["--fail-under", "101"], "--fail-under"),
        (["--header-b", "no colon"], "--header takes 'NAME: VALUE'"),
        (["--spec", "no-such-file.yaml"], "no-such-file.yaml"),
        (["--key-a", KEY], "give --key or --key-b"),
    ],
)
def test_wrong_usage_is_exit_code_2(
    arguments: list[str], told: str, mock_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What cannot be understood, and a server without a key, is said before anything is sent."""
    assert run(["compare", mock_url, mock_url, *arguments]) == 2

    printed = capsys.readouterr()
    assert printed.out == ""
    assert told in printed.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "name the server to compare"),
        (["http://127.0.0.1:1/api"] * 3, "there are 3 URLs"),
        (["http://127.0.0.1:1/api", "--key-a", KEY], "--key-a is for URL_A"),
        (["http://127.0.0.1:1/api", "--header-a", "X: y"], "--header-a is for URL_A"),
    ],
)
def test_one_or_two_servers_are_compared(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """No option is ignored."""
    assert run(["compare", *arguments]) == 2
    assert told in capsys.readouterr().err


def test_the_plan_sends_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """`--plan` says how many cases there are and about what, without any server."""
    assert run(["compare", "http://127.0.0.1:1/api", "http://127.0.0.1:1/api", "--plan"]) == 0

    first, *rest = capsys.readouterr().out.splitlines()
    about = rest[rest.index("They are about") + 1 : -1]
    assert first.startswith("Leads 1.0.0: ")
    assert sum(int(line.split()[0].replace(",", "")) for line in about) > 3000
    assert rest[-1].startswith("Expected time: ")


def test_a_contract_without_operations_is_exit_code_3(mock_url: str, tmp_path: Path) -> None:
    """Where there is nothing to compare, nothing is called the same."""
    spec = tmp_path / "empty.yaml"
    spec.write_text("openapi: 3.1.0\ninfo: {title: Empty, version: '1'}\npaths: {}\n", "utf-8")

    assert run(["compare", mock_url, mock_url, "--spec", str(spec)]) == 3
