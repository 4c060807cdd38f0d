"""How long the models take, with 10, 100 and 1,000 schemas: does it grow faster than the contract?

Four kinds of contracts: `plain` objects that refer to each other; `variants`, the same where each is sent and
read and has members of one direction; `inherited`, each with two parts of `allOf`; `inline`, with schemas
that have no names of their own. Figures are seconds that the processor computes, the best of three, which a
busy machine changes little: `load` the contract, `shape` its schemas (ours), `write` the code
(datamodel-code-generator, once), `unheld` (what the models cannot hold, ours). `ms a schema` is `shape` and
`unheld` for one schema: it should not grow. `whole` is the command in a process of its own, as a person waits
for it.
"""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from leadline_openapi import agreement, load, models
from leadline_openapi.models import shaping
from leadline_openapi.models.directions import Directions

SIZES = (10, 100, 1000)
HEADS = ("kind", "schemas", "load", "shape", "unheld", "ms a schema", "write", "whole")
LEADLINE = str(Path(sys.executable).with_name("leadline"))
RUNS = 3
GROUP = 10
"""Schemas that lead to each other, as those of one resource do."""


def main() -> None:
    """Measure and print."""
    print(" ".join(f"{head:>11}" for head in HEADS))
    with tempfile.TemporaryDirectory() as made:
        for kind in KINDS:
            for size in SIZES:
                print(row(Path(made), kind, size), flush=True)


def row(folder: Path, kind: str, size: int) -> str:
    """The figures for *size* schemas of a *kind*."""
    spec = folder / f"{kind}{size}.json"
    spec.write_text(json.dumps(document(kind, size)), "utf-8")
    contract = load(spec)

    def shape() -> None:
        directions = Directions(contract, variants=True)
        bodies = shaping.bodies(contract, directions)
        shaping.parameters(contract, directions, bodies.schemas)

    shaped = best(shape)
    unheld = best(lambda: agreement.unheld(contract))
    command = [LEADLINE, "generate", "--spec", str(spec), "--output", str(folder / f"{kind}{size}")]
    figures = (
        kind,
        f"{size:,}",
        f"{best(lambda: load(spec)):.2f}",
        f"{shaped:.2f}",
        f"{unheld:.2f}",
        f"{1000 * (shaped + unheld) / size:.2f}",
        f"{best(lambda: models.generate(contract), runs=1) - shaped:.2f}",
        f"{best(lambda: run(command), time.perf_counter, runs=1):.2f}",
    )
    return " ".join(f"{figure:>11}" for figure in figures)


def run(command: list[str]) -> None:
    """Run *command*, which must not fail."""
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)


def best(
    measure: Callable[[], object],
    clock: Callable[[], float] = time.process_time,
    runs: int = RUNS,
) -> float:
    """
    The least of several times, in seconds.

    As `timeit` does it: without the garbage collector, whose passes take the longer the more there is.
    """
    times = []
    gc.disable()
    for _ in range(runs):
        started = clock()
        measure()
        times.append(clock() - started)
        gc.collect()
    gc.enable()
    return min(times)


def document(kind: str, size: int) -> dict[str, Any]:
    """A contract of *size* schemas of a *kind*."""
    names = [f"Thing{number}" for number in range(size)]
    return {
        "openapi": "3.1.1",
        "info": {"title": "Things", "version": "1.0.0"},
        "paths": {f"/{name}": {"post": operation(name)} for name in names},
        "components": {
            "schemas": {name: KINDS[kind](number, size) for number, name in enumerate(names)}
        },
    }


def operation(name: str) -> dict[str, Any]:
    """An operation that is sent and answers the schema *name*."""
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}
    return {
        "operationId": name,
        "parameters": [{"name": "depth", "in": "query", "schema": {"type": "integer"}}],
        "requestBody": {"required": True, "content": content},
        "responses": {"200": {"description": "ok", "content": content}},
    }


def plain(number: int, size: int) -> dict[str, Any]:
    """An object of seven members, two of which are objects of other schemas of its group."""
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
            "tags": {"type": "array", "uniqueItems": True, "items": {"type": "string"}},
            "extra": {"type": "object", "not": {"required": ["a"]}},
            "parent": others[0],
            "parts": {"type": "array", "items": others[1]},
        },
    }


def variants(number: int, size: int) -> dict[str, Any]:
    """The same, with a member of the server's and one of the caller's."""
    schema = plain(number, size)
    schema["properties"]["id"]["readOnly"] = True
    schema["properties"]["secret"] = {"type": "string", "writeOnly": True}
    return schema


def inherited(number: int, size: int) -> dict[str, Any]:
    """A chain of ten schemas, each of which is the one before and more."""
    schema = plain(number, size)
    if number % GROUP == 0:
        return schema
    before = {"$ref": f"#/components/schemas/Thing{number - 1}"}
    more = {"type": "object", "properties": {f"more{number}": {"type": "string"}}}
    return {"allOf": [before, more]}


def inline(number: int, size: int) -> dict[str, Any]:
    """The same, with objects in objects, and lists of limited texts."""
    schema = plain(number, size)
    schema["properties"]["place"] = {
        "type": "object",
        "properties": {
            "at": {"type": "object", "properties": {"x": {"type": "number"}}},
            "codes": {"type": "array", "items": {"type": "string", "minLength": 2}},
            "size": {"type": ["integer", "string"], "minimum": 1, "minLength": 1},
        },
    }
    return schema


KINDS: dict[str, Callable[[int, int], dict[str, Any]]] = {
    "plain": plain,
    "variants": variants,
    "inherited": inherited,
    "inline": inline,
}
"""What makes the schemas of a kind, by its name."""


if __name__ == "__main__":
    main()
