"""Leadline and Schemathesis side by side, on the same servers in the same run.

Every server of the zoo is started afresh for each tester, which runs with its default options and the right
key; `leadline-first` is Leadline up to the first finding. A server counts as found when the tester exits
with 1, the exit code for "broken" of both. Absolute figures hold for one machine, ratios travel.

    python -m benchmarks.testers --sample 30
    python -m benchmarks.testers --tester leadline --only 'echo/*' --json echo.json
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from benchmarks.zoo.catalogue import ALL, HARMLESS
from benchmarks.zoo.contract import KEY
from benchmarks.zoo.correct import FAMILY as CORRECT

import leadline_openapi

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
BOTH = ("leadline", "schemathesis")
TESTERS = (*BOTH, "leadline-first")
BROKEN = 1
CRASHED = 70


@dataclass(frozen=True)
class Run:
    """One tester on one server; *exit_code* is None when time was up."""

    server: str
    tester: str
    exit_code: int | None
    seconds: float
    cpu: float
    findings: int | None = None
    first: float | None = None
    texts: tuple[str, ...] = ()

    @property
    def family(self) -> str:
        """The family of the server."""
        return ALL[self.server].family

    @property
    def found(self) -> bool:
        """Whether the tester says that the server is broken."""
        return self.exit_code == BROKEN


def main() -> None:
    """Measure and print."""
    options = _options()
    testers = BOTH if options.tester == "both" else (options.tester,)
    runs = []
    with tempfile.TemporaryDirectory() as folder:
        spec = Path(folder, "contract.json")
        spec.write_text(json.dumps(leadline_openapi.load().document))
        for name in chosen(options.only, options.sample):
            for tester in testers:
                runs.append(measure(name, tester, spec, options.timeout))
                print(_progress(runs[-1]), file=sys.stderr, flush=True)
                if options.json:
                    options.json.write_text(json.dumps([asdict(run) for run in runs], indent=1))
    print("\n".join([*table(runs, testers), *exceptions(runs)]))


def chosen(only: Sequence[str], sample: int | None) -> list[str]:
    """The servers to test: those that match a pattern, or as many of them as *sample* says."""
    names = [name for name in ALL if not only or any(fnmatch(name, pattern) for pattern in only)]
    if sample is None or sample >= len(names):
        return names
    return sorted(random.Random(0).sample(names, sample), key=names.index)  # noqa: S311 - a fair choice


def measure(name: str, tester: str, spec: Path, timeout: float) -> Run:
    """Run *tester* on a fresh server called *name*."""
    with serving(name) as url, tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        check = [BIN / "leadline", "check", url, "--key", KEY, "--report", f"json={report}"]
        command = {
            "leadline": check,
            "leadline-first": [*check, "--max-findings", "1"],
            "schemathesis": [
                BIN / "schemathesis",
                "run",
                spec,
                "--url",
                url,
                "-H",
                f"Authorization: {KEY}",
            ],
        }[tester]
        started, used = time.perf_counter(), _used()
        code, output = run([str(part) for part in command], Path(folder), timeout)
        seconds, cpu = time.perf_counter() - started, _used() - used
        if tester == "schemathesis":
            counts = re.findall(r"^\s*❌ .*: (\d+)\s*$", output, re.MULTILINE)
            return Run(name, tester, code, seconds, cpu, sum(map(int, counts)))
        return _with_report(Run(name, tester, code, seconds, cpu), report, output)


@contextmanager
def serving(name: str) -> Iterator[str]:
    """A server of the zoo in a process of its own; gives its URL."""
    command = [sys.executable, "-m", "benchmarks.zoo.serve", name]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT
    ) as process:
        try:
            assert process.stdout is not None  # noqa: S101 - it was asked for
            yield json.loads(process.stdout.readline())["url"]
        finally:
            process.kill()


def run(command: list[str], folder: Path, timeout: float) -> tuple[int | None, str]:
    """Exit code and output of *command*; it and its children are ended when time is up."""
    environment = {
        n: v for n, v in os.environ.items() if not n.startswith(("LEADLINE_", "SCHEMATHESIS_"))
    }
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=folder,
        env=environment,
        start_new_session=True,
    )
    try:
        output, _ = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return None, ""
    return process.returncode, output


def table(runs: Sequence[Run], testers: Sequence[str]) -> list[str]:
    """The results by family, and what they cost."""
    broken = [run for run in runs if run.family != CORRECT]
    families = list(dict.fromkeys(run.family for run in broken))
    lines = [_row("found", "n", *testers)]
    for family in [*families, "all"]:
        each = [
            [r for r in broken if r.tester == t and family in (r.family, "all")] for t in testers
        ]
        lines.append(_row(family, len(each[0]), *map(_share, each)))
    each = [[r for r in runs if r.tester == t and r.family == CORRECT] for t in testers]
    lines += [
        _row("correct, accused", len(each[0]), *(sum(r.found for r in rs) for rs in each)),
        "",
    ]
    by_tester = [[r for r in runs if r.tester == t] for t in testers]
    lines.append(_row("cost", "", *testers, *(["ratio"] if len(testers) > 1 else [])))
    for title, values in (
        ("seconds a server, median", [_median([r.seconds for r in rs]) for rs in by_tester]),
        (
            "  on correct servers",
            [_median([r.seconds for r in rs if r.family == CORRECT]) for rs in by_tester],
        ),
        (
            "  on broken servers",
            [_median([r.seconds for r in rs if r.family != CORRECT]) for rs in by_tester],
        ),
        ("processor seconds, median", [_median([r.cpu for r in rs]) for rs in by_tester]),
        ("  the longest", [max(r.seconds for r in rs) for rs in by_tester]),
        (
            "findings a server found, median",
            [_median([r.findings for r in rs if r.found]) for rs in by_tester],
        ),
        ("seconds to the first, median", [_median([r.first for r in rs]) for rs in by_tester]),
    ):
        ratio = (
            [f"{values[1] / values[0]:.1f}"] if len(values) > 1 and values[0] and values[1] else []
        )
        lines.append(_row(title, "", *("-" if v is None else f"{v:.1f}" for v in values), *ratio))
    return lines


def exceptions(runs: Sequence[Run]) -> list[str]:
    """What went wrong, by tester."""
    lines = []
    for tester in dict.fromkeys(run.tester for run in runs):
        own = [run for run in runs if run.tester == tester]
        for title, names in (
            ("not found", [r.server for r in own if not r.found and r.server not in HARMLESS]),
            ("accused though correct", [r.server for r in own if r.found and r.server in HARMLESS]),
            ("out of time", [r.server for r in own if r.exit_code is None]),
            (
                "other exit codes",
                [
                    f"{r.server} ({r.exit_code})"
                    for r in own
                    if r.exit_code not in {None, 0, BROKEN}
                ],
            ),
            (
                "more than two findings",
                [f"{r.server} ({r.findings})" for r in own if r.found and (r.findings or 0) > 2],
            ),
        ):
            lines += [f"\n{tester}, {title}: {', '.join(names)}"] if names else []
    return lines


def _used() -> float:
    """Processor seconds of the children that have ended; the server is not among them yet."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "--only",
        metavar="PATTERN",
        action="append",
        default=[],
        help="servers by name, such as 'echo/*'",
    )
    parser.add_argument(
        "--sample", metavar="N", type=int, help="as many of the servers, always the same"
    )
    parser.add_argument("--tester", choices=[*TESTERS, "both"], default="both")
    parser.add_argument(
        "--timeout", metavar="S", type=float, default=60, help="for each server [60]"
    )
    parser.add_argument("--json", metavar="FILE", type=Path, help="write every run to this file")
    return parser.parse_args()


def _with_report(run: Run, report: Path, output: str) -> Run:
    """*run* with what the report of Leadline says; without a report there is no verdict."""
    if not report.exists():
        return replace(run, exit_code=run.exit_code and CRASHED, texts=(output[-500:],))
    content: dict[str, Any] = json.loads(report.read_text())
    found = content.get("findings", [])
    texts = tuple(f"{f.get('rule')} {f.get('pointer')}: {f.get('message')}" for f in found)
    return replace(
        run, findings=len(found), first=content.get("first_finding_seconds"), texts=texts
    )


def _progress(run: Run) -> str:
    words = {None: "out of time", 0: "holds", BROKEN: f"broken, {run.findings} findings"}
    result = words.get(run.exit_code, f"exit {run.exit_code}")
    return f"{run.tester:13} {run.server:36} {run.seconds:6.1f} s  {result}"


def _row(title: str, *cells: object) -> str:
    return f"{title:34}" + "".join(f"{cell!s:>16}" for cell in cells)


def _share(runs: Sequence[Run]) -> str:
    return f"{sum(run.found for run in runs) / len(runs):.0%}" if runs else "-"


def _median(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None


if __name__ == "__main__":
    main()
