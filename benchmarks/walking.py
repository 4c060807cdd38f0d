"""What the commands cost, beside the floor of a bare interpreter, in one run.

Prints medians of several runs in milliseconds and the ratio to `python -c pass`: absolute figures hold
for one machine, ratios travel.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from leadline_contracts.run import Options
from leadline_contracts.run import check as run_suite
from leadline_contracts.target import Access, HttpTarget
from leadline_openapi import load

ROOT = Path(__file__).parents[1]
LEADLINE = str(Path(sys.executable).with_name("leadline"))
RUNS = 9


def main() -> None:
    """Measure and print."""
    floor = median(lambda: run([sys.executable, "-c", "pass"]))
    rows = [
        ("python -c pass (the floor)", floor),
        ("leadline --help", median(lambda: run([LEADLINE, "--help"]))),
        ("leadline mock --help", median(lambda: run([LEADLINE, "mock", "--help"]))),
        ("import leadline_openapi, load()", median(lambda: run([sys.executable, "-c", LOAD]))),
        ("leadline mock: start to ready", median(start)),
        ("leadline generate --check", median(lambda: run([LEADLINE, "generate", "--check"]), 3)),
        ("leadline check of the mock, whole", median(check, 3)),
        ("the certificate alone, all phases but fuzz", median(certificate, 3)),
    ]
    print(f"{'what':44} {'ms':>8} {'x floor':>8}")
    for name, seconds in rows:
        print(f"{name:44} {seconds * 1000:8.0f} {seconds / floor:8.1f}")


LOAD = "import leadline_openapi; leadline_openapi.load()"


def median(measure: Callable[[], float], runs: int = RUNS) -> float:
    """The median of *runs* measurements after one to warm up, in seconds."""
    measure()
    return statistics.median(measure() for _ in range(runs))


def run(command: list[str]) -> float:
    """How long *command* takes, in seconds."""
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    return time.perf_counter() - started


def start() -> float:
    """From the start of the mock to its ready line, in seconds."""
    started = time.perf_counter()
    with mock():
        return time.perf_counter() - started


def check() -> float:
    """A whole check of a running mock, in seconds."""
    with mock() as url:
        return run([LEADLINE, "check", url, "--key", "test-api-key"])


def certificate() -> float:
    """Every phase but the fuzz phase on a running mock, without the start of a process, in seconds."""
    contract = load()
    with mock() as url:
        started = time.perf_counter()
        run_suite(contract, HttpTarget(url, Access(key="test-api-key")), Options(examples=0))
        return time.perf_counter() - started


@contextmanager
def mock() -> Iterator[str]:
    """A running mock; gives its URL."""
    command = [LEADLINE, "mock", "--port", "0", "--quiet"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None  # noqa: S101 - it was asked for
            yield json.loads(process.stdout.readline())["url"]
        finally:
            process.terminate()


if __name__ == "__main__":
    main()
