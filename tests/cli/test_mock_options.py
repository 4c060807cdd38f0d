"""`leadline mock`: several specs, reload, clock, seed, TLS, dynamic data, faults; from the outside."""

from __future__ import annotations

import json
import subprocess
import time
import urllib.error
import urllib.request
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import LEADLINE, running_mock

from leadline_cli.main import run

KEY = "test-api-key"

SPEC = """\
openapi: 3.1.0
info: {{title: {title}, version: '1'}}
servers: [{{url: 'https://api.example.com/{base}'}}]
paths:
  /things:
    get:
      responses:
        '200':
          description: ok
          content: {{application/json: {{schema: {{type: object}}, example: {{is: {title}}}}}}}
"""


def spec(folder: Path, title: str, base: str = "") -> Path:
    """A contract with one operation, in a file named by its *title*."""
    file = folder / f"{title}.yaml"
    file.write_text(SPEC.format(title=title, base=base or title), "utf-8")
    return file


def get(url: str) -> Any:
    """The JSON that is answered."""
    with urllib.request.urlopen(url, timeout=20) as answer:
        return json.load(answer)


def post(url: str, body: Any = None, **headers: str) -> tuple[int, bytes]:
    """Status and body of the answer to a lead."""
    sent = {"Authorization": KEY, "Content-Type": "application/json", **headers}
    request = urllib.request.Request(f"{url}/leads", json.dumps(body or {}).encode(), sent)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def test_several_specs(tmp_path: Path) -> None:
    """Two specs are served side by side below their own paths, and the ready line names both."""
    files = [spec(tmp_path, "one"), spec(tmp_path, "two")]
    with running_mock(*(f"--spec={file}" for file in files)) as ready:
        answers = [get(f"{api['url']}/things") for api in ready["apis"]]

    assert [api["title"] for api in ready["apis"]] == ["one", "two"]
    assert answers == [{"is": "one"}, {"is": "two"}]


def test_overlays_of_several_specs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With several specs an overlay goes to the one that it extends; one that extends none is an error."""
    files = [spec(tmp_path, "one"), spec(tmp_path, "two")]
    action = "actions: [{target: $.info, update: {title: changed}}]"
    head = "overlay: 1.0.0\ninfo: {title: T, version: '1'}\n"
    fitting, lost = tmp_path / "fitting.yaml", tmp_path / "lost.yaml"
    fitting.write_text(f"{head}extends: two.yaml\n{action}\n", "utf-8")
    lost.write_text(f"{head}{action}\n", "utf-8")
    options = [f"--spec={file}" for file in files]
    with running_mock(*options, f"--overlay={fitting}") as ready:
        titles = [api["title"] for api in ready["apis"]]

    assert titles == ["one", "changed"]
    assert run(["mock", *options, f"--overlay={lost}"]) == 2
    assert "names in `extends`" in capsys.readouterr().err


def test_one_operation_in_two_specs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two specs that claim the same operation cannot be served together."""
    files = [spec(tmp_path, "one", "same"), spec(tmp_path, "two", "same")]

    assert run(["mock", *(f"--spec={file}" for file in files)]) == 2
    told = capsys.readouterr().err
    assert told.startswith(f"error: {files[1]}:6:")
    assert f"GET /same/things is an operation of {files[0]} too" in told


def test_reload(tmp_path: Path) -> None:
    """When the spec changes the mock follows; a broken one changes nothing."""
    file = spec(tmp_path, "first", "api")
    with running_mock(f"--spec={file}") as ready:
        url = f"{ready['url']}/things"
        before = get(url)
        good = file.read_text("utf-8")
        file.write_text(good.replace("first", "second"), "utf-8")
        changed = _wait_for(lambda: get(url), {"is": "second"})
        file.write_text("openapi: [", "utf-8")
        time.sleep(1)  # there is nothing to wait for: it must not change
        kept = get(url)

    assert (before, changed, kept) == ({"is": "first"}, {"is": "second"}, {"is": "second"})


def test_quiet(tmp_path: Path) -> None:
    """With --quiet nothing is said to people, not even that the spec has changed."""
    told = []
    for options in ((), ("--quiet",)):
        file = spec(tmp_path, "first", "api")
        command = [*LEADLINE, "mock", "--port", "0", f"--spec={file}", *options]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            url = f"{json.loads(process.stdout.readline())['url']}/things"
            file.write_text(file.read_text("utf-8").replace("first", "second"), "utf-8")
            changed = _wait_for(partial(get, url), {"is": "second"})
            process.terminate()
            told.append(process.communicate(timeout=30))
        assert changed == {"is": "second"}

    assert told[0][1].endswith("Ctrl-C stops it\nreloaded: second 1\n")
    assert told[1] == ("", "")


def _wait_for(ask: Any, wanted: Any) -> Any:
    deadline = time.monotonic() + 20
    while (found := ask()) != wanted and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


@pytest.mark.parametrize("options", [(), ("--dynamic",)])
def test_the_same_seed_and_clock_give_the_same_bytes(options: tuple[str, ...]) -> None:
    """Two runs with the same requests are equal to the byte, in what is made up too; another seed differs."""

    def answers(seed: int) -> list[tuple[int, bytes]]:
        fixed = ("--clock", "2026-01-31T12:00:00Z", "--seed", str(seed), "--error-rate", "50%")
        with running_mock(*fixed, *options) as ready:
            return [post(ready["url"], {"firstName": str(number)}) for number in range(12)]

    first = answers(1)

    assert first == answers(1)
    assert first != answers(2)
    assert {status for status, _ in first} == {200, 503}
    assert any(b'"createdAt":"2026-01-31T12:00:00.000Z"' in body for _, body in first)


def test_faults_of_the_command_line() -> None:
    """A fault happens as often as it says, and a request may ask for another one, or for none."""
    with running_mock("--fault", "status=429;retry-after=7") as ready:
        statuses = [
            post(ready["url"])[0],
            post(ready["url"], **{"Leadline-Fault": "status=500"})[0],
            post(ready["url"], **{"Leadline-Fault": "none"})[0],
        ]

    assert statuses == [429, 500, 200]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--clock", "noon"), "is no time such as 2026-01-31T12:00:00Z"),
        (("--clock", "2026-01-31T12:00:00"), "has no time zone"),
        (("--clock", "2026-01-31"), "write 2026-01-31T00:00:00Z for UTC"),
        (("--clock", "0001-01-01T00:00:00+14:00"), "is in no year from 1 to 9999 of UTC"),
        (("--tls-key", "key.pem"), "--tls-key needs --tls-cert"),
        (("--tls-cert", "missing.pem"), "missing.pem"),
        (("--fault", "statsu=500"), "did you mean `status`?"),
        (("--workers", "0"), "--workers"),
        (("--key", "secret", "--key", ""), "--key is empty"),
    ],
)
def test_options_that_cannot_be(
    options: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What an option cannot mean is said in one message, with exit code 2."""
    assert run(["mock", "--port", "0", *options]) == 2
    told = capsys.readouterr()
    assert message in told.err
    assert told.out == ""
