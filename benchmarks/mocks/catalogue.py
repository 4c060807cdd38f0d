"""The servers: each is started in the fastest way that its documentation tells, with one worker."""

from __future__ import annotations

import importlib.metadata
import json
import os
import shutil
import sys
from pathlib import Path

from benchmarks.mocks.processes import Server
from benchmarks.mocks.tools import RIVALS
from benchmarks.mocks.work import Work

NAMES = ("leadline", "prism", "openapi-backend", "floor", "bare floor", "granian floor")
NODE = ("prism", "openapi-backend")
"""Those that need node and npm."""

_PACKAGES = {"prism": "@stoplight/prism-cli"}


def servers(names: tuple[str, ...], work: Work, modules: Path) -> list[Server]:
    """The servers called *names*, but for what cannot be had here; *modules* is `node_modules`."""
    path = work.contract.base_path + work.operation.path
    floor = (sys.executable, "-m", "benchmarks.mocks.floor", "{port}")
    known = [
        Server("leadline", "ours", _leadline(work), path),
        _prism(work, modules),
        _openapi_backend(work, modules),
        Server("floor", "floor", floor, path),
        Server("bare floor", "floor", (*floor, "--bare"), path),
        *_granian(path),
    ]
    return [server for server in known if server.name in names]


def absent(names: tuple[str, ...]) -> list[str]:
    """A sentence for each of *names* that is left out."""
    if "granian floor" in names and _granian_program() is None:
        return ["granian floor: left out, `pip install granian` would bring it in"]
    return []


def version(server: Server, modules: Path) -> str:
    """Which version of *server* is installed."""
    if server.name in NODE:
        file = modules / _PACKAGES.get(server.name, server.name) / "package.json"
        return str(json.loads(file.read_text("utf-8"))["version"])
    return importlib.metadata.version("leadline") if server.role == "ours" else ""


def _leadline(work: Work) -> tuple[str, ...]:
    program = str(Path(sys.executable).with_name("leadline"))
    return (program, "mock", "--port", "{port}", "--quiet", "--key", work.key)


def _prism(work: Work, modules: Path) -> Server:
    """Static, because dynamic is slower by far; its log of every request costs half of its speed."""
    command = (
        str(modules / ".bin" / "prism"),
        "mock",
        "--port={port}",
        "--multiprocess=false",
        "--verboseLevel=error",
        str(work.spec),
    )
    return Server("prism", "rival", command, work.operation.path, {"NODE_ENV": "production"})


def _openapi_backend(work: Work, modules: Path) -> Server:
    script = str(RIVALS / "openapi-backend.js")
    environment = {"NODE_ENV": "production", "NODE_PATH": str(modules)}
    command = ("node", script, str(work.spec), "{port}", work.credential)
    return Server("openapi-backend", "rival", command, work.operation.path, environment)


def _granian(path: str) -> list[Server]:
    """The same echo on another server: is ours a floor at all?"""
    program = _granian_program()
    if program is None:
        return []
    options = ("--interface", "wsgi", "--workers", "1", "--blocking-threads", "1", "--no-log")
    command = (program, *options, "--port", "{port}", "benchmarks.mocks.floor:echo")
    return [Server("granian floor", "floor", command, path)]


def _granian_program() -> str | None:
    beside = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    return shutil.which("granian", path=beside)
