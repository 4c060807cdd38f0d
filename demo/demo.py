"""The main job in one go: a mock from the contract, the vendor's documented request, the suite's verdict."""

from __future__ import annotations

import http.client
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "tests" / "data" / "vendor" / "page.txt"
KEY = "test-api-key"
LEADLINE = [sys.executable, "-m", "leadline_cli"]


def main() -> int:
    """Run the demo; gives the exit code of the check."""
    say("1/3", "Starting a mock of the contract on a free port …")
    started = time.monotonic()
    with mock() as url:
        print(f"     {url} is ready after {time.monotonic() - started:.1f} s\n")
        say("2/3", "Posting the vendor's documented request, changed only in host and key …")
        post(url)
        say("3/3", "Holding the mock to the same document …")
        check = subprocess.run([*LEADLINE, "check", url, "--key", KEY], check=False)
    return check.returncode


def say(step: str, text: str) -> None:
    """Announce a step."""
    print(f"{step}  {text}", flush=True)


@contextmanager
def mock() -> Iterator[str]:
    """A running mock; gives its URL."""
    command = [*LEADLINE, "mock", "--port", "0", "--quiet", "--key", KEY]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None  # noqa: S101 - it was asked for
            line = process.stdout.readline()
            if not line:
                raise SystemExit("the mock did not start")
            yield json.loads(line)["url"]
        finally:
            process.terminate()


def documented_body() -> bytes:
    """The body of the page's curl, byte for byte."""
    found = re.search(r"--data '(\{.*?\n\})'", PAGE.read_text("utf-8"), re.DOTALL)
    if found is None:
        raise SystemExit(f"no curl body in {PAGE}")
    return found[1].encode()


def post(url: str) -> None:
    """Send the documented request and show what comes back."""
    body = documented_body()
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc)
    headers = {"Authorization": KEY, "Content-Type": "application/json"}
    connection.request("POST", f"{parts.path}/leads", body, headers)
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    print(f"     POST {url}/leads with {len(json.loads(body))} fields in {len(body):,} bytes")
    print(f"     {answer.status} {answer.reason}, {answer.getheader('Content-Type')}\n")
    show(json.loads(text), json.loads(body))


def show(answer: dict[str, dict[str, object]], sent: dict[str, object]) -> None:
    """The answer, the echo cut to its ends."""
    lines = json.dumps(answer, indent=2, ensure_ascii=False).splitlines()
    for line in [*lines[:6], "    …", *lines[-7:]]:
        print(f"     {line}")
    echoed = sum(answer["doc"].get(name) == value for name, value in sent.items())
    print(f"\n     {echoed} of {len(sent)} fields came back as they were sent\n", flush=True)


if __name__ == "__main__":
    sys.exit(main())
