"""How long a comparison takes, with 10, 100 and 1,000 schemas: does it grow faster than the contract?

Every fifth schema has changed, and each is sent by one operation and answered by it. Figures are seconds, the
best of three; `cpu` is the time that the comparison alone computes, which a busy machine changes little, and
`ms a schema` is that for one schema: it should not grow.
"""

from __future__ import annotations

import copy
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from leadline_openapi import diff, load

SIZES = (10, 100, 1000)
LEADLINE = str(Path(sys.executable).with_name("leadline"))
RUNS = 3
GROUP = 10
"""Schemas that lead to each other, as those of one resource do."""


def main() -> None:
    """Measure and print."""
    heads = (
        "schemas",
        "changes",
        "load both",
        "diff",
        "cpu",
        "ms a schema",
        "whole, JSON",
        "whole, YAML",
    )
    print(" ".join(f"{head:>12}" for head in heads))
    with tempfile.TemporaryDirectory() as made:
        for size in SIZES:
            print(row(Path(made), size))


def row(folder: Path, size: int) -> str:
    """The figures for *size* schemas."""
    as_json, as_yaml = written(folder, size, "json"), written(folder, size, "yaml")
    old, new = (load(path) for path in as_json)
    changes = len(diff(old, new).changes)
    cpu = best(lambda: diff(old, new), time.process_time)
    figures = (
        f"{size:,}",
        f"{changes:,}",
        f"{best(lambda: [load(path) for path in as_json]):.2f}",
        f"{best(lambda: diff(old, new)):.2f}",
        f"{cpu:.2f}",
        f"{1000 * cpu / size:.2f}",
        f"{best(lambda: run(*as_json)):.2f}",
        f"{best(lambda: run(*as_yaml)):.2f}",
    )
    return " ".join(f"{figure:>12}" for figure in figures)


def run(old: Path, new: Path) -> None:
    """The command, in a process of its own; it finds what breaks."""
    command = [LEADLINE, "diff", str(old), str(new), "--format", "json"]
    result = subprocess.run(command, capture_output=True, check=False)
    if result.returncode != 1:
        raise RuntimeError(result.stderr.decode())


def best(measure: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    """The least of several times, in seconds."""
    times = []
    for _ in range(RUNS):
        started = clock()
        measure()
        times.append(clock() - started)
    return min(times)


def written(folder: Path, size: int, form: str) -> tuple[Path, Path]:
    """The old and the new contract as files."""
    paths = folder / f"old{size}.{form}", folder / f"new{size}.{form}"
    old = document(size)
    for path, one in zip(paths, (old, changed(old)), strict=True):
        text = json.dumps(one) if form == "json" else yaml.safe_dump(one, sort_keys=False)
        path.write_text(text, "utf-8")
    return paths


def document(size: int) -> dict[str, Any]:
    """A contract of *size* schemas, of which each leads to others."""
    names = [f"Thing{number}" for number in range(size)]
    return {
        "openapi": "3.1.1",
        "info": {"title": "Things", "version": "1.0.0"},
        "paths": {f"/{name}": {"post": operation(name)} for name in names},
        "components": {
            "schemas": {name: schema(number, size) for number, name in enumerate(names)}
        },
    }


def operation(name: str) -> dict[str, Any]:
    """An operation that is sent and answers the schema *name*."""
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}
    return {
        "operationId": name,
        "requestBody": {"required": True, "content": content},
        "responses": {"200": {"description": "ok", "content": content}},
    }


def schema(number: int, size: int) -> dict[str, Any]:
    """An object of eight members, two of which are objects of other schemas of its group."""
    group = number - number % GROUP
    inside = [min(group + (number * 2 + one) % GROUP, size - 1) for one in (1, 2)]
    others = [{"$ref": f"#/components/schemas/Thing{one}"} for one in inside]
    return {
        "type": "object",
        "required": ["id"],
        "properties": {
            "id": {"type": "integer", "minimum": 1},
            "name": {"type": "string", "maxLength": 80},
            "kind": {"enum": ["a", "b", "c"]},
            "price": {"type": "number", "minimum": 0},
            "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 9},
            "at": {"type": "string", "format": "date-time"},
            "parent": others[0],
            "parts": {"type": "array", "items": others[1]},
        },
    }


def changed(old: dict[str, Any]) -> dict[str, Any]:
    """The contract with every fifth schema changed in one of four ways."""
    new = copy.deepcopy(old)
    for number, one in enumerate(list(new["components"]["schemas"].values())[::5]):
        members = one["properties"]
        match number % 4:
            case 0:
                members["name"]["maxLength"] = 40
            case 1:
                members["kind"]["enum"].append("d")
            case 2:
                members["note"] = {"type": "string"}
            case _:
                one["required"].append("kind")
    return new


if __name__ == "__main__":
    main()
