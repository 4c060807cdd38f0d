"""Our mock beside its rivals and the floor, in one run on one machine.

Every server answers the request of the vendor's page with one worker, under the load of wrk with 16 kept
connections. Absolute figures hold for one machine, ratios travel. docs/benchmarks.md explains the columns.

    python -m benchmarks.mocks --seconds 10 --json mocks.json
    python -m benchmarks.mocks --only leadline --only floor
    python -m benchmarks.mocks --soak 1000000
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from benchmarks.mocks import catalogue, report, tools
from benchmarks.mocks.load import NoFigures
from benchmarks.mocks.measure import measure, progress
from benchmarks.mocks.processes import NotReady, running
from benchmarks.mocks.soak import Mark, growth, soak
from benchmarks.mocks.work import Work, prepare

FLAT = 5.0
"""Percent by which memory may grow and still be called flat."""


def main() -> int:
    """Measure and print; gives the exit code."""
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that servers are ended first
    try:
        with tempfile.TemporaryDirectory() as folder:
            return _run(options, prepare(Path(folder)))
    except (tools.Missing, NotReady, NoFigures) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _run(options: argparse.Namespace, work: Work) -> int:
    if options.soak:
        tools.need(["wrk"])
        return _soak(options, work)
    names = tuple(options.only) or catalogue.NAMES
    node = any(name in catalogue.NODE for name in names)
    tools.need(["wrk", "node", "npm"] if node else ["wrk"])
    modules = tools.install(options.rivals) if node else options.rivals
    for line in catalogue.absent(names):
        progress(line)
    servers = catalogue.servers(names, work, modules)
    versions = [catalogue.version(server, modules) for server in servers]
    rows = measure(servers, versions, work, options.seconds)
    print(report.text(rows))
    if options.json:
        content = report.as_json(rows, options.seconds)
        options.json.write_text(json.dumps(content, indent=1), encoding="utf-8")
    return 0


def _soak(options: argparse.Namespace, work: Work) -> int:
    (ours,) = catalogue.servers(("leadline",), work, options.rivals)
    marks: list[Mark] = []
    with running(ours, work) as server:
        for mark in soak(server, work, options.soak):
            marks.append(mark)
            print(f"{mark.requests:12,} requests  {mark.resident / 1e6:8.1f} MB", flush=True)
    grown = growth(marks)
    verdict = "flat" if grown <= FLAT else "not flat"
    print(f"{verdict}: {grown:+.1f} % after the first tenth; {marks[-1].failed} requests failed")
    if options.json:
        content = {"marks": [asdict(mark) for mark in marks], "growth": grown}
        options.json.write_text(json.dumps(content, indent=1), encoding="utf-8")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.mocks", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument(
        "--only",
        metavar="NAME",
        action="append",
        default=[],
        choices=catalogue.NAMES,
        help=f"one of: {', '.join(catalogue.NAMES)}; may be repeated",
    )
    parser.add_argument(
        "--seconds", metavar="N", type=_positive, default=5, help="for each round [5]"
    )
    parser.add_argument("--json", metavar="FILE", type=Path, help="write everything to this file")
    parser.add_argument(
        "--soak",
        metavar="N",
        type=_positive,
        help="instead, send N requests to our mock and look at its memory",
    )
    parser.add_argument(
        "--rivals",
        metavar="DIR",
        type=Path,
        default=tools.FOLDER,
        help="where npm installs the rivals [build/rivals]",
    )
    return parser.parse_args()


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("has to be at least 1")
    return number


if __name__ == "__main__":
    sys.exit(main())
