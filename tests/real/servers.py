"""Real servers: what they need is installed once from their lock file, and each start is fresh."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryFile
from typing import TextIO

import pytest
from tests.conftest import ROOT

HERE = Path(__file__).parent
KEY = "test-api-key"
"""The key of the one user that a fresh server knows."""
_PATIENCE = 300
"""Seconds for an installation, or for another process that installs the same."""
_START = 60
"""Seconds that a server may take to listen."""
_END = 10
"""Seconds that it may take to end."""


def modules(name: str) -> Path:
    """
    The `node_modules` of the server in the folder *name*, installed when its lock file is a new one.

    They are kept in `build/real`, or where LEADLINE_REAL_CACHE says. Fails the test, with the reason, where
    node or npm is missing or npm fails.
    """
    _require("node", "npm")
    manifest = [HERE / name / file for file in ("package.json", "package-lock.json")]
    digest = sha256(b"".join(file.read_bytes() for file in manifest)).hexdigest()[:16]
    cache = Path(os.environ.get("LEADLINE_REAL_CACHE") or ROOT / "build" / "real") / name
    cache.mkdir(parents=True, exist_ok=True)
    with _alone(cache / f"{digest}.lock"):
        if not (cache / digest).is_dir():
            _install(manifest, cache / digest)
    return cache / digest / "node_modules"


def prepared(name: str, folder: Path) -> Path:
    """A copy of the server in the folder *name*, with all that it needs, in *folder*; gives its place."""
    place = folder / name
    shutil.copytree(HERE / name, place, ignore=shutil.ignore_patterns("node_modules"))
    for shared in [HERE / "leads.json", *HERE.glob("*.mjs")]:
        shutil.copy(shared, folder)
    (place / "node_modules").symlink_to(modules(name), target_is_directory=True)
    return place


@contextmanager
def running(place: Path, **environment: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """
    The server prepared at *place*, with fresh data; gives the base URL of its API, and its process.

    *environment* is added to what it inherits. Several may run at once, also from one place. Fails the test
    where it does not listen in time, and shows what it wrote to stderr.
    """
    with (
        TemporaryFile("w+", encoding="utf-8", errors="replace") as log,
        subprocess.Popen(
            ["node", "start.mjs"],
            cwd=place,
            env=os.environ | environment,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as process,
    ):
        try:
            yield _ready(process, place.name, log), process
        finally:
            _end(process)


def _ready(process: subprocess.Popen[str], name: str, log: TextIO) -> str:
    """The URL in the ready line of *process*."""
    assert process.stdout is not None
    timer = threading.Timer(_START, process.kill)
    timer.start()
    line = process.stdout.readline()
    timer.cancel()
    if not line:
        log.seek(0)
        told = log.read()[-4000:]
        pytest.fail(f"{name} did not start (it has {_START} s for it):\n{told}", pytrace=False)
    return str(json.loads(line)["url"])


def _end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(_END)
    except subprocess.TimeoutExpired:
        process.kill()


def _require(*programs: str) -> None:
    missing = [name for name in programs if shutil.which(name) is None]
    if missing:
        pytest.fail(
            f"{' and '.join(missing)} not found: the real servers need Node.js 20.9 or newer with npm;"
            " install it, or leave these tests out with --ignore=tests/real",
            pytrace=False,
        )


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Only one process at a time; a lock of SQLite ends with its process, on every system."""
    with closing(sqlite3.connect(lock, timeout=_PATIENCE)) as held:
        held.execute("BEGIN EXCLUSIVE")
        yield


def _install(manifest: list[Path], folder: Path) -> None:
    """Install what *manifest* locks into *folder*, which is there only when all of it is."""
    unfinished = folder.with_suffix(".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    for file in manifest:
        shutil.copy(file, unfinished)
    # Scripts of packages are not needed: the database comes as a package of its own for each system.
    command = [str(shutil.which("npm")), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(
        command, cwd=unfinished, capture_output=True, text=True, timeout=_PATIENCE, check=False
    )
    if done.returncode:
        pytest.fail(f"npm ci failed for {manifest[1]}:\n{done.stderr[-4000:]}", pytrace=False)
    unfinished.rename(folder)
